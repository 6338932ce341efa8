import json
import time
from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from commonground.disclosure.answers import Answers, Column, ColumnsMalformed
from commonground.disclosure.attack import learn
from commonground.disclosure.gate import REASONS, count, layout_of, protect
from commonground.disclosure.past import Earlier
from commonground.disclosure.plan import GroupQuestion, Kind, NeverShown, Question, TablePlan
from commonground.disclosure.tests.survey import AGREE, cell, group, numbers, one_way, place_of, released, two_way
from commonground.disclosure.verify import verify

WITHHELD = REASONS["protected"]
PRIME = 2147483647


def follows(rows, sets):
    """Say for each 0/1 set of atoms whether its people follow from the rows, by the null space modulo a prime."""
    rows, done = rows % PRIME, 0
    pivots = []
    for column in range(rows.shape[1]):
        nonzero = np.flatnonzero(rows[done:, column])
        if not len(nonzero):
            continue
        rows[[done, done + nonzero[0]]] = rows[[done + nonzero[0], done]]
        rows[done] = rows[done] * pow(int(rows[done, column]), -1, PRIME) % PRIME
        others = np.arange(len(rows)) != done
        rows[others] = (rows[others] - rows[others][:, [column]] * rows[done] % PRIME) % PRIME
        pivots.append(column)
        done += 1
    free = [column for column in range(rows.shape[1]) if column not in pivots]
    null = np.zeros((rows.shape[1], len(free)), dtype=np.int64)
    null[free, range(len(free))] = 1
    null[pivots] = -rows[:done, free] % PRIME
    moved = np.zeros((len(sets), len(free)), dtype=np.int64)
    for atom in range(rows.shape[1]):
        moved = (moved + sets[:, [atom]] * null[atom]) % PRIME
    return ~moved.any(axis=1)


def people_in_crossed_cells(release, plan, columns):
    places = [frozenset(each["at"].items()) for each in release["cells"]]
    true = zip(places, numbers(release, plan, columns), strict=True)
    return {at: people for at, people in true if len(at) == 2 and people}


