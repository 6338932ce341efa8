"""The choices of group questions: reporting groups of the district's structure, joined from roster counts.

A group with few people joins the next smallest of its level (`disclosure.merge`) before the paper is frozen, and is
named for what it holds. Where the staff list leaves the dimension empty for somebody, counts are lower bounds:
groups are joined by them, and the paper says that the roster is not known.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Count

from commonground.disclosure.merge import ReportingGroup, reporting_groups
from commonground.disclosure.plan import GroupQuestion
from commonground.kernel.text import sha256
from commonground.partnership.models import (
    BargainingUnit,
    JobFamily,
    Named,
    Shift,
    Site,
    SiteLevel,
    SpokenLanguage,
    StaffRecord,
)
from commonground.surveys.rules import Group, Words

SOURCES: dict[str, tuple[type[Named], str]] = {
    "site": (Site, "site"),
    "job_family": (JobFamily, "job_class__family"),
    "shift": (Shift, "shift"),
    "language": (SpokenLanguage, "language"),
    "unit": (BargainingUnit, "unit"),
}
"""Where the groups of a dimension are named, and how a line of the staff list names one."""


@dataclass(frozen=True)
class Grouped:
    """The groups of a dimension, and how many people on the staff list are in none of them."""

    groups: tuple[Group, ...]
    uncounted: int


def staff(partnership_id: UUID) -> int:
    """Return how many people work in the district now, by the staff list."""
    return StaffRecord.rows.within(partnership_id).filter(gone_on=None).count()


def from_structure(
    partnership_id: UUID,
    dimension: str,
    minimum: int,
    kept: Sequence[Sequence[str]] = (),
    together: Sequence[Sequence[str]] = (),
) -> Grouped:
    """Return the reporting groups of a dimension of `SOURCES`; places where nobody works are left out.

    `kept` are the codes that each group of an earlier wave held: these stay together, and only what is new is
    joined from its roster. Where there was none, so do the codes that the writers put `together`.
    """
    model, path = SOURCES[dimension]
    found = StaffRecord.rows.within(partnership_id).filter(gone_on=None).order_by()
    people: dict[UUID | None, list[str]] = {}
    for key, record in found.values_list(path, "pk"):
        people.setdefault(key, []).append(record.hex)
    counts = {key: len(records) for key, records in people.items()}
    uncounted = counts.pop(None, 0)
    rows = model.rows.within(partnership_id).filter(pk__in=[key for key in counts if key])
    named = list(rows)
    if not named:
        return Grouped((), uncounted)
    rosters = tuple(counts[row.pk] for row in named)
    levels = _levels(partnership_id, named)
    keys = tuple(level.en if level else None for level in levels)
    merged = _merged(dimension, named, rosters, keys, minimum, kept or together)
    if not kept:
        merged.sort(key=lambda group: group.holds)
    groups = tuple(
        _group(
            [named[place] for place in group.holds],
            None if uncounted else group.roster,
            levels[group.holds[0]],
            "" if uncounted else _hash([x for place in group.holds for x in people[named[place].pk]], minimum),
        )
        for group in merged
        if group.holds
    )
    return Grouped(groups, uncounted)


def _merged(
    dimension: str,
    named: Sequence[Named],
    rosters: tuple[int, ...],
    keys: tuple[str | None, ...],
    minimum: int,
    kept: Sequence[Sequence[str]],
) -> list[ReportingGroup]:
    """Return groups by places in `named`: those of an earlier wave first, then what is new, by its roster."""
    place_of = {row.code: place for place, row in enumerate(named)}
    held = [tuple(place_of[code] for code in codes if code in place_of) for codes in kept]
    groups = [ReportingGroup(places, roster=sum(rosters[i] for i in places)) for places in held if places]
    new = [place for place in range(len(named)) if not any(place in places for places in held)]
    if not new:
        return groups
    fresh = GroupQuestion(dimension, len(new), tuple(rosters[i] for i in new), tuple(keys[i] for i in new))
    joined = reporting_groups(fresh, minimum).groups
    return [*groups, *(replace(group, holds=tuple(new[i] for i in group.holds)) for group in joined)]


def read_together(text: str) -> list[list[str]]:
    """Read the codes that are put together, as they are kept."""
    found: list[list[str]] = json.loads(text or "[]")
    return found


def _levels(partnership_id: UUID, named: Sequence[Named]) -> tuple[Words | None, ...]:
    if not isinstance(named[0], Site):
        return (None,) * len(named)
    names = {row.pk: _words(row) for row in SiteLevel.rows.within(partnership_id)}
    return tuple(names[row.level_id] for row in named if isinstance(row, Site))


def _words(row: Named) -> Words:
    return Words(row.name_en, row.name_es or row.name_en)


def _hash(records: Sequence[str], minimum: int) -> str:
    """Return a hash of a set of staff records, nothing for few; their ids are random, so it names nobody."""
    return sha256(" ".join(sorted(records)).encode()) if len(records) >= minimum else ""


def _group(rows: Sequence[Named], roster: int | None, level: Words | None, people: str) -> Group:
    names = [_words(row) for row in rows]
    words = Words(joined([name.en for name in names], "and"), joined([name.es for name in names], "y"))
    return Group(words, roster, tuple(name.en for name in names), level, tuple(row.code for row in rows), people)


def crossed(partnership_id: UUID, dimensions: Sequence[str]) -> list[tuple[tuple[str | None, ...], int]]:
    """Return how many people the staff list has for each combination of codes of these dimensions."""
    paths = [f"{SOURCES[dimension][1]}__code" for dimension in dimensions]
    found = StaffRecord.rows.within(partnership_id).filter(gone_on=None).order_by()
    rows = found.values_list(*paths).annotate(Count("pk"))
    return [(tuple(codes), people) for *codes, people in rows]


def joined(names: Sequence[str], last: str) -> str:
    """Return "A", "A and B", "A, B and C"; before an i-sound the Spanish "y" becomes "e"."""
    if len(names) < 2:
        return "".join(names)
    if last == "y" and names[-1].lower().startswith(("i", "hi")) and not names[-1].lower().startswith("hie"):
        last = "e"
    return f"{', '.join(names[:-1])} {last} {names[-1]}"
