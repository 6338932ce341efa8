"""The frozen page for staff as people read it before turning a key: words in both languages, charts by finding."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from html import unescape
from typing import Any
from uuid import UUID

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from commonground.approvals.reading import Line, Section
from commonground.kernel import dates
from commonground.releases import wording
from commonground.sealing.formats import fingerprint

Block = Mapping[str, Any]


def sections(partnership_id: UUID, body: str) -> list[Section]:
    """Return the page as the screen of its keys shows it; `partnership_id` is not needed for it."""
    frozen = json.loads(body)
    page, numbers = frozen["page"], fingerprint(bytes.fromhex(frozen["release"]))
    opening = [_line(page["title"]), _line(page["lead"]), Line(numbers, label=_("Fingerprint of the release"))]
    return [Section("", tuple(opening)), *_sections(page["blocks"])]


def _sections(blocks: list[Block]) -> Iterator[Section]:
    heading, lines = "", list[Line]()
    for block in blocks:
        if block["kind"] in ("heading", "subheading"):
            if lines:
                yield Section(heading, tuple(lines))
            heading, lines = _joined(block["text"]), []
        else:
            lines += _lines(block)
    if lines:
        yield Section(heading, tuple(lines))


def _lines(block: Block) -> Iterator[Line]:
    if block["kind"] == "figures":
        for item in block["items"]:
            yield _line(item["says"], item["figure"])
            yield _line(item["detail"])
    elif block["kind"] == "chart":
        yield _line(block["title"], _("Chart"))
        yield _line({language: _finding(html) for language, html in block["html"].items()})
    elif block["kind"] == "next":
        for item in block["items"]:
            yield _line(item["text"], dates.day(date.fromisoformat(item["on"]), year=True))
    elif block["kind"] == "quotes":
        yield _line(block["title"])
        yield from (Line(f"“{quote}”") for quote in block["items"])
    elif block["kind"] == "table":
        yield _line(block["title"], _("Table"))
        yield from (_line(row[0]) for row in block["rows"])
    else:
        yield _line(block["text"], _joined(block["title"]) if "title" in block else "")


def _finding(html: str) -> str:
    found = re.search(r"<h3[^>]*>(.*?)</h3>", html, re.DOTALL)
    return unescape(found[1]) if found else ""


def _joined(text: Mapping[str, str]) -> str:
    return " / ".join(dict.fromkeys(text[language] for language in ("en", "es")))


def _line(text: Mapping[str, str], label: str = "") -> Line:
    return Line(text["en"], "" if text["es"] == text["en"] else text["es"], label)


def in_language(value: Any) -> Any:
    """Return nested values with each text in the reader's language, and days and charts ready to print."""
    if isinstance(value, list):
        return [in_language(item) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"en", "es"}:
        return wording.here(value)
    shown = {name: in_language(item) for name, item in value.items()}
    if "html" in shown:
        shown["html"] = mark_safe(shown["html"])
    return {**shown, "on": date.fromisoformat(shown["on"])} if "on" in shown else shown
