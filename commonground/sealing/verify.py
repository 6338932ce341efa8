"""What anyone can check of an exported survey without a phrase: rows, the chain of lists, counts, receipts, proofs.

A check gives findings, each a sentence; no finding means that everything given fits together.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import pairwise
from typing import Any

from commonground.sealing.codes import receipt_hash
from commonground.sealing.errors import N_, Malformed, Refused, SealingError
from commonground.sealing.formats import (
    CODE,
    HASH_BYTES,
    PASS,
    RECEIPT_BYTES,
    SealedList,
    read_hex,
    read_json_object,
    read_list,
)
from commonground.sealing.lists import check_list, item_hash, merkle_root
from commonground.sealing.paper import Paper, read_paper
from commonground.sealing.passes import is_receipt
from commonground.sealing.peel import stops_tally
from commonground.sealing.proof import Proof, Standing, check_proof, standing
from commonground.sealing.rows import StoredRow, check_rows, lines_of, list_of

Finding = SealingError


class Missing(Refused):
    """An answer is proven to be missing from the list."""


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
class OpenedAnew:
    """The same answers opened once more for further tables: the request that every party signed, each peel, and the
    released bytes, empty while there are none, with the certificate whose hash they name.
    """

    request: str
    peels: tuple[PeelRecord, ...]
    release: str = ""
    certificate: bytes = b""


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
    the answers that counted, None before the opening, `signed` those of them that came by pass, each with its
    signature. `rows` are the stored answers, None once they are destroyed; `in_list` the published lines, sorted.
    `missing` are the proofs of missing answers in the bulletin, `release` the released bytes, empty before, and
    `certificate` the file whose hash they name; `anew` what was opened after it.
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
    signed: tuple[bytes, ...] = ()
    rows: tuple[StoredRow, ...] | None = None
    merkle_root: bytes = b""
    in_list: tuple[str, ...] = ()
    missing: tuple[Proof, ...] = ()
    release: str = ""
    certificate: bytes = b""
    anew: tuple[OpenedAnew, ...] = ()

    @cached_property
    def printed_set(self) -> frozenset[bytes]:
        """`printed`, for looking up."""
        return frozenset(self.printed)


def verify(bundle: Bundle) -> list[Finding]:
    """Everything in the bundle that does not fit together."""
    try:
        paper = read_paper(bundle.paper)
    except Malformed as error:
        return [error]
    checks = (check_chain, check_receipts, check_stored, check_missing, check_release_counts, check_anew)
    findings = [*check_counts(bundle.counts), *(finding for check in checks for finding in check(bundle, paper))]
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
    if counts.codes_drawn + counts.codes_cancelled > counts.codes_printed:
        yield Refused(N_("More codes were drawn or cancelled than printed."))


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
    signed = {row[:RECEIPT_BYTES] for row in bundle.signed if is_receipt(paper, *_cut_signed(row))}
    by_pass = {receipt for receipt in bundle.receipts if receipt_hash(receipt) not in bundle.printed_set}
    if len(signed) != len(bundle.signed) or signed != by_pass:
        yield Refused(N_("Answers were counted whose receipts were never issued."))
    if len(by_pass) > bundle.counts.answers_by_pass:
        yield Refused(N_("More receipts of passes were counted than answers came by pass."))
    if len(bundle.receipts) > _counts_in(bundle)[-1]:
        yield Refused(N_("More answers were counted than came out of the last list."))


def check_stored(bundle: Bundle, paper: Paper) -> Iterator[Finding]:
    """Stored answers that are not those of the list, the Merkle root, the lines and the counts, or not signed."""
    rows = bundle.rows
    if rows is None:
        return
    yield from check_rows(rows, paper)
    if list_of(rows, paper).hash != bundle.first_list_hash:
        yield Refused(N_("The stored answers are not those of the list at closing."))
    if merkle_root([row.leaf for row in rows]) != bundle.merkle_root:
        yield Refused(N_("The stored answers do not give the root that was published at closing."))
    if tuple(lines_of(rows)) != bundle.in_list:
        yield Refused(N_("The published lines are not those of the stored answers."))
    by_kind = Counter(row.kind for row in rows)
    if (by_kind[PASS], by_kind[CODE]) != (bundle.counts.answers_by_pass, bundle.counts.answers_by_code):
        yield Refused(N_("The stored answers are not as many as the counts say."))


def check_missing(bundle: Bundle, paper: Paper) -> Iterator[Finding]:
    """Answers that are proven to be missing, and proofs in the bulletin that prove nothing."""
    stood = [finding for finding in (check_one_proof(proof, bundle, paper) for proof in bundle.missing) if finding]
    proven = [finding for finding in stood if isinstance(finding, Missing)]
    if proven:
        yield Missing(N_("Answers that are proven to be missing from the list: %(count)s."), count=len(proven))
    if len(proven) < len(bundle.missing):
        yield Refused(N_("The bulletin names a missing answer that is not missing, or without a proof."))


def check_one_proof(proof: Proof, bundle: Bundle, paper: Paper) -> Finding | None:
    """Why somebody's proof shows a fault of the list (Missing) or shows nothing (Refused); None if all is well.

    Once the stored answers are destroyed nothing can be compared.
    """
    try:
        check_proof(proof, paper)
    except Refused as error:
        return error
    if bundle.rows is None:
        return Refused(N_("The sealed answers are destroyed, so nothing can be compared any more."))
    row = next((row for row in bundle.rows if row.kind == PASS and row.key == proof.key), None)
    stored = row.as_pass(paper.item_size(1)) if row else None
    found = standing(proof, stored.version, item_hash(stored.item)) if stored else Standing.NOWHERE
    return Missing(_MISSING[found]) if found.is_absence else None


_MISSING = {
    Standing.NOWHERE: N_("The answer of this proof was taken in, and the list does not hold it."),
    Standing.OLDER: N_("In the place of the answer of this proof lies an earlier one."),
    Standing.EXCHANGED: N_("In the place of the answer of this proof lies another one."),
}


def check_release_counts(bundle: Bundle, paper: Paper) -> Iterator[Finding]:
    """A release of another survey or list, or whose counts do not go with the lists and the receipts."""
    if not bundle.release:
        return
    try:
        release = read_json_object(bundle.release.encode())
    except Malformed as error:
        yield error
        return
    if (release.get("survey"), release.get("paper")) != (paper.survey.hex(), paper.hash.hex()):
        yield Refused(N_("The release belongs to another survey or paper."))
    counts = release.get("counts")
    if not isinstance(counts, dict) or not _release_fits(counts, bundle):
        yield Refused(N_("The counts in the release do not go with the lists and the receipts."))


def check_anew(bundle: Bundle, paper: Paper) -> Iterator[Finding]:
    """Openings anew of another list or with other outcomes than the first, and releases nobody asked for."""
    for again in bundle.anew:
        known = {(peel.party, peel.layer, peel.input_hash, peel.output_hash) for peel in bundle.peels}
        if any((peel.party, peel.layer, peel.input_hash, peel.output_hash) not in known for peel in again.peels):
            yield Refused(N_("What came out when the answers were opened anew is not what came out at first."))
        try:
            request = read_json_object(again.request.encode())
            release = read_json_object(again.release.encode()) if again.release else None
        except Malformed as error:
            yield error
            continue
        if (request.get("paper"), request.get("list")) != (paper.hash.hex(), bundle.first_list_hash.hex()):
            yield Refused(N_("The answers were opened anew for a request about another survey or list."))
        if release is not None and not _answers(release, request, again, bundle, paper):
            yield Refused(N_("A later release is not the one that its request asked for."))


def _answers(
    release: Mapping[str, Any], request: Mapping[str, Any], again: OpenedAnew, bundle: Bundle, paper: Paper
) -> bool:
    """Whether a release of this survey tells only tables of its request, after every layer came off."""
    further, counts = release.get("further"), release.get("counts")
    if not isinstance(further, dict) or not isinstance(counts, dict) or len(again.peels) != len(bundle.peels):
        return False
    told, asked = further.get("told"), request.get("tables")
    named = further.get("request") == sha256(again.request.encode()).hexdigest()
    fits = isinstance(told, list) and isinstance(asked, list) and all(table in asked for table in told)
    ours = (release.get("survey"), release.get("paper")) == (paper.survey.hex(), paper.hash.hex())
    return named and fits and ours and _release_fits(counts, bundle)


def _release_fits(counts: Mapping[str, Any], bundle: Bundle) -> bool:
    rejected = counts.get("rejected")
    if not isinstance(rejected, dict) or not all(type(number) is int for number in rejected.values()):
        return False
    opened = _counts_in(bundle)[-1]
    return (counts.get("list"), counts.get("eligible"), counts.get("sealed"), counts.get("counted")) == (
        bundle.first_list_hash.hex(),
        bundle.counts.eligible,
        bundle.counts.answers,
        opened - sum(rejected.values()),
    ) and counts.get("counted") == len(bundle.receipts or ())


def _cut_signed(row: bytes) -> tuple[bytes, bytes]:
    return row[:RECEIPT_BYTES], row[RECEIPT_BYTES:]


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
