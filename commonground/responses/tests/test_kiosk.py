"""The kiosk in a real browser at the real door: off line, between two people, and what of it arrives."""

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page, Request, expect

from commonground.responses.tests.client_page import chromium
from commonground.responses.tests.live import Server
from commonground.sealing import codes, hpke
from commonground.sealing.crockford import in_groups, write_bits
from commonground.sealing.formats import CODE, PlainAnswer, hash_in_links, in_list_line, read_plain
from commonground.sealing.paper import Paper, read_paper
from tests.browser import faults

pytestmark = pytest.mark.browser

WORDS = "The garden behind the bus yard, and the piñata"


@dataclass
class Door:
    """A running door with an open survey and its printed codes."""

    server: Server
    told: dict[str, Any]
    paper: Paper
    codes: Iterator[str] = field(init=False)

    def __post_init__(self) -> None:
        self.codes = iter(self.told["codes"])

    @property
    def kiosk(self) -> str:
        return f"{self.server.url}/s/{self.told['survey']}/client/kiosk.html"

    def rows(self) -> dict[bytes, bytes]:
        """The sealed answers by key."""
        with sqlite3.connect(self.server.folder / "responses.sqlite3") as database:
            found = database.execute("SELECT key, item FROM responses_sealedanswer WHERE kind = 2")
            return {bytes(key): bytes(item) for key, item in found}

    def opened(self, typed: str) -> PlainAnswer:
        """What was sealed for a code, with all seals off."""
        from cryptography.hazmat.primitives.serialization import load_der_private_key

        keys: Any = [load_der_private_key(bytes.fromhex(key), None) for key in self.told["seals"]]
        item = self.rows()[codes.code_hash(self.paper.survey, codes.read_code(typed))]
        for layer in (*range(1, len(keys)), 0):
            item = hpke.open_seal(item, hpke.Purpose.TALLY, self.paper.hash, layer, keys[layer])
        return read_plain(item, self.paper.layout.size)


