"""Answers as bytes: every answer of a survey has the same length, whatever was answered.

The fields stand in the order of the paper's questions. A choice is one byte, the option's index or 255 for
none. Several options are a flag byte (1 answered, 0 not) and a bit mask, option 0 in the lowest bit of the
first byte. A text is its length in bytes (two bytes) and its whole field, padded with zeros; where the paper asks
whether the words may be quoted, the highest bit of the length says yes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Final, Protocol

from commonground.sealing.errors import N_, Malformed
from commonground.sealing.formats import PLAIN_OVERHEAD
from commonground.sealing.hpke import LAYER_BYTES

Answer = int | tuple[int, ...] | str | None
"""Index of the option, indices of several options in ascending order, a text, or None: not answered."""

UNANSWERED: Final = 255
_MAY_QUOTE: Final = 0x8000
_FIXED_OPTIONS: Final = {"agreement": 5, "frequency": 5, "scale10": 11}


class Quotable(str):
    """A text whose writer said that it may be quoted."""

    __slots__ = ()


class Field(Protocol):
    """How one question's answer is written in `size` bytes."""

    @property
    def size(self) -> int: ...

    def encode(self, answer: Any) -> bytes: ...

    def decode(self, data: bytes) -> Answer: ...


@dataclass(frozen=True)
class Choice:
    """One option of `options`."""

    options: int
    size: ClassVar[int] = 1

    def encode(self, answer: int | None) -> bytes:
        """One byte. Raises Malformed for an option that does not exist."""
        if answer is None:
            return bytes([UNANSWERED])
        if not isinstance(answer, int) or not 0 <= answer < self.options:
            raise _no_such_option()
        return bytes([answer])

    def decode(self, data: bytes) -> int | None:
        """The option, or None."""
        if data[0] == UNANSWERED:
            return None
        if data[0] >= self.options:
            raise _no_such_option()
        return data[0]


@dataclass(frozen=True)
class Several:
    """Any number of `options`, none included."""

    options: int

    @property
    def size(self) -> int:
        """Flag byte and bit mask."""
        return 1 + (self.options + 7) // 8

    def encode(self, answer: Iterable[int] | None) -> bytes:
        """Flag and mask. Raises Malformed for an option that does not exist."""
        if answer is None:
            return bytes(self.size)
        mask = 0
        for option in answer:
            if not 0 <= option < self.options:
                raise _no_such_option()
            mask |= 1 << option
        return b"\x01" + mask.to_bytes(self.size - 1, "little")

    def decode(self, data: bytes) -> tuple[int, ...] | None:
        """The options in ascending order, or None."""
        flag, mask = data[0], int.from_bytes(data[1:], "little")
        if mask >> self.options or flag > 1 or (not flag and mask):
            raise _no_such_option()
        return tuple(option for option in range(self.options) if mask >> option & 1) if flag else None


@dataclass(frozen=True)
class Text:
    """A text of at most `limit` bytes of UTF-8; with `asks_to_quote` it may be Quotable."""

    limit: int
    asks_to_quote: bool = False

    @property
    def size(self) -> int:
        """Length and field."""
        return 2 + self.limit

    def encode(self, answer: str | None) -> bytes:
        """Length and padded text. Raises Malformed when the text is too long; half a character becomes “?”."""
        data = (answer or "").encode(errors="replace")
        if len(data) > self.limit:
            raise Malformed(N_("A text of %(found)s bytes is over %(limit)s."), found=len(data), limit=self.limit)
        consent = _MAY_QUOTE if self.asks_to_quote and data and isinstance(answer, Quotable) else 0
        return (len(data) | consent).to_bytes(2, "big") + data.ljust(self.limit, b"\0")

    def decode(self, data: bytes) -> str | None:
        """The text, Quotable with consent, or None if there is none."""
        length = int.from_bytes(data[:2], "big")
        may_quote = self.asks_to_quote and length & _MAY_QUOTE
        end = 2 + (length & ~_MAY_QUOTE if may_quote else length)
        if end > self.size or any(data[end:]) or (may_quote and end == 2):
            raise Malformed(N_("A text is not written as it should be."))
        try:
            text = data[2:end].decode() or None
        except UnicodeDecodeError as error:
            raise Malformed(N_("A text is not written as it should be.")) from error
        return Quotable(text) if text and may_quote else text


