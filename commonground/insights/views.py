"""The screens of releases: the list, one release, one question of it, its files."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from commonground.access.decide import ActorRequest, screen
from commonground.access.table import Action
from commonground.insights import pages
from commonground.kernel.errors import NotFound
from commonground.releases import exports, queries


@screen(Action.SEE_RELEASE)
@require_GET
def releases(request: ActorRequest, district: str) -> HttpResponse:
    """List every release of the partnership."""
    return render(request, "insights/list.html", {"releases": pages.lines(request.actor)})


@screen(Action.SEE_RELEASE)
@require_GET
def release(request: ActorRequest, district: str, release_id: UUID) -> HttpResponse:
    """Show a release: who answered first, then what they said."""
    page = pages.release(queries.release(request.actor, release_id))
    return render(request, "insights/release.html", {"page": page, "release": page.frame})


@screen(Action.SEE_RELEASE)
@require_GET
def question(request: ActorRequest, district: str, release_id: UUID, question_id: str) -> HttpResponse:
    """Show one question with every group."""
    page = pages.question(queries.release(request.actor, release_id), question_id)
    return render(request, "insights/question.html", {"page": page, "release": page.frame})


@screen(Action.SEE_RELEASE)
@require_GET
def file(request: ActorRequest, district: str, release_id: UUID, ending: str) -> HttpResponse:
    """Give the numbers of a release as a file: the released bytes, CSV, or a workbook with its codebook."""
    card = queries.release(request.actor, release_id)
    if ending not in exports.KINDS:
        raise NotFound
    kind = exports.KINDS[ending]
    response = HttpResponse(kind.make(card.data), content_type=kind.content_type)
    name = pages.file_name(card.seen_from, card.hash, ending)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
