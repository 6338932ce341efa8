"""What the gate works for a large district: counting, protecting counts, its checks, memory and loss.

    python bench/gate.py [--sites 20,200] [--answers 2000,100000,1000000] [--whole] [--acro] [--json]

An invented district from a fixed seed: sites in levels (a level for about ten sites), 8 job classes in 3 families,
5 tenures, 30 five-point questions, all margins and the pairs site x job, site x tenure, job x tenure. Each size
runs in a process of its own, so that its memory is its own. One result a line: `name`, `value`, `unit`,
`reference`. The reference of counting is numpy's bare `bincount` of every question by all atoms, measured in the
same minute; of protecting, the aim in seconds; of cells hidden, those that hold 1 to k - 1 people; of memory, what
was held before.
"""

import argparse
import contextlib
import importlib.util
import json
import logging
import resource
import subprocess
import sys
import tempfile
import time as stopwatch
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from commonground.disclosure import gate
from commonground.disclosure.answers import Answers
from commonground.disclosure.cells import Layout
from commonground.disclosure.elimination import TreeSpan
from commonground.disclosure.pattern import find_pattern
from commonground.disclosure.plan import GroupQuestion, Question, TablePlan
from commonground.disclosure.verify import verify

QUESTIONS, SEED, RUNS, MIB, MINIMUM = 30, 20, 3, 1024, 10
CLASSES = ("certificated",) * 3 + ("classified",) * 4 + ("management",)
TENURES = 5
LEVEL_OF_SITES = 10
AIMS = {20: 2.0, 200: 30.0}
LONGEST = 900
Figure = tuple[str, float, str, float | None]


