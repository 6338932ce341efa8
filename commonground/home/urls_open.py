"""The first address: where somebody who signs in goes."""

from django.urls import path

from commonground.home import views

urlpatterns = [path("", views.welcome, name="welcome")]
