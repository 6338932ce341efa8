"""Check an exported record without the server: `verify-ledger FILE [--head HASH]`.

Needs Python and the file `chain.py` beside it, nothing else.
"""

import argparse
import string
import sys
from collections.abc import Sequence
from pathlib import Path

from commonground.ledger import chain

HEX = frozenset(string.hexdigits)


def main(argv: Sequence[str] | None = None) -> int:
    """Say in plain words whether the file is unharmed; return 0 if it is, 1 if not or if it cannot be read."""
    parser = argparse.ArgumentParser(prog="verify-ledger", description="Check an exported record.")
    parser.add_argument("file", type=Path, help="the record as it was downloaded")
    parser.add_argument("--head", default="", help="a hash of 64 characters that you noted before")
    options = parser.parse_args(argv)
    try:
        sentences, unharmed = report(options.file.read_text(encoding="utf-8"), options.head)
    except (OSError, ValueError) as fault:
        sentences, unharmed = [f"The file cannot be checked. {fault}"], False
    sys.stdout.write("\n".join(sentences) + "\n")
    return 0 if unharmed else 1


def report(text: str, head: str = "") -> tuple[list[str], bool]:
    """Return what a check of the file's text found, in sentences, and whether all is well.

    Raises ValueError where the text is no record, or where the head is no hash.
    """
    head = head.strip().lower()
    if head and not (len(head) == 64 and HEX.issuperset(head)):
        raise ValueError("The head you gave is not 64 characters from 0 to 9 and a to f.")
    name, entries = chain.read(text)
    found = list(chain.faults(name, entries, head))
    if found:
        return [*found, "The record was harmed. Do not rely on it, and tell the other party."], False
    return _unharmed(entries, head), True


def _unharmed(entries: Sequence[chain.Entry], head: str) -> list[str]:
    last = entries[-1].hash if entries else chain.GENESIS
    sentences = [f"The record holds {len(entries)} entries. Each is unharmed and follows the one before it."]
    sentences.append(f"Its head is {last}")
    if head:
        later = _after(entries, head)
        sentences.append(f"It contains the head you hold. {later} entries came after it.")
    else:
        sentences.append("Whether its end was cut off shows only against a head you noted before: --head HASH.")
    return sentences


def _after(entries: Sequence[chain.Entry], head: str) -> int:
    places = [entry.position for entry in entries if entry.hash == head]
    return len(entries) - (places[0] if places else 0)


if __name__ == "__main__":
    sys.exit(main())
