"""What the committee's pages cost as a district grows.

    python bench/pages.py [--staff 1500,15000,150000] [--json]

Makes Alder Valley with so many people on the staff list, brought in as a CSV file through the same act as the page,
and asks for each page as a co-chair. One result a line: `name`, `value` (the middle one of five runs), `unit`, and
as `reference` the same page in the smallest district. For the staff list: seconds of CPU for each thousand people,
of reading the file and of carrying it out.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time as stopwatch
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from commonground.demo.trial.__main__ import settle_server

RUNS = 5
PAGES = {
    "home": "",
    "people": "people/",
    "places": "places/",
    "staff_first_page": "staff/",
    "staff_search": "staff/?q=garcia",
    "staff_middle": "staff/?after=E5",
    "surveys": "surveys/",
    "agreements": "agreements/",
    "record": "record/",
}


def main() -> None:
    """Measure each size in a process of its own, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--staff", default="1500,15000,150000", help="sizes of the staff list, the smallest first")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--one", type=int, help="measure this size alone; what each process does")
    given = parser.parse_args()
    if given.one:
        _one_size(given.one)
        return
    smallest: dict[str, float] = {}
    for number in map(int, given.staff.split(",")):
        for name, value, unit in _in_own_process(number):
            told = {"name": f"pages.{number}.{name}", "value": round(value, 2), "unit": unit}
            told["reference"] = round(smallest.setdefault(name, value), 2)
            words = "{name:34} {value:9.2f} {unit:8} reference {reference:.2f}".format(**told)
            print(json.dumps(told) if given.json else words, flush=True)


def _in_own_process(number: int) -> Iterator[tuple[str, float, str]]:
    command = [sys.executable, __file__, "--one", str(number)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    yield from map(json.loads, told.splitlines())


def _one_size(number: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settle_server(folder)
        for found in measure(number):
            print(json.dumps(found), flush=True)
        from django.db import connections

        connections.close_all()


def measure(number: int) -> Iterator[tuple[str, float, str]]:
    """Name, value and unit of everything, in a district of so many people."""
    from commonground.demo import cast, seed, valley
    from commonground.demo.story import on

    with on(-140):
        district = seed.found()
    actor = district.actor(cast.LUZ)
    valley.build(actor, district.parties)
    yield from bring_in(actor, number)
    yield from pages(district, cast.LUZ.email)


def bring_in(actor: Any, number: int) -> Iterator[tuple[str, float, str]]:
    """Read a staff list and carry it out."""
    from commonground.demo import roster
    from commonground.partnership import staff

    workers = roster.workers()
    rounds = range(number // len(workers) + 1)
    many = [replace(one, number=f"{one.number}-{turn}", email="") for turn in rounds for one in workers][:number]
    data = roster.as_csv(many)
    began = stopwatch.process_time()
    waiting = staff.read_list(actor, "staff.csv", data)
    read = stopwatch.process_time()
    staff.carry_out(actor, waiting.pk)
    yield "staff_list_read", (read - began) * 1000 / number, "s/1000"
    yield "staff_list_carried_out", (stopwatch.process_time() - read) * 1000 / number, "s/1000"


def pages(district: Any, email: str) -> Iterator[tuple[str, float, str]]:
    """Milliseconds of CPU and queries of each page."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from commonground.people.models import Person

    client = Client(HTTP_HOST=settings.SITE_HOST)
    client.force_login(Person.objects.get(email=email))
    base = f"/d/{district.partnership.slug}/"
    for name, path in PAGES.items():
        assert client.get(base + path).status_code == 200, path
        spent = []
        for _ in range(RUNS):
            began = stopwatch.process_time()
            client.get(base + path)
            spent.append((stopwatch.process_time() - began) * 1000)
        with CaptureQueriesContext(connection) as asked:
            client.get(base + path)
        yield name, statistics.median(spent), "ms CPU"
        yield f"{name}_queries", len(asked), "queries"


if __name__ == "__main__":
    main()
