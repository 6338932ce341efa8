"""Letters about roles: text in both languages, nothing that could follow a reader."""

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


def _words(district: str, link: str) -> str:
    return (
        _("You are invited to the well-being partnership of %(district)s.") % {"district": district}
        + "\n"
        + _("Open this link to read what for, and to accept. It works for 30 days:")
        + f"\n{link}\n"
    )
