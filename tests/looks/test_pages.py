"""Every page, in both languages, light and dark: usable by everyone, on every width, in one language."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from commonground.demo import cast
from tests.guards.walk import routes
from tests.looks.look import Ears, faults
from tests.looks.scene import Scene, run

pytestmark = pytest.mark.browser

MOST_QUERIES = 30
WAYS = [("en", "light", 390), ("en", "dark", 1280), ("es", "light", 1280), ("es", "dark", 390)]
SHARES = 2
"""The pages are dealt to so many tests, so that two workers share them."""

OUTSIDE = {"account_login", "account_request_login_code", "account_confirm_login_code", "invitation", "pass-point"}
"""Addresses for people who are not signed in, and for the page on which they answer."""
LATER = {
    *("survey-opening-kit", "survey-opening-sheets"),
    *("reviewers-page", "survey-reading-task", "survey-reading-key"),
    *("survey-comments-task", "survey-comments-result", "survey-comments-theme"),
}
"""What is offered once a survey is counted, once its answers are destroyed, and to reviewers while they make their
keys and read; `surveys` and `comments` test the ways there."""
"""Where nobody is signed in yet, so that no link leads there; looked at below."""


def context(browser: Browser, language: str, scheme: str, width: int) -> BrowserContext:
    size = ViewportSize(width=width, height=900)
    return browser.new_context(viewport=size, color_scheme=scheme, locale=language)  # type: ignore[arg-type]


def signed_in(browser: Browser, here: Scene, email: str, way: tuple[str, str, int]) -> Page:
    """Return a page of a browser in which this person is signed in."""
    language = way[0]
    made = context(browser, *way)
    cookies = {**here.cookies[email], "django_language": language}
    made.add_cookies([{"name": name, "value": value, "url": here.place.site} for name, value in cookies.items()])
    return made.new_page()


def test_links_lead_to_every_page(here):
    every = {route.name for route in routes("commonground.config.urls")}
    found = here.reached | {page.route for page in here.pages}
    assert every - found - OUTSIDE - LATER == set(), "nobody finds the way there by links"


def test_no_page_asks_the_databases_more_with_more_people(here):
    counts = json.loads(run(here.place, "tests.looks.measure", str(here.place.folder / "told.json")))
    assert len(counts) == len(here.pages)
    assert [count for count in counts if count[2] > MOST_QUERIES] == []


@pytest.mark.parametrize("way", WAYS, ids=lambda way: "-".join(map(str, way)))
@pytest.mark.parametrize("share", range(SHARES))
def test_pages_of_the_committee(browser, here, way, share):
    people = {email: signed_in(browser, here, email, way) for email in here.cookies}
    ears = {email: Ears(page) for email, page in people.items()}
    wrong = []
    for found in here.pages[share::SHARES]:
        page = people[found.email]
        page.goto(here.place.site + found.path)
        language = way[0] if found.route != "keys-page" else page.evaluate("document.documentElement.lang")
        wrong += [f"{found.path}: {fault}" for fault in [*faults(page, language), *ears[found.email].told()]]
    for page in people.values():
        page.context.close()
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: "-".join(map(str, way)))
def test_pages_for_those_who_are_not_signed_in(browser, here, way):
    page = context(browser, *way).new_page()
    cookie = {"name": "django_language", "value": way[0], "url": here.place.site}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    mailbox = (cast.TOM, cast.GRACE, cast.ELENA, cast.RAY)[WAYS.index(way)].email
    wrong = [f"{name}: {fault}" for name in _outside(page, here, mailbox) for fault in faults(page, way[0])]
    page.context.close()
    assert not wrong, "\n".join(wrong)


def _outside(page: Page, here: Scene, mailbox: str) -> Iterator[str]:
    for path in ("/sign-in/", f"/invitation/{here.stage['invitation']}/", "/invitation/none/", "/d/none/"):
        page.goto(here.place.site + path)
        yield path
    page.goto(f"{here.place.site}/sign-in/")
    page.locator("input[name=email]").fill("nobody at all@example")
    page.locator("form.stack").evaluate("form => { form.noValidate = true; form.requestSubmit() }")
    page.locator(".note.fault").first.wait_for()
    yield "a mailbox that is none"
    page.locator("input[name=email]").fill(mailbox)
    page.locator("form.stack .btn").click()
    page.locator("input[name=code]").wait_for()
    yield "where the code is typed"


@pytest.mark.parametrize("way", WAYS, ids=lambda way: "-".join(map(str, way)))
def test_pages_of_respondents(browser, here, way):
    page = context(browser, *way).new_page()
    ears = Ears(page)
    wrong = []
    for name in _answering(page, here, way):
        wrong += [f"{name}: {fault}" for fault in faults(page, way[0])]
        heard = [said for said in ears.told() if "422" not in said and "404" not in said]
        wrong += [f"{name}: {said}" for said in heard]
    assert page.context.cookies() == []
    page.context.close()
    assert not wrong, "\n".join(wrong)


def _answering(page: Page, here: Scene, way: tuple[str, str, int]) -> Iterator[str]:
    door, stage, language = here.place.respond, here.stage, way[0]
    code = stage["codes"][WAYS.index(way)]

    def go(survey: str, rest: str = "") -> str:
        page.goto(f"{door}/s/{stage[survey]}/{language}/{rest}")
        return f"{survey}, {rest or 'front'}"

    page.goto(f"{door}/{language}/")
    yield "index"
    yield go("open")
    page.fill("#code", "AAAA")
    _press(page, "button.big")
    yield "a code that is none"
    yield from _screens(page, code)
    yield "receipt"
    go("open")
    page.fill("#code", code)
    _press(page, "button.big")
    yield "a code that was used"
    for survey in ("over", "looking", "peeling", "counted", "published"):
        yield go(survey)
        yield go(survey, "list/")
    page.fill("#line", "ABCDEFGHJKMNPQRS")
    _press(page, "main button.btn")
    yield "a line that is not there"
    yield go("published", "results/")
    page.goto(f"{door}/nowhere")
    yield "nowhere"


def _press(page: Page, button: str) -> None:
    """Press a button that leads to another page, and wait until that is here."""
    with page.expect_navigation():
        page.click(button)


def _screens(page: Page, code: str) -> Iterator[str]:
    page.fill("#code", code)
    _press(page, "button.big")
    while True:
        yield f"screen {page.locator('input[name=screen]').input_value()}"
        for question in page.locator("fieldset").all():
            question.locator("label").first.click()
        last = page.locator("button[value=send]").count()
        _press(page, "button.big")
        if last:
            return


def test_an_opening_under_way_anew_is_among_the_pages(here):
    kept = {page.path for page in here.pages}
    anew = f"/d/{cast.SLUG}/{here.stage['anew_page']}"
    assert {f"{anew}further/", f"{anew}opening/"} <= kept


HIDDEN_BESIDE = """() => [...document.querySelectorAll("main .scroll:not(details *)")]
  .filter(each => each.scrollWidth > each.clientWidth).map(each => each.innerText.slice(0, 60))"""


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_table_of_results_hides_a_column_beside_a_phone(browser, here, language):
    page = context(browser, language, "light", 390).new_page()
    page.goto(f"{here.place.respond}/s/{here.stage['published']}/{language}/results/")
    assert page.locator("main table.fold").count() >= 2
    assert page.evaluate(HIDDEN_BESIDE) == []
    name = page.locator("main table.fold td").first
    assert name.evaluate("cell => getComputedStyle(cell, '::before').content") not in ("none", '""')
    page.context.close()


def wire(page: Page) -> dict[str, int]:
    """Listen to what comes over the wire for a page; the answer fills up as it loads."""
    sizes: dict[str, int] = {}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    urls: dict[str, str] = {}

    def began(event: dict[str, Any]) -> None:
        urls[event["requestId"]] = event["response"]["url"]

    def ended(event: dict[str, Any]) -> None:
        sizes[urls.get(event["requestId"], event["requestId"])] = int(event["encodedDataLength"])

    session.on("Network.responseReceived", began)
    session.on("Network.loadingFinished", ended)
    return sizes


def test_a_survey_weighs_little_on_a_phone(browser, here):
    page = context(browser, "en", "light", 390).new_page()
    sizes = wire(page)
    page.goto(f"{here.place.respond}/s/{here.stage['open']}/en/", wait_until="networkidle")
    page.fill("#code", here.stage["codes"][-1])
    with page.expect_navigation(wait_until="networkidle"):
        page.click("button.big")
    total = sum(sizes.values())
    assert any("components" in url for url in sizes) and len(sizes) >= 4
    assert total < 60_000, f"{total} bytes: {sizes}"
    page.context.close()
