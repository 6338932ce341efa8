"""A count whose certificate takes long: it waits unseen, goes on wherever it was stopped, and ends as in one go."""

import json
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse

from commonground.demo import cast
from commonground.disclosure.certificate import faults
from commonground.keeping import archive
from commonground.kernel import time
from commonground.kernel.text import canonical, sha256
from commonground.ledger import queries as ledger
from commonground.partnership.models import Membership
from commonground.releases import queries as releases
from commonground.releases.models import Release
from commonground.responses import queries as responses
from commonground.responses.models import SealedList
from commonground.sealing import codes as sealing
from commonground.sealing.export import read_bundle
from commonground.surveys import certification, certifier, counting, reminders, tally
from commonground.surveys.models import Publish, ReleaseDraft, Survey, SurveyState
from commonground.surveys.tests import meeting as meetings
from commonground.surveys.tests.meeting import refused
from commonground.surveys.tests.test_opening_screens import Desk, shares_of
from commonground.surveys.tests.test_tally import everything_stored
from tests.guards import walk

pytestmark = pytest.mark.django_db(databases=["default", "responses"])


@pytest.fixture(autouse=True)
def slices(monkeypatch, own_files):
    """Each slice of the work ends as soon as it may."""
    monkeypatch.setattr(certifier, "SLICE_SECONDS", 0)


def files():
    return sorted(path.name for path in certification._folder().glob("*"))


def certify(meeting, seconds=600.0):
    with meeting.on_opening_day():
        certifier.certify(seconds)


def tables(release):
    return json.loads(bytes(release.data))["tables"]


def test_a_count_waits_for_its_certificate_and_is_then_released(valley):
    meeting = meetings.peeled(valley).drafted()
    survey = meeting.survey
    assert survey.state == SurveyState.CLOSED and not Release.rows.within(valley.partnership.pk).exists()
    assert responses.bulletin(survey.public_id).receipts == "" and SealedList.objects.exists()
    certify(meeting)
    release = Release.rows.within(valley.partnership.pk).get()
    assert meeting.survey.state == SurveyState.COUNTED and not SealedList.objects.exists()
    assert len(responses.bulletin(survey.public_id).receipts.splitlines()) == 40
    assert not ReleaseDraft.rows.within(valley.partnership.pk).exists() and files() == []
    certificate = releases.certificate(valley.actor(cast.LUZ), release.pk)
    assert tables(release)["certificate"]["hash"] == sha256(certificate)
    assert faults(tables(release), certificate) == []


class Crash(Exception):
    pass


def crash(*_arguments, **_named):
    raise Crash


def the_draft():
    (draft,) = certification.waiting()
    return draft


def kept():
    """What is kept of the only count that waits: what was counted, and how far its certificate is."""
    found = certification.take(the_draft())
    assert found is not None
    return found


def in_one_go():
    """The tables and the certificate that the waiting count would get if nothing stopped it."""
    _counted, work = kept()
    while not work.go_on(lambda: False):
        pass
    return work.document, work.certificate()


def card_of(valley, meeting):
    card = releases.of_survey(valley.actor(cast.LUZ), meeting.id)
    assert card is not None
    return card


def released(valley, meeting):
    card = card_of(valley, meeting)
    return card.content["tables"], releases.certificate(valley.actor(cast.LUZ), card.id)


def test_slices_with_a_crash_in_each_give_the_bytes_of_one_go(valley, monkeypatch):
    meeting = meetings.peeled(valley).drafted()
    expected, slices = in_one_go(), 0
    while meeting.survey.state != SurveyState.COUNTED:
        slices += 1
        with monkeypatch.context() as broken:
            broken.setattr(certification, "note", crash)
            with pytest.raises(Crash):
                certify(meeting, 0)
        certify(meeting, 0)
    assert slices > 1 and released(valley, meeting) == expected


def test_progress_is_kept_after_each_slice(valley):
    meeting = meetings.peeled(valley).drafted()
    assert (the_draft().reached, the_draft().goals) == (0, kept()[1].progress[1])
    certify(meeting, 0)
    draft = the_draft()
    assert (draft.reached, draft.goals) == kept()[1].progress and draft.reached > 0


@pytest.mark.parametrize("step", ["_note_counted", "post_releases"])
def test_a_crash_at_the_end_is_repaired(valley, monkeypatch, step):
    meeting = meetings.peeled(valley).drafted()
    expected = in_one_go()
    with monkeypatch.context() as broken:
        broken.setattr(tally, step, crash)
        with pytest.raises(Crash):
            certify(meeting)
    certify(meeting)
    with meeting.on_opening_day():
        tally.tick()
    assert released(valley, meeting) == expected
    assert files() == [] and not SealedList.objects.exists()


def test_a_second_worker_leaves_a_count_alone_that_one_works_on(valley):
    meeting = meetings.peeled(valley).drafted()
    with certification.alone(the_draft()) as alone:
        assert alone
        certify(meeting)
    assert meeting.survey.state == SurveyState.CLOSED
    certify(meeting)
    assert meeting.survey.state == SurveyState.COUNTED


