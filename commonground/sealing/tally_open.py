"""Opening the innermost seal: what counts, what does not, and nothing that ties one part of an answer to another.

Everything happens in memory. Receipts, answers and texts leave cut apart and sorted, so that no order remains.
"""

from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum

from commonground.sealing.codes import receipt_hash
from commonground.sealing.errors import CannotOpen, Malformed
from commonground.sealing.formats import CODE, PASS, PlainAnswer, SealedList, read_plain
from commonground.sealing.hpke import COUNTING_LAYER, Purpose, open_with, seal_info
from commonground.sealing.levels import REST, Levels, levels_of
from commonground.sealing.lists import check_list
from commonground.sealing.paper import Paper
from commonground.sealing.passes import is_receipt
from commonground.sealing.seals import PrivateKey


class Rejection(StrEnum):
    """Why a sealed answer does not count."""

    DOES_NOT_OPEN = "does_not_open"
    MALFORMED = "malformed"
    NOT_ISSUED = "not_issued"
    CANCELLED = "cancelled"
    SEEN_BEFORE = "seen_before"


@dataclass(frozen=True)
class CodeReceipts:
    """Hashes of the receipts of all printed codes, and of those cancelled, as they stand in the ledger."""

    printed: AbstractSet[bytes]
    cancelled: AbstractSet[bytes] = frozenset()


@dataclass(frozen=True)
class Opened:
    """The answers that count, in pieces; each piece is sorted on its own.

    `rows` are in the paper's `layout.closed`; `texts` are by question and level (see `levels`), Quotable with
    consent; `came_by` counts by PASS and CODE. `signed` are the receipts that came by PASS, each of 16 bytes and
    then its signature of 256.
    """

    receipts: tuple[bytes, ...]
    signed: tuple[bytes, ...]
    rows: tuple[bytes, ...]
    texts: Mapping[str, Mapping[str, tuple[str, ...]]]
    came_by: Mapping[int, int]
    rejected: Mapping[Rejection, int]

    @property
    def written(self) -> dict[str, dict[str, int]]:
        """How many texts there are by question and level."""
        return {
            question: {level: len(texts) for level, texts in by_level.items()}
            for question, by_level in self.texts.items()
        }


def open_answers(
    listing: SealedList,
    counting_key: PrivateKey,
    paper: Paper,
    codes: CodeReceipts,
) -> Opened:
    """Open the list that the last party peeled, and keep what carries a valid receipt that was not seen before.

    Of two answers with one receipt the first in the list counts. Raises Refused when the list is not the paper's
    last one.
    """
    check_list(listing, paper, COUNTING_LAYER)
    info = seal_info(Purpose.TALLY, paper.hash, COUNTING_LAYER, paper.block.counting_key)
    count = _Count(paper, _Receipts(paper, codes), levels_of(paper.content))
    for item in listing.items:
        try:
            count.add(open_with(item, counting_key, info))
        except CannotOpen:
            count.rejected[Rejection.DOES_NOT_OPEN] += 1
    return count.result()


@dataclass
class _Receipts:
    paper: Paper
    codes: CodeReceipts
    seen: dict[bytes, bytes] = field(default_factory=dict)

    def objection(self, answer: PlainAnswer) -> Rejection | None:
        """Why this answer's receipt does not count, or None if it does."""
        if not self._issued(answer):
            return Rejection.NOT_ISSUED
        if answer.kind == CODE and receipt_hash(answer.receipt) in self.codes.cancelled:
            return Rejection.CANCELLED
        return Rejection.SEEN_BEFORE if answer.receipt in self.seen else None

    def _issued(self, answer: PlainAnswer) -> bool:
        if answer.kind == PASS:
            return is_receipt(self.paper, answer.receipt, answer.signature)
        return receipt_hash(answer.receipt) in self.codes.printed


@dataclass
class _Count:
    paper: Paper
    receipts: _Receipts
    levels: Levels | None
    rows: list[bytes] = field(default_factory=list)
    texts: list[tuple[str, str, str]] = field(default_factory=list)
    came_by: Counter[int] = field(default_factory=Counter)
    rejected: Counter[Rejection] = field(default_factory=Counter)

    def add(self, plain: bytes) -> None:
        """Take one opened answer in, or count why not."""
        layout = self.paper.layout
        try:
            answer = read_plain(plain, layout.size)
            row, texts = layout.cut_apart(answer.answers)
        except Malformed:
            self.rejected[Rejection.MALFORMED] += 1
            return
        if objection := self.receipts.objection(answer):
            self.rejected[objection] += 1
            return
        self.receipts.seen[answer.receipt] = b"" if answer.kind == CODE else answer.signature
        self.rows.append(row)
        level = self._level(row) if texts else REST
        self.texts.extend((question, level, text) for question, text in texts.items())
        self.came_by[answer.kind] += 1

    def _level(self, row: bytes) -> str:
        """The level of an answer's place, which is all that a text keeps of where it comes from."""
        return self.levels.level_at(self.paper.layout.closed.decode(row)[self.levels.of]) if self.levels else REST

    def result(self) -> Opened:
        """All pieces, sorted."""
        found: dict[str, dict[str, list[str]]] = {}
        for question, level, text in sorted(self.texts):
            found.setdefault(question, {}).setdefault(level, []).append(text)
        return Opened(
            receipts=tuple(sorted(self.receipts.seen)),
            signed=tuple(sorted(receipt + given for receipt, given in self.receipts.seen.items() if given)),
            rows=tuple(sorted(self.rows)),
            texts={
                question: {level: tuple(texts) for level, texts in by_level.items()}
                for question, by_level in found.items()
            },
            came_by=dict(sorted(self.came_by.items())),
            rejected=dict(sorted(self.rejected.items())),
        )
