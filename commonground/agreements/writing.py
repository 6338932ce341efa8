"""Writing agreements beside the charter: beginning, renewing and saving a draft, laying it before every party."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonground.access.actor import Actor
from commonground.access.table import Action
from commonground.agreements import cards, sayings
from commonground.agreements.models import Agreement
from commonground.agreements.rules import WRITABLE, Stored, TermsGap, cautions_of, terms_gaps
from commonground.agreements.saving import save_over
from commonground.agreements.terms import (
    LASTING,
    AgreementKind,
    Terms,
    stored_terms,
    terms_body,
    terms_from_body,
    terms_of,
)
from commonground.approvals.actions import freeze
from commonground.approvals.kinds import Kind
from commonground.approvals.models import FrozenText
from commonground.approvals.reading import Section
from commonground.kernel import dates, time
from commonground.kernel.errors import Refused
from commonground.kernel.languages import Words, both
from commonground.ledger.acts import act, record
from commonground.partnership import actions as partnership
from commonground.partnership.models import Partnership, PartnershipState
from commonground.partnership.queries import parties

NOT_WRITABLE: dict[Stored, str | Promise] = {
    Stored.WAITING: gettext_lazy(
        "This text waits for keys, so its words stand still. A key holder can send it back with a reason; then it "
        "can be changed. Nothing was saved."
    ),
    Stored.IN_FORCE: gettext_lazy("This text is in force. Begin a renewal to change it. Nothing was saved."),
    Stored.ENDED: gettext_lazy("This text no longer holds. Begin a new one instead. Nothing was saved."),
}


@act(Action.DRAFT_AGREEMENT)
def start(actor: Actor, kind: AgreementKind) -> Agreement:
    """Begin an empty draft of this kind. Raises Refused for one that has no place now, as a second pause."""
    if kind not in cards.kinds_to_begin(actor):
        raise Refused(
            gettext_lazy(
                "A text of this kind has no place while the partnership stands as it does. Nothing was begun."
            )
        )
    draft = _draft(actor, Terms(kind))
    draft.save(force_insert=True)
    return draft


@act(Action.DRAFT_AGREEMENT)
def renew(actor: Actor, agreement_id: UUID) -> Agreement:
    """Begin a renewal from the words of an agreement in force or expired; if one is written already, return it.

    Raises Refused where a renewal took its place before, or where it never came into force.
    """
    old = Agreement.rows.one(actor.tenant, agreement_id, lock=True)
    if old.kind not in LASTING or old.state != Stored.IN_FORCE:
        raise Refused(
            gettext_lazy("A renewal begins from an agreement that is in force or has expired. Nothing was begun.")
        )
    begun = Agreement.rows.within(actor.tenant).filter(renews=old, state__in=[*WRITABLE, Stored.WAITING]).first()
    if begun is not None:
        return begun
    earlier = terms_of(old)
    draft = _draft(actor, Terms(earlier.kind, title=earlier.title, text=earlier.text), renews=old)
    draft.save(force_insert=True)
    return draft


def _draft(actor: Actor, terms: Terms, renews: Agreement | None = None) -> Agreement:
    return Agreement(
        partnership_id=actor.tenant,
        kind=terms.kind,
        drafted_by=actor.person_id,
        drafted_for_id=actor.party_id,
        renews=renews,
        saved_at=time.now(),
        **stored_terms(terms),
    )


@act(Action.DRAFT_AGREEMENT)
def save(actor: Actor, agreement_id: UUID, revision: int, terms: Terms) -> Agreement:
    """Save a draft over the revision that was read; a draft may be unfinished.

    Raises Refused when somebody else saved in the meantime, or when the text no longer is a draft.
    """
    draft = Agreement.rows.one(actor.tenant, agreement_id, lock=True)
    if draft.state not in WRITABLE:
        raise Refused(NOT_WRITABLE[Stored(draft.state)], code="not_writable")
    save_over(draft, revision, {**stored_terms(terms), "saved_at": time.now()})
    return draft


def missing(actor: Actor, terms: Terms) -> list[TermsGap]:
    """Return what an agreement still needs before it can be frozen today."""
    tie = Partnership.objects.get(pk=actor.tenant)
    return list(
        terms_gaps(
            terms,
            time.today(tie.timezone),
            active=tie.state == PartnershipState.ACTIVE,
            paused=tie.state == PartnershipState.PAUSED,
        )
    )


def lay_before_parties(
    actor: Actor, agreement_id: UUID, revision: int, needed_by: date | None = None
) -> FrozenText:
    """Freeze the draft at this revision and ask every party for its key; Refused says all that is missing."""
    with transaction.atomic():
        draft = Agreement.rows.one(actor.tenant, agreement_id, lock=True)
        if draft.revision != revision or draft.state not in WRITABLE:
            raise Refused(
                gettext_lazy("The draft was changed after you read it. Nothing was frozen."), code="stale"
            )
        terms = terms_of(draft)
        if gaps := missing(actor, terms):
            raise Refused(" ".join(str(sayings.GAPS[gap]) for gap in gaps), code="gaps")
        text = freeze(
            actor,
            kind=cards.KIND,
            subject_id=draft.pk,
            title={"en": terms.title.en, "es": terms.title.es},
            body=terms_body(terms),
            changes=_changes(draft, terms),
            bound=[party.id for party in parties(actor.tenant)],
            needed_by=needed_by,
        )
        draft.state = Stored.WAITING
        draft.save(update_fields=["state"])
        return text


def _changes(draft: Agreement, terms: Terms) -> list[Words]:
    if terms.kind is AgreementKind.PAUSE:
        return [
            both(lambda: _("The partnership is paused. We meet again on %(day)s.") % _day(terms.meets_on)),
            both(lambda: _("Every page says so. No new survey can be launched meanwhile, and nothing is lost.")),
            both(lambda: _("What goes on, goes on as the text says.")),
        ]
    if terms.kind is AgreementKind.RECONVENE:
        return [both(lambda: _("The pause ends. The partnership is active again, and surveys can be launched."))]
    return [_begins(terms), *_ends(terms), *_replaces(draft), both(lambda: _("Everyone with a role can read it."))]


def _day(day: date | None) -> dict[str, str]:
    return {"day": dates.day(day, year=True) if day else ""}


def _begins(terms: Terms) -> Words:
    if terms.effective_on is None:
        return both(lambda: _("It holds from the moment of the last key."))
    return both(lambda: _("It holds from %(day)s.") % _day(terms.effective_on))


def _ends(terms: Terms) -> list[Words]:
    return [both(lambda: _("Its last day is %(day)s.") % _day(terms.expires_on))] if terms.expires_on else []


def _replaces(draft: Agreement) -> list[Words]:
    if draft.renews_id is None:
        return []
    return [both(lambda: _("It takes the place of the agreement that it renews."))]


# What its keys do


def _in_force(actor: Actor, text: FrozenText) -> None:
    """Put the agreement in force; pause the partnership or end its pause. Runs within the last key's act."""
    row = Agreement.rows.one(actor.tenant, text.subject_id, lock=True)
    today = time.today(Partnership.objects.get(pk=actor.tenant).timezone)
    _refuse_if_over(row, today)
    if row.kind == AgreementKind.PAUSE:
        _pause(actor, row, text)
    elif row.kind == AgreementKind.RECONVENE:
        _reconvene(actor, text, today)
    elif row.effective_on is None:
        row.effective_on = today
    row.state, row.in_force_at = Stored.IN_FORCE, time.now()
    row.save(update_fields=["state", "in_force_at", "effective_on"])
    replaced = Agreement.rows.within(actor.tenant).filter(renewals=row, state=Stored.IN_FORCE)
    _end(replaced, max(today, row.effective_on or today))


