"""Comments by level: which lists they stand in where the table plan keeps them by the kind of place.

The plan may name the group question whose places have levels (`table_plan.comments`). Then a comment carries the
level of its writer's place from the moment it is cut out of an answer, and never the place. A level has a list of
its own where

- the release prints exactly how many of it answered, 20 or more, and its people are all of that level;
- 10 of them or more commented;
- it holds two places or more, so that no list is that of one place.

What remains of the district is a list as well: nobody, or 20 answers, 10 comments and two places. Where it is less,
the smallest level by the staff list joins it, and so on. So every union and every difference of lists keeps both
numbers. That a level has no list tells that it, or one that shields it, has too few: the words are the same.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from commonground.sealing.answers import Answer
from commonground.sealing.errors import N_, Malformed

LEAST_ANSWERS: Final = 20
LEAST_COMMENTS: Final = 10
LEAST_PLACES: Final = 2
REST: Final = ""
"""The list of the whole district, or of what remains of it beside the levels with a list of their own."""


@dataclass(frozen=True)
class Level:
    """A kind of place by its name in both languages: the options that are of it, the places they hold, its people.

    `roster` is None where the staff list does not know everyone.
    """

    text: Mapping[str, str]
    options: frozenset[int]
    places: int
    roster: int | None

    @property
    def name(self) -> str:
        """The English name, by which the tables of a release know a level."""
        return self.text["en"]


@dataclass(frozen=True)
class Levels:
    """The levels of a paper by which its comments are kept, in the order of its options; `of` is their question."""

    of: str
    all: tuple[Level, ...]

    def level_at(self, option: Answer) -> str:
        """Return the level of the option that somebody chose, REST for none."""
        return next((level.name for level in self.all if option in level.options), REST)

    def texts(self) -> dict[str, Mapping[str, str]]:
        """Return the name of each level in both languages."""
        return {level.name: level.text for level in self.all}


def levels_of(paper: Mapping[str, Any]) -> Levels | None:
    """Return the levels by which a paper keeps comments, None where it keeps those of the district together.

    Raises Malformed for a plan that names a question without levels.
    """
    named = paper.get("table_plan", {}).get("comments")
    if named is None:
        return None
    asked = next((question for question in paper["questions"] if question["id"] == named), None)
    options = asked["options"] if asked and asked.get("group") else []
    places: dict[str, list[int]] = {}
    for place, option in enumerate(options):
        if option.get("level"):
            places.setdefault(option["level"]["en"], []).append(place)
    if len(places) < LEAST_PLACES:
        raise Malformed(N_("The paper keeps comments by level, but asks for no place that has one."))
    return Levels(named, tuple(_level(options, of) for of in places.values()))


def _level(options: Sequence[Mapping[str, Any]], places: Sequence[int]) -> Level:
    held = [options[place] for place in places]
    rosters = [option["roster"] for option in held]
    return Level(
        held[0]["level"],
        frozenset(places),
        sum(max(1, len(option["holds"])) for option in held),
        None if None in rosters else sum(rosters),
    )


@dataclass(frozen=True)
class Printed:
    """How many answered of each level, where the tables of a release print it exactly and of it alone.

    `unplaced` is the level whose number also holds the few who named no place, REST where they stand apart.
    """

    numbers: Mapping[str, int]
    unplaced: str = REST

    def joined(self, written: Mapping[str, int]) -> dict[str, int]:
        """Return comments by level, those of people who named no place where the tables count them."""
        found = dict(written)
        found[self.unplaced] = found.pop(REST, 0) + found.get(self.unplaced, 0)
        return found


def printed(levels: Levels, tables: Mapping[str, Any]) -> Printed:
    """Return what the tables of a release print of levels."""
    group = next((each for each in tables["groups"] if each["of"] == levels.of), None)
    if group is None:
        return Printed({})
    cells = {cell["at"][group["id"]]: cell["n"] for cell in tables["cells"] if cell["at"].keys() == {group["id"]}}
    options = {level.name: level.options for level in levels.all}
    whole = {
        part["level"]: (cells[place], part["left_out"])
        for place, part in enumerate(group["reporting"])
        if isinstance(cells[place], int) and options.get(part["level"]) == frozenset(part["holds"])
    }
    unplaced = next((name for name, (_n, left_out) in whole.items() if left_out), REST)
    return Printed({name: n for name, (n, _left_out) in whole.items()}, unplaced)


def own_lists(levels: Levels, answered: int, told: Printed, written: Mapping[str, int]) -> tuple[str, ...]:
    """Return the levels that have a list of their own, in the order of the paper.

    `answered` people counted in all; `written` are comments by level.
    """
    numbers, written = told.numbers, told.joined(written)
    able = [
        level
        for level in levels.all
        if level.places >= LEAST_PLACES
        and numbers.get(level.name, 0) >= LEAST_ANSWERS
        and written.get(level.name, 0) >= LEAST_COMMENTS
    ]
    own = sorted(able, key=lambda level: -(level.roster or 0))
    while own:
        answers = answered - sum(numbers[level.name] for level in own)
        comments = sum(written.values()) - sum(written[level.name] for level in own)
        places = sum(level.places for level in levels.all if level not in own)
        if _rest_is_safe(answers, comments, places):
            break
        own.pop()
    return tuple(level.name for level in able if level in own)


def _rest_is_safe(answers: int, comments: int, places: int) -> bool:
    nobody = not answers and not comments
    return nobody or (answers >= LEAST_ANSWERS and comments >= LEAST_COMMENTS and places >= LEAST_PLACES)


def lists_told(
    paper: Mapping[str, Any], release: Mapping[str, Any], written: Mapping[str, Mapping[str, int]]
) -> dict[str, list[str]]:
    """Return for each question whose comments are read the levels with a list of their own.

    `release` is that of the numbers with the tables as they leave, its certificate included; `written` counts
    comments by question and level. Empty where the paper keeps those of the district together.
    """
    levels = levels_of(paper)
    if levels is None:
        return {}
    told, answered = printed(levels, release["tables"]), release["counts"]["counted"]
    return {
        question: list(own_lists(levels, answered, told, written.get(question, {})))
        for question, fate in release.get("comments", {}).items()
        if fate == "sealed"
    }


def faults(paper: Mapping[str, Any], release: Mapping[str, Any]) -> list[str]:
    """Return in English where the lists of a release of numbers break the rule, as far as its own bytes tell."""
    told, levels = release.get("comment_levels"), levels_of(paper)
    if levels is None or told is None:
        return [] if levels is None and told is None else ["The release and the paper differ on comments by level."]
    asked = {question for question, fate in release.get("comments", {}).items() if fate == "sealed"}
    if told.keys() != asked:
        return ["The release tells of lists of other comments than are read."]
    numbers, answered = printed(levels, release["tables"]).numbers, release["counts"]["counted"]
    return [fault for question in told for fault in _faults(levels, answered, numbers, question, told[question])]


def _faults(
    levels: Levels, answered: int, numbers: Mapping[str, int], question: str, own: Collection[str]
) -> Iterator[str]:
    places = {level.name: level.places for level in levels.all}
    for name in own:
        if numbers.get(name, 0) < LEAST_ANSWERS or places.get(name, 0) < LEAST_PLACES:
            yield f"{question}: the comments of {name} may have no list of their own."
            return
    left = answered - sum(numbers[name] for name in own)
    beside = sum(places[name] for name in places if name not in own)
    if own and left and (left < LEAST_ANSWERS or beside < LEAST_PLACES):
        yield f"{question}: what remains beside the lists of levels is too little."
