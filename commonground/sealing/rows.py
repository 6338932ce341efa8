"""Stored rows as they are exported: what anyone can check of answers that stay sealed.

A row is one byte for its kind and, by PASS, the row as it was sent; by CODE the hash of the code (32 bytes) and the
item. Rows of one survey lie back to back, ascending by the hash of the item, as in the list and the Merkle tree.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from commonground.sealing.errors import N_, Malformed, Refused, SealingError
from commonground.sealing.formats import CODE, HASH_BYTES, KEY_BYTES, PASS, SealedList, in_list_line
from commonground.sealing.lists import check_list, item_hash, log_leaf
from commonground.sealing.paper import Paper
from commonground.sealing.passes import ECDSA_BYTES, ROW_OVERHEAD, PassRow, check_row, read_row

_BEFORE_ITEM: Final = ROW_OVERHEAD - ECDSA_BYTES


@dataclass(frozen=True)
class StoredRow:
    """One row; `data` is what the Merkle leaf is made of."""

    kind: int
    data: bytes

    @property
    def key(self) -> bytes:
        """The pass of 65 bytes, or the hash of the code."""
        return self.data[: KEY_BYTES if self.kind == PASS else HASH_BYTES]

    @property
    def item(self) -> bytes:
        """The sealed answer."""
        return self.data[_BEFORE_ITEM:-ECDSA_BYTES] if self.kind == PASS else self.data[HASH_BYTES:]

    @property
    def leaf(self) -> bytes:
        """Its leaf in the Merkle tree."""
        return log_leaf(self.kind, self.data)

    def as_pass(self, item_size: int) -> PassRow:
        """The row by pass. Raises Malformed."""
        return read_row(self.data, item_size)


def in_order(rows: Iterable[StoredRow]) -> list[StoredRow]:
    """The rows ascending by the hash of the item."""
    return sorted(rows, key=lambda row: item_hash(row.item))


def write_rows(rows: Iterable[StoredRow]) -> bytes:
    """The rows back to back."""
    return b"".join(part for row in rows for part in (bytes([row.kind]), row.data))


def read_rows(data: bytes, item_size: int) -> tuple[StoredRow, ...]:
    """The rows in `data`, whose items have `item_size` bytes. Raises Malformed."""
    sizes = {PASS: ROW_OVERHEAD + item_size, CODE: HASH_BYTES + item_size}
    rows, at = [], 0
    while at < len(data):
        size = sizes.get(data[at])
        if size is None or at + 1 + size > len(data):
            raise Malformed(N_("The stored answers in this file are cut short or are none."))
        rows.append(StoredRow(data[at], data[at + 1 : at + 1 + size]))
        at += 1 + size
    return tuple(rows)


def list_of(rows: Sequence[StoredRow], paper: Paper) -> SealedList:
    """The list at closing that these rows make up, as they lie."""
    return SealedList(paper.hash, 1, paper.item_size(1), tuple(row.item for row in rows))


def lines_of(rows: Iterable[StoredRow]) -> list[str]:
    """The in-list lines, sorted."""
    return sorted(in_list_line(row.key) for row in rows)


def check_rows(rows: Sequence[StoredRow], paper: Paper) -> Iterator[SealingError]:
    """Rows out of order, copied, under one key twice, by a pass that was not issued, or not signed with it."""
    try:
        check_list(list_of(rows, paper), paper, 1)
    except SealingError as error:
        yield error
    keys = sorted(row.key for row in rows)
    if any(before == after for before, after in pairwise(keys)):
        yield Refused(N_("Two answers lie under one pass or one code."))
    objections = Counter(_objection(row, paper) for row in rows if row.kind == PASS)
    for why, count in sorted(objections.items()):
        if why:
            yield Refused(N_("%(count)s of the answers by pass: %(why)s"), count=count, why=why)


def _objection(row: StoredRow, paper: Paper) -> str:
    try:
        check_row(row.as_pass(paper.item_size(1)), paper)
    except SealingError as error:
        return str(error)
    return ""
