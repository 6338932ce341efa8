"""The cards behind the pages of a release."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from commonground.access.actor import Actor
from commonground.kernel.charts import Chart
from commonground.kernel.errors import NotFound
from commonground.releases import (
    counts,
    differences,
    differing,
    findings,
    limits,
    participation,
    public,
    queries,
    quotes,
    units,
    wording,
)
from commonground.releases.differences import Differences
from commonground.releases.findings import Finding
from commonground.releases.frozen import in_language
from commonground.releases.limits import Limits
from commonground.releases.participation import Participation
from commonground.releases.public import Next
from commonground.releases.queries import ReleaseCard
from commonground.releases.reading import Reading
from commonground.sealing.formats import fingerprint
from commonground.surveys import further_words

MOST_ROWS = 250
"""With more rows than this, charts by groups stand on a page for each question."""
MOST_NAMED = 40
"""With more groups than this that are sure to differ, they stand on the pages of the questions."""


@dataclass(frozen=True)
class ReleaseLine:
    """One release in the list."""

    id: UUID
    title: str
    answered: str
    seen_from: datetime
    published_at: datetime | None
    tells: str = ""
    further: tuple[str, ...] = ()


@dataclass(frozen=True)
class Frame:
    """What every page of a release says about it.

    `further` names the tables for which answers that were counted before were opened anew, `left_out` those of
    which the gate told nothing, with why.
    """

    id: UUID
    title: str
    purpose: str
    seen_from: datetime
    published_at: datetime | None
    parties: str
    hash: str
    minimum: int
    certificate_hash: str = ""
    further: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """26 characters that stand for the hash."""
        return fingerprint(bytes.fromhex(self.hash))

    @property
    def file(self) -> str:
        """What the file with the bytes is called: by date and the start of its hash."""
        return file_name(self.seen_from, self.hash, "json")

    @property
    def certificate(self) -> str:
        """What the file with the certificate is called; empty where there is none."""
        return file_name(self.seen_from, self.hash, "certificate.npz") if self.certificate_hash else ""


@dataclass(frozen=True)
class Entry:
    """A question of a release, to go on to."""

    id: str
    question: str


@dataclass(frozen=True)
class Part:
    """A part of the paper with what was found; all of it where the paper has no parts."""

    title: str
    findings: list[Finding]


@dataclass(frozen=True)
class Comparisons:
    """What differs among groups, or since the last time: in short, drawn, and how it was judged.

    `others` counts the groups that are sure to differ where they are too many to draw.
    """

    says: str
    charts: list[Chart]
    others: int
    how: list[str]


@dataclass(frozen=True)
class ReleasePage:
    """A whole release; `apart` says that charts by groups stand on pages of their own."""

    frame: Frame
    counted_on: date
    participation: Participation
    parts: list[Part]
    units: Chart | None
    differ: Comparisons | None
    since: Comparisons | None
    limits: Limits
    counting: list[str]
    apart: bool


@dataclass(frozen=True)
class QuestionPage:
    """One question with all its groups, between the one before and the one after it."""

    frame: Frame
    finding: Finding
    differ: Chart | None
    since: Chart | None
    before: Entry | None
    after: Entry | None


def lines(actor: Actor) -> list[ReleaseLine]:
    """Return every release of the partnership, newest first."""
    return [_line(card) for card in queries.releases(actor)]


def _line(card: ReleaseCard) -> ReleaseLine:
    reading = Reading(card.content)
    if quotes.is_comments(card.content):
        name = wording.here(quotes.title(card.content))
        return ReleaseLine(card.id, name, "", card.seen_from, card.published_at, quotes.in_a_sentence(card.content))
    if counts.is_counts(card.content):
        name = wording.here(counts.title(card.content))
        return ReleaseLine(card.id, name, "", card.seen_from, card.published_at, counts.in_a_sentence(card.content))
    answered = participation.in_a_sentence(reading)
    title, further = wording.here(reading.title), _further(card.content)[0]
    return ReleaseLine(card.id, title, answered, card.seen_from, card.published_at, further=further)


def release(card: ReleaseCard, earlier: ReleaseCard | None = None) -> ReleasePage:
    """Return the page of a release, in the reader's language; `earlier` is the one before it in its series."""
    reading = Reading(card.content)
    apart = findings.rows_drawn(reading) > MOST_ROWS
    found = [findings.finding(reading, question, groups=not apart) for question in reading.questions]
    return ReleasePage(
        frame=frame(card, reading),
        counted_on=date.fromisoformat(card.content["counted_on"]),
        participation=participation.participation(reading),
        parts=parts(reading, found),
        units=units.by_unit(reading),
        differ=_comparisons(differences.among_groups(reading)),
        since=_comparisons(differences.since(Reading(earlier.content), reading)) if earlier else None,
        limits=limits.limits(reading),
        counting=limits.counting(reading),
        apart=apart,
    )


