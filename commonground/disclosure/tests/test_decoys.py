"""How a decoy is scaled to what is printed: its people, who of them answered, and what these answered."""

from typing import Any

import numpy as np
import pytest

from commonground.disclosure import decoys
from commonground.disclosure.certificate import CLOSE, disagreements
from commonground.disclosure.decoys import (
    LOOK,
    _normal,
    _Scaling,
    fit_answered,
    fit_options,
    fit_people,
    ratio,
    short,
)
from commonground.disclosure.parts import Decoy, First, Part
from commonground.disclosure.printed import Bounds, Printed
from commonground.disclosure.tests.byhand import document, told, whole

FEW = 60
TWO = [("breaks", "agreement", 5), ("pride", "agreement", 5)]


def test_what_is_not_held_is_multiplied_by_one():
    held = np.array([4.0, 0.0, 0.0, 2.0])
    assert ratio(np.array([2.0, 3.0, 0.0, 2.0]), held).tolist() == [0.5, 1, 1, 1]


# People


def by_site_and_job(**people):
    return document({"site": 2, "job": 2}, people, pairs=[("site", "job")])


MARGINS = {"": 50, "site": [30, 20], "job": [40, 10]}


def test_people_of_whom_nothing_is_known_are_the_product_of_the_margins():
    part = whole(by_site_and_job(**MARGINS))
    people, fits = fit_people(part, part.people, np.ones(4), LOOK)
    assert fits and people == pytest.approx([24, 6, 16, 4])


def test_from_another_start_other_people_keep_to_the_same_margins():
    """Scaling never changes how much more one corner holds against the others than it did at the start."""
    part = whole(by_site_and_job(**MARGINS))
    people, fits = fit_people(part, part.people, np.array([3.0, 1.0, 1.0, 1.0]), FEW)
    assert fits and people[0] * people[3] / (people[1] * people[2]) == pytest.approx(3)
    assert people.reshape(2, 2).sum(axis=1) == pytest.approx([30, 20], abs=0.002)
    assert people.reshape(2, 2).sum(axis=0) == pytest.approx([40, 10], abs=0.002)


def test_people_who_have_to_be_in_two_places_at_once_do_not_fit():
    part = whole(by_site_and_job(**{**MARGINS, "job": [40, 12]}))
    assert not fit_people(part, part.people, np.ones(4), FEW)[1]


def test_people_move_inside_bounds_only_where_they_are_outside():
    between = {"at_least": 30, "at_most": 40}
    part = whole(document({"site": 2}, {"": 50, "site": [between, None]}))
    assert fit_people(part, part.people, np.array([35.0, 15.0]), LOOK)[0].tolist() == [35, 15]
    assert fit_people(part, part.people, np.array([20.0, 30.0]), FEW)[0] == pytest.approx([30, 20], abs=0.002)
    assert fit_people(part, part.people, np.array([45.0, 5.0]), FEW)[0] == pytest.approx([40, 10], abs=0.002)


def test_what_is_off_in_the_end_by_less_than_a_check_allows_fits():
    """Sums near their bounds are approached ever more slowly."""
    part = whole(by_site_and_job(**{"": 50, "site": [30, 20], "job": [30, 20], "site job": [None, 0, None, None]}))
    off = {sweeps: fit_people(part, part.people, np.ones(4), sweeps) for sweeps in (LOOK, 10 * LOOK)}
    for people, fits in off.values():
        worst = max(b.outside(each.table.sums(people)) for each, b in zip(part.touched, part.people, strict=True))
        assert fits == (worst <= CLOSE / 2)


# Who answered


def test_those_who_answered_are_everywhere_the_same_share():
    part = whole(document({"site": 2}, {"": 10, "site": [6, 4]}, {"the district": {"breaks": told(5)}}))
    answered, conflicts = fit_answered(part, np.array([6.0, 4.0]), LOOK)
    assert conflicts == {} and answered[:, 0] == pytest.approx([3, 2])


def test_where_everyone_answered_nobody_is_left_and_elsewhere_the_rest():
    made = document(
        {"site": 3},
        {"": 60, "site": [30, 20, 10]},
        {"the district": {"breaks": told(45)}, "site 0": {"breaks": told(30)}, "site 2": {"breaks": told(0)}},
    )
    answered, conflicts = fit_answered(whole(made), np.array([30.0, 20.0, 10.0]), FEW)
    assert conflicts == {} and answered[:, 0] == pytest.approx([30, 15, 0], abs=0.01)


