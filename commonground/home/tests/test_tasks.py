"""What is to be done now: asked of those who can do it, and of nobody else."""

from datetime import UTC, date, datetime

import pytest

from commonground.access.actor import Role
from commonground.agreements.cards import Expiring, Held
from commonground.home.facts import Charter, Codes, Reach, Stage, Team
from commonground.home.pages import headline, percent, reach
from commonground.home.said import STAGES, STEP_WHILE_OPEN, survey_count, survey_dates
from commonground.home.tasks import Progress, first_steps, seal_tasks, work
from commonground.home.tests.evidence import (
    OURS,
    RESULTS,
    SUMMER,
    TEXT,
    THEIRS,
    WHOLE,
    active,
    asked,
    facts,
    reader,
    seal,
)
from commonground.responses import queries as responses

STAFF = (Reach("Yard", 61, 18), Reach("High", 257, 255), Reach("Office", 90, 90))
COORDINATOR = reader(Role.COORDINATOR)


def acts(known, who=COORDINATOR):
    return [task.act for task in work(known, who)]


def with_survey(stage, **known):
    return active(reach=STAFF, surveys=(asked(stage, **known),))


# Our seal


@pytest.mark.parametrize(
    ("stage", "own", "counting_key", "act"),
    [
        (Stage.DRAFTING, seal(kept=True), False, "Make our seal"),
        (Stage.DRAFTING, seal(kept=True, made=True), False, None),
        (Stage.DRAFTING, seal(kept=True, made=True), True, "Try our sheet"),
        (Stage.DRAFTING, seal(kept=True, made=True, tried=True), True, None),
        (Stage.DRAFTING, seal(kept=False), False, None),
        (Stage.OPEN, seal(kept=True, made=True, tried=True), True, None),
        (Stage.LOOKING, seal(kept=True, made=True, tried=True), True, None),
        (Stage.OPENING, seal(made=True, tried=True), True, "Open our seal"),
        (Stage.OPENING, seal(made=True, tried=True, off=True), True, None),
        (Stage.OPENING, seal(made=True, tried=True, kept=True, ours=False), True, None),
        (Stage.STOPPED, seal(made=True, tried=True), True, None),
        (Stage.COUNTING, seal(made=True, tried=True, off=True), True, "Go to count"),
        (Stage.DESTROYED, seal(made=True, tried=True, off=True), True, "Say that ours are gone"),
        (Stage.DESTROYED, seal(made=True, tried=True, off=True, shredded=True), True, None),
    ],
)
def test_our_seal_is_asked_for_when_it_is_due(stage, own, counting_key, act):
    known = active(surveys=(asked(stage, seals=(own, seal(party="AVUSD", ours=False)), counting_key=counting_key),))
    assert [task.act for task in seal_tasks(known, reader())] == ([act] if act else [])
    assert all(task.url for task in seal_tasks(known, reader()))


def test_the_seal_of_another_party_before_ours_is_waited_for():
    first, own = seal(party="AVTA", ours=False), seal(party="AVUSD")
    assert seal_tasks(active(surveys=(asked(Stage.OPENING, seals=(first, own)),)), reader()) == []


# The work between the keys


def test_an_empty_staff_list_comes_first():
    assert acts(active()) == ["Bring it in"]
    assert acts(active(staff_import=TEXT)) == ["Look and decide"]
    assert acts(active(reach=STAFF)) == []


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (Codes(), []),
        (Codes(asked=90, with_mailbox=60), ["Print codes", "Mail codes"]),
        (Codes(asked=90, with_mailbox=60, mailed=60, printed=29), ["Print codes"]),
        (Codes(asked=90, with_mailbox=60, mailed=59, printed=30), ["Mail codes"]),
        (Codes(asked=90, with_mailbox=60, mailed=60, printed=40), []),
    ],
)
def test_codes_are_asked_for_while_some_are_missing(codes, expected):
    for stage in (Stage.LAUNCHED, Stage.OPEN):
        assert acts(with_survey(stage, codes=codes)) == expected
    assert acts(with_survey(Stage.DRAFTING, codes=codes)) == []


