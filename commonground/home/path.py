"""The ten steps as places that light up by evidence in the partnership's own tables, never by a tick.

Steps whose pages do not exist yet are never lit: they say what will light them, and lead nowhere.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commonground.access.table import Action
from commonground.agreements.cards import Held
from commonground.home.facts import Asked, Facts, Paper, Results, Stage
from commonground.home.reader import Reader
from commonground.home.said import in_hand, survey_words


class Light(StrEnum):
    """How far a place is lit; the value is its class on the page."""

    LIT = "lit"
    PART = "part"
    NONE = ""


LIGHT_NAMES = {
    Light.LIT: gettext_lazy("Lit."),
    Light.PART: gettext_lazy("Partly lit."),
    Light.NONE: gettext_lazy("Not lit yet."),
}
LATER = gettext_lazy("The pages for it come with a later version.")


@dataclass(frozen=True)
class Place:
    """One step as the path shows it; without `url` there is nothing to do there for this reader now."""

    number: int
    name: str
    light: Light
    words: str
    act: str = ""
    url: str = ""

    @property
    def light_name(self) -> str:
        """How far it is lit, in words."""
        return str(LIGHT_NAMES[self.light])


Act = tuple[str, str]
"""What to do next, and where; the address is empty where that is closed to the reader."""

Found = tuple[Light, str, Act]
NOTHING: Act = ("", "")


def places(facts: Facts, reader: Reader) -> list[Place]:
    """Return the ten places in their order, with the next useful act of each that is open to the reader."""
    return [_place(number, name, find(facts, reader)) for number, (name, find) in enumerate(STEPS, start=1)]


def _place(number: int, name: str | Promise, found: Found) -> Place:
    light, words, (act, url) = found
    return Place(number, str(name), light, words, act if url else "", url)


def paper_act(paper: Paper, reader: Reader) -> Act:
    """Return the way to a text that waits for keys, named by what the reader may do there."""
    turns = paper.ours and reader.may(Action.TURN_KEY)
    return (_("Turn our key") if turns else _("Read what waits"), reader.way("text", text_id=paper.id))


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


# 1 and 2


def _common_ground(facts: Facts, reader: Reader) -> Found:
    if facts.founded_at is None:
        act = paper_act(facts.founding, reader) if facts.founding else NOTHING
        return Light.NONE, _("Begins to light up when every party founds the partnership."), act
    words = _("Every party founded the partnership on %(day)s.") % {"day": facts.calendar.day(facts.founded_at)}
    in_force = facts.charter.in_force_since is not None
    purpose = _("A shared purpose stands in the charter.") if in_force else ""
    later = _("Mapping the interests of each party comes with a later version.")
    act = (_("Read our purpose"), reader.way("charter")) if in_force else NOTHING
    return Light.PART, _joined(words, purpose, later), act


def _committee(facts: Facts, reader: Reader) -> Found:
    short = [team.party for team in facts.teams if not team.is_whole]
    charter, in_force = facts.charter, facts.charter.in_force_since is not None
    whole = bool(facts.teams) and not short
    begun = in_force or charter.drafted or charter.paper is not None or whole
    if not begun:
        words = _("Lights up with a charter signed by every party, and at least two people for each.")
        return Light.NONE, words, charter_act(facts, reader)
    words = _joined(_charter_words(facts), _people_words(short))
    if not in_force:
        return Light.PART, words, charter_act(facts, reader)
    return Light.LIT if whole else Light.PART, words, _people_act(reader, short)


def _charter_words(facts: Facts) -> str:
    charter = facts.charter
    if charter.in_force_since:
        day = facts.calendar.day(charter.in_force_since)
        return _("Charter signed by every party on %(day)s.") % {"day": day}
    if charter.paper:
        turned = {"turned": charter.paper.turned, "bound": charter.paper.bound}
        return _("The charter waits for keys: %(turned)s of %(bound)s are turned.") % turned
    return _("The charter is being written.") if charter.drafted else _("The charter is not begun.")


def _people_words(short: list[str]) -> str:
    if short:
        return _("A co-chair or a second person is missing for %(parties)s.") % {"parties": ", ".join(short)}
    return _("Each party has a co-chair and a second person.")


def charter_act(facts: Facts, reader: Reader) -> Act:
    """Return the next act towards a charter in force."""
    charter = facts.charter
    if charter.paper:
        return paper_act(charter.paper, reader)
    if not reader.may(Action.DRAFT_CHARTER):
        return _("See the charter"), reader.way("charter")
    if charter.drafted:
        return _("Write on the charter"), reader.way("charter-draft")
    return _("Start the charter"), reader.way("charter")


def _people_act(reader: Reader, short: list[str]) -> Act:
    if short and reader.may(Action.INVITE):
        return _("Invite people"), reader.way("people")
    if reader.may(Action.SEE_PEOPLE):
        return _("See who is at the table"), reader.way("people")
    return _("Read the charter"), reader.way("charter")


# 3


def _survey(facts: Facts, reader: Reader) -> Found:
    counted = next((survey for survey in facts.surveys if survey.results), None)
    current = in_hand(facts)
    if counted is None and current is None:
        words = _("Lights up with a first survey that is written together and released.")
        begins = reader.may(Action.DRAFT_SURVEY)
        return Light.NONE, words, (_("Begin a survey"), reader.way("survey-new") if begins else "")
    done = _("“%(title)s” is counted and released.") % {"title": counted.title} if counted else ""
    words = _joined(done, survey_words(current, facts) if current else "")
    act = _survey_act(current, reader) if current else (_("See the surveys"), reader.way("surveys"))
    return Light.LIT if counted else Light.PART, words, act


def _survey_act(survey: Asked, reader: Reader) -> Act:
    if survey.paper:
        return paper_act(survey.paper, reader)
    if survey.stage is Stage.DRAFTING and reader.may(Action.DRAFT_SURVEY):
        return _("Write on the survey"), reader.way("survey", survey_id=survey.id)
    if survey.stage in (Stage.DRAFTING, Stage.WAITING, Stage.LAUNCHED, Stage.OPEN):
        return _("Look at the survey"), reader.way("survey", survey_id=survey.id)
    return _("Go to the opening"), reader.way("survey-opening", survey_id=survey.id)


# 4 to 6


def _communication(facts: Facts, reader: Reader) -> Found:
    signed = next((survey for survey in facts.surveys if survey.is_signed), None)
    if signed is None:
        words = _("Lights up with a first message to all staff under the name of every party.")
        return Light.NONE, _joined(words, _("A survey brings one with it.")), NOTHING
    words = _("The message of “%(title)s” is signed by every party.") % {"title": signed.title}
    later = _("A shared plan of who tells whom, and when, comes with a later version.")
    act = (_("Read the message"), reader.way("survey-print", survey_id=signed.id))
    return Light.PART, _joined(words, later), act


def _champions(facts: Facts, reader: Reader) -> Found:
    act = (_("Invite a champion"), reader.way("people") if reader.may(Action.INVITE) else "")
    if not facts.champions:
        return Light.NONE, _("Lights up with the first champion at a place of work."), act
    words = ngettext("%(n)s person is a champion.", "%(n)s people are champions.", facts.champions)
    later = _("Which places and shifts they reach comes with a later version.")
    return Light.PART, _joined(words % {"n": facts.champions}, later), act


def _incentives(facts: Facts, reader: Reader) -> Found:
    words = _("Lights up with a first joint decision on effort and money for teams.")
    return Light.NONE, _joined(words, str(LATER)), NOTHING


# 7


def _data_story(facts: Facts, reader: Reader) -> Found:
    told = [(survey, survey.results) for survey in facts.surveys if survey.results]
    if not told:
        return Light.NONE, _joined(_("Lights up with a first release."), _promise(facts)), NOTHING
    for survey, results in told:
        if results.published_at:
            on = {"title": survey.title, "day": facts.calendar.day(results.published_at)}
            words = _("The results of “%(title)s” went to all staff on %(day)s.") % on
            return Light.LIT, words, _results_act(results, reader)
    survey, results = told[0]
    seen = {"title": survey.title, "day": facts.calendar.day(results.seen_from)}
    words = _("Every party sees the results of “%(title)s” since %(day)s. Staff do not see them yet.") % seen
    return Light.PART, words, _results_act(results, reader)


def _promise(facts: Facts) -> str:
    running = [survey for survey in facts.surveys if survey.is_signed and not survey.is_done]
    first = min(((survey.results_by, survey.title) for survey in running if survey.results_by), default=None)
    if first is None:
        return ""
    words = _("Results of “%(title)s” are promised by %(day)s.")
    return words % {"title": first[1], "day": facts.calendar.day(first[0])}


def _results_act(results: Results, reader: Reader) -> Act:
    if results.published_at is None and reader.may(Action.SEE_TEXTS):
        if results.paper:
            return paper_act(results.paper, reader)
        if reader.may(Action.PROPOSE_PUBLISHING):
            return _("Propose to publish"), reader.way("release-publish", release_id=results.id)
    return _("Read the results"), reader.way("release", release_id=results.id)


# 8 to 10


def _worksite(facts: Facts, reader: Reader) -> Found:
    words = _("Lights up with a first change at a place, such as a break room made new by a vote of its staff.")
    return Light.NONE, _joined(words, str(LATER)), NOTHING


def _agreements(facts: Facts, reader: Reader) -> Found:
    since, held = facts.charter.in_force_since, facts.agreements
    if not facts.founded_at:
        return Light.NONE, _("Begins to light up with the founding, and then with the charter."), NOTHING
    if not since:
        words = _("The founding is signed by every party. The charter comes next.")
        return Light.PART, words, charter_act(facts, reader)
    charter = _("The charter has held since %(day)s.") % {"day": facts.calendar.day(since)}
    act = (_("See the agreements"), reader.way("agreements"))
    if held.number:
        return Light.LIT, _joined(charter, _held_words(held, facts)), act
    past = _("What was agreed beside it has ended.") if held.past else ""
    next_one = _("A text beside it, such as ground rules or a side letter, lights this place.")
    if reader.may(Action.DRAFT_AGREEMENT):
        act = (_("Begin an agreement"), reader.way("agreement-new"))
    return Light.PART, _joined(charter, past, next_one), act


def _held_words(held: Held, facts: Facts) -> str:
    words = ngettext(
        "%(n)s agreement holds beside it: “%(title)s”, since %(day)s.",
        "%(n)s agreements hold beside it, the newest “%(title)s”, since %(day)s.",
        held.number,
    )
    day = facts.calendar.day(held.since) if held.since else ""
    return words % {"n": held.number, "title": held.newest, "day": day}


def _assess(facts: Facts, reader: Reader) -> Found:
    words = _("Lights up with a first quarterly reflection of both sides.")
    return Light.NONE, _joined(words, str(LATER)), NOTHING


STEPS: tuple[tuple[str | Promise, Callable[[Facts, Reader], Found]], ...] = (
    (gettext_lazy("Common ground"), _common_ground),
    (gettext_lazy("Committee"), _committee),
    (gettext_lazy("Interest survey"), _survey),
    (gettext_lazy("Communication"), _communication),
    (gettext_lazy("Champions"), _champions),
    (gettext_lazy("Team incentives"), _incentives),
    (gettext_lazy("Data story"), _data_story),
    (gettext_lazy("Policy and worksite"), _worksite),
    (gettext_lazy("Agreements"), _agreements),
    (gettext_lazy("Assess and improve"), _assess),
)
"""The steps of the labor-management guide, in its order, each with what finds its evidence."""
