"""Writing a survey together, and laying it before all parties.

Every edit may carry the `mark` of what its writer read (`marks`): if somebody else saved in between, the edit is
refused with a `Stale` that holds what is saved now. An edit of a text that waits for keys voids it.
"""

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from commonground.access.actor import Actor
from commonground.access.table import Action
from commonground.approvals import actions as approvals
from commonground.approvals.models import FrozenText
from commonground.kernel import time
from commonground.kernel.errors import Refused
from commonground.kernel.text import sha256
from commonground.ledger.acts import act
from commonground.partnership.actions import refuse_while_paused
from commonground.partnership.models import StaffRecord
from commonground.surveys import (
    addresses,
    bargaining,
    campaign,
    drafts,
    marks,
    paper,
    passes,
    promise,
    rules,
    stands,
)
from commonground.surveys.drafting import KIND, open_draft
from commonground.surveys.models import (
    Dimension,
    Eligible,
    Option,
    Part,
    Publish,
    Question,
    QuestionKind,
    SealingParty,
    Survey,
    SurveyState,
    TablePair,
)
from commonground.surveys.sentences import changes, sentence

TEXTS = (*drafts.TEXTS, "help_lines")
PART = ["title_en", "title_es"]
LONGEST_TEXT = 4000
"""Letters of a purpose, a message or the help lines."""
Choices = Iterable[tuple[str, str]]


class Stale(Refused):
    """Somebody saved another text meanwhile: `saved` holds it by field, `mark` lets one save over it knowingly."""

    def __init__(self, saved: Mapping[str, Any], mark: str) -> None:
        super().__init__(
            _("Someone saved another text meanwhile. Nothing was saved, and nothing you wrote is lost.")
        )
        self.saved, self.mark = saved, mark


# The survey and its texts


@act(Action.DRAFT_SURVEY)
def create_survey(actor: Actor, *, title_en: str, title_es: str = "") -> Survey:
    """Begin a draft. Every party is to seal it until `set_sealing_parties` says otherwise."""
    return begun(actor, title_en, title_es)


def begun(actor: Actor, title_en: str, title_es: str, **taken_over: Any) -> Survey:
    """Write the row of a new draft and who is to seal it, inside an act; `taken_over` is of an earlier wave."""
    moment = time.now()
    survey = Survey(
        partnership_id=actor.tenant,
        public_id=secrets.token_hex(16),
        title_en=_filled(title_en),
        title_es=title_es.strip(),
        created_by=actor.person_id,
        created_for=actor.party_id,
        created_at=moment,
        saved_at=moment,
        **taken_over,
    )
    _fits(survey, ["title_en", "title_es"])
    survey.save(force_insert=True)
    for layer, party in enumerate(drafts.sealing_order(actor.tenant), start=1):
        SealingParty(partnership_id=actor.tenant, survey=survey, party=party, layer=layer).save(force_insert=True)
    return survey


@act(Action.DRAFT_SURVEY)
def edit_texts(actor: Actor, /, survey_id: UUID, *, mark: str = "", **texts: str) -> Survey:
    """Write texts such as `purpose_en`: title, purpose, message, contact and help_lines, each in both languages."""
    survey = open_draft(actor, survey_id)
    _check(mark, marks.texts(survey))
    unknown = set(texts) - {f"{name}_{language}" for name in TEXTS for language in ("en", "es")}
    if unknown:
        raise TypeError(f"no text is called {', '.join(sorted(unknown))}")
    for name, text in texts.items():
        setattr(survey, name, text.strip())
    _filled(survey.title_en)
    _fits(survey, texts)
    survey.save(update_fields=list(texts))
    return survey


