"""What a labor organization puts on its own server: the frozen page for one paper, and nothing else."""

from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.test import Client

from commonground.responses.models import ClientFile
from commonground.responses.tests.client_page import chromium, served
from commonground.responses.tests.client_stage import answering, stage
from commonground.responses.tests.sample import Sample, make_sample, publish
from commonground.sealing.client import compare, door_of


def taken(survey: str, language: str = "en") -> ZipFile:
    answer = Client().get(f"/s/{survey}/{language}/own-copy.zip")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/zip"
    return ZipFile(BytesIO(answer.content))


@pytest.mark.django_db(databases=["responses"])
def test_it_holds_the_files_that_the_paper_names_set_for_this_paper(sample: Sample, tmp_path: Path):
    taken(sample.survey).extractall(tmp_path)
    folder = tmp_path / "survey"
    assert (folder / "paper.json").read_bytes() == sample.data
    page = (folder / "client").as_uri() + "/"
    found = {one.name: one for one in compare(page, sample.data)}
    assert found.keys() == sample.paper.content["client"].keys() and all(one.same for one in found.values())
    assert "set for this paper" in found["here.js"].words
    text = (folder / "README.txt").read_text()
    assert sample.paper.fingerprint in text and "verify-client" in text and "organización laboral" in text
    assert door_of(sample.paper.content) in (folder / "client" / "here.js").read_text()


@pytest.mark.django_db(databases=["responses"])
def test_it_is_always_the_same_file(sample: Sample):
    page, later = (Client().get(f"/s/{sample.survey}/{code}/own-copy.zip").content for code in ("en", "es"))
    assert sha256(page).digest() == sha256(later).digest()


@pytest.mark.django_db(databases=["responses"])
def test_a_later_version_of_the_program_gives_the_page_that_the_paper_names(sample: Sample):
    old = b"// an older page"
    ClientFile.objects.create(hash=sha256(old).hexdigest(), data=old)
    named = {"page.js": sha256(old).hexdigest(), "here.js": sample.paper.content["client"]["here.js"]}
    other = publish(make_sample(client=named))
    assert taken(other.survey).read("survey/client/page.js") == old


@pytest.mark.django_db(databases=["responses"])
def test_a_survey_without_such_a_page_has_no_copy(sample: Sample):
    other = publish(make_sample(client={}))
    assert Client().get(f"/s/{other.survey}/en/own-copy.zip").status_code == 404


@pytest.mark.browser
def test_a_member_answers_there_and_without_script_finds_the_code_page(tmp_path: Path):
    door, union = tmp_path / "door", tmp_path / "union"
    for folder in (door, union):
        folder.mkdir()
    with stage(door) as here, chromium() as browser, served(union) as address:
        with answering(browser) as person:
            person.page.goto(f"{here.base}en/protection/")
            person.page.locator("details:has(a[download]) summary").click()
            with person.page.expect_download() as download:
                person.page.locator("a[download]").click()
            ZipFile(download.value.path()).extractall(union)
        with answering(browser) as person:
            person.open(f"{address}/survey/client/answer.html")
            person.page.fill("#link", here.link("es"))
            person.page.locator("#enter button").click()
            person.page.wait_for_selector("[data-do=start]:visible")
            person.begin()
            person.choose("q1", 2)
            person.send()
            assert here.answers() == [{"q1": 2}]
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(f"{address}/survey/client/answer.html")
        page.locator("#plain a").first.click()
        page.wait_for_url(f"{here.base}en/")
        context.close()
