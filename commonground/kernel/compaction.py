"""Rewriting tables so that no order of arrival remains: not in hidden row numbers, nor in freed pages or logs.

SQLite numbers rows as they come and keeps freed pages; PostgreSQL keeps the number of each row's transaction.
All rows written anew in key order, in one transaction, carry neither; then the old copies are cleared away.
"""

from typing import Any

from django.db import OperationalError, ProgrammingError, connections, models, transaction


def rewrite(using: str, *tables: type[models.Model]) -> bool:
    """Write the rows of the tables anew in key order and clear away what was; say whether all could be done."""
    for table in tables:
        _in_key_order(models.QuerySet(table, using=using))
    return compact(using, *tables)


def rewrite_some(rows: "models.QuerySet[Any]") -> bool:
    """Write these rows of a table anew in key order, as `rewrite` does; in whichever database they lie."""
    _in_key_order(rows)
    return compact(rows.db, rows.model)


def _in_key_order(rows: "models.QuerySet[Any]") -> None:
    options = rows.model._meta
    select, values = rows.order_by().query.sql_with_params()
    columns = ", ".join(field.column for field in options.concrete_fields)
    with transaction.atomic(using=rows.db), connections[rows.db].cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE rewritten AS {select}", values)
        rows.delete()
        order = f"SELECT {columns} FROM rewritten ORDER BY {options.pk.column}"
        cursor.execute(f"INSERT INTO {options.db_table} ({columns}) {order}")
        cursor.execute("DROP TABLE rewritten")


def compact(using: str, *tables: type[models.Model]) -> bool:
    """Clear away old copies of rows, from files and logs; False inside a transaction or without the right to.

    Raises OperationalError while somebody reads from the log, so that the step is tried again.
    """
    connection = connections[using]
    if connection.in_atomic_block:
        return False
    try:
        with connection.cursor() as cursor:
            for statement in _statements(connection.vendor, [model._meta.db_table for model in tables]):
                cursor.execute(statement)
            if connection.vendor == "sqlite" and cursor.fetchone()[0]:
                raise OperationalError("the write-ahead log is being read and was not emptied")
    except ProgrammingError:
        return False
    return True


def _statements(vendor: str, tables: list[str]) -> list[str]:
    if vendor == "sqlite":
        return ["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"]
    return [
        statement
        for table in tables
        for statement in (f"CLUSTER {table} USING {table}_pkey", f"VACUUM (FREEZE, ANALYZE) {table}")
    ]
