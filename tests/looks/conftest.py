"""The served scene, once for each worker, and the browser."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import required
from tests.looks.scene import Scene, scene


@pytest.fixture(scope="session")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The demonstration with its stage set, served; COMMONGROUND_SCENE names a folder that keeps it."""
    base = tmp_path_factory.getbasetemp()
    of_all = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    shared = Path(os.environ.get("COMMONGROUND_SCENE", of_all))
    with scene(shared, base / "served") as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium, until the module ends: one worker runs one of these at a time."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=required(), args=["--no-sandbox"])
        yield browser
        browser.close()
