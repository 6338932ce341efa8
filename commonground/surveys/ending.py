"""What outlives a survey: backups made while it was open, a restore, opening sheets; and what is told of them.

Closing deletes the marks beside our backups, destruction takes sealed answers, keys and the list of those asked out
of them, and each sealing party says that its opening sheets were shredded. `tick` repeats what was left undone.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonground.access.actor import Actor, operator
from commonground.access.table import Action
from commonground.keeping import register
from commonground.keeping.archive import Change, Row
from commonground.keeping.register import Reached
from commonground.kernel import key_folder, time
from commonground.kernel.errors import NotFound, Refused
from commonground.kernel.key_folder import Kind
from commonground.ledger.acts import act, record
from commonground.partnership import queries as partnership
from commonground.responses import actions as sealed
from commonground.surveys import opening
from commonground.surveys.models import Reopening, SealingParty, Survey, SurveyState
from commonground.surveys.opening_files import paper_of
from commonground.surveys.seals import seal_of

SEALED = {f"responses.{name}" for name in ("sealedanswer", "code", "sealedlist", "chunk")}
AFTER_LAUNCH = {SurveyState.LAUNCHED, SurveyState.CLOSED, SurveyState.COUNTED}
NOT_THE_OTHER_SIDE = gettext_lazy("The witness is a member of the other side. Nothing was changed.")


# Backups at closing


def erase_marks(survey: Survey) -> None:
    """Delete who took a pass beside our backups; what cannot be reached is recorded, what fails is tried again."""
    reached = register.erase_marks(survey.public_id)
    if reached.done or reached.elsewhere:
        note_marks(operator(survey.partnership_id), survey.pk, reached)


@act(Action.CLEAR_BACKUPS)
def note_marks(actor: Actor, survey_id: UUID, reached: Reached) -> None:
    """Record beside which backups the marks of a survey were deleted, and which were not in their place."""
    deleted, elsewhere = _days(reached.done), _days(reached.elsewhere)
    record(actor, survey=survey_id, marks_deleted=deleted, marks_elsewhere=elsewhere)


def _days(days: tuple[date, ...]) -> list[str]:
    return [day.isoformat() for day in days]


# Backups at destruction


def clear_backups(survey: Survey) -> None:
    """Take a destroyed survey out of every backup of ours that is in its place, and record which were not."""
    assert survey.destroyed_at is not None
    on = _day(survey, survey.destroyed_at)
    reached = register.clear(survey.public_id, on, taken_out(survey))
    if reached.done or not survey.backups:
        note_cleared(operator(survey.partnership_id), survey.pk, reached)


def taken_out(survey: Survey) -> Change:
    """Return what becomes of a row of a backup: what destruction erases from the databases is not in it."""
    assert survey.destroyed_at is not None
    public_id, key, moment = survey.public_id, str(survey.pk), survey.destroyed_at.isoformat()

    def change(row: Row) -> Row | None:
        fields = row["fields"]
        if row["model"] in SEALED and fields["survey"] == public_id:
            return None
        if row["model"] == "surveys.eligible" and fields["survey"] == key:
            return None
        if row["model"] == "surveys.sealingparty" and fields["survey"] == key:
            fields.update(wrapped="", sealed_share="")
        if row["model"] == "responses.paper" and row["pk"] == public_id:
            fields.update(closed=True)
        if row["model"] == "surveys.survey" and row["pk"] == key:
            fields.update(counting_secret="")
            if fields["state"] in AFTER_LAUNCH:
                fields.update(state=SurveyState.DESTROYED, destroyed_at=moment, news=fields["told"] + 1)
        return row

    return change


@act(Action.CLEAR_BACKUPS)
def note_cleared(actor: Actor, survey_id: UUID, reached: Reached) -> None:
    """Record which backups a destroyed survey was taken out of, and which were not in their place."""
    survey = Survey.rows.one(actor.tenant, survey_id, lock=True)
    cleared = [*survey.backups.get("cleared", []), *_days(reached.done)]
    survey.backups = {"cleared": cleared, "elsewhere": _days(reached.elsewhere)}
    survey.news += 1
    survey.save(update_fields=["backups", "news"])
    record(actor, survey=survey_id, cleared=_days(reached.done), elsewhere=_days(reached.elsewhere))


# A restore


def note_restored(made_on: date, cleared: Mapping[str, date]) -> Iterator[str]:
    """Record a restore on each survey that was open in the backup or was taken out of it; yield what to say.

    Runs in the transaction in which the rows were read.
    """
    surveys = Survey.rows.across_all(reason="a restore is of all districts")
    for survey in surveys.filter(state=SurveyState.LAUNCHED):
        yield _say_restored(survey, note_reopened(operator(survey.partnership_id), survey.pk, made_on))
        if not all(key_folder.holds(survey.public_id, kind) for kind in Kind):
            yield _(
                "Its keys are not here. Without the key folder of the old server nobody can take a pass any more."
            )
    for survey in surveys.filter(public_id__in=cleared):
        note_without(operator(survey.partnership_id), survey.pk, made_on)


@act(Action.RESTORE_BACKUP)
def note_reopened(actor: Actor, survey_id: UUID, made_on: date) -> int:
    """Record that a survey goes on from a backup of this day; return how many people may take a pass once more."""
    survey = Survey.rows.one(actor.tenant, survey_id, lock=True)
    asked, back = survey.eligible.count(), survey.eligible.filter(marked=True).count()
    today = time.today(paper_of(survey).content["timezone"])
    entry = {"on": today.isoformat(), "backup_of": made_on.isoformat(), "more": asked - back}
    survey.restores, survey.news = [*survey.restores, entry], survey.news + 1
    survey.save(update_fields=["restores", "news"])
    record(actor, survey=survey_id, backup_of=made_on.isoformat(), eligible=asked, marks=back, more=asked - back)
    return asked - back


def _say_restored(survey: Survey, more: int) -> str:
    words = _(
        "%(survey)s is open: up to %(more)s people can take a pass once more. Answers sent or changed after the "
        "backup are lost. Its record and its public page say so."
    )
    return words % {"survey": survey.title_en, "more": more}


@act(Action.RESTORE_BACKUP)
def note_without(actor: Actor, survey_id: UUID, made_on: date) -> None:
    """Record a restore from a backup out of which this destroyed survey had been taken."""
    record(actor, survey=survey_id, backup_of=made_on.isoformat(), without_answers=True)


# Opening sheets


@act(Action.CONFIRM_SHREDDING)
def note_shredded(actor: Actor, survey_id: UUID, witness: UUID) -> None:
    """Say for the own party that its opening sheets were shredded, and which member of the other side saw it.

    Raises Refused before destruction, a second time, for a party that sealed nothing, and for no such witness.
    """
    survey = Survey.rows.one(actor.tenant, survey_id, lock=True)
    if survey.state != SurveyState.DESTROYED or survey.destroyed_at is None:
        raise Refused(_("Sheets are shredded when the sealed answers are destroyed. Nothing was changed."), "early")
    seal = seal_of(survey, actor.own_party)
    if seal.shredded_on is not None:
        raise Refused(_("Your party has said so already. Nothing was changed."), "again")
    if witness not in dict(witnesses(actor)):
        raise Refused(NOT_THE_OTHER_SIDE, "witness")
    seal.shredded_on = time.today(paper_of(survey).content["timezone"])
    seal.shredded_by, seal.seen_by = actor.person_id, witness
    seal.save(update_fields=["shredded_on", "shredded_by", "seen_by"])
    survey.news += 1
    survey.save(update_fields=["news"])
    record(actor, survey=survey_id, witness=witness, shredded_on=seal.shredded_on.isoformat())


def confirm_sheets(actor: Actor, survey_id: UUID, witness: UUID) -> None:
    """Take a party's word on its sheets, and tell it on the respondents' door."""
    note_shredded(actor, survey_id, witness)
    tell()


def witnesses(actor: Actor) -> list[tuple[UUID, str]]:
    """Return who may witness for the actor's party: everybody who holds a role for the other side, by name."""
    sides = {party.id: party.is_labor for party in partnership.parties(actor.tenant)}
    others = {
        member.person_id: _("%(name)s, for %(party)s") % {"name": member.name, "party": member.party}
        for member in partnership.members(actor.tenant)
        if member.party_id and sides[member.party_id] != actor.is_labor
    }
    return sorted(others.items(), key=lambda entry: entry[1])


