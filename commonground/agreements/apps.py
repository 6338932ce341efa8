"""The label of agreements, and what the charter's keys do."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """Label of agreements; registers the charter."""

    name = "commonground.agreements"
    label = "agreements"

    def ready(self) -> None:
        """Register the handler of the charter."""
        from commonground.agreements.actions import CHARTER
        from commonground.approvals.kinds import register

        register(CHARTER)
