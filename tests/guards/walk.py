"""Every route of the signed-in door, with objects for its arguments from each module's examples."""

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    """One address pattern: its name, the words of its arguments, and the view behind it."""

    name: str
    arguments: frozenset[str]
    view: object

    def __str__(self) -> str:
        return self.name


def routes(urlconf: str) -> list[Route]:
    """Return every route of a URL configuration."""
    return list(_routes(get_resolver(urlconf).url_patterns, frozenset()))


def _routes(patterns: list[URLPattern | URLResolver], above: frozenset[str]) -> Iterator[Route]:
    for entry in patterns:
        arguments = above | frozenset(entry.pattern.regex.groupindex)
        if isinstance(entry, URLResolver):
            yield from _routes(entry.url_patterns, arguments)
        else:
            yield Route(entry.name or str(entry.pattern), arguments, entry.callback)


def examples(kind: str, owner: str, *given: object) -> dict[str, Any]:
    """Return what the examples.py beside `owner` (a dotted name inside a module) offers: `urls` or `acts`."""
    module = ".".join(owner.split(".")[:2])
    try:
        found = importlib.import_module(f"{module}.examples")
    except ModuleNotFoundError:
        return {}
    return getattr(found, kind)(*given) if hasattr(found, kind) else {}
