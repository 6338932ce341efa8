"""Check a release without answers and without the code that made it.

The proof of a release names its pattern (P exact number of people, N nearly all of the roster, H hidden), the rank
of the printed numbers, how many lines were judged and the smallest remainder. All four are worked out again here
from the printed numbers; then the rules of form are checked number by number, and every adversary has a try.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from commonground.disclosure.attack import learn
from commonground.disclosure.reading import At, Released, end_percent, name, number_bounds

FORMAT = "cg1-tables"
LEAST_MINIMUM = 10
LEAST_FOR_PERCENT = 20
LEAST_FOR_OPTIONS = 30
PRIME = 2147483629
REASON = "protected"
NOTHING: Mapping[str, Any] = {
    "status": "withheld",
    "n": None,
    "options": None,
    "top": None,
    "mean": None,
    "step": None,
    "reason": REASON,
}


def verify(release: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a release, as sentences; an empty list means that it keeps every rule."""
    if release.get("format") != FORMAT:
        return [f"The release does not have the form {FORMAT}."]
    released = Released(release)
    faults = list(_shape(released))
    if faults:
        return faults
    return [fault for check in CHECKS for fault in check(released)] + learn(release)


def _shape(released: Released) -> Iterator[str]:
    if released.minimum < LEAST_MINIMUM:
        yield f"The smallest group shown may have {released.minimum} people, fewer than {LEAST_MINIMUM}."
    expected = [at for table in released.tables for at in released.cells_of(table)]
    if list(released.cells) != expected or len(released.document["cells"]) != len(expected):
        yield "The cells are not those of the tables, each once and in order."
    for group in released.document["groups"]:
        held = [label for part in group["reporting"] for label in part["holds"]]
        if sorted(held) != list(range(group["labels"])):
            yield f"The reporting groups of {group['id']} do not hold every label once."
        if sum(part["left_out"] for part in group["reporting"]) != 1:
            yield f"The people who left {group['id']} out are not in exactly one group."
    for totals, (of, inside) in released.level_of.items():
        levels, groups = (_held(released, name) for name in (totals, of))
        if [sorted(label for place in places for label in groups[place]) for places in inside] != levels:
            yield f"The levels of {of} do not hold what its groups hold."


def _held(released: Released, name: str) -> list[list[int]]:
    """Return what each reporting group holds, -1 standing for those who left the question out."""
    group = next(group for group in released.document["groups"] if group["id"] == name)
    return [sorted([*part["holds"], *([-1] if part["left_out"] else [])]) for part in group["reporting"]]


def _hidden_cells(released: Released) -> Iterator[str]:
    for at, cell in released.cells.items():
        if cell["status"] == "withheld" and (cell["n"] is not None or cell["answers"] or cell["reason"] != REASON):
            yield f"The hidden cell {name(at)} says more than that it is hidden."
        for question, told in cell["answers"].items():
            if told["status"] == "withheld" and dict(told) != NOTHING:
                yield f"The hidden answers to {question} in {name(at)} say more than that they are hidden."


def _sizes(released: Released) -> Iterator[str]:
    for at, cell in released.cells.items():
        if cell["status"] == "withheld":
            continue
        roster = released.roster(at)
        least, most = number_bounds(cell["n"])
        if least < released.minimum:
            yield f"The cell {name(at)} is shown with {least} people."
        if roster is not None and most > roster:
            yield f"The cell {name(at)} has more answers than people on the roster."
        if at and roster is not None and least == most and _nearly_all(most, roster):
            yield f"The cell {name(at)} shows that nearly everyone answered."
        for question, told in cell["answers"].items():
            yield from _question_size(released, at, cell, question, told)


def _question_size(
    released: Released, at: At, cell: Mapping[str, Any], question: str, told: Mapping[str, Any]
) -> Iterator[str]:
    if told["status"] == "withheld":
        return
    least, most = number_bounds(told["n"])
    if least < released.minimum or most > number_bounds(cell["n"])[1]:
        yield f"The answers to {question} in {name(at)} are shown for {least} to {most} people."
    if isinstance(told["n"], int) and isinstance(cell["n"], int) and 0 < cell["n"] - most < released.minimum:
        yield f"The number of answers to {question} in {name(at)} tells that {cell['n'] - most} left it out."


def _forms(released: Released) -> Iterator[str]:
    for question in released.document["questions"]:
        for at, told in released.answers(question["id"]).items():
            for fault in _form(question, told, crossed=len(at) > 1):
                yield f"{question['id']} in {name(at)}: {fault}"


