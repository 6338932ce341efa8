"""Lists of sealed answers: sorted, hashed, and checked before anyone works on one.

The Merkle tree is the one of RFC 9162 (section 2.1.1) with SHA-256.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import pairwise

from commonground.sealing.errors import N_, Refused
from commonground.sealing.formats import KEY_BYTES, SealedList, fingerprint, same_characters
from commonground.sealing.paper import Paper


def sorted_list(paper: Paper, layer: int, items: Iterable[bytes]) -> SealedList:
    """The items as a list of this paper and layer, ascending by SHA-256 of the item."""
    return SealedList(paper.hash, layer, paper.item_size(layer), tuple(sorted(items, key=item_hash)))


def item_hash(item: bytes) -> bytes:
    """SHA-256, which gives an item its place."""
    return sha256(item).digest()


def encapsulated_key(item: bytes) -> bytes:
    """The part that is new in every honest seal, so that two alike betray a copy."""
    return item[:KEY_BYTES]


def check_list(listing: SealedList, paper: Paper, layer: int) -> None:
    """Refuse a list of another paper, layer or size, one out of order, and one that holds an item twice."""
    if listing.paper_hash != paper.hash:
        raise Refused(N_("This list belongs to another paper."))
    if listing.layer != layer:
        raise Refused(N_("This list is at layer %(found)s, not %(layer)s."), found=listing.layer, layer=layer)
    if listing.item_size != paper.item_size(layer) or any(len(i) != listing.item_size for i in listing.items):
        raise Refused(N_("The sealed answers do not have the size that the paper leads to."))
    hashes = [item_hash(item) for item in listing.items]
    if any(before >= after for before, after in pairwise(hashes)):
        raise Refused(N_("The list is out of order or holds the same item twice."))
    if len({encapsulated_key(item) for item in listing.items}) != len(listing.items):
        raise Refused(N_("Two sealed answers in the list are copies of one another."))


def check_announced(listing: SealedList, announced_hash: bytes) -> None:
    """Refuse a list that is not the one in the bulletin, or on the previous keeper's screen."""
    if listing.hash != announced_hash:
        raise Refused(N_("This is not the list that was announced."))


def check_sheet(list_hash: bytes, written_on_sheet: bytes | None) -> None:
    """Refuse a second list for one opening sheet. `written_on_sheet` is the list it was used for, if any."""
    if written_on_sheet is not None and written_on_sheet != list_hash:
        raise Refused(N_("This opening sheet was used for another list. It opens no second one."))


def check_written(list_hash: bytes, on_sheet: str) -> None:
    """Refuse a list whose 26 characters are not those that a keeper typed from her sheet or another screen."""
    if not same_characters(fingerprint(list_hash), on_sheet):
        raise Refused(N_("These are not the 26 characters of this list. Compare them again."))


def log_leaf(kind: int, row: bytes) -> bytes:
    """The Merkle leaf of a stored row; `kind` is PASS or CODE."""
    return sha256(b"\0" + bytes([kind]) + row).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes; of none, the hash of nothing."""
    if not leaves:
        return sha256().digest()
    level = list(leaves)
    while len(level) > 1:
        paired = [sha256(b"\1" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)]
        level = paired + level[len(paired) * 2 :]
    return level[0]
