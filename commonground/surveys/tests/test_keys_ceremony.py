"""keys.html as it is served, beside the signed-in page that opens it: policy, hand-over, look, nothing kept."""

import re
import threading
from collections.abc import Iterator
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FilePayload, Page

from commonground.sealing.formats import join_chunks, read_chunk, read_file
from commonground.sealing.seals import unwrap
from commonground.surveys.tests.keys_page import (
    CEREMONY_JS,
    KEYS_HTML,
    KeysPage,
    SealedSurvey,
    chromium,
    content_policy,
    message_of,
)

pytestmark = pytest.mark.browser

SENTENCES = {
    "open": "Open our seal’s page",
    "blocked": "The window did not open.",
    "working": "The page is open.",
    "sending": "Sending part {part} of {parts}",
    "failed": "Sending did not work.",
    "again": "Send it again",
}


class District(ThreadingHTTPServer):
    """A signed-in page with one task; keeps what is posted to it. `refusals` answers are refused first."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Screens)
        self.task = b""
        self.pieces: list[bytes] = []
        self.headers_seen: list[dict[str, str]] = []
        self.shown = 0
        self.refusals = 0

    @property
    def address(self) -> str:
        return f"http://localhost:{self.server_port}"


class Screens(BaseHTTPRequestHandler):
    server: District

    def do_GET(self) -> None:
        pages = {"/keys": self._keys, "/ceremony.js": self._script, "/task": self._task, "/": self._front}
        pages.get(self.path, self._front)()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.refusals:
            self.server.refusals -= 1
            return self._answer(b"", "text/plain", status=503)
        self.server.pieces.append(body)
        self.server.headers_seen.append(dict(self.headers))
        return self._answer(b"", "text/plain")

    def _keys(self) -> None:
        self._answer(KEYS_HTML.read_bytes(), "text/html; charset=utf-8", content_policy())

    def _script(self) -> None:
        self._answer(CEREMONY_JS.read_bytes(), "text/javascript")

    def _task(self) -> None:
        self._answer(self.server.task, "application/octet-stream")

    def _front(self) -> None:
        self.server.shown += 1
        said = " ".join(f'data-text-{name}="{escape(text)}"' for name, text in SENTENCES.items())
        page = (
            "<!doctype html><html lang=es><meta charset=utf-8><title>Opening</title><link rel=icon href=data:,>"
            f'<form data-ceremony data-keys-url="/keys" data-task-url="/task" data-result-url="/result" {said}>'
            '<input type=hidden name=csrfmiddlewaretoken value="the-token"><input type=file name=result>'
            '<button id=upload>Upload</button></form><script type=module src="/ceremony.js"></script>'
        )
        self._answer(page.encode(), "text/html; charset=utf-8")

    def _answer(self, body: bytes, kind: str, policy: str | None = None, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        if policy:
            self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """A test needs no access log."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def survey() -> SealedSurvey:
    return SealedSurvey(40)


@pytest.fixture
def district() -> Iterator[District]:
    with District() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="en-US")
    yield context.new_page()
    context.close()


def open_keys(page: Page, district: District) -> KeysPage:
    page.goto(district.address)
    with page.expect_popup() as popup:
        page.get_by_role("button", name=SENTENCES["open"]).click()
    return KeysPage(popup.value)


def await_reload(page: Page, district: District) -> None:
    page.wait_for_function("performance.getEntriesByType('navigation')[0].type === 'reload'")
    assert district.shown >= 2


def delivered(district: District) -> bytes:
    return join_chunks([read_chunk(piece) for piece in district.pieces])


def test_a_peel_goes_from_page_to_page_and_back(page, district, survey):
    district.task = survey.peel_task(1, survey.closed.to_bytes())
    keys = open_keys(page, district)
    keys.wait_for("open")
    assert keys.page.get_attribute("html", "lang") == "es"
    keys.compare()
    keys.open_with(survey.sheets[0].words)
    assert keys.page.locator("#sent").is_visible()
    await_reload(page, district)
    assert delivered(district) == survey.answer(district.task, 1)
    assert district.headers_seen[0]["X-CSRFToken"] == "the-token"
    assert district.headers_seen[0]["Content-Type"] == "application/octet-stream"
    assert keys.errors == []