@act(Action.DRAFT_SURVEY)
def set_terms(
    actor: Actor,
    survey_id: UUID,
    *,
    opens_at: datetime | None,
    closes_at: datetime | None,
    opening_on: date | None,
    results_by: date | None,
    reminders: str = "",
    minimum_group: int = 10,
    publish: str = Publish.JOINT_KEY,
    destroy_after_days: int = 180,
    unopened_after_days: int = 60,
    mark: str = "",
) -> Survey:
    """Write when the survey is open, opened and told, the smallest group shown, and when answers are destroyed.

    `reminders` are ISO days, one a line, ascending.
    """
    survey = open_draft(actor, survey_id)
    _check(mark, marks.terms(survey))
    if minimum_group < 10:
        raise Refused(_("No group of fewer than 10 people is ever shown. Choose 10 or more."))
    if not 90 <= destroy_after_days <= 365 or not 7 <= unopened_after_days <= 365:
        raise Refused(_("Answers are destroyed 90 to 365 days after the release, unopened ones after 7 to 365."))
    survey.opens_at, survey.closes_at = opens_at, closes_at
    survey.opening_on, survey.results_by, survey.reminders = opening_on, results_by, reminders
    survey.minimum_group, survey.publish = minimum_group, Publish(publish)
    survey.destroy_after_days, survey.unopened_after_days = destroy_after_days, unopened_after_days
    survey.save(update_fields=marks.TERMS)
    return survey


def _check(mark: str, now: marks.Marked) -> None:
    if mark and mark != now.mark:
        raise Stale(now.values, now.mark)


def _filled(text: str) -> str:
    if not text.strip():
        raise Refused(_("Please write the English text first. Nothing was saved."))
    return text.strip()


def _fits(row: models.Model, names: Iterable[str]) -> None:
    """Refuse a text that is longer than its column, and one without end where the column has none."""
    for name in names:
        column = cast("models.CharField[str, str]", row._meta.get_field(name))
        text, most = getattr(row, name), column.max_length or LONGEST_TEXT
        if len(text) > most:
            values = {"start": text[:40], "letters": f"{len(text):,}", "most": f"{most:,}"}
            raise Refused(_("“%(start)s…” has %(letters)s letters; %(most)s fit. Nothing was saved.") % values)


# Parts


@act(Action.DRAFT_SURVEY)
def add_part(actor: Actor, survey_id: UUID, *, title_en: str, title_es: str = "") -> Part:
    """Add a part at the end."""
    survey = open_draft(actor, survey_id)
    part = Part(
        partnership_id=actor.tenant,
        survey=survey,
        position=_next(Part.rows.within(actor.tenant).filter(survey=survey)),
        title_en=_filled(title_en),
        title_es=title_es.strip(),
    )
    _fits(part, PART)
    part.save(force_insert=True)
    return part


@act(Action.DRAFT_SURVEY)
def edit_part(actor: Actor, part_id: UUID, *, title_en: str, title_es: str = "", mark: str = "") -> Part:
    """Name a part anew."""
    part = Part.rows.one(actor.tenant, part_id, lock=True)
    open_draft(actor, part.survey_id)
    _check(mark, marks.part(part))
    part.title_en, part.title_es = _filled(title_en), title_es.strip()
    _fits(part, PART)
    part.save(update_fields=PART)
    return part


@act(Action.DRAFT_SURVEY)
def move_part(actor: Actor, part_id: UUID, step: int) -> None:
    """Move a part up (-1) or down (1) by one place; at the end it stays."""
    part = Part.rows.one(actor.tenant, part_id, lock=True)
    open_draft(actor, part.survey_id)
    _swap(list(Part.rows.within(actor.tenant).filter(survey=part.survey_id)), part, step)


@act(Action.DRAFT_SURVEY)
def delete_part(actor: Actor, part_id: UUID) -> None:
    """Take an empty part out."""
    part = Part.rows.one(actor.tenant, part_id, lock=True)
    open_draft(actor, part.survey_id)
    if Question.rows.within(actor.tenant).filter(part=part).exists():
        raise Refused(_("This part still has questions. Move or delete them first."))
    part.delete()


# Questions


