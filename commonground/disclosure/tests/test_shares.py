"""What printed shares tell of the rest of a line, against every way in which whole people can make the line up."""

from itertools import product

import numpy as np
import pytest

from commonground.disclosure import shares
from commonground.disclosure.forms import Form, end_percent, show
from commonground.disclosure.plan import Question
from commonground.disclosure.shares import Printed, cell_beside, narrow, withhold_exposed
from commonground.disclosure.tests.survey import AGREE
from commonground.disclosure.tests.systems import crossed, margin

YES_NO = Question("has_break", "one", 2)
WAY = Question("way", "one", 3)
WISHES = Question("wishes", "several", 3)


def possible(share, step, count, answers):
    """Return the least and most people behind a share, trying every number and always granting the true one."""
    if isinstance(share, tuple):
        fits = [n for n in range(answers + 1) if share[0] * answers <= 100 * n <= share[1] * answers]
    else:
        near = answers // 200 if step == 1 else -(-step * answers // 200)
        fits = [n for n in range(answers + 1) if abs(100 * n - share * answers) < step * answers]
        fits = [n for n in fits if abs(n - count) <= near]
    return min([count, *fits]), max([count, *fits])


def items_of(question, counts, forms, answered=None):
    counts = np.array(counts)
    return shares._items([question], [counts], [counts.sum(axis=1) if answered is None else answered], [forms])


@pytest.mark.parametrize(("answers", "steps"), [(30, (1, 5, 10)), (199, (1, 5)), (400, (1, 5)), (401, (5,))])
def test_a_share_leaves_the_people_that_fit_it(answers, steps):
    for step, count in product(steps, range(answers + 1)):
        percent = (200 * count + answers) // (2 * answers) // step * step
        end = max(step, end_percent(answers))
        wide = (max(0, percent - 10), min(100, percent + 10))
        for share in (*(percent for _ in range(end <= percent <= 100 - end)), (0, percent), (percent, 100), wide):
            items = items_of(YES_NO, [[count, answers - count]], {0: Form(top=share, step=step)})
            found = int(items.least[0, 2]), int(items.most[0, 2])
            assert found == possible(share, step, count, answers)
            assert bool(items.exact[0, 2]) is not isinstance(share, tuple)
            assert items.known[0].tolist() == [False, False, True]


def test_an_answer_that_is_not_told_could_be_anything():
    items = items_of(AGREE, [[3, 4, 5, 6, 7], [9, 9, 9, 9, 9]], {1: Form(options=(20, 20, (0, 5), 20, 20), top=40)})
    assert items.known.tolist() == [[False] * 6, [True] * 6]
    assert items.least[0].tolist() == [0] * 6 and items.most[0].tolist() == [25] * 6
    assert items.exact[1].tolist() == [True, True, False, True, True, True]
    assert items.most[1].tolist() == [9, 9, 9, 9, 9, 18]


# One line, every way to make it up


def ways(items, item, parts):
    """Yield the people of each part, of the rest and of the total, in every way that an item's shares allow."""
    known = [part for part in parts if items.known[part, item]]
    rest = int(items.answers[0, item] - sum(items.answers[part, item] for part in known))
    ranges = [range(int(items.least[at, item]), int(items.most[at, item]) + 1) for at in known]
    for people in product(*ranges):
        for total in range(int(items.least[0, item]), int(items.most[0, item]) + 1):
            if 0 <= total - sum(people) <= rest:
                yield dict(zip(known, people, strict=True)), total - sum(people), total


def tells(items, item, parts):
    """Tell whether the line tells more of the rest, of what is unknown, or of a range, than it may."""
    if not items.known[0, item]:
        return False
    every = list(ways(items, item, parts))
    return (
        _is_extreme(items, item, parts, [rest for _, rest, _ in every], items.known)
        or _is_extreme(items, item, parts, _unknown(items, item, parts), items.exact)
        or any(_is_narrower(items, at, item, [people[at] for people, _, _ in every]) for at in every[0][0])
        or _is_narrower(items, 0, item, [total for _, _, total in every])
    )


