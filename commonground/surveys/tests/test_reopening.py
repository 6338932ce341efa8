"""Another table after the count, over the real acts: who asks, who opens anew, what the gate says, what is kept."""

import dataclasses
import json
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.urls import reverse

from commonground.access.actor import operator
from commonground.approvals import actions as approvals
from commonground.approvals.models import FrozenText
from commonground.config import checking, serving
from commonground.demo import cast
from commonground.disclosure.attack import learn
from commonground.disclosure.together import learn_together, not_remembered
from commonground.disclosure.verify import verify
from commonground.insights.actions import propose
from commonground.kernel import dates, time
from commonground.kernel.errors import Refused
from commonground.kernel.text import canonical, sha256
from commonground.ledger import queries as ledger
from commonground.releases import public
from commonground.releases.models import Release
from commonground.responses import queries as responses
from commonground.responses.models import Bulletin, SealedAnswer
from commonground.sealing import lists
from commonground.sealing.answers import Answer
from commonground.sealing.export import read_bundle
from commonground.sealing.formats import fingerprint, read_file, read_list_and_rest
from commonground.sealing.kit import read_kit
from commonground.sealing.paper import Paper
from commonground.sealing.tally_open import Opened
from commonground.sealing.verify import verify as verify_bundle
from commonground.surveys import further, opening, people_asked, reopening, tally
from commonground.surveys.counting import release_content
from commonground.surveys.models import Outcome, Reopening, SurveyState
from commonground.surveys.opening_files import paper_of
from commonground.surveys.tests import meeting as meetings
from commonground.surveys.tests import writing
from commonground.surveys.tests.meeting import ORDER, Meeting, refused
from commonground.surveys.tests.test_recount import again
from commonground.surveys.tests.test_tally import everything_stored

pytestmark = pytest.mark.django_db(databases=["default", "responses"])

JOBS, CROSSED = ("q5",), ("q4", "q5")
WHY = "The release of October does not tell aides from teachers."


@pytest.fixture
def counted(valley):
    """A counted survey of 60 people that tells results by site only, and asked for the kind of job too."""
    return count(valley, 60)


def count(valley, people: int, seed: int = 4) -> Meeting:
    meeting = meetings.answered(valley, people, seed, jobs=True).close().peel(*ORDER)
    meeting.count()
    meeting.days = 20
    return meeting


def asked(meeting: Meeting, *tables: further.Table) -> FrozenText:
    with meeting.on_opening_day():
        return reopening.ask(meeting.steps.actor(cast.LUZ), meeting.id, tables, WHY)


def turned(meeting: Meeting) -> Reopening:
    with meeting.on_opening_day():
        writing.turn_all(meeting.steps, meeting.id)
    again = opening.anew(meeting.survey)
    assert again is not None
    return again


def counted_anew(meeting: Meeting) -> Release | None:
    meeting.peel(*ORDER)
    with meeting.on_opening_day():
        return reopening.count(meeting.keeper(cast.CLASSIFIED), meeting.id, meeting.shares())


def contents(meeting: Meeting) -> list[dict[str, Any]]:
    rows = Release.rows.within(meeting.survey.partnership_id).filter(survey_id=meeting.id).order_by("number")
    return [json.loads(bytes(row.data)) for row in rows]


def test_every_party_opens_anew_and_the_new_table_is_told_beside_the_first_release(valley):
    counted = count(valley, 84)
    asked(counted, JOBS, CROSSED)
    turned(counted)
    release = counted_anew(counted)
    first, later = contents(counted)
    assert release is not None and release.number == 2 and json.loads(bytes(release.data)) == later
    assert later["further"]["told"] == [["q5"], ["q4", "q5"]] and later["further"]["left_out"] == []
    printed = {json.dumps(cell["at"], sort_keys=True): cell for cell in later["tables"]["cells"]}
    assert all(printed[json.dumps(cell["at"], sort_keys=True)] == cell for cell in first["tables"]["cells"])
    assert any(cell["n"] for cell in later["tables"]["cells"] if "q5" in cell["at"])
    assert verify(later["tables"]) == [] and learn(later["tables"]) == []
    assert learn_together([first, later]) == [] and not_remembered(later, [first]) == []


