"""The check of a certificate, against decoys made by hand: no solver, so that a fault shows where it is."""

import copy
import io
from dataclasses import replace

import numpy as np
import pytest

from commonground.disclosure.certificate import Evidence, disagreements, faults, from_bytes, to_bytes
from commonground.disclosure.limits import most_people
from commonground.disclosure.parts import Decoy, First, Part, at_least
from commonground.disclosure.printed import NO_BOUND, Printed
from commonground.disclosure.tests.survey import cell, group, one_way, released
from commonground.disclosure.weaker import hide

EVEN = [0.2] * 5
UNREADABLE = ["This is not a certificate of this release."]


@pytest.fixture
def release():
    """Return sixty people: forty at the first site, twenty at the others or nowhere, each answer as often."""
    made = released(*one_way([40, 10, 10, 0]))
    return hide(made, [frozenset({("site", place)}) for place in (1, 2)])


def decoy(*people, shares=None, answered=None, places=None):
    """Return so many people at the sites and nowhere, who answered as the shares of each say."""
    weights = [np.ones((1, 1, 5)), np.array([[each] for each in shares or [EVEN] * len(people)], dtype=float)]
    there = np.array(people, dtype=float)
    return Decoy(there, there[:, None] if answered is None else np.array(answered, float)[:, None], weights, places)


SECOND_AND_THIRD = decoy(40, 10, 10, 0)
SECOND_AND_NOWHERE = decoy(40, 10, 0, 10)
BOTH = [SECOND_AND_THIRD, SECOND_AND_NOWHERE]


def lacking(*places):
    return [
        *(f"No decoy has 10 people in the hidden cell site {place}." for place in places),
        *(f"In every decoy everyone or nobody of site {place} gave the same answer to breaks." for place in places),
    ]


def said(release, decoys):
    return faults(release, to_bytes([decoys]))


def test_two_decoys_show_all_that_a_certificate_has_to_show_and_one_does_not(release):
    assert said(release, BOTH) == []
    assert said(release, [SECOND_AND_THIRD]) == lacking(3)
    assert said(release, [SECOND_AND_NOWHERE]) == lacking(2)
    assert said(release, []) == lacking(1, 2, 3)


def test_a_decoy_may_name_the_places_in_which_it_differs_from_the_first(release):
    assert said(release, [SECOND_AND_THIRD, decoy(0, 10, places=(2, 3))]) == []
    assert said(release, [SECOND_AND_THIRD, decoy(0, 10.03, places=(2, 3))]) == [
        "Decoy 2 does not agree with what is printed: a number of people is 0.03 off.",
        *lacking(3),
    ]
    read = from_bytes([Printed(release)], to_bytes([[SECOND_AND_THIRD, decoy(0, 10, places=(2, 3))]]))
    assert [[each.places for each in family] for family in read] == [[None, (2, 3)]]


def test_a_decoy_that_does_not_agree_shows_nothing(release):
    off = "Decoy 1 does not agree with what is printed: a number of people is 5.00 off."
    assert said(release, [decoy(40, 15, 10, 0), *BOTH]) == [off]
    assert said(release, [decoy(40, 15, 10, 0)]) == [off, *lacking(1, 2, 3)]


# What is no certificate


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -0.5])
@pytest.mark.parametrize("which", ["people", "answered"])
def test_numbers_that_nothing_can_be_reckoned_with(release, number, which):
    spoilt = replace(BOTH[1], **{which: np.full_like(getattr(BOTH[1], which), number)})
    assert said(release, [BOTH[0], spoilt]) == UNREADABLE


def test_what_is_left_over_what_is_missing_and_what_begins_with_a_part(release):
    assert said(release, [BOTH[0], replace(BOTH[1], people=np.append(BOTH[1].people, 0.0))]) == UNREADABLE
    assert said(release, [BOTH[0], replace(BOTH[1], people=BOTH[1].people[:3])]) == UNREADABLE
    assert said(release, [decoy(10, 10, places=(1, 2)), *BOTH]) == UNREADABLE
    assert faults(release, to_bytes([])) == UNREADABLE and faults(release, b"") == UNREADABLE


