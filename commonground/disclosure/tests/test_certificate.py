"""The certificate over answers: decoys that agree with everything printed, and what they show of what is not."""

from dataclasses import replace
from hashlib import sha256
from itertools import product

import numpy as np
import pytest

from commonground.disclosure.attack import learn
from commonground.disclosure.certificate import (
    Evidence,
    disagreements,
    faults,
    from_bytes,
    printed_by_family,
    to_bytes,
)
from commonground.disclosure.certifying import Certifying
from commonground.disclosure.limits import most_people
from commonground.disclosure.parts import Decoy, First, Part
from commonground.disclosure.plan import Question
from commonground.disclosure.printed import NO_BOUND, Printed, families
from commonground.disclosure.search import NoDecoy, Search
from commonground.disclosure.tests.survey import (
    AGREE,
    answers_by_job,
    cell,
    group,
    one_way,
    place_of,
    released,
    shown_without_care,
    two_way,
)
from commonground.disclosure.verify import verify
from commonground.disclosure.weaker import hide, is_told_less

COUNTS = [
    [34, 28, 41, 4],
    [31, 6, 5, 2],
    [45, 33, 4, 3],
    [29, 36, 30, 6],
    [3, 2, 4, 1],
]
QUESTIONS = (AGREE, Question("pride", "frequency", 5), Question("rest", "scale10", 11), Question("lift", "one", 2))


@pytest.fixture(scope="module")
def survey():
    """Return plan, columns and release of a district with eight hidden crossed cells."""
    plan, columns = two_way(COUNTS, QUESTIONS, eligible=700, seed=7)
    return plan, columns, released(plan, columns)


def truth(printed, release, columns):
    """Return the people and answers that the release was made of, as numbers of each atom."""
    code = np.zeros(len(columns["site"]), dtype=int)
    for axis in printed.axes:
        label = np.array([place_of(release, axis, label) for label in range(4 if axis == "site" else 3)] + [0])
        left = next(
            i
            for i, part in enumerate(next(g for g in release["groups"] if g["id"] == axis)["reporting"])
            if part["left_out"]
        )
        column = columns[axis]
        code = code * printed.released.sizes[axis] + np.where(
            column == 255, left, label[np.where(column == 255, 0, column)]
        )
    people = np.bincount(code, minlength=printed.atoms).astype(float)
    options = np.zeros((printed.atoms, len(printed.items), printed.widest))
    for place, item in enumerate(printed.items):
        options[:, place] = np.bincount(
            code * printed.widest + columns[item.question], minlength=printed.atoms * printed.widest
        ).reshape(printed.atoms, printed.widest)
    return people, options


def test_what_is_read_of_a_release_holds_for_the_answers_it_was_made_of(survey):
    _, columns, release = survey
    printed = Printed(release)
    people, options = truth(printed, release, columns)
    answered = options.sum(axis=2)
    for table, bounds, numbers, shares in zip(
        printed.tables, printed.people, printed.answered, printed.shares, strict=True
    ):
        given, there = table.sums(options), table.sums(answered)
        assert bounds.outside(table.sums(people)) == 0
        assert numbers.outside(there) == 0
        for each, values in (
            (shares.options, given),
            (shares.top, (given * printed.in_top).sum(axis=2)),
            (shares.mean, (given * printed.points).sum(axis=2)),
        ):
            whole = there[:, :, None] if values.ndim == 3 else there
            assert np.maximum(each.least * whole - values, values - each.most * whole).max() < 1e-6


def certify(release):
    """Return the release certified, with its decoys."""
    made = Certifying(release)
    assert made.go_on()
    return made


def decoys_of(certified):
    """Return the decoys of a release with one family of groups."""
    (search,) = certified.searches
    return search.decoys


def told(certified, decoys):
    """Return what is said of these decoys as the certificate of the release."""
    return faults(certified.document, to_bytes([decoys]))


@pytest.fixture(scope="module")
def certified(survey):
    return certify(survey[2])


def test_a_release_is_certified_for_every_hidden_cell_and_answer(certified):
    assert faults(certified.document, certified.certificate()) == []
    printed = Printed(certified.document)
    hidden = sum(int(flags.sum()) for flags in printed.hidden)
    assert hidden >= 6


