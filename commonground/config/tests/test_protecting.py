"""The command that protects counts made elsewhere: what it writes, what it says, what it refuses."""

import json

import pytest

from commonground.config.tests.test_checking import desk as desk
from commonground.disclosure.tests.test_counted import HEAD, TABLE
from commonground.kernel.sheets import Sheet, as_csv, as_xlsx

WALK = ("--people", "took part", "--of", "asked", "--nested", "level,site", "--by", "role")
ANSWERS = ("--answers", "useful=useful,not useful")


def table(rows=TABLE):
    return as_csv(HEAD, rows)


def numbers(rows=TABLE):
    return [[*row[:3], *map(int, row[3:])] for row in rows]


def grown(by):
    return [[*line[:4], str(int(line[4]) + by), *line[5:]] if line[1] == "Cedar" else line for line in TABLE]


def test_counts_become_a_release_that_verifies_and_withstands_the_adversaries(desk):
    done = desk.run("protect", desk.put("walk.csv", table()), *WALK, *ANSWERS)
    assert done.returncode == 0, done.stderr
    assert "took part: 149 in the district, from 8 lines." in done.stdout
    assert "Not shown:" in done.stdout and "Birch x aide" in done.stdout and "nowhere" not in done.stdout
    assert "to protect people" in done.stdout and "% of the people" in done.stdout
    for check in ("verify-release", "attack"):
        assert desk.run(check, "walk.release.json").returncode == 0


def test_only_what_passed_the_gate_is_written(desk):
    desk.run("protect", desk.put("walk.csv", table()), *WALK, *ANSWERS)
    release = json.loads((desk.folder / "walk.release.json").read_bytes())
    shown = {cell["n"] for cell in release["tables"]["cells"] if isinstance(cell["n"], int)}
    assert shown.isdisjoint({4, 2, 11})
    assert set(release) == {"format", "survey", "counted_on", "tables", "words"}


def test_a_workbook_gives_the_same_release(desk):
    desk.run("protect", desk.put("walk.csv", table()), *WALK)
    book = desk.put("book.xlsx", as_xlsx([Sheet("counts", HEAD, numbers())]))
    done = desk.run("protect", book, *WALK, "--title", "walk", "--into", "other.json")
    assert done.returncode == 0, done.stderr
    assert (desk.folder / "other.json").read_bytes() == (desk.folder / "walk.release.json").read_bytes()


def test_other_tables_of_the_same_count_are_judged_beside_the_first(desk):
    file = desk.put("walk.csv", table())
    desk.run("protect", file, "--people", "took part", "--of", "asked", "--nested", "level,site")
    done = desk.run("protect", file, *WALK, "--earlier", "walk.release.json", "--into", "crossed.json")
    assert done.returncode == 0, done.stderr
    assert desk.run("verify-release", "crossed.json", "walk.release.json").returncode == 0
    assert desk.run("attack", "crossed.json", "walk.release.json").returncode == 0


def test_the_same_count_with_one_person_more_is_refused(desk):
    desk.run("protect", desk.put("walk.csv", table()), *WALK)
    more = desk.put("more.csv", table(grown(1)))
    done = desk.run("protect", more, *WALK, "--title", "walk", "--earlier", "walk.release.json")
    assert done.returncode == 1 and "not the answers of the earlier release" in done.stderr
    assert not (desk.folder / "more.release.json").exists()


def test_two_counts_of_the_same_people_do_not_tell_of_the_few_between_them(desk):
    few = [[*line[:4], str(int(line[4]) // 2), "0", "0"] for line in TABLE]
    desk.run("protect", desk.put("walk.csv", table(few)), *WALK)
    next_time = [[*line[:4], str(int(line[4]) + 1), "0", "0"] for line in few]
    done = desk.run("protect", desk.put("next.csv", table(next_time)), *WALK, "--earlier", "walk.release.json")
    assert done.returncode == 0, done.stderr
    assert desk.run("attack", "walk.release.json", "next.release.json").returncode == 0
    assert desk.run("verify-release", "next.release.json", "walk.release.json").returncode == 0


def test_what_left_once_is_not_written_over(desk):
    file = desk.put("walk.csv", table())
    desk.run("protect", file, *WALK)
    first = (desk.folder / "walk.release.json").read_bytes()
    done = desk.run("protect", file, *WALK, *ANSWERS)
    assert done.returncode == 1 and "--into" in done.stderr
    assert (desk.folder / "walk.release.json").read_bytes() == first


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--people", "came", "--nested", "site"), "column came"),
        (("--people", "asked", "--nested", "site", "--minimum", "9"), "10 people or more"),
        (("--people", "asked"), "at least one column"),
        (("--people", "asked", "--by", "site", "--answers", "useful"), "NAME=COLUMN,COLUMN"),
        (("--people", "asked", "--by", "site", "--answers", "useful=useful:agreement"), "must have 5 options"),
        ((*WALK, "--earlier", "table.csv"), "earlier release cannot be read"),
        ((*WALK, "--earlier", "nowhere.json"), "nowhere.json"),
    ],
)
def test_what_cannot_be_protected_is_refused_in_words(desk, arguments, says):
    done = desk.run("protect", desk.put("table.csv", table()), *arguments)
    assert done.returncode == 1 and says in done.stderr and "Traceback" not in done.stderr
    assert not list(desk.folder.glob("*.json"))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"%PDF-1.7", b"\xd0\xcf\x11\xe0"])
def test_what_is_no_table_is_refused_in_words(desk, data):
    done = desk.run("protect", desk.put("table.csv", data), *WALK)
    assert done.returncode == 1 and "table.csv" in done.stderr and "Traceback" not in done.stderr
