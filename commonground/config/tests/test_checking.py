"""What anyone can check without a server: the record, a survey, a release; and a keeper's own peel."""

import os
import subprocess
from dataclasses import replace

import numpy as np
import pytest

from commonground.demo import cast
from commonground.disclosure.tests.survey import cell, one_way, released, shown_without_care, two_way
from commonground.disclosure.tests.waves import first_wave, series
from commonground.kernel.text import canonical
from commonground.ledger import chain
from commonground.releases.examples import valley as made_up
from commonground.sealing.export import write_bundle
from commonground.sealing.formats import fingerprint, read_file, read_list
from commonground.sealing.kit import read_kit
from commonground.sealing.seals import read_words, write_words
from commonground.sealing.tests.test_keeper import LISTING, PEELED, SURVEY, peel_file, replaced, task_file
from commonground.sealing.tests.test_verify import HONEST, PROOF
from commonground.sealing.tests.test_verify import SURVEY as EXPORTED
from commonground.surveys import opening, tally
from commonground.surveys.tests import meeting as meetings
from tests.server import COMMAND


class Desk:
    """A folder on anyone's computer, with the command and no server."""

    def __init__(self, folder):
        self.folder = folder

    def run(self, *arguments, typed=""):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("COMMONGROUND_")}
        return subprocess.run(
            [COMMAND, *map(str, arguments)],
            cwd=self.folder, env=kept, input=typed, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip

    def put(self, name, data):
        path = self.folder / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path


@pytest.fixture
def desk(tmp_path):
    """A desk whose folder holds nothing, and holds no server's data afterwards either."""
    yield Desk(tmp_path)
    assert not (tmp_path / "data").exists()


def record():
    """An exported record of four entries, and the lines of its file."""
    entries, head = [], chain.GENESIS
    for number in range(1, 5):
        entries.append(chain.link("c1", number, head, {"act": "invite", "number": number}))
        head = entries[-1].hash
    return entries, chain.export("c1", "Maple", entries).splitlines()


ENTRIES, LINES = record()
HARMED = {
    "edited": [*LINES[:2], LINES[2].replace("invite", "accept"), *LINES[3:]],
    "deleted": [*LINES[:2], *LINES[3:]],
    "inserted": [*LINES[:3], LINES[2], *LINES[3:]],
    "reordered": [*LINES[:2], LINES[3], LINES[2], *LINES[4:]],
}


def test_an_unharmed_record_is_said_to_be_so(desk):
    file = desk.put("record.jsonl", "\n".join(LINES) + "\n")
    done = desk.run("verify-ledger", file, "--head", ENTRIES[1].hash)
    assert done.returncode == 0, done.stderr
    assert "The record holds 4 entries" in done.stdout and "2 entries came after it" in done.stdout


@pytest.mark.parametrize("harm", HARMED)
def test_a_harmed_record_is_found_out(desk, harm):
    done = desk.run("verify-ledger", desk.put("record.jsonl", "\n".join(HARMED[harm]) + "\n"))
    assert done.returncode == 1 and "The record was harmed" in done.stdout


def test_a_cut_tail_shows_against_a_head_one_holds(desk):
    file = desk.put("record.jsonl", "\n".join(LINES[:-1]) + "\n")
    done = desk.run("verify-ledger", file)
    assert done.returncode == 0 and "--head HASH" in done.stdout
    done = desk.run("verify-ledger", file, "--head", ENTRIES[-1].hash)
    assert done.returncode == 1 and "its end was cut off" in done.stdout


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"[]\n", b'{"format": "cg1-backup"}\n'])
def test_what_is_no_record_is_refused_in_words(desk, data):
    done = desk.run("verify-ledger", desk.put("record.jsonl", data))
    assert done.returncode == 1 and "The file cannot be checked." in done.stdout
    assert "Traceback" not in done.stderr


UNCOUNTED = replace(HONEST, release="", receipts=None, signed=())


