"""Addresses of charter, agreements and pauses inside a district: everything below /d/<district>/."""

from django.urls import URLPattern, URLResolver, path

from commonground.agreements import views, views_agreements

urlpatterns: list[URLPattern | URLResolver] = [
    path("charter/", views.charter, name="charter"),
    path("charter/start/", views.start, name="charter-start"),
    path("charter/draft/", views.draft, name="charter-draft"),
    path("agreements/", views_agreements.agreements, name="agreements"),
    path("agreements/new/", views_agreements.new, name="agreement-new"),
    path("agreements/<uuid:agreement_id>/", views_agreements.agreement, name="agreement"),
    path("agreements/<uuid:agreement_id>/draft/", views_agreements.draft, name="agreement-draft"),
    path("agreements/<uuid:agreement_id>/renew/", views_agreements.renew, name="agreement-renew"),
    path("pauses/", views_agreements.pauses, name="pauses"),
]
