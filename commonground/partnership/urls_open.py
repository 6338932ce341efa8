"""The address of an invitation: its link alone opens it."""

from django.urls import path

from commonground.partnership import views_open

urlpatterns = [path("invitation/<str:secret>/", views_open.invitation, name="invitation")]
