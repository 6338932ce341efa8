"""Files of staff lists between the request that brought them and the worker that reads them.

They lie in the data folder, readable by its owner alone, and in no database: what a database forgets, its log and
its backups may still hold. The worker takes a file away before it reads it.
"""

import os
from pathlib import Path
from uuid import UUID

from django.conf import settings

PARTS = ("list", "roles")


def keep(import_id: UUID, *parts: bytes) -> None:
    """Keep the bytes of a list, and of its roles where there are some, until they are taken."""
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    for path, data in zip(_paths(import_id), parts, strict=False):
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)


def take(import_id: UUID) -> tuple[bytes, bytes] | None:
    """Return the bytes of the list and of its roles, and erase both files; None where they are gone."""
    data, roles = (path.read_bytes() if path.exists() else None for path in _paths(import_id))
    erase(import_id)
    return None if data is None else (data, roles or b"")


def erase(import_id: UUID) -> None:
    """Erase what is kept of a list, if anything is."""
    for path in _paths(import_id):
        path.unlink(missing_ok=True)


def _paths(import_id: UUID) -> list[Path]:
    return [_folder() / f"{import_id.hex}.{part}" for part in PARTS]


def _folder() -> Path:
    folder: Path = settings.ENVIRONMENT.folder / "incoming"
    return folder
