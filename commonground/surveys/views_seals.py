"""The seals page: who seals, who keeps the sheets, files for the keepers' page and what it hands back."""

import base64
import hashlib
import re
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from commonground.access.decide import ActorRequest, screen
from commonground.access.table import Action
from commonground.kernel.errors import Refused
from commonground.kernel.screens import open_screen
from commonground.partnership import queries as partnership
from commonground.sealing.errors import SealingError
from commonground.sealing.formats import join_chunks, read_chunk
from commonground.surveys import reviewers, seal_cards, seals
from commonground.surveys.forms import AlertForm
from commonground.surveys.pages import attempt, tabs

KEYS_PAGE = Path(__file__).parent / "keys" / "keys.html"
LARGEST_FILE = 64 * 1024
"""More bytes than the file with a key or a trial ever has."""
TASKS: dict[str, Callable[..., bytes]] = {"make-key": seals.key_task, "trial": seals.trial_task}


@screen(Action.SEE_SURVEYS)
@require_GET
def page(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Show each party's seal: keepers, key, trial, and what the reader can do next."""
    card = seal_cards.seals(request.actor, survey_id)
    return render(request, "surveys/seals.html", {"card": card, **tabs(district, card.survey, "survey-seals")})


def _then(
    request: HttpRequest, district: str, survey_id: UUID, act: Callable[[], object], done: str
) -> HttpResponse:
    if refusal := attempt(act):
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, done)
    return redirect("survey-seals", district=district, survey_id=survey_id)


@screen(Action.PREPARE_SEALS)
@require_POST
def parties(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Name the parties that seal; they do so in the partnership's own order, labor first."""
    named = set(request.POST.getlist("party"))
    chosen = [party.id for party in partnership.parties(request.actor.tenant) if str(party.id) in named]
    act = partial(seals.set_sealing_parties, request.actor, survey_id, chosen)
    return _then(request, district, survey_id, act, _("The sealing parties are named."))


@screen(Action.PREPARE_SEALS)
@require_POST
def keepers(request: ActorRequest, district: str, survey_id: UUID, party_id: UUID) -> HttpResponse:
    """Name the keepers of a party."""
    named = _ids(request.POST.getlist("person"))
    act = partial(seals.name_keepers, request.actor, survey_id, party_id, named)
    return _then(request, district, survey_id, act, _("The keepers are named."))


def _ids(texts: list[str]) -> list[UUID]:
    try:
        return [UUID(text) for text in texts]
    except ValueError:
        raise Http404 from None


@screen(Action.PREPARE_SEALS)
@require_POST
def counting_key(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Make the counting key, sealed to every party."""
    act = partial(seals.make_counting_key, request.actor, survey_id)
    return _then(request, district, survey_id, act, _("The counting key is made. Each party now tries its seal."))


# The reviewers of comments


@screen(Action.NAME_REVIEWER)
@require_POST
def reviewer(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Name who reads the comments for a side, or say whom the reviewers tell."""
    if "alert_en" in request.POST:
        form = AlertForm(request.POST)
        say = partial(reviewers.say_whom_to_tell, request.actor, survey_id, **form.both)
        return _then(request, district, survey_id, say, _("It is said whom the reviewers tell."))
    (person,) = _ids(request.POST.getlist("person")[:1]) or (None,)
    if person is None:
        raise Http404
    act = partial(reviewers.name, request.actor, survey_id, person)
    return _then(request, district, survey_id, act, _("The reviewer is named. The reading key comes next."))


@screen(Action.MAKE_READING_KEY)
@require_GET
def reading_task(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Hand out the file with which a reviewer makes the own key in the keepers' page."""
    return _hand_out(partial(reviewers.key_task, request.actor, survey_id), f"reading-key-{survey_id.hex[:8]}")


@screen(Action.MAKE_READING_KEY)
@require_POST
def reading_key(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Take a reviewer's key: an uploaded file, or the same bytes as a numbered piece."""
    if request.content_type == "application/octet-stream":
        return _piece(request, partial(reviewers.receive_key, request.actor, survey_id))
    act = lambda: reviewers.receive_key(request.actor, survey_id, _uploaded(request))  # noqa: E731
    return _then(request, district, survey_id, act, _("The file is in."))


@screen(Action.MAKE_SEAL)
@require_GET
def task(request: ActorRequest, district: str, survey_id: UUID, name: str) -> HttpResponse:
    """Hand out the file for the keepers' page."""
    if name not in TASKS:
        raise Http404
    return _hand_out(partial(TASKS[name], request.actor, survey_id), f"{name}-{survey_id.hex[:8]}")


def _hand_out(make: Callable[[], bytes], name: str) -> HttpResponse:
    made: list[bytes] = []
    if refusal := attempt(lambda: made.append(make())):
        return HttpResponse(str(refusal.message), status=409, content_type="text/plain; charset=utf-8")
    return HttpResponse(
        made[0],
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": f'attachment; filename="common-ground-{name}.cg"',
            "Cache-Control": "no-store",
        },
    )


@screen(Action.MAKE_SEAL)
@require_POST
def result(request: ActorRequest, district: str, survey_id: UUID) -> HttpResponse:
    """Take what the keepers' page made: an uploaded file, or the same bytes as a numbered piece."""
    if request.content_type == "application/octet-stream":
        return _piece(request, partial(seals.receive, request.actor, survey_id))
    return _then(
        request,
        district,
        survey_id,
        lambda: seals.receive(request.actor, survey_id, _uploaded(request)),
        _("The file is in."),
    )


def _uploaded(request: HttpRequest) -> bytes:
    file = request.FILES.get("file")
    if file is None or not file.size or file.size > LARGEST_FILE:
        raise Refused(_("Please choose the file that the keepers' page saved. Nothing was changed."))
    return bytes(file.read())


def _piece(request: ActorRequest, take: Callable[[bytes], object]) -> HttpResponse:
    try:
        data = join_chunks([read_chunk(request.body)])
    except SealingError as error:
        return HttpResponse(str(error), status=422, content_type="text/plain; charset=utf-8")
    if refusal := attempt(lambda: take(data)):
        messages.error(request, str(refusal.message))
    return HttpResponse(status=204)


# The keepers' page


@cache
def _keys_page() -> tuple[bytes, str]:
    data = KEYS_PAGE.read_bytes()
    return data, policy_of(data.decode())


def policy_of(page: str) -> str:
    """Return the policy under which a page of one file is served: its own script and style alone."""
    script, style = (_digest(page, tag) for tag in ("script", "style"))
    return (
        f"default-src 'none'; script-src {script}; style-src {style}; worker-src blob:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _digest(text: str, tag: str) -> str:
    found = re.search(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
    assert found is not None
    return "'sha256-" + base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode() + "'"


@open_screen(reason="A fixed file without data, which a keeper may as well keep on her own disk and compare.")
@require_GET
def keys_page(request: HttpRequest) -> HttpResponse:
    """Serve the keepers' page byte for byte, under a policy that allows its own script and style alone."""
    data, policy = _keys_page()
    return HttpResponse(data, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": policy})
