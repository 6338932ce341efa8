"""The hand-over of printed codes: the piles of a survey, and the page that both witnesses run one with.

What is typed to find a person travels in the body of a request alone, so that no address and no log holds a name.
"""

import secrets
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from commonground.access.decide import ActorRequest, allowed, screen
from commonground.access.table import Action
from commonground.surveys import handover, handover_cards
from commonground.surveys.handover_cards import Found, PileCard
from commonground.surveys.handover_forms import CancelForm, CloseForm, DrawForm, DrawnForm, FindForm, OpenForm
from commonground.surveys.models import Handover
from commonground.surveys.pages import attempt, tabs
from commonground.surveys.queries import SurveyLine


@screen(Action.SEE_SURVEYS)
@never_cache
def page(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Show the hand-overs of a survey and what became of all codes printed; open another one."""
    form, opened = OpenForm(request.POST if request.method == "POST" else None), list[Handover]()
    if form.is_valid():
        act = partial(handover.open_pile, request.actor, survey_id, **form.cleaned_data)
        if not (refusal := attempt(lambda: opened.append(act()))):
            return redirect("survey-pile", district=district, pile_id=opened[0].pk)
        form.add_error(None, str(refusal.message))
    card = handover_cards.handovers(request.actor, survey_id)
    may_witness = allowed(request.actor, Action.WITNESS_PILE)
    context = {
        "card": card,
        "form": form,
        "may_witness": may_witness,
        **tabs(district, card.survey, "survey-handovers"),
    }
    return render(request, "surveys/handovers.html", context, status=422 if form.errors else 200)


@screen(Action.WITNESS_PILE)
@require_GET
@never_cache
def pile(request: ActorRequest, district: str, pile_id: UUID) -> HttpResponse:
    """Show who watches a pile and how many were drawn, and ask who wants to draw."""
    return _pile(request, district, pile_id, FindForm())


def _pile(
    request: ActorRequest, district: str, pile_id: UUID, form: FindForm, found: Found | None = None
) -> HttpResponse:
    survey, card = handover_cards.pile(request.actor, pile_id)
    drawing = DrawForm(found, initial={"turn": secrets.token_hex(16)}) if found and found.people else None
    context = {"form": form, "draw_form": drawing, "found": found}
    return _show(request, district, "pile", survey, card, context, refused=bool(form.errors))


def _show(
    request: ActorRequest,
    district: str,
    name: str,
    survey: SurveyLine,
    card: PileCard,
    context: dict[str, Any],
    refused: bool = False,
) -> HttpResponse:
    everything = {"card": card, "survey": survey, **context, **tabs(district, survey, "survey-handovers")}
    return render(request, f"surveys/{name}.html", everything, status=422 if refused else 200)


@screen(Action.WITNESS_PILE)
@require_POST
def here(request: ActorRequest, district: str, pile_id: UUID) -> HttpResponse:
    """Watch for the own side, be here still, or step away; a page that stays open says so by itself."""
    acts = {
        "join": partial(handover.join, request.actor, pile_id),
        "away": partial(handover.stay, request.actor, pile_id, there=False),
    }
    refusal = attempt(acts.get(request.POST.get("what", ""), partial(handover.stay, request.actor, pile_id)))
    if request.headers.get("HX-Request"):
        both = handover_cards.pile(request.actor, pile_id)[1].both
        changed = refusal or both != (request.POST.get("both") == "yes")
        return HttpResponseClientRefresh() if changed else HttpResponse(status=204)
    if refusal:
        messages.error(request, str(refusal.message))
    return redirect("survey-pile", district=district, pile_id=pile_id)


@screen(Action.WITNESS_PILE)
@never_cache
@sensitive_post_parameters()
def draw(request: ActorRequest, district: str, pile_id: UUID) -> HttpResponse:
    """Find who wants to draw, mark whoever does, then say "draw", the same for everybody."""
    if request.method != "POST":
        survey, card = handover_cards.pile(request.actor, pile_id)
        return _show(request, district, "pile_draw", survey, card, {})
    chosen = DrawnForm(request.POST)
    if not chosen.is_valid():
        return _find(request, district, pile_id)
    asked, turn = chosen.values()
    if refusal := attempt(lambda: handover.draw(request.actor, pile_id, asked, turn=turn)):
        messages.error(request, str(refusal.message))
        return redirect("survey-pile", district=district, pile_id=pile_id)
    return redirect("survey-pile-draw", district=district, pile_id=pile_id)


def _find(request: ActorRequest, district: str, pile_id: UUID) -> HttpResponse:
    form, found = FindForm(request.POST), list[Found]()
    if form.is_valid():
        refusal = attempt(
            lambda: found.append(handover_cards.find(request.actor, pile_id, form.cleaned_data["name"]))
        )
        if refusal:
            messages.error(request, str(refusal.message))
            return redirect("survey-pile", district=district, pile_id=pile_id)
    return _pile(request, district, pile_id, form, found[0] if found else None)


@screen(Action.WITNESS_PILE)
@require_POST
@never_cache
@sensitive_post_parameters()
def cancel(request: ActorRequest, district: str, pile_id: UUID) -> HttpResponse:
    """Cancel codes opened before both witnesses; those that were left as they are stay in the field."""
    form, done = CancelForm(request.POST), list[tuple[int, list[str]]]()
    if form.is_valid():
        given = form.cleaned_data
        act = partial(handover.cancel, request.actor, pile_id, given["codes"], came_back=given["came_back"])
        if refusal := attempt(lambda: done.append(act())):
            form.add_error(None, str(refusal.message))
    if not done:
        return _closing(request, district, pile_id, cancelling=form)
    count, left = done[0]
    words = ngettext("%(n)s code is cancelled.", "%(n)s codes are cancelled.", count) % {"n": count}
    messages.success(request, words)
    if left:
        form = CancelForm(initial={"codes": "\n".join(left)})
        return _closing(request, district, pile_id, cancelling=form, left=left)
    return redirect("survey-pile-close", district=district, pile_id=pile_id)


@screen(Action.WITNESS_PILE)
@never_cache
def close(request: ActorRequest, district: str, pile_id: UUID) -> HttpResponse:
    """Cancel what is spoiled or left, count what stays sealed, and close with counts that add up."""
    form = CloseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        act = partial(handover.close_pile, request.actor, pile_id, left=form.cleaned_data["left"])
        if not (refusal := attempt(act)):
            messages.success(request, _("This hand-over is closed."))
            return redirect("survey-pile", district=district, pile_id=pile_id)
        form.add_error(None, str(refusal.message))
    return _closing(request, district, pile_id, closing=form)


def _closing(
    request: ActorRequest,
    district: str,
    pile_id: UUID,
    cancelling: CancelForm | None = None,
    closing: CloseForm | None = None,
    left: list[str] | None = None,
) -> HttpResponse:
    survey, card = handover_cards.pile(request.actor, pile_id)
    if not card.is_open:
        return redirect("survey-pile", district=district, pile_id=pile_id)
    forms = {"cancel_form": cancelling or CancelForm(), "close_form": closing or CloseForm(), "left": left or []}
    refused = any(form is not None and form.errors for form in (cancelling, closing))
    return _show(request, district, "pile_close", survey, card, forms, refused=refused)
