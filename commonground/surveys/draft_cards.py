"""The draft of a survey as its pages show it: texts, parts, questions with the talk about them, checks, tables."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy

from commonground.access.actor import Actor
from commonground.approvals.models import FrozenText
from commonground.approvals.rules import State
from commonground.kernel import time
from commonground.surveys import drafts, marks, rules
from commonground.surveys.bargaining import Level, goes_in
from commonground.surveys.drafts import Written
from commonground.surveys.models import (
    Dimension,
    Part,
    Question,
    QuestionKind,
    Remark,
    Says,
    Survey,
)
from commonground.surveys.queries import (
    DIMENSION_NAMES,
    KIND_NAMES,
    SCREEN_NAMES,
    TEXT_NAMES,
    SurveyLine,
    here,
    line,
    side,
)
from commonground.surveys.rules import Finding, Group, Words
from commonground.surveys.sentences import sentence
from commonground.surveys.table_cards import TableCard, tables
from commonground.surveys.wording import AIM_EASE, AIM_GRADE, AIM_MINUTES, ease, grade


@dataclass(frozen=True)
class BilingualCard:
    """A named text in both languages."""

    name: str
    en: str
    es: str


@dataclass(frozen=True)
class RemarkCard:
    """A comment on a question: the party (empty for those who serve both), its side, the words, when."""

    party: str
    side: str
    text: str
    at: datetime


@dataclass(frozen=True)
class TalkCard:
    """What the parties say of a question: its words, comments, and the bargaining screen.

    `ours` is what the reader's party says; `wishes` names the parties that would have the screen lower.
    """

    mark: str
    screen: str
    screen_name: str
    screened_on: date | None
    is_parked: bool
    fine: int
    parties: int
    change_wanted_by: tuple[str, ...]
    ours: str
    remarks: tuple[RemarkCard, ...]
    wishes: tuple[str, ...]


@dataclass(frozen=True)
class QuestionCard:
    """One question of the draft; `groups` are what its choices will be, `open` what is still missing.

    `number` is 0 for a question that is parked; `cautions` are worth a second look.
    """

    id: UUID
    number: int
    kind: str
    text: Words
    help: Words
    options: tuple[Words, ...]
    groups: tuple[Group, ...]
    group_name: str
    from_structure: bool
    health: bool
    limit: int
    is_text: bool
    proposer: str
    side: str
    open: tuple[str, ...]
    cautions: tuple[str, ...]
    talk: TalkCard
    is_first: bool
    is_last: bool


@dataclass(frozen=True)
class PartCard:
    """A part of the draft with its questions."""

    id: UUID
    number: int
    title: Words
    questions: tuple[QuestionCard, ...]
    is_first: bool
    is_last: bool


@dataclass(frozen=True)
class Check:
    """One point of "Ready to freeze?": its name, and what is open."""

    name: str
    open: tuple[str, ...]


@dataclass(frozen=True)
class Ready:
    """What stands between the draft and its freezing, and what is worth a second look."""

    checks: tuple[Check, ...]
    advice: tuple[str, ...]
    minutes: int
    aim: int
    grade: str
    aim_grade: int
    ease: int | None
    aim_ease: int
    agreed: int
    questions: int
    parked: int

    @property
    def good(self) -> int:
        """How many points are done."""
        return sum(not check.open for check in self.checks)

    @property
    def is_ready(self) -> bool:
        """Say whether nothing is missing."""
        return self.good == len(self.checks)

    @property
    def filled(self) -> str:
        """The width of the length meter's bar in percent; the aim stands at 80."""
        return f"{min(100.0, 80 * self.minutes / self.aim):.0f}%"

    @property
    def is_long(self) -> bool:
        """Say whether answering takes longer than the aim."""
        return self.minutes > self.aim


@dataclass(frozen=True)
class TermsCard:
    """Dates and promises of a draft."""

    opens_at: datetime | None
    closes_at: datetime | None
    opening_on: date | None
    results_by: date | None
    reminders: str
    minimum_group: int
    publish: str
    destroy_after_days: int
    unopened_after_days: int

    @property
    def reminder_days(self) -> list[date]:
        """The days of the reminders."""
        return [date.fromisoformat(day) for day in self.reminders.split()]


@dataclass(frozen=True)
class FollowsCard:
    """The wave before this one."""

    id: UUID
    title: str


