"""The screens on which the parties talk about one question: fine or not, comments, its bargaining screen."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from commonground.access.decide import ActorRequest, allowed, screen
from commonground.access.table import Action
from commonground.surveys import draft_cards, queries, stands
from commonground.surveys.forms import RemarkForm
from commonground.surveys.models import SurveyState
from commonground.surveys.pages import attempt, judging, tabs


@screen(Action.SEE_SURVEYS)
@require_GET
def page(request: ActorRequest, district: str, question_id: UUID) -> HttpResponse:
    """Show what the parties say of a question, and take what the reader's party says."""
    return _page(request, district, question_id, RemarkForm())


def _page(request: ActorRequest, district: str, question_id: UUID, form: RemarkForm) -> HttpResponse:
    survey, question = draft_cards.talk(request.actor, question_id)
    if survey.state not in (SurveyState.DRAFTING, SurveyState.WAITING):
        return redirect("survey", district=district, survey_id=survey.id)
    context = {
        "survey": survey,
        "question": question,
        "form": form,
        "screens": queries.SCREEN_WORDS,
        "may_remark": allowed(request.actor, Action.DRAFT_SURVEY),
        "may_screen": allowed(request.actor, Action.SCREEN_QUESTION),
        **judging(request.actor),
        **tabs(district, survey, ""),
    }
    return render(request, "surveys/talk.html", context, status=422 if form.errors else 200)


@screen(Action.JUDGE_QUESTION)
@require_POST
def say(request: ActorRequest, district: str, question_id: UUID) -> HttpResponse:
    """Say for the reader's party that the question is fine or should change, and return to the draft."""
    said, mark = request.POST.get("says", ""), request.POST.get("mark", "")
    _do(request, lambda: stands.say(request.actor, question_id, said, mark=mark))
    survey, _initial = queries.question(request.actor, question_id)
    return redirect(f"{reverse('survey', args=[district, survey.id])}#question-{question_id}")


@screen(Action.DRAFT_SURVEY)
@require_POST
def remark(request: ActorRequest, district: str, question_id: UUID) -> HttpResponse:
    """Comment on the question; what was typed stays where it cannot be saved."""
    form = RemarkForm(request.POST)
    if form.is_valid():
        refusal = attempt(lambda: stands.remark(request.actor, question_id, form.cleaned_data["text"]))
        if refusal is None:
            return redirect("survey-talk", district=district, question_id=question_id)
        form.add_error("text", str(refusal.message))
    return _page(request, district, question_id, form)


@screen(Action.SCREEN_QUESTION)
@require_POST
def screened(request: ActorRequest, district: str, question_id: UUID) -> HttpResponse:
    """Raise the bargaining screen, or wish for a lower one."""
    level = request.POST.get("screen", "")
    _do(request, lambda: stands.screen(request.actor, question_id, level))
    return redirect("survey-talk", district=district, question_id=question_id)


def _do(request: ActorRequest, act: Callable[[], object]) -> None:
    if refusal := attempt(act):
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Saved."))
