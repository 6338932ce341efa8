"""A file of real answers: which rows take part, what each column asks, and which values stand for which option."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Row = Mapping[str, str]
"""One person's answers by column; an empty text is a question left out."""

MISSING = frozenset({"", "na", "n/a", "nan", "null"})
MOST_OPTIONS = 40
LONGEST_OPTION, LONGEST_PLACE, LONGEST_HEADING = 200, 120, 400
WHOLE_NUMBER = re.compile(r"[+-]?\d{1,9}(\.0*)?")


class Unusable(Exception):
    """The file or what was asked of it cannot be used; the message says so and what to do."""


@dataclass(frozen=True)
class Column:
    """A column as a question: its kind, and its values in the order of the options."""

    name: str
    kind: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """What takes part: the column of places, further groups, items, and the rows."""

    name: str
    site: Column
    groups: tuple[Column, ...]
    items: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        """Every column, in the order in which it is asked."""
        return (self.site, *self.groups, *self.items)


@dataclass(frozen=True)
class Wanted:
    """What is asked of a file: its columns, and how many answers and items take part (None: all)."""

    site: str
    groups: tuple[str, ...]
    items: tuple[str, ...]
    answers: int | None = None
    questions: int | None = None


def read(path: Path, wanted: Wanted) -> Sheet:
    """Read a file and settle what takes part. Raises Unusable.

    An item of five whole numbers is an agreement from the lowest to the highest; one of more whole numbers from 0
    to 10 is a scale; any other is one choice among its values. The kind follows from the whole file, also where
    fewer answers take part.
    """
    rows = _rows(path, _text(path))
    items = wanted.items[: wanted.questions]
    _require_columns(path, rows, (wanted.site, *wanted.groups, *wanted.items))
    kept = _proportionally(rows, wanted.site, wanted.answers)
    return Sheet(
        path.name,
        _group(kept, wanted.site, "place", LONGEST_PLACE),
        tuple(_group(kept, name, "group", LONGEST_OPTION) for name in wanted.groups),
        tuple(_item(rows, name) for name in items),
        kept,
    )


# From bytes to rows


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as fault:
        raise Unusable(f"{path} cannot be opened ({fault.strerror}). Check the name and try again.") from fault
    except UnicodeDecodeError as fault:
        before = fault.object[: fault.start]
        line, byte = before.count(b"\n") + 1, fault.start - before.rfind(b"\n")
        raise Unusable(
            f"{path.name} is not text in UTF-8 (line {line}, byte {byte}). Save it as 'CSV UTF-8' and try again."
        ) from fault


def _rows(path: Path, text: str) -> list[Row]:
    lines = _lines(path, text)
    if len(lines) < 2:
        raise Unusable(f"{path.name} holds no answers. It needs a line of headings and a line for each answer.")
    headings = [tidy(heading) for heading in lines[0][1]]
    repeated = [heading for heading, count in Counter(headings).items() if count > 1 and heading]
    if repeated:
        raise Unusable(f"Two columns of {path.name} are called {repeated[0]}. Rename one and try again.")
    return [_row(path, headings, number, line) for number, line in lines[1:]]


def _lines(path: Path, text: str) -> list[tuple[int, list[str]]]:
    """Return the rows that hold anything, each with the number of the line of the file where it ends."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        return [(reader.line_num, line) for line in reader if line]
    except csv.Error as fault:
        raise Unusable(
            f"{path.name} cannot be read as CSV from line {reader.line_num} on ({fault}). Save it as CSV again."
        ) from fault


def _row(path: Path, headings: Sequence[str], number: int, line: Sequence[str]) -> Row:
    if len(line) != len(headings):
        raise Unusable(
            f"Line {number} of {path.name} has {len(line)} cells and the headings are {len(headings)}. "
            f"{_where_it_differs(headings, line)} Correct the line and try again."
        )
    return dict(zip(headings, map(_value, line), strict=True))


def _where_it_differs(headings: Sequence[str], line: Sequence[str]) -> str:
    if len(line) < len(headings):
        return f"Nothing stands under {headings[len(line)]}."
    return f"The cell {line[len(headings)][:60]!r} has no heading."


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def tidy(cell: str) -> str:
    """Return a cell with its spaces evened out and without characters that no database takes."""
    return " ".join(cell.replace("\0", " ").split())


def _value(cell: str) -> str:
    """Return a cell's value: nothing where it is missing, whole numbers always written the same way."""
    text = tidy(cell)
    if text.lower() in MISSING:
        return ""
    return str(int(float(text))) if WHOLE_NUMBER.fullmatch(text) else text


