"""How answers are protected and how anyone can check it: what the page for staff says of one survey."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commonground.kernel import hiding
from commonground.responses.editions import Edition, State
from commonground.sealing.promise import Weakness

WHY: dict[Weakness, str | Promise] = {
    Weakness.NO_PASSES: _("There are no passes, so our server puts on every seal. You have to trust its program."),
    Weakness.EMPLOYER_ALONE: _(
        "Only the employer holds a seal. Anonymous means that someone who does not work for it holds one too."
    ),
    Weakness.NO_HTTPS: _("The way to our server is not locked. Someone on the way could read what is sent."),
    Weakness.ONE_HOST: _(
        "Both of our sites share one name. Your browser could show the answering site who is signed in."
    ),
    Weakness.ONE_SERVER: _(
        "The list of staff and the sealed answers lie on one database server. Its inner numbers could tie them."
    ),
}


def reasons(edition: Edition) -> list[str]:
    """Why it is called confidential, in the reader's language."""
    return [str(WHY[Weakness(why)]) for why in edition.content["promise"]["why"]]


def page(edition: Edition, state: State) -> dict[str, Any]:
    """The page "How are my answers protected, and how can I check?"."""
    return {
        **edition.frame,
        "languages": edition.languages("protection/"),
        "state": state,
        "reasons": reasons(edition),
        "files": sorted(edition.content.get("client", {}).items()),
        "addresses": edition.content["addresses"],
        "reminders": [edition.calendar_day(day) for day in edition.content["reminders"]],
    }


def why(edition: Edition) -> dict[str, Any]:
    """The page "Why can't I see this?"."""
    cases = hiding.cases(edition.content["minimum_group"])
    return {**edition.frame, "languages": edition.languages("why/"), "cases": cases}
