"""The byte formats: what is sealed, listed, sent in pieces, traded as a file, and read aloud.

Numbers are big-endian. Every reader raises Malformed, with the reason in plain words, for anything but the
exact format, so that two programs never read one run of bytes in two ways.
"""

import json
import operator
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, overload

from commonground.sealing.crockford import in_groups, tidy, write_bits
from commonground.sealing.errors import N_, Malformed

HASH_BYTES: Final = 32
KEY_BYTES: Final = 65
SURVEY_BYTES: Final = 16
RECEIPT_BYTES: Final = 16
SIGNATURE_BYTES: Final = 256
PLAIN_OVERHEAD: Final = 1 + RECEIPT_BYTES + SIGNATURE_BYTES

PASS: Final = 1
CODE: Final = 2

NO_SIGNATURE: Final = bytes(SIGNATURE_BYTES)

_LIST_PREFIX: Final = b"cg1:list\0"
_LIST_HEADER: Final = len(_LIST_PREFIX) + HASH_BYTES + 1 + 4 + 4
_FILE_PREFIX: Final = b"cg1:file\n"
_CHUNK_HEADER: Final = HASH_BYTES + 4 + 4


@dataclass(frozen=True)
class PlainAnswer:
    """What the innermost seal holds; `kind` says how the answer came, by PASS or by CODE."""

    kind: int
    receipt: bytes
    signature: bytes
    answers: bytes

    def to_bytes(self, size: int) -> bytes:
        """The answer padded with zeros to the survey's one `size`."""
        data = bytes([self.kind]) + self.receipt + self.signature + self.answers
        if len(data) > size:
            raise Malformed(N_("An answer of %(found)s bytes is over %(size)s."), found=len(data), size=size)
        return data.ljust(size, b"\0")


def read_plain(data: bytes, answers_size: int) -> PlainAnswer:
    """The plain answer in `data`, of which `answers_size` bytes are answers and the rest must be zeros."""
    end = PLAIN_OVERHEAD + answers_size
    if len(data) < end:
        raise Malformed(N_("The answer is cut short."))
    if any(data[end:]):
        raise Malformed(N_("There is something behind the answer."))
    kind, signature = data[0], data[1 + RECEIPT_BYTES : PLAIN_OVERHEAD]
    if kind not in (PASS, CODE):
        raise Malformed(N_("The answer was given neither by a pass nor by a code."))
    if kind == CODE and signature != NO_SIGNATURE:
        raise Malformed(N_("An answer given by a code carries no signature."))
    return PlainAnswer(kind, data[1 : 1 + RECEIPT_BYTES], signature, data[PLAIN_OVERHEAD:end])


class Items(Sequence[bytes]):
    """The items of a list that was read, cut out of its bytes one by one: a long list lies in memory once."""

    def __init__(self, data: bytes, start: int, end: int, size: int) -> None:
        self.data, self.starts, self.size = data, range(start, end, size), size

    def __len__(self) -> int:
        return len(self.starts)

    @overload
    def __getitem__(self, index: int) -> bytes: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[bytes, ...]: ...

    def __getitem__(self, index: int | slice) -> bytes | tuple[bytes, ...]:
        if isinstance(index, slice):
            return tuple(self.data[start : start + self.size] for start in self.starts[index])
        start = self.starts[index]
        return self.data[start : start + self.size]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(self) != len(other):
            return False
        return all(map(operator.eq, self, other))

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True)
class SealedList:
    """Sealed answers of one survey. `layer` names the outermost seal still on; 0 is the counting key's."""

    paper_hash: bytes
    layer: int
    item_size: int
    items: Sequence[bytes]

    def to_bytes(self) -> bytes:
        """Header and items, as stored, sent and hashed."""
        return b"".join((self._header, *self.items))

    @property
    def hash(self) -> bytes:
        """SHA-256 of the whole list, which names it in the ledger and on the opening sheet."""
        digest = sha256(self._header)
        for item in self.items:
            digest.update(item)
        return digest.digest()

    @property
    def _header(self) -> bytes:
        numbers = _u32(len(self.items)) + _u32(self.item_size)
        return _LIST_PREFIX + self.paper_hash + bytes([self.layer]) + numbers


def is_list(data: bytes) -> bool:
    """Whether the bytes begin as a list does."""
    return data.startswith(_LIST_PREFIX)


def read_list(data: bytes) -> SealedList:
    """The list in `data`, which must end where the list ends; order is judged by `lists.check_list`."""
    listing, rest = read_list_and_rest(data)
    if rest:
        raise Malformed(N_("There is something behind the list."))
    return listing


def read_list_and_rest(data: bytes) -> tuple[SealedList, bytes]:
    """The list at the start of `data` and what follows it."""
    if not is_list(data):
        raise Malformed(N_("This is not a list of sealed answers."))
    if len(data) < _LIST_HEADER:
        raise Malformed(N_("The list is cut short."))
    at = len(_LIST_PREFIX)
    paper_hash, layer = data[at : at + HASH_BYTES], data[at + HASH_BYTES]
    count, size = _read_u32(data, _LIST_HEADER - 8), _read_u32(data, _LIST_HEADER - 4)
    end = _LIST_HEADER + count * size
    if size == 0 or layer == 255:
        raise Malformed(N_("The heading of the list makes no sense."))
    if len(data) < end:
        raise Malformed(N_("The list is cut short."))
    return SealedList(paper_hash, layer, size, Items(data, _LIST_HEADER, end, size)), data[end:]