@act(Action.DRAFT_SURVEY)
def add_question(
    actor: Actor,
    survey_id: UUID,
    part_id: UUID,
    *,
    kind: str,
    text_en: str,
    text_es: str = "",
    options: Choices = (),
    help_en: str = "",
    help_es: str = "",
    limit: int = 500,
    health: bool = False,
    dimension: str = "",
) -> Question:
    """Add a question at the end of a part, proposed by the actor's party.

    `options` are (English, Spanish), for one or several choices; with a `dimension` that the district's structure
    knows they are left out. `limit` is the bytes of a text answer.
    """
    survey = open_draft(actor, survey_id)
    part = _part_of(actor, survey.pk, part_id)
    question = Question(
        partnership_id=actor.tenant,
        survey=survey,
        part=part,
        position=_next(Question.rows.within(actor.tenant).filter(part=part)),
        proposed_by=actor.party_id,
    )
    _write(question, kind, dimension, limit, health, (text_en, text_es), (help_en, help_es))
    question.save(force_insert=True)
    _write_options(question, options)
    stands.words_changed(actor, question)
    return question


@act(Action.DRAFT_SURVEY)
def edit_question(
    actor: Actor,
    question_id: UUID,
    *,
    part_id: UUID,
    kind: str,
    text_en: str,
    text_es: str = "",
    options: Choices = (),
    help_en: str = "",
    help_es: str = "",
    limit: int = 500,
    health: bool = False,
    dimension: str = "",
    mark: str = "",
) -> Question:
    """Write a question anew; in another part it stands last. Where it changes, the parties speak anew.

    Raises Stale where another saved meanwhile.
    """
    question = Question.rows.one(actor.tenant, question_id, lock=True)
    survey = open_draft(actor, question.survey_id)
    before = marks.question(question)
    _check(mark, before)
    if part_id != question.part_id:
        question.part = _part_of(actor, survey.pk, part_id)
        question.position = _next(Question.rows.within(actor.tenant).filter(part=part_id))
    _write(question, kind, dimension, limit, health, (text_en, text_es), (help_en, help_es))
    if not question.dimension:
        stands.leave_plan(question)
    question.save()
    _write_options(question, options)
    if marks.question(question).mark != before.mark:
        stands.words_changed(actor, question)
    return question


@act(Action.DRAFT_SURVEY)
def move_question(actor: Actor, question_id: UUID, step: int) -> None:
    """Move a question up (-1) or down (1) by one place inside its part; at the end it stays."""
    question = Question.rows.one(actor.tenant, question_id, lock=True)
    open_draft(actor, question.survey_id)
    _swap(list(Question.rows.within(actor.tenant).filter(part=question.part_id)), question, step)


@act(Action.DRAFT_SURVEY)
def delete_question(actor: Actor, question_id: UUID, *, mark: str = "") -> None:
    """Take a question out, and the tables that were to be broken down by it."""
    question = Question.rows.one(actor.tenant, question_id, lock=True)
    open_draft(actor, question.survey_id)
    _check(mark, marks.question(question))
    question.delete()


def _write(
    question: Question,
    kind: str,
    dimension: str,
    limit: int,
    health: bool,
    text: tuple[str, str],
    help: tuple[str, str],
) -> None:
    if kind not in QuestionKind or dimension not in {"", *Dimension}:
        raise Refused(_("Please choose what the question asks for. Nothing was saved."))
    if dimension and kind != QuestionKind.ONE:
        raise Refused(_("A question that groups people has one choice. Nothing was saved."))
    if not 100 <= limit <= 1000:
        raise Refused(_("A text answer has room for 100 to 1,000 bytes. Nothing was saved."))
    same = Question.rows.within(question.partnership_id).filter(survey=question.survey_id, dimension=dimension)
    if dimension not in ("", Dimension.OTHER) and same.exclude(pk=question.pk).exists():
        raise Refused(_("Another question groups people by this already. Nothing was saved."))
    question.together = question.together if dimension == question.dimension else ""
    question.kind, question.dimension, question.limit, question.health = kind, dimension, limit, health
    question.text_en, question.text_es = _filled(text[0]), text[1].strip()
    question.help_en, question.help_es = help[0].strip(), help[1].strip()
    _fits(question, ["text_en", "text_es", "help_en", "help_es"])


