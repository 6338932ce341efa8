"""The screens of agreements beside the charter: the list, one agreement, its draft, and the pauses."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commonground.access.decide import ActorRequest, allowed, screen
from commonground.access.table import Action
from commonground.agreements import cards, queries, sayings, writing
from commonground.agreements.agreement_forms import AgreementForm, initial
from commonground.agreements.cards import DraftAgreement
from commonground.agreements.rules import cautions_of
from commonground.agreements.terms import LASTING, AgreementKind
from commonground.kernel.errors import Refused
from commonground.partnership.queries import parties


@screen(Action.SEE_AGREEMENTS)
@require_GET
def agreements(request: ActorRequest, district: str) -> HttpResponse:
    """List the charter first, then every agreement beside it with where it stands."""
    actor = request.actor
    on_committee = allowed(actor, Action.SEE_TEXTS)
    context = {
        "charter": queries.charter_in_force(actor),
        "waiting_charter": queries.waiting_charter(actor) if on_committee else None,
        "agreements": cards.lasting(actor),
        "writes": allowed(actor, Action.DRAFT_AGREEMENT),
    }
    return render(request, "agreements/list.html", context)


@screen(Action.SEE_AGREEMENTS)
@require_GET
def pauses(request: ActorRequest, district: str) -> HttpResponse:
    """Show whether the partnership is paused, and every pause there was."""
    writes = allowed(request.actor, Action.DRAFT_AGREEMENT)
    context = {
        "pauses": cards.pauses(request.actor),
        "begins": writes and set(cards.kinds_to_begin(request.actor)) - set(LASTING),
    }
    return render(request, "agreements/pauses.html", context)


@screen(Action.DRAFT_AGREEMENT)
@require_http_methods(["GET", "POST"])
def new(request: ActorRequest, district: str) -> HttpResponse:
    """Choose what to begin, and begin it."""
    if request.method == "POST":
        try:
            draft = writing.start(request.actor, AgreementKind(request.POST.get("kind", "")))
        except (ValueError, Refused) as never_offered:
            raise Http404 from never_offered
        return redirect("agreement-draft", district=district, agreement_id=draft.pk)
    kinds = [
        (kind.value, sayings.KINDS[kind], sayings.WHAT_FOR[kind]) for kind in cards.kinds_to_begin(request.actor)
    ]
    return render(request, "agreements/new.html", {"kinds": kinds})


@screen(Action.SEE_AGREEMENTS)
@require_GET
def agreement(request: ActorRequest, district: str, agreement_id: UUID) -> HttpResponse:
    """Show one agreement: its words, its keys, what it renews and what renews it."""
    page = cards.agreement_page(request.actor, agreement_id)
    return render(request, "agreements/agreement.html", {"page": page})


@screen(Action.DRAFT_AGREEMENT)
@require_POST
def renew(request: ActorRequest, district: str, agreement_id: UUID) -> HttpResponse:
    """Begin a renewal from the words of an agreement, or go to the one there is."""
    try:
        draft = writing.renew(request.actor, agreement_id)
    except Refused as refusal:
        messages.error(request, str(refusal.message))
        return redirect("agreement", district=district, agreement_id=agreement_id)
    return redirect("agreement-draft", district=district, agreement_id=draft.pk)


@screen(Action.DRAFT_AGREEMENT)
@require_http_methods(["GET", "POST"])
def draft(request: ActorRequest, district: str, agreement_id: UUID) -> HttpResponse:
    """Show the draft as a form; save it, and lay it before the parties if asked."""
    card = cards.draft_agreement(request.actor, agreement_id)
    if request.method == "GET":
        if not card.writable:
            return redirect("agreement", district=district, agreement_id=agreement_id)
        return _form(request, district, card, _filled(request, card))
    form = AgreementForm(request.POST, kind=card.terms.kind, parties=parties(request.actor.tenant))
    if not form.is_valid():
        return _form(request, district, card, form, 422)
    return _save(request, district, card, form)


def _filled(request: ActorRequest, card: DraftAgreement) -> AgreementForm:
    first = initial(card.terms, card.revision)
    return AgreementForm(kind=card.terms.kind, parties=parties(request.actor.tenant), initial=first)


def _save(request: ActorRequest, district: str, card: DraftAgreement, form: AgreementForm) -> HttpResponse:
    given = form.cleaned_data
    try:
        saved = writing.save(request.actor, card.id, given["revision"], form.terms())
    except Refused as refusal:
        form.add_error(None, str(refusal.message))
        return _form(request, district, card, form, 409)
    if "freeze" not in request.POST:
        messages.success(request, _("The draft is saved."))
        return redirect("agreement-draft", district=district, agreement_id=card.id)
    try:
        text = writing.lay_before_parties(request.actor, card.id, saved.revision, given["needed_by"])
    except Refused as refusal:
        messages.error(request, _("The draft is saved, but not frozen yet.") + f" {refusal.message}")
        return redirect("agreement-draft", district=district, agreement_id=card.id)
    messages.success(request, _("The text is frozen. It waits for the key of every party."))
    return redirect("text", district=district, text_id=text.pk)


def _form(
    request: ActorRequest, district: str, card: DraftAgreement, form: AgreementForm, status: int = 200
) -> HttpResponse:
    context = {
        "card": card,
        "form": form,
        "missing": [sayings.GAPS[gap] for gap in writing.missing(request.actor, card.terms)],
        "cautions": sayings.cautions(cautions_of(card.terms)),
    }
    return render(request, "agreements/agreement_draft.html", context, status=status)
