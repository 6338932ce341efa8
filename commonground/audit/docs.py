"""Prints the published list of tables and columns for people: writes docs/tables.md."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from commonground.audit import allowed

PATH = Path(__file__).resolve().parents[2] / "docs" / "tables.md"

OPENING = """# What the databases hold: every table and column

This page is printed from `commonground/audit/allowed.json` by `python -m commonground.audit.docs`; a test keeps it
equal to what the program really has. A table or column that is not here does not belong: `commonground
audit-anonymity` looks for it in any copy, without a server and without the network.

    commonground audit-anonymity commonground.sqlite3 responses.sqlite3
    commonground audit-anonymity people.sql responses.sql backup.tar.gz access.log mail.log
    commonground audit-anonymity /var/lib/commonground

It reads SQLite files with the write-ahead log beside them, what `pg_dump` writes (as text, or `-Fc` where
`pg_restore` is at hand), our own backups, logs, and a data folder with its keys. Each finding says what somebody
could do with it; the command ends with 1 where it has one.

PostgreSQL keeps hidden numbers of each row that no dump shows. Ask each database for them and hand them over with
`--xmin FILE`:

    \\copy (SELECT 'responses_sealedanswer' AS "table", encode(key, 'hex') AS key, ctid, xmin
           FROM responses_sealedanswer) TO 'answers.csv' CSV HEADER
    \\copy (SELECT 'surveys_eligible' AS "table", id AS key, ctid, xmin
           FROM surveys_eligible) TO 'asked.csv' CSV HEADER
"""
SIDES = {
    allowed.RESPONSES: "The side of answers (`responses`): no person, and no time of an answer",
    allowed.DEFAULT: "The side of people: no answer",
}


def page() -> str:
    """Return the whole page in Markdown."""
    parts = [OPENING]
    for side, heading in SIDES.items():
        tables = allowed.columns(side)
        parts += [f"## {heading}", "", *_told(tables), *_plain(tables)]
    return "\n".join(parts)


def _told(tables: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """Tables whose columns are explained one by one."""
    for name, columns in tables.items():
        if any(": " in about for about in columns.values()):
            rows = [f"| `{column}` | {' | '.join(about.split(': ', 1))} |" for column, about in columns.items()]
            yield from (f"### `{name}`", "", "| Column | Kind | What for |", "|---|---|---|", *rows, "")


def _plain(tables: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """Tables whose columns are only named."""
    rest = [name for name, columns in tables.items() if not any(": " in about for about in columns.values())]
    yield from ("### Other tables", "", "| Table | Columns (those that hold a time are marked) |", "|---|---|")
    for name, columns in ((name, tables[name]) for name in rest):
        names = [f"`{column}`{' (time)' if about == 'time' else ''}" for column, about in columns.items()]
        yield f"| `{name}` | {', '.join(names)} |"
    yield ""


def main() -> int:
    """Write the page where it belongs."""
    PATH.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
