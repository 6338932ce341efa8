"""The first page in a real browser: it fits, everyone can use it, and its figures are drawn."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from commonground.demo import cast
from commonground.home.tests.test_screens import founded
from commonground.surveys.tests import writing
from tests.browser import faults, required

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "responses"], transaction=True),
]
WIDTHS = (360, 390, 1280)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=required(), args=["--no-sandbox"])
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        yield browser
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        browser.close()


@pytest.fixture
def opened(browser, live_server, client, valley):
    """Return a call that opens the first page as a member of the cast."""
    pages: list[Page] = []

    def call(member, width=1280, scheme="light", language="en-US"):
        client.force_login(valley.people[member.name])
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme, locale=language)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        page.context.add_cookies([cookie])
        page.goto(f"{live_server.url}{valley.url('')}")
        assert page.evaluate("getComputedStyle(document.querySelector('.path')).display") == "grid"
        pages.append(page)
        return page

    yield call
    for page in pages:
        page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everyone_can_use_the_page_of_a_busy_district(opened, valley, scheme):
    founded(valley)
    writing.launched(valley)
    writing.frozen(valley)
    for member in (cast.LUZ, cast.SAM, cast.FACILITATOR):
        for width in WIDTHS:
            for language in ("en-US", "es-US"):
                page = opened(member, width, scheme, language)
                assert faults(page) == [], f"{member.name}, {width}, {language}"
                assert page.evaluate("document.documentElement.scrollWidth") == width
                assert page.locator(".path svg").count() == 10


@pytest.mark.parametrize("width", WIDTHS)
def test_everyone_can_use_the_page_of_a_district_that_begins(opened, width):
    page = opened(cast.LUZ, width)
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.get_by_role("heading", level=1).inner_text() == "A partnership begins"


def test_the_first_page_leads_to_what_waits(opened, valley):
    founded(valley)
    writing.frozen(valley)
    page = opened(cast.LUZ, 390)
    page.get_by_role("link", name="See what waits").click()
    page.get_by_role("link", name="Read and decide").first.click()
    page.get_by_role("heading", name="Staff survey, fall 2026").first.wait_for()
