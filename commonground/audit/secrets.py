"""Codes and links in clear, wherever they may be written: in a row, a log, a letter that was kept."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from commonground.audit import allowed
from commonground.audit.copies import Copies
from commonground.sealing.codes import code_hash, read_code
from commonground.sealing.errors import Malformed

_CODE: Final = re.compile(r"(?<![0-9A-Za-z-])(?:[0-9A-Za-z]{4}-){4}[0-9A-Za-z](?![0-9A-Za-z])")
_LINK: Final = re.compile(r"(?<![\w-])k=([\w-]{22})(?![\w-])|(?<![\w-])([\w-]{22})(?![\w-])")
_IN_A_LINK: Final = re.compile(r"[#&?;]k=[\w-]{22}(?![\w-])")


@dataclass(frozen=True)
class Known:
    """What is kept of secrets that still count: hashes of codes and of links, and the surveys they may be of."""

    surveys: tuple[bytes, ...]
    codes: frozenset[bytes]
    links: frozenset[str]
    cancelled: frozenset[str]


def known(copies: Copies) -> Known:
    """Gather what the copies keep of secrets."""
    surveys = {row["survey"] for row in copies.rows(allowed.PAPERS)}
    surveys |= {row["public_id"] for row in copies.rows(allowed.SURVEYS)}
    return Known(
        tuple(bytes.fromhex(survey) for survey in sorted(surveys)),
        frozenset(row["hash"] for row in copies.rows(allowed.CODES)),
        frozenset(row["link_hash"] for row in copies.rows(allowed.ASKED) if row.get("link_hash")),
        frozenset(row["code"] for row in copies.rows("surveys_cancelledcode")),
    )


def codes_in(text: str, known: Known) -> Iterator[str]:
    """Codes in a text that may count: those whose hash is kept, or any that is well written where none is kept."""
    for found in _CODE.findall(text):
        try:
            code = read_code(found)
        except Malformed:
            continue
        hashes = {code_hash(survey, code) for survey in known.surveys}
        if found.upper() not in known.cancelled and (not known.codes or hashes & known.codes):
            yield found


def links_in(text: str, known: Known) -> Iterator[str]:
    """Secrets of personal links in a text: those whose hash is kept, or any that stands in a link."""
    if _IN_A_LINK.search(text):
        yield "a personal link"
    for inside, alone in _LINK.findall(text):
        secret = urlsafe_b64decode((inside or alone) + "==")
        if sha256(secret).hexdigest() in known.links:
            yield "the secret of a personal link"
