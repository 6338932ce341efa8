"""Sentences about a draft: what is missing, what is worth a second look, what takes effect with the last key."""

from collections.abc import Iterable
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from commonground.kernel import dates
from commonground.kernel.languages import LANGUAGES
from commonground.surveys.drafts import Written
from commonground.surveys.models import Publish
from commonground.surveys.rules import Advice, ByLevel, Finding, Gap, Outlook, Words

SENTENCES: dict[Gap | Advice, str | Promise] = {
    Gap.NO_QUESTIONS: gettext_lazy("There are no questions yet."),
    Gap.EMPTY_PART: gettext_lazy("Part %(part)s has no questions."),
    Gap.NO_WORDS: gettext_lazy("%(about)s: not written yet."),
    Gap.NO_ENGLISH: gettext_lazy("%(about)s: something has no English text."),
    Gap.NO_SPANISH: gettext_lazy("%(about)s: something has no Spanish text."),
    Gap.FEW_OPTIONS: gettext_lazy("Question %(number)s has fewer than two choices."),
    Gap.MANY_OPTIONS: gettext_lazy("Question %(number)s has more than %(most)s choices."),
    Gap.CHANGE_WANTED: gettext_lazy("Question %(number)s: %(parties)s: “we want a change”."),
    Gap.NO_HELP_LINES: gettext_lazy(
        "A question touches health, but no help lines are named to be shown at the end."
    ),
    Gap.NOBODY_ASKED: gettext_lazy("The staff list is empty, so nobody would be asked."),
    Gap.NO_WINDOW: gettext_lazy("It is not said when the survey opens and closes."),
    Gap.WINDOW_PAST: gettext_lazy("The survey would open in the past."),
    Gap.WINDOW_BACKWARDS: gettext_lazy("The survey would close before it opens."),
    Gap.REMINDER_OUTSIDE: gettext_lazy(
        "A reminder lies outside the time in which the survey is open, or on its first day."
    ),
    Gap.MANY_REMINDERS: gettext_lazy("There are more than %(most)s reminders. People would stop reading them."),
    Gap.NO_OPENING: gettext_lazy("It is not said on which day the seals are opened."),
    Gap.OPENING_TOO_SOON: gettext_lazy(
        "Opening comes %(days)s days after closing or later, so that everyone can look for the own answer first."
    ),
    Gap.NO_RESULTS_DAY: gettext_lazy("It is not said by when staff get the results."),
    Gap.RESULTS_TOO_SOON: gettext_lazy("Staff would get the results before the seals are opened."),
    Gap.RESULTS_BEFORE_CLOSING: gettext_lazy("Staff would get the results before the survey closes."),
    Gap.NEVER_SHOWN: gettext_lazy(
        "Question %(number)s: no group has %(minimum)s people on the staff list, so it could never be shown."
    ),
    Gap.PAIR_NEVER_SHOWN: gettext_lazy(
        "Questions %(one)s and %(other)s crossed: no cell has %(minimum)s people on the staff list, so it could "
        "never be shown."
    ),
    Gap.CROSS_TOO_LARGE: gettext_lazy(
        "Crossed breakdowns cut each place into %(cells)s cells; over %(most)s cannot be checked. Cross fewer."
    ),
    Gap.FEW_KEEPERS: gettext_lazy("%(party)s: fewer than %(least)s keepers."),
    Gap.SEAL_NOT_MADE: gettext_lazy("%(party)s: the seal is not made yet."),
    Gap.NO_COUNTING_KEY: gettext_lazy("All seals are in; the counting key is not made yet."),
    Gap.SEAL_NOT_TRIED: gettext_lazy("%(party)s: the seal was not tried yet."),
    Gap.GROUPS_NOT_KEPT: gettext_lazy(
        "The wave before grouped people by “%(question)s”. A later wave asks it with the same choices. To change "
        "them, begin a survey of its own."
    ),
    Gap.MINIMUM_NOT_KEPT: gettext_lazy(
        "The wave before showed nothing about fewer than %(minimum)s people. A later wave keeps that number."
    ),
    Gap.ONE_REVIEWER: gettext_lazy("Comments: one reviewer is named. One of each side reads them."),
    Gap.NO_READING_KEY: gettext_lazy("Comments: a reviewer has not made the reading key yet."),
    Gap.NO_LEVELS: gettext_lazy(
        "Comments are to be kept by kind of place, but results are not broken down by a place that has kinds."
    ),
    Gap.NO_ALERT: gettext_lazy(
        "Comments: it is not said, in both languages, whom the reviewers tell when somebody is in danger."
    ),
    Advice.LONG: gettext_lazy(
        "It takes about %(minutes)s minutes. Aim for %(aim)s: each minute more loses answers."
    ),
    Advice.HARD: gettext_lazy("It reads at grade %(grade)s. Aim for %(aim)s: shorter sentences, shorter words."),
    Advice.HARD_SPANISH: gettext_lazy(
        "The Spanish reads at %(ease)s of 100. Aim for %(aim)s or more: shorter sentences, shorter words."
    ),
    Advice.TOO_PERSONAL: gettext_lazy(
        "Question %(number)s says “%(word)s”. Is that too personal to ask at work? Leave out what nobody acts on."
    ),
    Advice.BARGAINED: gettext_lazy(
        "Question %(number)s says “%(word)s”. That may belong to the bargaining table: look at its screen."
    ),
    Advice.OFF_SCOPE: gettext_lazy(
        "Question %(number)s says “%(word)s”. Is that about well-being at work? A question about one person is not."
    ),
    Advice.RESULTS_LATE: gettext_lazy(
        "Staff would wait more than %(days)s days for the results. Trust fades meanwhile."
    ),
    Advice.TOO_SMALL_TO_SHOW: gettext_lazy(
        "Question %(number)s: fewer than %(minimum)s people on the staff list, so never shown alone: %(groups)s."
    ),
    Advice.TOO_SMALL_TO_CROSS: gettext_lazy("Too small to be split by question %(other)s: %(groups)s."),
    Advice.LIST_INCOMPLETE: gettext_lazy(
        "Question %(number)s: the staff list leaves this empty for %(people)s people, so group sizes are not known."
    ),
    Advice.NOBODY_READS: gettext_lazy(
        "People may write in their own words, but nobody is named on the page of seals to read them: nobody will."
    ),
}
PLACES = {
    "title": gettext_lazy("Title"),
    "purpose": gettext_lazy("Purpose"),
    "message": gettext_lazy("Joint message"),
    "contact": gettext_lazy("Contact"),
    "help_lines": gettext_lazy("Help lines"),
    "reviewers": gettext_lazy("Comments"),
}


