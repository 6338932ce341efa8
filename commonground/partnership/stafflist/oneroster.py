"""What is special about OneRoster files: pupils and parents in the same list, roles in a second file since 1.2."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from commonground.partnership.stafflist.cells import clean, fold
from commonground.partnership.stafflist.sheet import Sheet

# OneRoster 1.1 and 1.2, RoleType; the other roles of the standard are those of adults who work there.
_NOT_STAFF = frozenset(
    {"student", "parent", "guardian", "relative", "pupil", "alumno", "alumna", "estudiante", "padre", "madre"}
)
_LEFT = frozenset(
    {"tobedeleted", "deleted", "inactive", "terminated", "resigned", "retired", "separated"}
    | {"inactivo", "inactiva", "baja", "jubilado", "jubilada", "terminado", "terminada"}
)
_STAMP = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z")


@dataclass(frozen=True, slots=True)
class RosterRole:
    """The role of a person and the place where they have it, as roles.csv tells."""

    role: str
    site: str


def is_staff(role: str) -> bool:
    """Say whether a role can be that of an employee; an empty one can."""
    return fold(role) not in _NOT_STAFF


def has_left(status: str) -> bool:
    """Say whether a status says plainly that the person is no longer there."""
    return fold(status).replace(" ", "") in _LEFT


def is_stamp(text: str) -> bool:
    """Say whether a text is a date and time in UTC as OneRoster asks for."""
    return bool(_STAMP.fullmatch(text))


def needs_roles(headers: Sequence[str]) -> bool:
    """Say whether this is users.csv of OneRoster 1.2, which does not tell pupils from staff."""
    words = {fold(heading) for heading in headers}
    return {"sourcedid", "usermasteridentifier"} <= words and "role" not in words


def roles_of(sheet: Sheet) -> dict[str, RosterRole]:
    """Return the role of each person in roles.csv: one of staff before any other, then the primary one.

    Lines marked for deletion do not count. Raises `Unreadable` as `Sheet.rows` does.
    """
    at = {fold(heading): index for index, heading in enumerate(sheet.headers)}
    best: dict[str, tuple[tuple[bool, bool], RosterRole]] = {}
    for _, cells in sheet.rows():
        if has_left(_cell(cells, at, "status")):
            continue
        role = RosterRole(_cell(cells, at, "role"), _cell(cells, at, "orgsourcedid"))
        rank = is_staff(role.role), _cell(cells, at, "roletype") == "primary"
        number = _cell(cells, at, "usersourcedid")
        if number not in best or rank > best[number][0]:
            best[number] = rank, role
    return {number: role for number, (_, role) in best.items()}


def _cell(cells: Sequence[str], at: Mapping[str, int], heading: str) -> str:
    index = at.get(heading, len(cells))
    return clean(cells[index]) if index < len(cells) else ""
