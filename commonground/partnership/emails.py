"""Letters about roles: text in both languages, nothing that could follow a reader."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext as _

from commonground.partnership.models import Partnership


def send_invitation(partnership_id: UUID, email: str, secret: str) -> None:
    """Send the letter that holds an invitation link."""
    partnership = Partnership.objects.get(pk=partnership_id)
    link = f"{settings.ENVIRONMENT.site_url}/invitation/{secret}/"
    parts = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            parts.append(_words(partnership.district, link))
    subject = f"{partnership.district}: invitation / invitación"
    send_mail(subject, "\n\n".join(parts), None, [email])


def send_mailbox_moved(person: str, mailboxes: Iterable[str]) -> None:
    """Tell the mailbox of before, and whoever is said to have asked, that an account has another mailbox."""
    parts = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            parts.append(_moved(person))
    for mailbox in mailboxes:
        send_mail("Another mailbox / Otro correo", "\n\n".join(parts), None, [mailbox])


def _moved(person: str) -> str:
    happened = _("The operator gave %(person)s another mailbox to sign in with, and ended every sign-in.")
    asked = _(
        "You read this because it was your mailbox, or because the operator says that you asked for it. If that is "
        "wrong, tell a co-chair of your party today. The joint record names everyone who is said to have asked."
    )
    return f"{happened % {'person': person}}\n{asked}"


def _words(district: str, link: str) -> str:
    return (
        _("You are invited to the well-being partnership of %(district)s.") % {"district": district}
        + "\n"
        + _("Open this link to read what for, and to accept. It works for 30 days:")
        + f"\n{link}\n"
    )
