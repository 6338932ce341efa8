"""A later release goes through the same certificate as the first: it waits unseen, and hides what the first hid."""

import dataclasses
import json
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from commonground.config import checking
from commonground.demo import cast
from commonground.disclosure.certificate import faults
from commonground.disclosure.certifying import Certifying
from commonground.disclosure.search import NoDecoy
from commonground.disclosure.together import learn_together
from commonground.disclosure.weaker import told_less
from commonground.kernel import time
from commonground.kernel.text import canonical, sha256
from commonground.ledger import queries as ledger
from commonground.releases import queries as releases
from commonground.releases.models import Release
from commonground.sealing.answers import Answer
from commonground.sealing.export import read_bundle, write_bundle
from commonground.sealing.kit import read_kit
from commonground.sealing.paper import Paper
from commonground.sealing.tally_open import Opened
from commonground.surveys import certification, certifier, further, opening, reopening, tally
from commonground.surveys.counting import release_content
from commonground.surveys.models import Outcome, SurveyState
from commonground.surveys.opening_files import paper_of
from commonground.surveys.tests import meeting as meetings
from commonground.surveys.tests.meeting import ORDER, Meeting, refused
from commonground.surveys.tests.test_recount import again
from commonground.surveys.tests.test_reopening import (
    CROSSED,
    JOBS,
    WHY,
    Desk,
    asked,
    contents,
    count,
    counted_anew,
    lists_here,
    turned,
)
from commonground.surveys.tests.test_tally import everything_stored

pytestmark = pytest.mark.django_db(databases=["default", "responses"])


@pytest.fixture(autouse=True)
def slices(monkeypatch, own_files):
    """Each slice of the work ends as soon as it may."""
    monkeypatch.setattr(certifier, "SLICE_SECONDS", 0)


@pytest.fixture
def waiting(valley) -> Meeting:
    """A survey of 84 people whose later count, by kind of job and crossed with the place, waits."""
    meeting = count(valley, 84)
    asked(meeting, JOBS, CROSSED)
    turned(meeting)
    meeting.peel(*ORDER)
    return left_to_the_worker(meeting)


def left_to_the_worker(meeting: Meeting) -> Meeting:
    with meeting.on_opening_day():
        assert reopening.count(meeting.keeper(cast.CLASSIFIED), meeting.id, meeting.shares(), seconds=0) is None
    return meeting


def certify(meeting: Meeting) -> None:
    with meeting.on_opening_day():
        certifier.certify(600)


def files() -> list[str]:
    return sorted(path.name for path in certification._folder().glob("*"))


def certificate_of(meeting: Meeting, number: int) -> bytes:
    row = Release.rows.within(meeting.survey.partnership_id).get(survey_id=meeting.id, number=number)
    return releases.certificate(meeting.steps.actor(cast.LUZ), row.pk)


# It waits


def test_a_later_count_waits_unseen_and_is_released_with_its_certificate(waiting):
    first, stored = contents(waiting), everything_stored()
    assert len(first) == 1 and opening.anew(waiting.survey) is not None and files()
    assert 0 in lists_here(waiting) and '"further"' not in stored
    with waiting.on_opening_day():
        tally.tick()
    assert 0 in lists_here(waiting) and files()
    certify(waiting)
    before, later = contents(waiting)
    assert [before] == first and lists_here(waiting) == [] and files() == []
    assert opening.anew(waiting.survey) is None and not certification.waits(waiting.survey)
    assert later["tables"]["certificate"]["hash"] == sha256(certificate_of(waiting, 2))
    assert faults(later["tables"], certificate_of(waiting, 2)) == []
    assert waiting.survey.state == SurveyState.COUNTED


def test_a_count_that_waited_gives_the_bytes_of_one_that_did_not(waiting):
    counted, work = certification.take(certification.waiting()[0]) or pytest.fail("nothing is kept")
    assert work.go_on()
    certify(waiting)
    assert contents(waiting)[1] == json.loads(canonical({**counted.content, "tables": work.document}))


