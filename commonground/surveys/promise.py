"""What only the server knows of the promise that a paper makes: where its two databases lie."""

from collections.abc import Iterator

from django.db import connections

from commonground.sealing.promise import Weakness


def weaknesses() -> Iterator[Weakness]:
    """Name what weakens the promise of a survey that is frozen now.

    Transaction numbers run through a whole PostgreSQL server, so that people and answers need a server each.
    """
    people, answers = (connections[name].settings_dict for name in ("default", "responses"))
    is_one_place = all(people[part] == answers[part] for part in ("HOST", "PORT"))
    if is_one_place and (people["ENGINE"].endswith("postgresql") or people["NAME"] == answers["NAME"]):
        yield Weakness.ONE_SERVER
