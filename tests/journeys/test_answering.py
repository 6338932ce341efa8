"""Personal links at the two real doors: in both languages, over a bad line, from a union's own server."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any
from zipfile import ZipFile

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from tests.browser import faults, required
from tests.server import Place, place, running

pytestmark = [pytest.mark.browser, pytest.mark.journey]

LINKS = """
import json

import django

django.setup()
from commonground.surveys import addresses, passes
from commonground.surveys.models import Eligible, Survey

survey = next(row for row in Survey.rows.across_all(reason="a test") if row.state == "launched")
asked = list(Eligible.rows.within(survey.partnership_id).filter(survey=survey, marked=False)[:40])
secrets = passes.link_secrets(survey, [row.pk for row in asked])
print(json.dumps({
    "links": {str(row.pk): addresses.personal_link(survey, "en", secrets[row.pk]) for row in asked},
    "survey": survey.public_id,
    "marked": Eligible.rows.within(survey.partnership_id).filter(survey=survey, marked=True).count(),
}))
"""


class Survey:
    """The demonstration's open survey, served by both doors at the addresses in its paper."""

    def __init__(self, here: Place) -> None:
        self.here = here
        told = self._ask()
        self.survey, self._links = told["survey"], iter(told["links"].values())
        self.answers, self.passes = len(self.rows()), told["marked"]

    def _ask(self) -> dict[str, Any]:
        variables = {**self.here.variables, "DJANGO_SETTINGS_MODULE": "commonground.config.settings"}
        done = subprocess.run(
            [sys.executable, "-c", LINKS], env=variables, capture_output=True, check=True, timeout=120
        )
        return dict(json.loads(done.stdout))

    def link(self, language: str = "en") -> str:
        """Somebody's own link."""
        return str(next(self._links)).replace("&l=en", f"&l={language}")

    def rows(self) -> list[tuple[int]]:
        """The versions of all answers by pass."""
        with sqlite3.connect(self.here.folder / "responses.sqlite3") as database:
            query = "SELECT version FROM responses_sealedanswer WHERE kind = 1 AND survey = ?"
            return sorted(database.execute(query, (self.survey,)))

    def grew_by(self, answers: int) -> None:
        """So many answers more since the last time, and as many passes given."""
        marked = self._ask()["marked"]
        assert (len(self.rows()) - self.answers, marked - self.passes) == (answers, answers)
        self.answers, self.passes = len(self.rows()), marked


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Survey]:
    here = place(tmp_path_factory.mktemp("answering") / "data")
    here.command("migrate")
    here.command("seed-demo")
    with running(here):
        yield Survey(here)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=required(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="en-US")
    yield context
    context.close()


def arrive(context: BrowserContext, link: str) -> Page:
    page = context.new_page()
    page.goto(link)
    page.wait_for_selector("#front.on")
    return page


def answer(page: Page, send: bool = True) -> None:
    """Choose the first answer on each screen, and press Send on the last."""
    page.click("[data-do=start]")
    while True:
        page.wait_for_selector("#screen.on")
        choice = page.locator("#questions input").first
        if choice.count():
            choice.check()
        if page.locator("[data-do=clear]").is_visible():
            break
        page.click("#answers button:not([type=button])")
    if send:
        page.click("#answers button:not([type=button])")
        page.wait_for_selector("#receipt.on, #stopped.on")


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("es", 390)])
def test_somebody_answers_and_keeps_receipt_and_proof(
    chromium: Browser, survey: Survey, language: str, width: int
) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 844})
    page = arrive(context, survey.link(language))
    assert faults(page) == [] and "#" not in page.url
    answer(page)
    assert page.locator("#receipt.on .code").count() == 2 and faults(page) == []
    survey.grew_by(1)
    first = sum(version for (version,) in survey.rows())
    with page.expect_download() as proof:
        page.click("[data-do=saveProof]")
    assert json.loads(Path(proof.value.path()).read_text())["format"] == "cg1-proof"
    page.click("#receipt summary")
    with page.expect_download() as kept:
        page.click("[data-do=keepFile]")
    link = next(word for word in Path(kept.value.path()).read_text().split() if word.startswith("http"))
    answer(arrive(context, link))
    survey.grew_by(0)
    assert sum(version for (version,) in survey.rows()) > first, "the answer was not replaced"
    context.close()


def before(route: Route) -> None:
    route.abort("internetdisconnected")


def after(route: Route) -> None:
    route.fetch()
    route.abort("connectionreset")


@pytest.mark.parametrize("where", ["**/pass/", "**/answer/"])
@pytest.mark.parametrize("lose", [before, after])
def test_a_bad_line_costs_no_pass_and_makes_no_second_answer(
    context: BrowserContext, survey: Survey, where: str, lose: Callable[[Route], None]
) -> None:
    page = arrive(context, survey.link())
    page.route(where, lose)
    answer(page)
    page.wait_for_selector("#stopped.on")
    page.unroute(where)
    page.click("[data-do=retry]")
    page.wait_for_selector("#receipt.on")
    survey.grew_by(1)


def test_one_link_gives_one_pass_and_the_second_browser_is_led_to_a_code(
    chromium: Browser, context: BrowserContext, survey: Survey
) -> None:
    link = survey.link()
    answer(arrive(context, link))
    other = chromium.new_context()
    page = arrive(other, link)
    answer(page)
    page.wait_for_selector("#stopped.on")
    page.click("#stopped a:visible")
    page.wait_for_selector("input[name=code]")
    other.close()
    survey.grew_by(1)


def test_a_link_that_was_never_made_is_not_known(context: BrowserContext, survey: Survey) -> None:
    unknown = survey.link().split("#k=")
    page = arrive(context, f"{unknown[0]}#k={'A' * 22}{unknown[1][22:]}")
    answer(page)
    assert "does not know your link" in page.locator("#stopped.on").inner_text()
    survey.grew_by(0)


def test_a_unions_own_server_on_another_origin_takes_the_same_answers(
    context: BrowserContext, survey: Survey, tmp_path: Path
) -> None:
    door = f"{survey.here.respond}/s/{survey.survey}/"
    ZipFile(BytesIO(httpx.get(f"{door}en/own-copy.zip").content)).extractall(tmp_path)
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    union = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=union.serve_forever, daemon=True).start()
    own = f"http://127.0.0.1:{union.server_port}/survey/client/answer.html"
    page = arrive(context, own)
    page.fill("#link", survey.link("es"))
    page.click("#enter button")
    page.wait_for_selector("[data-do=start]:visible")
    answer(page)
    page.wait_for_selector("#receipt.on")
    survey.grew_by(1)
    paper = str(tmp_path / "survey" / "paper.json")
    for url in (own, f"{door}client/answer.html"):
        assert "This page is the one that the paper names." in survey.here.command("verify-client", url, paper)
    union.shutdown()
    union.server_close()