def test_each_decoy_prints_the_same_numbers(certified):
    printed = Printed(certified.document)
    first = First(printed, decoys_of(certified)[0])
    for decoy in decoys_of(certified):
        part = Part(printed, decoy.places, first)
        assert list(disagreements(part, decoy, part.sums(decoy))) == []


def test_decoys_differ_in_how_many_a_hidden_cell_holds(certified):
    printed = Printed(certified.document)
    first = First(printed, decoys_of(certified)[0])
    most = [np.zeros(len(table.cells)) for table in printed.tables]
    for decoy in decoys_of(certified):
        part = Part(printed, decoy.places, first)
        for each, sums in zip(part.touched, part.sums(decoy), strict=True):
            most[each.place][each.cells] = np.maximum(most[each.place][each.cells], sums.people)
    for hidden, reach, found in zip(printed.hidden, printed.reach, most, strict=True):
        assert (found[hidden & (reach.most > 0)] >= 10 - 0.02).all()


def test_a_certificate_survives_as_bytes_and_says_the_same_twice(certified, survey):
    data = certified.certificate()
    assert faults(certified.document, data) == []
    again = certify(survey[2])
    assert again.certificate() == data and again.document == certified.document
    assert [len(each) for each in from_bytes([Printed(certified.document)], data)] == [certified.decoys]


def test_nothing_but_the_release_is_needed_whatever_the_answers_behind_it(survey, certified):
    plan, columns, release = survey
    order = np.random.default_rng(3).permutation(len(columns["site"]))
    shuffled = released(plan, {name: column[order] for name, column in columns.items()})
    assert shuffled == release and certify(shuffled).certificate() == certified.certificate()


def test_a_decoy_that_prints_another_number_is_found(certified):
    first = decoys_of(certified)[0]
    richer = Decoy(first.people * 1.01, first.answered, first.weights)
    assert any("people" in fault for fault in told(certified, [richer, *decoys_of(certified)[1:]]))
    tilted = [each.copy() for each in first.weights]
    tilted[0][0, 0, 4] *= 1.5
    assert any("answers" in fault for fault in told(certified, [Decoy(first.people, first.answered, tilted)]))


def test_a_decoy_that_is_missing_leaves_a_cell_unshown(certified):
    assert any("people in the hidden cell" in fault for fault in told(certified, decoys_of(certified)[:1]))


def test_the_certificate_of_another_release_is_refused(certified):
    other = released(*two_way([[40, 30, 5], [30, 41, 6], [4, 3, 1]], seed=2))
    assert faults(other, certified.certificate()) == ["This is not a certificate of this release."]
    assert faults(other, b"not an archive") == ["This is not a certificate of this release."]


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -1.0])
def test_a_certificate_of_numbers_that_nothing_can_be_reckoned_with_is_refused(certified, number):
    first = decoys_of(certified)[0]
    spoilt = Decoy(np.full_like(first.people, number), first.answered, first.weights)
    assert told(certified, [spoilt]) == ["This is not a certificate of this release."]


def test_a_certificate_begins_with_a_whole_data_set_and_has_nothing_left_over(certified):
    part = next(decoy for decoy in decoys_of(certified) if decoy.places)
    for decoys in (
        [part],
        [decoys_of(certified)[0], Decoy(part.people[:-1], part.answered, part.weights, part.places)],
    ):
        assert told(certified, decoys) == ["This is not a certificate of this release."]
    nowhere = Decoy(part.people, part.answered, part.weights, (99, 100))
    assert told(certified, [decoys_of(certified)[0], nowhere]) == ["This is not a certificate of this release."]


def test_a_decoy_that_differs_in_few_places_keeps_the_printed_numbers_of_all(certified):
    """Put the people of the places back among all others, and add everything up."""
    printed = Printed(certified.document)
    parts = [decoy for decoy in decoys_of(certified) if decoy.places]
    assert parts
    for decoy in parts:
        people, answered = decoys_of(certified)[0].people.copy(), decoys_of(certified)[0].answered.copy()
        atoms = printed.atoms_of(decoy.places or ())
        people[atoms], answered[atoms] = decoy.people, decoy.answered
        for table, bounds, numbers in zip(printed.tables, printed.people, printed.answered, strict=True):
            assert bounds.outside(table.sums(people)) <= 0.02
            assert numbers.outside(table.sums(answered)) <= 0.02


