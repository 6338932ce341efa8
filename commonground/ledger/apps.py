"""The ledger's label."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Label of the ledger."""

    name = "commonground.ledger"
    label = "ledger"
