"""The label of partnership."""

from django.apps import AppConfig


class PartnershipConfig(AppConfig):
    """Label of partnership."""

    name = "commonground.partnership"
    label = "partnership"
