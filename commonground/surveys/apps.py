"""The label of surveys."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """Label of surveys."""

    name = "commonground.surveys"
    label = "surveys"
