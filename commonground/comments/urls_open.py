"""The reviewers' page, which anyone may take."""

from django.urls import URLPattern, URLResolver, path

from commonground.comments import views

urlpatterns: list[URLPattern | URLResolver] = [path("review.html", views.reviewers_page, name="reviewers-page")]
