"""Every page, file and role of a served district as one pile: it goes nowhere beyond the releases.

What is collected is what a skeptic with every role at once would hold: all that links lead to below the releases of
the committee's door, and all results of the staff's door.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from commonground.demo import cast
from commonground.disclosure.attack import learn
from commonground.disclosure.together import learn_together
from tests.looks.crawl import Crawl
from tests.looks.scene import Scene

pytestmark = pytest.mark.browser

RELEASES = f"/d/{cast.SLUG}/releases/"


@dataclass(frozen=True)
class Piece:
    """One page or file as one person got it."""

    who: str
    path: str
    kind: str
    body: bytes


@pytest.fixture(scope="module")
def pile(here: Scene) -> list[Piece]:
    """Return all pages and files of results that links lead anybody to."""
    pieces = []
    for email, cookies in here.cookies.items():
        with httpx.Client(base_url=here.place.site, cookies=cookies, follow_redirects=True) as client:
            pieces += list(_walk(client, email, RELEASES, RELEASES))
    with httpx.Client(base_url=here.place.respond, follow_redirects=True) as client:
        pieces += list(_walk(client, "staff", "/", "/s/"))
    return pieces


def _walk(client: httpx.Client, who: str, start: str, below: str) -> Iterator[Piece]:
    queue, seen, links = [start], {start}, Crawl()
    while queue:
        path = queue.pop(0)
        answer = client.get(path)
        if answer.status_code != 200:
            continue
        kind = answer.headers["content-type"].split(";")[0]
        yield Piece(who, path, kind, answer.content)
        if kind == "text/html":
            fresh = {link for link in links.links(answer) if link.startswith(below)} - seen
            seen |= fresh
            queue += sorted(fresh)


def releases(pile: list[Piece]) -> dict[str, dict[str, Any]]:
    """Return the releases of numbers in the pile by their path."""
    found = {piece.path: json.loads(piece.body) for piece in pile if piece.kind == "application/json"}
    return {path: content for path, content in found.items() if "tables" in content}


def test_the_pile_holds_files_of_every_kind_from_every_role(here, pile):
    assert {piece.who for piece in pile} >= {"staff", *(email for email in here.cookies if "maple" not in email)}
    assert {"text/html", "application/json", "text/csv"} <= {piece.kind for piece in pile}
    assert len(releases(pile)) >= 2


def test_everyone_gets_the_same_bytes_of_a_file(pile):
    by_path: dict[str, set[bytes]] = {}
    for piece in pile:
        if piece.kind != "text/html":
            by_path.setdefault(piece.path, set()).add(piece.body)
    assert by_path and all(len(bodies) == 1 for bodies in by_path.values())


def test_the_adversaries_learn_nothing_from_the_pile(pile):
    contents = list({json.dumps(content, sort_keys=True): content for content in releases(pile).values()}.values())
    assert contents
    for content in contents:
        assert learn(content["tables"]) == []
    assert learn_together(contents) == []


def test_a_table_in_a_file_is_the_release_and_nothing_else(pile):
    files = {piece.path: piece.body for piece in pile if piece.kind == "text/csv"}
    compared = 0
    for path, content in releases(pile).items():
        if body := files.get(path.replace("/files/json/", "/files/csv/")):
            rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
            assert _cells_of_rows(rows) == _cells_of(content["tables"])
            compared += 1
    assert compared


def _cells_of_rows(rows: list[dict[str, str]]) -> dict[Any, Any]:
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


def _cells_of(tables: dict[str, Any]) -> dict[Any, Any]:
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


def test_counts_on_pages_are_numbers_of_the_release_or_of_the_roster(here, pile):
    unknown, seen = set(), 0
    for path, content in releases(pile).items():
        known = _known(content)
        base = path.split("/files/")[0]
        for piece in pile:
            if piece.kind == "text/html" and piece.path.startswith(base + "/"):
                for part, whole in COUNTS.findall(" ".join(TAGS.sub(" ", piece.body.decode()).split())):
                    seen += 1
                    if not {int(part.replace(",", "")), int(whole.replace(",", ""))} <= known:
                        unknown.add((piece.path, part, whole))
    assert seen > 100
    assert unknown == set()


def _known(content: dict[str, Any]) -> set[int]:
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