@dataclass(frozen=True)
class Chunk:
    """One numbered piece of a list that is sent in pieces; `index` counts from 0."""

    list_hash: bytes
    index: int
    of: int
    data: bytes

    def to_bytes(self) -> bytes:
        """The piece as sent."""
        return self.list_hash + _u32(self.index) + _u32(self.of) + self.data


def read_chunk(data: bytes) -> Chunk:
    """The piece in `data`."""
    if len(data) <= _CHUNK_HEADER:
        raise Malformed(N_("A piece of a list is cut short."))
    index, of = _read_u32(data, HASH_BYTES), _read_u32(data, HASH_BYTES + 4)
    if index >= of:
        raise Malformed(N_("Piece %(index)s of %(of)s does not exist."), index=index + 1, of=of)
    return Chunk(data[:HASH_BYTES], index, of, data[_CHUNK_HEADER:])


def cut_in_chunks(data: bytes, size: int = 1 << 20) -> list[Chunk]:
    """The bytes of a list in pieces of at most `size` bytes."""
    starts = range(0, len(data), size)
    digest = sha256(data).digest()
    return [Chunk(digest, index, len(starts), data[at : at + size]) for index, at in enumerate(starts)]


def join_chunks(chunks: list[Chunk]) -> bytes:
    """The bytes that the pieces make up, in whatever order they came, repeats allowed.

    Raises Malformed when a piece is missing, belongs to another list, or the whole is not what was announced.
    """
    if not chunks:
        raise Malformed(N_("No piece of the list has come."))
    first, found = chunks[0], {chunk.index: chunk.data for chunk in chunks}
    if any((chunk.list_hash, chunk.of) != (first.list_hash, first.of) for chunk in chunks):
        raise Malformed(N_("The pieces belong to different lists."))
    if len(found) != first.of:
        missing = first.of - len(found)
        raise Malformed(N_("%(missing)s of %(of)s pieces are missing."), missing=missing, of=first.of)
    data = b"".join(found[index] for index in range(first.of))
    if sha256(data).digest() != first.list_hash:
        raise Malformed(N_("The pieces do not make up the announced list."))
    return data


@dataclass(frozen=True)
class TradingFile:
    """What the signed-in page and a keeper's own page hand each other: a message and, behind it, lists."""

    message: Mapping[str, Any]
    binary: bytes = b""

    def to_bytes(self) -> bytes:
        """The file as saved."""
        text = canonical_json(self.message)
        return _FILE_PREFIX + _u32(len(text)) + text + self.binary


def read_file(data: bytes) -> TradingFile:
    """The trading file in `data`."""
    if not data.startswith(_FILE_PREFIX):
        raise Malformed(N_("This file was not made by Common Ground for keepers."))
    at = len(_FILE_PREFIX) + 4
    if len(data) < at or len(data) < at + _read_u32(data, at - 4):
        raise Malformed(N_("The file is cut short."))
    end = at + _read_u32(data, at - 4)
    return TradingFile(read_json_object(data[at:end]), data[end:])


def canonical_json(value: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys, no spaces, in UTF-8: one run of bytes for one value."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def read_json_object(data: bytes) -> dict[str, Any]:
    """The JSON object in `data`.

    Raises Malformed for other JSON, repeated names, numbers that JSON does not have, and halves of characters,
    which could not be written again.
    """
    try:
        value = json.loads(data.decode(), object_pairs_hook=_without_repeats)
        if not isinstance(value, dict):
            raise ValueError("not an object")
        canonical_json(value)
    except (ValueError, RecursionError) as error:
        raise Malformed(N_("The text inside cannot be read.")) from error
    return value


def read_hex(message: Mapping[str, Any], name: str, size: int | None = None) -> bytes:
    """The bytes written in lower-case hexadecimal under `name`, `size` of them if given."""
    text = message.get(name)
    try:
        data = bytes.fromhex(text) if isinstance(text, str) else b""
    except ValueError:
        data = b""
    if not data or data.hex() != text or len(data) != (size or len(data)):
        raise Malformed(N_("“%(name)s” is missing or is not written as it should be."), name=name)
    return data


def hash_in_links(digest: bytes) -> str:
    """All 32 bytes of a paper's hash in 43 characters (base64url), as links and QR codes carry it behind `#`."""
    return urlsafe_b64encode(digest).decode().rstrip("=")


def fingerprint(digest: bytes) -> str:
    """26 characters, in groups, for the first 130 bits of a paper's hash: what letters and cards show."""
    return in_groups(write_bits(digest, 26))


def key_fingerprint(public_key: bytes) -> str:
    """26 characters, in groups, for a public key of 65 bytes: what an opening sheet shows."""
    return fingerprint(sha256(public_key).digest())


def same_characters(shown: str, typed: str) -> bool:
    """Whether characters typed by a person are the ones shown, whatever their case, spacing and dashes."""
    return tidy(shown) == tidy(typed)


def in_list_line(pass_key: bytes) -> str:
    """16 characters, in groups, by which a person finds her answer in the list."""
    return in_groups(write_bits(sha256(pass_key).digest(), 16))


def _u32(number: int) -> bytes:
    return number.to_bytes(4, "big")


def _read_u32(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "big")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a name stands twice")
    return value
