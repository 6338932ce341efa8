"""Access holds no tables of its own."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Label of the access module."""

    name = "commonground.access"
    label = "access"

    def ready(self) -> None:
        """Lock tenant tables whenever tables were made."""
        from django.db.models.signals import post_migrate

        from commonground.access.rowsecurity import lock_rows

        post_migrate.connect(lock_rows, dispatch_uid="lock rows")
