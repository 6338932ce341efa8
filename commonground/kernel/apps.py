"""The kernel brings template tags and nothing else to Django."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Label of the kernel."""

    name = "commonground.kernel"
    label = "kernel"
