"""Publishing: the whole page is frozen, every party turns its key, the respondents' door gets page and bytes."""

import json
from uuid import uuid4

import pytest
from django.test import Client, override_settings
from django_tasks_db.models import DBTaskResult

from commonground.approvals import actions as approvals
from commonground.approvals.models import FrozenText
from commonground.approvals.rules import State
from commonground.demo import cast
from commonground.insights import actions
from commonground.insights.examples import LEAD
from commonground.kernel import time
from commonground.kernel.errors import Refused
from commonground.kernel.text import sha256
from commonground.ledger import queries as ledger
from commonground.releases import examples
from commonground.releases.models import Release
from commonground.responses import page as public_page
from commonground.responses.models import Bulletin
from commonground.surveys import jobs, tally
from commonground.surveys.models import Survey
from commonground.surveys.tests import meeting as meetings

pytestmark = pytest.mark.django_db(databases=["default", "responses"])


@pytest.fixture
def meeting(valley):
    """A survey whose answers are counted and that all parties have seen."""
    counted = meetings.peeled(valley)
    counted.count()
    return counted


def release_of(meeting):
    return Release.rows.within(meeting.survey.partnership_id).get(survey_id=meeting.id)


def turn_all(valley, text):
    for founder in (cast.DANA, cast.LUZ, cast.RAY, cast.DENISE):
        approvals.turn_key(valley.actor(founder), text.pk, text.hash)


def test_staff_see_nothing_before_the_last_key(valley, meeting):
    text = actions.propose(valley.actor(cast.LUZ), release_of(meeting).pk, lead=LEAD)
    for founder in (cast.DANA, cast.LUZ, cast.RAY):
        approvals.turn_key(valley.actor(founder), text.pk, text.hash)
    assert tally.post_releases() == 0 and not Bulletin.objects.get(pk=meeting.survey.public_id).page


def test_the_last_key_gives_staff_exactly_the_frozen_page(valley, meeting):
    text = actions.propose(valley.actor(cast.LUZ), release_of(meeting).pk, lead=LEAD)
    turn_all(valley, text)
    tally.post_releases()
    posted = Bulletin.objects.get(pk=meeting.survey.public_id)
    release = release_of(meeting)
    assert release.published_at and release.posted
    assert posted.page == {**json.loads(text.body)["page"], "on": posted.page["on"]}
    assert posted.page["lead"] == LEAD
    assert sha256(bytes(posted.release)) == release.hash
    facts = [entry.facts for entry in ledger.entries(valley.actor(cast.LUZ), limit=10)]
    assert any(each.get("release") == release.hash for each in facts)


def test_staff_can_take_the_certificate_that_their_numbers_name(valley, meeting):
    release, survey = release_of(meeting), meeting.survey.public_id
    with override_settings(ROOT_URLCONF="commonground.config.urls_respond"):
        file = f"/s/{survey}/en/results/release.certificate.npz"
        assert Client().get(file).status_code == 404
        turn_all(valley, actions.propose(valley.actor(cast.LUZ), release.pk, lead=LEAD))
        tally.post_releases()
        assert file in Client().get(f"/s/{survey}/en/results/").content.decode()
        taken = Client().get(file).content
    assert sha256(taken) == json.loads(bytes(release.data))["tables"]["certificate"]["hash"]


def test_the_worker_posts_the_page_as_soon_as_the_last_key_is_turned(valley, meeting):
    turn_all(valley, actions.propose(valley.actor(cast.LUZ), release_of(meeting).pk, lead=LEAD))
    for waiting in DBTaskResult.objects.ready().filter(task_path=jobs.post_releases.module_path):
        waiting.task.call(*waiting.args_kwargs["args"])
    assert Bulletin.objects.get(pk=meeting.survey.public_id).page["lead"] == LEAD


def test_posting_may_be_repeated_and_changes_nothing(valley, meeting):
    turn_all(valley, actions.propose(valley.actor(cast.LUZ), release_of(meeting).pk, lead=LEAD))
    tally.post_releases()
    first = Bulletin.objects.get(pk=meeting.survey.public_id).page
    Release.rows.within(valley.partnership.pk).update(posted=False)
    assert tally.post_releases() == 1 and tally.post_releases() == 0
    assert Bulletin.objects.get(pk=meeting.survey.public_id).page == first


