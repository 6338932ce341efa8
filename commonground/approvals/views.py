"""The screens of joint texts: what waits for a key, one text with its keys, and the three decisions about it."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from commonground.access.decide import ActorRequest, allowed, screen
from commonground.access.table import Action
from commonground.approvals import actions, queries
from commonground.approvals.forms import ABOUT, SendBackForm, TurnForm
from commonground.approvals.page import text_page
from commonground.approvals.rules import State
from commonground.kernel.errors import NotAllowed, Refused

TURNED: dict[bool, str | Promise] = {
    True: _("Every key is turned. The text is in force from this moment."),
    False: _("Our key is turned. The text waits for the others."),
}


@screen(Action.SEE_TEXTS)
def waiting(request: ActorRequest, district: str) -> HttpResponse:
    """Show what waits for the own party's key, then what waits for others, then what was decided last."""
    texts, own = queries.waiting(request.actor), request.actor.party_id
    return render(
        request,
        "approvals/waiting.html",
        {
            "has_party": own is not None,
            "turns": allowed(request.actor, Action.TURN_KEY),
            "ours": [(text, text.is_last(own)) for text in texts if text.waits_for(own)],
            "others": [text for text in texts if not text.waits_for(own)],
            "decided": queries.decided(request.actor),
        },
    )


@screen(Action.SEE_TEXTS)
@require_GET
def text(request: ActorRequest, district: str, text_id: UUID) -> HttpResponse:
    """Show one text with its keys and the own decision."""
    return _page(request, text_id)


@screen(Action.SEE_TEXTS)
@require_GET
def printed(request: ActorRequest, district: str, text_id: UUID) -> HttpResponse:
    """Show one text for printing: the whole wording, the keys, fingerprint and hash."""
    return render(request, "approvals/print.html", {"page": text_page(request.actor, text_id)})


@screen(Action.SEE_TEXTS)
@require_POST
def turn(request: ActorRequest, district: str, text_id: UUID) -> HttpResponse:
    """Turn the own party's key on the text that was read."""
    form = TurnForm(request.POST)

    def act() -> str | Promise:
        after = actions.turn_key(request.actor, text_id, form.cleaned_data["hash"])
        return TURNED[after.state == State.IN_FORCE]

    return _decide(request, district, text_id, "turn_form", form, act)


@screen(Action.SEE_TEXTS)
@require_POST
def send_back(request: ActorRequest, district: str, text_id: UUID) -> HttpResponse:
    """Send the text back to drafting with a reason."""
    form = SendBackForm(request.POST)

    def act() -> str | Promise:
        actions.send_back(request.actor, text_id, **form.cleaned_data)
        return _("The text went back to drafting. Every party it binds can read your reason.")

    return _decide(request, district, text_id, "back_form", form, act)


@screen(Action.SEE_TEXTS)
@require_POST
def take_back(request: ActorRequest, district: str, text_id: UUID) -> HttpResponse:
    """Take the own party's key back."""

    def act() -> str | Promise:
        actions.take_key_back(request.actor, text_id)
        return _("Our key is taken back. The text waits for it again.")

    return _decide(request, district, text_id, "take_form", Form(request.POST), act)


def _decide(
    request: ActorRequest, district: str, text_id: UUID, name: str, form: Form, act: Callable[[], str | Promise]
) -> HttpResponse:
    """Do the act and show the text again; a refusal keeps what was typed."""
    if not form.is_valid():
        return _page(request, text_id, 422, **{name: form})
    try:
        done = act()
    except NotAllowed:
        form.add_error(None, str(text_page(request.actor, text_id).decision.why_not))
        return _page(request, text_id, 403, **{name: form})
    except Refused as refusal:
        form.add_error(None, str(refusal.message))
        return _page(request, text_id, 409, **{name: form})
    messages.success(request, str(done))
    return redirect("text", district=district, text_id=text_id)


def _page(request: ActorRequest, text_id: UUID, status: int = 200, **forms: Form) -> HttpResponse:
    page = text_page(request.actor, text_id)
    context = {
        "page": page,
        "text": page.text,
        "about": dict(ABOUT).get(page.text.back.about) if page.text.back else "",
        "back_form": SendBackForm(),
        **forms,
    }
    return render(request, "approvals/text.html", context, status=status)