@given(
    st.lists(st.lists(st.integers(0, 45), min_size=4, max_size=4), min_size=3, max_size=4),
    st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_no_set_of_people_of_one_to_nine_follows_out_of_all_sets(counts, shrink):
    if sum(map(sum, counts)) == 0:
        return
    plan, columns = two_way([[n // 3 if shrink else n for n in row] for row in counts])
    release = released(plan, columns)
    atoms = people_in_crossed_cells(release, plan, columns)
    rows = [[set(at) >= set(c["at"].items()) for at in atoms] for c in release["cells"] if c["n"] is not None]
    if not rows:
        return
    sets = np.array(list(product((0, 1), repeat=len(atoms))))
    people = sets @ np.array(list(atoms.values()))
    small = sets[(people > 0) & (people < 10)]
    assert not follows(np.array(rows, dtype=np.int64), small).any()
    assert verify(release) == []


def test_hiding_one_cell_hides_a_rectangle():
    plan, columns = two_way([[18, 2, 0], [14, 19, 0], [12, 10, 0], [11, 14, 0], [0, 0, 0]])
    release = released(plan, columns)
    hidden = [c["at"] for c in release["cells"] if c["status"] == "withheld" and len(c["at"]) == 2]
    held = [at for at in hidden if 3 > place_of(release, "job", 0) >= 0 and at["site"] < 4 and at["job"] < 2]
    assert held == [{"site": 0, "job": 0}, {"site": 0, "job": 1}, {"site": 2, "job": 0}, {"site": 2, "job": 1}]


def test_small_and_shielding_cells_look_the_same():
    plan, columns = two_way([[18, 2, 0], [14, 19, 0], [12, 10, 0], [0, 0, 0]])
    release = released(plan, columns)
    hidden = [{**c, "at": None} for c in release["cells"] if c["status"] == "withheld"]
    assert len(hidden) > 2
    assert all(each == hidden[0] for each in hidden)
    assert WITHHELD == "Too few answers here or beside it, so not shown, to protect people."


def test_two_adjacent_cells_do_not_leak_by_subtraction():
    plan, columns = two_way([[30, 25, 4, 0], [28, 30, 25, 0], [40, 30, 31, 0], [0, 0, 0, 0]])
    release = released(plan, columns)
    row = [cell(release, site=0, job=job)["status"] for job in range(3)]
    assert row.count("withheld") >= 2


def test_a_site_under_ten_in_every_family_keeps_its_total_only():
    plan, columns = two_way([[6, 7, 5, 0], [40, 30, 35, 0], [30, 28, 40, 0], [0, 0, 0, 0]])
    release = released(plan, columns)
    assert cell(release, site=0)["n"] == 18
    assert all(cell(release, site=0, job=job)["status"] == "withheld" for job in range(3))
    assert verify(release) == []


def test_a_group_with_too_few_answers_joins_its_partner():
    plan, columns = one_way([60, 45, 6, 0], roster=(100, 80, 40))
    release = released(plan, columns)
    assert release["merged"] == [{"group": "site", "holds": [1, 2], "left_out": False, "joined": "answers"}]
    assert cell(release, site=place_of(release, "site", 2))["n"] == 51


def test_people_who_left_the_group_out_are_in_every_line():
    plan, columns = one_way([60, 45, 40, 12], roster=(100, 80, 70))
    release = released(plan, columns)
    assert cell(release, site=3)["n"] == 12
    assert release["groups"][0]["reporting"][3]["left_out"]
    joined = released(*one_way([60, 45, 40, 3], roster=(100, 80, 70)))
    assert cell(joined, site=place_of(joined, "site", 2))["n"] == 43


def test_where_everyone_answered_the_number_is_coded():
    plan, columns = one_way([20, 45, 40, 0], roster=(20, 80, 90), eligible=190)
    release = released(plan, columns)
    site = cell(release, site=0)
    assert site["n"] == {"at_least": 18, "at_most": 20, "of": 20}
    assert site["reason"] == "nearly_all"
    assert site["answers"]["breaks"]["step"] == 5
    assert [cell(release, site=i)["status"] for i in (1, 2)].count("withheld") == 1
    assert verify(release) == []


def test_two_places_where_everyone_answered_do_not_give_each_other_back():
    plan, columns = one_way([20, 25, 45, 50, 0], roster=(20, 25, 80, 90), eligible=215)
    release = released(plan, columns)
    assert isinstance(cell(release, site=0)["n"], dict)
    assert isinstance(cell(release, site=1)["n"], dict)
    assert "withheld" in [cell(release, site=i)["status"] for i in (2, 3)]


def test_where_everyone_answered_everywhere_no_number_says_so():
    release = released(*one_way([20, 45, 40, 0], roster=(20, 45, 40)))
    assert cell(release)["n"] == {"at_least": 95, "at_most": 105, "of": 105}
    assert [cell(release, site=i)["n"]["of"] for i in range(3)] == [20, 45, 40]
    assert verify(release) == []


def test_the_few_who_answered_do_not_follow_from_those_who_left_it_out():
    answers = np.tile(np.arange(5), 29)
    answers[105 + 4 :] = 255
    release = released(*one_way([60, 45, 40, 0], answers))
    assert cell(release, site=2)["answers"]["breaks"]["status"] == "withheld"
    assert isinstance(cell(release)["answers"]["breaks"]["n"], dict)
    assert verify(release) == []


def test_a_group_too_small_for_the_code_is_withheld():
    plan, columns = one_way([11, 45, 40, 50, 0], roster=(11, 80, 90, 90), eligible=280)
    plan = replace(plan, groups=(replace(plan.groups[0], levels=("yard", *"aaa")),))
    release = released(plan, columns)
    assert cell(release, site=0)["status"] == "withheld"
    assert verify(release) == []


def test_more_answers_than_people_are_not_shown():
    plan, columns = one_way([40, 45, 40, 0], roster=(30, 80, 90), eligible=200)
    release = released(plan, columns)
    assert cell(release, site=0)["status"] == "withheld"
    assert verify(release) == []


def test_the_number_of_a_question_does_not_tell_that_few_left_it_out():
    answers = np.tile(np.arange(5), 29)
    answers[:3] = 255
    release = released(*one_way([60, 45, 40, 0], answers))
    assert cell(release)["answers"]["breaks"]["n"] == {"at_least": 135, "at_most": 145}
    assert cell(release, site=0)["answers"]["breaks"]["n"] == {"at_least": 50, "at_most": 60}
    assert verify(release) == []


def test_the_number_of_a_question_that_many_left_out_is_printed():
    answers = np.tile(np.arange(5), 29)
    answers[:12], answers[60:75] = 255, 255
    release = released(*one_way([60, 45, 40, 0], answers))
    assert cell(release)["answers"]["breaks"]["n"] == 118
    assert cell(release, site=0)["answers"]["breaks"]["n"] == 48
    assert cell(release, site=2)["answers"]["breaks"]["n"] == 40


def test_a_question_with_fewer_than_ten_answers_is_withheld():
    answers = np.tile(np.arange(5), 29)
    answers[:55] = 255
    told = cell(released(*one_way([60, 45, 40, 0], answers)), site=0)["answers"]["breaks"]
    assert (told["status"], told["n"], told["reason"]) == ("withheld", None, "protected")


def test_a_hidden_rest_that_is_all_alike_hides_one_more_answer():
    answers = np.tile(np.arange(5), 30)
    answers[-12:] = 4
    release = released(*one_way([48, 45, 45, 5, 7], answers, roster=(90, 80, 70, 60)))
    joined = cell(release, site=place_of(release, "site", 3))
    assert joined["n"] >= 10
    assert verify(release) == []
    alike = released(*one_way([60, 40, 12, 0], [*np.tile(np.arange(5), 20), *[4] * 12]))
    assert cell(alike, site=2)["answers"]["breaks"]["top"] == [80, 100]
    assert "withheld" in [cell(alike, site=i)["answers"]["breaks"]["status"] for i in (0, 1)]


def test_several_lines_together_do_not_prove_that_nobody_gave_an_answer():
    answers = {
        (0, 0): [7, 8, 3, 0, 4, 0],
        (0, 1): [1, 6, 5, 0, 2, 0],
        (1, 0): [0, 12, 10, 0, 3, 3],
        (1, 1): [7, 5, 1, 0, 0, 0],
    }
    plan, columns = two_way([[22, 14, 0], [28, 13, 0], [0, 0, 0]])
    values = [np.repeat([0, 1, 2, 3, 4, 255], counts) for counts in answers.values()]
    release = released(plan, {**columns, "breaks": np.concatenate(values).astype(np.uint8)})
    crossed = [cell(release, site=site, job=job)["answers"]["breaks"]["status"] for site, job in answers]
    assert "withheld" in crossed
    assert verify(release) == []


def test_several_choices_are_counted_from_bits_and_from_columns():
    wishes = Question("wishes", "several", 3)
    plan, columns = one_way([30, 30, 0], questions=(wishes,))
    chosen = np.array([[i % 2, i % 3 == 0, 1] for i in range(60)], dtype=bool)
    bits = (chosen * [1, 2, 4]).sum(axis=1).astype(np.uint8)
    by_column = released(plan, {**columns, "wishes": chosen})
    assert cell(by_column)["answers"]["wishes"]["options"] == [50, 33, [95, 100]]
    assert released(plan, {**columns, "wishes": bits}) == by_column


def test_who_answered_a_question_with_no_choice_counts():
    wishes = Question("wishes", "several", 2)
    plan, columns = one_way([30, 30, 0], questions=(wishes,))
    chosen = np.zeros((60, 2), dtype=bool)
    chosen[:15, 0] = True
    everyone = {**columns, "wishes": chosen, "wishes:answered": np.ones(60, dtype=bool)}
    assert cell(released(plan, everyone))["answers"]["wishes"]["options"] == [25, [0, 5]]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"site": None}, "no column for site"),
        ({"breaks": np.zeros(3, dtype=np.uint8)}, "different lengths"),
        ({"breaks": np.full(60, 7, dtype=np.uint8)}, "option that the question does not have"),
        ({"breaks": np.zeros(60)}, "unsigned bytes"),
    ],
)
def test_columns_that_do_not_fit_are_refused(changes, words):
    plan, columns = one_way([30, 30, 0])
    changed = {name: column for name, column in {**columns, **changes}.items() if column is not None}
    with pytest.raises(ColumnsMalformed, match=words):
        protect(plan, changed)


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (np.zeros((60, 2), dtype=bool), "people x 3"),
        (np.full(60, 8, dtype=np.uint8), "option that the question does not have"),
        (np.ones((60, 3), dtype=bool), "by people who did not answer"),
    ],
)
def test_several_choices_that_do_not_fit_are_refused(column, words):
    plan, columns = one_way([30, 30, 0], questions=(Question("wishes", "several", 3),))
    answered = {"wishes:answered": np.zeros(60, dtype=bool)}
    with pytest.raises(ColumnsMalformed, match=words):
        protect(plan, {**columns, "wishes": column, **answered})


