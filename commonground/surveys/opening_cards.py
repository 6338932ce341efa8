"""The opening of a survey as its page shows it: whose layers are off, what went in and came out, what is next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from commonground.access.actor import Actor, Role
from commonground.access.decide import allowed
from commonground.access.table import Action
from commonground.approvals.rules import State
from commonground.kernel import time
from commonground.partnership import queries as partnership
from commonground.people import queries as people
from commonground.releases import queries as releases
from commonground.sealing.formats import fingerprint
from commonground.surveys import certification, further, further_words, opening, reopening, rules, tally
from commonground.surveys.models import Keeper, OpeningStep, Reopening, SealingParty, Survey, SurveyState
from commonground.surveys.opening_files import paper_of
from commonground.surveys.queries import SurveyLine, line, side

CAN_BE_PROVEN = (SurveyState.CLOSED, SurveyState.COUNTED)
"""States in which sealed answers are there to be compared with a proof."""


class Stage(StrEnum):
    """What the opening waits for."""

    RUNNING = "running"
    OVER = "over"
    LOOKING = "looking"
    PEELING = "peeling"
    STOPPED = "stopped"
    SHARES = "shares"
    CERTIFYING = "certifying"
    COUNTED = "counted"
    DESTROYED = "destroyed"


@dataclass(frozen=True)
class LayerCard:
    """A party's layer: who keeps its sheets; once off, by whom, and the list that came out.

    `went_in` counts items before, `aside` those that did not open. `left` is 100 while the layer is on, else 0.
    """

    party_id: UUID
    name: str
    side: str
    number: int
    keepers: tuple[str, ...]
    is_next: bool
    went_in: int | None = None
    aside: int = 0
    by: str = ""
    at: datetime | None = None
    output_hash: str = ""

    @property
    def left(self) -> int:
        """How much of the layer is on, for the drawing."""
        return 0 if self.is_off else 100

    @property
    def is_off(self) -> bool:
        """Say whether the layer is off."""
        return self.at is not None

    @property
    def came_out(self) -> int:
        """How many items came out."""
        return (self.went_in or 0) - self.aside

    @property
    def fingerprint(self) -> str:
        """26 characters of the list that came out."""
        return fingerprint(bytes.fromhex(self.output_hash)) if self.output_hash else ""


@dataclass(frozen=True)
class CountRow:
    """One number of closing; `total` is the sum that the others must fit."""

    label: str
    number: int
    total: bool = False


@dataclass(frozen=True)
class ListCard:
    """The sealed list as it was closed."""

    fingerprint: str
    hash: str
    root: str
    drawn: int
    by_code: int
    twice: int

    @property
    def fits(self) -> bool:
        """Say whether no more codes were used than drawn."""
        return self.by_code <= self.drawn


@dataclass(frozen=True)
class StopCard:
    """Why the opening stands still, and the text that lets it go on, where one waits.

    `aside` items did not open at the last layer; `missing` answers are proven to be missing.
    """

    aside: int
    missing: int
    text_id: UUID | None


@dataclass(frozen=True)
class SheetsCard:
    """What a sealing party said of its opening sheets after destruction; empty while it said nothing."""

    party_id: UUID
    name: str
    side: str
    on: date | None = None
    by: str = ""
    seen_by: str = ""


@dataclass(frozen=True)
class BackupsCard:
    """The days of our backups that destruction reached, and of those that were not in their place."""

    cleared: tuple[date, ...]
    elsewhere: tuple[date, ...]


@dataclass(frozen=True)
class RestoreCard:
    """A restore while the survey was open: from a backup of which day, how many may take a pass once more."""

    on: date
    backup_of: date
    more: int


@dataclass(frozen=True)
class WaitCard:
    """A count that waits for its certificate: when it was counted, how many of all hidden groups are done."""

    counted_at: datetime
    reached: int
    goals: int


@dataclass(frozen=True)
class AnewCard:
    """For which text, in 26 characters, answers that were counted are opened anew; and its tables by name.

    Where not every party comes it ends on `ends_on`, in `days_left`.
    """

    text_id: UUID
    fingerprint: str
    tables: tuple[str, ...]
    ends_on: date
    days_left: int


@dataclass(frozen=True)
class OpeningCard:
    """The page of an opening, and what its reader may do there."""

    survey: SurveyLine
    stage: Stage
    layers: tuple[LayerCard, ...]
    counts: tuple[CountRow, ...]
    outcome: tuple[CountRow, ...]
    listed: ListCard | None
    stop: StopCard | None
    waits: WaitCard | None
    closed_at: datetime | None
    opens_on: date | None
    results_by: date | None
    counted_at: datetime | None
    destroyed_at: datetime | None
    destroy_on: date | None
    destroy_after: int
    is_due: bool
    today: date
    release_id: UUID | None
    minimum: int
    may_close: bool
    may_open: bool
    may_stop: bool
    may_count: bool
    may_destroy: bool
    may_take_kit: bool
    may_hand_in_proof: bool
    may_say_sheets: bool
    own_party: UUID | None
    anew: AnewCard | None = None
    sheets: tuple[SheetsCard, ...] = ()
    backups: BackupsCard | None = None
    restores: tuple[RestoreCard, ...] = ()

    @property
    def our_sheets_wait(self) -> bool:
        """Say whether the reader may say that the own party's sheets were shredded."""
        return self.may_say_sheets and any(
            sheet.party_id == self.own_party and sheet.on is None for sheet in self.sheets
        )

    @property
    def days_left(self) -> int:
        """How many days are left before unopened answers are destroyed; 0 from that day on."""
        return max(0, (self.destroy_on - self.today).days) if self.destroy_on else 0

    @property
    def off(self) -> int:
        """How many layers are off."""
        return sum(layer.is_off for layer in self.layers)

    @property
    def next(self) -> LayerCard | None:
        """The layer that comes off next."""
        return next((layer for layer in self.layers if layer.is_next), None)

    @property
    def ours(self) -> LayerCard | None:
        """The layer of the reader's party."""
        return next((layer for layer in self.layers if layer.party_id == self.own_party), None)

    @property
    def is_our_turn(self) -> bool:
        """Say whether the reader may take a layer off now."""
        return self.stage is Stage.PEELING and self.may_open and self.next is not None and self.next == self.ours

    @property
    def last_list(self) -> str:
        """26 characters of the list that lies here now."""
        done = [layer.fingerprint for layer in self.layers if layer.is_off]
        return done[-1] if done else self.listed.fingerprint if self.listed else ""


