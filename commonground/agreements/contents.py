"""What a charter says, as plain values: how a draft is kept, how it is frozen and read back. No Django."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from commonground.kernel.text import canonical

FORMAT = "cg1-charter"


class DecisionRight(StrEnum):
    """Who has the last word on a matter."""

    COMMITTEE_DECIDES = "committee_decides"
    COMMITTEE_RECOMMENDS = "committee_recommends"
    PARTY_OR_BOARD = "party_or_board"
    BARGAINING_ONLY = "bargaining_only"


@dataclass(frozen=True)
class Both:
    """The same words in English and Spanish."""

    en: str = ""
    es: str = ""

    @property
    def whole(self) -> bool:
        """Say whether neither language is missing."""
        return bool(self.en.strip() and self.es.strip())


@dataclass(frozen=True)
class Right:
    """A matter and who has the last word on it."""

    matter: Both
    who: DecisionRight


@dataclass(frozen=True)
class Holders:
    """The people who turn a party's key: those named first, and their alternates."""

    first: tuple[UUID, ...] = ()
    alternates: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Contents:
    """Everything a charter says. `protections` holds what the parties added to the four that always stand.

    `parity` counts seats: (management, each labor organization). `holders` maps party ids.
    """

    purpose: Both = Both()
    students: Both = Both()
    protections: tuple[Both, ...] = ()
    rights: tuple[Right, ...] = ()
    parity: tuple[int, int] = (1, 1)
    reconvene: Both = Both()
    holders: Mapping[UUID, Holders] = field(default_factory=dict)


def stored(contents: Contents) -> dict[str, Any]:
    """Return the fields of a draft's row."""
    return {
        "purpose_en": contents.purpose.en,
        "purpose_es": contents.purpose.es,
        "students_en": contents.students.en,
        "students_es": contents.students.es,
        "reconvene_en": contents.reconvene.en,
        "reconvene_es": contents.reconvene.es,
        "protections": [_both(words) for words in contents.protections],
        "decision_rights": [{**_both(right.matter), "who": right.who.value} for right in contents.rights],
        "parity_management": contents.parity[0],
        "parity_labor": contents.parity[1],
        "key_holders": {party.hex: _holders(people) for party, people in contents.holders.items()},
    }


def from_stored(row: Any) -> Contents:
    """Read the fields of a draft's row."""
    return Contents(
        purpose=Both(row.purpose_en, row.purpose_es),
        students=Both(row.students_en, row.students_es),
        protections=_boths(row.protections),
        rights=_rights(row.decision_rights),
        parity=(row.parity_management, row.parity_labor),
        reconvene=Both(row.reconvene_en, row.reconvene_es),
        holders={UUID(hex=party): _read_holders(people) for party, people in row.key_holders.items()},
    )


def body(contents: Contents, protections: Iterable[Both], draft_id: UUID, revision: int) -> str:
    """Return the exact text that is frozen: canonical JSON; people stand in it by id, so that one can be erased."""
    value = {
        "format": FORMAT,
        "purpose": _both(contents.purpose),
        "students": _both(contents.students),
        "protections": [_both(words) for words in protections],
        "added_protections": [_both(words) for words in contents.protections],
        "decision_rights": [{**_both(right.matter), "who": right.who.value} for right in contents.rights],
        "parity": list(contents.parity),
        "reconvene": _both(contents.reconvene),
        "key_holders": {party.hex: _holders(people) for party, people in contents.holders.items()},
        "draft_id": draft_id.hex,
        "revision": revision,
    }
    return canonical(value).decode()


@dataclass(frozen=True)
class Frozen:
    """A frozen charter read back: its contents, the protections as worded then, and the draft it was made from."""

    contents: Contents
    protections: tuple[Both, ...]
    draft_id: UUID
    revision: int


def from_body(text: str) -> Frozen:
    """Read a frozen charter."""
    value = json.loads(text)
    contents = Contents(
        purpose=Both(**value["purpose"]),
        students=Both(**value["students"]),
        protections=_boths(value["added_protections"]),
        rights=_rights(value["decision_rights"]),
        parity=(value["parity"][0], value["parity"][1]),
        reconvene=Both(**value["reconvene"]),
        holders={UUID(hex=party): _read_holders(people) for party, people in value["key_holders"].items()},
    )
    return Frozen(contents, _boths(value["protections"]), UUID(hex=value["draft_id"]), value["revision"])


def _both(words: Both) -> dict[str, str]:
    return {"en": words.en, "es": words.es}


def _boths(values: Iterable[Mapping[str, str]]) -> tuple[Both, ...]:
    return tuple(Both(value["en"], value["es"]) for value in values)


def _rights(values: Iterable[Mapping[str, str]]) -> tuple[Right, ...]:
    return tuple(Right(Both(value["en"], value["es"]), DecisionRight(value["who"])) for value in values)


def _holders(people: Holders) -> dict[str, list[str]]:
    return {
        "first": [person.hex for person in people.first],
        "alternates": [person.hex for person in people.alternates],
    }


def _read_holders(people: Mapping[str, list[str]]) -> Holders:
    first, alternates = ([UUID(hex=person) for person in people[name]] for name in ("first", "alternates"))
    return Holders(tuple(first), tuple(alternates))