def test_an_exported_survey_is_checked(desk):
    done = desk.run("verify-survey", desk.put("survey.cg", write_bundle(UNCOUNTED)))
    assert done.returncode == 0 and "Everything in this file fits together." in done.stdout, done.stderr
    assert "2 by pass, each pass and each signature checked (3 passes taken)" in done.stdout


def test_an_exported_survey_that_was_changed_is_found_out(desk):
    changed = replace(UNCOUNTED, counts=replace(HONEST.counts, codes_used=5))
    done = desk.run("verify-survey", desk.put("survey.cg", write_bundle(changed)))
    assert done.returncode == 1 and done.stderr.strip() and "Traceback" not in done.stderr
    for data in (b"", b"{}", write_bundle(UNCOUNTED)[:-1], write_bundle(HONEST)):
        done = desk.run("verify-survey", desk.put("survey.cg", data))
        assert done.returncode == 1 and done.stderr.strip() and "Traceback" not in done.stderr
    done = desk.run("verify-survey", desk.folder / "nowhere.cg")
    assert done.returncode == 1 and "nowhere.cg" in done.stderr and "Traceback" not in done.stderr


def test_somebodys_proof_is_judged_against_an_exported_survey(desk):
    survey = desk.put("survey.cg", write_bundle(UNCOUNTED))
    done = desk.run("verify-survey", survey, "--proof", desk.put("proof.json", PROOF.to_bytes()))
    assert done.returncode == 0 and "in the list." in done.stdout, done.stderr
    missing = EXPORTED.acknowledged(EXPORTED.sent(EXPORTED.somebody(), q1=1))
    done = desk.run("verify-survey", survey, "--proof", desk.put("proof.json", missing.to_bytes()))
    assert done.returncode == 1 and "the list does not hold it" in done.stderr
    done = desk.run("verify-survey", survey, "--proof", desk.put("proof.json", b"words"))
    assert done.returncode == 1 and done.stderr.strip() and "Traceback" not in done.stderr


CAREFUL = made_up()


def careless():
    """A release of three sites from which the hidden one follows by one subtraction."""
    plan, columns = one_way([40, 30, 5, 0])
    found = shown_without_care(released(plan, columns), plan, columns, least=10)
    for each in found["cells"]:
        each["answers"] = {}
    cell(found, site=len(found["groups"][0]["reporting"]) - 1).update(status="shown", n=0)
    cell(found, site=0).update(status="shown", n=30, reason=None)
    cell(found, site=1).update(status="withheld", n=None)
    return found


def test_a_release_is_checked(desk):
    done = desk.run("verify-release", desk.put("well.json", canonical(CAREFUL)))
    assert (done.returncode, done.stdout) == (0, "well.json: nothing is wrong with this release.\n")
    done = desk.run("verify-release", desk.put("ill.json", canonical(careless())))
    assert done.returncode == 1 and done.stdout.strip() and "Traceback" not in done.stderr


def test_releases_are_attacked_all_of_them(desk):
    well, ill = desk.put("well.json", canonical(CAREFUL)), desk.put("ill.json", canonical(careless()))
    done = desk.run("attack", ill, well)
    assert done.returncode == 1
    assert "By one subtraction: site 1 holds 45 people." in done.stdout
    assert "well.json: nothing hidden was learnt." in done.stdout
    assert desk.run("attack", well).returncode == 0


def test_a_release_is_checked_beside_an_earlier_one(desk):
    draw = np.random.default_rng(1)
    before = first_wave(draw, [24, 26, 60, 60], answering=0.6)
    after = before.next(draw, {0: (1, 0)}, answering=0.6)
    (first, well), (_, ill) = (series(before, after, careful=careful, pair=False) for careful in (True, False))
    first, well, ill = (desk.put(f"{i}.json", canonical(each)) for i, each in enumerate((first, well, ill)))
    done = desk.run("verify-release", well, first)
    assert done.returncode == 0 and "beside the earlier ones" in done.stdout
    done = desk.run("verify-release", ill, first)
    assert done.returncode == 1 and "does not say that it was judged beside" in done.stdout
    done = desk.run("attack", first, ill)
    assert done.returncode == 1 and "Wave to wave: site 0 counts 15, then" in done.stdout
    done = desk.run("attack", first, well)
    assert done.returncode == 0 and "All together: nothing more was learnt." in done.stdout


