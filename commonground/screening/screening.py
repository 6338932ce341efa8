"""Flags in a text: the patterns of the rules, names by capital letters, and names of people on the staff list."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

RULES = Path(__file__).parent / "rules.json"
MARK_CHARACTERS = 6
"""Hexadecimal characters kept of the hash of a name: 24 bits, so that a mark fits many words and proves none."""

_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*")
_BETWEEN = re.compile(r" (?:[^\W\d_]\.? )?")
_SENTENCE_END = '.!?:;\n"“”¿¡•-'


@dataclass(frozen=True)
class Flag:
    """A place in a text, from `start` up to `end`, and the kind of thing that may be there."""

    start: int
    end: int
    kind: str


@cache
def _rules() -> dict[str, Any]:
    rules: dict[str, Any] = json.loads(RULES.read_text())
    patterns = [(kind, re.compile(_bounded(text), re.IGNORECASE)) for kind, text in rules["patterns"]]
    words = {name: frozenset(rules[name]) for name in ("given", "unsure", "ordinary")}
    return {"patterns": patterns, **words}


def _bounded(pattern: str) -> str:
    """The pattern with ‹ and › as edges of a word, in any alphabet."""
    return pattern.replace("‹", r"(?<![^\W_])").replace("›", r"(?![^\W_])")


def folded(word: str) -> str:
    """The word in small letters without accents."""
    plain = unicodedata.normalize("NFD", word.lower())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def mark(word: str, salt: str) -> str:
    """What a reviewer's page gets in place of a name of the staff list; `salt` is the survey's public id."""
    return sha256(f"{salt} {folded(word)}".encode()).hexdigest()[:MARK_CHARACTERS]


def marks(names: Iterable[str], salt: str) -> list[str]:
    """The marks of every word of three letters or more in the names, sorted."""
    words = {found[0] for name in names for found in _WORD.finditer(name) if len(found[0]) > 2}
    return sorted({mark(word, salt) for word in words if folded(word) not in _rules()["ordinary"]})


def flags(text: str, is_known: Callable[[str], bool] = lambda word: False) -> tuple[Flag, ...]:
    """Every place that should be looked at, in order, none overlapping another.

    `is_known` says whether a word is a name of the staff list or the directory.
    """
    rules = _rules()
    found = [
        Flag(each.start(), each.end(), kind)
        for kind, pattern in rules["patterns"]
        for each in pattern.finditer(text)
    ]
    return tuple(_merged([*found, *_names(text, rules, is_known)], text))


def _names(text: str, rules: dict[str, Any], is_known: Callable[[str], bool]) -> Iterator[Flag]:
    """Words with a capital letter where a sentence does not ask for one, and words that are names in any case."""
    for each in _WORD.finditer(text):
        word = folded(each[0].removesuffix("'s").removesuffix("’s"))
        if word in rules["ordinary"] or len(word) < 2:
            continue
        is_capital = each[0][0].isupper() and not (each[0].isupper() and len(each[0]) < 5)
        is_given = word in rules["given"] and (is_capital or word not in rules["unsure"])
        is_listed = len(word) > 2 and is_known(word) and (is_capital or word not in rules["unsure"])
        if is_given or is_listed or (is_capital and not _begins(text, each.start())):
            yield Flag(each.start(), each.end(), "name")
        elif is_capital and (after := _next_capital(text, each.end(), rules["ordinary"])):
            yield Flag(each.start(), after, "name")


def _begins(text: str, start: int) -> bool:
    """Whether a sentence begins here."""
    before = text[:start].rstrip(" \t('‘")
    return not before or before[-1] in _SENTENCE_END


def _next_capital(text: str, end: int, ordinary: frozenset[str]) -> int:
    """Where the next word ends, if it has a capital letter and is no ordinary word; else 0."""
    each = _WORD.match(text, end + 1) if text[end : end + 1] == " " else None
    is_name = each and each[0][0].isupper() and len(each[0]) > 1 and folded(each[0]) not in ordinary
    return each.end() if each and is_name else 0


def _merged(found: Iterable[Flag], text: str) -> Iterator[Flag]:
    """Overlapping places and neighbouring names as one, with the kind of the first."""
    last: Flag | None = None
    for flag in sorted(found, key=lambda flag: (flag.start, flag.end)):
        if last and (flag.start < last.end or _is_one_name(last, flag, text)):
            last = Flag(last.start, max(last.end, flag.end), last.kind)
        else:
            if last:
                yield last
            last = flag
    if last:
        yield last


def _is_one_name(first: Flag, second: Flag, text: str) -> bool:
    """Whether only a space or an initial stands between two names."""
    between = text[first.end : second.start]
    return first.kind == second.kind == "name" and bool(_BETWEEN.fullmatch(between))
