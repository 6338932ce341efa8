"""What printed means tell of those who are left, worked out in fractions."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from commonground.disclosure.forms import Form, nearest_percent, show
from commonground.disclosure.means import leave_out_exposed_means, leave_out_telling_means
from commonground.disclosure.plan import Question
from commonground.disclosure.tests.survey import AGREE
from commonground.disclosure.tests.systems import margin

LIFE = Question("life", "scale10", 11)
WAY = Question("way", "one", 3)


def left_out(question, sizes, means, given=frozenset()):
    """Return the means after the gate has left some out, the district's first; None where it shows none."""
    forms = {cell: Form(top=50, mean=mean) for cell, mean in enumerate(means)}
    leave_out_exposed_means(margin(sizes), [question], [np.array([sum(sizes), *sizes])], [forms], given)
    return [forms[cell].mean for cell in range(len(means))]


def tells(question, sizes, means):
    """Tell whether the rest is certain to lie so near an end that one person could hold half of the distance."""
    rest = sum(size for size, mean in zip(sizes, means[1:], strict=True) if mean is None)
    if means[0] is None or not rest or all(mean is None for mean in means[1:]):
        return False
    half, whole = Fraction(1, 20), sum(sizes)
    district = Fraction(round(10 * means[0]), 10)
    parts = [
        (Fraction(round(10 * mean), 10), n) for mean, n in zip(means[1:], sizes, strict=True) if mean is not None
    ]
    most = (district + half) * whole - sum((mean - half) * size for mean, size in parts)
    least = (district - half) * whole - sum((mean + half) * size for mean, size in parts)
    longest = question.options - 1
    low, high = question.lowest * rest, (question.lowest + longest) * rest
    return most - low < 2 * longest or high - least < 2 * longest


@pytest.mark.parametrize(("question", "sizes"), [(AGREE, (10, 20)), (AGREE, (12, 11)), (LIFE, (10, 20))])
def test_a_mean_goes_exactly_where_the_rest_would_lie_at_an_end(question, sizes):
    steps = [round(question.lowest + step / 10, 1) for step in range(10 * (question.options - 1) + 1)]
    for district, part in product(steps, steps):
        kept = left_out(question, sizes, [district, part, None]) == [district, part, None]
        assert kept is not tells(question, sizes, [district, part, None])


@pytest.mark.parametrize("question", [AGREE, LIFE])
def test_the_smallest_part_goes_first_until_nothing_is_told(question):
    draw = np.random.default_rng(4)
    for _ in range(300):
        sizes = [int(size) for size in draw.integers(10, 30, 4)]
        span = draw.choice([1.0, question.options - 1.0])
        means = [
            None if draw.random() < 0.3 else round(question.lowest + draw.random() * span, 1) for _ in range(5)
        ]
        expected = list(means)
        while tells(question, sizes, expected):
            shown = [place for place in range(1, 5) if expected[place] is not None]
            expected[min(shown, key=lambda place: (sizes[place - 1], place))] = None
        assert left_out(question, sizes, means) == expected


def test_a_mean_that_an_earlier_release_told_stays_and_another_goes():
    sizes, means = (20, 12, 16), [3.8, 3.0, None, 3.3]
    assert left_out(AGREE, sizes, means) == [3.8, 3.0, None, None]
    assert left_out(AGREE, sizes, means, {(0, 3)}) == [3.8, None, None, 3.3]
    assert left_out(AGREE, sizes, means, {(1, 3)}) == [3.8, 3.0, None, None], "told of another question"
    assert left_out(AGREE, sizes, means, {(0, 1), (0, 3)}) == means, "nothing is left to take back"


def test_each_question_is_judged_by_its_own_answers():
    sizes, cells = (20, 12, 16), margin((20, 12, 16))
    told = {cell: Form(top=50, mean=mean) for cell, mean in ((0, 3.8), (1, 3.0), (3, 3.3))}
    forms = [{0: Form(top=50)}, told]
    leave_out_exposed_means(cells, [WAY, AGREE], [np.array([48, *sizes])] * 2, forms)
    assert forms[0] == {0: Form(top=50)}
    assert [told[cell].mean for cell in (0, 1, 3)] == [3.8, 3.0, None]