def test_the_order_of_the_answers_does_not_matter():
    plan, columns = two_way([[18, 2, 9, 3], [14, 19, 30, 0], [12, 10, 25, 0], [2, 0, 3, 1]])
    expected = json.dumps(released(plan, columns))
    for seed in range(3):
        order = np.random.default_rng(seed).permutation(len(columns["site"]))
        assert json.dumps(released(plan, {name: column[order] for name, column in columns.items()})) == expected


@pytest.mark.parametrize("people", [0, 9])
def test_a_survey_with_too_few_answers_shows_nothing(people):
    release = released(*one_way([people, 0, 0]))
    assert {each["status"] for each in release["cells"]} == {"withheld"}
    assert verify(release) == []


def test_a_plan_without_breakdown_shows_the_district():
    plan = TablePlan((AGREE,), (), (), ())
    release = released(plan, {"breaks": np.tile(np.arange(5), 20).astype(np.uint8)})
    assert cell(release)["answers"]["breaks"]["options"] == [20, 20, 20, 20, 20]
    assert verify(release) == []


def test_two_crossings_of_one_margin_are_judged_together():
    generator = np.random.default_rng(5)
    names = ("site", "job", "tenure")
    columns = {name: generator.integers(0, 4, 400).astype(np.uint8) for name in names}
    columns["job"][columns["site"] == 0] = 0
    columns["breaks"] = generator.integers(0, 5, 400).astype(np.uint8)
    plan = TablePlan(
        (AGREE,), tuple(group(name, 4) for name in names), names, (("site", "job"), ("site", "tenure"))
    )
    assert verify(released(plan, columns)) == []


