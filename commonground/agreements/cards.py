"""Reading agreements: the list of a partnership, one agreement with its keys and lineage, and the pauses."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from commonground.access.actor import Actor
from commonground.access.decide import allowed
from commonground.access.table import Action
from commonground.agreements import sayings
from commonground.agreements.contents import Both
from commonground.agreements.models import Agreement
from commonground.agreements.queries import in_reader_language
from commonground.agreements.rules import HOLDS, SOON, WRITABLE, Standing, Stored, cautions_of, last_day, standing
from commonground.agreements.terms import LASTING, WORDS, AgreementKind, Terms, terms_of
from commonground.approvals import queries as approvals
from commonground.approvals.queries import TextCard
from commonground.approvals.reading import Change, Line, Section, changes
from commonground.kernel import dates, time
from commonground.kernel.errors import NotFound
from commonground.partnership import queries as partnership
from commonground.partnership.models import Partnership
from commonground.partnership.rules import may_pause, may_reconvene

KIND = "agreement"
TAGS = {
    Standing.IN_FORCE: "done",
    Standing.EXPIRES_SOON: "strong",
}
"""The standings whose tag stands out, and how."""

HEAVY = tuple(f"{part}_{language}" for part in WORDS[1:] for language in ("en", "es"))
"""The long words of a row, which lists do without."""

READABLE = (Stored.IN_FORCE, Stored.ENDED)
"""States in which everyone with a role reads a text; the others are for the committee."""


@dataclass(frozen=True)
class AgreementLine:
    """One agreement in a list: what it is, where it stands in a word, its days in a sentence."""

    id: UUID
    kind: AgreementKind
    kind_name: str
    title: str
    standing: Standing
    standing_name: str
    tag: str
    days: str


def lasting(actor: Actor) -> list[AgreementLine]:
    """Return the agreements that hold beside the charter, those in force first; drafts for the committee only."""
    order = list(Standing)
    return sorted(_lines(actor, LASTING), key=lambda line: order.index(line.standing))


def pauses(actor: Actor) -> list[AgreementLine]:
    """Return pauses and their ends, the newest first; drafts for the committee only."""
    return _lines(actor, (AgreementKind.PAUSE, AgreementKind.RECONVENE))


def _lines(actor: Actor, kinds: Iterable[AgreementKind]) -> list[AgreementLine]:
    rows = Agreement.rows.within(actor.tenant).filter(kind__in=kinds).order_by("-in_force_at", "-saved_at")
    if not allowed(actor, Action.SEE_TEXTS):
        rows = rows.filter(state__in=READABLE)
    here = place_of(actor)
    return [_line(row, here) for row in rows.select_related("drafted_for").defer(*HEAVY)]


def kinds_to_begin(actor: Actor) -> list[AgreementKind]:
    """Return what can be begun now: a pause only where there is none, its end only where there is one."""
    state = Partnership.objects.values_list("state", flat=True).get(pk=actor.tenant)
    pausing = [AgreementKind.PAUSE] if may_pause(state) else []
    return [*LASTING, *pausing, *([AgreementKind.RECONVENE] if may_reconvene(state) else [])]


@dataclass(frozen=True)
class Here:
    """Today in the district, and the zone in which moments are said."""

    today: date
    zone: str

    def say(self, value: date | datetime | None) -> str:
        """Return the day with its year, or nothing."""
        return dates.day(value, self.zone, year=True) if value else ""


def place_of(actor: Actor) -> Here:
    """Return where the actor's district is in time."""
    zone = Partnership.objects.values_list("timezone", flat=True).get(pk=actor.tenant)
    return Here(time.today(zone), zone)


def _line(row: Agreement, here: Here) -> AgreementLine:
    kind, stands = AgreementKind(row.kind), _stands(row, here.today)
    return AgreementLine(
        id=row.pk,
        kind=kind,
        kind_name=str(sayings.KINDS[kind]),
        title=title(row),
        standing=stands,
        standing_name=sayings.standing_name(kind, stands),
        tag=TAGS.get(stands, ""),
        days=_days(row, stands, here),
    )


