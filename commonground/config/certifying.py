"""The command that looks for a certificate: other answers that would have printed the same release."""

import json
import sys
import time as stopwatch
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from commonground.config.checking import tables_of
from commonground.disclosure.certificate import Unreadable
from commonground.disclosure.certifying import Certifying
from commonground.disclosure.reading import name
from commonground.disclosure.search import NoDecoy

RELEASE, CERTIFICATE, UNFINISHED = "certified.json", "certificate.npz", "unfinished.npz"
SECONDS_A_SLICE = 20


def main(file: Path, into: Path | None) -> int:
    """Certify a release; say what it would have to tell less of, return 1 where that is anything.

    Into the folder, if there is one, go the release as it is certified and its certificate; and after every slice
    what is found so far, so that the same command goes on where it was stopped.
    """
    tables = {"certificate": None, **tables_of(file)}
    try:
        certified = _certified(tables, into)
    except (NoDecoy, AttributeError, IndexError, KeyError, TypeError, ValueError):
        print(f"{file.name}: no other answers were found that print this release.")
        return 1
    except KeyboardInterrupt:
        print(
            "Stopped. With --into and the same folder the same command goes on from here." if into else "Stopped."
        )
        return 1
    if into:
        _write(into, certified)
    return _said(file, tables, certified)


def _certified(tables: Mapping[str, Any], into: Path | None) -> Certifying:
    made = (into and _begun(tables, into / UNFINISHED)) or Certifying({**tables, "certificate": None})
    while not made.go_on(_slice(made)):
        if into:
            into.mkdir(parents=True, exist_ok=True)
            (into / UNFINISHED).write_bytes(made.to_bytes())
    return made


def _begun(tables: Mapping[str, Any], unfinished: Path) -> Certifying | None:
    """Return what was found for this release before; None where there is nothing, or something else."""
    try:
        begun = Certifying.from_bytes(unfinished.read_bytes())
    except (OSError, ValueError, KeyError, EOFError, Unreadable):
        return None
    of_both = ("format", "eligible", "questions", "groups", "pairs")
    return (
        begun if all(begun.document[part] == tables[part] for part in of_both) and _is_less(begun, tables) else None
    )


def _is_less(begun: Certifying, tables: Mapping[str, Any]) -> bool:
    numbers = [(cell["n"], old["n"]) for cell, old in zip(begun.document["cells"], tables["cells"], strict=True)]
    return all(now in (None, before) for now, before in numbers)


def _slice(made: Certifying) -> Any:
    until = stopwatch.monotonic() + SECONDS_A_SLICE

    def enough() -> bool:
        _progress(*made.progress)
        return stopwatch.monotonic() > until

    return enough


def _said(file: Path, tables: Mapping[str, Any], certified: Certifying) -> int:
    less = [f"Hide {name(at)}, which bounds a hidden group." for at in certified.hidden]
    less += _told_less(tables, certified.document)
    print("\n".join(less or [f"{file.name}: certified by {certified.decoys} decoys."]))
    if less:
        print(f"Certified by {certified.decoys} decoys if these {len(less)} are told less.")
    return 1 if less else 0


def _told_less(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for old, new in zip(before["cells"], after["cells"], strict=True):
        where = name(frozenset(old["at"].items()))
        for question, told in new["answers"].items():
            if told != old["answers"][question]:
                how = (
                    "not at all" if told["status"] == "withheld" else "in wider steps, or for about so many people"
                )
                yield f"Tell {question} in {where} {how}."


def _write(into: Path, certified: Certifying) -> None:
    into.mkdir(parents=True, exist_ok=True)
    (into / RELEASE).write_text(json.dumps(certified.document, ensure_ascii=False))
    (into / CERTIFICATE).write_bytes(certified.certificate())
    (into / UNFINISHED).unlink(missing_ok=True)


def _progress(reached: int, goals: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{reached} of {goals} hidden groups", end="", file=sys.stderr, flush=True)
