"""How people read a frozen text: as headed lines, and as what changed from an earlier text. No database.

A kind of text may give its own sections; any other body is read by its structure: canonical JSON becomes headed
lists in which the two languages stand side by side, plain text becomes its lines.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

HIDDEN = frozenset({"format", "id"})
"""Keys that serve the program and say nothing to a reader."""
LONG_LABEL = 18


@dataclass(frozen=True)
class Line:
    """One statement: its wording, the same in Spanish where the text has it, and a label for a named fact."""

    words: str
    es: str = ""
    label: str = ""

    @property
    def form(self) -> str:
        """How the line is set: in both languages ("both"), as a named fact ("fact") or by itself ("plain")."""
        return "both" if self.es else "fact" if self.label else "plain"


@dataclass(frozen=True)
class Block:
    """Lines of one form that follow each other."""

    form: str
    lines: list[Line]

    @property
    def has_long_labels(self) -> bool:
        """Say whether the labels are too long to stand beside their facts on a phone."""
        return any(len(line.label) > LONG_LABEL for line in self.lines)


@dataclass(frozen=True)
class Section:
    """Statements under one heading; an empty heading is for the opening of the text."""

    heading: str
    lines: tuple[Line, ...]

    @property
    def blocks(self) -> list[Block]:
        """The lines, those of one form together."""
        return [Block(form, list(lines)) for form, lines in groupby(self.lines, key=lambda line: line.form)]


def sections(body: str) -> list[Section]:
    """Return the sections of a body by its structure."""
    try:
        value = json.loads(body)
    except ValueError:
        return [Section("", tuple(Line(words) for words in body.splitlines() if words.strip()))]
    if not isinstance(value, dict):
        return [Section("", tuple(_lines(value, "")))]
    shown = _paired(value)
    opening = [line for key, item in shown.items() if _is_fact(item) for line in _lines(item, _readable(key))]
    parts = [Section("", tuple(opening))] if opening else []
    return parts + [
        Section(_readable(key), tuple(_lines(item, ""))) for key, item in shown.items() if not _is_fact(item)
    ]


def _paired(value: dict[str, Any]) -> dict[str, Any]:
    """Join `purpose_en` and `purpose_es` to one bilingual value, and leave out what is not for readers."""
    paired: dict[str, Any] = {}
    for key, item in value.items():
        stem = key.removesuffix("_en").removesuffix("_es")
        if key in HIDDEN or key.endswith("_id"):
            continue
        if stem != key:
            paired.setdefault(stem, {})[key[-2:]] = item
        else:
            paired[key] = item
    return paired


def _is_bilingual(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and set(value) <= {"en", "es"}


def _is_fact(value: Any) -> bool:
    return not isinstance(value, (dict, list)) or _is_bilingual(value)


def _lines(value: Any, label: str) -> Iterator[Line]:
    if _is_bilingual(value):
        yield Line(_plain(value.get("en")), _plain(value.get("es", "")), label)
    elif isinstance(value, dict):
        for key, item in _paired(value).items():
            yield from _lines(item, f"{label}, {_readable(key).lower()}" if label else _readable(key))
    elif isinstance(value, list):
        for item in value:
            yield from _lines(item, label)
    else:
        yield Line(_plain(value), label=label)


def _readable(key: str) -> str:
    return key.replace("_", " ").strip().capitalize()


def _plain(value: Any) -> str:
    if value is None:
        return _("not set")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)


@dataclass(frozen=True)
class Piece:
    """A run of words that stayed ("same"), went ("del") or came ("ins")."""

    kind: str
    words: str


@dataclass(frozen=True)
class Change:
    """One line that differs between two texts: where it stands, and its words."""

    where: str
    pieces: tuple[Piece, ...]


ALIKE = 0.4
"""Two lines that share at least this part of their words are shown as one line that was edited."""


def changes(before: Sequence[Section], after: Sequence[Section]) -> list[Change]:
    """Return every line that differs between two texts, in the order of the newer one."""
    old, new = list(_flat(before)), list(_flat(after))
    found: list[Change] = []
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            found += _changed(old[i:j], new[k:m])
    return found


def _flat(parts: Sequence[Section]) -> Iterator[tuple[str, str]]:
    for part in parts:
        for line in part.lines:
            where = ". ".join(words for words in (part.heading, line.label) if words)
            yield where, line.words
            if line.es:
                yield where, line.es


def _changed(old: list[tuple[str, str]], new: list[tuple[str, str]]) -> Iterator[Change]:
    left = list(old)
    for where, words in new:
        partner = max(left, key=lambda line: _likeness(line, (where, words)), default=None)
        if partner and _likeness(partner, (where, words)) >= ALIKE:
            left.remove(partner)
            yield Change(where, _pieces(partner[1], words))
        else:
            yield Change(where, (Piece("ins", words),))
    for where, words in left:
        yield Change(where, (Piece("del", words),))


def _likeness(one: tuple[str, str], other: tuple[str, str]) -> float:
    if one[0] != other[0]:
        return 0.0
    return SequenceMatcher(None, one[1].split(), other[1].split(), autojunk=False).ratio()


def _pieces(before: str, after: str) -> tuple[Piece, ...]:
    old, new = re.findall(r"\s*\S+", before), re.findall(r"\s*\S+", after)
    pieces: list[Piece] = []
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(old[i:j])))
            continue
        pieces += [Piece("del", "".join(old[i:j]))] if j > i else []
        pieces += [Piece("ins", "".join(new[k:m]))] if m > k else []
    return tuple(pieces)
