"""The letter with a personal link: both languages in one, the reader's own first. No picture, no tracking."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import override

from commonground.kernel import dates
from commonground.partnership.models import Partnership, StaffRecord
from commonground.sealing.formats import fingerprint
from commonground.surveys.addresses import entrance, personal_link
from commonground.surveys.models import Survey


class Writer:
    """Writes the letters of one survey, invitations or reminders."""

    def __init__(self, survey: Survey, partnership: Partnership, reminder: bool = False) -> None:
        self.survey, self.partnership, self.reminder = survey, partnership, reminder
        self.fingerprint = fingerprint(bytes.fromhex(survey.paper_hash))

    def letter(self, staff: StaffRecord, secret: bytes) -> EmailMultiAlternatives:
        """Return the letter for a person; the secret of the link is in the letter alone."""
        first = "es" if staff.language and staff.language.code.lower().startswith("es") else "en"
        texts = [self._text(name, secret) for name in (first, "es" if first == "en" else "en")]
        values = {"texts": texts, "fingerprint": self.fingerprint, "reminder": self.reminder}
        message = EmailMultiAlternatives(
            subject=f"{texts[0]['initiative']}: {texts[0]['title']} / {texts[1]['title']}",
            body=render_to_string("surveys/mail/letter.txt", values),
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[staff.email],
        )
        message.attach_alternative(render_to_string("surveys/mail/letter.html", values), "text/html")
        return message

    def _text(self, language: str, secret: bytes) -> dict[str, str]:
        survey, partnership = self.survey, self.partnership
        assert survey.closes_at is not None
        with override(language):
            until = dates.day_and_hour(survey.closes_at, partnership.timezone)
        return {
            "language": language,
            "initiative": getattr(partnership, f"initiative_{language}") or partnership.initiative_en,
            "title": getattr(survey, f"title_{language}"),
            "message": getattr(survey, f"message_{language}"),
            "contact": getattr(survey, f"contact_{language}"),
            "until": until,
            "link": personal_link(survey, language, secret),
            "address": entrance(language),
        }
