"""The first page: for everybody of the cast, with as many queries for one survey as for three."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commonground.demo import cast
from commonground.demo.cast import CAST
from commonground.surveys import actions


@pytest.mark.parametrize("member", CAST, ids=lambda member: member.name)
def test_everybody_has_a_first_page(client, valley, member):
    client.force_login(valley.people[member.name])
    page = client.get(valley.url(""))
    assert page.status_code == 200
    assert "Found the partnership" in page.content.decode()


def test_neighbor_sees_nothing(client, valley, neighbor):
    client.force_login(neighbor.people[cast.NEIGHBOR.name])
    assert client.get(valley.url("")).status_code == 404


def test_queries_do_not_grow_with_surveys(client, valley):
    luz = valley.actor(cast.LUZ)
    client.force_login(valley.people[cast.LUZ.name])
    counts = []
    for rounds in (1, 2):
        for number in range(rounds):
            actions.create_survey(luz, title_en=f"Survey {rounds} {number}")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(valley.url(""))
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 30


def test_welcome_leads_to_the_only_district(client, valley):
    client.force_login(valley.people[cast.LUZ.name])
    assert client.get("/").url == valley.url("")
    client.force_login(valley.people[cast.LEFT.name])
    assert "You hold no role" in client.get("/").content.decode()
