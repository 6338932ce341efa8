"""Screens of the district: people and invitations, its structure, its staff list."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonground.access.decide import ActorRequest, allowed, screen
from commonground.access.table import Action
from commonground.kernel.errors import Refused
from commonground.partnership import actions, emails, pages, queries, staff, structure
from commonground.partnership.forms import FindForm, InviteForm, NamedForm, StaffFileForm


@screen(Action.SEE_PEOPLE)
def people(request: ActorRequest, district: str) -> HttpResponse:
    """Show who holds which role, and invite people for the own party."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _invite(request, form)
        except Refused as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("The invitation is on its way to %(email)s.") % form.cleaned_data)
            return redirect("people", district=district)
    card = pages.people(request.actor)
    return render(request, "partnership/people.html", {"form": form, "card": card, "may_invite": _may(request)})


def _may(request: ActorRequest) -> bool:
    return allowed(request.actor, Action.INVITE)


def _invite(request: ActorRequest, form: InviteForm) -> None:
    values = form.cleaned_data
    party = None if form.serves_both else request.actor.party_id
    secret = actions.offer(
        request.actor, email=values["email"], name=values["name"], role=values["role"], party_id=party
    )
    emails.send_invitation(request.actor.tenant, values["email"], secret)


@screen(Action.WITHDRAW_INVITATION)
def withdraw(request: ActorRequest, district: str, invitation: UUID) -> HttpResponse:
    """Withdraw an invitation of the own party."""
    if request.method == "POST":
        actions.withdraw(request.actor, invitation)
        messages.success(request, _("The invitation was withdrawn. Its link no longer works."))
    return redirect("people", district=district)


@screen(Action.END_MEMBERSHIP)
def end_role(request: ActorRequest, district: str, membership: UUID) -> HttpResponse:
    """End a role of the own party."""
    if request.method == "POST":
        try:
            actions.end_role(request.actor, membership)
            messages.success(request, _("The role has ended. The record keeps what was done in it."))
        except Refused as refusal:
            messages.error(request, str(refusal.message))
    return redirect("people", district=district)


@screen(Action.SEE_STRUCTURE)
def places(request: ActorRequest, district: str) -> HttpResponse:
    """Show what the district is made of."""
    lists, keeps = pages.structure_lists(request.actor), allowed(request.actor, Action.EDIT_STRUCTURE)
    return render(request, "partnership/places.html", {"lists": lists, "keeps": keeps})


@screen(Action.EDIT_STRUCTURE)
def place_list(request: ActorRequest, district: str, kind: str) -> HttpResponse:
    """Show one list of the district and add to it."""
    card = pages.structure_list(request.actor, kind)
    form = NamedForm(request.POST or None, parents=card.parents)
    if request.method == "POST" and form.is_valid():
        try:
            structure.add(request.actor, kind, **pages.named_values(form.cleaned_data))
        except Refused as refusal:
            form.add_error("code" if refusal.code == "code" else None, str(refusal.message))
        else:
            messages.success(request, _("Added: %(name_en)s.") % form.cleaned_data)
            return redirect("place-list", district=district, kind=kind)
    return render(request, "partnership/place_list.html", {"form": form, "card": card})


@screen(Action.EDIT_STRUCTURE)
def place(request: ActorRequest, district: str, kind: str, row: UUID) -> HttpResponse:
    """Change one entry of a list."""
    card = pages.structure_list(request.actor, kind)
    entry = pages.entry(card, row)
    form = NamedForm(request.POST or None, parents=card.parents, initial=pages.initial(entry))
    if request.method == "POST" and form.is_valid():
        try:
            structure.change(request.actor, kind, row, **pages.named_values(form.cleaned_data))
        except Refused as refusal:
            form.add_error("code" if refusal.code == "code" else None, str(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("place-list", district=district, kind=kind)
    return render(request, "partnership/place.html", {"form": form, "card": card, "entry": entry})


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
            "form": StaffFileForm(), "waiting": queries.undecided_import(request.actor.tenant),
        },
    )  # fmt: skip


@screen(Action.READ_STAFF_FILE)
def staff_file(request: ActorRequest, district: str) -> HttpResponse:
    """Read a staff file and go to what it would change; a file that cannot be read is answered in words."""
    form = StaffFileForm(request.POST or None, request.FILES or None, headers=request.POST.getlist("header"))
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            waiting = staff.read_list(request.actor, file.name, file.read(), form.mapping)
        except Refused as refusal:
            form.add_error("file", str(refusal.message))
        else:
            return redirect("staff-import", district=district, waiting=waiting.pk)
    return render(request, "partnership/staff_file.html", {"form": form})


@screen(Action.READ_STAFF_FILE)
def staff_import(request: ActorRequest, district: str, waiting: UUID) -> HttpResponse:
    """Look before it counts: what the list would change, and every fault."""
    try:
        card = pages.staff_import(request.actor, waiting)
    except Refused as refusal:
        messages.error(request, str(refusal.message))
        return redirect("staff", district=district)
    again = StaffFileForm(headers=card.headers, initial=card.mapping)
    return render(request, "partnership/staff_import.html", {"card": card, "again": again})


@screen(Action.IMPORT_STAFF)
def staff_carry_out(request: ActorRequest, district: str, waiting: UUID) -> HttpResponse:
    """Bring the list in."""
    if request.method == "POST":
        preview = staff.carry_out(request.actor, waiting)
        number = len(preview.new)
        messages.success(
            request,
            ngettext(
                "The list is in: %(number)d person is new.", "The list is in: %(number)d people are new.", number
            )
            % {"number": number},
        )
    return redirect("staff", district=district)


@screen(Action.READ_STAFF_FILE)
def staff_leave(request: ActorRequest, district: str, waiting: UUID) -> HttpResponse:
    """Leave the list as it is."""
    if request.method == "POST":
        staff.leave(request.actor, waiting)
        messages.success(request, _("The staff list stays as it was. What was read is forgotten."))
    return redirect("staff", district=district)


@screen(Action.READ_STAFF_FILE)
def staff_faults(request: ActorRequest, district: str, waiting: UUID) -> HttpResponse:
    """Give the faults as a file to repair from."""
    response = HttpResponse(pages.faults_csv(request.actor, waiting), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="faults.csv"'
    return response
