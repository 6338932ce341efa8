"""Rewriting tables so that no order of arrival remains: not in hidden row numbers, nor in freed pages or logs.

SQLite numbers rows as they come and keeps freed pages; PostgreSQL keeps the number of each row's transaction.
All rows written anew in key order, in one transaction, carry neither; then the old copies are cleared away.
"""

from django.db import ProgrammingError, connections, models, transaction


def hold_answers() -> None:
    """Let running inserts end and keep new ones waiting until the transaction ends.

    On SQLite a transaction does this by itself, since each begins by taking the one lock for writing.
    """
    connection = connections["responses"]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE responses_sealedanswer IN SHARE MODE")


def rewrite(*tables: type[models.Model]) -> bool:
    """Write the rows of the tables anew in key order and clear away what was; say whether all could be done."""
    for table in tables:
        _in_key_order(table)
    return compact(*tables)


def _in_key_order(model: type[models.Model]) -> None:
    table, key = model._meta.db_table, model._meta.pk.column
    with transaction.atomic(using="responses"), connections["responses"].cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE rewritten AS SELECT * FROM {table}")
        cursor.execute(f"DELETE FROM {table}")
        cursor.execute(f"INSERT INTO {table} SELECT * FROM rewritten ORDER BY {key}")
        cursor.execute("DROP TABLE rewritten")


def compact(*tables: type[models.Model]) -> bool:
    """Clear away old copies of rows, from files and logs; False inside a transaction or without the right to."""
    connection = connections["responses"]
    if connection.in_atomic_block:
        return False
    try:
        with connection.cursor() as cursor:
            for statement in _statements(connection.vendor, [model._meta.db_table for model in tables]):
                cursor.execute(statement)
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
