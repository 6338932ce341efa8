"""What a home page shows, gathered with a fixed number of queries."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonground.access.actor import Actor, Role
from commonground.access.decide import allowed
from commonground.access.table import Action
from commonground.agreements.models import Charter
from commonground.approvals import queries as approvals
from commonground.approvals.queries import TextCard
from commonground.home import path
from commonground.home.path import Facts, Light
from commonground.kernel.charts import Chart, Share, share_bars
from commonground.ledger import queries as ledger
from commonground.ledger.sentences import ToldEntry, tell
from commonground.partnership import queries as partnership
from commonground.partnership.models import StaffRecord
from commonground.releases.models import Release
from commonground.surveys import queries as surveys
from commonground.surveys.models import SurveyState
from commonground.surveys.queries import SurveyLine

LEAST_REACHED = 4
LAST_ENTRIES = 5


@dataclass(frozen=True)
class PlaceCard:
    """A place of the path as the page draws it."""

    number: int
    name: str
    light: Light
    words: str
    act: str
    url: str


@dataclass(frozen=True)
class Home:
    """Everything on a home page; what a role may not see is empty."""

    headline: str
    places: list[PlaceCard]
    ours: list[tuple[TextCard, bool]]
    surveys: list[SurveyLine]
    record: list[ToldEntry]
    reach: Chart | None
    reach_says: str
    begin: str
    begin_url: str


def home(actor: Actor, district: str) -> Home:
    """Return the home page of this person in the district."""
    lines = surveys.surveys(actor)
    facts = _facts(actor, lines)
    ours = approvals.waiting_for(actor) if allowed(actor, Action.SEE_TEXTS) and actor.party_id else []
    begin, route = _begin(facts)
    says, chart = _reach(actor) if allowed(actor, Action.SEE_STRUCTURE) else ("", None)
    return Home(
        headline=_headline(ours, lines),
        places=[_card(actor, place, district) for place in path.places(facts)],
        ours=[(text, text.is_last(actor.party_id)) for text in ours],
        surveys=[line for line in lines if line.state != SurveyState.DESTROYED] if _sees_surveys(actor) else [],
        record=_record(actor),
        reach=chart,
        reach_says=says,
        begin=begin,
        begin_url=reverse(route, kwargs={"district": district}) if route else "",
    )


def _sees_surveys(actor: Actor) -> bool:
    return allowed(actor, Action.SEE_SURVEYS)


def _facts(actor: Actor, lines: list[SurveyLine]) -> Facts:
    parties = partnership.parties(actor.tenant)
    members = partnership.members(actor.tenant)
    seated = {member.party_id for member in members if member.role == Role.COCHAIR}
    charters = Charter.rows.within(actor.tenant).aggregate(all=Count("pk"), old=Count("in_force_at"))
    releases = Release.rows.within(actor.tenant).aggregate(all=Count("pk"), out=Count("published_at"))
    states = [line.state for line in lines]
    return Facts(
        founded=partnership.founded(actor.tenant),
        charter=bool(charters["old"]),
        charter_begun=bool(charters["all"]),
        parties=len(parties),
        parties_seated=sum(party.id in seated for party in parties),
        surveys=len(lines),
        frozen=sum(state != SurveyState.DRAFTING for state in states),
        opened=releases["all"],
        releases=releases["all"],
        published=releases["out"],
    )


def _begin(facts: Facts) -> tuple[str, str]:
    """Return the one thing to do first in a young partnership, and its route; empty later."""
    if not facts.founded:
        return _("Found the partnership: read the founding text and turn your party's key."), "waiting"
    if not facts.charter:
        return _("Write the charter: it says who decides what, and who turns the keys."), "charter"
    return "", ""


def _headline(ours: list[TextCard], lines: list[SurveyLine]) -> str:
    if ours:
        number = len(ours)
        words = ngettext("One paper waits for our key", "%(number)d papers wait for our key", number)
        return words % {"number": number}
    if any(line.is_open for line in lines):
        return _("A survey is open")
    return _("Where we are")


def _card(actor: Actor, place: path.Place, district: str) -> PlaceCard:
    rights = {
        "people": Action.SEE_PEOPLE,
        "waiting": Action.SEE_TEXTS,
        "surveys": Action.SEE_SURVEYS,
        "charter": Action.SEE_CHARTER,
        "releases": Action.SEE_RELEASE,
    }
    open_to = bool(place.route) and allowed(actor, rights[place.route])
    url = reverse(place.route, kwargs={"district": district}) if open_to else ""
    return PlaceCard(
        place.number, str(place.name), place.light, str(place.words), str(place.act) if open_to else "", url
    )


def _record(actor: Actor) -> list[ToldEntry]:
    if not allowed(actor, Action.SEE_LEDGER):
        return []
    return tell(actor.tenant, ledger.entries(actor, limit=LAST_ENTRIES))


def _reach(actor: Actor) -> tuple[str, Chart | None]:
    """Return how many people a letter can reach, and the places where it reaches the fewest."""
    rows = StaffRecord.rows.within(actor.tenant).filter(gone_on=None).values_list("site__name_en").order_by()
    counts = list(rows.annotate(all=Count("pk"), mail=Count("pk", filter=~Q(email=""))))
    total, mailboxes = sum(all for _site, all, _mail in counts), sum(mail for *_rest, mail in counts)
    if not total:
        return "", None
    least = sorted(counts, key=lambda row: (row[2] / row[1], row[0]))[:LEAST_REACHED]
    says = _(
        "%(mailboxes)s of %(total)s staff have a district mailbox. For the others there is paper, or a person."
    )
    bars = [Share(site, round(100 * mail / all), all, mail) for site, all, mail in least]
    heading = _("Reached least by letter")
    return says % {"mailboxes": f"{mailboxes:,}", "total": f"{total:,}"}, share_bars(
        "reach", heading, bars, of=_("Place")
    )