def test_the_first_release_stays_as_it_is_and_the_record_says_what_was_done(counted, valley):
    first = Release.rows.within(valley.partnership.pk).get()
    text = asked(counted, JOBS)
    turned(counted)
    later = counted_anew(counted)
    again = Release.rows.within(valley.partnership.pk).get(number=1)
    assert (bytes(again.data), again.hash, again.seen_from) == (bytes(first.data), first.hash, first.seen_from)
    acts = ["freeze_text", "ask_further_tables", *["turn_key"] * 5, *["open_seal"] * 4, "count_answers"]
    entries = list(reversed(ledger.entries(valley.actor(cast.LUZ), limit=len(acts))))
    assert [entry.act for entry in entries] == acts
    assert entries[1].facts["request"] == text.hash and entries[6].facts["opens_anew"] and later is not None
    assert (entries[-1].facts["request"], entries[-1].facts["release"]) == (text.hash, later.hash)
    came_out = [entry.facts["output"] for entry in entries if entry.act == "open_seal"]
    assert came_out == [step.output_hash for step in opening.first_steps(counted.survey)]


# What the server keeps


def lists_here(meeting: Meeting) -> list[int]:
    return [layer for layer in range(len(ORDER) + 1) if responses.get_list(meeting.survey.public_id, layer)]


def test_between_the_openings_and_after_the_second_nothing_that_was_opened_is_kept(counted):
    assert lists_here(counted) == []
    asked(counted, JOBS)
    turned(counted)
    assert lists_here(counted) == []
    counted.peel(ORDER[0])
    assert lists_here(counted) == [2]
    counted.peel(*ORDER[1:])
    with counted.on_opening_day():
        reopening.count(counted.keeper(cast.CLASSIFIED), counted.id, counted.shares())
    assert lists_here(counted) == [] and not responses.has_lists(counted.survey.public_id)
    assert meetings.WORDS not in everything_stored()


def test_comments_are_not_sealed_a_second_time_and_receipts_stay_as_published(counted):
    before = responses.bulletin(counted.survey.public_id)
    asked(counted, JOBS)
    turned(counted)
    counted_anew(counted)
    after = responses.bulletin(counted.survey.public_id)
    assert after.receipts == before.receipts and counted.survey.comments.count() == 0
    assert "comments" not in contents(counted)[1]


def test_the_tick_keeps_lists_while_the_answers_are_opened_anew_and_erases_what_is_left_after(counted):
    asked(counted, JOBS)
    turned(counted)
    counted.peel(*ORDER)
    with counted.on_opening_day():
        tally.tick()
        assert 0 in lists_here(counted)
        reopening.give_up(counted.steps.actor(cast.DENISE), counted.id)
        tally.tick()
    assert lists_here(counted) == []


def test_a_crash_at_the_count_leaves_everything_as_it_was_and_the_shares_are_asked_for_again(counted, monkeypatch):
    asked(counted, JOBS)
    turned(counted)
    with monkeypatch.context() as crash:
        crash.setattr(reopening, "_note_released", _crash)
        with pytest.raises(Crash):
            counted_anew(counted)
    assert len(contents(counted)) == 1 and opening.anew(counted.survey) is not None
    with counted.on_opening_day():
        assert reopening.count(counted.keeper(cast.CLASSIFIED), counted.id, counted.shares())


class Crash(Exception):
    pass


def _crash(*_arguments: object, **_named: object) -> None:
    raise Crash


# Who may, and when