def test_numbers_stand_beside_the_codes():
    known = with_survey(Stage.LAUNCHED, codes=Codes(1482, 1200, 1150, 200))
    assert [task.why for task in work(known, COORDINATOR)] == [
        "282 people have no mailbox; codes are printed for 200.",
        "Letters with a personal link went to 1,150 of 1,200 people with a mailbox.",
    ]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (4, []),
        (5, ["It closes in 5 days, on Sunday, November 15."]),
        (9, ["It closes tomorrow, on Wednesday, November 11."]),
        (10, ["It closes today. Who was not reached can still be asked."]),
    ],
)
def test_a_survey_that_closes_soon_is_named(day, words):
    closes = {4: 16, 5: 15, 9: 11, 10: 10}[day]
    known = with_survey(Stage.OPEN, closes_at=datetime(2026, 11, closes, 23, tzinfo=UTC))
    assert [task.why for task in work(known, COORDINATOR)] == words


def test_closing_and_opening_are_seen_to():
    assert acts(with_survey(Stage.OVER)) == ["Close the survey"]
    assert acts(with_survey(Stage.LOOKING)) == []
    for stage in (Stage.OPENING, Stage.STOPPED, Stage.COUNTING):
        assert acts(with_survey(stage)) == ["Go to the opening"]
    assert "AVTA comes off next" in work(with_survey(Stage.OPENING, seals=(seal(),)), COORDINATOR)[0].why


PAUSED = active(meets_on=date(2026, 11, 24))


def test_a_pause_asks_for_the_text_that_ends_it_until_somebody_writes_it():
    task = work(PAUSED, reader())[-1]
    assert task.what == "The partnership is paused" and "Tuesday, November 24" in task.why
    assert "Write how we go on" not in acts(active(meets_on=PAUSED.meets_on, agreements=Held(reconvening=True)))


@pytest.mark.parametrize(
    ("last_day", "words"),
    [
        (date(2026, 12, 1), "Its last day is Tuesday, December 1."),
        (date(2026, 11, 10), "Its last day is Tuesday, November 10."),
        (date(2026, 11, 9), "It ended on Monday, November 9."),
    ],
)
def test_what_runs_out_is_laid_before_those_who_can_renew_it(last_day, words):
    held = Held(number=1, expiring=(Expiring(TEXT, "Paid hours", last_day),))
    [task] = [task for task in work(active(reach=STAFF, agreements=held), reader()) if task.what == "Paid hours"]
    assert task.why == words and str(TEXT) in task.url
    assert work(active(reach=STAFF, agreements=held), reader(Role.SPONSOR)) == []


def test_seals_in_preparation_name_the_parties_waited_for():
    def why(*seals, counting_key=False):
        known = with_survey(Stage.DRAFTING, seals=seals, counting_key=counting_key)
        return [task.why for task in work(known, COORDINATOR)]

    assert why() == []
    assert why(seal(), seal(party="AVUSD", made=True)) == ["Seals not made yet: AVTA."]
    assert why(seal(made=True)) == ["Every seal is made. The counting key comes next."]
    assert why(seal(made=True), counting_key=True) == ["Sheets not tried yet: AVTA."]
    assert why(seal(made=True, tried=True), counting_key=True) == []


def test_results_wait_to_be_proposed_to_staff():
    known = with_survey(Stage.COUNTED, results=RESULTS)
    assert acts(known) == ["Propose to publish"]
    assert "They were promised by Friday, December 18." in work(known, COORDINATOR)[0].why


@pytest.mark.parametrize("role", [Role.ALTERNATE, Role.SPONSOR, Role.KEEPER, Role.CHAMPION, Role.BOARD_MEMBER])
def test_no_work_is_laid_before_those_who_cannot_do_it(role):
    surveys = tuple(asked(stage, codes=Codes(9, 9), seals=(seal(ours=False),)) for stage in Stage)
    assert work(active(surveys=surveys), reader(role)) == []
    assert seal_tasks(active(surveys=surveys), reader(role)) == []


def test_members_are_shown_only_what_they_may_propose():
    surveys = (asked(Stage.COUNTED, results=RESULTS), asked(Stage.OVER), asked(Stage.OPEN, codes=Codes(9, 9)))
    assert acts(active(surveys=surveys), reader(Role.MEMBER)) == ["Propose to publish"]


# The first steps


@pytest.mark.parametrize(
    ("known", "progress", "act"),
    [
        (facts(), ["now", "later", "later"], "See who is here"),
        (facts(teams=(Team("AVTA", 1, True), Team("AVUSD"))), ["now", "later", "later"], "See who is here"),
        (facts(teams=WHOLE, founding=OURS), ["done", "now", "later"], "Turn our key"),
        (facts(teams=WHOLE, founding=THEIRS), ["done", "now", "later"], "Read what waits"),
        (facts(founded_at=SUMMER), ["done", "done", "now"], "Start the charter"),
        (facts(founded_at=SUMMER, charter=Charter(drafted=True)), ["done", "done", "now"], "Write on the charter"),
        (facts(founded_at=SUMMER, charter=Charter(paper=OURS)), ["done", "done", "now"], "Turn our key"),
    ],
)
def test_one_first_step_is_to_be_done_now(known, progress, act):
    steps = first_steps(known, reader())
    assert [step.progress for step in steps] == [Progress(word) for word in progress]
    assert [step.act for step in steps if step.url] == [act]


