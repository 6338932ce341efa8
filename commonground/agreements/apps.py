"""The label of agreements."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """Label of agreements."""

    name = "commonground.agreements"
    label = "agreements"
