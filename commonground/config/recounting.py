"""`commonground verify-peel` and `recount`: what a party runs with its own sheet, and all parties together.

Standard output is one word, "same" or "differs", and nothing else that could be learned; questions and refusals go
to the error stream.
"""

import sys
from pathlib import Path

from commonground.config.peeling import ask
from commonground.sealing import keeper, seals
from commonground.sealing.errors import Refused, SealingError
from commonground.sealing.formats import fingerprint
from commonground.sealing.kit import read_kit
from commonground.surveys.recount import Recount

TRIES = 3
_SHEET = "the 26 characters of the list on your opening sheet: "
_WORDS = "the twelve words: "


def verify_peel(task: Path, outcome: Path) -> int:
    """Peel the list of a task file again, with one's own sheet; return 0 only for the same bytes."""
    try:
        given, came_out = task.read_bytes(), outcome.read_bytes()
        on_sheet, phrase = ask(_SHEET.capitalize()), seals.read_words(ask(_WORDS.capitalize(), hidden=True))
        return _outcome(keeper.peels_again(given, came_out, phrase, on_sheet))
    except (SealingError, OSError) as refusal:
        return _refused(refusal)


def recount(file: Path) -> int:
    """Open and count again with the words of every party; return 0 only for the same release."""
    try:
        again = Recount(read_kit(file.read_bytes()))
        _tell(f"Paper: {again.paper.fingerprint}\nList at closing: {fingerprint(again.listing.hash)}")
        _tell("Compare both with the bulletin before anyone types.")
        while party := again.whose_turn:
            if not _turn(again, party):
                return _outcome(False)
        return _counted(again)
    except (SealingError, OSError) as refusal:
        return _refused(refusal)


def _counted(again: Recount) -> int:
    done = _outcome(again.is_same())
    if again.less and (again.less.groups or again.less.answers):
        _tell(
            f"For its certificate the release withholds {again.less.groups} groups more than the count alone, and "
            f"tells {again.less.answers} times less of one question in one group. Withholding can never tell more."
        )
    return done


def _turn(again: Recount, party: str) -> bool:
    """Have a party take its layer off; say False where its sheet was used for another list than came about."""
    for left in reversed(range(TRIES)):
        try:
            on_sheet, words = ask(f"{party}: {_SHEET}"), ask(f"{party}: {_WORDS}", hidden=True)
            again.take(seals.read_words(words), on_sheet)
        except SealingError as refusal:
            if left:
                _tell(str(refusal))
            elif isinstance(refusal, Refused):
                return False
            else:
                raise
        else:
            return True
    return False


def _outcome(is_same: bool) -> int:
    print("same" if is_same else "differs")
    return 0 if is_same else 1


def _refused(refusal: Exception) -> int:
    _tell(str(refusal))
    return 1


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr)
