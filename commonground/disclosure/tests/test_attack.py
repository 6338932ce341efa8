"""Each adversary must find the leak that is planted for it, and nothing in a release that the gate made."""

import copy
from collections.abc import Mapping
from types import SimpleNamespace

import numpy as np
import pytest

from commonground.disclosure import attack, sets
from commonground.disclosure.attack import learn
from commonground.disclosure.reading import Released
from commonground.disclosure.tests.survey import cell, one_way, released, shown_without_care, two_way
from commonground.disclosure.tests.test_shares import closed

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


def test_what_any_adversary_learns_is_told_with_its_name(careful):
    names = [adversary.__name__.replace("_", " ") for adversary in attack.ADVERSARIES]
    assert list(attack.attempts(careful)) == ["linear algebra", "few of several tables", *names]
    assert "means along lines" in names


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
    assert "By linear algebra: job 1 x site 2 holds 22 people." in opened


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
    cell(careless, job=1).update(status="withheld", n=None)
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


@pytest.mark.parametrize(("left", "found"), [(0, False), (1, True), (9, True), (10, False)])
@pytest.mark.parametrize("at_once", [300, 4])
def test_few_people_that_follow_from_several_tables_are_found_in_each_group(left, found, at_once, monkeypatch):
    monkeypatch.setattr(sets, "MOST_ATOMS", at_once)
    plan, columns = two_way([[20, left, 0], [20, 20, 0], [left, 40, 0], [0, 0, 0]])
    printed = without_answers(shown_without_care(released(plan, columns), plan, columns))
    for site, job in ((0, 1), (2, 0)):
        cell(printed, site=site, job=job).update(status="withheld", n=None)
        cell(printed, site=3, job=job).update(status="withheld", n=None)
    learnt = attack.few_of_several_tables(Released(printed))
    several = 2 if at_once < 9 else 1
    sentences = [each.split(",")[0] for each in learnt]
    assert sentences == [f"Several tables: {left} people follow"] * (several if found else 0)
    nobody = [frozenset({("site", site)}) for site in range(4)]
    assert attack.few_of_several_tables(Released(printed), nobody) == [], "all are known to be empty"
    for each in printed["cells"]:
        each["n"] = None
    assert attack.few_of_several_tables(Released(printed)) == []


# Each adversary up to its edge


def line(whole, *parts, kind="agreement", labels=5):
    """Return a district and its sites, those who named none last, each as its people and what is told there."""
    release = released(*one_way([*[20] * (len(parts) - 1), 0]))
    release["questions"] = [{"id": "breaks", "kind": kind, "options": labels}]
    for each, (people, answers) in zip(release["cells"], (whole, *parts), strict=True):
        status = "withheld" if people is None else "shown"
        each.update(status=status, n=people, answers={"breaks": answers} if answers else {})
    return Released(release)


def told(people, **shares):
    nothing = {"status": "shown", "options": None, "top": None, "mean": None, "step": 1, "reason": None}
    return {**nothing, "n": people, **shares}


HIDDEN = (None, None)


def test_a_sum_follows_exactly_if_it_is_a_sum_of_what_is_known():
    draw, follows = np.random.default_rng(6), 0
    for _ in range(200):
        known, wanted = (draw.integers(-1, 2, (draw.integers(1, 6), 4)) for _ in range(2))
        people = draw.integers(0, 50, 4)
        found = attack.solve(known, known @ people, wanted, attack.PRIMES[0])
        rank = np.linalg.matrix_rank
        for sums, number in zip(wanted, found, strict=True):
            if rank(np.vstack([known, sums])) == rank(known):
                assert number == sums @ people % attack.PRIMES[0]
                follows += 1
            else:
                assert number is None
    assert 100 < follows < 500


