"""The bytes of a SQLite file and of its write-ahead log, page by page (the file format of sqlite.org).

This sees what a query does not: in which page and where in it a row lies, pages that were freed, bytes that no row
owns, and earlier copies of pages in the log.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from mmap import mmap
from typing import Any, Final

_LEAF_TABLE: Final = 13
_INNER_TABLE: Final = 5
_LEAF_INDEX: Final = 10
_INNER_INDEX: Final = 2
_WAL_HEADER: Final = 32
_FRAME_HEADER: Final = 24
_NEAR: Final = 4
_PIECE: Final = 8
_STRANGE: Final = 24
"""Pages on either side to which rows move, bytes compared at a time, and bytes on end that make an old row."""
_INTEGERS: Final = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


@dataclass(frozen=True)
class Cell:
    """A row, or an entry of an index, as it lies: page, place in the page, first page it spills to (0: none)."""

    page: int
    at: int
    rowid: int
    spill: int
    values: tuple[Any, ...]


class Pages:
    """The bytes of a database file; `of` gives a page, numbered from 1."""

    def __init__(self, data: bytes | mmap) -> None:
        self.data = data
        size = int.from_bytes(data[16:18], "big")
        self.size = 65536 if size == 1 else size
        self.usable = self.size - data[20]

    def of(self, number: int) -> bytes:
        """The bytes of a page."""
        return self.data[(number - 1) * self.size : number * self.size]

    def leaves(self, root: int) -> Iterator[int]:
        """The numbers of the leaf pages of a table or index, in the order of its keys."""
        page, start = self.of(root), _start(root)
        if page[start] in (_LEAF_TABLE, _LEAF_INDEX):
            yield root
            return
        for at in _pointers(page, start, 12):
            yield from self.leaves(_u32(page, at))
        yield from self.leaves(_u32(page, start + 8))

    def inner(self, root: int) -> Iterator[int]:
        """The numbers of the pages above the leaves."""
        page, start = self.of(root), _start(root)
        if page[start] in (_INNER_TABLE, _INNER_INDEX):
            yield root
            for child in [*(_u32(page, at) for at in _pointers(page, start, 12)), _u32(page, start + 8)]:
                yield from self.inner(child)

    def cells(self, root: int) -> Iterator[Cell]:
        """The cells of the leaves of a table or index."""
        for number in self.leaves(root):
            yield from cells(self.of(number), number, self.usable)

    def freed(self) -> Iterator[int]:
        """The numbers of freed pages that still hold something other than zeros."""
        trunk = _u32(self.data, 32)
        while trunk:
            page = self.of(trunk)
            held = min(_u32(page, 4), (self.usable - 8) // 4)
            if any(page[8 + 4 * held : self.usable]):
                yield trunk
            leaves = (_u32(page, 8 + 4 * index) for index in range(held))
            yield from (leaf for leaf in leaves if any(self.of(leaf)))
            trunk = _u32(page, 0)

    def left(self, root: int) -> Iterator[int]:
        """The numbers of pages of a table or index with bytes of rows that lie nowhere in it any more.

        A page that is split keeps copies of rows that moved on to a page nearby: these tell nothing new.
        """
        inner, leaves = list(self.inner(root)), list(self.leaves(root))
        above = b"".join(self._owned(number) for number in inner)
        for place, number in enumerate((*leaves, *(page for page in inner if self._holds_keys(page)))):
            near = leaves[max(place - _NEAR, 0) : place + _NEAR]
            here = above + b"".join(self._owned(other) for other in near)
            if any(_is_foreign(part, here) for part in self._unowned(number)):
                yield number

    def _holds_keys(self, inner: int) -> bool:
        """Say whether a page above the leaves is one of an index: a table's holds numbers of pages alone."""
        return self.of(inner)[_start(inner)] == _INNER_INDEX

    def _owned(self, number: int) -> bytes:
        page = bytearray(self.of(number))
        for start, end in _gaps(page, _start(number)):
            page[start:end] = bytes(end - start)
        return bytes(page)

    def _unowned(self, number: int) -> Iterator[bytes]:
        page = self.of(number)
        yield from (page[start:end] for start, end in _gaps(page, _start(number)))


