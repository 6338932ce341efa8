"""Addresses of joint texts inside a district: everything below /d/<district>/."""

from django.urls import URLPattern, URLResolver, path

from commonground.approvals import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("waiting/", views.waiting, name="waiting"),
    path("texts/<uuid:text_id>/", views.text, name="text"),
    path("texts/<uuid:text_id>/print/", views.printed, name="text-print"),
    path("texts/<uuid:text_id>/turn/", views.turn, name="text-turn"),
    path("texts/<uuid:text_id>/send-back/", views.send_back, name="text-send-back"),
    path("texts/<uuid:text_id>/take-back/", views.take_back, name="text-take-back"),
]
