"""The opening's page and its forms as the cast sees them."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.template.base import Template
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commonground.access.actor import operator
from commonground.config import checking
from commonground.demo import cast
from commonground.kernel import time
from commonground.ledger import queries as ledger
from commonground.releases.models import Release
from commonground.sealing.export import read_bundle, write_bundle
from commonground.sealing.formats import cut_in_chunks
from commonground.sealing.keeper import answer_task
from commonground.surveys import ending, opening, tally
from commonground.surveys.models import SurveyState
from commonground.surveys.tests import meeting as meetings
from commonground.surveys.tests import writing
from commonground.surveys.tests.meeting import ORDER, changed

pytestmark = pytest.mark.django_db(databases=["default", "responses"])
FIRST, SECOND = cast.TEACHERS, cast.CLASSIFIED


class Desk:
    """Somebody at the opening's page, on the day of the opening unless told otherwise."""

    def __init__(self, client, meeting, member, moment=None):
        client.force_login(meeting.steps.valley.people[member.name])
        self.client, self.meeting = client, meeting
        self.moment = moment or meeting.closing_time + timedelta(days=5)

    def url(self, page="", **more):
        route = f"survey-opening-{page}" if page else "survey-opening"
        slug = self.meeting.steps.valley.partnership.slug
        return reverse(route, kwargs={"district": slug, "survey_id": self.meeting.id, **more})

    def read(self, page="", **more):
        with time.at(self.moment):
            return self.client.get(self.url(page, **more))

    def words(self):
        return self.read().content.decode()

    def post(self, act, data=None, **more):
        with time.at(self.moment):
            return self.client.post(self.url(act), data or {}, follow=True, **more)

    def piece(self, data):
        return self.post("result", data, content_type="application/octet-stream").status_code


def upload(data, name="result.cg"):
    return SimpleUploadedFile(name, data, content_type="application/octet-stream")


def test_before_the_time_is_over_the_page_says_when_it_closes(client, valley):
    meeting = meetings.answered(valley, 1)
    desk = Desk(client, meeting, cast.LUZ, meeting.closing_time - timedelta(hours=1))
    words = desk.words()
    assert "Answers are still coming in" in words and "Close now" not in words
    desk.post("close")
    assert meeting.survey.state == SurveyState.LAUNCHED


def test_when_the_time_is_over_a_cochair_closes_and_a_member_does_not(client, valley):
    meeting = meetings.answered(valley, 3)
    member = Desk(client, meeting, cast.ELENA, meeting.closing_time)
    assert "Close now" not in member.words() and member.post("close").status_code == 403
    luz = Desk(client, meeting, cast.LUZ, meeting.closing_time)
    assert "Close now" in luz.words()
    words = luz.post("close").content.decode()
    assert "its list is fixed" in words and "Everyone can look" in words
    listed = tally.closing_facts(meeting.survey)
    assert listed["list_hash"] in words and listed["merkle_root"] in words


def test_outsiders_find_nothing(client, valley, neighbor):
    meeting = meetings.closed(valley, 1)
    client.force_login(neighbor.people[cast.NEIGHBOR.name])
    for slug in (valley.partnership.slug, neighbor.partnership.slug):
        address = reverse("survey-opening", kwargs={"district": slug, "survey_id": meeting.id})
        assert client.get(address).status_code == 404


def test_a_draft_has_no_opening(client, valley):
    steps = writing.drafted(valley)
    client.force_login(valley.people[cast.LUZ.name])
    kwargs = {"district": valley.partnership.slug, "survey_id": steps.survey.pk}
    answer = client.get(reverse("survey-opening", kwargs=kwargs))
    assert answer.status_code == 302 and answer["Location"] == reverse("survey", kwargs=kwargs)


def test_the_keeper_of_the_next_party_takes_the_layer_off_in_pieces(client, valley):
    meeting = meetings.closed(valley, 6)
    grace = Desk(client, meeting, cast.GRACE)
    assert "data-ceremony" in grace.words()
    with meeting.on_opening_day():
        answer = answer_task(grace.read("task", name="peel").content, meeting.steps.phrases[FIRST])
    pieces = [piece.to_bytes() for piece in cut_in_chunks(answer, 1500)]
    assert {grace.piece(piece) for piece in (*pieces[:2], pieces[1], *pieces[2:])} == {204}
    words = grace.words()
    assert "Our layer is off." in words and "by Grace Okafor" in words and "6 of 6 answers" in words
    assert "data-ceremony" not in words and "We wait for Classified Employees" in words
    assert opening.steps(meeting.survey).get().output_hash in answer.decode("latin1")
    assert Desk(client, meeting, cast.ELENA).words().count("data-ceremony ") == 1


