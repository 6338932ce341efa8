import copy
import csv
import random
from dataclasses import replace

import numpy as np
import pytest

from commonground.demo.trial.__main__ import main
from commonground.demo.trial.compare import compare, joined, whole_percents
from commonground.demo.trial.sheet import Unusable, Wanted, read
from commonground.disclosure.gate import protect
from commonground.disclosure.plan import GroupQuestion, Question, TablePlan

WANTED = Wanted("site", ("job",), ("breaks", "score", "attend", "when"))


@pytest.fixture
def file(tmp_path):
    """Return a file of 300 answers at four places; a few are missing, and one place is very large."""
    chance = random.Random(300)
    rows = [["site", "job", "breaks", "score", "attend", "when", "note"]]
    for _ in range(300):
        site = chance.choices(["North", "South", "Yard", "Annex", ""], [150, 90, 35, 24, 1])[0]
        job = chance.choice(["teacher", "aide", "driver"])
        score = chance.choices(range(11), [1, 1, 1, 2, 3, 5, 9, 12, 9, 6, 3])[0]
        breaks = chance.choices(["1", "2", "3.0", "4", "5", "NA"], [2, 9, 16, 21, 9, 2])[0]
        attend = chance.choices(["yes", "no", ""], [48, 48, 1])[0]
        rows.append([site, job, breaks, str(score), attend, chance.choice(["early", "noon", "late"]), "x"])
    path = tmp_path / "answers.csv"
    with path.open("w", newline="") as out:
        csv.writer(out).writerows(rows)
    return path


def released(sheet, staff_per_answer=2.0):
    """Return what the gate makes of a sheet, with the words of its questions, without server or seals."""
    ids = {column.name: f"q{number}" for number, column in enumerate(sheet.columns, start=1)}
    groups = (sheet.site, *sheet.groups)
    sizes = [sum(row["site"] == value for row in sheet.rows) for value in sheet.site.values]
    rosters = {"site": tuple(int(staff_per_answer * size) for size in sizes)}
    plan = TablePlan(
        tuple(Question(ids[c.name], c.kind, len(c.values)) for c in sheet.items),
        tuple(
            GroupQuestion(
                ids[c.name], len(c.values), rosters.get(c.name, (None,) * len(c.values)), (None,) * len(c.values)
            )
            for c in groups
        ),
        tuple(ids[c.name] for c in groups),
        ((ids["site"], ids["job"]),),
        eligible=int(staff_per_answer * len(sheet.rows)),
    )
    columns = {
        ids[c.name]: np.array([c.values.index(row[c.name]) if row[c.name] else 255 for row in sheet.rows], np.uint8)
        for c in sheet.columns
    }
    questions = [
        {"id": ids[c.name], "text": {"en": c.name}, "options": [{"text": {"en": value}} for value in c.values]}
        for c in sheet.columns
    ]
    return {"tables": protect(plan, columns).as_json(), "words": {"questions": questions}}


@pytest.mark.parametrize("staff_per_answer", [1.0, 1.05, 2.0])
def test_a_release_agrees_with_the_file_it_was_made_from(file, staff_per_answer):
    sheet = read(file, WANTED)
    found = compare(sheet, released(sheet, staff_per_answer))
    assert found.faults == []
    assert {"people", "answers", "shares", "upper shares"} <= set(found.numbers)


def test_every_single_printed_number_that_is_altered_is_noticed(file):
    sheet = read(file, WANTED)
    release = released(sheet)
    altered = list(alterations(release))
    assert len(altered) > 150
    for what, document in altered:
        assert compare(sheet, document).faults, what


def alterations(release):
    """Yield the release with one printed number raised, for every number of people, share and mean."""
    for place, cell in enumerate(release["tables"]["cells"]):
        if cell["status"] == "withheld":
            continue
        yield raised(release, f"cell {place}", lambda told, place=place: (told["cells"][place], "n"), 1)
        for name, told in cell["answers"].items():
            for key, step in (("n", 1), ("mean", 0.1)):
                if isinstance(told[key], (int, float)):
                    yield raised(release, f"{place} {name} {key}", at(place, name, key), step)
            for option, share in enumerate(told["options"] or ()):
                if isinstance(share, int):
                    yield raised(release, f"{place} {name} {option}", at(place, name, "options", option), 1)


def at(place, name, key, option=None):
    def find(tables):
        told = tables["cells"][place]["answers"][name]
        return (told, key) if option is None else (told[key], option)

    return find


def raised(release, what, find, step):
    document = copy.deepcopy(release)
    held, key = find(document["tables"])
    if isinstance(held[key], dict):
        held[key]["at_least"] = held[key]["at_most"] + 1
    else:
        held[key] = round(held[key] + step, 1) if isinstance(step, float) else held[key] + step
    return what, document