@dataclass(frozen=True)
class DraftCard:
    """The whole draft as its page shows it."""

    survey: SurveyLine
    texts: tuple[BilingualCard, ...]
    parts: tuple[PartCard, ...]
    terms: TermsCard
    tables: tuple[TableCard, ...]
    eligible: int
    ready: Ready
    waiting: UUID | None
    follows: FollowsCard | None


CHECKS: tuple[tuple[Any, tuple[rules.Gap, ...]], ...] = (
    (gettext_lazy("Texts"), (rules.Gap.NO_WORDS, rules.Gap.NO_HELP_LINES)),
    (
        gettext_lazy("Questions"),
        (rules.Gap.NO_QUESTIONS, rules.Gap.EMPTY_PART, rules.Gap.FEW_OPTIONS, rules.Gap.MANY_OPTIONS),
    ),
    (gettext_lazy("Agreement"), (rules.Gap.CHANGE_WANTED,)),
    (gettext_lazy("Languages"), (rules.Gap.NO_ENGLISH, rules.Gap.NO_SPANISH)),
    (
        gettext_lazy("Dates and people"),
        (
            rules.Gap.NOBODY_ASKED,
            rules.Gap.NO_WINDOW,
            rules.Gap.WINDOW_PAST,
            rules.Gap.WINDOW_BACKWARDS,
            rules.Gap.REMINDER_OUTSIDE,
            rules.Gap.MANY_REMINDERS,
            rules.Gap.NO_OPENING,
            rules.Gap.OPENING_TOO_SOON,
            rules.Gap.NO_RESULTS_DAY,
            rules.Gap.RESULTS_TOO_SOON,
            rules.Gap.RESULTS_BEFORE_CLOSING,
        ),
    ),
    (
        gettext_lazy("Tables"),
        (
            rules.Gap.NEVER_SHOWN,
            rules.Gap.PAIR_NEVER_SHOWN,
            rules.Gap.CROSS_TOO_LARGE,
            rules.Gap.GROUPS_NOT_KEPT,
            rules.Gap.MINIMUM_NOT_KEPT,
        ),
    ),
    (
        gettext_lazy("Comments"),
        (rules.Gap.ONE_REVIEWER, rules.Gap.NO_READING_KEY, rules.Gap.NO_ALERT, rules.Gap.NO_LEVELS),
    ),
    (
        gettext_lazy("Seals"),
        (rules.Gap.FEW_KEEPERS, rules.Gap.SEAL_NOT_MADE, rules.Gap.NO_COUNTING_KEY, rules.Gap.SEAL_NOT_TRIED),
    ),
)
"""The points of "Ready to freeze?", and the gaps that belong to each; every gap belongs to one."""


def draft(actor: Actor, survey_id: UUID) -> DraftCard:
    """Return the draft whole. Raises NotFound."""
    written = drafts.read(Survey.rows.one(actor.tenant, survey_id))
    gaps = rules.gaps(written.draft, time.now())
    read = _Read(written, actor.party_id, remarks_of(written.survey), gaps, rules.advice(written.draft))
    return DraftCard(
        survey=line(written.survey, len(written.questions)),
        texts=_texts(written),
        parts=tuple(_part(read, number, part) for number, part in enumerate(written.parts, start=1)),
        terms=TermsCard(**marks.terms(written.survey).values),
        tables=tuple(tables(written)),
        eligible=written.eligible,
        ready=_ready(read),
        waiting=_waiting_text(written.survey),
        follows=FollowsCard(written.before.id, here(written.before.title)) if written.before else None,
    )


def _texts(written: Written) -> tuple[BilingualCard, ...]:
    both = ((name, drafts.words(written.survey, name)) for name in TEXT_NAMES)
    return tuple(BilingualCard(str(TEXT_NAMES[name]), words.en, words.es) for name, words in both)


@dataclass(frozen=True)
class _Read:
    """A draft as it was read for one reader: whole, whose party, comments by question, findings."""

    written: Written
    party_id: UUID | None
    remarks: Mapping[UUID, Sequence[Remark]]
    gaps: Sequence[Finding]
    advice: Sequence[Finding]


def remarks_of(row: Survey) -> dict[UUID, list[Remark]]:
    """Return the comments on the questions of a survey, oldest first, by question."""
    found: dict[UUID, list[Remark]] = {}
    for remark in Remark.rows.within(row.partnership_id).filter(question__survey=row):
        found.setdefault(remark.question_id, []).append(remark)
    return found


