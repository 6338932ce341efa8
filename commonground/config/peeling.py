"""`commonground peel`: a keeper answers a task file with the twelve words of her own sheet, without any server."""

import getpass
import sys
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from commonground.sealing import keeper, seals
from commonground.sealing.errors import SealingError
from commonground.sealing.formats import HASH_BYTES, read_file, read_hex
from commonground.sealing.lists import check_written

_COMPARED = {
    "peel": ("list_hash", "The 26 characters of the list, as they stand on your opening sheet: "),
    "share": ("final_hash", "The 26 characters of the last list, from the last keeper's screen: "),
}
"""What a keeper types from paper or another screen before anything is opened: of which hash, and the question."""
_REQUEST = "Opened anew, for more tables. The 26 characters of the text on which your party turned its key: "


def main(task: Path, result: Path) -> int:
    """Read the task file, ask for the words, write the result file; return 1 with a sentence where it refuses.

    A task that asks for a new key prints fresh words instead: they are the sheet, and stand nowhere else.
    """
    try:
        data = task.read_bytes()
        message = read_file(data).message
        making = message.get("task") == "make-key"
        _compare(message)
        phrase = seals.new_phrase() if making else _ask_words()
        result.write_bytes(keeper.answer_task(data, phrase))
    except (SealingError, OSError) as refusal:
        return _say(str(refusal), 1)
    if making:
        _say(f"Write these words on two sheets for two keepers:\n{seals.write_words(phrase)}", 0)
    return _say(f"Done. Hand in {result}.", 0)


def _ask_words() -> bytes:
    return seals.read_words(ask("The twelve words of your opening sheet: ", hidden=True))


def _compare(message: Mapping[str, Any]) -> None:
    task = message.get("task")
    if isinstance(task, str) and task in _COMPARED:
        name, question = _COMPARED[task]
        check_written(read_hex(message, name, HASH_BYTES), ask(question))
    if isinstance(request := message.get("request_text"), str):
        check_written(sha256(request.encode()).digest(), ask(_REQUEST))


def ask(question: str, *, hidden: bool = False) -> str:
    """Return a typed line; asked on the terminal, where `hidden` shows nothing of it, and else read as it comes."""
    if not sys.stdin.isatty():
        return sys.stdin.readline()
    if hidden:
        return getpass.getpass(question)
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline()


def _say(sentence: str, status: int) -> int:
    print(sentence, file=sys.stderr if status else sys.stdout)
    return status
