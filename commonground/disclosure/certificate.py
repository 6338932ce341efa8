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
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from commonground.disclosure.parts import Decoy, First, Part, shapes_of
from commonground.disclosure.printed import Bounds, Flags, Numbers, Printed, Sums, families
from commonground.disclosure.reading import name

CLOSE = 0.02
"""How many people a sum may be off: decoys are made of fractions of people."""
SLIVER = 0.0001
"""The share of a cell's people that counts as some of them."""
WISHED = 20 * SLIVER
"""The share of those who answered that a decoy is to show, where it is to show some."""


class Unreadable(ValueError):
    """The bytes are not a certificate, or one of another release."""


Decoys = Sequence[Sequence[Decoy]]
"""The decoys of each family of groups, of each the first one first."""


def to_bytes(decoys: Decoys) -> bytes:
    """Return the decoys as a compressed archive of arrays (.npz), one after another in each array.

    For the first family of groups `0.parts` and `0.places` (how many places each decoy names, none for all, and
    which), `0.people`, `0.answered`, and for each of its tables `0.table0`, `0.table1`, ... the weights, and so on.
    """
    arrays: dict[str, Any] = {}
    for number, family in enumerate(decoys):
        arrays |= {f"{number}.{name}": array for name, array in _arrays(family).items()}
    stream = io.BytesIO()
    np.savez_compressed(stream, allow_pickle=False, **arrays)
    return stream.getvalue()


def _arrays(decoys: Sequence[Decoy]) -> dict[str, Any]:
    places = [decoy.places or () for decoy in decoys]
    arrays: dict[str, Any] = {
        "parts": np.array([len(each) for each in places], dtype=np.int32),
        "places": np.array([place for each in places for place in each], dtype=np.int32),
        "people": _flat([decoy.people for decoy in decoys]),
        "answered": _flat([decoy.answered for decoy in decoys]),
    }
    for place in range(len(decoys[0].weights) if decoys else 0):
        arrays[f"table{place}"] = _flat([decoy.weights[place] for decoy in decoys])
    return arrays


def _flat(arrays: Sequence[Numbers]) -> Any:
    return np.concatenate([each.ravel() for each in arrays] or [np.zeros(0)]).astype(np.float32)


def from_bytes(printed: Sequence[Printed], data: bytes) -> list[list[Decoy]]:
    """Return the decoys of an archive by family. Raises Unreadable for what is no certificate of this release."""
    try:
        arrays = np.load(io.BytesIO(data), allow_pickle=False)
        read = _Reading({name: arrays[name] for name in arrays.files})
        decoys = [list(read.family(number, each)) for number, each in enumerate(printed)]
    except (OSError, ValueError, KeyError, IndexError, EOFError, zipfile.BadZipFile) as error:
        raise Unreadable from error
    if not read.is_whole or any(family and family[0].places is not None for family in decoys):
        raise Unreadable
    return decoys


class _Reading:
    """Arrays that are read from their beginnings, piece by piece."""

    def __init__(self, arrays: dict[str, Any]) -> None:
        self.arrays, self.read = arrays, dict.fromkeys(arrays, 0)

    @property
    def is_whole(self) -> bool:
        """Whether everything was read, and every number is one that can be reckoned with."""
        over = all(self.read[name] == len(array) for name, array in self.arrays.items())
        return over and all(np.isfinite(array).all() and (array >= 0).all() for array in self.arrays.values())

    def family(self, number: int, printed: Printed) -> Iterator[Decoy]:
        for parts in self._next(f"{number}.parts", (len(self.arrays[f"{number}.parts"]),)):
            yield self._decoy(number, printed, int(parts))

    def _decoy(self, number: int, printed: Printed, parts: int) -> Decoy:
        places = tuple(int(place) for place in self._next(f"{number}.places", (parts,))) or None
        people, answered, *weights = shapes_of(Part(printed, places))
        return Decoy(
            self._next(f"{number}.people", people),
            self._next(f"{number}.answered", answered),
            [self._next(f"{number}.table{place}", shape) for place, shape in enumerate(weights)],
            places,
        )

    def _next(self, name: str, shape: tuple[int, ...]) -> Numbers:
        start = self.read[name]
        self.read[name] += int(np.prod(shape))
        piece: Numbers = self.arrays[name][start : self.read[name]].astype(float).reshape(shape)
        return piece


