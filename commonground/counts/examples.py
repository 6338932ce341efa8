"""Counts for each address, so that the guards can walk everything."""

from collections.abc import Callable
from datetime import date
from typing import Any

from commonground.access.actor import Actor
from commonground.counts import actions
from commonground.counts.actions import Brought
from commonground.counts.models import CountsDraft
from commonground.counts.tests import places
from commonground.demo import cast
from commonground.disclosure.plan import LEAST_MINIMUM
from commonground.kernel.sheets import as_csv
from commonground.surveys.groups import from_structure

TITLE = {"en": "Lunch walk", "es": "Caminata del almuerzo"}


def walk(tenant: Any, share: float = 0.5, on: date = date(2027, 2, 3)) -> Brought:
    """Return a file in which this share of the staff of each place took part in a walk."""
    groups = from_structure(tenant, "site", LEAST_MINIMUM).groups
    rows: list[list[str | int]] = [[group.codes[0], round(share * (group.roster or 40))] for group in groups]
    return Brought(TITLE, "took_part", on, "walk.csv", as_csv(["site", "people"], rows))


def drafted(actor: Actor) -> CountsDraft:
    """Return counts that wait to be frozen."""
    return actions.bring(actor, walk(actor.tenant))


def urls(valley: Any) -> dict[str, dict[str, object]]:
    """Return the arguments of each address besides the district."""
    places.staff(valley)
    luz = valley.actor(cast.LUZ)
    draft = drafted(luz)
    actions.propose(luz, draft.pk)
    return {"counts-draft": {"draft_id": draft.pk}}


def acts(valley: Any) -> dict[str, Callable[[Actor], object]]:
    """Return one valid call for each act."""
    places.staff(valley)
    luz = valley.actor(cast.LUZ)
    kept, dropped = drafted(luz), drafted(luz)
    return {
        "commonground.counts.actions.bring": lambda actor: actions.bring(actor, walk(actor.tenant)),
        "commonground.counts.actions.propose": lambda actor: actions.propose(actor, kept.pk),
        "commonground.counts.actions.drop": lambda actor: actions.drop(actor, dropped.pk),
    }
