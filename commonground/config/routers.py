"""Which database a table lives in: sealed answers in `responses`, everything else in `default`."""

from typing import Any

from django.db.models import Model


class TwoDatabases:
    """Sends the models of `responses` to their own database and refuses relations over the border."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        """Name the database that holds the model's table."""
        return "responses" if model._meta.app_label == "responses" else "default"

    db_for_write = db_for_read

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        """Allow relations inside one database only."""
        return self.db_for_read(type(one)) == self.db_for_read(type(other))

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Create each table in its own database."""
        return (db == "responses") == (app_label == "responses")
