"""The second lock behind the tenancy door: row-level security of PostgreSQL; SQLite has none and is left as it is.

Each tenant table shows, and takes, rows of the partnerships that the session names in `commonground.partnership`,
to its owner too. The session is told by our connection (`config/postgresql`), the tables are locked after every
`migrate`, so that neither a query nor a new table can forget it.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import AppConfig
from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper

from commonground.access.tenancy import TenantTable
from commonground.access.walls import SETTING

POLICY = "own_partnership"
_NAMED = f"current_setting('{SETTING}', true)"
LOCK = f"""
ALTER TABLE "{{table}}" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "{{table}}" FORCE ROW LEVEL SECURITY;
CREATE POLICY {POLICY} ON "{{table}}" USING (
    (SELECT {_NAMED} = 'all')
    OR partnership_id = ANY ((SELECT string_to_array(nullif({_NAMED}, 'all'), ',')::uuid[])::uuid[])
);
"""
"""The inner SELECTs are evaluated once a query, not once a row. Without the setting no row is shown."""
LOCKED = f"""
SELECT relname FROM pg_class JOIN pg_policy ON polrelid = pg_class.oid
WHERE polname = '{POLICY}' AND relrowsecurity AND relforcerowsecurity
AND relnamespace = current_schema()::regnamespace
"""


def lock_rows(sender: AppConfig, using: str, **given: Any) -> None:
    """Lock the tenant tables of a module that are not locked yet; runs after every `migrate`."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    for table in sorted(set(tables(sender, using)) - locked(connection)):
        with connection.cursor() as cursor:
            cursor.execute(LOCK.format(table=table))


def tables(module: AppConfig, using: str) -> Iterator[str]:
    """Yield the names of a module's tenant tables that exist in this database."""
    there = set(connections[using].introspection.table_names())
    for model in module.get_models():
        if issubclass(model, TenantTable) and router.allow_migrate_model(using, model):
            yield from {model._meta.db_table} & there


def locked(connection: BaseDatabaseWrapper) -> set[str]:
    """Return the names of the tables that hold the lock."""
    with connection.cursor() as cursor:
        cursor.execute(LOCKED)
        return {name for (name,) in cursor.fetchall()}


def is_passed_by(connection: BaseDatabaseWrapper) -> bool:
    """Say whether the role of this connection sees past every row-level lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])
