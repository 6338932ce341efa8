"""The seals of a survey as their page shows them."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from commonground.access.actor import Actor, Role
from commonground.kernel.text import sha256
from commonground.partnership.models import Membership
from commonground.partnership.queries import PartyCard
from commonground.people import queries as people
from commonground.sealing.formats import fingerprint, key_fingerprint
from commonground.surveys import drafts
from commonground.surveys.drafts import Written, words
from commonground.surveys.models import Reviewer, SealingParty, Survey, SurveyState
from commonground.surveys.queries import SurveyLine, line, side
from commonground.surveys.reviewers import LABOR, MANAGEMENT
from commonground.surveys.rules import Words


@dataclass(frozen=True)
class KeeperCard:
    """Somebody who may keep a sheet: a member of the party, named or not."""

    id: UUID
    name: str
    named: bool
    left: bool


@dataclass(frozen=True)
class SealCard:
    """A party's seal: keepers, the 26 characters of its key, its trial, and what is the reader's to do."""

    party_id: UUID
    party: str
    side: str
    layer: int | None
    people: tuple[KeeperCard, ...]
    key: str
    made_by: str
    tried_by: str
    tried_at: datetime | None
    may_name: bool
    is_ours: bool

    @property
    def keepers(self) -> list[KeeperCard]:
        """Those who are named."""
        return [person for person in self.people if person.named]


@dataclass(frozen=True)
class ReviewerCard:
    """Who reads the comments for a side: the name, the party, the 26 characters of the key; whom one could name."""

    is_labor: bool
    side: str
    person_id: UUID | None
    name: str
    party: str
    key: str
    is_me: bool
    people: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True)
class CommentsCard:
    """Whether words are asked for, who reads them, and whom the reviewers tell."""

    asked: bool
    alert: Words
    sides: tuple[ReviewerCard, ...]


@dataclass(frozen=True)
class SealsCard:
    """The seals of a survey; parties that do not seal have no layer."""

    survey: SurveyLine
    seals: tuple[SealCard, ...]
    block: str
    counting_key: str
    may_prepare: bool
    all_made: bool
    all_tried: bool
    is_open: bool
    comments: CommentsCard


def seals(actor: Actor, survey_id: UUID) -> SealsCard:
    """Return the seals page of a survey. Raises NotFound."""
    written = drafts.read(Survey.rows.one(actor.tenant, survey_id))
    by_party = {seal.party_id: seal for seal in written.seals}
    hands = [hand for seal in written.seals for hand in (seal.made_by, seal.tried_by)]
    reader = _SealReader(actor, written, people.names(hands), _members(actor.tenant))
    cards = [reader.card(party, by_party.get(party.id)) for party in written.parties]
    cards.sort(key=lambda card: (card.layer is None, card.layer or 0))
    block = written.survey.seals_block
    return SealsCard(
        survey=line(written.survey, len(written.questions)),
        seals=tuple(cards),
        block=fingerprint(bytes.fromhex(sha256(block.encode()))) if block else "",
        counting_key=key_fingerprint(bytes.fromhex(json.loads(block)["counting_key"])) if block else "",
        may_prepare=actor.has(Role.COCHAIR, Role.COORDINATOR),
        all_made=all(seal.public_key for seal in written.seals),
        all_tried=bool(block) and all(seal.tried_at for seal in written.seals),
        is_open=written.survey.state in (SurveyState.DRAFTING, SurveyState.WAITING),
        comments=_comments(reader),
    )


def _comments(reader: "_SealReader") -> CommentsCard:
    written = reader.written
    named = {one.place: one for one in written.reviewers}
    side_of = {LABOR: True, MANAGEMENT: False}
    return CommentsCard(
        asked=any(question.kind == "text" for question in written.questions),
        alert=words(written.survey, "alert"),
        sides=tuple(reader.reviewer(place, named.get(place), labor) for place, labor in side_of.items()),
    )


def _members(tenant: UUID) -> dict[UUID, dict[UUID, str]]:
    rows = Membership.rows.within(tenant).filter(until=None, party__isnull=False).select_related("person")
    found: dict[UUID, dict[UUID, str]] = {}
    for row in rows.order_by("person__name"):
        if row.party_id:
            found.setdefault(row.party_id, {})[row.person_id] = row.person.name
    return found


@dataclass(frozen=True)
class _SealReader:
    actor: Actor
    written: Written
    names: dict[UUID, str]
    members: dict[UUID, dict[UUID, str]]

    def card(self, party: PartyCard, seal: SealingParty | None) -> SealCard:
        folk = self._people(party, seal)
        key = seal.public_key if seal else ""
        return SealCard(
            party_id=party.id,
            party=party.name,
            side=side(party),
            layer=seal.layer if seal else None,
            people=folk,
            key=key_fingerprint(bytes.fromhex(key)) if key else "",
            made_by=self._name(seal.made_by if seal else None),
            tried_by=self._name(seal.tried_by if seal else None),
            tried_at=seal.tried_at if seal else None,
            may_name=self._may_name(party),
            is_ours=any(person.named and person.id == self.actor.person_id for person in folk)
            and party.id == self.actor.party_id,
        )

    def reviewer(self, place: int, found: Reviewer | None, labor: bool) -> ReviewerCard:
        """Return who reads for a side, and the members of its parties."""
        parties = [party for party in self.written.parties if party.is_labor == labor]
        people = {pk: name for party in parties for pk, name in self.members.get(party.id, {}).items()}
        return ReviewerCard(
            is_labor=labor,
            side=side(parties[0]) if parties else "",
            person_id=found.person_id if found else None,
            name=found.person.name if found else "",
            party=found.party.name if found else "",
            key=key_fingerprint(bytes.fromhex(found.public_key)) if found and found.public_key else "",
            is_me=found is not None and found.person_id == self.actor.person_id,
            people=tuple(sorted(people.items(), key=lambda entry: entry[1])),
        )

    def _may_name(self, party: PartyCard) -> bool:
        own = party.id == self.actor.party_id and self.actor.has(Role.COCHAIR)
        return own or self.actor.has(Role.COORDINATOR)

    def _people(self, party: PartyCard, seal: SealingParty | None) -> tuple[KeeperCard, ...]:
        members = self.members.get(party.id, {})
        named = {row.person_id: row.person.name for row in self.written.keepers.get(seal.pk, [])} if seal else {}
        everyone = {**named, **members}
        return tuple(
            KeeperCard(pk, name, pk in named, pk not in members)
            for pk, name in sorted(everyone.items(), key=lambda entry: entry[1])
        )

    def _name(self, person_id: UUID | None) -> str:
        return self.names.get(person_id, "") if person_id else ""
