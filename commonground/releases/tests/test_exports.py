"""Files hold exactly the released numbers: nothing is missing, nothing is added, nothing is worked out."""

import copy
import csv
import io
from collections import Counter

import openpyxl
import pytest

from commonground.kernel.text import canonical, sha256
from commonground.releases import examples, exports
from commonground.sealing.formats import fingerprint


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
    assert book.sheetnames == ["Numbers", "Differences", "Release", "Questions", "Groups", "Words"]
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


def every_number(node):
    """Yield every number below a node of the release."""
    if isinstance(node, dict):
        for each in node.values():
            yield from every_number(each)
    elif isinstance(node, list):
        for each in node:
            yield from every_number(each)
    elif isinstance(node, int | float) and not isinstance(node, bool):
        yield str(node)


def test_no_number_stands_in_the_table_that_the_release_does_not_print(content):
    printed_numbers = set(every_number(content["tables"])) | {""}
    for row in csv_rows(content):
        assert {*row[4:6], *row[10:16]} <= printed_numbers, row


def test_every_shown_percent_and_mean_stands_beside_its_number_of_answers(content):
    for row in csv_rows(content):
        if row[10] or row[12]:
            assert row[13] and row[14] and int(row[13]) >= 10, row


def facts(content):
    book = openpyxl.load_workbook(io.BytesIO(exports.xlsx(canonical(content))))
    return {row[0]: row[1:] for row in book["Release"].values}


def test_the_codebook_names_the_certificate_where_there_is_one(content):
    assert "certificate" not in facts(content)
    content["tables"]["certificate"] = {"hash": "c" * 64, "hidden": []}
    assert facts(content)["certificate"][0] == "c" * 64


def test_the_codebook_names_paper_release_day_and_how_many_answered(content):
    found = {fact: values[0] for fact, values in facts(content).items()}
    district = content["tables"]["cells"][0]["n"]
    assert (found["asked"], found["answered from"], found["answered to"]) == (415, district, district)
    assert found["release"] == sha256(canonical(content))
    assert found["fingerprint of the release"] == fingerprint(bytes.fromhex(found["release"]))
    assert found["fingerprint of the paper"] == fingerprint(bytes.fromhex("ab" * 32))
    assert found["counted on"].date().isoformat() == "2026-12-14"
    assert (found["smallest group"], found["gate"]) == (10, "cg1-tables, version 7")
    assert all(english and spanish for _fact, (_value, english, spanish) in facts(content).items())


def test_the_codebook_states_the_base_of_each_question(content):
    book = openpyxl.load_workbook(io.BytesIO(exports.xlsx(canonical(content))))
    bases = {row[0]: row[5:] for row in book["Questions"].values if row[2] is None and row[0] != "question"}
    for question in content["tables"]["questions"]:
        n = content["tables"]["cells"][0]["answers"][question["id"]]["n"]
        english, spanish, least, most = bases[question["id"]]
        assert english != spanish and (str(least), str(most)) == people(n)


def test_the_codebook_as_a_table_holds_the_lines_of_the_workbook(content):
    _head, *lines = csv.reader(io.StringIO(exports.codebook_csv(canonical(content)).decode("utf-8-sig")))
    book = openpyxl.load_workbook(io.BytesIO(exports.xlsx(canonical(content))))
    expected = [
        [name, *("" if cell is None else str(cell).removesuffix(" 00:00:00") for cell in row)]
        for name in ("Release", "Questions", "Groups", "Words")
        for row in book[name].values
    ]
    assert [line[: len(row)] for line, row in zip(lines, expected, strict=True)] == expected


def differences(content, earlier=None):
    text = exports.differences_csv(canonical(content), earlier and canonical(earlier)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_differences_come_with_their_intervals_and_both_counts(content):
    rows = differences(content)
    sure = [row for row in rows if row["says"] == "more"]
    assert {row["beside"] for row in rows} == {"everyone else"} and len(sure) == 3
    assert sure[0] == {
        **{"beside": "everyone else", "grouping": "q2", "group": "3", "question": "q4"},
        **{"percent from": "89", "percent to": "89", "answers from": "19", "answers to": "29"},
        **{"other percent from": "37", "other percent to": "46"},
        **{"other answers from": "203", "other answers to": "213"},
        **{"difference from": "17", "difference to": "64", "says": "more"},
    }
    for row in rows:
        assert (row["difference from"] == "") == (row["says"] == "unknown")


def test_differences_since_the_last_time_stand_below(content):
    rows = differences(content, examples.valley(99))
    then = [row for row in rows if row["beside"] == "last time"]
    assert len(rows) - len(then) == len(differences(content))
    assert then[0]["grouping"] == "" and then[0]["question"] == "q3"


def test_hidden_groups_leave_no_number_among_the_differences(content):
    hidden = {
        next(iter(cell["at"].items()))
        for cell in content["tables"]["cells"]
        if cell["status"] == "withheld" and len(cell["at"]) == 1
    }
    rows = [row for row in differences(content) if (row["grouping"], int(row["group"])) in hidden]
    assert rows and all(row["says"] == "unknown" and row["percent from"] == "" for row in rows)


def test_no_text_of_a_survey_runs_as_a_formula(content):
    hostile = copy.deepcopy(content)
    hostile["words"]["questions"][2]["text"] = {"en": "=1+1", "es": "@SUM(A1)"}
    text = exports.codebook_csv(canonical(hostile)).decode("utf-8-sig")
    assert "'=1+1" in text and "'@SUM(A1)" in text and ",=1+1" not in text
    book = openpyxl.load_workbook(io.BytesIO(exports.xlsx(canonical(hostile))))
    cells = [cell for row in book["Questions"].iter_rows() for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in cells] == ["s"]


def test_totals_of_levels_are_in_the_table_and_explained(content):
    rows = [row for row in csv_rows(content) if row[0] == "q1/level" and row[2] == ""]
    assert {row[1] for row in rows} == {str(i) for i in range(len(content["tables"]["groups"][0]["reporting"]))}
    book = openpyxl.load_workbook(io.BytesIO(exports.xlsx(canonical(content))))
    named = [row for row in book["Groups"].values if row[0] == "q1/level"]
    assert ("q1/level", 0, 1, "Elementary schools", "Escuelas primarias", 153) in named