def _comparisons(found: Differences) -> Comparisons | None:
    if not found.all:
        return None
    sure = [one for one in found.sure if one.group]
    few = differing.named(found) if len(sure) <= MOST_NAMED else None
    charts = [chart for chart in (differing.by_question(found), few) if chart]
    return Comparisons(differing.in_short(found), charts, 0 if few else len(sure), differing.how())


@dataclass(frozen=True)
class BlocksPage:
    """A release of comments or of counts: its frame, and its blocks in the reader's language."""

    frame: Frame
    blocks: list[dict[str, Any]]


def comments(card: ReleaseCard) -> BlocksPage:
    """Return the page of a release of comments, in the reader's language."""
    return BlocksPage(frame(card, Reading(card.content)), in_language(list(quotes.blocks(card.content))))


def counted(card: ReleaseCard) -> BlocksPage:
    """Return the page of a release of counts made elsewhere, in the reader's language."""
    return BlocksPage(frame(card, Reading(card.content)), in_language(list(counts.blocks(card.content))))


def parts(reading: Reading, found: Sequence[Finding]) -> list[Part]:
    """Return the findings by the parts of the paper; those of no part stand last."""
    titles = {
        id: wording.here(part["title"]) for part in reading.words.get("parts") or () for id in part["questions"]
    }
    rest = _("Other questions") if titles else _("What people said")
    of_part: dict[str, list[Finding]] = {title: [] for title in [*titles.values(), rest]}
    for one in found:
        of_part[titles.get(one.id, rest)].append(one)
    return [Part(title, findings) for title, findings in of_part.items() if findings]


def question(card: ReleaseCard, question_id: str, earlier: ReleaseCard | None = None) -> QuestionPage:
    """Return the page of one question with every group; raises NotFound."""
    reading = Reading(card.content)
    place = next((n for n, each in enumerate(reading.questions) if each.id == question_id), None)
    if place is None:
        raise NotFound
    around = [None, *(Entry(each.id, wording.here(each.text)) for each in reading.questions), None]
    asked = reading.questions[place]
    since = differences.since(Reading(earlier.content), reading) if earlier else Differences(())
    return QuestionPage(
        frame(card, reading),
        findings.finding(reading, asked, groups=True),
        differ=differing.of_question(differences.among_groups(reading), asked),
        since=differing.of_question(since, asked),
        before=around[place],
        after=around[place + 2],
    )


def frame(card: ReleaseCard, reading: Reading) -> Frame:
    """Return what every page of a release says about it."""
    parties = [party["name"] for party in reading.words["parties"]]
    further, left_out = _further(card.content)
    return Frame(
        card.id,
        wording.here(counts.title(card.content) if reading.of_counts else reading.title),
        wording.here(reading.words["purpose"]),
        card.seen_from,
        card.published_at,
        wording.listed(parties) if parties else _("All parties"),
        card.hash,
        card.content["minimum"] if quotes.is_comments(card.content) else reading.minimum,
        (card.content.get("tables", {}).get("certificate") or {}).get("hash", ""),
        further,
        left_out,
    )


def _further(content: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the tables that a later release told, and of those left out with why."""
    asked = content.get("further")
    if not asked:
        return (), ()
    told = tuple(further_words.name(content["words"], tuple(table)) for table in asked["told"])
    names = [(further_words.name(content["words"], tuple(e["table"])), e["reason"]) for e in asked["left_out"]]
    return told, tuple(f"{name}: {further_words.why_left_out(reason)}" for name, reason in names)


def file_name(seen_from: datetime, hash: str, ending: str) -> str:
    """Return what a file of a release is called."""
    return f"release-{seen_from:%Y-%m-%d}-{hash[:8]}.{ending}"


def preview(
    card: ReleaseCard, lead: Mapping[str, str], coming: Sequence[Next], earlier: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the page for staff as it would be, in the reader's language, beside what they knew before."""
    page = public.page(card.content, lead, coming, earlier)
    shown: dict[str, Any] = in_language(page)
    return shown
