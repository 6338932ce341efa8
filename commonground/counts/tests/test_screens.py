"""The pages of counts, from the file to what staff see."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from commonground.counts.examples import TITLE, walk
from commonground.counts.models import CountsDraft
from commonground.counts.tests.test_counts import released
from commonground.demo import cast
from commonground.surveys import tally

pytestmark = pytest.mark.django_db(databases=["default", "responses"])
HERE = f"/d/{cast.SLUG}/counts/"


def asked(data, **changes):
    given = {"did": "took_part", "title_en": TITLE["en"], "title_es": TITLE["es"], "on": "2027-02-03"}
    return {**given, "file": SimpleUploadedFile("walk.csv", data), **changes}


def test_a_file_is_looked_at_then_frozen(valley, client):
    client.force_login(valley.people[cast.SAM.name])
    assert "Places and jobs" in client.get(HERE).content.decode()
    looked = client.post(HERE, asked(walk(valley.partnership.pk).data), follow=True)
    assert "What staff would see" in looked.content.decode() and "Lunch walk" in looked.content.decode()
    draft = CountsDraft.rows.within(valley.partnership.pk).get()
    frozen = client.post(f"{HERE}{draft.pk}/", {"freeze": "1"}, follow=True)
    assert frozen.status_code == 200 and "Who took part: Lunch walk" in frozen.content.decode()
    assert "waits for keys" in client.get(f"{HERE}{draft.pk}/").content.decode()


def test_a_fault_stands_at_the_file_and_nothing_is_kept(valley, client):
    client.force_login(valley.people[cast.LUZ.name])
    answer = client.post(HERE, asked(b"site,people\nAtlantis,12\n"))
    assert answer.status_code == 422 and "Line 2, column site" in answer.content.decode()
    half = client.post(HERE, asked(walk(valley.partnership.pk).data, question_en="Again?"))
    assert half.status_code == 422 and "both languages" in half.content.decode()
    assert not CountsDraft.rows.within(valley.partnership.pk).exists()


def test_what_is_not_wanted_is_erased(valley, client):
    client.force_login(valley.people[cast.LUZ.name])
    client.post(HERE, asked(walk(valley.partnership.pk).data))
    draft = CountsDraft.rows.within(valley.partnership.pk).get()
    gone = client.post(f"{HERE}{draft.pk}/", {"erase": "1"}, follow=True)
    assert "The counts are erased" in gone.content.decode()
    assert client.get(f"{HERE}{draft.pk}/").status_code == 404


def test_the_table_to_fill_in_has_every_place(valley, client):
    client.force_login(valley.people[cast.LUZ.name])
    rows = client.get(f"{HERE}table.csv").content.decode("utf-8-sig").splitlines()
    assert rows[0] == "site,name,people" and len(rows) > 3


def test_a_release_of_counts_has_its_page_and_its_bytes(valley, client):
    release = released(valley, walk(valley.partnership.pk))
    client.force_login(valley.people[cast.LUZ.name])
    listed = client.get(f"/d/{cast.SLUG}/releases/").content.decode()
    assert "Who took part: Lunch walk" in listed and "Took part:" in listed
    here = f"/d/{cast.SLUG}/releases/{release.pk}/"
    page = client.get(here).content.decode()
    assert "By place" in page and release.hash in page
    assert "The certificate holds made-up counts" in page and ".certificate.npz</code>" in page
    assert f"{here}files/certificate.npz/" in page
    assert client.get(f"{here}files/certificate.npz/").status_code == 200
    assert client.get(f"{here}files/json/").content == bytes(release.data)
    assert client.get(f"{here}files/csv/").status_code == 404
    assert client.get(f"{here}questions/q3/").status_code == 404


def test_staff_read_it_on_the_respondents_door_in_both_languages(valley, settings, client):
    release = released(valley, walk(valley.partnership.pk))
    tally.post_releases()
    settings.ROOT_URLCONF = "commonground.config.urls_respond"
    count = release.survey_id.hex
    english, spanish = (client.get(f"/c/{count}/{code}/").content.decode() for code in ("en", "es"))
    assert "Who took part: Lunch walk" in english and "Caminata del almuerzo" in spanish
    assert client.get(f"/c/{count}/en/release.json").content == bytes(release.data)
    assert "The certificate holds made-up counts" in english
    assert f"/c/{count}/en/release.certificate.npz" in english
    assert f"/c/{count}/en/" in client.get("/en/").content.decode()
    assert client.get(f"/c/{'0' * 32}/en/").status_code == 404
    assert client.get(f"/c/{'0' * 32}/en/release.json").status_code == 404
