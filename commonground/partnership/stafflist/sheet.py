"""Bytes of a CSV or XLSX file as lines of cells, read as they are asked for and never all at once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from commonground.partnership.stafflist import csvfile, xlsxfile
from commonground.partnership.stafflist.cells import clean
from commonground.partnership.stafflist.columns import recognised
from commonground.partnership.stafflist.faults import Fault, Kind, Unreadable

MAX_MEGABYTES = 25
MAX_ROWS = 250_000
MAX_COLUMNS = 200
_LINES_LOOKED_AT = 25
_OLE = b"\xd0\xcf\x11\xe0"  # an OLE container: .xls, or an XLSX locked with a password

Line = tuple[int, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A staff list: its file name, the headings and their line, what was noticed, and its lines."""

    name: str
    headers: tuple[str, ...]
    header_line: int
    notes: tuple[Fault, ...]
    _lines: Callable[[int], Iterator[Line]]

    def counted(self, tell: Callable[[int], None], every: int) -> "Sheet":
        """Return the sheet so that `tell` hears the number of lines read, after every so many."""

        def lines(width: int) -> Iterator[Line]:
            for number, line in enumerate(self._lines(width), start=1):
                if number % every == 0:
                    tell(number)
                yield line

        return replace(self, _lines=lines)

    def rows(self) -> Iterator[Line]:
        """Yield line number (1 is the first of the file) and cells of each line that is not blank.

        Raises `Unreadable` where the file turns out to be broken or too long.
        """
        count = 0
        for line, cells in self._lines(len(self.headers)):
            if line <= self.header_line or not _filled(cells):
                continue
            count += 1
            if count > MAX_ROWS:
                raise Unreadable(Fault(Kind.TOO_MANY_ROWS, self.name, line, params={"limit": f"{MAX_ROWS:,}"}))
            yield line, cells


def read(name: str, data: bytes) -> Sheet:
    """Return the list in these bytes; what it is follows from the bytes, never from the name.

    Raises `Unreadable` with the fault when it is too large, empty, damaged or no list at all.
    """
    if len(data) > MAX_MEGABYTES * 1_000_000:
        raise Unreadable(Fault(Kind.FILE_TOO_BIG, name, params={"limit": MAX_MEGABYTES}))
    if data.startswith(_OLE):
        raise Unreadable(Fault(Kind.OLD_EXCEL, name))
    source = xlsxfile.source if data.startswith(b"PK") else csvfile.source
    lines, notes = source(name, data)
    return _sheet(name, lines, notes)


LIGHT_MEGABYTES = 3
"""Text, or unpacked parts of a workbook, that are read within about a second."""


def is_light(data: bytes) -> bool:
    """Say whether reading these bytes, or refusing them, is a matter of about a second."""
    size = xlsxfile.unpacked(data) if data.startswith(b"PK") else len(data)
    return size <= LIGHT_MEGABYTES * 1_000_000 or len(data) > MAX_MEGABYTES * 1_000_000


def _sheet(name: str, lines: Callable[[int], Iterator[Line]], notes: list[Fault]) -> Sheet:
    filled = (line for line in lines(MAX_COLUMNS + 1) if _filled(line[1]))
    top = list(islice(filled, _LINES_LOOKED_AT))
    if not top:
        raise Unreadable(Fault(Kind.EMPTY_FILE, name))
    header_line, cells = _header(top)
    headers = _trimmed(cells)
    if len(headers) > MAX_COLUMNS:
        raise Unreadable(Fault(Kind.TOO_MANY_COLUMNS, name, header_line, params={"limit": MAX_COLUMNS}))
    if header_line != top[0][0]:
        notes = [*notes, Fault(Kind.LINES_ABOVE, name, header_line, params={"line": header_line})]
    return Sheet(name, headers, header_line, tuple(notes), lines)


def _header(top: Sequence[Line]) -> Line:
    """Return the line with most known headings; without any, the first that has two filled cells."""
    best = max(top, key=lambda line: recognised(line[1][: MAX_COLUMNS + 1]))
    if recognised(best[1][: MAX_COLUMNS + 1]) > 1:
        return best
    return next((line for line in top if sum(map(bool, line[1])) > 1), top[0])


def _filled(cells: Sequence[str]) -> bool:
    return bool("".join(cells).strip())


def _trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    headers = [clean(cell) for cell in cells]
    while headers and not headers[-1]:
        headers.pop()
    return tuple(headers)