def test_a_release_is_certified_and_the_certificate_checked(desk):
    plan, columns = two_way([[34, 28, 4], [31, 6, 5], [45, 33, 4], [29, 36, 6], [3, 2, 1]], eligible=500, seed=3)
    release = desk.put("release.json", canonical(released(plan, columns)))
    done = desk.run("certify", release, "--into", desk.folder / "made")
    assert (done.returncode, "certified by" in done.stdout) == (0, True), done.stdout + done.stderr
    made = desk.folder / "made"
    done = desk.run("verify-release", release, "--certificate", made / "certificate.npz")
    assert done.returncode == 0 and "certifies every hidden cell and answer" in done.stdout
    done = desk.run(
        "verify-release", desk.put("well.json", canonical(CAREFUL)), "--certificate", made / "certificate.npz"
    )
    assert done.returncode == 1 and "This is not a certificate of this release." in done.stdout


def test_a_release_that_tells_too_much_is_not_certified(desk):
    plan, columns = two_way([[34, 28, 4], [31, 6, 5], [45, 33, 4], [29, 36, 6], [3, 2, 1]], eligible=500, seed=3)
    careless = shown_without_care(released(plan, columns), plan, columns, least=10)
    done = desk.run("certify", desk.put("careless.json", canonical(careless)))
    assert done.returncode == 1 and ", which bounds a hidden group." in done.stdout


@pytest.mark.parametrize("command", ["verify-release", "attack", "certify"])
def test_what_is_no_release_is_refused_in_words(desk, command):
    done = desk.run(command, desk.put("other.json", b"[1, 2]"))
    assert done.returncode == 1 and "is not a release of Common Ground" in done.stderr


WORDS = [write_words(phrase) for phrase in SURVEY.phrases]
ON_SHEET = fingerprint(LISTING.hash)


def lines(*typed):
    """What is typed on the terminal, a line after the other."""
    return "".join(f"{line}\n" for line in typed)


def test_a_keeper_peels_with_the_words_of_the_sheet(desk):
    task, result = desk.put("task.bin", peel_file(1, LISTING)), desk.folder / "result.bin"
    done = desk.run("peel", task, result, typed=lines(ON_SHEET.lower(), WORDS[0]))
    assert done.returncode == 0, done.stderr
    assert read_file(result.read_bytes()).message["result"] == "peel"


def test_a_new_key_is_printed_as_twelve_words_and_stands_nowhere_else(desk):
    task, result = desk.put("task.bin", task_file(1, "make-key")), desk.folder / "result.bin"
    done = desk.run("peel", task, result)
    assert done.returncode == 0, done.stderr
    words = done.stdout.splitlines()[1]
    assert len(read_words(words)) > 0 and words.encode() not in result.read_bytes()


@pytest.mark.parametrize(
    ("task", "typed"),
    [
        (peel_file(1, LISTING), lines(ON_SHEET, WORDS[1])),
        (peel_file(1, LISTING), lines(ON_SHEET, "not twelve words")),
        (peel_file(1, LISTING), lines(fingerprint(bytes(32)), WORDS[0])),
        (task_file(1, "share"), lines(fingerprint(bytes(32)), WORDS[0])),
        (b"no task", ""),
    ],
    ids=["another sheet", "no words", "a sheet used for another list", "another last list", "no task"],
)
def test_a_peel_that_cannot_be_writes_no_file(desk, task, typed):
    result = desk.folder / "result.bin"
    done = desk.run("peel", desk.put("task.bin", task), result, typed=typed)
    assert done.returncode == 1 and done.stderr.strip() and "Traceback" not in done.stderr
    assert not result.exists()


# A union's own check: its peel, and with all parties the whole count


def test_an_honest_peel_is_the_same_and_that_is_all_that_is_said(desk):
    task, result = desk.put("task.bin", peel_file(1, LISTING)), desk.put("result.bin", PEELED)
    done = desk.run("verify-peel", task, result, typed=lines(ON_SHEET, WORDS[0]))
    assert (done.returncode, done.stdout, done.stderr) == (0, "same\n", "")


