"""A file of counts, read among the places and jobs of the district: in memory, and never kept."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from commonground.disclosure.counted import Asked, Counted, Line, TableRefused, Wanted, gettext_noop, read
from commonground.disclosure.plan import LEAST_MINIMUM, GroupQuestion
from commonground.partnership import queries as partnership
from commonground.partnership.stafflist import sheet as sheets
from commonground.partnership.stafflist.cells import clean, fold
from commonground.surveys.groups import from_structure, staff
from commonground.surveys.rules import Group

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "site": ("site", "place", "site code", "school", "lugar", "sede", "escuela", "plantel"),
    "job_family": ("job family", "kind of job", "tipo de trabajo", "tipo de puesto"),
    "people": ("people", "count", "took part", "number", "personas", "participaron", "numero"),
    "yes": ("yes", "si"),
    "no": ("no",),
}
"""What the columns of a file may be called, without case, accents and signs; the first is in our own table."""
DIMENSIONS = {"site": "site", "job_family": "family"}
ASKED = Asked("liked", ("yes", "no"))


def counted(partnership_id: UUID, name: str, data: bytes, *, asks: bool) -> tuple[Counted, dict[str, list[Group]]]:
    """Return the counts of a file and the groups that they are sorted into; `asks` for its columns yes and no.

    Raises Unreadable for what is no table, and TableRefused for a table that cannot be read.
    """
    sheet = sheets.read(name, data)
    head = [_called(cell) for cell in sheet.headers]
    by = tuple(each for each in ("job_family",) if each in head)
    wanted = Wanted("people", nested=("site",), by=by, answers=(ASKED,) if asks else ())
    groups = {each: list(from_structure(partnership_id, each, LEAST_MINIMUM).groups) for each in wanted.groupings}
    known = {each: _named(partnership_id, each, found) for each, found in groups.items()}
    found = read(head, _lines(head, sheet.rows(), known), wanted)
    return found.among({each: _planned(each, groups[each]) for each in groups}, staff(partnership_id)), groups


def _called(heading: str) -> str:
    return next((name for name, forms in HEADINGS.items() if fold(heading) in forms), heading)


def _named(partnership_id: UUID, dimension: str, groups: Sequence[Group]) -> dict[str, str]:
    """Return the group of each code and each name of the district's list; empty where nobody belongs to it."""
    group_of = {code: group.words.en for group in groups for code in group.codes}
    named: dict[str, str] = {}
    for row in partnership.named(partnership_id, DIMENSIONS[dimension]):
        for word in (row.code, row.name_en, row.name_es):
            named.setdefault(fold(word), group_of.get(row.code, ""))
    return named


def _lines(head: Sequence[str], rows: Iterator[Line], known: Mapping[str, Mapping[str, str]]) -> Iterator[Line]:
    """Yield the lines of the file with each place and job as the name of its group."""
    for line, cells in rows:
        yield (
            line,
            [
                _group(line, name, cell, known[name]) if name in known else cell
                for name, cell in zip(head, cells, strict=False)
            ],
        )


def _group(line: int, column: str, cell: str, known: Mapping[str, str]) -> str:
    word = clean(cell)
    if word and not known.get(fold(word)):
        nobody = gettext_noop("“%(cell)s”: nobody on the staff list belongs to it.")
        unknown = gettext_noop("“%(cell)s” is no code or name on your own list.")
        raise TableRefused(nobody if fold(word) in known else unknown, line, column, cell=word[:40])
    return known.get(fold(word), "")


def _planned(dimension: str, groups: Sequence[Group]) -> tuple[GroupQuestion, list[str]]:
    rosters = tuple(group.roster for group in groups)
    levels = tuple(group.level.en if group.level else None for group in groups)
    return GroupQuestion(dimension, len(groups), rosters, levels), [group.words.en for group in groups]


def choices(groups: Sequence[Group]) -> list[dict[str, Any]]:
    """Return groups as a release names them, by which a later one knows that they hold the same people."""
    return [
        {
            "text": {"en": group.words.en, "es": group.words.es},
            "level": {"en": group.level.en, "es": group.level.es} if group.level else None,
            "roster": group.roster,
            "holds": list(group.holds),
            "codes": list(group.codes),
            "people": group.people or None,
        }
        for group in groups
    ]


def table(partnership_id: UUID) -> tuple[list[str], list[list[str]]]:
    """Return headings and lines of a table to fill in, with every place that is open."""
    places = [row for row in partnership.named(partnership_id, "site") if row.closed_on is None]
    return ["site", "name", "people"], [[row.code, row.name, ""] for row in places]
