"""A charter that could be frozen, addresses and a call for each act, so that the guards can walk everything."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from commonground.access.actor import Actor
from commonground.agreements import actions
from commonground.agreements.contents import Both, Contents, DecisionRight, Holders, Right
from commonground.demo import cast

KEY_HOLDERS = {
    cast.TEACHERS: (cast.DANA, cast.GRACE),
    cast.CLASSIFIED: (cast.LUZ, cast.ELENA),
    cast.TRADES: (cast.RAY, cast.ANA),
    cast.MANAGEMENT: (cast.HELEN, cast.DENISE),
}
SURVEY = Both("What the survey asks", "Qué pregunta la encuesta")


def contents(valley: Any, **changed: Any) -> Contents:
    """Return a whole charter for the cast: the superintendent holds management's key, her co-chair is alternate."""
    parts: dict[str, Any] = {
        "purpose": Both("We make work here better, together.", "Mejoramos juntos el trabajo aquí."),
        "students": Both("Rested adults teach better.", "Los adultos descansados enseñan mejor."),
        "rights": (
            Right(Both("What the survey asks", "Qué pregunta la encuesta"), DecisionRight.COMMITTEE_DECIDES),
        ),
        "reconvene": Both("We meet within 30 days.", "Nos reunimos en 30 días."),
        "holders": {
            valley.parties[party].pk: Holders((valley.people[one.name].pk,), (valley.people[other.name].pk,))
            for party, (one, other) in KEY_HOLDERS.items()
        },
    }
    return Contents(**{**parts, **changed})


def drafted(valley: Any, **changed: Any) -> tuple[UUID, int]:
    """Write a whole draft as the labor co-chair; return its id and revision."""
    luz = valley.actor(cast.LUZ)
    draft = actions.start_charter(luz)
    draft = actions.save_charter(luz, draft.pk, draft.revision, contents(valley, **changed))
    return draft.pk, draft.revision


def urls(valley: Any) -> dict[str, dict[str, object]]:
    """Return the arguments of each address besides the district."""
    drafted(valley)
    return {name: {} for name in ("charter", "charter-start", "charter-draft")}


def acts(valley: Any) -> dict[str, Callable[[Actor], object]]:
    """Return one valid call for each act."""
    place = "commonground.agreements.actions."
    draft_id, revision = drafted(valley)
    whole = contents(valley)
    return {
        place + "start_charter": actions.start_charter,
        place + "save_charter": lambda actor: actions.save_charter(actor, draft_id, revision, whole),
    }
