"""Agreements in a real browser: every page fits, everyone can use it, and a choice is made without script."""

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from commonground.agreements import writing
from commonground.agreements.contents import Both
from commonground.agreements.examples import active, signed, written
from commonground.agreements.terms import AgreementKind
from commonground.approvals.actions import send_back
from commonground.demo import cast
from commonground.kernel import time
from tests.browser import required

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = (360, 1280)


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
    """Return a call that opens an address of the district as the labor co-chair, without script."""
    pages: list[Page] = []

    def call(path, width=1280, scheme="light", language="en-US", script=True):
        client.force_login(valley.people[cast.LUZ.name])
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            locale=language,
            java_script_enabled=script,
        )
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        context.add_cookies([cookie])
        page = context.new_page()
        page.goto(f"{live_server.url}{valley.url(path)}")
        pages.append(page)
        return page

    yield call
    for page in pages:
        page.context.close()


def faults(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{fault['id']}: {node['html'][:160]}" for fault in found for node in fault["nodes"]]


def everything(valley) -> list[str]:
    """Bring the district into a pause with agreements of every standing; return the addresses of its pages."""
    active(valley)
    soon = signed(valley, AgreementKind.SIDE_LETTER, expires_on=time.now().date() + timedelta(days=20))
    renewal = writing.renew(valley.actor(cast.LUZ), soon.pk)
    cards = Both("Gift cards of $25", "Tarjetas de regalo de $25")
    back = written(valley, AgreementKind.DECISION, text=cards)
    text = writing.lay_before_parties(valley.actor(cast.LUZ), back.pk, back.revision)
    send_back(valley.actor(cast.RAY), text.pk, about="wording", reason="Ask payroll first.")
    waiting = written(valley, AgreementKind.DECISION, text=cards)
    frozen = writing.lay_before_parties(valley.actor(cast.LUZ), waiting.pk, waiting.revision)
    pause = signed(valley, AgreementKind.PAUSE)
    end = written(valley, AgreementKind.RECONVENE)
    pages = [f"agreements/{row.pk}/" for row in (soon, renewal, back, waiting, pause, end)]
    drafts = [f"agreements/{row.pk}/draft/" for row in (renewal, back, end)]
    return ["agreements/", "agreements/new/", "pauses/", "charter/", f"texts/{frozen.pk}/", *pages, *drafts]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everyone_can_use_every_page(opened, valley, scheme):
    for path in everything(valley):
        for width, language in zip(WIDTHS, ("es-US", "en-US"), strict=True):
            page = opened(path, width, scheme, language)
            assert faults(page) == [], f"{path}, {width}, {language}"
            assert page.evaluate("document.documentElement.scrollWidth") == width, f"{path}, {width}"
            page.context.close()


def test_an_agreement_is_begun_written_and_frozen_without_script(opened, valley):
    page = opened("agreements/", 390, script=False)
    page.get_by_role("link", name="Begin an agreement").click()
    page.get_by_role("radio", name="Ground rules").check()
    page.get_by_role("button", name="Begin").click()
    for part in ("title", "text"):
        page.locator(f"[name={part}_en]").fill("We listen.")
        page.locator(f"[name={part}_es]").fill("Escuchamos.")
    page.get_by_role("button", name="Save, freeze and ask for keys").click()
    assert page.get_by_role("heading", level=1).inner_text() == "We listen."
    assert page.get_by_role("button", name="Turn our key").is_visible()