def _write_options(question: Question, options: Choices) -> None:
    own = question.kind in (QuestionKind.ONE, QuestionKind.SEVERAL)
    own = own and question.dimension not in rules.FROM_STRUCTURE
    texts = [(en.strip(), es.strip()) for en, es in options if en.strip() or es.strip()] if own else []
    if len({en for en, _es in texts}) != len(texts):
        raise Refused(_("Two choices read the same. Nothing was saved."))
    if len(texts) > rules.MOST_OPTIONS:
        raise Refused(_("A question has up to %s choices. Nothing was saved.") % rules.MOST_OPTIONS)
    tenant = question.partnership_id
    rows = [
        Option(partnership_id=tenant, question=question, position=place, text_en=en, text_es=es)
        for place, (en, es) in enumerate(texts)
    ]
    for row in rows:
        _fits(row, ["text_en", "text_es"])
    Option.rows.within(tenant).filter(question=question).delete()
    Option.rows.within(tenant).bulk_create(rows)


def _part_of(actor: Actor, survey_id: UUID, part_id: UUID) -> Part:
    part = Part.rows.one(actor.tenant, part_id)
    if part.survey_id != survey_id:
        raise Refused(_("This part belongs to another survey. Nothing was saved."))
    return part


def _next(rows: models.QuerySet[Any]) -> int:
    last: int | None = rows.aggregate(last=models.Max("position"))["last"]
    return 0 if last is None else last + 1


def _swap(rows: Sequence[Part] | Sequence[Question], row: Part | Question, step: int) -> None:
    place = [each.pk for each in rows].index(row.pk)
    if step not in (-1, 1) or not 0 <= place + step < len(rows):
        return
    other = rows[place + step]
    row.position, other.position = other.position, row.position
    row.save(update_fields=["position"])
    other.save(update_fields=["position"])


# The plan of tables


@act(Action.DRAFT_SURVEY)
def set_plan(
    actor: Actor,
    survey_id: UUID,
    *,
    margins: Iterable[UUID],
    pairs: Iterable[tuple[UUID, UUID]] = (),
    comments_by_level: bool = False,
    mark: str = "",
) -> None:
    """Say by which group questions results may be shown (`margins`), and which two may be crossed (`pairs`).

    With `comments_by_level` comments are kept by the level of the place, which must be one of the margins.
    """
    survey = open_draft(actor, survey_id)
    rows = Question.rows.within(actor.tenant).filter(survey=survey)
    crossed = TablePair.rows.within(actor.tenant).filter(survey=survey)
    _check(mark, marks.plan(survey, list(rows), list(crossed)))
    chosen, wanted = set(margins), {frozenset(pair) for pair in pairs}
    asked = [row for row in rows if bargaining.goes_in(row.bargaining)]
    grouping = [row.pk for row in asked if row.dimension]
    if not chosen.issubset(grouping):
        raise Refused(_("Results can be broken down by group questions only. Nothing was saved."))
    if any(len(pair) != 2 or not pair <= chosen for pair in wanted):
        raise Refused(_("Two breakdowns can be crossed only if each is shown alone too. Nothing was saved."))
    places = {row.pk for row in asked if row.dimension == Dimension.SITE}
    if comments_by_level and not chosen & places:
        words = _("Comments can be kept by kind of place only if results are shown by place. Nothing was saved.")
        raise Refused(words, "no_place")
    survey.comments_by_level = comments_by_level
    survey.save(update_fields=["comments_by_level"])
    rows.update(margin=models.Case(models.When(pk__in=chosen, then=True), default=False))
    crossed.delete()
    for pair in wanted:
        first, second = sorted(pair, key=grouping.index)
        TablePair(partnership_id=actor.tenant, survey=survey, first_id=first, second_id=second).save(
            force_insert=True
        )


