"""Servers for the tests of the command: a bare one, one that is migrated, and one with a district."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from commonground.config.tests.machine import ON_POSTGRESQL, Machine, copied, postgresql, sqlite

FOUNDING = (
    "found-district", "maple", "Maple Unified", "--management", "Ed Lund", "ed@maple.example",
    "--labor", "Maple Educators", "Ida Moss", "ida@maple.example",
)  # fmt: skip


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Machine]:
    """A server with two empty databases."""
    if ON_POSTGRESQL:
        with postgresql(tmp_path / "data") as machine:
            yield machine
    else:
        yield sqlite(tmp_path / "data")


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    folder = tmp_path_factory.mktemp("migrated") / "data"
    if ON_POSTGRESQL:
        with postgresql(folder) as machine:
            machine.well("migrate")
            yield machine
    else:
        machine = sqlite(folder)
        machine.well("migrate")
        yield machine


@pytest.fixture(scope="session")
def founded(migrated: Machine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with copied(migrated, tmp_path_factory.mktemp("founded") / "data") as machine:
        machine.well(*FOUNDING)
        yield machine


@pytest.fixture
def machine(migrated: Machine, tmp_path: Path) -> Iterator[Machine]:
    """A server at this version that holds nothing yet."""
    with copied(migrated, tmp_path / "data") as found:
        yield found


@pytest.fixture
def maple(founded: Machine, tmp_path: Path) -> Iterator[Machine]:
    """A server with the district Maple, whose two founders are invited."""
    with copied(founded, tmp_path / "data") as found:
        yield found
