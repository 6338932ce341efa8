"""Sets of few people that follow from several tables together, although no cell and no line gives them away.

What follows from the printed numbers are the sums in their span. Such a set is a sum of atoms, none twice, of 1 to
k - 1 people; atoms are those that hold someone, so it has k - 1 atoms or fewer. All such sums are found, exactly:

- Eliminate, atoms of k people or more first. The rows left with such a pivot take no part, since the set holds no
  such atom; of the others the set is the plain sum of some, each counted once if the set holds its pivot
  (a reduced row alone has its pivot). So rows are chosen until no atom counts less than 0 or more than once, and
  the pivots chosen have fewer than k people: few choices, and each atom that is wrong names who could mend it, by
  adding to it or by taking from it. The order of the other atoms is free; one that keeps rows short is chosen.
- Large districts fall into parts, the levels or the places of the longest group question. A set touches k - 1 parts
  at most. Take parts that give away all that sums over several parts say beside the parts' own sums; then others
  that do so again, k times, all different: the set leaves one of these out altogether, so of the sums over several
  parts only such combinations enter as are nothing in all parts not yet taken. These tie few parts; each such
  bundle of parts is looked through by itself.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from commonground.disclosure.elimination import LARGEST_ENTRY, PRIMES, OutOfSmallIntegers, Span

Counts = NDArray[np.int64]
Places = NDArray[np.intp]
Flags = NDArray[np.bool_]
Wanted = Callable[[Places], bool]
"""Whether a set is one of those looked for, by its atoms or columns."""

MOST_COLUMNS = 600
"""A bundle of no more atoms is looked through as it is."""
COLUMNS_LOOKED_AT = 64
SMALL_ENTRY = 2**10
"""So many entries of rows that are no larger never add up to a prime."""
MOST_STEPS = 20_000
"""So many sums are tried for a first atom; then a cell with that atom is taken back as if a set followed."""


@dataclass(frozen=True)
class Sum:
    """A printed sum over columns; `cell` is None where it is put together from several."""

    cell: int | None
    columns: Places
    values: Counts


def cells_that_complete(
    cells: Sequence[tuple[int, Places]],
    sizes: Counts,
    parts: Sequence[Places],
    minimum: int,
    given: Collection[int] = (),
    nobody: Flags | None = None,
    wanted: Wanted | None = None,
) -> set[int]:
    """Return cells to take back for the sets of few people that follow; more may follow from those that are left.

    `cells` are the printed ones, most useful first, with the atoms in each; `sizes` the people of each atom;
    `parts` ways to divide the atoms, each finer than the one before. Of the cells from which a set follows the
    least useful is taken back, one that is `given` only if all are. Every atom without people is known to be one,
    or only those in which there is `nobody` for certain; then there may be no parts, as a set may touch any number.
    With `wanted` only some sets count; then no set may follow that lies in another and is not wanted, as is so
    where `minimum` is 2k and none of 1 to k - 1 people follows.
    """
    nobody = sizes == 0 if nobody is None else nobody
    order = _pivots_first(cells, sizes, minimum, nobody)
    column = np.full(len(sizes), -1, dtype=np.intp)
    column[order] = np.arange(len(order))
    sums = []
    for cell, atoms in cells:
        held = np.sort(column[atoms])
        held = held[held >= 0]
        sums.append(Sum(cell, held, np.ones(len(held), dtype=np.int64)))
    divided, by_column = [part_of[order] for part_of in parts], wanted and _by_column(wanted, order)
    district = _District(sums, sizes[order], divided, minimum, given, None, by_column)
    try:
        return district.cells_that_complete()
    except OutOfSmallIntegers:
        districts = (replace(district, prime=prime) for prime in PRIMES)
        return set().union(*(each.cells_that_complete() for each in districts))


def _pivots_first(cells: Sequence[tuple[int, Places]], sizes: Counts, minimum: int, nobody: Flags) -> Places:
    """Return the atoms in the order of elimination: k people or more, then someone, then who may be nobody.

    Of those alike the ones in large cells come first: rows with such pivots have few entries, and most are 1 or -1.
    """
    beside = np.zeros(len(sizes), dtype=np.int64)
    for _, atoms in cells:
        beside[atoms] += sizes[atoms].sum()
    order = np.lexsort((np.arange(len(sizes)), -beside, sizes == 0, sizes < minimum, nobody))
    return order[: np.count_nonzero(~nobody)]


def _by_column(wanted: Wanted, order: Places) -> Wanted:
    return lambda columns: wanted(order[columns])


@dataclass(frozen=True)
class _District:
    sums: Sequence[Sum]
    sizes: Counts
    parts: Sequence[Places]
    minimum: int
    given: Collection[int]
    prime: int | None
    wanted: Wanted | None = None

    @property
    def _prime(self) -> int:
        return self.prime or PRIMES[0]

    def cells_that_complete(self) -> set[int]:
        found: set[int] = set()
        for sums, columns in self._bundles(self.sums, np.arange(len(self.sizes)), self.parts):
            found |= self._completing(sums, columns)
        return found

    def _completing(self, sums: Sequence[Sum], columns: Places) -> set[int]:
        """Return the cell that completes a set, if one follows."""
        few = self._few(_dense(sums, columns), columns)
        return (
            set() if few is None else {self._to_take_back(self._last_needed(sums, columns, few), columns[few != 0])}
        )

    def _few(self, rows: Counts, columns: Places) -> Counts | None:
        sizes = self.sizes[columns]
        if not (sizes < self.minimum).any():
            return None
        basis, pivots = echelon(rows, self.prime)
        wanted = self.wanted and _by_column(self.wanted, columns)
        return next(small_sets(basis, pivots, sizes, self.minimum, self._prime, wanted), None)

    def _last_needed(self, sums: Sequence[Sum], columns: Places, few: Counts) -> int | None:
        """Return the cell of the first sum from which, and all before it, the set follows; None if it has none."""
        span = Span(few[None], self._prime)
        for each, row in zip(sums, _dense(sums, columns), strict=True):
            span.publish(span.remainder(row % self._prime))
            if len(span.let_go()):
                return each.cell
        return None

    def _to_take_back(self, last: int | None, few: Places) -> int:
        if last is not None and last not in self.given:
            return last
        near = [each.cell for each in self.sums if each.cell is not None and np.isin(few, each.columns).any()]
        return next((cell for cell in reversed(near) if cell not in self.given), near[-1])

    def _bundles(
        self, sums: Sequence[Sum], columns: Places, parts: Sequence[Places]
    ) -> Iterator[tuple[Sequence[Sum], Places]]:
        """Yield sums and columns of parts that no sum of few people ties to each other."""
        if not parts or len(columns) <= MOST_COLUMNS:
            yield sums, columns
            return
        part_of = parts[0][columns]
        own: dict[int, list[Sum]] = {int(part): [] for part in np.unique(part_of)}
        across: list[Sum] = []
        for each in sums:
            mine = np.unique(parts[0][each.columns])
            (own[mine.item()] if len(mine) == 1 else across).append(each)
        ties = self._ties(_dense(across, columns), columns, part_of, own)
        for some in _joined(list(own), [np.unique(part_of[row != 0]).tolist() for row in ties]):
            inside = np.isin(part_of, some)
            tying = [Sum(None, columns[row != 0], row[row != 0]) for row in ties if inside[np.flatnonzero(row)[0]]]
            theirs = [each for part in some for each in own[part]]
            yield from self._bundles([*tying, *theirs], columns[inside], parts[1:])

    def _ties(self, across: Counts, columns: Places, part_of: Places, own: Mapping[int, Sequence[Sum]]) -> Counts:
        """Return what of the sums over several parts can enter a set of few people."""
        for part, sums in own.items():
            inside = np.flatnonzero(part_of == part)
            basis, pivots = echelon(_dense(sums, columns[inside]), self.prime)
            across[:, inside] = _less(across[:, inside], basis, pivots, self.prime)
        across, _ = echelon(across, self.prime)
        left = np.argsort(part_of, kind="stable")
        for _ in range(self.minimum - 1):
            pivots = echelon(across[:, left], self.prime)[1]
            left = left[~np.isin(part_of[left], part_of[left[pivots]])]
        first = np.concatenate([left, np.setdiff1d(np.arange(len(columns)), left)])
        basis, pivots = echelon(across[:, first], self.prime)
        ties = np.zeros_like(basis)
        ties[:, first] = basis
        return ties[pivots >= len(left)]


def _dense(sums: Sequence[Sum], columns: Places) -> Counts:
    dense = np.zeros((len(sums), len(columns)), dtype=np.int64)
    for row, each in zip(dense, sums, strict=True):
        row[np.searchsorted(columns, each.columns)] = each.values
    return dense


def _joined(parts: Sequence[int], ties: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return the parts, together wherever something ties them."""
    bundle = {part: [part] for part in parts}
    for first, *others in ties:
        for part in others:
            one, other = bundle[first], bundle[part]
            if one is not other:
                one += other
                bundle |= dict.fromkeys(other, one)
    return list({id(some): some for some in bundle.values()}.values())


