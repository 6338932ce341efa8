"""People who answer: both doors as servers of their own, and whoever sends to them by link or by code."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

import httpx

from commonground.sealing import passes
from commonground.sealing.answers import Answer
from commonground.sealing.paper import Paper

AT_ONCE = 8
PATIENCE = 30.0


@contextmanager
def doors(*, clock_offset: int = 0) -> Iterator[tuple[str, str]]:
    """Serve both doors on free ports of this machine while the code inside runs; yield site and answering door."""
    with (
        _served("wsgi", "SITE_URL", "localhost", clock_offset) as site,
        door(clock_offset=clock_offset) as address,
    ):
        yield site, address


@contextmanager
def door(*, clock_offset: int = 0) -> Iterator[str]:
    """Serve the respondents' door alone; yield its address."""
    with _served("wsgi_respond", "RESPOND_URL", "127.0.0.1", clock_offset) as address:
        yield address


@contextmanager
def _served(application: str, variable: str, host: str, clock_offset: int) -> Iterator[str]:
    port = _free_port()
    variables = {
        **os.environ,
        f"COMMONGROUND_{variable}": f"http://{host}:{port}",
        "COMMONGROUND_CLOCK_OFFSET": str(clock_offset),
        "DJANGO_SETTINGS_MODULE": f"commonground.config.{application.replace('wsgi', 'settings')}",
    }
    granian = str(Path(sys.executable).with_name("granian"))
    options = ["--interface", "wsgi", "--workers", "1", "--blocking-threads", "8", "--log-level", "error"]
    server = subprocess.Popen(
        [granian, *options, "--port", str(port), f"commonground.config.{application}:application"], env=variables
    )
    try:
        _wait(f"http://{host}:{port}/", server)
        yield f"http://{host}:{port}"
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(address: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            httpx.get(address, timeout=2)
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError("a door did not open")


Answers = Mapping[str, int | Sequence[int] | str | None]
"""Question id to the option, the options, or the text."""


@dataclass(frozen=True)
class Linked:
    """The secret of a personal link and what its owner answers."""

    secret: bytes
    answers: Answers


@dataclass(frozen=True)
class Respondent:
    """A code and what its bearer answers."""

    code: str
    answers: Answers


class Refused(RuntimeError):
    """The door did not give a receipt."""


def answer_by_link(site: str, address: str, paper: Paper, people: Sequence[Linked]) -> int:
    """Have all these people take their pass and send their sealed answer, as the page does; return how many did."""
    limits = httpx.Limits(max_connections=AT_ONCE)
    with httpx.Client(timeout=PATIENCE, limits=limits) as client, ThreadPoolExecutor(AT_ONCE) as pool:
        return sum(pool.map(lambda person: send(client, site, address, paper, person), people))


def send(client: httpx.Client, site: str, address: str, paper: Paper, person: Linked) -> int:
    """Take a pass and send, checking what comes back; return 1. Raises Refused."""
    browser = passes.Respondent(paper, person.secret)
    browser.take(_octets(client, f"{site}/pass/", browser.request().to_bytes()))
    row = browser.answer(paper.layout.encode({name: _exact(value) for name, value in person.answers.items()}))
    said = _octets(client, f"{address}/s/{paper.survey.hex()}/answer/", row.to_bytes())
    if not browser.is_acknowledged(row, said):
        raise Refused("the door did not sign what it took")
    return 1


def _exact(value: int | Sequence[int] | str | None) -> Answer:
    """Return an answer as the page gives it: with nothing chosen of several, there is no answer."""
    return value if value is None or isinstance(value, (int, str)) else tuple(value) or None


def _octets(client: httpx.Client, address: str, data: bytes) -> bytes:
    response = client.post(address, content=data, headers={"Content-Type": "application/octet-stream"})
    if response.status_code != 200:
        raise Refused(f"{address}: {response.status_code}")
    return response.content


def answer(address: str, survey: str, people: Sequence[Respondent], language: str = "en") -> int:
    """Have all these people answer, several at once, from the front page to the receipt; return how many did."""
    limits = httpx.Limits(max_connections=AT_ONCE)
    with (
        httpx.Client(base_url=address, timeout=PATIENCE, limits=limits) as client,
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        return sum(pool.map(lambda person: _walk(client, f"/s/{survey}/{language}/", person), people))


def _walk(client: httpx.Client, path: str, person: Respondent) -> int:
    """Go from screen to screen as a browser without script does: each form is sent as the page offers it."""
    form = _form(client.post(path, data={"code": person.code, "go": "start"}), person)
    for _screen in range(100):
        fields = [*form.hidden, *_filled(form, person)]
        last = "send" in form.moves
        fields.append(("go", "send" if last else "next"))
        response = _post(client, path, fields)
        if last:
            return _receipt(response, person)
        form = _form(response, person)
    raise Refused(f"{person.code}: no end of screens")


def _post(client: httpx.Client, path: str, fields: list[tuple[str, str]]) -> httpx.Response:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return client.post(path, content=urlencode(fields), headers=headers)


def _filled(form: "_Form", person: Respondent) -> Iterator[tuple[str, str]]:
    for name in form.questions:
        value = person.answers.get(name.removeprefix("a."))
        if isinstance(value, (int, str)):
            yield (name, str(value))
        elif value is not None:
            yield from ((name, str(option)) for option in value)


def _receipt(response: httpx.Response, person: Respondent) -> int:
    if response.status_code != 200 or 'name="receipt"' not in response.text:
        raise Refused(f"{person.code}: {response.status_code}")
    return 1


def _form(response: httpx.Response, person: Respondent) -> "_Form":
    if response.status_code != 200:
        raise Refused(f"{person.code}: {response.status_code}")
    form = _Form()
    form.feed(response.text)
    return form


class _Form(HTMLParser):
    """The fields of the form on a screen: hidden ones, questions, and what its buttons say."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden: list[tuple[str, str]] = []
        self.questions: dict[str, None] = {}
        self.moves: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect one field."""
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "input" and given.get("type") == "hidden":
            self.hidden.append((name, given.get("value", "")))
        elif tag in ("input", "textarea") and name.startswith("a."):
            self.questions[name] = None
        elif tag == "button" and name == "go":
            self.moves.add(given.get("value", ""))
