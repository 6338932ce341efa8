"""Excel workbooks: refused before parsing if they unpack too large, then read row by row."""

import re
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.cell.read_only import EMPTY_CELL

from commonground.partnership.stafflist.faults import Fault, Kind, Unreadable

MAX_UNPACKED_MEGABYTES = 300
MAX_SHARED_MEGABYTES = 100  # of texts that many cells share: they are held in memory all at once
_MAX_PARTS = 2_000
_ROWS_OF_EXCEL = 1_048_576
_EXACT_DIGITS = 10**15  # spreadsheets keep 15 digits of a number
_PADDED = re.compile(r"0{2,20}")

Line = tuple[int, Sequence[str]]

# Its warnings quote the values of cells, and a log is no place for those.
warnings.filterwarnings("ignore", module="openpyxl")


def source(name: str, data: bytes) -> tuple[Callable[[int], Iterator[Line]], list[Fault]]:
    """Return a reader of the first sheet that is not empty, and a note if there are others.

    Raises `Unreadable` if the file is damaged, another kind of archive, or would unpack too large.
    """
    with _as_fault(name):
        _inspect(name, data)
        book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        chosen = next((sheet for sheet in visible if any(any(cells) for _, cells in _lines(sheet, 50))), None)
    if chosen is None:
        raise Unreadable(Fault(Kind.EMPTY_FILE, name))
    others = tuple(sheet.title for sheet in book.worksheets if sheet is not chosen)
    params = {"sheet": chosen.title, "others": ", ".join(others)}
    notes = [Fault(Kind.OTHER_SHEETS, name, params=params)] if others else []

    def lines(width: int) -> Iterator[Line]:
        with _as_fault(name):
            yield from _lines(chosen, width)

    return lines, notes


def unpacked(data: bytes) -> int:
    """Return the bytes of all parts by the directory of the archive; 0 where it would be refused."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except Exception:  # whatever a damaged archive happens to raise
        return 0
    return size if size <= MAX_UNPACKED_MEGABYTES * 1_000_000 else 0


@contextmanager
def _as_fault(name: str) -> Iterator[None]:
    """Openpyxl meets a damaged file with whatever exception its parts happen to raise."""
    try:
        yield
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(Fault(Kind.BROKEN_FILE, name)) from error


def _inspect(name: str, data: bytes) -> None:
    """Refuse by the directory of the archive, before anything large is unpacked."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = archive.infolist()
        if "xl/workbook.xml" not in archive.namelist():
            raise Unreadable(Fault(Kind.OTHER_ARCHIVE, name))
        unpacked = sum(part.file_size for part in parts)
        if unpacked > MAX_UNPACKED_MEGABYTES * 1_000_000 or len(parts) > _MAX_PARTS:
            raise Unreadable(Fault(Kind.UNPACKS_TOO_BIG, name, params={"limit": MAX_UNPACKED_MEGABYTES}))
        shared = sum(part.file_size for part in parts if part.filename == "xl/sharedStrings.xml")
        if shared > MAX_SHARED_MEGABYTES * 1_000_000:
            raise Unreadable(Fault(Kind.UNPACKS_TOO_BIG, name, params={"limit": MAX_SHARED_MEGABYTES}))
        if any(_declares_entities(archive, part) for part in parts if part.filename.endswith((".xml", ".rels"))):
            raise Unreadable(Fault(Kind.BROKEN_FILE, name))


def _declares_entities(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Say whether the part has a document type: no workbook needs one, and entities can grow without end."""
    with archive.open(part) as stream:
        return b"<!DOCTYPE" in stream.read(4096).replace(b"\x00", b"")


def _lines(sheet: Any, width: int) -> Iterator[Line]:
    """Yield the rows that hold anything; row and column numbers beyond those of Excel are not believed."""
    sheet.reset_dimensions()
    blank: Sequence[Any] = ()
    for number, cells in enumerate(sheet.iter_rows(max_col=width, max_row=_ROWS_OF_EXCEL), start=1):
        if cells is blank:  # one and the same for all rows that the file leaves out, up to a million
            continue
        if all(cell is EMPTY_CELL for cell in cells):
            blank = cells
        else:
            yield number, [_text(cell) for cell in cells]


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, cell)
    return _moment(value)


def _number(value: int | float, cell: Any) -> str:
    if abs(value) >= _EXACT_DIGITS:
        return f"{value:.14E}"
    if isinstance(value, float) and not value.is_integer():
        return repr(value)
    zeros = _PADDED.fullmatch(cell.number_format)
    return str(int(value)).zfill(len(zeros[0]) if zeros else 0)


def _moment(value: datetime | date | time | timedelta) -> str:
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes")
    return str(value)
