"""What the page of a review shows: how far both reviewers are, never what one of them decided."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from commonground.access.actor import Actor
from commonground.comments import board as boards
from commonground.comments.board import Board, Stage
from commonground.releases.models import Release
from commonground.sealing.levels import levels_of
from commonground.surveys.models import Question, Survey
from commonground.surveys.opening_files import paper_of
from commonground.surveys.queries import SurveyLine, line


@dataclass(frozen=True)
class SideCard:
    """One reviewer: the name, the party, and how many percent of the comments are decided on."""

    name: str
    party: str
    side: str
    decided: int
    is_me: bool


@dataclass(frozen=True)
class ReviewCard:
    """A review as everyone with a role sees it; `turn` says that the reader has something to do."""

    survey: SurveyLine
    stage: str
    sides: tuple[SideCard, ...]
    is_reviewer: bool
    turn: bool
    quoted: int
    alert: str
    raised: int
    themes: tuple[str, ...]
    release_id: UUID | None
    few: bool
    levels: tuple[str, ...]


def review(actor: Actor, survey_id: UUID) -> ReviewCard:
    """Return the page of a review. Raises NotFound."""
    survey = Survey.rows.one(actor.tenant, survey_id)
    board = boards.read(survey)
    releases = Release.rows.within(actor.tenant).filter(survey_id=survey.pk).order_by("number")
    contents = {row.pk: json.loads(bytes(row.data)) for row in releases}
    made = next((pk for pk, content in contents.items() if content["format"] == "cg1-comments"), None)
    fates = [fate for content in contents.values() for fate in _fates(content)]
    own = next((one for one in board.reviewers.values() if one.person_id == actor.person_id), None)
    waits = bool(board.review and own and board.review.written_by == own.place)
    questions = Question.rows.within(actor.tenant).filter(survey=survey).count()
    return ReviewCard(
        survey=line(survey, questions),
        stage=board.stage.value,
        sides=tuple(_side(board, place, actor) for place in sorted(board.reviewers)),
        is_reviewer=own is not None,
        turn=own is not None and _has_turn(board, own.place, waits=waits),
        quoted=len(board.quoted) if board.stage in (Stage.WRITE, Stage.AGREE) else 0,
        alert=_here(survey.alert_en, survey.alert_es),
        raised=board.raised,
        themes=tuple(_here(theme.text_en, theme.text_es) for theme in board.themes),
        release_id=made,
        few="few" in fates,
        levels=_levels(survey, contents.values()),
    )


def _levels(survey: Survey, contents: Iterable[dict[str, Any]]) -> tuple[str, ...]:
    """Return the levels of which some question has a list of comments of its own."""
    told = [lists for content in contents for lists in content.get("comment_levels", {}).values()]
    levels = levels_of(paper_of(survey).content) if any(told) else None
    texts = levels.texts() if levels else {}
    return tuple(_here(text["en"], text["es"]) for name, text in texts.items() if any(name in own for own in told))


def _fates(content: dict[str, object]) -> list[str]:
    fates = content.get("comments")
    return [str(fate) for fate in fates.values()] if isinstance(fates, dict) and "tables" in content else []


def _has_turn(board: Board, place: int, *, waits: bool) -> bool:
    if board.stage is Stage.DECIDE:
        return True
    return board.stage is Stage.WRITE or (board.stage is Stage.AGREE and not waits)


def _side(board: Board, place: int, actor: Actor) -> SideCard:
    reviewer = board.reviewers[place]
    return SideCard(
        name=reviewer.person.name,
        party=reviewer.party.name,
        side="labor" if reviewer.party.is_labor else "management",
        decided=board.percent(place),
        is_me=reviewer.person_id == actor.person_id,
    )


def _here(english: str, spanish: str) -> str:
    return spanish if get_language() == "es" and spanish else english