@act(Action.DRAFT_SURVEY)
def leave_table_out(actor: Actor, survey_id: UUID, pair: str, *, mark: str = "") -> None:
    """Take a crossed table, as in `marks.plan`, out of the plan; all else of the plan stays. Raises Stale."""
    survey = open_draft(actor, survey_id)
    rows = Question.rows.within(actor.tenant).filter(survey=survey)
    crossed = list(TablePair.rows.within(actor.tenant).filter(survey=survey))
    _check(mark, marks.plan(survey, list(rows), crossed))
    for each in crossed:
        if f"{each.first_id.hex}:{each.second_id.hex}" == pair:
            each.delete()


@act(Action.DRAFT_SURVEY)
def put_together(actor: Actor, question_id: UUID, together: Sequence[Sequence[str]], *, mark: str = "") -> None:
    """Offer and tell groups of a group question as one: those of each list of codes of the staff list.

    With no list the groups are again those of the staff list. The parties speak anew of the question. Raises Stale
    where another saved meanwhile.
    """
    question = Question.rows.one(actor.tenant, question_id, lock=True)
    survey = open_draft(actor, question.survey_id)
    _check(mark, marks.question(question))
    written = drafts.read(survey)
    if question.dimension not in rules.FROM_STRUCTURE or written.kept(question.dimension):
        raise Refused(_("The groups of this question cannot be put together. Nothing was saved."))
    if together and not rules.may_be_together(written.as_asked(question), together):
        raise Refused(_("The groups changed meanwhile. Nothing was saved."))
    question.together = json.dumps([list(codes) for codes in together]) if together else ""
    question.save(update_fields=["together"])
    stands.words_changed(actor, question)


# Freezing


@act(Action.DRAFT_SURVEY)
def freeze(actor: Actor, survey_id: UUID, *, needed_by: date | None = None) -> FrozenText:
    """Freeze the paper and lay it before all parties. Raises Refused that names everything still missing."""
    survey = Survey.rows.one(actor.tenant, survey_id, lock=True)
    if survey.state == SurveyState.WAITING:
        raise Refused(_("This survey waits for keys already. Nothing was changed."))
    survey = open_draft(actor, survey_id)
    refuse_while_paused(actor.tenant)
    written = drafts.read(survey)
    if missing := rules.gaps(written.draft, time.now()):
        raise Refused(_not_ready(missing), code="not_ready")
    door = paper.Door(campaign.keep_client(), addresses.of_doors(), tuple(promise.weaknesses()))
    survey.paper = paper.build(written, door)
    survey.paper_hash = sha256(survey.paper.encode())
    survey.state, survey.published = SurveyState.WAITING, False
    survey.save(update_fields=["paper", "paper_hash", "state", "published"])
    list_eligible(survey)
    return approvals.freeze(
        actor,
        kind=KIND,
        subject_id=survey.pk,
        title={"en": survey.title_en, "es": survey.title_es},
        body=survey.paper,
        changes=changes(written),
        bound=[party.id for party in written.parties],
        needed_by=needed_by,
    )


def _not_ready(missing: Sequence[rules.Finding]) -> str:
    count = len(missing)
    words = ngettext("%(count)s thing is missing:", "%(count)s things are missing:", count) % {"count": count}
    return " ".join([words, *(sentence(finding) for finding in missing)])


def list_eligible(survey: Survey) -> None:
    """Settle who is asked: everyone on the staff list now. The paper gives their number."""
    tenant = survey.partnership_id
    Eligible.rows.within(tenant).filter(survey=survey).delete()
    staff = StaffRecord.rows.within(tenant).filter(gone_on=None).values_list("pk", flat=True)
    asked = [Eligible(partnership_id=tenant, survey=survey, staff_id=record_id) for record_id in staff]
    links = passes.link_secrets(survey, [row.pk for row in asked])
    for row in asked:
        row.link_hash = passes.link_hash(links[row.pk])
    Eligible.rows.within(tenant).bulk_create(asked, batch_size=500)


def sent_back(actor: Actor, text: FrozenText) -> None:
    """Return the survey to drafting when a party sent its text back."""
    Survey.rows.within(actor.tenant).filter(pk=text.subject_id, state=SurveyState.WAITING).update(
        state=SurveyState.DRAFTING
    )
