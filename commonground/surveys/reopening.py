"""Another table after the count: a co-chair asks, every party turns its key, and all open the sealed answers anew.

The same list is peeled once more, by the same parties in the same order, and each list that comes out must be the
one that came out at the first opening. Nothing that was opened is stored between the two: only sealed answers are.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commonground.access.actor import Actor, operator
from commonground.access.decide import decide
from commonground.access.table import Action
from commonground.approvals import actions as approvals
from commonground.approvals.models import FrozenText
from commonground.disclosure.certifying import Certifying
from commonground.disclosure.plan import PlanRefused
from commonground.disclosure.search import NoDecoy
from commonground.kernel import time
from commonground.kernel.errors import Refused
from commonground.kernel.languages import Words, both, own
from commonground.ledger.acts import act, record
from commonground.partnership.models import Party
from commonground.releases import actions as releases
from commonground.releases.models import Release
from commonground.sealing.tally_open import Opened
from commonground.surveys import certification, ending, further, further_words, opening, people_asked, tally
from commonground.surveys.certification import Counted
from commonground.surveys.further import NothingMore, Table
from commonground.surveys.models import Outcome, Publish, Reopening, Survey, SurveyState
from commonground.surveys.opening_files import paper_of

KIND = "further_tables"
LONGEST_REASON = 1000


def why_not(survey: Survey) -> Refused | None:
    """Return why no table of a survey can be asked for now, None where one can."""
    if survey.state == SurveyState.DESTROYED:
        return Refused(_("The sealed answers are destroyed, so no further table can be made of them."), "destroyed")
    if survey.state != SurveyState.COUNTED:
        return Refused(
            _("Further tables are asked for when the answers are counted. Nothing was changed."), "state"
        )
    if tally.is_due(survey):
        return Refused(_("The day has come on which the sealed answers are destroyed. Nothing was changed."), "due")
    if tally.missing(survey):
        words = _(
            "An answer is proven to be missing from this list, so it is not opened anew. Nothing was changed."
        )
        return Refused(words, "missing")
    if opening.anew(survey) is not None:
        words = _("The answers are being opened anew already. Wait until that has ended. Nothing was changed.")
        return Refused(words, "under_way")
    return None


@act(Action.ASK_FURTHER_TABLES)
def ask(actor: Actor, survey_id: UUID, tables: Sequence[Table], reason: str) -> FrozenText:
    """Ask for further tables: freeze the request, and lay it before every party; one waits at a time.

    Raises Refused where the sealed answers cannot be opened any more, for no reason in words, and for a table that
    could never be told, by the list of those asked and by what was released.
    """
    survey = Survey.rows.one(actor.tenant, survey_id, lock=True)
    if refusal := why_not(survey):
        raise refusal
    if not 0 < len(reason := reason.strip()) <= LONGEST_REASON:
        raise Refused(_("Please say in a few words why. Every party reads it. Nothing was changed."), "reason")
    tables = list({frozenset(table): tuple(table) for table in tables}.values())
    _require_possible(survey, tables)
    paper, hashes = paper_of(survey), _hashes(survey)
    list_hash = str(tally.closing_facts(survey)["list_hash"])
    text = approvals.freeze(
        actor,
        kind=KIND,
        subject_id=survey.pk,
        title=_title(survey),
        body=further.write_request(paper, list_hash, hashes, tables, reason),
        changes=[
            both(lambda: gettext("Every party opens the sealed answers anew. The gate judges once more.")),
            *_more(survey, tables),
        ],
        bound=Party.rows.within(actor.tenant).order_by("position").values_list("pk", flat=True),
    )
    record(actor, survey=survey.pk, request=text.hash, tables=[further.in_record(table) for table in tables])
    return text


def _require_possible(survey: Survey, tables: Sequence[Table]) -> None:
    if not tables:
        raise Refused(_("Please choose a table. Nothing was changed."), "tables")
    content, texts = paper_of(survey).content, released(survey)
    told = further.told_before(content, texts)
    people = people_asked.in_tables(survey, content, tables)
    if found := further.never(content, told, tables, texts, people):
        words = [further_words.why_never(content, one) for one in found]
        raise Refused(" ".join(words), found[0].why)


def released(survey: Survey) -> list[str]:
    """Return the texts of the releases of a survey's numbers, first first."""
    return [text for text in releases.before(survey.partnership_id) if further.is_of(text, survey.public_id)]


def _hashes(survey: Survey) -> list[str]:
    rows = Release.rows.within(survey.partnership_id).filter(survey_id=survey.pk).order_by("number")
    return list(rows.values_list("hash", flat=True))


