"""The acts of the two reviewers: reading, deciding, writing, agreeing; and the release that comes of it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from commonground.access.actor import Actor
from commonground.access.decide import decide
from commonground.access.table import Action
from commonground.comments import board as boards
from commonground.comments import content, files
from commonground.comments.board import Board, Stage
from commonground.comments.models import Decision, Review, Theme
from commonground.comments.rules import Verdict
from commonground.comments.themes import COMMON
from commonground.kernel import time
from commonground.kernel.errors import Refused
from commonground.ledger.acts import act, record
from commonground.partnership.models import Membership, StaffRecord
from commonground.releases import actions as releases
from commonground.releases.models import Release
from commonground.screening.screening import marks
from commonground.surveys import reviewers, tally
from commonground.surveys.models import Publish, Reviewer, SealedComment, Survey
from commonground.surveys.opening_files import paper_of

RESULTS = {Stage.DECIDE: "review", Stage.WRITE: "texts", Stage.AGREE: "agreed"}


def task(actor: Actor, survey_id: UUID) -> bytes:
    """Return the file for the reviewers' page, as far as the review is. Raises Refused for who reviews nothing."""
    decide(actor, Action.REVIEW_COMMENTS)
    survey = Survey.rows.one(actor.tenant, survey_id)
    reviewer = reviewers.own(actor, survey)
    board = boards.read(survey)
    _require_turn(board, reviewer)
    if not board.themes:
        _begin(survey)
        board = boards.read(survey)
    return files.task(board, reviewer, _marks(survey))


def _require_turn(board: Board, reviewer: Reviewer) -> None:
    if board.stage not in RESULTS:
        raise Refused(_("There is nothing to review now. Nothing was changed."), "stage")
    if board.stage is Stage.AGREE and board.review and board.review.written_by == reviewer.place:
        raise Refused(_("The words are with the other reviewer now. Nothing was changed."), "turn")


def _begin(survey: Survey) -> None:
    """Put the common themes on the list; once, whoever begins."""
    for english, spanish in COMMON:
        Theme.rows.within(survey.partnership_id).get_or_create(
            partnership_id=survey.partnership_id, survey=survey, text_en=english, defaults={"text_es": spanish}
        )


def _marks(survey: Survey) -> list[str]:
    """Return marks of the names on the staff list and of everybody with a role; the names stay here."""
    tenant = survey.partnership_id
    staff = StaffRecord.rows.within(tenant).filter(gone_on=None).values_list("given_name", "family_name")
    roles = Membership.rows.within(tenant).filter(until=None).values_list("person__name", flat=True)
    return marks([*(name for both in staff for name in both), *roles], survey.public_id)


@act(Action.ADD_THEME)
def add_theme(actor: Actor, survey_id: UUID, *, en: str, es: str) -> Theme:
    """Add a theme while comments are decided on. Raises Refused for one that is there."""
    survey = Survey.rows.one(actor.tenant, survey_id)
    reviewers.own(actor, survey)
    if boards.read(survey).stage is not Stage.DECIDE:
        raise Refused(_("Themes are added while comments are being decided on. Nothing was changed."), "stage")
    theme = Theme(partnership_id=actor.tenant, survey=survey, text_en=en.strip(), text_es=es.strip())
    try:
        with transaction.atomic():
            theme.save(force_insert=True)
    except IntegrityError:
        raise Refused(_("This theme is on the list."), "theme") from None
    record(actor, survey=survey.pk)
    return theme


# Handing in


def receive(actor: Actor, survey_id: UUID, data: bytes) -> Release | None:
    """Take what the reviewers' page made, whichever step it is; return the release if it was the last one."""
    decide(actor, Action.REVIEW_COMMENTS)
    survey = Survey.rows.one(actor.tenant, survey_id)
    reviewer, board = reviewers.own(actor, survey), boards.read(survey)
    _require_turn(board, reviewer)
    message = reviewers.answer(data, RESULTS[board.stage], survey, reviewer)
    step = {Stage.DECIDE: decide_on, Stage.WRITE: write, Stage.AGREE: agree}[board.stage]
    release = step(actor, survey_id, message)
    if release:
        reviewers.clear_away(Decision)
        tally.post_releases()
    return release


