"""Places light up by evidence alone, say why, and lead only where the reader may go."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.urls import resolve

from commonground.access.actor import Role
from commonground.agreements.cards import Held
from commonground.home.facts import Charter, Stage, Team
from commonground.home.path import Light, places
from commonground.home.said import MOST_URGENT, SAYINGS, in_hand
from commonground.home.tests.evidence import (
    FALL,
    HELD,
    OURS,
    PUBLISHED,
    RESULTS,
    SUMMER,
    THEIRS,
    WHOLE,
    active,
    asked,
    facts,
    reader,
    seal,
)

SHORT = (Team("AVTA", 1, True), Team("AVUSD", 2, False))
DRAFTED, WAITS = Charter(drafted=True), Charter(drafted=True, paper=OURS)
COUNTED = asked(Stage.COUNTED, results=RESULTS)
TOLD = asked(Stage.COUNTED, results=PUBLISHED)
WITHOUT_PAGES = {6, 8, 10}


def place(number, known, who=None):
    return places(known, who or reader())[number - 1]


def test_ten_places_in_order():
    found = places(facts(), reader())
    assert [each.number for each in found] == list(range(1, 11))
    assert all(each.name and each.words for each in found)


def test_nothing_is_lit_without_evidence():
    assert {each.light for each in places(facts(), reader())} == {Light.NONE}


def test_everything_this_version_holds_lights_four_places():
    everything = active(champions=3, agreements=HELD, surveys=(asked(Stage.OPEN), TOLD))
    lights = {each.number: each.light for each in places(everything, reader())}
    assert {number for number, light in lights.items() if light is Light.LIT} == {2, 3, 7, 9}
    assert {number for number, light in lights.items() if light is Light.NONE} == WITHOUT_PAGES


@pytest.mark.parametrize("number", sorted(WITHOUT_PAGES))
def test_a_step_without_pages_says_what_lights_it_and_leads_nowhere(number):
    found = place(number, active(surveys=(TOLD,)))
    assert found.words.startswith("Lights up with")
    assert "later version" in found.words
    assert not found.url and not found.act


@pytest.mark.parametrize(
    ("number", "known", "light", "words", "act"),
    [
        (1, facts(founding=OURS), Light.NONE, "when every party founds", "Turn our key"),
        (1, facts(founding=THEIRS), Light.NONE, "when every party founds", "Read what waits"),
        (1, facts(founded_at=SUMMER), Light.PART, "founded the partnership on Monday, July 6.", ""),
        (1, active(), Light.PART, "A shared purpose stands in the charter.", "Read our purpose"),
        (2, facts(), Light.NONE, "Lights up with a charter", "Start the charter"),
        (2, facts(teams=WHOLE), Light.PART, "The charter is not begun. Each party has", "Start the charter"),
        (2, facts(charter=DRAFTED), Light.PART, "being written", "Write on the charter"),
        (2, facts(charter=WAITS), Light.PART, "waits for keys: 1 of 2 are turned", "Turn our key"),
        (2, active(teams=SHORT), Light.PART, "missing for AVTA, AVUSD.", "Invite people"),
        (2, active(), Light.LIT, "signed by every party on Wednesday, September 30.", "See who is at the table"),
        (2, active(teams=()), Light.PART, "Charter signed", "See who is at the table"),
        (3, active(), Light.NONE, "Lights up with a first survey", "Begin a survey"),
        (3, active(surveys=(asked(Stage.DRAFTING),)), Light.PART, "is being written", "Write on the survey"),
        (3, active(surveys=(asked(Stage.WAITING, paper=OURS),)), Light.PART, "the key of AVTA.", "Turn our key"),
        (3, active(surveys=(asked(Stage.LAUNCHED),)), Light.PART, "opens on Monday, November 16.", "Look at"),
        (3, active(surveys=(asked(Stage.OPEN),)), Light.PART, "open until Friday, December 4.", "Look at"),
        (3, active(surveys=(asked(Stage.OVER),)), Light.PART, "is over. Closing comes next.", "Go to the opening"),
        (
            3,
            active(surveys=(asked(Stage.LOOKING, seals_open_on=date(2026, 12, 8)),)),
            Light.PART,
            "from Tuesday, December 8 on.",
            "Go to the opening",
        ),
        (
            3,
            active(surveys=(asked(Stage.OPENING, seals=(seal(off=True), seal(party="AVUSD"))),)),
            Light.PART,
            "The seal of AVUSD comes off next.",
            "Go to the opening",
        ),
        (3, active(surveys=(asked(Stage.STOPPED),)), Light.PART, "stands still", "Go to the opening"),
        (3, active(surveys=(asked(Stage.COUNTING),)), Light.PART, "Counting it together", "Go to the opening"),
        (3, active(surveys=(asked(Stage.DESTROYED),)), Light.NONE, "Lights up with", "Begin a survey"),
        (3, active(surveys=(COUNTED,)), Light.LIT, "“Breaks” is counted and released.", "See the surveys"),
        (3, active(surveys=(asked(Stage.OPEN), COUNTED)), Light.LIT, "released. “Breaks” is open", "Look at"),
        (4, active(surveys=(asked(Stage.DRAFTING),)), Light.NONE, "A survey brings one with it.", ""),
        (4, active(surveys=(asked(Stage.WAITING),)), Light.NONE, "A survey brings one with it.", ""),
        (4, active(surveys=(asked(Stage.LAUNCHED),)), Light.PART, "is signed by every party.", "Read the message"),
        (5, active(), Light.NONE, "the first champion", "Invite a champion"),
        (5, active(champions=1), Light.PART, "1 person is a champion.", "Invite a champion"),
        (5, active(champions=7), Light.PART, "7 people are champions.", "Invite a champion"),
        (7, active(), Light.NONE, "Lights up with a first release.", ""),
        (7, active(surveys=(asked(Stage.DRAFTING),)), Light.NONE, "Lights up with a first release.", ""),
        (7, active(surveys=(asked(Stage.OPEN),)), Light.NONE, "promised by Friday, December 18.", ""),
        (7, active(surveys=(COUNTED,)), Light.PART, "Staff do not see them yet.", "Propose to publish"),
        (
            7,
            active(surveys=(asked(Stage.COUNTED, results=replace(RESULTS, paper=OURS)),)),
            Light.PART,
            "Staff do not see them yet.",
            "Turn our key",
        ),
        (7, active(surveys=(COUNTED, TOLD)), Light.LIT, "went to all staff on Wednesday", "Read the results"),
        (9, facts(founded_at=SUMMER), Light.PART, "The charter comes next.", "Start the charter"),
        (9, active(), Light.PART, "has held since Wednesday, September 30.", "Begin an agreement"),
        (9, active(agreements=Held(past=2)), Light.PART, "What was agreed beside it has ended.", "Begin"),
        (9, active(agreements=HELD), Light.LIT, "“Ground rules”, since Wednesday, September 30.", "See the"),
        (
            9,
            active(agreements=replace(HELD, number=3)),
            Light.LIT,
            "3 agreements hold beside it, the newest “Ground rules”",
            "See the agreements",
        ),
    ],
)
def test_evidence_lights_a_place_and_names_the_next_act(number, known, light, words, act):
    found = place(number, known)
    assert (found.light, words in found.words, found.act.startswith(act)) == (light, True, True), found
    assert bool(found.url) == bool(act)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("stage", list(Stage))
def test_nobody_is_led_to_a_closed_door(role, stage):
    who = reader(role, party=role is not Role.OPERATOR)
    found = places(active(surveys=(asked(stage, paper=THEIRS), COUNTED), champions=1), who)
    doors = [resolve(each.url).func for each in found if each.url]
    assert all(who.may(vars(door)["screen"]) for door in doors)
    assert all(bool(each.act) == bool(each.url) for each in found)


def test_those_without_a_key_are_not_asked_to_turn_one():
    known = active(surveys=(asked(Stage.WAITING, paper=OURS),))
    assert place(3, known, reader(Role.MEMBER, holds_key=False)).act == "Read what waits"
    assert place(3, known, reader(Role.COORDINATOR)).act == "Read what waits"
    assert place(3, known, reader(Role.CHAMPION)).url == ""


def test_a_day_of_another_year_is_said_with_the_year():
    known = active(founded_at=datetime(2025, 7, 7, 17, tzinfo=UTC))
    assert "Monday, July 7, 2025" in place(1, known).words


def test_what_waits_for_our_key_is_in_hand_before_all():
    ours = asked(Stage.WAITING, id=UUID(int=11), paper=OURS)
    others = [asked(stage, id=UUID(int=20 + number)) for number, stage in enumerate(MOST_URGENT)]
    assert in_hand(active(surveys=(*others, ours))) == ours
    assert in_hand(active(surveys=tuple(reversed(others)))) == others[0]
    assert in_hand(active(surveys=(COUNTED,))) is None


def test_every_stage_has_its_words():
    assert set(SAYINGS) == set(Stage)
    assert set(MOST_URGENT) | {Stage.COUNTED, Stage.DESTROYED} == set(Stage)


def test_the_promise_named_is_the_first_to_come():
    late = asked(Stage.OPEN, title="Late", results_by=date(2027, 1, 8))
    words = place(7, active(surveys=(late, asked(Stage.OPEN)))).words
    assert "“Breaks” are promised by Friday, December 18." in words


def test_results_are_dated_by_the_day_staff_got_them():
    later = replace(PUBLISHED, published_at=FALL.replace(month=10, day=8))
    assert "Thursday, October 8" in place(7, active(surveys=(asked(Stage.COUNTED, results=later),))).words
