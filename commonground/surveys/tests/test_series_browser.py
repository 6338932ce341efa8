"""From a counted survey to the draft of its next wave, on a phone and on a desk, in both languages."""

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from commonground.demo import cast
from commonground.kernel import time
from commonground.surveys.tests.keys_page import chromium
from commonground.surveys.tests.meeting import peeled
from tests.browser import faults, size

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "responses"], transaction=True),
]
WORDS = {
    "en": ("Begin the next wave", "Begin", "This is the next wave of “Staff survey, fall 2026”."),
    "es": ("Empezar la siguiente ronda", "Empezar", "Esta es la siguiente ronda de «Encuesta, otoño de 2026»."),
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        yield browser
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def screen(browser, live_server, person, width, language) -> Page:
    client = Client()
    client.force_login(person)
    context = browser.new_context(viewport=size(width), locale=f"{language}-US")
    cookies = {"sessionid": client.cookies["sessionid"].value, "django_language": language}
    context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
    page: Page = context.new_page()
    return page


def look(page: Page, name: str) -> None:
    """See that everybody can use the page; keep a picture where a folder for them is named."""
    if folder := os.environ.get("COMMONGROUND_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    assert faults(page) == [], name


def test_the_next_wave_begins_on_the_page_of_the_counted_one(browser, live_server, valley):
    meeting = peeled(valley, 0)
    meeting.count()
    with time.at(meeting.closing_time + timedelta(days=180)):
        for language, width in (("en", 390), ("es", 390), ("en", 1280), ("es", 1280)):
            begin, button, said = WORDS[language]
            page = screen(browser, live_server, valley.people[cast.LUZ.name], width, language)
            page.goto(f"{live_server.url}{valley.url(f'surveys/{meeting.id}/')}")
            look(page, f"series-counted-{language}-{width}")
            page.get_by_role("link", name=begin).click()
            look(page, f"series-next-{language}-{width}")
            page.get_by_role("button", name=button, exact=True).click()
            assert said in page.locator("main").inner_text()
            look(page, f"series-draft-{language}-{width}")
            page.context.close()