def test_a_co_chair_asks_once_the_answers_are_counted_and_until_they_are_destroyed(valley):
    meeting = meetings.answered(valley, 12, jobs=True).close()
    luz = meeting.steps.actor(cast.LUZ)
    refused("state", reopening.ask, luz, meeting.id, [JOBS], WHY)
    meeting.peel(*ORDER)
    meeting.count()
    with time.at(meeting.closing_time + timedelta(days=400)):
        refused("due", reopening.ask, luz, meeting.id, [JOBS], WHY)
        tally.tick()
        refused("destroyed", reopening.ask, luz, meeting.id, [JOBS], WHY)


def test_what_was_told_and_what_the_paper_does_not_know_is_refused_at_once(counted):
    luz = counted.steps.actor(cast.LUZ)
    with counted.on_opening_day():
        assert "in the results already" in refused("told", reopening.ask, luz, counted.id, [("q4",)], WHY)
        refused("unknown", reopening.ask, luz, counted.id, [("q1",)], WHY)
        refused("unknown", reopening.ask, luz, counted.id, [("q5", "q5")], WHY)
        refused("reason", reopening.ask, luz, counted.id, [JOBS], "  ")
        refused("tables", reopening.ask, luz, counted.id, [], WHY)


def test_a_table_without_ten_people_in_any_group_on_the_list_of_those_asked_is_refused_at_once(
    counted, monkeypatch
):
    few = {CROSSED: {(0, 0): 9, (1, 0): 9, (2, 1): 4}}
    monkeypatch.setattr(people_asked, "in_tables", lambda *_any: few)
    with counted.on_opening_day():
        words = refused("roster", reopening.ask, counted.steps.actor(cast.LUZ), counted.id, [CROSSED], WHY)
    assert "no group in it has 10 people" in words and not FrozenText.rows.within(
        counted.survey.partnership_id
    ).filter(kind=reopening.KIND)


def test_the_list_of_those_asked_tells_how_many_are_in_each_cell(counted):
    content = paper_of(counted.survey).content
    found = people_asked.in_tables(counted.survey, content, [JOBS, CROSSED, ("q1",)])
    rosters = [[option["roster"] for option in content["questions"][at]["options"]] for at in (3, 4)]
    assert [found[JOBS][label,] for label in (0, 1)] == rosters[1]
    assert [sum(found[CROSSED][site, job] for job in (0, 1)) for site in (0, 1, 2)] == rosters[0]


def test_every_party_turns_its_key_and_any_may_send_the_request_back(counted):
    text = asked(counted, JOBS)
    with counted.on_opening_day():
        approvals.turn_key(counted.steps.actor(cast.LUZ), text.pk, text.hash)
        assert opening.anew(counted.survey) is None
        refused("state", tally.peel_task, counted.keeper(ORDER[0]), counted.id)
        approvals.send_back(counted.steps.actor(cast.DENISE), text.pk, about="whole", reason="Jobs are too few.")
    asked(counted, JOBS)
    turned(counted)
    with counted.on_opening_day():
        refused("under_way", reopening.ask, counted.steps.actor(cast.LUZ), counted.id, [JOBS], WHY)


def test_a_request_written_before_another_release_of_the_survey_does_not_come_into_force(counted):
    asked(counted, JOBS)
    first = Release.rows.within(counted.survey.partnership_id).get()
    Release(
        partnership_id=first.partnership_id,
        survey_id=counted.id,
        number=2,
        data=first.data,
        hash="0" * 64,
        seen_from=first.seen_from,
    ).save()
    with counted.on_opening_day():
        refused("other_releases", writing.turn_all, counted.steps, counted.id)


def test_the_first_opening_is_not_counted_again(counted):
    refused("state", reopening.count, counted.keeper(cast.CLASSIFIED), counted.id, {})
    asked(counted, JOBS)
    turned(counted)
    refused("state", tally.count, counted.keeper(cast.CLASSIFIED), counted.id, {})


