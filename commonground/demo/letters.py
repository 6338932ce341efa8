"""The post of the demonstration: letters are collected, not sent, and people take their codes out of them."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.core import mail
from django.core.mail import EmailMessage
from django.test.utils import override_settings

CODE = re.compile(r"^[0-9A-Z]{4}(?:-[0-9A-Z]{1,4})+$", re.MULTILINE)
"""A code as it stands on a line of its own."""


@contextmanager
def collected() -> Iterator[Sequence[EmailMessage]]:
    """Collect every letter that the code inside sends."""
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        mail.outbox = []
        yield mail.outbox


def code_in(letter: EmailMessage) -> str:
    """Return the code that a letter carries."""
    found = CODE.search(str(letter.body))
    assert found
    return found.group()
