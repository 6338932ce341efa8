"""Addresses of home inside a district: everything below /d/<district>/."""

from django.urls import path

from commonground.home import views

urlpatterns = [path("", views.home, name="home")]
