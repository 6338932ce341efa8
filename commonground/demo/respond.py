"""People who answer: the respondents' door as a server of its own, and whoever sends forms to it over HTTP."""

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

AT_ONCE = 8
PATIENCE = 30.0


@contextmanager
def door(*, clock_offset: int = 0, workers: int = 2) -> Iterator[str]:
    """Serve the respondents' door on a free port of this machine while the code inside runs; yield its address."""
    port = _free_port()
    variables = {
        **os.environ,
        "COMMONGROUND_RESPOND_URL": f"http://127.0.0.1:{port}",
        "COMMONGROUND_CLOCK_OFFSET": str(clock_offset),
        "DJANGO_SETTINGS_MODULE": "commonground.config.settings_respond",
    }
    granian = str(Path(sys.executable).with_name("granian"))
    options = ["--interface", "wsgi", "--workers", str(workers), "--blocking-threads", "8", "--log-level", "error"]
    server = subprocess.Popen(
        [granian, *options, "--port", str(port), "commonground.config.wsgi_respond:application"], env=variables
    )
    try:
        _wait(f"http://127.0.0.1:{port}/", server)
        yield f"http://127.0.0.1:{port}"
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
    raise RuntimeError("the respondents' door did not open")


@dataclass(frozen=True)
class Respondent:
    """A code and what its bearer answers: question id to the option, the options, or the text."""

    code: str
    answers: Mapping[str, int | Sequence[int] | str | None]


class Refused(RuntimeError):
    """The door did not give a receipt."""


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
