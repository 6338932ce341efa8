"""A file of counts, read among the places and jobs of the district: in memory, and never kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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
    own = {each: _own(partnership_id, each, found) for each, found in groups.items() if each in head}
    found = read(head, _lines(head, sheet.rows(), own), wanted)
    return found.among({each: _planned(each, groups[each]) for each in groups}, staff(partnership_id)), groups


def _called(heading: str) -> str:
    return next((name for name, forms in HEADINGS.items() if fold(heading) in forms), heading)


@dataclass(frozen=True)
class Own:
    """The district's own list of one kind: the code of each word for it, and the group of each code with one."""

    codes: Mapping[str, str]
    groups: Mapping[str, str]


def _own(partnership_id: UUID, dimension: str, groups: Sequence[Group]) -> Own:
    codes: dict[str, str] = {}
    for row in partnership.named(partnership_id, DIMENSIONS[dimension]):
        for word in (row.code, row.name_en, row.name_es):
            codes.setdefault(fold(word), row.code)
    return Own(codes, {code: group.words.en for group in groups for code in group.codes})


def _lines(head: Sequence[str], rows: Iterator[Line], own: Mapping[str, Own]) -> Iterator[Line]:
    """Yield the lines of the file with each place and job as the name of its group, and at their end as its code.

    Two places of one group are two lines, and one place twice is a fault. Other columns are not read.
    """
    for line, cells in rows:
        cells = [*cells, *[""] * (len(head) - len(cells))]
        codes = {name: _code(line, name, cells[head.index(name)], own[name]) for name in own}
        kept = [cell if name in HEADINGS else "" for name, cell in zip(head, cells, strict=False)]
        named = [
            own[name].groups.get(codes[name], "") if name in own else cell
            for name, cell in zip(head, kept, strict=True)
        ]
        yield line, [*named, *codes.values()]


def _code(line: int, column: str, cell: str, own: Own) -> str:
    """Return the code of a place or job, nothing for an empty cell. Raises TableRefused."""
    word = clean(cell)
    code = own.codes.get(fold(word), "")
    if word and code not in own.groups:
        nobody = gettext_noop("“%(cell)s”: nobody on the staff list belongs to it.")
        unknown = gettext_noop("“%(cell)s” is no code or name on your own list.")
        raise TableRefused(nobody if code else unknown, line, column, cell=word[:40])
    return code if word else ""


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