def test_a_published_release_is_not_published_again(valley, meeting):
    release = release_of(meeting)
    turn_all(valley, actions.propose(valley.actor(cast.LUZ), release.pk, lead=LEAD))
    with pytest.raises(Refused, match="already"):
        actions.propose(valley.actor(cast.DENISE), release.pk, lead=LEAD)


def test_words_in_one_language_are_refused(valley):
    release = examples.stored(valley.actor(cast.LUZ), uuid4())
    with pytest.raises(Refused, match="both languages"):
        actions.propose(valley.actor(cast.LUZ), release.pk, lead={"en": "Only English.", "es": " "})
    assert not FrozenText.rows.within(valley.partnership.pk).exists()


def test_a_paper_that_says_at_once_publishes_with_the_count(valley):
    counted = meetings.peeled(valley)
    Survey.rows.within(valley.partnership.pk).filter(pk=counted.id).update(publish="at_once")
    counted.count()
    page = Bulletin.objects.get(pk=counted.survey.public_id).page
    assert release_of(counted).posted
    assert page["lead"]["en"].startswith("Answered: 40 of") and page["lead"]["es"] != page["lead"]["en"]
    public_page.check(page)


def test_the_page_for_keys_reads_every_word(valley, client):
    release = examples.stored(valley.actor(cast.LUZ), uuid4())
    text = actions.propose(valley.actor(cast.LUZ), release.pk, lead=LEAD)
    client.force_login(valley.people["Denise Park"])
    page = client.get(valley.url(f"texts/{text.pk}/")).content.decode()
    for words in (LEAD["en"], LEAD["es"], "not shown, to protect people", "I can take my full break on most days."):
        assert words in page


# The screen


@pytest.fixture
def stored(valley):
    return examples.stored(valley.actor(cast.LUZ), uuid4())


def fields(**changed):
    return {"lead_en": LEAD["en"], "lead_es": LEAD["es"], **changed}


def test_freezing_on_the_screen_lays_it_before_all(valley, stored, client):
    client.force_login(valley.people["Luz Ortega"])
    days = {"on_1": "2027-01-21", "next_1_en": "We plan break cover.", "next_1_es": "Planeamos el relevo."}
    answer = client.post(valley.url(f"releases/{stored.pk}/publish/"), fields(freeze="1", **days))
    text = FrozenText.rows.within(valley.partnership.pk).get(subject_id=stored.pk)
    assert answer.status_code == 302 and str(text.pk) in answer["Location"]
    assert text.state == State.WAITING and text.bound.count() == 4
    assert json.loads(text.body)["page"]["blocks"][-1]["items"][0]["on"] == "2027-01-21"
    assert "waits for keys" in client.get(valley.url(f"releases/{stored.pk}/")).content.decode()


def test_a_look_freezes_nothing_and_shows_the_words(valley, stored, client):
    client.force_login(valley.people["Luz Ortega"])
    page = client.post(valley.url(f"releases/{stored.pk}/publish/"), fields(preview="1")).content.decode()
    assert page.count(LEAD["en"]) == 2
    assert not FrozenText.rows.within(valley.partnership.pk).exists()


def test_half_a_day_is_refused_and_the_words_stay(valley, stored, client):
    client.force_login(valley.people["Luz Ortega"])
    path = valley.url(f"releases/{stored.pk}/publish/")
    answer = client.post(path, fields(freeze="1", next_2_en="We meet."))
    assert answer.status_code == 422 and "We meet." in answer.content.decode()
    assert not FrozenText.rows.within(valley.partnership.pk).exists()


def test_who_serves_neither_side_as_writer_may_not_propose(valley, stored, client):
    client.force_login(valley.people["Noor Haddad"])
    assert client.get(valley.url(f"releases/{stored.pk}/publish/")).status_code == 403
    assert "Propose publishing" not in client.get(valley.url(f"releases/{stored.pk}/")).content.decode()


def test_the_day_on_the_page_is_that_of_the_last_key(valley, meeting):
    text = actions.propose(valley.actor(cast.LUZ), release_of(meeting).pk, lead=LEAD)
    turn_all(valley, text)
    zone = json.loads(bytes(release_of(meeting).data))["words"]["timezone"]
    assert release_of(meeting).page["on"] == time.today(zone).isoformat()
