"""The bargaining screen of a question, and what the parties say of its words. Pure rules, no database.

Some questions touch what the parties bargain about. Any party may raise the screen of a question, and it holds at
once; it goes down only when every party would have it lower. At the highest level the question is parked: it waits
for the bargaining table and is in no paper.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import TypeVar

Party = TypeVar("Party")


class Level(StrEnum):
    """How far a question touches what is bargained, lowest first."""

    CLEAR = "clear"
    CONSULT = "consult"
    MUST_BARGAIN = "must_bargain"

    @property
    def height(self) -> int:
        """The place of the level, 0 for the lowest."""
        return list(Level).index(self)


def goes_in(level: str) -> bool:
    """Say whether a question of this level may stand in a paper."""
    return Level(level) is not Level.MUST_BARGAIN


def screened(
    now: Level, wishes: Mapping[Party, Level], party: Party, wish: Level, parties: Collection[Party]
) -> tuple[Level, dict[Party, Level]]:
    """Return the level after a party said its wish, and the wishes for a lower one that are still open.

    `wishes` are those said before, below `now`. To wish for the level that holds takes the own wish back.
    """
    if wish.height > now.height:
        return wish, {}
    after = {**wishes, party: wish}
    level = max((after.get(each, now) for each in parties), key=lambda each: each.height)
    return level, {each: said for each, said in after.items() if said.height < level.height}
