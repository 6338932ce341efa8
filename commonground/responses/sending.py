"""Sealing an answer in memory and storing it once, whatever happens to the line.

One statement, in a transaction of its own, stores the sealed answer if its code is known and not cancelled and the
survey is open; if an answer lies there already it changes nothing. It writes no other table.

Against closing: the statement locks the table before it reads anything, and closing waits for
such locks after the closing is stored; so an answer is either in the list or refused.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.db import connections

from commonground.kernel.time import now
from commonground.responses.models import Code, Paper
from commonground.sealing.codes import code_hash, code_receipt
from commonground.sealing.crockford import in_groups, write_bits
from commonground.sealing.formats import CODE, NO_SIGNATURE, PlainAnswer, in_list_line
from commonground.sealing.hpke import seal_answer
from commonground.sealing.paper import Paper as ReadPaper

_STORE = """
INSERT INTO responses_sealedanswer (key, survey, kind, version, pass_signature, item, signature)
SELECT code.hash, code.survey, %s, 1, %s, %s, %s
FROM responses_code code JOIN responses_paper paper ON paper.survey = code.survey
WHERE code.hash = %s AND code.survey = %s AND NOT code.cancelled
AND NOT paper.closed AND paper.opens_at <= %s AND paper.closes_at > %s
ON CONFLICT DO NOTHING
"""

_STANDING = """
SELECT cancelled, EXISTS (SELECT 1 FROM responses_sealedanswer answer WHERE answer.key = code.hash)
FROM responses_code code WHERE code.hash = %s AND code.survey = %s
"""


class Standing(StrEnum):
    """What a code is good for now."""

    FREE = "free"
    USED = "used"
    CANCELLED = "cancelled"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Receipt:
    """What a person takes home: the receipt and the line in the list, 16 characters each, in groups."""

    receipt: str
    line: str


def receipt_of(paper: ReadPaper, code: bytes) -> Receipt:
    """The receipt that belongs to a code; it can be derived again at any time."""
    receipt = in_groups(write_bits(code_receipt(paper.survey, code), 16))
    return Receipt(receipt, in_list_line(code_hash(paper.survey, code)))


def seal(paper: ReadPaper, code: bytes, answers: bytes) -> bytes:
    """The encoded answers with their receipt, sealed to the counting key and every party, in the one size."""
    plain = PlainAnswer(CODE, code_receipt(paper.survey, code), NO_SIGNATURE, answers)
    return seal_answer(plain.to_bytes(paper.layout.plain_size), paper.block.keys, paper.hash)


def store(paper: ReadPaper, code: bytes, item: bytes, grace: timedelta = timedelta()) -> bool:
    """Store the sealed answer under the code; False when nothing was stored, and `standing` says why.

    With `grace` an answer is taken for so long after the closing time.
    """
    adapt, moment = connections["responses"].ops.adapt_datetimefield_value, now()
    window = (adapt(moment), adapt(moment - grace))
    values = (CODE, b"", item, b"", code_hash(paper.survey, code), paper.survey.hex(), *window)
    with connections["responses"].cursor() as cursor:
        cursor.execute(_STORE, values)
        return bool(cursor.rowcount == 1)


def standing(paper: ReadPaper, code: bytes) -> Standing:
    """What this code is good for in this survey."""
    with connections["responses"].cursor() as cursor:
        cursor.execute(_STANDING, (code_hash(paper.survey, code), paper.survey.hex()))
        found = cursor.fetchone()
    if found is None:
        return Standing.ELSEWHERE if survey_of(code) else Standing.UNKNOWN
    cancelled, used = found
    if cancelled:
        return Standing.CANCELLED
    return Standing.USED if used else Standing.FREE


def survey_of(code: bytes) -> str | None:
    """The survey, of those here, that this code was drawn for."""
    surveys = Paper.objects.values_list("survey", flat=True)
    hashes = [code_hash(bytes.fromhex(survey), code) for survey in surveys]
    return Code.objects.filter(hash__in=hashes).values_list("survey", flat=True).first()