def main() -> None:
    """Measure each size in a process of its own, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sites", default="20,200")
    parser.add_argument("--answers", default="2000,100000,1000000")
    parser.add_argument("--whole", action="store_true", help="the whole release too, and its check by verify")
    parser.add_argument("--acro", action="store_true", help="acro beside it, where that is installed")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    sizes = [(int(sites), int(people)) for sites in given.sites.split(",") for people in given.answers.split(",")]
    if given.one:
        ((sites, people),) = sizes
        for figure in measure(sites, people, given.whole, given.acro):
            tell(figure, given.json)
        return
    flags = [flag for flag in ("json", "whole", "acro") if getattr(given, flag)]
    for sites, people in sizes:
        apart(sites, people, flags)


def apart(sites: int, people: int, flags: list[str]) -> None:
    """Measure one size in a process of its own, for a quarter of an hour at most."""
    command = [sys.executable, __file__, f"--sites={sites}", f"--answers={people}", "--one"]
    try:
        subprocess.run([*command, *(f"--{flag}" for flag in flags)], check=True, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        tell((f"gate.{sites}x{people}.given_up_after", LONGEST, "s", None), "json" in flags)


def tell(figure: Figure, as_json: bool) -> None:
    name, value, unit, reference = figure
    told = {"name": name, "value": round(value, 3), "unit": unit, "reference": reference and round(reference, 3)}
    beside = "" if reference is None else f"   reference {reference:.3f}"
    print(json.dumps(told) if as_json else f"{name:34} {value:10.3f} {unit:6}{beside}", flush=True)


def district(sites: int, people: int, seed: int = SEED) -> tuple[TablePlan, dict[str, Any]]:
    """Return plan and answers; rosters are about twice the answers, and one in a hundred answers is left out."""
    draw = np.random.default_rng(seed)
    levels = tuple(f"level {place * max(2, sites // LEVEL_OF_SITES) // sites}" for place in range(sites))
    labels = {"site": levels, "job": CLASSES, "tenure": (None,) * TENURES}
    shares = {name: draw.dirichlet(np.full(len(each), 6)) for name, each in labels.items()}
    columns = {name: draw.choice(len(p), people, p=p).astype(np.uint8) for name, p in shares.items()}
    for index in range(QUESTIONS):
        answers = draw.choice(5, people, p=draw.dirichlet(np.full(5, 3))).astype(np.uint8)
        columns[f"q{index}"] = np.where(draw.random(people) < 0.01, 255, answers).astype(np.uint8)
    rosters = {name: tuple(int(n) for n in 1 + 2 * people * p) for name, p in shares.items()}
    groups = tuple(GroupQuestion(name, len(each), rosters[name], each) for name, each in labels.items())
    asked = tuple(Question(f"q{index}", "agreement", 5) for index in range(QUESTIONS))
    pairs = (("site", "job"), ("site", "tenure"), ("job", "tenure"))
    return TablePlan(asked, groups, ("site", "job", "tenure"), pairs, eligible=2 * people), columns


def measure(sites: int, people: int, whole: bool, with_acro: bool) -> Iterator[Figure]:
    """Yield the figures of one size."""
    name = f"gate.{sites}x{people}"
    plan, columns = district(sites, people)
    answers = Answers.read(plan, columns)
    bare = fastest(lambda: bare_count(columns))
    yield f"{name}.count", fastest(lambda: count(plan, answers)), "s CPU", bare
    layout = gate.layout_of(plan, answers)
    numbers = layout.people_in
    before = high_water()
    began = stopwatch.process_time()
    pattern = find_pattern(layout, numbers, plan.asked, plan.minimum)
    yield f"{name}.protect", stopwatch.process_time() - began, "s CPU", AIMS.get(sites)
    yield f"{name}.memory", high_water(), "MiB", before
    small = int(((numbers > 0) & (numbers < plan.minimum)).sum())
    hidden = int(((numbers > 0) & ~pattern.exact & ~pattern.coded).sum())
    yield f"{name}.cells", len(numbers), "cells", None
    yield f"{name}.hidden", hidden, "cells", small
    if whole:
        yield from measure_whole(name, plan, columns)
    if with_acro and importlib.util.find_spec("acro"):
        yield from measure_acro(name, layout, columns)


def measure_whole(name: str, plan: TablePlan, columns: dict[str, Any]) -> Iterator[Figure]:
    began = stopwatch.process_time()
    release = gate.protect(plan, columns).as_json()
    made = stopwatch.process_time()
    yield f"{name}.release", made - began, "s CPU", None
    faults = verify(release)
    yield f"{name}.verify", stopwatch.process_time() - made, "s CPU", None
    yield f"{name}.faults", len(faults), "found", None
    yield f"{name}.memory_of_all", high_water(), "MiB", None


def measure_acro(name: str, layout: Layout, columns: dict[str, Any]) -> Iterator[Figure]:
    """Yield what acro needs for the same counts, cell by cell and table by table, and what its cells leave open.

    It judges one table at a time, each cell for itself, and knows no levels and no lines. Of the cells it hides,
    those that hold someone and follow from the cells it shows are counted by the gate's elimination.
    """
    from acro import ACRO
    from pandas import DataFrame

    frame = DataFrame({group: columns[group] for group in ("site", "job", "tenure")})
    logging.disable()
    warnings.simplefilter("ignore")
    shown, began = [0], stopwatch.process_time()
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        tool = ACRO(suppress=True)
        for table in (table for table in layout.tables if len(table) == 2 and set(table) <= set(frame)):
            told = tool.crosstab(frame[table[0]], frame[table[1]])
            shown += [_cell(layout, table, at) for at, number in told.stack().items() if number > 0]
    yield f"{name}.acro", stopwatch.process_time() - began, "s CPU", None
    known = [cell for cell, table in enumerate(layout.table_of) if set(table) <= set(frame)]
    shown += [cell for cell in known if len(layout.table_of[cell]) == 1 and layout.people_in[cell] >= MINIMUM]
    hidden = {cell for cell in known if layout.people_in[cell]} - set(shown)
    tree = layout.tree(layout.atom_sizes > 0)
    span = TreeSpan(tree, ())
    for cell in shown:
        span.publish(span.remainder(cell))
    follow = [cell for cell in hidden if not span.remainder(cell).vector.any()]
    yield f"{name}.acro_hidden", len(hidden), "cells", None
    yield f"{name}.acro_follow", len(follow), "cells", len(hidden)


def _cell(layout: Layout, table: tuple[str, ...], labels: tuple[int, ...]) -> int:
    """Return the cell of the plan with these labels; a group that the gate joined to another holds several."""
    at = {
        group: next(i for i, part in enumerate(layout.groups[group]) if label in part.holds)
        for group, label in zip(table, labels, strict=True)
    }
    return layout.cells.index(tuple(at.items()))


def fastest(work: Callable[[], object]) -> float:
    """CPU seconds of the quickest of three runs."""
    seconds = []
    for _ in range(RUNS):
        began = stopwatch.process_time()
        work()
        seconds.append(stopwatch.process_time() - began)
    return min(seconds)


def count(plan: TablePlan, answers: Answers) -> None:
    """Everything that is counted: the cells of each person, then every question in every cell."""
    gate.count(gate.layout_of(plan, answers), answers, plan.questions)


def bare_count(columns: dict[str, Any]) -> None:
    """Every question by all atoms, with nothing joined, checked or summed."""
    sizes = [int(columns[name].max()) + 1 for name in ("site", "job", "tenure")]
    places = (columns[name].astype(np.int64) for name in ("site", "job", "tenure"))
    atom = np.ravel_multi_index(tuple(places), sizes)
    for index in range(QUESTIONS):
        np.bincount(atom * 6 + np.minimum(columns[f"q{index}"], 5), minlength=int(np.prod(sizes)) * 6)


def high_water() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB


if __name__ == "__main__":
    main()
