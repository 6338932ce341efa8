"""The label of insights."""

from django.apps import AppConfig


class InsightsConfig(AppConfig):
    """Label of insights."""

    name = "commonground.insights"
    label = "insights"
