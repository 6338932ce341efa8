"""What is to be done now by the reader: the own seal, the work between the keys, the first steps."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonground.access.table import Action
from commonground.home.facts import Asked, Facts, Stage
from commonground.home.path import Act, charter_act, paper_act
from commonground.home.reader import Reader
from commonground.home.said import survey_words

SOON = 5
"""A survey closes soon when so many days, or fewer, are left."""


@dataclass(frozen=True)
class Task:
    """One thing to do: what, why, and the way there."""

    what: str
    why: str
    act: str
    url: str


def seal_tasks(facts: Facts, reader: Reader) -> list[Task]:
    """Return where the reader's own seal is asked for now: made, tried, taken off, its share, its sheets gone."""
    found = (_seal_task(survey, reader) for survey in facts.surveys if reader.actor.party_id is not None)
    return [task for task in found if task]


def _seal_task(survey: Asked, reader: Reader) -> Task | None:
    own = next((seal for seal in survey.seals if seal.kept or seal.ours), None)
    if own is None:
        return None
    to_seals = reader.way("survey-seals", survey_id=survey.id)
    to_opening = reader.way("survey-opening", survey_id=survey.id)
    if not survey.is_signed and own.kept:
        if not own.made:
            return Task(survey.title, _("Our seal is not made yet."), _("Make our seal"), to_seals)
        if survey.counting_key and not own.tried:
            return Task(survey.title, _("Our opening sheet is not tried yet."), _("Try our sheet"), to_seals)
    if survey.is_opened_anew and own.ours and survey.next_seal in (own, None):
        why = _("The answers are opened anew for another table, and our party is awaited.")
        return Task(survey.title, why, _("Go to the opening"), to_opening)
    if survey.stage is Stage.OPENING and own.ours and own == survey.next_seal:
        return Task(survey.title, _("Our layer is the next to come off."), _("Open our seal"), to_opening)
    if survey.stage is Stage.COUNTING and own.ours:
        return Task(survey.title, _("Our share is needed for counting it together."), _("Go to count"), to_opening)
    if survey.stage is Stage.DESTROYED and not own.shredded:
        why = _("The answers are destroyed. Our opening sheets are shredded where the other side sees it.")
        return Task(survey.title, why, _("Say that ours are gone"), to_opening)
    return None


def work(facts: Facts, reader: Reader) -> list[Task]:
    """Return the work between the keys that the reader may do: staff list, codes, closing, opening, publishing."""
    tasks = [*_staff_work(facts, reader), *_agreement_work(facts, reader)]
    tasks += (task for survey in facts.surveys for task in _course_work(survey, facts, reader))
    tasks += (task for survey in facts.surveys for task in _code_work(survey, reader))
    tasks += (task for survey in facts.surveys for task in _seal_work(survey, reader))
    return tasks


def _staff_work(facts: Facts, reader: Reader) -> Iterator[Task]:
    if not reader.may(Action.IMPORT_STAFF):
        return
    if facts.staff_import:
        why = _("A staff list was read. Nothing changes until somebody looks at it and decides.")
        url = reader.way("staff-import", waiting=facts.staff_import)
        yield Task(_("A staff list waits for a look"), why, _("Look and decide"), url)
    elif not facts.staff:
        why = _("Without it nobody can be asked, and no code can reach anyone.")
        yield Task(_("The staff list is empty"), why, _("Bring it in"), reader.way("staff-file"))


def _agreement_work(facts: Facts, reader: Reader) -> Iterator[Task]:
    """Coming together again after a pause, and agreements that run out."""
    if not reader.may(Action.DRAFT_AGREEMENT):
        return
    if facts.meets_on and not facts.agreements.reconvening:
        words = _("We meet again on %(day)s. A text that says how we go on ends the pause.")
        url = reader.way("agreement-new")
        why = words % {"day": facts.calendar.day(facts.meets_on)}
        yield Task(_("The partnership is paused"), why, _("Write how we go on"), url)
    for each in facts.agreements.expiring:
        words = _("Its last day is %(day)s.")
        if each.last_day < facts.calendar.today:
            words = _("It ended on %(day)s.")
        why = words % {"day": facts.calendar.day(each.last_day)}
        yield Task(each.title, why, _("Renew it or let it end"), reader.way("agreement", agreement_id=each.id))


def _seal_work(survey: Asked, reader: Reader) -> Iterator[Task]:
    if survey.is_signed or not reader.may(Action.PREPARE_SEALS):
        return
    url = reader.way("survey-seals", survey_id=survey.id)
    to_make = [seal.party for seal in survey.seals if not seal.made]
    to_try = [seal.party for seal in survey.seals if survey.counting_key and not seal.tried]
    if survey.seals and not to_make and not survey.counting_key:
        yield Task(survey.title, _("Every seal is made. The counting key comes next."), _("Have it made"), url)
    elif to_make or to_try:
        words = _("Seals not made yet: %(parties)s.") if to_make else _("Sheets not tried yet: %(parties)s.")
        yield Task(survey.title, words % {"parties": ", ".join(to_make or to_try)}, _("See the seals"), url)


