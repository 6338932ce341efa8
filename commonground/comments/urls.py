"""Addresses of comments inside a district: below /d/<district>/surveys/<survey>/comments/."""

from django.urls import URLPattern, URLResolver, path

from commonground.comments import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("surveys/<uuid:survey_id>/comments/", views.page, name="survey-comments"),
    path("surveys/<uuid:survey_id>/comments/task/", views.task, name="survey-comments-task"),
    path("surveys/<uuid:survey_id>/comments/result/", views.result, name="survey-comments-result"),
    path("surveys/<uuid:survey_id>/comments/themes/", views.theme, name="survey-comments-theme"),
]