def test_first_steps_are_over_with_the_charter():
    assert first_steps(active(), reader()) == []


# Headline, surveys, reach


@pytest.mark.parametrize(
    ("counts", "who", "known", "words"),
    [
        ((1, 1, 1), reader(), active(), "One paper waits for our key"),
        ((2, 0, 0), reader(), facts(), "Two papers wait for our key"),
        ((6, 0, 0), reader(), active(), "6 papers wait for our key"),
        ((0, 1, 3), reader(), active(), "Our seal is asked for"),
        ((0, 0, 1), COORDINATOR, facts(), "A partnership begins"),
        ((0, 0, 1), COORDINATOR, active(), "One thing to see to"),
        ((0, 0, 7), COORDINATOR, active(), "7 things to see to"),
        ((0, 0, 0), reader(), active(), "Nothing waits for our key"),
        ((0, 0, 0), COORDINATOR, active(), "Where the partnership stands"),
        ((0, 0, 0), reader(Role.CHAMPION), active(), "Where the partnership stands"),
    ],
)
def test_the_headline_says_what_waits(counts, who, known, words):
    assert headline(known, who, *counts) == words


def test_the_count_of_an_open_survey_moves_in_the_steps_of_the_door():
    assert responses.STEP_WHILE_OPEN == STEP_WHILE_OPEN
    on = {"answers_on": datetime(2026, 11, 10, tzinfo=UTC).date()}
    for answers, words in ((0, "Fewer than 25 answers on Tuesday"), (250, "250 answers or more on Tuesday")):
        assert survey_count(asked(Stage.OPEN, answers=answers, **on), active()).startswith(words)
    assert "first counted" in survey_count(asked(Stage.OPEN), active())


def test_each_survey_under_way_has_a_word_and_its_days():
    assert set(STAGES) == {stage for stage in Stage if not asked(stage).is_done}
    days = {stage: survey_dates(asked(stage, saved_at=SUMMER, questions=1), active()) for stage in STAGES}
    assert days[Stage.DRAFTING] == "1 question. Saved on Monday, July 6."
    assert days[Stage.OPEN] == "From Monday, November 16 to Friday, December 4."
    assert survey_dates(asked(Stage.WAITING, paper=OURS), active()) == "Waits for the key of AVTA."
    closed = asked(Stage.LOOKING, closed_at=SUMMER, seals_open_on=SUMMER.date())
    assert survey_dates(closed, active()).startswith("Closed on Monday, July 6. Seals come off from Monday")
    assert survey_dates(asked(Stage.OPENING, seals=(seal(),)), active()) == "The seal of AVTA comes off next."


def test_reach_says_counts_and_puts_the_least_reached_first():
    card = reach(active(reach=STAFF), COORDINATOR)
    assert card is not None and card.chart is not None
    assert card.words == (
        "363 of 408 staff (89%) have a mailbox on the staff list. "
        "For the other 45 (11%) there is only paper or a person."
    )
    assert card.chart.heading == "Least reached by e-mail: Yard, 18 of 61"
    drawing = str(card.chart)
    assert drawing.index("Yard") < drawing.index("High") and "Office" not in drawing
    assert reach(active(), COORDINATOR) is None


def test_reach_leads_to_the_codes_only_while_a_survey_takes_them():
    card = reach(with_survey(Stage.OPEN), COORDINATOR)
    assert card is not None and card.url.endswith("/codes/")
    listed = reach(active(reach=STAFF), COORDINATOR)
    assert listed is not None and listed.url.endswith("/staff/")
    closed = reach(active(reach=STAFF), reader(Role.MEMBER))
    assert closed is not None and closed.url == ""


@pytest.mark.parametrize(
    ("part", "whole", "share"), [(0, 9, 0), (9, 9, 100), (1, 999, 1), (998, 999, 99), (1, 3, 33)]
)
def test_all_and_none_are_said_only_where_they_are_so(part, whole, share):
    assert percent(part, whole) == share
