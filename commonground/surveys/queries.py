"""Reading surveys for pages: the list, the draft, and what each form starts from. Everything is a frozen card."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from commonground.access.actor import Actor
from commonground.approvals.models import FrozenText
from commonground.approvals.rules import State
from commonground.kernel import time
from commonground.partnership.queries import PartyCard
from commonground.sealing.formats import fingerprint
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
    SurveyState,
)
from commonground.surveys.rules import Finding, Group, Words
from commonground.surveys.sentences import prospects, sentence
from commonground.surveys.wording import AIM_EASE, AIM_GRADE, AIM_MINUTES, ease, grade

KIND_NAMES = {
    QuestionKind.AGREEMENT: gettext_lazy("Five answers, from strongly disagree to strongly agree"),
    QuestionKind.FREQUENCY: gettext_lazy("Five answers, from never to always"),
    QuestionKind.SCALE10: gettext_lazy("A number from 0 to 10"),
    QuestionKind.ONE: gettext_lazy("One choice"),
    QuestionKind.SEVERAL: gettext_lazy("Several choices"),
    QuestionKind.TEXT: gettext_lazy("A short text"),
}
DIMENSION_NAMES = {
    Dimension.SITE: gettext_lazy("the place where people work"),
    Dimension.JOB_FAMILY: gettext_lazy("the kind of job"),
    Dimension.TENURE: gettext_lazy("the years in the district"),
    Dimension.SHIFT: gettext_lazy("the shift"),
    Dimension.LANGUAGE: gettext_lazy("the preferred language"),
    Dimension.UNIT: gettext_lazy("the bargaining unit"),
    Dimension.OTHER: gettext_lazy("something else, with choices of its own"),
}
STATE_NAMES = {
    SurveyState.DRAFTING: gettext_lazy("Draft"),
    SurveyState.WAITING: gettext_lazy("Waiting for keys"),
    SurveyState.LAUNCHED: gettext_lazy("Launched"),
    SurveyState.CLOSED: gettext_lazy("Closed"),
    SurveyState.COUNTED: gettext_lazy("Counted"),
    SurveyState.DESTROYED: gettext_lazy("Answers destroyed"),
}
SCREEN_NAMES = {
    Level.CLEAR: gettext_lazy("clear"),
    Level.CONSULT: gettext_lazy("consult"),
    Level.MUST_BARGAIN: gettext_lazy("must bargain"),
}
SCREEN_WORDS = (
    (Level.CLEAR, gettext_lazy("Clear: nobody bargains about it")),
    (Level.CONSULT, gettext_lazy("Consult: the bargaining teams should hear of it first")),
    (Level.MUST_BARGAIN, gettext_lazy("Must bargain: it waits for the bargaining table, out of the survey")),
)
TEXT_NAMES = {
    "title": gettext_lazy("Title"),
    "purpose": gettext_lazy("Purpose"),
    "message": gettext_lazy("Joint message"),
    "contact": gettext_lazy("Contact"),
    "help_lines": gettext_lazy("Help lines"),
}


def here(words: Words) -> str:
    """Return the words in the reader's language, or in English where that is all there is."""
    return words.es if get_language() == "es" and words.es else words.en


def fingerprint_of(paper_hash: str) -> str:
    """Return the 26 characters of a paper, or nothing where it is not frozen."""
    return fingerprint(bytes.fromhex(paper_hash)) if paper_hash else ""


# The list


@dataclass(frozen=True)
class SurveyLine:
    """One survey in the list."""

    id: UUID
    title: str
    state: str
    state_name: str
    revision: int
    saved_at: datetime
    opens_at: datetime | None
    closes_at: datetime | None
    questions: int

    @property
    def is_open(self) -> bool:
        """Say whether answers are taken now."""
        opened = bool(self.opens_at and self.opens_at <= time.now())
        return self.state == SurveyState.LAUNCHED and opened and not self.is_over

    @property
    def is_over(self) -> bool:
        """Say whether the time for answering is over."""
        return bool(self.closes_at and self.closes_at <= time.now())


def surveys(actor: Actor) -> list[SurveyLine]:
    """Return every survey of the partnership, newest first."""
    asked = Count("questions", filter=~Q(questions__bargaining=Level.MUST_BARGAIN))
    rows = Survey.rows.within(actor.tenant).annotate(asked=asked).order_by("-created_at")
    return [line(row, row.asked) for row in rows]


def survey(actor: Actor, survey_id: UUID) -> SurveyLine:
    """Return one survey by its outline. Raises NotFound."""
    row = Survey.rows.one(actor.tenant, survey_id)
    asked = Question.rows.within(actor.tenant).filter(survey=row).exclude(bargaining=Level.MUST_BARGAIN)
    return line(row, asked.count())


def line(row: Survey, questions: int) -> SurveyLine:
    """Return the outline of a survey."""
    return SurveyLine(
        id=row.pk,
        title=here(drafts.words(row, "title")),
        state=row.state,
        state_name=str(STATE_NAMES[SurveyState(row.state)]),
        revision=row.revision,
        saved_at=row.saved_at,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        questions=questions,
    )


