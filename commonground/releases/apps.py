"""The label of releases."""

from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    """Label of releases."""

    name = "commonground.releases"
    label = "releases"