def test_an_archive_that_would_run_a_program_is_not_opened(release):
    arrays = dict(np.load(io.BytesIO(to_bytes([BOTH]))))
    stream = io.BytesIO()
    np.savez(stream, allow_pickle=True, **{**arrays, "0.people": arrays["0.people"].astype(object)})
    assert faults(release, stream.getvalue()) == UNREADABLE


# Where a decoy differs from what is printed


def off(release, made, fixed=None):
    """Return the first difference of a decoy, None where it agrees."""
    printed = Printed(release)
    printed.fixed = First(printed, fixed).sums[0] if fixed else None
    part = Part(printed)
    return next(disagreements(part, made, part.sums(made)), None)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (decoy(40.019, 10, 10, 0, answered=(40, 10, 10, 0)), None),
        (decoy(40.03, 10, 10, 0, answered=(40, 10, 10, 0)), "a number of people is 0.03 off."),
        (decoy(40.03, 9.97, 10, 0, answered=(40, 9.97, 10.03, 0)), "more people answered than there are."),
        (decoy(40.03, 9.97, 10, 0, answered=(40, 9.97, 10.01, 0)), "a number of people is 0.03 off."),
        (decoy(40, 10, 10, 0, answered=(40, 10, 9.97, 0)), "a number of people who answered is 0.03 off."),
        (decoy(40, 10, 10, 0, answered=(40, 10, 10, 0.03)), "more people answered than there are."),
        (decoy(40, 10, 10, 0, answered=(40, 10, 10, -0.01)), "more people answered than there are."),
        (decoy(40, 10, 10.01, -0.01, answered=(40, 10, 10, 0)), "it has people where nobody can be."),
    ],
)
def test_people_and_those_who_answered_are_those_that_are_printed(release, made, words):
    assert off(release, made) == words


def tilted(first, second):
    """Return the first decoy with these answers at the first two sites."""
    return decoy(40, 10, 10, 0, shares=[np.divide(first, 40), np.divide(second, 10), EVEN, EVEN])


UPPER, RATHER, MEAN = (
    tilted([8, 8, 7.9, 8.1, 8], [2, 2, 2.1, 1.9, 2]),
    tilted([8, 8, 8, 8.1, 7.9], [2, 2, 2, 1.9, 2.1]),
    tilted([7, 8, 8, 8, 9], [3, 2, 2, 2, 1]),
)


@pytest.mark.parametrize(
    ("told", "made", "words"),
    [
        ({}, UPPER, "a number of answers is 0.10 off."),
        ({}, tilted([8.015, 7.985, 8, 8, 8], [1.985, 2.015, 2, 2, 2]), None),
        ({"options": None, "mean": None}, UPPER, "a number of upper answers is 0.10 off."),
        ({"options": None, "mean": None}, RATHER, None),
        ({"options": None, "mean": None, "top": None}, UPPER, None),
        ({"options": None, "top": None}, MEAN, "a number of mean is 2.00 off."),
        ({"options": None, "top": None}, RATHER, None),
    ],
)
def test_answers_are_those_that_are_printed(release, told, made, words):
    cell(release, site=0)["answers"]["breaks"].update(told)
    assert off(release, made) == words


def test_nobody_is_where_the_printed_numbers_leave_nobody():
    release = released(*one_way([40, 10, 10, 0]))
    assert Printed(release).empty.tolist() == [False, False, False, True]
    assert off(release, decoy(40, 10, 10, 0.019, answered=(40, 10, 10, 0))) is None
    assert off(release, decoy(40, 10, 10, 0.03, answered=(40, 10, 10, 0))) == "it has people where nobody can be."


