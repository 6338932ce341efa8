"""The label of comments."""

from django.apps import AppConfig


class CommentsConfig(AppConfig):
    """Label of comments."""

    name = "commonground.comments"
    label = "comments"
