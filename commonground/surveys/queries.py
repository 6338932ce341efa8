"""Reading surveys for pages: the list, and what each form of the draft starts from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import get_language, gettext_lazy

from commonground.access.actor import Actor
from commonground.kernel import time
from commonground.partnership.queries import PartyCard
from commonground.sealing.formats import fingerprint
from commonground.surveys import drafts, marks
from commonground.surveys.bargaining import Level
from commonground.surveys.models import (
    Dimension,
    Part,
    Question,
    QuestionKind,
    Survey,
    SurveyState,
)
from commonground.surveys.rules import Words

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


def side(party: PartyCard) -> str:
    """Return labor, staff or management, as the look names a side."""
    if not party.is_labor:
        return "management"
    return "staff" if party.kind == "staff_representatives" else "labor"


# What forms start from


def titles(actor: Actor, survey_id: UUID) -> dict[str, str]:
    """Return the titles of a survey, with which its next wave starts."""
    row = Survey.rows.one(actor.tenant, survey_id)
    return {"title_en": row.title_en, "title_es": row.title_es}


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
