"""Commands with which an operator opens a district and helps it: thin, over the same actions as the pages."""

import argparse
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from commonground.access.actor import Actor, operator
from commonground.kernel.errors import Refused
from commonground.partnership import accounts, actions, emails, staff
from commonground.partnership.founding import Founder
from commonground.partnership.founding import found_district as found
from commonground.partnership.models import Partnership, Party, PartyKind
from commonground.surveys import tally
from commonground.surveys.models import Survey, SurveyState


def found_district(options: argparse.Namespace) -> int:
    """Open a district, print the links, and send each founder the invitation: a letter lost loses no link."""
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
        _say(f"{email}: {link(secret)}")
    for email, secret in links.items():
        emails.send_invitation(partnership.pk, email, secret)
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
    _say(f"{options.email}: {link(secret)}")
    emails.send_invitation(partnership.pk, options.email, secret)
    return 0


def import_staff(options: argparse.Namespace) -> int:
    """Look at a staff list, and bring it in where asked to; return 1 where something is wrong with it."""
    partnership = _district(options.slug)
    actor = operator(partnership.pk)
    waiting = staff.read_list(actor, options.file.name, options.file.read_bytes())
    lines, faulty = staff.summary(actor, waiting.pk)
    for line in lines:
        _say(line)
    if options.carry_out:
        _carry_out(actor, waiting.pk)
        _say(_("The list was brought in."))
    else:
        staff.leave(actor, waiting.pk)
        _say(_("Nothing was changed. Bring the list in with --carry-out."))
    return 1 if faulty else 0


def _carry_out(actor: Actor, waiting: UUID) -> None:
    """Bring a list in; a refused one does not wait for anybody."""
    try:
        staff.carry_out(actor, waiting)
    except Refused:
        staff.leave(actor, waiting)
        raise


def reset_sign_in(options: argparse.Namespace) -> int:
    """Give a person another mailbox, by the wish of both sides, and end every sign-in of before."""
    person = accounts.reset_sign_in(operator(None), options.email, options.new_email, options.asked_by)
    emails.send_mailbox_moved(person.name, [options.email, *options.asked_by])
    _say(_("%(email)s signs in from now on. Every sign-in of before has ended.") % {"email": person.email})
    return 0


def erase_person(options: argparse.Namespace) -> int:
    """Erase name and mailbox of a person whose roles have ended."""
    accounts.erase_person(operator(None), options.email)
    _say(_("Name and mailbox are erased. The record keeps an id that nobody can name any more."))
    _say(_("A line of the staff list is another thing: the district's own list says who is on it."))
    return 0


def close_survey(options: argparse.Namespace) -> int:
    """Close a survey whose time is over, or say which are open."""
    partnership = _district(options.slug)
    rows = Survey.rows.within(partnership.pk).filter(state=SurveyState.LAUNCHED)
    survey = Survey.rows.within(partnership.pk).filter(public_id=options.survey).first()
    if survey is None:
        for row in rows.order_by("closes_at"):
            _say(f"{row.public_id}  {row.closes_at:%Y-%m-%d %H:%M} UTC  {row.title_en}")
        raise Refused(_("Name one of the open surveys by its id. Nothing was changed."))
    tally.close(operator(partnership.pk), survey.pk)
    _say(_("The survey is closed."))
    return 0


def _district(slug: str) -> Partnership:
    partnership = Partnership.objects.filter(slug=slug).first()
    if partnership is None:
        raise Refused(_("There is no district with this short name."))
    return partnership


def _say(line: str) -> None:
    print(line)
