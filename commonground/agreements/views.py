"""The screens of the charter: the one in force, and the draft that both parties write in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commonground.access.decide import ActorRequest, allowed, screen
from commonground.access.table import Action
from commonground.agreements import actions, queries
from commonground.agreements.forms import CharterForms
from commonground.agreements.pages import subnav
from commonground.agreements.queries import DraftCard
from commonground.agreements.rules import gaps
from commonground.agreements.wording import PROTECTIONS
from commonground.kernel.errors import Refused


@screen(Action.SEE_CHARTER)
@require_GET
def charter(request: ActorRequest, district: str) -> HttpResponse:
    """Show the charter in force; the committee also sees what waits for keys and the draft."""
    actor = request.actor
    in_force = queries.charter_in_force(actor)
    on_committee = allowed(actor, Action.SEE_TEXTS)
    draft = queries.draft(actor) if on_committee else None
    context = {
        "in_force": in_force,
        "sections": queries.wording(actor.tenant, in_force.body) if in_force else [],
        "waiting": queries.waiting_charter(actor) if on_committee else None,
        "draft": draft,
        "draft_sections": queries.sections(actor.tenant, draft.contents) if draft else [],
        "on_committee": on_committee,
        "writes": allowed(actor, Action.DRAFT_CHARTER),
        **subnav(actor, district, "charter"),
    }
    return render(request, "agreements/charter.html", context)


@screen(Action.DRAFT_CHARTER)
@require_POST
def start(request: ActorRequest, district: str) -> HttpResponse:
    """Begin a draft, or go to the one there is."""
    actions.start_charter(request.actor)
    return redirect("charter-draft", district=district)


@screen(Action.DRAFT_CHARTER)
@require_http_methods(["GET", "POST"])
def draft(request: ActorRequest, district: str) -> HttpResponse:
    """Show the draft as a form; save it, and lay it before the parties if asked."""
    card = queries.draft(request.actor)
    if card is None:
        return redirect("charter", district=district)
    candidates = queries.candidates(request.actor)
    if request.method == "GET":
        forms = CharterForms(candidates, contents=card.contents, revision=card.revision)
        return _form(request, card, forms)
    forms = CharterForms(candidates, typed=request.POST)
    if not forms.is_valid():
        return _form(request, card, forms, 422)
    return _save(request, district, card, forms)


def _save(request: ActorRequest, district: str, card: DraftCard, forms: CharterForms) -> HttpResponse:
    given = forms.main.cleaned_data
    try:
        saved = actions.save_charter(request.actor, card.id, given["revision"], forms.contents())
    except Refused as refusal:
        forms.main.add_error(None, str(refusal.message))
        return _form(request, card, forms, 409)
    if "freeze" not in request.POST:
        messages.success(request, _("The draft is saved."))
        return redirect("charter-draft", district=district)
    try:
        text = actions.lay_before_parties(request.actor, card.id, saved.revision, given["needed_by"])
    except Refused as refusal:
        messages.error(request, _("The draft is saved, but not frozen yet.") + f" {refusal.message}")
        return redirect("charter-draft", district=district)
    messages.success(request, _("The charter is frozen. It waits for the key of every party."))
    return redirect("text", district=district, text_id=text.pk)


def _form(request: ActorRequest, card: DraftCard, forms: CharterForms, status: int = 200) -> HttpResponse:
    missing = gaps(card.contents, queries.may_hold_keys(request.actor))
    context = {
        "forms": forms,
        "protections": PROTECTIONS,
        "missing": [actions.GAPS[gap] for gap in missing],
        "waiting": queries.waiting_charter(request.actor),
    }
    return render(request, "agreements/draft.html", context, status=status)
