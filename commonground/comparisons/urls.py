"""Addresses of comparisons inside a district: below /d/<district>/comparisons/."""

from django.urls import URLPattern, URLResolver, path

from commonground.comparisons import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("comparisons/", views.comparisons, name="comparisons"),
]