def ways(people, options):
    """Yield every way in which so many people can choose among so many options."""
    if options == 1:
        yield (people,)
        return
    for first in range(people + 1):
        for rest in ways(people - first, options - 1):
            yield (first, *rest)


@pytest.mark.parametrize("answers", [20, 23, 29])
def test_a_mean_beside_the_upper_share_leaves_each_answer_open(answers):
    """All counts of so few answers, by what is printed of them: each option can still hold a tenth, or more."""
    printed: dict[Form, tuple[int, ...]] = {}
    for counts in ways(answers, AGREE.options):
        form = show(AGREE, counts, answers, crossed=False, nearly_all=False)
        if form.mean is not None:
            before = printed.get(form, counts)
            printed[form] = tuple(map(max, before, counts))
    forms = dict(enumerate(printed))
    leave_out_telling_means([AGREE], [np.full(len(forms), answers)], [forms])
    kept = [form.mean is not None for form in forms.values()]
    assert kept == [min(most) >= answers // 10 for most in printed.values()]
    assert 0 < kept.count(False) < len(kept) / 3


def test_a_mean_that_an_earlier_release_told_stays_though_it_tells_of_an_answer():
    counts = (10, 0, 0, 10, 0)
    form = show(AGREE, counts, 20, crossed=False, nearly_all=False)
    for given, stays in ((frozenset(), False), (frozenset({(0, 0)}), True)):
        forms = {0: form}
        leave_out_telling_means([AGREE], [np.array([20])], [forms], given)
        assert (forms[0].mean is not None) is stays


def sums(values, people):
    """Return for each number of people every sum that so many of these values have."""
    reached = [{0}]
    for _ in range(people):
        reached.append({each + value for each in reached[-1] for value in values})
    return reached


def is_open(answers, top, mean, option, few):
    """Tell whether `few` may have chosen the option, of all ways to answer on the scale that print both numbers."""
    below, above = sums(range(8), answers), sums(range(8, 11), answers)
    for upper in range(answers + 1):
        lower = answers - upper - few * (option < 8)
        higher = upper - few * (option >= 8)
        if nearest_percent(upper, answers) == top and lower >= 0 and higher >= 0:
            for one, other in product(below[lower], above[higher]):
                if -answers <= 20 * (few * option + one + other) - round(20 * mean) * answers < answers:
                    return True
    return False


EVERY_THIRD = [round(tenth / 10, 1) for tenth in range(0, 101, 3)]


@pytest.mark.parametrize(
    ("answers", "top", "means"),
    [(99, 6, EVERY_THIRD), (99, 51, EVERY_THIRD), (110, 97, EVERY_THIRD), (110, 55, [4.5]), (110, 62, [8.8])],
)
def test_a_mean_on_a_scale_goes_exactly_where_it_leaves_an_answer_to_nobody_or_few(answers, top, means):
    few = {99: 4, 110: 2}[answers]
    open_ = [all(is_open(answers, top, mean, option, few) for option in range(11)) for mean in means]
    forms = {cell: Form(top=top, mean=mean) for cell, mean in enumerate(means)}
    leave_out_telling_means([LIFE], [np.full(len(means), answers)], [forms])
    assert [form.mean is not None for form in forms.values()] == open_ and len(set(open_)) == min(2, len(means))


def test_a_mean_beside_all_options_is_left_to_their_own_rules():
    forms = {0: Form(options=(50, 0, 0, 50, 0), top=50, mean=2.5), 1: Form(top=50)}
    leave_out_telling_means([AGREE], [np.array([20, 20])], [forms])
    assert (forms[0].mean, forms[1]) == (2.5, Form(top=50))
