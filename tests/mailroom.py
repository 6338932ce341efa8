"""A mail server on this machine that keeps every letter, for journeys that read their own mail."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.server import PATIENCE, free_port


class Mailroom:
    """Takes letters in over SMTP and hands them out by mailbox, in the order in which they came."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self._came = threading.Condition()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        """Keep a letter."""
        with self._came:
            self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
            self._came.notify_all()
        return "250 Kept"

    def of(self, mailbox: str, words: str = "") -> list[str]:
        """Return the plain texts of the letters to a mailbox that hold these words."""
        return [text for text in map(_text, self._to(mailbox)) if words in text]

    def newest(self, mailbox: str, pattern: str, after: int = 0) -> str:
        """Return what a pattern finds in the newest letter to a mailbox, once more than `after` have come to it."""
        with self._came:
            if not self._came.wait_for(lambda: len(self._to(mailbox)) > after, PATIENCE):
                raise RuntimeError(f"no letter came to {mailbox}")
            found = re.search(pattern, _text(self._to(mailbox)[-1]), re.M)
        assert found, f"the newest letter to {mailbox} does not hold {pattern}"
        return found[1]

    def wait_for(self, mailboxes: set[str], words: str) -> None:
        """Wait until each of these mailboxes has a letter with these words."""
        with self._came:
            if not self._came.wait_for(lambda: all(self.of(mailbox, words) for mailbox in mailboxes), PATIENCE):
                raise RuntimeError(f"letters with {words!r} are missing")

    def _to(self, mailbox: str) -> list[EmailMessage]:
        return [letter for letter in self.letters if letter["To"] == mailbox]


def _text(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


@contextmanager
def mailroom() -> Iterator[tuple[Mailroom, str]]:
    """Run a mail server while the code inside runs; yield it with the setting that sends letters to it."""
    room, port = Mailroom(), free_port()
    controller = Controller(room, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield room, f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()
