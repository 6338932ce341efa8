"""What the pages of a survey share: the way from one to the next, and how a refusal is met."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonground.access.actor import Actor
from commonground.access.decide import allowed
from commonground.access.table import Action
from commonground.kernel.errors import NotAllowed, Refused
from commonground.partnership.queries import parties
from commonground.surveys.models import SurveyState
from commonground.surveys.queries import SurveyLine

BEFORE = {SurveyState.DRAFTING, SurveyState.WAITING}
AFTER = set(SurveyState) - BEFORE
COUNTED = {SurveyState.COUNTED, SurveyState.DESTROYED}
PAGES: tuple[tuple[Any, str, set[SurveyState]], ...] = (
    (gettext_lazy("Draft"), "survey", BEFORE),
    (gettext_lazy("The survey"), "survey", AFTER),
    (gettext_lazy("Seals"), "survey-seals", set(SurveyState)),
    (gettext_lazy("Codes"), "survey-codes", AFTER),
    (gettext_lazy("Hand-over"), "survey-handovers", AFTER),
    (gettext_lazy("Opening"), "survey-opening", AFTER),
    (gettext_lazy("Comments"), "survey-comments", COUNTED),
    (gettext_lazy("Another table"), "survey-further", COUNTED),
    (gettext_lazy("Print"), "survey-print", set(SurveyState)),
)
"""Label, route and the states in which the page is of use."""


@dataclass(frozen=True)
class Tab:
    """One page of a survey."""

    label: str
    url: str
    current: bool


def tabs(district: str, survey: SurveyLine, current: str) -> dict[str, Any]:
    """Return the sub-navigation of a survey's pages for the frame; `current` is the route of this one."""
    own = [
        Tab(str(label), reverse(route, args=[district, survey.id]), route == current)
        for label, route, states in PAGES
        if survey.state in states
    ]
    every = Tab(_("All surveys"), reverse("surveys", args=[district]), current == "surveys")
    return {"subnav": [every, *own], "subnav_label": _("In this survey")}


def judging(actor: Actor) -> dict[str, Any]:
    """Return what the buttons by which a party says what it thinks of a question need: whose they are."""
    ours = next((party.short for party in parties(actor.tenant) if party.id == actor.party_id), "")
    return {"may_judge": allowed(actor, Action.JUDGE_QUESTION), "our_party": ours}


def attempt(act: Callable[[], object]) -> Refused | None:
    """Do the act and return why it was refused, so that the page keeps what was typed; a 403 goes on."""
    try:
        act()
    except NotAllowed:
        raise
    except Refused as refusal:
        return refusal
    return None