def card(actor: Actor, survey_id: UUID) -> OpeningCard:
    """Return the opening of a launched survey. Raises NotFound."""
    survey = Survey.rows.one(actor.tenant, survey_id)
    paper = paper_of(survey).content
    closing = tally.closing_facts(survey)
    keepers = _keepers(survey)
    again = opening.anew(survey)
    goes_on = opening.goes_on(survey, again)
    waits = _waits(survey) if goes_on else None
    stage = Stage.CERTIFYING if waits else _stage(survey, goes_on)
    release = releases.of_survey(actor, survey_id) if survey.counted_at else None
    return OpeningCard(
        survey=line(survey, len(paper["questions"])),
        stage=stage,
        layers=_layers(survey, closing, keepers),
        counts=_counts(closing),
        outcome=_outcome(release.content["counts"]) if release else (),
        listed=_listed(closing),
        stop=_stop(survey) if stage is Stage.STOPPED else None,
        waits=waits,
        closed_at=survey.closed_at,
        opens_on=tally.opens_from(survey) if survey.closed_at else survey.opening_on,
        results_by=survey.results_by,
        counted_at=survey.counted_at,
        destroyed_at=survey.destroyed_at,
        destroy_on=tally.destruction_due(survey),
        destroy_after=survey.destroy_after_days,
        is_due=tally.is_due(survey),
        today=time.today(paper["timezone"]),
        release_id=release.id if release else None,
        minimum=survey.minimum_group,
        may_close=allowed(actor, Action.CLOSE_SURVEY),
        may_open=_may_open(actor, keepers),
        may_stop=allowed(actor, Action.STOP_TALLY) and goes_on and not waits,
        may_count=allowed(actor, Action.COUNT_ANSWERS),
        may_destroy=allowed(actor, Action.DESTROY_ANSWERS),
        may_hand_in_proof=allowed(actor, Action.HAND_IN_PROOF) and survey.state in CAN_BE_PROVEN,
        may_take_kit=stage is Stage.COUNTED and allowed(actor, Action.OPEN_SEAL),
        may_say_sheets=allowed(actor, Action.CONFIRM_SHREDDING),
        own_party=actor.party_id,
        anew=_anew(survey, again) if again else None,
        sheets=_sheets(survey) if stage is Stage.DESTROYED else (),
        backups=_backups(survey) if survey.backups else None,
        restores=tuple(map(_restore, survey.restores)),
    )


