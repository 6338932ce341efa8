"""What a charter needs before it can be frozen. No database."""

from collections.abc import Iterator, Mapping, Set
from enum import StrEnum
from uuid import UUID

from commonground.agreements.contents import Contents


class Gap(StrEnum):
    """What is still missing in a charter."""

    PURPOSE = "purpose"
    STUDENTS = "students"
    RECONVENE = "reconvene"
    PROTECTION = "protection"
    NO_RIGHTS = "no_rights"
    RIGHT = "right"
    KEY_HOLDERS = "key_holders"
    NOT_A_MEMBER = "not_a_member"


def gaps(contents: Contents, members: Mapping[UUID, Set[UUID]]) -> Iterator[Gap]:
    """Yield what is missing; `members` holds by party the people who may be named as its key holders."""
    for gap, words in (
        (Gap.PURPOSE, contents.purpose),
        (Gap.STUDENTS, contents.students),
        (Gap.RECONVENE, contents.reconvene),
    ):
        if not words.whole:
            yield gap
    if not all(words.whole for words in contents.protections):
        yield Gap.PROTECTION
    if not contents.rights:
        yield Gap.NO_RIGHTS
    if not all(right.matter.whole for right in contents.rights):
        yield Gap.RIGHT
    yield from _gaps_of_holders(contents, members)


def _gaps_of_holders(contents: Contents, members: Mapping[UUID, Set[UUID]]) -> Iterator[Gap]:
    named = [contents.holders.get(party) for party in members]
    if not all(holders and holders.first and holders.alternates for holders in named):
        yield Gap.KEY_HOLDERS
    for party, holders in contents.holders.items():
        if not members.get(party, frozenset()) >= {*holders.first, *holders.alternates}:
            yield Gap.NOT_A_MEMBER
            return
