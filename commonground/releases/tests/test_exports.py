"""Files hold exactly the released numbers: nothing is missing, nothing is added, nothing is worked out."""

import csv
import io
from collections import Counter

import openpyxl
import pytest

from commonground.kernel.text import canonical, sha256
from commonground.releases import examples, exports


@pytest.fixture(scope="module")
def content():
    return examples.valley()


def ends(value):
    low, high = value if isinstance(value, list) else (value, value)
    return str(low), str(high)


def people(n):
    if n is None:
        return "", ""
    return (str(n), str(n)) if isinstance(n, int) else (str(n["at_least"]), str(n["at_most"]))


def printed(content):
    """Every number of the release as (place, question, what, option, from, to, mean, answers from, answers to)."""
    for cell in content["tables"]["cells"]:
        place = tuple(str(part) for pair in cell["at"].items() for part in pair)
        if cell["status"] == "withheld":
            yield place, "", "cell", "", "", "", "", "", ""
        for question, told in cell["answers"].items():
            n = people(told["n"])
            if told["status"] == "withheld":
                yield place, question, "answers", "", "", "", "", *n
            for option, share in enumerate(told["options"] or ()):
                yield place, question, "option", str(option), *ends(share), "", *n
            if told["top"] is not None:
                yield place, question, "upper answers", "", *ends(told["top"]), "", *n
            if told["mean"] is not None:
                yield place, question, "mean", "", "", "", str(told["mean"]), *n


def filed(rows):
    for row in rows:
        place = tuple(part for part in row[:4] if part != "")
        yield place, row[6], row[7], row[8], row[10], row[11], row[12], row[13], row[14]


def as_text(cell):
    """A workbook writes 3.0 as 3."""
    return str(cell).removesuffix(".0")


def csv_rows(content):
    text = exports.csv(canonical(content)).decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    assert head == list(exports.HEAD)
    return rows


def test_the_table_holds_exactly_the_printed_numbers(content):
    assert Counter(filed(csv_rows(content))) == Counter(printed(content))


def test_the_people_of_each_cell_are_those_printed(content):
    found = {tuple(part for part in row[:4] if part): (row[4], row[5]) for row in csv_rows(content)}
    for cell in content["tables"]["cells"]:
        place = tuple(str(part) for pair in cell["at"].items() for part in pair)
        assert found[place] == people(cell["n"])


def test_the_workbook_holds_the_same_rows_as_the_table(content):
    book = openpyxl.load_workbook(io.BytesIO(exports.xlsx(canonical(content))))
    assert book.sheetnames == ["Numbers", "Questions", "Groups", "Words"]
    numbers = [["" if cell is None else as_text(cell) for cell in row] for row in book["Numbers"].values]
    assert numbers[1:] == [[as_text(cell) for cell in row] for row in csv_rows(content)]


def test_the_codebook_explains_every_word_and_option_in_both_languages(content):
    book = openpyxl.load_workbook(io.BytesIO(exports.xlsx(canonical(content))))
    words = {row[0]: row[1:] for row in book["Words"].values}
    rows = csv_rows(content)
    for word in {row[9] for row in rows} | {row[16] for row in rows if row[16]}:
        assert words[word][0] and words[word][1] and words[word][0] != words[word][1]
    labels = {(row[0], row[2]): row[3:5] for row in book["Questions"].values}
    assert labels["q3", 4] == ("Strongly agree", "Muy de acuerdo")
    held = [row for row in book["Groups"].values if row[3] == "Cedar Continuation"]
    partner = [row for row in book["Groups"].values if row[3] == "Alder Valley High"]
    assert held[0][1] == partner[0][1], "a group that holds two labels names both under one number"


def test_the_released_bytes_stay_as_they_are(content):
    data = canonical(content)
    assert sha256(exports.KINDS["json"].make(data)) == sha256(data)


def test_the_same_release_gives_the_same_files(content):
    data = canonical(content)
    for kind in exports.KINDS.values():
        assert kind.make(data) == kind.make(data)
