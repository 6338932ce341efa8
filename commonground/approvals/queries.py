"""Reading joint texts: what waits for a key, and one text with its keys."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from commonground.access.actor import Actor
from commonground.approvals.models import BoundParty, FrozenText
from commonground.approvals.rules import State
from commonground.kernel.languages import own
from commonground.people import queries as people
from commonground.sealing.formats import fingerprint

MANAGEMENT = "management"
SIDES = {MANAGEMENT: MANAGEMENT, "staff_representatives": "staff"}


@dataclass(frozen=True)
class KeyCard:
    """One bound party's key: turned by whom and when, or not yet. `side` is labor, staff or management."""

    party_id: UUID
    turned_by: UUID | None
    turned_at: datetime | None
    party: str = ""
    side: str = "labor"
    hand: str = ""

    @property
    def turned(self) -> bool:
        """Say whether the key is turned."""
        return self.turned_at is not None


@dataclass(frozen=True)
class BackCard:
    """Why a text went back to drafting."""

    party_id: UUID
    person_id: UUID
    about: str
    reason: str
    at: datetime
    hand: str = ""


@dataclass(frozen=True)
class SideCard:
    """Labor's or management's keys on a text."""

    side: str
    keys: list[KeyCard]

    @property
    def turned(self) -> int:
        """How many keys of this side are turned."""
        return sum(key.turned for key in self.keys)


@dataclass(frozen=True)
class TextCard:
    """One frozen text with its keys, as pages show it to one reader; keys stand labor first, management last."""

    id: UUID
    kind: str
    subject_id: UUID
    version: int
    title: str
    body: str
    hash: str
    changes: list[str]
    state: State
    frozen_by: UUID | None
    frozen_for: UUID | None
    frozen_at: datetime
    needed_by: date | None
    decided_at: datetime | None
    keys: list[KeyCard]
    back: BackCard | None
    proposer: str = ""

    def key_of(self, party_id: UUID | None) -> KeyCard | None:
        """Return this party's key, or None where the text does not bind it."""
        return next((key for key in self.keys if key.party_id == party_id), None)

    def waits_for(self, party_id: UUID | None) -> bool:
        """Say whether this party's key is the one, or one of those, that is missing."""
        key = self.key_of(party_id)
        return self.state is State.WAITING and key is not None and not key.turned

    def is_last(self, party_id: UUID | None) -> bool:
        """Say whether this party's key is the only one that is missing."""
        return self.waits_for(party_id) and len(self.missing) == 1

    @property
    def missing(self) -> list[KeyCard]:
        """The keys that are not turned."""
        return [key for key in self.keys if not key.turned]

    @property
    def turned(self) -> list[KeyCard]:
        """The keys that are turned."""
        return [key for key in self.keys if key.turned]

    @property
    def sides(self) -> list[SideCard]:
        """The keys by side, labor first."""
        names = dict.fromkeys(key.side for key in self.keys)
        return [SideCard(name, [key for key in self.keys if key.side == name]) for name in names]

    @property
    def proposed_for(self) -> str:
        """The name of the party that laid the text before the others; empty where somebody serves both."""
        key = self.key_of(self.frozen_for)
        return key.party if key else ""

    @property
    def sent_back_by(self) -> str:
        """The name of the party that returned the text; empty where none did."""
        key = self.key_of(self.back.party_id) if self.back else None
        return key.party if key else ""

    @property
    def fingerprint(self) -> str:
        """26 characters that stand for the hash, in groups."""
        return fingerprint(bytes.fromhex(self.hash))

    @property
    def short_fingerprint(self) -> str:
        """The first four characters of the fingerprint."""
        return self.fingerprint[:4]


def texts(actor: Actor, *, limit: int | None = None, **chosen: object) -> list[TextCard]:
    """Return the partnership's joint texts, newest first; `chosen` filters by field, e.g. state or kind."""
    rows = FrozenText.rows.within(actor.tenant).filter(**chosen).order_by("-frozen_at", "-version")
    return _cards(actor, rows[:limit])


