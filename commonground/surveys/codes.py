"""Codes: printed for a pile of envelopes; kept as hashes only.

A code lives in memory until its sheet is printed. No queue, log or row holds one; only a code that came back unused
is published in clear.
"""

import re
from collections.abc import Sequence
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from commonground.access.actor import Actor
from commonground.access.decide import decide
from commonground.access.table import Action
from commonground.kernel import dates, documents, time
from commonground.kernel.errors import Refused
from commonground.kernel.languages import LANGUAGES
from commonground.kernel.text import sha256
from commonground.ledger.acts import act, record
from commonground.partnership.models import Partnership
from commonground.sealing import codes as sealing
from commonground.sealing.errors import SealingError
from commonground.sealing.formats import fingerprint
from commonground.sealing.tally_open import CodeReceipts
from commonground.surveys.addresses import entrance, link
from commonground.surveys.campaign import at_the_door, cancel_code, store_codes
from commonground.surveys.models import CancelledCode, CodeBatch, Survey

MOST_AT_ONCE = 2000
_IN_LINK = re.compile(r"^.*#c=|&.*$")


# Printed codes


def print_codes(actor: Actor, survey_id: UUID, count: int, language: str = "en") -> tuple[list[str], bytes]:
    """Draw codes and return them with the PDF of a print run, kept nowhere. The QR opens `language` first."""
    survey = _ready(actor, survey_id, count)
    drawn = sealing.draw_codes(count)
    written = [sealing.write_code(code) for code in drawn]
    batch = sha256(_receipt_lines(survey, drawn).encode())
    pdf = documents.render_codes(_slips(survey, written, language, batch))
    _keep(actor, survey, drawn)
    return written, pdf


def draw(actor: Actor, survey_id: UUID, count: int) -> list[str]:
    """Draw codes to be printed in another way, and return them."""
    survey = _ready(actor, survey_id, count)
    drawn = sealing.draw_codes(count)
    _keep(actor, survey, drawn)
    return [sealing.write_code(code) for code in drawn]


def _ready(actor: Actor, survey_id: UUID, count: int) -> Survey:
    decide(actor, Action.ISSUE_CODES)
    if not 1 <= count <= MOST_AT_ONCE:
        raise Refused(_("Choose between 1 and 2,000 codes at a time. None were made."))
    survey = at_the_door(actor.tenant, survey_id)
    if survey.closes_at is None or survey.closes_at <= time.now():
        raise Refused(_("The survey is closed. No codes were made."))
    return survey


def _slips(survey: Survey, written: Sequence[str], language: str, batch: str) -> documents.Codes:
    languages = sorted(LANGUAGES, key=lambda name: name != language)
    return {
        "languages": languages,
        "title": {"en": survey.title_en, "es": survey.title_es},
        "until": {name: _until(survey, name) for name in languages},
        "address": {name: entrance(name) for name in languages},
        "fingerprint": fingerprint(bytes.fromhex(survey.paper_hash)),
        "batch": fingerprint(bytes.fromhex(batch)),
        "slips": [{"code": code, "link": link(survey, language, code)} for code in written],
    }


def _until(survey: Survey, language: str) -> str:
    assert survey.closes_at is not None
    zone = Partnership.objects.get(pk=survey.partnership_id).timezone
    with override(language):
        return dates.day_and_hour(survey.closes_at, zone)


def _keep(actor: Actor, survey: Survey, drawn: Sequence[bytes]) -> None:
    """Store the hashes at the respondents' side first, then what the ledger says of the batch."""
    public_id = bytes.fromhex(survey.public_id)
    store_codes(survey, [sealing.code_hash(public_id, code) for code in drawn])
    enter_batch(actor, survey, _receipt_lines(survey, drawn))


def _receipt_lines(survey: Survey, drawn: Sequence[bytes]) -> str:
    public_id = bytes.fromhex(survey.public_id)
    hashes = (sealing.receipt_hash(sealing.code_receipt(public_id, code)).hex() for code in drawn)
    return "".join(f"{line}\n" for line in sorted(hashes))


@act(Action.ISSUE_CODES)
def enter_batch(actor: Actor, survey: Survey, lines: str) -> None:
    """Note a batch: the hashes of its receipts, sorted, one a line, and their hash for the ledger."""
    zone = Partnership.objects.get(pk=survey.partnership_id).timezone
    batch = CodeBatch(
        partnership_id=actor.tenant,
        survey=survey,
        count=lines.count("\n"),
        receipts=lines,
        receipts_hash=sha256(lines.encode()),
        made_on=time.today(zone),
    )
    batch.save(force_insert=True)
    record(actor, survey=survey.pk, count=batch.count, receipts=batch.receipts_hash)


def receipts(survey: Survey) -> CodeReceipts:
    """Return the hashes of all receipts that may count, and of those whose code was cancelled, for the tally."""
    tenant, public_id = survey.partnership_id, bytes.fromhex(survey.public_id)
    batches = CodeBatch.rows.within(tenant).filter(survey=survey).values_list("receipts", flat=True)
    cancelled = CancelledCode.rows.within(tenant).filter(survey=survey).values_list("code", flat=True)
    return CodeReceipts(
        frozenset(bytes.fromhex(line) for lines in batches for line in lines.split()),
        frozenset(
            sealing.receipt_hash(sealing.code_receipt(public_id, sealing.read_code(code))) for code in cancelled
        ),
    )


# Codes that came back


def lines_of(text: str) -> list[str]:
    """Return the lines of what was typed, pasted or scanned. Raises Refused for none, and for too many."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise Refused(_("Please type or paste at least one code, each on its own line."))
    if len(lines) > MOST_AT_ONCE:
        raise Refused(_("Please cancel at most 2,000 codes at a time. Nothing was cancelled."))
    return lines


def cancel(survey: Survey, line: str) -> str:
    """Cancel the code in a line, typed or as the link of its square; return it as printed.

    Returns nothing for a line that is no code of this survey, and for a code by which an answer was given.
    """
    try:
        code = sealing.read_code(_IN_LINK.sub("", line))
    except SealingError:
        return ""
    hashed = sealing.code_hash(bytes.fromhex(survey.public_id), code)
    return sealing.write_code(code) if cancel_code(survey, hashed) else ""


def printed(survey: Survey) -> int:
    """Return how many codes were printed."""
    batches = CodeBatch.rows.within(survey.partnership_id).filter(survey=survey)
    return int(batches.aggregate(n=Sum("count"))["n"] or 0)
