"""Everything that links lead somebody to, as one pile, and what the numbers in it are compared with."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx


@dataclass(frozen=True)
class Piece:
    """One page or file as one person got it."""

    who: str
    path: str
    kind: str
    body: bytes


def walk(client: httpx.Client, who: str, start: str, below: str, but: str = "#") -> Iterator[Piece]:
    """Yield all pages and files below a path that links lead to, from a first page on, without those with `but`."""
    queue, seen = [start], {start}
    while queue:
        path = queue.pop(0)
        answer = client.get(path)
        if answer.status_code != 200:
            continue
        kind = answer.headers["content-type"].split(";")[0]
        yield Piece(who, path, kind, answer.content)
        if kind == "text/html":
            fresh = [
                link for link in links(answer) if link.startswith(below) and but not in link and link not in seen
            ]
            seen |= set(fresh)
            queue += dict.fromkeys(fresh)


def links(answer: httpx.Response) -> list[str]:
    """Return the ways that lead from a page to others of its door, queries too, in the order of the page."""
    found = _Links()
    found.feed(answer.text)
    ways = (urlsplit(urljoin(str(answer.url), way)) for way in found.ways)
    here = answer.url.netloc.decode()
    return [f"{way.path}?{way.query}" if way.query else way.path for way in ways if way.netloc == here]


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ways: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a" and (href := dict(attrs).get("href")):
            self.ways.append(href)


def releases(pile: list[Piece]) -> dict[str, dict[str, Any]]:
    """Return the releases of numbers in the pile by their path."""
    found = {piece.path: json.loads(piece.body) for piece in pile if piece.kind == "application/json"}
    return {path: content for path, content in found.items() if "tables" in content}


def cells_of_rows(rows: list[dict[str, str]]) -> dict[Any, Any]:
    """Return what the rows of a file print: people of each cell, and every share and mean with its number."""
    cells: dict[Any, Any] = {}
    for row in rows:
        at = frozenset((row[f"grouping {i}"], int(row[f"group {i}"])) for i in (1, 2) if row[f"grouping {i}"])
        people, facts = cells.setdefault(at, (_pair(row, "people"), {}))
        assert people == _pair(row, "people")
        if row["what"] in ("option", "upper answers", "mean"):
            value = float(row["mean"]) if row["what"] == "mean" else _pair(row, "percent")
            facts[row["question"], row["what"], row["option"]] = (value, _pair(row, "answers"), row["step"])
    return cells


def _pair(row: dict[str, str], name: str) -> tuple[str, str]:
    return row[f"{name} from"], row[f"{name} to"]


def cells_of(tables: dict[str, Any]) -> dict[Any, Any]:
    """Return the same of a release."""
    return {
        frozenset(cell["at"].items()): (_ends(cell["n"]), dict(_facts(cell["answers"]))) for cell in tables["cells"]
    }


def _facts(answers: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    for question, told in answers.items():
        rest = (_ends(told["n"]), str(told["step"]))
        for option, share in enumerate(told["options"] or ()):
            yield (question, "option", str(option)), (_ends(share), *rest)
        if told["top"] is not None:
            yield (question, "upper answers", ""), (_ends(told["top"]), *rest)
        if told["mean"] is not None:
            yield (question, "mean", ""), (told["mean"], *rest)


def _ends(number: int | list[int] | dict[str, int] | None) -> tuple[str, str]:
    if number is None:
        return "", ""
    if isinstance(number, int):
        return str(number), str(number)
    low, high = (number["at_least"], number["at_most"]) if isinstance(number, dict) else number
    return str(low), str(high)


COUNTS = re.compile(r"(?<![\d,.])(\d[\d,]*) of (\d[\d,]*)(?! such| comparisons|[\d%])")
TAGS = re.compile(r"<(style|script)[^>]*>.*?</\1>|<[^>]*>", re.DOTALL)
SAID = re.compile(r'\b(?:alt|title|aria-label|aria-description|content)="([^"]*)"')


def counts_beyond(pile: list[Piece]) -> tuple[int, set[tuple[str, str, str]]]:
    """Return how many "3 of 5" stand on the pages of releases, and those that no release or roster holds.

    What is said to a screen reader counts too.
    """
    unknown, seen = set(), 0
    for path, content in releases(pile).items():
        known, base = known_numbers(content), path.split("/files/")[0] + "/"
        for piece in pile:
            if piece.kind == "text/html" and piece.path.startswith(base):
                for part, whole in COUNTS.findall(words(piece.body.decode())):
                    seen += 1
                    if not {int(part.replace(",", "")), int(whole.replace(",", ""))} <= known:
                        unknown.add((piece.path, part, whole))
    return seen, unknown


def words(html: str) -> str:
    """Return all that a page says, to the eye or to a screen reader."""
    return " ".join(f"{TAGS.sub(' ', html)} | {' | '.join(SAID.findall(html))}".split())


def known_numbers(content: dict[str, Any]) -> set[int]:
    """Return every whole number that a release prints, and how many people were asked in each kind of place."""
    known: set[int] = set()
    queue: list[Any] = [content["tables"], content.get("counts", {})]
    while queue:
        each = queue.pop()
        if isinstance(each, int):
            known.add(each)
        elif isinstance(each, dict | list):
            queue += list(each.values() if isinstance(each, dict) else each)
    return known | set(_asked(content["words"]["questions"]))


def _asked(questions: list[dict[str, Any]]) -> Iterator[int]:
    for options in (question["options"] for question in questions if question["group"]):
        levels = {json.dumps(option["level"]) for option in options}
        for level in levels:
            yield sum(option["roster"] or 0 for option in options if json.dumps(option["level"]) == level)


# Two piles side by side

_SIGN = "[0-9A-HJKMNP-TV-Z]"
RANDOM = (
    (re.compile(r'(csrfmiddlewaretoken" value=")\w+'), r"\1"),
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "<id>"),
    (re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{8,}(?![0-9A-Za-z])"), "<hash>"),
    (re.compile(rf"(?<![0-9A-Z])({_SIGN}{{4}}(</span>)?[ -]?(<span>)?){{3,6}}{_SIGN}{{2,4}}\b"), "<print>"),
    (re.compile(r"(T\d\d:\d\d):\d\d"), r"\1"),
)
"""What is drawn or hashed anew in each world, and the seconds of the clock; the length of each stays the same.

A form's token comes first, since it may hold what looks like another of them."""
SEALED = "application/octet-stream"
"""Files that hold sealed answers: of these the size is compared."""


def without_chance(pile: list[Piece]) -> dict[tuple[str, str], list[str]]:
    """Return what each person gets at each address, in order, without what chance alone decides; sizes stay."""
    found: dict[tuple[str, str], list[str]] = {}
    for piece in pile:
        found.setdefault((piece.who, _constant(piece.path)), []).append(_read(piece))
    return found


def _read(piece: Piece) -> str:
    if piece.kind == SEALED:
        return str(len(piece.body))
    if piece.body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(piece.body)) as packed:
            parts = ((name, packed.read(name)) for name in packed.namelist())
            return "\n".join(f"{name} {len(part)}: {_constant(_text(part))}" for name, part in parts)
    return f"{len(piece.body)}: {_constant(_text(piece.body))}"


def _text(body: bytes) -> str:
    return body.decode("utf-8", errors="replace")


def _constant(text: str) -> str:
    for pattern, mark in RANDOM:
        text = pattern.sub(mark, text)
    return text
