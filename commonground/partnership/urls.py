"""Addresses of the district inside /d/<district>/: people, structure, staff list."""

from django.urls import path

from commonground.partnership import views, views_staff

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/letters/<uuid:invitation>/withdraw/", views.withdraw, name="withdraw-invitation"),
    path("people/roles/<uuid:membership>/end/", views.end_role, name="end-role"),
    path("places/", views.places, name="places"),
    path("places/<slug:kind>/", views.place_list, name="place-list"),
    path("places/<slug:kind>/<uuid:row>/", views.place, name="place"),
    path("staff/", views_staff.staff_list, name="staff"),
    path("staff/file/", views_staff.staff_file, name="staff-file"),
    path("staff/lists/<uuid:waiting>/", views_staff.staff_import, name="staff-import"),
    path("staff/lists/<uuid:waiting>/list/<slug:kind>/", views_staff.staff_import_list, name="staff-import-list"),
    path("staff/lists/<uuid:waiting>/carry-out/", views_staff.staff_carry_out, name="staff-carry-out"),
    path("staff/lists/<uuid:waiting>/leave/", views_staff.staff_leave, name="staff-leave"),
    path("staff/lists/<uuid:waiting>/faults.csv", views_staff.staff_faults, name="staff-faults"),
]
