"""Which word a survey may use of itself: "anonymous" only where nothing weakens the protocol, or "confidential"."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlsplit

ANONYMOUS: Final = "anonymous"
CONFIDENTIAL: Final = "confidential"
_HERE: Final = ("localhost", "127.0.0.1", "::1")


class Weakness(StrEnum):
    """Why a survey is not called anonymous."""

    NO_PASSES = "no_passes"
    EMPLOYER_ALONE = "employer_alone"
    NO_HTTPS = "no_https"
    ONE_HOST = "one_host"
    ONE_SERVER = "one_server"


TOLD_BY_THE_SERVER: Final = frozenset({Weakness.ONE_SERVER})
"""What the paper can only state; everything else follows from the rest of the paper."""


def promise(content: Mapping[str, Any], told: Iterable[Weakness] = ()) -> dict[str, Any]:
    """The word, and why not the other one, as they stand in the paper; `told` is what only the server knows."""
    why = [*_found(content), *(weakness for weakness in told if weakness in TOLD_BY_THE_SERVER)]
    return {"word": CONFIDENTIAL if why else ANONYMOUS, "why": [str(weakness) for weakness in why]}


def is_kept(content: Mapping[str, Any]) -> bool:
    """Whether a paper uses the word that it may use."""
    stated = content.get("promise")
    if not isinstance(stated, Mapping) or not isinstance(stated.get("why"), list):
        return False
    told = [weakness for weakness in TOLD_BY_THE_SERVER if weakness in stated["why"]]
    return promise(content, told) == stated


def _found(content: Mapping[str, Any]) -> Iterable[Weakness]:
    if not content["seals"]["issuing"]:
        yield Weakness.NO_PASSES
    if all(party["kind"] == "management" for party in content["parties"] if party["seals"]):
        yield Weakness.EMPLOYER_ALONE
    doors = [urlsplit(content["addresses"][name]) for name in ("answer", "pass")]
    if any(door.scheme != "https" and door.hostname not in _HERE for door in doors):
        yield Weakness.NO_HTTPS
    if doors[0].hostname == doors[1].hostname:
        yield Weakness.ONE_HOST
