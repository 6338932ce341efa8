"""The certificate over answers: decoys that print the same release, and the check of what they show together.

The check needs the release and the decoys, neither answers nor a key nor a solver: it multiplies the weights
out, sums up, and compares with what is printed. Each decoy must agree with every printed number, and together
they must show:

- each hidden cell that could hold people holds k of them, or its whole roster if that is smaller, in some decoy:
  the release does not tell that a hidden cell holds fewer;
- of each question that is not told in a cell, each answer was given by some but not all of the people there in some
  decoy: neither "everyone" nor "nobody" follows.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from commonground.disclosure.printed import Bounds, Flags, Numbers, Printed
from commonground.disclosure.reading import name

CLOSE = 0.02
"""How many people a sum may be off: decoys are made of fractions of people."""
SLIVER = 0.0001
"""The share of a cell's people that counts as some of them."""
FAVOUR = 1000.0


@dataclass(frozen=True)
class Decoy:
    """One invented data set: people of each atom, those who answered (atoms x questions), and the weights that make
    up what they answered, one array (cells x items x options) for each table of the release."""

    people: Numbers
    answered: Numbers
    weights: list[Numbers]


class Unreadable(ValueError):
    """The bytes are not a certificate, or one of another release."""


def to_bytes(decoys: Sequence[Decoy]) -> bytes:
    """Return the decoys as a compressed archive of arrays (.npz): `people`, `answered`, `table0`, `table1`, ..."""
    arrays: dict[str, Any] = {
        "people": np.stack([decoy.people for decoy in decoys]).astype(np.float32),
        "answered": np.stack([decoy.answered for decoy in decoys]).astype(np.float32),
    }
    for place in range(len(decoys[0].weights)):
        arrays[f"table{place}"] = np.stack([decoy.weights[place] for decoy in decoys]).astype(np.float32)
    stream = io.BytesIO()
    np.savez_compressed(stream, allow_pickle=False, **arrays)
    return stream.getvalue()


def from_bytes(printed: Printed, data: bytes) -> list[Decoy]:
    """Return the decoys of an archive. Raises Unreadable where it does not have the form of this release."""
    try:
        arrays = np.load(io.BytesIO(data), allow_pickle=False)
        read = {name: arrays[name].astype(float) for name in arrays.files}
        weights = [read[f"table{place}"] for place in range(len(printed.tables))]
        decoys = [
            Decoy(people, answered, [each[number] for each in weights])
            for number, (people, answered) in enumerate(zip(read["people"], read["answered"], strict=True))
        ]
    except (OSError, ValueError, KeyError, IndexError, EOFError) as error:
        raise Unreadable from error
    if not decoys or any(_shapes(decoy) != _shapes_of(printed) for decoy in decoys):
        raise Unreadable
    return decoys


def _shapes(decoy: Decoy) -> list[tuple[int, ...]]:
    return [decoy.people.shape, decoy.answered.shape, *(each.shape for each in decoy.weights)]


def _shapes_of(printed: Printed) -> list[tuple[int, ...]]:
    items = (len(printed.items), printed.widest)
    weights = [(len(table.cells), *items) for table in printed.tables]
    return [(printed.atoms,), (printed.atoms, len(printed.questions)), *weights]


def faults(document: Mapping[str, Any], data: bytes) -> list[str]:
    """Return what a certificate fails to show of a release, as sentences; none where it certifies the release."""
    printed = Printed(document)
    try:
        return list(check(printed, from_bytes(printed, data)))
    except Unreadable:
        return ["This is not a certificate of this release."]


def options_of(printed: Printed, decoy: Decoy) -> Numbers:
    """Return atoms x items x options: how many people of each atom gave each answer."""
    shares = np.where(printed.valid, 1.0, 0.0) * np.ones((printed.atoms, 1, 1))
    for table, each in zip(printed.tables, decoy.weights, strict=True):
        shares = shares * each[table.cell_of_atom]
    whole = shares.sum(axis=2, keepdims=True)
    return shares / np.where(whole > 0, whole, 1.0) * decoy.answered[:, printed.question_of_item][:, :, None]


def check(printed: Printed, decoys: Sequence[Decoy]) -> Iterator[str]:
    """Yield what the decoys fail to show, as sentences; nothing where they certify the release."""
    found = Evidence(printed)
    for number, decoy in enumerate(decoys, 1):
        if odd := list(disagreements(printed, decoy)):
            yield f"Decoy {number} does not agree with what is printed: {odd[0]}"
        else:
            found.add(decoy)
    yield from found.lacking()


