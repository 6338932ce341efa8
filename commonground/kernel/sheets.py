"""Tables as files, CSV and XLSX: no cell can act as a formula, and the same rows give the same bytes."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import xlsxwriter

Cell = str | int | float | date | None

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
CREATED = datetime(2000, 1, 1, tzinfo=UTC)
WIDEST = 60


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook: its name, the names of its columns, its rows."""

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a CSV file in UTF-8 that spreadsheets open with the right letters.

    Text that a spreadsheet would run as a formula gets an apostrophe in front, as OWASP advises against CSV
    injection; numbers stay numbers.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_harmless(cell) for cell in head])
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: Cell) -> Cell:
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return f"'{cell}"
    return cell.isoformat() if isinstance(cell, date) else cell


def as_xlsx(sheets: Iterable[Sheet]) -> bytes:
    """Return a workbook in which text is only ever text. Raises `ValueError` for a cell that does not fit."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": CREATED.replace(tzinfo=None)})
        for sheet in sheets:
            _write(book, sheet)
    return out.getvalue()


def _write(book: xlsxwriter.Workbook, sheet: Sheet) -> None:
    page = book.add_worksheet(re.sub(r"[\[\]:*?/\\]", " ", sheet.name).strip("' ")[:31])
    head, day = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    for number, cells in enumerate([sheet.head, *sheet.rows]):
        for column, cell in enumerate(cells):
            style = head if not number else day if isinstance(cell, date) else None
            if page.write(number, column, cell, style):
                raise ValueError(f"sheet {sheet.name}, row {number + 1}, column {column + 1} does not fit")
    page.freeze_panes(1, 0)
    for column, name in enumerate(sheet.head):
        widths = (len(str(row[column])) for row in sheet.rows if len(row) > column)
        page.set_column(column, column, min(max(len(name), *widths, 8) + 2, WIDEST))