def test_a_peel_in_which_an_answer_was_exchanged_differs(desk):
    other = replaced(read_list(read_file(PEELED).binary)).to_bytes()
    task = desk.put("task.bin", peel_file(1, LISTING))
    done = desk.run("verify-peel", task, desk.put("list.bin", other), typed=lines(ON_SHEET, WORDS[0]))
    assert (done.returncode, done.stdout, done.stderr) == (1, "differs\n", "")


@pytest.mark.parametrize(
    "typed",
    [lines(ON_SHEET, WORDS[1]), lines(ON_SHEET, "words"), lines(fingerprint(bytes(32)), WORDS[0]), ""],
    ids=["another sheet", "no words", "another list", "nothing"],
)
def test_a_peel_that_cannot_be_checked_is_answered_in_words(desk, typed):
    task, result = desk.put("task.bin", peel_file(1, LISTING)), desk.put("result.bin", PEELED)
    done = desk.run("verify-peel", task, result, typed=typed)
    assert (done.returncode, done.stdout) == (1, "") and done.stderr.strip() and "Traceback" not in done.stderr
    assert WORDS[0] not in done.stderr


@pytest.fixture
def counted(valley):
    """What the parties hold of a counted survey: the kit, the lists on their sheets, their words."""
    meeting = meetings.peeled(valley, 12)
    meeting.count()
    kit = tally.recount_kit(meeting.keeper(cast.TEACHERS), meeting.id)
    off = [step.output_hash for step in opening.steps(meeting.survey)]
    on_sheets = [read_kit(kit).first_list.hash.hex(), *off]
    words = [write_words(meeting.steps.phrases[party]) for party in meetings.ORDER]
    return kit, [fingerprint(bytes.fromhex(each)) for each in on_sheets], words


def typed_by_all(on_sheets, words):
    return lines(*(line for pair in zip(on_sheets, words, strict=False) for line in pair))


@pytest.mark.django_db(databases=["default", "responses"])
def test_all_parties_together_count_again(desk, counted):
    kit, on_sheets, words = counted
    file = desk.put("kit.cg", kit)
    done = desk.run("recount", file, typed=typed_by_all(on_sheets, words))
    assert (done.returncode, done.stdout) == (0, "same\n"), done.stderr
    mistyped = lines(on_sheets[0], "not my words") + typed_by_all(on_sheets, words)
    done = desk.run("recount", file, typed=mistyped)
    assert (done.returncode, done.stdout) == (0, "same\n") and "twelve words" in done.stderr


@pytest.mark.django_db(databases=["default", "responses"])
def test_a_changed_release_differs_and_so_does_a_list_that_no_sheet_names(desk, counted):
    kit, on_sheets, words = counted
    assert kit.count(b'\\"counted\\":12') == 1
    changed = kit.replace(b'\\"counted\\":12', b'\\"counted\\":13')
    done = desk.run("recount", desk.put("kit.cg", changed), typed=typed_by_all(on_sheets, words))
    assert (done.returncode, done.stdout) == (1, "differs\n")
    elsewhere = [on_sheets[0], *(lines(on_sheets[0], words[1]) for _ in range(3))]
    typed = lines(on_sheets[0], words[0]) + "".join(elsewhere[1:])
    done = desk.run("recount", desk.put("kit.cg", kit), typed=typed)
    assert (done.returncode, done.stdout) == (1, "differs\n")


@pytest.mark.django_db(databases=["default", "responses"])
def test_a_recount_that_cannot_be_is_answered_in_words(desk, counted):
    kit, on_sheets, words = counted
    for data, typed in ((kit, ""), (kit, lines(on_sheets[0], words[1]) * 3), (kit[:-1], ""), (b"no kit", "")):
        done = desk.run("recount", desk.put("kit.cg", data), typed=typed)
        assert (done.returncode, done.stdout) == (1, "") and "Traceback" not in done.stderr
        assert done.stderr.strip() and not any(word in done.stderr for word in words)
