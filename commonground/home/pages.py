"""The first page as its template shows it: headline, first steps, path, what waits, surveys, reach, record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonground.access.table import Action
from commonground.approvals.queries import TextCard
from commonground.home import path, queries, tasks
from commonground.home.facts import Asked, Facts, Stage
from commonground.home.path import Place
from commonground.home.reader import Reader
from commonground.home.said import STAGES, survey_count, survey_dates, survey_words
from commonground.home.tasks import FirstStep, Task
from commonground.kernel.charts import Chart, share_bars
from commonground.kernel.charts import Share as Bar
from commonground.ledger import queries as ledger
from commonground.ledger.sentences import ToldEntry, tell
from commonground.partnership.models import Partnership

LEAST_REACHED = 5
NEWEST = 5


@dataclass(frozen=True)
class WaitingText:
    """A text that waits for our key: who has turned, whether ours is the last, and where to decide."""

    text: TextCard
    last: bool
    url: str


@dataclass(frozen=True)
class SurveyRow:
    """One survey that is under way: its state in a word, its dates, its count while it is open."""

    survey: Asked
    state: str
    words: str
    count: str
    url: str


@dataclass(frozen=True)
class ReachCard:
    """Whom e-mail reaches, by the staff list: a sentence, the least reached places, and where to act."""

    words: str
    chart: Chart | None
    act: str
    url: str


@dataclass(frozen=True)
class HomePage:
    """The first page of one reader."""

    today: date
    headline: str
    lead: str
    first_steps: list[FirstStep]
    places: list[Place]
    waiting: list[WaitingText] | None
    turns: bool
    seals: list[Task]
    work: list[Task]
    surveys: list[SurveyRow] | None
    reach: ReachCard | None
    record: list[ToldEntry] | None


def home_page(reader: Reader, district: Partnership) -> HomePage:
    """Return the first page for this reader."""
    actor = reader.actor
    texts = queries.waiting_texts(actor)
    facts = queries.facts(actor, district, texts)
    ours = [text for text in texts if text.waits_for(actor.party_id)]
    seals, work = tasks.seal_tasks(facts, reader), tasks.work(facts, reader)
    return HomePage(
        today=facts.calendar.today,
        headline=headline(facts, reader, len(ours), len(seals), len(work)),
        lead=lead(facts, ours),
        first_steps=tasks.first_steps(facts, reader),
        places=path.places(facts, reader),
        waiting=_waiting(reader, ours),
        turns=reader.may(Action.TURN_KEY),
        seals=seals,
        work=work,
        surveys=_surveys(facts, reader) if reader.may(Action.SEE_SURVEYS) else None,
        reach=reach(facts, reader) if reader.may(Action.SEE_STRUCTURE) else None,
        record=_record(reader) if reader.may(Action.SEE_LEDGER) else None,
    )


# What waits, in one line

PAPERS = (
    gettext_lazy("One paper waits for our key"),
    gettext_lazy("Two papers wait for our key"),
    gettext_lazy("Three papers wait for our key"),
    gettext_lazy("Four papers wait for our key"),
    gettext_lazy("Five papers wait for our key"),
)
THINGS = (
    gettext_lazy("One thing to see to"),
    gettext_lazy("Two things to see to"),
    gettext_lazy("Three things to see to"),
    gettext_lazy("Four things to see to"),
    gettext_lazy("Five things to see to"),
)


def headline(facts: Facts, reader: Reader, papers: int, seals: int, work: int) -> str:
    """Say in one line what waits for the reader: keys before seals, seals before other work."""
    if papers:
        return _in_words(PAPERS, _("%(n)s papers wait for our key"), papers)
    if seals:
        return _("Our seal is asked for")
    if facts.is_founding:
        return _("A partnership begins")
    if work:
        return _in_words(THINGS, _("%(n)s things to see to"), work)
    if reader.may(Action.SEE_TEXTS) and reader.actor.party_id:
        return _("Nothing waits for our key")
    return _("Where the partnership stands")


def _in_words(few: Sequence[Promise], many: str, number: int) -> str:
    return str(few[number - 1]) if number <= len(few) else many % {"n": number}


def lead(facts: Facts, ours: Sequence[TextCard]) -> str:
    """Say by when the first key is needed and where the survey in hand stands."""
    needed = [text.needed_by for text in ours if text.needed_by]
    words = _("It is needed by %(day)s.") if len(ours) == 1 else _("The first is needed by %(day)s.")
    sentences = [words % {"day": facts.calendar.day(needed[0])}] if needed else []
    current = next((survey for survey in facts.surveys if survey.stage is Stage.OPEN), None)
    if current:
        sentences.append(survey_words(current, facts))
    return " ".join(sentences)


def _waiting(reader: Reader, ours: Sequence[TextCard]) -> list[WaitingText] | None:
    if not reader.may(Action.SEE_TEXTS) or reader.actor.party_id is None:
        return None
    return [WaitingText(t, t.is_last(reader.actor.party_id), reader.way("text", text_id=t.id)) for t in ours]


# Surveys now


def _surveys(facts: Facts, reader: Reader) -> list[SurveyRow]:
    return [
        SurveyRow(
            survey=survey,
            state=str(STAGES[survey.stage]),
            words=survey_dates(survey, facts),
            count=survey_count(survey, facts) if survey.stage is Stage.OPEN else "",
            url=reader.way("survey", survey_id=survey.id),
        )
        for survey in facts.surveys
        if not survey.is_done
    ]


# Reach and record


def reach(facts: Facts, reader: Reader) -> ReachCard | None:
    """Return whom e-mail reaches, by counts of the staff list alone, the least reached places first."""
    if not facts.staff:
        return None
    mailbox = sum(place.with_mailbox for place in facts.reach)
    open_for_codes = next((s for s in facts.surveys if s.stage in (Stage.LAUNCHED, Stage.OPEN)), None)
    codes = reader.way("survey-codes", survey_id=open_for_codes.id) if open_for_codes else ""
    return ReachCard(
        words=_reach_words(facts.staff, mailbox),
        chart=_least_reached(facts),
        act=_("See how the codes go out") if codes else _("See the staff list"),
        url=codes or reader.way("staff"),
    )


def _reach_words(staff: int, mailbox: int) -> str:
    share = percent(mailbox, staff)
    numbers = {"mailbox": f"{mailbox:,}", "staff": f"{staff:,}", "share": share}
    words = _("%(mailbox)s of %(staff)s staff (%(share)s%%) have a mailbox on the staff list.") % numbers
    if mailbox == staff:
        return words
    left = {"left": f"{staff - mailbox:,}", "share": 100 - share}
    return words + " " + _("For the other %(left)s (%(share)s%%) there is only paper or a person.") % left


def percent(part: int, whole: int) -> int:
    """Return a share as a whole percent; all and none are said only where they are so."""
    if part in (0, whole):
        return 100 if part else 0
    return min(99, max(1, round(100 * part / whole)))


def _least_reached(facts: Facts) -> Chart | None:
    short = [place for place in facts.reach if place.with_mailbox < place.people]
    least = sorted(short, key=lambda place: place.with_mailbox / place.people)[:LEAST_REACHED]
    if not least:
        return None
    first = {"place": least[0].place, "mailbox": least[0].with_mailbox, "people": least[0].people}
    return share_bars(
        "reach-by-place",
        _("Least reached by e-mail: %(place)s, %(mailbox)s of %(people)s") % first,
        [Bar(p.place, percent(p.with_mailbox, p.people), p.people, p.with_mailbox) for p in least],
        of=_("Place"),
        note=_("Counts of the staff list. They say nothing of who answered."),
    )


def _record(reader: Reader) -> list[ToldEntry]:
    return tell(reader.actor.tenant, ledger.entries(reader.actor, limit=NEWEST))