@pytest.mark.parametrize(("outside", "found"), [(0, False), (1, True), (9, True), (10, False)])
def test_one_to_nine_people_outside_a_group_or_left_of_a_line_are_few(outside, found):
    release = line((40 + outside, None), (40, None), HIDDEN, HIDDEN)
    sentence = f"Complement: only {outside} people of the district lie outside site 0."
    assert attack.complements(release) == ([sentence] if found else [])
    sentence = f"Remainder: {outside} people are left in site 1, site 2."
    assert attack.small_remainders(release) == ([sentence] if found else [])


def test_a_group_known_to_be_empty_is_no_secret_and_nothing_follows_from_a_total_that_is_hidden():
    release = line((40, None), (40, None), HIDDEN)
    assert attack.one_subtraction(release) == attack.subtraction_to_closure(release) == []
    assert attack.linear_algebra(release) == []
    release = line(HIDDEN, (40, None), HIDDEN, (9, None))
    assert all(adversary(release) == [] for adversary in attack.ADVERSARIES)


def test_a_hidden_total_is_the_sum_of_its_parts():
    release = line(HIDDEN, (40, None), (21, None))
    sentence = "By {}: the district holds 61 people."
    assert attack.one_subtraction(release) == [sentence.format("one subtraction")]
    assert attack.subtraction_to_closure(release) == [sentence.format("repeated subtraction")]
    assert attack.linear_algebra(release) == [sentence.format("linear algebra")]


@pytest.mark.parametrize(("left", "found"), [(0, False), (1, True), (9, True), (10, False)])
def test_a_code_bounds_one_to_nine_hidden_people(left, found):
    nearly = {"at_least": 27, "at_most": 30}
    learnt = attack.bounds_by_codes(line((67 + left, None), (nearly, None), (40, None), HIDDEN))
    assert learnt == ([f"Bounds: at most {left} people of the district are hidden."] if found else [])
    assert attack.bounds_by_codes(line((67 + left, None), (27, None), (40, None), HIDDEN)) == [], "no code"
    all_shown = line((67 + left, None), (nearly, None), (40, None), (0, None))
    assert attack.bounds_by_codes(all_shown) == [], "nobody is hidden"
    coded = {"at_least": 70, "at_most": 70 + left}
    assert attack.bounds_by_codes(line((coded, None), (nearly, None), (40, None), HIDDEN)) == []


def test_a_number_of_a_question_tells_nothing_beside_a_total_that_is_coded():
    coded = {"at_least": 60, "at_most": 66}
    assert attack.small_counts_of_questions(line((coded, told(57)), (40, told(40)), (20, None), HIDDEN)) == []
    assert attack.small_counts_of_questions(line((60, told(50)), (40, told(40)), (20, None), HIDDEN)) == []
    assert attack.small_counts_of_questions(line((60, told(49)), (40, told(40)), (20, None), HIDDEN)) == [
        "Remainder: 9 people of the district answered breaks."
    ]
    assert attack.small_counts_of_questions(line((60, told(51)), (40, told(40)), (20, None), HIDDEN)) == [
        "Remainder: 9 people of the district left out breaks."
    ]


def test_parts_of_which_a_number_is_coded_count_as_unknown_to_a_question():
    code = {"at_least": 36, "at_most": 40}
    whole = (60, told(49))
    assert attack.small_counts_of_questions(line(whole, (code, told(40)), (20, None), HIDDEN)) == []
    assert attack.small_counts_of_questions(line(whole, (40, told(code)), (20, None), HIDDEN)) == []
    assert attack.small_counts_of_questions(line((60, told(60)), (40, told(40)), (20, None), HIDDEN)) == []
    assert attack.small_counts_of_questions(line((60, told(40)), (40, told(40)), (20, None), HIDDEN)) == []
    assert attack.small_counts_of_questions(line((60, None), (40, told(40)), (20, None), HIDDEN)) == []
    for people, what in ((41, "answered"), (59, "left out")):
        learnt = attack.small_counts_of_questions(line((60, told(people)), (40, told(40)), (20, None), HIDDEN))
        assert learnt == [f"Remainder: 1 people of the district {what} breaks."]


