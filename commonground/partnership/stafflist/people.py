"""A person as a staff list tells of them, and what a second file would change."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Person:
    """One member of staff, known by employee number; codes are those of the district's own lists.

    An empty unit means not represented, said so in the file. A name that came in one piece without a comma
    stands in `given_name` as a whole: where it parts is not ours to guess. `line` takes no part in comparing.
    """

    number: str
    given_name: str
    family_name: str
    site: str
    job_class: str
    unit: str
    shift: str = ""
    email: str = ""
    language: str = ""
    line: int = field(default=0, compare=False)

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.given_name} {self.family_name}".strip()


COMPARED = ("given_name", "family_name", "email", "site", "shift", "job_class", "unit", "language")


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one person that the file tells differently."""

    person: Person
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would do: who is new, what changes, who stays the same, who is gone, who waits.

    `held` are people of the present list whose line has a fault: they are neither gone nor changed.
    """

    new: list[Person]
    changed: list[Change]
    same: list[Person]
    gone: list[Person]
    held: list[Person]


def compare(current: Iterable[Person], new: Iterable[Person], held: Collection[str] = ()) -> Preview:
    """Return what `new` would change in `current`, person by person by employee number.

    `held` are the numbers of faulty lines (see `Checked.held`). The same file twice changes nothing. `current` is
    gone through once and not kept, so it may come from a cursor.
    """
    told = {person.number: person for person in new}
    preview, waiting = Preview([], [], [], [], []), frozenset(held)
    for old in current:
        person = told.pop(old.number, None)
        if person is None:
            (preview.held if old.number in waiting else preview.gone).append(old)
        elif old == person:
            preview.same.append(person)
        else:
            preview.changed.extend(_changes(old, person))
    preview.new.extend(told.values())
    return preview


def _changes(old: Person, person: Person) -> Iterable[Change]:
    for name in COMPARED:
        before, after = getattr(old, name), getattr(person, name)
        if before != after:
            yield Change(person, name, before, after)
