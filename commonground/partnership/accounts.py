"""What an operator does for an account: another mailbox, by the wish of both sides; and its end.

An account may hold roles in several districts, so both acts look at all of them and are recorded in each.
"""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from commonground.access.actor import Actor, Role
from commonground.access.table import Action
from commonground.kernel import time
from commonground.kernel.errors import Refused
from commonground.ledger.acts import act, record
from commonground.partnership import rules
from commonground.partnership.models import Invitation, KeyHolder, Membership, Partnership, PartyKind
from commonground.partnership.stafflist.lines import is_mailbox
from commonground.people import actions as people
from commonground.people.models import Person

EVERYWHERE = "an account may hold roles in several districts"


def person_of(email: str) -> Person:
    """Return the account of a mailbox; raises Refused where there is none."""
    person = Person.objects.filter(email=email.strip().lower()).first()
    if person is None:
        raise Refused(_("Nobody has an account with this mailbox. Nothing was changed."), code="unknown")
    return person


@act(Action.RESET_SIGN_IN)
def reset_sign_in(actor: Actor, email: str, new_email: str, asked_by: Collection[str]) -> Person:
    """Give a person another mailbox and end every sign-in of before.

    `asked_by` are the mailboxes of co-chairs or key holders who ask for it, at least one of labor and one of
    management in each district in which the person holds a role; nobody asks for the own account. Raises Refused.
    """
    person, new = person_of(email), new_email.strip().lower()
    if not is_mailbox(new):
        raise Refused(_("The new mailbox is not a mail address. Nothing was changed."), code="no_mailbox")
    if Person.objects.filter(email=new).exists():
        raise Refused(_("Somebody has an account with the new mailbox already. Nothing was changed."), code="taken")
    districts = set(_roles(person).filter(until=None).values_list("partnership_id", flat=True))
    if not districts:
        raise Refused(_("This person holds no role now. Invite the new mailbox instead."), code="no_role")
    asking = [person_of(mailbox) for mailbox in asked_by]
    wishes = _wishes(asking, person)
    if missing := rules.sides_missing(districts, set(wishes)):
        raise Refused(_both_sides(missing), code="not_both_sides")
    people.move_mailbox(person, new)
    _withdraw_letters(email)
    _letters(email).update(email=new)
    for district in districts:
        asked = [*wishes[district, True], *wishes[district, False]]
        record(actor, partnership_id=district, person=person.pk, asked_by=asked)
    return person


def _both_sides(missing: set[UUID]) -> str:
    names = Partnership.objects.filter(pk__in=missing).order_by("district").values_list("district", flat=True)
    return _(
        "In %(districts)s it takes the wish of a co-chair or key holder of labor and of one of management, "
        "and nobody asks for the own account. Nothing was changed."
    ) % {"districts": ", ".join(names)}


def _wishes(asking: list[Person], person: Person) -> dict[tuple[UUID, bool], list[UUID]]:
    """Return by district and side (labor or not) who asks and may: co-chairs and key holders, for others."""
    may = [each.pk for each in asking if each != person]
    named = KeyHolder.rows.across_all(reason=EVERYWHERE).filter(person=OuterRef("person"), party=OuterRef("party"))
    held = Membership.rows.across_all(reason=EVERYWHERE).filter(person__in=may, until=None, party__isnull=False)
    may_ask = held.filter(Q(role=Role.COCHAIR) | Exists(named)).order_by("since", "pk")
    found: dict[tuple[UUID, bool], list[UUID]] = {}
    for district, kind, asks in may_ask.values_list("partnership_id", "party__kind", "person_id"):
        of_side = found.setdefault((district, kind != PartyKind.MANAGEMENT), [])
        of_side += [asks] if asks not in of_side else []
    return found


@act(Action.ERASE_PERSON)
def erase_person(actor: Actor, email: str) -> None:
    """Erase name and mailbox of a person whose roles have ended; chains keep the bare id and stay whole.

    Raises Refused while a role or a key still rests on the person.
    """
    person = person_of(email)
    roles = _roles(person)
    districts = set(roles.values_list("partnership_id", flat=True))
    if roles.filter(until=None).exists():
        raise Refused(
            _("This person still holds a role. A co-chair ends it first. Nothing was erased."), code="role"
        )
    if KeyHolder.rows.across_all(reason=EVERYWHERE).filter(person=person).exists():
        raise Refused(
            _("A charter names this person to turn a key. Its parties name another first. Nothing was erased."),
            code="key",
        )
    _forget_letters(person)
    people.erase(person)
    for district in districts:
        record(actor, partnership_id=district, person=person.pk)


def _roles(person: Person) -> QuerySet[Membership]:
    return Membership.rows.across_all(reason=EVERYWHERE).filter(person=person)


def _letters(email: str) -> QuerySet[Invitation]:
    return Invitation.rows.across_all(reason=EVERYWHERE).filter(email=email.strip().lower())


def _withdraw_letters(email: str) -> None:
    _letters(email).filter(accepted_on=None, withdrawn_on=None).update(withdrawn_on=time.now().date())


def _forget_letters(person: Person) -> None:
    _withdraw_letters(person.email)
    _letters(person.email).update(email=people.erased_mailbox(person), name="")