def test_a_set_must_follow_and_be_of_few_to_be_named():
    release = line(HIDDEN, HIDDEN, HIDDEN)
    atoms: list[Mapping[str, int]] = [{"site": place} for place in range(3)]

    def named(people, *places):
        rows, numbers = np.array([[1, 1, 0], [0, 0, 1]]), np.array([people, 30])
        return attack._of_few(release, rows, numbers, atoms, np.array(places))

    assert named(9, 0, 1) == ["Several tables: 9 people follow, of site 0; site 1."]
    assert named(1, 0, 1) != [] and named(10, 0, 1) == named(0, 0, 1) == []
    assert named(9, 0) == named(9, 1, 2) == [], "only both together are known"


@pytest.mark.parametrize(("top", "found"), [(4, True), (5, False), (95, False), (96, True)])
def test_a_colleague_learns_where_one_or_all_but_one_may_have_said_so(top, found):
    learnt = attack.knowing_colleague(line((60, None), (40, told(40, top=top)), (20, None), HIDDEN))
    assert bool(learnt) is found
    stepped = told(40, top=top, step=5)
    assert attack.knowing_colleague(line((60, None), (40, stepped), (20, None), HIDDEN)) == []


@pytest.mark.parametrize(
    ("kind", "labels", "whole", "part", "found"),
    [
        ("agreement", 5, 2.3, 2.9, True),
        ("agreement", 5, 2.7, 3.5, False),
        ("frequency", 5, 3.7, 3.1, True),
        ("agreement", 5, 3.3, 2.5, False),
        ("scale10", 11, 0.7, 0.7, True),
        ("scale10", 11, 9.3, 9.3, True),
        ("scale10", 11, 1.1, 1.3, False),
    ],
)
def test_the_mean_of_a_rest_lies_at_an_end_where_one_person_could_hold_half(kind, labels, whole, part, found):
    """Of 62 people 41 are told; twenty times the sum of the others is known to within 103."""
    people = ((62, told(62, mean=whole)), (41, told(41, mean=part)), HIDDEN)
    learnt = attack.means_along_lines(line(*people, kind=kind, labels=labels))
    sentence = "Means: of breaks, the 21 people left in the district lie at an end."
    assert learnt == ([sentence] if found else [])


def test_a_person_who_could_hold_just_half_of_a_rest_is_not_at_its_end():
    """Of 61 people 41 are told; the twenty others are 8 points above the lowest answer, of which one may hold 4."""
    people = ((61, told(61, mean=3.4)), (41, told(41, mean=4.5)), HIDDEN)
    assert attack.means_along_lines(line(*people)) == []


def test_means_tell_nothing_of_a_rest_where_a_number_of_people_or_the_mean_of_the_whole_is_not_known():
    coded = {"at_least": 40, "at_most": 41}
    part = (41, told(41, mean=2.9))
    assert attack.means_along_lines(line((62, told(62)), part, HIDDEN)) == []
    assert attack.means_along_lines(line((62, told(62, mean=2.3)), (coded, told(coded, mean=2.9)), HIDDEN)) == []
    assert attack.means_along_lines(line((62, told(62, mean=2.3)), (41, told(41)), HIDDEN)) == []
    assert attack.means_along_lines(line((41, told(41, mean=2.9)), part, HIDDEN)) == [], "nobody is left"
    assert attack.means_along_lines(line((coded, told(coded, mean=2.3)), (10, told(10, mean=2.9)), HIDDEN)) == []
    assert attack.means_along_lines(line((62, told(62, mean=1.0)), HIDDEN, HIDDEN)) == [], "no part is told"


