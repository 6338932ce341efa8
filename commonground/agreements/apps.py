"""The label of agreements, and what the keys of the charter and of the other agreements do."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """Label of agreements; registers the charter and the agreements beside it."""

    name = "commonground.agreements"
    label = "agreements"

    def ready(self) -> None:
        """Register the handlers of both kinds of text."""
        from commonground.agreements.actions import CHARTER
        from commonground.agreements.writing import AGREEMENT
        from commonground.approvals.kinds import register

        register(CHARTER)
        register(AGREEMENT)
