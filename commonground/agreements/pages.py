"""The second level of the navigation in the part about agreements."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from commonground.access.actor import Actor
from commonground.access.decide import allowed
from commonground.access.table import Action
from commonground.partnership.pages import SubEntry


def subnav(actor: Actor, district: str, here: str) -> dict[str, Any]:
    """Return the places in this part that the actor may open; `here` is the route of the page that is shown."""
    entries = (
        (_("All agreements"), "agreements", Action.SEE_AGREEMENTS),
        (_("Charter"), "charter", Action.SEE_CHARTER),
        (_("Pauses"), "pauses", Action.SEE_AGREEMENTS),
        (_("Record"), "record", Action.SEE_LEDGER),
    )
    shown = [
        SubEntry(label, reverse(route, kwargs={"district": district}), route == here)
        for label, route, action in entries
        if allowed(actor, action)
    ]
    return {"subnav": shown, "subnav_label": _("In this part")}
