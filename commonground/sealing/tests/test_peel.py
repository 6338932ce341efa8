"""Peeling: the same bytes whoever peels, all items accounted for, every attack on a list refused or seen."""

import dataclasses
import secrets

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonground.sealing.errors import Refused
from commonground.sealing.formats import SealedList
from commonground.sealing.hpke import Purpose, seal, seal_answer
from commonground.sealing.lists import check_list
from commonground.sealing.peel import Peeled, check_peeled, peel, stops_tally
from commonground.sealing.tests.survey import make_survey

SURVEY = make_survey(answers=8)
PAPER = SURVEY.paper
LISTING = SURVEY.answered()
FIRST, SECOND, THIRD = SURVEY.party_keys


def peel_first(listing: SealedList) -> Peeled:
    peeled = peel(listing, FIRST, PAPER, 1)
    check_peeled(listing, peeled, PAPER)
    return peeled


def test_all_layers_come_off_and_all_items_arrive():
    listing = LISTING
    for layer, key in enumerate(SURVEY.party_keys, start=1):
        peeled = peel(listing, key, PAPER, layer)
        check_peeled(listing, peeled, PAPER)
        assert peeled.unopened.items == ()
        listing = peeled.output
    assert (listing.layer, len(listing.items)) == (0, 8)
    check_list(listing, PAPER, 0)


def test_whoever_peels_gets_the_same_bytes():
    assert peel_first(LISTING).output.to_bytes() == peel_first(LISTING).output.to_bytes()


def test_the_order_of_the_output_says_nothing_of_the_input():
    survey = make_survey(answers=60, parties=1)
    listing = survey.list_of([survey.sealed(receipt) for receipt in survey.receipts])
    output = peel(listing, survey.party_keys[0], survey.paper, 1).output
    inside = [
        peel(survey.list_of([i]), survey.party_keys[0], survey.paper, 1).output.items[0] for i in listing.items
    ]
    moved = sum(output.items.index(item) != place for place, item in enumerate(inside))
    assert sorted(inside) == sorted(output.items)
    assert moved > 45


@pytest.mark.parametrize(
    ("key", "layer", "reason"),
    [
        (SECOND, 1, "your party's key at this layer"),
        (SURVEY.counting_key(), 1, "your party's key at this layer"),
        (SECOND, 2, "at layer 1, not 2"),
        (FIRST, 0, "at layer 1, not 0"),
    ],
)
def test_another_key_or_layer_is_refused(key, layer, reason):
    with pytest.raises(Refused, match=reason):
        peel(LISTING, key, PAPER, layer)


def test_no_party_peels_the_counting_layer():
    last = SURVEY.peeled_to(0, LISTING)
    with pytest.raises(Refused, match="your party's key at this layer"):
        peel(last, SURVEY.counting_key(), PAPER, 0)


def test_a_list_of_another_paper_is_refused():
    other = make_survey(answers=1)
    with pytest.raises(Refused, match="another paper"):
        peel(other.answered(), FIRST, PAPER, 1)


@pytest.mark.parametrize(
    "items",
    [LISTING.items[::-1], (*LISTING.items, LISTING.items[-1]), (LISTING.items[1], LISTING.items[0])],
)
def test_a_reordered_or_copied_item_is_refused_before_peeling(items):
    with pytest.raises(Refused, match="out of order or holds the same item twice"):
        peel_first(dataclasses.replace(LISTING, items=tuple(items)))


def broken_items() -> dict[str, bytes]:
    receipt, keys, paper = SURVEY.receipts[0], PAPER.block.keys, PAPER.hash
    plain = SURVEY.plain(receipt, q1=1)
    item = SURVEY.sealed(receipt, q1=1)
    one_layer = seal(plain, Purpose.TALLY, paper, 0, keys[0])
    inner = seal(seal(one_layer, Purpose.TALLY, paper, 3, keys[3]), Purpose.TALLY, paper, 2, keys[2])
    return {
        "noise": secrets.token_bytes(len(item)),
        "a changed bit": item[:-1] + bytes([item[-1] ^ 1]),
        "sealed for another paper": seal_answer(plain, keys, bytes(32)),
        "sealed to another key": seal(inner, Purpose.TALLY, paper, 1, keys[2]),
        "sealed for another layer": seal(inner, Purpose.TALLY, paper, 2, keys[1]),
        "a trial": seal(inner, Purpose.TRIAL, paper, 1, keys[1]),
        "parties in another order": seal_answer(plain, (keys[0], keys[2], keys[1], keys[3]), paper),
    }


@pytest.mark.parametrize("name", broken_items())
def test_what_does_not_open_is_set_aside_and_accounted_for(name):
    broken = broken_items()[name]
    listing = SURVEY.list_of([*LISTING.items, broken])
    peeled = peel_first(listing)
    assert peeled.unopened.items == (broken,)
    assert peeled.output == peel_first(LISTING).output


