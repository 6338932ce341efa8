"""Handing a pile of envelopes over before a labor and a management witness.

A draw sets the mark that a pass sets, and everything that follows from it is the same whether the mark was there
before or not, so that nobody at the table learns who answered. No order, time or name of a draw is kept.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from commonground.access.actor import Actor
from commonground.access.decide import decide
from commonground.access.table import Action
from commonground.kernel import time
from commonground.kernel.compaction import compact
from commonground.kernel.errors import NotAllowed, NotFound, Refused
from commonground.ledger.acts import act, record
from commonground.partnership.models import Partnership
from commonground.surveys import codes, rules
from commonground.surveys.campaign import at_the_door, launched
from commonground.surveys.models import CancelledCode, Eligible, Handover, Survey, Witness
from commonground.surveys.rules import Pile

# The two witnesses


@act(Action.WITNESS_PILE)
def open_pile(actor: Actor, survey_id: UUID, *, place: str, brought: int) -> Handover:
    """Open a hand-over of so many envelopes, counted together; the actor watches for the own side.

    Raises Refused for more envelopes than can be here by the count of all codes printed.
    """
    survey = Survey.rows.one(actor.tenant, survey_id, lock=True)
    _open_survey(actor.tenant, survey_id)
    if not 1 <= brought <= (most := unaccounted(survey)):
        words = _(
            "There are more than can be here by the counts: at most %(most)s. Count them again. Nothing was opened."
        )
        raise Refused(words % {"most": most}, "too_many")
    today = time.today(Partnership.objects.get(pk=actor.tenant).timezone)
    pile = Handover(partnership_id=actor.tenant, survey=survey, place=place, brought=brought, opened_on=today)
    pile.save(force_insert=True)
    _take_place(actor, pile)
    record(actor, survey=survey.pk, opened=pile.pk, brought=brought)
    return pile


@act(Action.WITNESS_PILE)
def join(actor: Actor, pile_id: UUID) -> None:
    """Watch an open pile for the own side, in place of whoever did so before."""
    pile = _locked(actor, pile_id)
    _take_place(actor, pile)
    record(actor, survey=pile.survey_id, joined=pile.pk)


def _take_place(actor: Actor, pile: Handover) -> None:
    """Put the actor at this pile alone: nobody watches two."""
    assert actor.person_id
    elsewhere = Witness.rows.within(actor.tenant).filter(person_id=actor.person_id).exclude(handover=pile)
    elsewhere.update(there_until=time.now())
    pile.witnesses.filter(is_labor=actor.is_labor).delete()
    Witness(
        partnership_id=actor.tenant,
        handover=pile,
        person_id=actor.person_id,
        party_id=actor.own_party,
        is_labor=actor.is_labor,
        there_until=rules.there_until(time.now()),
    ).save(force_insert=True)


@act(Action.STAY_AT_PILE)
def stay(actor: Actor, pile_id: UUID, *, there: bool = True) -> None:
    """Say that the actor is at the pile still, or steps away: then nobody can draw."""
    now = time.now()
    _own_place(actor, _locked(actor, pile_id), rules.there_until(now) if there else now)


def _own_place(actor: Actor, pile: Handover, until: datetime | None = None) -> Witness:
    """Return the actor's place at the pile, taken until then. Raises NotAllowed for anybody else."""
    assert actor.person_id
    own = pile.witnesses.filter(person_id=actor.person_id, party_id=actor.own_party).first()
    if own is None:
        raise NotAllowed(_("Only the two witnesses of this pile can do this. Nothing was changed."))
    own.there_until = until or rules.there_until(time.now())
    own.save(update_fields=["there_until"])
    return own


def both_are_there(pile: Handover) -> bool:
    """Say whether both witnesses gave a sign of life within the last minutes."""
    return rules.both_are_there(list(pile.witnesses.values_list("is_labor", "there_until")), time.now())


def _watched(actor: Actor, pile: Handover) -> Witness:
    own = _own_place(actor, pile)
    if not both_are_there(pile):
        raise Refused(_("The other witness is not here. Nothing was changed."), "alone")
    return own


def _locked(actor: Actor, pile_id: UUID) -> Handover:
    pile = Handover.rows.one(actor.tenant, pile_id, lock=True)
    if pile.closed_on:
        raise Refused(_("This hand-over is closed. Nothing was changed."), "closed")
    _open_survey(actor.tenant, pile.survey_id)
    return pile


def _open_survey(tenant: UUID, survey_id: UUID) -> Survey:
    survey = launched(tenant, survey_id)
    if survey.closes_at is None or survey.closes_at <= time.now():
        raise Refused(_("The survey is closed. Nothing was changed."), "over")
    return survey


# Drawing


@act(Action.LET_DRAW)
def draw(actor: Actor, pile_id: UUID, asked_id: UUID, *, turn: str) -> None:
    """Mark a person asked as having drawn; nothing that follows says whether the mark was there before.

    The same `turn` of the same witness again changes nothing. Raises NotFound for somebody who is not asked, and
    Refused unless both witnesses are there.
    """
    pile = _locked(actor, pile_id)
    own = _watched(actor, pile)
    if own.last_turn == turn:
        return
    if pile_of(pile).inside < 1:
        raise Refused(_("By the count, no envelope is left. Close this hand-over and count again."), "empty")
    asked = Eligible.rows.within(actor.tenant).filter(survey=pile.survey_id, pk=asked_id)
    if not asked.exists():
        raise NotFound
    pile.repeats += not asked.filter(marked=False).update(marked=True)
    pile.drawn += 1
    pile.save(update_fields=["drawn", "repeats"])
    own.last_turn = turn
    own.save(update_fields=["last_turn"])


