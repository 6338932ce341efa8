"""The label of people."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Label of people."""

    name = "commonground.people"
    label = "people"
