"""Peeling: one party takes its seal off every item, sorts what comes out, and can hide nothing.

The output depends on the input alone, so that whoever peels the list again gets the same bytes.
"""

from dataclasses import dataclass
from typing import Final

from commonground.sealing.errors import N_, CannotOpen, Refused
from commonground.sealing.formats import SealedList
from commonground.sealing.hpke import Purpose, open_with, public_bytes, seal_info
from commonground.sealing.lists import check_list, encapsulated_key, sorted_list
from commonground.sealing.paper import Paper
from commonground.sealing.seals import PrivateKey

TOLERATED_IN: Final = 200
TOLERATED_AT_LEAST: Final = 2


@dataclass(frozen=True)
class Peeled:
    """What came out, at the layer below, and the items that did not open, at the layer of the input."""

    output: SealedList
    unopened: SealedList


def peel(listing: SealedList, private_key: PrivateKey, paper: Paper, layer: int) -> Peeled:
    """Take the seal of `layer` (1 or more) off every item of a checked list.

    An item that does not open, or whose inside copies that of an earlier item, is set aside: a copy would
    stop the next keeper. Raises Refused when the list breaks a rule or the paper holds another key here.
    """
    check_list(listing, paper, layer)
    own_key = public_bytes(private_key)
    if layer < 1 or paper.block.key_of_layer(layer) != own_key:
        raise Refused(N_("The paper does not hold your party's key at this layer."))
    info = seal_info(Purpose.TALLY, paper.hash, layer, own_key)
    inside: dict[bytes, bytes] = {}
    unopened = []
    for item in listing.items:
        try:
            plain = open_with(item, private_key, info)
        except CannotOpen:
            unopened.append(item)
            continue
        if inside.setdefault(encapsulated_key(plain), plain) is not plain:
            unopened.append(item)
    output = sorted_list(paper, paper.layer_below(layer), inside.values())
    return Peeled(output, sorted_list(paper, layer, unopened))


def check_peeled(before: SealedList, peeled: Peeled, paper: Paper) -> None:
    """Refuse a result whose output and unopened items do not make up the input, count for count."""
    check_list(peeled.output, paper, paper.layer_below(before.layer))
    check_list(peeled.unopened, paper, before.layer)
    if len(peeled.output.items) + len(peeled.unopened.items) != len(before.items):
        raise Refused(N_("What came out and what did not open are not as many as went in."))
    if not set(peeled.unopened.items) <= set(before.items):
        raise Refused(N_("An item that is said not to open was not in the list."))


def stops_tally(count: int, unopened: int) -> bool:
    """Whether so many items do not open that every party must turn a key before the tally goes on."""
    return unopened > max(TOLERATED_AT_LEAST, count // TOLERATED_IN)
