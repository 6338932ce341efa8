"""Cohen's kappa against worked examples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonground.screening.kappa import Strength, kappa, strength

LABELS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=40)


def coders(table: list[list[int]]) -> tuple[list[int], list[int]]:
    """Two coders whose answers give this table: rows the first coder's, columns the second's."""
    cells = [(row, column) for row, line in enumerate(table) for column, n in enumerate(line) for _ in range(n)]
    return [row for row, _ in cells], [column for _, column in cells]


@pytest.mark.parametrize(
    ("table", "worked"),
    [
        ([[15, 10], [5, 70]], 0.57),
        ([[20, 5], [10, 15]], 0.40),
        ([[25, 13, 12], [12, 2, 16], [3, 15, 2]], -0.09),
    ],
    ids=["0.85 alike, 0.65 by chance", "0.70 alike, 0.50 by chance", "0.29 alike, 0.35 by chance"],
)
def test_worked_examples(table, worked):
    assert round(kappa(*coders(table)), 2) == worked


def test_two_who_always_say_the_same_one_thing_agree():
    assert kappa([1, 1, 1], [1, 1, 1]) == 1


@given(LABELS)
def test_it_lies_between_minus_one_and_one_whoever_is_called_first(pairs):
    first, second = zip(*pairs, strict=True)
    value = kappa(first, second)
    assert -1 <= value <= 1
    assert value == pytest.approx(kappa(second, first))
    assert kappa(first, first) == 1


@pytest.mark.parametrize(("first", "second"), [([], []), ([1], [1, 2])])
def test_what_cannot_be_compared_is_refused(first, second):
    with pytest.raises(ValueError, match="two coders"):
        kappa(first, second)


def test_words_for_values():
    assert [strength(value) for value in (-0.1, 0.3, 0.57, 0.61, 1.0)] == [
        Strength.POOR,
        Strength.FAIR,
        Strength.GOOD,
        Strength.STRONG,
        Strength.STRONG,
    ]