def _unknown(items, item, parts):
    """Return what exact parts can leave of the total, taken alone."""
    exact = [part for part in parts if items.exact[part, item]]
    ranges = [range(int(items.least[at, item]), int(items.most[at, item]) + 1) for at in [0, *exact]]
    return [total - sum(people) for total, *people in product(*ranges)]


def _is_extreme(items, item, parts, left, told):
    size = int(items.answers[0, item]) - sum(int(items.answers[part, item]) for part in parts if told[part, item])
    end = end_percent(size) * size // 100
    return 0 < size < items.answers[0, item] and (max(left) < end or min(left) > size - end)


def _is_narrower(items, at, item, values):
    if not items.known[at, item] or items.exact[at, item]:
        return False
    low = items.least[at, item] == 0 and max(values) < items.most[at, item]
    high = items.most[at, item] == items.answers[at, item] and min(values) > items.least[at, item]
    return bool(low or high)


def district(draw, question):
    """Return counts of three or four groups with the district first, and the forms that the gate would show."""
    sizes = draw.integers(10, 45, draw.integers(3, 5))
    chance = draw.dirichlet(np.full(question.options, draw.choice([0.3, 1.0])))
    if question.kind == "several":
        counts = np.array([[draw.binomial(n, p) for p in chance] for n in sizes])
    else:
        counts = np.array([draw.multinomial(n, chance) for n in sizes])
    sizes = sizes if question.kind == "several" else counts.sum(axis=1)
    return np.vstack([counts.sum(axis=0), counts]), np.array([sizes.sum(), *sizes])


