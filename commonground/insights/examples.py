"""A release for each address, so that the guards can walk everything."""

from typing import Any
from uuid import uuid4

from commonground.demo import cast
from commonground.releases import examples


def urls(valley: Any) -> dict[str, dict[str, object]]:
    """Return the arguments of each address besides the district."""
    release = examples.stored(valley.actor(cast.LUZ), uuid4())
    return {
        "release": {"release_id": release.pk},
        "release-question": {"release_id": release.pk, "question_id": "q3"},
        "release-file": {"release_id": release.pk, "ending": "csv"},
    }
