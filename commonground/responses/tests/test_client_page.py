"""The page for answering in a real browser, at the real door."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from commonground.responses.tests.client_page import chromium
from commonground.responses.tests.client_stage import Stage, answering, stage

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("respond")) as made:
        yield made


@pytest.fixture
def here(shared: Stage) -> Iterator[Stage]:
    shared.point.status = 200
    shared.point.asked.clear()
    yield shared


def test_an_answer_by_pass_arrives_as_it_was_given(browser: Browser, here: Stage):
    with answering(browser) as person:
        person.open(here.link())
        assert "#" not in person.page.url
        person.begin()
        person.choose("q1", 3)
        person.send()
        print(person.text)
        assert here.answers() == [{"q1": 3}]
