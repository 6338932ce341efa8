"""The main job end to end on files of answers: a small one made here, and a part of a real one."""

import csv
import os
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

REAL = os.environ.get("COMMONGROUND_REAL_DATA")
TRIAL = ["-m", "commonground.demo.trial"]
FAULTY_DOOR = """
import sys
from dataclasses import replace
from commonground.demo import respond

answer = respond.answer

def faulty(address, survey, people, language="en"):
    lost, moved, *others = people
    place = moved.answers["q1"]
    return answer(address, survey, [replace(moved, answers=moved.answers | {"q1": 1 - place}), *others], language)

respond.answer = faulty
from commonground.demo.trial.__main__ import main

sys.exit(main(sys.argv[1:]))
"""
"""A door at which the first answer is lost, and the second changes its place on the way."""

pytestmark = pytest.mark.journey


def trial(*arguments, program=TRIAL):
    """Run a trial as a command, away from the data of these tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COMMONGROUND_")}
    command = [sys.executable, *program, *map(str, arguments)]
    return subprocess.run(command, env=kept, capture_output=True, text=True, timeout=600, check=False)


@pytest.fixture
def answers(tmp_path):
    """Return a file of 120 answers: four places, one of them small, three jobs, six items, some left out."""
    chance = random.Random(120)
    rows = [["place", "job", "breaks", "respect", "help", "overall", "attend", "when"]]
    for number in range(120):
        place = ["North", "South", "Yard", "Annex"][(number > 49) + (number > 89) + (number > 114)]
        points = [chance.choices(["1", "2", "3", "4", "5", ""], [2, 5, 6, 9, 4, 1])[0] for _ in range(3)]
        overall = str(min(10, max(0, round(chance.gauss(6, 2)))))
        attend = chance.choice(["yes", "no", "yes", "NA"])
        when = chance.choice(["early", "noon", "late"])
        rows.append([place, chance.choice(["teacher", "aide", "driver"]), *points, overall, attend, when])
    path = tmp_path / "answers.csv"
    with path.open("w", newline="") as out:
        csv.writer(out).writerows(rows)
    return path


ITEMS = "breaks,respect,help,overall,attend,when"


def numbers(text, words):
    """Return the numbers of the line that begins with these words."""
    line = next(line for line in text.splitlines() if line.startswith(words))
    return [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", line)]


def test_answers_of_any_file_are_asked_sealed_opened_counted_and_agree(answers):
    done = trial(answers, "--sites", "place", "--groups", "job", "--cross", "job", "--items", ITEMS)
    assert done.returncode == 0, done.stdout + done.stderr
    told = done.stdout
    assert "answers.csv: 120 answers, 4 places (place)" in told
    assert "on the staff list: 181 people" in told
    assert numbers(told, "Receipts") == [120, 120]
    assert numbers(told, "Counted") == [120, 0]
    printed, disagree = numbers(told, "Against a plain count of the file")
    assert printed > 100 and disagree == 0
    assert "  place: Annex, Yard" in told
    assert numbers(told, "Rules of the release that verify found broken") == [0]
    assert numbers(told, "Hidden numbers that the attack learnt") == [0]
    assert re.search(r"  1[0-9] adversaries tried, who know the \d+ cells that hold nobody:", told)
    assert "linear algebra 0, few of several tables 0, one subtraction 0, subtraction to closure 0" in told
    assert told.endswith("The joint record is unharmed\nAll of it held.\n")


def test_an_answer_lost_and_one_that_changed_on_the_way_are_both_noticed(answers):
    done = trial(answers, "--sites", "place", "--items", "breaks,overall", program=["-c", FAULTY_DOOR])
    assert done.returncode == 1, done.stdout + done.stderr
    assert "FAILED: The file has 120 answers and 119 got a receipt." in done.stdout
    assert "FAILED: The file has 120 answers and 119 were counted." in done.stdout
    assert re.search(r"FAILED: place North: the release says \d+ \(people\), the file says 50", done.stdout)
    assert done.stdout.endswith("It did not hold.\n")


def test_answers_that_make_no_survey_are_refused_in_words(tmp_path):
    path = tmp_path / "few.csv"
    path.write_text("place,breaks\nNorth,1\nSouth,2\n")
    done = trial(path, "--sites", "place", "--items", "breaks")
    assert done.returncode == 2
    assert "These columns make no survey." in done.stderr and "Traceback" not in done.stderr


@pytest.mark.skipif(not REAL, reason="COMMONGROUND_REAL_DATA does not name the folder of real data")
def test_real_answers_hold():
    path = Path(REAL or "") / "survey_microdata" / "lq2002_likert_items_2042.csv"
    items = "LEAD01,LEAD02,TSIG01,HOSTIL01"
    done = trial(path, "--sites", "COMPID", "--items", items, "--answers", "300")
    assert done.returncode == 0, done.stdout + done.stderr
    assert numbers(done.stdout, "Receipts") == [300, 300]
    assert numbers(done.stdout, "Counted") == [300, 0]


@pytest.mark.skipif(not REAL, reason="COMMONGROUND_REAL_DATA does not name the folder of real data")
def test_real_answers_in_words_with_small_crossed_groups_hold():
    path = Path(REAL or "") / "survey_microdata" / "osmi2014_us_mental_health_in_tech.csv"
    done = trial(
        *(path, "--sites", "state", "--groups", "Gender,no_employees", "--cross", "Gender"),
        *("--items", "treatment,leave,work_interfere", "--answers", "400"),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert numbers(done.stdout, "Receipts") == [400, 400]
    assert numbers(done.stdout, "Against a plain count of the file")[1] == 0
    assert numbers(done.stdout, "Hidden numbers that the attack learnt") == [0]
    assert "  Gender: Female, Other" in done.stdout
