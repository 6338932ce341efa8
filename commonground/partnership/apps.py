"""The label of partnership, and what the founding keys do."""

from django.apps import AppConfig


class PartnershipConfig(AppConfig):
    """Label of partnership; registers the founding text."""

    name = "commonground.partnership"
    label = "partnership"

    def ready(self) -> None:
        """Register the handler of the founding text, and say what parties are called in the record."""
        from commonground.approvals.kinds import register
        from commonground.ledger import names
        from commonground.partnership.founding import FOUNDING
        from commonground.partnership.queries import party_names

        register(FOUNDING)
        names.register("party", party_names)