def test_a_list_of_which_nothing_opens_is_accounted_for_too():
    keys = PAPER.block.keys
    swapped = (keys[0], keys[2], keys[1], keys[3])
    listing = SURVEY.list_of([seal_answer(SURVEY.plain(r), swapped, PAPER.hash) for r in SURVEY.receipts])
    peeled = peel_first(listing)
    assert (peeled.output.items, peeled.unopened) == ((), listing)


def test_an_item_broken_further_inside_is_set_aside_at_its_layer():
    keys, paper = PAPER.block.keys, PAPER.hash
    inside = secrets.token_bytes(PAPER.item_size(2))
    listing = SURVEY.list_of([*LISTING.items, seal(inside, Purpose.TALLY, paper, 1, keys[1])])
    peeled = peel_first(listing)
    assert len(peeled.output.items) == 9
    assert peel(peeled.output, SECOND, PAPER, 2).unopened.items == (inside,)


def sealed_again(inside: bytes) -> bytes:
    """What somebody who knows the inside of an item can make of it."""
    return seal(inside, Purpose.TALLY, PAPER.hash, 1, PAPER.block.keys[1])


def test_a_copy_under_a_new_seal_cannot_stop_the_next_keeper():
    copied = peel_first(LISTING).output.items[3]
    peeled = peel_first(SURVEY.list_of([*LISTING.items, sealed_again(copied)]))
    assert (len(peeled.output.items), len(peeled.unopened.items)) == (8, 1)
    assert len(peel(peeled.output, SECOND, PAPER, 2).output.items) == 8


def test_a_changed_copy_under_a_new_seal_is_set_aside_here_or_by_the_next_keeper():
    copied = peel_first(LISTING).output.items[3]
    changed = copied[:-1] + bytes([copied[-1] ^ 1])
    peeled = peel_first(SURVEY.list_of([*LISTING.items, sealed_again(changed)]))
    assert (len(peeled.output.items), len(peeled.unopened.items)) == (8, 1)
    after = peel(peeled.output, SECOND, PAPER, 2)
    assert len(after.output.items) == 8 - (changed in peeled.output.items)
    assert after.unopened.items == tuple({changed} & set(peeled.output.items))


@settings(deadline=None, max_examples=20)
@given(st.sets(st.binary(min_size=65, max_size=65), max_size=4))
def test_output_and_unopened_always_make_up_the_input(noise):
    noisy = [start + bytes(LISTING.item_size - 65) for start in noise]
    peeled = peel_first(SURVEY.list_of([*LISTING.items, *noisy]))
    assert peeled.output == peel_first(LISTING).output
    assert sorted(peeled.unopened.items) == sorted(noisy)


def dishonest_results() -> dict[str, tuple[Peeled, str]]:
    honest = peel(LISTING, FIRST, PAPER, 1)
    output, none = honest.output, honest.unopened
    fabricated = seal_answer(SURVEY.plain(bytes(16)), PAPER.block.keys, PAPER.hash)
    inside = peel(SURVEY.list_of([fabricated]), FIRST, PAPER, 1).output.items[0]
    two = SURVEY.list_of(LISTING.items[:1])
    return {
        "dropped": (Peeled(SURVEY.list_of(output.items[1:], 2), none), "not as many as went in"),
        "added": (Peeled(SURVEY.list_of([*output.items, inside], 2), none), "not as many as went in"),
        "copied": (Peeled(SURVEY.list_of([*output.items[1:], output.items[1]], 2), none), "same item twice"),
        "not sorted": (Peeled(dataclasses.replace(output, items=output.items[::-1]), none), "out of order"),
        "not peeled": (Peeled(LISTING, none), "at layer 1, not 2"),
        "another paper": (Peeled(dataclasses.replace(output, paper_hash=bytes(32)), none), "another paper"),
        "said not to open, kept": (Peeled(output, two), "not as many as went in"),
        "invented unopened": (
            Peeled(SURVEY.list_of(output.items[1:], 2), SURVEY.list_of([fabricated])),
            "was not in the list",
        ),
    }


@pytest.mark.parametrize("name", dishonest_results())
def test_a_dishonest_result_is_refused(name):
    result, reason = dishonest_results()[name]
    with pytest.raises(Refused, match=reason):
        check_peeled(LISTING, result, PAPER)


@pytest.mark.parametrize(
    ("count", "unopened", "stops"),
    [
        (10, 0, False),
        (10, 2, False),
        (10, 3, True),
        (599, 2, False),
        (599, 3, True),
        (600, 3, False),
        (1000, 5, False),
        (1000, 6, True),
    ],
)
def test_more_than_one_in_two_hundred_and_at_least_two_stops_the_tally(count, unopened, stops):
    assert stops_tally(count, unopened) is stops
