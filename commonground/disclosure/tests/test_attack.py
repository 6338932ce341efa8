"""Each adversary must find the leak that is planted for it, and nothing in a release that the gate made."""

import copy

import pytest

from commonground.disclosure import attack
from commonground.disclosure.attack import learn
from commonground.disclosure.reading import Released
from commonground.disclosure.tests.survey import cell, one_way, released, shown_without_care, two_way

SMALL = [[18, 2, 0], [14, 19, 0], [12, 10, 0], [11, 14, 0], [0, 0, 0]]


@pytest.fixture
def careful():
    return released(*two_way(SMALL))


def print_again(release, people, **at):
    changed = copy.deepcopy(release)
    cell(changed, **at).update(status="shown", n=people, reason=None)
    return changed


def without_answers(release):
    changed = copy.deepcopy(release)
    for each in changed["cells"]:
        each["answers"] = {}
    return changed


def test_nothing_is_learnt_from_a_careful_release(careful):
    assert learn(careful) == []


def test_knowing_the_empty_cells_teaches_nothing_more(careful):
    empty = [{"site": site, "job": 2} for site in range(5)] + [{"site": 4, "job": job} for job in range(3)]
    assert learn(careful, empty) == []


def test_one_subtraction_finds_a_single_hidden_cell():
    plan, columns = one_way([40, 30, 5, 0])
    careless = without_answers(shown_without_care(released(plan, columns), plan, columns, least=10))
    cell(careless, site=len(careless["groups"][0]["reporting"]) - 1).update(status="shown", n=0)
    planted = print_again(careless, 30, site=0)
    cell(planted, site=1).update(status="withheld", n=None)
    assert attack.one_subtraction(Released(planted)) == ["By one subtraction: site 1 holds 45 people."]


def test_repeated_subtraction_finds_what_one_does_not():
    counts = [[3, 20, 20, 0], [20, 12, 20, 0], [20, 20, 20, 0], [0, 0, 0, 0]]
    plan, columns = two_way(counts)
    careless = without_answers(shown_without_care(released(plan, columns), plan, columns))
    for site, job in ((0, 0), (1, 0), (1, 1)):
        cell(careless, site=site, job=job).update(status="withheld", n=None)
    cell(careless, job=0).update(status="withheld", n=None)
    one = attack.one_subtraction(Released(careless))
    closure = attack.subtraction_to_closure(Released(careless))
    assert not any("job 0 x site 1" in sentence for sentence in one)
    assert "By repeated subtraction: job 0 x site 1 holds 20 people." in closure


def test_linear_algebra_finds_what_no_line_gives():
    counts = [[3, 20, 20, 0, 0], [20, 3, 20, 0, 0], [0, 0, 20, 3, 20], [0, 0, 20, 20, 3], [0, 0, 0, 0, 0]]
    plan, columns = two_way(counts)
    careless = without_answers(shown_without_care(released(plan, columns), plan, columns))
    for site, job in ((0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 2), (2, 3), (2, 4), (3, 3), (3, 4)):
        cell(careless, site=site, job=job).update(status="withheld", n=None)
    assert attack.subtraction_to_closure(Released(careless)) == []
    found = attack.linear_algebra(Released(careless))
    assert "By linear algebra: job 2 x site 1 holds 20 people." in found


def test_an_empty_cell_that_everyone_knows_opens_a_hidden_one(careful):
    empty = [frozenset({("site", site), ("job", 2)}) for site in range(5)]
    empty += [frozenset({("site", 4), ("job", job)}) for job in range(3)]
    assert attack.linear_algebra(Released(careful), empty) == []
    opened = attack.linear_algebra(Released(careful), [*empty, frozenset({("site", 2), ("job", 0)})])
    assert any("job 1 x site 2 holds" in sentence for sentence in opened)


def test_the_complement_of_a_group_must_not_be_small():
    planted = without_answers(print_again(released(*one_way([60, 45, 0])), 98, site=0))
    assert attack.complements(Released(planted)) == [
        "Complement: only 7 people of the district lie outside site 0."
    ]


