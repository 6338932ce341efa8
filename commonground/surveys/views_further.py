"""Another table after the count: what may be asked, trying it, asking every party, and ending it."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from commonground.access.decide import ActorRequest, screen
from commonground.access.table import Action
from commonground.approvals.models import FrozenText
from commonground.surveys import further_cards, reopening
from commonground.surveys.further_forms import EndForm, FurtherForm
from commonground.surveys.models import Survey
from commonground.surveys.pages import attempt, tabs

TOKEN = "csrfmiddlewaretoken"


@screen(Action.SEE_SURVEYS)
@never_cache
def page(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Show what may be asked beyond the paper's tables, and what the chosen ones would show.

    The address of what is tried can be passed on: the token of the form that led here is taken out of it.
    """
    tried = request.GET.copy()
    if tried.pop(TOKEN, None):
        return redirect(f"{request.path}?{tried.urlencode()}#tried")
    return _page(request, district, survey_id)


def _page(
    request: ActorRequest,
    district: str,
    survey_id: UUID,
    asking: FurtherForm | None = None,
    ending: EndForm | None = None,
) -> HttpResponse:
    if not Survey.rows.one(request.actor.tenant, survey_id).paper:
        return redirect("survey", district=district, survey_id=survey_id)
    chosen = (request.POST if asking else request.GET).getlist("tables")
    card = further_cards.card(request.actor, survey_id, chosen)
    form = asking or FurtherForm(card.open_offers, initial={"tables": chosen, "reason": request.GET.get("reason")})
    chose_none = "see" in request.GET and not card.tried
    context = {
        "card": card,
        "form": form,
        "ending": ending or EndForm(),
        "chose_none": chose_none,
        **tabs(district, card.survey, "survey-further"),
    }
    return render(request, "surveys/further.html", context, status=422 if asking or ending else 200)


@screen(Action.ASK_FURTHER_TABLES)
@require_POST
def ask(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Freeze a request for further tables, and go to the page of its keys."""
    card = further_cards.card(request.actor, survey_id)
    form = FurtherForm(card.open_offers, request.POST)
    made: list[FrozenText] = []
    if form.is_valid():
        act = partial(reopening.ask, request.actor, survey_id, form.chosen, form.cleaned_data["reason"])
        refusal = attempt(lambda: made.append(act()))
        if refusal is None:
            messages.success(request, _("The request waits for the key of every party."))
            return redirect("text", district=district, text_id=made[0].pk)
        form.add_error(None, str(refusal.message))
    return _page(request, district, survey_id, form)


@screen(Action.ASK_FURTHER_TABLES)
@require_POST
def stop(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """End opening the answers anew, for whoever says once more that it is to end."""
    form = EndForm(request.POST)
    if not form.is_valid():
        return _page(request, district, survey_id, ending=form)
    if refusal := attempt(partial(reopening.stop, request.actor, survey_id)):
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("It has ended. What was opened of the seals is erased."))
    return redirect("survey-further", district=district, survey_id=survey_id)
