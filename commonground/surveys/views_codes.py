"""Letters and codes of a launched survey; and corrections beside the paper."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from commonground.access.decide import ActorRequest, allowed, screen
from commonground.access.table import Action
from commonground.approvals.models import FrozenText
from commonground.surveys import campaign, campaign_cards, codes, letters, queries
from commonground.surveys.forms import ErratumForm, PrintForm
from commonground.surveys.models import SurveyState
from commonground.surveys.pages import attempt, tabs


@screen(Action.SEE_SURVEYS)
@require_GET
def page(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Show how many letters and codes are out, and offer more."""
    return _page(request, district, survey_id)


def _page(
    request: ActorRequest,
    district: str,
    survey_id: UUID,
    printing: PrintForm | None = None,
) -> HttpResponse:
    card = campaign_cards.campaign(request.actor, survey_id)
    context = {
        "card": card,
        "print_form": printing or PrintForm(),
        "may_issue": allowed(request.actor, Action.ISSUE_CODES) and card.survey.state == SurveyState.LAUNCHED,
        **tabs(district, card.survey, "survey-codes"),
    }
    return render(request, "surveys/codes.html", context, status=422 if printing and printing.errors else 200)


@screen(Action.ISSUE_CODES)
@require_POST
def printed(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Return a PDF of fresh codes; it is kept nowhere."""
    form = PrintForm(request.POST)
    if form.is_valid():
        made: list[bytes] = []
        refusal = attempt(lambda: made.append(codes.print_codes(request.actor, survey_id, **form.cleaned_data)[1]))
        if refusal is None:
            return HttpResponse(
                made[0],
                content_type="application/pdf",
                headers={"Content-Disposition": 'attachment; filename="codes.pdf"', "Cache-Control": "no-store"},
            )
        form.add_error(None, str(refusal.message))
    return _page(request, district, survey_id, printing=form)


@screen(Action.ISSUE_CODES)
@require_POST
def mailed(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Have the invitation mailed to everyone who waits for it."""
    refusal = attempt(lambda: letters.order(request.actor, survey_id))
    if refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("The letters are on their way."))
    return redirect("survey-codes", district=district, survey_id=survey_id)


@screen(Action.SEE_SURVEYS)
@require_GET
def kiosk(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Show how a shared tablet is set up that takes printed codes."""
    card = campaign_cards.kiosk(request.actor, survey_id)
    return render(request, "surveys/kiosk.html", {"card": card, **tabs(district, card.survey, "survey-codes")})


@screen(Action.PROPOSE_ERRATUM)
def erratum(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Propose a correction beside the frozen paper."""
    survey = queries.survey(request.actor, survey_id)
    form = ErratumForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        frozen: list[FrozenText] = []
        act = partial(campaign.propose_erratum, request.actor, survey_id, **form.cleaned_data)
        refusal = attempt(lambda: frozen.append(act()))
        if refusal is None:
            messages.success(request, _("The correction waits for the keys of all parties."))
            return redirect("text", district=district, text_id=frozen[0].pk)
        form.add_error(None, str(refusal.message))
    context = {
        "form": form,
        "survey": survey,
        "heading": _("A correction beside the paper"),
        "note": _("The paper stays as every party signed it. Everyone who answers sees the correction beside it."),
        **tabs(district, survey, ""),
    }
    return render(request, "surveys/edit.html", context, status=422 if form.is_bound and form.errors else 200)
