"""A kind of text whose handler only counts how often it ran."""

import pytest

from commonground.approvals.examples import frozen
from commonground.approvals.kinds import KINDS, Kind


@pytest.fixture
def ran(monkeypatch):
    """Return the list that the handler of the kind "practice" adds to."""
    ran = []
    monkeypatch.setitem(KINDS, "practice", Kind("practice", in_force=lambda actor, text: ran.append(text.pk)))
    return ran


@pytest.fixture
def text(valley, ran):
    """A text of the kind "practice" that binds all four parties of Alder Valley."""
    return frozen(valley, kind="practice")