def test_a_cell_that_lines_leave_empty_needs_no_decoy():
    release = released(*two_way([[40, 0, 0], [30, 41, 0], [33, 35, 0]], seed=5))
    printed = Printed(release)
    assert printed.empty.any()
    assert faults(release, certify(release).certificate()) == []


@pytest.fixture(scope="module")
def alike_answers():
    return answers_by_job()


@pytest.fixture(scope="module")
def alike(alike_answers):
    """Return the release of these answers."""
    return released(*alike_answers)


def test_shares_that_bound_a_hidden_cell_are_told_in_steps_or_not_at_all(alike):
    made = certify(alike)
    assert faults(made.document, made.certificate()) == []
    told = [
        (before["answers"][question], after["answers"][question])
        for before, after in zip(alike["cells"], made.document["cells"], strict=True)
        for question in before["answers"]
    ]
    less = [(before, after) for before, after in told if before != after]
    assert less and all(is_told_less(after, before) and not is_told_less(before, after) for before, after in less)
    assert len(less) <= len(told) / 4
    assert learn(made.document) == []


def test_where_numbers_of_people_alone_bound_a_hidden_cell_one_more_is_hidden(survey):
    """Every group of ten or more is printed: what is left of the totals bounds the small ones below ten."""
    plan, columns, release = survey
    careless = shown_without_care(release, plan, columns, least=10)
    made = certify(careless)
    before = {frozenset(each["at"].items()): each for each in careless["cells"]}
    after = {frozenset(each["at"].items()): each for each in made.document["cells"]}
    assert made.hidden and all(before[at]["status"] == "shown" and at for at in made.hidden)
    assert {at for at in after if after[at]["status"] != before[at]["status"]} == set(made.hidden)
    printed = Printed(made.document)
    for table, flags in enumerate(printed.hidden):
        for place in np.flatnonzero(flags & (printed.reach[table].most > 0)).tolist():
            assert most_people(printed, table, place).most >= 10 - 0.02


def test_hidden_cells_are_named_and_the_release_says_of_itself_what_then_holds(survey):
    plan, columns, release = survey
    shown = next(each for each in release["cells"] if len(each["at"]) == 2 and each["status"] == "shown")
    less = hide(release, [frozenset(shown["at"].items())])
    assert verify(less) == [] and cell(less, **shown["at"])["answers"] == {}
    assert less["loss"]["hidden"] == release["loss"]["hidden"] + 1
    assert release["cells"] == released(plan, columns)["cells"]


def test_where_it_is_stopped_and_taken_up_again_changes_nothing(alike):
    whole, steps = certify(alike), Certifying(alike)
    while not steps.go_on(iter([False, True]).__next__):
        assert steps.progress[0] <= steps.progress[1] and not steps.is_done
        steps = Certifying.from_bytes(steps.to_bytes())
    assert steps.document == whole.document and steps.certificate() == whole.certificate()
    assert Certifying.from_bytes(steps.to_bytes()).go_on()


def test_the_most_people_of_a_cell_are_those_of_every_way_to_fill_the_table(survey):
    """Fill the hidden cells in every way of whole people that the printed numbers allow."""
    plan, columns = two_way([[20, 4, 0], [5, 21, 0], [0, 0, 0]], seed=4)
    careless = shown_without_care(released(plan, columns), plan, columns, least=20)
    printed = Printed(careless)
    table = next(i for i, each in enumerate(printed.tables) if len(each.groups) == 2)
    for place in np.flatnonzero(printed.hidden[table]).tolist():
        ways = [filled[place] for filled in every_way(printed, table)]
        assert most_people(printed, table, place).most == pytest.approx(max(ways))


def every_way(printed, table):
    """Yield the people of each atom in every way that agrees with the printed numbers of people."""
    at_most = [int(each) for each in printed.reach[table].most]
    for filled in product(*(range(most + 1) for most in at_most)):
        people = np.array(filled, dtype=float)
        if all(b.outside(t.sums(people)) == 0 for t, b in zip(printed.tables, printed.people, strict=True)):
            yield filled


def test_evidence_counts_a_sliver_as_some(certified):
    printed = Printed(certified.document)
    evidence, first = Evidence(printed), First(printed, decoys_of(certified)[0])
    assert evidence.all_certain() and evidence.too_small(len(printed.tables) - 1).any()
    for decoy in decoys_of(certified):
        part = Part(printed, decoy.places, first)
        evidence.add(part, part.sums(decoy))
    assert not evidence.all_certain()