def echelon(rows: Counts, prime: int | None) -> tuple[Counts, Places]:
    """Return the reduced rows and the columns of their pivots, the first entry of each: 1.

    With `prime` None over the whole numbers; raises OutOfSmallIntegers when they do not stay small, or where no row
    has a pivot of 1 or -1. Entries of `rows` are below the prime.
    """
    rows = rows.copy()
    pivots: list[int] = []
    for column in range(rows.shape[1]):
        done = len(pivots)
        if done == len(rows):
            break
        hit = np.flatnonzero(rows[:, column])
        below = hit[np.searchsorted(hit, done) :]
        if not len(below):
            continue
        first = below[np.argmin(np.abs(rows[below, column]))]
        rows[[done, first]] = rows[[first, done]]
        rows[done, column:] = _normal(rows[done, column:], prime)
        _clear(rows, done, column, prime)
        pivots.append(column)
    return rows[: len(pivots)], np.array(pivots, dtype=np.intp)


def _normal(row: Counts, prime: int | None) -> Counts:
    pivot = int(row[0])
    if prime is None:
        if abs(pivot) != 1:
            raise OutOfSmallIntegers
        return row * pivot
    scaled: Counts = row * pow(pivot, -1, prime) % prime
    return scaled


def _clear(rows: Counts, at: int, column: int, prime: int | None) -> None:
    hit = np.flatnonzero(rows[:, column])
    hit = hit[hit != at]
    held = np.flatnonzero(rows[at])
    cleared = rows[np.ix_(hit, held)] - rows[hit, column][:, None] * rows[at, held]
    rows[np.ix_(hit, held)] = _small(cleared) if prime is None else cleared % prime