def faults(document: Mapping[str, Any], data: bytes) -> list[str]:
    """Return what a certificate fails to show of a release, as sentences; none where it certifies the release."""
    printed = printed_by_family(document)
    try:
        return list(check(printed, from_bytes(printed, data)))
    except Unreadable:
        return ["This is not a certificate of this release."]


def printed_by_family(document: Mapping[str, Any]) -> list[Printed]:
    """Return a release as arrays, one for each family of groups."""
    return [Printed(document, family) for family in families(document)]


def check(printed: Sequence[Printed], decoys: Decoys) -> Iterator[str]:
    """Yield what the decoys fail to show, as sentences; nothing where they certify the release.

    All have the district of the very first one, so that any of one family goes together with any of another.
    """
    fixed = None
    for each, family in zip(printed, decoys, strict=True):
        each.fixed, found, first = fixed, Evidence(each), None
        for number, decoy in enumerate(family, 1):
            part = Part(each, decoy.places, first)
            sums = part.sums(decoy)
            if odd := next(disagreements(part, decoy, sums), None):
                yield f"Decoy {number} does not agree with what is printed: {odd}"
            else:
                found.add(part, sums)
            first = first or First(each, decoy)
            fixed = each.fixed = fixed or (first.sums[0] if len(printed) > 1 else None)
        yield from found.lacking()


def disagreements(part: Part, decoy: Decoy, sums: Sequence[Sums]) -> Iterator[str]:
    """Yield where a decoy, with these sums in the cells it touches, differs from what is printed."""
    printed = part.printed
    if (decoy.answered > decoy.people[:, None] + CLOSE).any() or (decoy.answered < 0).any():
        yield "more people answered than there are."
    if (decoy.people < 0).any() or (decoy.people[printed.empty[part.atoms]] > CLOSE).any():
        yield "it has people where nobody can be."
    if printed.fixed:
        yield from _apart("people in the district", _exactly(printed.fixed.people), sums[0].people)
        yield from _apart("people who answered in the district", _exactly(printed.fixed.answered), sums[0].answered)
        yield from _apart("answers in the district", _exactly(printed.fixed.options), sums[0].options)
    for each, held in zip(part.touched, sums, strict=True):
        people, shares = held.answered[:, printed.question_of_item], printed.shares[each.place].at(each.cells)
        upper, points = (held.options * printed.in_top).sum(axis=2), (held.options * printed.points).sum(axis=2)
        yield from _apart("people", printed.people[each.place].at(each.cells), held.people)
        yield from _apart("people who answered", printed.answered[each.place].at(each.cells), held.answered)
        yield from _apart("answers", _times(shares.options, people[:, :, None]), held.options)
        yield from _apart("upper answers", _times(shares.top, people), upper)
        yield from _apart("mean", _times(shares.mean, people), points)


def _exactly(values: Numbers) -> Bounds:
    return Bounds(values, values)


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

    def add(self, part: Part, sums: Sequence[Sums]) -> None:
        """Note what one more decoy shows, whose sums are these."""
        for each, held in zip(part.touched, sums, strict=True):
            place, cells, people = each.place, each.cells, held.people
            sliver = (SLIVER * people)[:, None, None]
            self.large[place][cells] |= people >= self.wanted(place)[cells] - CLOSE
            self.some[place][cells] |= (held.options >= sliver) & (sliver > 0)
            self.not_all[place][cells] |= (people[:, None, None] - held.options >= sliver) & (sliver > 0)

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

    def wished(self, place: int) -> Bounds:
        """Return the shares (cells x items x options) of a decoy that would show what is lacking in a table."""
        certain = self.certain(place)[:, :, None] & self.printed.valid
        least = np.where(certain & ~self.some[place], WISHED, 0.0)
        return Bounds(least, np.where(certain & ~self.not_all[place], 1 - WISHED, 1.0))

    def lacking(self) -> Iterator[str]:
        """Yield what the decoys do not show, as sentences."""
        for place, table in enumerate(self.printed.tables):
            for cell in np.flatnonzero(self.too_small(place)).tolist():
                wanted = self.wanted(place)[cell]
                yield f"No decoy has {wanted:.0f} people in the hidden cell {name(table.cells[cell])}."
        for place, cell, item in self.all_certain():
            where, question = name(self.printed.tables[place].cells[cell]), self.printed.items[item].question
            yield f"In every decoy everyone or nobody of {where} gave the same answer to {question}."
