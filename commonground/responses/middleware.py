"""The respondents' door: what every answer of this server carries, and what it never does."""

import re
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from commonground.responses.views import broken

CONTENT_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Robots-Tag": "noindex",
}
LANGUAGES: Final = ("en", "es")
_IN_PATH = re.compile(r"^/(?:[sc]/[0-9a-f]{32}/)?(en|es)/")


class RespondentsDoor:
    """Sets headers, bounds what is sent, speaks the language of the path, and turns failures into a plain page.

    It sets no cookie and writes nothing anywhere.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        translation.activate(language_of(request))
        response = render(request, "413.html", status=413) if _too_large(request) else self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer what nobody foresaw; refusals of Django's own (404, 400) keep their pages."""
        return None if _has_its_page(exception) else broken(request)


def language_of(request: HttpRequest) -> str:
    """The language in the path, else the first that the browser asks for and we have, else English."""
    if found := _IN_PATH.match(request.path_info):
        return found[1]
    wanted = (
        code.split("-")[0] for code, _ in parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    )
    return next((code for code in wanted if code in LANGUAGES), LANGUAGES[0])


def _too_large(request: HttpRequest) -> bool:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not length.isdigit() or int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def _has_its_page(exception: Exception) -> bool:
    from django.core.exceptions import BadRequest, SuspiciousOperation
    from django.http import Http404

    return isinstance(exception, Http404 | BadRequest | SuspiciousOperation)
