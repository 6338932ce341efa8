"""A survey as anyone can check it: what `commonground verify-survey` reads. Neither answers nor sealed lists."""

from collections.abc import Mapping
from typing import Any

from commonground.sealing.verify import Bundle, Counts, PeelRecord
from commonground.surveys import codes, opening
from commonground.surveys.models import OpeningStep, Survey


def bundle(survey: Survey, closing: Mapping[str, Any], receipts: str) -> Bundle:
    """Return the evidence of a closed survey from the bulletin's facts of closing and its lines of receipts."""
    known = codes.receipts(survey)
    counted = tuple(bytes.fromhex(line.split()[-1]) for line in receipts.splitlines())
    return Bundle(
        paper=survey.paper.encode(),
        paper_hash=bytes.fromhex(survey.paper_hash),
        counts=_counts(closing),
        first_list_hash=bytes.fromhex(closing["list_hash"]),
        peels=tuple(_peel(step) for step in opening.steps(survey).select_related("seal")),
        printed=tuple(sorted(known.printed)),
        cancelled=tuple(sorted(known.cancelled)),
        receipts=tuple(sorted(counted)) if survey.counted_at else None,
    )


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
