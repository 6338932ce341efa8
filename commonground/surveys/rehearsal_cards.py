"""What the tables of a draft would show: the gate tried on answers that are drawn from the staff list."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonground.access.actor import Actor
from commonground.disclosure import rehearsal
from commonground.disclosure.plan import GroupQuestion, NeverShown, TablePlan
from commonground.disclosure.rehearsal import Before, Coarser, Showing
from commonground.kernel.charts import Chart, Share, share_bars
from commonground.releases import actions as register
from commonground.releases import queries as releases
from commonground.releases.reading import Reading
from commonground.surveys import drafts, groups, marks, paper, rules, waves
from commonground.surveys.drafts import Written
from commonground.surveys.models import Question, Survey
from commonground.surveys.queries import here
from commonground.surveys.rules import Asked
from commonground.surveys.table_cards import crossed_name, margin_name

RESPONSES = (40, 55, 70)
"""Percent of the people asked who may answer, to choose from."""
USUAL = 55
"""Percent that is taken where no earlier release says how many answered."""


@dataclass(frozen=True)
class Joining:
    """Groups of a question to be put together: lists of codes as JSON, what is said of them, and the mark read."""

    question_id: UUID
    codes: str
    words: str
    mark: str


@dataclass(frozen=True)
class Row:
    """A table of the plan: its name, what it would show, and what would show more.

    `joining` are groups that would show more if put together; `thin` names a crossed table of which too much would
    be hidden, by its two questions.
    """

    name: str
    words: list[str]
    joining: Joining | None = None
    thin: str = ""


@dataclass(frozen=True)
class RehearsalCard:
    """What the tables would show if `percent` of the people answered, and other shares to choose from.

    `last_time` is the share that the newest release tells; `untried` says of which tables nothing is known;
    `earlier` is how many earlier releases were kept in mind. `together` are the questions of which groups were put
    together; `mark` is that of the plan of tables.
    """

    percent: int
    choices: list[int]
    last_time: int | None
    people: int
    staff: str
    untried: list[str]
    chart: Chart | None = None
    rows: Sequence[Row] = ()
    too_large: bool = False
    earlier: int = 0
    together: Sequence[Joining] = ()
    mark: str = ""


def rehearsal_card(actor: Actor, survey_id: UUID, typed: str = "") -> RehearsalCard:
    """Return what the tables of a draft would show if so many percent answered, as last time if nobody says."""
    last_time = _last_time(actor)
    choices = sorted({*RESPONSES, *([last_time] if last_time else [])})
    percent = int(typed) if typed in map(str, choices) else last_time or USUAL
    written = drafts.read(Survey.rows.one(actor.tenant, survey_id))
    plan, asked = _plan(written), {each.id: each for each in written.asked}
    untried, staff = list(_untried(written, plan)), f"{written.eligible:,}"
    mark, joined = marks.plan(written.survey, written.rows, written.pairs).mark, list(_put_together(written))
    card = RehearsalCard(percent, choices, last_time, written.eligible, staff, untried, together=joined, mark=mark)
    if not plan.margins or rehearsal.is_too_large(plan):
        return replace(card, too_large=bool(plan.margins))
    people = _people(written, plan.margins)
    before = _before(actor, written)
    found = rehearsal.rehearse(plan, people, percent, before)
    rows = []
    for one in found:
        is_thin = one.is_thin and len(one.groups) == 2
        pair = (one.groups[0], one.groups[-1])
        better = rehearsal.coarser(plan, people, percent, pair, before) if is_thin else None
        rows.append(_row(written, asked, plan, one, better))
    return replace(card, chart=_chart(asked, found, percent), rows=rows, earlier=len(before.earlier))


def _before(actor: Actor, written: Written) -> Before:
    """Return every earlier release of the district, as the gate will keep it in mind at the count."""
    return Before(*waves.earlier_of(paper.grouping(written), register.before(actor.tenant)))


def _last_time(actor: Actor) -> int | None:
    """Return what percent of the people asked answered by the newest release that tells it, at least."""
    for card in releases.releases(actor):
        if card.content.get("tables", {}).get("eligible"):
            reading = Reading(card.content)
            n, asked = reading.district.n, reading.eligible
            return 100 * n.at_least // asked if n and asked else None
    return None


def _plan(written: Written) -> TablePlan:
    """Return the plan of the draft without questions, as far as the staff list knows its groups."""
    minimum = written.survey.minimum_group
    known = {asked.id: rules.group_question(asked) for asked in written.known if asked.margin}
    known = {name: group for name, group in known.items() if _can_show([group], (), minimum)}
    pairs = [pair for pair in written.draft.pairs if known.keys() >= set(pair)]
    pairs = [pair for pair in pairs if _can_show([known[name] for name in pair], [pair], minimum)]
    return TablePlan((), tuple(known.values()), tuple(known), tuple(pairs), minimum, written.eligible, True)


def _can_show(groups: Sequence[GroupQuestion], pairs: Sequence[tuple[str, str]], minimum: int) -> bool:
    try:
        TablePlan((), tuple(groups), tuple(group.id for group in groups), tuple(pairs), minimum)
    except NeverShown:
        return False
    return True


def _people(written: Written, margins: Sequence[str]) -> Counter[tuple[int, ...]]:
    """Return how many people are in each combination of groups of the margins."""
    at = [[asked.id for asked in written.known].index(name) for name in margins]
    found: Counter[tuple[int, ...]] = Counter()
    for places, count in written.people.items():
        found[tuple(places[place] for place in at)] += count
    return found


def _untried(written: Written, plan: TablePlan) -> Iterator[str]:
    """Name each planned table that cannot be tried: its groups are not known, or it can never be shown."""
    asked = {each.id: each for each in written.asked}
    for each in written.asked:
        if each.margin and each.id not in plan.margins:
            yield margin_name(each)
    for pair in written.draft.pairs:
        if pair not in plan.pairs:
            yield crossed_name(asked[pair[0]], asked[pair[1]])


def _name(asked: dict[str, Asked], one: Showing) -> str:
    first, *others = (asked[name] for name in one.groups)
    return crossed_name(first, others[0]) if others else margin_name(first)


# In words


def _row(written: Written, asked: dict[str, Asked], plan: TablePlan, one: Showing, better: Coarser | None) -> Row:
    """Return a table with what would show more, where too much of it would be hidden."""
    name, words = _name(asked, one), list(_words(one))
    if not one.is_thin or len(one.groups) < 2:
        return Row(name, words)
    ids = {name: key for key, name in written.names.items()}
    thin = ":".join(ids[each].hex for each in one.groups)
    if better is None:
        return Row(name, [*words, _("Too much would be hidden: better leave it out.")], thin=thin)
    words += _coarser(asked, plan, better)
    question = asked[better.group]
    joining = None if written.kept(question.dimension) else _joining(written, question, better.holds)
    return Row(name, words, joining, thin)


def _joining(written: Written, question: Asked, holds: Iterable[Sequence[int]]) -> Joining:
    together = [
        [code for label in labels for code in question.groups[label].codes] for labels in holds if len(labels) > 1
    ]
    (row,) = (row for row in written.questions if written.names[row.pk] == question.id)
    return Joining(row.pk, json.dumps(together), "", _mark(written, row))


def _put_together(written: Written) -> Iterator[Joining]:
    """Yield the questions of which groups were put together, with these groups."""
    for row, question in zip(written.questions, written.asked, strict=True):
        if row.together:
            codes = [set(some) for some in groups.read_together(row.together)]
            told = "; ".join(
                here(each.words) for each in question.groups if any(some <= set(each.codes) for some in codes)
            )
            words = _("Question %(number)s: %(groups)s.") % {"number": question.number, "groups": told}
            yield Joining(row.pk, "[]", words, _mark(written, row))


def _mark(written: Written, row: Question) -> str:
    return marks.question(row, written.options.get(row.pk, [])).mark


def _chart(asked: dict[str, Asked], found: Iterable[Showing], percent: int) -> Chart:
    shares = [
        Share(_name(asked, one), 100 * one.shown // one.cells, one.cells, one.shown) for one in found if one.cells
    ]
    says = _("Groups that would be shown if %(percent)s%% of the people answered") % {"percent": percent}
    return share_bars("rehearsal", says, shares, of=_("Table"))


def _words(one: Showing) -> Iterator[str]:
    values = {
        "shown": one.shown,
        "cells": one.cells,
        "hidden": one.hidden,
        "people": one.people,
        "joined": one.joined,
        "forbidden": one.forbidden,
    }
    yield _("%(shown)s of %(cells)s groups would be shown, %(hidden)s hidden.") % values
    yield _("The groups shown would hold %(people)s%% of those who answer.") % values
    if one.joined and len(one.groups) == 1:
        words = ngettext(
            "%(joined)s group would be told only together with another.",
            "%(joined)s groups would be told only together with others.",
            one.joined,
        )
        yield words % values
    if one.forbidden:
        words = ngettext(
            "%(forbidden)s group is hidden or joined with others because of an earlier survey: "
            "both numbers side by side would tell of the few who came or left.",
            "%(forbidden)s groups are hidden or joined with others because of an earlier survey: "
            "both numbers side by side would tell of the few who came or left.",
            one.forbidden,
        )
        yield words % values


def _coarser(asked: dict[str, Asked], plan: TablePlan, found: Coarser) -> Iterator[str]:
    question = asked[found.group]
    values = {
        "groups": len(found.holds),
        "all": plan.group(found.group).labels,
        "number": question.number,
        "shown": found.showing.shown,
        "cells": found.showing.cells,
        "joined": "; ".join(_together(question, labels) for labels in found.holds if len(labels) > 1),
    }
    yield _("Over 30%% would be hidden, which is too much.") % values
    words = _("Question %(number)s in %(groups)s groups instead of %(all)s would show %(shown)s of %(cells)s.")
    yield words % values
    yield _("Put together: %(joined)s. Which groups belong together is yours to say.") % values


def _together(question: Asked, labels: Iterable[int]) -> str:
    return " + ".join(here(question.groups[label].words) for label in labels)
