"""The release of comments: checked by command, published with every key, shown beside the numbers."""

import json

import pytest
from django.test import Client, override_settings

from commonground.comments.tests import reviewing
from commonground.comments.tests.reviewing import LABOR, MANAGEMENT, publish, redact
from commonground.config import checking
from commonground.demo import cast
from commonground.insights import actions as insights
from commonground.releases import public, quotes
from commonground.releases.models import Release
from commonground.responses import board
from commonground.responses.models import Bulletin
from commonground.surveys import tally
from commonground.surveys.tests.writing import turn_all

pytestmark = pytest.mark.django_db(databases=["default", "responses"], transaction=True)


@pytest.fixture
def reviewed(valley):
    review = reviewing.counted(valley)
    review.decide(LABOR, publish)
    review.decide(MANAGEMENT, redact)
    review.write(LABOR)
    return review, review.agree(MANAGEMENT)


def test_every_command_finds_both_releases_well(reviewed, tmp_path, capsys):
    review, release = reviewed
    rows = Release.rows.within(review.meeting.survey.partnership_id).filter(survey_id=review.meeting.id)
    for row in rows:
        file = tmp_path / f"{row.number}.json"
        file.write_bytes(bytes(row.data))
        assert checking.verify_release(file, []) == 0, capsys.readouterr()
    told = json.loads(bytes(release.data))
    told["comments"]["q3"]["quotes"] = ["b", "a"]
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps(told))
    assert checking.verify_release(broken, []) == 1
    export = tmp_path / "survey.cg"
    export.write_bytes(tally.export(review.actor(cast.DANA), review.meeting.id))
    assert checking.main(export) == 0


def test_staff_see_it_beside_the_numbers_once_every_key_is_turned(reviewed, valley):
    review, release = reviewed
    steps, survey = review.meeting.steps, review.meeting.survey
    numbers = Release.rows.within(survey.partnership_id).get(survey_id=survey.pk, number=1)
    with review.meeting.on_opening_day():
        for each in (numbers, release):
            content = json.loads(bytes(each.data))
            insights.propose(steps.actor(cast.LUZ), each.pk, lead=public.neutral_lead(content))
            turn_all(steps, each.pk)
        tally.post_releases()
    posted = Bulletin.objects.get(pk=survey.public_id)
    assert bytes(posted.release) == bytes(numbers.data)
    assert bytes(posted.comments) == bytes(release.data)
    with override_settings(ROOT_URLCONF="commonground.config.urls_respond"):
        page = Client().get(f"/s/{survey.public_id}/es/results/")
        assert page.status_code == 200
        words = page.content.decode()
        assert "Lo que escribió la gente" in words and "no shade, says […]" in words
        file = Client().get(f"/s/{survey.public_id}/es/results/comments.json")
        assert file.content == bytes(release.data)
    assert board.release(survey.public_id, "comments")


def test_pages_of_the_committee_tell_both(reviewed, valley, client):
    review, release = reviewed
    client.force_login(valley.people[cast.LUZ.name])
    page = client.get(valley.url(f"releases/{release.pk}/")).content.decode()
    assert "nearly always agreed" in page and "kappa 1.00" in page
    assert "30 of the 40 people" in page
    assert client.get(valley.url(f"releases/{release.pk}/files/json/")).content == bytes(release.data)
    for path in ("files/xlsx/", "questions/q1/"):
        assert client.get(valley.url(f"releases/{release.pk}/{path}")).status_code == 404
    assert "What people wrote" in client.get(valley.url("releases/")).content.decode()
    numbers = Release.rows.within(valley.partnership.pk).get(survey_id=review.meeting.id, number=1)
    assert "sealed to two reviewers" in client.get(valley.url(f"releases/{numbers.pk}/")).content.decode()


@pytest.mark.parametrize(
    ("kappa", "words"), [(0.9, "nearly always"), (0.5, "mostly"), (0.3, "in part"), (-0.2, "hardly")]
)
def test_kappa_is_told_in_plain_words(kappa, words):
    theme = {"en": "Shade", "es": "Sombra", "mentions": 12, "kappa": kappa}
    told = {"written": 30, "themes": [theme], "quotes": []}
    words_of = {"title": {"en": "S", "es": "S"}, "questions": [{"id": "q3", "text": {"en": "?", "es": "?"}}]}
    content = {"comments": {"q3": told}, "answered": 60, "minimum": 10, "words": {**words_of, "reviewers": ["A"]}}
    table = next(block for block in quotes.blocks(content) if block["kind"] == "table")
    assert words in table["rows"][0][2]["en"]


@pytest.mark.parametrize(("written", "words"), [(30, "21 or more"), (None, "10 or more")])
def test_a_theme_without_its_number_is_told_without_kappa(written, words):
    theme = {"en": "Shade", "es": "Sombra", "mentions": None, "kappa": None}
    row = quotes._theme(theme, written, 10)
    assert [each["en"] for each in row] == ["Shade", words, "not shown, to protect people"]


@pytest.mark.parametrize(
    ("answered", "words"), [(19, "At least 10 of the 19"), (20, "At least 11"), (60, "At least 51")]
)
def test_where_nearly_everyone_wrote_it_says_how_many_at_least(answered, words):
    assert words in quotes._written(None, answered, 10) and words in quotes._written_here(None, answered, 10)
