"""A release held against a plain count of the file. Shares no code with the gate that made the release.

What is printed must be what plain counting finds: exact numbers exactly, whole percents as those of largest
remainder or, beside a range, each rounded for itself, ranges and bounds around the true number, percents in steps
of five as the nearest step, means within half of their last digit. The upper share is the sum of its parts where
these are printed.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from commonground.demo.trial.sheet import Column, Row, Sheet

UPPER = {"agreement": (3, 4), "scale10": (8, 9, 10)}
LOWEST = {"agreement": 1, "scale10": 0}


@dataclass
class Compared:
    """How many printed numbers were compared, by what they are, and a sentence for each that does not agree.

    `cells` are those that hold people, `answers` cells x questions of which something could be told; `empty` names
    the cells that hold nobody, by where they are.
    """

    numbers: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    cells: int = 0
    hidden_cells: int = 0
    answers: int = 0
    hidden_answers: int = 0
    empty: list[Mapping[str, int]] = field(default_factory=list)

    def judge(self, what: str, where: str, printed: object, agrees: bool, truth: object) -> None:
        """Note one printed number."""
        self.numbers[what] += 1
        if not agrees:
            self.faults.append(f"{where}: the release says {printed} ({what}), the file says {truth}.")


@dataclass(frozen=True)
class Place:
    """One reporting group: the values of the file that it holds, "" for those who named none."""

    values: frozenset[str]

    @property
    def name(self) -> str:
        """What it holds, in words."""
        return ", ".join(sorted(value or "no answer" for value in self.values))


def places(sheet: Sheet, release: Mapping[str, Any]) -> dict[str, tuple[Column, list[Place]]]:
    """Return, by the id of each group question, its column and its reporting groups."""
    asked = {question["id"]: question for question in release["words"]["questions"]}
    columns = {column.name: column for column in sheet.columns}
    return {
        group["id"]: (
            columns[asked[group["of"] or group["id"]]["text"]["en"]],
            [_place(part, asked[group["of"] or group["id"]]["options"]) for part in group["reporting"]],
        )
        for group in release["tables"]["groups"]
    }


def _place(part: Mapping[str, Any], options: Sequence[Mapping[str, Any]]) -> Place:
    held = [options[label].get("holds") or [options[label]["text"]["en"]] for label in part["holds"]]
    return Place(frozenset(value for values in held for value in values) | ({""} if part["left_out"] else set()))


def compare(sheet: Sheet, release: Mapping[str, Any]) -> Compared:
    """Count the file plainly for every cell of a release, and judge each number that is printed."""
    found = Compared()
    grouped = places(sheet, release)
    names = {question["id"]: question["text"]["en"] for question in release["words"]["questions"]}
    items = {column.name: column for column in sheet.items}
    told = [(question["id"], items[names[question["id"]]]) for question in release["tables"]["questions"]]
    for cell in release["tables"]["cells"]:
        rows, where = list(sheet.rows), []
        for group, place in cell["at"].items():
            column, parts = grouped[group]
            rows = [row for row in rows if row[column.name] in parts[place].values]
            where.append(f"{column.name} {parts[place].name}")
        _cell(found, cell, told, rows, " x ".join(where) or "everyone")
    return found


def _cell(
    found: Compared, cell: Mapping[str, Any], told: Sequence[tuple[str, Column]], rows: Sequence[Row], where: str
) -> None:
    found.cells += bool(rows)
    if not rows:
        found.empty.append(cell["at"])
    asked = [(id, column) for id, column in told if len(cell["at"]) < 2 or _upper(column)]
    found.answers += len(asked) if rows else 0
    if cell["status"] == "withheld":
        found.hidden_cells += bool(rows)
        found.hidden_answers += len(asked) if rows else 0
        return
    found.judge("people", where, cell["n"], _holds(cell["n"], len(rows)), len(rows))
    for id, column in asked:
        answers = cell["answers"][id]
        if answers["status"] == "withheld":
            found.hidden_answers += 1
        else:
            _answers(found, answers, column, rows, f"{where}, {column.name}")


def _answers(found: Compared, told: Mapping[str, Any], column: Column, rows: Sequence[Row], where: str) -> None:
    tally = Counter(row[column.name] for row in rows)
    counts = [tally[value] for value in column.values]
    people = sum(counts)
    found.judge("answers", where, told["n"], _holds(told["n"], people), people)
    if not people:
        return
    whole = _percents(counts, told["options"])
    for place, share in enumerate(told["options"] or ()):
        agrees = _share(share, counts[place], people, whole[place], told["step"])
        found.judge("shares", f"{where} = {column.values[place]}", share, agrees, f"{counts[place]} of {people}")
    if told["top"] is not None:
        count, agrees = _upper_share(told, column, counts, whole)
        found.judge("upper shares", where, told["top"], agrees, f"{count} of {people}")
    if told["mean"] is not None:
        mean = Fraction(sum(place * count for place, count in enumerate(counts)), people) + LOWEST[column.kind]
        agrees = abs(Fraction(str(told["mean"])) - mean) <= Fraction(1, 20)
        found.judge("means", where, told["mean"], agrees, f"{float(mean):.3f}")


def _upper_share(
    told: Mapping[str, Any], column: Column, counts: Sequence[int], whole: Sequence[int]
) -> tuple[int, bool]:
    """Return how many gave an upper answer, and whether the printed share of them agrees."""
    upper, people = _upper(column), sum(counts)
    count = sum(counts[place] for place in upper)
    if told["options"] is None:
        return count, _share(told["top"], count, people, _rounded(Fraction(100 * count, people)), told["step"])
    parts = [_ends(told["options"][place]) for place in upper]
    sums = [sum(low for low, _ in parts), min(100, sum(high for _, high in parts))]
    ranged = any(not isinstance(share, int) for share in told["options"])
    percent = _rounded(Fraction(100 * count, people)) if ranged else sum(whole[place] for place in upper)
    return count, told["top"] == sums or _share(told["top"], count, people, percent, told["step"])


def _ends(share: int | Sequence[int]) -> tuple[int, int]:
    return (share, share) if isinstance(share, int) else (share[0], share[1])


def _upper(column: Column) -> tuple[int, ...]:
    two_way = (0,) if len(column.values) == 2 else ()
    return UPPER.get(column.kind, two_way)


def _holds(printed: int | Mapping[str, int], truth: int) -> bool:
    """Tell whether a printed number is the true one, or its bounds are around it."""
    if isinstance(printed, Mapping):
        return printed["at_least"] <= truth <= printed["at_most"]
    return printed == truth


def _share(printed: int | Sequence[int], count: int, people: int, percent: int, step: int) -> bool:
    if isinstance(printed, int):
        return printed == (percent if step == 1 else step * _rounded(Fraction(percent, step)))
    low, high = printed
    return low * people <= 100 * count <= high * people


def _rounded(number: Fraction) -> int:
    """Return the nearest whole number, halves upwards."""
    return (number + Fraction(1, 2)).__floor__()


def _percents(counts: Sequence[int], printed: Sequence[object] | None) -> list[int]:
    """Return the whole percents to expect: of one whole, or each for itself where one is printed as a range."""
    if all(isinstance(share, int) for share in printed or ()):
        return whole_percents(counts)
    return [_rounded(Fraction(100 * count, sum(counts))) for count in counts]


def whole_percents(counts: Sequence[int]) -> list[int]:
    """Return percents that add to 100: each rounded down, then one more for the largest remainders."""
    exact = [Fraction(100 * count, sum(counts)) for count in counts]
    down = [share.__floor__() for share in exact]
    missing = 100 - sum(down)
    largest = sorted(range(len(counts)), key=lambda place: (down[place] - exact[place], place))[:missing]
    return [percent + (place in largest) for place, percent in enumerate(down)]


def joined(sheet: Sheet, release: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each reporting group that holds several values because one was small."""
    for column, parts in places(sheet, release).values():
        for part in parts:
            if len(part.values) > 1:
                yield f"{column.name}: {part.name}"
