import copy
from dataclasses import replace

import numpy as np
import pytest

from commonground.disclosure import verify as rules
from commonground.disclosure.plan import GroupQuestion
from commonground.disclosure.reading import Released
from commonground.disclosure.sets import finest_groups, held_by
from commonground.disclosure.tests.survey import cell, one_way, released, two_way
from commonground.disclosure.verify import verify


@pytest.fixture
def release():
    return released(*two_way([[18, 2, 0], [44, 39, 0], [42, 40, 0], [0, 0, 0]]))


def test_a_release_of_the_gate_keeps_every_rule(release):
    assert verify(release) == []


def test_a_release_keeps_every_rule_in_which_a_number_reads_nearly_all():
    release = released(*one_way([45, 30, 40, 0], roster=(46, 60, 90), eligible=200))
    assert "N" in release["proof"]["pattern"][1]["cells"]
    assert verify(release) == []


def change_minimum(release):
    release["minimum"] = 5


def drop_a_cell(release):
    release["cells"].pop()


def turn_the_cells_round(release):
    release["cells"].reverse()


def tell_a_cell_twice(release):
    release["cells"].append(release["cells"][-1])


def hold_a_label_twice(release):
    release["groups"][0]["reporting"][0]["holds"] = [0, 1]


def lose_those_who_left_out(release):
    release["groups"][0]["reporting"][-1]["left_out"] = False


def name_the_hidden_number(release):
    next(each for each in release["cells"] if each["status"] == "withheld")["n"] = 4


def say_why_hidden(release):
    next(each for each in release["cells"] if each["status"] == "withheld")["reason"] = "small"


def answer_in_a_hidden_cell(release):
    hidden = next(each for each in release["cells"] if each["status"] == "withheld")
    hidden["answers"] = {"breaks": dict(rules.NOTHING)}


def show_a_small_cell(release):
    cell(release, site=0)["n"] = 9


def go_beyond_the_roster(release):
    release["eligible"] = 120


def show_nearly_all(release):
    release["groups"][0]["reporting"][1]["roster"] = cell(release, site=1)["n"] + 1


def tell_few_left_out(release):
    cell(release)["answers"]["breaks"]["n"] = 183


def count_more_than_answered(release):
    cell(release)["answers"]["breaks"]["n"] = 200


def break_the_sum(release):
    cell(release, site=1)["answers"]["breaks"]["options"][0] += 7


def break_the_top(release):
    cell(release)["answers"]["breaks"]["top"] += 3


def show_an_end(release):
    cell(release, site=1, job=0)["answers"]["breaks"]["top"] = 2


def show_options_of_a_crossed_cell(release):
    cell(release, site=1, job=0)["answers"]["breaks"]["options"] = [20, 20, 20, 20, 20]


def show_one_range_only(release):
    cell(release)["answers"]["breaks"].update(options=[[0, 2], 20, 30, 30, 20], status="range", top=50, mean=None)


def show_two_decimals(release):
    cell(release)["answers"]["breaks"]["mean"] = 3.14


def show_a_mean_beside_a_range(release):
    cell(release)["answers"]["breaks"].update(top=[0, 2], mean=1.1)


def misstate_the_status(release):
    cell(release)["answers"]["breaks"]["status"] = "range"


def say_more_than_hidden(release):
    cell(release)["answers"]["breaks"]["status"] = "withheld"


def misstate_the_rank(release):
    release["proof"]["rank"] += 1


def misstate_the_pattern(release):
    release["proof"]["pattern"][1]["cells"] = "N" * len(release["proof"]["pattern"][1]["cells"])


def call_the_pattern_another_tables(release):
    release["proof"]["pattern"][1]["groups"] = ["job"]


def misstate_the_pattern_of_the_district(release):
    release["proof"]["pattern"][0]["cells"] = "H"


def misstate_the_remainders(release):
    release["proof"]["least_remainder"] = 99


def misstate_the_loss(release):
    release["loss"]["hidden"] = 0