def test_while_it_waits_it_is_not_counted_twice_nor_stopped_nor_opened_again(waiting):
    shares: dict[Any, bytes] = {}
    with waiting.on_opening_day():
        refused("state", reopening.count, waiting.keeper(cast.CLASSIFIED), waiting.id, shares)
        refused("state", tally.share_task, waiting.keeper(cast.CLASSIFIED), waiting.id)
        refused("under_way", reopening.ask, waiting.steps.actor(cast.LUZ), waiting.id, [JOBS], WHY)
    certify(waiting)
    certify(waiting)
    assert len(contents(waiting)) == 2


def test_the_pages_say_that_it_waits_and_show_the_first_results_only(client, waiting):
    desk = Desk(client, waiting, cast.LUZ)
    page = desk.read("survey-opening").content.decode()
    assert "Nobody sees a number before that is finished" in page and "Opened anew, for another table" in page
    page = desk.read().content.decode()
    assert "Nobody sees a number before that is finished" in page and "takes its layer off once more" not in page
    home = client.get(f"/d/{waiting.steps.valley.partnership.slug}/").content.decode()
    assert "our party is awaited" not in home
    certify(waiting)
    assert "Told on" in desk.read().content.decode()


def test_a_later_count_that_is_sent_from_the_page_waits_there(client, valley, settings):
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, certify_seconds=0)
    meeting = meetings.answered(valley, 60, jobs=True).close().peel(*ORDER).drafted()
    certify(meeting)
    meeting.days = 20
    asked(meeting, JOBS)
    turned(meeting)
    meeting.peel(*ORDER)
    with meeting.on_opening_day():
        shares = {f"typed-{party.hex}": share.hex() for party, share in meeting.shares().items()}
    page = Desk(client, meeting, cast.GRACE).post("survey-opening-count", shares).content.decode()
    assert "Nobody sees a number before that is finished" in page and "told nothing new" not in page


# How it ends otherwise


def test_a_co_chair_ends_a_later_count_that_waits_and_nothing_of_it_is_left(waiting):
    with waiting.on_opening_day():
        reopening.stop(waiting.steps.actor(cast.DENISE), waiting.id)
    assert files() == [] and lists_here(waiting) == [] and not certification.waits(waiting.survey)
    certify(waiting)
    assert len(contents(waiting)) == 1


def test_destruction_takes_a_later_count_along(waiting):
    with time.at(waiting.closing_time + timedelta(days=400)):
        tally.tick()
        certifier.certify(600)
    assert files() == [] and certification.waiting() == [] and len(contents(waiting)) == 1
    assert opening.every_anew(waiting.survey)[0].outcome == Outcome.DESTROYED


def test_a_later_count_whose_files_are_gone_is_done_again_with_all_shares(waiting):
    certification.erase(waiting.survey.public_id)
    certify(waiting)
    assert not certification.waits(waiting.survey) and opening.anew(waiting.survey) is not None
    with waiting.on_opening_day():
        assert reopening.count(waiting.keeper(cast.CLASSIFIED), waiting.id, waiting.shares())


def test_a_later_count_of_a_request_that_ended_is_not_released_for_another(waiting):
    draft = certification.waiting()[0]
    counted, work = certification.take(draft) or pytest.fail("nothing is kept")
    assert work.go_on()
    harmed = replace(
        counted, content={**counted.content, "further": {**counted.content["further"], "request": "0"}}
    )
    refused("state", reopening.release, certification.who_counted(draft), waiting.survey, harmed, work, True)
    assert len(contents(waiting)) == 1


def test_where_no_other_answers_print_the_same_the_gate_tells_nothing_new(waiting, monkeypatch):
    monkeypatch.setattr(Certifying, "go_on", _none)
    certify(waiting)
    assert len(contents(waiting)) == 1 and lists_here(waiting) == [] and files() == []
    (one,) = opening.every_anew(waiting.survey)
    assert one.outcome == Outcome.REFUSED and {each["reason"] for each in one.reasons} == {"together"}