def _refuse_if_over(row: Agreement, today: date) -> None:
    if (row.expires_on and row.expires_on < today) or (row.meets_on and row.meets_on <= today):
        raise Refused(
            gettext_lazy("A day in this text has passed meanwhile. No key was turned. Send it back for a new date.")
        )


def _pause(actor: Actor, row: Agreement, text: FrozenText) -> None:
    assert row.meets_on is not None
    partnership.pause(actor, row.meets_on)
    record(actor, text=text.pk, paused=True)


def _reconvene(actor: Actor, text: FrozenText, today: date) -> None:
    partnership.reconvene(actor)
    pauses = Agreement.rows.within(actor.tenant).filter(kind=AgreementKind.PAUSE, state=Stored.IN_FORCE)
    _end(pauses, today)
    record(actor, text=text.pk, reconvened=True)


def _end(rows: QuerySet[Agreement], day: date) -> None:
    rows.update(state=Stored.ENDED, ended_on=day)


def _sent_back(actor: Actor, text: FrozenText) -> None:
    waiting = Agreement.rows.within(actor.tenant).filter(pk=text.subject_id, state=Stored.WAITING)
    waiting.update(state=Stored.SENT_BACK)


def _cautions(body: str) -> list[str]:
    return sayings.cautions(cautions_of(terms_from_body(body)))


def _wording(partnership_id: UUID, body: str) -> list[Section]:
    return cards.sections(partnership_id, terms_from_body(body))


AGREEMENT = Kind(
    cards.KIND, in_force=_in_force, sent_back=_sent_back, url_name="agreement", render=_wording, cautions=_cautions
)
