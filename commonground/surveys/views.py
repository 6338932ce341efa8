"""The screens on which a survey is written together: the list, the draft, its forms, freezing, print."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from commonground.access.decide import ActorRequest, allowed, screen
from commonground.access.table import Action
from commonground.approvals.models import FrozenText
from commonground.kernel import dates
from commonground.kernel.errors import NotFound
from commonground.kernel.time import now
from commonground.surveys import (
    actions,
    addresses,
    campaign_cards,
    draft_cards,
    following,
    pages,
    queries,
    reading,
    rehearsal_cards,
    table_cards,
)
from commonground.surveys.forms import (
    EditForm,
    NewSurveyForm,
    PartForm,
    PlanForm,
    QuestionForm,
    TermsForm,
    TextsForm,
)
from commonground.surveys.models import Survey, SurveyState
from commonground.surveys.pages import attempt, tabs


@screen(Action.SEE_SURVEYS)
@require_GET
def surveys(request: ActorRequest, district: str) -> HttpResponse:
    """List every survey of the partnership."""
    may_draft = allowed(request.actor, Action.DRAFT_SURVEY)
    return render(request, "surveys/list.html", {"surveys": queries.surveys(request.actor), "may_draft": may_draft})


@screen(Action.DRAFT_SURVEY)
def new(request: ActorRequest, district: str) -> HttpResponse:
    """Begin a survey with its title."""
    form = NewSurveyForm(request.POST or None)
    if form.is_valid():
        survey = actions.create_survey(request.actor, **form.cleaned_data)
        return redirect("survey", district=district, survey_id=survey.pk)
    return render(request, "surveys/new.html", {"form": form}, status=_status(form))


@screen(Action.DRAFT_SURVEY)
def next_wave(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Begin the next wave of a counted survey, with a title of its own."""
    found = queries.survey(request.actor, survey_id)
    form = NewSurveyForm(request.POST or None, initial=queries.titles(request.actor, survey_id))
    if form.is_valid():
        made: list[Survey] = []
        refusal = attempt(lambda: made.append(following.next_wave(request.actor, survey_id, **form.cleaned_data)))
        if refusal is None:
            return redirect("survey", district=district, survey_id=made[0].pk)
        form.add_error(None, str(refusal))
    return render(request, "surveys/new.html", {"form": form, "follows": found}, status=_status(form))


