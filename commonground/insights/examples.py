"""A release for each address, so that the guards can walk everything."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from commonground.access.actor import Actor
from commonground.demo import cast
from commonground.insights import actions
from commonground.releases import examples

LEAD = {"en": "Breaks come first.", "es": "Primero, los descansos."}


def urls(valley: Any) -> dict[str, dict[str, object]]:
    """Return the arguments of each address besides the district."""
    release = examples.stored(valley.actor(cast.LUZ), uuid4())
    return {
        "release": {"release_id": release.pk},
        "release-question": {"release_id": release.pk, "question_id": "q3"},
        "release-file": {"release_id": release.pk, "ending": "csv"},
        "release-publish": {"release_id": release.pk},
    }


def acts(valley: Any) -> dict[str, Callable[[Actor], object]]:
    """Return one valid call for each act."""
    release = examples.stored(valley.actor(cast.LUZ), uuid4())
    return {
        "commonground.insights.actions.propose": lambda actor: actions.propose(actor, release.pk, lead=LEAD),
    }
