"""Addresses of the district inside /d/<district>/: people, structure, staff list."""

from django.urls import path

from commonground.partnership import views

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/letters/<uuid:invitation>/withdraw/", views.withdraw, name="withdraw-invitation"),
    path("people/roles/<uuid:membership>/end/", views.end_role, name="end-role"),
    path("places/", views.places, name="places"),
    path("places/<slug:kind>/", views.place_list, name="place-list"),
    path("places/<slug:kind>/<uuid:row>/", views.place, name="place"),
    path("staff/", views.staff_list, name="staff"),
    path("staff/file/", views.staff_file, name="staff-file"),
    path("staff/lists/<uuid:waiting>/", views.staff_import, name="staff-import"),
    path("staff/lists/<uuid:waiting>/carry-out/", views.staff_carry_out, name="staff-carry-out"),
    path("staff/lists/<uuid:waiting>/leave/", views.staff_leave, name="staff-leave"),
    path("staff/lists/<uuid:waiting>/faults.csv", views.staff_faults, name="staff-faults"),
]
