"""Where staff answer: the long address behind a link or QR code, and the short one to type by hand."""

from base64 import urlsafe_b64encode

from django.conf import settings

from commonground.sealing.formats import hash_in_links
from commonground.surveys.models import Survey


def link(survey: Survey, language: str, code: str = "") -> str:
    """Return the address at which a survey is answered.

    A code, and the hash of the paper that it was drawn for, stand behind `#`, which no server sees.
    """
    address = f"{settings.ENVIRONMENT.respond_url}/s/{survey.public_id}/{language}/"
    return f"{address}#c={code}&p={hash_in_links(bytes.fromhex(survey.paper_hash))}" if code else address


def of_doors() -> dict[str, str]:
    """Return the addresses that a paper names: of the respondents' door, and of the pass point."""
    return {"answer": settings.ENVIRONMENT.respond_url, "pass": f"{settings.ENVIRONMENT.site_url}/pass/"}


def personal_link(survey: Survey, language: str, secret: bytes) -> str:
    """Return the address at which one person answers; secret and hash of the paper stand behind `#`."""
    page = f"{settings.ENVIRONMENT.respond_url}/s/{survey.public_id}/client/answer.html"
    key = urlsafe_b64encode(secret).decode().rstrip("=")
    return f"{page}#k={key}&p={hash_in_links(bytes.fromhex(survey.paper_hash))}&l={language}"


def kiosk(survey: Survey, language: str) -> str:
    """Return the address at which a shared tablet takes printed codes, with the hash of the paper behind `#`."""
    page = f"{settings.ENVIRONMENT.respond_url}/s/{survey.public_id}/client/kiosk.html"
    return f"{page}#p={hash_in_links(bytes.fromhex(survey.paper_hash))}&l={language}"


def entrance(language: str) -> str:
    """Return the address where a code typed by hand finds its survey."""
    return f"{settings.ENVIRONMENT.respond_url}/{language}/"
