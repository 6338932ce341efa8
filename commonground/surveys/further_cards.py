"""The page on which another table is asked for: what may be asked, what it would show, what came of it before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from commonground.access.actor import Actor
from commonground.access.decide import allowed
from commonground.access.table import Action
from commonground.approvals import queries as approvals
from commonground.approvals.queries import TextCard
from commonground.approvals.rules import State
from commonground.disclosure.rehearsal import Showing
from commonground.releases.models import Release
from commonground.surveys import certification, further, further_words, opening, people_asked, reopening, tally
from commonground.surveys.further import Never, Plan, Table
from commonground.surveys.models import Outcome, Reopening, Survey, SurveyState
from commonground.surveys.opening_files import paper_of
from commonground.surveys.queries import SurveyLine, line


@dataclass(frozen=True)
class OfferCard:
    """A table that was not told yet: its id on the form, its name, and why it can never be told, if so."""

    id: str
    name: str
    never: str = ""


@dataclass(frozen=True)
class TriedCard:
    """A table tried on the list of those asked: its name, and what it would show, in sentences."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class RequestCard:
    """One request: its tables, and where it stands. `words` say why nothing, or not everything, was told."""

    text: TextCard
    tables: tuple[str, ...]
    outcome: str
    ended_at: datetime | None = None
    release_id: UUID | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class FurtherCard:
    """The page of further tables. `why_not` says why none can be asked for now.

    What is `under_way` ends on `ends_on` if not every party comes; what is counted `waits` for its certificate.
    """

    survey: SurveyLine
    told: tuple[str, ...]
    offers: tuple[OfferCard, ...]
    tried: tuple[TriedCard, ...]
    requests: tuple[RequestCard, ...]
    why_not: str
    under_way: bool
    waits: bool
    ends_on: date | None
    may_ask: bool
    destroy_on: date | None
    percent: int | None

    @property
    def open_offers(self) -> list[OfferCard]:
        """What may be asked for."""
        return [offer for offer in self.offers if not offer.never]

    @property
    def waiting(self) -> RequestCard | None:
        """The request that waits for keys."""
        return next((one for one in self.requests if one.outcome == State.WAITING), None)


def card(actor: Actor, survey_id: UUID, chosen: Sequence[str] = ()) -> FurtherCard:
    """Return the page of further tables of a counted survey, with the chosen ones tried. Raises NotFound."""
    survey = Survey.rows.one(actor.tenant, survey_id)
    content = paper_of(survey).content
    refusal, again = reopening.why_not(survey), opening.anew(survey)
    texts = reopening.released(survey) if survey.counted_at else []
    told = further.told_before(content, texts)
    is_there = survey.state == SurveyState.COUNTED and bool(texts)
    offers = tuple(_offers(survey, content, told, texts)) if is_there else ()
    picked = [table_of(offer.id) for offer in offers if offer.id in chosen and not offer.never]
    return FurtherCard(
        survey=line(survey, len(content["questions"])),
        told=(_("The whole district"), *(further_words.name(content, table) for table in told.tables)),
        offers=offers,
        tried=tuple(_tried(survey, content, told, texts, picked)) if picked else (),
        requests=tuple(_requests(actor, survey, content, further.left_out_of(texts))),
        why_not=str(refusal.message) if refusal else "",
        under_way=again is not None,
        waits=certification.waits(survey),
        ends_on=reopening.ends_on(survey, again) if again else None,
        may_ask=allowed(actor, Action.ASK_FURTHER_TABLES),
        destroy_on=tally.destruction_due(survey),
        percent=further.percent_answered(texts[-1]) if texts else None,
    )


def id_of(table: Table) -> str:
    """Return what a table is called on the form."""
    return "-".join(table)


def table_of(id: str) -> Table:
    """Return the table that an id of the form names."""
    return tuple(id.split("-"))


def _offers(survey: Survey, content: Mapping[str, Any], told: Plan, texts: Sequence[str]) -> Iterator[OfferCard]:
    tables = further.on_offer(content, told)
    people = people_asked.in_tables(survey, content, tables)
    for table in tables:
        found = further.never(content, told, [table], texts, people)
        yield OfferCard(id_of(table), further_words.name(content, table), _why(content, found))


def _why(content: Mapping[str, Any], found: Sequence[Never]) -> str:
    return further_words.why_never(content, found[0]) if found else ""


def _tried(
    survey: Survey, content: Mapping[str, Any], told: Plan, texts: Sequence[str], tables: Sequence[Table]
) -> Iterator[TriedCard]:
    names, plan = people_asked.names_known(content), told.with_tables(tables)
    known = [name for name in plan.margins if name in names]
    people = people_asked.counted(survey, content, known)
    showings = further.rehearsed(content, plan, known, people, texts) if people else ()
    found = {frozenset(one.groups): one for one in showings}
    for table in tables:
        yield TriedCard(further_words.name(content, table), tuple(_words(found.get(frozenset(table)))))


def _words(one: Showing | None) -> Iterator[str]:
    if one is None:
        yield _(
            "It cannot be tried: the list of those asked does not tell who is in these groups, or it is too large."
        )
        return
    values = {"shown": one.shown, "cells": one.cells, "hidden": one.hidden, "people": one.people}
    yield _("%(shown)s of %(cells)s groups would be shown, %(hidden)s hidden.") % values
    yield _("The groups shown would hold %(people)s%% of those who answered.") % values
    if one.is_thin:
        yield _("Over 30%% would be hidden, which is too much.") % values


def _requests(
    actor: Actor, survey: Survey, content: Mapping[str, Any], left_out: Mapping[str, further.Reasons]
) -> Iterator[RequestCard]:
    """Return every request of a survey, newest first; `left_out` is what each release left out, by its hash."""
    ended = {row.text_id: row for row in Reopening.rows.within(actor.tenant).filter(survey=survey)}
    released = dict(Release.rows.within(actor.tenant).filter(survey_id=survey.pk).values_list("hash", "pk"))
    for text in approvals.versions(actor, reopening.KIND, survey.pk):
        tables = further.read_request(text.body).tables
        names = tuple(further_words.name(content, table) for table in tables)
        row = ended.get(text.id)
        if row is None:
            yield RequestCard(text, names, str(text.state))
            continue
        outcome = row.outcome or "under_way"
        reasons = row.reasons if row.outcome == Outcome.REFUSED else left_out.get(row.release, ())
        words = tuple(_why_not_told(content, reasons))
        yield RequestCard(text, names, outcome, row.ended_at, released.get(row.release), words)


def _why_not_told(content: Mapping[str, Any], reasons: further.Reasons) -> Iterator[str]:
    for each in reasons:
        table, why = further_words.name(content, tuple(each["table"])), further_words.why_left_out(each["reason"])
        yield f"{table}: {why}"
