"""Who answered and who did not, before any result: from printed numbers and the rosters in the paper.

Whether a group's share of the answers differs from its share of the staff by more than chance is judged as if all
who were asked had answered with the same likelihood: the number from a group is then hypergeometric, with variance
n p (1 - p) (N - n) / (N - 1) for n answers of N people asked and a group's share p of the people. All groups of the
page are judged together: each at the risk of `releases.intervals` divided by their number (Bonferroni), so that a
group can be judged alone, wherever it is named.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commonground.kernel.charts import Chart, Pair, Share, pairs, share_bars
from commonground.kernel.charts.figure import Number, Percent
from commonground.releases import wording
from commonground.releases.intervals import RISK, deviations
from commonground.releases.reading import Breakdown, Group, People, Reading

FEW_GROUPS = 10
BELOW_HALF, ABOVE_HALF = 45, 55
"""Percent between which about half are said to have answered."""
MANY = {
    "nearly_all": gettext_lazy("nearly everyone answered"),
    "most": gettext_lazy("more than half answered"),
    "half": gettext_lazy("about half answered"),
    "few": gettext_lazy("fewer than half answered"),
    "unsure": gettext_lazy("not told exactly"),
    "hidden": gettext_lazy("not shown, to protect people"),
}
"""How many of a group answered, in plain words."""


@dataclass(frozen=True)
class Reached:
    """One group: how many people are in it and how many of them answered, as far as that was released."""

    label: str
    roster: int
    n: People | None

    @property
    def percent(self) -> Percent:
        """The share that answered."""
        return _share(self.n, self.roster)

    @property
    def counts(self) -> str:
        """The two numbers behind the share."""
        return _of(self.n, self.roster)

    @property
    def many(self) -> str:
        """How many answered, as a key of `MANY`: words that hold for every number behind what is printed."""
        if self.n is None:
            return "hidden"
        if self.n.of is not None and self.n.exact is None:
            return "nearly_all"
        low, high = 100 * self.n.at_least / self.roster, 100 * self.n.at_most / self.roster
        if low > ABOVE_HALF:
            return "most"
        if high < BELOW_HALF:
            return "few"
        return "half" if low >= BELOW_HALF and high <= ABOVE_HALF else "unsure"


@dataclass(frozen=True)
class Participation:
    """Who answered: the district in a sentence, by grouping as charts and in words, and what to keep in mind."""

    says: str
    charts: list[Chart]
    words: list[str]
    cautions: list[str]


def participation(reading: Reading) -> Participation:
    """Return who answered the survey, in the reader's language."""
    charts: list[Chart] = []
    words: list[str] = []
    cautions: list[str] = []
    for breakdown in reading.all_breakdowns:
        reached = list(groups(reading, breakdown))
        if reached:
            charts.append(answered(breakdown, reached))
            charts += _against_staff(reading, breakdown, reached)
            words.append(how_many(breakdown, reached))
            cautions += _cautions(reading, breakdown, reached)
    return Participation(in_a_sentence(reading), charts, words, list(dict.fromkeys(cautions)))


def in_a_sentence(reading: Reading) -> str:
    """Return how many of those asked answered: "814 of 1,482 people (55%)"."""
    n, asked = reading.district.n, reading.eligible
    if n is None:
        return _("not shown, to protect people")
    if asked is None:
        return _("%(n)s people") % {"n": wording.count(n)}
    share = _share(n, asked)
    words = {"n": _of(n, asked), "share": f"{share}%" if isinstance(share, int) else share}
    return _("%(n)s people (%(share)s)") % words


def how_many(breakdown: Breakdown, reached: Sequence[Reached]) -> str:
    """Say in plain words how many of each group answered: "more than half answered (A and B); fewer (C)"."""
    labels = {many: [one.label for one in reached if one.many == many] for many in MANY}
    told = (f"{MANY[many]} ({_named_or_counted(found, len(reached))})" for many, found in labels.items() if found)
    return _("%(by)s: %(told)s.") % {"by": wording.by(breakdown), "told": "; ".join(told)}


def _named_or_counted(found: Sequence[str], all: int) -> str:
    if all <= FEW_GROUPS:
        return wording.groups(found)
    return ngettext("%(n)s group", "%(n)s groups", len(found)) % {"n": len(found)}


def groups(reading: Reading, breakdown: Breakdown) -> Iterator[Reached]:
    """Yield the groups of a grouping whose size is known, in the district's order."""
    for group in breakdown.groups:
        n = reading.cell({breakdown.id: group.place}).n
        if group.roster:
            yield Reached(wording.name(breakdown, group), group.roster, n)
        elif size := _size(group):
            yield Reached(wording.name(breakdown, group), size, _of_named(n, size, reading.minimum))


def _of_named(n: People | None, roster: int, minimum: int) -> People | None:
    """Return how many who belong to a group answered, where up to k - 1 who named no group stand with them."""
    if n is None:
        return None
    return People(max(0, n.at_least - (minimum - 1)), min(n.at_most, roster))


def less_heard(reading: Reading) -> list[Reached]:
    """Return groups whose share of the answers is below their share of the staff by more than chance."""
    every = [reached for breakdown in reading.breakdowns for reached in groups(reading, breakdown)]
    return [reached for reached in every if standing(reading, reached) < 0]


