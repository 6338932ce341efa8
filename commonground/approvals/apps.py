"""The label of approvals."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """Label of approvals."""

    name = "commonground.approvals"
    label = "approvals"
