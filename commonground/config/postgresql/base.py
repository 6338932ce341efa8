"""Django's PostgreSQL, whose session knows at every statement which partnerships are open.

A changed set costs one short statement before the next query; in a request that is one, and none where the same
district was served before. The setting belongs to the session, and a rollback takes it back like any other change.
"""

from typing import Any

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from commonground.access.walls import SETTING, opened


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that tells its session what is open before each statement that could need it."""

    _told: str | None = None

    def init_connection_state(self) -> None:
        """Forget what an earlier session was told."""
        self._told = None
        super().init_connection_state()

    def create_cursor(self, name: str | None = None) -> Any:
        """Return a cursor of a session that knows what is open."""
        if self.connection is not None and opened() != self._told:
            self._tell(opened())
        return super().create_cursor(name)

    def _tell(self, now: str) -> None:
        """Name the open partnerships; a transaction that has failed takes nothing but its rollback."""
        if self.connection.info.transaction_status == TransactionStatus.INERROR:
            return
        with self.connection.cursor() as cursor:
            cursor.execute(f"SELECT set_config('{SETTING}', %s, false)", [now])
        self._told = now

    def _rollback(self) -> None:
        super()._rollback()  # type: ignore[misc]
        self._told = None

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        self._told = None