def _title(survey: Survey) -> Words:
    titles = {"en": survey.title_en, "es": survey.title_es}
    return both(lambda: gettext("Another table: %(survey)s") % {"survey": own(titles)})


def _more(survey: Survey, tables: Sequence[Table]) -> list[Words]:
    content = paper_of(survey).content
    return [both(partial(further_words.name, content, table)) for table in tables]


def begin(actor: Actor, text: FrozenText) -> None:
    """Let the answers be opened anew; runs in the transaction of the last key."""
    survey = Survey.rows.one(actor.tenant, text.subject_id, lock=True)
    if refusal := why_not(survey):
        raise refusal
    if list(further.read_request(text.body).releases) != _hashes(survey):
        words = _(
            "Something of this survey was released after this text was written. Ask once more. No key was turned."
        )
        raise Refused(words, "other_releases")
    Reopening(partnership_id=actor.tenant, survey=survey, text=text, since=time.now()).save(force_insert=True)
    survey.reminded_on = None
    survey.save(update_fields=["reminded_on"])
    _tell_later(survey)
    record(actor, survey=survey.pk, request=text.hash, opens_anew=True)


@act(Action.ASK_FURTHER_TABLES)
def give_up(actor: Actor, survey_id: UUID) -> None:
    """End opening the answers anew before they are counted; whatever was peeled is erased."""
    survey = Survey.rows.one(actor.tenant, survey_id, lock=True)
    again = _again(survey)
    opening.end_anew(survey, Outcome.GIVEN_UP)
    certification.end(survey)
    _tell_later(survey)
    record(actor, survey=survey.pk, request=again.text.hash, given_up=True)


def begins_on(survey: Survey, again: Reopening) -> date:
    """Return the day of the last key, by the clock of the district."""
    return again.since.astimezone(ZoneInfo(paper_of(survey).content["timezone"])).date()


def ends_on(survey: Survey, again: Reopening) -> date:
    """Return the day on which opening the answers anew ends by itself, where not every party comes.

    As many days after the last key as the paper names for a survey whose seals are not all opened, and never after
    the day on which the sealed answers are destroyed.
    """
    last = begins_on(survey, again) + timedelta(days=survey.unopened_after_days)
    due = tally.destruction_due(survey)
    return min(last, due) if due else last


def tick() -> None:
    """End each opening anew whose day has come; one that is counted and waits for its certificate goes on."""
    rows = Reopening.rows.across_all(reason="a job serves all districts").filter(ended_at=None)
    for again in rows.select_related("survey"):
        survey = again.survey
        today = time.today(paper_of(survey).content["timezone"])
        if today >= ends_on(survey, again) and not certification.waits(survey):
            end_late(operator(survey.partnership_id), survey.pk)
            _let_go(survey)


@act(Action.END_OPENING_ANEW)
def end_late(actor: Actor, survey_id: UUID) -> None:
    """End opening the answers anew on its last day. What was released, and the sealed answers, stay."""
    survey = Survey.rows.one(actor.tenant, survey_id, lock=True)
    again = _again(survey)
    if time.today(paper_of(survey).content["timezone"]) < ends_on(survey, again):
        raise Refused(_("The day has not come on which this ends. Nothing was changed."), "early")
    opening.end_anew(survey, Outcome.LATE)
    _tell_later(survey)
    record(actor, survey=survey.pk, request=again.text.hash)


def stop(actor: Actor, survey_id: UUID) -> None:
    """Give up opening the answers anew, and erase the lists that lie here."""
    give_up(actor, survey_id)
    _let_go(Survey.rows.one(actor.tenant, survey_id))


def count(
    actor: Actor, survey_id: UUID, shares: Mapping[UUID, bytes], seconds: float | None = None
) -> Release | None:
    """Count anew with a share of every party, and judge the tables asked for with everything released before.

    Return the later release; None where nothing more can be told, of which the record and the page say why, and
    where it waits for its certificate as a first count does, see `tally.count`. Neither shares nor opened answers
    are written. Raises Refused for answers that are not those that were counted.
    """
    decide(actor, Action.COUNT_ANSWERS)
    survey = Survey.rows.one(actor.tenant, survey_id)
    tally.require_all_off(survey)
    certification.require_none(actor.tenant)
    again = _again(survey)
    opened = tally.open_in_memory(survey, paper_of(survey), shares)
    _require_same_answers(survey, opened)
    try:
        counted, work = _counted(survey, again, opened)
        is_certified = certification.soon(work, tally.patience(seconds))
    except (PlanRefused, NoDecoy) as refusal:
        refuse(actor, survey, refusal)
    else:
        if is_certified:
            return release(actor, survey, counted, work)
        tally.note_waiting(actor, survey_id, counted, work)
    return None


