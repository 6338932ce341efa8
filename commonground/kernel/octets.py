"""Addresses that take and give bytes from pages of any origin, so that a union can host the same page itself."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponse]

ANYWHERE: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "content-type",
    "Access-Control-Max-Age": "86400",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "no-store",
}


def octets(data: bytes = b"", status: int = 200, kind: str = "application/octet-stream") -> HttpResponse:
    """Return bytes, or with none the status alone."""
    return HttpResponse(data, status=status, content_type=kind)


def from_anywhere(method: str) -> Callable[[View], View]:
    """Serve a view for GET or POST, and the question that browsers ask before, to every origin.

    There is no credential to forge: neither cookie nor session is read or set. Django logs nothing of a refusal.
    """

    def wrap(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def served(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            answer = octets(status=204)
            if request.method != "OPTIONS":
                answer = view(request, *args, **kwargs) if request.method == method else octets(status=405)
            for name, value in ANYWHERE.items():
                answer[name] = value
            answer._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001
            return answer

        return served

    return wrap


class WithoutCookies:
    """Takes the cookies off requests to these addresses, so that nothing behind can read one or send one back."""

    PATHS: Final = ("/pass/",)

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info in self.PATHS:
            request.META.pop("HTTP_COOKIE", None)
        return self.get_response(request)