@screen(Action.SEE_SURVEYS)
@require_GET
def survey(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Show the draft with what is still missing; once launched, where the survey stands."""
    found = queries.survey(request.actor, survey_id)
    if found.state not in (SurveyState.DRAFTING, SurveyState.WAITING):
        return _launched(request, district, survey_id)
    context = {
        "draft": draft_cards.draft(request.actor, survey_id),
        "may_draft": allowed(request.actor, Action.DRAFT_SURVEY),
        **pages.judging(request.actor),
        **tabs(district, found, "survey"),
    }
    return render(request, "surveys/draft.html", context)


def _launched(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    row = Survey.rows.one(request.actor.tenant, survey_id)
    card = campaign_cards.campaign(request.actor, survey_id, addresses.link(row, request.LANGUAGE_CODE))
    context = {
        "card": card,
        "facts": reading.facts_here(card.paper),
        "may_correct": allowed(request.actor, Action.PROPOSE_ERRATUM),
        "may_follow": row.counted_at is not None and allowed(request.actor, Action.DRAFT_SURVEY),
        **tabs(district, card.survey, "survey"),
    }
    return render(request, "surveys/launched.html", context)


# Forms of the draft


def _edit(
    request: ActorRequest,
    survey: queries.SurveyLine,
    form: EditForm,
    act: Callable[[dict[str, Any]], object],
    heading: str,
    template: str = "surveys/edit.html",
    **context: Any,
) -> HttpResponse:
    """Save a form of the draft and return to it; a refusal keeps what was typed."""
    district = request.resolver_match.kwargs["district"] if request.resolver_match else ""
    if request.method == "POST" and form.is_valid():
        refusal = attempt(lambda: act(form.cleaned_data))
        if refusal is None:
            messages.success(request, _("Saved."))
            return redirect(reverse("survey", args=[district, survey.id]))
        form.refuse(refusal)
    page = {"form": form, "survey": survey, "heading": heading, **tabs(district, survey, ""), **context}
    return render(request, template, page, status=_status(form))


def _status(form: forms.Form) -> int:
    return 422 if form.is_bound and form.errors else 200


def _data(request: ActorRequest) -> Any:
    return request.POST if request.method == "POST" else None


@screen(Action.DRAFT_SURVEY)
def texts(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Write title, purpose, joint message, contact and help lines."""
    form = TextsForm(_data(request), initial=queries.texts(request.actor, survey_id))
    found = queries.survey(request.actor, survey_id)
    return _edit(
        request,
        found,
        form,
        lambda clean: actions.edit_texts(request.actor, survey_id, **clean),
        _("Texts in both languages"),
        "surveys/texts.html",
    )


@screen(Action.DRAFT_SURVEY)
def terms(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Write dates and promises, in the district's zone."""
    timezone.activate(request.partnership.timezone)  # type: ignore[attr-defined]
    form = TermsForm(_data(request), initial=queries.terms(request.actor, survey_id))
    return _edit(
        request,
        queries.survey(request.actor, survey_id),
        form,
        lambda clean: actions.set_terms(request.actor, survey_id, **clean),
        _("Dates and promises"),
        note=_("Times are those of %(zone)s.") % {"zone": dates.zone_name(request.partnership.timezone)},  # type: ignore[attr-defined]
    )


@screen(Action.DRAFT_SURVEY)
def tables(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Choose which tables may be shown."""
    plan = table_cards.plan(request.actor, survey_id)
    form = PlanForm(plan, _data(request))

    def save(clean: dict[str, Any]) -> None:
        pairs = [(UUID(one), UUID(other)) for one, other in (pair.split(":") for pair in clean["pairs"])]
        margins = [UUID(name) for name in clean["margins"]]
        by_level = clean["comments"] == "level"
        actions.set_plan(
            request.actor, survey_id, margins=margins, pairs=pairs, comments_by_level=by_level, mark=clean["mark"]
        )

    found = queries.survey(request.actor, survey_id)
    return _edit(request, found, form, save, _("Tables that may be shown"), "surveys/tables.html")


@screen(Action.SEE_SURVEYS)
@require_GET
def rehearsal(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Show what the tables of the draft would show if so many percent of the people answered."""
    context = {
        "survey": queries.survey(request.actor, survey_id),
        "card": rehearsal_cards.rehearsal_card(request.actor, survey_id, request.GET.get("response", "")),
        "may_draft": allowed(request.actor, Action.DRAFT_SURVEY),
    }
    return render(request, "surveys/rehearsal.html", context)


@screen(Action.DRAFT_SURVEY)
@require_POST
def leave_out(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Take a crossed table out of the plan, and go back to what the others would show."""
    pair, mark = request.POST.get("pair", ""), request.POST.get("mark", "")

    def act() -> None:
        actions.leave_table_out(request.actor, survey_id, pair, mark=mark)

    return _rehearsed(request, district, survey_id, act, _("The table was left out."))


@screen(Action.DRAFT_SURVEY)
@require_POST
def question_groups(request: ActorRequest, district: str, question_id: UUID) -> HttpResponse:
    """Put groups of a question together, or take them apart, and go back to what the tables would show."""
    survey, _initial = queries.question(request.actor, question_id)
    together = _lists_of_codes(request.POST.get("codes", ""))

    def act() -> None:
        actions.put_together(request.actor, question_id, together, mark=request.POST.get("mark", ""))

    done = _("The groups were put together.") if together else _("The groups are those of the staff list again.")
    return _rehearsed(request, district, survey.id, act, done)


def _lists_of_codes(typed: str) -> list[list[str]]:
    try:
        found = json.loads(typed)
    except ValueError:
        found = None
    if not isinstance(found, list) or not all(isinstance(codes, list) for codes in found):
        raise NotFound
    return [[str(code) for code in codes] for codes in found]


def _rehearsed(
    request: ActorRequest, district: str, survey_id: UUID, act: Callable[[], None], done: str
) -> HttpResponse:
    refusal = attempt(act)
    messages.add_message(
        request, messages.ERROR if refusal else messages.SUCCESS, str(refusal.message) if refusal else done
    )
    here = reverse("survey-rehearsal", args=[district, survey_id])
    response = request.POST.get("response", "")
    return redirect(f"{here}?response={response}" if response.isdigit() else here)


@screen(Action.DRAFT_SURVEY)
def part_new(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Add a part."""

    def save(clean: dict[str, Any]) -> None:
        actions.add_part(request.actor, survey_id, title_en=clean["title_en"], title_es=clean["title_es"])

    return _edit(request, queries.survey(request.actor, survey_id), PartForm(_data(request)), save, _("A new part"))


@screen(Action.DRAFT_SURVEY)
def part(request: ActorRequest, district: str, part_id: UUID) -> HttpResponse:
    """Name a part anew."""
    survey, initial = queries.part(request.actor, part_id)
    form = PartForm(_data(request), initial=initial)
    return _edit(
        request, survey, form, lambda clean: actions.edit_part(request.actor, part_id, **clean), _("Name of a part")
    )


@screen(Action.DRAFT_SURVEY)
@require_POST
def part_change(request: ActorRequest, district: str, part_id: UUID) -> HttpResponse:
    """Move a part by one place, or take an empty one out."""
    survey, _initial = queries.part(request.actor, part_id)

    def act() -> None:
        if request.POST.get("do") == "delete":
            actions.delete_part(request.actor, part_id)
        else:
            actions.move_part(request.actor, part_id, _step(request))

    return _change(request, district, survey.id, act, "")


@screen(Action.DRAFT_SURVEY)
def question_new(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Propose a question."""
    found = queries.survey(request.actor, survey_id)
    parts = queries.parts(request.actor, survey_id)
    if not parts:
        messages.info(request, _("Questions stand in parts. Add a part first."))
        return redirect("survey-part-new", district=district, survey_id=survey_id)
    form = QuestionForm(parts, _data(request), initial={"part": request.GET.get("part", "")})

    def save(clean: dict[str, Any]) -> None:
        values = form.values()
        values.pop("mark")
        actions.add_question(request.actor, survey_id, **values)

    return _edit(request, found, form, save, _("Propose a question"), "surveys/question.html")


@screen(Action.DRAFT_SURVEY)
def question(request: ActorRequest, district: str, question_id: UUID) -> HttpResponse:
    """Write a question anew."""
    survey, initial = queries.question(request.actor, question_id)
    form = QuestionForm(queries.parts(request.actor, survey.id), _data(request), initial=initial)
    return _edit(
        request,
        survey,
        form,
        lambda clean: actions.edit_question(request.actor, question_id, **form.values()),
        _("Edit a question"),
        "surveys/question.html",
        question_id=question_id,
    )


@screen(Action.DRAFT_SURVEY)
@require_POST
def question_change(request: ActorRequest, district: str, question_id: UUID) -> HttpResponse:
    """Move a question by one place, or take it out."""
    survey, _initial = queries.question(request.actor, question_id)

    def act() -> None:
        if request.POST.get("do") == "delete":
            actions.delete_question(request.actor, question_id, mark=request.POST.get("mark", ""))
        else:
            actions.move_question(request.actor, question_id, _step(request))

    return _change(request, district, survey.id, act, "#questions")


def _step(request: ActorRequest) -> int:
    return -1 if request.POST.get("do") == "up" else 1


def _change(
    request: ActorRequest, district: str, survey_id: UUID, act: Callable[[], None], place: str
) -> HttpResponse:
    """Do a change that needs no form and return to the draft; a refusal is said there."""
    if refusal := attempt(act):
        messages.error(request, str(refusal.message))
    return redirect(reverse("survey", args=[district, survey_id]) + place)


# Freezing and print


@screen(Action.DRAFT_SURVEY)
@require_POST
def freeze(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Freeze the paper and go to the page of its keys; what is missing is said on the draft."""
    frozen: list[FrozenText] = []
    if refusal := attempt(lambda: frozen.append(actions.freeze(request.actor, survey_id))):
        messages.error(request, str(refusal.message))
        return redirect("survey", district=district, survey_id=survey_id)
    messages.success(request, _("The paper is frozen and waits for the keys of all parties."))
    return redirect("text", district=district, text_id=frozen[0].pk)


@screen(Action.SEE_SURVEYS)
@require_GET
def printed(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Show the whole survey for printing: the frozen paper, or the draft marked as such."""
    found, text, paper_hash = _paper(request, survey_id)
    context = {
        "survey": found,
        "sections": reading.sections(request.actor.tenant, text) if text else [],
        "draft": None if text else draft_cards.draft(request.actor, survey_id),
        "fingerprint": queries.fingerprint_of(paper_hash),
        "now": now(),
    }
    return render(request, "surveys/print.html", context)


@screen(Action.SEE_SURVEYS)
@require_GET
def pdf(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Return the frozen paper as a PDF for members."""
    _found, text, paper_hash = _paper(request, survey_id)
    if not text:
        raise NotFound
    name = f"survey-{paper_hash[:8]}.pdf"
    return HttpResponse(
        reading.pdf(json.loads(text), paper_hash),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _paper(request: ActorRequest, survey_id: UUID) -> tuple[queries.SurveyLine, str, str]:
    row = Survey.rows.one(request.actor.tenant, survey_id)
    found = queries.survey(request.actor, survey_id)
    frozen = row.state != SurveyState.DRAFTING
    return found, row.paper if frozen else "", row.paper_hash if frozen else ""
