"""What a keeper is handed at the opening, and what is read from what she hands back. No database."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from commonground.kernel.errors import Refused
from commonground.kernel.text import sha256
from commonground.sealing.errors import SealingError
from commonground.sealing.formats import (
    HASH_BYTES,
    SealedList,
    TradingFile,
    read_file,
    read_hex,
    read_list,
    read_list_and_rest,
)
from commonground.sealing.paper import Paper, read_paper
from commonground.sealing.peel import Peeled, check_peeled
from commonground.sealing.seals import SHARE_BYTES
from commonground.surveys.models import SealingParty, Survey
from commonground.surveys.seals import in_words


def paper_of(survey: Survey) -> Paper:
    """Return the frozen paper as sealing reads it."""
    return read_paper(survey.paper.encode())


def peel_task(survey: Survey, seal: SealingParty, data: bytes, request: str = "") -> bytes:
    """Return the file with which a party takes its layer off the list in `data`.

    `request` is the text for which answers that were counted are opened anew.
    """
    own = {"task": "peel", "list_hash": sha256(data)}
    return TradingFile({**_heading(survey, seal, request), **own}, data).to_bytes()


def share_task(survey: Survey, seal: SealingParty, final_hash: str, request: str = "") -> bytes:
    """Return the file with which a party opens its share, once the list with `final_hash` lies open to the core."""
    own = {"task": "share", "sealed_share": seal.sealed_share, "final_hash": final_hash}
    return TradingFile({**_heading(survey, seal, request), **own}).to_bytes()


def _heading(survey: Survey, seal: SealingParty, request: str) -> dict[str, Any]:
    return {
        **({"request_text": request} if request else {}),
        "survey": survey.public_id,
        "survey_title": survey.title_en,
        "party": seal.party_id.hex,
        "party_name": seal.party.name,
        "paper_text": survey.paper,
        "layer": seal.layer,
        "wrapped": seal.wrapped,
    }


@dataclass(frozen=True)
class PeelFile:
    """A layer taken off, as a keeper's file says it; hashes are those that the file itself announces."""

    party: str
    layer: object
    input_hash: bytes
    output_hash: bytes
    peeled: Peeled


def read_peel(data: bytes, paper: Paper) -> PeelFile:
    """Return what a result file holds. Raises Refused for a file that was cut, or was made for something else."""
    try:
        file = read_file(data)
        _require_result(file.message, "peel", paper.survey.hex())
        output, rest = read_list_and_rest(file.binary)
        layer = file.message.get("layer")
        aside = read_list(rest) if rest else _nothing_aside(paper, layer if isinstance(layer, int) else 0)
        before, after = (read_hex(file.message, name, HASH_BYTES) for name in ("input_hash", "output_hash"))
    except SealingError as error:
        raise in_words(error, "unreadable") from error
    return PeelFile(str(file.message.get("party")), layer, before, after, Peeled(output, aside))


def _require_result(message: Mapping[str, Any], expected: str, survey: str) -> None:
    if message.get("result") != expected:
        raise Refused(_("This is not the file that this step asks for. Nothing was changed."), "other_file")
    if message.get("survey") != survey:
        raise Refused(_("This file belongs to another survey. Nothing was changed."), "other_survey")


def _nothing_aside(paper: Paper, layer: int) -> SealedList:
    size = paper.item_size(layer) if 0 <= layer <= len(paper.block.parties) else 1
    return SealedList(paper.hash, layer, size, ())


def check(file: PeelFile, seal: SealingParty, before: SealedList, paper: Paper) -> None:
    """Refuse a file of another party or layer, of another list, altered, or with more or fewer items."""
    if (file.layer, file.party) != (seal.layer, seal.party_id.hex):
        raise Refused(_("This file is for another party or layer. Nothing was changed."), "other_layer")
    if file.input_hash != before.hash:
        raise Refused(
            _("Another list was opened than the one that lies here. Nothing was changed. Take the task anew."),
            "other_list",
        )
    if file.output_hash != file.peeled.output.hash:
        raise Refused(_("The file was altered on its way. Nothing was changed. Send it again."), "altered")
    try:
        check_peeled(before, file.peeled, paper)
    except SealingError as error:
        raise in_words(error, "altered") from error


def read_share(survey: str, party: str, typed: str, data: bytes) -> bytes:
    """Return a party's share from 64 characters or from the keepers' page's file, whichever was given.

    Raises Refused in words for nothing, for anything else, and for the share of another survey or party.
    """
    if not data and not typed.strip():
        raise Refused(_("This share is missing. The answers open only with the share of every party."), "missing")
    message: Mapping[str, Any] = {"share": "".join(typed.split()).lower()}
    try:
        if data:
            message = read_file(data).message
            _require_result(message, "share", survey)
            if message.get("party") != party:
                raise Refused(_("This is the share of another party. Nothing was opened."), "other_party")
        return read_hex(message, "share", SHARE_BYTES)
    except SealingError as error:
        raise Refused(
            _("This is no share. It has 64 characters, or comes as the file that the keepers’ page saved."),
            "no_share",
        ) from error
