"""The reference: a bare WSGI handler that commits one row of 700 bytes, on a database tuned the same way."""

import os
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import local
from typing import Any

_kept = local()
_TABLE = "CREATE TABLE IF NOT EXISTS bare (key BLOB PRIMARY KEY, item BLOB NOT NULL)"
_TABLE_POSTGRES = _TABLE.replace("BLOB", "bytea")
_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON; PRAGMA mmap_size=134217728"


def _connection() -> Any:
    if not hasattr(_kept, "connection"):
        address = os.environ.get("COMMONGROUND_RESPONSES_DATABASE", "")
        _kept.connection = _postgres(address) if address else _sqlite()
    return _kept.connection


def _sqlite() -> sqlite3.Connection:
    path = Path(os.environ["COMMONGROUND_DATA"]) / "bare.sqlite3"
    connection = sqlite3.connect(path, timeout=30, isolation_level=None)
    connection.executescript(_PRAGMAS + ";" + _TABLE)
    return connection


def _postgres(address: str) -> Any:
    import psycopg

    connection = psycopg.connect(address, autocommit=True)
    connection.execute(_TABLE_POSTGRES)
    return connection


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Store a random row for a POST; answer `ok`."""
    if environ["REQUEST_METHOD"] == "POST":
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        values = (os.urandom(32), os.urandom(700))
        marks = "%s, %s" if os.environ.get("COMMONGROUND_RESPONSES_DATABASE") else "?, ?"
        _connection().execute(f"INSERT INTO bare VALUES ({marks}) ON CONFLICT DO NOTHING", values)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"ok"]
