"""The label of keeping."""

from django.apps import AppConfig


class KeepingConfig(AppConfig):
    """Label of keeping."""

    name = "commonground.keeping"
    label = "keeping"