def _waits(survey: Survey) -> WaitCard | None:
    draft = certification.of(survey)
    return WaitCard(draft.counted_at, draft.reached, draft.goals) if draft else None


def _stage(survey: Survey, goes_on: bool) -> Stage:
    if survey.state == SurveyState.LAUNCHED:
        return Stage.OVER if survey.closes_at and survey.closes_at <= time.now() else Stage.RUNNING
    if not goes_on:
        return Stage.COUNTED if survey.state == SurveyState.COUNTED else Stage.DESTROYED
    if tally.is_stopped(survey):
        return Stage.STOPPED
    if time.today(paper_of(survey).content["timezone"]) < tally.opens_from(survey):
        return Stage.LOOKING
    return Stage.PEELING if tally.whose_turn(survey) else Stage.SHARES


def _keepers(survey: Survey) -> dict[UUID, dict[UUID, str]]:
    """Return the names of keepers by party and person."""
    found: dict[UUID, dict[UUID, str]] = {}
    rows = Keeper.rows.within(survey.partnership_id).filter(seal__survey=survey)
    held = partnership.members(survey.partnership_id)
    here = {(member.person_id, member.party_id) for member in held}
    for row in rows.filter(person__is_active=True).select_related("seal", "person").order_by("person__name"):
        stays = (row.person_id, row.seal.party_id) in here
        name = row.person.name if stays else _("%(name)s (holds no role any more)") % {"name": row.person.name}
        found.setdefault(row.seal.party_id, {})[row.person_id] = name
    return found


def _may_open(actor: Actor, keepers: Mapping[UUID, Mapping[UUID, str]]) -> bool:
    own = keepers.get(actor.party_id, {}) if actor.party_id else {}
    return allowed(actor, Action.OPEN_SEAL) and rules.may_open_seal(actor.person_id, own, actor.has(Role.COCHAIR))


def _layers(
    survey: Survey, closing: Mapping[str, Any], keepers: Mapping[UUID, Mapping[UUID, str]]
) -> tuple[LayerCard, ...]:
    parties = {party.id: party for party in partnership.parties(survey.partnership_id)}
    seals = list(SealingParty.rows.within(survey.partnership_id).filter(survey=survey))
    steps = {step.seal_id: step for step in opening.steps(survey)}
    hands = people.names(step.by for step in steps.values())
    first_on = next((seal for seal in seals if seal.pk not in steps), None)
    cards, items = [], closing.get("answers")
    for seal in seals:
        step, names = steps.get(seal.pk), tuple(keepers.get(seal.party_id, {}).values())
        party = parties[seal.party_id]
        cards.append(
            LayerCard(
                party_id=seal.party_id,
                name=party.name,
                side=side(party),
                number=seal.layer,
                keepers=names,
                is_next=seal == first_on,
                went_in=items,
                **_done(step, hands),
            )
        )
        items = items - step.unopened if step and items is not None else items
    return tuple(cards)


def _done(step: OpeningStep | None, hands: Mapping[UUID, str]) -> dict[str, Any]:
    if step is None:
        return {}
    return {"aside": step.unopened, "by": _hand(step.by, hands), "at": step.at, "output_hash": step.output_hash}


