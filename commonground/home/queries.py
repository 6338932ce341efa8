"""Gathers the evidence for the first page: a fixed number of queries, whatever there is to find."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, Sum
from django.utils.translation import get_language

from commonground.access.actor import Actor, Role
from commonground.access.decide import allowed
from commonground.access.table import Action
from commonground.agreements import cards
from commonground.agreements import queries as agreements
from commonground.agreements.models import Charter as CharterRow
from commonground.approvals import queries as approvals
from commonground.approvals.models import FrozenText
from commonground.approvals.queries import TextCard
from commonground.approvals.rules import State
from commonground.home.facts import Asked, Calendar, Charter, Codes, Facts, Paper, Reach, Results, Seal, Stage, Team
from commonground.insights.actions import KIND as PUBLISHING
from commonground.kernel import time
from commonground.partnership import founding
from commonground.partnership import queries as partnership
from commonground.partnership.models import Membership, Partnership, StaffRecord
from commonground.partnership.queries import PartyCard
from commonground.releases.models import Release
from commonground.sealing import peel
from commonground.surveys import drafting as surveys
from commonground.surveys import drafts, opening, rules, tally
from commonground.surveys.models import (
    CodeBatch,
    Eligible,
    Keeper,
    OpeningStep,
    SealingParty,
    Survey,
    SurveyState,
)
from commonground.surveys.queries import here

AT_THE_TABLE = (Role.COCHAIR, Role.MEMBER, Role.ALTERNATE, Role.SPONSOR)
"""Roles in which people act for their party on the committee."""

Row = TypeVar("Row", OpeningStep, SealingParty)
HEAVY = ("paper", "counting_secret", "purpose_en", "purpose_es", "message_en", "message_es")


def facts(actor: Actor, district: Partnership, texts: Iterable[TextCard]) -> Facts:
    """Return what this reader may know of the district; `texts` are the joint texts that wait for keys."""
    papers = {(text.kind, text.subject_id): _paper(actor, text) for text in texts}
    parties = partnership.parties(actor.tenant)
    teams, champions = _people(actor, parties)
    waiting_charter = next((paper for (kind, _id), paper in papers.items() if kind == agreements.KIND), None)
    sees_structure = allowed(actor, Action.SEE_STRUCTURE)
    calendar = Calendar(time.today(district.timezone), district.timezone)
    return Facts(
        calendar=calendar,
        founded_at=district.founded_at,
        founding=papers.get((founding.KIND, district.pk)),
        teams=teams,
        champions=champions,
        charter=_charter(actor, waiting_charter),
        agreements=cards.held(actor, calendar.today),
        meets_on=district.meets_on,
        surveys=_Surveys.gather(actor, district, parties, papers).cards(),
        reach=_reach(actor) if sees_structure else (),
        staff_import=partnership.undecided_import(actor.tenant) if sees_structure else None,
    )


def waiting_texts(actor: Actor) -> list[TextCard]:
    """Return the joint texts that wait for keys as far as the actor may see them, the one needed soonest first."""
    return approvals.waiting(actor) if allowed(actor, Action.SEE_TEXTS) else []


def _paper(actor: Actor, text: TextCard) -> Paper:
    return Paper(
        id=text.id,
        ours=text.waits_for(actor.party_id),
        missing=tuple(key.party for key in text.missing),
        turned=len(text.turned),
        bound=len(text.keys),
    )


def _people(actor: Actor, parties: Iterable[PartyCard]) -> tuple[tuple[Team, ...], int]:
    rows = Membership.rows.within(actor.tenant).filter(until=None)
    held = set(rows.values_list("party_id", "person_id", "role"))
    teams = []
    for party in parties:
        own = {(person, role) for party_id, person, role in held if party_id == party.id and role in AT_THE_TABLE}
        led = any(role == Role.COCHAIR for _person, role in own)
        teams.append(Team(party.name, len({person for person, _role in own}), led))
    return tuple(teams), len({person for _party, person, role in held if role == Role.CHAMPION})


def _charter(actor: Actor, waiting: Paper | None) -> Charter:
    since = list(CharterRow.rows.within(actor.tenant).values_list("in_force_at", flat=True))
    in_force = max((moment for moment in since if moment), default=None)
    drafted = None in since and allowed(actor, Action.SEE_TEXTS)
    return Charter(in_force, drafted, waiting)


def _reach(actor: Actor) -> tuple[Reach, ...]:
    spanish = get_language() == "es"
    rows = StaffRecord.rows.within(actor.tenant).filter(gone_on=None).order_by("site__position", "site__name_en")
    counted = rows.values_list("site_id", "site__name_en", "site__name_es").annotate(
        people=Count("pk"), mailbox=Count("pk", filter=~Q(email=""))
    )
    return tuple(Reach(es if spanish and es else en, people, mailbox) for _id, en, es, people, mailbox in counted)


@dataclass(frozen=True)
class _Surveys:
    """The surveys of a partnership with everything that belongs to each, by survey id."""

    actor: Actor
    zone: str
    names: Mapping[UUID, str]
    papers: Mapping[tuple[str, UUID], Paper]
    rows: Sequence[Survey]
    seals: Mapping[UUID, list[SealingParty]]
    kept: set[UUID]
    steps: Mapping[UUID, list[OpeningStep]]
    stopped: set[UUID]
    anew: frozenset[UUID]
    results: Mapping[UUID, Results]
    certified: Mapping[UUID, tuple[int, int]]
    codes: Mapping[UUID, Codes] = field(default_factory=dict)

    @classmethod
    def gather(
        cls,
        actor: Actor,
        district: Partnership,
        parties: Iterable[PartyCard],
        papers: Mapping[tuple[str, UUID], Paper],
    ) -> "_Surveys":
        """Read everything, each table once."""
        rows = (
            Survey.rows.within(actor.tenant)
            .defer(*HEAVY)
            .annotate(
                asked=Count("questions"), reached=F("release_draft__reached"), goals=F("release_draft__goals")
            )
        )
        if not allowed(actor, Action.SEE_SURVEYS):
            rows = rows.exclude(state__in=[SurveyState.DRAFTING, SurveyState.WAITING])
        found = list(rows.order_by("-created_at"))
        anew = opening.under_way_anew(actor.tenant)
        every = OpeningStep.rows.within(actor.tenant).order_by("seal__layer")
        steps = _by_survey(step for step in every if step.again_id == anew.get(step.survey_id))
        return cls(
            actor=actor,
            zone=district.timezone,
            names={party.id: party.name for party in parties},
            papers=papers,
            rows=found,
            seals=_by_survey(SealingParty.rows.within(actor.tenant).order_by("layer")),
            kept=_kept(actor),
            steps=steps,
            anew=frozenset(anew),
            stopped=_stopped(actor, found, steps),
            results=_results(actor, papers),
            certified={row.pk: (row.reached, row.goals) for row in found if row.goals is not None},
            codes=_codes(actor) if allowed(actor, Action.ISSUE_CODES) else {},
        )

    def cards(self) -> tuple[Asked, ...]:
        """Return each survey with its evidence, newest first."""
        return tuple(self._card(row) for row in self.rows)

    def _card(self, row: Survey) -> Asked:
        seals = self._seals(row)
        opens_on = self._seals_open_on(row)
        return Asked(
            id=row.pk,
            title=here(drafts.words(row, "title")),
            stage=self._stage(row, seals, opens_on),
            saved_at=row.saved_at,
            questions=row.asked,  # type: ignore[attr-defined]
            opens_at=row.opens_at,
            closes_at=row.closes_at,
            closed_at=row.closed_at,
            seals_open_on=opens_on,
            results_by=row.results_by,
            answers=row.answers_shown,
            answers_on=row.answers_on,
            seals=seals,
            counting_key=bool(row.seals_block),
            is_opened_anew=row.pk in self.anew - self.certified.keys(),
            codes=self.codes.get(row.pk, Codes()),
            paper=self.papers.get((surveys.KIND, row.pk)),
            results=self.results.get(row.pk),
            certified=self.certified.get(row.pk, (0, 0)),
        )

    def _seals(self, row: Survey) -> tuple[Seal, ...]:
        off = {step.seal_id for step in self.steps.get(row.pk, [])}
        own, cochair = self.actor.party_id, self.actor.has(Role.COCHAIR)
        return tuple(
            Seal(
                party=self.names.get(seal.party_id, ""),
                made=bool(seal.public_key),
                tried=seal.tried_at is not None,
                off=seal.pk in off,
                shredded=seal.shredded_on is not None,
                kept=seal.pk in self.kept and seal.party_id == own,
                ours=seal.party_id == own and (cochair or seal.pk in self.kept),
            )
            for seal in self.seals.get(row.pk, [])
        )

    def _seals_open_on(self, row: Survey) -> date | None:
        if row.closed_at is None:
            return None
        return rules.opens_from(row.opening_on, row.closed_at.astimezone(ZoneInfo(self.zone)).date())

    def _stage(self, row: Survey, seals: tuple[Seal, ...], opens_on: date | None) -> Stage:
        if row.state == SurveyState.LAUNCHED:
            return _window(row)
        if row.state != SurveyState.CLOSED:
            return Stage(row.state)
        if row.pk in self.certified:
            return Stage.CERTIFYING
        if row.pk in self.stopped:
            return Stage.STOPPED
        if opens_on and time.today(self.zone) < opens_on:
            return Stage.LOOKING
        return Stage.COUNTING if all(seal.off for seal in seals) else Stage.OPENING


def _window(row: Survey) -> Stage:
    now = time.now()
    if row.closes_at and row.closes_at <= now:
        return Stage.OVER
    return Stage.OPEN if row.opens_at and row.opens_at <= now else Stage.LAUNCHED


def _kept(actor: Actor) -> set[UUID]:
    own = Keeper.rows.within(actor.tenant).filter(person=actor.person_id)
    return set(own.values_list("seal_id", flat=True))


def _by_survey(rows: Iterable[Row]) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = {}
    for row in rows:
        found.setdefault(row.survey_id, []).append(row)
    return found


def _stopped(actor: Actor, rows: Iterable[Survey], steps: Mapping[UUID, list[OpeningStep]]) -> set[UUID]:
    """Return the surveys whose opening stands still; only one with items that did not open is looked at closely."""
    texts = FrozenText.rows.within(actor.tenant).filter(kind=opening.GO_ON).order_by("version")
    newest = dict(texts.values_list("subject_id", "state"))
    closed = [row for row in rows if row.state == SurveyState.CLOSED]
    asked = {row.pk for row in closed if newest.get(row.pk, State.IN_FORCE) != State.IN_FORCE}
    doubtful = [row for row in closed if row.pk not in asked and _many_aside(steps.get(row.pk, []))]
    missing = tally.missing_in(actor.tenant, closed) if closed else {}
    return asked | set(missing) | {row.pk for row in doubtful if tally.is_stopped(row)}


def _many_aside(steps: list[OpeningStep]) -> bool:
    return bool(steps) and not steps[-1].go_on and peel.stops_tally(0, steps[-1].unopened)


def _results(actor: Actor, papers: Mapping[tuple[str, UUID], Paper]) -> dict[UUID, Results]:
    """Return of each survey the first release that staff do not see yet, or else the newest."""
    rows = Release.rows.within(actor.tenant).order_by("number")
    found: dict[UUID, Results] = {}
    for survey, pk, seen, published in rows.values_list("survey_id", "pk", "seen_from", "published_at"):
        if survey not in found or found[survey].published_at:
            found[survey] = Results(pk, seen, published, papers.get((PUBLISHING, pk)))
    return found


def _codes(actor: Actor) -> dict[UUID, Codes]:
    asked = Eligible.rows.within(actor.tenant).order_by().values_list("survey_id")
    mailbox = Count("pk", filter=~Q(staff__email="") & Q(staff__gone_on=None))
    people = asked.annotate(all=Count("pk"), mailbox=mailbox, letters=Count("pk", filter=Q(letters__gt=0)))
    batches = CodeBatch.rows.within(actor.tenant).order_by().values_list("survey_id")
    printed = dict(batches.annotate(Sum("count")))
    return {
        survey: Codes(number, with_mailbox, mailed, printed.get(survey, 0))
        for survey, number, with_mailbox, mailed in people
    }
