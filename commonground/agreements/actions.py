"""Writing the charter: starting a draft, saving it, laying it before every party, and what its keys do."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonground.access.actor import Actor
from commonground.access.table import Action
from commonground.agreements import queries
from commonground.agreements.contents import Contents, body, from_body, from_stored, stored
from commonground.agreements.models import Charter
from commonground.agreements.rules import Gap, gaps
from commonground.agreements.saving import save_over
from commonground.agreements.wording import MATTERS, PROTECTIONS, RECONVENE
from commonground.approvals.actions import freeze
from commonground.approvals.kinds import Kind
from commonground.approvals.models import FrozenText
from commonground.kernel import time
from commonground.kernel.errors import Refused
from commonground.kernel.languages import Words, both
from commonground.ledger.acts import act
from commonground.partnership.actions import activate, seat_key_holders
from commonground.partnership.queries import parties

GAPS = {
    Gap.PURPOSE: gettext_lazy("The purpose is missing in one language or both."),
    Gap.STUDENTS: gettext_lazy("How this helps students is missing in one language or both."),
    Gap.RECONVENE: gettext_lazy("How we come together again after a pause is missing in one language or both."),
    Gap.PROTECTION: gettext_lazy("A protection that was added is missing in one language."),
    Gap.NO_RIGHTS: gettext_lazy("Nothing says yet who decides what."),
    Gap.RIGHT: gettext_lazy("A matter in the table of who decides what is missing in one language."),
    Gap.KEY_HOLDERS: gettext_lazy("Each party needs at least one key holder and one alternate."),
    Gap.NOT_A_MEMBER: gettext_lazy("Someone named as key holder no longer speaks for the party."),
}


@act(Action.DRAFT_CHARTER)
def start_charter(actor: Actor) -> Charter:
    """Return the draft; if there is none, begin one from the charter in force, or from first words of ours."""
    draft = Charter.rows.within(actor.tenant).filter(in_force_at=None).first()
    if draft is None:
        draft = Charter(partnership_id=actor.tenant, **stored(_beginning(actor)))
        draft.save(force_insert=True)
    return draft


def _beginning(actor: Actor) -> Contents:
    in_force = Charter.rows.within(actor.tenant).exclude(in_force_at=None).order_by("-in_force_at").first()
    return from_stored(in_force) if in_force else Contents(rights=MATTERS, reconvene=RECONVENE)


@act(Action.DRAFT_CHARTER)
def save_charter(actor: Actor, charter_id: UUID, revision: int, contents: Contents) -> Charter:
    """Save the draft over the revision that was read.

    Raises Refused when somebody else saved in the meantime, or when the charter came into force.
    """
    draft = Charter.rows.one(actor.tenant, charter_id, lock=True)
    if draft.in_force_at:
        raise Refused(gettext_lazy("This charter came into force while you wrote. Nothing was saved."))
    save_over(draft, revision, stored(contents))
    return draft


def lay_before_parties(actor: Actor, charter_id: UUID, revision: int, needed_by: date | None = None) -> FrozenText:
    """Freeze the draft at this revision and ask every party for its key; Refused says all that is missing."""
    with transaction.atomic():
        draft = Charter.rows.one(actor.tenant, charter_id, lock=True)
        if draft.revision != revision or draft.in_force_at:
            raise Refused(
                gettext_lazy("The draft was changed after you read it. Nothing was frozen."), code="stale"
            )
        contents = from_stored(draft)
        if missing := list(gaps(contents, queries.may_hold_keys(actor))):
            raise Refused(" ".join(str(GAPS[gap]) for gap in missing), code="gaps")
        return freeze(
            actor,
            kind=queries.KIND,
            subject_id=actor.tenant,
            title=both(lambda: _("Charter of the partnership")),
            body=body(contents, PROTECTIONS, draft.pk, draft.revision),
            changes=_changes(actor),
            bound=[party.id for party in parties(actor.tenant)],
            needed_by=needed_by,
        )


def _changes(actor: Actor) -> list[Words]:
    if queries.charter_in_force(actor):
        first = both(lambda: _("It takes the place of the charter that is in force now."))
    else:
        first = both(lambda: _("The partnership becomes active."))
    return [
        first,
        both(lambda: _("From then on the key holders that it names turn the keys, and nobody else.")),
        both(lambda: _("Its table of who decides what holds for every later decision.")),
        both(lambda: _("Everyone with a role can read it, with its fingerprint.")),
    ]


def _in_force(actor: Actor, text: FrozenText) -> None:
    """Keep the charter, seat its key holders and make the partnership active. Runs within the last key's act."""
    frozen = from_body(text.body)
    moment = time.now()
    unchanged = Charter.rows.within(actor.tenant).filter(
        pk=frozen.draft_id, revision=frozen.revision, in_force_at=None
    )
    if not unchanged.update(in_force_at=moment):
        kept = Charter(partnership_id=actor.tenant, in_force_at=moment, revision=frozen.revision)
        for name, value in stored(frozen.contents).items():
            setattr(kept, name, value)
        kept.save(force_insert=True)
    holders = frozen.contents.holders.items()
    seat_key_holders(actor, {party: (list(people.first), list(people.alternates)) for party, people in holders})
    activate(actor)


CHARTER = Kind(queries.KIND, in_force=_in_force, url_name="charter", render=queries.wording)
