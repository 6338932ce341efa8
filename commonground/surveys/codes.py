"""Codes: printed for a pile of envelopes, or mailed; kept as hashes only.

A code lives in memory between its drawing and its letter. No queue, log or row holds one; only a code that came
back unused is published in clear. After a crash those who got no letter get fresh codes; the surplus is counted.
"""

import re
import secrets
from collections.abc import Sequence
from itertools import islice
from uuid import UUID

from django.core.mail import get_connection
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from commonground.access.actor import Actor, operator
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
from commonground.surveys import emails, jobs
from commonground.surveys.addresses import entrance, link
from commonground.surveys.campaign import at_the_door, cancel_code, launched, store_codes
from commonground.surveys.models import CancelledCode, CodeBatch, Eligible, Series, Survey

MOST_AT_ONCE = 2000
LEAST_MAILED = 10
"""A mailing draws at least so many codes, so that a batch never belongs to a handful of people."""
LETTERS_AT_ONCE = 50
_IN_LINK = re.compile(r"^.*#c=|&.*$")


# Printed codes


def print_codes(actor: Actor, survey_id: UUID, count: int, language: str = "en") -> tuple[list[str], bytes]:
    """Draw codes and return them with the PDF of a print run, kept nowhere. The QR opens `language` first."""
    survey = _ready(actor, survey_id, count)
    drawn = sealing.draw_codes(count)
    written = [sealing.write_code(code) for code in drawn]
    batch = sha256(_receipt_lines(survey, drawn).encode())
    pdf = documents.render_codes(_slips(survey, written, language, batch))
    _keep(actor, survey, drawn, Series.PRINT)
    return written, pdf


def draw(actor: Actor, survey_id: UUID, count: int) -> list[str]:
    """Draw codes to be printed in another way, and return them."""
    survey = _ready(actor, survey_id, count)
    drawn = sealing.draw_codes(count)
    _keep(actor, survey, drawn, Series.PRINT)
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


def _keep(actor: Actor, survey: Survey, drawn: Sequence[bytes], series: Series) -> None:
    """Store the hashes at the respondents' side first, then what the ledger says of the batch."""
    public_id = bytes.fromhex(survey.public_id)
    store_codes(survey, [sealing.code_hash(public_id, code) for code in drawn], series)
    enter_batch(actor, survey, series, _receipt_lines(survey, drawn))


def _receipt_lines(survey: Survey, drawn: Sequence[bytes]) -> str:
    public_id = bytes.fromhex(survey.public_id)
    hashes = (sealing.receipt_hash(sealing.code_receipt(public_id, code)).hex() for code in drawn)
    return "".join(f"{line}\n" for line in sorted(hashes))


@act(Action.ISSUE_CODES)
def enter_batch(actor: Actor, survey: Survey, series: Series, lines: str) -> None:
    """Note a batch: the hashes of its receipts, sorted, one a line, and their hash for the ledger."""
    zone = Partnership.objects.get(pk=survey.partnership_id).timezone
    batch = CodeBatch(
        partnership_id=actor.tenant,
        survey=survey,
        series=series,
        count=lines.count("\n"),
        receipts=lines,
        receipts_hash=sha256(lines.encode()),
        made_on=time.today(zone),
    )
    batch.save(force_insert=True)
    record(actor, survey=survey.pk, series=str(series), count=batch.count, receipts=batch.receipts_hash)


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


# Mailed codes


@act(Action.ISSUE_CODES)
def order_mailing(actor: Actor, survey_id: UUID) -> int:
    """Have a code mailed to everyone asked who has a mailbox and got none yet; return how many that are."""
    survey = launched(actor.tenant, survey_id)
    waiting = without_letter(survey).count()
    if not waiting:
        raise Refused(_("Everyone who has a mailbox got a code. Nothing was sent."))
    record(actor, survey=survey.pk, mailing=waiting)
    jobs.send_codes.enqueue(survey.pk.hex)
    return waiting


def without_letter(survey: Survey) -> QuerySet[Eligible]:
    """Return those asked who have a mailbox and got no code by mail yet."""
    asked = Eligible.rows.within(survey.partnership_id).filter(survey=survey, mailed=False)
    return asked.exclude(staff__email="").filter(staff__gone_on=None)


def send_codes(survey_id: UUID) -> int:
    """Mail codes to all who wait for one, shuffled, and return how many letters went out; may be repeated."""
    survey = Survey.rows.across_all(reason="a job is given the survey alone").get(pk=survey_id)
    people = list(without_letter(survey).select_related("staff", "staff__language"))
    if not people:
        return 0
    actor, count = operator(survey.partnership_id), max(len(people), LEAST_MAILED)
    survey = at_the_door(actor.tenant, survey.pk)
    drawn = sealing.draw_codes(count)
    _keep(actor, survey, drawn, Series.MAIL)
    secrets.SystemRandom().shuffle(people)
    letters = zip(people, (sealing.write_code(code) for code in drawn), strict=False)
    writer = emails.Writer(survey, Partnership.objects.get(pk=survey.partnership_id))
    while batch := list(islice(letters, LETTERS_AT_ONCE)):
        _send(writer, batch)
    return len(people)


def _send(writer: emails.Writer, batch: Sequence[tuple[Eligible, str]]) -> None:
    with get_connection() as connection:
        connection.send_messages([writer.letter(person.staff, code) for person, code in batch])
    sent = Eligible.rows.within(batch[0][0].partnership_id).filter(pk__in=[person.pk for person, _code in batch])
    sent.update(mailed=True)


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
    batches = CodeBatch.rows.within(survey.partnership_id).filter(survey=survey, series=Series.PRINT)
    return int(batches.aggregate(n=Sum("count"))["n"] or 0)
