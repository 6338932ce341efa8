"""Places light up by evidence."""

import pytest

from commonground.home.path import Facts, Light, places

SEATED = {"parties": 4, "parties_seated": 4}


def _light(number, **facts):
    return places(Facts(**facts))[number - 1].light


def test_ten_places_in_order():
    assert [place.number for place in places(Facts())] == list(range(1, 11))
    assert all(place.name and place.words for place in places(Facts()))


@pytest.mark.parametrize(
    ("number", "facts", "light"),
    [
        (2, {}, Light.NONE),
        (2, {"parties": 4, "parties_seated": 1}, Light.PART),
        (2, SEATED, Light.PART),
        (2, {**SEATED, "founded": True}, Light.PART),
        (2, {**SEATED, "founded": True, "charter": True}, Light.LIT),
        (3, {}, Light.NONE),
        (3, {"surveys": 1}, Light.PART),
        (3, {"surveys": 1, "frozen": 1}, Light.PART),
        (3, {"surveys": 1, "frozen": 1, "opened": 1}, Light.LIT),
        (7, {}, Light.NONE),
        (7, {"releases": 1}, Light.PART),
        (7, {"releases": 1, "published": 1}, Light.LIT),
        (9, {}, Light.NONE),
        (9, {"charter_begun": True}, Light.PART),
        (9, {"charter_begun": True, "charter": True}, Light.LIT),
    ],
)
def test_evidence_lights_a_place(number, facts, light):
    assert _light(number, **facts) is light


def test_nothing_is_lit_without_evidence():
    assert all(place.light is Light.NONE for place in places(Facts()))
    everything = Facts(True, True, True, 4, 4, 3, 3, 2, 2, 2)
    assert {place.number for place in places(everything) if place.light is Light.LIT} == {2, 3, 7, 9}