def standing(reading: Reading, reached: Reached) -> int:
    """Return 1 where a group is heard more than its share of the staff, -1 where less, 0 where it may be chance."""
    everyone, asked = reading.district.n, reading.eligible
    if not (everyone and everyone.exact and asked and asked > 1 and reached.n):
        return 0
    n, share = everyone.exact, reached.roster / asked
    chance = deviations(RISK / _compared(reading)) * sqrt(n * share * (1 - share) * (asked - n) / (asked - 1))
    if reached.n.at_least - n * share > chance:
        return 1
    return -1 if n * share - reached.n.at_most > chance else 0


def _compared(reading: Reading) -> int:
    every = (group for breakdown in reading.all_breakdowns for group in breakdown.groups)
    return max(1, sum(bool(_size(group)) for group in every))


def _size(group: Group) -> int | None:
    """Return how many people belong to a group, of those whose answer names it where others stand with them."""
    return group.roster or (group.named if group.left_out else None)


def _share(n: People | None, whole: int) -> Percent:
    if n is None:
        return None
    if n.exact is not None:
        return round(100 * n.exact / whole)
    low, high = 100 * n.at_least // whole, -(-100 * n.at_most // whole)
    return wording.percent((low, high))


def _of(n: People | None, whole: int) -> str:
    if n is None:
        return ""
    if n.exact is None:
        many = {"people": wording.count(n), "whole": f"{whole:,}"}
        return wording.count(n) if n.of else _("%(people)s of %(whole)s") % many
    return _("%(part)s of %(whole)s") % {"part": f"{n.exact:,}", "whole": f"{whole:,}"}


def answered(breakdown: Breakdown, reached: Sequence[Reached]) -> Chart:
    """Return the chart of how many of each group answered."""
    shares = [bar(one) for one in reached]
    return share_bars(f"answered-{breakdown.id}", _from_to(breakdown, reached), shares, of=wording.by(breakdown))


def bar(one: Reached) -> Share:
    """Return the bar of a group."""
    if one.n and one.n.exact is not None:
        return Share(one.label, one.percent, one.roster, one.n.exact)
    return Share(one.label, one.percent, one.counts or None)


def _from_to(breakdown: Breakdown, reached: Sequence[Reached]) -> str:
    """Say between which shares the groups lie; few groups are named, so that it is seen who is missing."""
    exact = [one for one in reached if isinstance(one.percent, int)]
    nearly_all = [one for one in reached if one.n and one.n.of and one.n.exact is None]
    by = wording.by(breakdown)
    if not exact or len(exact) + len(nearly_all) < 2:
        return _("%(by)s: how many answered") % {"by": by}
    least, most = min(exact, key=_by_percent), (nearly_all or [max(exact, key=_by_percent)])[0]
    words = {"by": by, "low": _said(least), "high": _said(most), "n": len(exact) + len(nearly_all)}
    if len(reached) > FEW_GROUPS:
        return _("%(by)s: from %(low)s to %(high)s answered, in the %(n)s groups shown") % words
    words |= {"least": least.label, "most": most.label, "least_of": least.counts, "most_of": most.counts}
    return _("%(by)s: from %(low)s (%(least)s, %(least_of)s) to %(high)s (%(most)s, %(most_of)s) answered") % words


def _by_percent(one: Reached) -> int:
    return one.percent if isinstance(one.percent, int) else 0


def _said(one: Reached) -> str:
    return f"{one.percent}%" if isinstance(one.percent, int) else str(one.percent)


def _against_staff(reading: Reading, breakdown: Breakdown, reached: Sequence[Reached]) -> list[Chart]:
    n, asked = reading.district.n, reading.eligible
    if n is None or n.exact is None or not asked:
        return []
    rows = [_pair(reading, one, n.exact, asked) for one in reached]
    names = (
        _("share of all %(n)s staff") % {"n": f"{asked:,}"},
        _("share of the %(n)s answers") % {"n": f"{n.exact:,}"},
    )
    note = _("No clear difference: it can arise by chance when everyone is as likely to answer.")
    chart = pairs(f"heard-{breakdown.id}", _heard(reading, breakdown, reached), rows, names, note=note)
    return [replace(chart, slim=True)]


def _pair(reading: Reading, one: Reached, whole: int, asked: int) -> Pair:
    side = standing(reading, one)
    says = {1: _("heard more"), -1: _("heard less"), 0: _("no clear difference")}[side]
    part = _share(one.n, whole)
    count: Number = wording.number(one.n)
    return Pair(one.label, round(100 * one.roster / asked), part, one.roster, count, chance=side == 0, says=says)


def _heard(reading: Reading, breakdown: Breakdown, reached: Sequence[Reached]) -> str:
    """Say of the group that is heard least what it is of the staff and of the answers."""
    by = wording.by(breakdown)
    less = [one for one in reached if standing(reading, one) < 0]
    if not less:
        return _("%(by)s: no group shown is heard less than its share of the staff") % {"by": by}
    if len(reached) > FEW_GROUPS:
        words = {"by": by, "n": len(less), "all": len(reached)}
        return _("%(by)s: %(n)s of %(all)s groups are heard less than their share of the staff") % words
    return _("%(by)s: heard less than their share of the staff: %(groups)s") % {
        "by": by,
        "groups": wording.groups(one.label for one in less),
    }


def _cautions(reading: Reading, breakdown: Breakdown, reached: Sequence[Reached]) -> Iterator[str]:
    less = [f"{one.label} ({one.counts})" for one in reached if standing(reading, one) < 0]
    if less and len(reached) <= FEW_GROUPS:
        words = {"by": wording.by(breakdown), "groups": wording.groups(less)}
        yield _("%(by)s, heard less than others: %(groups)s.") % words
