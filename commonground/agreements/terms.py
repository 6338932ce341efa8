"""What an agreement says, as plain values: how a draft is kept, how it is frozen and read back. No Django."""

import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from commonground.agreements.contents import Both
from commonground.kernel.text import canonical

FORMAT = "cg1-agreement"


class AgreementKind(StrEnum):
    """What a joint text beside the charter is."""

    GROUND_RULES = "ground_rules"
    MEMORANDUM = "memorandum"
    SIDE_LETTER = "side_letter"
    DECISION = "decision"
    PAUSE = "pause"
    RECONVENE = "reconvene"


EMPTY = Both()
LASTING = (
    AgreementKind.GROUND_RULES,
    AgreementKind.MEMORANDUM,
    AgreementKind.SIDE_LETTER,
    AgreementKind.DECISION,
)
"""Kinds that hold beside the charter; the others change the state of the partnership."""

WORDS = ("title", "text", "goes_on", "waits", "message")
"""The parts that are words in both languages, in the order of the text."""

PARTS: dict[AgreementKind, frozenset[str]] = {
    AgreementKind.GROUND_RULES: frozenset({"title", "text", "effective_on"}),
    AgreementKind.MEMORANDUM: frozenset({"title", "text", "effective_on", "expires_on"}),
    AgreementKind.SIDE_LETTER: frozenset({"title", "text", "effective_on", "expires_on"}),
    AgreementKind.DECISION: frozenset({"title", "text", "effective_on"}),
    AgreementKind.PAUSE: frozenset({"title", "text", "asked_by", "goes_on", "waits", "meets_on", "message"}),
    AgreementKind.RECONVENE: frozenset({"title", "text", "message"}),
}
"""Which parts each kind has."""


@dataclass(frozen=True)
class Terms:
    """Everything an agreement says. Its kind tells which parts it has.

    Without `effective_on` it holds from the day of the last key; `expires_on` is the last day on which it holds.
    A pause names the party that asked for it, what goes on, what waits, and the day to meet again.
    """

    kind: AgreementKind
    title: Both = EMPTY
    text: Both = EMPTY
    effective_on: date | None = None
    expires_on: date | None = None
    asked_by: UUID | None = None
    goes_on: Both = EMPTY
    waits: Both = EMPTY
    meets_on: date | None = None
    message: Both = EMPTY

    def has(self, part: str) -> bool:
        """Say whether texts of this kind have the part."""
        return part in PARTS[self.kind]

    @property
    def words(self) -> list[tuple[str, Both]]:
        """The worded parts that this kind has, in their order."""
        return [(part, getattr(self, part)) for part in WORDS if self.has(part)]


DATES = ("effective_on", "expires_on", "meets_on")


def stored_terms(terms: Terms) -> dict[str, Any]:
    """Return the fields of a draft's row, except for its kind."""
    fields: dict[str, Any] = {}
    for part in WORDS:
        both: Both = getattr(terms, part)
        fields |= {f"{part}_en": both.en, f"{part}_es": both.es}
    return fields | {part: getattr(terms, part) for part in DATES} | {"asked_by_id": terms.asked_by}


def terms_of(row: Any) -> Terms:
    """Read the fields of a row."""
    parts: dict[str, Any] = {part: Both(getattr(row, f"{part}_en"), getattr(row, f"{part}_es")) for part in WORDS}
    parts |= {part: getattr(row, part) for part in DATES}
    return Terms(AgreementKind(row.kind), asked_by=row.asked_by_id, **parts)


def terms_body(terms: Terms) -> str:
    """Return the exact text that is frozen: canonical JSON with the parts of this kind; days are ISO dates."""
    value: dict[str, Any] = {"format": FORMAT, "kind": terms.kind.value}
    value |= {part: {"en": both.en, "es": both.es} for part, both in terms.words}
    value |= {part: _iso(getattr(terms, part)) for part in DATES if terms.has(part)}
    if terms.has("asked_by"):
        value["asked_by"] = terms.asked_by.hex if terms.asked_by else None
    return canonical(value).decode()


def terms_from_body(text: str) -> Terms:
    """Read a frozen agreement."""
    value = json.loads(text)
    parts: dict[str, Any] = {part: Both(**value[part]) for part in WORDS if part in value}
    parts |= {part: _day(value.get(part)) for part in DATES}
    asked_by = value.get("asked_by")
    return Terms(AgreementKind(value["kind"]), asked_by=UUID(hex=asked_by) if asked_by else None, **parts)


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
