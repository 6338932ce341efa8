"""Addresses of insights inside a district: everything below /d/<district>/."""

from django.urls import URLPattern, URLResolver, path

from commonground.insights import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("releases/", views.releases, name="releases"),
    path("releases/why/", views.why, name="release-why"),
    path("releases/<uuid:release_id>/", views.release, name="release"),
    path("releases/<uuid:release_id>/questions/<slug:question_id>/", views.question, name="release-question"),
    path("releases/<uuid:release_id>/files/<str:ending>/", views.file, name="release-file"),
    path("releases/<uuid:release_id>/publish/", views.publish, name="release-publish"),
]