@dataclass(frozen=True)
class Layout:
    """Where each question's answer stands. `fields` maps question ids, in the paper's order."""

    fields: Mapping[str, Field]

    @cached_property
    def size(self) -> int:
        """Bytes of the answers of one person."""
        return sum(field.size for field in self.fields.values())

    @property
    def plain_size(self) -> int:
        """Bytes of a plain answer, the survey's one size."""
        return PLAIN_OVERHEAD + self.size

    def item_size(self, layers: int) -> int:
        """Bytes of a sealed answer with `layers` seals on, the counting key's included."""
        return self.plain_size + LAYER_BYTES * layers

    def encode(self, answers: Mapping[str, Answer]) -> bytes:
        """The answers as bytes; questions left out are unanswered. Raises Malformed for what does not fit."""
        if unknown := set(answers) - set(self.fields):
            raise Malformed(N_("The survey has no question %(question)s."), question=min(unknown))
        return b"".join(field.encode(answers.get(name)) for name, field in self.fields.items())

    def decode(self, data: bytes) -> dict[str, Answer]:
        """Every question's answer. Raises Malformed for bytes that `encode` would never make."""
        return {name: self.fields[name].decode(part) for name, part in self._parts(data).items()}

    @cached_property
    def closed(self) -> "Layout":
        """The layout of the answers without the texts, which leave them at the count."""
        return Layout({name: field for name, field in self.fields.items() if not isinstance(field, Text)})

    def cut_apart(self, data: bytes) -> tuple[bytes, dict[str, str]]:
        """One person's answers in the `closed` layout, and her texts. Raises Malformed as `decode` does."""
        answers = self.decode(data)
        texts = {name: text for name, text in answers.items() if isinstance(text, str)}
        return self.closed.encode({n: a for n, a in answers.items() if n in self.closed.fields}), texts

    def columns(self, rows: Sequence[bytes]) -> dict[str, list[Answer]]:
        """For each question the answers of all rows, one list a question, for counting."""
        joined, columns, at = b"".join(rows), {}, 0
        for name, field in self.fields.items():
            starts = range(at, at + self.size * len(rows), self.size)
            columns[name] = [field.decode(joined[start : start + field.size]) for start in starts]
            at += field.size
        return columns

    def _parts(self, data: bytes) -> dict[str, bytes]:
        if len(data) != self.size:
            raise Malformed(N_("The answers are %(found)s bytes, not %(size)s."), found=len(data), size=self.size)
        parts, at = {}, 0
        for name, field in self.fields.items():
            parts[name] = data[at : at + field.size]
            at += field.size
        return parts


def layout_of(questions: Iterable[Mapping[str, Any]]) -> Layout:
    """The layout that a paper's questions lead to. Raises Malformed for a question that cannot be asked."""
    questions = list(questions)
    if not all(isinstance(question, Mapping) for question in questions):
        raise Malformed(N_("A question in the paper is not written as it should be."))
    fields = {str(question.get("id")): _field(question) for question in questions}
    if len(fields) != len(questions) or not fields:
        raise Malformed(N_("The paper has no questions, or two with the same name."))
    return Layout(fields)


def _field(question: Mapping[str, Any]) -> Field:
    kind, limit, listed = str(question.get("kind")), question.get("limit"), question.get("options")
    options = len(listed) if isinstance(listed, list) else 0
    if kind == "text" and type(limit) is int and 0 < limit < _MAY_QUOTE:
        return Text(limit, question.get("quote") is True)
    if kind == "several" and options:
        return Several(options)
    if kind == "one" and 0 < options <= UNANSWERED:
        return Choice(options)
    if kind in _FIXED_OPTIONS and options in (0, _FIXED_OPTIONS[kind]):
        return Choice(_FIXED_OPTIONS[kind])
    raise Malformed(N_("Question %(question)s cannot be asked."), question=question.get("id"))


def _no_such_option() -> Malformed:
    return Malformed(N_("An answer names an option that does not exist."))