def test_each_question_has_those_who_answered_it():
    questions = [("breaks", "agreement", 5), ("pride", "agreement", 5)]
    answers = {"site 0": {"breaks": told(20)}, "site 1": {"pride": told({"at_least": 15, "at_most": 30})}}
    part = whole(document({"site": 2}, {"": 60, "site": [30, 30]}, answers, questions))
    answered, conflicts = fit_answered(part, np.array([30.0, 30.0]), FEW)
    assert conflicts == {} and answered[0, 0] == pytest.approx(20, abs=0.01)
    assert 15 - CLOSE <= answered[1, 1] <= 30


def test_more_answers_than_people_do_not_fit_by_so_many():
    answers = {"site 0": {"breaks": told(8)}, "site 1": {"breaks": told(4)}}
    part = whole(document({"site": 2}, {"": 10, "site": [5, 5]}, answers))
    answered, conflicts = fit_answered(part, np.array([5.0, 5.0]), FEW)
    assert conflicts == {0: {(1, 0): pytest.approx(3, abs=0.01)}}
    assert (answered >= 0).all() and (answered <= 5 + 1e-9).all()


def test_too_few_who_can_have_left_a_question_out_are_named_too():
    """Of ten people five answered at least in a place, and of the district four."""
    answers = {"the district": {"breaks": told(4)}, "site 0": {"breaks": told(5)}}
    part = whole(document({"site": 2}, {"": 10, "site": [5, 5]}, answers))
    _, conflicts = fit_answered(part, np.array([5.0, 5.0]), FEW)
    assert set(conflicts) == {0} and set(conflicts[0]) <= {(0, 0), (1, 0)}
    assert sum(conflicts[0].values()) == pytest.approx(1, abs=0.01)


# What they answered


def fitted(made, people, sweeps=FEW, start=None, loose=0, part=None, wished=None):
    """Return part, fit and the decoy of so many people, all of whom answered everything."""
    part = part or whole(made)
    there = np.array(people, dtype=float)
    answered = np.repeat(there[:, None], len(part.printed.questions), axis=1)
    fit = fit_options(part, answered[:, part.printed.question_of_item], sweeps, start, loose, wished)
    return part, fit, Decoy(there, answered, fit.weights, part.places)


def agrees(part, decoy):
    return list(disagreements(part, decoy, part.sums(decoy))) == []


def district(**shown):
    return document({"site": 2}, {"": 100, "site": [60, 40]}, {"the district": {"breaks": told(100, **shown)}})


def test_answers_of_which_nothing_is_told_are_alike_and_their_shares_those_of_the_district():
    made = district(options=[10, 20, 30, 40, 0])
    part, fit, decoy = fitted(made, [60, 40])
    assert fit.conflicts == {} and agrees(part, decoy)
    shares = part.options_of(decoy)[:, 0] / decoy.people[:, None]
    assert shares[0] == pytest.approx(shares[1]) and shares[0] == pytest.approx([0.1, 0.2, 0.3, 0.4, 0], abs=0.01)
    assert (
        part.options_of(Decoy(decoy.people, decoy.answered, fitted(district(), [60, 40])[1].weights))[0] == 12
    ).all()


def test_an_upper_share_leaves_the_upper_answers_alike_and_the_others():
    part, fit, decoy = fitted(district(top=60), [60, 40])
    assert fit.conflicts == {} and agrees(part, decoy)
    options = part.options_of(decoy)[:, 0].sum(axis=0)
    assert options[3] == pytest.approx(options[4]) and options[:3] == pytest.approx([options[0]] * 3)
    assert options[3] + options[4] == pytest.approx(60, abs=0.6)


@pytest.mark.parametrize("mean", [1.4, 2.2, 3.0, 3.9, 4.8])
def test_a_mean_tilts_the_answers_towards_itself(mean):
    part, fit, decoy = fitted(district(mean=mean), [60, 40])
    assert fit.conflicts == {} and agrees(part, decoy)
    options = part.options_of(decoy)[:, 0].sum(axis=0)
    steps = np.diff(options)
    assert (np.abs(steps) < 1e-9).all() if mean == 3.0 else (steps * (mean - 3.0) > 0).all()
    assert options @ [1, 2, 3, 4, 5] / 100 == pytest.approx(mean, abs=0.051)


