"""Adversaries: what someone can work out from a release alone. For a release that keeps its promise, nothing.

Each takes a `Released` and returns sentences. A number that follows is a leak unless it is nobody: that a group
is empty is known to everyone near it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commonground.disclosure.reading import (
    At,
    Bounds,
    Released,
    end_percent,
    name,
    number_bounds,
    share_bounds,
)
from commonground.disclosure.sets import apart, finest_groups, held_by, small_set

Numbers = NDArray[np.int64]

PRIMES = (2147483647, 2147483629)
MOST_SETS = 400
MOST_ROUNDS = 40
MANY = 10**9
MOST_PEOPLE_TO_TRY = 150


def learn(release: Mapping[str, Any], empty: Iterable[Mapping[str, int]] = ()) -> list[str]:
    """Return all that the adversaries learn from a release, as sentences; an empty list is a pass.

    `empty` names cells, by their `at`, that the attacker knows to hold nobody.
    """
    found = attempts(release, empty).values()
    return list(dict.fromkeys(sentence for learnt in found for sentence in learnt))


def attempts(release: Mapping[str, Any], empty: Iterable[Mapping[str, int]] = ()) -> dict[str, list[str]]:
    """Return what each adversary learns, by its name in words; see `learn`."""
    released = Released(release)
    known_empty = [frozenset(at.items()) for at in empty]
    found = {
        "linear algebra": linear_algebra(released, known_empty),
        "few of several tables": few_of_several_tables(released, known_empty),
    }
    return found | {_in_words(adversary): adversary(released) for adversary in ADVERSARIES}


def _in_words(adversary: Callable[[Released], list[str]]) -> str:
    return adversary.__name__.replace("_", " ")


def one_subtraction(released: Released) -> list[str]:
    """Take the printed parts of a line from its total: a single part that is left follows."""
    return [
        _follows(at, value, "one subtraction")
        for at, value in _subtract_once(released, released.people).items()
        if value
    ]


def subtraction_to_closure(released: Released) -> list[str]:
    """Repeat the subtraction with every number that followed."""
    known = dict(released.people)
    while found := _subtract_once(released, known):
        known |= found
    return [
        _follows(at, value, "repeated subtraction")
        for at, value in known.items()
        if value and at not in released.people
    ]


def linear_algebra(released: Released, empty: Iterable[At] = ()) -> list[str]:
    """Solve all lines at once, modulo two primes: a hidden number that is the same in every solution follows."""
    known = {**released.people, **dict.fromkeys(empty, 0)}
    hidden = [at for at in released.cells if at not in known]
    lines, values = released.equations(known, hidden)
    solved = [solve(lines, values, np.eye(len(hidden), dtype=np.int64), prime) for prime in PRIMES]
    return [
        _follows(at, value, "linear algebra")
        for at, value, again in zip(hidden, *solved, strict=True)
        if value and value == again
    ]


def few_of_several_tables(released: Released, empty: Iterable[At] = ()) -> list[str]:
    """Add and take away printed cells of all tables: a set of the finest groups that is left must not be of few.

    What a solver finds must follow modulo two primes. Where the finest groups are too many for it, it tries the
    groups of the longest question one by one.
    """
    atoms = finest_groups(released, empty)
    rows = held_by(released, released.people, atoms).astype(np.int64)
    people = np.array(list(released.people.values()), dtype=np.int64)
    learnt, held = [], rows.sum(axis=1)
    for inside in apart(released, atoms):
        within = rows[:, inside].sum(axis=1) == held
        found = small_set(rows[np.ix_(within, inside)], people[within], released.minimum)
        if found is not None:
            learnt += _of_few(released, rows, people, atoms, inside[found != 0])
    return learnt


def _of_few(
    released: Released, rows: Numbers, people: Numbers, atoms: list[Mapping[str, int]], places: NDArray[np.intp]
) -> list[str]:
    wanted = np.isin(np.arange(rows.shape[1]), places).astype(np.int64)
    (number,), (again,) = (solve(rows, people, wanted[None], prime) for prime in PRIMES)
    if number is None or number != again or not 0 < number < released.minimum:
        return []
    names = "; ".join(name(frozenset(atoms[place].items())) for place in places)
    return [f"Several tables: {number} people follow, of {names}."]


def complements(released: Released) -> list[str]:
    """Take one printed part from its total: everyone else must be nobody or at least k people."""
    learnt = []
    for total, parts in released.lines:
        for part in parts:
            if total in released.people and part in released.people:
                outside = released.people[total] - released.people[part]
                if 0 < outside < released.minimum:
                    learnt.append(f"Complement: only {outside} people of {name(total)} lie outside {name(part)}.")
    return learnt


def small_remainders(released: Released) -> list[str]:
    """Take all printed parts from a total, then one remainder from another that holds it."""
    sums = [
        (total, frozenset(at for at in parts if at not in released.people), parts)
        for total, parts in released.lines
        if total in released.people
    ]
    known: dict[frozenset[At], int] = {}
    for total, rest, parts in sums:
        left = released.people[total] - sum(released.people.get(at, 0) for at in parts)
        known.setdefault(rest, left)
    _take_apart(known)
    return [
        f"Remainder: {left} people are left in {', '.join(sorted(name(at) for at in rest))}."
        for rest, left in known.items()
        if 0 < left < released.minimum
    ]


def bounds_by_codes(released: Released) -> list[str]:
    """Use that "nearly all" is a least number: what is left for the hidden groups of a line must not be small."""
    learnt = []
    for total, parts in released.lines:
        shown = [number_bounds(released.cells[at]["n"]) for at in parts if released.cells[at]["n"] is not None]
        hidden = [at for at in parts if released.cells[at]["n"] is None]
        if total in released.people and any(low < high for low, high in shown):
            most = released.people[total] - sum(low for low, _ in shown)
            if hidden and 0 < most < released.minimum:
                learnt.append(f"Bounds: at most {most} people of {name(total)} are hidden.")
    return learnt


def small_counts_of_questions(released: Released) -> list[str]:
    """Do the same with the numbers of each question: who answered it, and who left it out."""
    learnt = []
    for question in released.document["questions"]:
        printed = {
            at: told["n"] for at, told in released.answers(question["id"]).items() if isinstance(told["n"], int)
        }
        for total, parts in released.lines:
            if total not in printed or total not in released.people:
                continue
            if not all(at in released.people for at in parts if at in printed):
                continue
            answered = printed[total] - sum(printed.get(at, 0) for at in parts)
            everyone = released.people[total] - sum(released.people[at] for at in parts if at in printed)
            for amount, what in ((answered, "answered"), (everyone - answered, "left out")):
                if 0 < amount < released.minimum:
                    learnt.append(f"Remainder: {amount} people of {name(total)} {what} {question['id']}.")
    return learnt


def knowing_colleague(released: Released) -> list[str]:
    """Someone who knows their own answer takes it away: nobody, or everybody, else gave the same."""
    learnt = []
    for question in released.document["questions"]:
        for at, told in released.answers(question["id"]).items():
            people = number_bounds(told["n"])
            if people[0] < released.minimum:
                learnt.append(f"Colleague: {question['id']} is shown for {people[0]} people of {name(at)}.")
            for share in (*(told["options"] or ()), told["top"]):
                if isinstance(share, int) and told["step"] == 1:
                    least, most = share_bounds(share, people, 1)
                    if most <= 1 or least >= people[1] - 1:
                        learnt.append(
                            f"Colleague: in {name(at)} all but one, or one, gave the same "
                            f"answer to {question['id']}."
                        )
    return learnt


def ranges_undone_by_the_rest(released: Released) -> list[str]:
    """Use that shares of a whole add to 100, and the mean, to narrow a range at the ends."""
    learnt = []
    for question in released.document["questions"]:
        if question["kind"] == "several":
            continue
        for at, told in released.answers(question["id"]).items():
            for option in _narrowed(question, told):
                learnt.append(
                    f"Range undone: option {option} of {question['id']} in {name(at)} "
                    "follows more closely than its range says."
                )
    return learnt


def shares_along_lines(released: Released) -> list[str]:
    """Take shares of parts from the share of their total: an end of a range, or of a hidden rest, may follow."""
    learnt: list[str] = []
    for question in released.document["questions"]:
        told = released.answers(question["id"])
        for item in (*range(question["options"]), "top"):
            bounds = {at: _item_bounds(question, answer, item) for at, answer in told.items()}
            known = {at: bound for at, bound in bounds.items() if bound is not None}
            for total, parts in released.lines:
                if total in known:
                    learnt += _along(released, question["id"], item, total, parts, known, told)
    return learnt


def shares_to_closure(released: Released) -> list[str]:
    """Narrow the shares of every cell by all lines until nothing changes: nobody, or everyone, must not follow."""
    learnt = []
    at_of, people = list(released.cells), _people_bounds(released)
    for question in released.document["questions"]:
        told = released.answers(question["id"])
        answered = _answered_bounds(released, told, people)
        items = [*range(question["options"]), "top"]
        least, most = _starting_bounds(released, question, told, items, answered)
        _narrow_to_closure(least, most, released)
        ends = [
            number_bounds(told[at]["n"]) if at in told else (fewest, MANY)
            for at, fewest in zip(released.cells, people[0].tolist(), strict=True)
        ]
        fewest, everyone = np.array(ends, dtype=np.int64).T
        certain = (most == 0) | (least == everyone[:, None])
        certain &= ((answered[1] > 0) & (fewest > 0))[:, None]
        for item, place in np.argwhere(certain.T).tolist():
            whom = "nobody" if most[place, item] == 0 else "everyone"
            learnt.append(f"Closure: {whom} in {name(at_of[place])} gave {items[item]} of {question['id']}.")
    return learnt


def means_along_lines(released: Released) -> list[str]:
    """Take means of parts, times their numbers, from the mean of their total: the rest must not lie at an end."""
    learnt = []
    for question in released.document["questions"]:
        told = {at: each for at, each in released.answers(question["id"]).items() if each["mean"] is not None}
        for total, parts in released.lines:
            known = [at for at in parts if at in told]
            if total in told and known and all(isinstance(told[at]["n"], int) for at in (total, *known)):
                rest = told[total]["n"] - sum(told[at]["n"] for at in known)
                if rest and _rest_at_an_end(question, told, total, known, rest):
                    where = name(total)
                    learnt.append(f"Means: of {question['id']}, the {rest} people left in {where} lie at an end.")
    return learnt


ADVERSARIES: tuple[Callable[[Released], list[str]], ...] = (
    one_subtraction,
    subtraction_to_closure,
    complements,
    small_remainders,
    bounds_by_codes,
    small_counts_of_questions,
    knowing_colleague,
    ranges_undone_by_the_rest,
    shares_along_lines,
    shares_to_closure,
    means_along_lines,
)


def _subtract_once(released: Released, known: Mapping[At, int]) -> dict[At, int]:
    found = {}
    for total, parts in released.lines:
        missing = [at for at in parts if at not in known]
        parted = sum(known.get(at, 0) for at in parts)
        if total in known and len(missing) == 1:
            found[missing[0]] = known[total] - parted
        elif total not in known and not missing:
            found[total] = parted
    return found


def solve(
    known: NDArray[np.int64], values: NDArray[np.int64], wanted: NDArray[np.int64], prime: int
) -> list[int | None]:
    """Return for each wanted sum its value modulo the prime, None where it does not follow from the known ones."""
    rows = np.hstack([known, values[:, None]]) % prime
    goals = np.hstack([wanted, np.zeros((len(wanted), 1), dtype=np.int64)]) % prime
    done = 0
    for column in range(known.shape[1]):
        pivots = done + np.flatnonzero(rows[done:, column])
        if not len(pivots):
            continue
        rows[[done, pivots[0]]] = rows[[pivots[0], done]]
        row = rows[done] * pow(int(rows[done, column]), -1, prime) % prime
        for matrix, hit in ((rows, pivots[1:]), (goals, np.flatnonzero(goals[:, column]))):
            matrix[hit] = (matrix[hit] - matrix[hit][:, [column]] * row % prime) % prime
        done += 1
    return [None if goal[:-1].any() else int(-goal[-1] % prime) for goal in goals]


def _take_apart(known: dict[frozenset[At], int]) -> None:
    queue = list(known)
    for inner in queue:
        for outer in list(known):
            for small, large in ((inner, outer), (outer, inner)):
                if small < large and large - small not in known and len(known) < MOST_SETS:
                    known[large - small] = known[large] - known[small]
                    queue.append(large - small)


def _rest_at_an_end(
    question: Mapping[str, Any], told: Mapping[At, Mapping[str, Any]], total: At, known: list[At], rest: int
) -> bool:
    """Tell whether one person could hold half of what is left above the lowest answer, or below the highest."""
    lowest, highest = (0, 10) if question["kind"] == "scale10" else (1, 5)
    twenty_times = {at: round(10 * told[at]["mean"]) * 2 * int(told[at]["n"]) for at in (total, *known)}
    middle = twenty_times[total] - sum(twenty_times[at] for at in known)
    error = int(told[total]["n"]) + sum(int(told[at]["n"]) for at in known)
    above, below = middle + error - 20 * lowest * rest, 20 * highest * rest - (middle - error)
    at_an_end: bool = min(above, below) < 40 * (highest - lowest)
    return at_an_end


def _item_bounds(question: Mapping[str, Any], told: Mapping[str, Any], item: int | str) -> Bounds | None:
    """Return how many people, at least and at most, gave an answer, as far as its share says."""
    share = told["top"] if item == "top" else (told["options"] or [None] * question["options"])[int(item)]
    if share is None:
        return None
    upper = 3 if question["kind"] == "scale10" else 2
    parts = upper if item == "top" and told["options"] else 1
    return share_bounds(
        share, number_bounds(told["n"]), parts if told["step"] == 1 else parts + told["step"] // 2 + 1
    )


def _along(
    released: Released,
    question: str,
    item: int | str,
    total: At,
    parts: list[At],
    known: Mapping[At, Bounds],
    told: Mapping[At, Mapping[str, Any]],
) -> Iterator[str]:
    shown = [at for at in parts if at in known]
    if not all(isinstance(told[at]["n"], int) for at in (total, *shown)):
        return
    rest = told[total]["n"] - sum(told[at]["n"] for at in shown)
    least, most = sum(known[at][0] for at in shown), sum(known[at][1] for at in shown)
    end = _end(rest)
    if known[total][1] - least < end or known[total][0] - most > rest - end:
        where = name(total)
        yield f"Line: of {rest} people hidden in {where} nearly none or all gave {item} of {question}."
    exact = [at for at in shown if isinstance(_share_of(told[at], item), int)]
    unknown = told[total]["n"] - sum(told[at]["n"] for at in exact)
    few, many = sum(known[at][0] for at in exact), sum(known[at][1] for at in exact)
    end = _end(unknown)
    if unknown > rest and (known[total][1] - few < end or known[total][0] - many > unknown - end):
        some = f"{unknown} people hidden or in ranges in {name(total)}"
        yield f"Line: of {some} nearly none or all gave {item} of {question}."
    for at in shown:
        share = _share_of(told[at], item)
        if isinstance(share, list):
            highest = known[total][1] - least
            lowest = known[total][0] - most - rest + known[at][1]
            if (share[0] == 0 and highest < known[at][1]) or (share[1] == 100 and lowest > known[at][0]):
                yield f"Line: the range of {item} of {question} in {name(at)} follows more closely."


def _end(people: int) -> int:
    """Return how many of so many people a range at an end may stand for."""
    return end_percent(people) * people // 100


def _share_of(told: Mapping[str, Any], item: int | str) -> int | list[int]:
    share: int | list[int] = told["top"] if item == "top" else told["options"][int(item)]
    return share


def _people_bounds(released: Released) -> tuple[Numbers, Numbers]:
    """Return how many people, at least and at most, are in every cell, shown or hidden."""
    bounds = [(0, MANY) if cell["n"] is None else number_bounds(cell["n"]) for cell in released.cells.values()]
    return _closed(bounds, released)


def _answered_bounds(
    released: Released, told: Mapping[At, Mapping[str, Any]], people: tuple[Numbers, Numbers]
) -> tuple[Numbers, Numbers]:
    """Return how many may have answered in every cell; who is not asked a question at all has not."""
    most = people[1].tolist()
    bounds = [
        number_bounds(told[at]["n"]) if at in told else (0, many)
        for at, many in zip(released.cells, most, strict=True)
    ]
    return _closed(bounds, released)


def _closed(bounds: list[Bounds], released: Released) -> tuple[Numbers, Numbers]:
    least, most = (np.array(ends, dtype=np.int64)[:, None] for ends in zip(*bounds, strict=True))
    _narrow_to_closure(least, most, released)
    return least.ravel(), most.ravel()


def _starting_bounds(
    released: Released,
    question: Mapping[str, Any],
    told: Mapping[At, Mapping[str, Any]],
    items: list[int | str],
    answered: tuple[Numbers, Numbers],
) -> tuple[Numbers, Numbers]:
    """Return as cells x items how many people, at least and at most, gave an answer, from the cell alone."""
    most = np.repeat(answered[1][:, None], len(items), axis=1)
    least = np.zeros_like(most)
    for place, at in enumerate(released.cells):
        if at in told:
            for column, item in enumerate(items):
                if bound := _item_bounds(question, told[at], item):
                    least[place, column], most[place, column] = bound
    return least, most


def _narrow_to_closure(least: Numbers, most: Numbers, released: Released) -> None:
    """Narrow bounds, cells x columns and in place, by every line in turn until none changes anything."""
    for _ in range(MOST_ROUNDS):
        width = most - least
        for total, parts in released.places_of_lines:
            low, high = least[parts], most[parts]
            all_low, all_high = low.sum(axis=0), high.sum(axis=0)
            own_low, own_high = np.maximum(least[total], all_low), np.minimum(most[total], all_high)
            least[parts] = np.maximum(low, own_low - all_high + high)
            most[parts] = np.minimum(high, own_high - all_low + low)
            least[total], most[total] = own_low, own_high
        if np.array_equal(width, most - least):
            break


def _narrowed(question: Mapping[str, Any], told: Mapping[str, Any]) -> Iterator[int]:
    """Yield options with a range at an end, of which an end is impossible given all else that is printed."""
    people = told["n"]
    if not told["options"] or not isinstance(people, int) or people > MOST_PEOPLE_TO_TRY or told["step"] != 1:
        return
    ranges = [share_bounds(share, (people, people), 1) for share in told["options"]]
    lowest = 0 if question["kind"] == "scale10" else 1
    for option, share in enumerate(told["options"]):
        if isinstance(share, list) and (share[0] == 0 or share[1] == 100):
            for end in ranges[option]:
                tried = [*ranges[:option], (end, end), *ranges[option + 1 :]]
                if not _possible(tried, people, lowest, told["mean"]):
                    yield option


def _possible(ranges: list[Bounds], people: int, lowest: int, mean: float | None) -> bool:
    """Tell whether some whole numbers in the ranges add to the people and have the mean that is printed."""
    reached = {(0, 0)}
    for option, (least, most) in enumerate(ranges):
        value_of_one = 0 if mean is None else option + lowest
        reached = {
            (count + here, value + here * value_of_one)
            for count, value in reached
            for here in range(least, min(most, people - count) + 1)
        }
    ten_times = 0 if mean is None else round(10 * mean)
    return any(count == people and abs(20 * value - 2 * ten_times * people) <= people for count, value in reached)


def _follows(at: At, value: int, how: str) -> str:
    return f"By {how}: {name(at)} holds {value} people."