# The draft


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
class TableCard:
    """A table of the plan, and what the staff list says of it; one that is `never` shown cannot stay."""

    name: str
    words: tuple[str, ...] = ()
    never: bool = False


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
    (gettext_lazy("Tables"), (rules.Gap.NEVER_SHOWN, rules.Gap.PAIR_NEVER_SHOWN, rules.Gap.CROSS_TOO_LARGE)),
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
        tables=tuple(_tables(written)),
        eligible=written.eligible,
        ready=_ready(read),
        waiting=_waiting_text(written.survey),
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


def side(party: PartyCard) -> str:
    """Return labor, staff or management, as the look names a side."""
    if not party.is_labor:
        return "management"
    return "staff" if party.kind == "staff_representatives" else "labor"


def _tables(written: Written) -> Iterable[TableCard]:
    by_id, minimum = {asked.id: asked for asked in written.asked}, written.survey.minimum_group
    crossings = {crossing.pair: crossing for crossing in written.crossings}
    if written.questions:
        yield TableCard(_("The whole district"))
    for asked in written.asked:
        if asked.margin:
            name = _("By %(group)s (question %(number)s)") % _named(asked)
            yield _table(name, rules.outlook(asked, minimum), minimum)
    for first, second in written.draft.pairs:
        names = {"first": _named(by_id[first])["group"], "second": _named(by_id[second])["group"]}
        name = _("By %(first)s, crossed with %(second)s") % names
        yield _table(name, _crossed(crossings, first, second, minimum), minimum)


def _table(name: str, found: rules.Outlook | None, minimum: int) -> TableCard:
    return TableCard(name, tuple(prospects(found, minimum)), found is not None and not found.shown)


def _crossed(
    crossings: Mapping[tuple[str, str], rules.Crossing], first: str, second: str, minimum: int
) -> rules.Outlook | None:
    crossing = crossings.get((first, second)) or crossings.get((second, first))
    return rules.outlook_crossed(crossing, minimum) if crossing else None


def _named(asked: rules.Asked) -> dict[str, object]:
    return {"group": DIMENSION_NAMES[Dimension(asked.dimension)], "number": asked.number}


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


def part(actor: Actor, part_id: UUID) -> tuple[SurveyLine, dict[str, Any]]:
    """Return the survey of a part and what its form starts from."""
    row = Part.rows.one(actor.tenant, part_id)
    found = marks.part(row)
    return survey(actor, row.survey_id), {**found.values, "mark": found.mark}


def question(actor: Actor, question_id: UUID) -> tuple[SurveyLine, dict[str, Any]]:
    """Return the survey of a question and what its form starts from."""
    row = Question.rows.one(actor.tenant, question_id)
    found = marks.question(row)
    return survey(actor, row.survey_id), {**found.values, "mark": found.mark}


def parts(actor: Actor, survey_id: UUID) -> list[tuple[str, str]]:
    """Return the parts to choose from, as (id, title)."""
    rows = Part.rows.within(actor.tenant).filter(survey=survey_id)
    return [(str(row.pk), here(drafts.words(row, "title"))) for row in rows]


def texts(actor: Actor, survey_id: UUID) -> dict[str, Any]:
    """Return what the form of the texts starts from."""
    found = marks.texts(Survey.rows.one(actor.tenant, survey_id))
    return {**found.values, "mark": found.mark}


def terms(actor: Actor, survey_id: UUID) -> dict[str, Any]:
    """Return what the form of dates and promises starts from."""
    found = marks.terms(Survey.rows.one(actor.tenant, survey_id))
    return {**found.values, "mark": found.mark}


@dataclass(frozen=True)
class TableChoice:
    """A table that may be chosen: its id, its name, and what the staff list says of it."""

    id: str
    name: str
    words: str


@dataclass(frozen=True)
class PlanCard:
    """The plan of tables to choose: group questions, their pairs, and what is chosen."""

    margins: list[TableChoice]
    pairs: list[TableChoice]
    chosen: dict[str, Any]


def plan(actor: Actor, survey_id: UUID) -> PlanCard:
    """Return the plan of tables as its form offers it."""
    written = drafts.read(Survey.rows.one(actor.tenant, survey_id))
    minimum = written.survey.minimum_group
    groups = [(row, asked) for row, asked in zip(written.questions, written.asked, strict=True) if asked.dimension]
    crossings = {crossing.pair: crossing for crossing in written.crossings}
    found = marks.plan(written.rows, written.pairs)
    crossed = [f"{pair.first_id.hex}:{pair.second_id.hex}" for pair in written.pairs]
    return PlanCard(
        margins=[
            _choice(row.pk.hex, _titled(asked), rules.outlook(asked, minimum), minimum) for row, asked in groups
        ],
        pairs=[
            _choice(
                f"{one.pk.hex}:{other.pk.hex}",
                f"{_titled(a)} × {_titled(b)}",
                _crossed(crossings, a.id, b.id, minimum),
                minimum,
            )
            for (one, a), (other, b) in combinations(groups, 2)
        ],
        chosen={"margins": found.values["margins"], "pairs": crossed, "mark": found.mark},
    )


def _titled(asked: rules.Asked) -> str:
    return _("%(number)s. %(text)s") % {"number": asked.number, "text": here(asked.text)}


def _choice(id: str, name: str, found: rules.Outlook | None, minimum: int) -> TableChoice:
    return TableChoice(id, name, " ".join(prospects(found, minimum)))
