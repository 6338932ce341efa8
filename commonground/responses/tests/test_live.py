"""The real server in its own process: it writes no line about a visit, and its pages hold in a real browser."""

import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from commonground.responses.tests.live import Server
from commonground.sealing.formats import hash_in_links

CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str, list[str]]]:
    """A running server, its open survey and four codes."""
    server = Server(tmp_path_factory.mktemp("respond"))
    survey, codes = server.prepare(codes=4)
    with server:
        yield server, survey, codes


def fetch(url: str, data: dict[str, str] | None = None) -> tuple[int, Any]:
    body = urllib.parse.urlencode(data).encode() if data is not None else None
    try:
        with urllib.request.urlopen(url, body, timeout=20) as answer:
            return answer.status, answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.headers


@pytest.mark.journey
def test_the_server_writes_nothing_about_visits(live: tuple[Server, str, list[str]]):
    server, survey, codes = live
    before = server.output.read_bytes()
    address = f"{server.url}/s/{survey}/en/"
    status = [
        fetch(address)[0],
        fetch(address, {"code": codes[0], "go": "start"})[0],
        fetch(address, {"code": codes[0], "screen": "0", "go": "send"})[0],
        fetch(address, {"code": "ABCD", "go": "start"})[0],
        fetch(address, {"kept": "?"})[0],
        fetch(address, {"kept": "A" * 300_000})[0],
        fetch(f"{server.url}/nowhere?code={codes[0]}")[0],
    ]
    assert status == [200, 200, 200, 422, 400, 413, 404]
    assert server.output.read_bytes() == before
    files = [path for path in server.folder.rglob("*") if path.is_file() and "static" not in path.parts]
    names = {path.name.split("-")[0] for path in files}
    assert names <= {"output", "secret", "responses.sqlite3", f"{survey}.door"}
    assert not any(codes[0].encode() in path.read_bytes() for path in files)


@pytest.mark.journey
def test_no_answer_sets_a_cookie(live: tuple[Server, str, list[str]]):
    server, survey, codes = live
    for data in (None, {"code": codes[1], "go": "start"}, {"code": codes[1], "screen": "0", "go": "send"}):
        headers = fetch(f"{server.url}/s/{survey}/en/", data)[1]
        assert "Set-Cookie" not in headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"


@pytest.fixture
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    if not CHROMIUM.exists():
        pytest.skip("needs the system's Chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield chromium
        chromium.close()


def check_page(page: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "language", "number"), [("light", "en", 2), ("dark", "es", 3)])
def test_a_phone_answers_from_a_link_to_the_receipt(
    live: tuple[Server, str, list[str]], browser: Any, scheme: str, language: str, number: int
):
    server, survey, codes = live
    page = browser.new_page(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{server.url}/s/{survey}/{language}/#c={codes[number]}")
    assert page.input_value("#code") == codes[number]
    assert page.url == f"{server.url}/s/{survey}/{language}/"
    check_page(page)
    with page.expect_navigation():
        page.click("button[value=start]:not(.vh)")
    for _ in range(page.locator("#answers").count() * 7):
        for question in page.locator("fieldset").all():
            question.locator("label").first.click()
        check_page(page)
        with page.expect_navigation():
            page.click("button.big")
    check_page(page)
    assert page.locator(".code").count() == 2
    assert said == []
    assert page.context.cookies() == []


@pytest.mark.browser
def test_a_link_for_another_paper_warns_and_one_for_this_paper_does_not(
    live: tuple[Server, str, list[str]], browser: Any
):
    server, survey, codes = live
    page = browser.new_page()
    front = f"{server.url}/s/{survey}/en/"
    page.goto(f"{front}#p={hash_in_links(bytes(32))}")
    page.wait_for_selector("#differs", state="visible")
    assert "#" not in page.url
    paper = urllib.request.urlopen(front).read().decode().partition('data-paper="')[2].partition('"')[0]
    page.goto("about:blank")
    page.goto(f"{front}#c={codes[0]}&p={paper}")
    page.wait_for_selector("#filled", state="visible")
    assert page.input_value("#code") == codes[0] and not page.is_visible("#differs")


@pytest.mark.browser
def test_the_enter_key_goes_on_and_never_changes_the_language(live: tuple[Server, str, list[str]], browser: Any):
    server, survey, _ = live
    page = browser.new_page()
    page.goto(f"{server.url}/s/{survey}/en/")
    page.fill("#code", "ABCD")
    page.press("#code", "Enter")
    page.wait_for_selector("#code-fault")
    assert page.url.endswith("/en/")
