"""The post of the demonstration: letters are collected, not sent, and people take their links out of them."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.core import mail
from django.core.mail import EmailMessage
from django.test.utils import override_settings

LINK = re.compile(r"#k=([\w-]{22})&p=")
"""What stands behind a personal link: 16 bytes in base64url, then the hash of the paper."""


@contextmanager
def collected() -> Iterator[Sequence[EmailMessage]]:
    """Collect every letter that the code inside sends."""
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        mail.outbox = []
        yield mail.outbox


def secret_in(letter: EmailMessage) -> bytes:
    """Return the secret of the link that a letter carries."""
    found = LINK.search(str(letter.body))
    assert found
    return urlsafe_b64decode(f"{found[1]}==")