def _part(read: _Read, number: int, part: Part) -> PartCard:
    written = read.written
    inside = [question for question in written.rows if question.part_id == part.pk]
    last = len(inside) - 1
    cards = (_question(read, row, place == 0, place == last) for place, row in enumerate(inside))
    return PartCard(
        part.pk, number, drafts.words(part, "title"), tuple(cards), number == 1, number == len(written.parts)
    )


def _question(read: _Read, row: Question, first: bool, last: bool) -> QuestionCard:
    asked = read.written.as_asked(row)
    proposer = next((party for party in read.written.parties if party.id == row.proposed_by), None)
    about = f"question {asked.number}"
    return QuestionCard(
        id=row.pk,
        number=asked.number,
        kind=str(KIND_NAMES[QuestionKind(row.kind)]),
        text=asked.text,
        help=asked.help,
        options=asked.options,
        groups=asked.groups if row.dimension in rules.FROM_STRUCTURE else (),
        group_name=str(DIMENSION_NAMES[Dimension(row.dimension)]) if row.dimension else "",
        from_structure=row.dimension in rules.FROM_STRUCTURE,
        health=row.health,
        limit=row.limit,
        is_text=row.kind == QuestionKind.TEXT,
        proposer=proposer.name if proposer else "",
        side=side(proposer) if proposer else "both",
        open=tuple(dict.fromkeys(sentence(gap) for gap in _open_in(read.gaps, about))),
        cautions=tuple(sentence(advice) for advice in read.advice if advice.about == about),
        talk=_talk(read, row),
        is_first=first,
        is_last=last,
    )


def _open_in(gaps: Iterable[Finding], about: str) -> Iterable[Finding]:
    """Return the gaps of a question; who wants a change is told beside what the parties say."""
    return (gap for gap in gaps if gap.about == about and gap.code is not rules.Gap.CHANGE_WANTED)


def _talk(read: _Read, row: Question) -> TalkCard:
    written, stands = read.written, read.written.stands.get(row.pk, [])
    wishing = {stand.party_id for stand in stands if stand.lower_to}
    return TalkCard(
        mark=marks.question(row, written.options.get(row.pk, [])).mark,
        screen=row.bargaining,
        screen_name=str(SCREEN_NAMES[Level(row.bargaining)]),
        screened_on=row.bargaining_on,
        is_parked=not goes_in(row.bargaining),
        fine=len(written.parties_that_say(row, Says.FINE)),
        parties=len(written.parties),
        change_wanted_by=written.parties_that_say(row, Says.CHANGE),
        ours=next((stand.says for stand in stands if stand.party_id == read.party_id), ""),
        remarks=tuple(_remark(written, remark) for remark in read.remarks.get(row.pk, [])),
        wishes=tuple(party.name for party in written.parties if party.id in wishing),
    )


def _remark(written: Written, row: Remark) -> RemarkCard:
    party = next((party for party in written.parties if party.id == row.party_id), None)
    return RemarkCard(party.name if party else "", side(party) if party else "both", row.text, row.at)


def talk(actor: Actor, question_id: UUID) -> tuple[SurveyLine, QuestionCard]:
    """Return a survey and one question of its draft, with what the parties say of it. Raises NotFound."""
    row = Question.rows.one(actor.tenant, question_id)
    card = draft(actor, row.survey_id)
    found = (question for part in card.parts for question in part.questions)
    return card.survey, next(question for question in found if question.id == question_id)


def _ready(read: _Read) -> Ready:
    written = read.written
    checks = (
        Check(str(name), tuple(dict.fromkeys(sentence(gap) for gap in read.gaps if gap.code in codes)))
        for name, codes in CHECKS
    )
    spoken = rules.spoken(written.draft)
    english, spanish = grade(words.en for words in spoken), ease(words.es for words in spoken)
    return Ready(
        checks=tuple(checks),
        advice=tuple(sentence(finding) for finding in read.advice),
        minutes=max(1, round(rules.length(written.draft))),
        aim=AIM_MINUTES,
        grade="" if english is None else f"{english:.1f}",
        aim_grade=AIM_GRADE,
        ease=None if spanish is None else round(spanish),
        aim_ease=AIM_EASE,
        agreed=sum(len(asked.fine_by) == len(written.parties) for asked in written.asked),
        questions=len(written.asked),
        parked=len(written.rows) - len(written.questions),
    )


def _waiting_text(row: Survey) -> UUID | None:
    texts = FrozenText.rows.within(row.partnership_id).filter(subject_id=row.pk, state=State.WAITING)
    return texts.values_list("pk", flat=True).first()
