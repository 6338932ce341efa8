"""What this machine, its doors and its way of sending letters weaken, in the words of the promise."""

import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from commonground.config import settings_respond

PROC = Path("/proc")
TRACKERS = ("sendgrid", "mailgun", "mailchimp", "mandrill", "sparkpost", "postmark", "mailjet", "brevo")
"""Mail services that rewrite links or count openings unless told not to."""
REMEMBERS = ("sessions", "csrf", "messages", "auth", "cache", "locale")


def debug() -> Iterator[str]:
    """A page of debugging shows memory, and Django then keeps every statement."""
    if settings.DEBUG:
        yield "DEBUG is on: a fault would show answers and keys on a page, and every statement is kept in memory."


def respondents_log() -> Iterator[str]:
    """The respondents' door says nothing of visits and remembers nobody."""
    logging: dict[str, Any] = settings_respond.LOGGING
    loggers = logging["loggers"]
    if logging["root"]["level"] != "CRITICAL" or loggers["django"]["handlers"]:
        yield "The respondents' door logs: a visit can leave a line with its moment and path."
    if found := [name for name in settings_respond.MIDDLEWARE if any(word in name.lower() for word in REMEMBERS)]:
        yield f"The respondents' door remembers visitors: {', '.join(found)}."


def proxy_headers() -> Iterator[str]:
    """The doors wait on this machine only, so that nobody but the proxy can say that a way was encrypted."""
    if settings.USE_X_FORWARDED_HOST or settings.USE_X_FORWARDED_PORT:
        yield "The committee's door believes host names that a proxy passes on: links can be turned elsewhere."
    if settings.SECURE_PROXY_SSL_HEADER and urlsplit(settings.ENVIRONMENT.site_url).scheme != "https":
        yield "The committee's door believes in HTTPS that its address does not promise."


def mail_tracking() -> Iterator[str]:
    """No letter tells that it was opened or its link followed."""
    host = str(settings.EMAIL_HOST).lower()
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return
    if any(name in host for name in TRACKERS):
        yield f"{host} rewrites links and counts openings unless told not to: turn both off, or it logs who came."
    if not settings.EMAIL_USE_TLS and host not in {"localhost", "127.0.0.1"}:
        yield f"Letters go to {host} unencrypted: anyone on the way reads personal links. Use smtp+tls://."


def memory_dumps() -> Iterator[str]:
    """A crash leaves no picture of the memory in which answers are opened."""
    pattern = _read("sys/kernel/core_pattern")
    soft, _hard = resource.getrlimit(resource.RLIMIT_CORE)
    if settings.ENVIRONMENT.development:
        return
    if pattern.startswith("|"):
        yield f"A crash is handed to {pattern[1:].split()[0]}, which may keep answers: set kernel.core_pattern."
    elif soft != 0 and pattern:
        yield "A crash may leave the memory in a file, answers with it: set LimitCORE=0 (ulimit -c 0)."


def swap() -> Iterator[str]:
    """No page of the memory in which answers are opened reaches a disk in clear."""
    if settings.ENVIRONMENT.development:
        return
    used = [line.split()[0] for line in _read("swaps").splitlines()[1:] if line.strip()]
    if plain := [name for name in used if not name.startswith(("/dev/zram", "/dev/dm-", "/dev/mapper/"))]:
        yield f"Memory may be written to {', '.join(plain)}: turn swap off, or encrypt it anew at each start."


def _read(name: str) -> str:
    try:
        return (PROC / name).read_text().strip("\n")
    except OSError:
        return ""


CHECKS = (debug, respondents_log, proxy_headers, mail_tracking, memory_dumps, swap)
