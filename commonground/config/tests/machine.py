"""A server of its own: a data folder and two databases, on which `commonground` runs as a process.

The databases are SQLite files, or lie on the PostgreSQL server of the tests where these run on one.
"""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import psycopg
import pytest

from commonground.access.walls import ALL, SETTING
from tests.server import COMMAND, PATIENCE, place

ROOT = Path(__file__).resolve().parents[3]
TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename",
}


@dataclass(frozen=True)
class Machine:
    """One server: where it lives, and the variables that its commands read."""

    folder: Path
    variables: dict[str, str]

    def run(self, *arguments: object, **options: Any) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end; return its status and words."""
        command = [COMMAND, *map(str, arguments)]
        given = {"env": self.variables, "cwd": self.folder.parent, "timeout": 300, **options}
        return subprocess.run(command, capture_output=True, text=True, check=False, **given)

    def well(self, *arguments: object, **options: Any) -> str:
        """Run a command that must end well; return what it printed."""
        done = self.run(*arguments, **options)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def refused(self, *arguments: object, status: int = 1, **options: Any) -> str:
        """Run a command that must be refused in words, with this status; return what it printed."""
        done = self.run(*arguments, **options)
        assert done.returncode == status, done.stdout + done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout + done.stderr

    def python(self, program: str) -> str:
        """Run a few lines of Python over this server's databases; return what they printed."""
        variables = {**self.variables, "DJANGO_SETTINGS_MODULE": "commonground.config.settings"}
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT, env=variables, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def rows(self) -> dict[str, list[str]]:
        """Return every row of both databases by table, as the database gives it."""
        return {**self._of("", "commonground.sqlite3"), **self._of("RESPONSES_", "responses.sqlite3")}

    def _of(self, which: str, file: str) -> dict[str, list[str]]:
        given = self.variables.get(f"COMMONGROUND_{which}DATABASE")
        database = connect(given) if given else sqlite3.connect(self.folder / file)
        with closing(database):
            if given:
                database.execute(f"SELECT set_config('{SETTING}', '{ALL}', false)")
            tables = [name for (name,) in database.execute(TABLES["postgresql" if given else "sqlite"])]
            return {name: sorted(map(repr, database.execute(f'SELECT * FROM "{name}"'))) for name in tables}

    @contextmanager
    def running(self, *arguments: object) -> Iterator["subprocess.Popen[str]"]:
        """Run a command while the code inside runs; what it prints lies in `console`."""
        with (self.folder / "console").open("w") as console:
            process = subprocess.Popen(
                [COMMAND, *map(str, arguments)],
                env=self.variables, stdout=console, stderr=subprocess.STDOUT, text=True,
            )  # fmt: skip
            try:
                yield process
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(timeout=60)

    @property
    def console(self) -> str:
        """What a running command has printed."""
        return (self.folder / "console").read_text()


def sqlite(folder: Path) -> Machine:
    """Return a server on SQLite in this folder, which need not exist."""
    return Machine(folder, place(folder).variables)


def address(name: str) -> str:
    """Return the address of a database of this name on the PostgreSQL server of the tests."""
    base, _, query = os.environ["COMMONGROUND_DATABASE"].partition("?")
    return f"{base.rsplit('/', 1)[0]}/{name}?{query}"


def connect(at: str) -> "psycopg.Connection[Any]":
    """Connect to the PostgreSQL database at this address."""
    parts = urlsplit(at)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if pair)
    return psycopg.connect(
        dbname=parts.path.lstrip("/"),
        host=query.get("host", parts.hostname),
        port=parts.port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or "") or None,
        autocommit=True,
    )


def _ask(statement: str) -> None:
    with connect(address("postgres")) as server:
        server.execute(statement.encode())


@contextmanager
def postgresql(folder: Path, like: str = "template1") -> Iterator[Machine]:
    """Make a server with two new databases on PostgreSQL, and drop them afterwards."""
    mark = uuid4().hex[:12]
    names = {"DATABASE": f"cg_{mark}", "RESPONSES_DATABASE": f"cr_{mark}"}
    templates = {"DATABASE": like, "RESPONSES_DATABASE": like.replace("cg_", "cr_")}
    for which, name in names.items():
        _ask(f"CREATE DATABASE {name} TEMPLATE {templates[which]}")
    addresses = {f"COMMONGROUND_{which}": address(name) for which, name in names.items()}
    try:
        yield Machine(folder, {**place(folder).variables, **addresses})
    finally:
        for name in names.values():
            _drop(name)


def _drop(name: str) -> None:
    """Drop a database; the server's own cleaner, which no plain role may end, is waited for."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return _ask(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        except psycopg.errors.InsufficientPrivilege:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


ON_POSTGRESQL = "COMMONGROUND_DATABASE" in os.environ
needs_postgresql = pytest.mark.skipif(not ON_POSTGRESQL, reason="COMMONGROUND_TEST_POSTGRESQL is not yes")


@contextmanager
def copied(template: Machine, folder: Path) -> Iterator[Machine]:
    """Make a server that holds what this one holds."""
    shutil.copytree(template.folder, folder)
    if ON_POSTGRESQL:
        name = urlsplit(template.variables["COMMONGROUND_DATABASE"]).path.lstrip("/")
        with postgresql(folder, like=name) as machine:
            yield machine
    else:
        yield sqlite(folder)
