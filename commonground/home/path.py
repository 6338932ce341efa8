"""The ten-step path: places that light up by evidence, never by a tick. Pure: facts in, places out."""

from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class Light(StrEnum):
    """How much evidence a place holds."""

    LIT = "lit"
    PART = "part"
    NONE = ""


@dataclass(frozen=True)
class Facts:
    """What this installation can show as evidence."""

    founded: bool = False
    charter: bool = False
    charter_begun: bool = False
    parties: int = 0
    parties_seated: int = 0
    surveys: int = 0
    frozen: int = 0
    opened: int = 0
    releases: int = 0
    published: int = 0


@dataclass(frozen=True)
class Place:
    """A step: its number and name, how it is lit, why in words, and the next useful act, if there is one."""

    number: int
    name: Words
    light: Light
    words: Words
    act: Words = ""
    route: str = ""


NAMES: tuple[Words, ...] = (
    _("Common ground"),
    _("Committee"),
    _("Interest survey"),
    _("Communication"),
    _("Champions"),
    _("Team incentives"),
    _("Data story"),
    _("Policy and worksite"),
    _("Agreements"),
    _("Assess and improve"),
)
LIGHTS_UP: dict[int, Words] = {
    1: _("Lights up when the parties have mapped what they share. Until then, talk about it at the table."),
    4: _("Lights up with a first message that every party has turned its key on."),
    5: _("Lights up with a first champion at a place."),
    6: _("Lights up with a first joint decision on effort and money."),
    8: _("Lights up with a first policy or place of work that was changed together."),
    10: _("Lights up with a first review of what was done."),
}
"""Steps for which this version holds no evidence yet."""


def places(facts: Facts) -> list[Place]:
    """Return the ten places in their order."""
    found = {2: _committee(facts), 3: _survey(facts), 7: _story(facts), 9: _agreements(facts)}
    dark = {number: Place(number, "", Light.NONE, words) for number, words in LIGHTS_UP.items()}
    every = {**dark, **found}
    return [replace(every[number], number=number, name=NAMES[number - 1]) for number in range(1, 11)]


def _place(light: Light, words: Words, act: Words, route: str) -> Place:
    return Place(0, "", light, words, act, route)


def _committee(facts: Facts) -> Place:
    if not facts.parties or facts.parties_seated < facts.parties:
        light = Light.PART if facts.parties_seated else Light.NONE
        return _place(light, _("Not every party has someone at the table yet."), _("Invite people"), "people")
    if not facts.founded:
        words = _("Every party is here. The founding text waits for keys.")
        return _place(Light.PART, words, _("Read the founding text"), "waiting")
    if not facts.charter:
        return _place(Light.PART, _("Founded. A charter comes next."), _("Write the charter"), "charter")
    words = _("Every party has people at the table, and the charter is in force.")
    return _place(Light.LIT, words, _("See who is here"), "people")


def _survey(facts: Facts) -> Place:
    if facts.opened:
        words = _("A survey was opened together, with the seals of every party.")
        return _place(Light.LIT, words, _("See the surveys"), "surveys")
    if facts.frozen:
        return _place(Light.PART, _("A survey is frozen. It is not opened yet."), _("See where it is"), "surveys")
    if facts.surveys:
        return _place(Light.PART, _("A survey is being written."), _("Go on writing"), "surveys")
    return _place(Light.NONE, _("Lights up with a survey that is opened together."), _("Write one"), "surveys")


def _story(facts: Facts) -> Place:
    if facts.published:
        return _place(Light.LIT, _("Staff have read what was heard."), _("Read it again"), "releases")
    if facts.releases:
        words = _("The parties have a release. Staff have not read it yet.")
        return _place(Light.PART, words, _("Publish it together"), "releases")
    return _place(Light.NONE, _("Lights up with a first release that staff can read."), "", "")


def _agreements(facts: Facts) -> Place:
    if facts.charter:
        return _place(Light.LIT, _("The charter is in force."), _("Read the charter"), "charter")
    if facts.charter_begun:
        return _place(Light.PART, _("The charter is drafted."), _("Go on with it"), "charter")
    return _place(Light.NONE, _("Lights up with a first text that every party signs."), _("Begin"), "charter")
