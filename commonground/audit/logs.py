"""Logs of the web server, of PostgreSQL, of the mail server: lines that say who answered, when, or by what."""

import gzip
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from commonground.audit import secrets
from commonground.audit.findings import Finding, Group, Said

_VISIT: Final = re.compile(
    r"/s/[0-9a-f]{32}/|/pass/|responses_sealedanswer|surveys_eligible|duplicate key value", re.IGNORECASE
)
_ADDRESS: Final = re.compile(
    r"(?<![\d.])(?!127\.0\.0\.1|0\.0\.0\.0)(?:\d{1,3}\.){3}\d{1,3}(?![\d.])|(?<![0-9a-f:])(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}",
    re.IGNORECASE,
)
_AGENT: Final = re.compile(r"Mozilla/|AppleWebKit|Chrome/|Safari/|Firefox/|curl/|User-Agent", re.IGNORECASE)
_TIME: Final = re.compile(r"(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?!\d)|(?<!\d)1[5-9]\d{8}(?:\d{3})?(?!\d)")
_PARTS: Final[dict[str, re.Pattern[str]]] = {
    "a time finer than a day": _TIME,
    "an address of the network": _ADDRESS,
    "the kind of a browser": _AGENT,
}
_LEARNS: Final = {
    "a time finer than a day": "Whoever saw when a person answered, or took a pass, finds the line, and with it "
    "the place in the order of answers.",
    "an address of the network": "It names the device, and often the person, of one visit.",
    "the kind of a browser": "A rare device names its owner.",
    "a code in clear": "It leads to one sealed answer, and the line to whoever held the code.",
    "a personal link in clear": "It is one person's: the line says what that person did, and anyone can use it.",
}


def check(path: Path, known: secrets.Known) -> Iterator[Said]:
    """What one log gives away, each thing once, with the number of lines."""
    found: Counter[str] = Counter()
    for line in _lines(path):
        found.update(_in_line(line, known))
    for what, number in sorted(found.items()):
        yield Finding(Group.LOGS, f"{path.name} holds {what} (lines: {number}).", _LEARNS[what])


def _lines(path: Path) -> Iterator[str]:
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        for line in file:
            yield line.decode(errors="replace")


def _in_line(line: str, known: secrets.Known) -> Iterator[str]:
    if _VISIT.search(line):
        yield from (what for what, pattern in _PARTS.items() if pattern.search(line))
    if any(secrets.codes_in(line, known)):
        yield "a code in clear"
    if any(secrets.links_in(line, known)):
        yield "a personal link in clear"
