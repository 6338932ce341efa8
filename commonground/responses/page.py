"""The public page of a release, "What we heard", as data that is posted once and shown as it is.

    {"title": T, "lead": T, "on": "2027-01-08", "blocks": [BLOCK, ...]}

T is {"en": "...", "es": "..."}; dates are ISO days and are shown with the weekday. A BLOCK is one of

    {"kind": "heading", "text": T}
    {"kind": "subheading", "text": T}
    {"kind": "text", "text": T}
    {"kind": "note", "title": T, "text": T}                          title may be left out
    {"kind": "quotes", "title": T, "items": ["what somebody wrote", ...]}
    {"kind": "figures", "items": [{"figure": "38%", "says": T, "detail": T}]}   three or so side by side
    {"kind": "chart", "title": T, "html": T, "note": T}              html from `kernel.charts`; note may be left out
    {"kind": "table", "title": T, "head": [T, ...], "rows": [[T or "text", ...], ...], "note": T}   note as above
    {"kind": "promises", "sides": [{"side": "labor" | "management" | "both",
                                    "items": [{"text": T, "who": "...", "by": "2027-01-29", "state": T}]}]}
    {"kind": "next", "items": [{"on": "2027-01-21", "text": T}]}     what comes next

In promises `by` and `state` may be left out.
"""

from collections.abc import Callable, Mapping
from datetime import date
from html.parser import HTMLParser
from typing import Any

LANGUAGES = ("en", "es")
SIDES = ("labor", "management", "both")
_UNSAFE_TAGS = frozenset(
    (
        *("base", "button", "embed", "form", "frame", "iframe", "img", "input"),
        *("link", "meta", "object", "script", "select", "style", "textarea"),
    )
)


def check(content: Mapping[str, Any]) -> None:
    """Raise ValueError, naming the place, unless the page has the shape above and its charts are harmless."""
    _texts(content, "title", "lead")
    _day(content, "on")
    for block in content["blocks"]:
        if block.get("kind") not in _CHECKS:
            raise ValueError(f"a page has no block of kind {block.get('kind')!r}")
        _CHECKS[block["kind"]](block)


def _texts(value: Mapping[str, Any], *names: str) -> None:
    for name in names:
        text = value.get(name)
        if not isinstance(text, dict) or not all(isinstance(text.get(code), str) for code in LANGUAGES):
            raise ValueError(f"{name} needs words in English and Spanish")


def _optional(value: Mapping[str, Any], *names: str) -> None:
    _texts(value, *(name for name in names if name in value))


def _day(value: Mapping[str, Any], name: str) -> None:
    date.fromisoformat(value[name])


def _heading(block: Mapping[str, Any]) -> None:
    _texts(block, "text")


def _note(block: Mapping[str, Any]) -> None:
    _texts(block, "text")
    _optional(block, "title")


def _quotes(block: Mapping[str, Any]) -> None:
    _texts(block, "title")
    for item in block["items"]:
        _plain(item)


def _figures(block: Mapping[str, Any]) -> None:
    for item in block["items"]:
        _texts(item, "says", "detail")
        _plain(item["figure"])


def _chart(block: Mapping[str, Any]) -> None:
    _texts(block, "title", "html")
    _optional(block, "note")
    for language in LANGUAGES:
        parser = _Harmless()
        parser.feed(block["html"][language])
        parser.close()


def _table(block: Mapping[str, Any]) -> None:
    _texts(block, "title")
    _optional(block, "note")
    for cell in [*block["head"], *(cell for row in block["rows"] for cell in row)]:
        _texts({"cell": cell}, "cell") if isinstance(cell, dict) else _plain(cell)
    if any(len(row) != len(block["head"]) for row in block["rows"]):
        raise ValueError("a row of a table has more or fewer cells than its head")


def _promises(block: Mapping[str, Any]) -> None:
    for side in block["sides"]:
        if side["side"] not in SIDES:
            raise ValueError(f"nobody promises for the side {side['side']!r}")
        for item in side["items"]:
            _texts(item, "text")
            _plain(item["who"])
            _optional(item, "state")
            if "by" in item:
                _day(item, "by")


def _next(block: Mapping[str, Any]) -> None:
    for item in block["items"]:
        _texts(item, "text")
        _day(item, "on")


def _plain(value: object) -> None:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a text")


class _Harmless(HTMLParser):
    """Refuses markup that could load, run, restyle or send anything."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSAFE_TAGS:
            raise ValueError(f"a chart holds no <{tag}>")
        for name, value in attrs:
            leads_away = name.endswith("href") and not (value or "").startswith("#")
            if leads_away or name == "style" or name.startswith("on"):
                raise ValueError(f"a chart holds no attribute {name}")


_CHECKS: dict[str, Callable[[Mapping[str, Any]], None]] = {
    "heading": _heading,
    "subheading": _heading,
    "text": _heading,
    "note": _note,
    "quotes": _quotes,
    "figures": _figures,
    "chart": _chart,
    "table": _table,
    "promises": _promises,
    "next": _next,
}