def test_destruction_ends_an_opening_anew(counted):
    asked(counted, JOBS)
    again = turned(counted)
    counted.peel(ORDER[0])
    with time.at(counted.closing_time + timedelta(days=400)):
        tally.tick()
    again.refresh_from_db()
    assert again.outcome == Outcome.DESTROYED and lists_here(counted) == []
    assert counted.survey.state == SurveyState.DESTROYED


# The same answers, and no others


def test_a_list_that_is_not_the_one_of_the_first_opening_is_refused(counted):
    asked(counted, JOBS)
    turned(counted)
    with counted.on_opening_day():
        result = counted.result(ORDER[0])
        file = read_file(result)
        output, _rest = read_list_and_rest(file.binary)
        stranger = bytes(len(output.items[0]))
        other = lists.sorted_list(paper_of(counted.survey), output.layer, [stranger, *output.items[1:]])
        harmed = meetings.changed(result, other.to_bytes(), output_hash=other.hash.hex())
        refused("not_as_before", tally.receive_peel, counted.keeper(ORDER[0]), counted.id, harmed)
        assert lists_here(counted) == []
        tally.receive_peel(counted.keeper(ORDER[0]), counted.id, result)


def test_an_answer_dropped_after_the_first_count_stops_the_second_opening(counted):
    asked(counted, JOBS)
    turned(counted)
    SealedAnswer.objects.filter(survey=counted.survey.public_id)[:1].get().delete()
    with counted.on_opening_day():
        refused("another_list", tally.peel_task, counted.keeper(ORDER[0]), counted.id)


def test_other_receipts_than_those_published_are_refused(counted):
    asked(counted, JOBS)
    turned(counted)
    board = Bulletin.objects.get(pk=counted.survey.public_id)
    board.receipts = "".join(board.receipts.splitlines(keepends=True)[1:])
    board.save()
    with pytest.raises(Refused) as refusal:
        counted_anew(counted)
    assert refusal.value.code == "other_answers" and len(contents(counted)) == 1


# What anyone can check


def test_counting_again_off_line_gives_both_releases(counted):
    asked(counted, JOBS, CROSSED)
    turned(counted)
    counted_anew(counted)
    kit = read_kit(tally.recount_kit(counted.keeper(cast.TEACHERS), counted.id))
    assert again(counted, kit).is_same()
    (later,) = kit.later
    content = json.loads(later.release)
    content["counts"]["counted"] += 1
    for harmed in (
        dataclasses.replace(later, release=canonical(content).decode()),
        dataclasses.replace(later, request=later.request.replace("aides", "others")),
        dataclasses.replace(later, earlier=()),
    ):
        assert not again(counted, dataclasses.replace(kit, later=(harmed,))).is_same()


def test_the_export_holds_the_request_the_second_opening_and_its_release(counted, tmp_path, capsys):
    text = asked(counted, JOBS)
    turned(counted)
    counted_anew(counted)
    file = tmp_path / "survey.cg"
    file.write_bytes(tally.export(counted.keeper(cast.TEACHERS), counted.id))
    record = tmp_path / "record.jsonl"
    record.write_text(ledger.exported(counted.keeper(cast.TEACHERS), "Valley"))
    assert checking.main(file, record=record) == 0
    assert f"Opened anew for the request {fingerprint(bytes.fromhex(text.hash))}" in capsys.readouterr().out
    bundle = read_bundle(file.read_bytes())
    (anew,) = bundle.anew
    assert anew.request == text.body and len(anew.peels) == len(ORDER)
    for harmed in (
        dataclasses.replace(anew, request=anew.request.replace("aides", "others")),
        dataclasses.replace(anew, peels=anew.peels[:-1]),
        dataclasses.replace(
            anew, peels=(dataclasses.replace(anew.peels[0], output_hash=bytes(32)), *anew.peels[1:])
        ),
        dataclasses.replace(anew, release=bundle.release),
        dataclasses.replace(anew, request="{}"),
    ):
        assert verify_bundle(dataclasses.replace(bundle, anew=(harmed,)))


