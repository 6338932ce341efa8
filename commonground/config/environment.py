"""One frozen reading of the COMMONGROUND_* variables; docs/configuration.md lists them."""

import os
import secrets
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True)
class Environment:
    """What an operator may set. Each field `x_y` is read from COMMONGROUND_X_Y."""

    data: str = "data"
    development: bool = False
    database: str = ""
    responses_database: str = ""
    site_url: str = "http://localhost:8000"
    respond_url: str = "http://127.0.0.1:8001"
    site_port: int = 8000
    respond_port: int = 8001
    mail: str = "console:"
    mail_from: str = "Common Ground <no-reply@localhost>"
    workers: int = 2
    certify_seconds: int = 8
    """Seconds that a count may take for its certificate before the worker goes on with it."""
    clock_offset: int = 0
    """Seconds added to the clock, for demonstrations and trials in development only."""

    @property
    def folder(self) -> Path:
        """The data folder, absolute."""
        return Path(self.data).resolve()

    @property
    def key_folder(self) -> Path:
        """Where issuing, door and link keys lie: never in a database or a dump."""
        return self.folder / "keys"

    def secret(self) -> str:
        """The server's secret, made once in the data folder and readable by its owner only."""
        path = self.folder / "secret"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
        return path.read_text()


def read(variables: dict[str, str] | None = None) -> Environment:
    """Read the environment; a value of the wrong kind is named in the error it raises."""
    variables = dict(os.environ) if variables is None else variables
    given: dict[str, Any] = {}
    for field in fields(Environment):
        name = f"COMMONGROUND_{field.name.upper()}"
        if name in variables:
            given[field.name] = _convert(name, variables[name], type(field.default))
    return Environment(**given)


def _convert(name: str, text: str, kind: type) -> object:
    if kind is bool:
        if text.lower() not in {"0", "1", "true", "false", "yes", "no"}:
            raise ValueError(f"{name} must be yes or no, not {text!r}")
        return text.lower() in {"1", "true", "yes"}
    try:
        return kind(text)
    except ValueError:
        raise ValueError(f"{name} must be a whole number, not {text!r}") from None


POSTGRESQL = "django.db.backends.postgresql"


def database(url: str, file: Path, postgresql: str = POSTGRESQL) -> dict[str, Any]:
    """Django's database settings from `postgresql://user:password@host:port/name`, or a tuned SQLite file."""
    if not url:
        return _sqlite(file)
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError(f"a database address starts with postgresql:// or sqlite://, not {parts.scheme}://")
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if pair)
    return {
        "ENGINE": postgresql,
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", parts.hostname or ""),
        "PORT": parts.port or "",
        "CONN_MAX_AGE": None,
        "TEST": {"DEPENDENCIES": []},
    }


def _sqlite(file: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;"
                "PRAGMA mmap_size=134217728; PRAGMA temp_store=MEMORY"
            ),
        },
        "TEST": {"NAME": str(file.with_name(f"test-{file.name}")), "DEPENDENCIES": []},
    }


def mail(url: str) -> tuple[str, dict[str, Any]]:
    """Django's mail backend and its parameters from `console:`, `smtp://user:password@host:port`, `smtp+tls://…`."""
    parts = urlsplit(url)
    backends = {"console": "console", "smtp": "smtp", "smtp+tls": "smtp", "memory": "locmem"}
    if parts.scheme not in backends:
        raise ValueError(f"COMMONGROUND_MAIL starts with console:, smtp:// or smtp+tls://, not {url!r}")
    backend = f"django.core.mail.backends.{backends[parts.scheme]}.EmailBackend"
    return backend, {
        "host": parts.hostname or "localhost",
        "port": parts.port or 25,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "tls": parts.scheme.endswith("+tls"),
    }
