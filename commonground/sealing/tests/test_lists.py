"""Lists: RFC 9162 hashing, and every list that must not be worked on."""

import dataclasses
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonground.sealing.errors import Refused
from commonground.sealing.lists import (
    check_announced,
    check_list,
    check_sheet,
    encapsulated_key,
    item_hash,
    log_leaf,
    merkle_root,
)
from commonground.sealing.tests.survey import make_survey

SURVEY = make_survey(answers=5)
LISTING = SURVEY.answered()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def test_the_root_of_no_leaves_is_the_hash_of_nothing():
    assert merkle_root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_leaf_is_hashed_with_a_zero_before_it():
    assert log_leaf(2, b"row") == sha256(b"\x00\x02row").digest()
    assert sha256(b"\x00").hexdigest() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


def test_small_trees_by_hand():
    a, b, c, d, e, f, g = (bytes([n]) * 32 for n in range(7))
    assert merkle_root([a]) == a
    assert merkle_root([a, b]) == node(a, b)
    assert merkle_root([a, b, c]) == node(node(a, b), c)
    assert merkle_root([a, b, c, d, e]) == node(node(node(a, b), node(c, d)), e)
    assert merkle_root([a, b, c, d, e, f, g]) == node(node(node(a, b), node(c, d)), node(node(e, f), g))


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=2, max_size=70))
def test_the_root_is_the_recursive_one_of_the_rfc(leaves):
    def tree_hash(part):
        if len(part) == 1:
            return part[0]
        split = 1 << (len(part) - 1).bit_length() - 1
        return node(tree_hash(part[:split]), tree_hash(part[split:]))

    assert merkle_root(leaves) == tree_hash(leaves)


def test_an_honest_list_passes():
    check_list(LISTING, SURVEY.paper, 1)
    assert list(LISTING.items) == sorted(LISTING.items, key=item_hash)
    check_list(SURVEY.list_of([]), SURVEY.paper, 1)


def changed_copy(item: bytes) -> bytes:
    return item[:-1] + bytes([item[-1] ^ 1])


@pytest.mark.parametrize(
    ("listing", "reason"),
    [
        (dataclasses.replace(LISTING, paper_hash=bytes(32)), "another paper"),
        (dataclasses.replace(LISTING, layer=2), "at layer 2, not 1"),
        (dataclasses.replace(LISTING, item_size=LISTING.item_size + 1), "size that the paper leads to"),
        (dataclasses.replace(LISTING, items=(*LISTING.items, b"short")), "size that the paper leads to"),
        (dataclasses.replace(LISTING, items=LISTING.items[::-1]), "out of order"),
        (SURVEY.list_of([*LISTING.items, LISTING.items[2]]), "same item twice"),
        (SURVEY.list_of([*LISTING.items, changed_copy(LISTING.items[2])]), "copies of one another"),
    ],
)
def test_a_list_that_breaks_a_rule_is_refused(listing, reason):
    with pytest.raises(Refused, match=reason):
        check_list(listing, SURVEY.paper, 1)


@given(st.permutations(range(5)))
def test_only_one_order_passes(order):
    shuffled = dataclasses.replace(LISTING, items=tuple(LISTING.items[n] for n in order))
    if order == sorted(order):
        check_list(shuffled, SURVEY.paper, 1)
    else:
        with pytest.raises(Refused, match="out of order"):
            check_list(shuffled, SURVEY.paper, 1)


def test_a_dropped_added_or_replaced_item_is_not_the_announced_list():
    stranger = SURVEY.sealed(SURVEY.receipts[0])
    check_announced(LISTING, LISTING.hash)
    for items in [LISTING.items[1:], (*LISTING.items, stranger), (*LISTING.items[1:], stranger)]:
        other = SURVEY.list_of(items)
        check_list(other, SURVEY.paper, 1)
        with pytest.raises(Refused, match="not the list that was announced"):
            check_announced(other, LISTING.hash)


def test_a_sheet_opens_one_list_again_and_no_second_one():
    check_sheet(LISTING.hash, None)
    check_sheet(LISTING.hash, LISTING.hash)
    with pytest.raises(Refused, match="no second one"):
        check_sheet(SURVEY.list_of(LISTING.items[1:]).hash, LISTING.hash)


def test_the_encapsulated_key_is_the_start_of_an_item():
    assert len({encapsulated_key(item) for item in LISTING.items}) == 5
    assert all(item.startswith(b"\x04") and len(encapsulated_key(item)) == 65 for item in LISTING.items)
