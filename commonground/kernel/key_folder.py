"""Keys that lie in no database and no dump: one file a survey and kind, readable by the server's user only.

A survey has a door key (signs acknowledgements), a pass key and a receipt key (sign blind), and a link key (makes
the secrets of personal links). Closing erases them.
"""

import os
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from django.conf import settings

from commonground.kernel.errors import NotFound


class Kind(StrEnum):
    """What a key of a survey is for."""

    DOOR = "door"
    PASS = "pass"
    RECEIPT = "receipt"
    LINK = "link"


def path(survey: str, kind: Kind) -> Path:
    """Return where a survey's key of this kind lies; `survey` is its public id, 32 hexadecimal digits."""
    return Path(settings.ENVIRONMENT.key_folder) / f"{survey}.{kind}"


def write(survey: str, kind: Kind, data: bytes) -> None:
    """Write a key in place of the one before, if any."""
    file = path(survey, kind)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(data)


def read(survey: str, kind: Kind) -> bytes:
    """Return a key. Raises NotFound where it was never made or is erased."""
    try:
        return path(survey, kind).read_bytes()
    except FileNotFoundError:
        raise NotFound from None


def holds(survey: str, kind: Kind) -> bool:
    """Say whether the key is there."""
    return path(survey, kind).exists()


def erase(survey: str, kinds: Iterable[Kind] = tuple(Kind)) -> None:
    """Erase keys; what is not there is no fault."""
    for kind in kinds:
        path(survey, kind).unlink(missing_ok=True)
