"""Who reads the first page: what this person may do, and where a way leads that is open to this person."""

from dataclasses import dataclass

from django.urls import resolve, reverse

from commonground.access.actor import Actor
from commonground.access.decide import allowed
from commonground.access.table import Action


@dataclass(frozen=True)
class Reader:
    """An actor in the district of this slug."""

    actor: Actor
    district: str

    def may(self, action: Action) -> bool:
        """Say whether the table gives the reader the act."""
        return allowed(self.actor, action)

    def way(self, route: str, **arguments: object) -> str:
        """Return the address of a screen, or nothing where the screen is closed to the reader."""
        url = reverse(route, kwargs={"district": self.district, **arguments})
        action: Action = resolve(url).func.screen  # type: ignore[attr-defined]
        return url if self.may(action) else ""
