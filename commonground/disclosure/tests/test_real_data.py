"""Survey answers and published tables that nobody here wrote; COMMONGROUND_REAL_DATA names their folder."""

import csv
import json
import os
import time
from collections import Counter
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from commonground.disclosure.attack import learn
from commonground.disclosure.plan import Question, TablePlan
from commonground.disclosure.tests.survey import cell, group, one_way, released, two_way
from commonground.disclosure.tests.systems import publishable_sums
from commonground.disclosure.verify import verify

FOLDER = os.environ.get("COMMONGROUND_REAL_DATA")

pytestmark = pytest.mark.skipif(not FOLDER, reason="COMMONGROUND_REAL_DATA does not name the folder of real data")


def rows(name):
    with (Path(FOLDER or "") / name).open(newline="") as file:
        return list(csv.DictReader(file))


def known(name):
    return json.loads((Path(FOLDER or "") / name).read_text())


@pytest.fixture(scope="module")
def soldiers():
    """Return plan and columns of 2,042 answers to 19 questions in 49 groups."""
    answers = rows("survey_microdata/lq2002_likert_items_2042.csv")
    items = [name for name in answers[0] if name[-2:].isdigit()]
    companies = sorted({row["COMPID"] for row in answers})
    columns = {"company": np.array([companies.index(row["COMPID"]) for row in answers], dtype=np.uint8)}
    for item in items:
        lowest = 0 if item.startswith("HOSTIL") else 1
        columns[item] = np.array([int(row[item]) - lowest for row in answers], dtype=np.uint8)
    columns["half"] = np.array([int(row["SUB"]) % 2 for row in answers], dtype=np.uint8)
    plan = TablePlan(
        tuple(Question(item, "agreement", 5) for item in items),
        (group("company", len(companies)), group("half", 2)),
        ("company", "half"),
        (("company", "half"),),
    )
    return plan, columns


def test_real_answers_are_released_within_a_second_and_give_nothing_away(soldiers):
    started = time.process_time()
    release = released(*soldiers)
    assert time.process_time() - started < 2
    assert verify(release) == []


def test_the_shares_of_the_district_are_the_published_counts(soldiers):
    release = released(*soldiers)
    for item, counts in known("survey_microdata/known_answers.json")["lq2002"]["item_values"].items():
        shares = cell(release)["answers"][item]["options"]
        assert all(abs(p - 100 * n / 2042) < 1 for p, n in zip(shares, counts.values(), strict=True))


def test_all_groups_of_ten_or_more_are_shown(soldiers):
    release = released(*soldiers)
    assert [cell(release, company=i)["status"] for i in range(49)] == ["shown"] * 49


def test_the_example_of_two_regions_hides_one_small_cell_and_three_shields():
    answers = rows("sdc/sdctable_microdata1_100.csv")
    counts = Counter((row["region"], row["gender"]) for row in answers)
    table = [[counts[region, gender] for gender in ("male", "female")] + [0] for region in "ABCD"]
    release = released(*two_way([*table, [0, 0, 0]]))
    hidden = [
        (each["at"]["site"], each["at"]["job"])
        for each in release["cells"]
        if each["status"] == "withheld" and each["at"].get("site", 4) < 4 and each["at"].get("job", 2) < 2
    ]
    assert hidden == [(0, 0), (0, 1), (2, 0), (2, 1)]


def three_way():
    """Return the 168 cells of a published table, with subtotals, over its 72 inner cells, and their counts."""
    inner = rows("sdc/sdctable_complete_168cells.csv")
    atoms = {
        (r["V1"], r["V2"], r["V3"]): int(float(r["Freq"]))
        for r in inner
        if "Tot" not in r.values() and r["V1"] != "B" and "" not in r.values()
    }
    ones = sorted({key[0] for key in atoms})
    parts = {
        0: [[one] for one in ones] + [[one for one in ones if one.startswith("B")], ones],
        1: [[two] for two in sorted({key[1] for key in atoms})] + [sorted({key[1] for key in atoms})],
        2: [[three] for three in sorted({key[2] for key in atoms})] + [sorted({key[2] for key in atoms})],
    }
    cells = list(product(*parts.values()))
    members = np.array(
        [[all(key[i] in cell[i] for i in range(3)) for key in atoms] for cell in cells], dtype=np.int64
    )
    return members, np.array(list(atoms.values()))


def test_the_published_three_way_table_needs_no_more_shields_than_the_published_methods():
    members, people = three_way()
    counts = members @ people
    primary = counts <= 10
    assert (len(counts), primary.sum()) == (168, 15)
    order = sorted(np.flatnonzero(~primary), key=lambda i: (-members[i].sum(), -counts[i], i))
    verdicts, arithmetic = publishable_sums(members[order], members[primary])
    assert arithmetic == "integers"
    assert 13 <= verdicts.count(False) <= 27


def test_the_published_example_with_a_zero_hides_the_same_rectangle():
    ages, places = ("young", "old"), ("Spain", "Iceland", "Portugal")
    counts = {(r["age"], r["geo"]): int(r["freq"]) for r in rows("sdc/gausssuppression_dataset_a.csv")}
    cells = list(product(([*ages], ["old"], ["young"]), ([*places], ["Spain"], ["Iceland"], ["Portugal"])))
    members = np.array([[a in cell[0] and p in cell[1] for a, p in counts] for cell in cells], dtype=np.int64)
    secret = cells.index((["young"], ["Portugal"]))
    order = sorted(
        set(range(len(cells))) - {secret}, key=lambda i: (-members[i].sum(), -(members[i] @ list(counts.values())))
    )
    verdicts, _ = publishable_sums(members[order], members[[secret]])
    hidden = {(cells[i][0][0], cells[i][1][0]) for i, safe in zip(order, verdicts, strict=True) if not safe}
    assert hidden == {("young", "Iceland"), ("old", "Iceland"), ("old", "Portugal")}


def federal_lines():
    lines = rows("survey_aggregates/fevs_commerce_hierarchy_residuals.csv")
    return [line for line in lines if 1 <= int(line["residual"]) <= 9]


def children_of(line):
    """Return the printed counts of the units listed below a unit in a year."""
    found = []
    for row in rows("survey_aggregates/fevs_commerce_2015_2022.csv"):
        code, count = row["Sorting Code"], row.get(f"Response Count_{line['year']}", "").replace(",", "")
        if code.startswith(line["code"]) and len(code) == len(line["code"]) + 2 and count:
            found.append(int(float(count)))
    return found


def test_ten_published_federal_lines_leave_one_to_nine_people():
    assert len(federal_lines()) == known("survey_aggregates/known_answers.json")["fevs_commerce"]["residual_1_to_9"]


@pytest.mark.parametrize("place", range(10))
def test_the_gate_refuses_what_the_federal_tables_gave_away(place):
    line = federal_lines()[place]
    children, left = children_of(line), int(line["residual"])
    assert sum(children) == int(line["sum_children_n"])
    assert verify(released(*one_way([*children, left]))) == []
    as_published = without_answers(released(*one_way([*children, 10])))
    cell(as_published)["n"] = int(line["parent_n"])
    cell(as_published, site=len(children)).update(status="withheld", n=None)
    assert f"By linear algebra: site {len(children)} holds {left} people." in learn(as_published)


def without_answers(release):
    for each in release["cells"]:
        each["answers"] = {}
    return release