def test_a_made_key_arrives(page, district, survey):
    district.task = survey.make_task()
    keys = open_keys(page, district)
    keys.wait_for("make")
    keys.page.click("#make button")
    keys.wait_for("sheets")
    words = keys.page.locator(".opening >> nth=0").locator(".words li").all_text_contents()
    keys.page.click("#printed")
    for number in (3, 7, 11):
        keys.page.fill(f"#word{number}", words[number - 1])
    keys.page.click("#prove button")
    await_reload(page, district)
    assert message_of(delivered(district))["result"] == "party-key"


def test_a_saved_result_is_sent_in_numbered_pieces(page, district):
    page.goto(district.address)
    data = bytes(range(256)) * 10_000
    page.set_input_files(
        "input[type=file]",
        FilePayload(name="result.cg", mimeType="application/octet-stream", buffer=data),
    )
    district.refusals = 1
    page.click("#upload")
    await_reload(page, district)
    chunks = [read_chunk(piece) for piece in district.pieces]
    assert [(chunk.index, chunk.of) for chunk in chunks] == [(0, 3), (1, 3), (2, 3)]
    assert join_chunks(chunks) == data


def test_a_server_that_does_not_answer_can_be_asked_again(page, district, survey):
    page.goto(district.address)
    page.set_input_files(
        "input[type=file]",
        FilePayload(name="result.cg", mimeType="application/octet-stream", buffer=b"result"),
    )
    district.refusals = 3
    page.click("#upload")
    page.get_by_text(SENTENCES["failed"]).wait_for()
    assert district.pieces == []
    page.get_by_role("button", name=SENTENCES["again"]).click()
    await_reload(page, district)
    assert delivered(district) == b"result"


def test_no_other_origin_can_hand_over_a_task(page, district, survey):
    """A page elsewhere that opens keys.html gets no sign of life from it, and its task is not taken."""
    page.goto(district.address.replace("localhost", "127.0.0.1"))
    page.evaluate(
        """([url, task]) => {
          window.heard = [];
          addEventListener('message', (event) => window.heard.push(event.origin));
          const other = open(url);
          window.timer = setInterval(() => other.postMessage({cgTask: new Uint8Array(task).buffer}, '*'), 50);
        }""",
        [district.address + "/keys", list(survey.make_task())],
    )
    page.wait_for_timeout(700)
    keys = page.context.pages[-1]
    assert keys.locator("#start").is_visible()
    assert page.evaluate("window.heard") == []


@pytest.fixture(params=["disk", "server"])
def keys(request: pytest.FixtureRequest, page: Page, district: District) -> Iterator[KeysPage]:
    """The page from the keeper's own disk, and as served under its policy."""
    keys = KeysPage(page)
    page.goto(KEYS_HTML.as_uri() if request.param == "disk" else district.address + "/keys")
    yield keys
    assert [error for error in keys.errors if "favicon" not in error] == []


def test_it_keeps_nothing_and_asks_nobody(keys, survey):
    requests: list[str] = []
    keys.page.on("request", lambda request: requests.append(request.url))
    task = survey.peel_task(1, survey.closed.to_bytes())
    assert keys.carry_out(task, survey.sheets[0].words) == survey.answer(task, 1)
    assert [url for url in requests if not url.startswith("blob:")] == []
    assert keys.page.context.cookies() == []
    if keys.page.url.startswith("http"):
        kept = "async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length]"
        assert keys.page.evaluate(kept) == [0, 0, 0]
    assert survey.sheets[0].words not in keys.page.content()
    assert keys.page.input_value("#phrase") == ""


