"""What a certificate over the answers costs: the first decoy, all of them, and their check.

    python bench/certify.py [--sites 8,20] [--answers 800,2000] [--all] [--json]

The invented district of `gate.py`: 30 questions, all margins and three pairs. The first decoy fits every printed
number of all questions at once; its reference is one linear program for the numbers of people of one cell. With
`--all` the whole certificate is made, for half an hour at most; its reference is the aim. A result a line: `name`,
`value`, `unit`, `reference`.
"""

import argparse
import subprocess
import sys
import time as stopwatch
from collections.abc import Iterator
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.gate import Figure, district, high_water, tell
from commonground.disclosure import gate
from commonground.disclosure.certificate import Evidence, disagreements, faults
from commonground.disclosure.certifying import Certifying
from commonground.disclosure.decoys import fit_answered, fit_options, fit_people
from commonground.disclosure.limits import most_people
from commonground.disclosure.parts import Decoy, Part
from commonground.disclosure.printed import Printed
from commonground.disclosure.search import MANY_SWEEPS

AIM, AIM_FOR_HUNDREDS, MANY_SITES = 180.0, 1800.0, 100
LONGEST = 1800
SWEEPS = 600


def main() -> None:
    """Measure each size in a process of its own, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sites", default="8,20")
    parser.add_argument("--answers", default="800,2000")
    parser.add_argument("--all", action="store_true", help="the whole certificate, for half an hour at most")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    sizes = list(zip(given.sites.split(","), given.answers.split(","), strict=True))
    if given.one:
        for figure in measure(int(sizes[0][0]), int(sizes[0][1]), given.all):
            tell(figure, given.json)
        return
    flags = [f"--{flag}" for flag in ("all", "json") if getattr(given, flag)]
    for sites, people in sizes:
        command = [sys.executable, __file__, f"--sites={sites}", f"--answers={people}", "--one", *flags]
        try:
            subprocess.run(command, check=True, timeout=LONGEST)
        except subprocess.TimeoutExpired:
            tell((f"certify.{sites}x{people}.given_up_after", LONGEST, "s", aim(int(sites))), given.json)


def measure(sites: int, people: int, whole: bool) -> Iterator[Figure]:
    """Yield the figures of one size."""
    name = f"certify.{sites}x{people}"
    release = gate.protect(*district(sites, people)).as_json()
    began = stopwatch.process_time()
    printed = Printed(release)
    evidence = Evidence(printed)
    goals = [(t, int(c)) for t in range(len(printed.tables)) for c in np.flatnonzero(evidence.too_small(t))]
    yield f"{name}.read", stopwatch.process_time() - began, "s CPU", None
    yield f"{name}.atoms", printed.atoms, "atoms", None
    yield f"{name}.hidden", len(goals), "cells", None
    began = stopwatch.process_time()
    decoy = first(printed)
    fitted = stopwatch.process_time()
    most_people(printed, *goals[0])
    yield f"{name}.first", fitted - began, "s CPU", stopwatch.process_time() - fitted
    part = Part(printed)
    yield f"{name}.off", len(list(disagreements(part, decoy, part.sums(decoy)))), "found", None
    if whole:
        yield from measure_all(name, release, aim(sites))
    yield f"{name}.memory", high_water(), "MiB", None


def first(printed: Printed) -> Decoy:
    """Return the decoy that fits all that is printed, and nothing else."""
    part, start = Part(printed), np.where(printed.empty, 0.0, 1.0)
    people, _ = fit_people(part, printed.people, start, MANY_SWEEPS)
    answered, _ = fit_answered(part, people, SWEEPS)
    fit = fit_options(part, answered[:, printed.question_of_item], SWEEPS)
    return Decoy(people, answered, fit.weights)


def aim(sites: int) -> float:
    return AIM if sites < MANY_SITES else AIM_FOR_HUNDREDS


def measure_all(name: str, release: gate.Release, aimed: float) -> Iterator[Figure]:
    began = stopwatch.process_time()
    made = Certifying(release)
    made.go_on()
    yield f"{name}.all", stopwatch.process_time() - began, "s CPU", aimed
    yield f"{name}.decoys", made.decoys, "decoys", None
    yield f"{name}.hidden_more", len(made.hidden), "cells", len(release["cells"])
    pairs = list(zip(release["cells"], made.document["cells"], strict=True))
    less = sum(old["answers"][q] != told for old, new in pairs for q, told in new["answers"].items())
    yield f"{name}.told_less", less, "answers", sum(len(cell["answers"]) for cell in release["cells"])
    yield f"{name}.bytes", len(made.certificate()) / 2**20, "MiB", None
    began = stopwatch.process_time()
    found = faults(made.document, made.certificate())
    yield f"{name}.check", stopwatch.process_time() - began, "s CPU", None
    yield f"{name}.faults", len(found), "found", None


if __name__ == "__main__":
    main()
