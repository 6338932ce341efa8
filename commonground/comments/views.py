"""The review of comments: how far it is, the file for the reviewers' page, what comes back from it, themes."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from commonground.access.decide import ActorRequest, screen
from commonground.access.table import Action
from commonground.comments import actions, cards
from commonground.comments import reviewers_page as static
from commonground.comments.forms import ThemeForm
from commonground.kernel.errors import Refused
from commonground.kernel.screens import open_screen
from commonground.sealing.errors import SealingError
from commonground.sealing.formats import join_chunks, read_chunk
from commonground.surveys.pages import attempt, tabs

LARGEST_FILE = 1_000_000
"""More bytes than the decisions on all comments of a large district have; the page sends them in one piece."""


@screen(Action.SEE_SURVEYS)
@require_GET
@never_cache
def page(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Show how far the review is, and what is the reader's to do."""
    return _page(request, district, survey_id, ThemeForm())


def _page(request: ActorRequest, district: str, survey_id: UUID, form: ThemeForm) -> HttpResponse:
    card = cards.review(request.actor, survey_id)
    context = {"card": card, "form": form, **tabs(district, card.survey, "survey-comments")}
    return render(request, "comments/review.html", context, status=422 if form.is_bound else 200)


@screen(Action.REVIEW_COMMENTS)
@require_GET
@never_cache
def task(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Hand out the file for the reviewers' page: comments sealed to this reviewer."""
    made: list[bytes] = []
    if refusal := attempt(lambda: made.append(actions.task(request.actor, survey_id))):
        return HttpResponse(str(refusal.message), status=409, content_type="text/plain; charset=utf-8")
    name = f"common-ground-comments-{survey_id.hex[:8]}.cg"
    return HttpResponse(
        made[0],
        content_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


@screen(Action.REVIEW_COMMENTS)
@require_POST
@never_cache
@sensitive_post_parameters()
def result(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Take what the reviewers' page made: an uploaded file, or the same bytes as a numbered piece."""
    if request.content_type == "application/octet-stream":
        return _piece(request, survey_id)
    file = request.FILES.get("file")

    def take() -> None:
        if file is None or not file.size or file.size > LARGEST_FILE:
            raise Refused(_("Please choose the file that the reviewers’ page saved. Nothing was changed."))
        actions.receive(request.actor, survey_id, bytes(file.read()))

    if refusal := attempt(take):
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("The file is in."))
    return redirect("survey-comments", district=district, survey_id=survey_id)


def _piece(request: ActorRequest, survey_id: UUID) -> HttpResponse:
    try:
        data = join_chunks([read_chunk(request.body)])
    except SealingError as error:
        return HttpResponse(str(error), status=422, content_type="text/plain; charset=utf-8")
    if refusal := attempt(partial(actions.receive, request.actor, survey_id, data)):
        messages.error(request, str(refusal.message))
    return HttpResponse(status=204)


@screen(Action.ADD_THEME)
@require_POST
def theme(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Add a theme to the list."""
    form = ThemeForm(request.POST)
    if form.is_valid():
        refusal = attempt(partial(actions.add_theme, request.actor, survey_id, **form.cleaned_data))
        if refusal is None:
            messages.success(request, _("The theme is on the list. Take the task anew to see it there."))
            return redirect("survey-comments", district=district, survey_id=survey_id)
        form.add_error(None, str(refusal.message))
    return _page(request, district, survey_id, form)


@open_screen(reason="A fixed file without data, which a reviewer may as well keep on the own disk and compare.")
@require_GET
def reviewers_page(request: HttpRequest) -> HttpResponse:
    """Serve the reviewers' page byte for byte, under a policy that allows its own script and style alone."""
    data, policy = static.page()
    return HttpResponse(data, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": policy})
