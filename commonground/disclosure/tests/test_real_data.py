"""Survey answers and published tables that nobody here wrote; COMMONGROUND_REAL_DATA names their folder."""

import csv
import json
import os
import time
from collections import Counter
from itertools import product
from pathlib import Path

import highspy
import numpy as np
import pytest

from commonground.disclosure.attack import learn
from commonground.disclosure.cells import Layout
from commonground.disclosure.counted import Wanted
from commonground.disclosure.counted import read as read_counts
from commonground.disclosure.forms import show
from commonground.disclosure.merge import ReportingGroup
from commonground.disclosure.pattern import find_pattern
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
    """Return the 168 cells of a published table, with subtotals, by their values and over its 72 inner cells."""
    inner = rows("sdc/sdctable_complete_168cells.csv")
    atoms = {
        (r["V1"], r["V2"], r["V3"]): int(float(r["Freq"]))
        for r in inner
        if "Tot" not in r.values() and r["V1"] != "B" and "" not in r.values()
    }
    values = [[(value,) for value in sorted({key[i] for key in atoms})] for i in range(3)]
    values = [[*each, tuple(sum(each, ()))] for each in values]
    values[0].append(tuple(one for one in values[0][-1] if one.startswith("B")))
    cells = list(product(*values))
    members = np.array(
        [[all(key[i] in cell[i] for i in range(3)) for key in atoms] for cell in cells], dtype=np.int64
    )
    return cells, members, np.array(list(atoms.values()))


def lines_of(cells):
    """Return every total with its parts, as places of cells: leaves, and the group B beside the other leaves."""
    place = {total: i for i, total in enumerate(cells)}
    lines = []
    for total, axis in product(cells, range(3)):
        for parts in splits(total[axis]):
            inside = [place[*total[:axis], part, *total[axis + 1 :]] for part in parts]
            lines.append((place[total], inside))
    return lines


def splits(value):
    group = tuple(one for one in value if one.startswith("B"))
    if len(value) > 1:
        yield [(one,) for one in value]
    if 1 < len(group) < len(value):
        yield [group, *((one,) for one in value if one not in group)]


def our_pattern(members, counts, primary):
    """Return what we hide beside the primary cells: largest cells first, so totals before their parts."""
    order = sorted(np.flatnonzero(~primary), key=lambda i: (-members[i].sum(), -counts[i], i))
    verdicts, arithmetic = publishable_sums(members[order], members[primary])
    assert arithmetic == "integers"
    return [int(i) for i, safe in zip(order, verdicts, strict=True) if not safe]


def fewest(lines, primary, totals_stay, members):
    """Return the fewest cells beside the primary ones such that no line has just one hidden cell.

    No pattern of which nothing follows can do with fewer: a single hidden cell of a line is a subtraction.
    """
    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    hidden = [model.addBinary() for _ in primary]
    for place, is_hidden in enumerate(hidden):
        if primary[place]:
            model.addConstr(is_hidden >= 1)
        elif totals_stay and members[place].sum() > 1:
            model.addConstr(is_hidden <= 0)
    for total, parts in lines:
        line = [hidden[i] for i in (total, *parts)]
        for one in line:
            model.addConstr(sum(line[1:], start=line[0]) >= 2 * one)
    model.minimize(sum(hidden[1:], start=hidden[0]))
    assert model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return round(model.getInfo().mip_dual_bound) - int(primary.sum())


PUBLISHED = {"OPT": 22, "GAUSS": 23, "HYPERCUBE": 27, "SIMPLEHEURISTIC": 27}


def test_the_published_three_way_table_needs_as_few_shields_as_can_be_where_totals_stay():
    cells, members, people = three_way()
    counts = members @ people
    primary = counts <= 10
    assert (len(counts), primary.sum()) == (168, 15)
    ours = our_pattern(members, counts, primary)
    assert all(members[i].sum() == 1 for i in ours), "no total is hidden"
    assert len(ours) == fewest(lines_of(cells), primary, True, members) == PUBLISHED["GAUSS"] == 23
    assert PUBLISHED["OPT"] == 22 < len(ours), "one fewer, with totals hidden in their place"


def test_the_thirteen_of_one_published_method_leave_a_hidden_cell_that_follows():
    cells, members, people = three_way()
    assert fewest(lines_of(cells), members @ people <= 10, False, members) == 21 > 13


def test_what_two_published_patterns_of_two_regions_leave_is_no_less_than_ten_people():
    counts = np.array([[18, 2], [14, 19], [12, 10], [11, 14]])
    for region in (2, 3):
        hidden = np.zeros(counts.shape, dtype=bool)
        hidden[[0, region]] = True
        margins = [*(hidden.sum(axis=1) > 0), *(hidden.sum(axis=0) > 0)]
        assert sum(margins) == 4, "every line with a hidden cell has two"
        assert (counts * hidden).sum(axis=0).min() == 2 + counts[region, 1] >= 10
        assert (counts * hidden)[[0, region]].sum(axis=1).min() >= 10


def test_the_published_example_with_a_zero_leaves_two_people_and_ours_does_not():
    counts = np.array([[5, 2, 0], [6, 3, 4]])
    hidden = np.array([[False, True, True], [False, True, True]])
    left = (counts * hidden).sum(axis=1).tolist()
    assert left == [2, 7], "young people of Iceland and Portugal are two together, so neither cell can hold three"
    release = released(*two_way([[*row, 0] for row in counts] + [[0, 0, 0, 0]]))
    assert {each["n"] for each in release["cells"]} <= {None, 20}
    assert verify(release) == []


@pytest.mark.parametrize(
    ("minimum", "named"), [(2, "secondary_without_singleton_detection"), (3, "threshold_3"), (5, "threshold_5")]
)
def test_singletons_are_shielded_as_published_with_each_threshold(minimum, named):
    singletons = next(told for of, told in known("sdc/known_answers.json").items() if of.startswith("singletons"))
    groups = tuple(ReportingGroup((label,)) for label in range(4))
    layout = Layout({"code": groups}, ((), ("code",)), {"code": np.array([0, 1, 1, 2])}, 4)
    pattern = find_pattern(layout, layout.people_in, None, minimum)
    hidden = (layout.people_in > 0) & ~pattern.exact
    assert hidden.sum() - 2 == singletons[named], "beside the two codes with one person each"


def test_of_three_answers_to_a_question_never_is_just_one_hidden():
    """The rule of published surveys for positive, neutral, negative: one hidden of three gives itself back."""
    question = Question("mood", "one", 3)
    for first, second in product(range(61), repeat=2):
        if first + second <= 60:
            form = show(question, (first, second, 60 - first - second), 60, False, False)
            ranges = sum(isinstance(share, tuple) for share in form.options or ())
            assert ranges != 1


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


@pytest.mark.parametrize("place", range(10))
def test_the_federal_lines_brought_as_a_table_of_counts_hide_the_rest(place):
    line = federal_lines()[place]
    units = [[f"unit {i}", f"{people:,}"] for i, people in enumerate(children_of(line))]
    table = enumerate([*units, ["in no unit that is listed", line["residual"]]], start=2)
    counted = read_counts(["Unit", "Answered"], table, Wanted(people="answered", nested=("unit",)))
    release = released(counted.plan, counted.columns)
    assert cell(release)["n"] == int(line["parent_n"])
    assert verify(release) == [] and all(each["n"] != int(line["residual"]) for each in release["cells"])


def without_answers(release):
    for each in release["cells"]:
        each["answers"] = {}
    return release