# Spoiled and left over


def cancel(actor: Actor, pile_id: UUID, text: str, *, came_back: bool = False) -> tuple[int, list[str]]:
    """Cancel codes opened before both witnesses, one a line; return how many, and the lines left as they are.

    A line is left when it is no code of this survey, or when an answer was given by it, which counts. `came_back`
    says that they had been drawn, so they are no longer counted as drawn.
    """
    decide(actor, Action.WITNESS_PILE)
    survey_id = Handover.rows.one(actor.tenant, pile_id).survey_id
    survey = at_the_door(actor.tenant, survey_id)
    lines = codes.lines_of(text)
    _have_room(actor, pile_id, len(set(lines)), came_back)
    found = [(line, codes.cancel(survey, line)) for line in lines]
    done = sorted({code for _line, code in found if code})
    count = publish_cancelled(actor, pile_id, done, came_back) if done else 0
    return count, [line for line, code in found if not code]


@act(Action.STAY_AT_PILE)
def _have_room(actor: Actor, pile_id: UUID, count: int, came_back: bool) -> None:
    """Raise Refused, before anything is cancelled, unless both are there and so many codes can be here."""
    pile = _locked(actor, pile_id)
    _watched(actor, pile)
    most = pile.drawn if came_back else pile_of(pile).inside
    if count > most:
        words = _("There are more codes than can be here by the counts: at most %(most)s. Nothing was cancelled.")
        raise Refused(words % {"most": most}, "too_many")


@act(Action.WITNESS_PILE)
def publish_cancelled(actor: Actor, pile_id: UUID, written: list[str], came_back: bool) -> int:
    """Publish codes in clear, so that everyone sees that they count no more; return how many were not before."""
    pile = _locked(actor, pile_id)
    known = CancelledCode.rows.within(actor.tenant).filter(survey=pile.survey_id, code__in=written)
    fresh = sorted(set(written).difference(known.values_list("code", flat=True)))
    for code in fresh:
        CancelledCode(partnership_id=actor.tenant, survey_id=pile.survey_id, code=code).save(force_insert=True)
    pile.cancelled += len(fresh)
    if came_back:
        pile.drawn = max(0, pile.drawn - len(fresh))
        pile.repeats = min(pile.repeats, pile.drawn)
    pile.save(update_fields=["cancelled", "drawn", "repeats"])
    record(actor, survey=pile.survey_id, handover=pile.pk, cancelled=fresh)
    return len(fresh)


@act(Action.WITNESS_PILE)
def close_pile(actor: Actor, pile_id: UUID, *, left: int) -> Pile:
    """Close a hand-over: so many envelopes stay sealed for another one. What is missing then is said openly.

    One witness alone may close a pile from which nothing was taken. Raises Refused where more is there than came.
    """
    pile = _locked(actor, pile_id)
    _own_place(actor, pile)
    untouched = not (pile.drawn or pile.cancelled) and left == pile.brought
    if not untouched and not both_are_there(pile):
        raise Refused(_("The other witness is not here. Nothing was changed."), "alone")
    if not 0 <= left <= (most := pile_of(pile).inside):
        words = _(
            "There are more than can be left by the counts: at most %(most)s. Count them again. Nothing was closed."
        )
        raise Refused(words % {"most": most}, "too_many")
    pile.left = left
    pile.closed_on = time.today(Partnership.objects.get(pk=actor.tenant).timezone)
    pile.save(update_fields=["left", "closed_on"])
    closed = pile_of(pile)
    record(
        actor,
        survey=pile.survey_id,
        closed=pile.pk,
        brought=closed.came,
        drawn=closed.drawn,
        cancelled=closed.cancelled,
        left=closed.left,
        missing=closed.missing,
    )
    return closed


# Counts


def pile_of(pile: Handover) -> Pile:
    """Return the counts of one hand-over."""
    return Pile(pile.brought, pile.drawn, pile.cancelled, pile.left or 0)


def whole(survey: Survey) -> Pile:
    """Return the counts of all codes printed for a survey; what nobody can account for is missing."""
    tenant = survey.partnership_id
    drawn = Handover.rows.within(tenant).filter(survey=survey).aggregate(n=Sum("drawn"))["n"] or 0
    cancelled = CancelledCode.rows.within(tenant).filter(survey=survey).count()
    return Pile(codes.printed(survey), drawn, cancelled)


def unaccounted(survey: Survey) -> int:
    """Return how many envelopes can be brought to another hand-over: not drawn, cancelled or elsewhere."""
    open_piles = Handover.rows.within(survey.partnership_id).filter(survey=survey, closed_on=None)
    return whole(survey).inside - sum(pile_of(pile).inside for pile in open_piles)


def facts(survey: Survey) -> Mapping[str, int]:
    """Return what the bulletin says of printed codes, once, when the survey closes; `forget` comes after."""
    pile = whole(survey)
    repeats = Handover.rows.within(survey.partnership_id).filter(survey=survey).aggregate(n=Sum("repeats"))["n"]
    return {
        "codes_drawn": pile.drawn,
        "codes_missing": pile.missing,
        "may_have_answered_twice": rules.may_have_answered_twice(repeats or 0, pile.drawn),
    }


def forget(survey: Survey) -> None:
    """Erase at closing what could still tell of a few people: how many at each pile had been marked before."""
    Handover.rows.within(survey.partnership_id).filter(survey=survey).update(repeats=0)
    Witness.rows.within(survey.partnership_id).filter(handover__survey=survey).update(last_turn="")
    compact("default", Handover, Witness)
