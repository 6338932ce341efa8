"""Beginning the next wave of a survey: its paper is written again as a draft, to be worked on and signed anew."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from commonground.access.actor import Actor
from commonground.access.table import Action
from commonground.kernel.errors import Refused
from commonground.ledger.acts import act
from commonground.surveys import actions, stands
from commonground.surveys.bargaining import Level
from commonground.surveys.models import Option, Part, Question, Survey, TablePair

TAKEN_OVER = (
    *(f"{name}_{language}" for name in actions.TEXTS if name != "title" for language in ("en", "es")),
    "minimum_group",
    "comments_by_level",
    "publish",
    "destroy_after_days",
    "unopened_after_days",
)
OF_A_PART = ("position", "title_en", "title_es")
OF_A_QUESTION = (
    "position",
    "kind",
    "text_en",
    "text_es",
    "help_en",
    "help_es",
    "limit",
    "health",
    "dimension",
    "margin",
    "bargaining",
    "bargaining_on",
)


@act(Action.DRAFT_SURVEY)
def next_wave(actor: Actor, survey_id: UUID, *, title_en: str, title_es: str = "") -> Survey:
    """Begin the next wave of a counted survey: texts, questions and tables are taken over, dates and keys not."""
    earlier = Survey.rows.one(actor.tenant, survey_id)
    if earlier.counted_at is None:
        raise Refused(_("Only a survey that was counted can have a next wave. Nothing was changed."))
    values = {name: getattr(earlier, name) for name in TAKEN_OVER}
    survey = actions.begun(actor, title_en, title_es, follows=earlier, **values)
    parts = _copied(survey, Part.rows.within(actor.tenant).filter(survey=earlier), OF_A_PART)
    rows = Question.rows.within(actor.tenant).filter(survey=earlier).exclude(bargaining=Level.MUST_BARGAIN)
    asked = _copied(survey, rows, OF_A_QUESTION, part=parts)
    _copy_options(actor, asked)
    pairs = TablePair.rows.within(actor.tenant).filter(survey=earlier)
    TablePair.rows.within(actor.tenant).bulk_create(
        TablePair(
            partnership_id=actor.tenant, survey=survey, first=asked[pair.first_id], second=asked[pair.second_id]
        )
        for pair in pairs
        if pair.first_id in asked and pair.second_id in asked
    )
    stands.words_taken_over(actor, list(asked.values()))
    return survey


def _copied(
    survey: Survey, rows: Any, names: tuple[str, ...], part: dict[UUID, Any] | None = None
) -> dict[UUID, Any]:
    """Write rows of an earlier survey again for this one; return each new row by the id of the old one."""
    new = {}
    for row in rows:
        values = {name: getattr(row, name) for name in names}
        if part is not None:
            values |= {"part": part[row.part_id], "proposed_by": row.proposed_by}
        new[row.pk] = type(row)(partnership_id=survey.partnership_id, survey=survey, **values)
    rows.model.rows.within(survey.partnership_id).bulk_create(new.values())
    return new


def _copy_options(actor: Actor, asked: dict[UUID, Question]) -> None:
    rows = Option.rows.within(actor.tenant).filter(question_id__in=asked)
    Option.rows.within(actor.tenant).bulk_create(
        Option(
            partnership_id=actor.tenant,
            question=asked[row.question_id],
            position=row.position,
            text_en=row.text_en,
            text_es=row.text_es,
        )
        for row in rows
    )