def grow_a_part(release):
    cell(release, site=1)["n"] += 1


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (change_minimum, "fewer than 10"),
        (drop_a_cell, "each once and in order"),
        (turn_the_cells_round, "each once and in order"),
        (tell_a_cell_twice, "each once and in order"),
        (hold_a_label_twice, "every label once"),
        (lose_those_who_left_out, "exactly one group"),
        (name_the_hidden_number, "more than that it is hidden"),
        (say_why_hidden, "more than that it is hidden"),
        (answer_in_a_hidden_cell, "more than that it is hidden"),
        (show_a_small_cell, "shown with 9 people"),
        (go_beyond_the_roster, "more answers than people"),
        (show_nearly_all, "nearly everyone answered"),
        (tell_few_left_out, "tells that 2 left it out"),
        (count_more_than_answered, "shown for 200 to 200"),
        (break_the_sum, "the shares add to 107"),
        (break_the_top, "not the sum of its parts"),
        (show_an_end, "at an end is not a range"),
        (show_options_of_a_crossed_cell, "crossed cell shows more"),
        (show_one_range_only, "only range follows"),
        (show_two_decimals, "more than one decimal"),
        (show_a_mean_beside_a_range, "upper share is not exact"),
        (misstate_the_status, "status does not say"),
        (say_more_than_hidden, "say more than that they are hidden"),
        (misstate_the_rank, "rank of the printed numbers"),
        (misstate_the_pattern, "pattern of site"),
        (call_the_pattern_another_tables, "pattern of site"),
        (misstate_the_pattern_of_the_district, "pattern of the district"),
        (misstate_the_remainders, "remainders of the lines"),
        (misstate_the_loss, "loss is not"),
        (grow_a_part, "more people than their total"),
    ],
)
def test_a_release_changed_by_hand_is_found_out(release, spoil, words):
    changed = copy.deepcopy(release)
    spoil(changed)
    assert any(words in fault for fault in verify(changed))


def test_a_distribution_of_few_answers_is_found_out():
    release = released(*one_way([40, 25, 0]))
    cell(release, site=1)["answers"]["breaks"]["options"] = [20, 20, 20, 20, 20]
    assert any("options are shown apart for 25" in fault for fault in verify(release))


def test_a_percent_of_fewer_than_twenty_is_found_out():
    release = released(*one_way([40, 15, 0]))
    cell(release, site=1)["answers"]["breaks"]["top"] = 40
    assert any("a percent is shown for 15" in fault for fault in verify(release))


def test_numbers_that_are_not_in_steps_are_found_out():
    release = released(*one_way([20, 45, 40, 0], roster=(20, 80, 90), eligible=190))
    cell(release, site=0)["answers"]["breaks"]["top"] = 41
    assert any("not in steps of 5" in fault for fault in verify(release))


def test_another_form_is_not_judged():
    assert verify({"format": "cg2-tables"}) == ["The release does not have the form cg1-tables."]


@pytest.mark.parametrize("label", [0, 1])
def test_a_level_holds_what_its_groups_hold_and_those_who_named_none_are_no_label(label):
    plan, columns = one_way([30, 30, 40, 40, 20])
    sites = GroupQuestion("site", 4, (None,) * 4, ("a", "a", "b", "b"))
    release = released(replace(plan, groups=(sites,)), columns)
    assert list(rules._shape(Released(release))) == []
    first, _, none_named = release["groups"][0]["reporting"]
    first["left_out"], none_named["left_out"] = True, False
    fault = "The levels of site do not hold what its groups hold."
    assert list(rules._shape(Released(release))) == [fault]
    first["holds"].remove(label)
    none_named["holds"].append(label)
    assert list(rules._shape(Released(release))) == [fault]


def test_the_rank_is_that_of_the_printed_numbers_as_sums_of_the_finest_cells():
    draw = np.random.default_rng(4)
    plan, columns = two_way([[20, 20, 20, 0], [20, 20, 20, 0], [20, 20, 20, 0], [0, 0, 0, 0]])
    sites = GroupQuestion("site", 3, (None,) * 3, ("a", "a", "b"))
    for groups in (plan.groups, (sites, plan.groups[1])):
        release = released(replace(plan, groups=groups), columns)
        for _ in range(20):
            printed = draw.random(len(release["cells"])) < draw.random()
            for each, is_printed in zip(release["cells"], printed, strict=True):
                each["n"] = 20 if is_printed else None
            judged = Released(release)
            atoms = finest_groups(judged, ())
            rows = held_by(judged, judged.people, atoms)
            assert rules._rank(judged) == (np.linalg.matrix_rank(rows) if len(rows) else 0)


