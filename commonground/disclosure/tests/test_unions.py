"""Sets of few people out of all sums of printed cells: what is found is what trying every set finds."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonground.disclosure.elimination import PRIMES
from commonground.disclosure.tests.test_gate import follows
from commonground.disclosure.unions import echelon, small_sets

MINIMUM = 10


def every_small_set(rows, sizes):
    sets = np.array(list(product((0, 1), repeat=len(sizes))), dtype=np.int64)
    people = sets @ sizes
    small = sets[(people > 0) & (people < MINIMUM)]
    return {tuple(each) for each in small[follows(rows, small)]} if len(small) else set()


@given(st.integers(0, 2**32), st.integers(1, 10), st.integers(1, 11), st.booleans())
@settings(max_examples=600, deadline=None)
def test_a_set_is_found_for_each_first_atom_that_any_has(seed, height, width, modulo):
    draw = np.random.default_rng(seed)
    rows = (draw.random((height, width)) < draw.choice([0.2, 0.4, 0.6])).astype(np.int64)
    if draw.random() < 0.3:
        rows = rows * draw.integers(-2, 3, (height, 1)) + np.roll(rows, 1, axis=0)
    sizes = np.sort(draw.integers(1, draw.choice([3, 6, 14]), width))[::-1]
    basis, pivots = echelon(rows, PRIMES[1])
    found = {tuple(each) for each in small_sets(basis, pivots, sizes, MINIMUM, PRIMES[1])}
    every = every_small_set(rows, sizes)
    assert found <= every
    assert {each.index(1) for each in found} == {each.index(1) for each in every}