@pytest.mark.parametrize(
    ("kind", "shares", "item", "expected"),
    [
        ("agreement", {"options": [20] * 5, "top": 40}, 0, (191, 209)),
        ("agreement", {"options": [20] * 5, "top": 40}, "top", (381, 419)),
        ("scale10", {"options": [10] * 10 + [0], "top": 40}, "top", (371, 429)),
        ("agreement", {"top": 40}, "top", (391, 409)),
        ("agreement", {"top": 40}, 1, None),
        ("agreement", {"options": [20] * 5, "top": 40, "step": 5}, 0, (161, 239)),
        ("agreement", {"options": [20] * 5, "top": 40, "step": 5}, "top", (351, 449)),
        ("agreement", {"top": 40, "step": 10}, "top", (331, 469)),
        ("agreement", {"top": [0, 5]}, "top", (0, 50)),
    ],
)
def test_a_share_is_as_many_people_as_its_rounding_leaves_open(kind, shares, item, expected):
    question = {"id": "breaks", "kind": kind, "options": 11 if kind == "scale10" else 5}
    assert attack._item_bounds(question, told(1000, **shares), item) == expected


@pytest.mark.parametrize(
    ("whole", "part", "found"),
    [(30, 60, True), (31, 60, True), (32, 60, False), (58, 20, False), (59, 20, True), (60, 20, True)],
)
def test_of_a_hidden_rest_nearly_none_or_all_is_within_the_end_of_its_size(whole, part, found):
    learnt = attack.shares_along_lines(line((100, told(100, top=whole)), (50, told(50, top=part)), HIDDEN))
    sentence = "Line: of 50 people hidden in the district nearly none or all gave top of breaks."
    assert learnt == ([sentence] if found else [])
    coded = {"at_least": 49, "at_most": 50}
    assert attack.shares_along_lines(line((100, told(100, top=whole)), (50, told(coded, top=part)), HIDDEN)) == []


@pytest.mark.parametrize("item", ["top", 0])
@pytest.mark.parametrize(
    ("share", "bounds", "exact", "whole", "found"),
    [
        ([0, 5], (0, 3), (10, 10), (9, 14), []),
        ([0, 5], (0, 3), (10, 10), (8, 13), ["Line: of 99"]),
        ([0, 5], (0, 3), (10, 10), (7, 12), ["Line: of 39", "Line: of 99", "Line: the range"]),
        ([0, 5], (0, 3), (8, 12), (7, 12), []),
        ([0, 5], (0, 3), (8, 12), (7, 11), ["Line: of 99"]),
        ([95, 100], (57, 60), (10, 10), (105, 110), []),
        ([95, 100], (57, 60), (10, 10), (106, 111), ["Line: of 99"]),
        ([95, 100], (57, 60), (10, 10), (107, 112), ["Line: of 39", "Line: of 99", "Line: the range"]),
        ([95, 100], (57, 60), (8, 12), (107, 113), []),
        ([95, 100], (57, 60), (8, 12), (108, 113), ["Line: of 99"]),
    ],
)
def test_a_range_counts_as_unknown_beside_a_hidden_rest(item, share, bounds, exact, whole, found):
    shares = [{"top": each} if item == "top" else {"options": [each, *[20] * 4]} for each in (50, 20, share)]
    answers = [told(people, **each) for people, each in zip((149, 50, 60), shares, strict=True)]
    release = line((149, answers[0]), (50, answers[1]), (60, answers[2]), HIDDEN)
    total, one, other, _ = release.cells
    known = {total: whole, one: exact, other: bounds}
    every = dict(zip((total, one, other), answers, strict=True))
    learnt = attack._along(release, "breaks", item, total, list(release.cells)[1:], known, every)
    assert [sentence[: len(start)] for sentence, start in zip(learnt, found, strict=True)] == found


