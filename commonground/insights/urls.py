"""Addresses of insights inside a district: everything below /d/<district>/."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
