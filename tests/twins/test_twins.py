"""Real answers and their twins, which print the same release though what is hidden differs.

All that a running server gives to anybody is the same, byte for byte, but for what is drawn by chance. So nothing
in the whole pile tells of what is hidden: no number, order, absent link, size or sentence. The same holds while a
survey is open, for other people who answered and another number of them within one step of 25. Each file is one
test, so that its worlds are lived through once.
"""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from commonground.demo.trial.compare import compare, places
from commonground.demo.trial.sheet import Sheet, read
from commonground.disclosure.attack import attempts
from tests.pile import Piece, cells_of, cells_of_rows, counts_beyond, releases, walk, without_chance
from tests.server import Place, place, running
from tests.twins.world import FILE, LOOKED_AT, WANTED

REAL = os.environ.get("COMMONGROUND_REAL_DATA")
PATIENCE = 300
WHILE_OPEN, PUBLISHED = timedelta(days=1) + LOOKED_AT, timedelta(days=21)

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not REAL, reason="COMMONGROUND_REAL_DATA does not name the folder of real data"),
]


@dataclass(frozen=True)
class Lived:
    """What was collected in one world, while it was open and afterwards, and the answers that were given."""

    sheet: Sheet
    open: list[Piece]
    published: list[Piece]

    @property
    def release(self) -> dict[str, Any]:
        """The release of numbers."""
        return next(iter(releases(self.published).values()))


def _begun(folder: Path, name: str) -> Place:
    first = place(folder / "first", mail="memory:")
    first.folder.mkdir()
    _step(first, "begin", str(REAL), name)
    return first


def _live(first: Place, world: str, look: bool = False, who: Sequence[str] | None = None) -> Lived:
    folder = first.folder.with_name(world)
    shutil.copytree(first.folder, folder)
    here = replace(first, folder=folder, variables=first.variables | {"COMMONGROUND_DATA": str(folder)})
    told = json.loads((folder / FILE).read_text())
    cookies = {name: each for name, each in told["cookies"].items() if who is None or name in who}
    file, wanted, _cross = WANTED[told["name"]]
    sheet = read(Path(str(REAL)) / "survey_microdata" / file, wanted)
    _step(here, "answer", world)
    seen = collected(here.later(WHILE_OPEN), told["slug"], cookies) if look else []
    _step(here, "end", world)
    rows = tuple(told["worlds"][world])
    return Lived(replace(sheet, rows=rows), seen, collected(here.later(PUBLISHED), told["slug"], cookies))


