"""The release: the same for every party; checked with the commands; published to staff in both languages."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from commonground.demo.trial.compare import compare
from commonground.demo.trial.sheet import Column, Sheet
from tests.journeys.job import founding
from tests.journeys.job.answering import Turnout
from tests.journeys.job.opening import look_up, to_opening
from tests.journeys.job.story import (
    AGREEMENT,
    BREAKS,
    JOB,
    JOBS,
    RATE,
    SHIFT,
    SHIFTS,
    SITE,
    STAFF,
    STRUCTURE,
    TITLE,
    TITULO,
    USE,
    WHEN,
)
from tests.journeys.job.town import SOON, Member, Town, reload_until

LEAD = "Breaks come first. Here is what 74 of us said."
ENCABEZADO = "Los descansos son lo primero. Esto dijimos 74 personas."


def read(members: list[Member], turnout: Turnout) -> bytes:
    """Every party reads the same release, from the same moment, with the same hash; return its bytes."""
    seen = [_seen(member) for member in members]
    files, moments = {data for data, _moment in seen}, {moment for _data, moment in seen}
    assert len(files) == len(moments) == 1
    members[0].look("release")
    members[0].reads(f"Who answered: {len(turnout.rows)} of {len(STAFF)}")
    members[0].follow("Every group on one page, to print")
    members[0].look("release-question")
    return files.pop()


def _seen(member: Member) -> tuple[bytes, str]:
    member.part("Evidence")
    member.follow(TITLE)
    moment = member.page.get_by_text("Both sides saw these numbers at the same moment").inner_text()
    member.page.get_by_text("Check it yourself").click()
    printed = member.page.locator("details p.mono").inner_text().strip()
    data = member.download("The released bytes (JSON)")
    assert hashlib.sha256(data).hexdigest() == printed
    for name, start in (("Table (CSV)", b""), ("Workbook with a codebook (XLSX)", b"PK")):
        file = member.download(name)
        assert file.startswith(start) and len(file) > 1000
    return data, moment


def agree_with_a_plain_count(data: bytes, turnout: Turnout) -> None:
    """Every number that is printed is the one that plain counting of what people answered finds."""
    release = json.loads(data)
    several = next(question["id"] for question in release["tables"]["questions"] if question["kind"] == "several")
    _each_choice(release, several, turnout)
    told = [question for question in release["tables"]["questions"] if question["id"] != several]
    shown = compare(_sheet(turnout), {**release, "tables": {**release["tables"], "questions": told}})
    assert shown.faults == []
    assert shown.numbers.total() > 60 and shown.hidden_cells < shown.cells


def _each_choice(release: dict[str, Any], id: str, turnout: Turnout) -> None:
    district = next(cell for cell in release["tables"]["cells"] if not cell["at"])
    ticked = [given[USE.en] for _worker, given in turnout.rows]
    people = sum(1 for choices in ticked if choices)
    for place, share in enumerate(district["answers"][id]["options"]):
        chosen = sum(1 for choices in ticked if isinstance(choices, tuple) and place in choices)
        assert abs(share - 100 * chosen / people) <= 1


def _sheet(turnout: Turnout) -> Sheet:
    """Return what people answered as the file that the comparison reads."""
    names = {entry.code: entry.en for entry in STRUCTURE["Places"]}
    columns = {
        BREAKS: ("agreement", AGREEMENT),
        WHEN: ("one", tuple(english for english, _spanish in WHEN.options)),
        RATE: ("scale10", tuple(map(str, range(11)))),
        JOB: ("one", JOBS),
        SHIFT: ("one", SHIFTS),
    }
    column = {question: Column(question.en, kind, values) for question, (kind, values) in columns.items()}
    rows = tuple(
        {SITE.en: names[worker.site], **{q.en: _value(column[q], given[q.en]) for q in column}}
        for worker, given in turnout.rows
    )
    site = Column(SITE.en, "one", tuple(names.values()))
    return Sheet("journey", site, (column[JOB], column[SHIFT]), (column[BREAKS], column[WHEN], column[RATE]), rows)


def _value(column: Column, answer: object) -> str:
    return "" if answer is None else column.values[int(str(answer))]


def verify(members: list[Member], turnout: Turnout, release: bytes, head: str) -> None:
    """Check release, survey and record with the commands, on files that the pages hand out."""
    town = members[0].town
    folder = town.place.folder.parent
    told = town.place.command("verify-release", str(_kept(folder / "release.json", release)))
    assert "nothing is wrong with this release" in told
    to_opening(members[0])
    members[0].page.get_by_text("The whole hash, the root, and a file to check").click()
    survey = _kept(folder / "survey.json", members[0].download("Take the file"))
    told = town.place.command("verify-survey", str(survey))
    assert "Everything in this file fits together." in told
    for layer in ("After layer 1", "After layer 2", "After layer 3", f"Answers that counted: {len(turnout.rows)}"):
        assert layer in told
    files = {_record(member) for member in members}
    assert len(files) == 1
    record = _kept(folder / "record.jsonl", files.pop())
    town.place.command("verify-ledger", str(record), "--head", head)
    assert hashlib.sha256(release).hexdigest() in record.read_text()


def _kept(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _record(member: Member) -> bytes:
    _to_record(member)
    return member.download("Download the record")


def _to_record(member: Member) -> None:
    member.at_home()
    member.follow("Read the whole record")


def head(member: Member) -> str:
    """Note the head of the record, as a party does in its minutes."""
    _to_record(member)
    words = member.page.locator("aside").inner_text()
    found = re.search(r"\b[0-9a-f]{64}\b", words)
    assert found
    member.look("record")
    return found[0]


def publish(members: list[Member], turnout: Turnout, release: bytes) -> None:
    """Propose the page for staff, turn every key, and read it at the respondents' door in both languages."""
    writer, town = members[0], members[0].town
    assert _public(town, turnout) == 404
    writer.part("Evidence")
    writer.follow(TITLE)
    writer.follow("Propose publishing to staff")
    writer.fill(lead_en=LEAD, lead_es=ENCABEZADO)
    writer.press("Look at it with these words")
    writer.reads(LEAD)
    writer.look("publish")
    writer.press("Freeze and ask for keys")
    founding.turn_everywhere(members, TITLE)
    _staff_read(town, turnout, release)


