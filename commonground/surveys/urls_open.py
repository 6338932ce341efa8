"""Addresses of surveys outside any district."""

from django.urls import URLPattern, URLResolver, path

from commonground.surveys import views_pass, views_seals

urlpatterns: list[URLPattern | URLResolver] = [
    path("keys.html", views_seals.keys_page, name="keys-page"),
    path("pass/", views_pass.pass_point, name="pass-point"),
]
