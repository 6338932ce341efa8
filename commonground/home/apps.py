"""The label of home."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Label of home."""

    name = "commonground.home"
    label = "home"