@pytest.mark.parametrize("together", [20_000, 0])
def test_options_upper_share_and_mean_of_several_cells_are_kept_together(together, monkeypatch):
    monkeypatch.setattr(decoys, "LITTLE", together)
    answers = {
        "the district": {"breaks": told(100, options=[10, 20, 30, 25, 15], top=40, mean=3.2)},
        "site 0": {"breaks": told(60, top=[0, 30], mean=2.9)},
        "site 1": {"breaks": told(40, mean=3.6)},
    }
    made = document({"site": 2}, {"": 100, "site": [60, 40]}, answers)
    part, fit, decoy = fitted(made, [60, 40])
    assert fit.conflicts == {} and agrees(part, decoy)


def test_questions_that_are_told_in_different_cells_are_kept_in_all_of_them():
    answers = {"site 0": {"breaks": told(60, top=80)}, "site 1": {"pride": told(40, top=[0, 20])}}
    questions = [*TWO, ("lift", "one", 2)]
    made = document({"site": 2}, {"": 100, "site": [60, 40]}, answers, questions)
    part, fit, decoy = fitted(made, [60, 40])
    assert fit.conflicts == {} and agrees(part, decoy)


@pytest.mark.parametrize(("choices", "hard"), [(3, {1}), (5, set())])
def test_for_few_items_that_need_long_it_goes_on(choices, hard):
    """Of the second choice the first site holds nearly all, so that it comes near ever more slowly."""
    shares: dict[str, list[Any]] = {"the district": [30, 60, 50, 50, 50], "site 0": [10, 90, [20, 80], 50, 50]}
    people = {"the district": 100, "site 0": 60}
    answers = {at: {"rest": told(people[at], options=each[:choices])} for at, each in shares.items()}
    made = document({"site": 2}, {"": 100, "site": [60, 40]}, answers, [("rest", "several", choices)])
    assert set(fitted(made, [60, 40])[1].conflicts) == hard


def test_what_comes_near_its_bounds_ever_more_slowly_gets_there():
    """Of sixty who chose it all but four are at the first site: 190 sweeps without longer steps would not do."""
    answers = {"the district": {"rest": told(100, options=[60])}, "site 0": {"rest": told(60, options=[93])}}
    made = document({"site": 2}, {"": 100, "site": [60, 40]}, answers, [("rest", "several", 1)])
    part, fit, decoy = fitted(made, [60, 40], sweeps=150)
    assert fit.conflicts == {} and agrees(part, decoy)


def test_a_mean_is_met_at_once_where_it_is_not_far():
    part = whole(district(mean=3.2))
    scaling = _Scaling(part, np.array([0]), np.array([[60.0], [40.0]]), decoys._ones(part))
    (of_district,) = scaling.tables
    moved = scaling._with_mean(of_district.sums(scaling.held), of_district)
    assert moved[0, 0] @ [1, 2, 3, 4, 5] == pytest.approx(315) and moved.sum() == pytest.approx(100)


def test_several_choices_are_as_many_yes_or_no_answers():
    answers = {"site 0": {"rest": told(60, options=[10, 70, [20, 80]])}, "the district": {"rest": told(100)}}
    answers["the district"]["rest"]["options"] = [30, 60, 50]
    made = document({"site": 2}, {"": 100, "site": [60, 40]}, answers, [("rest", "several", 3)])
    part, fit, decoy = fitted(made, [60, 40])
    assert fit.conflicts == {} and agrees(part, decoy)
    assert part.options_of(decoy)[:, :, 1].sum(axis=0) == pytest.approx([30, 60, 50], abs=0.5)


