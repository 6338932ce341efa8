"""Founding: an operator opens a district and invites one founder a party; these turn the first keys.

The text they turn their keys on names the parties of the partnership. When every party has turned, it is founded.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonground.access.actor import Actor, Role
from commonground.access.table import Action
from commonground.approvals.actions import freeze
from commonground.approvals.kinds import Kind
from commonground.approvals.models import FrozenText
from commonground.kernel import time
from commonground.kernel.errors import Refused
from commonground.kernel.languages import both
from commonground.kernel.text import canonical
from commonground.ledger.acts import act, record
from commonground.partnership import rules
from commonground.partnership.actions import offer
from commonground.partnership.models import Partnership, Party, PartyKind
from commonground.partnership.rules import FoundingFault

KIND = "founding"
FAULTS = {
    FoundingFault.ADDRESS_FORM: gettext_lazy(
        "The short name holds small letters, digits and single hyphens, 60 at most. Nothing was made."
    ),
    FoundingFault.NO_SUCH_TIMEZONE: gettext_lazy(
        "There is no time zone of this name. Write it like America/Los_Angeles. Nothing was made."
    ),
    FoundingFault.ONE_SIDE: gettext_lazy(
        "A partnership needs management and at least one labor organization. Nothing was made."
    ),
    FoundingFault.NAME_TWICE: gettext_lazy("Two parties have one name. Nothing was made."),
}


@dataclass(frozen=True)
class Founder:
    """A party and the person invited to found the partnership for it."""

    party: str
    short: str
    kind: PartyKind
    name: str
    email: str


@act(Action.FOUND_DISTRICT)
def found_district(
    actor: Actor,
    *,
    slug: str,
    district: str,
    founders: list[Founder],
    timezone: str = "America/Los_Angeles",
    initiative: tuple[str, str] = ("", ""),
) -> tuple[Partnership, dict[str, str]]:
    """Open a district with its parties and invite its founders; return it and the invitation links by mailbox.

    Raises Refused where the slug is taken or no address, where the time zone is unknown, where labor or
    management is missing, and where two parties have one name.
    """
    parties = [(founder.party, founder.kind == PartyKind.MANAGEMENT) for founder in founders]
    if fault := rules.founding_fault(slug, timezone, parties):
        raise Refused(FAULTS[fault], code=fault)
    if Partnership.objects.filter(slug=slug).exists():
        raise Refused(gettext_lazy("A district with this address exists already. Nothing was made."))
    partnership = Partnership.objects.create(
        slug=slug,
        district=district,
        timezone=timezone,
        initiative_en=initiative[0] or district,
        initiative_es=initiative[1] or district,
    )
    made = _parties(partnership, founders)
    record(actor, partnership_id=partnership.pk, parties=[party.pk for party in made])
    inside = Actor(None, partnership.pk, roles=frozenset({Role.OPERATOR}))
    links = {
        founder.email: offer(
            inside, email=founder.email, name=founder.name, role=Role.COCHAIR, party_id=party.pk, founder=True
        )
        for founder, party in zip(founders, made, strict=True)
    }
    _freeze_founding(inside, partnership, made)
    return partnership, links


def _parties(partnership: Partnership, founders: list[Founder]) -> list[Party]:
    parties = [
        Party(
            partnership=partnership,
            name=founder.party,
            short_name=founder.short or founder.party[:40],
            kind=founder.kind,
            position=position,
        )
        for position, founder in enumerate(founders)
    ]
    return Party.rows.within(partnership.pk).bulk_create(parties)


def _freeze_founding(actor: Actor, partnership: Partnership, parties: list[Party]) -> FrozenText:
    body = {
        "format": "cg1-founding",
        "district": partnership.district,
        "parties": [{"id": party.pk.hex, "name": party.name, "kind": party.kind} for party in parties],
    }
    return freeze(
        actor,
        kind=KIND,
        subject_id=partnership.pk,
        title=both(lambda: _("Founding of the partnership in %(district)s") % {"district": partnership.district}),
        body=canonical(body).decode(),
        changes=[
            both(
                lambda: _("These parties found the partnership. None can be added or left out without all of them.")
            ),
            both(lambda: _("From then on, what binds several parties takes a key of each.")),
            both(lambda: _("A charter comes next. It names who turns the keys.")),
        ],
        bound=[party.pk for party in parties],
    )


def _founded(actor: Actor, text: FrozenText) -> None:
    Partnership.objects.filter(pk=text.partnership_id).update(founded_at=time.now())


FOUNDING = Kind(KIND, in_force=_founded, url_name="home")
