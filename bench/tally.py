"""What the server works from closing to the release: 2,042 answers to 19 items in 49 groups, three sealing parties.

    python bench/tally.py [--answers 2042] [--json]

A district of its own in a temporary folder, with random answers from a fixed seed, sealed as the respondents' door
seals them. CPU seconds of the server alone; what keepers' machines work is left out. One result a line: `name`,
`value`, `unit`, `reference`. References: bare ECDH with the same keys for opening, a plain count in Python of the
same tables for the gate, these two parts for the whole count, 5 s for everything from closing to the release.
"""

import argparse
import json
import random
import statistics
import sys
import tempfile
import time as stopwatch
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from commonground.demo.trial.__main__ import settle_server
from commonground.demo.trial.sheet import Column, Sheet

GROUPS, ITEMS, RUNS, SEED = 49, 19, 3, 2042
SMALLEST_SHARE = 0.25
GOAL = 5.0


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--answers", type=int, default=2042)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settle_server(folder)
        for name, value, reference in measure(invented(given.answers)):
            told = {"name": name, "value": round(value, 3), "unit": "s CPU", "reference": round(reference, 3)}
            print(json.dumps(told) if given.json else f"{name:28} {value:8.3f} s CPU   reference {reference:.3f}")
    from django.db import connections

    connections.close_all()


def invented(answers: int) -> Sheet:
    """Return random answers in groups of unequal size."""
    chance = random.Random(SEED)
    site = Column("place", "one", tuple(f"Place {number}" for number in range(1, GROUPS + 1)))
    items = tuple(Column(f"item {n}", "agreement", tuple("12345")) for n in range(1, ITEMS + 1))
    sizes = [chance.uniform(SMALLEST_SHARE, 2) for _ in site.values]
    rows = [
        {"place": place} | {column.name: chance.choice(column.values) for column in items}
        for place in chance.choices(site.values, sizes, k=answers)
    ]
    return Sheet("invented", site, (), items, tuple(rows))


class Clock:
    """CPU seconds of the server."""

    def __init__(self) -> None:
        self.seconds = 0.0

    @contextmanager
    def __call__(self) -> Any:
        began = stopwatch.process_time()
        yield
        self.seconds += stopwatch.process_time() - began


def median(work: Callable[[], object]) -> float:
    """CPU seconds of the middle one of three runs."""
    clocks = [Clock() for _ in range(RUNS)]
    for clock in clocks:
        with clock():
            work()
    return statistics.median(clock.seconds for clock in clocks)


def measure(sheet: Sheet) -> list[tuple[str, float, float]]:
    """Name, seconds and reference of each part."""
    from commonground.demo.trial import district, survey
    from commonground.kernel import time
    from commonground.surveys import tally

    start, server, whole = time.now(), Clock(), Clock()
    made = district.build(sheet, 1.5)
    row, keepers = survey.launch(sheet, made, None, start)
    with time.at(start + survey.DURING):
        answer(sheet, row, survey.draw(made, row, len(sheet.rows)))
    with time.at(start + survey.CLOSES + timedelta(hours=1)), server():
        tally.close(made.coordinator, row.pk)
    with time.at(start + survey.OPENING):
        for party, actor in keepers.actors.items():
            with server():
                task = tally.peel_task(actor, row.pk)
            peeled = keepers.answer(task, party)
            with server():
                tally.receive_peel(actor, row.pk, peeled)
        shares = keepers.shares(row.pk)
        parts = in_memory(sheet, row, shares)
        with whole():
            tally.count(made.labor, row.pk, shares)
    measured = sum(value for _name, value, _reference in parts)
    return [
        *parts,
        ("tally.open_count_gate_store", whole.seconds, measured),
        ("tally.closing_to_release", server.seconds + whole.seconds, GOAL),
    ]


def answer(sheet: Sheet, row: Any, drawn: list[str]) -> None:
    """Seal and store every answer as the respondents' door does, without its screens."""
    from commonground.demo.trial import survey
    from commonground.responses import sending
    from commonground.sealing.codes import read_code
    from commonground.sealing.paper import read_paper

    paper = read_paper(row.paper.encode())
    chosen = survey.options(sheet, paper.content["questions"])
    for typed, each in zip(drawn, sheet.rows, strict=True):
        code = read_code(typed)
        said = paper.layout.encode(survey.said(each, chosen))
        assert sending.store(paper, code, sending.seal(paper, code, said))


def in_memory(sheet: Sheet, row: Any, shares: dict[Any, bytes]) -> list[tuple[str, float, float]]:
    """Opening the innermost layer, and counting through the gate, each beside its reference."""
    from commonground.responses import queries
    from commonground.sealing import seals, tally_open
    from commonground.sealing.formats import read_list
    from commonground.sealing.paper import read_paper
    from commonground.surveys import codes, counting, tally

    row.refresh_from_db()
    paper, listing = read_paper(row.paper.encode()), read_list(queries.get_list(row.public_id, 0) or b"")
    key = seals.combine_shares(list(shares.values()), paper.block, bytes.fromhex(row.counting_secret))
    receipts, closing = codes.receipts(row), tally.closing_facts(row)
    opened = tally_open.open_answers(listing, key, paper, receipts)
    assert len(opened.rows) == len(sheet.rows)
    return [
        (
            "tally.open_innermost",
            median(lambda: tally_open.open_answers(listing, key, paper, receipts)),
            median(lambda: bare(key, listing.items)),
        ),
        (
            "tally.count_and_gate",
            median(lambda: counting.release_content(paper, opened, closing, "2026-12-14")),
            median(lambda: plain_count(sheet)),
        ),
    ]


def bare(key: Any, items: Any) -> None:
    """One key exchange an item, nothing else."""
    from cryptography.hazmat.primitives.asymmetric import ec

    for item in items:
        key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), item[:65]))


def plain_count(sheet: Sheet) -> list[Counter[tuple[str, str]]]:
    """Every item by place, counted in plain Python."""
    return [Counter((row["place"], row[column.name]) for row in sheet.rows) for column in sheet.items]


if __name__ == "__main__":
    main()
