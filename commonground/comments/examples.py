"""A review at each of its stages, so that the guards can walk everything."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from commonground.access.actor import Actor
from commonground.access.decide import allowed
from commonground.access.table import Action
from commonground.comments import actions
from commonground.comments.tests import reviewing
from commonground.comments.tests.reviewing import Review, publish
from commonground.demo import cast
from commonground.demo.readers import sealed, told
from commonground.surveys.tests import writing

READERS = (cast.LUZ, cast.TOM)
PAGES = ("", "-task", "-result", "-theme")

Act = Callable[[Actor, UUID, dict[str, Any]], object]


def urls(valley: Any) -> dict[str, dict[str, object]]:
    """Return the arguments of each address besides the district."""
    survey = writing.launched(valley, readers=READERS).survey.pk
    return {f"survey-comments{name}": {"survey_id": survey} for name in PAGES}


def acts(valley: Any) -> dict[str, Callable[[Actor], object]]:
    """Return one valid call for each act; the labor co-chair of Chapter 212 may do any one of them."""
    every: dict[str, tuple[Action, Callable[[Any], tuple[UUID, dict[str, Any]]], Act]] = {
        "decide_on": (Action.REVIEW_COMMENTS, _begun, actions.decide_on),
        "_raise": (Action.RAISE_COMMENT, _danger, actions.decide_on),
        "write": (Action.REVIEW_COMMENTS, _decided, actions.write),
        "agree": (Action.REVIEW_COMMENTS, _written, actions.agree),
        "add_theme": (
            Action.ADD_THEME,
            _begun,
            lambda actor, survey, _message: actions.add_theme(actor, survey, en="Shade", es="Sombra"),
        ),
    }
    return {f"commonground.comments.actions.{name}": _call(valley, *parts) for name, parts in every.items()}


def _call(
    valley: Any, action: Action, stage: Callable[[Any], tuple[UUID, dict[str, Any]]], act: Act
) -> Callable[[Actor], object]:
    """Reach the stage, which takes seconds, only for somebody who may act there: a refusal needs none."""

    def call(actor: Actor) -> object:
        survey, message = stage(valley) if allowed(actor, action) else (uuid4(), {})
        return act(actor, survey, message)

    return call


def _begun(valley: Any) -> tuple[UUID, dict[str, Any]]:
    review = _counted(valley)
    return review.meeting.id, {"decisions": {}}


def _danger(valley: Any) -> tuple[UUID, dict[str, Any]]:
    review = _counted(valley)
    key = review.opened(cast.LUZ)[0]["comments"][0]["id"]
    return review.meeting.id, {"decisions": {key: {"verdict": "now", "reason": "danger"}}}


def _decided(valley: Any) -> tuple[UUID, dict[str, Any]]:
    review = _both_decided(valley)
    task, words = review.opened(cast.LUZ)
    return review.meeting.id, {"texts": sealed(task, {one["id"]: words[one["id"]] for one in task["comments"]})}


def _written(valley: Any) -> tuple[UUID, dict[str, Any]]:
    review = _both_decided(valley)
    review.write(cast.TOM)
    return review.meeting.id, {"agreed": told(review.proposed(cast.LUZ))}


def _both_decided(valley: Any) -> Review:
    review = _counted(valley)
    for member in READERS:
        review.decide(member, publish)
    return review


def _counted(valley: Any) -> Review:
    return reviewing.counted(valley, people=20, writers=10, readers=READERS)
