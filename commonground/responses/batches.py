"""Taking in what a kiosk kept: sealed answers by code, back to back, in the order of the hashes of the items.

One batch is one transaction that writes one table, by the statement that stores any answer by code: it never fails
on a row, so that no log gets one. The order of a batch is that of its hashes, so that nothing tells who came first.
What was sealed in time is taken for `GRACE` after the closing time, as answers by pass are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

from commonground.responses import sending
from commonground.responses.actions import GRACE, atomic
from commonground.responses.models import Code, SealedAnswer
from commonground.sealing.codes import CODE_BYTES, code_hash
from commonground.sealing.errors import N_, Malformed
from commonground.sealing.lists import item_hash
from commonground.sealing.paper import Paper


class Outcome(IntEnum):
    """What became of one record, as one byte."""

    STORED = 0
    SAME = 1
    UNKNOWN = 2
    CANCELLED = 3
    USED = 4
    CLOSED = 5


@dataclass(frozen=True)
class Record:
    """A code and the answer sealed for it."""

    code: bytes
    item: bytes


def read_batch(data: bytes, item_size: int) -> list[Record]:
    """Return the records of a batch. Raises Malformed unless they are whole and ascend by the hash of the item."""
    size = CODE_BYTES + item_size
    if not data or len(data) % size:
        raise Malformed(N_("This is not a batch of sealed answers."))
    parts = [data[start : start + size] for start in range(0, len(data), size)]
    records = [Record(part[:CODE_BYTES], part[CODE_BYTES:]) for part in parts]
    if any(item_hash(one.item) >= item_hash(other.item) for one, other in pairwise(records)):
        raise Malformed(N_("The answers of this batch are not in the order of their hashes."))
    return records


def take(paper: Paper, records: Sequence[Record]) -> bytes:
    """Store the sealed answers of a batch, and return one byte for each record: its `Outcome`."""
    with atomic():
        stored = [sending.store(paper, record.code, record.item, GRACE) for record in records]
        hashes = [code_hash(paper.survey, record.code) for record in records]
        codes = dict(
            Code.objects.filter(survey=paper.survey.hex(), hash__in=hashes).values_list("hash", "cancelled")
        )
        items = dict(SealedAnswer.objects.filter(key__in=hashes).values_list("key", "item"))
    known = {bytes(name): cancelled for name, cancelled in codes.items()}
    there = {bytes(name): bytes(item) for name, item in items.items()}
    return bytes(
        Outcome.STORED if new else _otherwise(name, record.item, known, there)
        for new, name, record in zip(stored, hashes, records, strict=True)
    )


def _otherwise(name: bytes, item: bytes, known: Mapping[bytes, bool], there: Mapping[bytes, bytes]) -> Outcome:
    if name not in known:
        return Outcome.UNKNOWN
    if name in there:
        return Outcome.SAME if there[name] == item else Outcome.USED
    return Outcome.CANCELLED if known[name] else Outcome.CLOSED