# What would give somebody away


def test_whatever_the_answers_no_request_gives_anybody_away(valley):
    """Both releases together, many small districts: told, told in part, or refused; and nobody learns anything."""
    outcomes = set()
    paper = paper_of(meetings.answered(valley, 0, jobs=True).close().survey)
    for seed in range(60):
        first, later, told = on_paper(paper, seed)
        outcomes.add(told)
        if later is not None:
            assert verify(later["tables"]) == [] and learn_together([first, later]) == []
            assert not_remembered(later, [first]) == []
    assert outcomes >= {"all", "none"}


def on_paper(paper: Paper, seed: int) -> tuple[dict[str, Any], dict[str, Any] | None, str]:
    """Count made-up answers of a paper, and once more for two further tables."""
    draw = Random(seed)
    people, few = draw.choice((24, 40, 60, 90)), draw.choice((0.1, 0.3, 0.5))
    rows: list[dict[str, Answer]] = [
        {
            "q1": draw.randrange(5),
            "q2": (draw.randrange(2),),
            "q4": draw.randrange(3),
            "q5": int(draw.random() < few),
        }
        for _person in range(people)
    ]
    closed = paper.layout.closed
    coded = tuple(closed.encode({name: a for name, a in row.items() if name in closed.fields}) for row in rows)
    opened = Opened(receipts=(), signed=(), rows=coded, texts={}, came_by={}, rejected={})
    closing = {"answers": people, "codes_printed": people, "list_hash": "00" * 32}
    first = release_content(paper, opened, closing, "2026-11-20")
    text = canonical(first).decode()
    request = further.read_request(
        further.write_request(paper, "00" * 32, [sha256(text.encode())], [JOBS, CROSSED], WHY)
    )
    try:
        later = further.further_content(paper, opened, closing, "2026-12-01", [text], request)
    except further.NothingMore:
        return first, None, "none"
    return first, later, "part" if later["further"]["left_out"] else "all"


# On the pages


class Desk:
    """Somebody at the pages of a counted survey."""

    def __init__(self, client, meeting, member):
        client.force_login(meeting.steps.valley.people[member.name])
        self.client, self.meeting = client, meeting

    def url(self, route):
        slug = self.meeting.steps.valley.partnership.slug
        return reverse(route, kwargs={"district": slug, "survey_id": self.meeting.id})

    def read(self, route="survey-further", data=None):
        with self.meeting.on_opening_day():
            return self.client.get(self.url(route), data or {})

    def post(self, route, data=None):
        with self.meeting.on_opening_day():
            return self.client.post(self.url(route), data or {}, follow=True)


def test_a_co_chair_tries_tables_asks_for_one_and_every_party_reads_what_it_is(client, counted):
    desk = Desk(client, counted, cast.LUZ)
    page = desk.read().content.decode()
    assert "By the kind of job (question 5)" in page and "By the place where people work (question 4)" in page
    tried = desk.read(data={"tables": ["q5", "q4-q5"]}).content.decode()
    assert "2 of 2 groups would be shown, 0 hidden." in tried and "No real answer is in this." in tried
    passed_on = desk.read(data={"tables": ["q5", "q4-q5"], "csrfmiddlewaretoken": "of her form"})
    assert passed_on["Location"] == f"{desk.url('survey-further')}?tables=q5&tables=q4-q5#tried"
    empty = desk.post("survey-further-ask", {"tables": ["q5"], "reason": ""})
    assert empty.status_code == 422 and "Every party reads it." in empty.content.decode()
    text = desk.post("survey-further-ask", {"tables": ["q5"], "reason": WHY}).content.decode()
    assert WHY in text and "Tables asked for" in text and "Por el tipo de empleo" in text
    assert "A request waits for keys" in desk.read().content.decode()


