"""The opening page and keys.html in a real browser: the button takes the layer off, and the page moves on."""

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route
from pytest_django.live_server_helper import LiveServer

from commonground.demo import cast
from commonground.kernel import time
from commonground.sealing.seals import write_words
from commonground.surveys import ending, opening, tally
from commonground.surveys.tests import meeting as meetings
from commonground.surveys.tests import writing
from commonground.surveys.tests.keys_page import CEREMONY_JS, KeysPage, chromium
from commonground.surveys.tests.meeting import ORDER

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "responses"], transaction=True),
]
WIDTHS = (390, 1280)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        yield browser
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def clock(monkeypatch):
    """Let the server's threads live at a moment too, which a context variable does not reach."""

    def live_at(moment):
        ahead = moment - time.now()
        real = time.now
        monkeypatch.setattr(time, "now", lambda: real() + ahead)

    return live_at


def signed_in(browser: Browser, live_server: LiveServer, client, person, width=1280) -> BrowserContext:
    client.force_login(person)
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="en-US")
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    return context


def problems(page: Page) -> list[str]:
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    return found


def test_the_button_takes_our_layer_off_and_the_page_moves_on(browser, live_server, client, valley, clock):
    meeting = meetings.closed(valley, 8)
    clock(meeting.closing_time + timedelta(days=5))
    context = signed_in(browser, live_server, client, valley.people[cast.GRACE.name])
    page = context.new_page()
    faults = problems(page)
    page.goto(f"{live_server.url}{valley.url(f'surveys/{meeting.id}/opening/')}")
    with page.expect_popup() as popup:
        page.get_by_role("button", name="Take our layer off").click()
    keys = KeysPage(popup.value)
    keys.wait_for("open", "fault")
    keys.compare()
    keys.open_with(write_words(meeting.steps.phrases[cast.TEACHERS]))
    page.get_by_role("heading", name="1 of 4 layers is off").wait_for()
    page.get_by_text("Our layer is off.").first.wait_for()
    step = opening.steps(meeting.survey).get()
    assert step.unopened == 0 and step.by == valley.people[cast.GRACE.name].pk
    assert keys.page.locator("#done-code").inner_text().split() == _characters(page)
    assert faults == [] and keys.errors == []
    context.close()


def in_small_pieces(route: Route) -> None:
    """Serve the page's script with pieces of two thousand bytes, as a list of 100,000 answers has a hundred."""
    script = CEREMONY_JS.read_text(encoding="utf-8")
    assert script.count("PIECE = 1_000_000") == 1
    route.fulfill(body=script.replace("PIECE = 1_000_000", "PIECE = 2_000"), content_type="text/javascript")


def test_a_long_list_is_sent_in_pieces_and_the_page_says_how_far_it_is(browser, live_server, client, valley, clock):
    meeting = meetings.closed(valley, 12)
    clock(meeting.closing_time + timedelta(days=5))
    context = signed_in(browser, live_server, client, valley.people[cast.GRACE.name])
    context.route("**/ceremony*.js", in_small_pieces)
    page = context.new_page()
    faults = problems(page)
    sent: list[str] = []
    told: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
    page.expose_function("told", lambda words: told.append(words))
    page.goto(f"{live_server.url}{valley.url(f'surveys/{meeting.id}/opening/')}")
    page.evaluate(
        """() => new MutationObserver(([{ target }]) => told(target.textContent))
          .observe(document.querySelector('[data-ceremony] [role=status]'), { childList: true })"""
    )
    with page.expect_popup() as popup:
        page.get_by_role("button", name="Take our layer off").click()
    keys = KeysPage(popup.value)
    keys.wait_for("open", "fault")
    keys.compare()
    keys.open_with(write_words(meeting.steps.phrases[cast.TEACHERS]))
    page.get_by_role("heading", name="1 of 4 layers is off").wait_for()
    assert len(sent) > 3 and {f"Sending part {n} of {len(sent)}" for n in range(1, len(sent) + 1)} <= set(told)
    assert opening.steps(meeting.survey).get().unopened == 0 and faults == []
    context.close()


def _characters(page: Page) -> list[str]:
    return page.locator(".layer .mono").first.inner_text().split()


def usable_by_everyone(page, faults):
    """No fault by axe, nothing wider than the window, and a quiet console."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert faults == []


@pytest.mark.parametrize("off", [0, 2, 4])
def test_the_page_fits_and_can_be_used_by_everyone(browser, live_server, client, valley, clock, off):
    meeting = meetings.peeled(valley, 8, ORDER[:off])
    clock(meeting.closing_time + timedelta(days=5))
    for width in WIDTHS:
        member = writing.KEEPERS[ORDER[min(off, 3)]][0]
        context = signed_in(browser, live_server, client, valley.people[member.name], width)
        page = context.new_page()
        faults = problems(page)
        page.goto(f"{live_server.url}{valley.url(f'surveys/{meeting.id}/opening/')}")
        usable_by_everyone(page, faults)
        context.close()


@pytest.mark.parametrize("state", ["missing", "counted"])
def test_a_missing_answer_and_the_kit_can_be_used_by_everyone(browser, live_server, client, valley, clock, state):
    meeting = meetings.answered(valley, 8)
    proof = meeting.drop(meeting.by_pass())
    meeting.close()
    if state == "counted":
        meeting.peel(*ORDER).count()
    clock(meeting.closing_time + timedelta(days=5))
    for width in WIDTHS:
        context = signed_in(browser, live_server, client, valley.people[cast.DANA.name], width)
        page = context.new_page()
        faults = problems(page)
        page.goto(f"{live_server.url}{valley.url(f'surveys/{meeting.id}/opening/')}")
        if state == "missing":
            page.get_by_text("Hand in the proof of a missing answer").click()
            page.get_by_label("Or paste what is in it").fill(proof.to_bytes().decode())
            page.get_by_role("button", name="Hand in the proof").click()
            page.get_by_role("heading", name="The opening stands still").wait_for()
        else:
            page.get_by_text("Count again, without this server").click()
            assert page.get_by_role("link", name="Take the file for counting again").is_visible()
        for summary in page.locator("#trouble ~ details > summary").all():
            summary.click()
        usable_by_everyone(page, faults)
        context.close()


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_end_with_sheets_and_backups_can_be_used_by_everyone(
    browser, live_server, client, valley, clock, language
):
    meeting = meetings.closed(valley, 2)
    clock(meeting.closing_time + timedelta(days=60))
    tally.destroy(meeting.steps.actor(cast.LUZ), meeting.id)
    ending.confirm_sheets(meeting.steps.actor(cast.DANA), meeting.id, valley.people[cast.DENISE.name].pk)
    days = {"cleared": ["2026-10-09", "2026-10-10"], "elsewhere": ["2026-10-11"]}
    restores = [{"on": "2026-10-10", "backup_of": "2026-10-09", "more": 61}]
    type(meeting.survey).rows.within(valley.partnership.pk).update(backups=days, restores=restores)
    for width in WIDTHS:
        context = signed_in(browser, live_server, client, valley.people[cast.LUZ.name], width)
        context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
        page = context.new_page()
        faults = problems(page)
        page.goto(f"{live_server.url}{valley.url(f'surveys/{meeting.id}/opening/')}")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        if folder := os.environ.get("COMMONGROUND_JOURNEY_PICTURES"):
            page.screenshot(path=f"{folder}/end-{language}-{width}.png", full_page=True)
        assert faults == []
        context.close()