def _sheets(survey: Survey) -> tuple[SheetsCard, ...]:
    parties = {party.id: party for party in partnership.parties(survey.partnership_id)}
    seals = list(SealingParty.rows.within(survey.partnership_id).filter(survey=survey))
    hands = people.names(hand for seal in seals for hand in (seal.shredded_by, seal.seen_by) if hand)
    return tuple(
        SheetsCard(
            party_id=seal.party_id,
            name=parties[seal.party_id].name,
            side=side(parties[seal.party_id]),
            on=seal.shredded_on,
            by=_hand(seal.shredded_by, hands),
            seen_by=_hand(seal.seen_by, hands),
        )
        for seal in seals
    )


def _anew(survey: Survey, again: Reopening) -> AnewCard:
    paper, tables = paper_of(survey).content, further.read_request(again.text.body).tables
    names = tuple(further_words.name(paper, table) for table in tables)
    ends_on = reopening.ends_on(survey, again)
    left = max(0, (ends_on - time.today(paper["timezone"])).days)
    return AnewCard(again.text_id, fingerprint(bytes.fromhex(again.text.hash)), names, ends_on, left)


def _hand(person: UUID | None, hands: Mapping[UUID, str]) -> str:
    return (hands.get(person) or _("someone whose account was erased")) if person else ""


def _backups(survey: Survey) -> BackupsCard:
    cleared, elsewhere = (tuple(map(date.fromisoformat, survey.backups[name])) for name in ("cleared", "elsewhere"))
    return BackupsCard(cleared, elsewhere)


def _restore(entry: Mapping[str, Any]) -> RestoreCard:
    on, backup_of = (date.fromisoformat(entry[name]) for name in ("on", "backup_of"))
    return RestoreCard(on, backup_of, entry["more"])


def _counts(closing: Mapping[str, Any]) -> tuple[CountRow, ...]:
    if "list_hash" not in closing:
        return ()
    rows = [
        CountRow(_("People asked"), closing["eligible"]),
        CountRow(_("Codes printed"), closing["codes_printed"]),
        CountRow(_("Codes drawn before both witnesses"), closing["codes_drawn"]),
        CountRow(_("Codes cancelled before both witnesses"), closing["codes_cancelled"]),
        CountRow(_("Codes missing"), closing["codes_missing"]),
        CountRow(_("Answers by code"), closing["answers_by_code"]),
        CountRow(_("Answers by pass"), closing["answers_by_pass"]),
        CountRow(_("Answers sealed"), closing["answers"], total=True),
    ]
    return tuple(row for row in rows if row.number or row.label != _("Answers by pass"))


def _outcome(counts: Mapping[str, Any]) -> tuple[CountRow, ...]:
    reasons = {
        "does_not_open": _("The core did not open"),
        "malformed": _("Not an answer to these questions"),
        "not_issued": _("By a code that was never made"),
        "cancelled": _("By a cancelled code"),
        "seen_before": _("By a code that counted already"),
    }
    rejected = [CountRow(words, counts["rejected"].get(name, 0)) for name, words in reasons.items()]
    return (
        *(row for row in rejected if row.number),
        CountRow(_("Answers that counted"), counts["counted"], total=True),
    )


def _listed(closing: Mapping[str, Any]) -> ListCard | None:
    if "list_hash" not in closing:
        return None
    return ListCard(
        fingerprint=fingerprint(bytes.fromhex(closing["list_hash"])),
        hash=closing["list_hash"],
        root=closing["merkle_root"],
        drawn=closing["codes_drawn"],
        by_code=closing["answers_by_code"],
        twice=closing["may_have_answered_twice"],
    )


def _stop(survey: Survey) -> StopCard:
    last, text = opening.steps(survey).last(), opening.last_text(survey)
    waits = text.pk if text and text.state == State.WAITING else None
    return StopCard(last.unopened if last else 0, len(tally.missing(survey)), waits)


def share_parties(layers: Sequence[LayerCard]) -> list[tuple[UUID, str]]:
    """Return the parties whose shares are asked for at the meeting, in peel order."""
    return [(layer.party_id, layer.name) for layer in layers]
