"""The record on screen and as a file: the joint one for both parties, the own one for each."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from commonground.access.decide import ActorRequest, screen
from commonground.access.table import Action
from commonground.ledger import queries
from commonground.ledger.sentences import tell
from commonground.sealing.formats import fingerprint

PAGE = 50


@screen(Action.SEE_LEDGER)
@require_GET
def record(request: ActorRequest, district: str) -> HttpResponse:
    """Show the joint record, newest first."""
    return _page(request, district, own=False)


@screen(Action.SEE_OWN_LEDGER)
@require_GET
def own_record(request: ActorRequest, district: str) -> HttpResponse:
    """Show the record of the reader's own party."""
    return _page(request, district, own=True)


@screen(Action.SEE_LEDGER)
@require_GET
def record_file(request: ActorRequest, district: str) -> HttpResponse:
    """Give the joint record as a file that can be verified without this server."""
    return _file(request, district, own=False)


@screen(Action.SEE_OWN_LEDGER)
@require_GET
def own_record_file(request: ActorRequest, district: str) -> HttpResponse:
    """Give the record of the reader's own party as a file."""
    return _file(request, district, own=True)


def _page(request: ActorRequest, district: str, *, own: bool) -> HttpResponse:
    actor = request.actor
    head = queries.head(actor.tenant, actor.own_party if own else None)
    entries = queries.entries(actor, own=own, before=_before(request), limit=PAGE + 1)
    more = len(entries) > PAGE
    context = {
        "own": own,
        "entries": tell(actor.tenant, entries[:PAGE]),
        "older": entries[PAGE - 1].position if more else None,
        "newest_is_shown": _before(request) is None,
        "head": head,
        "fingerprint": fingerprint(bytes.fromhex(head)),
    }
    return render(request, "ledger/record.html", context)


def _before(request: ActorRequest) -> int | None:
    """Return the place that the page ends before; raises Http404 where the address holds no number."""
    given = request.GET.get("before", "")
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise Http404
    return int(given)


def _file(request: ActorRequest, district: str, *, own: bool) -> HttpResponse:
    kind = "own" if own else "joint"
    text = queries.exported(request.actor, f"{district} {kind} record", own=own)
    answer = HttpResponse(text, content_type="application/x-ndjson; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{slugify(district)}-{kind}-record.jsonl"'
    return answer
