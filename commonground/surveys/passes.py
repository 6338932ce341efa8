"""Personal links and passes: who may answer by browser, and the two blind signatures that a person gets once.

Taking a pass touches the signed-in side only, in a transaction of its own; the answer that is sent with it touches
the respondents' side only. What joins the two stays in the browser. While a survey is open it is known who took a
pass; closing erases this, with the keys.
"""

import hmac
from collections.abc import Mapping
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from commonground.kernel import key_folder, time
from commonground.kernel.compaction import rewrite_some
from commonground.kernel.errors import NotFound, Refused
from commonground.kernel.key_folder import Kind
from commonground.sealing.blind import read_issuing_key
from commonground.sealing.passes import SECRET_BYTES, PassRequest
from commonground.surveys.models import Eligible, Survey, SurveyState

EARLY, CLOSED, TAKEN = "early", "closed", "taken"
"""Why no pass is given, as codes of a refusal."""


def link_secrets(survey: Survey, asked: list[UUID]) -> Mapping[UUID, bytes]:
    """Return the secret of each person's link, made anew from the link key, by the ids of `Eligible`.

    Raises NotFound once the link key is erased.
    """
    key, salt = key_folder.read(survey.public_id, Kind.LINK), bytes.fromhex(survey.public_id)
    return {pk: hmac.digest(key, salt + pk.bytes, sha256)[:SECRET_BYTES] for pk in asked}


def link_hash(secret: bytes) -> str:
    """Return what is kept of a link."""
    return sha256(secret).hexdigest()


def take(request: PassRequest) -> bytes:
    """Give a person the pass: mark exactly one row and sign both blinded values, 512 bytes, or do neither.

    The same request again gets the same answer. Raises NotFound for a link that does not exist, Malformed for what
    cannot be signed, Refused with `EARLY`, `CLOSED`, or `TAKEN` where another pass was taken or a code drawn.
    """
    survey = _survey_of(request)
    keys = [key_folder.read(survey.public_id, kind) for kind in (Kind.PASS, Kind.RECEIPT)]
    blinded = request.blinded_pass, request.blinded_receipt
    with transaction.atomic():
        _mark(survey, request)
        return b"".join(read_issuing_key(key).sign(value) for key, value in zip(keys, blinded, strict=True))


def _survey_of(request: PassRequest) -> Survey:
    surveys = Survey.rows.across_all(reason="a link names its survey and no district")
    survey = surveys.defer("paper").filter(public_id=request.survey.hex()).first()
    if survey is None or survey.opens_at is None or survey.closes_at is None:
        raise NotFound
    if survey.state in (SurveyState.DRAFTING, SurveyState.WAITING) or time.now() < survey.opens_at:
        raise Refused(_("The survey is not open yet."), EARLY)
    if survey.state != SurveyState.LAUNCHED or time.now() >= survey.closes_at:
        raise Refused(_("The survey is closed."), CLOSED)
    return survey


def _mark(survey: Survey, request: PassRequest) -> None:
    blinded = request.blinded_hash.hex()
    row = Eligible.rows.within(survey.partnership_id).filter(survey=survey, link_hash=request.link_hash.hex())
    if row.filter(marked=False).update(marked=True, blinded_hash=blinded):
        return
    if not row.exists():
        raise NotFound
    if not row.filter(blinded_hash=blinded).exists():
        raise Refused(_("With this link a pass was taken, or a code was drawn instead."), TAKEN)


def taken(survey: Survey) -> int:
    """Return how many passes were taken; 0 again once closing erased the marks."""
    return Eligible.rows.within(survey.partnership_id).filter(survey=survey).exclude(blinded_hash="").count()


def erase_marks(survey: Survey) -> bool:
    """Erase who took a pass, what was asked with it, links and keys; say whether the table could be rewritten.

    The link key goes last, so that whatever a crash left undone is seen and done again.
    """
    key_folder.erase(survey.public_id, (Kind.PASS, Kind.RECEIPT, Kind.DOOR))
    rows = Eligible.rows.within(survey.partnership_id).filter(survey=survey)
    rows.update(marked=False, blinded_hash="", link_hash="")
    done = rewrite_some(rows)
    key_folder.erase(survey.public_id, (Kind.LINK,))
    return done


def is_erased(survey: Survey) -> bool:
    """Say whether `erase_marks` came to its end."""
    return not key_folder.holds(survey.public_id, Kind.LINK)