def test_every_task_works_from_disk_and_from_the_server(keys, survey):
    sheet = survey.sheets[1]
    for task in (survey.trial_task(2), survey.share_task(2, survey.closed.hash)):
        assert keys.carry_out(task, sheet.words) == survey.answer(task, 2)
        keys.page.click("#again")
    unwrap(sheet.wrapped, sheet.phrase, survey.survey, survey.block.parties[1])


def test_one_script_one_style_and_nothing_inline():
    text = KEYS_HTML.read_text(encoding="utf-8")
    markup = re.sub(r"<(script|style)>.*?</\1>", "", text, flags=re.DOTALL)
    assert (text.count("<script"), text.count("<style")) == (1, 1)
    assert not re.search(r"\s(style|on\w+)=", markup)
    assert not re.search(r"(src|href)=\"(?!#)", markup)
    for forbidden in ("localStorage", "sessionStorage", "indexedDB", "cookie", "fetch(", "XMLHttpRequest"):
        assert forbidden not in text


def test_every_sentence_stands_in_both_languages(page):
    page.goto(KEYS_HTML.as_uri())
    sentences = page.evaluate("TEXT")
    assert set(re.findall(r'data-t="(\w+)"', KEYS_HTML.read_text(encoding="utf-8"))) <= set(sentences)
    same_in_both = {"crumb", "number"}
    for key, (english, spanish) in sentences.items():
        assert (english == spanish) == (key in same_in_both), key
        assert set(re.findall(r"{\w+}", english)) == set(re.findall(r"{\w+}", spanish)), key


def test_the_language_can_change_at_any_moment(keys, survey):
    keys.begin(survey.trial_task(1))
    keys.compare()
    keys.page.fill("#phrase", survey.sheets[0].words)
    keys.page.click("#langs [lang=es]")
    assert "Probar nuestro sello" in keys.page.inner_text("#open")
    assert keys.page.get_attribute("html", "lang") == "es"
    keys.page.click("#open-button")
    keys.wait_for("done")
    assert "Nuestro sello funciona" in keys.page.inner_text("#done")


def test_by_keyboard_alone(keys, survey):
    keys.begin(survey.trial_task(1))
    press = keys.page.keyboard.press
    press("Tab")
    press("Space")
    press("Tab")
    keys.page.keyboard.type(survey.sheets[0].words)
    press("Tab")
    press("Enter")
    keys.wait_for("done")
    press("Tab")
    with keys.page.expect_download():
        press("Enter")


# the look


def walk(keys: KeysPage, survey: SealedSurvey) -> Iterator[str]:
    """Every screen of the page, one after the other."""
    yield "start"
    keys.give(survey.make_task())
    keys.wait_for("make")
    yield "make"
    keys.page.click("#make button")
    keys.wait_for("sheets")
    yield "sheets"
    keys.page.click("#printed")
    keys.page.click("#prove button")
    yield "prove"
    keys.page.reload()
    keys.begin(survey.peel_task(2, read_file(survey.answer(first_peel(survey), 1)).binary))
    keys.compare()
    keys.open_with("not the words")
    yield "open"
    keys.page.evaluate("startWork('peelWork'); progress({ step: 'opening', n: 512, of: 814 })")
    yield "work"
    keys.page.evaluate("show('open')")
    keys.open_with(survey.sheets[1].words)
    yield "done"
    keys.page.click("#again")
    keys.give(b"no task")
    keys.wait_for("fault")
    yield "fault"


def first_peel(survey: SealedSurvey) -> bytes:
    return survey.peel_task(1, survey.closed.to_bytes())


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [
        ("en", "light", 360),
        ("en", "dark", 1280),
        ("es", "light", 1280),
        ("es", "dark", 360),
    ],
)
def test_every_screen_can_be_used_by_everyone(browser, survey, language, scheme, width):
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    keys = KeysPage(context.new_page())
    keys.page.goto(f"{KEYS_HTML.as_uri()}#{language}")
    for screen in walk(keys, survey):
        found = Axe().run(keys.page)
        assert found.violations_count == 0, (screen, found.generate_report())
        wider = keys.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, screen
        assert keys.page.get_attribute("html", "lang") == language
    context.close()
