"""The decision: may this actor do this? And the declaration that every signed-in screen makes."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, cast

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from commonground.access.actor import NOBODY, Actor
from commonground.access.table import TABLE, Action
from commonground.kernel.errors import NotAllowed


def allowed(actor: Actor, action: Action) -> bool:
    """Say whether the table gives the actor the act. A row without roles is open to whoever holds its letter."""
    rule = TABLE[action]
    role = not rule.who or actor.has(*rule.who)
    return role and (rule.condition is None or rule.condition(actor))


def decide(actor: Actor, action: Action) -> None:
    """Raise NotAllowed unless the table gives the actor the act."""
    if not allowed(actor, action):
        raise NotAllowed(_("Your role does not include this. Nothing was changed."), code=action)


class ActorRequest(HttpRequest):
    """A request after the middleware has found out who acts."""

    actor: Actor


class View(Protocol):
    """A view that a screen declaration wraps."""

    def __call__(self, request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponseBase: ...


def screen(action: Action) -> Callable[[View], Callable[..., HttpResponseBase]]:
    """Declare a signed-in screen: outsiders get 404, insiders without the right get 403."""

    def declare(view: View) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor = getattr(request, "actor", NOBODY)
            if actor.partnership_id is None:
                raise Http404
            decide(actor, action)
            return view(cast(ActorRequest, request), *args, **kwargs)

        guarded.screen = action  # type: ignore[attr-defined]
        return guarded

    return declare
