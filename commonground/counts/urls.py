"""Addresses of counts inside a district: below /d/<district>/counts/."""

from django.urls import URLPattern, URLResolver, path

from commonground.counts import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("counts/", views.counts, name="counts"),
    path("counts/table.csv", views.table, name="counts-table"),
    path("counts/<uuid:draft_id>/", views.draft, name="counts-draft"),
]