def waiting(actor: Actor) -> list[TextCard]:
    """Return the texts that wait for any key, the one needed soonest first."""
    return sorted(texts(actor, state=State.WAITING), key=lambda text: text.needed_by or date.max)


def decided(actor: Actor, limit: int = 10) -> list[TextCard]:
    """Return the texts decided last: in force, sent back or replaced."""
    rows = FrozenText.rows.within(actor.tenant).exclude(state=State.WAITING).order_by("-decided_at", "-version")
    return _cards(actor, rows[:limit])


def text(actor: Actor, text_id: UUID) -> TextCard | None:
    """Return one joint text of the partnership, or None."""
    return next(iter(texts(actor, pk=text_id)), None)


def latest(actor: Actor, kind: str, subject_id: UUID) -> TextCard | None:
    """Return the newest text about a subject, or None."""
    return next(iter(texts(actor, kind=kind, subject_id=subject_id, limit=1)), None)


def versions(actor: Actor, kind: str, subject_id: UUID) -> list[TextCard]:
    """Return every text about a subject, newest first."""
    return texts(actor, kind=kind, subject_id=subject_id)


def earlier(actor: Actor, card: TextCard) -> TextCard | None:
    """Return the version before this one, to show what changed."""
    return next(iter(texts(actor, kind=card.kind, subject_id=card.subject_id, version=card.version - 1)), None)


def _cards(actor: Actor, rows: QuerySet[FrozenText]) -> list[TextCard]:
    bound = BoundParty.rows.within(actor.tenant).select_related("party").order_by("party__position", "party__name")
    stored = list(rows.select_related("sent_back").prefetch_related(Prefetch("bound", bound)))
    names = people.names(_hands(stored))
    return [_card(row, names) for row in stored]


def _hands(rows: Iterable[FrozenText]) -> Iterable[UUID | None]:
    for row in rows:
        yield row.frozen_by
        yield from (key.turned_by for key in row.bound.all())
        back = getattr(row, "sent_back", None)
        yield back.person_id if back else None


def _card(row: FrozenText, names: dict[UUID, str]) -> TextCard:
    return TextCard(
        id=row.pk,
        kind=row.kind,
        subject_id=row.subject_id,
        version=row.version,
        title=own(row.title),
        body=row.body,
        hash=row.hash,
        changes=[own(words) for words in row.changes],
        state=State(row.state),
        frozen_by=row.frozen_by,
        frozen_for=row.frozen_for,
        frozen_at=row.frozen_at,
        needed_by=row.needed_by,
        decided_at=row.decided_at,
        keys=sorted((_key(key, names) for key in row.bound.all()), key=lambda key: key.side == MANAGEMENT),
        back=_back(row, names),
        proposer=_name(names, row.frozen_by),
    )


def _key(row: BoundParty, names: dict[UUID, str]) -> KeyCard:
    side = SIDES.get(row.party.kind, "labor")
    hand = _name(names, row.turned_by)
    return KeyCard(row.party_id, row.turned_by, row.turned_at, row.party.name, side, hand)


def _back(row: FrozenText, names: dict[UUID, str]) -> BackCard | None:
    back = getattr(row, "sent_back", None)
    if back is None:
        return None
    hand = _name(names, back.person_id)
    return BackCard(back.party_id, back.person_id, back.about, back.reason, back.at, hand)


def _name(names: dict[UUID, str], person_id: UUID | None) -> str:
    return names.get(person_id, "") if person_id else ""


def titles(partnership_id: UUID, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return by id what a text is called in a sentence: its title and version."""
    rows = FrozenText.rows.within(partnership_id).filter(pk__in=ids)
    words = _("“%(title)s”, version %(version)s")
    return {
        row.pk: words % {"title": own(row.title), "version": row.version} for row in rows.only("title", "version")
    }
