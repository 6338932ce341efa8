"""Files of backups: for their owner's eyes alone, dated to the day, and overwritten before they are deleted.

A file system that copies on writing, a snapshot or a flash disk may keep what was overwritten: `deploy` says so.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from hashlib import file_digest
from pathlib import Path
from typing import IO

BLOCK = 1 << 20


@contextmanager
def new(path: Path) -> Iterator[IO[bytes]]:
    """Open a new file for the owner alone; it is gone where the code inside fails. Nothing is written over."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            path.unlink()
            raise


def date_to_the_day(path: Path, day: date) -> None:
    """Let the file's times say the day and nothing finer."""
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
    os.utime(path, (moment, moment))


def digest(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def erase(path: Path) -> None:
    """Overwrite a file with zeros and delete it. Raises OSError."""
    with path.open("r+b") as file:
        _overwrite(file)
    path.unlink()


def replace(old: Path, new_file: Path) -> bool:
    """Put the new file in the place of the old one; overwrite that unless it has another name. Say if it was."""
    with old.open("r+b") as file:
        new_file.replace(old)
        alone = os.fstat(file.fileno()).st_nlink == 0
        if alone:
            _overwrite(file)
    return alone


def _overwrite(file: IO[bytes]) -> None:
    left = file.seek(0, os.SEEK_END)
    file.seek(0)
    while left > 0:
        left -= file.write(bytes(min(left, BLOCK)))
    file.flush()
    os.fsync(file.fileno())