@pytest.mark.parametrize(
    ("people", "answered", "whole", "second", "found"),
    [
        (90, 70, [0, 18], 20, "nobody in site 2"),
        (90, 70, [0, 19], 20, None),
        (90, {"at_least": 60, "at_most": 70}, [0, 18], 20, "nobody in site 2"),
        (90, 61, [0, 20], 20, "nobody in site 2"),
        ({"at_least": 61, "at_most": 90}, 70, [0, 18], 20, "nobody in site 2"),
        (90, 60, [0, 20], 20, None),
        ({"at_least": 60, "at_most": 90}, 70, [0, 18], 20, None),
        (90, 60, [79, 100], [40, 100], "everyone in site 1"),
        (90, 60, [78, 100], [40, 100], None),
    ],
)
def test_nobody_or_everyone_follows_of_those_who_were_asked_and_are_there(people, answered, whole, second, found):
    """Of thirty 20 percent are six and 60 percent eighteen; the third group answered the rest, if any is left."""
    first = 60 if isinstance(second, list) else 20
    parts = [(30, told(30, top=first)), (30, told(30, top=second)), (None, None), (0, None)]
    learnt = attack.shares_to_closure(line((people, told(answered, top=whole)), *parts))
    assert learnt == ([f"Closure: {found} gave top of breaks."] if found else [])


def test_a_group_of_ten_is_shown_and_ranges_tell_a_colleague_nothing():
    ten = (10, told(10, top=50))
    assert attack.knowing_colleague(line((60, None), ten, HIDDEN, HIDDEN)) == []
    for least, found in ((10, 0), (9, 1)):
        code = {"at_least": least, "at_most": 12}
        learnt = attack.knowing_colleague(line((60, None), (code, told(code, top=50)), HIDDEN, HIDDEN))
        assert [each.split(" of ")[0] for each in learnt] == ["Colleague: breaks is shown for 9 people"] * found
    code = {"at_least": 36, "at_most": 40}
    assert attack.knowing_colleague(line((60, None), (code, told(code, top=96)), HIDDEN, HIDDEN)) == []
    ranges = told(40, options=[[0, 2], [98, 100]])
    assert attack.knowing_colleague(line((60, None), (40, ranges), HIDDEN, HIDDEN)) == []


def test_ranges_of_several_choices_and_of_a_coded_number_are_not_undone_by_the_rest():
    shares = {"options": [[0, 5], 30, 30]}
    for people, kind in ((40, "several"), ({"at_least": 36, "at_most": 40}, "one")):
        release = line((60, None), (people, told(people, **shares)), HIDDEN, kind=kind, labels=3)
        assert attack.ranges_undone_by_the_rest(release) == []
    undone = attack.ranges_undone_by_the_rest(
        line((60, None), (40, told(40, **shares)), HIDDEN, kind="one", labels=3)
    )
    assert undone and all("option 0 of breaks in site 0" in each for each in undone)


@pytest.mark.parametrize(("people", "end"), [(10, 2), (30, 3), (99, 4), (100, 2), (299, 5), (300, 3)])
def test_a_range_at_an_end_may_stand_for_so_many_people(people, end):
    assert attack._end(people) == end


def test_a_set_of_people_is_taken_from_another_that_holds_it():
    one, two, three, four = (frozenset({("site", place)}) for place in range(4))
    known = {frozenset({one}): 12, frozenset({one, two}): 30, frozenset({one, two, three}): 37}
    attack._take_apart(known)
    apart = {frozenset({three, four}): 20, frozenset({one, two}): 30, frozenset({one, two, three}): 43}
    attack._take_apart(apart)
    assert apart[frozenset({four})] == 7, "what was taken from one is taken from another"
    assert known[frozenset({two})] == 18 and known[frozenset({three})] == 7 and known[frozenset({two, three})] == 25


