"""What a partnership holds now, as plain values: the evidence for path, tasks and headline."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from commonground.agreements.cards import Held
from commonground.kernel import dates

NOTHING_HELD = Held()


@dataclass(frozen=True)
class Calendar:
    """Today in the district's zone; says days with the year where it is another one."""

    today: date
    zone: str

    def day(self, value: date | datetime) -> str:
        """Return "Tuesday, November 10", or with the year where that is not this year."""
        return dates.day(value, self.zone, year=value.year != self.today.year)

    def days_to(self, moment: datetime) -> int:
        """Return in how many days the moment's day comes: 0 is today, 1 tomorrow."""
        return (moment.astimezone(ZoneInfo(self.zone)).date() - self.today).days


@dataclass(frozen=True)
class Paper:
    """A joint text that waits for keys; `ours` where the reader's party has not turned its own."""

    id: UUID
    ours: bool = False
    missing: tuple[str, ...] = ()
    turned: int = 0
    bound: int = 0


class Stage(StrEnum):
    """Where a survey stands today."""

    DRAFTING = "drafting"
    WAITING = "waiting"
    LAUNCHED = "launched"
    OPEN = "open"
    OVER = "over"
    LOOKING = "looking"
    OPENING = "opening"
    STOPPED = "stopped"
    COUNTING = "counting"
    CERTIFYING = "certifying"
    COUNTED = "counted"
    DESTROYED = "destroyed"


@dataclass(frozen=True)
class Seal:
    """A party's seal on a survey. `kept`: the reader keeps a sheet of it; `ours`: the reader may open it.

    `shredded`: the party said that its opening sheets are gone.
    """

    party: str
    made: bool = False
    tried: bool = False
    off: bool = False
    shredded: bool = False
    kept: bool = False
    ours: bool = False


@dataclass(frozen=True)
class Codes:
    """How codes go to people: how many are asked, how many of them by letter, what was mailed and printed."""

    asked: int = 0
    with_mailbox: int = 0
    mailed: int = 0
    printed: int = 0

    @property
    def without_mailbox(self) -> int:
        """How many people need a printed code."""
        return self.asked - self.with_mailbox

    @property
    def to_print(self) -> int:
        """How many people without a mailbox have no printed code yet."""
        return max(0, self.without_mailbox - self.printed)

    @property
    def to_mail(self) -> int:
        """How many people with a mailbox got no letter yet."""
        return max(0, self.with_mailbox - self.mailed)


@dataclass(frozen=True)
class Results:
    """A release: seen by every party, and perhaps by staff. `paper` is the proposal to publish that waits."""

    id: UUID
    seen_from: datetime
    published_at: datetime | None = None
    paper: Paper | None = None


@dataclass(frozen=True)
class Asked:
    """One survey. `answers` is the number while it is open, rounded down to a step of 25.

    `certified` says of a count that waits for its certificate how many of all hidden groups are done.
    """

    id: UUID
    title: str
    stage: Stage
    saved_at: datetime | None = None
    questions: int = 0
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    closed_at: datetime | None = None
    seals_open_on: date | None = None
    results_by: date | None = None
    answers: int | None = None
    answers_on: date | None = None
    seals: tuple[Seal, ...] = ()
    counting_key: bool = False
    is_opened_anew: bool = False
    codes: Codes = Codes()
    paper: Paper | None = None
    results: Results | None = None
    certified: tuple[int, int] = (0, 0)

    @property
    def is_signed(self) -> bool:
        """Say whether every party turned its key on it."""
        return self.stage not in (Stage.DRAFTING, Stage.WAITING)

    @property
    def is_done(self) -> bool:
        """Say whether nothing is left to do before its results."""
        return self.stage in (Stage.COUNTED, Stage.DESTROYED)

    @property
    def next_seal(self) -> Seal | None:
        """The seal that comes off next."""
        return next((seal for seal in self.seals if not seal.off), None)


@dataclass(frozen=True)
class Charter:
    """The charter: being written, waiting for keys, in force, or several of these."""

    in_force_since: datetime | None = None
    drafted: bool = False
    paper: Paper | None = None


@dataclass(frozen=True)
class Team:
    """A party and how many people act for it on the committee; `led` where a co-chair is among them."""

    party: str
    people: int = 0
    led: bool = False

    @property
    def is_whole(self) -> bool:
        """Say whether nobody acts alone: a co-chair and a second person."""
        return self.led and self.people > 1


@dataclass(frozen=True)
class Reach:
    """A place: how many people work there by the staff list, and how many of them have a mailbox."""

    place: str
    people: int
    with_mailbox: int


@dataclass(frozen=True)
class Facts:
    """Everything the first page is worked out from, as far as its reader may know it; surveys newest first.

    `agreements` are those beside the charter; `meets_on` is the day that ends a pause, None where there is none.
    """

    calendar: Calendar
    founded_at: datetime | None = None
    founding: Paper | None = None
    teams: tuple[Team, ...] = ()
    champions: int = 0
    charter: Charter = Charter()
    agreements: Held = NOTHING_HELD
    meets_on: date | None = None
    surveys: tuple[Asked, ...] = ()
    reach: tuple[Reach, ...] = ()
    staff_import: UUID | None = None

    @property
    def is_founding(self) -> bool:
        """Say whether the first steps are still to be done: founding and charter."""
        return self.founded_at is None or self.charter.in_force_since is None

    @property
    def staff(self) -> int:
        """How many people are on the staff list."""
        return sum(place.people for place in self.reach)
