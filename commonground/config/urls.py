"""Addresses of the signed-in door."""

from django.urls import URLPattern, URLResolver, include, path

from commonground.comments import urls_open as comments
from commonground.home import urls_open as home
from commonground.partnership import urls_open as partnership
from commonground.people import urls_open as people
from commonground.surveys import urls_open as surveys

DISTRICT = [
    path("", include("commonground.home.urls")),
    path("", include("commonground.partnership.urls")),
    path("", include("commonground.approvals.urls")),
    path("", include("commonground.agreements.urls")),
    path("", include("commonground.ledger.urls")),
    path("", include("commonground.surveys.urls")),
    path("", include("commonground.comments.urls")),
    path("", include("commonground.counts.urls")),
    path("", include("commonground.comparisons.urls")),
    path("", include("commonground.insights.urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(home)),
    path("", include(people)),
    path("", include(partnership)),
    path("", include(surveys)),
    path("", include(comments)),
    path("d/<slug:district>/", include(DISTRICT)),
]