def _public(town: Town, turnout: Turnout) -> int:
    page = town.page(390)
    answer = page.goto(f"{town.place.respond}/s/{turnout.survey}/en/results/")
    page.context.close()
    assert answer
    return answer.status


def _staff_read(town: Town, turnout: Turnout, release: bytes) -> None:
    """A member of staff finds the page on the door's first page, in English and in Spanish, and the receipt."""
    page = town.page(390)
    page.goto(town.place.respond)
    published = page.locator("main a[href$='/results/']").filter(has_text=TITLE)
    reload_until(page, published)
    published.click()
    for words in (LEAD, BREAKS.en, f"Who answered: {len(turnout.rows)} of {len(STAFF)}"):
        expect(page.get_by_text(words).first).to_be_visible(timeout=SOON)
    town.look(page, "staff-page")
    with page.expect_download() as coming:
        page.get_by_role("link", name="All numbers as published, as a file").click()
    assert coming.value.path().read_bytes() == release
    page.get_by_role("link", name="Español").click()
    for words in (TITULO, ENCABEZADO, BREAKS.es):
        expect(page.get_by_text(words).first).to_be_visible(timeout=SOON)
    town.look(page, "staff-page-spanish")
    page.get_by_role("link", name="English").click()
    page.get_by_role("link", name="Look up your receipt").click()
    for given in turnout.kept:
        look_up(page, given.receipt, "Yes, this receipt is published.")
    town.look(page, "receipts")
    page.context.close()
