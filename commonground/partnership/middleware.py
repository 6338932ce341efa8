"""Finds out who acts: the district in the address and the person's roles there make the actor of a request."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

from commonground.access import walls
from commonground.access.actor import NOBODY
from commonground.kernel.errors import NotAllowed, NotFound, Refused
from commonground.partnership import queries


class ActorMiddleware:
    """Gives every request its `actor`; without a role in the district of the address it is nobody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        walls.shut()
        request.actor, request.partnership = NOBODY, None  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        """Read the district's slug from the address."""
        slug = kwargs.get("district")
        if slug and request.user.is_authenticated:
            request.actor, request.partnership = queries.actor(request.user.pk, slug)  # type: ignore[attr-defined]

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Turn refusals that no view answered into a page or a message; nothing was written."""
        if isinstance(exception, NotAllowed):
            return render(request, "403.html", {"reason": exception.message}, status=403)
        if isinstance(exception, NotFound):
            return render(request, "404.html", status=404)
        if isinstance(exception, Refused) and request.method == "POST":
            messages.error(request, str(exception.message))
            return redirect(request.path)
        return None
