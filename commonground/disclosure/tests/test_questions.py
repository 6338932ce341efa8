"""Questions that people leave out have numbers of their own, and these too leave nobody in a small rest."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonground.disclosure import attack, gate, shares
from commonground.disclosure.answers import Answers
from commonground.disclosure.attack import learn
from commonground.disclosure.forms import Form
from commonground.disclosure.means import leave_out_exposed_means
from commonground.disclosure.past import Earlier
from commonground.disclosure.pattern import find_pattern
from commonground.disclosure.plan import TablePlan
from commonground.disclosure.questions import cells_to_tell
from commonground.disclosure.reading import Released
from commonground.disclosure.shares import Items
from commonground.disclosure.tests.survey import AGREE, cell, numbers, one_way, place_of, released, two_way
from commonground.disclosure.tests.test_gate import follows
from commonground.disclosure.together import digest
from commonground.disclosure.verify import verify


def leave_out(columns, places, seed=0):
    """Let some people leave the question out: in each cell of the table the share given for it."""
    chance = np.random.default_rng(seed)
    share = np.array(places)[columns["site"] % len(places), columns["job"] % len(places[0])]
    return {
        **columns,
        "breaks": np.where(chance.random(len(share)) < share, 255, columns["breaks"]).astype(np.uint8),
    }


def small_sets_that_follow(release, plan, columns):
    """Grant the attacker the number of answers wherever the question is told; count sets of 1 to 9 that follow."""
    chosen = columns["breaks"] != 255
    answered = numbers(release, plan, {name: column[chosen] for name, column in columns.items()})
    atoms = {
        frozenset(each["at"].items()): people
        for each, people in zip(release["cells"], answered, strict=True)
        if len(each["at"]) == 2 and people
    }
    told = [each["at"] for each in release["cells"] if _is_told(each)]
    rows = [[set(at.items()) <= atom for atom in atoms] for at in told]
    sets = np.array(list(product((0, 1), repeat=len(atoms))))
    sizes = sets @ np.array(list(atoms.values()))
    small = sets[(sizes > 0) & (sizes < 10)]
    return int(follows(np.array(rows, dtype=np.int64), small).sum()) if rows and len(small) else 0


def _is_told(each):
    return each["answers"].get("breaks", {"status": "withheld"})["status"] != "withheld" and isinstance(
        each["n"], int
    )


left_out_share = st.sampled_from([0.0, 0.0, 0.0, 0.3, 0.6, 0.9])


@given(
    st.lists(st.lists(st.integers(0, 30), min_size=4, max_size=4), min_size=3, max_size=4),
    st.lists(st.lists(left_out_share, min_size=3, max_size=3), min_size=3, max_size=3),
    st.integers(0, 99),
)
@settings(max_examples=300, deadline=None, derandomize=True)
def test_no_set_of_one_to_nine_answers_follows_where_a_question_is_told(counts, left_out, seed):
    if np.sum(counts) == 0:
        return
    plan, columns = two_way(counts)
    columns = leave_out(columns, left_out, seed)
    if (columns["breaks"] == 255).all():
        return
    release = released(plan, columns)
    assert small_sets_that_follow(release, plan, columns) == 0
    assert verify(release) == []


@pytest.mark.parametrize("seed", [1299, 1305, 1312, 1339, 1369, 1487])
def test_no_set_of_one_to_nine_answers_follows_from_an_opening_and_another_later(seed):
    """A share that would expose a rest was withheld at first; its number follows, and must hide nothing since."""
    draw = np.random.default_rng(seed)
    shape = (int(draw.integers(3, 6)), int(draw.integers(3, 5)))
    counts = draw.integers(0, 30, shape)
    counts[-1] = 0 if draw.random() < 0.7 else counts[-1]
    plan, columns = two_way(counts.tolist())
    columns = leave_out(columns, draw.choice([0, 0, 0.1, 0.3, 0.6], shape).tolist(), seed)
    margins = [TablePlan(plan.questions, plan.groups, each, ()) for each in (("site",), ("site", "job"))]
    releases: list[dict[str, object]] = []
    for each in [*(margins if draw.random() < 0.5 else margins[1:]), plan]:
        earlier = [Earlier(release, "opening", digest(release)) for release in releases]
        releases.append(gate.protect(each, columns, earlier).as_json())
    assert small_sets_that_follow(releases[-1], plan, columns) == 0


def test_where_all_of_a_cell_left_a_question_out_nothing_is_certain_of_them():
    plan, columns = two_way([[0, 0, 28, 30], [10, 10, 11, 30], [30, 0, 0, 0]])
    columns = leave_out(columns, [[0.3, 0.0, 0.0], [0.9, 0.0, 0.0], [0.0, 0.0, 0.0]], seed=62)
    assert verify(released(plan, columns)) == []


def test_where_printed_numbers_say_that_nobody_answered_in_a_cell_the_question_stays_told_elsewhere():
    plan, columns = two_way([[20, 20, 20, 0], [0, 30, 12, 0], [30, 30, 0, 20]])
    columns = leave_out(columns, [[0, 0, 1], [0, 0, 0], [1, 0, 0]])
    release = released(plan, columns)
    answered = numbers(release, plan, {name: each[columns["breaks"] < 255] for name, each in columns.items()})
    people = zip(release["cells"], answered, strict=True)
    assert all(_is_told(each) == (number > 0) for each, number in people if len(each["at"]) == 2)


def test_a_question_that_few_answered_in_one_cell_is_withheld_in_another_of_its_line():
    plan, columns = two_way([[20, 20, 0], [20, 20, 0], [0, 0, 0]])
    inside = (columns["site"] == 0) & (columns["job"] == 0)
    columns["breaks"][np.flatnonzero(inside)[6:]] = 255
    release = released(plan, columns)
    told = [[_is_told(cell(release, site=site, job=job)) for job in (0, 1)] for site in (0, 1)]
    assert told == [[False, False], [False, False]]
    assert all(cell(release, site=site, job=0)["n"] == 20 for site in (0, 1)), "the pattern of people stays"


def test_a_question_for_one_job_only_is_told_there_and_hidden_alike_elsewhere():
    plan, columns = two_way([[20, 20, 0], [25, 30, 0], [0, 0, 0]])
    columns["breaks"][columns["job"] == 1] = 255
    release = released(plan, columns)
    job = [cell(release, job=place_of(release, "job", i))["answers"]["breaks"] for i in (0, 1)]
    assert (job[0]["n"], job[1]["status"], job[1]["reason"]) == (45, "withheld", "protected")
    assert verify(release) == []


def test_a_question_that_was_withheld_in_a_cell_before_is_not_told_there_now():
    plan, columns = two_way([[20, 20, 0], [25, 30, 0], [0, 0, 0]])
    columns["breaks"][columns["site"] == 1] = np.where(
        np.arange(55) % 4, columns["breaks"][columns["site"] == 1], 255
    )
    answers = Answers.read(plan, columns)
    layout = gate.layout_of(plan, answers)
    (counted,) = gate.count(layout, answers, plan.questions)
    pattern = find_pattern(layout, layout.people_in, None, plan.minimum)
    barred = np.arange(len(layout.cells)) == layout.cells.index((("site", 0),))
    freely = cells_to_tell(layout, pattern, counted.answered, counted.in_atoms, plan.minimum)
    bound = cells_to_tell(layout, pattern, counted.answered, counted.in_atoms, plan.minimum, barred=barred)
    assert freely[barred].all() and not bound[barred].any()


# Remainders in which a range counts as unknown, and means


def told(release, at, **changes):
    each = cell(release, **at)
    each["answers"]["breaks"] = {
        "status": "shown", "n": each["n"], "options": None, "mean": None, "step": 1, "reason": None, **changes
    }  # fmt: skip


def test_a_rest_of_hidden_people_and_a_range_that_is_nobody_is_found():
    planted = released(*one_way([60, 40, 12, 28]))
    for at, top in (({}, 26), ({"site": 0}, 60), ({"site": 1}, [0, 5])):
        told(planted, at, top=top, status="range" if isinstance(top, list) else "shown")
    for site in (2, 3):
        cell(planted, site=site)["answers"] = {}
    found = attack.shares_along_lines(Released(planted))
    assert any("hidden or in ranges in the district nearly none" in each for each in found)


def test_the_gate_leaves_no_rest_with_a_range_at_an_end():
    for low in range(4):
        answers = [*[4] * 25, *[0] * 35, *[4] * low, *[0] * (40 - low), *[0] * 12, *[4] * 14, *[0] * 14]
        release = released(*one_way([60, 40, 12, 28], answers, roster=(90, 70, 30), eligible=260))
        assert learn(release) == []


def test_the_mean_of_a_rest_at_an_end_is_found_and_not_printed():
    answers = [*[1, 2, 3] * 6, *[0, 4], *[4] * 12, *[2, 3] * 7, *[1, 1]]
    plan, columns = one_way([20, 12, 16, 0], answers, roster=(40, 30, 40), eligible=110)
    release = released(plan, columns)
    assert attack.means_along_lines(Released(release)) == []
    for at, mean in (({}, 3.8), ({"site": 0}, 3.0), ({"site": 2}, 3.3)):
        told(release, at, top=40, mean=mean)
    cell(release, site=1)["answers"] = {}
    expected = "Means: of breaks, the 12 people left in the district lie at an end."
    assert attack.means_along_lines(Released(release)) == [expected]


def test_the_district_is_the_last_to_lose_a_question():
    plan, columns = two_way([[30, 20, 0], [25, 30, 0], [0, 0, 0]])
    layout = gate.layout_of(plan, Answers.read(plan, columns))
    known = np.zeros((len(layout.cells), 1), dtype=bool)
    known[[0, layout.cells.index((("site", 1),)), layout.cells.index((("job", 1),))]] = True
    number = np.where(known, 30, 40)
    items = Items(np.array([0]), number, number, number, known, known)
    crossed = layout.cells.index((("site", 0), ("job", 0)))
    assert shares.cell_beside(layout, items, crossed, 0) == (0, layout.cells.index((("site", 1),)))


def test_a_mean_is_left_out_beside_a_rest_at_an_end():
    from commonground.disclosure.cells import Layout

    plan, columns = one_way([20, 12, 16, 0])
    places = {"site": np.minimum(columns["site"], 3).astype(np.intp)}
    parts = released(plan, columns)["groups"][0]["reporting"]
    layout = Layout({"site": tuple(parts)}, ((), ("site",)), places, 48)
    people = layout.people_in
    forms = [{0: Form(top=50, mean=3.8), 1: Form(top=50, mean=3.0), 3: Form(top=50, mean=3.3)}]
    leave_out_exposed_means(layout, (AGREE,), [people], forms)
    assert [forms[0][place].mean for place in (0, 1, 3)] == [3.8, 3.0, None]


def high_rest():
    """Return a plan and answers in which ten people of whom only ranges are shown lie near the upper end."""
    answers = [*np.repeat(range(5), [8, 2, 3, 2, 5]), *[4] * 7, *[2] * 3]
    return one_way([20, 10, 0], answers, roster=(40, 40), eligible=80)


def test_a_mean_that_tells_of_such_a_rest_is_not_in_a_release_unless_it_was_told_before(monkeypatch):
    release = released(*high_rest())
    means = [each["answers"]["breaks"]["mean"] for each in release["cells"] if each["answers"]]
    assert means == [3.3, None, None] and attack.means_along_lines(Released(release)) == []
    with monkeypatch.context() as without:
        without.setattr(gate, "leave_out_exposed_means", lambda *_: None)
        careless = released(*high_rest())
    assert len(attack.means_along_lines(Released(careless))) == 1
    plan, columns = high_rest()
    assert gate.protect(plan, columns, [Earlier(careless, "opening")]).as_json()["cells"] == careless["cells"]


@pytest.mark.parametrize("rest_mean", [2.0, 3.0, 4.0])
def test_a_mean_in_the_middle_stays(rest_mean):
    answers = [*[1, 2, 3] * 6, *[0, 4], *[round(rest_mean) - 1] * 12, *[2, 3] * 7, *[1, 1]]
    release = released(*one_way([20, 12, 16, 0], answers, roster=(40, 30, 40), eligible=110))
    assert cell(release)["answers"]["breaks"]["mean"] is not None
