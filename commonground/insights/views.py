"""The screens of releases: the list, one release, one question of it, its files, and the page for staff."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from commonground.access.decide import ActorRequest, allowed, screen
from commonground.access.table import Action
from commonground.approvals import queries as approvals
from commonground.approvals.models import FrozenText
from commonground.disclosure.plan import LEAST_MINIMUM
from commonground.insights import actions, pages
from commonground.insights.forms import PublishForm
from commonground.kernel import hiding
from commonground.kernel.errors import NotAllowed, NotFound, Refused
from commonground.releases import counts, exports, public, queries, quotes
from commonground.releases.reading import Reading

CERTIFICATE = "certificate.npz"


@screen(Action.SEE_RELEASE)
@require_GET
def releases(request: ActorRequest, district: str) -> HttpResponse:
    """List every release of the partnership."""
    return render(request, "insights/list.html", {"releases": pages.lines(request.actor)})


@screen(Action.SEE_RELEASE)
@require_GET
def why(request: ActorRequest, district: str) -> HttpResponse:
    """Say with pictures why some numbers are not shown."""
    return render(request, "insights/why.html", {"cases": hiding.cases(LEAST_MINIMUM)})


@screen(Action.SEE_RELEASE)
@require_GET
def release(request: ActorRequest, district: str, release_id: UUID) -> HttpResponse:
    """Show a release: who answered first, then what they said."""
    card = queries.release(request.actor, release_id)
    page, template = _page(request, card)
    context = {
        "page": page,
        "release": page.frame,
        "proposed": approvals.latest(request.actor, actions.KIND, release_id),
        "may_propose": allowed(request.actor, Action.PROPOSE_PUBLISHING),
        "may_see_texts": allowed(request.actor, Action.SEE_TEXTS),
    }
    return render(request, template, context)


def _page(request: ActorRequest, card: queries.ReleaseCard) -> tuple[pages.BlocksPage | pages.ReleasePage, str]:
    """Return the page of a release and its template, by what it tells of."""
    if quotes.is_comments(card.content):
        return pages.comments(card), "insights/comments.html"
    if counts.is_counts(card.content):
        return pages.counted(card), "insights/counts.html"
    return pages.release(card, queries.wave_before(request.actor, card.content)), "insights/release.html"


def _of_answers(card: queries.ReleaseCard) -> bool:
    """Say whether a release tells of the answers to a survey."""
    return not (quotes.is_comments(card.content) or counts.is_counts(card.content))


@screen(Action.SEE_RELEASE)
@require_GET
def question(request: ActorRequest, district: str, release_id: UUID, question_id: str) -> HttpResponse:
    """Show one question with every group."""
    card = queries.release(request.actor, release_id)
    if not _of_answers(card):
        raise NotFound
    page = pages.question(card, question_id, queries.wave_before(request.actor, card.content))
    return render(request, "insights/question.html", {"page": page, "release": page.frame})


@screen(Action.SEE_RELEASE)
@require_GET
def file(request: ActorRequest, district: str, release_id: UUID, ending: str) -> HttpResponse:
    """Give the numbers of a release as a file: the released bytes, CSV, or a workbook with its codebook.

    Its certificate too, which holds no number of a release.
    """
    card = queries.release(request.actor, release_id)
    if ending == CERTIFICATE:
        return _file(card, ending, queries.certificate(request.actor, release_id), "application/octet-stream")
    if ending not in exports.KINDS or (ending != "json" and not _of_answers(card)):
        raise NotFound
    kind = exports.KINDS[ending]
    before = queries.wave_before(request.actor, card.content)
    return _file(card, ending, kind.make(card.data, before.data if before else None), kind.content_type)


def _file(card: queries.ReleaseCard, ending: str, data: bytes, content_type: str) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    name = pages.file_name(card.seen_from, card.hash, ending)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@screen(Action.PROPOSE_PUBLISHING)
def publish(request: ActorRequest, district: str, release_id: UUID) -> HttpResponse:
    """Write the words for staff beside a preview of their page, then freeze it and ask for keys."""
    card = queries.release(request.actor, release_id)
    neutral = public.neutral_lead(card.content)
    form = PublishForm(request.POST or None, initial={f"lead_{code}": words for code, words in neutral.items()})
    lead, coming = neutral, list[public.Next]()
    if form.is_valid():
        lead, coming = form.lead, form.coming
        if "freeze" in request.POST:
            text = _freeze(request, release_id, form)
            if text:
                return redirect("text", district=district, text_id=text.pk)
    context = {
        "form": form,
        "release": pages.frame(card, Reading(card.content)),
        "preview": pages.preview(card, lead, coming, queries.told_before(request.actor, card.content)),
    }
    return render(request, "insights/publish.html", context, status=422 if form.errors else 200)


def _freeze(request: ActorRequest, release_id: UUID, form: PublishForm) -> FrozenText | None:
    """Freeze the page; a refusal stands in the form and keeps what was typed."""
    try:
        return actions.propose(request.actor, release_id, lead=form.lead, coming=form.coming)
    except NotAllowed:
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal.message))
        return None
