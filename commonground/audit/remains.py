"""What a database keeps behind its rows: freed pages, unused bytes, the write-ahead log."""

from collections.abc import Iterator

from commonground.audit import allowed
from commonground.audit.copies import PEOPLE, by_survey, ids
from commonground.audit.findings import Finding, Group, Note, Said
from commonground.audit.tables import Database, Layout, Table


def check(database: Database) -> Iterator[Said]:
    """Old content in one database."""
    if not database.layout:
        return
    yield from _left(database, database.layout)
    journal = database.path.with_name(database.path.name + "-journal")
    if journal.exists() and any(journal.read_bytes()[:512]):
        yield _old(f"{journal.name} holds pages as they were before a write.")
    for name in PEOPLE:
        if table := database.tables.get(name):
            yield from _log(database, database.layout, table)


def _left(database: Database, layout: Layout) -> Iterator[Said]:
    """Old content in freed pages, and in pages between rows; the latter moves about while a survey is open."""
    standing = ids(database)
    if standing["over"]:
        yield from (_old(f"{database.name}: {what}.") for what in layout.freed())
    if standing["over"] and not standing["open"]:
        yield from (_old(f"{database.name}: {what}.") for what in layout.left())
    elif standing["over"]:
        yield Note(f"{database.name}: bytes between rows can be judged once no survey is open.")


def _old(what: str) -> Finding:
    return Finding(
        Group.REMAINS,
        what,
        "Deleted rows can be read there: marks that were erased, answers that were replaced, and where they lay.",
    )


def _log(database: Database, layout: Layout, table: Table) -> Iterator[Said]:
    """What the write-ahead log tells of surveys that are over."""
    held = by_survey(table, ids(database)["over"])
    over = {key for keys in held.values() for key in keys}
    log = layout.logged(table.name) if over else None
    if log is None:
        return
    came = [key for key in log.arrivals if key in over]
    if len(came) > 1:
        yield _arrivals(database, table, len(came))
    marks = {row[table.key] for row in log.rows if row.get(table.key) in over and row.get("marked")}
    if table.name == allowed.ASKED and marks:
        yield _marks(database, len(marks))


def _arrivals(database: Database, table: Table, number: int) -> Finding:
    return Finding(
        Group.REMAINS,
        f"The write-ahead log of {database.name} shows rows of {table.name} coming one after another ({number}).",
        "It is the order of arrival, write by write. Laid beside an order of people it names each row.",
    )


def _marks(database: Database, number: int) -> Finding:
    return Finding(
        Group.REMAINS,
        f"The write-ahead log of {database.name} still holds marks of who took a pass ({number}).",
        "It says who answered a survey that is over.",
    )