def _code_work(survey: Asked, reader: Reader) -> Iterator[Task]:
    if survey.stage not in (Stage.LAUNCHED, Stage.OPEN) or not reader.may(Action.ISSUE_CODES):
        return
    url, codes = reader.way("survey-codes", survey_id=survey.id), survey.codes
    if codes.to_print:
        words = _("%(without)s people have no mailbox; codes are printed for %(printed)s.")
        if not codes.printed:
            words = _("%(without)s people have no mailbox. No code is printed yet.")
        numbers = {"without": f"{codes.without_mailbox:,}", "printed": f"{codes.printed:,}"}
        yield Task(survey.title, words % numbers, _("Print codes"), url)
    if codes.to_mail:
        words = _("Letters with a personal link went to %(mailed)s of %(mailbox)s people with a mailbox.")
        if not codes.mailed:
            words = _("No letter with a personal link went out yet. %(mailbox)s people have a mailbox.")
        numbers = {"mailed": f"{codes.mailed:,}", "mailbox": f"{codes.with_mailbox:,}"}
        yield Task(survey.title, words % numbers, _("Mail codes"), url)


def _course_work(survey: Asked, facts: Facts, reader: Reader) -> Iterator[Task]:
    """Closing and opening for those who see to it, publishing for those who may propose it."""
    if reader.may(Action.CLOSE_SURVEY):
        yield from _closing_work(survey, facts, reader)
    results = survey.results
    if results and not results.published_at and not results.paper and reader.may(Action.PROPOSE_PUBLISHING):
        words = _("Every party sees the results. Staff do not see them yet.")
        promised = _("They were promised by %(day)s.") if survey.results_by else ""
        day = {"day": facts.calendar.day(survey.results_by)} if survey.results_by else {}
        url = reader.way("release-publish", release_id=results.id)
        yield Task(survey.title, f"{words} {promised % day}".strip(), _("Propose to publish"), url)


def _closing_work(survey: Asked, facts: Facts, reader: Reader) -> Iterator[Task]:
    to_opening = reader.way("survey-opening", survey_id=survey.id)
    if survey.stage is Stage.OPEN and survey.closes_at and facts.calendar.days_to(survey.closes_at) <= SOON:
        url = reader.way("survey", survey_id=survey.id)
        yield Task(survey.title, _closes_soon(survey, facts), _("Look at the survey"), url)
    elif survey.stage is Stage.OVER:
        yield Task(survey.title, _("The time for answering is over."), _("Close the survey"), to_opening)
    elif survey.stage in (Stage.OPENING, Stage.STOPPED, Stage.COUNTING):
        yield Task(survey.title, survey_words(survey, facts), _("Go to the opening"), to_opening)


def _closes_soon(survey: Asked, facts: Facts) -> str:
    assert survey.closes_at is not None
    days = facts.calendar.days_to(survey.closes_at)
    if days == 0:
        return _("It closes today. Who was not reached can still be asked.")
    words = ngettext("It closes tomorrow, on %(on)s.", "It closes in %(days)s days, on %(on)s.", days)
    return words % {"days": days, "on": facts.calendar.day(survey.closes_at)}


class Progress(StrEnum):
    """Where a first step stands."""

    DONE = "done"
    NOW = "now"
    LATER = "later"


@dataclass(frozen=True)
class FirstStep:
    """One of the steps from the letters to the founders up to a charter in force."""

    name: str
    words: str
    progress: Progress
    act: str = ""
    url: str = ""


def first_steps(facts: Facts, reader: Reader) -> list[FirstStep]:
    """Return the steps that lead the page until the charter is in force; one of them is to be done now."""
    if not facts.is_founding:
        return []
    here = [team.party for team in facts.teams if team.led]
    gathered, founded = len(here) == len(facts.teams), facts.founded_at is not None
    found = paper_act(facts.founding, reader) if facts.founding else ("", "")
    count = {"here": len(here), "all": len(facts.teams)}
    return [
        _step(
            _("Every party comes to the table"),
            _("%(here)s of %(all)s parties have a co-chair who accepted the letter.") % count,
            founded or gathered,
            True,
            (_("See who is here"), reader.way("people")),
        ),
        _step(_("Found the partnership"), _founding_words(facts), founded, gathered, found),
        _step(
            _("Agree on the charter"),
            _("It says why the parties work together, who decides what, and who turns each key."),
            False,
            founded,
            charter_act(facts, reader),
        ),
    ]


def _step(name: str, words: str, done: bool, due: bool, act: Act) -> FirstStep:
    if done:
        return FirstStep(name, words, Progress.DONE)
    label, url = act if due and act[1] else ("", "")
    return FirstStep(name, words, Progress.NOW if due else Progress.LATER, label, url)


def _founding_words(facts: Facts) -> str:
    if facts.founded_at:
        return _("Every party turned its key on %(day)s.") % {"day": facts.calendar.day(facts.founded_at)}
    if facts.founding:
        turned = {"turned": facts.founding.turned, "bound": facts.founding.bound}
        return _("%(turned)s of %(bound)s parties turned their key on the founding text.") % turned
    return _("Every party turns its key on the founding text.")
