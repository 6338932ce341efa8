"""All copies that were given, and what they say of the surveys in them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from commonground.audit import allowed
from commonground.audit.tables import Database, Row, Table

PEOPLE: Final = {allowed.ANSWERS: "survey", allowed.CODES: "survey", allowed.ASKED: "survey_id"}
"""Tables with a row for each answer, code or person, and their column that names the survey."""
_OVER: Final = {"closed", "counted", "destroyed"}


@dataclass(frozen=True)
class Copies:
    """Databases that belong together: one side, or both."""

    databases: Sequence[Database]

    def tables(self, name: str) -> Iterator[tuple[Database, Table]]:
        """Every copy of a table, with the database it lies in."""
        for database in self.databases:
            if name in database.tables:
                yield database, database.tables[name]

    def rows(self, name: str) -> Iterator[Row]:
        """The rows of every copy of a table."""
        for _database, table in self.tables(name):
            yield from table.rows()


def ids(database: Database) -> dict[str, set[str]]:
    """Ids of surveys, as the rows of people and answers name them, by where the survey stands: open or over."""
    found: dict[str, set[str]] = {"open": set(), "over": set()}
    for row in _rows(database, allowed.PAPERS):
        found["over" if row.get("closed") else "open"].add(row["survey"])
    for row in _rows(database, allowed.SURVEYS):
        if row.get("state") in {"launched", *_OVER}:
            found["over" if row["state"] in _OVER else "open"].add(row["id"])
    return found


def _rows(database: Database, name: str) -> Iterator[Row]:
    table = database.tables.get(name)
    return table.rows() if table else iter(())


def by_survey(table: Table, surveys: set[str]) -> dict[str, list[Any]]:
    """Keys of the rows of these surveys, in the order in which they lie."""
    found: dict[str, list[Any]] = {}
    for row in table.rows():
        survey = row.get(PEOPLE[table.name])
        if survey in surveys:
            found.setdefault(str(survey), []).append(row[table.key])
    return found
