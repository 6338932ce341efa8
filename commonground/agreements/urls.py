"""Addresses of the charter inside a district: everything below /d/<district>/."""

from django.urls import URLPattern, URLResolver, path

from commonground.agreements import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("charter/", views.charter, name="charter"),
    path("charter/start/", views.start, name="charter-start"),
    path("charter/draft/", views.draft, name="charter-draft"),
]