def test_an_option_that_a_question_does_not_have_is_given_by_nobody(release):
    release["questions"].append({"id": "lift", "kind": "one", "options": 2})
    part = Part(Printed(release))
    weights = [np.ones((1, 2, 5)), np.full((4, 2, 5), 0.1)]
    people = np.array([40.0, 10, 10, 0])
    answered = np.stack([people, people / 2], axis=1)
    options = part.options_of(Decoy(people, answered, weights))
    assert options[0].tolist() == [pytest.approx([8] * 5), pytest.approx([10, 10, 0, 0, 0])]
    weights[1][1] = 0.0
    nobody = part.options_of(Decoy(people, answered, weights))
    assert nobody[1].tolist() == [[0] * 5] * 2 and nobody[2].tolist() == options[2].tolist()


def test_what_all_others_leave_of_each_bound(release):
    printed = Printed(loosely(release))
    part = Part(printed, (2, 3), First(printed, SECOND_AND_THIRD))
    everywhere = [(5, 14)], [(0, NO_BOUND)] * 2
    for bounds, expected in zip(part.people, everywhere, strict=True):
        assert list(zip(bounds.least.tolist(), bounds.most.tolist(), strict=True)) == expected
    for bounds, expected in zip(part.answered, everywhere, strict=True):
        assert list(zip(bounds.least[:, 0].tolist(), bounds.most[:, 0].tolist(), strict=True)) == expected
    printed.people[0].least[0], printed.answered[0].least[0] = 45, 45
    printed.people[0].most[0], printed.answered[0].most[0] = 48, 48
    assert (part.people[0].least[0], part.people[0].most[0]) == (0, 0)
    printed.fixed = First(printed, SECOND_AND_THIRD).sums[0]
    assert (part.people[0].least[0], part.people[0].most[0]) == (10, 10) and part.people[1].most[0] == NO_BOUND
    assert (part.answered[0].least[0, 0], part.answered[0].most[0, 0]) == (10, 10)
    assert part.answered[1].most[0, 0] == NO_BOUND
    goal = at_least(part.people, [(1, 0, 7.0), (0, 0, 12.0)])
    assert (goal[1].least[0], goal[1].most[0]) == (7, NO_BOUND) and goal[1].least[1] == 0
    assert (goal[0].least[0], goal[0].most[0]) == (12, 12) and part.people[0].least[0] == 10


# One district for all families of groups


def loosely(release):
    """Return the release with numbers of the district that leave room for a few people."""
    loose = copy.deepcopy(release)
    about = {"at_least": 55, "at_most": 64}
    cell(loose)["n"] = about
    cell(loose)["answers"]["breaks"].update(n=about, options=None, mean=None)
    return loose


MORE = decoy(40, 10, 11, 0)


def test_in_the_district_a_decoy_is_what_was_fixed(release):
    loose = loosely(release)
    assert off(loose, MORE) is None and off(loose, SECOND_AND_THIRD, SECOND_AND_NOWHERE) is None
    assert off(loose, MORE, SECOND_AND_THIRD) == "a number of people in the district is 1.00 off."
    fewer = replace(SECOND_AND_THIRD, answered=np.array([[40], [10], [9], [0]]))
    assert off(loose, fewer, SECOND_AND_THIRD) == "a number of people who answered in the district is 1.00 off."
    other = tilted([8] * 5, [2, 3, 1, 2, 2])
    assert off(loose, other) is None
    assert off(loose, other, SECOND_AND_THIRD) == "a number of answers in the district is 1.00 off."


def test_decoys_of_one_family_need_not_have_the_same_district(release):
    assert said(loosely(release), [MORE, *BOTH]) == []