def test_what_is_not_told_has_no_bound(certified):
    printed = Printed(certified.document)
    for numbers, shares in zip(printed.answered, printed.shares, strict=True):
        untold = ~shares.told
        assert (shares.top.most[untold] == NO_BOUND).all()
        assert numbers.most.shape[1] == len(printed.questions)


def test_what_is_certified_keeps_every_rule_and_names_its_certificate(alike):
    made = certify(alike)
    assert verify(made.document) == [] and learn(made.document) == []
    assert made.document["certificate"] == {"hash": sha256(made.certificate()).hexdigest(), "hidden": []}
    assert alike["certificate"] is None


@pytest.fixture(scope="module")
def two_families():
    """Return a district in which tenure stands beside site x job in no pair, certified."""
    plan, columns = two_way(COUNTS, QUESTIONS, eligible=700, seed=7)
    tenure = group("tenure", 4)
    plan = replace(plan, groups=(*plan.groups, tenure), margins=(*plan.margins, "tenure"))
    chance = np.random.default_rng(5)
    columns["tenure"] = chance.choice(5, len(columns["site"]), p=[0.02, 0.4, 0.3, 0.26, 0.02]).astype(np.uint8)
    columns["tenure"][columns["tenure"] == 4] = 255
    return certify(released(plan, columns))


def test_decoys_of_groups_that_no_pair_ties_together_hold_the_same_district(two_families):
    """Any decoy of one family goes together with any of the other only then."""
    printed = printed_by_family(two_families.document)
    assert [each.axes for each in printed] == [["site", "job"], ["tenure"]]
    assert sum(each.atoms for each in printed) < Printed(two_families.document).atoms / 3
    first, second = (search.decoys for search in two_families.searches)
    assert faults(two_families.document, to_bytes([first, second])) == []
    other = [Decoy(each.people * 1.001, each.answered, each.weights, each.places) for each in second]
    assert any("in the district" in fault for fault in faults(two_families.document, to_bytes([first, other])))


def test_families_are_the_groups_that_pairs_tie_together(survey, two_families):
    assert families(survey[2]) == [("site", "job")]
    assert families(two_families.document) == [("site", "job"), ("tenure",)]
    assert families(released(*one_way([30, 30, 0]))) == [("site",)]
    alone = {**survey[2], "groups": [], "pairs": []}
    assert families(alone) == [()]


def test_where_more_people_name_a_place_than_its_roster_holds_the_release_is_certified_all_the_same():
    """The place is hidden, and crossed cells of it are printed that add to more than its roster."""
    plan, columns = two_way([[25, 24, 0], [40, 41, 0], [33, 35, 0], [0, 0, 0]], eligible=400, seed=5)
    plan = replace(plan, groups=(group("site", 3, roster=(21, 150, 150)), plan.group("job")))
    release = released(plan, columns)
    assert cell(release, site=0)["n"] is None
    printed = sum(
        each["n"] or 0 for each in release["cells"] if each["at"].get("site") == 0 and len(each["at"]) == 2
    )
    assert printed > 21
    made = certify(release)
    assert faults(made.document, made.certificate()) == [] and verify(made.document) == []


def test_where_nothing_else_helps_a_whole_table_is_left_out(alike, monkeypatch):
    step = Search.step

    def stuck(self, fixed):
        if any(cell["n"] is not None for cell in self.document["cells"] if len(cell["at"]) == 2):
            raise NoDecoy
        return step(self, fixed)

    monkeypatch.setattr(Search, "step", stuck)
    made = certify(alike)
    before = [cell["at"] for cell in alike["cells"] if len(cell["at"]) == 2 and cell["status"] == "shown"]
    assert before and [dict(at) for at in made.hidden][: len(before)] == before
    assert faults(made.document, made.certificate()) == [] and verify(made.document) == []


def test_where_only_a_district_held_fast_stands_against_it_there_is_no_decoy(two_families):
    """Then a table is left out: nothing of the question is told beside the district."""
    search = Search({**two_families.document, "certificate": None}, ("tenure",))
    search.printed.fixed = two_families.searches[0].first.sums[0]
    for cell_of_question in search.printed.answered[1:]:
        cell_of_question.most[:, 0] = NO_BOUND
    with pytest.raises(NoDecoy):
        search._off(0, {(0, 0): 1.0}, set())