def _step(here: Place, step: str, *more: str) -> None:
    variables = {**here.variables, "DJANGO_SETTINGS_MODULE": "commonground.config.settings"}
    program = [sys.executable, "-m", "tests.twins.world", step, str(here.folder), *more]
    done = subprocess.run(program, env=variables, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr


def collected(here: Place, slug: str, cookies: Mapping[str, dict[str, str]]) -> list[Piece]:
    """Return all that links lead these people to, and all that they lead to at the respondents' door.

    Only the first of them tries tables with other numbers of answers than those expected: each takes a second.
    """
    pieces, start = list[Piece](), f"/d/{slug}/"
    with running(here):
        for number, (who, each) in enumerate(cookies.items()):
            but = "?response=" if number else "#"
            with httpx.Client(base_url=here.site, cookies=each, follow_redirects=True, timeout=60) as client:
                pieces += walk(client, who, start, start, but)
        with httpx.Client(base_url=here.respond, follow_redirects=True, timeout=60) as client:
            pieces += walk(client, "staff", "/", "/")
    return pieces


def differing(one: Sequence[Piece], other: Sequence[Piece]) -> list[tuple[str, str]]:
    """Return who gets what from where that is not the same in both piles."""
    mine, theirs = without_chance(list(one)), without_chance(list(other))
    return sorted(at for at in mine.keys() | theirs.keys() if mine.get(at) != theirs.get(at))


def hidden(world: Lived) -> dict[Any, Any]:
    """Return what is hidden: people of each cell that is not shown, counts of the answers that have no number."""
    grouped = places(world.sheet, world.release)
    asked = {question["id"]: question["text"]["en"] for question in world.release["words"]["questions"]}
    found: dict[Any, Any] = {}
    for cell in world.release["tables"]["cells"]:
        rows = [row for row in world.sheet.rows if _is_in(row, cell["at"], grouped)]
        at = frozenset(cell["at"].items())
        if cell["status"] == "withheld":
            found[at] = len(rows)
        for question in world.release["tables"]["questions"]:
            told = cell["answers"].get(question["id"]) if cell["status"] != "withheld" else None
            if told is None or told["options"] is None:
                said = [row[asked[question["id"]]] for row in rows]
                found[at, question["id"]] = sorted((value, said.count(value)) for value in set(said))
    return found


def _is_in(row: Mapping[str, str], at: Mapping[str, int], grouped: Mapping[str, Any]) -> bool:
    return all(row[grouped[group][0].name] in grouped[group][1][part].values for group, part in at.items())


def differ_in_what_is_hidden(one: Lived, other: Lived) -> int:
    """Return in how many places two worlds differ in what is hidden."""
    mine, theirs = hidden(one), hidden(other)
    assert mine.keys() == theirs.keys()
    return sum(mine[at] != theirs[at] for at in mine)


def hold_everything(pile: Sequence[Piece]) -> None:
    """See that a pile holds every role, both doors, and files of every kind."""
    assert {piece.who for piece in pile} == {
        "labor co-chair", "management co-chair", "alternate", "coordinator", "sponsor", "facilitator", "champion",
        "board_member", "staff",
    }  # fmt: skip
    assert {"text/html", "text/csv", "text/plain", "application/json", "application/pdf"} <= {p.kind for p in pile}
    for part in ("/rehearsal/", "/results/", "/record/", "/releases/why/", "/opening/export/", "/staff/", "/why/"):
        assert any(part in piece.path for piece in pile), part
    assert len(pile) > 400


def hold_the_release_alone(world: Lived) -> None:
    """See that, with the answers known, nothing printed is false, nothing hidden is learnt, nothing is added."""
    compared = compare(world.sheet, world.release)
    assert compared.faults == [] and sum(compared.numbers.values()) > 150
    tried = attempts(world.release["tables"], compared.empty)
    assert {name: found for name, found in tried.items() if found} == {}
    tables = [piece.body for piece in world.published if piece.path.endswith("/files/csv/")]
    assert len(tables) > 3 and len(set(tables)) == 1
    rows = list(csv.DictReader(io.StringIO(tables[0].decode("utf-8-sig"))))
    assert cells_of_rows(rows) == cells_of(world.release["tables"])
    seen, unknown = counts_beyond(world.published)
    assert seen > 100 and unknown == set()


def test_nothing_that_a_server_gives_tells_what_is_hidden_of_answers_in_words(tmp_path):
    first = _begun(tmp_path, "words")
    file, twin = (_live(first, world, look=True) for world in ("file", "twin"))
    assert differ_in_what_is_hidden(file, twin) >= 30
    hold_everything(file.published)
    hold_the_release_alone(file)
    assert differing(file.published, twin.published) == []
    assert len(file.open) > 300
    assert differing(file.open, twin.open) == []
    other = _live(first, "other", who=["board_member"])
    mine = [piece for piece in file.published if piece.who in ("board_member", "staff")]
    assert {who for who, _path in differing(mine, other.published)} == {"board_member", "staff"}


def test_nothing_that_a_server_gives_tells_what_is_hidden_of_answers_on_scales(tmp_path):
    first = _begun(tmp_path, "scales")
    file, twin = (_live(first, world) for world in ("file", "twin"))
    assert differ_in_what_is_hidden(file, twin) >= 30
    hold_everything(file.published)
    hold_the_release_alone(file)
    assert differing(file.published, twin.published) == []