def test_the_loss_says_how_many_cells_and_people_each_table_describes():
    loss = released(*one_way([60, 45, 6, 40, 0], roster=(100, 80, 40, 70)))["loss"]
    assert loss["tables"] == [{"groups": ["site"], "cells": 4, "hidden": 1, "people": 100}]
    assert (loss["cells"], loss["hidden"]) == (5, 1)


def left_out_by(columns, leaves):
    """Return the columns with the question left out by as many of each site x job as are named."""
    answers = columns["breaks"].copy()
    for (site, job), people in leaves.items():
        answers[np.flatnonzero((columns["site"] == site) & (columns["job"] == job))[:people]] = 255
    return {**columns, "breaks": answers}


def answered(plan, columns):
    """Return for each cell of the release what it says of the number of answers, and the true number."""
    release = released(plan, columns)
    those = {name: each[columns["breaks"] < 255] for name, each in columns.items()}
    return [
        (each["answers"]["breaks"]["n"], number, each)
        for each, number in zip(release["cells"], numbers(release, plan, those), strict=True)
        if each["answers"] and each["answers"]["breaks"]["n"] is not None
    ]


def test_bounds_hold_the_true_number_of_answers_however_many_left_it_out():
    plan, columns = two_way([[45, 42, 0], [41, 46, 0], [20, 0, 0], [0, 0, 0]], eligible=260)
    plan = replace(plan, groups=(replace(plan.groups[0], roster=(120, 110, 20)), plan.groups[1]))
    told = answered(plan, left_out_by(columns, {(0, 0): 12, (0, 1): 21, (1, 0): 30, (2, 0): 3}))
    bounds = [(each, number) for each, number, _ in told if isinstance(each, dict)]
    assert len(bounds) > 3 and any(isinstance(each["n"], dict) for _, _, each in told)
    assert all(each["at_least"] <= number <= each["at_most"] for each, number in bounds)
    assert all(each == number for each, number, _ in told if isinstance(each, int))