def test_the_result_as_an_uploaded_file_and_again(client, valley):
    meeting = meetings.closed(valley, 3)
    dana = Desk(client, meeting, cast.DANA)
    with meeting.on_opening_day():
        result = meeting.result(FIRST)
    assert "Please choose the file" in dana.post("result").content.decode()
    for _ in range(2):
        assert "Every item opened" in dana.post("result", {"file": upload(result)}).content.decode()
    assert opening.steps(meeting.survey).count() == 1


def test_a_wrong_file_is_answered_in_words_on_the_page(client, valley):
    meeting = meetings.closed(valley, 3)
    dana = Desk(client, meeting, cast.DANA)
    with meeting.on_opening_day():
        result = meeting.result(FIRST)
    words = dana.post("result", {"file": upload(result[:-7])}).content.decode()
    assert "cut short" in words
    *most, last = [piece.to_bytes() for piece in cut_in_chunks(changed(result, layer=2), 1500)]
    assert {dana.piece(piece) for piece in (*most, last)} == {204}
    assert dana.words().count("for another party or layer") == 1
    assert dana.piece(b"no piece") == 422
    assert not opening.steps(meeting.survey).exists()


@pytest.mark.parametrize(("member", "status"), [(cast.HELEN, 409), (cast.LUZ, 409), (cast.SAM, 403)])
def test_whoever_has_no_turn_gets_no_task_and_hands_in_nothing(client, valley, member, status):
    meeting = meetings.closed(valley, 3)
    desk = Desk(client, meeting, member)
    with meeting.on_opening_day():
        result = meeting.result(FIRST)
    assert "data-ceremony" not in desk.words()
    assert desk.read("task", name="peel").status_code == status
    desk.post("result", {"file": upload(result)})
    assert not opening.steps(meeting.survey).exists()
    assert desk.read("task", name="other").status_code in (403, 404)


# The meeting


def shares_of(meeting):
    with meeting.on_opening_day():
        return {f"typed-{party.hex}": share.hex() for party, share in meeting.shares().items()}


def test_all_shares_at_once_count_and_every_party_sees_the_same(client, valley):
    meeting = meetings.peeled(valley, 30)
    ray = Desk(client, meeting, cast.RAY)
    assert "one share of every party" in ray.words()
    data = shares_of(meeting)
    with meeting.on_opening_day():
        file = meeting.share_file(SECOND)
    data.pop(f"typed-{meeting.party(SECOND).hex}")
    data[f"file-{meeting.party(SECOND).hex}"] = upload(file)
    words = ray.post("count", data).content.decode()
    assert "The answers are counted" in words
    release = Release.rows.within(valley.partnership.pk).get()
    for member in (cast.LUZ, cast.DENISE, cast.SAM):
        words = Desk(client, meeting, member).words()
        assert "Every party has seen the same results since" in words and f"/releases/{release.pk}/" in words
    assert json.loads(bytes(release.data))["counts"]["counted"] == 30


def test_the_page_leads_to_the_kit_after_the_count_and_to_the_sheets_after_destruction(client, valley):
    meeting = meetings.peeled(valley, 30)
    meeting.count()
    luz = Desk(client, meeting, cast.LUZ)
    assert luz.url("kit") in luz.words() and luz.read("kit").status_code == 200
    later = meeting.closing_time + timedelta(days=400)
    with time.at(later):
        tally.destroy(operator(valley.partnership.pk), meeting.id)
    luz = Desk(client, meeting, cast.LUZ, later)
    words = luz.words()
    assert luz.url("sheets") in words and luz.url("kit") not in words


def test_wrong_or_missing_shares_keep_what_was_typed_and_open_nothing(client, valley):
    meeting = meetings.peeled(valley, 3)
    ray = Desk(client, meeting, cast.RAY)
    data = shares_of(meeting)
    own = f"typed-{meeting.party(cast.TRADES).hex}"
    answer = ray.post("count", {**data, own: ""})
    assert answer.status_code == 422 and "This share is missing." in answer.content.decode()
    assert "choose the file of every party again" not in answer.content.decode()
    with_file = ray.post("count", {**data, own: "", f"file-{own[6:]}": SimpleUploadedFile("share.cg", b"no file")})
    assert "This is no share" in with_file.content.decode()
    assert "choose the file of every party again" in with_file.content.decode()
    kept = data[f"typed-{meeting.party(FIRST).hex}"]
    assert kept in answer.content.decode() and "no-store" in answer["Cache-Control"]
    guess = ray.post("count", {**data, own: "00" * 32})
    assert "one of them is not right" in guess.content.decode()
    assert meeting.survey.state == SurveyState.CLOSED and not Release.rows.within(valley.partnership.pk).exists()
    ray.post("count", data)
    assert "has moved on" in ray.post("count", data).content.decode()


