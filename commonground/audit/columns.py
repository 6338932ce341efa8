"""Tables, columns, times, counters, foreign keys and triggers, against the published list."""

from collections.abc import Iterator, Mapping
from typing import Final

from commonground.audit import allowed
from commonground.audit.copies import PEOPLE
from commonground.audit.findings import Finding, Group, Said
from commonground.audit.tables import Database, Table

_A_TIME: Final = range(1_000_000_000, 5_000_000_000)


def check(database: Database) -> Iterator[Said]:
    """Whatever the published list does not know, in one database."""
    listed: dict[str, Mapping[str, str]] = {}
    for side in sorted(database.sides):
        listed |= allowed.columns(side)
    if len(database.sides) > 1 and database.form != "backup":
        yield Finding(
            Group.COLUMNS,
            f"{database.name} holds answers and people in one database.",
            "One transaction can write both, and its number or its place in the log then names the person.",
        )
    for table in database.tables.values():
        yield from _table(table, listed)
    for name in database.triggers:
        yield _trigger(database, name)


def _table(table: Table, listed: Mapping[str, Mapping[str, str]]) -> Iterator[Said]:
    if table.name not in listed:
        yield Finding(
            Group.COLUMNS,
            f"The table {table.name} is not on the published list.",
            "Nobody has said what it is for. On the side of answers it can hold who came, or when.",
        )
        return
    for column in table.columns:
        if column in table.times and _keeps_time(table.name, column):
            yield _time(table.name, column)
        elif column not in listed[table.name]:
            yield _unlisted(table.name, column)
    yield from _pointers(table)
    if table.name in PEOPLE:
        yield from _counters(table)
        yield from _hidden_times(table)


def _keeps_time(table: str, column: str) -> bool:
    sealed = allowed.side_of(table) == allowed.RESPONSES
    return (sealed or table in PEOPLE) and not allowed.may_keep_time(table, column)


def _time(table: str, column: str) -> Finding:
    whose = "an answer" if table == allowed.ANSWERS else "a row"
    return Finding(
        Group.COLUMNS,
        f"{table}.{column} keeps a time.",
        f"Whoever knows when somebody answered, or took a pass, knows {whose} as theirs by the hour.",
    )


def _unlisted(table: str, column: str) -> Finding:
    return Finding(
        Group.COLUMNS,
        f"{table}.{column} is not on the published list.",
        "A value that stands here may stand beside a person elsewhere, and joins the two.",
    )


def _pointers(table: Table) -> Iterator[Said]:
    sealed = allowed.side_of(table.name) == allowed.RESPONSES
    for column, target in table.points_at.items():
        if sealed or allowed.side_of(target) == allowed.RESPONSES:
            yield Finding(
                Group.COLUMNS,
                f"{table.name}.{column} points at {target}.",
                "A foreign key is a join that is ready to be used: one query leads from one row to the other.",
            )


def _counters(table: Table) -> Iterator[Said]:
    for column in sorted(table.numbered):
        yield Finding(
            Group.ORDER,
            f"{table.name}.{column} counts up with every row.",
            "The numbers are the order of arrival: laid beside an order of people, they name each row.",
        )


def _hidden_times(table: Table) -> Iterator[Said]:
    """Numbers that look like seconds or milliseconds since 1970, whatever their column is called."""
    for column in table.columns:
        if column not in table.times and column not in table.numbered and _looks_like_time(table, column):
            yield Finding(
                Group.COLUMNS,
                f"{table.name}.{column} holds numbers that look like times.",
                "A number of seconds is a time: it names whoever was seen answering then.",
            )


def _looks_like_time(table: Table, column: str) -> bool:
    values = [row.get(column) for row in table.rows()]
    numbers = [value for value in values if isinstance(value, int) and not isinstance(value, bool)]
    return bool(numbers) and all(value in _A_TIME or value // 1000 in _A_TIME for value in numbers)


def _trigger(database: Database, name: str) -> Finding:
    return Finding(
        Group.COLUMNS,
        f"{database.name} has a trigger, {name}.",
        "It runs with every write and can note the time, or the person, where no reader of the program looks.",
    )