@act(Action.REVIEW_COMMENTS)
def decide_on(actor: Actor, survey_id: UUID, message: Mapping[str, Any]) -> Release | None:
    """Take one reviewer's decisions. When both have decided on all and nothing is quoted, the release is made."""
    board, reviewer = _locked(actor, survey_id, Stage.DECIDE)
    found = files.read_decisions(message, board)
    raised = [key for key, (decision, _unmask) in found.items() if decision and decision.verdict is Verdict.NOW]
    new = [key for key in raised if (row := board.rows.get((key, reviewer.place))) is None or row.verdict != "now"]
    for key, (decision, unmask) in found.items():
        values: dict[str, Any] = {"unmask": unmask}
        if decision:
            values |= {
                "verdict": decision.verdict.value,
                "reason": decision.reason,
                "spans": [list(span) for span in decision.spans],
                "themes": sorted(decision.themes),
            }
        Decision.rows.within(actor.tenant).update_or_create(
            comment_id=key,
            place=reviewer.place,
            defaults=values,
            create_defaults={**values, "partnership_id": actor.tenant},
        )
    if new:
        _raise(actor, survey_id)
    board = boards.read(board.survey)
    record(actor, survey=survey_id, decided=board.percent(reviewer.place))
    return _finish(actor, board) if board.stage is Stage.WRITE and not board.quoted else None


@act(Action.RAISE_COMMENT)
def _raise(actor: Actor, survey_id: UUID) -> None:
    record(actor, survey=survey_id)


@act(Action.REVIEW_COMMENTS)
def write(actor: Actor, survey_id: UUID, message: Mapping[str, Any]) -> Release | None:
    """Take the words proposed for the comments that both decided to publish, sealed to the other reviewer."""
    board, reviewer = _locked(actor, survey_id, Stage.WRITE)
    proposed = files.read_proposed(message, board)
    for comment in board.quoted:
        comment.proposed, comment.proposed_hash = proposed[comment.pk]
        comment.save(update_fields=["proposed", "proposed_hash"])
    review, _new = Review.rows.within(actor.tenant).get_or_create(
        survey=board.survey, defaults={"partnership_id": actor.tenant}
    )
    review.written_by = reviewer.place
    review.save(update_fields=["written_by"])
    record(actor, survey=survey_id, written=len(proposed))
    return None


@act(Action.REVIEW_COMMENTS)
def agree(actor: Actor, survey_id: UUID, message: Mapping[str, Any]) -> Release | None:
    """Take the words that the second reviewer agrees to; the rest is told by theme. The release is made."""
    board, reviewer = _locked(actor, survey_id, Stage.AGREE)
    _require_turn(board, reviewer)
    return _finish(actor, board, files.read_agreed(message, board))


def _locked(actor: Actor, survey_id: UUID, stage: Stage) -> tuple[Board, Reviewer]:
    survey = Survey.rows.one(actor.tenant, survey_id, lock=True)
    board, reviewer = boards.read(survey), reviewers.own(actor, survey)
    if board.stage is not stage:
        raise Refused(_("The review has moved on since this file was made. Take the task anew."), "stage")
    return board, reviewer


def _finish(actor: Actor, board: Board, agreed: Mapping[UUID, str] | None = None) -> Release:
    """Make the release, then erase seals, words, places, and which comment has which theme; reasons stay."""
    survey = board.survey
    paper = paper_of(survey).content
    numbers = Release.rows.within(actor.tenant).filter(survey_id=survey.pk).order_by("number").first()
    assert numbers is not None
    made = releases.register(
        actor,
        survey.pk,
        content.content(
            paper,
            (numbers.hash, content.parsed(bytes(numbers.data))),
            [_read(board, comment, agreed or {}) for comment in board.comments],
            {theme.pk.hex: {"en": theme.text_en, "es": theme.text_es} for theme in board.themes},
            time.today(paper["timezone"]).isoformat(),
        ),
    )
    reviewers.erase(survey)
    Decision.rows.within(actor.tenant).filter(comment__survey=survey).update(spans=[], themes=[])
    Review.rows.within(actor.tenant).update_or_create(
        survey=survey,
        defaults={"done": True},
        create_defaults={"partnership_id": actor.tenant, "done": True},
    )
    record(actor, survey=survey.pk, release=made.hash)
    if survey.publish == Publish.AT_ONCE:
        tally.publish_at_once(actor, made)
    return made


def _read(board: Board, comment: SealedComment, agreed: Mapping[UUID, str]) -> content.Read:
    first, second = board.pair(comment.pk)
    return content.Read(comment.question, first, second, agreed.get(comment.pk, ""), comment.level)
