"""The tables that results may be shown by: as the draft tells of them, and as the form of the plan offers them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from commonground.access.actor import Actor
from commonground.surveys import drafts, marks, rules
from commonground.surveys.drafts import Written
from commonground.surveys.models import Dimension, Survey
from commonground.surveys.queries import DIMENSION_NAMES, here
from commonground.surveys.sentences import by_level, prospects


@dataclass(frozen=True)
class TableCard:
    """A table of the plan, and what the staff list says of it; one that is `never` shown cannot stay."""

    name: str
    words: tuple[str, ...] = ()
    never: bool = False


def tables(written: Written) -> Iterable[TableCard]:
    """Return what the draft plans to show, with what the staff list says of it."""
    by_id, minimum = {asked.id: asked for asked in written.asked}, written.survey.minimum_group
    crossings = {crossing.pair: crossing for crossing in written.crossings}
    if written.questions:
        yield TableCard(_("The whole district"))
    for asked in written.asked:
        if asked.margin:
            yield _table(margin_name(asked), rules.outlook(asked, minimum), minimum)
    for first, second in written.draft.pairs:
        name = crossed_name(by_id[first], by_id[second])
        yield _table(name, _crossed(crossings, first, second, minimum), minimum)
    if rules.asks_words(written.draft):
        yield _comments(written)


def _comments(written: Written) -> TableCard:
    question = rules.levels_question(written.draft) if written.draft.by_level else None
    if question is None:
        return TableCard(_("Comments: those of the district together"))
    return TableCard(_("Comments: by kind of place"), tuple(by_level(rules.by_level(question))))


def margin_name(asked: rules.Asked) -> str:
    """Return what the table by a group question is called."""
    return _("By %(group)s (question %(number)s)") % _named(asked)


def crossed_name(first: rules.Asked, second: rules.Asked) -> str:
    """Return what the table of two crossed group questions is called."""
    names = {"first": _named(first)["group"], "second": _named(second)["group"]}
    return _("By %(first)s, crossed with %(second)s") % names


def _table(name: str, found: rules.Outlook | None, minimum: int) -> TableCard:
    return TableCard(name, tuple(prospects(found, minimum)), found is not None and not found.shown)


def _crossed(
    crossings: Mapping[tuple[str, str], rules.Crossing], first: str, second: str, minimum: int
) -> rules.Outlook | None:
    crossing = crossings.get((first, second)) or crossings.get((second, first))
    return rules.outlook_crossed(crossing, minimum) if crossing else None


def _named(asked: rules.Asked) -> dict[str, object]:
    return {"group": DIMENSION_NAMES[Dimension(asked.dimension)], "number": asked.number}


# The plan of tables


@dataclass(frozen=True)
class TableChoice:
    """A table that may be chosen: its id, its name, and what the staff list says of it."""

    id: str
    name: str
    words: str


@dataclass(frozen=True)
class PlanCard:
    """The plan of tables to choose: group questions, their pairs, by what comments are kept, and what is chosen.

    Nothing is to choose of `comments` where no words are asked for, or no place has a level.
    """

    margins: list[TableChoice]
    pairs: list[TableChoice]
    comments: list[TableChoice]
    chosen: dict[str, Any]


def plan(actor: Actor, survey_id: UUID) -> PlanCard:
    """Return the plan of tables as its form offers it."""
    written = drafts.read(Survey.rows.one(actor.tenant, survey_id))
    minimum = written.survey.minimum_group
    groups = [(row, asked) for row, asked in zip(written.questions, written.asked, strict=True) if asked.dimension]
    crossings = {crossing.pair: crossing for crossing in written.crossings}
    found = marks.plan(written.survey, written.rows, written.pairs)
    crossed = [f"{pair.first_id.hex}:{pair.second_id.hex}" for pair in written.pairs]
    return PlanCard(
        margins=[
            _choice(row.pk.hex, _titled(asked), rules.outlook(asked, minimum), minimum) for row, asked in groups
        ],
        pairs=[
            _choice(
                f"{one.pk.hex}:{other.pk.hex}",
                f"{_titled(a)} × {_titled(b)}",
                _crossed(crossings, a.id, b.id, minimum),
                minimum,
            )
            for (one, a), (other, b) in combinations(groups, 2)
        ],
        comments=list(_comment_choices(written)),
        chosen={**found.values, "pairs": crossed, "mark": found.mark},
    )


def _comment_choices(written: Written) -> Iterable[TableChoice]:
    question = next((asked for asked in written.asked if rules.has_levels(asked)), None)
    if question is None or not rules.asks_words(written.draft):
        return
    yield TableChoice("district", _("Those of the district together"), _("The safest, and usual."))
    words = [
        _("Results must be broken down by: %(question)s") % {"question": _titled(question)},
        *by_level(rules.by_level(question)),
    ]
    yield TableChoice("level", _("By kind of place, never by place"), " ".join(words))


def _titled(asked: rules.Asked) -> str:
    return _("%(number)s. %(text)s") % {"number": asked.number, "text": here(asked.text)}


def _choice(id: str, name: str, found: rules.Outlook | None, minimum: int) -> TableChoice:
    return TableChoice(id, name, " ".join(prospects(found, minimum)))