def test_who_chose_nothing_is_asked_to_before_it_is_tried(client, counted):
    desk = Desk(client, counted, cast.LUZ)
    assert "choose a table first" in desk.read(data={"see": "1", "reason": ""}).content.decode()
    assert "choose a table first" not in desk.read(data={"see": "1", "tables": ["q5"]}).content.decode()


def test_what_a_later_release_left_out_stands_with_its_request(client, counted, monkeypatch):
    real = further.left_out_of
    asked(counted, JOBS)
    turned(counted)
    assert counted_anew(counted) is not None
    assert "Nothing of it could be shown" not in Desk(client, counted, cast.LUZ).read().content.decode()
    reasons = further.as_reasons({CROSSED: "hidden"})
    monkeypatch.setattr(further, "left_out_of", lambda texts: dict.fromkeys(real(texts), reasons))
    page = Desk(client, counted, cast.LUZ).read().content.decode()
    assert "crossed with the kind of job: Nothing of it could be shown" in page


def test_who_is_no_co_chair_reads_the_page_and_asks_for_nothing(client, counted):
    desk = Desk(client, counted, cast.ELENA)
    assert "A co-chair asks for it." in desk.read().content.decode()
    assert desk.post("survey-further-ask", {"tables": ["q5"], "reason": WHY}).status_code == 403


def test_the_opening_page_says_for_what_the_answers_are_opened_anew(client, counted, django_assert_max_num_queries):
    text = asked(counted, JOBS)
    turned(counted)
    desk = Desk(client, counted, cast.GRACE)
    with django_assert_max_num_queries(30):
        page = desk.read("survey-opening").content.decode()
    assert "Opened anew, for another table" in page and fingerprint(bytes.fromhex(text.hash)) in page
    assert "It is our turn" in page
    with django_assert_max_num_queries(30):
        desk.read()
    counted.peel(*ORDER)
    with counted.on_opening_day():
        shares = {f"typed-{party.hex}": share.hex() for party, share in counted.shares().items()}
    done = desk.post("survey-opening-count", shares).content.decode()
    assert "The new table is counted." in done and "Told on" in done
    assert "By the kind of job (question 5)" in done


def test_a_refusal_of_the_gate_is_said_in_words_and_nothing_new_is_printed(client, counted, monkeypatch):
    text = asked(counted, JOBS)
    turned(counted)
    few = further.NothingMore([(JOBS, "together")])
    monkeypatch.setattr(further, "further_content", lambda *_any: _raise(few))
    assert counted_anew(counted) is None
    assert len(contents(counted)) == 1 and lists_here(counted) == [] and opening.anew(counted.survey) is None
    entry = ledger.entries(counted.steps.actor(cast.LUZ), limit=1)[0]
    assert (entry.act, entry.facts["request"]) == ("count_answers", text.hash)
    assert entry.facts["refused"] == ["q5: together"]
    page = Desk(client, counted, cast.LUZ).read().content.decode()
    assert "Refused by the gate on" in page and "it would tell of few people" in page


def _raise(error: Exception) -> None:
    raise error


def test_a_co_chair_ends_it_before_the_count_and_what_was_peeled_is_gone(client, counted):
    asked(counted, JOBS)
    turned(counted)
    counted.peel(*ORDER[:2])
    page = Desk(client, counted, cast.DENISE).post("survey-further-stop", {"sure": "on"}).content.decode()
    assert "Ended by a co-chair on" in page and lists_here(counted) == []
    assert "What could be asked" in page


def test_it_does_not_end_by_one_press_of_a_button(client, counted):
    asked(counted, JOBS)
    again = turned(counted)
    counted.peel(ORDER[0])
    page = Desk(client, counted, cast.DENISE).post("survey-further-stop")
    assert page.status_code == 422 and "Nothing was ended." in page.content.decode()
    assert opening.anew(counted.survey) == again and responses.has_lists(counted.survey.public_id)


# Where a party does not come


def ticked(meeting: Meeting, days: int) -> None:
    with time.at(meeting.closing_time + timedelta(days=days)):
        reopening.tick()


