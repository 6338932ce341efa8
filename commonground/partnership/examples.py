"""Objects for every address of the district, and a valid call of every act, for the guards."""

from collections.abc import Callable
from functools import partial
from typing import Any

from commonground.access.actor import Actor, Role, operator
from commonground.demo import cast, roster
from commonground.demo import valley as places
from commonground.kernel import time
from commonground.partnership import accounts, actions, founding, staff, structure
from commonground.partnership.models import Invitation, Membership, PartyKind, Site, StaffImport

HERE = "commonground.partnership"


def built(valley: Any) -> Any:
    """Give the district its structure, an open invitation and a staff list that was read."""
    admin = operator(valley.partnership.pk)
    places.build(admin, {name: party.pk for name, party in valley.parties.items()})
    party = valley.parties[cast.TEACHERS].pk
    actions.offer(admin, email="new@avta.example", name="New Member", role=Role.MEMBER, party_id=party)
    staff.read_list(admin, "staff.csv", roster.as_csv(roster.workers()[:40]))
    return valley


def urls(valley: Any) -> dict[str, dict[str, object]]:
    """Return arguments for every address of the district that takes some."""
    tenant = built(valley).partnership.pk
    waiting = {"waiting": StaffImport.rows.within(tenant).get().pk}
    site = Site.rows.within(tenant).order_by("code").first()
    assert site is not None
    return {
        "withdraw-invitation": {"invitation": Invitation.rows.within(tenant).get().pk},
        "end-role": {"membership": _elena(valley)},
        "place-list": {"kind": "site"},
        "place": {"kind": "site", "row": site.pk},
        "staff-import-list": {**waiting, "kind": "new"},
        **dict.fromkeys(("staff-import", "staff-carry-out", "staff-leave", "staff-faults"), waiting),
    }


def _elena(valley: Any) -> Any:
    elena = valley.people[cast.ELENA.name]
    return Membership.rows.within(valley.partnership.pk).get(person=elena).pk


def acts(valley: Any) -> dict[str, Callable[[Actor], object]]:
    """Return a valid call of every act of this module."""
    tenant = built(valley).partnership.pk
    site = Site.rows.within(tenant).order_by("code").first()
    assert site is not None
    level = site.level_id
    waiting = StaffImport.rows.within(tenant).get().pk
    letter = Invitation.rows.within(tenant).get()
    founders = [
        founding.Founder("Maple Educators", "", PartyKind.LABOR_ORGANIZATION, "Ida Moss", "ida@maple.example"),
        founding.Founder("Maple Unified", "", PartyKind.MANAGEMENT, "Ed Lund", "ed@maple.example"),
    ]
    return {
        f"{HERE}.founding.found_district": partial(
            founding.found_district, slug="maple", district="Maple Unified", founders=founders
        ),
        f"{HERE}.actions.offer": _offer,
        f"{HERE}.actions.withdraw": _withdraw_own,
        f"{HERE}.actions.accept": lambda actor: actions.accept(actor, _secret(letter), "New Member"),
        f"{HERE}.actions.end_role": lambda actor: actions.end_role(actor, _own_member(actor)),
        f"{HERE}.accounts.reset_sign_in": lambda actor: accounts.reset_sign_in(
            actor, cast.ELENA.email, "elena@new.example", [cast.LUZ.email, cast.DENISE.email]
        ),
        f"{HERE}.accounts.erase_person": lambda actor: accounts.erase_person(actor, cast.LEFT.email),
        f"{HERE}.structure.add": lambda actor: structure.add(actor, "shift", code="night", name_en="Night"),
        f"{HERE}.structure.change": lambda actor: structure.change(
            actor, "site", site.pk, code="101", name_en="Birch", parent_id=level
        ),
        f"{HERE}.structure.close_site": lambda actor: structure.close_site(actor, site.pk),
        f"{HERE}.staff.await_reading": lambda actor: staff.await_reading(actor, "staff.csv"),
        f"{HERE}.staff.keep": _keep,
        f"{HERE}.staff.await_carrying": lambda actor: staff.await_carrying(actor, waiting),
        f"{HERE}.staff.carry_out": lambda actor: staff.carry_out(actor, waiting),
        f"{HERE}.staff.leave": lambda actor: staff.leave(actor, waiting),
    }


def _offer(actor: Actor) -> object:
    return actions.offer(
        actor, email="other@party.example", name="Other", role=Role.MEMBER, party_id=actor.party_id
    )


def _withdraw_own(actor: Actor) -> None:
    invitation = Invitation.rows.within(actor.tenant).get()
    Invitation.rows.within(actor.tenant).update(party_id=actor.party_id)
    actions.withdraw(actor, invitation.pk)


def _secret(letter: Invitation) -> str:
    from commonground.kernel.text import sha256

    letter.link_hash = sha256(b"known")
    letter.save(update_fields=["link_hash"])
    return "known"


def _keep(actor: Actor) -> None:
    data = roster.as_csv(roster.workers()[:3])
    seen = staff.look_at(actor.tenant, "staff.csv", data, staff.GUESS)
    staff.keep(actor, StaffImport(partnership_id=actor.tenant, started_at=time.now(), moved_at=time.now()), seen)


def _own_member(actor: Actor) -> Any:
    held = Membership.rows.within(actor.tenant).filter(party_id=actor.own_party, until=None)
    member = held.exclude(role=Role.COCHAIR).first()
    assert member is not None
    return member.pk