def test_a_crossed_cell_prints_a_number_of_answers_only_where_nobody_left_the_question_out():
    plan, columns = two_way([[45, 42, 0], [41, 46, 0], [0, 0, 0]])
    assert all(isinstance(each, int) for each, _, _ in answered(plan, columns))
    printed = answered(plan, left_out_by(columns, {(0, 0): 12, (0, 1): 21}))
    assert {len(each["at"]) for number, _, each in printed if isinstance(number, int)} == {0, 1}


@pytest.mark.parametrize("leaves", [{}, {(0, 0): 3}, {(0, 0): 12, (0, 1): 21}, {(1, 0): 11, (1, 1): 12}])
@pytest.mark.parametrize("eligible", [None, 174])
def test_numbers_of_answers_are_told_beside_the_same_answers_as_they_were(leaves, eligible):
    plan, columns = two_way([[45, 42, 0], [41, 46, 0], [0, 0, 0]], eligible=eligible)
    columns = left_out_by(columns, leaves)
    first = released(plan, columns)
    again = protect(plan, columns, [Earlier(first, "opening")]).as_json()
    assert again["cells"] == first["cells"]
    margins = released(replace(plan, pairs=()), columns)
    crossed = protect(plan, columns, [Earlier(margins, "opening")]).as_json()
    assert crossed["cells"] == first["cells"]


def test_what_was_told_of_a_question_is_told_again_as_it_was():
    plan, columns = two_way([[45, 42, 0], [41, 46, 0], [0, 0, 0]])
    first = released(plan, columns)
    told = cell(first, site=0)["answers"]["breaks"]
    assert told["mean"] is not None
    told.update(mean=None, options=None)
    again = protect(plan, columns, [Earlier(first, "opening")]).as_json()
    assert cell(again, site=0)["answers"]["breaks"] == told


def test_bounds_of_a_number_of_answers_that_were_told_are_not_made_exact_later():
    plan, columns = two_way([[45, 42, 0], [41, 46, 0], [0, 0, 0]])
    columns = left_out_by(columns, {(0, 0): 12, (0, 1): 21})
    first = released(plan, columns)
    for at, bounds in (({}, (134, 174)), ({"site": 0}, (47, 87))):
        cell(first, **at)["answers"]["breaks"]["n"] = dict(zip(("at_least", "at_most"), bounds, strict=True))
    assert protect(plan, columns, [Earlier(first, "opening")]).as_json()["cells"] == first["cells"]


def test_numbers_of_answers_do_not_tell_how_few_of_a_group_less_another_in_it_left_a_question_out():
    """All of the second job work at the first site, as colleagues know; three of the others there left it out."""
    plan, columns = two_way([[40, 60, 0], [50, 0, 0], [0, 0, 0]])
    columns = left_out_by(columns, {(0, 0): 3, (0, 1): 12, (1, 0): 15})
    release = released(replace(plan, pairs=()), columns)
    told = [cell(release, **at)["answers"]["breaks"]["n"] for at in ({"site": 0}, {"job": 1})]
    assert [isinstance(each, int) for each in told].count(True) < 2


def test_bounds_of_a_number_of_answers_leave_room_for_ten_or_a_step_of_ten_more_than_left_it_out():
    plan, columns = two_way([[45, 42, 0], [60, 52, 0], [0, 0, 0]], eligible=300)
    plan = replace(plan, groups=(replace(plan.groups[0], roster=(120, 120)), plan.groups[1]))
    release = released(plan, left_out_by(columns, {(0, 0): 1, (1, 1): 12}))
    told = [each["answers"]["breaks"]["n"] for each in release["cells"] if each["answers"]]
    assert {"at_least": 50, "at_most": 60} in told, "nobody of the 60 left it out"
    assert {"at_least": 35, "at_most": 45} in told, "one of the 45 did"
    assert cell(release, site=1)["answers"]["breaks"]["n"] == {"at_least": 88, "at_most": 120, "of": 120}
    assert (cell(release)["reason"], cell(release, site=1)["reason"]) == (None, "nearly_all")


