"""What the frame of every signed-in page shows: the initiative, who is here, and where one can go."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from commonground.access.actor import ROLE_NAMES, Actor
from commonground.access.decide import allowed
from commonground.access.table import Action
from commonground.partnership.models import Partnership


@dataclass(frozen=True)
class NavEntry:
    """One place of the navigation; `current` where the page at hand belongs to it."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class PauseNotice:
    """What every page says while the partnership is paused: the day to meet again, and where the pause is read."""

    meets_on: date
    url: str


@dataclass(frozen=True)
class Door:
    """A page one can go to from everywhere, the act it takes, and the first words of the addresses below it."""

    label: Promise
    route: str
    action: Action
    words: tuple[str, ...]


PARTS: tuple[tuple[Promise, tuple[Door, ...]], ...] = (
    (
        gettext_lazy("Path"),
        (Door(gettext_lazy("Where we are"), "home", Action.SEE_HOME, ("",)),),
    ),
    (
        pgettext_lazy("where the parties meet", "Table"),
        (
            Door(gettext_lazy("Keys"), "waiting", Action.SEE_TEXTS, ("waiting", "texts")),
            Door(gettext_lazy("People"), "people", Action.SEE_PEOPLE, ("people",)),
            Door(gettext_lazy("Joint record"), "record", Action.SEE_LEDGER, ("record",)),
            Door(gettext_lazy("Our own record"), "record-own", Action.SEE_OWN_LEDGER, ("record/own",)),
        ),
    ),
    (
        gettext_lazy("Voice"),
        (Door(gettext_lazy("Surveys"), "surveys", Action.SEE_SURVEYS, ("surveys",)),),
    ),
    (
        gettext_lazy("Evidence"),
        (
            Door(gettext_lazy("Results"), "releases", Action.SEE_RELEASE, ("releases",)),
            Door(gettext_lazy("Other districts"), "comparisons", Action.SEE_COMPARISONS, ("comparisons",)),
        ),
    ),
    (
        gettext_lazy("Reach"),
        (
            Door(gettext_lazy("Staff list"), "staff", Action.SEE_STAFF_LIST, ("staff",)),
            Door(gettext_lazy("Places and jobs"), "places", Action.SEE_STRUCTURE, ("places",)),
            Door(gettext_lazy("Who took part"), "counts", Action.BRING_COUNTS, ("counts",)),
        ),
    ),
    (
        gettext_lazy("Agreements"),
        (
            Door(gettext_lazy("All agreements"), "agreements", Action.SEE_AGREEMENTS, ("agreements",)),
            Door(gettext_lazy("Charter"), "charter", Action.SEE_CHARTER, ("charter",)),
            Door(gettext_lazy("Pauses"), "pauses", Action.SEE_AGREEMENTS, ("pauses",)),
        ),
    ),
)
"""The two levels: parts of the work, and the pages of each; a part leads to its first page that is open to one."""


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return what the frame of a signed-in page needs; for somebody outside, where staff find their surveys."""
    partnership = getattr(request, "partnership", None)
    if partnership is None:
        return {"staff_url": settings.ENVIRONMENT.respond_url}
    actor: Actor = request.actor  # type: ignore[attr-defined]
    timezone.activate(partnership.timezone)
    return {
        "partnership": partnership,
        "initiative": partnership.initiative_es if get_language() == "es" else partnership.initiative_en,
        "partnership_line": _("The well-being partnership of %(district)s") % {"district": partnership.district},
        "home_url": reverse("home", kwargs={"district": partnership.slug}),
        "person_name": str(request.user),
        "person_role": ", ".join(str(ROLE_NAMES[role]) for role in sorted(actor.roles)),
        "account_url": reverse("settings"),
        "sign_out_url": reverse("account_logout"),
        "pause": _pause(partnership),
        **_ways(request.path, actor, partnership.slug),
    }


def _ways(path: str, actor: Actor, slug: str) -> dict[str, Any]:
    """Return both levels of the navigation as this actor may use them; a part of one page has no second level."""
    nav, subnav = [], []
    here = _door_of(path.removeprefix(f"/d/{slug}/"))
    for label, doors in PARTS:
        pages = [
            NavEntry(str(door.label), reverse(door.route, kwargs={"district": slug}), door is here)
            for door in doors
            if allowed(actor, door.action)
        ]
        if pages:
            current = here in doors
            nav.append(NavEntry(str(label), pages[0].url, current))
            if current and len(pages) > 1:
                subnav = pages
    return {"nav": nav, "subnav": subnav}


def _door_of(path: str) -> Door | None:
    """Return the page that the one at hand stands below: the one with the longest words that begin its address."""
    fits = [
        (len(word), door)
        for _label, doors in PARTS
        for door in doors
        for word in door.words
        if path.rstrip("/") == word or (word and path.startswith(f"{word}/"))
    ]
    return max(fits, key=lambda fit: fit[0])[1] if fits else None


def _pause(partnership: Partnership) -> PauseNotice | None:
    if partnership.meets_on is None:
        return None
    return PauseNotice(partnership.meets_on, reverse("pauses", kwargs={"district": partnership.slug}))
