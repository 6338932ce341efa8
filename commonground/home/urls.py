"""The first address inside a district."""

from django.urls import path

from commonground.home import views

urlpatterns = [path("", views.home, name="home")]
