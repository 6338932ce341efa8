"""The system's Chromium, or a clear word about its absence."""

import os
import shutil

import pytest


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
