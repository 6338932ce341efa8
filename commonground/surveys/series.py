"""Series: a survey that is the next wave of an earlier one, and what it takes over from it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from commonground.releases.models import Release
from commonground.surveys import waves
from commonground.surveys.models import Survey
from commonground.surveys.rules import FROM_STRUCTURE, Kept, Words


@dataclass(frozen=True)
class Before:
    """What came before a later wave: the surveys of the series, first first, the last one's paper and release."""

    id: UUID
    title: Words
    surveys: tuple[str, ...]
    release: str
    minimum: int
    questions: Sequence[dict[str, Any]]

    @property
    def kept(self) -> tuple[Kept, ...]:
        """The group questions that a later wave asks again."""
        return tuple(
            Kept(
                waves.key_of(each),
                Words(**each["text"]),
                ()
                if each["group"] in FROM_STRUCTURE
                else tuple(option["text"]["en"] for option in each["options"]),
            )
            for each in self.questions
            if each["group"]
        )

    def codes_of(self, dimension: str) -> list[list[str]]:
        """Return the codes that each group of a dimension held."""
        asked = [each for each in self.questions if each["group"] == dimension]
        return [list(option.get("codes", ())) for each in asked for option in each["options"]]


def before(survey: Survey) -> Before | None:
    """Return what a later wave follows, None for a survey that begins a series or stands alone."""
    if survey.follows_id is None:
        return None
    rows = Survey.rows.within(survey.partnership_id).in_bulk()
    chain, row = [], rows.get(survey.follows_id)
    while row is not None:
        chain.append(row)
        row = rows.get(row.follows_id) if row.follows_id else None
    last, paper = chain[0], json.loads(chain[0].paper)
    released = Release.rows.within(survey.partnership_id).filter(survey_id=last.pk).order_by("number")
    return Before(
        id=last.pk,
        title=Words(**paper["title"]),
        surveys=tuple(row.public_id for row in reversed(chain)),
        release=released.values_list("hash", flat=True)[0],
        minimum=paper["minimum_group"],
        questions=paper["questions"],
    )
