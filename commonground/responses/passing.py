"""Taking in an answer by pass: its pass and signature are checked, then one row is written or replaced.

One statement, in a transaction of its own, inserts the row or puts a higher version in its place; it touches no
other table and logs nothing, a refused repetition neither. It stands against closing as `sending` does. The door
stays open for `GRACE` after the closing time, so that whoever has taken a pass by then can still send.
"""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_private_key
from django.db import connections

from commonground.kernel import key_folder
from commonground.kernel.key_folder import Kind
from commonground.kernel.time import now
from commonground.responses.actions import GRACE
from commonground.sealing.formats import PASS
from commonground.sealing.paper import Paper
from commonground.sealing.passes import PassRow, acknowledgement_message, check_row, sign

_STORE = """
INSERT INTO responses_sealedanswer (key, survey, kind, version, pass_signature, item, signature)
SELECT %s, paper.survey, %s, %s, %s, %s, %s FROM responses_paper paper
WHERE paper.survey = %s AND NOT paper.closed AND paper.opens_at <= %s AND paper.closes_at > %s
ON CONFLICT (key) DO UPDATE SET version = excluded.version, item = excluded.item, signature = excluded.signature
WHERE responses_sealedanswer.survey = excluded.survey AND responses_sealedanswer.version < excluded.version
"""

_STORED = "SELECT version, item FROM responses_sealedanswer WHERE key = %s AND survey = %s"


@dataclass(frozen=True)
class Taken:
    """What became of an answer: `acknowledgement` of the stored version; else `version` that stands, 0 for none."""

    acknowledgement: bytes = b""
    version: int = 0


def take(paper: Paper, row: PassRow) -> Taken:
    """Store an answer, or a later version of it; the same version with the same item again is thanked for again.

    Raises sealing's Malformed and Refused for a row that is not what it should be.
    """
    check_row(row, paper)
    if _store(paper, row):
        return Taken(_acknowledgement(paper, row), row.version)
    version, item = _stored(paper, row.key)
    if version and item == row.item:
        return Taken(_acknowledgement(paper, row, version), version)
    return Taken(version=version)


def _store(paper: Paper, row: PassRow) -> bool:
    adapt, moment = connections["responses"].ops.adapt_datetimefield_value, now()
    window = (paper.survey.hex(), adapt(moment), adapt(moment - GRACE))
    values = (row.key, PASS, row.version, row.pass_signature, row.item, row.signature, *window)
    with connections["responses"].cursor() as cursor:
        cursor.execute(_STORE, values)
        return bool(cursor.rowcount == 1)


def _stored(paper: Paper, key: bytes) -> tuple[int, bytes]:
    with connections["responses"].cursor() as cursor:
        cursor.execute(_STORED, (key, paper.survey.hex()))
        found = cursor.fetchone()
    return (found[0], bytes(found[1])) if found else (0, b"")


def _acknowledgement(paper: Paper, row: PassRow, version: int = 0) -> bytes:
    """The door key's signature over the stored version. Raises NotFound once the key is erased."""
    private_key = load_der_private_key(key_folder.read(paper.survey.hex(), Kind.DOOR), None)
    assert isinstance(private_key, ec.EllipticCurvePrivateKey)
    return sign(acknowledgement_message(paper.hash, row.key, version or row.version, row.item), private_key)
