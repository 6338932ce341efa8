"""Servers for attacks: an empty one to copy, and a small survey that an honest server has closed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from commonground.config.tests.machine import ON_POSTGRESQL, Machine, postgresql, sqlite
from tests.attacks.copying import played


@contextmanager
def _empty(folder: Path) -> Iterator[Machine]:
    if ON_POSTGRESQL:
        with postgresql(folder) as machine:
            yield machine
    else:
        yield sqlite(folder)


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A server with two migrated databases and nothing in them."""
    with _empty(tmp_path_factory.mktemp("empty") / "data") as machine:
        machine.well("migrate")
        yield machine


@pytest.fixture(scope="session")
def honest(empty: Machine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A server with a small survey, closed: answers by pass and by code, some of them replaced."""
    with played(empty, tmp_path_factory.mktemp("honest"), "all_in_a_day", people=96) as machine:
        yield machine


@pytest.fixture(scope="session")
def still_open(empty: Machine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """The same while it is open."""
    with played(empty, tmp_path_factory.mktemp("open"), "all_in_a_day", people=96, close=False) as machine:
        yield machine