def test_a_count_that_waits_is_not_counted_again_nor_stopped(valley):
    meeting = meetings.peeled(valley)
    with meeting.on_opening_day():
        shares = meeting.shares()
        meeting.drafted()
        keeper = meeting.keeper(cast.TRADES)
        refused("state", tally.count, keeper, meeting.id, shares)
        refused("state", tally.share_task, keeper, meeting.id)
        refused("state", tally.recount_kit, keeper, meeting.id)
        refused("state", tally.stop, valley.actor(cast.LUZ), meeting.id, "Something is odd.")


def test_of_two_who_count_in_the_same_moment_the_second_changes_nothing(valley, monkeypatch):
    meeting = meetings.peeled(valley)
    soon = certification.soon

    def somebody_else_first(work, seconds):
        monkeypatch.setattr(certification, "soon", soon)
        meeting.drafted()
        return soon(work, seconds)

    with meeting.on_opening_day():
        shares = meeting.shares()
        for seconds in (600, 0):
            monkeypatch.setattr(certification, "soon", somebody_else_first)
            refused("state", tally.count, meeting.keeper(cast.TRADES), meeting.id, shares, seconds)
            assert len(certification.waiting()) == 1 and not responses.bulletin(meeting.survey.public_id).receipts
            certification.end(meeting.survey)


def test_another_survey_of_the_district_is_counted_after_it(valley):
    first, second = meetings.peeled(valley, 12), meetings.peeled(valley, 12)
    first.drafted()
    with second.on_opening_day():
        refused("certifying", tally.count, second.keeper(cast.TRADES), second.id, second.shares())
    certify(first)
    second.count()
    cards = [card_of(valley, meeting) for meeting in (first, second)]
    assert [each["hash"] for each in cards[1].content["tables"]["earlier"]] == [cards[0].hash]


def test_a_count_beside_which_another_release_left_is_done_again(valley):
    meeting = meetings.peeled(valley, 12).drafted()
    Release(
        partnership_id=valley.partnership.pk,
        survey_id=valley.partnership.pk,
        data=canonical({"tables": {}}),
        hash="0" * 64,
        seen_from=time.now(),
    ).save()
    certify(meeting)
    assert meeting.survey.state == SurveyState.CLOSED and certification.waiting() == [] and files() == []
    assert _acts(valley) == [{"again": True}, {"waits": True}]


def test_a_count_whose_files_are_gone_is_done_again_with_all_shares(valley):
    meeting = meetings.peeled(valley, 12).drafted()
    certification.erase(meeting.survey.public_id)
    certify(meeting)
    assert meeting.survey.state == SurveyState.CLOSED and certification.waiting() == []
    meeting.count()
    assert meeting.survey.state == SurveyState.COUNTED


def _acts(valley):
    entries = ledger.entries(valley.actor(cast.LUZ), limit=100)
    facts = [entry.facts for entry in entries if entry.act == "count_answers"]
    return [{name: value for name, value in each.items() if name != "survey"} for each in facts]


def test_the_release_is_the_act_of_whoever_counted_whatever_became_of_the_role(valley):
    meeting = meetings.peeled(valley, 12).drafted()
    counter = meeting.keeper(cast.CLASSIFIED)
    Membership.rows.within(valley.partnership.pk).filter(person=counter.person_id).update(until=time.now())
    certify(meeting)
    assert meeting.survey.state == SurveyState.COUNTED
    entries = ledger.entries(valley.actor(cast.LUZ), limit=100)
    hands = [(entry.by, entry.party) for entry in entries if entry.act == "count_answers"]
    assert counter.person_id and hands == [(counter.person_id.hex, counter.own_party.hex)] * 2


# Nobody sees it, and nothing holds it


CANARY = 31_337_421_753
SEEN = ("31337421753", "31,337,421,753", "31.337.421.753", "31\u00a0337\u00a0421\u00a0753")


@pytest.fixture
def marked(valley, monkeypatch):
    """A count that waits, among whose numbers is one that cannot come from elsewhere."""
    made = counting.release_content

    def content(*given):
        found = made(*given)
        found["counts"]["counted"] = found["tables"]["cells"][0]["n"] = CANARY
        return found

    monkeypatch.setattr(counting, "release_content", content)
    meeting = meetings.peeled(valley).drafted()
    counted, work = kept()
    assert counted.content["counts"]["counted"] == work.document["cells"][0]["n"] == CANARY
    return meeting


def test_no_table_and_no_backup_holds_anything_of_it(marked):
    stored = everything_stored()
    assert not [words for words in SEEN if words in stored]
    receipts = [sealing.code_receipt(marked.public_id, code).hex() for code in marked.codes]
    assert not [receipt for receipt in receipts if receipt in stored]
    for model in archive.kept_models():
        archive.write_rows(model, rows := BytesIO())
        assert not [words for words in SEEN if words in rows.getvalue().decode()], model
    assert ReleaseDraft not in archive.kept_models()


