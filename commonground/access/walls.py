"""Which partnerships are open in this thread: what the second lock lets a connection see (`rowsecurity.py`).

It stands apart from the door, since the connection needs it before any table is known.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

SETTING = "commonground.partnership"
"""What a session of PostgreSQL calls them."""
ALL = "all"
_open: ContextVar[str] = ContextVar("open partnerships", default="")


def opened() -> str:
    """Return which partnerships are open in this thread: their ids with commas between them, or "all"."""
    return _open.get()


def open_rows(partnership_id: UUID) -> None:
    """Open one partnership more, until `shut`."""
    now = _open.get()
    if now != ALL and partnership_id.hex not in now:
        _open.set(f"{now},{partnership_id.hex}" if now else partnership_id.hex)


def open_all() -> None:
    """Open all partnerships, until `shut`."""
    _open.set(ALL)


def shut() -> None:
    """Shut every partnership: a request, a job or a round of the worker begins."""
    _open.set("")


@contextmanager
def everything(*, reason: str) -> Iterator[None]:
    """Open all partnerships while the code inside runs; the reason stands in the code for the reader."""
    token = _open.set(ALL)
    try:
        yield
    finally:
        _open.reset(token)