@pytest.mark.parametrize(
    ("ranges", "people", "lowest", "mean", "possible"),
    [
        ([(2, 3), (4, 4)], 7, 1, None, True),
        ([(2, 3), (4, 4)], 8, 1, None, False),
        ([(2, 3), (4, 4)], 5, 1, None, False),
        ([(0, 3), (0, 0)], 3, 1, None, True),
        ([(2, 2), (3, 3)], 5, 1, 1.6, True),
        ([(2, 2), (3, 3)], 5, 1, 1.7, False),
        ([(1, 1), (3, 3)], 4, 1, 1.8, True),
        ([(1, 1), (3, 3)], 4, 1, 1.7, True),
        ([(1, 1), (3, 3)], 4, 1, 1.9, False),
        ([(1, 1), (3, 3)], 4, 0, 0.8, True),
        ([(1, 2), (1, 3)], 4, 0, 0.8, True),
        ([(2, 2), (1, 3)], 4, 0, 0.8, False),
    ],
)
def test_numbers_are_possible_that_add_to_the_people_and_have_the_mean(ranges, people, lowest, mean, possible):
    assert attack._possible(ranges, people, lowest, mean) is possible


def test_a_range_is_undone_only_where_one_of_its_ends_is_not_possible():
    options = [[0, 5], [30, 40], 10, 40, 10]
    scale = {"kind": "scale10", "options": 11}
    padded = [*options, *[[0, 0]] * 6]
    assert list(attack._narrowed(scale, told(40, options=padded, mean=2.2))) == []
    assert 0 in attack._narrowed(scale, told(40, options=padded, mean=2.1))
    five = {"kind": "agreement", "options": 5}
    assert list(attack._narrowed(five, told(40, options=options, mean=3.2))) == []
    assert list(attack._narrowed(five, told(40, options=options, mean=3.4))) != []
    assert list(attack._narrowed(five, told(40, options=options, mean=3.4, step=5))) == []
    assert list(attack._narrowed(five, told(400, options=options, mean=3.4))) == [], "too many to try"
    assert 0 in attack._narrowed(five, told(100, options=[[0, 2], 30, 30, 30, 9])), "nobody or two cannot be"
    turned = [10, 40, 10, [30, 40], [95, 100]]
    assert set(attack._narrowed(five, told(40, options=turned))) == {4}
    middle = [10, [30, 40], 10, 20, 30]
    assert list(attack._narrowed(five, told(40, options=middle, mean=1.0))) == [], "no range at an end"


def test_bounds_are_narrowed_along_all_lines_until_nothing_changes():
    draw = np.random.default_rng(3)
    release = Released(released(*two_way([[20, 20, 0], [20, 20, 0], [20, 20, 0], [0, 0, 0]])))
    lines = [SimpleNamespace(total=total, parts=parts.tolist()) for total, parts in release.places_of_lines]
    for _ in range(50):
        people = draw.integers(0, 12, (4, 3))
        truth = np.array([people.sum(), *people.sum(axis=1), *people.sum(axis=0), *people.ravel()])
        least, most = (
            np.maximum(0, truth - draw.integers(0, 9, len(truth))),
            truth + draw.integers(0, 9, len(truth)),
        )
        expected = closed(lines, least.tolist(), most.tolist())
        attack._narrow_to_closure(least[:, None], most[:, None], release)
        assert (least.tolist(), most.tolist()) == expected


def test_people_of_hidden_cells_and_answers_that_are_not_told_are_bounded_by_the_lines():
    coded = {"at_least": 36, "at_most": 40}
    release = line((60, told(50, top=40)), (coded, told(coded, top=[0, 5])), HIDDEN, HIDDEN)
    people = attack._people_bounds(release)
    assert [each.tolist() for each in people] == [[60, 36, 0, 0], [60, 40, 24, 24]]
    question = {"id": "breaks", "kind": "agreement", "options": 5}
    told_of = release.answers("breaks")
    answered = attack._answered_bounds(release, told_of, people)
    assert [each.tolist() for each in answered] == [[50, 36, 0, 0], [50, 40, 14, 14]]
    least, most = attack._starting_bounds(release, question, told_of, [0, "top"], answered)
    assert least.tolist() == [[0, 20], [0, 0], [0, 0], [0, 0]]
    assert most.tolist() == [[50, 20], [40, 2], [14, 14], [14, 14]]
