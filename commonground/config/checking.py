"""`commonground verify-survey`: an exported survey is checked by whoever holds it, without any server."""

import sys
from pathlib import Path

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
