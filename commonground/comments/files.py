"""What a reviewer is handed, and what is read from what the reviewers' page hands back. No database."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from commonground.comments import rules
from commonground.comments.board import Board, Stage
from commonground.comments.rules import Reason, Verdict
from commonground.kernel.errors import Refused
from commonground.kernel.text import canonical, sha256
from commonground.sealing.formats import TradingFile
from commonground.surveys import reviewers
from commonground.surveys.models import Reviewer, SealedComment

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
        "comments": [_comment(board, comment, reviewer.place) for comment in _listed(board)],
    }
    return TradingFile(ours).to_bytes()


def _listed(board: Board) -> list[SealedComment]:
    return board.comments if board.stage is Stage.DECIDE else board.quoted


def _comment(board: Board, comment: SealedComment, place: int) -> dict[str, Any]:
    row = board.rows.get((comment.pk, place))
    own = board.decision(comment.pk, place)
    return {
        "id": comment.pk.hex,
        "question": comment.question,
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
        "words": comment.words,
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


def read_words(message: Mapping[str, Any], board: Board) -> dict[UUID, str]:
    """Return words by comment, exactly of those that both decided to publish. Raises Refused."""
    texts = message.get("texts")
    if not isinstance(texts, dict) or set(texts) != {comment.pk.hex for comment in board.quoted}:
        raise _broken()
    if not all(isinstance(text, str) and 0 < len(text.strip()) <= MOST_WORDS for text in texts.values()):
        raise _broken()
    return {UUID(key): text.strip() for key, text in texts.items()}


def read_agreed(message: Mapping[str, Any], board: Board) -> set[UUID]:
    """Return the comments whose words the other agrees to. Raises Refused for words that changed since."""
    agreed = message.get("agreed")
    if not isinstance(agreed, list) or not set(agreed) <= {comment.pk.hex for comment in board.quoted}:
        raise _broken()
    if message.get("words") != words_hash(board):
        raise Refused(_("The words have changed since this page was opened. Take the task anew."), "other_words")
    return {UUID(key) for key in agreed}


def words_hash(board: Board) -> str:
    """Return the hash of the words that lie there to be agreed to."""
    return sha256(canonical({comment.pk.hex: comment.words for comment in board.quoted}))


def _broken() -> Refused:
    return Refused(_("This file is not what the reviewers’ page makes. Nothing was changed."), "broken")
