"""The label of responses."""

from django.apps import AppConfig


class ResponsesConfig(AppConfig):
    """Label of responses."""

    name = "commonground.responses"
    label = "responses"