def sentence(finding: Finding) -> str:
    """Return the sentence of a finding in the reader's language."""
    values = {name: _spoken(value) for name, value in finding.values.items()}
    return str(SENTENCES[finding.code]) % {"about": place(finding.about), **values}


def place(about: str) -> str:
    """Return the name of the place of the draft that a finding is about."""
    kind, _space, number = about.partition(" ")
    if kind == "question" and number:
        return _("Question %(number)s") % {"number": number}
    if kind == "part" and number:
        return _("Part %(number)s") % {"number": number}
    return str(PLACES.get(kind, kind))


def _spoken(value: object) -> object:
    if isinstance(value, list):
        return ", ".join(map(_here, value))
    return value


def changes(written: Written) -> list[dict[str, str]]:
    """Return in both languages what takes effect when every key is turned."""
    said = {}
    for language in LANGUAGES:
        with override(language):
            said[language] = _changes(written)
    return [dict(zip(said, sentence, strict=True)) for sentence in zip(*said.values(), strict=True)]


def _changes(written: Written) -> list[str]:
    survey, zone = written.survey, written.partnership.timezone
    assert survey.opens_at and survey.closes_at and survey.opening_on and survey.results_by
    parties = len(written.seals)
    return [
        _("%(people)s staff are asked, from %(opens)s, to %(closes)s.")
        % {
            "people": f"{written.eligible:,}",
            "opens": dates.day_and_hour(survey.opens_at, zone),
            "closes": dates.day_and_hour(survey.closes_at, zone),
        },
        _("The %(count)s questions, both languages and the list of tables are fixed.")
        % {"count": len(written.asked)},
        _("Nothing about fewer than %(minimum)s people can be shown. Nobody can lower that number later.")
        % {"minimum": survey.minimum_group},
        _("Answers stay sealed until all %(parties)s sealing parties open them together on %(day)s.")
        % {"parties": parties, "day": dates.day(survey.opening_on)},
        _publishing(survey.publish, survey.results_by),
        *_series(written),
        _("Sealed answers are destroyed %(days)s days after they are counted. Totals stay.")
        % {"days": survey.destroy_after_days},
    ]


def _series(written: Written) -> list[str]:
    if written.before is None:
        return []
    return [
        _("It is the next wave of “%(title)s”: same groups, and its numbers are judged beside those.")
        % {"title": _here(written.before.title)}
    ]


def _publishing(rule: str, by: date) -> str:
    if rule == Publish.AT_ONCE:
        return _("The release goes to all staff at once, by %(day)s at the latest.") % {"day": dates.day(by)}
    return _("The release goes to all staff by %(day)s, once every party has turned its key on it.") % {
        "day": dates.day(by)
    }


def prospects(found: Outlook | None, minimum: int) -> list[str]:
    """Return in words what the staff list says of a breakdown before anyone answers."""
    if found is None:
        return [_("The staff list does not say how many people are in each group.")]
    values = {"all": found.cells, "shown": found.shown, "likely": found.likely, "minimum": minimum}
    if not found.shown:
        return [_("It can never be shown: no group has %(minimum)s people on the staff list.") % values]
    said = [_("%(shown)s of %(all)s groups have %(minimum)s people or more on the staff list.") % values]
    if found.likely < found.shown:
        said.append(_("If half of the people answer, %(likely)s can be shown.") % values)
    if found.joined:
        said.append(_("Joined, since one alone is too small: %(groups)s.") % {"groups": _listed(found.joined)})
    if found.small:
        said.append(_("Never shown alone: %(groups)s.") % {"groups": _listed(found.small)})
    return said


def by_level(found: ByLevel | None) -> list[str]:
    """Return in words what the staff list says of comments by level before anyone answers."""
    if found is None:
        return [_("The staff list does not say how many people are in each group.")]
    if not found.own:
        return [_("Too few may write: all comments would be read together, as those of the district.")]
    said = [_("If half answer and one in four of them writes, these have their own: %(levels)s.")]
    if found.rest:
        said.append(_("Read together: %(rest)s."))
    values = {"levels": _listed(found.own), "rest": _listed(found.rest)}
    return [words % values for words in said]


def _listed(groups: Iterable[Words]) -> str:
    return "; ".join(_here(group) for group in groups)


def _here(words: Words) -> str:
    return words.es if get_language() == "es" and words.es else words.en
