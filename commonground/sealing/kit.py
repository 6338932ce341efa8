"""The kit of a counted survey: all that the parties need, beside their words, to open and count again off line.

One file: a message with paper, code receipts, locked keys, closing facts, receipts and release, and behind it the
list at closing. Without the words of every party it opens nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from commonground.sealing.errors import N_, Malformed
from commonground.sealing.formats import (
    HASH_BYTES,
    RECEIPT_BYTES,
    SealedList,
    TradingFile,
    read_file,
    read_hex,
    read_list,
)
from commonground.sealing.paper import Paper, read_paper
from commonground.sealing.seals import CountingKey
from commonground.sealing.tally_open import CodeReceipts

_KIT: Final = "cg1-recount"


@dataclass(frozen=True)
class Later:
    """A later release of the same answers, the text of the request that it answers, and all that left before it."""

    release: str
    request: str
    earlier: tuple[str, ...]


@dataclass(frozen=True)
class Kit:
    """`wrapped` are the parties' locked private halves in peel order, `receipts` those published with the count.

    `earlier` are the releases that had left before, in their order: the count was judged beside them. `later` are
    releases for which the same answers were opened anew.
    """

    paper_text: str
    first_list: SealedList
    codes: CodeReceipts
    counting: CountingKey
    wrapped: tuple[bytes, ...]
    closing: Mapping[str, Any]
    receipts: tuple[bytes, ...]
    release: str
    earlier: tuple[str, ...] = ()
    later: tuple[Later, ...] = ()

    @property
    def paper(self) -> Paper:
        """The frozen paper. Raises Malformed."""
        return read_paper(self.paper_text.encode())

    def to_bytes(self) -> bytes:
        """The file as saved."""
        message = {
            "kit": _KIT,
            "paper_text": self.paper_text,
            "printed": _written(sorted(self.codes.printed)),
            "cancelled": _written(sorted(self.codes.cancelled)),
            "counting": self.counting.encrypted.hex(),
            "sealed_shares": _written(self.counting.sealed_shares),
            "wrapped": _written(self.wrapped),
            "closing": dict(self.closing),
            "receipts": _written(self.receipts),
            "release": self.release,
            "earlier": list(self.earlier),
            "later": [
                {"release": each.release, "request": each.request, "earlier": list(each.earlier)}
                for each in self.later
            ],
        }
        return TradingFile(message, self.first_list.to_bytes()).to_bytes()


def read_kit(data: bytes) -> Kit:
    """The kit in a file. Raises Malformed for anything but the exact format, or keys that are not one a party."""
    file = read_file(data)
    message = file.message
    if message.get("kit") != _KIT:
        raise Malformed(N_("This is not the kit for counting again."))
    kit = Kit(
        paper_text=_text(message, "paper_text"),
        first_list=read_list(file.binary),
        codes=CodeReceipts(
            frozenset(_many(message, "printed", HASH_BYTES)), frozenset(_many(message, "cancelled", HASH_BYTES))
        ),
        counting=CountingKey(read_hex(message, "counting"), _many(message, "sealed_shares")),
        wrapped=_many(message, "wrapped"),
        closing=_facts(message),
        receipts=_many(message, "receipts", RECEIPT_BYTES),
        release=_text(message, "release"),
        earlier=_texts(message, "earlier"),
        later=_later(message),
    )
    parties = len(kit.paper.block.parties)
    if (len(kit.wrapped), len(kit.counting.sealed_shares)) != (parties, parties):
        raise Malformed(N_("The kit does not hold one key and one share of each party."))
    return kit


def _written(values: Iterable[bytes]) -> list[str]:
    return [value.hex() for value in values]


def _many(message: Mapping[str, Any], name: str, size: int | None = None) -> tuple[bytes, ...]:
    values = message.get(name)
    if not isinstance(values, list):
        raise _missing(name)
    return tuple(read_hex({name: value}, name, size) for value in values)


def _text(message: Mapping[str, Any], name: str) -> str:
    text = message.get(name)
    if not isinstance(text, str):
        raise _missing(name)
    return text


def _texts(message: Mapping[str, Any], name: str) -> tuple[str, ...]:
    texts = message.get(name)
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise _missing(name)
    return tuple(texts)


def _later(message: Mapping[str, Any]) -> tuple[Later, ...]:
    """The later releases; a kit from before there were any does not name them."""
    each = message.get("later", [])
    if not isinstance(each, list) or not all(isinstance(one, dict) for one in each):
        raise _missing("later")
    return tuple(Later(_text(one, "release"), _text(one, "request"), _texts(one, "earlier")) for one in each)


def _facts(message: Mapping[str, Any]) -> Mapping[str, Any]:
    facts = message.get("closing")
    if not isinstance(facts, dict):
        raise _missing("closing")
    return facts


def _missing(name: str) -> Malformed:
    return Malformed(N_("“%(name)s” is missing or is not written as it should be."), name=name)
