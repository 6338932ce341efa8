"""Two reviewers in real browsers, a phone and a desk: they open, decide, write, agree; only decisions leave."""

import json
import os
import re
from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, Request
from pytest_django.live_server_helper import LiveServer

from commonground.comments.tests import reviewing
from commonground.comments.tests.reviewing import LABOR, MANAGEMENT
from commonground.releases.models import Release
from commonground.sealing.seals import write_words
from commonground.surveys.tests.keys_page import chromium
from commonground.surveys.tests.meeting import ORDER
from tests.browser import faults, size

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "responses"], transaction=True),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        yield found
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Desk:
    """A reviewer's browser: the signed-in page, and the reviewers' page in a window of its own."""

    def __init__(self, browser: Browser, server: LiveServer, valley, review, member, width, **look) -> None:
        client = Client()
        client.force_login(valley.people[member.name])
        self.context = browser.new_context(viewport=size(width), **look)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": server.url}
        self.context.add_cookies([cookie])  # type: ignore[list-item]
        self.page = self.context.new_page()
        self.address = f"{server.url}{valley.url(f'surveys/{review.meeting.id}/comments/')}"
        self.words = write_words(review.meeting.steps.phrases[member.name])
        self.sent: list[bytes] = []
        self.broken: list[str] = []
        self.context.on("request", self._keep)

    def _keep(self, request: Request) -> None:
        if request.method == "POST":
            self.sent.append(request.post_data_buffer or b"")

    def open(self) -> Page:
        """The reviewers' page with the comments opened."""
        self.page.goto(self.address)
        assert faults(self.page) == []
        with self.page.expect_popup() as popup:
            self.page.locator("[data-ceremony] button[type=button]").click()
        self.page.evaluate("document.body.id = 'before'")
        reading = popup.value
        reading.on("pageerror", lambda error: self.broken.append(str(error)))
        reading.locator("#phrase").wait_for()
        assert faults(reading) == []
        reading.locator("#phrase").fill(self.words)
        reading.locator("#open button").click()
        reading.locator("#read:not([hidden]), #words:not([hidden])").wait_for()
        assert faults(reading) == []
        return reading

    def close(self, reading: Page) -> None:
        """Wait until what was handed over has arrived, and the signed-in page came anew with it."""
        reading.locator("#sent").wait_for()
        assert faults(reading) == []
        self.page.locator("body:not(#before)").wait_for()
        self.page.wait_for_load_state()
        assert self.broken == []
        reading.close()


def decide(reading: Page, verdict: str, reason: str = "") -> None:
    """Decide alike on every comment, and find the first theme in it."""
    count = int(re.findall(r"\d+", reading.locator("#read-title").inner_text())[1])
    for _number in range(count):
        reading.locator(f"#verdicts input[value={verdict}]").check()
        if verdict == "redact":
            for word in reading.locator("#picks button").filter(has_text=re.compile(r"driver|\d")).all():
                word.click()
        if reason:
            reading.locator("#reason").select_option(reason)
        if not reading.locator("#theming").get_attribute("open"):
            reading.locator("#theming").evaluate("details => { details.open = true; }")
        reading.locator("#themes input").first.check()
        reading.locator("#next").click()


def test_a_phone_and_a_desk_release_comments_together(browser, live_server, valley):
    review = reviewing.counted(valley, people=20, writers=12)
    spanish = {"locale": "es-US", "color_scheme": "dark"}
    phone = Desk(browser, live_server, valley, review, LABOR, 390, **spanish)
    desk = Desk(browser, live_server, valley, review, MANAGEMENT, 1280, locale="en-US")
    reading = phone.open()
    decide(reading, "publish")
    phone.close(reading)
    reading = desk.open()
    reading.locator("#verdicts input[value=redact]").check()
    assert faults(reading) == []
    decide(reading, "redact", "tells_who")
    desk.close(reading)
    assert all(b"shade" not in body for each in (phone, desk) for body in each.sent)
    reading = phone.open()
    reading.locator("#words-button").click()
    phone.close(reading)
    assert all(b"shade" not in body for each in (phone, desk) for body in each.sent)
    reading = desk.open()
    for box in reading.locator("input[name=agreed]").all():
        box.check()
    reading.locator("#words-button").click()
    desk.close(reading)
    desk.page.goto(desk.address)
    desk.page.get_by_role("link", name="To the release of comments").click()
    assert faults(desk.page) == []
    release = Release.rows.within(valley.partnership.pk).get(survey_id=review.meeting.id, number=2)
    told = json.loads(bytes(release.data))["comments"]["q3"]
    assert told["quotes"] and len(told["themes"]) == 1
    assert all("driver" not in quote for quote in told["quotes"])
    assert told["quotes"][0] in desk.page.locator("main").inner_text()


def test_the_order_is_new_each_time_and_marks_hide_what_was_flagged(browser, live_server, valley):
    review = reviewing.counted(valley, people=20, writers=20)
    desk = Desk(browser, live_server, valley, review, LABOR, 1280, locale="en-US")
    orders = []
    for _time in range(2):
        reading = desk.open()
        orders.append(reading.evaluate("comments.map(({ id }) => id)"))
        reading.evaluate("comments = []")
        reading.close()
    assert sorted(orders[0]) == sorted(orders[1]) and orders[0] != orders[1]
    assert all(order != sorted(order) for order in orders)
    reading = desk.open()
    masked = reading.evaluate(
        """async () => { const one = { text: "Ask Denise Park in room 12.", unmasked: false };
        one.flags = flags(one.text, readRules(RULES)); const box = document.createElement("p");
        box.append(...shown(one)); return box.textContent; }"""
    )
    assert "Denise" not in masked and "12" not in masked and "name" in masked and "place" in masked
    reading.evaluate("comments = []")


def test_one_level_is_read_after_the_other_and_a_fault_stands_beside_what_is_missing(browser, live_server, valley):
    held = reviewing.answered(valley, 60, 40, places=(0, 1, 2, 3))
    held.close().peel(*ORDER).count()
    phone = Desk(browser, live_server, valley, reviewing.Review(held), LABOR, 390, locale="es-US")
    reading = phone.open()
    seen = []
    for _number in range(40):
        seen.append(reading.locator("#read-level").inner_text())
        reading.locator("#verdicts input[value=publish]").check()
        if len(seen) < 40:
            reading.locator("#next").click()
    levels = ["De: Primaria", "De: Preparatoria"]
    assert seen in ([levels[0]] * 20 + [levels[1]] * 20, [levels[1]] * 20 + [levels[0]] * 20)
    reading.locator("#verdicts input[value=hold]").check()
    reading.locator("#next").click()
    assert reading.locator("#read-fault + #why").is_visible() and faults(reading) == []
    reading.locator("#verdicts input[value=now]").check()
    assert reading.locator("#reason").input_value() == "danger"
    reading.locator("#next").click()
    phone.close(reading)


def test_other_words_open_nothing(browser, live_server, valley):
    review = reviewing.counted(valley, people=20, writers=10)
    desk = Desk(browser, live_server, valley, review, LABOR, 390, locale="en-US")
    desk.page.goto(desk.address)
    with desk.page.expect_popup() as popup:
        desk.page.locator("[data-ceremony] button[type=button]").click()
    reading = popup.value
    reading.locator("#phrase").fill(write_words(review.meeting.steps.phrases[MANAGEMENT.name]))
    reading.locator("#open button").click()
    reading.locator("#phrase-fault").wait_for()
    assert "another key" in reading.locator("#phrase-fault").inner_text()
