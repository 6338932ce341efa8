"""What anyone can check of an exported survey without a phrase: the chain of lists, the counts, the receipts.

A check gives findings, each a sentence; no finding means that everything given fits together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from commonground.sealing.codes import receipt_hash
from commonground.sealing.errors import N_, Malformed, Refused, SealingError
from commonground.sealing.formats import HASH_BYTES, SealedList, read_hex, read_list
from commonground.sealing.lists import check_list
from commonground.sealing.paper import Paper, read_paper
from commonground.sealing.peel import stops_tally

Finding = SealingError


@dataclass(frozen=True)
class PeelRecord:
    """One peel as it stands in the ledger. `agreed`: every party turned a key over the unopened items."""

    party: str
    layer: int
    input_hash: bytes
    output_hash: bytes
    unopened: int
    agreed: bool = False


def read_peel_record(message: Mapping[str, Any]) -> PeelRecord:
    """The record in a keeper's result message. Raises Malformed."""
    layer, unopened = message.get("layer"), message.get("unopened")
    if message.get("result") != "peel" or type(layer) is not int or type(unopened) is not int:
        raise Malformed(N_("This is not the result of a peel."))
    before, after = (read_hex(message, name, HASH_BYTES) for name in ("input_hash", "output_hash"))
    return PeelRecord(str(message.get("party")), layer, before, after, unopened)


@dataclass(frozen=True)
class Counts:
    """The numbers published at close."""

    eligible: int
    passes: int
    codes_printed: int
    codes_drawn: int
    codes_cancelled: int
    codes_used: int
    answers_by_pass: int
    answers_by_code: int

    @property
    def answers(self) -> int:
        """Sealed answers in the first list."""
        return self.answers_by_pass + self.answers_by_code


@dataclass(frozen=True)
class Bundle:
    """An exported survey. `lists` are those at hand, in any order; they are erased once the seals are opened.

    `printed` and `cancelled` hold hashes of code receipts as in the ledger, `receipts` the published receipts of
    the answers that counted, None before the opening.
    """

    paper: bytes
    paper_hash: bytes
    counts: Counts
    first_list_hash: bytes
    peels: tuple[PeelRecord, ...]
    lists: tuple[bytes, ...] = ()
    printed: tuple[bytes, ...] = ()
    cancelled: tuple[bytes, ...] = ()
    receipts: tuple[bytes, ...] | None = None


def verify(bundle: Bundle) -> list[Finding]:
    """Everything in the bundle that does not fit together."""
    try:
        paper = read_paper(bundle.paper)
    except Malformed as error:
        return [error]
    findings = [*check_counts(bundle.counts), *check_chain(bundle, paper), *check_receipts(bundle, paper)]
    if paper.hash != bundle.paper_hash:
        findings.insert(0, Refused(N_("The paper is not the one in the ledger.")))
    for data in bundle.lists:
        findings.extend(_check_one_list(data, bundle, paper))
    return findings


def check_counts(counts: Counts) -> Iterator[Finding]:
    """Numbers that cannot all be true."""
    if counts.passes > counts.eligible:
        yield Refused(N_("More passes were taken than people were asked."))
    if counts.answers_by_pass > counts.passes:
        yield Refused(N_("More answers came by pass than passes were taken."))
    if counts.answers_by_code != counts.codes_used:
        yield Refused(N_("The answers by code are not as many as the codes used."))
    if not counts.codes_used <= counts.codes_drawn <= counts.codes_printed:
        yield Refused(N_("More codes were used than drawn, or drawn than printed."))
    if counts.codes_used + counts.codes_cancelled > counts.codes_printed:
        yield Refused(N_("More codes were used or cancelled than printed."))


def check_chain(bundle: Bundle, paper: Paper) -> Iterator[Finding]:
    """Peels out of order, by another party, of another list, or with too many items that did not open."""
    expected = list(enumerate(paper.block.party_ids, start=1))
    if [(peel.layer, peel.party) for peel in bundle.peels] != expected[: len(bundle.peels)]:
        yield Refused(N_("The lists were not peeled by the parties in the order of the paper."))
    before = bundle.first_list_hash
    for peel, count in zip(bundle.peels, _counts_in(bundle), strict=False):
        if peel.input_hash != before:
            yield Refused(N_("At layer %(layer)s another list was peeled than announced."), layer=peel.layer)
        if not 0 <= peel.unopened <= count or (stops_tally(count, peel.unopened) and not peel.agreed):
            yield Refused(N_("At layer %(layer)s too many items did not open."), layer=peel.layer)
        before = peel.output_hash


def check_receipts(bundle: Bundle, paper: Paper) -> Iterator[Finding]:
    """Receipts out of order, twice, cancelled, never printed, or more than there were answers."""
    if not all(_ascending(hashes) for hashes in (bundle.printed, bundle.cancelled, bundle.receipts or ())):
        yield Refused(N_("The receipts are out of order, or one stands twice."))
    if not set(bundle.cancelled) <= set(bundle.printed):
        yield Refused(N_("A code was cancelled that was never printed."))
    if bundle.receipts is None:
        return
    hashes = {receipt_hash(receipt) for receipt in bundle.receipts}
    if hashes & set(bundle.cancelled):
        yield Refused(N_("An answer was counted whose code was cancelled."))
    by_pass = bundle.counts.answers_by_pass if paper.block.issuing else 0
    if len(hashes - set(bundle.printed)) > by_pass:
        yield Refused(N_("Answers were counted whose receipts were never issued."))
    if len(bundle.receipts) > _counts_in(bundle)[-1]:
        yield Refused(N_("More answers were counted than came out of the last list."))


def _counts_in(bundle: Bundle) -> list[int]:
    """Items in the first list and after each peel."""
    counts = [bundle.counts.answers]
    for peel in bundle.peels:
        counts.append(counts[-1] - peel.unopened)
    return counts


def _check_one_list(data: bytes, bundle: Bundle, paper: Paper) -> Iterator[Finding]:
    try:
        listing = read_list(data)
        check_list(listing, paper, listing.layer)
    except SealingError as error:
        yield error
        return
    announced = [bundle.first_list_hash, *(peel.output_hash for peel in bundle.peels)]
    if listing.hash not in announced:
        yield Refused(N_("A list is not among those announced."))
    elif not _fits(listing, announced.index(listing.hash), bundle, paper):
        yield Refused(N_("A list holds more or fewer items than announced, or is at another layer."))


def _fits(listing: SealedList, peels_before: int, bundle: Bundle, paper: Paper) -> bool:
    layer = (1 + peels_before) % (len(paper.block.parties) + 1)
    return listing.layer == layer and len(listing.items) == _counts_in(bundle)[peels_before]


def _ascending(hashes: Sequence[bytes]) -> bool:
    return all(before < after for before, after in pairwise(hashes))