# What anyone may read of it


def tell() -> None:
    """Put on the respondents' door what it was not told yet of restores, destruction, backups and sheets."""
    rows = Survey.rows.across_all(reason="a job serves all districts").exclude(told=F("news"))
    for survey in list(rows):
        try:
            sealed.post_bulletin(survey.public_id, _facts(survey))
        except NotFound:
            continue
        rows.filter(pk=survey.pk).update(told=survey.news)


def _facts(survey: Survey) -> dict[str, Any]:
    facts: dict[str, Any] = {"restores": survey.restores} if survey.restores else {}
    if again := [_anew(survey, one) for one in opening.every_anew(survey)]:
        facts["anew"] = again
    if survey.destroyed_at is None:
        return facts
    seals = SealingParty.rows.within(survey.partnership_id).filter(survey=survey).select_related("party")
    sheets = [{"party": seal.party.name, "on": _iso(seal.shredded_on)} for seal in seals]
    on = _day(survey, survey.destroyed_at).isoformat()
    end = {"on": on, "unopened": survey.counted_at is None, "backups": survey.backups, "sheets": sheets}
    return {**facts, "destroyed": True, "end": end}


def _anew(survey: Survey, one: Reopening) -> dict[str, str]:
    """Return what anyone may know of an opening anew: since when, for which text, and how it ended."""
    ended = _day(survey, one.ended_at).isoformat() if one.ended_at else ""
    since = _day(survey, one.since).isoformat()
    return {
        "request": one.text.hash,
        "since": since,
        "ended": ended,
        "outcome": one.outcome,
        "release": one.release,
    }


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _day(survey: Survey, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(paper_of(survey).content["timezone"])).date()


# What was left undone


def tick() -> None:
    """Reach backups that could not be reached before, and tell what was not told; safe to run at any time."""
    surveys = Survey.rows.across_all(reason="a job serves all districts")
    for survey in surveys.filter(public_id__in=register.marked()).exclude(state=SurveyState.LAUNCHED):
        erase_marks(survey)
    gone = {survey.public_id: survey for survey in surveys.filter(state=SurveyState.DESTROYED)}
    left = register.uncleared(gone)
    for survey in gone.values():
        if not survey.backups or survey.public_id in left:
            clear_backups(survey)
    tell()


def closed() -> set[str]:
    """Return the public ids of the surveys in which nobody can take a pass any more."""
    rows = Survey.rows.across_all(reason="a backup is of all districts").filter(closed_at__isnull=False)
    return set(rows.values_list("public_id", flat=True))


def destroyed() -> list[str]:
    """Return the public ids of the surveys whose answers no backup of now can hold."""
    rows = Survey.rows.across_all(reason="a backup is of all districts").filter(state=SurveyState.DESTROYED)
    return sorted(rows.values_list("public_id", flat=True))
