"""A survey at each station of its opening, for the guards; `examples` joins these to those of writing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from commonground.access.actor import Actor
from commonground.access.decide import allowed
from commonground.access.table import Action
from commonground.demo import cast
from commonground.keeping.register import Reached
from commonground.kernel import time
from commonground.surveys import ending, following, opening, reopening, tally
from commonground.surveys.tests import meeting as meetings
from commonground.surveys.tests import writing
from commonground.surveys.tests.meeting import ORDER

OF_A_LAUNCHED = ("", "-close", "-result", "-stop", "-proof", "-count", "-export", "-kit", "-destroy", "-sheets")


def urls(launched: UUID) -> dict[str, dict[str, object]]:
    """Return the arguments of each address besides the district, for a launched survey."""
    return {
        **{f"survey-opening{name}": {"survey_id": launched} for name in OF_A_LAUNCHED},
        "survey-opening-task": {"survey_id": launched, "name": "peel"},
        **{f"survey-further{name}": {"survey_id": launched} for name in ("", "-ask", "-stop")},
    }


@dataclass(frozen=True)
class Station:
    """A survey that waits for an act, the moment, and what the act hands in."""

    survey: UUID = field(default_factory=uuid4)
    moment: datetime = field(default_factory=time.now)
    result: bytes = b""
    shares: Mapping[UUID, bytes] = field(default_factory=dict)


Act = Callable[[Actor, Station], object]


def acts(valley: Any) -> dict[str, Callable[[Actor], object]]:
    """Return one valid call for each act; the labor co-chair of Chapter 212 may do any one of them."""
    here = "commonground.surveys."
    every: dict[str, tuple[Action, Callable[[Any], Station], Act]] = {
        "tally._note_closed": (Action.CLOSE_SURVEY, _over, lambda actor, at: tally.close(actor, at.survey)),
        "tally._note_peeled": (
            Action.OPEN_SEAL,
            _our_turn,
            lambda actor, at: tally.receive_peel(actor, at.survey, at.result),
        ),
        "tally._note_counted": (
            Action.COUNT_ANSWERS,
            _all_off,
            lambda actor, at: tally.count(actor, at.survey, at.shares),
        ),
        "tally.note_waiting": (
            Action.COUNT_ANSWERS,
            _all_off,
            lambda actor, at: tally.count(actor, at.survey, at.shares, seconds=0),
        ),
        "tally.note_void": (
            Action.COUNT_ANSWERS,
            _waiting,
            lambda actor, at: tally.note_void(actor, at.survey),
        ),
        "following.next_wave": (
            Action.DRAFT_SURVEY,
            _counted,
            lambda actor, at: following.next_wave(actor, at.survey, title_en="Spring pulse"),
        ),
        "tally._note_destroyed": (Action.DESTROY_ANSWERS, _due, lambda actor, at: tally.destroy(actor, at.survey)),
        "opening.stop": (
            Action.STOP_TALLY,
            _our_turn,
            lambda actor, at: opening.stop(actor, at.survey, "An answer is missing."),
        ),
        "tally._note_absence": (
            Action.HAND_IN_PROOF,
            _dropped,
            lambda actor, at: tally.hand_in_proof(actor, at.survey, at.result),
        ),
        **_further(),
        **_endings(),
    }
    return {here + name: _call(valley, *parts) for name, parts in every.items()}


def _further() -> dict[str, tuple[Action, Callable[[Any], Station], Act]]:
    tables, why = [("q5",)], "Aides ask what aides said."
    ask, count = Action.ASK_FURTHER_TABLES, Action.COUNT_ANSWERS
    return {
        "reopening.ask": (ask, _by_site, lambda actor, at: reopening.ask(actor, at.survey, tables, why)),
        "reopening.give_up": (ask, _agreed_on, lambda actor, at: reopening.give_up(actor, at.survey)),
        "reopening.end_late": (
            Action.END_OPENING_ANEW,
            _late,
            lambda actor, at: reopening.end_late(actor, at.survey),
        ),
        "reopening._note_released": (
            count,
            _off_again,
            lambda actor, at: reopening.count(actor, at.survey, at.shares),
        ),
        "reopening._note_refused": (
            count,
            _off_again_of_few,
            lambda actor, at: reopening.count(actor, at.survey, at.shares),
        ),
    }


def _endings() -> dict[str, tuple[Action, Callable[[Any], Station], Act]]:
    day, clear, restore = date(2026, 10, 1), Action.CLEAR_BACKUPS, Action.RESTORE_BACKUP
    reached = Reached(done=(day,))
    return {
        "ending.note_shredded": (
            Action.CONFIRM_SHREDDING,
            _gone,
            lambda actor, at: ending.note_shredded(actor, at.survey, ending.witnesses(actor)[0][0]),
        ),
        "ending.note_marks": (clear, _over, lambda actor, at: ending.note_marks(actor, at.survey, reached)),
        "ending.note_cleared": (clear, _gone, lambda actor, at: ending.note_cleared(actor, at.survey, reached)),
        "ending.note_reopened": (restore, _over, lambda actor, at: ending.note_reopened(actor, at.survey, day)),
        "ending.note_without": (restore, _over, lambda actor, at: ending.note_without(actor, at.survey, day)),
    }


def _call(valley: Any, action: Action, station: Callable[[Any], Station], act: Act) -> Callable[[Actor], object]:
    """Reach the station, which takes seconds, only for somebody who may act there: a refusal needs none."""

    def call(actor: Actor) -> object:
        reached = station(valley) if allowed(actor, action) else Station()
        with time.at(reached.moment):
            return act(actor, reached)

    return call


def _over(valley: Any) -> Station:
    meeting = meetings.answered(valley, 0)
    return Station(meeting.id, meeting.closing_time)


def _our_turn(valley: Any) -> Station:
    meeting = meetings.peeled(valley, 0, ORDER[:1])
    with meeting.on_opening_day():
        return Station(meeting.id, time.now(), meeting.result(cast.CLASSIFIED))


def _dropped(valley: Any) -> Station:
    meeting = meetings.answered(valley, 0)
    dropped = meeting.drop(meeting.by_pass())
    meeting.close()
    with meeting.on_opening_day():
        return Station(meeting.id, time.now(), dropped.to_bytes())


def _all_off(valley: Any) -> Station:
    meeting = meetings.peeled(valley, 0)
    with meeting.on_opening_day():
        return Station(meeting.id, time.now(), shares=meeting.shares())


def _waiting(valley: Any) -> Station:
    meeting = meetings.peeled(valley, 0).drafted()
    return Station(meeting.id, meeting.closing_time + timedelta(days=6))


def _counted(valley: Any) -> Station:
    meeting = meetings.peeled(valley, 0)
    meeting.count()
    return Station(meeting.id, meeting.closing_time + timedelta(days=6))


def _told_by_site(valley: Any, people: int) -> meetings.Meeting:
    """A counted survey that asked for the kind of job, and told nothing by it."""
    meeting = meetings.answered(valley, people, jobs=True).close().peel(*ORDER)
    meeting.count()
    meeting.days = 20
    return meeting


def _by_site(valley: Any) -> Station:
    meeting = _told_by_site(valley, 3)
    with meeting.on_opening_day():
        return Station(meeting.id, time.now())


def _agreed(meeting: meetings.Meeting) -> Station:
    """Every party has turned its key on a further table."""
    with meeting.on_opening_day():
        reopening.ask(meeting.steps.actor(cast.LUZ), meeting.id, [("q5",)], "Aides ask what aides said.")
        writing.turn_all(meeting.steps, meeting.id)
        return Station(meeting.id, time.now())


def _agreed_on(valley: Any) -> Station:
    return _agreed(_told_by_site(valley, 3))


def _late(valley: Any) -> Station:
    at = _agreed_on(valley)
    return Station(at.survey, at.moment + timedelta(days=60))


def _off_again(valley: Any, people: int = 40) -> Station:
    meeting = _told_by_site(valley, people)
    _agreed(meeting)
    meeting.peel(*ORDER)
    with meeting.on_opening_day():
        return Station(meeting.id, time.now(), shares=meeting.shares())


def _off_again_of_few(valley: Any) -> Station:
    return _off_again(valley, 3)


def _gone(valley: Any) -> Station:
    meeting = meetings.closed(valley, 0)
    with time.at(moment := meeting.closing_time + timedelta(days=60)):
        tally.destroy(meeting.steps.actor(cast.LUZ), meeting.id)
    return Station(meeting.id, moment)


def _due(valley: Any) -> Station:
    meeting = meetings.closed(valley, 0)
    return Station(meeting.id, meeting.closing_time + timedelta(days=60))
