"""Commands for whoever holds a file: an exported survey or a release is checked without any server."""

import json
import sys
from pathlib import Path
from typing import Any

from commonground.audit.examine import examine
from commonground.audit.findings import split, told
from commonground.disclosure.attack import learn
from commonground.disclosure.verify import verify as release_faults
from commonground.kernel.errors import Refused
from commonground.sealing.errors import SealingError
from commonground.sealing.export import read_bundle
from commonground.sealing.formats import fingerprint
from commonground.sealing.verify import Bundle, verify


def main(file: Path) -> int:
    """Print what was checked and return 0, or print every finding and return 1."""
    try:
        bundle = read_bundle(file.read_bytes())
        findings = [str(finding) for finding in verify(bundle)]
    except (SealingError, OSError) as refusal:
        findings = [str(refusal)]
    if findings:
        print("\n".join(findings), file=sys.stderr)
        return 1
    print("\n".join(_told(bundle)))
    return 0


def _told(bundle: Bundle) -> list[str]:
    lines = [
        "Everything in this file fits together.",
        f"Paper: {fingerprint(bundle.paper_hash)}",
        f"List at closing: {fingerprint(bundle.first_list_hash)}, {bundle.counts.answers} sealed answers",
    ]
    lines += [f"After layer {peel.layer}: {fingerprint(peel.output_hash)}" for peel in bundle.peels]
    if bundle.receipts is not None:
        lines.append(f"Answers that counted: {len(bundle.receipts)}")
    return [*lines, "Compare the characters with the screens of the parties and with the bulletin."]


def verify_release(file: Path) -> int:
    """Check a release with nothing but its own bytes; print every fault, return 1 where there is one."""
    return _print(release_faults(_tables(file)), f"{file.name}: nothing is wrong with this release.")


def attack(files: list[Path]) -> int:
    """Try to learn what each release hides; print what was learnt, return 1 where something was."""
    return max(_print(learn(_tables(file)), f"{file.name}: nothing hidden was learnt.") for file in files)


def audit_anonymity(copies: list[Path], transactions: list[Path]) -> int:
    """Print whatever could tie an answer to a person in these copies; return 1 where something was found."""
    try:
        said = examine(copies, transactions)
    except ValueError as refusal:
        raise Refused(str(refusal)) from None
    found = len(split(said)[0])
    end = f"{found} findings." if found else "Nothing was found by which an answer could be tied to a person."
    print("\n".join([*told(said), end]))
    return 1 if found else 0


def _tables(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_bytes())
        tables = content.get("tables", content)
        if tables["format"] != "cg1-tables":
            raise KeyError
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise Refused(f"{file} is not a release of Common Ground.") from None
    return dict(tables)


def _print(found: list[str], well: str) -> int:
    print("\n".join(found) or well)
    return 1 if found else 0