def _less(rows: Counts, basis: Counts, pivots: Places, prime: int | None) -> Counts:
    """Return what is left of the rows besides the basis, which has a 1 in each pivot."""
    if prime is None:
        return _small(rows - rows[:, pivots] @ basis)
    left = rows % prime
    for pivot, row in zip(pivots, basis, strict=True):
        left = (left - left[:, [pivot]] * row) % prime
    return left


def _small(values: Counts) -> Counts:
    if values.size and np.abs(values).max() > LARGEST_ENTRY:
        raise OutOfSmallIntegers
    return values


def small_sets(
    basis: Counts,
    pivots: Places,
    sizes: Counts,
    minimum: int,
    prime: int,
    wanted: Wanted | None = None,
) -> Iterator[Counts]:
    """Yield sets of 1 to k - 1 people that are a sum of reduced rows: for each pivot one whose first atom it is.

    `sizes` are the people of each column: first those of k or more, last those of nobody. Where that takes too
    long, yields the first atom alone, which may not follow.
    """
    chosen, columns = sizes[pivots] < minimum, np.flatnonzero(sizes < minimum)
    search = _Search.of(basis[np.ix_(chosen, columns)], sizes[pivots[chosen]], sizes[columns], minimum, prime)
    search.wanted = wanted and _by_column(wanted, columns)
    for lead in np.flatnonzero(search.pivots).tolist():
        found = search.led_by(lead)
        if found is not None:
            few = np.zeros(len(sizes), dtype=np.int64)
            few[columns] = found
            yield few


class _TooManySteps(Exception):
    pass


