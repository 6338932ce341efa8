"""The label of partnership, and what the founding keys do."""

from django.apps import AppConfig


class PartnershipConfig(AppConfig):
    """Label of partnership; registers the founding text."""

    name = "commonground.partnership"
    label = "partnership"

    def ready(self) -> None:
        """Register the handler of the founding text."""
        from commonground.approvals.kinds import register
        from commonground.partnership.founding import FOUNDING

        register(FOUNDING)