def test_an_opening_anew_to_which_a_party_does_not_come_ends_by_itself_and_nothing_is_lost(client, counted, valley):
    text, days = asked(counted, JOBS), counted.survey.unopened_after_days
    again = turned(counted)
    counted.peel(*ORDER[:2])
    ticked(counted, 19 + days)
    assert opening.anew(counted.survey) == again and responses.has_lists(counted.survey.public_id)
    ticked(counted, 20 + days)
    again.refresh_from_db()
    assert again.outcome == Outcome.LATE and opening.anew(counted.survey) is None
    assert not responses.has_lists(counted.survey.public_id)
    assert len(contents(counted)) == 1 and SealedAnswer.objects.count() == 60
    (entry,) = ledger.entries(valley.actor(cast.LUZ), limit=1)
    assert (entry.act, entry.facts["request"]) == ("end_opening_anew", text.hash)
    counted.days = 20 + days
    page = Desk(client, counted, cast.LUZ).read().content.decode()
    assert "not every party had come" in page and "nothing is lost" in page
    asked(counted, JOBS)
    turned(counted)
    assert counted_anew(counted) is not None


def test_the_worker_ends_it_and_not_before_its_day(counted, monkeypatch):
    asked(counted, JOBS)
    again = turned(counted)
    with counted.on_opening_day():
        refused("early", reopening.end_late, operator(counted.survey.partnership_id), counted.id)
    monkeypatch.setattr(serving, "close_old_connections", lambda: None)
    with time.at(counted.closing_time + timedelta(days=20 + counted.survey.unopened_after_days)):
        serving.tick()
    again.refresh_from_db()
    assert again.outcome == Outcome.LATE


def test_it_never_outlasts_the_sealed_answers(valley):
    meeting = count(valley, 3)
    meeting.days = meeting.survey.destroy_after_days - 10
    asked(meeting, JOBS)
    again = turned(meeting)
    due = tally.destruction_due(meeting.survey)
    assert due and reopening.ends_on(meeting.survey, again) == due


def test_pages_and_request_say_until_when_every_party_can_come(client, counted):
    text = asked(counted, JOBS)
    again = turned(counted)
    day = dates.day(reopening.ends_on(counted.survey, again))
    assert day in Desk(client, counted, cast.LUZ).read().content.decode()
    page = Desk(client, counted, cast.LUZ).read("survey-opening").content.decode()
    assert day in page and "in 60 days, this ends by itself" in page
    with counted.on_opening_day():
        words = client.get(reverse("text", args=[cast.SLUG, text.pk])).content.decode()
    assert "within 60 days, it ends by itself" in words


def test_after_destruction_the_page_says_that_no_further_table_can_be_made(client, counted):
    with time.at(counted.closing_time + timedelta(days=400)):
        tally.tick()
    page = Desk(client, counted, cast.LUZ).read().content.decode()
    assert "The sealed answers are destroyed, so no further table can be made" in page


# What staff see


def test_the_later_release_is_published_beside_the_first_which_stays_as_it_was(counted):
    for row in Release.rows.within(counted.survey.partnership_id).order_by("number"):
        publish(counted, row)
    asked(counted, JOBS)
    turned(counted)
    later = counted_anew(counted)
    assert later is not None
    before = responses.bulletin(counted.survey.public_id)
    publish(counted, later)
    after = responses.bulletin(counted.survey.public_id)
    assert (bytes(after.release), after.page) == (bytes(before.release), before.page) and bytes(after.release)
    (posted,) = after.later
    assert posted["number"] == 2 and posted["release"].encode() == bytes(later.data)


def publish(meeting: Meeting, release: Release) -> None:
    lead = public.neutral_lead(json.loads(bytes(release.data)))
    with meeting.on_opening_day():
        propose(meeting.steps.actor(cast.LUZ), release.pk, lead=lead)
        writing.turn_all(meeting.steps, release.pk)
        tally.post_releases()