def _none(*_any: object) -> bool:
    raise NoDecoy


def test_a_certificate_that_would_take_back_what_was_told_lets_nothing_new_out(waiting, monkeypatch):
    """A later release that is told less than the first is not covered by its own certificate beside it."""
    draft = certification.waiting()[0]
    counted, work = certification.take(draft) or pytest.fail("nothing is kept")
    assert work.go_on()
    cell = next(cell for cell in work.document["cells"] if cell["at"] == {} and cell["answers"])
    cell["answers"].pop(next(iter(cell["answers"])))
    assert reopening.release(certification.who_counted(draft), waiting.survey, counted, work, True) is None
    assert len(contents(waiting)) == 1
    entry = ledger.entries(waiting.steps.actor(cast.LUZ), limit=1)[0]
    assert entry.facts["refused"] == ["q5: together", "q4 x q5: together"]


# What the first certificate hid


def test_what_the_first_certificate_hid_no_later_release_tells(valley):
    """Many small districts, beside a first release that was told less for its certificate."""
    paper = paper_of(meetings.answered(valley, 0, jobs=True).close().survey)
    hid, released, refusals = 0, 0, 0
    for seed in range(40):
        opened = drawn(paper, seed)
        first, before = first_of(paper, opened, seed)
        text = canonical(first).decode()
        later = further_of(paper, opened, text)
        if later is None:
            continue
        told = cells(later)
        for at, cell in cells(before).items():
            now = cells(first)[at]
            withheld = [q for q in cell["answers"] if now["answers"].get(q) != cell["answers"][q]]
            hid += len(withheld) + (now["n"] != cell["n"])
            assert told[at]["n"] == now["n"]
            assert {q: told[at]["answers"].get(q) for q in withheld} == {q: now["answers"].get(q) for q in withheld}
        work = Certifying(later["tables"])
        work.go_on()
        content = {**later, "tables": work.document}
        assert faults(work.document, work.certificate()) == []
        if further.refused_with([text], content):
            refusals += 1
        else:
            released += 1
            assert further.repeats([text], content) and learn_together([first, content]) == []
    assert hid and released > 20 > refusals


def drawn(paper: Paper, seed: int) -> Opened:
    """Made-up answers of a paper, no more of any group than were asked; in some districts a place thinks alike."""
    draw = Random(seed)
    people, few, alike = draw.choice((24, 40, 60)), draw.choice((0.1, 0.3, 0.5)), draw.choice((0, 1, 2))
    rows: list[dict[str, Answer]] = []
    rooms = [[option["roster"] for option in question["options"]] for question in paper.content["questions"][3:5]]
    for _person in range(people):
        site = draw.choice([site for site in (0, 0, 0, 1, 1, 2) if rooms[0][site]])
        job = draw.choices((0, 1), [(1 - few) * (rooms[1][0] > 0), few * (rooms[1][1] > 0)])[0]
        rooms[0][site] -= 1
        rooms[1][job] -= 1
        mood = (draw.randrange(5), draw.choice((3, 4)), min(4, site + draw.randrange(3)))[alike]
        rows.append({"q1": mood, "q2": (draw.randrange(2),), "q4": site, "q5": job})
    closed = paper.layout.closed
    coded = tuple(closed.encode({name: a for name, a in row.items() if name in closed.fields}) for row in rows)
    return Opened(receipts=(), signed=(), rows=coded, texts={}, came_by={}, rejected={})


def closing(opened: Opened) -> dict[str, Any]:
    return {"answers": len(opened.rows), "codes_printed": len(opened.rows), "list_hash": "00" * 32}


