"""Screens of the staff list: who is on it, bringing in a file, how far that is, what it would change."""

import re
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET
from django_htmx.http import HttpResponseClientRefresh

from commonground.access.decide import ActorRequest, screen
from commonground.access.table import Action
from commonground.kernel.errors import Refused
from commonground.partnership import queries, staff, staff_pages
from commonground.partnership.forms import FindForm, StaffFileForm
from commonground.partnership.models import ImportStage


@screen(Action.SEE_STAFF_LIST)
def staff_list(request: ActorRequest, district: str) -> HttpResponse:
    """Show the staff list, a page at a time, and take a new file."""
    sites = [(site.code, site.name) for site in queries.named(request.actor.tenant, "site")]
    find = FindForm(request.GET or None, sites=sites)
    wanted = find.cleaned_data if find.is_valid() else {}
    rows, after = queries.staff_page(
        request.actor.tenant,
        find=wanted.get("q", ""),
        site=wanted.get("site", ""),
        after=request.GET.get("after", ""),
    )
    total, mailboxes = queries.staff_count(request.actor.tenant)
    return render(
        request,
        "partnership/staff.html",
        {
            "find": find, "rows": rows, "after": after, "total": total, "mailboxes": mailboxes,
            "form": StaffFileForm(), "waiting": staff_pages.undecided_stage(request.actor),
        },
    )  # fmt: skip


@screen(Action.READ_STAFF_FILE)
def staff_file(request: ActorRequest, district: str) -> HttpResponse:
    """Read a staff file and go to what it would change; a file that cannot be read is answered in words."""
    headers = request.POST.getlist("header")
    choices = staff_pages.terms(request.actor) if headers else None
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = StaffFileForm(*given, headers=headers, choices=choices)
    if not request.FILES and int(request.META.get("CONTENT_LENGTH") or 0) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
        form.fields["file"].error_messages["required"] = staff.too_large()
    if form.is_valid():
        try:
            file = form.cleaned_data["file"]
            waiting = staff.receive(request.actor, file.name, file.read(), form.asked)
        except Refused as refusal:
            form.add_error("file", str(refusal.message))
        else:
            return redirect("staff-import", district=district, waiting=waiting.pk)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "partnership/staff_file.html", {"form": form, "headers": headers}, status=status)


@screen(Action.READ_STAFF_FILE)
@require_GET
def staff_import(request: ActorRequest, district: str, waiting: UUID) -> HttpResponse:
    """Show how far a list is; once it is read, look before it counts: what it would change, and every fault."""
    stage = staff_pages.stage(request.actor, waiting)
    if stage.stage != ImportStage.READ:
        return _stage(request, stage)
    if request.headers.get("HX-Request"):
        return HttpResponseClientRefresh()
    card = staff_pages.card(request.actor, waiting)
    again = StaffFileForm(headers=card.facts.headers, choices=card.terms, initial=card.initial)
    return render(request, "partnership/staff_import.html", {"card": card, "again": again})


def _stage(request: ActorRequest, stage: staff_pages.StageCard) -> HttpResponse:
    if request.headers.get("HX-Request") and not stage.works:
        return HttpResponseClientRefresh()
    return render(request, "partnership/staff_stage.html", {"card": stage, "form": StaffFileForm()})


@screen(Action.READ_STAFF_FILE)
@require_GET
def staff_import_list(request: ActorRequest, district: str, waiting: UUID, kind: str) -> HttpResponse:
    """Show one of the lists of what a file would change, a page at a time."""
    page = request.GET.get("page", "1")
    number = int(page) if re.fullmatch("[0-9]{1,9}", page) else 1
    try:
        some = staff_pages.one_list(request.actor, waiting, kind, max(number, 1))
    except Refused:
        return redirect("staff-import", district=district, waiting=waiting)
    context = {"some": some, "waiting": waiting}
    return render(request, "partnership/staff_import_list.html", context)


@screen(Action.IMPORT_STAFF)
def staff_carry_out(request: ActorRequest, district: str, waiting: UUID) -> HttpResponse:
    """Bring the list in, or have the worker do it."""
    if request.method != "POST":
        return redirect("staff-import", district=district, waiting=waiting)
    try:
        row = staff.decide_for(request.actor, waiting)
    except Refused as refusal:
        messages.error(request, str(refusal.message))
        return redirect("staff-import", district=district, waiting=waiting)
    if row.stage == ImportStage.CARRYING:
        return redirect("staff-import", district=district, waiting=waiting)
    number = row.facts["new"]
    words = ngettext(
        "The list is in: %(number)d person is new.", "The list is in: %(number)d people are new.", number
    )
    messages.success(request, words % {"number": number})
    return redirect("staff", district=district)


@screen(Action.READ_STAFF_FILE)
def staff_leave(request: ActorRequest, district: str, waiting: UUID) -> HttpResponse:
    """Leave the list as it is."""
    if request.method == "POST":
        staff.leave(request.actor, waiting)
        messages.success(request, _("The staff list stays as it was. What was read is forgotten."))
    return redirect("staff", district=district)


@screen(Action.READ_STAFF_FILE)
@require_GET
def staff_faults(request: ActorRequest, district: str, waiting: UUID) -> HttpResponse:
    """Give the faults as a file to repair from."""
    try:
        data = staff_pages.faults_csv(request.actor, waiting)
    except Refused:
        return redirect("staff-import", district=district, waiting=waiting)
    response = HttpResponse(data, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="faults.csv"'
    return response
