"""The pass point: one address, one POST, no page. It reads no cookie, sets none, and keeps no log."""

from django.http import HttpRequest, HttpResponse

from commonground.kernel.errors import NotFound, Refused
from commonground.kernel.octets import from_anywhere, octets
from commonground.kernel.screens import open_screen
from commonground.sealing.errors import Malformed
from commonground.sealing.passes import read_pass_request
from commonground.surveys import passes

STATUS = {passes.EARLY: 425, passes.CLOSED: 410, passes.TAKEN: 409}


@from_anywhere("POST")
def _pass_point(request: HttpRequest) -> HttpResponse:
    try:
        return octets(passes.take(read_pass_request(request.body)))
    except Malformed:
        return octets(status=400)
    except NotFound:
        return octets(status=404)
    except Refused as refusal:
        return octets(status=STATUS[refusal.code])


pass_point = open_screen(reason="the secret of a personal link is all that a person shows")(_pass_point)
