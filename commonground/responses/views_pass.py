"""What the page that seals in the browser asks of the door: the paper, its own files, and to take an answer.

Every address here serves pages of any origin, so that a union can host the same page; the bytes check themselves.
"""

from collections.abc import Mapping
from mimetypes import guess_type

from django.http import Http404, HttpRequest, HttpResponse

from commonground.kernel.errors import NotFound
from commonground.kernel.octets import from_anywhere, octets
from commonground.kernel.screens import open_screen
from commonground.responses import batches, editions, passing
from commonground.responses.middleware import CONTENT_POLICY
from commonground.responses.models import ClientFile
from commonground.responses.queries import paper_bytes
from commonground.sealing.errors import Malformed, Refused
from commonground.sealing.passes import read_row

respondents_address = open_screen(reason="the respondents' door knows nobody")


@respondents_address
@from_anywhere("GET")
def paper(request: HttpRequest, survey: str) -> HttpResponse:
    """The frozen paper, byte for byte; a header says whether the survey is open, whatever a device's clock says."""
    try:
        answer = octets(paper_bytes(survey), kind="application/json")
    except NotFound:
        return octets(status=404)
    answer["Survey-Phase"] = editions.state(survey).phase
    answer["Access-Control-Expose-Headers"] = "Survey-Phase"
    return answer


@respondents_address
@from_anywhere("GET")
def client(request: HttpRequest, survey: str, name: str) -> HttpResponse:
    """A file of the page for answering, byte for byte as the paper names it."""
    try:
        read = editions.read_paper(survey)
    except Http404:
        return octets(status=404)
    file = ClientFile.objects.filter(pk=read.content.get("client", {}).get(name, "")).first()
    if file is None:
        return octets(status=404)
    answer = octets(bytes(file.data), kind=f"{guess_type(name)[0]}; charset=utf-8")
    answer["Content-Security-Policy"] = _policy(read.content["addresses"])
    return answer


def _policy(addresses: Mapping[str, str]) -> str:
    """What the page may load and ask: its own files here, and besides the door only the pass point."""
    return f"{CONTENT_POLICY}; connect-src 'self' {addresses['pass']}"


@respondents_address
@from_anywhere("POST")
def answer(request: HttpRequest, survey: str) -> HttpResponse:
    """Take an answer by pass; 200 with the acknowledgement, or a status that says why not."""
    try:
        read = editions.read_paper(survey)
        row = read_row(request.body, read.item_size(1))
        taken = passing.take(read, row)
    except (Http404, NotFound):
        return octets(status=404)
    except Malformed:
        return octets(status=400)
    except Refused:
        return octets(status=403)
    return _told(survey, taken)


@respondents_address
@from_anywhere("POST")
def codes(request: HttpRequest, survey: str) -> HttpResponse:
    """Take a batch of answers by code; 200 with one byte for each, which says what became of it."""
    try:
        read = editions.read_paper(survey)
        return octets(batches.take(read, batches.read_batch(request.body, read.item_size(1))))
    except Http404:
        return octets(status=404)
    except Malformed:
        return octets(status=400)


def _told(survey: str, taken: passing.Taken) -> HttpResponse:
    if taken.acknowledgement:
        return octets(taken.acknowledgement)
    if taken.version:
        return octets(taken.version.to_bytes(4, "big"), status=409)
    return octets(status=425 if editions.state(survey).phase == "before" else 410)
