"""The district that tests start from: the cast, founded, with key holders; and the district next door."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from commonground.access.actor import Actor
from commonground.demo import cast
from commonground.demo.cast import CastMember


@dataclass(frozen=True)
class Valley:
    """Alder Valley with its parties and people by name, for tests."""

    partnership: Any
    parties: dict[str, Any]
    people: dict[str, Any]

    def actor(self, member: CastMember) -> Actor:
        """Return the member of the cast as an actor of this district."""
        from commonground.partnership import queries

        return queries.actor_of(self.people[member.name].pk, self.partnership.pk)

    def url(self, path: str) -> str:
        """Return an address inside the district."""
        return f"/d/{self.partnership.slug}/{path}"


def _district(
    slug: str, name: str, labor: tuple[str, ...], management: str, members: tuple[CastMember, ...]
) -> Valley:
    from commonground.access import walls
    from commonground.partnership.models import Membership, Partnership, Party, PartyKind
    from commonground.people.models import Person

    partnership = Partnership.objects.create(
        slug=slug, district=name, initiative_en="Well Rooted", initiative_es="Con Buenas Raíces"
    )
    walls.open_rows(partnership.pk)
    parties, people = {}, {}
    for position, party in enumerate((*labor, management)):
        kind = PartyKind.MANAGEMENT if party == management else PartyKind.LABOR_ORGANIZATION
        short = cast.SHORT.get(party, party[:12])
        parties[party] = Party(partnership=partnership, name=party, short_name=short, kind=kind, position=position)
        parties[party].save()
    for member in members:
        people[member.name] = Person.objects.create_user(member.email, member.name)
        Membership(
            partnership=partnership,
            person=people[member.name],
            party=parties.get(member.party),
            role=member.role,
            founder=member.founder,
            since=date(2026, 7, 6),
            until=date(2026, 6, 30) if member is cast.LEFT else None,
        ).save()
    return Valley(partnership, parties, people)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Every test begins in English, in UTC and with no district open, whatever the one before left behind."""
    from django.utils import timezone, translation

    from commonground.access import walls

    walls.shut()
    translation.activate("en")
    timezone.deactivate()
    yield
    translation.deactivate_all()
    timezone.deactivate()


@pytest.fixture
def valley(db: None) -> Valley:
    """Alder Valley with its four parties and the whole cast; founders hold the keys."""
    return _district(cast.SLUG, cast.DISTRICT, cast.LABOR, cast.MANAGEMENT, (*cast.CAST, cast.LEFT))


@pytest.fixture
def own_files(settings: Any, tmp_path: Path) -> None:
    """Let the files of the data folder lie apart, where no other test clears them away."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, data=str(tmp_path))


@pytest.fixture
def neighbor(db: None) -> Valley:
    """Cedar Ridge, the next district, with its labor co-chair."""
    return _district(
        "cedar-ridge",
        "Cedar Ridge Unified",
        ("Cedar Ridge Educators",),
        "Cedar Ridge Unified",
        (cast.NEIGHBOR,),
    )