def disagreements(printed: Printed, decoy: Decoy) -> Iterator[str]:
    """Yield where a decoy differs from what is printed."""
    options = options_of(printed, decoy)
    if (decoy.answered > decoy.people[:, None] + CLOSE).any() or (decoy.answered < 0).any():
        yield "more people answered than there are."
    if (decoy.people < 0).any() or (decoy.people[printed.empty] > CLOSE).any():
        yield "it has people where nobody can be."
    for place, table in enumerate(printed.tables):
        people, given = table.sums(decoy.answered)[:, printed.question_of_item], table.sums(options)
        shares = printed.shares[place]
        upper, points = (given * printed.in_top).sum(axis=2), (given * printed.points).sum(axis=2)
        yield from _apart("people", printed.people[place], table.sums(decoy.people))
        yield from _apart("people who answered", printed.answered[place], table.sums(decoy.answered))
        yield from _apart("answers", _times(shares.options, people[:, :, None]), given)
        yield from _apart("upper answers", _times(shares.top, people), upper)
        yield from _apart("mean", _times(shares.mean, people), points)


def _times(shares: Bounds, people: Numbers) -> Bounds:
    return Bounds(shares.least * people, shares.most * people)


def _apart(what: str, bounds: Bounds, values: Numbers) -> Iterator[str]:
    if (off := bounds.outside(values)) > CLOSE:
        yield f"a number of {what} is {off:.2f} off."


class Evidence:
    """What decoys that agree with a release show together."""

    def __init__(self, printed: Printed) -> None:
        self.printed = printed
        shape = (len(printed.items), printed.widest)
        self.large = [np.zeros(len(table.cells), dtype=bool) for table in printed.tables]
        self.some = [np.zeros((len(table.cells), *shape), dtype=bool) for table in printed.tables]
        self.not_all = [each.copy() for each in self.some]

    def add(self, decoy: Decoy) -> None:
        """Note what one more decoy shows."""
        options = options_of(self.printed, decoy)
        for place, table in enumerate(self.printed.tables):
            people, given = table.sums(decoy.people), table.sums(options)
            sliver = (SLIVER * people)[:, None, None]
            self.large[place] |= people >= self.wanted(place) - CLOSE
            self.some[place] |= (given >= sliver) & (sliver > 0)
            self.not_all[place] |= (people[:, None, None] - given >= sliver) & (sliver > 0)

    def wanted(self, place: int) -> Numbers:
        """Return how many people each cell of a table should hold in some decoy."""
        wanted: Numbers = np.minimum(self.printed.minimum, self.printed.rosters[place])
        return wanted

    def too_small(self, place: int) -> Flags:
        """Return the hidden cells of a table that could hold people and hold too few in every decoy."""
        could = self.printed.hidden[place] & (self.printed.reach[place].most > 0)
        return could & ~self.large[place]

    def certain(self, place: int) -> Flags:
        """Return cells x items: whether everyone or nobody gave an answer to an untold question in every decoy."""
        printed = self.printed
        could = printed.answered_reach[place].most[:, printed.question_of_item] > 0
        could &= (printed.reach[place].most >= 2)[:, None] & ~printed.shares[place].told
        certain: Flags = could & (printed.valid & ~(self.some[place] & self.not_all[place])).any(axis=2)
        return certain

    def all_certain(self) -> list[tuple[int, int, int]]:
        """Return (table, cell, item) of all that `certain` finds."""
        tables = range(len(self.printed.tables))
        return [(place, cell, item) for place in tables for cell, item in np.argwhere(self.certain(place)).tolist()]

    def favoured(self, place: int, cell: int, item: int) -> Numbers:
        """Return for each option how much more it should weigh in a decoy that is to show what is lacking."""
        some, others = self.some[place][cell, item], self.not_all[place][cell, item]
        return np.where(some, 1.0, FAVOUR) * (FAVOUR if (~others).any() else 1.0) / np.where(others, 1.0, FAVOUR)

    def lacking(self) -> Iterator[str]:
        """Yield what the decoys do not show, as sentences."""
        for place, table in enumerate(self.printed.tables):
            for cell in np.flatnonzero(self.too_small(place)).tolist():
                wanted = self.wanted(place)[cell]
                yield f"No decoy has {wanted:.0f} people in the hidden cell {name(table.cells[cell])}."
        for place, cell, item in self.all_certain():
            where, question = name(self.printed.tables[place].cells[cell]), self.printed.items[item].question
            yield f"In every decoy everyone or nobody of {where} gave the same answer to {question}."
