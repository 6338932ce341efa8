"""The system's Chromium, or a clear word about its absence; and what every page must stand up to."""

import os
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

WIDTHS = (390, 1280)
TALL = 900


def executable() -> str | None:
    """Return where Chromium is, or None."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


def required() -> str:
    """Return where Chromium is; without it skip, or fail where COMMONGROUND_REQUIRE_BROWSER=1 asks for it."""
    found = executable()
    if found:
        return found
    if os.environ.get("COMMONGROUND_REQUIRE_BROWSER") == "1":
        pytest.fail("Chromium is required here and missing: apt-get install chromium")
    pytest.skip("Chromium is missing: apt-get install chromium brings it")


def faults(page: Page) -> list[str]:
    """Return what keeps people from using the page as it is shown: broken rules of axe, and words cut off."""
    broken = Axe().run(page).response["violations"]
    found = [f"{fault['id']}: {node['html'][:160]}" for fault in broken for node in fault["nodes"]]
    beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [*found, f"the page is {beyond} pixels too wide"] if beyond > 0 else found


def size(width: int) -> ViewportSize:
    """Return a window of this width."""
    return ViewportSize(width=width, height=TALL)
