"""What sealing says when it cannot go on: one sentence in plain words, ready to be translated.

A page shows `gettext(error.text) % error.values`; `str(error)` is the English sentence.
"""


def N_(text: str) -> str:  # noqa: N802 - the name that message extraction knows
    """Mark a sentence for translation and leave it as it is."""
    return text


class SealingError(Exception):
    """A sentence and the values to put into it."""

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text % values)
        self.text = text
        self.values = values


class Malformed(SealingError):
    """These bytes or characters are not what they should be: cut, mistyped or made for something else."""


class Refused(SealingError):
    """Readable, but it breaks a rule that protects people, so nothing is done with it."""


class CannotOpen(SealingError):
    """The key or phrase does not open this."""