def test_shares_before_the_last_layer_is_off_open_nothing(client, valley):
    meeting = meetings.peeled(valley, 3, ORDER[:3])
    answer = Desk(client, meeting, cast.RAY).post("count", {})
    assert "when every layer is off" in answer.content.decode()


# Standing still, the end, checking


def test_a_stop_is_laid_before_all_parties(client, valley):
    meeting = meetings.closed(valley, 3)
    luz = Desk(client, meeting, cast.LUZ)
    assert luz.post("stop", {"reason": ""}).status_code == 422
    answer = luz.post("stop", {"reason": "An answer is not in the list."})
    assert "An answer is not in the list." in answer.content.decode()
    dana = Desk(client, meeting, cast.DANA)
    assert "The opening stands still" in dana.words() and "data-ceremony" not in dana.words()
    assert Desk(client, meeting, cast.SAM).post("stop", {"reason": "No."}).status_code == 403


def test_a_missing_answer_is_handed_in_on_the_page_and_every_party_sees_it(client, valley):
    meeting = meetings.answered(valley, 3)
    there, proof = meeting.by_pass(), meeting.drop(meeting.by_pass())
    meeting.close()
    elena = Desk(client, meeting, cast.ELENA)
    assert "Hand in the proof of a missing answer" in elena.words()
    assert elena.post("proof", {}).status_code == 422
    refused = elena.post("proof", {"pasted": "{}"})
    assert refused.status_code == 422 and "This is not the proof of an answer." in refused.content.decode()
    assert "Nothing is missing" in elena.post("proof", {"pasted": there.to_bytes().decode()}).content.decode()
    assert "The opening stands still" not in elena.words()
    answer = elena.post("proof", {"proof_file": SimpleUploadedFile("proof.json", proof.to_bytes())})
    assert "It is proven" in answer.content.decode()
    for member in (cast.DANA, cast.DENISE, cast.SAM):
        words = Desk(client, meeting, member).words()
        assert "The opening stands still" in words and "1 answer is proven to be missing" in words
        assert proof.key.hex() not in words
    assert "Hand in the proof of a missing answer" not in Desk(client, meeting, cast.SAM).words()
    luz = Desk(client, meeting, cast.LUZ)
    text = luz.post("stop", {"reason": "We know why."}).content.decode()
    assert "1 answer that is proven to be missing" in text


def test_a_party_that_does_not_come_ends_in_destruction(client, valley):
    meeting = meetings.closed(valley, 3)
    luz = Desk(client, meeting, cast.LUZ)
    assert "destroyed unopened" in luz.words() and "Destroy the sealed answers" not in luz.words()
    assert "has not come" in luz.post("destroy").content.decode()
    later = Desk(client, meeting, cast.LUZ, meeting.closing_time + timedelta(days=60))
    assert "Destroy the sealed answers" in later.words()
    assert "They were never opened." in later.post("destroy").content.decode()
    assert meeting.survey.state == SurveyState.DESTROYED
    assert Desk(client, meeting, cast.SAM).post("destroy").status_code == 403


def test_after_destruction_each_party_says_that_its_sheets_are_shredded(client, valley):
    meeting = meetings.closed(valley, 3)
    on = meeting.closing_time + timedelta(days=60)
    luz = Desk(client, meeting, cast.LUZ, on)
    assert "Opening sheets" not in luz.words()
    words = luz.post("destroy").content.decode()
    assert words.count("Not said yet.") == 4 and "taking the answers out of its backups" in words
    assert luz.post("sheets", {"witness": ""}).status_code == 422
    dana, denise = valley.people[cast.DANA.name], valley.people[cast.DENISE.name]
    assert luz.post("sheets", {"witness": dana.pk}).status_code == 422, "Dana is of labor too"
    assert luz.post("sheets", {"witness": "Denise"}).status_code == 422
    words = luz.post("sheets", {"witness": denise.pk}).content.decode()
    assert "It stands in the record" in words and "Denise" in words and words.count("Not said yet.") == 3
    assert "Every sheet of ours is shredded" not in words
    assert "Your party has said so already" in luz.post("sheets", {"witness": denise.pk}).content.decode()
    assert Desk(client, meeting, cast.SAM, on).post("sheets", {"witness": denise.pk}).status_code == 403
    with time.at(on):
        ending.tick()
    assert "No backup held the answers." in Desk(client, meeting, cast.DENISE, on).words()


