"""The declaration of a screen that anyone may open."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponseBase

View = Callable[..., HttpResponseBase]


def open_screen(*, reason: str) -> Callable[[View], View]:
    """Declare a screen that anyone may open, and say why; a route with no declaration fails a guard."""

    def declare(view: View) -> View:
        @wraps(view)
        def opened(*args: Any, **kwargs: Any) -> HttpResponseBase:
            return view(*args, **kwargs)

        opened.open_because = reason  # type: ignore[attr-defined]
        return opened

    return declare