def test_answers_that_are_hidden_in_a_cell_that_is_shown_are_no_fault(release):
    cell(release, site=1)["answers"]["breaks"] = dict(rules.NOTHING)
    assert list(rules._hidden_cells(Released(release))) == []


# Where each rule of form begins


def faults(kind="agreement", crossed=False, **changes):
    """Return what is wrong with the answers of forty people, told with these changes."""
    told = {
        "status": "shown",
        "n": 40,
        "options": [20, 20, 20, 20, 20],
        "top": 40,
        "mean": 3.0,
        "step": 1,
        **changes,
    }
    return list(rules._form({"id": "q", "kind": kind}, told, crossed))


TOP = {"options": None, "mean": None}
RANGED = {"status": "range", "mean": None}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, None),
        ({"n": 30}, None),
        ({"n": 29}, "options are shown apart for 29"),
        ({"n": {"at_least": 20, "at_most": 29}}, "options are shown apart for 29"),
        ({"n": {"at_least": 20, "at_most": 30}}, None),
        ({**TOP, "n": 20}, None),
        ({**TOP, "n": 19}, "a percent is shown for 19"),
        ({**TOP, **RANGED, "n": 19, "top": [20, 80]}, None),
        ({"kind": "several", **TOP, "options": [50, 50], "top": None, "n": 30}, None),
        ({"kind": "several", **TOP, "options": [50, 50], "top": None, "n": 29}, "a percent is shown for 29"),
        ({"kind": "several", **TOP, **RANGED, "options": [[0, 20], [20, 80]], "top": None, "n": 29}, None),
        ({"kind": "several", **TOP, "options": [50, 60], "top": None}, None),
        (
            {"kind": "several", **RANGED, "options": [[0, 20], 50], "top": None, "n": 29},
            "a percent is shown for 29",
        ),
        ({"kind": "one", "options": [30, 30, 40], "top": None, "mean": None}, None),
        ({"kind": "one", "options": [30, 30, 41], "top": None, "mean": None}, "the shares add to 101"),
        ({"kind": "one", "options": [30, 30, 50], "top": None, "mean": None}, "the shares add to 110"),
        ({**TOP, "top": 5}, None),
        ({**TOP, "top": 4}, "at an end"),
        ({**TOP, "top": 95}, None),
        ({**TOP, "top": 96}, "at an end"),
        ({"kind": "one", "options": [4, 30, 66], "top": None, "mean": None}, "at an end"),
        ({**TOP, "top": 10, "n": 39}, None),
        ({**TOP, "top": 9, "n": 39}, "at an end"),
        ({"crossed": True, **TOP}, None),
        ({"crossed": True}, "a crossed cell shows more"),
        ({**TOP, "status": "steps", "step": 5}, None),
        ({**TOP, "status": "steps", "step": 5, "top": 41}, "not in steps of 5"),
        ({"status": "steps", "step": 5, "mean": None, "options": [20, 20, 20, 20, 25]}, None),
        ({"status": "steps", "step": 5, "mean": None, "options": [20, 20, 20, 20, 21]}, "not in steps of 5"),
        ({**RANGED, "step": 5, "options": [[0, 5], 20, 20, 20, 35]}, None),
        ({"status": "steps", "step": 5}, "a mean is shown where the upper share is not exact"),
        ({**RANGED, "top": [0, 5], "mean": 1.0, "options": [20, 20, 20, 20, 20]}, "a mean is shown where"),
        ({"mean": 3.04}, "more than one decimal"),
        ({"top": 41}, "not the sum of its parts"),
        ({"options": [20, 20, 21, 19, 20]}, "not the sum of its parts"),
        ({"kind": "scale10", "options": [5, 5, 10, 10, 10, 10, 10, 10, 10, 10, 10], "top": 30}, None),
        ({"kind": "scale10", "options": [5, 5, 10, 10, 10, 10, 10, 10, 10, 10, 10], "top": 20}, "not the sum"),
        ({"kind": "one", "options": [40, 60], "top": 40, "mean": None}, None),
        ({**RANGED, "options": [[0, 5], 20, 20, 20, 36]}, "the only range"),
        ({**RANGED, "options": [[0, 5], [30, 36], 24, 20, 20], "top": 41}, None),
        ({**RANGED, "options": [[0, 5], [20, 23], 30, 20, 20]}, None),
        ({**RANGED, "options": [[0, 5], [20, 22], 30, 20, 21]}, None),
        ({**RANGED, "options": [[0, 5], [20, 22], 30, 20, 20]}, "cannot add to 100"),
        ({**RANGED, "options": [[0, 5], [5, 10], [20, 23], 30, 30]}, "cannot add to 100"),
        ({**RANGED, "options": [[0, 5], [5, 10], [20, 24], 30, 30]}, None),
        ({**RANGED, "options": [[0, 5], [32, 40], 30, 20, 20]}, None),
        ({**RANGED, "options": [[0, 5], [33, 40], 30, 20, 20]}, "cannot add to 100"),
        ({**RANGED, "status": "shown", "options": [[0, 5], [30, 36], 24, 20, 20]}, "the status"),
        ({"status": "range"}, "the status"),
        ({"status": "steps"}, "the status"),
        ({**TOP, "status": "shown", "step": 5}, "the status"),
        ({**TOP, "status": "range", "top": [0, 5]}, None),
        ({**TOP, "status": "shown", "top": [0, 5]}, "the status"),
    ],
)
def test_each_rule_of_form_holds_up_to_its_edge(changes, words):
    found = faults(**changes)
    assert (len(found) == 1 and words in found[0]) if words else found == []


