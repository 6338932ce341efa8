"""A hand-over on two phones: opened by labor, joined by management, drawn from, closed with counts that add up."""

import os
from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from commonground.demo import cast
from commonground.surveys import codes
from commonground.surveys.models import Eligible, Handover
from commonground.surveys.tests import writing
from commonground.surveys.tests.keys_page import chromium
from tests.browser import faults, size

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "responses"], transaction=True),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        yield browser
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def phone(browser, live_server, person, **how) -> Page:
    client = Client()
    client.force_login(person)
    context: BrowserContext = browser.new_context(viewport=size(360), **{"locale": "en-US", **how})
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    return context.new_page()


def look(page: Page, name: str) -> None:
    """See that everybody can use the page; keep a picture where a folder for them is named."""
    if folder := os.environ.get("COMMONGROUND_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    assert faults(page) == [], name


def test_two_phones_hand_a_pile_over(browser, live_server, valley):
    steps = writing.launched(valley)
    written = codes.draw(steps.actor(cast.SAM), steps.survey.pk, 5)
    survey = f"{live_server.url}{valley.url(f'surveys/{steps.survey.pk}/handovers/')}"
    labor = phone(browser, live_server, valley.people[cast.LUZ.name])
    management = phone(browser, live_server, valley.people[cast.DENISE.name], color_scheme="dark")
    labor.goto(survey)
    look(labor, "handovers")
    labor.get_by_label("Where").fill("Bus yard, morning")
    labor.get_by_label("Envelopes on the table").fill("5")
    labor.get_by_role("button", name="Open the hand-over").click()
    labor.get_by_text("We wait for a witness from management.").wait_for()
    look(labor, "pile-alone")
    management.goto(labor.url)
    management.get_by_role("button", name="I watch for my side").click()
    management.get_by_role("heading", name="Who wants to draw?").wait_for()
    labor.reload()
    for name in ("Oak 7", "oak 7", "w-Oak-8"):
        labor.get_by_label("Name or employee number").fill(name)
        labor.get_by_role("button", name="Find").click()
        labor.locator(".choice").first.wait_for()
        if name == "Oak 7":
            look(labor, "pile-found")
        labor.locator(".choice").first.click()
        labor.get_by_role("button", name="Draw").click()
        labor.get_by_role("heading", name="Draw an envelope").wait_for()
        assert "Oak" not in labor.content() and "Oak" not in labor.url
        look(labor, "pile-draw")
        labor.get_by_role("link", name="Next person").click()
    management.reload()
    look(management, "pile-both-dark")
    management.get_by_role("link", name="Cancel codes, or close").click()
    management.get_by_label("Codes in the envelopes you opened").fill(written[0].replace("-", " ").lower())
    look(management, "pile-close-dark")
    management.get_by_role("button", name="Cancel these codes").click()
    management.get_by_text("1 code is cancelled.").wait_for()
    management.get_by_label("Envelopes that stay sealed").fill("2")
    management.get_by_role("button", name="Close the hand-over").click()
    management.get_by_text("more than can be left by the counts: at most 1").first.wait_for()
    management.get_by_label("Envelopes that stay sealed").fill("0")
    management.get_by_role("button", name="Close the hand-over").click()
    management.get_by_text("This hand-over is closed.").first.wait_for()
    look(management, "pile-closed-dark")
    pile = Handover.rows.within(valley.partnership.pk).get()
    assert (pile.drawn, pile.repeats, pile.cancelled, pile.left) == (3, 1, 1, 0)
    assert Eligible.rows.within(valley.partnership.pk).filter(marked=True).count() == 2


def test_the_page_says_by_itself_that_both_are_there(browser, live_server, valley):
    steps = writing.launched(valley)
    codes.draw(steps.actor(cast.SAM), steps.survey.pk, 2)
    from commonground.surveys import handover

    pile = handover.open_pile(steps.actor(cast.LUZ), steps.survey.pk, place="High", brought=2)
    labor = phone(browser, live_server, valley.people[cast.LUZ.name])
    labor.clock.install()
    labor.goto(f"{live_server.url}{valley.url(f'surveys/handovers/{pile.pk}/')}")
    labor.get_by_role("heading", name="Nobody can draw now").wait_for()
    handover.join(steps.actor(cast.DENISE), pile.pk)
    labor.clock.fast_forward(50_000)
    labor.get_by_role("heading", name="Who wants to draw?").wait_for()
