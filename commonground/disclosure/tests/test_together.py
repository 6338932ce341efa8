"""Each adversary with several releases must find the leak that is planted for it."""

import copy

import numpy as np
import pytest

from commonground.disclosure.gate import Release, protect
from commonground.disclosure.memory import Earlier
from commonground.disclosure.plan import GroupQuestion, TablePlan
from commonground.disclosure.tests.survey import AGREE, group, one_way, released, two_way
from commonground.disclosure.tests.test_memory import whole
from commonground.disclosure.tests.test_real_data import FOLDER, rows
from commonground.disclosure.tests.waves import first_wave, moved, series
from commonground.disclosure.together import digest, learn_together

YEARS = (2015, 2016, 2017, 2018, 2019, 2020, 2022)
federal = pytest.mark.skipif(not FOLDER, reason="COMMONGROUND_REAL_DATA does not name the folder of real data")


def test_one_release_alone_tells_nothing_together():
    assert learn_together([released(*two_way([[30, 20, 0], [25, 25, 0], [0, 0, 0]]))]) == []


def test_two_viewers_with_two_groupings_take_apart_what_each_hides():
    """One sees groups of two sites, the other the same sites one by one but for the small one."""
    plan, columns = one_way([30, 30, 4, 30, 0])
    fine = released(plan, columns)
    coarse = TablePlan((AGREE,), (GroupQuestion("site", 4, (None,) * 4, ("a", "a", "b", "b")),), ("site",), ())
    levels = protect(coarse, columns).as_json()
    assert learn_together([whole(fine), whole(levels)]) != []
    assert learn_together([whole(fine), whole(fine)]) == []


def test_a_table_made_alone_gives_a_hidden_cell_of_another_back():
    plan, columns = two_way([[20, 4, 30], [15, 15, 30], [14, 16, 30], [0, 0, 0]])
    columns["half"] = columns["job"].copy()
    columns["half"][0] = 255
    first = released(plan, columns)
    other = TablePlan((AGREE,), (plan.groups[0], group("half", 2)), ("site", "half"), (("site", "half"),))
    hidden = [each for each in first["cells"] if each["status"] == "withheld"]
    assert hidden
    careless = copy.deepcopy(first)
    for each in careless["cells"]:
        if each["at"] == {"site": 0, "job": 0}:
            each.update(status="shown", n=20)
    assert any(sentence.startswith("Pooling") for sentence in learn_together([whole(first), whole(careless)]))
    beside = protect(
        TablePlan((AGREE,), (*plan.groups, group("half", 2)), ("site", "job", "half"), (*plan.pairs, *other.pairs)),
        columns,
        [Earlier(first, "opening")],
    ).as_json()
    assert learn_together([whole(first), whole(beside)]) == []


def test_one_leaver_between_two_counts_is_seen():
    plan, columns = two_way([[30, 20, 0], [25, 25, 0], [0, 0, 0]])
    first, second = released(plan, columns), released(plan, {name: each[1:] for name, each in columns.items()})
    assert "One leaver: the district counts 100 and 99 people of one opening." in learn_together(
        [whole(first), whole(second)]
    )
    assert not any("One leaver" in each for each in learn_together([whole(first), whole(second, "two")]))


def test_a_small_group_in_two_waves_is_seen_by_everyone_and_by_a_colleague():
    draw = np.random.default_rng(1)
    before = first_wave(draw, [24, 26, 60, 60], answering=0.6)
    after = before.next(draw, {0: (1, 0)}, answering=0.6)
    releases = series(before, after, careful=False, pair=False)
    for know in (None, moved(before, after)):
        found = learn_together(releases, know)
        assert any(each.startswith("Wave to wave: site 0 counts 15, then") for each in found)
    assert learn_together(series(before, after, careful=True, pair=False)) == []


def test_of_a_hundred_careless_series_most_are_caught_and_none_of_the_gate():
    caught = 0
    for seed in range(100):
        draw = np.random.default_rng(seed)
        before = first_wave(draw, draw.integers(10, 60, 4))
        after = before.next(draw, {0: tuple(draw.integers(0, 12, 2)), 1: (draw.integers(0, 4), 0)})
        know = moved(before, after)
        caught += bool(learn_together(series(before, after, careful=False), know))
        assert learn_together(series(before, after, careful=True), know) == []
    assert caught > 60


