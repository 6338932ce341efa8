"""Where bargaining units see it differently: each unit's own printed value, side by side.

Units are never added up: "all represented staff" is a number of its own, and only the gate may print it. A unit is
drawn as labor where its name holds that of a labor organization of the survey; the others stand beside them.

Whether a gap is more than chance is judged for all pairs of units and all questions together, with what rounding
and bounds leave open taken in; see `releases.intervals`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonground.kernel.charts import Chart, Dot, Dots, Mark, Pair, dots, gaps
from commonground.kernel.figures import MANAGEMENT
from commonground.releases import wording
from commonground.releases.differences import SURE, printed
from commonground.releases.findings import upper
from commonground.releases.intervals import Shown, judge
from commonground.releases.reading import Breakdown, Group, Question, Reading, Told


@dataclass(frozen=True)
class _Seen:
    """One question as the units see it; `chance` says that its widest gap may be chance."""

    question: Question
    told: tuple[Told, ...]
    shares: tuple[Shown | None, ...]
    chance: bool = True

    @property
    def known(self) -> list[tuple[int, int, int]]:
        """Return share, least count and place of each unit whose share is one number."""
        return [
            (told.top, told.n.at_least, place)
            for place, told in enumerate(self.told)
            if isinstance(told.top, int) and told.n
        ]

    @property
    def gap(self) -> int:
        """The distance from the lowest to the highest share, in points; -1 where there are not two."""
        return max(self.known)[0] - min(self.known)[0] if len(self.known) > 1 else -1

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Return the places of every two units with a share that is one number, the lower share first."""
        return list(combinations([place for _share, _n, place in sorted(self.known)], 2))

    @property
    def widest(self) -> tuple[int, int]:
        """Return the places of the unit with the lowest and with the highest share."""
        return min(self.known)[2], max(self.known)[2]


def by_unit(reading: Reading) -> Chart | None:
    """Return the chart of all questions with an upper share, wider gaps first; None without two units to show."""
    breakdown = next((each for each in reading.breakdowns if each.dimension == "unit"), None)
    if breakdown is None:
        return None
    shown = [group for group in breakdown.groups if not reading.cell({breakdown.id: group.place}).hidden]
    if len(shown) < 2:
        return None
    seen = [_seen(reading, question, breakdown, shown) for question in reading.questions if question.top]
    seen = sorted(_judged([each for each in seen if each.known]), key=lambda each: -each.gap)
    marks = [Mark(wording.name(breakdown, group), _side(reading, group)) for group in shown]
    return _drawn(marks, seen) if seen else None


def _seen(reading: Reading, question: Question, breakdown: Breakdown, shown: Sequence[Group]) -> _Seen:
    told = tuple(reading.told(question, {breakdown.id: group.place}) for group in shown)
    shares = tuple(printed(question, one, group.roster) for one, group in zip(told, shown, strict=True))
    return _Seen(question, told, shares)


def _judged(seen: Sequence[_Seen]) -> list[_Seen]:
    """Judge every two units on every question together."""
    places = [(number, pair) for number, each in enumerate(seen) for pair in each.pairs]
    verdicts = judge([(seen[number].shares[high], seen[number].shares[low]) for number, (low, high) in places])
    sure = {place for place, judged in zip(places, verdicts, strict=True) if judged.verdict in SURE}
    return [
        replace(each, chance=len(each.known) < 2 or (number, each.widest) not in sure)
        for number, each in enumerate(seen)
    ]


def _side(reading: Reading, group: Group) -> str:
    labor = [party for party in reading.words["parties"] if party["kind"] != MANAGEMENT]
    held = [
        any(party["name"] in text["en"] or party["short"] in text["en"] for party in labor) for text in group.names
    ]
    if group.left_out or (any(held) and not all(held)):
        return ""
    return "labor" if all(held) else MANAGEMENT


def _drawn(marks: Sequence[Mark], seen: Sequence[_Seen]) -> Chart:
    note = _(
        "Share of the upper answers of each question. Wider gaps come first. Each unit stands for itself: no "
        "number for several units together was released, so none is shown."
    )
    if [mark.side for mark in marks] == ["labor", MANAGEMENT]:
        return gaps("units", _widest(marks, seen), [_pair(each) for each in seen], (marks[0].label, marks[1].label))
    return dots("units", _widest(marks, seen), marks, [_row(each) for each in seen], note=note)


def _widest(marks: Sequence[Mark], seen: Sequence[_Seen]) -> str:
    """Say where the widest gap is that is more than chance."""
    sure = next((each for each in seen if each.gap > 0 and not each.chance), None)
    if sure is None:
        return _("No gap between units shown here is wider than chance")
    low, high = min(sure.known), max(sure.known)
    words = {
        "question": wording.here(sure.question.text),
        "answer": upper(sure.question),
        "low": low[0],
        "least": marks[low[2]].label,
        "high": high[0],
        "most": marks[high[2]].label,
        "low_n": wording.answers(sure.told[low[2]].n),
        "high_n": wording.answers(sure.told[high[2]].n),
    }
    return (
        _(
            "The widest gap: “%(question)s” (%(answer)s): %(low)s%% in %(least)s, of %(low_n)s, "
            "and %(high)s%% in %(most)s, of %(high_n)s"
        )
        % words
    )


def _pair(seen: _Seen) -> Pair:
    first, second = seen.told
    return Pair(
        wording.here(seen.question.text),
        wording.percent(first.top),
        wording.percent(second.top),
        wording.number(first.n),
        wording.number(second.n),
        chance=seen.gap >= 0 and seen.chance,
    )


def _row(seen: _Seen) -> Dots:
    found = [Dot(wording.percent(told.top), wording.number(told.n)) for told in seen.told]
    return Dots(_("%(question)s (%(answer)s)") % _named(seen.question), found, _gap(seen))


def _named(question: Question) -> dict[str, str]:
    return {"question": wording.here(question.text), "answer": upper(question)}


def _gap(seen: _Seen) -> str:
    if seen.gap < 0:
        return ""
    words = ngettext("%(n)s point apart.", "%(n)s points apart.", seen.gap) % {"n": seen.gap}
    return _("%(n)s points apart, may be chance.") % {"n": seen.gap} if seen.chance else words
