"""Access holds no tables of its own."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Label of the access module."""

    name = "commonground.access"
    label = "access"
