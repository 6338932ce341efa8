import copy

import pytest

from commonground.disclosure.tests.survey import cell, one_way, released, two_way
from commonground.disclosure.verify import verify


@pytest.fixture
def release():
    return released(*two_way([[18, 2, 0], [44, 39, 0], [42, 40, 0], [0, 0, 0]]))


def test_a_release_of_the_gate_keeps_every_rule(release):
    assert verify(release) == []


def change_minimum(release):
    release["minimum"] = 5


def drop_a_cell(release):
    release["cells"].pop()


def hold_a_label_twice(release):
    release["groups"][0]["reporting"][0]["holds"] = [0, 1]


def lose_those_who_left_out(release):
    release["groups"][0]["reporting"][-1]["left_out"] = False


def name_the_hidden_number(release):
    next(each for each in release["cells"] if each["status"] == "withheld")["n"] = 4


def say_why_hidden(release):
    next(each for each in release["cells"] if each["status"] == "withheld")["reason"] = "small"


def show_a_small_cell(release):
    cell(release, site=0)["n"] = 9


def go_beyond_the_roster(release):
    release["eligible"] = 120


def show_nearly_all(release):
    release["eligible"] = 190


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
    release["proof"]["pattern"][1]["cells"] = "P" * len(release["proof"]["pattern"][1]["cells"])
    release["proof"]["pattern"][1]["groups"] = ["job"]


def misstate_the_remainders(release):
    release["proof"]["least_remainder"] = 99


def misstate_the_loss(release):
    release["loss"]["hidden"] = 0


def grow_a_part(release):
    cell(release, site=1)["n"] = 183


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (change_minimum, "fewer than 10"),
        (drop_a_cell, "each once and in order"),
        (hold_a_label_twice, "every label once"),
        (lose_those_who_left_out, "exactly one group"),
        (name_the_hidden_number, "more than that it is hidden"),
        (say_why_hidden, "more than that it is hidden"),
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
