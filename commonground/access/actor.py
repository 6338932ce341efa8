"""The actor: who acts, in which partnership, for which party, in which roles. Plain values, never a user object."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from commonground.kernel.errors import NotAllowed, NotFound


class Role(StrEnum):
    """What a person may be in a partnership; the names are those of the glossary."""

    COCHAIR = "cochair"
    MEMBER = "member"
    ALTERNATE = "alternate"
    SPONSOR = "sponsor"
    COORDINATOR = "coordinator"
    CHAMPION = "champion"
    FACILITATOR = "facilitator"
    BOARD_MEMBER = "board_member"
    KEEPER = "keeper"
    OPERATOR = "operator"


ROLE_NAMES = {
    Role.COCHAIR: _("co-chair"),
    Role.MEMBER: _("committee member"),
    Role.ALTERNATE: _("alternate"),
    Role.SPONSOR: _("sponsor"),
    Role.COORDINATOR: _("coordinator"),
    Role.CHAMPION: _("champion"),
    Role.FACILITATOR: _("facilitator"),
    Role.BOARD_MEMBER: _("board member"),
    Role.KEEPER: _("keeper of a seal"),
    Role.OPERATOR: _("operator"),
}


@dataclass(frozen=True)
class Actor:
    """One person acting in one partnership now.

    `party_id` is None for those who serve both parties; `holds_key` says that the charter (before it, the
    founding) names this person to turn the party's key.
    """

    person_id: UUID | None
    partnership_id: UUID | None = None
    party_id: UUID | None = None
    is_labor: bool = False
    roles: frozenset[Role] = frozenset()
    holds_key: bool = False

    @property
    def tenant(self) -> UUID:
        """The partnership acted in; raises NotFound for somebody outside."""
        if self.partnership_id is None:
            raise NotFound
        return self.partnership_id

    @property
    def own_party(self) -> UUID:
        """The party spoken for; raises NotAllowed for those who serve both."""
        if self.party_id is None:
            raise NotAllowed(_("This is for someone who speaks for a party. Nothing was changed."))
        return self.party_id

    def has(self, *roles: Role) -> bool:
        """Say whether the actor holds at least one of the roles."""
        return bool(self.roles.intersection(roles))


NOBODY = Actor(person_id=None)


def operator(partnership_id: UUID | None) -> Actor:
    """Return the actor of a command that the technical administrator runs on the server."""
    return Actor(person_id=None, partnership_id=partnership_id, roles=frozenset({Role.OPERATOR}))