def test_a_claim_of_the_same_people_counts_only_for_the_release_it_names():
    draw = np.random.default_rng(1)
    before = first_wave(draw, [24, 60, 60], answering=0.6)
    after = before.next(draw, {}, answering=0.6)
    first, later = series(before, after, careful=True, told=True, pair=False)
    assert later["earlier"][0]["same"] == {"site": [0, 1, 2], "job": [0, 1]}
    assert learn_together([first, later]) == []
    forged = {**first, "minimum": 11}
    assert any(each.startswith("Wave to wave: site 0") for each in learn_together([forged, later]))


def units():
    """Return for each unit below the administration its published count by year, None where it was not listed."""
    table = rows("survey_aggregates/fevs_commerce_2015_2022.csv")
    counts = {
        row["Sorting Code"]: [row.get(f"Response Count_{year}", "").replace(",", "") for year in YEARS]
        for row in table
    }
    known = {code: [int(float(each)) if each else None for each in each_year] for code, each_year in counts.items()}
    return {code: each for code, each in known.items() if code.startswith("CM09") and len(code) > 4}


def federal_tables():
    """Return levels, labels of each level (the unlisted last), and their counts by year."""
    below = units()
    levels = sorted(code for code in below if len(code) == 6)
    labels = [(level, code) for level in levels for code in [*sorted(c for c in below if c[:6] == level != c), ""]]
    numbers = []
    for year in range(len(YEARS)):
        listed = [below[code][year] or 0 if code else 0 for _, code in labels]
        for place, (level, code) in enumerate(labels):
            if not code:
                inside = sum(n for n, (of, _) in zip(listed, labels, strict=True) if of == level)
                listed[place] = max(0, (below[level][year] or 0) - inside)
        numbers.append(listed)
    return levels, labels, numbers


def as_published(levels, labels, counts):
    """Return the year's tables as they were printed: every level and listed unit, never the unlisted ones."""
    inside = {level: [i for i, (of, _) in enumerate(labels) if of == level] for level in levels}

    def part(holds, level, left_out=False):
        return {"holds": holds, "left_out": left_out, "roster": None, "level": level, "joined": None}

    reporting = [part([i], level) for i, (level, _) in enumerate(labels)]
    nobody = part([], None, left_out=True)
    totals = [part(inside[level], level) for level in levels]
    shared = {"labels": len(labels)}
    groups = [
        {"id": "unit/level", "of": "unit", "reporting": [*totals, nobody], **shared},
        {"id": "unit", "of": None, "reporting": [*reporting, nobody], **shared},
    ]
    sums = [sum(counts[i] for i in inside[level]) for level in levels]
    cells = [({}, sum(counts)), *(({"unit/level": i}, n) for i, n in enumerate([*sums, 0]))]
    cells += [({"unit": i}, n if i < len(labels) and labels[i][1] else None) for i, n in enumerate([*counts, 0])]
    return {
        "minimum": 10,
        "eligible": None,
        "questions": [],
        "groups": groups,
        "pairs": [],
        "cells": [{"at": at, "status": "shown", "n": n or None, "answers": {}} for at, n in cells],
    }


@federal
def test_seven_years_of_federal_counts_tell_of_few_people_and_those_of_the_gate_do_not():
    levels, labels, numbers = federal_tables()
    printed = learn_together([as_published(levels, labels, counts) for counts in numbers])
    assert len([each for each in printed if each.startswith("Wave to wave")]) > 20
    group_of = GroupQuestion("unit", len(labels), (None,) * len(labels), tuple(level for level, _ in labels))
    plan = TablePlan((AGREE,), (group_of,), ("unit",), ())
    series_of_gate: list[Release] = []
    for counts in numbers:
        people = np.repeat(np.arange(len(labels)), counts).astype(np.uint8)
        earlier = [Earlier(each, "wave", digest(each)) for each in series_of_gate]
        columns = {"unit": people, "breaks": (np.arange(len(people)) % 5).astype(np.uint8)}
        series_of_gate.append(protect(plan, columns, earlier).as_json())
    assert learn_together(series_of_gate) == []
    assert series_of_gate[-1]["loss"]["tables"][-1]["people"] > 95


def test_who_named_no_group_is_unknown_to_a_release_that_did_not_ask():
    """The whole of a later survey is not the few who left out, in an earlier one, a question it does not ask."""
    earlier = released(*two_way([[30, 25, 5], [28, 22, 6], [0, 0, 0]]))
    later = released(*one_way([40, 50, 0]))
    assert any(each["at"] == {"job": 2} and each["n"] == 11 for each in earlier["cells"])
    assert learn_together([earlier, later]) == []
