"""The order in which rows lie: of a survey that is over it has to be the order of their keys, and nothing else."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from commonground.audit import allowed
from commonground.audit.copies import PEOPLE, Copies, by_survey, ids
from commonground.audit.findings import Finding, Group, Said
from commonground.audit.tables import Database, Table

LEARNS: Final = {
    allowed.ANSWERS: "It can be the order in which answers came. Laid beside an order of people (who took a pass "
    "when, a queue, a log of the network) it says which sealed answer is whose.",
    allowed.CODES: "It can be the order in which codes were drawn or mailed, beside an order of people.",
    allowed.ASKED: "It can be the order in which people took their pass. Laid beside the order of answers it says "
    "which sealed answer is whose.",
}
Orders = Mapping[str, Sequence[Any]]


def check(database: Database) -> Iterator[Said]:
    """Rows of surveys that are over, of a backup all rows, that lie out of the order of their keys."""
    standing = ids(database)
    surveys = standing["over"] | (standing["open"] if database.is_sorted else set())
    for name in PEOPLE:
        if table := database.tables.get(name):
            yield from _table(database, table, surveys)


def _table(database: Database, table: Table, surveys: set[str]) -> Iterator[Said]:
    held = by_survey(table, surveys)
    ways: dict[str, Sequence[Any]] = dict(database.layout.orders(table.name)) if database.layout else {}
    for keys in held.values():
        mine = set(keys)
        orders = {
            "the rows of the file": keys,
            **{way: [k for k in found if k in mine] for way, found in ways.items()},
        }
        for way, found in orders.items():
            if list(found) != sorted(found):
                yield _disorder(table.name, way, found)


def _disorder(name: str, way: str, found: Sequence[Any]) -> Finding:
    share = rank_correlation(found)
    return Finding(
        Group.ORDER,
        f"{name}: {way} do not follow the keys ({len(found)} rows, rank correlation {share:.2f} instead of 1).",
        LEARNS[name],
    )


def rank_correlation(found: Sequence[Any]) -> float:
    """Spearman's correlation of the order in which keys were found with the order of the keys, -1 to 1."""
    number = len(found)
    if number < 2:
        return 1.0
    place = {key: index for index, key in enumerate(sorted(found))}
    apart = sum((index - place[key]) ** 2 for index, key in enumerate(found))
    return 1 - 6 * apart / (number * (number * number - 1))


# Hidden numbers of PostgreSQL, as a query gives them


def check_transactions(files: Sequence[Path], copies: Copies) -> Iterator[Said]:
    """What `xmin` and `ctid` of the rows tell. Raises ValueError for a file with other columns."""
    found: dict[str, dict[str, tuple[int, tuple[int, ...]]]] = defaultdict(dict)
    for path in files:
        for row in _read(path):
            found[row["table"]][row["key"].replace("-", "")] = (int(row["xmin"]), _place(row["ctid"]))
    for database in copies.databases:
        for name in PEOPLE:
            if name in found and (table := database.tables.get(name)):
                yield from _hidden(table, found[name], ids(database)["over"])
    yield from _shared(found)


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        if not {"table", "key", "ctid", "xmin"} <= set(reader.fieldnames or ()):
            raise ValueError(f"{path.name} needs the columns table, key, ctid and xmin.")
        return list(reader)


def _place(ctid: str) -> tuple[int, ...]:
    return tuple(int(part) for part in ctid.strip("()").split(","))


def _hidden(table: Table, found: Mapping[str, Any], surveys: set[str]) -> Iterator[Said]:
    for keys in by_survey(table, surveys).values():
        held = [key for key in keys if _text(key) in found]
        if len({found[_text(key)][0] for key in held}) > 1:
            by_number = sorted(held, key=lambda key: found[_text(key)])
            yield _disorder(table.name, "the hidden transaction numbers (xmin)", by_number)
        by_place = sorted(held, key=lambda key: found[_text(key)][1])
        if by_place != sorted(by_place):
            yield _disorder(table.name, "the places in the table (ctid)", by_place)


def _text(key: Any) -> str:
    return key.hex() if isinstance(key, bytes) else str(key)


def _shared(found: Mapping[str, Mapping[str, Any]]) -> Iterator[Said]:
    """One transaction that wrote a person and an answer."""
    numbers = {name: {number for number, _place in found.get(name, {}).values()} for name in PEOPLE}
    both = numbers[allowed.ASKED] & numbers[allowed.ANSWERS]
    if both:
        yield Finding(
            Group.ORDER,
            f"A person's mark and a sealed answer were written together (transactions: {len(both)}).",
            "Both rows carry the number of the transaction: one join names everybody.",
        )