def first_of(paper: Paper, opened: Opened, seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """The first release as a certificate may leave it, told less in one place, and as the gate made it before.

    Not of a level with a single group, of which both would have to be told less.
    """
    before = release_content(paper, opened, closing(opened), "2026-11-20")
    work = Certifying(before["tables"])
    answers = [cell["answers"] for cell in work.document["cells"] if cell["status"] != "withheld"]
    told = [(each, name) for each in answers if answers.count(each) == 1 for name in each]
    told = [(each, name) for each, name in told if each[name]["status"] != "withheld"]
    if told:
        each, name = Random(seed).choice(told)
        each[name] = told_less(each[name])
    work = Certifying(work.document)
    work.go_on()
    return {**before, "tables": work.document}, before


def further_of(paper: Paper, opened: Opened, text: str) -> dict[str, Any] | None:
    hashes = [sha256(text.encode())]
    request = further.read_request(further.write_request(paper, "00" * 32, hashes, [JOBS, CROSSED], WHY))
    try:
        return further.further_content(paper, opened, closing(opened), "2026-12-01", [text], request)
    except further.NothingMore:
        return None


def cells(content: dict[str, Any]) -> dict[frozenset[tuple[str, int]], dict[str, Any]]:
    return {frozenset(cell["at"].items()): cell for cell in content["tables"]["cells"]}


def test_a_later_release_that_tells_what_the_first_hid_or_withheld_does_not_repeat_it(waiting):
    certify(waiting)
    first, later = contents(waiting)
    text = canonical(first).decode()
    assert further.repeats([text], later)
    hidden = json.loads(canonical(first))
    hidden["tables"]["cells"][0]["n"] = None
    assert not further.repeats([canonical(hidden).decode()], later)
    withheld = json.loads(canonical(first))
    answers = withheld["tables"]["cells"][0]["answers"]
    name = next(iter(answers))
    answers[name] = {**answers[name], "status": "withheld", "n": None, "options": None, "top": None, "mean": None}
    assert not further.repeats([canonical(withheld).decode()], later)


# What anyone can check


def test_the_kit_gives_a_later_release_that_tells_less_for_its_certificate(waiting):
    certify(waiting)
    kit = read_kit(tally.recount_kit(waiting.keeper(cast.TEACHERS), waiting.id))
    (later,) = kit.later
    assert again(waiting, kit).is_same()
    content = json.loads(later.release)
    crossed = next(c for c in content["tables"]["cells"] if len(c["at"]) == 2 and c["n"] and c["answers"])
    for name, told in crossed["answers"].items():
        crossed["answers"][name] = {**told, "top": (told["top"] or 0) + 1 if isinstance(told["top"], int) else 3}
    harmed = dataclasses.replace(later, release=canonical(content).decode())
    assert not again(waiting, dataclasses.replace(kit, later=(harmed,))).is_same()


def test_the_export_holds_the_certificate_of_each_release_and_both_are_checked(waiting, tmp_path, capsys):
    certify(waiting)
    file = tmp_path / "survey.cg"
    file.write_bytes(tally.export(waiting.keeper(cast.TEACHERS), waiting.id))
    assert checking.main(file) == 0
    assert "The certificate of that release is in the file too." in capsys.readouterr().out
    bundle = read_bundle(file.read_bytes())
    (anew,) = bundle.anew
    assert (bundle.certificate, anew.certificate) == (certificate_of(waiting, 1), certificate_of(waiting, 2))
    for harmed in (b"", anew.certificate[:-1], bundle.certificate):
        changed = dataclasses.replace(bundle, anew=(dataclasses.replace(anew, certificate=harmed),))
        file.write_bytes(write_bundle(changed))
        assert checking.main(file) == 1
        assert checking.ANOTHER in capsys.readouterr().err


def test_a_later_count_of_a_survey_counted_at_once_is_certified_at_once(valley):
    meeting = count(valley, 60)
    asked(meeting, JOBS)
    turned(meeting)
    assert counted_anew(meeting) is not None
    assert faults(contents(meeting)[1]["tables"], certificate_of(meeting, 2)) == [] and files() == []
