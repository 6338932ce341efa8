"""The hash chain itself, without Django: a union's own expert can run this file alone."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

GENESIS = "0" * 64


@dataclass(frozen=True)
class Entry:
    """One recorded act: its place, the hash before it, its body as canonical JSON, and its own hash."""

    position: int
    previous: str
    body: str
    hash: str


def entry_hash(chain: str, position: int, previous: str, body: str) -> str:
    """Return SHA-256 over "cg1:ledger", the chain's id, the place, the hash before and the body, zero-separated."""
    parts = ("cg1:ledger", chain, str(position), previous, body)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def link(chain: str, position: int, previous: str, facts: dict[str, Any]) -> Entry:
    """Return the entry that comes after `previous`; positions count from 1."""
    body = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return Entry(position, previous, body, entry_hash(chain, position, previous, body))


def faults(chain: str, entries: Iterable[Entry], head: str = "") -> Iterator[str]:
    """Yield, in plain words, every way in which the entries are not the chain they claim to be.

    `head` is a hash that somebody noted earlier; if the chain no longer passes through it, its tail was cut or
    the whole was written anew.
    """
    previous, place, passed = GENESIS, 0, {GENESIS}
    for entry in entries:
        place += 1
        if entry.position != place:
            yield f"Entry {entry.position} stands where entry {place} belongs: one is missing, added or moved."
        if entry.previous != previous:
            yield f"Entry {entry.position} does not follow the entry before it."
        if entry.hash != entry_hash(chain, entry.position, entry.previous, entry.body):
            yield f"Entry {entry.position} was changed after it was recorded."
        previous, place = entry.hash, entry.position
        passed.add(entry.hash)
    if head and head not in passed:
        yield "The record does not contain the head you hold: its end was cut off, or it was written anew."


def export(chain: str, title: str, entries: Iterable[Entry]) -> str:
    """Return the chain as a file: one JSON object a line, the first naming the chain."""
    lines = [json.dumps({"format": "cg1-ledger", "chain": chain, "title": title}, ensure_ascii=False)]
    lines += [json.dumps(entry.__dict__, ensure_ascii=False) for entry in entries]
    return "\n".join(lines) + "\n"


def read(text: str) -> tuple[str, list[Entry]]:
    """Read an exported file; raises ValueError with the line that cannot be read.

    Only a line feed ends a line: other separators may stand inside an entry.
    """
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    if not text:
        raise ValueError("The file is empty.")
    try:
        first = json.loads(lines[0])
        if first["format"] != "cg1-ledger":
            raise ValueError
    except (ValueError, KeyError, TypeError):
        raise ValueError("Line 1 does not name a ledger of Common Ground.") from None
    return first["chain"], [_entry(number, line) for number, line in enumerate(lines[1:], start=2)]


def _entry(number: int, line: str) -> Entry:
    try:
        values = json.loads(line)
        return Entry(int(values["position"]), str(values["previous"]), str(values["body"]), str(values["hash"]))
    except (ValueError, KeyError, TypeError):
        raise ValueError(f"Line {number} is not an entry.") from None
