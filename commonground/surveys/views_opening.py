"""The opening: closing, each party's layer in turn, the meeting with all shares, what anyone can check, the end."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from commonground.access.decide import ActorRequest, screen
from commonground.access.table import Action
from commonground.kernel.errors import Refused
from commonground.releases.models import Release
from commonground.sealing.errors import SealingError
from commonground.sealing.formats import read_chunk
from commonground.sealing.proof import Standing
from commonground.surveys import addresses, certification, ending, opening, opening_cards, reopening, tally
from commonground.surveys.models import Survey
from commonground.surveys.opening_cards import OpeningCard, Stage
from commonground.surveys.opening_forms import ProofForm, SharesForm, SheetsForm, StopForm
from commonground.surveys.pages import attempt, tabs

TASKS: dict[str, Callable[..., bytes]] = {"peel": tally.peel_task, "share": tally.share_task}


@screen(Action.SEE_SURVEYS)
@require_GET
@never_cache
def page(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Show how far the opening is, whose turn it is, and what the reader can do."""
    if request.headers.get("HX-Request"):
        return _waiting_page(request, district, survey_id)
    return _page(request, district, survey_id)


def _waiting_page(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Show how far a count that waits is, to a page that asks by itself; the whole page once it waits no more."""
    if certification.waits(Survey.rows.one(request.actor.tenant, survey_id)):
        return _page(request, district, survey_id)
    return HttpResponseClientRefresh()


def _page(
    request: ActorRequest,
    district: str,
    survey_id: UUID,
    shares: SharesForm | None = None,
    stopping: StopForm | None = None,
    proof: ProofForm | None = None,
    sheets: SheetsForm | None = None,
) -> HttpResponse:
    survey = Survey.rows.one(request.actor.tenant, survey_id)
    if not survey.paper:
        return redirect("survey", district=district, survey_id=survey_id)
    card = opening_cards.card(request.actor, survey_id)
    context = {
        "card": card,
        "names": ", ".join(layer.name for layer in card.layers),
        "keys_page": reverse("keys-page"),
        "shares": shares or _shares_form(survey, card),
        "stop_form": stopping or StopForm(),
        "proof_form": proof or ProofForm(),
        "sheets_form": sheets or (SheetsForm(ending.witnesses(request.actor)) if card.our_sheets_wait else None),
        "look_up": addresses.link(survey, request.LANGUAGE_CODE) + "list/",
        "release_url": _release_url(district, card),
        **tabs(district, card.survey, "survey-opening"),
    }
    status = 422 if shares or stopping or proof or sheets else 200
    return render(request, "surveys/opening.html", context, status=status)


def _shares_form(survey: Survey, card: OpeningCard, request: ActorRequest | None = None) -> SharesForm:
    given: tuple[Any, ...] = (request.POST, request.FILES) if request else ()
    return SharesForm(survey.public_id, opening_cards.share_parties(card.layers), *given)


def _release_url(district: str, card: OpeningCard) -> str:
    return reverse("release", args=[district, card.release_id]) if card.release_id else ""


def _then(
    request: ActorRequest, district: str, survey_id: UUID, act: Callable[[], object], done: str
) -> HttpResponse:
    if refusal := attempt(act):
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, done)
    return redirect("survey-opening", district=district, survey_id=survey_id)


@screen(Action.CLOSE_SURVEY)
@require_POST
def close(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Close a survey whose time is over."""
    act = partial(tally.close, request.actor, survey_id)
    return _then(request, district, survey_id, act, _("The survey is closed, and its list is fixed."))


# Each party's layer


@screen(Action.OPEN_SEAL)
@require_GET
@never_cache
def task(request: ActorRequest, district: str, survey_id: UUID, name: str) -> HttpResponse:
    """Hand out the file for the keepers' page: a layer to take off, or a share to open."""
    if name not in TASKS:
        raise Http404
    made: list[bytes] = []
    if refusal := attempt(lambda: made.append(TASKS[name](request.actor, survey_id))):
        return HttpResponse(str(refusal.message), status=409, content_type="text/plain; charset=utf-8")
    return _file(made[0], f"common-ground-{name}-{survey_id.hex[:8]}.cg")


def _file(data: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        data,
        content_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


@screen(Action.OPEN_SEAL)
@require_POST
def result(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Take an opened layer: an uploaded file, or one of the pieces that the page sends."""
    if request.content_type == "application/octet-stream":
        return _piece(request, survey_id)
    file = request.FILES.get("file")
    aside: list[int] = []

    def take_in() -> None:
        if file is None or not file.size:
            raise Refused(_("Please choose the file that the keepers’ page saved. Nothing was changed."))
        aside.append(tally.receive_peel(request.actor, survey_id, bytes(file.read())))

    if refusal := attempt(take_in):
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _layer_is_off(aside[0]))
    return redirect("survey-opening", district=district, survey_id=survey_id)


def _layer_is_off(aside: int) -> str:
    if not aside:
        return _("Our layer is off. Every item opened.")
    return ngettext(
        "Our layer is off. %(n)s item did not open and stays aside.",
        "Our layer is off. %(n)s items did not open and stay aside.",
        aside,
    ) % {"n": aside}


def _piece(request: ActorRequest, survey_id: UUID) -> HttpResponse:
    """Take a piece in. What is to be said is said once, with the last piece, on the page that is shown then."""
    try:
        piece = read_chunk(request.body)
        is_last = piece.index == piece.of - 1
        taken = tally.receive_piece(request.actor, survey_id, request.body)
    except SealingError as error:
        return HttpResponse(str(error), status=422, content_type="text/plain; charset=utf-8")
    except Refused as refusal:
        if is_last:
            messages.error(request, str(refusal.message))
        return HttpResponse(status=204)
    if taken:
        messages.success(request, _("Our layer is off."))
    return HttpResponse(status=204)


# Standing still


@screen(Action.STOP_TALLY)
@require_POST
def stop(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Stop the opening, or lay before all parties that it goes on."""
    form = StopForm(request.POST)
    texts: list[UUID] = []
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        refusal = attempt(lambda: texts.append(tally.stop(request.actor, survey_id, reason).pk))
        if refusal is None:
            messages.success(
                request, _("The opening stands still. It goes on when every party has turned its key.")
            )
            return redirect("text", district=district, text_id=texts[0])
        form.add_error(None, str(refusal.message))
    return _page(request, district, survey_id, stopping=form)


@screen(Action.HAND_IN_PROOF)
@require_POST
def proof(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Judge the proof of an answer that somebody misses in the list; one that is missing stops the opening."""
    form = ProofForm(request.POST, request.FILES)
    found: list[Standing] = []
    if form.is_valid():
        refusal = attempt(lambda: found.append(tally.hand_in_proof(request.actor, survey_id, form.proof)))
        if refusal is None:
            (messages.error if found[0].is_absence else messages.success)(request, PROVEN[found[0]])
            return redirect("survey-opening", district=district, survey_id=survey_id)
        form.add_error(None, str(refusal.message))
    return _page(request, district, survey_id, proof=form)


PROVEN = {
    Standing.LISTED: gettext_lazy(
        "Nothing is missing: this answer, or a later one by the same pass, is in the list. Nothing was noted."
    ),
    Standing.NOWHERE: gettext_lazy("It is proven: this answer was taken in, and the list does not hold it."),
    Standing.OLDER: gettext_lazy("It is proven: an earlier answer lies in the place of this one."),
    Standing.EXCHANGED: gettext_lazy("It is proven: another answer lies in the place of this one."),
}


# The meeting


@screen(Action.COUNT_ANSWERS)
@require_POST
@never_cache
@sensitive_post_parameters()
def count(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Count with all shares at once; they stay in memory and are forgotten with the answer to this request."""
    survey = Survey.rows.one(request.actor.tenant, survey_id)
    card = opening_cards.card(request.actor, survey_id)
    if card.stage is not Stage.SHARES:
        return _then(request, district, survey_id, partial(tally.count, request.actor, survey_id, {}), "")
    form = _shares_form(survey, card, request)
    if opening.anew(survey) is not None:
        return _count_anew(request, district, survey_id, form)
    made: list[Release | None] = []
    if form.is_valid():
        refusal = attempt(lambda: made.append(tally.count(request.actor, survey_id, form.shares)))
        if refusal is None:
            if made[0]:
                messages.success(
                    request, _("The answers are counted. Every party sees the same results from now on.")
                )
            return redirect("survey-opening", district=district, survey_id=survey_id)
        form.add_error(None, str(refusal.message))
    return _page(request, district, survey_id, shares=form)


def _count_anew(request: ActorRequest, district: str, survey_id: UUID, form: SharesForm) -> HttpResponse:
    """Count anew for further tables; the page of these says what came of it."""
    made: list[Release | None] = []
    if form.is_valid():
        refusal = attempt(lambda: made.append(reopening.count(request.actor, survey_id, form.shares)))
        if refusal is None:
            if certification.waits(Survey.rows.one(request.actor.tenant, survey_id)):
                return redirect("survey-opening", district=district, survey_id=survey_id)
            if made[0]:
                messages.success(
                    request, _("The new table is counted. Every party sees the same results from now on.")
                )
            else:
                messages.warning(request, _("The gate told nothing new. Below stands why."))
            return redirect("survey-further", district=district, survey_id=survey_id)
        form.add_error(None, str(refusal.message))
    return _page(request, district, survey_id, shares=form)


# What anyone can check, and the end


@screen(Action.SEE_SURVEYS)
@require_GET
def export(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Hand out what `commonground verify-survey` reads."""
    made: list[bytes] = []
    if refusal := attempt(lambda: made.append(tally.export(request.actor, survey_id))):
        return HttpResponse(str(refusal.message), status=409, content_type="text/plain; charset=utf-8")
    return _file(made[0], f"common-ground-survey-{survey_id.hex[:8]}.cg")


@screen(Action.OPEN_SEAL)
@require_GET
@never_cache
def kit(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Hand out what `commonground recount` reads."""
    made: list[bytes] = []
    if refusal := attempt(lambda: made.append(tally.recount_kit(request.actor, survey_id))):
        return HttpResponse(str(refusal.message), status=409, content_type="text/plain; charset=utf-8")
    return _file(made[0], f"common-ground-recount-{survey_id.hex[:8]}.cg")


@screen(Action.DESTROY_ANSWERS)
@require_POST
def destroy(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Destroy what was sealed, from the day the paper names."""
    act = partial(tally.destroy, request.actor, survey_id)
    return _then(request, district, survey_id, act, _("The sealed answers are destroyed."))


@screen(Action.CONFIRM_SHREDDING)
@require_POST
def sheets(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Take the own party's word that its opening sheets were shredded before somebody of the other side."""
    form = SheetsForm(ending.witnesses(request.actor), request.POST)
    if form.is_valid():
        act = partial(ending.confirm_sheets, request.actor, survey_id, form.cleaned_data["witness"])
        return _then(request, district, survey_id, act, _("It stands in the record and on the public page."))
    return _page(request, district, survey_id, sheets=form)