def test_an_answer_that_changes_its_place_is_noticed(file):
    sheet = read(file, WANTED)
    release = released(sheet)
    mover = next(place for place, row in enumerate(sheet.rows) if row["site"] == "North")
    rows = (*sheet.rows[:mover], {**sheet.rows[mover], "site": "South"}, *sheet.rows[mover + 1 :])
    faults = compare(replace(sheet, rows=rows), release).faults
    assert any("site South: the release says" in fault for fault in faults)


def test_groups_that_were_joined_are_named_with_what_they_hold(file):
    sheet = read(file, Wanted("site", ("job",), ("breaks",), answers=110))
    assert any(sentence.startswith("site: ") for sentence in joined(sheet, released(sheet, 1.5)))


def test_percents_go_to_the_largest_remainders():
    assert whole_percents([1, 1, 1]) == [34, 33, 33]
    assert whole_percents([216, 400, 587, 677, 162]) == [10, 20, 29, 33, 8]


def test_kinds_follow_from_the_values(file):
    sheet = read(file, WANTED)
    assert [(c.name, c.kind, c.values) for c in sheet.items] == [
        ("breaks", "agreement", ("1", "2", "3", "4", "5")),
        ("score", "scale10", tuple(map(str, range(11)))),
        ("attend", "one", ("no", "yes")),
        ("when", "one", ("early", "late", "noon")),
    ]
    assert {row["breaks"] for row in sheet.rows} == {"1", "2", "3", "4", "5", ""}


def test_fewer_answers_are_the_first_of_each_place_in_proportion(file):
    whole, part = read(file, WANTED), read(file, Wanted("site", (), ("breaks", "score"), answers=100, questions=1))
    assert len(part.rows) == 100 and [column.name for column in part.items] == ["breaks"]
    for place in whole.site.values:
        every = [row for row in whole.rows if row["site"] == place]
        taken = [row for row in part.rows if row["site"] == place]
        assert abs(len(taken) - len(every) / 3) < 1
        assert taken == every[: len(taken)]


BROKEN = {
    "empty": (b"", "holds no answers"),
    "headings only": (b"site,breaks\n", "holds no answers"),
    "not UTF-8": (b"site,breaks\nN\xf1,1\n", "not text in UTF-8 (line 2, byte 2)"),
    "ragged": (b"site,breaks\nN,1,2\n", "Line 2 of answers.csv has 3 cells"),
    "without a heading": (b"site,breaks\nN,1,2\n", "The cell '2' has no heading."),
    "cut short": (
        b'site,breaks\n"N\nN",1\nS\n',
        "Line 4 of answers.csv has 1 cells and the headings are 2. Nothing",
    ),
    "two of a name": (b"site,site,breaks\nN,1,2\n", "Two columns of answers.csv are called site"),
    "no such column": (b"place,breaks\nN,1\n", "no column 'site'. Its columns are: place, breaks."),
    "one place": (b"site,breaks\nN,1\nN,2\n", "fewer than two places"),
    "one value": (b"site,breaks\nN,1\nS,1\n", "holds 1 different values"),
    "endless value": (b"site,breaks\nN,1\nS," + b"a" * 201 + b"\n", "column breaks: a value is longer than 200"),
    "endless cell": (b'site,breaks\nN,"' + b"a" * 140_000, "cannot be read as CSV from line 2 on"),
}


@pytest.mark.parametrize(("data", "words"), BROKEN.values(), ids=list(BROKEN))
def test_a_file_that_cannot_be_used_is_refused_in_words(tmp_path, capsys, data, words):
    path = tmp_path / "answers.csv"
    path.write_bytes(data)
    assert main([str(path), "--sites", "site", "--items", "breaks"]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--items", ","], "At least one question"),
        (["--items", "breaks", "--questions", "0"], "At least one question"),
        (["--items", "breaks", "--answers", "0"], "At least one answer"),
        (["--items", "breaks,breaks"], "asked for twice"),
        (["--items", "breaks", "--staff-per-answer", "0.5"], "between 1 and 20"),
        (["--items", "breaks", "--cross", "job"], "--cross names one of"),
        (["--items", "breaks", "--groups", "note"], "fewer than two groups"),
    ],
)
def test_what_cannot_be_asked_of_a_file_is_refused_in_words(file, capsys, more, words):
    assert main([str(file), "--sites", "site", *more]) == 2
    assert words in capsys.readouterr().err


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(Unusable, match="No such file"):
        read(tmp_path / "nothing.csv", WANTED)


def test_spreadsheets_with_semicolons_and_a_mark_of_order_are_read(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_bytes("\ufeffsite;breaks\r\nNúñez;1\r\nSouth;2\r\n".encode())
    assert read(path, Wanted("site", (), ("breaks",))).site.values == ("Núñez", "South")