def _is_foreign(left: bytes, here: bytes) -> bool:
    """Say whether so many bytes on end stand nowhere among the bytes that rows own."""
    strange, at = 0, 0
    while at + _PIECE <= len(left) and strange < _STRANGE:
        piece = left[at : at + _PIECE]
        known = not any(piece) or piece in here
        strange, at = (0, at + _PIECE) if known else (strange + 1, at + 1)
    return strange >= _STRANGE


def cells(page: bytes, number: int, usable: int) -> Iterator[Cell]:
    """The cells of a leaf page; none for a page of another kind or one that makes no sense."""
    start = _start(number)
    if page[start] not in (_LEAF_TABLE, _LEAF_INDEX):
        return
    for at in _pointers(page, start, 8):
        try:
            yield _cell(page, number, at, usable, page[start] == _LEAF_TABLE)
        except IndexError:
            return


def _cell(page: bytes, number: int, at: int, usable: int, of_table: bool) -> Cell:
    place, (size, at) = at, _varint(page, at)
    rowid, at = _varint(page, at) if of_table else (0, at)
    most = usable - 35 if of_table else (usable - 12) * 64 // 255 - 23
    here = size if size <= most else _local(size, usable, most)
    spill = _u32(page, at + here) if here < size else 0
    return Cell(number, place, rowid, spill, tuple(_values(page[at : at + here])))


def _local(size: int, usable: int, most: int) -> int:
    least = (usable - 12) * 32 // 255 - 23
    kept = least + (size - least) % (usable - 4)
    return kept if kept <= most else least


def _values(record: bytes) -> Iterator[Any]:
    """The values of a record as far as they lie in the page; a cut one ends them."""
    head, at = _varint(record, 0)
    kinds = []
    while at < head:
        kind, at = _varint(record, at)
        kinds.append(kind)
    for kind in kinds:
        size = _size(kind)
        if at + size > len(record):
            return
        yield _value(kind, record[at : at + size])
        at += size


def _size(kind: int) -> int:
    if kind >= 12:
        return (kind - 12) // 2
    return 8 if kind == 7 else _INTEGERS.get(kind, 0)


def _value(kind: int, data: bytes) -> Any:
    if kind >= 12:
        return data if kind % 2 == 0 else data.decode(errors="replace")
    if kind in (8, 9):
        return kind - 8
    return int.from_bytes(data, "big", signed=True) if kind in _INTEGERS else None


def _gaps(page: bytes | bytearray, start: int) -> Iterator[tuple[int, int]]:
    """Where no row lies: between the list of cells and the first cell, and in freed cells."""
    count, content = _u16(page, start + 3), _u16(page, start + 5) or 65536
    head = 12 if page[start] in (_INNER_TABLE, _INNER_INDEX) else 8
    yield start + head + 2 * count, content
    block = _u16(page, start + 1)
    while block:
        yield block + 4, block + _u16(page, block + 2)
        block = _u16(page, block)


def logged(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The pages in a write-ahead log, oldest first, with those of earlier rounds that were not written over yet."""
    size = _u32(data, 8)
    if len(data) <= _WAL_HEADER or not 512 <= size <= 65536:
        return
    step = _FRAME_HEADER + size
    starts = range(_WAL_HEADER, len(data) - step + 1, step)
    for at in sorted(starts, key=lambda at: (_u32(data, at + 8), at)):
        yield _u32(data, at), data[at + _FRAME_HEADER : at + step]


def _start(number: int) -> int:
    return 100 if number == 1 else 0


def _pointers(page: bytes, start: int, head: int) -> list[int]:
    count = min(_u16(page, start + 3), len(page) // 2)
    return [_u16(page, start + head + 2 * index) for index in range(count)]


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for _ in range(8):
        value = value << 7 | data[at] & 127
        at += 1
        if data[at - 1] < 128:
            return value, at
    return value << 8 | data[at], at + 1


def _u16(data: bytes | bytearray, at: int) -> int:
    return int.from_bytes(data[at : at + 2], "big")


def _u32(data: bytes | mmap, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "big")
