"""When a survey may be frozen: every gap, one at a time, out of a draft without any."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from commonground.surveys.rules import (
    Advice,
    Asked,
    Crossing,
    Draft,
    Gap,
    Group,
    Outlook,
    Seal,
    Words,
    advice,
    by_level,
    gaps,
    inner_cross,
    outlook,
    outlook_crossed,
    sealing_order_is_right,
)
from commonground.surveys.sentences import SENTENCES, prospects, sentence

NOW = datetime(2026, 11, 3, 17, tzinfo=UTC)
BOTH = Words("Yes.", "Sí.")
SITES = (Group(Words("Oak", "Oak"), 30), Group(Words("High", "High"), 40))


def question(number, **changed):
    given = {"kind": "agreement", "text": BOTH, **changed}
    return Asked(id=f"q{number}", number=number, **given)


def site(number, groups=SITES, **changed):
    return question(number, kind="one", dimension="site", margin=True, groups=groups, **changed)


WHOLE = Draft(
    texts={"title": BOTH, "purpose": BOTH, "message": BOTH, "contact": BOTH},
    parts=((BOTH, 2),),
    questions=(question(1), site(2)),
    pairs=(),
    help_lines=Words(),
    zone="America/Los_Angeles",
    opens_at=datetime(2026, 11, 16, 14, tzinfo=UTC),
    closes_at=datetime(2026, 12, 12, 4, tzinfo=UTC),
    opening_on=date(2026, 12, 14),
    results_by=date(2027, 1, 8),
    minimum=10,
    eligible=70,
    seals=(Seal("Local 27", 2, True, True), Seal("District", 2, True, True)),
    has_counting_key=True,
)


def codes(draft):
    return [finding.code for finding in gaps(draft, NOW)]


def test_a_whole_draft_has_no_gap():
    assert codes(WHOLE) == []


ONE = question(1, kind="one", options=(BOTH,))
MANY = question(1, kind="several", options=tuple(Words(str(n), str(n)) for n in range(41)))
SMALL = (Group(Words("Oak", "Oak"), 4), Group(Words("High", "High"), 9))
CROSSED = (question(1), site(2), replace(site(3), dimension="job_family"))
THIN = Crossing(("q3", "q2"), (9, 9, 4))
UNTRIED = (Seal("Local 27", 2, True, False), Seal("District", 2, True, True))
UNMADE = (Seal("Local 27", 2, False, False), Seal("District", 2, True, True))


@pytest.mark.parametrize(
    ("changed", "gap"),
    [
        ({"questions": (), "parts": ()}, Gap.NO_QUESTIONS),
        ({"parts": ((BOTH, 2), (BOTH, 0))}, Gap.EMPTY_PART),
        ({"texts": {**WHOLE.texts, "purpose": Words()}}, Gap.NO_WORDS),
        ({"texts": {**WHOLE.texts, "purpose": Words("Why", "")}}, Gap.NO_SPANISH),
        ({"texts": {**WHOLE.texts, "purpose": Words("", "Por qué")}}, Gap.NO_ENGLISH),
        ({"parts": ((Words("Part", ""), 2),)}, Gap.NO_SPANISH),
        ({"questions": (question(1, text=Words("Yes", "")), site(2))}, Gap.NO_SPANISH),
        ({"questions": (question(1, help=Words("So", "")), site(2))}, Gap.NO_SPANISH),
        ({"questions": (ONE, site(2))}, Gap.FEW_OPTIONS),
        ({"questions": (MANY, site(2))}, Gap.MANY_OPTIONS),
        ({"questions": (question(1, health=True), site(2))}, Gap.NO_HELP_LINES),
        ({"help_lines": Words("One\nTwo", "Una")}, Gap.NO_SPANISH),
        ({"eligible": 0}, Gap.NOBODY_ASKED),
        ({"opens_at": None}, Gap.NO_WINDOW),
        ({"opens_at": datetime(2026, 11, 3, 16, tzinfo=UTC)}, Gap.WINDOW_PAST),
        ({"closes_at": datetime(2026, 11, 15, tzinfo=UTC)}, Gap.WINDOW_BACKWARDS),
        ({"opening_on": None}, Gap.NO_OPENING),
        ({"opening_on": date(2026, 12, 13)}, Gap.OPENING_TOO_SOON),
        ({"results_by": date(2026, 12, 10)}, Gap.RESULTS_BEFORE_CLOSING),
        ({"questions": (question(1, change_wanted_by=("Local 27",)), site(2))}, Gap.CHANGE_WANTED),
        ({"pairs": (("q2", "q3"),), "questions": CROSSED, "crossings": (THIN,)}, Gap.PAIR_NEVER_SHOWN),
        ({"results_by": None}, Gap.NO_RESULTS_DAY),
        ({"results_by": date(2026, 12, 13)}, Gap.RESULTS_TOO_SOON),
        ({"questions": (question(1), site(2, SMALL))}, Gap.NEVER_SHOWN),
        ({"seals": (Seal("Local 27", 1, True, True),)}, Gap.FEW_KEEPERS),
        ({"seals": UNMADE, "has_counting_key": False}, Gap.SEAL_NOT_MADE),
        ({"has_counting_key": False}, Gap.NO_COUNTING_KEY),
        ({"seals": UNTRIED}, Gap.SEAL_NOT_TRIED),
    ],
)
def test_each_thing_missing_is_named_and_has_a_sentence(changed, gap):
    found = gaps(replace(WHOLE, **changed), NOW)
    assert {finding.code for finding in found} == {gap}
    assert all("%(" not in sentence(finding) for finding in found)


def test_the_opening_day_counts_from_closing_in_the_district_not_in_utc():
    closes = datetime(2026, 12, 12, 4, tzinfo=UTC)
    assert closes.date() == date(2026, 12, 12)
    assert codes(replace(WHOLE, closes_at=closes, opening_on=date(2026, 12, 14))) == []


def test_an_inner_cross_beyond_250_cells_is_refused():
    groups = tuple(Group(Words(str(n), str(n)), 50) for n in range(17))
    family = replace(site(3, groups), dimension="job_family")
    shift = replace(site(4, groups[:15]), dimension="shift")
    draft = replace(WHOLE, questions=(question(1), site(2), family, shift), parts=((BOTH, 4),))
    fits = replace(draft, pairs=(("q2", "q3"),))
    assert (inner_cross(fits), codes(fits)) == (17, [])
    crossed = replace(draft, pairs=(("q2", "q3"), ("q2", "q4")))
    assert (inner_cross(crossed), codes(crossed)) == (255, [Gap.CROSS_TOO_LARGE])


def test_a_breakdown_whose_roster_nobody_knows_may_be_planned():
    unknown = tuple(replace(group, roster=None) for group in SMALL)
    assert codes(replace(WHOLE, questions=(question(1), site(2, unknown)))) == []


def advised(draft):
    return {finding.code for finding in advice(draft)}


def test_advice_stops_nobody():
    long = replace(WHOLE, questions=tuple(question(n, kind="text") for n in range(1, 14)), parts=((BOTH, 13),))
    assert advised(long) == {Advice.LONG, Advice.NOBODY_READS} and codes(long) == []


@pytest.mark.parametrize(
    ("reviewers", "alert", "found"),
    [
        ((), Words(), []),
        ((True,), BOTH, [Gap.ONE_REVIEWER]),
        ((True, False), BOTH, [Gap.NO_READING_KEY]),
        ((True, True), Words("Priya"), [Gap.NO_ALERT]),
        ((True, True), BOTH, []),
    ],
)
def test_reviewers_are_named_whole_or_not_at_all(reviewers, alert, found):
    asked = replace(WHOLE, questions=(question(1, kind="text"),), parts=((BOTH, 1),))
    draft = replace(asked, reviewers=reviewers, alert=alert)
    assert codes(draft) == found
    assert (Advice.NOBODY_READS in advised(draft)) == (not reviewers)
    assert codes(replace(draft, questions=(question(1),))) == []
    hard = "Organizational communication necessitates comprehensive interdepartmental accountability."
    assert Advice.HARD in advised(replace(WHOLE, questions=(question(1, text=Words(hard, "Sí.")), site(2))))
    assert advised(replace(WHOLE, results_by=date(2027, 1, 13))) == {Advice.RESULTS_LATE}
    assert advised(replace(WHOLE, questions=(question(1), site(2, uncounted=3)))) == {Advice.LIST_INCOMPLETE}


def places(*rosters):
    """A question for the place: one group of each level and number of people, a third level last with the rest."""
    levels = [Words(name, name) for name in ("Elementary", "High", "Central")]
    groups = [
        Group(Words(f"{level.en} {n}"), roster, ("one",), level)
        for level, roster in zip(levels, rosters, strict=True)
        for n in range(2)
    ]
    return question(2, kind="one", dimension="site", margin=True, groups=tuple(groups))


@pytest.mark.parametrize(
    ("rosters", "own", "rest"),
    [
        ((100, 100, 100), ["Elementary", "High", "Central"], []),
        ((100, 100, 15), ["Elementary"], ["High", "Central"]),
        ((100, 15, 15), [], ["Elementary", "High", "Central"]),
    ],
)
def test_what_the_staff_list_says_of_comments_by_kind_of_place(rosters, own, rest):
    found = by_level(places(*rosters))
    assert found and [each.en for each in found.own] == own and [each.en for each in found.rest] == rest
    assert by_level(places(100, None, 100)) is None


def test_comments_by_kind_of_place_want_a_place_with_kinds():
    asked = replace(WHOLE, questions=(question(1, kind="text"),), parts=((BOTH, 1),), reviewers=(True, True))
    draft = replace(asked, alert=BOTH, by_level=True)
    assert codes(draft) == [Gap.NO_LEVELS]
    assert Gap.NO_LEVELS not in codes(replace(draft, questions=(question(1, kind="text"), places(100, 100, 100))))


def test_groups_too_small_to_show_or_to_cross_are_named():
    groups = (Group(Words("Oak", "Roble"), 14), Group(Words("High", "Alta"), 7), Group(Words("Elm", "Olmo"), 40))
    family = replace(site(3), dimension="job_family")
    draft = replace(WHOLE, questions=(question(1), site(2, groups), family), pairs=(("q2", "q3"),))
    found = {finding.code: sentence(finding) for finding in advice(draft)}
    assert set(found) == {Advice.TOO_SMALL_TO_SHOW, Advice.TOO_SMALL_TO_CROSS}
    assert "High" in found[Advice.TOO_SMALL_TO_SHOW] and "Oak" not in found[Advice.TOO_SMALL_TO_SHOW]
    assert "Oak, High" in found[Advice.TOO_SMALL_TO_CROSS] and "Elm" not in found[Advice.TOO_SMALL_TO_CROSS]


def test_results_before_closing_are_named_also_without_an_opening_day():
    draft = replace(WHOLE, opening_on=None, results_by=date(2026, 12, 1))
    assert codes(draft) == [Gap.NO_OPENING, Gap.RESULTS_BEFORE_CLOSING]


def test_a_crossing_with_one_cell_that_can_be_shown_may_be_planned():
    assert (
        codes(
            replace(WHOLE, pairs=(("q2", "q3"),), questions=CROSSED, crossings=(Crossing(("q2", "q3"), (9, 10)),))
        )
        == []
    )


def test_words_worth_a_second_look_are_named_with_their_question():
    odd = question(1, text=Words("What is your salary?", "¿Cuánto es su sueldo?"))
    (found,) = advice(replace(WHOLE, questions=(odd, site(2))))
    assert (found.code, found.about, found.values["word"]) == (Advice.BARGAINED, "question 1", "salary")
    personal = question(
        1, options=(Words("Nobody asked", "Nadie"), Words("About your age", "Por su edad")), kind="one"
    )
    assert Advice.TOO_PERSONAL in advised(replace(WHOLE, questions=(personal, site(2))))


def test_spanish_that_reads_hard_is_named():
    hard = "Consideraciones institucionales sobre responsabilidades interdepartamentales correspondientes."
    assert Advice.HARD_SPANISH in advised(
        replace(WHOLE, questions=(question(1, text=Words("Yes.", hard)), site(2)))
    )
    assert Advice.HARD_SPANISH not in advised(WHOLE)


def test_the_outlook_names_what_is_joined_what_is_small_and_what_half_of_the_answers_leave():
    groups = (
        Group(Words("Oak and Elm", "Roble y Olmo"), 24, ("Oak", "Elm")),
        Group(Words("High", "Alta"), 14, ("High",)),
        Group(Words("Yard", "Patio"), 7, ("Yard",)),
    )
    found = outlook(site(2, groups), 10)
    assert found == Outlook(3, 2, 1, (Words("Oak and Elm", "Roble y Olmo"),), (Words("Yard", "Patio"),))
    assert prospects(found, 10) == [
        "2 of 3 groups have 10 people or more on the staff list.",
        "If half of the people answer, 1 can be shown.",
        "Joined, since one alone is too small: Oak and Elm.",
        "Never shown alone: Yard.",
    ]


def test_a_breakdown_that_can_never_be_shown_is_said_in_words():
    assert prospects(outlook(site(2, SMALL), 10), 10) == [
        "It can never be shown: no group has 10 people on the staff list."
    ]
    assert prospects(outlook_crossed(THIN, 10), 10) == prospects(outlook(site(2, SMALL), 10), 10)


def test_without_a_roster_nothing_is_foretold():
    assert outlook(site(2, (Group(BOTH, 30), Group(BOTH, None))), 10) is None
    assert outlook(question(1), 10) is None
    assert prospects(None, 10) == ["The staff list does not say how many people are in each group."]


def test_every_finding_has_a_sentence():
    assert set(SENTENCES) == {*Gap, *Advice}


@pytest.mark.parametrize(
    ("kinds", "right"),
    [
        ([True, False], True),
        ([True, True, True, False], True),
        ([False], False),
        ([True], False),
        ([False, True], False),
        ([True, False, False], False),
        ([], False),
    ],
)
def test_labor_seals_first_and_management_last(kinds, right):
    assert sealing_order_is_right(kinds) is right