def test_its_files_are_for_their_owners_eyes_alone(marked):
    assert files() == [f"{marked.survey.public_id}.{part}" for part in ("rest", "work")]
    assert {path.stat().st_mode & 0o777 for path in certification._folder().glob("*")} == {0o600}
    assert certification._folder().stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("language", ["en", "es"])
def test_nobody_reads_a_number_of_it_on_any_page(marked, valley, client, language):
    spoken = {"Accept-Language": language}
    for member in cast.CAST:
        client.force_login(valley.people[member.name])
        for address in addresses(marked, valley):
            with marked.on_opening_day():
                page = b"".join(client.get(address, headers=spoken)).decode("utf8", "replace")
            assert not [words for words in SEEN if words in page], (member.name, address)


def addresses(meeting, valley):
    """Every address of the signed-in door that needs no more than the district and this survey."""
    known = {"district": valley.partnership.slug, "survey_id": meeting.id, "name": "share"}
    for route in walk.routes("commonground.config.urls"):
        if hasattr(route.view, "screen") and route.arguments <= known.keys():
            yield reverse(route.name, kwargs={name: known[name] for name in route.arguments})


def test_the_respondents_door_knows_nothing_of_it(marked):
    board = responses.bulletin(marked.survey.public_id)
    assert (board.receipts, bytes(board.signed), bytes(board.release)) == ("", b"", b"")


def test_what_anyone_takes_to_check_holds_nothing_of_it(marked, valley):
    exported = tally.export(valley.actor(cast.LUZ), marked.id)
    assert read_bundle(exported).receipts is None and read_bundle(exported).release == ""
    assert str(CANARY).encode() not in exported


# What becomes of it


def test_destruction_counts_from_the_day_of_the_count_and_takes_it_along(valley):
    meeting = meetings.peeled(valley, 12).drafted()
    with time.at(meeting.closing_time + timedelta(days=60)):
        tally.tick()
        assert meeting.survey.state == SurveyState.CLOSED and files()
    with time.at(meeting.closing_time + timedelta(days=185)):
        tally.tick()
        assert meeting.survey.state == SurveyState.DESTROYED and not files()
        certifier.certify()
    assert certification.waiting() == [] and releases.of_survey(valley.actor(cast.LUZ), meeting.id) is None


def test_no_keeper_gets_a_letter_while_it_waits(valley, mailoutbox):
    meeting = meetings.peeled(valley, 12).drafted()
    with time.at(meeting.closing_time + timedelta(days=179)):
        reminders.tick()
    assert mailoutbox == []


def test_a_release_at_once_reaches_staff_when_its_certificate_is_made(valley):
    meeting = meetings.answered(valley, 40)
    Survey.rows.within(valley.partnership.pk).filter(pk=meeting.id).update(publish=Publish.AT_ONCE)
    meeting.close().peel(*meetings.ORDER).drafted()
    assert not bytes(responses.bulletin(meeting.survey.public_id).release)
    certify(meeting)
    release = Release.rows.within(valley.partnership.pk).get()
    assert release.published_at and bytes(responses.bulletin(meeting.survey.public_id).release) == bytes(
        release.data
    )


# How it looks


def test_the_page_says_how_far_it_is_and_turns_into_the_results(valley, client):
    meeting = meetings.peeled(valley, 12).drafted()
    ReleaseDraft.rows.within(valley.partnership.pk).update(reached=45, goals=141)
    desk = Desk(client, meeting, cast.TOM)
    page = desk.words()
    assert "45 of 141 groups done" in page and '<progress max="141" value="45"' in page
    assert 'hx-trigger="every 5s"' in page and "Look again" in page and "Count the answers" not in page
    with meeting.on_opening_day():
        region = client.get(desk.url(), headers={"HX-Request": "true"})
    assert "HX-Refresh" not in region.headers and b"45 of 141" in region.content
    certify(meeting)
    with meeting.on_opening_day():
        assert client.get(desk.url(), headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert "Every party has seen the same results since" in desk.words()


def test_counting_on_the_page_leads_to_the_page_that_waits(valley, client, settings):
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, certify_seconds=0)
    meeting = meetings.peeled(valley, 12)
    desk = Desk(client, meeting, cast.TOM)
    with meeting.on_opening_day():
        page = desk.post("count", shares_of(meeting)).content.decode()
    assert "It begins within a minute." in page


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "45 of 141 groups done. Nobody sees a number"), ("es", "45 de 141 grupos listos. Nadie ve un número")],
)
def test_the_first_page_says_the_same(valley, client, language, words):
    valley.partnership.founded_at = time.now()
    valley.partnership.save()
    meeting = meetings.peeled(valley, 12).drafted()
    ReleaseDraft.rows.within(valley.partnership.pk).update(reached=45, goals=141)
    client.force_login(valley.people[cast.LUZ.name])
    with meeting.on_opening_day():
        assert words in client.get(valley.url(""), headers={"Accept-Language": language}).content.decode()