class Kiosk:
    """A tablet that is set up; nothing may go wrong on it unseen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def set_up(self, door: Door, language: str = "en") -> "Kiosk":
        self.page.goto(f"{door.kiosk}#p={hash_in_links(door.paper.hash)}&l={language}")
        self.wait("front")
        while not self.page.evaluate("!!navigator.serviceWorker.controller"):
            self.page.wait_for_timeout(50)
        return self

    def wait(self, *views: str) -> None:
        self.page.wait_for_selector(", ".join(f"#{view}.on" for view in views), timeout=20_000)

    def press(self, what: str) -> None:
        self.page.locator(f"[data-do={what}]:visible").first.click()

    def next(self) -> None:
        self.page.locator("#answers button:not([type=button])").click()

    def enter(self, typed: str) -> "Kiosk":
        self.page.fill("#code", typed)
        self.page.locator("#enter button").click()
        return self

    def answer(self, typed: str, text: str = "") -> "Kiosk":
        """Answer as one person does, up to the thanks."""
        self.enter(typed).wait("screen")
        self.page.locator("[name=q1][value='3']").check()
        while not self.page.locator("[data-do=clear]").is_visible():
            if text and self.page.locator("#q-q26").is_visible():
                self.page.fill("#q-q26", text)
            self.next()
        self.next()
        self.wait("thanks")
        return self

    def leave(self) -> "Kiosk":
        self.press("leave")
        self.wait("front")
        return self

    def close(self) -> None:
        self.press("about")
        self.wait("care")
        self.press("finish")

    def put_by(self, door: Door, typed: str) -> None:
        """Keep a blank answer for a code without walking through the screens."""
        self.page.evaluate(
            """async ([typed, bytes]) => {
                const [{ readCode, sealFor }, shelf, { readPaper }] =
                    await Promise.all(["./codes.js", "./shelf.js", "./sealing.js"].map((name) => import(name)));
                const paper = await readPaper(Uint8Array.from(bytes));
                const code = readCode(typed);
                await shelf.keep(code, await sealFor(paper, code, {}));
            }""",
            [typed, list(bytes.fromhex(door.told["paper"]))],
        )

    @property
    def text(self) -> str:
        return self.page.locator(".view.on").inner_text()

    def everything(self) -> str:
        """All that the page and the device hold, as somebody who looks for a trace would read it."""
        return str(
            self.page.evaluate(
                """async () => {
                    const stored = JSON.stringify({ ...sessionStorage, ...localStorage });
                    const found = [document.documentElement.outerHTML, stored];
                    for (const node of document.querySelectorAll("input, textarea")) found.push(node.value);
                    for (const { name } of await indexedDB.databases()) {
                        const open = indexedDB.open(name);
                        await new Promise((resolve) => { open.onsuccess = resolve; });
                        for (const table of open.result.objectStoreNames) {
                            const all = open.result.transaction(table).objectStore(table).getAll();
                            await new Promise((resolve) => { all.onsuccess = resolve; });
                            found.push(JSON.stringify(all.result), ...all.result.map((row) =>
                                row.item ? new TextDecoder("latin1").decode(row.item) : ""));
                        }
                        open.result.close();
                    }
                    return found.join("\\n");
                }"""
            )
        )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    server = Server(tmp_path_factory.mktemp("respond"))
    told = server.prepare_all(60, "http://localhost:1/pass/")
    with server:
        yield Door(server, told, read_paper(bytes.fromhex(told["paper"])))


@contextmanager
def tablet(browser: Browser, **options: Any) -> Iterator[Kiosk]:
    context = browser.new_context(**{"locale": "en-US", "viewport": {"width": 820, "height": 1180}, **options})
    kiosk = Kiosk(context.new_page())
    yield kiosk
    context.close()
    assert kiosk.errors == []


@pytest.fixture
def kiosk(browser: Browser, door: Door) -> Iterator[Kiosk]:
    with tablet(browser) as made:
        yield made.set_up(door)


def test_answers_given_off_line_are_kept_and_arrive_later(kiosk: Kiosk, door: Door):
    first, second = next(door.codes), next(door.codes)
    before = len(door.rows())
    kiosk.page.context.set_offline(True)
    kiosk.answer(first, WORDS)
    assert "not yet counted" in kiosk.text
    kiosk.leave().answer(second).leave()
    assert "2 answers are kept here, not yet counted." in kiosk.text
    kiosk.close()
    kiosk.page.get_by_text("Not everything could be sent.").wait_for()
    assert len(door.rows()) == before
    kiosk.page.context.set_offline(False)
    kiosk.press("finish")
    kiosk.page.get_by_text("This kiosk is closed.").wait_for()
    assert len(door.rows()) == before + 2
    plain = door.opened(first)
    given = {name: value for name, value in door.paper.layout.decode(plain.answers).items() if value is not None}
    assert given == {"q1": 3, "q26": WORDS}
    assert (plain.kind, plain.receipt) == (CODE, codes.code_receipt(door.paper.survey, codes.read_code(first)))


def test_the_person_sees_the_line_and_receipt_that_the_list_will_hold(kiosk: Kiosk, door: Door):
    typed = next(door.codes)
    kiosk.answer(typed.lower().replace("-", " "))
    code = codes.read_code(typed)
    shown = " ".join(kiosk.text.split())
    assert in_list_line(codes.code_hash(door.paper.survey, code)) in shown
    assert in_groups(write_bits(codes.code_receipt(door.paper.survey, code), 16)) in shown


def test_a_batch_waits_for_ten(kiosk: Kiosk, door: Door):
    asked: list[bytes] = []

    def hear(request: Request) -> None:
        if request.url.endswith("/codes/"):
            asked.append(request.post_data_buffer or b"")

    kiosk.page.on("request", hear)
    before = len(door.rows())
    typed = [next(door.codes) for _ in range(10)]
    for one in typed[:8]:
        kiosk.put_by(door, one)
    kiosk.answer(typed[8])
    kiosk.leave()
    assert not asked and len(door.rows()) == before
    kiosk.answer(typed[9])
    kiosk.page.get_by_text("They have arrived with those of others.").wait_for()
    assert len(asked) == 1 and len(door.rows()) == before + 10
    size = 10 + door.paper.item_size(1)
    records = [asked[0][start : start + size] for start in range(0, len(asked[0]), size)]
    hashes = [sha256(record[10:]).digest() for record in records]
    assert hashes == sorted(hashes) and len(hashes) == 10
    kiosk.leave()
    assert "10 were sent." in kiosk.text and "No answer waits here." in kiosk.text


def test_in_the_last_minutes_everything_is_sent_and_then_nothing_is_taken(browser: Browser, door: Door):
    closes = datetime.fromisoformat(door.paper.content["window"]["closes"])
    with tablet(browser) as kiosk:
        kiosk.page.clock.install(time=closes - timedelta(minutes=8))
        kiosk.set_up(door)
        before = len(door.rows())
        kiosk.put_by(door, next(door.codes))
        kiosk.page.clock.fast_forward(60_000)
        kiosk.page.wait_for_timeout(300)
        assert len(door.rows()) == before
        kiosk.page.clock.fast_forward(180_000)
        kiosk.page.locator("#front").get_by_text("1 was sent.").wait_for()
        assert len(door.rows()) == before + 1
        kiosk.page.clock.fast_forward(360_000)
        kiosk.page.get_by_text("The survey closed on").wait_for()
        expect(kiosk.page.locator("#code")).to_be_hidden()


def test_a_refused_code_is_posted_by_its_last_four_signs_alone(kiosk: Kiosk, door: Door):
    used, unknown = next(door.codes), codes.write_code(codes.draw_codes(1)[0])
    kiosk.put_by(door, used)
    kiosk.close()
    kiosk.page.get_by_text("This kiosk is closed.").wait_for()
    kiosk.page.reload()
    kiosk.wait("front")
    for typed in (used, unknown):
        kiosk.answer(typed).leave()
    kiosk.close()
    kiosk.page.get_by_role("heading", name="Codes that were not taken").wait_for()
    last = {typed: typed.replace("-", "")[-4:] for typed in (used, unknown)}
    assert f"… {last[used]} By this code another answer was given before." in kiosk.text
    assert f"… {last[unknown]} Nobody knows this code." in kiosk.text
    held = kiosk.everything()
    assert used not in held and used.replace("-", "")[:-4] not in held


def test_a_wrong_or_used_code_is_met_with_words_before_any_question(kiosk: Kiosk, door: Door):
    typed = next(door.codes)
    kiosk.enter(typed[:-1] + ("0" if typed[-1] != "0" else "1"))
    kiosk.page.get_by_text("This is not a whole code").wait_for()
    kiosk.answer(typed).leave().enter(typed)
    kiosk.page.get_by_text("By this code an answer is kept here already.").wait_for()
    kiosk.wait("front")


def test_a_scanned_link_is_read_as_its_code(kiosk: Kiosk, door: Door):
    link = f"https://respond.example.org/s/{door.told['survey']}/es/#c={next(door.codes)}&p=abc"
    kiosk.enter(link).wait("screen")


def test_codes_are_read_as_the_server_reads_them(kiosk: Kiosk, door: Door):
    for _ in range(30):
        code = secrets.token_bytes(10)
        typed = codes.write_code(code)
        read = kiosk.page.evaluate(
            """async (typed) => {
                const { readCode, lastFour } = await import("./codes.js");
                const code = readCode(typed);
                return [[...code], lastFour(code), readCode(typed.slice(1)), readCode(typed + "0")];
            }""",
            typed,
        )
        assert read == [list(code), typed.replace("-", "")[-4:], None, None]


# Between two people


def test_after_a_minute_of_nothing_it_warns_and_then_forgets(browser: Browser, door: Door):
    with tablet(browser) as kiosk:
        kiosk.page.clock.install()
        kiosk.set_up(door)
        kiosk.enter(next(door.codes)).wait("screen")
        kiosk.page.locator("[name=q1][value='3']").check()
        kiosk.page.clock.fast_forward(58_000)
        expect(kiosk.page.locator("#still")).to_be_hidden()
        kiosk.page.clock.fast_forward(5_000)
        expect(kiosk.page.locator("#still")).to_be_visible()
        kiosk.press("stay")
        assert kiosk.page.locator("[name=q1][value='3']").is_checked(), "a sign of life keeps everything"
        kiosk.page.clock.fast_forward(62_000)
        expect(kiosk.page.locator("#still")).to_be_visible()
        kiosk.page.clock.fast_forward(31_000)
        kiosk.wait("front")
        expect(kiosk.page.locator("#still")).to_be_hidden()
        assert "No answer waits here." in kiosk.text


@pytest.mark.parametrize("way", ["sends", "stops", "is silent"])
def test_no_trace_of_one_person_is_left_for_the_next(browser: Browser, door: Door, way: str):
    typed = next(door.codes)
    with tablet(browser) as kiosk:
        kiosk.page.clock.install()
        kiosk.set_up(door)
        kiosk.page.context.set_offline(True)
        if way == "sends":
            kiosk.answer(typed, WORDS).leave()
        else:
            kiosk.enter(typed).wait("screen")
            while not kiosk.page.locator("#q-q26").is_visible():
                kiosk.next()
            kiosk.page.fill("#q-q26", WORDS)
            if way == "stops":
                kiosk.leave()
            else:
                for _ in range(2):
                    kiosk.page.clock.fast_forward(61_000)
                    kiosk.page.wait_for_timeout(200)
                kiosk.wait("front")
        for _ in range(3):
            held = kiosk.everything()
            line = in_list_line(codes.code_hash(door.paper.survey, codes.read_code(typed)))
            assert "garden" not in held and "piñata" not in held and typed not in held and line not in held
            kiosk.page.go_back()
            kiosk.wait("front")
        assert ("1 answer is kept here" in kiosk.text) == (way == "sends")
        assert kiosk.page.context.cookies() == []


def test_there_is_no_way_out_of_the_page(kiosk: Kiosk, door: Door):
    assert kiosk.page.locator("a, iframe, [target], form[action]").count() == 0
    kiosk.page.go_back()
    kiosk.wait("front")
    assert kiosk.page.url == door.kiosk
    kiosk.enter(next(door.codes)).wait("screen")
    kiosk.page.go_back()
    kiosk.wait("screen")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    kiosk.page.on("dialog", stay)
    kiosk.page.close(run_before_unload=True)
    kiosk.page.wait_for_timeout(500)
    assert asked == ["beforeunload"] and not kiosk.page.is_closed()
    assert kiosk.page.evaluate("dispatchEvent(new Event('contextmenu', { cancelable: true }))") is False


def test_the_kiosk_opens_without_a_network_once_it_is_set_up(kiosk: Kiosk):
    kiosk.page.context.set_offline(True)
    kiosk.page.reload()
    kiosk.wait("front")
    kiosk.press("about")
    kiosk.page.get_by_text("This tablet works without a network.").wait_for()
    kiosk.page.get_by_text("There is no network now.").wait_for()


def test_the_worker_of_the_kiosk_touches_no_other_page(kiosk: Kiosk):
    scope = kiosk.page.evaluate("navigator.serviceWorker.ready.then(({ scope }) => scope)")
    assert scope.endswith("/client/kiosk")
    other = kiosk.page.context.new_page()
    other.goto(kiosk.page.url.replace("kiosk.html", "answer.html"))
    assert other.evaluate("navigator.serviceWorker.controller") is None


def test_another_paper_than_the_one_it_was_set_up_for_raises_an_alarm(browser: Browser, door: Door):
    with tablet(browser) as other:
        other.page.goto(f"{door.kiosk}#p={hash_in_links(bytes(32))}")
        other.wait("alarm")
        expect(other.page.locator("#code")).to_be_hidden()


@pytest.mark.parametrize(
    ("language", "scheme", "width"), [("en", "light", 360), ("es", "dark", 390), ("es", "light", 1280)]
)
def test_everybody_can_use_each_view(browser: Browser, door: Door, language: str, scheme: Any, width: int):
    found: list[str] = []

    def look(name: str) -> None:
        if folder := os.environ.get("COMMONGROUND_PICTURES"):
            tab.page.screenshot(path=f"{folder}/kiosk-{name}-{width}-{language}.png", full_page=True)
        found.extend(f"{name}: {fault}" for fault in faults(tab.page))

    with tablet(browser, color_scheme=scheme, viewport={"width": width, "height": 900}) as tab:
        tab.page.clock.install()
        tab.set_up(door, language)
        look("front")
        tab.press("about")
        tab.wait("care")
        look("care")
        tab.press("toFront")
        tab.enter("nonsense")
        look("fault")
        tab.answer(codes.write_code(codes.draw_codes(1)[0]))
        look("thanks")
        tab.page.clock.fast_forward(62_000)
        tab.page.locator("#still").wait_for()
        look("still")
        tab.page.locator("#still [data-do=leave]").click()
        tab.wait("front")
        tab.close()
        tab.page.locator("#refused li").wait_for()
        look("refused")
        tab.page.reload()
        tab.wait("front")
        tab.enter(next(door.codes)).wait("screen")
        look("screen")
    assert found == []
