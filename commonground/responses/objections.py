"""An answer that is not in the list: what its proof shows, noted in the bulletin for everyone to see.

The door and the signed-in server hand proofs in here. Nothing is kept of a proof that proves no absence, and
nothing of who handed one in, from where or when.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from commonground.kernel.errors import Refused
from commonground.responses.actions import atomic, hold
from commonground.responses.models import Bulletin, SealedAnswer
from commonground.sealing.formats import PASS
from commonground.sealing.lists import item_hash
from commonground.sealing.paper import read_paper
from commonground.sealing.proof import Proof, Standing, check_proof, read_proof, standing


def hand_in(survey: str, data: bytes) -> Standing:
    """Say where the answer of a proof stands; an absence is noted once, and stops the opening.

    Raises sealing's Malformed and Refused for what is no proof of this survey, and Refused in plain words before
    the survey is closed and once its answers are destroyed.
    """
    proof = read_proof(data)
    with atomic():
        check_proof(proof, read_paper(bytes(hold(survey).data)))
        board = Bulletin.objects.filter(pk=survey).first()
        _require_list(board.closing if board else {})
        found = standing(proof, *_stored(survey, proof))
        if found.is_absence and board:
            _note(board, proof, found)
    return found


def _require_list(closing: Mapping[str, Any]) -> None:
    if "list_hash" not in closing:
        raise Refused(_("The list is made when the survey has closed. Keep the file, and come back then."), "early")
    if closing.get("destroyed"):
        raise Refused(_("The sealed answers are destroyed, so nothing can be compared any more."), "destroyed")


def _stored(survey: str, proof: Proof) -> tuple[int, bytes]:
    row = SealedAnswer.objects.filter(pk=proof.key, survey=survey, kind=PASS).first()
    return (row.version, item_hash(bytes(row.item))) if row else (0, b"")


def _note(board: Bulletin, proof: Proof, found: Standing) -> None:
    noted = {entry["key"]: entry for entry in board.closing.get("absences", [])}
    noted.setdefault(proof.key.hex(), {**proof.to_json(), "found": str(found)})
    board.closing = {**board.closing, "absences": [noted[key] for key in sorted(noted)]}
    board.save(update_fields=["closing"])


def absences(surveys: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """The passes, in hexadecimal, of every answer that is proven to be missing, by survey."""
    rows = Bulletin.objects.filter(pk__in=list(surveys)).values_list("pk", "closing")
    return {survey: frozenset(entry["key"] for entry in closing.get("absences", [])) for survey, closing in rows}