def any_form(draw, counts, answered):
    """Return a form with some share that is true of a yes-or-no question, however wide or narrow."""
    share, low, high = round(100 * counts[0] / answered), draw.integers(0, 40), draw.integers(0, 40)
    wide = (max(0, share - 1 - int(low)), min(100, share + 1 + int(high)))
    least, most = 5 * -(-20 * counts[0] // answered), 5 * (20 * counts[0] // answered)
    shares = [wide, (0, wide[1]), (wide[0], 100), (0, int(least)), (int(most), 100)]
    if 1 < share < 99:
        shares += [share, share]
    return Form(top=shares[draw.integers(0, len(shares))])


def expected_to_go(items, answered):
    parts = range(1, len(answered))
    exposed = [item for item in range(items.known.shape[1]) if tells(items, item, parts)]
    exact = {item: [part for part in parts if items.exact[part, item]] for item in exposed}
    return {(0, min(exact[item], key=lambda part: (answered[part], part), default=0)) for item in exposed}


def test_any_true_shares_are_judged_as_every_way_to_make_the_line_up_says():
    draw = np.random.default_rng(11)
    judged = {True: 0, False: 0}
    for _ in range(400):
        sizes = draw.integers(3, 30, draw.integers(2, 4))
        yes = draw.binomial(sizes, draw.choice([0.0, 0.1, 0.5, 0.9, 1.0], len(sizes)))
        answered = np.array([sizes.sum(), *sizes])
        counts = np.stack([np.array([yes.sum(), *yes]), answered - np.array([yes.sum(), *yes])], axis=1)
        told = [cell for cell in range(len(counts)) if draw.random() < (0.95 if cell == 0 else 0.7)]
        items = items_of(YES_NO, counts, {cell: any_form(draw, counts[cell], answered[cell]) for cell in told})
        found = shares._exposed_along_lines(margin(sizes.tolist()), items, frozenset())
        assert found == expected_to_go(items, answered)
        judged[bool(found)] += 1
    assert min(judged.values()) > 100


@pytest.mark.parametrize("question", [YES_NO, WISHES, AGREE])
def test_a_line_is_judged_as_every_way_to_make_it_up_says(question):
    draw = np.random.default_rng(3)
    judged = {True: 0, False: 0}
    for _ in range(150):
        counts, answered = district(draw, question)
        told = {
            cell: show(question, tuple(map(int, counts[cell])), int(answered[cell]), False, False)
            for cell in range(len(counts))
            if cell == 0 or draw.random() < 0.7
        }
        forms = {cell: form for cell, form in told.items() if not form.is_empty}
        items = items_of(question, counts, forms, answered)
        found = shares._exposed_along_lines(margin(answered[1:].tolist()), items, frozenset())
        expected = expected_to_go(items, answered)
        assert found == expected
        judged[bool(expected)] += 1
    assert min(judged.values()) > 10


def test_shares_are_withheld_until_no_line_tells_and_no_more_than_that():
    draw = np.random.default_rng(8)
    for _ in range(60):
        counts, answered = district(draw, YES_NO)
        forms = {
            cell: show(YES_NO, tuple(map(int, counts[cell])), int(answered[cell]), False, False)
            for cell in range(len(counts))
            if cell == 0 or draw.random() < 0.8
        }
        before, layout = dict(forms), margin(answered[1:].tolist())
        withhold_exposed(
            layout, [YES_NO], [counts], [answered], [forms], Printed((answered, answered), [(answered, answered)])
        )
        items = items_of(YES_NO, counts, forms)
        assert not any(tells(items, item, range(1, len(counts))) for item in range(3))
        if not any(tells(items_of(YES_NO, counts, before), item, range(1, len(counts))) for item in range(3)):
            assert forms == before


def test_what_an_earlier_release_told_stays_and_the_next_goes():
    counts = np.array([[38, 70], [18, 18], [19, 17], [1, 35]])
    told = {cell: show(YES_NO, tuple(map(int, counts[cell])), 36, False, False) for cell in (1, 2)}
    told[0] = show(YES_NO, (38, 70), 108, False, False)
    answered, layout = counts.sum(axis=1), margin([36, 36, 36])
    items = items_of(YES_NO, counts, told)
    assert shares._exposed_along_lines(layout, items, frozenset()) == {(0, 1)}
    assert shares._exposed_along_lines(layout, items, {(0, 1)}) == {(0, 2)}
    assert shares._exposed_along_lines(layout, items, {(0, 1), (0, 2)}) == {(0, 0)}
    assert shares._exposed_along_lines(layout, items, {(0, 0), (0, 1), (0, 2)}) == set()
    assert shares._exposed_along_lines(layout, items, {(1, 1)}) == {(0, 1)}, "told of another question"
    told[2] = Form(top=(49, 55))
    items = items_of(YES_NO, counts, told)
    assert shares._exposed_along_lines(layout, items, {(0, 1)}) == {(0, 0)}
    assert shares._exposed_along_lines(layout, items, {(0, 0), (0, 1)}) == {(0, 2)}, (
        "a range where nothing else is left"
    )
    told[3] = Form(top=(0, 80))
    items = items_of(YES_NO, counts, told)
    assert shares._exposed_along_lines(layout, items, {(0, 0)}) == {(0, 1)}
    assert answered.tolist() == [108, 36, 36, 36]


def test_where_the_total_was_told_before_a_whole_percent_goes_before_a_range():
    counts = np.array([[38, 70], [18, 18], [19, 17], [1, 35]])
    items = items_of(YES_NO, counts, {0: Form(top=35), 1: Form(top=(49, 55)), 2: Form(top=53)})
    (line,) = margin([36, 36, 36]).lines
    assert shares._cell_to_withhold(line, items, 2, {(0, 0)}) == 2
    assert shares._cell_to_withhold(line, items, 2, {(0, 0), (0, 2)}) == 1


@pytest.mark.parametrize(("hidden", "exposed"), [(2, True), (3, False), (96, False), (97, True)])
def test_of_a_rest_of_ninety_nine_four_may_be_all(hidden, exposed):
    """The end of 40 to 99 people is 5 percent; of 200 answers a share leaves one more, or fewer."""
    counts = np.array([[50 + hidden, 150 - hidden], [hidden, 99 - hidden], [50, 51]])
    items = items_of(YES_NO, counts, {0: Form(top=(51 + hidden) // 2), 2: Form(top=50)})
    assert shares._exposed_along_lines(margin([99, 101]), items, frozenset()) == ({(0, 2)} if exposed else set())


# Bounds along all lines


def test_bounds_of_one_line_are_those_of_every_way_to_fill_it():
    draw, layout = np.random.default_rng(5), margin([1, 1, 1])
    for _ in range(300):
        truth = draw.integers(0, 5, 3)
        truth = np.array([truth.sum(), *truth])
        least, most = np.maximum(0, truth - draw.integers(0, 4, 4)), truth + draw.integers(0, 4, 4)
        ranges = [range(low, high + 1) for low, high in zip(least.tolist(), most.tolist(), strict=True)]
        every = np.array([way for way in product(*ranges) if way[0] == sum(way[1:])])
        low, high = narrow(layout, least[:, None], most[:, None])
        assert low[:, 0].tolist() == every.min(axis=0).tolist()
        assert high[:, 0].tolist() == every.max(axis=0).tolist()


def test_the_bounds_given_are_left_alone():
    least, most = np.array([5, 0, 0]), np.array([5, 9, 9])
    low, high = narrow(margin([3, 2]), least, most)
    assert (least.tolist(), most.tolist()) == ([5, 0, 0], [5, 9, 9])
    assert (low.tolist(), high.tolist()) == ([5, 0, 0], [5, 5, 5])
    low, high = narrow(margin([3, 2]), np.array([5, 2, 3]), np.array([5, 3, 3]))
    assert (low.tolist(), high.tolist()) == ([5, 2, 3], [5, 2, 3]), "a single number that is open"


def test_nobody_is_certain_of_a_group_that_hides_between_two():
    counts = np.array([[30, 30], [20, 10], [10, 10], [0, 10]])
    answered, layout = counts.sum(axis=1), margin([30, 20, 10])
    told = {0: Form(top=50), 1: Form(top=67), 2: Form(top=50)}
    items = items_of(YES_NO, counts, told)
    printed = Printed((answered, answered), [(answered, answered)])
    assert shares._certain(layout, items, (answered, answered), printed, frozenset()) == {(0, 2)}
    told[2] = Form(top=(0, 60))
    items = items_of(YES_NO, counts, told)
    assert shares._certain(layout, items, (answered, answered), printed, frozenset()) == set()


def test_the_nearest_cell_that_shows_an_answer_exactly_goes_first():
    counts = np.array([[30, 30], [20, 10], [10, 10], [0, 10]])
    layout = margin([30, 20, 10])
    told = {0: Form(top=50), 1: Form(top=67), 2: Form(top=(20, 80))}
    items = items_of(YES_NO, counts, told)
    assert cell_beside(layout, items, 3, 2) == (0, 1), "a whole percent before a range of fewer"
    assert cell_beside(layout, items, 3, 2, {(0, 1)}) == (0, 2)
    assert cell_beside(layout, items, 3, 2, {(0, 1), (0, 2)}) == (0, 0), "the district last"
    assert cell_beside(layout, items, 3, 2, {(0, 0), (0, 1), (0, 2)}) is None
    assert cell_beside(layout, items, 3, 2, {(1, 1)}) == (0, 1)
    assert cell_beside(layout, items, 3, 0) is None, "nobody shows it"


# Two groups crossed: bounds along all lines at once


def closed(lines, least, most):
    """Narrow bounds line by line, part by part, until nothing changes."""
    least, most = dict(enumerate(least)), dict(enumerate(most))
    before = None
    while before != (before := (dict(least), dict(most))):
        for line in lines:
            for part in line.parts:
                others = [each for each in line.parts if each != part]
                most[part] = min(most[part], most[line.total] - sum(least[each] for each in others))
                least[part] = max(least[part], least[line.total] - sum(most[each] for each in others))
            most[line.total] = min(most[line.total], sum(most[part] for part in line.parts))
            least[line.total] = max(least[line.total], sum(least[part] for part in line.parts))
    return list(least.values()), list(most.values())


def table(draw):
    """Return a layout of 2 x 3 with counts of a yes-or-no question, and forms of some cells, margins first."""
    people = draw.integers(1, 30, (2, 3))
    layout = crossed(people)
    yes = draw.binomial(people, draw.choice([0.0, 0.1, 0.5, 1.0], (2, 3)))
    counts = np.stack([layout.sums(each.ravel()) for each in (yes, people - yes)], axis=1)
    forms = {cell: Form(top=share(*map(int, counts[cell]))) for cell in range(12) if draw.random() < 0.75}
    return layout, counts, forms


def share(yes, no):
    return show(YES_NO, (yes, no), yes + no, True, False).top


def test_bounds_of_crossed_groups_are_those_found_part_by_part():
    draw = np.random.default_rng(2)
    for _ in range(100):
        layout, counts, _ = table(draw)
        least = np.maximum(0, counts[:, 0] - draw.integers(0, 9, 12))
        most = counts[:, 0] + draw.integers(0, 9, 12)
        low, high = narrow(layout, least, most)
        assert (low.tolist(), high.tolist()) == closed(layout.lines, least.tolist(), most.tolist())


def test_what_all_lines_together_prove_of_a_group_is_found_and_one_share_beside_it_goes():
    draw = np.random.default_rng(6)
    found = 0
    for _ in range(200):
        layout, counts, forms = table(draw)
        people = layout.people_in
        items = items_of(YES_NO, counts, forms)
        low = [int(n) if k else 0 for n, k in zip(items.least[:, 2], items.known[:, 2], strict=True)]
        low, high = closed(layout.lines, low, items.most[:, 2].tolist())
        proved = [cell for cell in range(12) if high[cell] == 0 or low[cell] == people[cell]]
        printed = Printed((people, people), [(people, people)])
        given = frozenset((0, cell) for cell in range(12) if draw.random() < 0.2)
        chosen = shares._certain(layout, items, (people, people), printed, given)
        pairs = {cell_beside(layout, items, cell, 2, given) for cell in proved}
        assert chosen == pairs - {None}
        everything = frozenset((0, cell) for cell in range(12))
        assert shares._certain(layout, items, (people, people), printed, everything) == set()
        found += bool(chosen)
    assert 20 < found < 180


def test_near_is_what_shares_a_line_and_then_what_shares_one_with_its_totals():
    layout = crossed([[20, 21, 22], [30, 31, 32]])
    place = {cell: number for number, cell in enumerate(layout.cells)}
    at = {(r, c): place[("row", r), ("column", c)] for r in (0, 1) for c in range(3)}
    row, column = [place[(("row", r),)] for r in (0, 1)], [place[(("column", c),)] for c in range(3)]
    counts = np.stack([layout.people_in // 2, layout.people_in - layout.people_in // 2], axis=1)

    def beside(cell, *shown, given=frozenset()):
        items = items_of(YES_NO, counts, {each: Form(top=50) for each in shown})
        found = cell_beside(layout, items, cell, 2, given)
        return found and found[1]

    assert beside(at[0, 0], 0, row[1], column[2], at[0, 2], at[1, 1]) == at[0, 2]
    assert beside(at[0, 0], 0, row[1], at[1, 1]) == at[1, 1], "both are parts of the district"
    assert beside(at[0, 0], 0, row[1], column[2]) == column[2], "nothing of its own lines, so of its totals'"
    assert beside(at[0, 0], 0, row[1]) == row[1]
    assert beside(at[0, 0], row[1], column[2]) == column[2], "the same where not even the district shows it"
    assert beside(row[0], 0, column[2], at[1, 1]) == 0, "neither is beside a row"
    assert beside(row[0], 0, at[0, 1]) == at[0, 1]
    assert beside(at[0, 0], at[0, 1], at[0, 2], given={(0, at[0, 1])}) == at[0, 2]
    assert beside(at[0, 0], at[0, 1], row[1], given={(0, at[0, 1])}) == row[1]
    assert beside(at[0, 0], row[0], row[1], given={(0, row[0])}) == row[1]


def test_what_is_near_goes_before_a_smaller_one_farther_off():
    layout = crossed([[20, 60], [5, 5]])
    counts = np.stack([layout.people_in // 2, layout.people_in - layout.people_in // 2], axis=1)
    near, far = layout.cells.index((("row", 0), ("column", 1))), layout.cells.index((("row", 1),))
    items = items_of(YES_NO, counts, {near: Form(top=50), far: Form(top=50)})
    assert cell_beside(layout, items, layout.cells.index((("row", 0), ("column", 0))), 2) == (0, near)


# Cells of which all left a question out


def silent(answered, told, people, printed):
    """Judge a district of three groups in which the second answered nothing; return what is withheld."""
    answered = np.array([sum(answered), *answered])
    counts = np.stack([answered // 2, answered - answered // 2], axis=1)
    items = items_of(YES_NO, counts, {cell: Form(top=50) for cell in told}, answered)
    return shares._certain(margin([20, 20, 20]), items, people, Printed(people, [printed]), frozenset())


def test_nobody_of_a_group_that_left_a_question_out_is_certain_unless_nobody_was_asked_it_there():
    exact = np.array([60, 20, 20, 20])
    bounds = (np.array([60, 20, 10, 20]), exact)
    answered = np.array([40, 20, 0, 20])
    wide = (answered, np.array([60, 20, 20, 20]))
    assert silent([20, 0, 20], (0, 1, 3), bounds, (answered, answered)) == set(), (
        "the numbers say that it was not asked"
    )
    assert silent([20, 0, 20], (0, 1, 3), bounds, wide) == {(0, 1)}, "that all left it out would be certain"
    one = (np.array([60, 20, 1, 20]), exact)
    assert silent([20, 0, 20], (0, 1, 3), one, wide) == {(0, 1)}
    empty = (np.array([40, 20, 0, 20]), exact)
    assert silent([20, 0, 20], (0, 1, 3), empty, wide) == set(), "perhaps nobody is there"
    assert silent([20, 0, 20], (0, 1), bounds, wide) == set(), "the third may hide them"


@pytest.mark.parametrize(
    ("answered", "whole", "told", "could"),
    [
        ([20, 0, 0, 20], [40, 20, 0, 0, 20], (0, 1, 4), [40, 20, 0, 0, 20]),
        ([20, 0, 0, 20], [43, 20, 0, 0, 20], (0, 1, 4), [40, 20, 3, 3, 20]),
        ([20, 0, 0, 20], [90, 20, 0, 0, 20], (0, 1, 4), [40, 20, 15, 10, 20]),
        ([20, 0, 0, 20], [40, 20, 0, 0, 20], (), [40, 20, 15, 10, 20]),
        ([20, 5, 0, 20], [45, 20, 0, 0, 20], (0, 1, 4), [45, 20, 5, 5, 20]),
    ],
)
def test_where_all_left_a_question_out_so_many_may_have_answered_as_the_numbers_leave(answered, whole, told, could):
    counts = np.array([sum(answered), *answered])
    items = items_of(YES_NO, np.stack([counts, 0 * counts], axis=1), {cell: Form(top=50) for cell in told}, counts)
    people = (np.array([50, 20, 1, 1, 20]), np.array([65, 20, 15, 10, 20]))
    printed = Printed(people, [(counts, np.array(whole))])
    found = shares._could_have_answered(margin([20, 15, 10, 20]), items, people, printed)
    assert found.tolist() == [[each] * 3 for each in could]


def test_questions_are_judged_side_by_side():
    sizes, layout = np.array([108, 36, 36, 36]), margin([36, 36, 36])
    safe = np.array([[60, 48], [20, 16], [20, 16], [20, 16]])
    bare = np.array([[38, 70], [18, 18], [19, 17], [1, 35]])

    def told(counts):
        return {
            cell: show(YES_NO, tuple(map(int, counts[cell])), int(sizes[cell]), False, False) for cell in (0, 1, 2)
        }

    ways = {0: Form(options=(34, 33, 33)), 1: Form(options=(34, 33, 33))}
    forms = [ways, told(bare)]
    three = np.array([[36, 36, 36], [12, 12, 12], [12, 12, 12], [12, 12, 12]])
    withhold_exposed(
        layout, [WAY, YES_NO], [three, bare], [sizes] * 2, forms, Printed((sizes, sizes), [(sizes, sizes)] * 2)
    )
    assert set(ways) == {0, 1} and set(forms[1]) != {0, 1, 2}
    for order in ((safe, bare), (bare, safe), (bare, bare)):
        forms = [told(counts) for counts in order]
        printed = Printed((sizes, sizes), [(sizes, sizes)] * 2)
        withhold_exposed(layout, [YES_NO] * 2, list(order), [sizes] * 2, forms, printed)
        assert [set(form) == {0, 1, 2} for form in forms] == [counts is safe for counts in order]


def test_in_the_end_nothing_is_proved_of_a_cell_of_crossed_groups():
    draw = np.random.default_rng(9)
    for _ in range(100):
        layout, counts, forms = table(draw)
        people = layout.people_in
        withhold_exposed(
            layout, [YES_NO], [counts], [people], [forms], Printed((people, people), [(people, people)])
        )
        items = items_of(YES_NO, counts, forms)
        low = [int(n) if k else 0 for n, k in zip(items.least[:, 2], items.known[:, 2], strict=True)]
        low, high = closed(layout.lines, low, items.most[:, 2].tolist())
        assert all(high[cell] > 0 and low[cell] < people[cell] for cell in range(12))


def test_in_the_end_nothing_is_proved_by_knowing_too_where_nobody_was_asked():
    """Who sees that a question was put to nobody in a cell knows more of the cells beside it."""
    draw = np.random.default_rng(9)
    for _ in range(60):
        layout, counts, _ = table(draw)
        asked = draw.random(6) < 0.6
        people, counts = layout.people_in, counts[6:] * asked[:, None]
        counts = np.stack([layout.sums(each) for each in counts.T], axis=1)
        answered = counts.sum(axis=1)
        forms = {cell: Form(top=share(*map(int, counts[cell]))) for cell in np.flatnonzero(answered).tolist()}
        printed = Printed((people, people), [(answered, answered)])
        withhold_exposed(layout, [YES_NO], [counts], [answered], [forms], printed)
        told = [cell in forms for cell in range(12)]
        could = np.where(told, answered, people).tolist()
        could = closed(layout.lines, np.where(told, answered, 0).tolist(), could)[1]
        items = items_of(YES_NO, counts, forms)
        most = np.where(items.known[:, 2], items.most[:, 2], could).tolist()
        low, high = closed(layout.lines, np.where(items.known[:, 2], items.least[:, 2], 0).tolist(), most)
        assert all(high[cell] > 0 or could[cell] == 0 for cell in range(12))
        assert all(low[cell] < answered[cell] for cell in forms)


def test_without_questions_there_is_nothing_to_withhold():
    people = np.array([50, 20, 30])
    withhold_exposed(margin([20, 30]), [], [], [], [], Printed((people, people), []))
