"""The command that looks for a certificate: other answers that would have printed the same release."""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from commonground.config.checking import tables_of
from commonground.disclosure.certificate import to_bytes
from commonground.disclosure.certify import Certified, HideMore, NoDecoy, certify
from commonground.disclosure.reading import name

RELEASE, CERTIFICATE = "certified.json", "certificate.npz"


def main(file: Path, into: Path | None) -> int:
    """Certify a release; say what it would have to tell less of, return 1 where that is anything.

    Into the folder, if there is one, go the release as it is certified and its certificate.
    """
    tables = tables_of(file)
    try:
        certified = certify(tables, _progress)
    except HideMore as more:
        print(f"The numbers of people alone bound a hidden cell. To certify it, hide {name(more.cell)} too.")
        return 1
    except (NoDecoy, AttributeError, IndexError, KeyError, TypeError, ValueError):
        print(f"{file.name}: no other answers were found that print this release.")
        return 1
    if into:
        _write(into, certified)
    return _said(file, tables, certified)


def _said(file: Path, tables: Mapping[str, Any], certified: Certified) -> int:
    less = list(_told_less(tables, certified.document))
    print("\n".join(less or [f"{file.name}: certified by {len(certified.decoys)} decoys."]))
    if less:
        print(f"Certified by {len(certified.decoys)} decoys if these {len(less)} are told less.")
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


def _write(into: Path, certified: Certified) -> None:
    into.mkdir(parents=True, exist_ok=True)
    (into / RELEASE).write_text(json.dumps(certified.document, ensure_ascii=False))
    (into / CERTIFICATE).write_bytes(to_bytes(certified.decoys))


def _progress(reached: int, goals: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{reached} of {goals} hidden groups", end="", file=sys.stderr, flush=True)