def refuse(actor: Actor, survey: Survey, why: PlanRefused | NoDecoy, waited: bool = False) -> None:
    """End opening anew without a release: the gate tells nothing more, or no other answers print the same."""
    again = _again(survey)
    _note_refused(actor, survey.pk, again.pk, further.as_reasons(_why(why, again)), waited)
    _let_go(survey)


def _again(survey: Survey) -> Reopening:
    again = opening.anew(survey)
    if again is None:
        raise Refused(tally.MOVED_ON, "state")
    return again


def _counted(survey: Survey, again: Reopening, opened: Opened) -> tuple[Counted, Certifying]:
    paper, request = paper_of(survey), further.read_request(again.text.body)
    day = time.today(paper.content["timezone"]).isoformat()
    before = releases.before(survey.partnership_id)
    content = further.further_content(paper, opened, tally.closing_facts(survey), day, before, request)
    tables = content.pop("tables")
    return Counted(content, (), (), (), certification.beside(before)), Certifying(tables)


def _why(refusal: PlanRefused | NoDecoy, again: Reopening) -> dict[Table, str]:
    if isinstance(refusal, NothingMore):
        return dict(refusal.left_out)
    code = refusal.code if isinstance(refusal, PlanRefused) else "together"
    return dict.fromkeys(further.read_request(again.text.body).tables, code)


def release(
    actor: Actor, survey: Survey, counted: Counted, work: Certifying, waited: bool = False
) -> Release | None:
    """Release a later count whose certificate is made; None where its certificate leaves nothing new to tell."""
    tally.require_waits(survey, waited)
    again = _again(survey)
    content = {**counted.content, "tables": work.document}
    made = None
    if reasons := further.refused_with(released(survey), content):
        _note_refused(actor, survey.pk, again.pk, further.as_reasons(reasons), waited)
    else:
        made = _note_released(actor, survey.pk, again.pk, counted, work, waited)
    _let_go(survey)
    return made


def _let_go(survey: Survey) -> None:
    tally.let_go(survey)
    ending.tell()


def _require_same_answers(survey: Survey, opened: Opened) -> None:
    """Refuse other answers than those that were counted, by their receipts, which are published."""
    if tally.receipts_published(survey) != {receipt.hex() for receipt in opened.receipts}:
        words = _(
            "These are not the answers that were counted before. Nothing was changed. Please tell every party."
        )
        raise Refused(words, "other_answers")


@act(Action.COUNT_ANSWERS)
def _note_released(
    actor: Actor, survey_id: UUID, reopening_id: UUID, counted: Counted, work: Certifying, waited: bool
) -> Release:
    survey, again = _locked(actor, survey_id, reopening_id, waited)
    if counted.content["further"]["request"] != again.text.hash:
        raise Refused(tally.MOVED_ON, "state")
    content = {**counted.content, "tables": work.document}
    made = releases.register(actor, survey_id, content, work.certificate())
    opening.end_anew(survey, Outcome.RELEASED, release=made.hash)
    _tell_later(survey)
    record(actor, survey=survey_id, request=again.text.hash, release=made.hash)
    tally.require_beside(actor, counted, made)
    if survey.publish == Publish.AT_ONCE:
        tally.publish_at_once(actor, made)
    return made


@act(Action.COUNT_ANSWERS)
def _note_refused(
    actor: Actor, survey_id: UUID, reopening_id: UUID, reasons: Sequence[Mapping[str, Any]], waited: bool
) -> None:
    survey, again = _locked(actor, survey_id, reopening_id, waited)
    opening.end_anew(survey, Outcome.REFUSED, reasons=reasons)
    _tell_later(survey)
    refused = [further.in_record(tuple(each["table"]), each["reason"]) for each in reasons]
    record(actor, survey=survey_id, request=again.text.hash, refused=refused)


def _locked(actor: Actor, survey_id: UUID, reopening_id: UUID, waited: bool) -> tuple[Survey, Reopening]:
    """Return a survey and its opening anew, which ends now and waits for no certificate any more."""
    survey = Survey.rows.one(actor.tenant, survey_id, lock=True)
    tally.require_waits(survey, waited)
    again = _again(survey)
    if again.pk != reopening_id:
        raise Refused(tally.MOVED_ON, "state")
    certification.end(survey)
    return survey, again


def _tell_later(survey: Survey) -> None:
    """Have the respondents' door told; it is after the transaction, and may be repeated."""
    survey.news += 1
    survey.save(update_fields=["news"])