@pytest.mark.parametrize("together", [20_000, 0])
def test_questions_of_different_lengths_have_no_answers_that_do_not_exist(together, monkeypatch):
    monkeypatch.setattr(decoys, "LITTLE", together)
    questions = [("breaks", "agreement", 5), ("rest", "scale10", 11), ("lift", "one", 2)]
    answers = {
        "the district": {
            "breaks": told(100, options=[10, 20, 30, 25, 15]),
            "rest": told(100, mean=7.0, top=40),
            "lift": told(100, options=[35, 65], top=35),
        }
    }
    made = document({"site": 2}, {"": 100, "site": [60, 40]}, answers, questions)
    part, fit, decoy = fitted(made, [60, 40])
    assert fit.conflicts == {} and agrees(part, decoy)
    assert all((weights[:, ~part.printed.valid] == 0).all() for weights in fit.weights)
    options = part.options_of(decoy).sum(axis=0)
    assert options[:, 5:].sum(axis=1) == pytest.approx([0, options[1, 5:].sum(), 0]) and options[2, 2:].sum() == 0
    assert options.sum(axis=1) == pytest.approx([100, 100, 100])


def test_weights_are_at_most_one_and_of_each_cell_one_is():
    _, fit, _ = fitted(district(options=[10, 20, 30, 40, 0], mean=3.0), [60, 40])
    for weights in fit.weights:
        assert (weights.max(axis=2) == 1).all() and (weights >= 0).all()


AT_ODDS = {
    "the district": {"breaks": told(100, top=30), "pride": told(100, top=50)},
    "site 0": {"breaks": told(60, top=80), "pride": told(60, top=40)},
    "site 1": {"breaks": told(40, top=20)},
}


def at_odds():
    """Return a hundred people of whom three in ten agree, and at a hidden site of many eight in ten."""
    return document({"site": 2}, {"": 100}, AT_ODDS, TWO)


def test_shares_that_cannot_stand_on_these_people_are_named_with_their_cells():
    part, fit, decoy = fitted(at_odds(), [60, 40])
    assert set(fit.conflicts) == {0} and set(fit.conflicts[0]) <= {(0, 0), (1, 0), (1, 1)}
    sums = part.sums(decoy)
    upper = sums[1].options[0, 1, 3:].sum(), sums[0].options[0, 1, 3:].sum()
    assert upper == (pytest.approx(24, abs=0.4), pytest.approx(50, abs=0.6))


def split_alike():
    """Return two sites and two jobs of fifty, of each eight of ten agree in one and two of ten in the other."""
    upper = {"site 0": 80, "site 1": 20, "job 0": 80, "job 1": 20, "the district": 50}
    answers = {at: {"breaks": told(100 if at == "the district" else 50, top=top)} for at, top in upper.items()}
    return document(
        {"site": 2, "job": 2}, {"": 100, "site": [50, 50], "job": [50, 50]}, answers, pairs=[("site", "job")]
    )


def test_people_would_go_to_where_shares_can_stand():
    """With as many in each crossed cell, more than all of the first would have to agree."""
    part, fit, _ = fitted(split_alike(), [25] * 4, loose=10)
    assert fit.conflicts and fit.drift[[0, 3]].min() > 1.02 and fit.drift[[1, 2]].max() < 0.98
    people = np.full(4, 25.0)
    for _ in range(3):
        drift = fitted(split_alike(), people, loose=10)[1].drift
        assert (drift >= 1 / 3).all() and (drift <= 3).all()
        people, _ = fit_people(part, part.people, people * drift, FEW)
    assert not fitted(split_alike(), people, sweeps=150)[1].conflicts


def test_where_everything_fits_nobody_would_go_elsewhere():
    _, fit, _ = fitted(district(top=40), [60, 40], loose=10)
    assert fit.drift.tolist() == [1, 1]
    assert fitted(split_alike(), [25] * 4)[1].drift.tolist() == [1] * 4


def test_people_are_not_moved_for_what_fits_or_is_not_let_run():
    """Of two questions one cannot stand; people go where it can, as if it were alone."""
    made = split_alike()
    alone = fitted(made, [25] * 4, loose=10)[1].drift
    made["questions"].append({"id": "pride", "kind": "agreement", "options": 5})
    for each, top in zip(made["cells"], [45, 60, 30, 50, 40], strict=False):
        each["answers"]["pride"] = told(each["n"], top=top)
    part, fit, _ = fitted(made, [25] * 4, loose=10)
    assert set(fit.conflicts) == {0} and fit.drift == pytest.approx(alone, abs=1e-6)
    answered = np.full((4, 2), 25.0)
    assert fit_options(part, answered, FEW).drift.tolist() == [1] * 4
    easy = fit_options(part, answered[:, :2], FEW, loose=10)
    assert set(easy.conflicts) == {0}


