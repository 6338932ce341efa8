"""Addresses of the record inside a district: everything below /d/<district>/."""

from django.urls import URLPattern, URLResolver, path

from commonground.ledger import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("record/", views.record, name="record"),
    path("record/file/", views.record_file, name="record-file"),
    path("record/own/", views.own_record, name="record-own"),
    path("record/own/file/", views.own_record_file, name="record-own-file"),
]
