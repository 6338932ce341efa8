"""Refusals that a person reads. Their words say what happened, that nothing was lost, and what to do."""

from django.utils.functional import Promise


class Refused(Exception):
    """The act is not possible now; the message goes on the screen as it is."""

    def __init__(self, message: str | Promise, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class NotAllowed(Refused):
    """The person is inside but has no right to this act (403)."""


class NotFound(Exception):
    """There is no such thing for this person (404): outsiders are not told that it exists."""