def test_a_remainder_of_one_to_nine_is_found():
    planted = without_answers(print_again(released(*one_way([40, 30, 20, 10])), 44, site=1))
    for site in (2, 3):
        cell(planted, site=site).update(status="withheld", n=None)
    cell(planted).update(n=90)
    assert attack.small_remainders(Released(planted)) == ["Remainder: 6 people are left in site 2, site 3."]


def test_a_remainder_taken_from_a_remainder_is_found():
    counts = [[3, 20, 20, 0], [9, 5, 20, 0], [20, 20, 20, 0], [0, 0, 0, 0]]
    plan, columns = two_way(counts)
    careless = without_answers(shown_without_care(released(plan, columns), plan, columns))
    for site, job in ((0, 0), (1, 0), (1, 1)):
        cell(careless, site=site, job=job).update(status="withheld", n=None)
    found = attack.small_remainders(Released(careless))
    assert any("5 people are left in job 1 x site 1" in sentence for sentence in found)


def test_the_number_of_a_question_that_tells_few_left_it_out_is_found():
    release = released(*one_way([40, 30, 0]))
    cell(release)["answers"]["breaks"]["n"] = 67
    found = attack.small_counts_of_questions(hide_question(release))
    assert "Remainder: 3 people of the district left out breaks." in found


def hide_question(release):
    for each in release["cells"][1:]:
        each["answers"] = {}
    return Released(release)


def test_a_colleague_who_gave_the_only_other_answer_is_warned_of():
    release = released(*one_way([40, 30, 0]))
    cell(release, site=0)["answers"]["breaks"]["options"] = [98, 2, 0, 0, 0]
    assert any("site 0" in sentence for sentence in attack.knowing_colleague(Released(release)))


def test_a_colleague_in_a_group_under_k_is_warned_of():
    release = released(*one_way([40, 30, 0]))
    cell(release, site=0)["answers"]["breaks"]["n"] = 9
    assert any("shown for 9 people" in sentence for sentence in attack.knowing_colleague(Released(release)))


@pytest.mark.parametrize(
    ("options", "mean"),
    [([20, 30, 25, 25, [0, 5]], None), ([[0, 5], [30, 40], 10, 40, 10], 3.4)],
)
def test_a_range_that_the_rest_undoes_is_found(options, mean):
    release = released(*one_way([40, 40, 0]))
    cell(release, site=0)["answers"]["breaks"].update(options=options, mean=mean, status="range")
    assert any("Range undone" in sentence for sentence in attack.ranges_undone_by_the_rest(Released(release)))


def test_a_range_that_a_line_undoes_is_found():
    release = released(*one_way([40, 40, 0]))
    for at, top in (({}, 22), ({"site": 0}, 38), ({"site": 1}, [0, 5])):
        cell(release, **at)["answers"]["breaks"].update(options=None, mean=None, top=top)
    assert attack.shares_along_lines(Released(release)) == []
    cell(release)["answers"]["breaks"]["top"] = 19
    assert any("the range of top" in sentence for sentence in attack.shares_along_lines(Released(release)))


def test_a_hidden_rest_that_is_all_alike_is_found():
    release = released(*one_way([40, 40, 15, 0]))
    for at, top in (({}, 54), ({"site": 0}, 40), ({"site": 1}, 50)):
        cell(release, **at)["answers"]["breaks"].update(options=None, mean=None, top=top)
    cell(release, site=2)["answers"] = {}
    assert any("nearly none or all gave top" in found for found in attack.shares_along_lines(Released(release)))


def test_nobody_in_a_hidden_answer_follows_only_from_several_lines():
    plan, columns = two_way([[20, 20, 0], [20, 20, 0], [0, 0, 0]])
    planted = without_answers(shown_without_care(released(plan, columns), plan, columns))
    for at, top in (({}, 40), ({"site": 1}, 55), ({"site": 0, "job": 0}, 50)):
        each = cell(planted, **at)
        told = {"top": top, "options": None, "mean": None, "step": 1, "status": "shown", "reason": "crossed"}
        each["answers"] = {"breaks": {**told, "n": each["n"]}}
    assert attack.shares_along_lines(Released(planted)) == []
    assert "Closure: nobody in job 1 x site 0 gave top of breaks." in attack.shares_to_closure(Released(planted))