def _form(question: Mapping[str, Any], told: Mapping[str, Any], crossed: bool) -> Iterator[str]:
    most = number_bounds(told["n"])[1]
    shares = [*(told["options"] or ()), told["top"]]
    whole = told["options"] is not None and question["kind"] != "several"
    if crossed and told["options"] is not None:
        yield "a crossed cell shows more than the share of the upper answers."
    if whole and most < LEAST_FOR_OPTIONS:
        yield f"the options are shown apart for {most} answers."
    least = LEAST_FOR_OPTIONS if question["kind"] == "several" else LEAST_FOR_PERCENT
    if most < least and any(isinstance(share, int) for share in shares):
        yield f"a percent is shown for {most} answers."
    if any(
        isinstance(share, int) and not end_percent(most) <= share <= 100 - end_percent(most) for share in shares
    ):
        yield "a share at an end is not a range."
    if any(share % told["step"] for share in shares if isinstance(share, int)):
        yield f"a share is not in steps of {told['step']}."
    if whole and told["step"] == 1:
        yield from _whole(question, told)
    if told["mean"] is not None:
        yield from _mean(told)
    if told["status"] != _status(told, shares):
        yield "the status does not say what is shown."


def _whole(question: Mapping[str, Any], told: Mapping[str, Any]) -> Iterator[str]:
    ranges = [share for share in told["options"] if isinstance(share, list)]
    exact = sum(share for share in told["options"] if isinstance(share, int))
    if len(ranges) == 1:
        yield "the only range follows from the other shares."
    if not ranges and exact != 100:
        yield f"the shares add to {exact}."
    rounding = (len(told["options"]) - len(ranges) + 1) / 2
    lowest, highest = (exact + sum(ends[i] for ends in ranges) for i in (0, 1))
    if ranges and not lowest - rounding <= 100 <= highest + rounding:
        yield "the shares cannot add to 100."
    upper = told["options"][-3:] if question["kind"] == "scale10" else told["options"][3:]
    scaled = question["kind"] in ("agreement", "frequency", "scale10")
    if scaled and isinstance(told["top"], int) and not ranges and told["top"] != sum(upper):
        yield "the upper share is not the sum of its parts."


def _mean(told: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(told["top"], int) or told["step"] != 1:
        yield "a mean is shown where the upper share is not exact."
    if round(told["mean"], 1) != told["mean"]:
        yield "a mean has more than one decimal."


def _proof(released: Released) -> Iterator[str]:
    proof = released.document["proof"]
    for table, claimed in zip(released.tables, proof["pattern"], strict=True):
        letters = "".join(_letter(released.cells[at]) for at in released.cells_of(table))
        if list(table) != claimed["groups"] or letters != claimed["cells"]:
            yield f"The pattern of {' x '.join(table) or 'the district'} is not the one in the proof."
    if _rank(released) != proof["rank"]:
        yield "The rank of the printed numbers is not the one in the proof."
    remainders = [
        released.people[total] - sum(released.people.get(at, 0) for at in parts)
        for total, parts in released.lines
        if total in released.people
    ]
    least = min((left for left in remainders if left), default=None)
    if (len(remainders), least) != (proof["lines"], proof["least_remainder"]):
        yield "The remainders of the lines are not those in the proof."
    if any(left < 0 for left in remainders):
        yield "The parts of a line hold more people than their total."


def _loss(released: Released) -> Iterator[str]:
    hidden = sum(cell["status"] == "withheld" for cell in released.cells.values())
    loss = released.document["loss"]
    if (loss["cells"], loss["hidden"]) != (len(released.cells), hidden):
        yield "The loss is not what the cells show."


CHECKS: tuple[Callable[[Released], Iterator[str]], ...] = (_hidden_cells, _sizes, _forms, _proof, _loss)


def _rank(released: Released) -> int:
    """Return the rank of the printed cells modulo a prime that the gate does not use for its own figure.

    It is what all cells have, less what the lines leave open of those that are not printed.
    """
    unknown = [at for at in released.cells if at not in released.people]
    rows = released.equations(released.people, unknown)[0] % PRIME
    rank = 0
    for column in range(rows.shape[1]):
        pivots = rank + np.flatnonzero(rows[rank:, column])
        if len(pivots):
            rows[[rank, pivots[0]]] = rows[[pivots[0], rank]]
            row = rows[rank] * pow(int(rows[rank, column]), -1, PRIME) % PRIME
            rows[pivots[1:]] = (rows[pivots[1:]] - rows[pivots[1:]][:, [column]] * row % PRIME) % PRIME
            rank += 1
    return released.columns - len(unknown) + rank


def _status(told: Mapping[str, Any], shares: list[Any]) -> str:
    if any(isinstance(share, list) for share in shares):
        return "range"
    return "shown" if told["step"] == 1 else "steps"


def _letter(cell: Mapping[str, Any]) -> str:
    if cell["status"] == "withheld":
        return "H"
    return "P" if isinstance(cell["n"], int) else "N"


def _nearly_all(people: int, roster: int) -> bool:
    return roster - people < 3 or 10 * (roster - people) < roster
