"""What a reviewer is handed, and what is read from what the reviewers' page hands back. No database."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from commonground.comments import rules
from commonground.comments.board import Board, Stage
from commonground.comments.rules import Reason, Verdict
from commonground.kernel.errors import Refused
from commonground.sealing.comments import SALT_BYTES, SEALED_WORDS, Proposed
from commonground.sealing.errors import SealingError
from commonground.sealing.formats import HASH_BYTES, TradingFile, read_hex
from commonground.sealing.levels import levels_of
from commonground.surveys import reviewers
from commonground.surveys.models import Reviewer, SealedComment, Survey
from commonground.surveys.opening_files import paper_of

MOST_SPANS = 60
MOST_WORDS = 2000


def task(board: Board, reviewer: Reviewer, marks: list[str]) -> bytes:
    """Return the file with which a reviewer reads and decides, writes, or agrees, as the review stands."""
    survey = board.survey
    ours = {
        "task": "review",
        **reviewers.heading(survey, reviewer),
        "stage": board.stage.value,
        "place": reviewer.place,
        "paper_text": survey.paper,
        "wrapped": reviewer.wrapped,
        "themes": [{"id": theme.pk.hex, "en": theme.text_en, "es": theme.text_es} for theme in board.themes],
        "marks": marks,
        "levels": _levels(survey),
        "comments": [_comment(board, comment, reviewer.place) for comment in _listed(board)],
    }
    return TradingFile(ours).to_bytes()


def _levels(survey: Survey) -> dict[str, dict[str, str]]:
    """Return the names of the levels by which comments are kept; none where those of the district stay together."""
    levels = levels_of(paper_of(survey).content)
    return {name: dict(text) for name, text in levels.texts().items()} if levels else {}


def _listed(board: Board) -> list[SealedComment]:
    return board.comments if board.stage is Stage.DECIDE else board.quoted


def _comment(board: Board, comment: SealedComment, place: int) -> dict[str, Any]:
    row = board.rows.get((comment.pk, place))
    own = board.decision(comment.pk, place)
    return {
        "id": comment.pk.hex,
        "question": comment.question,
        "level": comment.level,
        "quote": comment.may_quote,
        "sealed": bytes((comment.first, comment.second)[place - 1]).hex(),
        "unmask": bool(row and row.unmask),
        "unmasked": board.stage is not Stage.DECIDE or board.is_unmasked(comment.pk),
        **({"own": _own(own)} if own else {}),
        **(_settled(board, comment) if board.stage is not Stage.DECIDE else {}),
    }


def _own(decision: rules.Decision) -> dict[str, Any]:
    return {
        "verdict": decision.verdict.value,
        "spans": [list(span) for span in decision.spans],
        "reason": decision.reason,
        "themes": sorted(decision.themes),
    }


def _settled(board: Board, comment: SealedComment) -> dict[str, Any]:
    outcome = board.outcomes[comment.pk]
    return {
        "outcome": outcome.verdict.value,
        "spans": [list(span) for span in outcome.spans],
        **({"proposed": bytes(comment.proposed).hex()} if board.stage is Stage.AGREE else {}),
    }


# What comes back


def read_decisions(message: Mapping[str, Any], board: Board) -> dict[UUID, tuple[rules.Decision | None, bool]]:
    """Return by comment the decision, None where there is none yet, and whether to unmask. Raises Refused."""
    listed = message.get("decisions")
    if not isinstance(listed, dict) or not listed.keys() <= {comment.pk.hex for comment in board.comments}:
        raise _broken()
    themes = {theme.pk.hex for theme in board.themes}
    return {UUID(key): _decision(value, themes) for key, value in listed.items()}


def _decision(value: Any, themes: set[str]) -> tuple[rules.Decision | None, bool]:
    if not isinstance(value, dict) or not isinstance(value.get("unmask", False), bool):
        raise _broken()
    unmask = value.get("unmask", False)
    if not value.get("verdict"):
        return None, unmask
    try:
        verdict, reason = Verdict(value["verdict"]), value.get("reason") and Reason(value["reason"]).value
    except ValueError:
        raise _broken() from None
    found = value.get("themes", [])
    if not isinstance(found, list) or not set(map(str, found)) <= themes:
        raise _broken()
    decision = rules.Decision(verdict, _spans(value.get("spans", [])), reason or "", frozenset(found))
    if rules.faults(decision):
        raise _broken()
    return decision, unmask


def _spans(value: Any) -> tuple[rules.Span, ...]:
    if not isinstance(value, list) or len(value) > MOST_SPANS:
        raise _broken()
    for span in value:
        if not isinstance(span, list) or [type(at) for at in span] != [int, int] or not 0 <= span[0] < span[1]:
            raise _broken()
    return rules.joined((start, end) for start, end in value)


def read_proposed(message: Mapping[str, Any], board: Board) -> dict[UUID, tuple[bytes, str]]:
    """Return sealed words and their hash, exactly of the comments that both decided to publish. Raises Refused."""
    texts = message.get("texts")
    if not isinstance(texts, dict) or set(texts) != {comment.pk.hex for comment in board.quoted}:
        raise _broken()
    try:
        return {
            UUID(key): (read_hex(text, "sealed", SEALED_WORDS), read_hex(text, "hash", HASH_BYTES).hex())
            for key, text in texts.items()
        }
    except SealingError:
        raise _broken() from None


def read_agreed(message: Mapping[str, Any], board: Board) -> dict[UUID, str]:
    """Return the words that the other agrees to, by comment. Raises Refused for others than were proposed."""
    agreed = message.get("agreed")
    proposed = {comment.pk.hex: comment.proposed_hash for comment in board.quoted}
    if not isinstance(agreed, dict) or not agreed.keys() <= proposed.keys():
        raise _broken()
    paper = paper_of(board.survey)
    words = {key: _agreed(text) for key, text in agreed.items()}
    if any(each.digest(paper, UUID(key).bytes).hex() != proposed[key] for key, each in words.items()):
        raise Refused(
            _("These are not the words that the other reviewer proposed. Nothing was changed."), "other_words"
        )
    return {UUID(key): each.words for key, each in words.items()}


def _agreed(text: Any) -> Proposed:
    words = text.get("words") if isinstance(text, dict) else None
    if not isinstance(words, str) or not 0 < len(words.strip()) <= MOST_WORDS:
        raise _broken()
    try:
        return Proposed(words, read_hex(text, "salt", SALT_BYTES))
    except SealingError:
        raise _broken() from None


def _broken() -> Refused:
    return Refused(_("This file is not what the reviewers’ page makes. Nothing was changed."), "broken")
