"""Addresses outside any district: signing in and out, own settings, the choice of a district."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
