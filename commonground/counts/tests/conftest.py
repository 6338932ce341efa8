"""Every test of counts begins with places and a staff list."""

import pytest

from commonground.counts.tests import places


@pytest.fixture
def valley(valley, db):
    """Alder Valley with five places."""
    places.staff(valley)
    return valley
