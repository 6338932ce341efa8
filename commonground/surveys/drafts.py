"""The draft of a survey as plain values, read whole for the rules and the paper."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import combinations
from uuid import UUID

from django.db.models import QuerySet

from commonground.partnership.models import Membership, Partnership, Party
from commonground.partnership.queries import PartyCard, parties
from commonground.surveys import bargaining, groups, series
from commonground.surveys.models import (
    Keeper,
    Option,
    Part,
    Question,
    Reviewer,
    Says,
    SealingParty,
    Stand,
    Survey,
    TablePair,
)
from commonground.surveys.rules import FROM_STRUCTURE, Asked, Crossing, Draft, Group, Seal, Words
from commonground.surveys.series import Before

TEXTS = ("title", "purpose", "message", "contact")
"""The texts that every paper has."""


@dataclass(frozen=True)
class Written:
    """The rows of a survey and what of the district belongs to it; one read each, however long the survey is."""

    survey: Survey
    partnership: Partnership
    parties: list[PartyCard]
    parts: list[Part]
    rows: list[Question]
    options: dict[UUID, list[Option]]
    pairs: list[TablePair]
    seals: list[SealingParty]
    keepers: dict[UUID, list[Keeper]]
    ready_keepers: set[tuple[UUID, UUID]]
    stands: dict[UUID, list[Stand]]
    reviewers: list[Reviewer]
    eligible: int
    before: Before | None = None

    @cached_property
    def questions(self) -> list[Question]:
        """The questions that may stand in the paper; one that is parked is in `rows` only."""
        return [row for row in self.rows if bargaining.goes_in(row.bargaining)]

    @cached_property
    def names(self) -> dict[UUID, str]:
        """The name of each question on the paper: q1, q2 and so on, in the order of the parts."""
        return {question.pk: f"q{number}" for number, question in enumerate(self.questions, start=1)}

    @cached_property
    def asked(self) -> tuple[Asked, ...]:
        """The questions in order."""
        return tuple(self._asked(number, question) for number, question in enumerate(self.questions, start=1))

    def as_asked(self, question: Question) -> Asked:
        """Return a question as the paper would ask it; one that is parked has the number 0."""
        found = (asked for row, asked in zip(self.questions, self.asked, strict=True) if row.pk == question.pk)
        return next(found, None) or self._asked(0, question)

    @cached_property
    def draft(self) -> Draft:
        """Everything that the rules judge."""
        survey = self.survey
        return Draft(
            texts={name: words(survey, name) for name in TEXTS},
            parts=tuple((words(part, "title"), self._asked_in(part)) for part in self.parts),
            questions=self.asked,
            pairs=tuple((self.names[pair.first_id], self.names[pair.second_id]) for pair in self.pairs),
            help_lines=words(survey, "help_lines"),
            zone=self.partnership.timezone,
            opens_at=survey.opens_at,
            closes_at=survey.closes_at,
            opening_on=survey.opening_on,
            results_by=survey.results_by,
            reminders=tuple(date.fromisoformat(day) for day in survey.reminders.split()),
            minimum=survey.minimum_group,
            eligible=self.eligible,
            parties=len(self.parties),
            seals=tuple(self._seal(seal) for seal in self.seals),
            has_counting_key=bool(survey.seals_block),
            reviewers=tuple(bool(reviewer.public_key) for reviewer in self.reviewers),
            alert=words(survey, "alert"),
            by_level=survey.comments_by_level,
            crossings=self.crossings,
            kept=self.before.kept if self.before else (),
            kept_minimum=self.before.minimum if self.before else None,
        )

    @cached_property
    def known(self) -> list[Asked]:
        """The group questions of which the staff list knows everyone."""
        return [asked for asked in self.asked if asked.groups and asked.groups[0].codes and not asked.uncounted]

    @cached_property
    def people(self) -> Counter[tuple[int, ...]]:
        """How many people on the staff list are in each combination of groups of the `known` questions."""
        places = [{code: place for place, group in enumerate(a.groups) for code in group.codes} for a in self.known]
        rows = groups.crossed(self.survey.partnership_id, [asked.dimension for asked in self.known])
        found: Counter[tuple[int, ...]] = Counter()
        for codes, count in rows:
            found[tuple(place[str(code)] for place, code in zip(places, codes, strict=True))] += count
        return found

    @cached_property
    def crossings(self) -> tuple[Crossing, ...]:
        """Every two group questions that could be crossed and of which the staff list knows everyone."""
        if len(self.known) < 2:
            return ()
        return tuple(
            Crossing((self.known[one].id, self.known[other].id), self._cells(one, other))
            for one, other in combinations(range(len(self.known)), 2)
        )

    def _cells(self, one: int, other: int) -> tuple[int, ...]:
        """Add people up by cell of two of the `known` questions."""
        found: Counter[tuple[int, int]] = Counter()
        for places, count in self.people.items():
            found[places[one], places[other]] += count
        return tuple(found.values())

    def _asked_in(self, part: Part) -> int:
        return sum(question.part_id == part.pk for question in self.questions)

    def _asked(self, number: int, question: Question) -> Asked:
        options = tuple(words(option, "text") for option in self.options.get(question.pk, []))
        found = self._groups(question, options)
        return Asked(
            id=self.names.get(question.pk, ""),
            number=number,
            kind=question.kind,
            text=words(question, "text"),
            help=words(question, "help"),
            options=options,
            health=question.health,
            dimension=question.dimension,
            margin=question.margin,
            groups=found.groups,
            uncounted=found.uncounted,
            fine_by=self.parties_that_say(question, Says.FINE),
            change_wanted_by=self.parties_that_say(question, Says.CHANGE),
        )

    def parties_that_say(self, question: Question, says: Says) -> tuple[str, ...]:
        """Return the names of the parties that say this of the words of a question, in the order of the parties."""
        saying = {stand.party_id for stand in self.stands.get(question.pk, []) if stand.says == says}
        return tuple(party.name for party in self.parties if party.id in saying)

    def _groups(self, question: Question, options: Iterable[Words]) -> groups.Grouped:
        if question.dimension in FROM_STRUCTURE:
            return groups.from_structure(
                self.survey.partnership_id,
                question.dimension,
                self.survey.minimum_group,
                self.kept(question.dimension),
                groups.read_together(question.together),
            )
        return groups.Grouped(tuple(Group(option) for option in options) if question.dimension else (), 0)

    def kept(self, dimension: str) -> Sequence[Sequence[str]]:
        """Return the codes of each group that an earlier wave of the series had; they stay as they were."""
        return self.before.codes_of(dimension) if self.before else ()

    def _seal(self, seal: SealingParty) -> Seal:
        ready = [keeper for keeper in self.keepers.get(seal.pk, []) if self.is_ready(seal, keeper)]
        party = next(party.name for party in self.parties if party.id == seal.party_id)
        return Seal(party, len(ready), bool(seal.public_key), seal.tried_at is not None)

    def is_ready(self, seal: SealingParty, keeper: Keeper) -> bool:
        """Say whether a keeper still holds a role of the party."""
        return (seal.party_id, keeper.person_id) in self.ready_keepers


def words(row: object, name: str) -> Words:
    """Return a text of a row in both languages, spaces at the ends left out."""
    return Words(getattr(row, f"{name}_en").strip(), getattr(row, f"{name}_es").strip())


def read(survey: Survey) -> Written:
    """Read a survey whole."""
    tenant = survey.partnership_id
    seals = list(SealingParty.rows.within(tenant).filter(survey=survey))
    return Written(
        survey=survey,
        partnership=Partnership.objects.get(pk=tenant),
        parties=parties(tenant),
        parts=list(Part.rows.within(tenant).filter(survey=survey)),
        rows=list(Question.rows.within(tenant).filter(survey=survey)),
        options=_by(Option.rows.within(tenant).filter(question__survey=survey), "question_id"),
        pairs=list(TablePair.rows.within(tenant).filter(survey=survey).order_by("first__position", "pk")),
        seals=seals,
        keepers=_by(Keeper.rows.within(tenant).filter(seal__survey=survey).select_related("person"), "seal_id"),
        ready_keepers=_in_office(seals, tenant),
        stands=_by(Stand.rows.within(tenant).filter(question__survey=survey), "question_id"),
        reviewers=list(Reviewer.rows.within(tenant).filter(survey=survey).select_related("person", "party")),
        eligible=groups.staff(tenant),
        before=series.before(survey),
    )


def _by(rows: QuerySet[Option] | QuerySet[Keeper] | QuerySet[Stand], name: str) -> dict[UUID, list]:  # type: ignore[type-arg]
    found: dict[UUID, list[object]] = {}
    for row in rows:
        found.setdefault(getattr(row, name), []).append(row)
    return found


def _in_office(seals: list[SealingParty], tenant: UUID) -> set[tuple[UUID, UUID]]:
    named = Membership.rows.within(tenant).filter(until=None, party_id__in=[seal.party_id for seal in seals])
    return {(party, person) for party, person in named.values_list("party_id", "person_id") if party}


def sealing_order(tenant: UUID) -> list[Party]:
    """Return the parties in peel order: labor first in their own order, management last."""
    rows = list(Party.rows.within(tenant).order_by("position", "name"))
    return sorted(rows, key=lambda party: not party.is_labor)