@pytest.mark.parametrize(
    ("people", "roster", "nearly"),
    [
        (27, 30, False),
        (28, 30, True),
        (17, 20, False),
        (18, 20, True),
        (90, 100, False),
        (91, 100, True),
        (901, 1000, True),
    ],
)
def test_nearly_everyone_is_all_but_two_or_more_than_nine_in_ten(people, roster, nearly):
    assert rules._nearly_all(people, roster) is nearly


def sizes(people, eligible=None, **told):
    """Return what is wrong with the sizes of a district of so many people."""
    release = released(*one_way([100, 100, 0]))
    release["eligible"] = eligible
    each = cell(release)
    each["n"] = people
    each["answers"]["breaks"].update({"n": people, **told})
    return [fault.split(" ", 1)[0] for fault in rules._sizes(Released(release)) if "district" in fault]


def test_sizes_are_those_of_k_people_or_more_and_of_the_roster_at_most():
    assert sizes(10) == [] and len(sizes(9)) == 2
    assert sizes(100, 130) == [] and sizes(101, 100) == ["The"]
    assert sizes(100, 100) == [], "how many of a district answered may be known"
    code = {"at_least": 90, "at_most": 100}
    assert sizes(code, 100) == [] and sizes({"at_least": 9, "at_most": 100}, 100) == ["The", "The"]
    assert sizes(100, n=90) == [] and sizes(100, n=91) == ["The"] and sizes(100, n=99) == ["The"]
    assert sizes(100, n=10) == [] and sizes(100, n=9) == ["The"]
    assert sizes(100, n=101) == ["The"]
    assert sizes(100, n={"at_least": 80, "at_most": 100}) == [] and sizes(code, 100, n=95) == []
    assert sizes(100, status="withheld", n=None) == []


@pytest.mark.parametrize(
    ("people", "faults"),
    [(60, 0), (96, 1), ({"at_least": 90, "at_most": 100}, 0), ({"at_least": 9, "at_most": 20}, 1)],
)
def test_nearly_everyone_of_a_group_is_no_exact_number(people, faults):
    release = released(*one_way([100, 100, 0]))
    release["groups"][0]["reporting"][0]["roster"] = 100
    cell(release, site=0).update(n=people, answers={})
    assert len(list(rules._sizes(Released(release)))) == faults
