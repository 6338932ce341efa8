"""Finds the pages of the signed-in door by following links from the first page, as each of several people."""

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

import httpx
from django.urls import Resolver404, resolve

from commonground.demo import cast
from tests.server import Place

URLCONF = "commonground.config.urls"
WALKED = 16
"""So many pages of one route each person walks through."""

KEPT = {
    **{"home": 7, "survey": 10, "survey-opening": 8, "survey-seals": 4, "survey-codes": 3, "text": 5},
    "survey-further": 4,
}
"""So many pages are kept of the routes that look different in each state; of the others two."""


@dataclass(frozen=True)
class Found:
    """One page: its route, its address on the door, and who found it."""

    route: str
    path: str
    email: str


def route_of(path: str) -> str:
    """Return the name of the route behind a path of the signed-in door, or nothing."""
    try:
        return resolve(path, URLCONF).url_name or ""
    except Resolver404:
        return ""


class _Ways(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and (href := given.get("href")):
            self.links.append(href)
        for name in ("action", "formaction", "data-task", "data-result"):
            if value := given.get(name):
                self.forms.append(value)


def sign_in(place: Place, email: str) -> httpx.Client:
    """Return a client that signed in with the code that was mailed."""
    client = httpx.Client(base_url=place.site, timeout=60, follow_redirects=True)
    _send(client, "/sign-in/", email=email)
    _send(client, "/sign-in/code/", code=place.code(email))
    assert "sessionid" in client.cookies, f"{email} did not get in"
    return client


def accept(place: Place, letter: str) -> httpx.Client:
    """Return a client that accepted this invitation."""
    client = httpx.Client(base_url=place.site, timeout=60, follow_redirects=True)
    _send(client, letter, name="Ida Moss")
    return client


def _send(client: httpx.Client, path: str, **values: str) -> httpx.Response:
    page = client.get(path)
    return client.post(path, data={**values, "csrfmiddlewaretoken": token(page.text)}, headers=_from(client))


def _from(client: httpx.Client) -> dict[str, str]:
    return {"Referer": str(client.base_url)}


def token(html: str) -> str:
    """Return the form token of a page."""
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html)
    assert found, "the page has no form"
    return found[1]


def upload(client: httpx.Client, path: str, name: str, content: bytes) -> httpx.Response:
    """Send a file through the form of this page; return where that leads."""
    form = {"csrfmiddlewaretoken": token(client.get(path).text)}
    return client.post(path, data=form, files={"file": (name, content, "text/csv")}, headers=_from(client))


@dataclass
class Crawl:
    """What following links found: pages, and the routes of everything that a link or a form leads to."""

    pages: list[Found] = field(default_factory=list)
    reached: set[str] = field(default_factory=set)
    _kept: set[tuple[str, ...]] = field(default_factory=set)

    def walk(self, client: httpx.Client, email: str, start: str) -> None:
        """Follow every link from this first page as one person; a link that does not open is an error."""
        queue, came, seen = [start], {start: "nothing"}, Counter[str]()
        while queue:
            asked = queue.pop(0)
            answer = client.get(asked)
            assert answer.status_code == 200, (
                f"{email}: a link on {came[asked]} leads to {asked}, {answer.status_code}"
            )
            path, route = answer.url.path, route_of(answer.url.path)
            seen[route] += 1
            if not answer.headers.get("content-type", "").startswith("text/html") or seen[route] > WALKED:
                continue
            self._keep(Found(route, path, email), path == start)
            for link in self.links(answer):
                if link not in came and route_of(link):
                    came[link] = path
                    queue.append(link)

    def _keep(self, found: Found, first: bool) -> None:
        key = (found.route, found.path, found.email if first else "")
        if key not in self._kept and sum(key[0] == found.route for key in self._kept) < KEPT.get(found.route, 2):
            self._kept.add(key)
            self.pages.append(found)

    def links(self, answer: httpx.Response) -> list[str]:
        """Note the routes of all ways out of a page; return the paths of links that stay on this door."""
        ways = _Ways()
        ways.feed(answer.text)
        paths = {way: urlsplit(way) for way in [*ways.links, *ways.forms]}
        self.reached.update(filter(None, (route_of(target.path) for target in paths.values())))
        here = answer.url.netloc.decode()
        return [paths[way].path for way in ways.links if paths[way].netloc in ("", here) and paths[way].path]


EVERYBODY = (cast.LUZ, cast.SAM, cast.DENISE, cast.HELEN, cast.FACILITATOR)
"""Who walks: a labor co-chair, the coordinator, management's co-chair, the sponsor, the facilitator."""
