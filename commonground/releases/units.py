"""Where bargaining units see it differently: each unit's own printed value, side by side.

Units are never added up: "all represented staff" is a number of its own, and only the gate may print it. A unit is
drawn as labor where its name holds that of a labor organization of the survey; the others stand beside them.

Two shares differ by more than chance where their distance is over 1.96 standard errors of such a difference,
sqrt(p (1 - p) / n + q (1 - q) / m); the smallest counts that the release allows are taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonground.kernel.charts import Chart, Dot, Dots, Mark, Pair, dots, gaps
from commonground.kernel.figures import MANAGEMENT
from commonground.releases import wording
from commonground.releases.findings import upper
from commonground.releases.participation import CHANCE
from commonground.releases.reading import Breakdown, Group, Question, Reading, Told


@dataclass(frozen=True)
class _Seen:
    """One question as the units see it."""

    question: Question
    told: tuple[Told, ...]

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
    def chance(self) -> bool:
        """Say whether the widest distance may be chance."""
        low, high = min(self.known), max(self.known)
        variance = sum(share / 100 * (1 - share / 100) / n for share, n, _place in (low, high))
        return self.gap / 100 < CHANCE * sqrt(variance)


def by_unit(reading: Reading) -> Chart | None:
    """Return the chart of all questions with an upper share, wider gaps first; None without two units to show."""
    breakdown = next((each for each in reading.breakdowns if each.dimension == "unit"), None)
    if breakdown is None:
        return None
    shown = [group for group in breakdown.groups if not reading.cell({breakdown.id: group.place}).hidden]
    if len(shown) < 2:
        return None
    seen = [_seen(reading, question, breakdown, shown) for question in reading.questions if question.top]
    seen = sorted((each for each in seen if each.known), key=lambda each: -each.gap)
    marks = [Mark(wording.name(breakdown, group), _side(reading, group)) for group in shown]
    return _drawn(marks, seen) if seen else None


def _seen(reading: Reading, question: Question, breakdown: Breakdown, shown: Sequence[Group]) -> _Seen:
    return _Seen(question, tuple(reading.told(question, {breakdown.id: group.place}) for group in shown))


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
