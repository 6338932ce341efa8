"""The pages of a release in a real browser: no fault of access, nothing wider than the page, and print."""

import os
from pathlib import Path
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils.translation import override
from playwright.sync_api import sync_playwright

from commonground.demo import cast
from commonground.releases import examples

CHROMIUM = "/usr/bin/chromium"
STATIC = Path(__file__).resolve().parents[3] / "static"

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture
def browser(pages):
    """Chromium, begun when the pages are made: the database is not to be used beside its event loop."""
    if not Path(CHROMIUM).exists():
        if os.environ.get("COMMONGROUND_REQUIRE_BROWSER") == "1":
            pytest.fail(f"{CHROMIUM} is missing and COMMONGROUND_REQUIRE_BROWSER=1 asks for it")
        pytest.skip(f"{CHROMIUM} is missing")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def pages(valley, client, tmp_path):
    """Each page as a file, in both languages."""
    release = examples.stored(valley.actor(cast.LUZ), uuid4())
    paths = {
        "list": "releases/",
        "release": f"releases/{release.pk}/",
        "question": f"releases/{release.pk}/questions/q3/",
        "publish": f"releases/{release.pk}/publish/",
        "why": "releases/why/",
    }
    client.force_login(valley.people["Luz Ortega"])
    files = {}
    for language in ("en", "es"):
        client.cookies["django_language"] = language
        for name, path in paths.items():
            with override("en"):
                html = client.get(valley.url(path)).content.decode()
            files[f"{name}-{language}"] = file = tmp_path / f"{name}-{language}.html"
            file.write_text(html.replace("/static/", f"{STATIC.as_uri()}/"), encoding="utf-8")
    return files


def faults(page):
    found = Axe().run(page).response["violations"]
    return [f"{fault['id']}: {node['html'][:160]}" for fault in found for node in fault["nodes"]]


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")])
def test_axe_finds_nothing_closed_or_open(browser, pages, width, scheme):
    for name, file in pages.items():
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page.goto(file.as_uri())
        assert faults(page) == [], name
        page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
        assert faults(page) == [], f"{name}, unfolded"
        page.close()


@pytest.mark.parametrize("width", [320, 360, 1920])
def test_no_page_and_no_word_of_a_chart_leaves_the_screen(browser, pages, width):
    for name, file in pages.items():
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        page.close()


def test_print_opens_the_tables_and_leaves_buttons_out(browser, pages):
    page = browser.new_page()
    page.goto(pages["release-en"].as_uri())
    page.emulate_media(media="print")
    assert page.locator("#q3-all table").is_visible()
    assert not page.get_by_role("link", name="Table (CSV)").is_visible()
    assert not page.get_by_role("link", name="Propose publishing to staff").is_visible()
    page.close()


def test_on_a_phone_a_finding_is_a_sentence_that_opens_by_keyboard(browser, pages):
    page = browser.new_page(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page.goto(pages["release-en"].as_uri())
    chart = page.locator("#q3-all .chart")
    assert not chart.is_visible()
    summary = page.locator("section[aria-labelledby=q3] summary").first
    assert summary.inner_text() == page.locator("#q3-all-says").text_content()
    summary.focus()
    page.keyboard.press("Enter")
    assert chart.is_visible()
    page.close()


@pytest.mark.parametrize("media", ["screen", "print"])
def test_where_there_is_room_and_in_print_every_chart_stands_open(browser, pages, media):
    width = 1280 if media == "screen" else 390
    page = browser.new_page(viewport={"width": width, "height": 844}, java_script_enabled=False)
    page.goto(pages["release-en"].as_uri())
    page.emulate_media(media=media)
    charts = page.locator(".roomy > .stack > figure > .chart")
    assert charts.count() > 5 and all(chart.is_visible() for chart in charts.all())
    assert all(not each.is_visible() for each in page.locator(".roomy > summary").all())
    assert page.locator("#q3-all-says").bounding_box()["width"] > 100
    page.close()
