"""Makes Alder Valley Unified: a partnership in its second year, through the actions and the doors of real use.

The first year has its pause in March and a new union president in May. Then one survey is released and published,
one is open, one waits for the last key, one is being written; these are counted from today.
"""

import time as stopwatch
from uuid import UUID

from django.conf import settings

from commonground.access.actor import operator
from commonground.agreements import actions as agreements
from commonground.agreements.contents import Both, Contents, Holders
from commonground.agreements.wording import MATTERS, RECONVENE
from commonground.approvals.models import FrozenText
from commonground.demo import campaigns, cast, promises, roster, valley
from commonground.demo.story import ALTERNATES, TURNERS, District, in_first_year, on
from commonground.partnership import actions as partnership
from commonground.partnership import founding, staff
from commonground.partnership.founding import Founder
from commonground.partnership.models import Membership, Partnership, Party, PartyKind
from commonground.people.models import Person


def main(*, unless_seeded: bool = False) -> int:
    """Make the demonstration and say how to sign in; return 0, also where it exists and may stay."""
    if Partnership.objects.filter(slug=cast.SLUG).exists():
        print("Alder Valley exists already. Use another data folder for a second one.")
        tell()
        return 0 if unless_seeded else 1
    began = stopwatch.monotonic()
    seed()
    print(f"Alder Valley Unified is made ({stopwatch.monotonic() - began:.0f} s).")
    tell()
    return 0


def tell() -> None:
    """Print where the demonstration is, and who is in it."""
    address = f"{settings.ENVIRONMENT.site_url}/sign-in/"
    print(f"Sign in at {address} with one of these mailboxes; the code is printed here:")
    for member in cast.CAST:
        print(f"  {member.email:32} {member.name}, {member.role.value}, {member.party or 'serves both sides'}")


def seed() -> District:
    """Make the whole story, from the founding to this week."""
    district = partnership_year()
    fall = campaigns.fall(district)
    campaigns.open_now(district)
    campaigns.waiting(district)
    campaigns.ask_for_another_table(district, fall)
    with on(-2):
        campaigns.draft(district)
    return district


# The partnership


def partnership_year() -> District:
    """Make the first year: founding, charter, agreements, the pause, the new president, two decisions sent back."""
    with in_first_year(9, 8):
        district = found()
    with in_first_year(9, 19):
        valley.build(operator(district.partnership.pk), district.parties)
        _bring_in_staff(district)
        _invite_the_others(district)
    with in_first_year(10, 2):
        _charter(district)
    promises.make(district)
    return district


def found() -> District:
    """Open the district, let one founder of each party accept, and turn the founding's keys."""
    kinds = {cast.MANAGEMENT: PartyKind.MANAGEMENT}
    founders = [
        Founder(m.party, cast.SHORT[m.party], kinds.get(m.party, PartyKind.LABOR_ORGANIZATION), m.name, m.email)
        for m in TURNERS
    ]
    made, links = founding.found_district(
        operator(None),
        slug=cast.SLUG,
        district=cast.DISTRICT,
        founders=founders,
        initiative=("Well Rooted", "Con Buenas Raíces"),
    )
    for founder in founders:
        partnership.accept_letter(links[founder.email], founder.name)
    district = District(made, {party.name: party.pk for party in Party.rows.within(made.pk)})
    district.turn_all(FrozenText.rows.within(made.pk).get(kind=founding.KIND))
    return district


def _bring_in_staff(district: District) -> None:
    admin = operator(district.partnership.pk)
    waiting = staff.read_list(admin, "staff-export.csv", roster.as_csv(roster.workers()))
    staff.carry_out(admin, waiting.pk)


def _invite_the_others(district: District) -> None:
    inviters = {m.party: m for m in TURNERS}
    for member in (*cast.CAST, cast.LEFT, cast.VICTOR):
        if member.founder or member is cast.IMANI:
            continue
        inviter = district.actor(inviters.get(member.party, cast.LUZ))
        party = district.parties.get(member.party)
        secret = partnership.offer(inviter, email=member.email, name=member.name, role=member.role, party_id=party)
        partnership.accept_letter(secret, member.name)
    left = Membership.rows.within(district.partnership.pk).get(person__email=cast.LEFT.email)
    partnership.end_role(district.actor(cast.DANA), left.pk)


def _charter(district: District) -> None:
    luz = district.actor(cast.LUZ)
    draft = agreements.start_charter(luz)
    contents = Contents(
        purpose=Both(
            "Labor and management care for the well-being of everyone who works in our schools, together.",
            "Los sindicatos y la administración cuidan juntos el bienestar de todo el personal de las escuelas.",
        ),
        students=Both(
            "Staff who are well stay, and students learn from people who stay.",
            "El personal que está bien se queda, y los estudiantes aprenden de quienes se quedan.",
        ),
        rights=MATTERS,
        reconvene=RECONVENE,
        holders=_holders(district),
    )
    saved = agreements.save_charter(luz, draft.pk, draft.revision, contents)
    district.turn_all(agreements.lay_before_parties(luz, saved.pk, saved.revision))


def _holders(district: District) -> dict[UUID, Holders]:
    people = dict(Person.objects.values_list("email", "pk"))
    return {
        district.parties[first.party]: Holders((people[first.email],), (people[other.email],))
        for first, other in zip(TURNERS, ALTERNATES, strict=True)
    }
