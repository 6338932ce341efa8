"""What each party says of a question while it is written: fine or not, comments, and its bargaining screen.

Nothing here binds anyone. Comments carry the name of a party; which of its people wrote one is not kept.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from commonground.access.actor import Actor
from commonground.access.table import Action
from commonground.kernel import time
from commonground.kernel.errors import Refused
from commonground.ledger.acts import act, record
from commonground.partnership.models import Partnership, Party
from commonground.surveys import bargaining, marks
from commonground.surveys.bargaining import Level
from commonground.surveys.drafting import not_launched, open_draft
from commonground.surveys.models import Question, Remark, Says, Stand, TablePair

LONGEST_REMARK = 500


# What a party says of the words


@act(Action.JUDGE_QUESTION)
def say(actor: Actor, question_id: UUID, says: str, *, mark: str = "") -> None:
    """Say for the own party that a question is fine or should change; "" takes that back.

    Raises Refused where the question changed after the party read it (`mark`).
    """
    question = Question.rows.one(actor.tenant, question_id, lock=True)
    not_launched(actor, question.survey_id)
    if says not in {"", *Says}:
        raise Refused(_("Please choose what your party says. Nothing was saved."))
    if mark and mark != marks.question(question).mark:
        raise Refused(_("The question was changed after you read it. Nothing was saved. Please read it again."))
    stand_of(question, actor.own_party, says=says)


def stand_of(question: Question, party_id: UUID, **values: str) -> None:
    """Write a party's stand on a question."""
    rows = Stand.rows.within(question.partnership_id)
    if not rows.filter(question=question, party_id=party_id).update(**values):
        Stand(partnership_id=question.partnership_id, question=question, party_id=party_id, **values).save()


def words_changed(actor: Actor, question: Question) -> None:
    """Forget what the parties said of the old words; the writer's party is content with the new ones."""
    Stand.rows.within(actor.tenant).filter(question=question).update(says="")
    if actor.party_id is not None:
        stand_of(question, actor.party_id, says=Says.FINE)


def words_taken_over(actor: Actor, questions: Sequence[Question]) -> None:
    """The writer's party is content with questions taken over from an earlier wave; the others speak anew."""
    if actor.party_id is not None:
        Stand.rows.within(actor.tenant).bulk_create(
            Stand(partnership_id=actor.tenant, question=row, party_id=actor.party_id, says=Says.FINE)
            for row in questions
        )


# Comments


@act(Action.DRAFT_SURVEY)
def remark(actor: Actor, question_id: UUID, text: str) -> Remark:
    """Comment on a question in the name of the own party, or of nobody where the actor serves both."""
    question = Question.rows.one(actor.tenant, question_id)
    not_launched(actor, question.survey_id)
    if not 0 < len(text.strip()) <= LONGEST_REMARK:
        raise Refused(_("A comment has up to 500 letters. Nothing was saved."))
    row = Remark(
        partnership_id=actor.tenant,
        question=question,
        party_id=actor.party_id,
        text=text.strip(),
        at=time.now(),
    )
    row.save(force_insert=True)
    return row


# The bargaining screen


@act(Action.SCREEN_QUESTION)
def screen(actor: Actor, question_id: UUID, level: str) -> Question:
    """Raise the bargaining screen of a question, or wish for a lower one, which holds once every party does.

    A question that is parked, or comes back, changes the paper: a frozen one is a draft again.
    """
    question = Question.rows.one(actor.tenant, question_id, lock=True)
    not_launched(actor, question.survey_id)
    if level not in set(Level):
        raise Refused(_("Please choose one of the three screens. Nothing was saved."))
    before, parties = Level(question.bargaining), _parties(actor)
    after, wishes = bargaining.screened(before, _wishes(question), actor.own_party, Level(level), parties)
    if bargaining.goes_in(before) != bargaining.goes_in(after):
        open_draft(actor, question.survey_id)
    _keep_wishes(question, wishes)
    if after is not before:
        _settle(question, after)
    record(actor, survey=question.survey_id, question=question.pk, wish=level, screen=str(after))
    return question


def _parties(actor: Actor) -> list[UUID]:
    return list(Party.rows.within(actor.tenant).values_list("pk", flat=True))


def _stands(question: Question) -> QuerySet[Stand]:
    return Stand.rows.within(question.partnership_id).filter(question=question)


def _wishes(question: Question) -> dict[UUID, Level]:
    said = _stands(question).exclude(lower_to="").values_list("party_id", "lower_to")
    return {party: Level(level) for party, level in said}


def _keep_wishes(question: Question, wishes: Mapping[UUID, Level]) -> None:
    _stands(question).update(lower_to="")
    for party, level in wishes.items():
        stand_of(question, party, lower_to=level)


def _settle(question: Question, level: Level) -> None:
    zone = Partnership.objects.get(pk=question.partnership_id).timezone
    question.bargaining, question.bargaining_on = level, time.today(zone)
    if not bargaining.goes_in(level):
        leave_plan(question)
    question.save(update_fields=["bargaining", "bargaining_on", "margin"])


def leave_plan(question: Question) -> None:
    """Take the question out of the plan of tables; the caller saves it."""
    question.margin = False
    pairs = TablePair.rows.within(question.partnership_id)
    (pairs.filter(first=question) | pairs.filter(second=question)).delete()
