"""`commonground peel`: a keeper answers a task file with the twelve words of her own sheet, without any server."""

import getpass
import sys
from pathlib import Path

from commonground.sealing import keeper, seals
from commonground.sealing.errors import SealingError
from commonground.sealing.formats import read_file


def main(task: Path, result: Path, written_on_sheet: str = "") -> int:
    """Read the task file, ask for the words, write the result file; return 1 with a sentence where it refuses.

    A task that asks for a new key prints fresh words instead: they are the sheet, and stand nowhere else.
    """
    try:
        data = task.read_bytes()
        making = read_file(data).message.get("task") == "make-key"
        phrase = seals.new_phrase() if making else seals.read_words(_words())
        announced = bytes.fromhex(written_on_sheet) if written_on_sheet else None
        result.write_bytes(keeper.answer_task(data, phrase, announced))
    except (SealingError, OSError, ValueError) as refusal:
        return _say(str(refusal), 1)
    if making:
        _say(f"Write these words on two sheets for two keepers:\n{seals.write_words(phrase)}", 0)
    return _say(f"Done. Hand in {result}.", 0)


def _words() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("The twelve words of your opening sheet: ")
    return sys.stdin.readline()


def _say(sentence: str, status: int) -> int:
    print(sentence, file=sys.stderr if status else sys.stdout)
    return status