def test_a_question_that_fits_at_one_place_only_is_named_for_the_others():
    """A third site and job hold all of each other and fit; the other two are split as before."""
    upper = {"site 0": 80, "site 1": 20, "site 2": 40, "job 0": 80, "job 1": 20, "job 2": 40}
    answers = {at: {"breaks": told(50, top=top)} for at, top in upper.items()}
    people = {"": 150, "site": [50] * 3, "job": [50] * 3}
    _, fit, _ = fitted(
        document({"site": 3, "job": 3}, people, answers, pairs=[("site", "job")]), [25, 25, 0, 25, 25, 0, 0, 0, 50]
    )
    assert set(fit.conflicts) == {0} and not {(1, 2), (2, 2)} & set(fit.conflicts[0])
    assert {(1, 0), (1, 1)} <= set(fit.conflicts[0])


def test_what_is_moved_into_a_range_goes_well_inside():
    start = [np.array([[[0.01, 0.01, 0.01, 1, 1]]]), np.ones((2, 1, 5))]
    part, _, decoy = fitted(district(top=[20, 80]), [60, 40], start=start)
    assert part.options_of(decoy)[:, 0, 3:].sum() == pytest.approx(68, abs=1)
    start = [np.array([[[1, 1, 1, 0.01, 0.01]]]), np.ones((2, 1, 5))]
    part, _, decoy = fitted(district(top=[20, 80]), [60, 40], start=start)
    assert part.options_of(decoy)[:, 0, 3:].sum() == pytest.approx(32, abs=1)


def test_the_greatest_weight_of_a_cell_is_one_unless_all_are_nothing():
    weights = np.array([[[0.5, 0.25]], [[4.0, 2.0]], [[0.0, 0.0]]])
    assert _normal(weights).tolist() == [[[1, 0.5]], [[1, 0.5]], [[0, 0]]]


def test_a_start_at_which_everything_fits_is_left_alone():
    made = district(top=60)
    _, found, _ = fitted(made, [60, 40])
    _, again, _ = fitted(made, [60, 40], sweeps=9, start=found.weights)
    assert again.conflicts == {}
    for before, after in zip(found.weights, again.weights, strict=True):
        assert after == pytest.approx(before, abs=0.02)


def test_what_fits_fits_as_a_certificate_holds_it():
    """Weights that are next to nothing in one table and make up for it in another are lost in a certificate."""
    start = [np.array([[[1e-60, 1, 1, 1, 1]]]), np.array([[[1, 1e-60, 1e-60, 1e-60, 1e-60]]] * 2)]
    part, fit, decoy = fitted(district(options=[20, 20, 20, 20, 20]), [60, 40], start=start)
    assert fit.conflicts == {} and agrees(part, decoy)
    for each in fit.weights:
        assert (short(each) == each).all() and (each > 0).all()


def test_what_would_not_fit_in_a_certificate_does_not_fit(monkeypatch):
    """With no weight under a half two in a hundred cannot have given an answer."""
    made = district(options=[2, 23, 25, 25, 25])
    assert fitted(made, [60, 40])[1].conflicts == {}
    monkeypatch.setattr(decoys, "LEAST_WEIGHT", 0.5)
    part, fit, decoy = fitted(made, [60, 40])
    assert set(fit.conflicts[0]) == {(0, 0)} and not agrees(part, decoy)


def wishes(site, option, least=0.0, most=1.0):
    """Return the wish that such a share of a site may have given an answer, and none of the district."""
    of_sites = Bounds(np.zeros((2, 1, 5)), np.ones((2, 1, 5)))
    of_sites.least[site, 0, option], of_sites.most[site, 0, option] = least, most
    return [Bounds(np.zeros((1, 1, 5)), np.ones((1, 1, 5))), of_sites]


@pytest.mark.parametrize("shown", [{}, {"top": 60}, {"options": [20, 20, 20, 20, 20]}])
@pytest.mark.parametrize(("least", "most"), [(0.4, 1.0), (0.0, 0.05)])
def test_a_share_that_is_wished_is_met_beside_what_is_printed(shown, least, most):
    part, fit, decoy = fitted(district(**shown), [60, 40], wished=wishes(1, 0, least, most))
    assert fit.conflicts == {} and agrees(part, decoy)
    share = part.options_of(decoy)[1, 0, 0] / 40
    assert least - 0.01 <= share <= most + 0.01