def _require_columns(path: Path, rows: Sequence[Row], names: Sequence[str]) -> None:
    there = [name for name in rows[0] if name]
    for name in names:
        if name not in there:
            raise Unusable(f"{path.name} has no column {name!r}. Its columns are: {', '.join(there)}.")
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise Unusable(f"The column {twice[0]} is asked for twice. Name each column once.")
    too_long = [name for name in names if len(name) > LONGEST_HEADING]
    if too_long:
        raise Unusable(f"A heading is longer than {LONGEST_HEADING} letters: {too_long[0][:60]}… Shorten it.")


# Which rows


def _proportionally(rows: Sequence[Row], site: str, answers: int | None) -> tuple[Row, ...]:
    """Return the first rows of each place, so many of each that shares stay as they are, in the file's order."""
    if answers is None or answers >= len(rows):
        return tuple(rows)
    if answers < 1:
        raise Unusable("At least one answer has to take part. Give --answers a number from 1.")
    left = Counter(row[site] for row in rows)
    exact = {value: answers * count / len(rows) for value, count in left.items()}
    quota = {value: int(share) for value, share in exact.items()}
    by_rest = sorted(exact, key=lambda value: (quota[value] - exact[value], value))
    for value in by_rest[: answers - sum(quota.values())]:
        quota[value] += 1
    return tuple(_first_of_each(rows, site, quota))


def _first_of_each(rows: Iterable[Row], site: str, quota: Mapping[str, int]) -> Iterator[Row]:
    taken: Counter[str] = Counter()
    for row in rows:
        taken[row[site]] += 1
        if taken[row[site]] <= quota[row[site]]:
            yield row


# What each column asks


def _group(rows: Sequence[Row], name: str, what: str, longest: int) -> Column:
    values = _sorted({row[name] for row in rows} - {""})
    if len(values) < 2:
        raise Unusable(f"The column {name} names fewer than two {what}s, so nothing can be told apart by it.")
    if what == "group" and len(values) > MOST_OPTIONS:
        raise Unusable(f"The column {name} names {len(values)} groups; a question has at most {MOST_OPTIONS}.")
    _refuse_long(rows, name, longest)
    return Column(name, "one", values)


def _item(rows: Sequence[Row], name: str) -> Column:
    values = _sorted({row[name] for row in rows} - {""})
    whole = all(WHOLE_NUMBER.fullmatch(value) for value in values)
    if whole and len(values) == 5:
        return Column(name, "agreement", values)
    if whole and len(values) > 5 and {int(value) for value in values} <= set(range(11)):
        return Column(name, "scale10", tuple(map(str, range(11))))
    if not 2 <= len(values) <= MOST_OPTIONS:
        raise Unusable(
            f"The column {name} holds {len(values)} different values; a question has 2 to {MOST_OPTIONS}. "
            "Leave it out of --items."
        )
    _refuse_long(rows, name, LONGEST_OPTION)
    return Column(name, "one", values)


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    """Return values in order: numbers by size, then texts by letters."""
    found = set(values)
    numbers = {value for value in found if WHOLE_NUMBER.fullmatch(value)}
    return (*sorted(numbers, key=int), *sorted(found - numbers))


def _refuse_long(rows: Sequence[Row], name: str, longest: int) -> None:
    for number, row in enumerate(rows, start=1):
        if len(row[name]) > longest:
            raise Unusable(
                f"Answer {number}, column {name}: a value is longer than {longest} letters: "
                f"{row[name][:60]}… Shorten it."
            )
