"""The label of approvals."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """Label of approvals."""

    name = "commonground.approvals"
    label = "approvals"

    def ready(self) -> None:
        """Say how ids of this module are called in the record."""
        from commonground.approvals.queries import titles
        from commonground.ledger.names import register

        register("text", titles)
