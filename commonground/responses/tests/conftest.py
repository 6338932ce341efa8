"""The respondents' door in tests: its own settings, and a clock that stands inside the survey's window."""

from collections.abc import Iterator
from typing import Any

import pytest

from commonground.config import settings_respond
from commonground.kernel.time import at
from commonground.responses import editions
from commonground.responses.tests.sample import DURING, Sample, make_sample, publish
from commonground.responses.tests.visitor import Browser, Visitor


@pytest.fixture(autouse=True)
def door(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The door's addresses, middleware and templates; it remembers nothing from test to test."""
    for name in ("ROOT_URLCONF", "TEMPLATES", "DATA_UPLOAD_MAX_MEMORY_SIZE"):
        setattr(settings, name, getattr(settings_respond, name))
    settings.MIDDLEWARE = [name for name in settings_respond.MIDDLEWARE if "whitenoise" not in name]
    monkeypatch.setattr(editions, "SECONDS_TO_KEEP", 0)
    editions.forget()
    yield
    editions.forget()


@pytest.fixture
def sample() -> Iterator[Sample]:
    """A published survey with three codes, while it is open."""
    with at(DURING):
        yield publish(make_sample())


@pytest.fixture
def visitor(sample: Sample) -> Visitor:
    """Somebody at the door of the survey."""
    return Visitor(Browser(), sample.survey)
