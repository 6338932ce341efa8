"""The first page as its template shows it: headline, first steps, path, what waits, surveys, reach, record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commonground.access.table import Action
from commonground.approvals.queries import TextCard
from commonground.home import path, queries, tasks
from commonground.home.facts import Asked, Facts, Stage
from commonground.home.path import Place
from commonground.home.reader import Reader
from commonground.home.tasks import FirstStep, Task
from commonground.kernel.charts import Chart, share_bars
from commonground.kernel.charts import Share as Bar
from commonground.ledger import queries as ledger
from commonground.ledger.sentences import ToldEntry, tell
from commonground.partnership.models import Partnership

STEP_WHILE_OPEN = 25
"""The count of an open survey moves in steps of so many answers, so that nobody can be seen to arrive."""

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
    has_party: bool
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
        has_party=actor.party_id is not None,
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


def headline(facts: Facts, reader: Reader, papers: int, seals: int, work: int) -> str:
    """Say in one line what waits for the reader: keys before seals, seals before other work."""
    if papers:
        few = papers <= len(PAPERS)
        return str(PAPERS[papers - 1]) if few else _("%(n)s papers wait for our key") % {"n": papers}
    if seals:
        return _("Our seal is asked for")
    if facts.is_founding:
        return _("A partnership begins")
    if work:
        return ngettext("One thing to see to", "%(n)s things to see to", work) % {"n": work}
    if reader.may(Action.SEE_TEXTS) and reader.actor.party_id:
        return _("Nothing waits for our key")
    return _("Where the partnership stands")


def lead(facts: Facts, ours: Sequence[TextCard]) -> str:
    """Say by when the first key is needed and where the survey in hand stands."""
    needed = [text.needed_by for text in ours if text.needed_by]
    sentences = [_("The first is needed by %(day)s.") % {"day": facts.calendar.day(needed[0])}] if needed else []
    current = next((survey for survey in facts.surveys if survey.stage is Stage.OPEN), None)
    if current:
        sentences.append(path.survey_words(current, facts))
    return " ".join(sentences)


def _waiting(reader: Reader, ours: Sequence[TextCard]) -> list[WaitingText] | None:
    if not reader.may(Action.SEE_TEXTS) or reader.actor.party_id is None:
        return None
    return [WaitingText(t, t.is_last(reader.actor.party_id), reader.way("text", text_id=t.id)) for t in ours]


# Surveys now

STAGES = {
    Stage.DRAFTING: gettext_lazy("Draft"),
    Stage.WAITING: gettext_lazy("Waiting for keys"),
    Stage.LAUNCHED: gettext_lazy("Signed by all"),
    Stage.OPEN: gettext_lazy("Open"),
    Stage.OVER: gettext_lazy("Ready to close"),
    Stage.LOOKING: gettext_lazy("Closed"),
    Stage.OPENING: gettext_lazy("Being opened"),
    Stage.STOPPED: gettext_lazy("Stands still"),
    Stage.COUNTING: gettext_lazy("Ready to count"),
}


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


def survey_dates(survey: Asked, facts: Facts) -> str:
    """Say what is known of a survey's days: when it was saved, when it is open, when its seals come off."""
    day = facts.calendar.day
    if survey.stage is Stage.DRAFTING and survey.saved_at:
        words = ngettext(
            "%(n)s question. Saved on %(day)s.", "%(n)s questions. Saved on %(day)s.", survey.questions
        )
        return words % {"n": survey.questions, "day": day(survey.saved_at)}
    if survey.seals_open_on and survey.closed_at:
        words = _("Closed on %(closed)s. Seals come off from %(seals)s on.")
        return words % {"closed": day(survey.closed_at), "seals": day(survey.seals_open_on)}
    if survey.opens_at and survey.closes_at:
        words = _("From %(opens)s to %(closes)s.")
        return words % {"opens": day(survey.opens_at), "closes": day(survey.closes_at)}
    return ""


def survey_count(survey: Asked, facts: Facts) -> str:
    """Say the one number there is while a survey is open: that of the whole district, on the day it was taken."""
    if survey.answers is None or survey.answers_on is None:
        return _("Answers are first counted on the day after it opens.")
    if survey.answers < STEP_WHILE_OPEN:
        words = _("Fewer than %(step)s answers on %(day)s.")
    else:
        words = _("%(n)s answers or more on %(day)s, counted in steps of %(step)s.")
    return words % {
        "n": f"{survey.answers:,}",
        "step": STEP_WHILE_OPEN,
        "day": facts.calendar.day(survey.answers_on),
    }


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