def test_a_restore_and_what_may_remain_elsewhere_are_said(client, valley):
    meeting = meetings.closed(valley, 3)
    on = meeting.closing_time + timedelta(days=60)
    backups = {"cleared": ["2026-10-01", "2026-10-02"], "elsewhere": ["2026-10-03"]}
    restores = [{"on": "2026-10-04", "backup_of": "2026-10-03", "more": 61}]
    Desk(client, meeting, cast.LUZ, on).post("destroy")
    type(meeting.survey).rows.within(valley.partnership.pk).update(backups=backups, restores=restores)
    words = Desk(client, meeting, cast.LUZ, on).words()
    assert "taken out of 2 backups" in words and "What may remain elsewhere" in words
    assert "Saturday, October 3, 2026" in words and "Up to 61 people can take a pass once more" in words


def test_the_exported_file_is_checked_without_a_server(client, valley, tmp_path, capsys):
    meeting = meetings.answered(valley, 12)
    proof, _second, _third = (meeting.by_pass() for _ in range(3))
    assert Desk(client, meeting, cast.LUZ).read("export").status_code == 409
    meeting.close().peel(*ORDER)
    file, kept, record = (tmp_path / name for name in ("survey.cg", "proof.json", "record.jsonl"))
    kept.write_bytes(proof.to_bytes())
    for act in (lambda: None, meeting.count):
        act()
        file.write_bytes(Desk(client, meeting, cast.LUZ).read("export").content)
        record.write_text(ledger.exported(valley.actor(cast.LUZ), "Valley"))
        assert checking.main(file, kept, record) == 0, capsys.readouterr()
    said = capsys.readouterr().out
    assert "Answers that counted: 15" in said and "3 by pass" in said and "Release: " in said
    bundle = read_bundle(file.read_bytes())
    assert len(bundle.rows or ()) == 15 and len(bundle.signed) == 3
    other = replace(bundle.peels[1], input_hash=bytes(32))
    file.write_bytes(write_bundle(replace(bundle, peels=(bundle.peels[0], other, *bundle.peels[2:]))))
    assert checking.main(file, record=record) == 1
    found = capsys.readouterr().err
    assert "another list was peeled" in found and "The record holds no “open_seal”" in found
    file.write_bytes(write_bundle(replace(bundle, certificate=b"another")))
    assert checking.main(file) == 1 and "not the certificate that the release names" in capsys.readouterr().err
    file.write_bytes(write_bundle(replace(bundle, release=bundle.release.replace('"loss"', '"lost"', 1))))
    assert checking.main(file) == 1 and "lacks a part" in capsys.readouterr().err
    assert checking.main(file, record=record) == 1 and "holds no “count_answers”" in capsys.readouterr().err
    file.write_bytes(b"{}")
    assert checking.main(file) == 1


def test_after_destruction_the_file_holds_no_sealed_answer(client, valley, tmp_path, capsys):
    meeting = meetings.answered(valley, 6)
    meeting.by_pass()
    meeting.close()
    later = Desk(client, meeting, cast.LUZ, meeting.closing_time + timedelta(days=60))
    later.post("destroy")
    file = tmp_path / "survey.cg"
    file.write_bytes(later.read("export").content)
    assert read_bundle(file.read_bytes()).rows is None
    assert checking.main(file) == 0 and "can be checked no more" in capsys.readouterr().out


def test_queries_do_not_grow_with_layers_off(client, valley, django_assert_num_queries):
    meeting = meetings.closed(valley, 1)
    desk = Desk(client, meeting, cast.SAM)
    meeting.peel(FIRST)
    with CaptureQueriesContext(connections["default"]) as first:
        assert desk.read().status_code == 200
    meeting.peel(*ORDER[1:3])
    with django_assert_num_queries(len(first)):
        assert desk.read().status_code == 200
    assert len(first) <= 30


@pytest.mark.parametrize("off", [0, 2, 4])
def test_no_query_while_the_page_is_drawn(client, valley, off, monkeypatch):
    meeting = meetings.peeled(valley, 1, ORDER[:off])
    desk = Desk(client, meeting, cast.DANA)
    desk.read()
    draw = Template.__dict__["_render"]

    def guarded(self, context):
        def refuse(execute, sql, params, many, context):
            raise AssertionError(f"a template asks the database: {sql[:200]}")

        with connections["default"].execute_wrapper(refuse), connections["responses"].execute_wrapper(refuse):
            return draw(self, context)

    monkeypatch.setattr(Template, "_render", guarded)
    assert desk.read().status_code == 200


def test_the_keepers_page_may_speak_with_the_page_that_opened_it(client, valley):
    """Two pages see each other only under one and the same Cross-Origin-Opener-Policy."""
    opened = Desk(client, meetings.closed(valley, 0), cast.DANA).read()
    keys = client.get(reverse("keys-page"))
    header = "Cross-Origin-Opener-Policy"
    assert opened[header] == keys[header] == "same-origin"
    assert "connect-src 'self'" in opened["Content-Security-Policy"]
    assert keys["Content-Security-Policy"].startswith("default-src 'none'; script-src 'sha256-")
