"""What an audit says: findings, each with what somebody could do with it, and notes on what has to be there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Group(StrEnum):
    """What findings are sorted by, in the order in which they are told."""

    COLUMNS = "Tables and columns"
    ORDER = "Order"
    REMAINS = "What was left behind"
    BOTH_SIDES = "On both sides"
    ERASED = "What should be gone"
    ROWS = "Rows"
    LOGS = "Logs"
    FILES = "Files"


@dataclass(frozen=True)
class Finding:
    """Something that should not be there: where and what, and what it gives away."""

    group: Group
    what: str
    learns: str


@dataclass(frozen=True)
class Note:
    """Something that has to be there for now, or that could not be looked at."""

    text: str


Said = Finding | Note


def told(said: Iterable[Said]) -> Iterator[str]:
    """Give the lines of a report: findings by group, then notes."""
    findings, notes = split(said)
    for group in Group:
        held = [finding for finding in findings if finding.group is group]
        if held:
            yield group.value
        for finding in held:
            yield f"- {finding.what}\n  {finding.learns}"
    if notes:
        yield "To know"
    yield from (f"- {note.text}" for note in notes)


def split(said: Iterable[Said]) -> tuple[list[Finding], list[Note]]:
    """Part findings from notes, each once."""
    held = list(dict.fromkeys(said))
    return [each for each in held if isinstance(each, Finding)], [each for each in held if isinstance(each, Note)]
