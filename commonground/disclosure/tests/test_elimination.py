from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonground.disclosure import elimination
from commonground.disclosure.elimination import PRIMES, OutOfSmallIntegers, Span, publishable, rank_modulo
from commonground.disclosure.tests.systems import publishable_sums
from commonground.disclosure.tree import flat

MATRICES = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(st.integers(-3, 3), min_size=width, max_size=width), min_size=1, max_size=7)
)


def rank(rows):
    """Return the rank over the rationals, by elimination with fractions."""
    rows = [[Fraction(int(value)) for value in row] for row in rows]
    found = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((i for i in range(found, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for i in range(found + 1, len(rows)):
            factor = rows[i][column] / rows[found][column]
            rows[i] = [a - factor * b for a, b in zip(rows[i], rows[found], strict=True)]
        found += 1
    return found


def follows(vector, rows):
    return rank([*rows, vector]) == rank(rows)


@given(MATRICES, st.integers(1, 3))
@settings(max_examples=300, deadline=None)
def test_a_sum_is_published_exactly_when_no_watched_one_follows(matrix, watched):
    vectors = np.array(matrix, dtype=np.int64)
    guarded = vectors[-watched:][vectors[-watched:].any(axis=1)]
    verdicts, _ = publishable_sums(vectors[:-watched], guarded)
    published: list[np.ndarray] = []
    for vector, verdict in zip(vectors[:-watched], verdicts, strict=True):
        leak = any(follows(secret, [*published, vector]) for secret in guarded)
        assert verdict is not leak
        if verdict:
            published.append(vector)


@given(MATRICES)
@settings(max_examples=200, deadline=None)
def test_the_rank_is_that_over_the_rationals(matrix):
    assert rank_modulo(flat(np.array(matrix)), range(len(matrix)), elimination.PRIMES[1]) == rank(matrix)


def test_tables_of_two_groups_stay_in_small_integers():
    members = np.vstack([np.kron(np.eye(4), np.ones((1, 5))), np.kron(np.ones((1, 4)), np.eye(5)), np.eye(20)])
    verdicts, arithmetic = publishable_sums(members.astype(np.int64)[:-1], members.astype(np.int64)[-1:])
    assert arithmetic == "integers"
    assert verdicts.count(False) == 3


def test_without_a_pivot_of_one_the_primes_decide():
    vectors = np.array([[2, 3], [2, 1]], dtype=np.int64)
    assert publishable_sums(vectors, np.array([[0, 1]])) == ([True, False], "primes")


def test_entries_that_grow_leave_the_small_integers():
    span = Span(np.zeros((0, 2), dtype=np.int64))
    span.publish(np.array([1, 2**19], dtype=np.int64))
    with pytest.raises(OutOfSmallIntegers):
        span.remainder(np.array([4, 0], dtype=np.int64))


def test_a_sum_that_follows_already_adds_nothing():
    span = Span(np.array([[0, 0, 1]], dtype=np.int64))
    for vector in ([1, 1, 0], [2, 2, 0]):
        span.publish(span.remainder(np.array(vector, dtype=np.int64)))
    assert span.rank == 1
    assert not span.gives_away(span.remainder(np.array([3, 3, 0], dtype=np.int64)))


def test_more_sums_than_the_first_room_holds():
    verdicts, _ = publishable_sums(np.eye(40, dtype=np.int64)[:39], np.eye(40, dtype=np.int64)[39:])
    assert verdicts == [True] * 39


def test_modulo_a_prime_every_entry_stays_a_residue_however_long_it_goes_on():
    draw, prime = np.random.default_rng(4), PRIMES[0]
    span = Span(draw.integers(-5, 6, (6, 12)), prime)
    for vector in draw.integers(0, prime, (8, 12)):
        span.publish(span.remainder(vector))
    for matrix in (span._watched, span._rows[: span.rank]):
        assert ((matrix >= 0) & (matrix < prime)).all()


def follows_modulo(prime, vector, rows):
    """Tell by trying every sum of multiples of the rows whether the vector is one of them modulo the prime."""
    spun = np.array(list(np.ndindex(*[prime] * len(rows)))) @ np.array(rows).reshape(len(rows), len(vector))
    return bool(((spun - vector) % prime == 0).all(axis=1).any())


@pytest.mark.parametrize("prime", [2, 3, 5])
def test_modulo_a_prime_what_follows_is_what_some_multiples_add_up_to(prime):
    draw = np.random.default_rng(prime)
    for _ in range(20):
        sums, watched = draw.integers(-4, 5, (4, 4)), draw.integers(-4, 5, (2, 4))
        watched[0, 0], watched[1, 1] = 1, 1
        span = Span(watched, prime)
        published: list[np.ndarray] = []
        for vector in sums:
            remainder = span.remainder(vector)
            assert ((remainder >= 0) & (remainder < prime)).all()
            assert (not remainder.any()) is follows_modulo(prime, vector, published)
            leaks = any(follows_modulo(prime, secret, [*published, vector]) for secret in watched)
            assert span.gives_away(remainder) is leaks
            if not leaks:
                span.publish(remainder)
                published.append(vector)


@pytest.mark.parametrize("primes", [(3, 5), (5, 3)])
@pytest.mark.parametrize("seldom", [False, True])
def test_a_sum_that_follows_modulo_either_prime_is_given_away(primes, seldom):
    tree = flat(np.array([[1, 1], [1, 6], [1, 0]]))
    watched, beyond = ([], [2]) if seldom else ([2], [])
    assert elimination._repeated(tree, [0, 1], watched, beyond, primes) == [True, False]
    assert elimination._repeated(tree, [0, 1], watched, beyond, (5,)) == [True, True]


@given(MATRICES, st.integers(1, 3))
@settings(max_examples=100, deadline=None)
def test_sums_that_seldom_follow_are_kept_as_those_that_are_watched(matrix, number):
    sums = np.array(matrix, dtype=np.int64)
    kept = [at for at in range(max(0, len(sums) - number), len(sums)) if sums[at].any()]
    tree, others = flat(sums), [at for at in range(len(sums)) if at not in kept]
    for watched in (kept[:1], []):
        beyond = [at for at in kept if at not in watched]
        assert publishable(tree, others, watched, beyond)[0] == publishable(tree, others, kept)[0]


def test_a_sum_that_is_let_go_is_told_once_and_what_was_carried_along_with_it():
    span = Span(np.array([[1, 1, 7], [0, 1, 0]], dtype=np.int64), own=2)
    assert not len(span.let_go())
    span.publish(span.remainder(np.array([1, 1, 2], dtype=np.int64)))
    assert span.let_go().tolist() == [[0, 0, 5]]
    assert not len(span.let_go())
    span.publish(span.remainder(np.array([0, 1, 0], dtype=np.int64)))
    assert span.let_go().tolist() == [[0, 0, 0]]