@dataclass
class _Search:
    """Rows from which sets are summed, the people of the pivot of each, and those of each column.

    Rows are residues of least magnitude. `takes` and `adds` say of each row in which columns it makes a sum less or
    more, `packed` both in bits. An entry that is no small number may do either, as sums with it may pass the prime.
    """

    rows: Counts
    pivots: Counts
    sizes: Counts
    minimum: int
    prime: int
    takes: Flags
    adds: Flags
    packed: NDArray[np.uint8]
    steps: int = field(init=False)
    wanted: Wanted | None = None

    @classmethod
    def of(cls, rows: Counts, pivots: Counts, sizes: Counts, minimum: int, prime: int) -> "_Search":
        """Begin with the rows that others could mend."""
        rows = least_residues(rows, prime)
        while True:
            takes, adds = (rows < 0) | (rows > SMALL_ENTRY), (rows > 0) | (rows < -SMALL_ENTRY)
            packed = np.packbits(np.stack([takes, adds], axis=1), axis=2)
            search = cls(rows, pivots, sizes, minimum, prime, takes, adds, packed)
            useful = search._may_become(rows, minimum - pivots, np.arange(len(rows)))
            if useful.all():
                return search
            rows, pivots = rows[useful], pivots[useful]

    def _may_become(self, sums: Counts, room: Counts, others: Places) -> Flags:
        """Tell of each sum whether it may become a set of few people by the others that its room is enough for."""
        may = np.zeros(len(sums), dtype=bool)
        for each in np.unique(room):
            changed = self._changed_by(others[self.pivots[others] < each])
            may[room == each] = self._may_end(sums[room == each], *changed)
        return may

    def _may_end(self, sums: Counts, less: Flags, more: Flags) -> Flags:
        """Tell of each sum whether it may end as a set of few people, if columns can become `less` or `more`."""
        wrong = ((sums > 1) & ~less) | ((sums < 0) & ~more)
        may: Flags = ~wrong.any(axis=1) & (((sums == 1) & ~less) @ self.sizes < self.minimum)
        return may

    def led_by(self, lead: int) -> Counts | None:
        """Return a set of few people in which the row's pivot is the first atom; that atom after too many steps."""
        later, room = np.arange(lead + 1, len(self.rows)), self.minimum - int(self.pivots[lead])
        if not self._may_become(self.rows[[lead]], np.array([room]), later).item():
            return None
        self.steps = MOST_STEPS
        try:
            return self._grown(self.rows[lead], later, room)
        except _TooManySteps:
            first: Counts = np.zeros_like(self.rows[lead])
            first[np.argmax(self.rows[lead] != 0)] = 1
            return first

    def _grown(self, total: Counts, others: Places, room: int) -> Counts | None:
        """Return a set of few people that is this sum of rows, or it and some of the others."""
        wrong = (total > 1) | (total < 0)
        if not wrong.any() and total @ self.sizes < self.minimum and self._is_wanted(total):
            return total
        if not self.steps:
            raise _TooManySteps
        self.steps -= 1
        others = others[self.pivots[others] < room]
        mending = self._mending(wrong, total, others)
        more = least_residues(total + self.rows[others[mending]], self.prime)
        left = room - self.pivots[others[mending]]
        untried = np.ones(len(others), dtype=bool)
        for place, each, room, may in zip(
            mending, more, left.tolist(), self._may_become(more, left, others), strict=True
        ):
            untried[place] = False
            if may:
                found = self._grown(each, others[untried], room)
                if found is not None:
                    return found
        return None

    def _is_wanted(self, total: Counts) -> bool:
        return self.wanted is None or self.wanted(np.flatnonzero(total))

    def _changed_by(self, rows: Places) -> tuple[Flags, Flags]:
        """Tell which columns some of the rows make less, and which more."""
        either = np.bitwise_or.reduce(self.packed[rows], axis=0)
        less, more = np.unpackbits(either, axis=1, count=len(self.sizes)).astype(bool)
        return less, more

    def _mending(self, wrong: Flags, total: Counts, others: Places) -> Places:
        """Return rows of which one must enter: at the wrong column with fewest, or else where k people are held."""
        ones = (total == 1) & (self.sizes > 0)
        columns = np.flatnonzero(wrong)[:COLUMNS_LOOKED_AT] if wrong.any() else np.flatnonzero(ones)
        at = np.ix_(others, columns)
        touching = np.where(total[columns] > 0, self.takes[at], self.adds[at])
        fewest = np.argsort(touching.sum(axis=0), kind="stable")
        enough = 1 if wrong.any() else 1 + np.searchsorted(self.sizes[columns[fewest]].cumsum(), self.minimum)
        return np.flatnonzero(touching[:, fewest[:enough]].any(axis=1))


def least_residues(values: Counts, prime: int) -> Counts:
    """Return the values modulo the prime, each as the number of least magnitude."""
    half = prime // 2
    residues: Counts = (values + half) % prime - half
    return residues
