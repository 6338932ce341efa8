"""The screens of counts: bringing a file, looking at what would be released, freezing or dropping it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from commonground.access.decide import ActorRequest, allowed, screen
from commonground.access.table import Action
from commonground.counts import actions, filed, pages
from commonground.counts.forms import CountsForm
from commonground.kernel.errors import NotAllowed, Refused
from commonground.kernel.sheets import as_csv


@screen(Action.BRING_COUNTS)
def counts(request: ActorRequest, district: str) -> HttpResponse:
    """Take a file of counts, and list those that are not released yet."""
    form = CountsForm(*(request.POST, request.FILES) if request.method == "POST" else ())
    if form.is_valid():
        try:
            draft = actions.bring(request.actor, form.brought)
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error("file", str(refusal.message))
        else:
            return redirect("counts-draft", district=district, draft_id=draft.pk)
    context = {"form": form, "drafts": pages.drafts(request.actor)}
    return render(request, "counts/bring.html", context, status=422 if form.errors else 200)


@screen(Action.BRING_COUNTS)
@require_GET
def table(request: ActorRequest, district: str) -> HttpResponse:
    """Give a table to fill in, with every place."""
    response = HttpResponse(as_csv(*filed.table(request.actor.tenant)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="counts.csv"'
    return response


@screen(Action.BRING_COUNTS)
def draft(request: ActorRequest, district: str, draft_id: UUID) -> HttpResponse:
    """Show what would be released, before it counts; freeze it, or erase it. Afterwards go to the release."""
    if release_id := pages.released(request.actor, draft_id):
        return redirect("release", district=district, release_id=release_id)
    if "freeze" in request.POST:
        return redirect("text", district=district, text_id=actions.propose(request.actor, draft_id).pk)
    if "erase" in request.POST:
        actions.drop(request.actor, draft_id)
        messages.success(request, _("The counts are erased. Nothing left."))
        return redirect("counts", district=district)
    context = {
        "card": pages.draft(request.actor, draft_id),
        "may_propose": allowed(request.actor, Action.PROPOSE_COUNTS),
    }
    return render(request, "counts/draft.html", context)
