"""Whoever answers in a browser: the page at the real door, and a pass point that signs as the real one.

The pass point here can be told to answer with any status; the real one is tried in the journeys.
"""

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from cryptography.hazmat.primitives.serialization import load_der_private_key
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from commonground.responses.tests.live import Server
from commonground.sealing import hpke
from commonground.sealing.blind import IssuingKey, read_issuing_key
from commonground.sealing.crockford import in_groups, write_bits
from commonground.sealing.formats import PlainAnswer, hash_in_links, read_plain
from commonground.sealing.paper import Paper, read_paper
from commonground.sealing.passes import is_receipt, read_pass_request

ANYWHERE = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "content-type"}


@dataclass
class PassPoint:
    """Signs once for each link. `status` stands for what else it may say, `confused` for the wrong keys.

    `asked` are the requests, in order.
    """

    issuing: list[IssuingKey] = field(default_factory=list)
    asked: list[bytes] = field(default_factory=list)
    status: int = 200
    confused: bool = False
    address: str = ""

    def answer(self, data: bytes) -> tuple[int, bytes]:
        request = read_pass_request(data)
        earlier = [read_pass_request(one) for one in self.asked]
        self.asked.append(data)
        if self.status != 200:
            return self.status, b""
        if any(one.secret == request.secret and one != request for one in earlier):
            return 409, b""
        blinded = request.blinded_pass, request.blinded_receipt
        signed = [key.sign(value) for key, value in zip(self.issuing, blinded, strict=True)]
        return 200, b"".join(reversed(signed) if self.confused else signed)


@contextmanager
def pass_point() -> Iterator[PassPoint]:
    """Serve a pass point on this machine."""
    point = PassPoint()

    class Handler(BaseHTTPRequestHandler):
        def do_OPTIONS(self) -> None:
            self._send(204, b"")

        def do_POST(self) -> None:
            assert "Cookie" not in self.headers and "Referer" not in self.headers
            self._send(*point.answer(self.rfile.read(int(self.headers["Content-Length"]))))

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            for name, value in ANYWHERE.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Write nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    point.address = f"http://localhost:{server.server_port}/pass/"
    Thread(target=server.serve_forever, daemon=True).start()
    yield point
    server.shutdown()
    server.server_close()


@dataclass
class Stage:
    """A running door with an open survey, and what a test may know of it."""

    server: Server
    point: PassPoint
    told: dict[str, Any]

    @cached_property
    def paper(self) -> Paper:
        return read_paper(bytes.fromhex(self.told["paper"]))

    @property
    def survey(self) -> str:
        return str(self.told["survey"])

    @property
    def base(self) -> str:
        return f"{self.server.url}/s/{self.survey}/"

    def link(self, language: str = "en", **changes: str) -> str:
        """A personal link, another one each time."""
        key = hash_in_links(secrets.token_bytes(16))
        values = {"k": key, "p": hash_in_links(self.paper.hash), "l": language, **changes}
        return f"{self.base}client/answer.html#" + "&".join(f"{name}={value}" for name, value in values.items())

    def rows(self) -> list[tuple[int, bytes]]:
        """Version and sealed answer of every row."""
        with sqlite3.connect(self.server.folder / "responses.sqlite3") as database:
            return list(database.execute("SELECT version, item FROM responses_sealedanswer WHERE kind = 1"))

    def keys(self) -> list[bytes]:
        """The pass of every row."""
        with sqlite3.connect(self.server.folder / "responses.sqlite3") as database:
            return [key for (key,) in database.execute("SELECT key FROM responses_sealedanswer WHERE kind = 1")]

    def forget(self) -> None:
        """Take all answers away, and what the pass point was asked."""
        self.point.asked.clear()
        self.point.status, self.point.confused = 200, False
        with sqlite3.connect(self.server.folder / "responses.sqlite3") as database:
            database.execute("DELETE FROM responses_sealedanswer")

    def receipt_line(self, receipt: bytes) -> str:
        """The 16 characters of a receipt."""
        return in_groups(write_bits(receipt, 16))

    def opened(self, item: bytes) -> PlainAnswer:
        """A sealed answer with all its seals off; its receipt is signed."""
        keys: Any = [load_der_private_key(bytes.fromhex(key), None) for key in self.told["seals"]]
        for layer in (*range(1, len(keys)), 0):
            item = hpke.open_seal(item, hpke.Purpose.TALLY, self.paper.hash, layer, keys[layer])
        plain = read_plain(item, self.paper.layout.size)
        assert is_receipt(self.paper, plain.receipt, plain.signature)
        return plain

    def answers(self) -> list[dict[str, Any]]:
        """What the stored answers say, without the questions that were left out."""
        decoded = [self.paper.layout.decode(self.opened(item).answers) for _, item in self.rows()]
        return [{name: value for name, value in one.items() if value is not None} for one in decoded]


@contextmanager
def stage(folder: Path, **changes: Any) -> Iterator[Stage]:
    """Serve the door and the pass point of a survey; `changes` replace entries of its paper."""
    with pass_point() as point:
        server = Server(folder)
        told = server.prepare_all(0, point.address, **changes)
        point.issuing = [read_issuing_key(bytes.fromhex(key)) for key in told["issuing"]]
        with server:
            yield Stage(server, point, told)


class Answering:
    """What a person does on the page; nothing may go wrong in it unseen."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.page: Page = context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._hear)

    def _hear(self, message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.errors.append(message.text)

    def open(self, link: str) -> "Answering":
        self.page.goto(link)
        self.wait()
        return self

    def wait(self, *views: str) -> None:
        self.page.wait_for_selector(", ".join(f"#{view}.on" for view in views) or ".view.on", timeout=20_000)

    def press(self, name: str) -> None:
        """Press a button of the view that is shown, by what it does."""
        self.page.locator(f"[data-do={name}]:visible").click()

    def next(self) -> None:
        self.page.locator("#answers button:not([type=button])").click()

    def choose(self, question: str, *options: int) -> None:
        for option in options:
            self.page.locator(f"[name={question}][value='{option}']").check()

    def write(self, question: str, text: str) -> None:
        self.page.fill(f"#q-{question}", text)

    def begin(self) -> "Answering":
        self.press("start")
        self.wait("screen")
        return self

    def to_the_last(self) -> "Answering":
        while not self.page.locator("[data-do=clear]").is_visible():
            self.next()
        return self

    def send(self) -> "Answering":
        """Press Send on the last screen and wait for what comes of it."""
        self.to_the_last().next()
        self.wait("receipt", "stopped")
        return self

    @property
    def view(self) -> Locator:
        return self.page.locator(".view.on")

    @property
    def text(self) -> str:
        return self.view.inner_text()

    def codes(self) -> list[str]:
        """Receipt and line, as they are shown."""
        return self.page.locator(".view.on .code").all_inner_texts()

    def stored(self) -> str:
        """All that this tab and this device keep."""
        return str(self.page.evaluate("JSON.stringify([{ ...sessionStorage }, { ...localStorage }])"))


@contextmanager
def answering(browser: Browser, **options: Any) -> Iterator[Answering]:
    """A person with a browser of her own, in English unless told otherwise."""
    context = browser.new_context(**{"locale": "en-US", "viewport": {"width": 390, "height": 844}, **options})
    person = Answering(context)
    yield person
    context.close()
    assert not person.errors, person.errors
