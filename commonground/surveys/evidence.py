"""A survey as anyone can check it: what `commonground verify-survey` and `commonground recount` read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commonground.sealing.formats import RECEIPT_BYTES, SIGNATURE_BYTES, read_list
from commonground.sealing.kit import Kit, Later
from commonground.sealing.proof import read_proof_object
from commonground.sealing.rows import StoredRow
from commonground.sealing.seals import CountingKey
from commonground.sealing.verify import Bundle, Counts, OpenedAnew, PeelRecord
from commonground.surveys import codes, opening
from commonground.surveys.models import OpeningStep, Reopening, Survey


@dataclass(frozen=True)
class Posted:
    """What the bulletin holds: facts of closing, lines, receipts, and those of passes with their signatures."""

    closing: Mapping[str, Any]
    in_list: str
    receipts: str
    signed: bytes


@dataclass(frozen=True)
class Released:
    """A release as it is stored, and its certificate; both empty where there is none."""

    text: str = ""
    certificate: bytes = b""


def bundle(
    survey: Survey,
    posted: Posted,
    rows: Sequence[StoredRow] | None,
    release: Released,
    later: Mapping[str, Released] | None = None,
) -> Bundle:
    """Return the evidence of a closed survey: what is posted of it, the stored rows, the first release.

    `later` are later releases by their hashes.
    """
    known, closing = codes.receipts(survey), posted.closing
    return Bundle(
        paper=survey.paper.encode(),
        paper_hash=bytes.fromhex(survey.paper_hash),
        counts=_counts(closing),
        first_list_hash=bytes.fromhex(closing["list_hash"]),
        merkle_root=bytes.fromhex(closing["merkle_root"]),
        peels=tuple(_peel(step) for step in opening.first_steps(survey).select_related("seal")),
        printed=tuple(sorted(known.printed)),
        cancelled=tuple(sorted(known.cancelled)),
        receipts=_receipts(posted.receipts) if survey.counted_at else None,
        signed=_signed(posted.signed),
        rows=None if rows is None else tuple(rows),
        in_list=tuple(posted.in_list.splitlines()),
        missing=tuple(read_proof_object(entry) for entry in closing.get("absences", [])),
        release=release.text,
        certificate=release.certificate,
        anew=tuple(_anew(again, later or {}) for again in opening.every_anew(survey)),
    )


def _anew(again: Reopening, later: Mapping[str, Released]) -> OpenedAnew:
    steps = again.steps.select_related("seal").order_by("seal__layer")
    release = later.get(again.release, Released())
    return OpenedAnew(again.text.body, tuple(map(_peel, steps)), release.text, release.certificate)


def kit(
    survey: Survey,
    posted: Posted,
    first_list: bytes,
    release: bytes,
    earlier: Sequence[str],
    later: Sequence[Later] = (),
) -> Kit:
    """Return what all parties need, beside their words, to open and count a counted survey again off line.

    `earlier` are the releases beside which it was judged, `later` those for which it was opened anew.
    """
    seals = survey.seals.order_by("layer")
    return Kit(
        paper_text=survey.paper,
        first_list=read_list(first_list),
        codes=codes.receipts(survey),
        counting=CountingKey(
            bytes.fromhex(survey.counting_secret), tuple(bytes.fromhex(seal.sealed_share) for seal in seals)
        ),
        wrapped=tuple(bytes.fromhex(seal.wrapped) for seal in seals),
        closing=posted.closing,
        receipts=_receipts(posted.receipts),
        release=release.decode(),
        earlier=tuple(earlier),
        later=tuple(later),
    )


def _signed(data: bytes) -> tuple[bytes, ...]:
    size = RECEIPT_BYTES + SIGNATURE_BYTES
    return tuple(data[at : at + size] for at in range(0, len(data), size))


def _receipts(lines: str) -> tuple[bytes, ...]:
    return tuple(sorted(bytes.fromhex(line.split()[-1]) for line in lines.splitlines()))


def _counts(closing: Mapping[str, Any]) -> Counts:
    return Counts(
        eligible=closing["eligible"],
        passes=closing["passes"],
        codes_printed=closing["codes_printed"],
        codes_drawn=closing["codes_drawn"],
        codes_cancelled=closing["codes_cancelled"],
        codes_used=closing["codes_used"],
        answers_by_pass=closing["answers_by_pass"],
        answers_by_code=closing["answers_by_code"],
    )


def _peel(step: OpeningStep) -> PeelRecord:
    before, after = (bytes.fromhex(text) for text in (step.input_hash, step.output_hash))
    return PeelRecord(step.seal.party_id.hex, step.seal.layer, before, after, step.unopened, step.go_on)
