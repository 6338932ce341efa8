"""Where staff answer: the long address behind a link or QR code, and the short one to type by hand."""

from django.conf import settings

from commonground.sealing.formats import hash_in_links
from commonground.surveys.models import Survey


def link(survey: Survey, language: str, code: str = "") -> str:
    """Return the address at which a survey is answered.

    A code, and the hash of the paper that it was drawn for, stand behind `#`, which no server sees.
    """
    address = f"{settings.ENVIRONMENT.respond_url}/s/{survey.public_id}/{language}/"
    return f"{address}#c={code}&p={hash_in_links(bytes.fromhex(survey.paper_hash))}" if code else address


def entrance(language: str) -> str:
    """Return the address where a code typed by hand finds its survey."""
    return f"{settings.ENVIRONMENT.respond_url}/{language}/"