@pytest.fixture
def two_families(release):
    """Return the release with a second group question that nothing ties to the first."""
    plan, columns = one_way([40, 10, 10, 0])
    plan = replace(plan, groups=(*plan.groups, group("job", 2)), margins=("site", "job"))
    columns["job"] = np.repeat([0, 1], 30).astype(np.uint8)
    made = hide(released(plan, columns), [frozenset({(name, 1)}) for name in ("site", "job")])
    return loosely(hide(made, [frozenset({("site", 2)}), frozenset({("job", 0)})]))


def jobs(*people):
    return decoy(*people)


def test_every_family_has_the_district_of_the_very_first_decoy(two_families):
    differs = "does not agree with what is printed: a number of people in the district is 1.00 off."
    groups = [jobs(30, 30, 0), jobs(20, 20, 20)]
    assert faults(two_families, to_bytes([BOTH, groups])) == []
    assert faults(two_families, to_bytes([[*BOTH, MORE], groups])) == [f"Decoy 3 {differs}"]
    others = [*groups, jobs(30, 31, 0), jobs(31, 30, 0)]
    assert faults(two_families, to_bytes([BOTH, others])) == [f"Decoy 3 {differs}", f"Decoy 4 {differs}"]
    first = [jobs(30, 31, 0), jobs(31, 30, 0), *groups]
    assert faults(two_families, to_bytes([BOTH, first])) == [f"Decoy 1 {differs}", f"Decoy 2 {differs}"]


def test_no_family_begins_with_a_part(two_families):
    groups = [jobs(30, 30, 0), jobs(20, 20, 20)]
    assert faults(two_families, to_bytes([[decoy(10, 10, places=(1, 2)), *BOTH], groups])) == UNREADABLE
    assert faults(two_families, to_bytes([BOTH, [decoy(30, 0, places=(1, 2)), *groups]])) == UNREADABLE


# What decoys show together


def test_a_hidden_cell_holds_k_people_or_its_whole_roster_in_some_decoy(release):
    assert said(release, [decoy(40, 9.985, 10.015, 0), SECOND_AND_NOWHERE]) == []
    nearly = [decoy(40, 9.97, 10.03, 0), decoy(40, 9.97, 0, 10.03)]
    assert said(release, nearly) == lacking(1)[:1]
    release["groups"][0]["reporting"][1]["roster"] = 6
    few = [decoy(40, 6, 14, 0), decoy(40, 6, 0, 14)]
    assert said(release, few) == []
    assert said(release, [decoy(40, 5, 15, 0), decoy(40, 5, 0, 15)]) == [
        "No decoy has 6 people in the hidden cell site 1."
    ]


@pytest.mark.parametrize(("people", "shown"), [(0.00101, True), (0.00099, False)])
def test_a_sliver_of_a_cell_counts_as_some_of_its_people(release, people, shown):
    mine = [people, 2, 2, 2, 4 - people]
    others = [4 - people, 2, 2, 2, people]
    both = [[EVEN, np.divide(mine, 10), np.divide(others, 10), EVEN], [EVEN, np.divide(mine, 10), EVEN, others]]
    both = [decoy(40, 10, 10, 0, shares=both[0]), decoy(40, 10, 0, 10, shares=both[1])]
    hidden = lacking(1, 2, 3)[3:]
    assert said(release, both) == ([] if shown else hidden)


def test_of_an_untold_question_each_answer_is_given_by_some_but_not_all(release):
    """The district tells nothing of the answers: everyone of the second site may have given the same one."""
    cell(release)["answers"] = {}
    alike = [[EVEN, [1, 0, 0, 0, 0], EVEN, EVEN], [EVEN, [0, 1, 1, 1, 1], EVEN, EVEN]]
    one, two = (decoy(40, 10, 10, 0, shares=each) for each in alike)
    assert said(release, [one, SECOND_AND_NOWHERE]) == []
    assert said(release, [one, two, decoy(40, 0, 10, 10)]) == []
    district = "In every decoy everyone or nobody of the district gave the same answer to breaks."
    assert said(release, [one, decoy(40, 0, 10, 10)]) == lacking(1)[1:]
    nobody = decoy(40, 10, 10, 0, answered=(40, 0, 10, 0))
    assert said(release, [nobody, decoy(40, 0, 10, 10)]) == lacking(1)[1:]
    assert district not in said(release, [])[:1] and district in said(release, [])