def _stands(row: Agreement, today: date) -> Standing:
    return standing(row.state, row.effective_on, row.expires_on, row.ended_on, today)


def title(row: Agreement) -> str:
    """Return the title in the reader's language, or in the other where it is missing, or the kind's name."""
    words = in_reader_language(Both(row.title_en, row.title_es)) or row.title_en or row.title_es
    return words or str(sayings.KINDS[AgreementKind(row.kind)])


def _days(row: Agreement, stands: Standing, here: Here) -> str:
    if row.state not in READABLE:
        return _draft_words(row, here)
    if row.kind == AgreementKind.PAUSE:
        return _pause_words(row, here)
    if row.kind == AgreementKind.RECONVENE:
        return _("On %(day)s.") % {"day": here.say(row.in_force_at)}
    last = last_day(row.expires_on, row.ended_on)
    words = _("From %(since)s to %(last)s.") if last else _("Since %(since)s.")
    if stands is Standing.STARTS_LATER and not last:
        words = _("From %(since)s on.")
    return words % {"since": here.say(row.effective_on or row.in_force_at), "last": here.say(last)}


def _draft_words(row: Agreement, here: Here) -> str:
    saved = {"day": here.say(row.saved_at), "party": row.drafted_for.name if row.drafted_for else ""}
    if row.drafted_for:
        return _("Begun by %(party)s. Saved on %(day)s.") % saved
    return _("Begun for all parties. Saved on %(day)s.") % saved


def _pause_words(row: Agreement, here: Here) -> str:
    said = {"since": here.say(row.in_force_at), "last": here.say(row.ended_on), "meets": here.say(row.meets_on)}
    if row.ended_on:
        return _("From %(since)s to %(last)s.") % said
    return _("Since %(since)s. We meet again on %(meets)s.") % said


@dataclass(frozen=True)
class AgreementPage:
    """One agreement with its keys, what it grew from and what grew from it, and what the reader may do.

    `changed` holds what differs from the agreement that it renews.
    """

    line: AgreementLine
    sections: list[Section]
    text: TextCard | None
    cautions: list[str]
    renews: AgreementLine | None
    renewed_by: AgreementLine | None
    changed: list[Change]
    on_committee: bool
    may_write: bool
    may_renew: bool

    @property
    def is_pause(self) -> bool:
        """Say whether the text belongs to the pauses."""
        return self.line.kind not in LASTING


def agreement_page(actor: Actor, agreement_id: UUID) -> AgreementPage:
    """Return the page of an agreement for this reader; raises NotFound, also for a draft not open to the reader."""
    on_committee, writes = allowed(actor, Action.SEE_TEXTS), allowed(actor, Action.DRAFT_AGREEMENT)
    row, old, new = _family(actor, agreement_id, on_committee)
    terms, here = terms_of(row), place_of(actor)
    read = sections(actor.tenant, terms)
    renewable = row.kind in LASTING and row.state == Stored.IN_FORCE and new is None
    return AgreementPage(
        line=_line(row, here),
        sections=read,
        text=approvals.latest(actor, KIND, row.pk),
        cautions=sayings.cautions(cautions_of(terms)) if row.state not in READABLE else [],
        renews=_line(old, here) if old else None,
        renewed_by=_line(new, here) if new else None,
        changed=changes(sections(actor.tenant, terms_of(old)), read) if old else [],
        on_committee=on_committee,
        may_write=writes and row.state in WRITABLE,
        may_renew=writes and renewable,
    )


def _family(
    actor: Actor, agreement_id: UUID, on_committee: bool
) -> tuple[Agreement, Agreement | None, Agreement | None]:
    """Return an agreement, the one it renews, and its newest renewal as far as the reader may see them."""
    rows = Agreement.rows.within(actor.tenant).select_related("drafted_for")
    if not on_committee:
        rows = rows.filter(state__in=READABLE)
    row = rows.filter(pk=agreement_id).first()
    if row is None:
        raise NotFound
    old = rows.filter(pk=row.renews_id).first() if row.renews_id else None
    return row, old, rows.filter(renews=row).order_by("-saved_at").first()


