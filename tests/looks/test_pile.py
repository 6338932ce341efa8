"""Every page, file and role of a served district as one pile: it goes nowhere beyond the releases.

What is collected is what a skeptic with every role at once would hold: all that links lead to below the releases of
the committee's door, and all results of the staff's door.
"""

import csv
import io
import json

import httpx
import pytest

from commonground.demo import cast
from commonground.disclosure.attack import learn
from commonground.disclosure.together import learn_together
from tests.looks.scene import Scene
from tests.pile import Piece, cells_of, cells_of_rows, counts_beyond, releases, walk

pytestmark = pytest.mark.browser

RELEASES = f"/d/{cast.SLUG}/releases/"


@pytest.fixture(scope="module")
def pile(here: Scene) -> list[Piece]:
    """Return all pages and files of results that links lead anybody to."""
    pieces = []
    for email, cookies in here.cookies.items():
        with httpx.Client(base_url=here.place.site, cookies=cookies, follow_redirects=True) as client:
            pieces += list(walk(client, email, RELEASES, RELEASES))
    with httpx.Client(base_url=here.place.respond, follow_redirects=True) as client:
        pieces += list(walk(client, "staff", "/", "/s/"))
    return pieces


def test_the_pile_holds_files_of_every_kind_from_every_role(here, pile):
    assert {piece.who for piece in pile} >= {"staff", *(email for email in here.cookies if "maple" not in email)}
    assert {"text/html", "application/json", "text/csv"} <= {piece.kind for piece in pile}
    assert len(releases(pile)) >= 2


def test_everyone_gets_the_same_bytes_of_a_file(pile):
    by_path: dict[str, set[bytes]] = {}
    for piece in pile:
        if piece.kind != "text/html":
            by_path.setdefault(piece.path, set()).add(piece.body)
    assert by_path and all(len(bodies) == 1 for bodies in by_path.values())


def test_the_adversaries_learn_nothing_from_the_pile(pile):
    contents = list({json.dumps(content, sort_keys=True): content for content in releases(pile).values()}.values())
    assert contents
    for content in contents:
        assert learn(content["tables"]) == []
    assert learn_together(contents) == []


def test_a_table_in_a_file_is_the_release_and_nothing_else(pile):
    files = {piece.path: piece.body for piece in pile if piece.kind == "text/csv"}
    compared = 0
    for path, content in releases(pile).items():
        if body := files.get(path.replace("/files/json/", "/files/csv/")):
            rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
            assert cells_of_rows(rows) == cells_of(content["tables"])
            compared += 1
    assert compared


def test_counts_on_pages_are_numbers_of_the_release_or_of_the_roster(here, pile):
    seen, unknown = counts_beyond(pile)
    assert seen > 100
    assert unknown == set()