def test_a_question_of_which_no_share_can_be_shown_is_withheld():
    release = released(*one_way([20, 45, 40, 0], [0, 1, 2] * 35, questions=(Question("shift", "one", 3),)))
    told = [cell(release, site=site)["answers"]["shift"]["status"] for site in range(3)]
    assert told == ["withheld", "shown", "shown"]


def test_a_question_that_nobody_answered_where_nearly_all_took_part_is_withheld():
    plan, columns = one_way([20, 45, 40, 0], roster=(20, 80, 90), eligible=190)
    columns["breaks"][:20] = 255
    release = released(plan, columns)
    site = cell(release, site=0)
    assert isinstance(site["n"], dict) and site["answers"]["breaks"]["status"] == "withheld"
    others = [each["answers"]["breaks"]["status"] for each in release["cells"] if each["answers"] and each != site]
    assert len(others) > 1 and "withheld" not in others, "nobody hides nobody"


def test_a_question_that_ten_answered_is_told():
    plan, columns = one_way([20, 45, 40, 0])
    columns["breaks"][:10] = 255
    assert cell(released(plan, columns), site=0)["answers"]["breaks"]["top"] == [20, 80]


@pytest.mark.parametrize("seed", range(3))
def test_a_crossed_table_takes_nothing_from_a_question_that_it_does_not_show(seed):
    draw = np.random.default_rng(seed)
    plan, columns = two_way([[38, 37, 0], [30, 25, 0], [0, 0, 0]], questions=(Question("wishes", "several", 3),))
    columns["wishes"] = draw.random((130, 3)) < [0.02, 0.5, 0.95]
    columns["wishes:answered"] = np.ones(130, dtype=bool)
    margins = released(replace(plan, pairs=()), columns)
    assert released(plan, columns)["cells"][: len(margins["cells"])] == margins["cells"]


def test_a_question_without_upper_answers_is_not_in_crossed_cells():
    plan, columns = two_way([[30, 25, 0], [28, 32, 0], [0, 0, 0]], questions=(AGREE, Question("shift", "one", 3)))
    asked = {len(each["at"]): list(each["answers"]) for each in released(plan, columns)["cells"] if each["answers"]}
    assert asked == {0: ["breaks", "shift"], 1: ["breaks", "shift"], 2: ["breaks"]}


def test_each_question_is_counted_for_itself():
    plan, columns = two_way(
        [[30, 25, 0], [28, 32, 0], [0, 0, 0]],
        questions=(AGREE, Question("shift", "one", 3), Question("wish", "one", 2)),
    )
    answers = Answers.read(plan, columns)
    for question, counted in zip(
        plan.questions, count(layout_of(plan, answers), answers, plan.questions), strict=True
    ):
        expected = np.bincount(columns[question.id], minlength=question.options)
        assert counted.options[0].tolist() == expected.tolist() and counted.answered[0] == 115


def test_what_is_read_of_a_release_is_what_its_document_says():
    made = protect(*one_way([60, 45, 6, 0], roster=(100, 80, 40)))
    document = made.as_json()
    assert (made.loss, made.merged, made.reasons, made.proof) == tuple(
        document[name] for name in ("loss", "merged", "reasons", "proof")
    )
    assert made.merged


KINDS: dict[Kind, int] = {"agreement": 5, "frequency": 5, "scale10": 11, "one": 3, "several": 4}