def test_where_one_person_at_most_can_be_nothing_is_asked_of_the_answers(release):
    reporting = release["groups"][0]["reporting"]
    for roster, asked in ((1, False), (2, True)):
        reporting[1]["roster"] = roster
        assert (lacking(1)[1] in said(release, [])) is asked
        assert f"No decoy has {roster} people in the hidden cell site 1." in said(release, [])
    reporting[1]["roster"] = 0
    assert not any("site 1" in each for each in said(release, []))


@pytest.mark.parametrize(("answered", "asked"), [(41, True), (40, False)])
def test_where_nobody_can_have_answered_nothing_is_asked_of_the_answers(release, answered, asked):
    cell(release)["answers"]["breaks"]["n"] = answered
    assert (lacking(1)[1] in said(release, [])) is asked


def test_of_what_is_lacking_the_next_decoy_is_to_show_some(release):
    cell(release)["answers"] = {}
    printed = Printed(release)
    evidence = Evidence(printed)
    (table,) = [place for place, each in enumerate(printed.tables) if each.groups]

    def wished(row):
        """Return for each option whether some are wished, and whether all but some."""
        shares = evidence.wished(table)
        least, most = shares.least[row, 0].tolist(), shares.most[row, 0].tolist()
        assert all(0 <= low < 0.01 and 0.99 < high <= 1 for low, high in zip(least, most, strict=True))
        return [(low > 0, high < 1) for low, high in zip(least, most, strict=True)]

    assert wished(1) == [(True, True)] * 5
    assert wished(0) == [(False, False)] * 5, "told, so that a range of its own says what may be"
    made = decoy(40, 10, 10, 0, shares=[EVEN, [1, 0, 0, 0, 0], EVEN, EVEN])
    part = Part(printed)
    evidence.add(part, part.sums(made))
    assert wished(1) == [(False, True)] + [(True, False)] * 4
    assert wished(2) == [(False, False)] * 5
    assert evidence.all_certain() == [(table, 1, 0), (table, 3, 0)]
    assert evidence.too_small(table).tolist() == [False, False, False, True]


# The most people that a hidden cell can hold


def test_a_cell_can_hold_what_the_printed_ones_leave_and_they_are_what_limits_it(release):
    printed = Printed(release)
    assert [table.groups for table in printed.tables] == [(), ("site",)]
    limit = most_people(printed, 1, 1)
    assert limit.most == pytest.approx(20) and limit.people == pytest.approx([40, 20, 0, 0])
    assert limit.emptied.tolist() == [False, False, True, True]
    assert [price.tolist() for price in limit.price] == [[1], [1, 0, 0, 0]]
    release["groups"][0]["reporting"][1]["roster"] = 15
    limit = most_people(Printed(release), 1, 1)
    assert limit.most == pytest.approx(15) and limit.people[1] == pytest.approx(15)
    assert [price.tolist() for price in limit.price] == [[0], [0, 1, 0, 0]]

    small_first = hide(released(*one_way([12, 30, 10, 0])), [frozenset({("site", place)}) for place in (1, 2)])
    assert most_people(Printed(small_first), 1, 1).most == pytest.approx(40)


def test_the_cells_that_limit_it_are_named_table_by_table(two_families):
    price = most_people(Printed(two_families), 1, 1).price
    assert [each.tolist() for each in price] == [[1], [1, 0, 0, 0], [0, 0, 0]]


def test_a_table_that_nobody_can_fill_has_no_limit(release):
    cell(release)["n"] = 39
    printed = Printed(release)
    with pytest.raises(ArithmeticError):
        most_people(printed, 1, 1)
