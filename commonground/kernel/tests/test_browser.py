import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from commonground.kernel.tests import gallery

CHROMIUM = "/usr/bin/chromium"
STATIC = Path(__file__).resolve().parents[3] / "static"

pytestmark = [pytest.mark.browser, pytest.mark.urls("commonground.kernel.tests.gallery")]


@pytest.fixture(scope="module")
def browser():
    if not Path(CHROMIUM).exists():
        if os.environ.get("COMMONGROUND_REQUIRE_BROWSER") == "1":
            pytest.fail(f"{CHROMIUM} is missing and COMMONGROUND_REQUIRE_BROWSER=1 asks for it")
        pytest.skip(f"{CHROMIUM} is missing")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def opened(browser: Browser, folder: Path, html: str, width: int, scheme: str) -> Page:
    file = folder / "page.html"
    file.write_text(html.replace("/static/", f"{STATIC.as_uri()}/"), encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(file.as_uri())
    return page


def faults(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{fault['id']}: {node['html'][:160]}" for fault in found for node in fault["nodes"]]


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_closed_or_open(browser, tmp_path, scheme, width):
    pages = gallery.pages()
    for name in ("parts", "charts", "plain", "respond", "404", "500"):
        page = opened(browser, tmp_path, pages[name], width, scheme)
        assert faults(page) == [], name
        page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
        assert faults(page) == [], f"{name}, unfolded"
        page.close()


def test_the_menu_opens_without_script_of_ours_and_passes_axe(browser, tmp_path):
    page = opened(browser, tmp_path, gallery.pages()["parts"], 390, "light")
    assert not page.locator("#nav").is_visible()
    page.get_by_role("button", name="Menu").click()
    assert page.locator("#nav").is_visible()
    assert faults(page) == []
    page.close()


@pytest.mark.parametrize("width", [320, 360, 1920])
def test_no_page_scrolls_sideways(browser, tmp_path, width):
    for name, html in gallery.pages().items():
        page = opened(browser, tmp_path, html, width, "light")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        page.close()


def test_words_in_charts_stay_on_the_page_of_a_phone(browser, tmp_path):
    page = opened(browser, tmp_path, gallery.pages()["charts"], 360, "light")
    outside = page.evaluate(
        "[...document.querySelectorAll('.chart text')].filter(t => {"
        "const box = t.getBoundingClientRect(); return box.left < 0 || box.right > innerWidth })"
        ".map(t => t.textContent)"
    )
    assert outside == []
    page.close()
