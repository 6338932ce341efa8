"""What the frame of every signed-in page shows: the initiative, who is here, and where one can go."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from commonground.access.actor import ROLE_NAMES, Actor
from commonground.access.decide import allowed
from commonground.access.table import Action
from commonground.partnership.models import Partnership


@dataclass(frozen=True)
class NavEntry:
    """One place of the navigation."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class PauseNotice:
    """What every page says while the partnership is paused: the day to meet again, and where the pause is read."""

    meets_on: date
    url: str


PLACES = (
    (gettext_lazy("Path"), "home", Action.SEE_HOME, ("home",)),
    (gettext_lazy("Table"), "waiting", Action.SEE_TEXTS, ("waiting", "texts", "people")),
    (gettext_lazy("Voice"), "surveys", Action.SEE_SURVEYS, ("surveys",)),
    (gettext_lazy("Evidence"), "releases", Action.SEE_RELEASE, ("releases",)),
    (gettext_lazy("Reach"), "staff", Action.SEE_STRUCTURE, ("staff", "places")),
    (
        gettext_lazy("Agreements"),
        "agreements",
        Action.SEE_AGREEMENTS,
        ("agreements", "charter", "pauses", "record"),
    ),
)
"""Label, route, the act that its first page takes, and the first words of the addresses that belong to it."""


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return what the frame of a signed-in page needs; nothing for somebody outside."""
    partnership = getattr(request, "partnership", None)
    if partnership is None:
        return {}
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
        "nav": list(_nav(request, actor, partnership.slug)),
    }


def _pause(partnership: Partnership) -> PauseNotice | None:
    if partnership.meets_on is None:
        return None
    return PauseNotice(partnership.meets_on, reverse("pauses", kwargs={"district": partnership.slug}))


def _nav(request: HttpRequest, actor: Actor, slug: str) -> list[NavEntry]:
    here = request.path.removeprefix(f"/d/{slug}/").split("/")[0] or "home"
    entries = []
    for label, route, action, words in PLACES:
        if allowed(actor, action):
            try:
                entries.append(NavEntry(str(label), reverse(route, kwargs={"district": slug}), here in words))
            except NoReverseMatch:
                continue
    return entries
