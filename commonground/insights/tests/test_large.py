"""A release of 49 sites and 19 questions: the page stays light and quick, its groups stand apart."""

import time
from uuid import uuid4

import numpy as np
import pytest

from commonground.demo import cast
from commonground.insights import pages
from commonground.releases import examples, queries

SITES, QUESTIONS, PEOPLE = 49, 19, 2940


@pytest.fixture
def large(valley):
    chance = np.random.default_rng(49)
    places = [(f"Site {n}", f"Lugar {n}", 120, "Elementary schools") for n in range(1, SITES + 1)]
    asked = [examples.grouping("q1", "site", "Where do you work?", "¿Dónde trabaja?", places)]
    columns = {"q1": np.repeat(np.arange(SITES), PEOPLE // SITES).astype(np.uint8)}
    for number in range(2, QUESTIONS + 2):
        asked.append(examples.asked(f"q{number}", "agreement", f"Statement {number}", f"Frase {number}"))
        likely = [0.15, 0.25, 0.2, 0.25, 0.15]
        columns[f"q{number}"] = chance.choice(5, PEOPLE, p=likely).astype(np.uint8)
    content = examples.release(asked, columns, eligible=SITES * 120)
    return examples.stored(valley.actor(cast.LUZ), uuid4(), content)


def test_the_page_is_light_and_its_groups_have_pages(large, valley, client):
    client.force_login(valley.people["Luz Ortega"])
    page = client.get(valley.url(f"releases/{large.pk}/"))
    assert len(page.content) < 175_000 and b"questions/q20/" in page.content
    question = client.get(valley.url(f"releases/{large.pk}/questions/q20/"))
    assert len(question.content) < 150_000 and "Site 49" in question.content.decode()


def test_the_page_is_made_quickly(large, valley):
    card = queries.release(valley.actor(cast.LUZ), large.pk)
    _drawn(card)
    begun = time.process_time()
    _drawn(card)
    assert time.process_time() - begun < 0.3


def _drawn(card):
    page = pages.release(card)
    assert page.apart
    return [
        str(chart)
        for chart in (*page.participation.charts, *(each.district for part in page.parts for each in part.findings))
    ]
