"""Commands with which an operator opens a district and helps it: thin, over the same actions as the pages."""

import argparse

from django.conf import settings
from django.utils.translation import gettext as _

from commonground.access.actor import operator
from commonground.kernel.errors import Refused
from commonground.partnership import actions, emails
from commonground.partnership.founding import Founder
from commonground.partnership.founding import found_district as found
from commonground.partnership.models import Partnership, Party, PartyKind


def found_district(options: argparse.Namespace) -> int:
    """Open a district, send each founder the invitation, and print the links too."""
    founders = [
        *(_founder(PartyKind.LABOR_ORGANIZATION, *words) for words in options.labor),
        *(_founder(PartyKind.STAFF_REPRESENTATIVES, *words) for words in options.staff),
        _founder(PartyKind.MANAGEMENT, options.district, *options.management),
    ]
    partnership, links = found(
        operator(None),
        slug=options.slug,
        district=options.district,
        founders=founders,
        timezone=options.timezone,
    )
    for email, secret in links.items():
        emails.send_invitation(partnership.pk, email, secret)
        _say(f"{email}: {link(secret)}")
    return 0


def _founder(kind: PartyKind, party: str, name: str, email: str) -> Founder:
    return Founder(party, "", kind, name, email)


def link(secret: str) -> str:
    """Return the address that opens an invitation."""
    return f"{settings.ENVIRONMENT.site_url}/invitation/{secret}/"


def invite(options: argparse.Namespace) -> int:
    """Invite somebody to a role in a district."""
    partnership = _district(options.slug)
    party = Party.rows.within(partnership.pk).filter(name=options.party).first()
    if options.party and party is None:
        raise Refused(_("There is no party of this name. Nothing was sent."))
    secret = actions.offer(
        operator(partnership.pk),
        email=options.email,
        name=options.name,
        role=options.role,
        party_id=party.pk if party else None,
    )
    emails.send_invitation(partnership.pk, options.email, secret)
    _say(f"{options.email}: {link(secret)}")
    return 0


def import_staff(options: argparse.Namespace) -> int:
    """Look at a staff list, and bring it in where asked to and nothing is wrong."""
    from commonground.partnership import staff

    partnership = _district(options.slug)
    actor = operator(partnership.pk)
    preview = staff.read_list(actor, options.file.name, options.file.read_bytes())
    for line in staff.summary(actor, preview.pk):
        _say(line)
    if options.carry_out:
        staff.carry_out(actor, preview.pk)
        _say(_("The list was brought in."))
    return 0


def _district(slug: str) -> Partnership:
    partnership = Partnership.objects.filter(slug=slug).first()
    if partnership is None:
        raise Refused(_("There is no district with this short name."))
    return partnership


def _say(line: str) -> None:
    print(line)