def sections(partnership_id: UUID, terms: Terms) -> list[Section]:
    """Return what an agreement says under its headings; both languages stand side by side."""
    worded = {part: Section(sayings.heading(terms.kind, part), _worded(both)) for part, both in terms.words[1:]}
    parts = [
        Section("", (Line(terms.title.en, terms.title.es, str(sayings.KINDS[terms.kind])),)),
        worded.pop("text"),
        Section(_("Days"), tuple(_facts(partnership_id, terms))),
        *worded.values(),
    ]
    return [part for part in parts if any(line.words or line.es for line in part.lines)]


def _worded(both: Both) -> tuple[Line, ...]:
    return (Line(both.en, both.es),)


def _facts(partnership_id: UUID, terms: Terms) -> Iterable[Line]:
    if terms.asked_by:
        names = partnership.party_names(partnership_id, [terms.asked_by])
        yield Line(names.get(terms.asked_by, ""), label=_("Asked for by"))
    if terms.has("effective_on"):
        first = _day(terms.effective_on) or _("the day of the last key")
        yield Line(first, label=_("Holds from"))
    if terms.expires_on:
        yield Line(_day(terms.expires_on), label=_("Last day"))
    if terms.meets_on:
        yield Line(_day(terms.meets_on), label=_("We meet again on"))


def _day(value: date | None) -> str:
    return dates.day(value, year=True) if value else ""


@dataclass(frozen=True)
class DraftAgreement:
    """A draft as its form needs it."""

    id: UUID
    revision: int
    terms: Terms
    title: str
    kind_name: str
    renews: str
    writable: bool


def draft_agreement(actor: Actor, agreement_id: UUID) -> DraftAgreement:
    """Return an agreement as a draft; raises NotFound."""
    rows = Agreement.rows.within(actor.tenant).select_related("renews")
    row = rows.filter(pk=agreement_id).first()
    if row is None:
        raise NotFound
    terms = terms_of(row)
    return DraftAgreement(
        id=row.pk,
        revision=row.revision,
        terms=terms,
        title=title(row),
        kind_name=str(sayings.KINDS[terms.kind]),
        renews=title(row.renews) if row.renews else "",
        writable=row.state in WRITABLE,
    )


@dataclass(frozen=True)
class Expiring:
    """An agreement that nobody renews yet, and its last day: near, or passed not long ago."""

    id: UUID
    title: str
    last_day: date


@dataclass(frozen=True)
class Held:
    """What holds beside the charter today: how many agreements, the newest of them, and which run out.

    `reconvening` is a text that would end the pause and is written or waits for keys.
    """

    number: int = 0
    newest: str = ""
    since: date | None = None
    past: int = 0
    expiring: tuple[Expiring, ...] = ()
    reconvening: bool = False


def held(actor: Actor, today: date) -> Held:
    """Return what holds beside the charter today, by one query."""
    rows = list(Agreement.rows.within(actor.tenant).order_by("-in_force_at").defer(*HEAVY))
    signed = [row for row in rows if row.kind in LASTING and row.state in READABLE]
    stands = {row.pk: _stands(row, today) for row in signed}
    holding = [row for row in signed if stands[row.pk] in HOLDS]
    newest = holding[0] if holding else None
    return Held(
        number=len(holding),
        newest=title(newest) if newest else "",
        since=newest.effective_on if newest else None,
        past=sum(stands[row.pk] in (Standing.EXPIRED, Standing.ENDED) for row in signed),
        expiring=tuple(_expiring(signed, {row.renews_id for row in rows}, today)),
        reconvening=any(row.kind == AgreementKind.RECONVENE and row.state not in READABLE for row in rows),
    )


def _expiring(signed: Iterable[Agreement], renewed: set[UUID | None], today: date) -> Iterable[Expiring]:
    for row in (row for row in signed if row.pk not in renewed):
        if row.state == Stored.IN_FORCE and row.expires_on and abs(row.expires_on - today) <= SOON:
            yield Expiring(row.pk, title(row), row.expires_on)