def test_a_wish_gives_way_to_what_is_printed():
    """Two of the hundred gave the answer, so that not ten of these forty can have."""
    made = district(options=[2, 23, 25, 25, 25])
    part, fit, decoy = fitted(made, [60, 40], wished=wishes(1, 0, 0.25))
    assert fit.conflicts == {} and agrees(part, decoy)
    assert 0.8 < part.options_of(decoy)[1, 0, 0] < 3


def test_a_start_is_not_changed_itself():
    start = [np.ones((1, 1, 5)), np.ones((2, 1, 5))]
    fitted(district(top=60), [60, 40], start=start)
    assert all((each == 1).all() for each in start)


def test_what_nobody_gave_at_the_start_nobody_gives():
    start = [np.array([[[1.0, 0, 1, 1, 1]]]), np.ones((2, 1, 5))]
    part, fit, decoy = fitted(district(top=60), [60, 40], start=start)
    assert fit.conflicts == {} and part.options_of(decoy)[:, 0, 1].tolist() == [0, 0]


def test_in_a_part_answers_and_those_of_all_others_make_up_what_is_printed():
    answers = {"the district": {"breaks": told(100, options=[10, 20, 30, 25, 15], top=40, mean=3.2)}}
    made = document({"site": 3}, {"": 100, "site": [40, None, None]}, answers)
    printed = Printed(made)
    _, fit, decoy = fitted(made, [40, 20, 40])
    first = First(printed, decoy)
    few = Part(printed, (1, 2), first)
    start = [each[touched.cells] for each, touched in zip(fit.weights, few.touched, strict=True)]
    _, fit, decoy = fitted(made, [35, 25], start=start, part=few)
    assert fit.conflicts == {} and agrees(few, decoy)
    _, fit, decoy = fitted(made, [35, 25], part=few)
    assert fit.conflicts == {} and agrees(few, decoy)


def test_of_a_part_at_most_what_is_left_of_the_printed_share_gave_an_answer():
    """At the third site all thirty agree in the first decoy, which is all of what the district has at most."""
    answers = {"the district": {"breaks": told({"at_least": 90, "at_most": 100}, top=[0, 35])}}
    made = document({"site": 3}, {"": 100, "site": [40, 30, 30]}, answers)
    people, alike = np.array([40.0, 30.0, 30.0]), np.ones((3, 1, 5))
    alike[:2, 0, 3], alike[:2, 0, 4] = 0.1, 0.0
    alike[2, 0, :3] = 0
    part = Part(
        Printed(made), (0, 1), First(Printed(made), Decoy(people, people[:, None], [np.ones((1, 1, 5)), alike]))
    )
    _, fit, decoy = fitted(made, [40, 30], part=part)
    assert fit.conflicts == {} and agrees(part, decoy)
    assert 0 <= part.options_of(decoy)[:, 0, 3:].sum() <= 5 + CLOSE
    _, fit, _ = fitted(made, [20, 20], part=part)
    assert fit.conflicts == {0: {(0, 0): pytest.approx(30 - 0.35 * 70, abs=0.1)}}, "the others alone are too many"
    part.printed.fixed = part.sums(decoy)[0]
    part.printed.fixed.options[0, 0] = [25, 20, 20, 20, 15]
    _, fit, decoy = fitted(made, [40, 30], part=part)
    assert fit.conflicts == {} and part.sums(decoy)[0].options[0, 0] == pytest.approx(
        [25, 20, 20, 20, 15], abs=CLOSE
    )


def test_a_district_that_is_held_fast_keeps_its_very_numbers():
    made = district(top=60)
    part, _, decoy = fitted(made, [60, 40])
    part.printed.fixed = part.sums(decoy)[0]
    part.printed.fixed.options[0, 0] = [10, 11, 19, 25, 35]
    _, fit, held = fitted(made, [60, 40], part=part)
    assert fit.conflicts == {} and part.sums(held)[0].options[0, 0] == pytest.approx([10, 11, 19, 25, 35], abs=0.02)


def test_a_release_without_questions_has_people_only():
    part = whole(document({"site": 2}, {"": 100, "site": [60, 40]}, questions=[]))
    fit = fit_options(part, np.zeros((2, 0)), FEW)
    assert fit.conflicts == {} and fit.drift.tolist() == [1, 1]
