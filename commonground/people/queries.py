"""Reading accounts: names by opaque id."""

from collections.abc import Iterable
from uuid import UUID

from commonground.people.models import Person


def names(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Return the names of these people by id; an erased person is absent."""
    found = Person.objects.filter(pk__in={i for i in ids if i}, is_active=True)
    return dict(found.values_list("pk", "name"))