def any_survey(seed):
    """Return a plan and answers drawn from the seed: groups, rosters, levels, pairs, kinds and gaps."""
    draw = np.random.default_rng(seed)
    people = int(draw.choice([40, 90, 200, 500, 1200]))
    columns: dict[str, Column] = {}
    groups, questions = [], []
    for name in ("site", "job", "tenure")[: draw.integers(1, 4)]:
        labels = int(draw.integers(2, 9))
        column = draw.choice(labels, people, p=draw.dirichlet(np.full(labels, draw.choice([0.5, 2, 8]))))
        rosters = np.bincount(column, minlength=labels) * draw.choice([0.9, 1.0, 1.05, 1.5, 3], labels)
        known = draw.random() < 0.7
        levels = tuple(str(level) for level in draw.integers(0, 2, labels))
        groups.append(group(name, labels, tuple(int(r) for r in rosters) if known else None, levels))
        columns[name] = np.where(draw.random(people) < draw.choice([0, 0.03]), 255, column).astype(np.uint8)
    kinds = list(KINDS)
    for index in range(2):
        kind = kinds[draw.integers(len(kinds))]
        question = Question(f"q{index}", kind, KINDS[kind])
        shares = draw.dirichlet(np.full(question.options, draw.choice([0.3, 1, 4])))
        answers = draw.choice(len(shares), people, p=shares)
        answers[draw.random(people) < draw.choice([0, 0.01, 0.2])] = 255
        several = draw.random((people, question.options)) < draw.choice([0.02, 0.3, 0.9], question.options)
        columns[question.id] = several if kind == "several" else answers.astype(np.uint8)
        questions.append(question)
    names = tuple(each.id for each in groups)
    pairs = tuple(pair for pair in combinations(names, 2) if draw.random() < 0.7)
    eligible = [None, people, 2 * people][draw.integers(3)]
    return (tuple(questions), tuple(groups), names, pairs, 10, eligible), columns


@given(st.integers(0, 2**32))
@settings(max_examples=100, deadline=None)
def test_whatever_the_plan_and_the_answers_nothing_is_learnt(seed):
    values, columns = any_survey(seed)
    try:
        plan = TablePlan(*values)
    except NeverShown:
        reject()
    release = released(plan, columns)
    assert verify(release) == []
    true = zip(release["cells"], numbers(release, plan, columns), strict=True)
    assert learn(release, [each["at"] for each, people in true if people == 0]) == []


def district(people, sites, jobs, questions, seed=3, left_out=0.01):
    """Return plan and answers of a district whose rosters are about twice its answers."""
    generator = np.random.default_rng(seed)
    shares = {"site": generator.dirichlet(np.full(sites, 6)), "job": generator.dirichlet(np.ones(jobs))}
    columns = {name: generator.choice(len(p), people, p=p).astype(np.uint8) for name, p in shares.items()}
    for index in range(questions):
        answers = generator.choice(5, people, p=generator.dirichlet(np.full(5, 3))).astype(np.uint8)
        columns[f"q{index}"] = np.where(generator.random(people) < left_out, 255, answers).astype(np.uint8)
    rosters = {name: tuple(int(x) for x in 1 + 2 * people * p) for name, p in shares.items()}
    groups = tuple(GroupQuestion(name, len(r), r, (None,) * len(r)) for name, r in rosters.items())
    asked = tuple(Question(f"q{index}", "agreement", 5) for index in range(questions))
    return TablePlan(asked, groups, ("site", "job"), (("site", "job"),), eligible=2 * people), columns


@pytest.mark.parametrize(("people", "sites", "jobs", "questions"), [(814, 16, 10, 30), (2042, 49, 4, 19)])
def test_a_district_is_released_in_time_and_gives_nothing_away(people, sites, jobs, questions):
    plan, columns = district(people, sites, jobs, questions)
    started = time.process_time()
    release = released(plan, columns)
    assert time.process_time() - started < 5
    assert verify(json.loads(json.dumps(release))) == []
    assert release["loss"]["tables"][0]["people"] > 95


@pytest.mark.parametrize(("of_site", "stands"), [([0] * 10 + [3] * 10, False), ([0, 1, 2, 3, 4] * 4, True)])
def test_a_mean_that_would_say_that_nobody_gave_an_answer_is_not_printed(of_site, stands):
    """Half of twenty agree, and their mean is 2.5: so of the five answers only two were given."""
    release = released(*one_way([20, 40, 0], [*of_site, *([0, 1, 2, 3, 4] * 8)]))
    told = cell(release, site=0)["answers"]["breaks"]
    assert told["top"] and (told["mean"] is not None) is stands
