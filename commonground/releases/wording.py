"""How numbers and names of a release are said, in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from commonground.kernel.charts import Percent
from commonground.kernel.charts.figure import Number, counted
from commonground.releases.reading import Breakdown, Group, People, Share, Text

BY: Mapping[str, object] = {
    "site": gettext_lazy("By place"),
    "site_level": gettext_lazy("By kind of place"),
    "job_family": gettext_lazy("By kind of job"),
    "tenure": gettext_lazy("By years in the district"),
    "shift": gettext_lazy("By shift"),
    "language": gettext_lazy("By preferred language"),
    "unit": gettext_lazy("By bargaining unit"),
}
NONE_NAMED: Mapping[str, object] = {
    "site": gettext_lazy("No place named"),
    "site_level": gettext_lazy("No place named"),
    "job_family": gettext_lazy("No kind of job named"),
    "unit": gettext_lazy("No unit named"),
}


def here(text: Text) -> str:
    """Return a text in the reader's language."""
    return text["es" if get_language() == "es" else "en"]


def listed(names: Iterable[str]) -> str:
    """Return "A", "A and B", "A, B and C"; before an i-sound the Spanish "y" becomes "e"."""
    *first, last = names
    if not first:
        return last
    low = last.lower()
    if get_language() == "es" and low.startswith(("i", "hi")) and not low.startswith("hie"):
        return f"{', '.join(first)} e {last}"
    return _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last}


def groups(names: Iterable[str]) -> str:
    """Return names of groups as `listed` does; where one holds a comma or an "and" itself, semicolons part them."""
    names = list(names)
    inside = (", ", *(f" {word} " for word in ("and", "y", "e")))
    return "; ".join(names) if any(sign in name for name in names for sign in inside) else listed(names)


def by(breakdown: Breakdown) -> str:
    """Return "By place" and the like; a district's own grouping is named by its question."""
    words = BY.get(breakdown.dimension)
    return str(words) if words else _("By: %(question)s") % {"question": here(breakdown.text)}


def crossed_by(breakdowns: Sequence[Breakdown]) -> str:
    """Return "By place, by kind of job" for groupings that are crossed, "By place" for one alone."""
    first, *others = map(by, breakdowns)
    return ", ".join([first, *(words[:1].lower() + words[1:] for words in others)])


def name(breakdown: Breakdown, group: Group) -> str:
    """Return what a group is called: for what it holds."""
    none = str(NONE_NAMED.get(breakdown.dimension) or _("No answer to this"))
    if not group.names:
        return none
    held = listed(here(text) for text in group.names)
    return _("%(groups)s, or %(none)s") % {"groups": held, "none": none.lower()} if group.left_out else held


def level_total(group: Group) -> str:
    """Return what the row with all groups of a level together is called."""
    return _("%(level)s, all together") % {"level": level(group)}


def level(group: Group) -> str:
    """Return the level a group belongs to, or nothing."""
    return here(group.level) if group.level else ""


def percent(share: Share) -> Percent:
    """Return a share as charts take it: a whole percent, a range in words, or nothing."""
    if not isinstance(share, tuple):
        return share
    low, high = share
    if low == 0:
        return _("%(high)s%% or fewer") % {"high": high}
    if high == 100:
        return _("%(low)s%% or more") % {"low": low}
    return _("%(low)s to %(high)s%%") % {"low": low, "high": high}


def printed(share: Share) -> str:
    """Return a share as words and tables print it: "38%", "10% or fewer"; empty for nothing."""
    value = percent(share)
    return f"{value}%" if isinstance(value, int) else value or ""


def number(people: People | None) -> Number:
    """Return how many people, exactly or between bounds in words."""
    if people is None:
        return None
    if people.exact is not None:
        return people.exact
    if people.of is not None and people.at_most == people.of:
        return _("%(low)s or more of %(all)s") % {"low": f"{people.at_least:,}", "all": f"{people.of:,}"}
    return _("%(low)s to %(high)s") % {"low": f"{people.at_least:,}", "high": f"{people.at_most:,}"}


def count(people: People | None) -> str:
    """Return how many people as text."""
    return counted(number(people))


def answers(people: People | None) -> str:
    """Return how many answers a share is of, for the end of a sentence."""
    if people is None:
        return ""
    if people.of is not None and people.at_most == people.of and people.exact is None:
        words = {"low": f"{people.at_least:,}", "all": f"{people.of:,}"}
        return _("%(low)s or more answers from %(all)s people") % words
    return _("%(n)s answers") % {"n": count(people)}
