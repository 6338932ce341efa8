import csv
import io
import zipfile
from datetime import date

import openpyxl
import pytest

from commonground.kernel.sheets import Cell, Sheet, as_csv, as_xlsx

ROWS: list[list[Cell]] = [
    ["=1+1", 3, None],
    ["@SUM(A1)", -4.5, date(2026, 11, 10)],
    ["Peña, J.", 0, "http://example.org"],
]


def cells(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_text_that_could_run_is_defused_in_csv(start):
    assert cells(as_csv(["name"], [[f"{start}cmd"]]))[1] == [f"'{start}cmd"]


def test_numbers_and_dates_stay_what_they_are_in_csv():
    assert cells(as_csv(["=head", "n", "day"], ROWS)) == [
        ["'=head", "n", "day"],
        ["'=1+1", "3", ""],
        ["'@SUM(A1)", "-4.5", "2026-11-10"],
        ["Peña, J.", "0", "http://example.org"],
    ]


def test_a_workbook_holds_text_never_formulas_or_links():
    page = openpyxl.load_workbook(io.BytesIO(as_xlsx([Sheet("Reach: [fall]", ["a", "b", "c"], ROWS)]))).active
    assert page is not None
    assert page.title == "Reach   fall"
    assert [cell.data_type for cell in page[2]][:2] == ["s", "n"]
    assert [cell.value for cell in page[2]][:2] == ["=1+1", 3]
    assert page["C4"].hyperlink is None


def test_the_same_rows_give_the_same_bytes():
    sheets = [Sheet("One", ["a", "b", "c"], ROWS), Sheet("Two", ["a"], [])]
    made = as_xlsx(sheets)
    assert as_xlsx(sheets) == made
    assert {part.date_time for part in zipfile.ZipFile(io.BytesIO(made)).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_cell_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="row 2, column 1"):
        as_xlsx([Sheet("One", ["a"], [["x" * 40_000]])])
