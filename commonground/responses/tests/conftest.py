"""The respondents' door in tests: an open survey, and a clock that stands inside its window."""

from collections.abc import Iterator

import pytest

from commonground.kernel.time import at
from commonground.responses.tests.sample import DURING, Sample, make_sample, publish


@pytest.fixture
def open_survey(transactional_db: None) -> Iterator[Sample]:
    """A published survey with three codes, while it is open."""
    with at(DURING):
        yield publish(make_sample())
