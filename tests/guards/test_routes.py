"""Every route is declared, and walked as everybody: outsiders get 404, insiders without the right 403."""

import pytest
from django.db import connections
from django.template.base import Template
from django.urls import reverse

from commonground.access.decide import allowed
from commonground.demo import cast
from commonground.demo.cast import CAST
from tests.guards.walk import examples, routes

SIGNED_IN = routes("commonground.config.urls")
RESPOND = routes("commonground.config.urls_respond")
MOST_QUERIES = 30
DATABASES = ["default", "responses"]


@pytest.mark.parametrize("route", SIGNED_IN + RESPOND, ids=str)
def test_every_route_is_declared(route):
    assert hasattr(route.view, "screen") or hasattr(route.view, "open_because"), (
        f"{route.name} is neither @screen nor @open_screen"
    )


@pytest.mark.parametrize("route", RESPOND, ids=str)
def test_the_respondents_door_is_open(route):
    assert hasattr(route.view, "open_because")


INSIDE = [route for route in SIGNED_IN if hasattr(route.view, "screen")]


def _address(route, valley):
    walked = examples("urls", route.view.__module__, valley)
    assert route.arguments <= {"district"} or route.name in walked, (
        f"examples.py offers nothing for the arguments of {route.name}"
    )
    return reverse(route.name, kwargs={"district": valley.partnership.slug, **walked.get(route.name, {})})


@pytest.mark.django_db(databases=DATABASES)
@pytest.mark.parametrize("route", INSIDE, ids=str)
def test_everybody_at_every_route(route, client, valley, neighbor, django_assert_max_num_queries):
    address = _address(route, valley)
    assert client.get(address).status_code == 404, "nobody is signed in"
    for person in (neighbor.people[cast.NEIGHBOR.name], valley.people[cast.LEFT.name]):
        client.force_login(person)
        assert client.get(address).status_code == 404, f"{person.name} is outside"
    for member in CAST:
        client.force_login(valley.people[member.name])
        right = allowed(valley.actor(member), route.view.screen)
        with django_assert_max_num_queries(MOST_QUERIES):
            status = client.get(address).status_code
        expected = {200, 302, 405, 409} if right else {403}
        assert status in expected, f"{member.name} at {route.name}: {status}"


@pytest.mark.django_db(databases=DATABASES)
@pytest.mark.parametrize("route", INSIDE, ids=str)
def test_no_query_while_a_template_is_drawn(route, client, valley, monkeypatch):
    address = _address(route, valley)
    draw = Template._render  # type: ignore[attr-defined]

    def guarded(self, context):
        def refuse(execute, sql, params, many, context):
            raise AssertionError(f"a template asks the database: {sql[:200]}")

        with connections["default"].execute_wrapper(refuse), connections["responses"].execute_wrapper(refuse):
            return draw(self, context)

    for member in (cast.LUZ, cast.SAM):
        if allowed(valley.actor(member), route.view.screen):
            client.force_login(valley.people[member.name])
            client.get(address)
            monkeypatch.setattr(Template, "_render", guarded)
            client.get(address)
            monkeypatch.undo()
