"""Makes the pictures of the README from the demonstration: `./dev pictures [--from DATA_FOLDER]`."""

import argparse
from pathlib import Path

from playwright.sync_api import Browser, FloatRect, Page, ViewportSize, sync_playwright

from commonground.demo import cast
from tests.browser import executable
from tests.server import Place, demonstration

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
WIDE, NARROW = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)


def main() -> None:
    """Serve the demonstration and photograph its main pages."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--from", dest="template", type=Path, help="a data folder that holds the demonstration")
    options = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with demonstration(options.template) as place, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=["--no-sandbox"])
        committee(browser, place)
        staff(browser, place)
        browser.close()


def sign_in(page: Page, place: Place, email: str) -> None:
    """Sign in with the code that was mailed."""
    page.goto(f"{place.site}/sign-in/")
    page.get_by_label("Mailbox").or_(page.locator("input[name=login], input[name=email]")).first.fill(email)
    page.get_by_role("button", name="Send me a code").click()
    page.locator("input[name=code]").fill(place.code(email))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{place.site}/d/**")


def committee(browser: Browser, place: Place) -> None:
    """Photograph what a co-chair sees."""
    page = browser.new_page(viewport=WIDE)
    sign_in(page, place, cast.LUZ.email)
    base = f"{place.site}/d/{cast.SLUG}/"
    page.goto(base)
    _shoot(page, "home")
    page.goto(f"{base}waiting/")
    page.get_by_role("link", name="Read and decide").first.click()
    _shoot(page, "text")
    page.goto(f"{base}releases/")
    page.locator("main a[href*='/releases/']").first.click()
    _shoot(page, "comments")
    page.goto(f"{base}releases/")
    page.locator("main a[href*='/releases/']:not([href*='/why/'])").nth(1).click()
    _shoot(page, "release", most=2000)
    page.goto(f"{base}surveys/")
    _shoot(page, "surveys")
    page.goto(f"{base}staff/")
    _shoot(page, "staff")


def staff(browser: Browser, place: Place) -> None:
    """Photograph what a bus driver sees on a phone."""
    page = browser.new_page(viewport=NARROW)
    page.goto(f"{place.respond}/en/")
    _shoot(page, "staff-index")
    page.locator("a[href*='/s/']").first.click()
    _shoot(page, "survey-front")


def _shoot(page: Page, name: str, most: int | None = None) -> None:
    """Photograph the whole page, or as many pixels of its height as `most` says."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    clip = FloatRect(x=0, y=0, width=width, height=most) if most else None
    page.screenshot(path=FOLDER / f"{name}-{width}.png", full_page=True, clip=clip)


if __name__ == "__main__":
    main()
