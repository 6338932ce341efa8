"""Closing, opening with the seals of all parties, counting in memory, publishing, destroying.

The only file besides `campaign` that reaches the respondents' side. Every step across the two databases writes
there first and may be repeated: the same step again changes nothing, and `tick` repeats what a crash left undone.
"""

import json
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from commonground.access.actor import Actor, Role, operator
from commonground.access.decide import decide
from commonground.access.table import Action
from commonground.approvals.models import FrozenText
from commonground.disclosure.certifying import Certifying
from commonground.disclosure.plan import PlanRefused
from commonground.kernel import dates, time
from commonground.kernel.errors import NotFound, Refused
from commonground.kernel.text import sha256
from commonground.ledger.acts import act, record
from commonground.releases import actions as releases
from commonground.releases import public, queries
from commonground.releases.counts import is_counts
from commonground.releases.models import Certificate, Release
from commonground.releases.quotes import is_comments
from commonground.responses import actions as sealed
from commonground.responses import objections
from commonground.responses import queries as responses
from commonground.sealing import seals as sealing
from commonground.sealing import tally_open
from commonground.sealing.comments import seal_comments, written_of
from commonground.sealing.errors import CannotOpen, SealingError
from commonground.sealing.export import write_bundle
from commonground.sealing.formats import SealedList, read_chunk, read_list
from commonground.sealing.kit import Later
from commonground.sealing.paper import Paper
from commonground.sealing.peel import Peeled
from commonground.sealing.proof import Standing
from commonground.surveys import (
    campaign,
    certification,
    codes,
    counting,
    ending,
    evidence,
    handover,
    opening,
    opening_files,
    passes,
    reviewers,
    rules,
)
from commonground.surveys.certification import Counted
from commonground.surveys.evidence import Released
from commonground.surveys.models import (
    Keeper,
    Outcome,
    Publish,
    SealingParty,
    Survey,
    SurveyState,
)
from commonground.surveys.opening_files import paper_of
from commonground.surveys.seals import in_words, seal_of

MOVED_ON = _("The survey has moved on since this page was opened. Nothing was changed.")

# Closing


def close(actor: Actor, survey_id: UUID) -> None:
    """Close a survey whose time is over: the list is fixed, its hash is in the ledger, marks and keys are gone."""
    decide(actor, Action.CLOSE_SURVEY)
    survey = Survey.rows.one(actor.tenant, survey_id)
    _require(survey, SurveyState.LAUNCHED, SurveyState.CLOSED)
    if not survey.published:
        campaign.publish_papers()
    closing = sealed.shut(survey.public_id)
    facts = {"eligible": paper_of(survey).content["eligible"], "passes": passes.taken(survey)}
    sealed.post_bulletin(survey.public_id, {**facts, **handover.facts(survey)}, once=True)
    if survey.state == SurveyState.LAUNCHED:
        _note_closed(actor, survey_id, closing.list_hash, closing.answers, closing.merkle_root)
    handover.forget(survey)
    passes.erase_marks(survey)
    ending.erase_marks(survey)


@act(Action.CLOSE_SURVEY)
def _note_closed(actor: Actor, survey_id: UUID, list_hash: str, answers: int, root: str) -> None:
    survey = Survey.rows.one(actor.tenant, survey_id, lock=True)
    _require(survey, SurveyState.LAUNCHED)
    survey.state, survey.closed_at = SurveyState.CLOSED, time.now()
    survey.save(update_fields=["state", "closed_at"])
    record(actor, survey=survey_id, list=list_hash, root=root, answers=answers)


def closing_facts(survey: Survey) -> Mapping[str, Any]:
    """Return counts and hashes of closing as they stand in the bulletin; empty before."""
    facts: Mapping[str, Any] = responses.bulletin(survey.public_id).closing
    return facts


# Peeling


def whose_turn(survey: Survey) -> SealingParty | None:
    """Return the seal that comes off next; None when all are off."""
    off = opening.steps(survey).values("seal")
    parties = SealingParty.rows.within(survey.partnership_id).filter(survey=survey).select_related("party")
    return parties.exclude(pk__in=off).first()


def opens_from(survey: Survey) -> date:
    """Return the day from which layers come off a closed survey."""
    assert survey.closed_at is not None
    zone = paper_of(survey).content["timezone"]
    return rules.opens_from(survey.opening_on, survey.closed_at.astimezone(ZoneInfo(zone)).date())


def is_stopped(survey: Survey) -> bool:
    """Say whether the opening stands still until every party has turned its key."""
    return bool(missing(survey)) or opening.is_stopped(survey, closing_facts(survey).get("answers", 0))


def missing(survey: Survey) -> frozenset[str]:
    """Return the passes of answers that are proven to be missing, and on which the parties did not agree yet."""
    return missing_in(survey.partnership_id, [survey]).get(survey.pk, frozenset())


def missing_in(tenant: UUID, surveys: Collection[Survey]) -> Mapping[UUID, frozenset[str]]:
    """Return `missing` of each survey of a district in which there are such."""
    proven = objections.absences([survey.public_id for survey in surveys])
    agreed = opening.settled(tenant, [survey.pk for survey in surveys])
    every = {survey.pk: proven.get(survey.public_id, frozenset()) for survey in surveys}
    left = {survey: passes - agreed.get(survey, frozenset()) for survey, passes in every.items()}
    return {survey: passes for survey, passes in left.items() if passes}


def stop(actor: Actor, survey_id: UUID, reason: str) -> FrozenText:
    """Stop the opening, or lay before all parties that it goes on, also without answers proven to be missing."""
    decide(actor, Action.STOP_TALLY)
    survey = Survey.rows.one(actor.tenant, survey_id)
    if certification.waits(survey):
        raise Refused(MOVED_ON, code="state")
    return opening.stop(actor, survey_id, reason, missing(survey))


def hand_in_proof(actor: Actor, survey_id: UUID, data: bytes) -> Standing:
    """Say where the answer of a proof stands that somebody gave to the actor's party; an absence is recorded.

    Whose answer it is nobody is asked. Raises Refused in words for what is no proof of this survey.
    """
    decide(actor, Action.HAND_IN_PROOF)
    survey = Survey.rows.one(actor.tenant, survey_id)
    _require(survey, SurveyState.CLOSED, SurveyState.COUNTED)
    known = objections.absences([survey.public_id])
    try:
        found = objections.hand_in(survey.public_id, data)
    except SealingError as error:
        raise in_words(error, "no_proof") from error
    if objections.absences([survey.public_id]) != known:
        _note_absence(actor, survey_id, found)
    return found


@act(Action.HAND_IN_PROOF)
def _note_absence(actor: Actor, survey_id: UUID, found: Standing) -> None:
    """Note that an absence was handed in, and not which: whoever hands one in may be whose answer it is."""
    record(actor, survey=survey_id, found=str(found))


def peel_task(actor: Actor, survey_id: UUID) -> bytes:
    """Return the task file with which a keeper takes the own party's layer off; refused out of turn."""
    decide(actor, Action.OPEN_SEAL)
    survey = Survey.rows.one(actor.tenant, survey_id)
    seal = _own_turn(actor, survey)
    return opening_files.peel_task(survey, seal, _list_bytes(survey, seal.layer), opening.request_text(survey))


def receive_peel(actor: Actor, survey_id: UUID, data: bytes) -> int:
    """Take in what a keeper's browser hands on, check it, and let the next party begin; return items set aside.

    The same file again changes nothing. Raises Refused out of turn, and for a list that was altered, is not the
    one that follows from the current one, or holds more or fewer items.
    """
    decide(actor, Action.OPEN_SEAL)
    survey = Survey.rows.one(actor.tenant, survey_id)
    own = _own_seal(actor, survey)
    paper = paper_of(survey)
    file = opening_files.read_peel(data, paper)
    del data
    if not _is_in(own, file.peeled):
        _own_turn(actor, survey)
        before = _list(survey, own.layer)
        opening_files.check(file, own, before, paper)
        _require_same_as_first(survey, own, file.peeled)
        sealed.put_list(survey.public_id, file.peeled.output.to_bytes())
        _note_peeled(actor, survey_id, own.pk, before.hash.hex(), file.peeled)
    _post_steps(survey)
    return len(file.peeled.unopened.items)


def receive_piece(actor: Actor, survey_id: UUID, data: bytes) -> bool:
    """Take one piece of a keeper's file; with the last one the file is taken in. Return whether it was.

    Pieces may come again, in any order. Raises what `receive_peel` raises, Malformed for bytes that are no piece,
    and Refused when unfinished files fill the room; they are then erased, and the file is sent again.
    """
    decide(actor, Action.OPEN_SEAL)
    survey = Survey.rows.one(actor.tenant, survey_id)
    _require_under_way(survey)
    _own_seal(actor, survey)
    here, of = _put_piece(survey, data)
    if here < of:
        return False
    try:
        receive_peel(actor, survey_id, sealed.join_chunks(survey.public_id, read_chunk(data).list_hash))
    finally:
        sealed.erase_chunks(survey.public_id)
    return True


def _put_piece(survey: Survey, data: bytes) -> tuple[int, int]:
    try:
        return sealed.put_chunk(survey.public_id, data)
    except Refused as refusal:
        if refusal.code == "too_many":
            sealed.erase_chunks(survey.public_id)
        raise


def _own_seal(actor: Actor, survey: Survey) -> SealingParty:
    """Return the seal that the actor may open; every act at the opening comes through here."""
    seal = seal_of(survey, actor.own_party)
    keepers = Keeper.rows.within(actor.tenant).filter(seal=seal).values_list("person_id", flat=True)
    if not rules.may_open_seal(actor.person_id, set(keepers), actor.has(Role.COCHAIR)):
        raise Refused(_("Only the keepers whom your party named, or its co-chair, open its seal."), "no_keeper")
    return seal


def _own_turn(actor: Actor, survey: Survey) -> SealingParty:
    own = _own_seal(actor, survey)
    _require_under_way(survey)
    if time.today(paper_of(survey).content["timezone"]) < (day := opens_from(survey)):
        words = _("Seals come off from %(day)s on. Until then everyone can look for their own answer.")
        raise Refused(words % {"day": dates.day(day)}, "too_early")
    if is_stopped(survey):
        raise Refused(_("The opening is stopped until every party agrees that it goes on."), "stopped")
    if whose_turn(survey) != own:
        raise Refused(_("It is not your party's turn. Nothing was changed."), "not_your_turn")
    return own


def _list(survey: Survey, layer: int) -> SealedList:
    return read_list(_list_bytes(survey, layer))


def _list_bytes(survey: Survey, layer: int) -> bytes:
    """Return the list that lies here, if it is the one that was announced when it was made.

    When the answers are opened anew, the list at closing is made of the sealed answers, and is not stored again.
    """
    data = responses.get_list(survey.public_id, layer)
    if data is None and layer == 1 and survey.state == SurveyState.COUNTED:
        data = responses.first_list(survey.public_id)
    if data is None:
        raise Refused(_("The list for this layer is not here. Nothing was changed. Please tell the coordinator."))
    if sha256(data) != _announced(survey, layer):
        words = _(
            "The list that lies here is not the one that was announced. Nothing was changed. Tell every party."
        )
        raise Refused(words, "another_list")
    return data


def _announced(survey: Survey, layer: int) -> str:
    """Return the hash of the list at a layer: of closing, or of what the party before handed in."""
    if layer == 1:
        return str(closing_facts(survey)["list_hash"])
    steps = opening.steps(survey)
    return steps.get(seal__layer=layer - 1).output_hash if layer else steps.reverse()[0].output_hash


def _is_in(own: SealingParty, peeled: Peeled) -> bool:
    """Say whether this very list was taken in before."""
    return opening.steps(own.survey).filter(seal=own, output_hash=peeled.output.hash.hex()).exists()


@act(Action.OPEN_SEAL)
def _note_peeled(actor: Actor, survey_id: UUID, seal_id: UUID, input_hash: str, peeled: Peeled) -> None:
    _require_under_way(Survey.rows.one(actor.tenant, survey_id, lock=True))
    unopened, output_hash = len(peeled.unopened.items), peeled.output.hash.hex()
    opening.add_step(actor, survey_id, seal_id, input_hash, output_hash, unopened)
    record(actor, survey=survey_id, input=input_hash, output=output_hash, unopened=unopened)


def _require_same_as_first(survey: Survey, own: SealingParty, peeled: Peeled) -> None:
    """Refuse, when the answers are opened anew, what is not what came out at the first opening."""
    first = opening.first_steps(survey).filter(seal=own).first()
    if first is not None and first.output_hash != peeled.output.hash.hex():
        words = _("This is not what came out at the first opening. Nothing was changed. Please tell every party.")
        raise Refused(words, "not_as_before")


def _post_steps(survey: Survey) -> None:
    steps = opening.first_steps(survey).select_related("seal__party")
    peels = [{"party": step.seal.party.name, "hash": step.output_hash} for step in steps]
    sealed.post_bulletin(survey.public_id, {"peels": peels})


# The meeting


def share_task(actor: Actor, survey_id: UUID) -> bytes:
    """Return the task file with which a keeper opens the own party's share; refused while a layer is on."""
    decide(actor, Action.OPEN_SEAL)
    survey = Survey.rows.one(actor.tenant, survey_id)
    seal = _own_seal(actor, survey)
    require_all_off(survey)
    last = opening.steps(survey).last()
    assert last is not None
    return opening_files.share_task(survey, seal, last.output_hash, opening.request_text(survey))


def require_all_off(survey: Survey) -> None:
    """Refuse while a layer is on, where no opening is under way or it stands still, and what is counted already."""
    _require_under_way(survey)
    if certification.waits(survey):
        raise Refused(MOVED_ON, code="state")
    if whose_turn(survey) is not None:
        raise Refused(_("Shares are given when every layer is off. Nothing was changed."), code="early")
    if is_stopped(survey):
        raise Refused(_("The opening is stopped until every party agrees that it goes on."), "stopped")


def count(
    actor: Actor, survey_id: UUID, shares: Mapping[UUID, bytes], seconds: float | None = None
) -> Release | None:
    """Count with a share of every party: open the innermost layer in memory, pass the gate, certify, release.

    Neither shares nor opened answers are ever written. A crash leaves everything as it was, and the shares are
    asked for again. Where the certificate takes longer than `seconds` (else those of the server's settings), the
    count waits for it unseen, and None is returned; `certifier.certify` goes on.
    """
    decide(actor, Action.COUNT_ANSWERS)
    survey = Survey.rows.one(actor.tenant, survey_id)
    _require(survey, SurveyState.CLOSED)
    require_all_off(survey)
    certification.require_none(actor.tenant)
    counted, work = _counted(survey, shares)
    if certification.soon(work, patience(seconds)):
        return release(actor, survey, counted, work)
    note_waiting(actor, survey_id, counted, work)
    return None


def patience(seconds: float | None) -> float:
    """Return for how many seconds a count waits for its certificate: those given, else of the server's settings."""
    return settings.ENVIRONMENT.certify_seconds if seconds is None else seconds


def _counted(survey: Survey, shares: Mapping[UUID, bytes]) -> tuple[Counted, Certifying]:
    paper = paper_of(survey)
    opened = open_in_memory(survey, paper, shares)
    day = time.today(paper.content["timezone"])
    before = releases.before(survey.partnership_id)
    try:
        content = counting.release_content(paper, opened, closing_facts(survey), day.isoformat(), before)
    except PlanRefused as refusal:
        words = _(
            "Nothing safe can be told of these answers beside what was released before, so the gate lets nothing "
            "out. Nothing was stored, and the layers stay off."
        )
        raise Refused(words, refusal.code) from refusal
    tables = content.pop("tables")
    comments = tuple(seal_comments(paper, opened))
    beside = certification.beside(before)
    return Counted(content, opened.receipts, tuple(opened.signed), comments, beside), Certifying(tables)


def release(actor: Actor, survey: Survey, counted: Counted, work: Certifying, waited: bool = False) -> Release:
    """Register the release of a count whose certificate is made, and erase what was needed for it."""
    require_waits(survey, waited)
    sealed.post_receipts(survey.public_id, counted.receipts, counted.signed)
    made = _note_counted(actor, survey.pk, counted, work, waited)
    let_go(survey)
    return made


def let_go(survey: Survey) -> None:
    """Erase the lists of an opening that has ended and the files of its count, and post; may be repeated."""
    sealed.erase_lists(survey.public_id)
    certification.clear_away()
    post_releases()


def receipts_published(survey: Survey) -> set[str]:
    """Return the receipts of the answers that counted, in full, as they are published."""
    return {line.split()[-1] for line in responses.bulletin(survey.public_id).receipts.splitlines()}


def _in_peel_order(survey: Survey, shares: Mapping[UUID, bytes]) -> list[bytes]:
    parties = SealingParty.rows.within(survey.partnership_id).filter(survey=survey).order_by("layer")
    missing = [seal.party.name for seal in parties.select_related("party") if seal.party_id not in shares]
    if missing:
        words = _("A share is missing: %(parties)s. Nothing was opened.") % {"parties": ", ".join(missing)}
        raise Refused(words, "missing_share")
    return [shares[seal.party_id] for seal in parties]


def open_in_memory(survey: Survey, paper: Paper, shares: Mapping[UUID, bytes]) -> tally_open.Opened:
    """Open the innermost layer with a share of every party; nothing of it is written. Raises Refused."""
    listing, in_order = _list(survey, 0), _in_peel_order(survey, shares)
    try:
        key = sealing.combine_shares(in_order, paper.block, bytes.fromhex(survey.counting_secret))
        return tally_open.open_answers(listing, key, paper, codes.receipts(survey))
    except CannotOpen as refusal:
        raise Refused(
            _("These shares do not open the last lock: one of them is not right. Nothing was opened or lost."),
            "shares",
        ) from refusal
    except SealingError as refusal:
        raise in_words(refusal, "shares") from refusal


@act(Action.COUNT_ANSWERS)
def _note_counted(actor: Actor, survey_id: UUID, counted: Counted, work: Certifying, waited: bool) -> Release:
    survey = Survey.rows.one(actor.tenant, survey_id, lock=True)
    _require(survey, SurveyState.CLOSED)
    require_waits(survey, waited)
    tables = {**counted.content, "tables": work.document}
    content = counting.with_lists(tables, paper_of(survey).content, written_of(counted.comments))
    release = releases.register(actor, survey_id, content, work.certificate())
    reviewers.keep(survey, counted.comments, content)
    survey.state, survey.counted_at = SurveyState.COUNTED, time.now()
    survey.save(update_fields=["state", "counted_at"])
    certification.end(survey)
    record(actor, survey=survey_id, release=release.hash)
    require_beside(actor, counted, release)
    if survey.publish == Publish.AT_ONCE:
        publish_at_once(actor, release)
    return release


def require_waits(survey: Survey, waited: bool) -> None:
    """Refuse where a count waits for its certificate and should not, or does not and should."""
    if certification.waits(survey) is not waited:
        raise Refused(MOVED_ON, code="state")


def require_beside(actor: Actor, counted: Counted, release: Release) -> None:
    """Refuse a release that was not judged beside all that left before; the record lets in one act at a time."""
    others = [text for text in releases.before(actor.tenant) if text.encode() != bytes(release.data)]
    if certification.beside(others) != counted.beside:
        raise Refused(_("Another release left meanwhile. Nothing was released. Please count again."), code="beside")


@act(Action.COUNT_ANSWERS)
def note_waiting(actor: Actor, survey_id: UUID, counted: Counted, work: Certifying) -> None:
    """Let a count wait for its certificate, and say so in the record."""
    survey = Survey.rows.one(actor.tenant, survey_id, lock=True)
    require_all_off(survey)
    certification.require_none(actor.tenant)
    certification.keep(actor, survey, counted, work)
    record(actor, survey=survey_id, waits=True)


@act(Action.COUNT_ANSWERS)
def note_void(actor: Actor, survey_id: UUID) -> None:
    """Let a count that waits be done again, and say so in the record."""
    survey = Survey.rows.one(actor.tenant, survey_id, lock=True)
    certification.end(survey)
    record(actor, survey=survey_id, again=True)


def _require(survey: Survey, *states: SurveyState) -> None:
    if survey.state not in states:
        raise Refused(MOVED_ON, code="state")


def _require_under_way(survey: Survey) -> None:
    if not opening.is_under_way(survey):
        raise Refused(MOVED_ON, code="state")


# Staff


def publish_at_once(actor: Actor, release: Release) -> Release:
    """Publish a release whose paper says "at once", in the act of counting: with neutral words, by no key."""
    content = json.loads(bytes(release.data))
    on = content["counted_on"]
    page = public.page(content, public.neutral_lead(content), earlier=queries.told_before(actor, content))
    return releases.mark_published(actor, release.pk, {**page, "on": on})


def post_releases() -> int:
    """Put every published release on the respondents' door that is not there yet; return how many."""
    rows = Release.rows.across_all(reason="a job serves all districts").filter(
        published_at__isnull=False, posted=False
    )
    waiting = list(rows)
    for release in waiting:
        _post(release, json.loads(bytes(release.data)))
        rows.filter(pk=release.pk).update(posted=True)
    return len(waiting)


def _post(release: Release, content: dict[str, Any]) -> None:
    data = bytes(release.data)
    for certificate in Certificate.rows.within(release.partnership_id).filter(release=release):
        sealed.post_certificate(bytes(certificate.data))
    if is_counts(content):
        sealed.post_counts(content["survey"], data, release.page)
        return
    survey = Survey.rows.one(release.partnership_id, release.survey_id).public_id
    if is_comments(content):
        sealed.post_comments(survey, data, release.page)
    elif "further" in content:
        sealed.post_later(survey, release.number, data, release.page)
    else:
        sealed.post_release(survey, data, release.page)


# What anyone can check


def export(actor: Actor, survey_id: UUID) -> bytes:
    """Return what `commonground verify-survey` reads: paper, counts, hashes, receipts, release, and sealed rows."""
    decide(actor, Action.SEE_SURVEYS)
    survey = Survey.rows.one(actor.tenant, survey_id)
    _require(survey, SurveyState.CLOSED, SurveyState.COUNTED, SurveyState.DESTROYED)
    rows = None if survey.state == SurveyState.DESTROYED else responses.stored_rows(survey.public_id)
    first = _as_released(actor, _first_release(survey)) if survey.counted_at else Released()
    later = {row.hash: _as_released(actor, row) for row in _later_releases(survey)}
    return write_bundle(evidence.bundle(survey, _posted(survey), rows, first, later))


def recount_kit(actor: Actor, survey_id: UUID) -> bytes:
    """Return what `commonground recount` reads: with every party's words it opens and counts again, off line.

    There from the count until the sealed answers are destroyed; without the words it opens nothing.
    """
    decide(actor, Action.OPEN_SEAL)
    survey = Survey.rows.one(actor.tenant, survey_id)
    _require(survey, SurveyState.COUNTED)
    release, first_list = _first_release(survey), responses.first_list(survey.public_id)
    before, requests = releases.before(actor.tenant, release), opening.requests(survey)
    later = [
        Later(bytes(row.data).decode(), requests[row.hash], tuple(releases.before(actor.tenant, row)))
        for row in _later_releases(survey)
    ]
    return evidence.kit(survey, _posted(survey), first_list, bytes(release.data), before, later).to_bytes()


def _posted(survey: Survey) -> evidence.Posted:
    board = responses.bulletin(survey.public_id)
    return evidence.Posted(board.closing, board.in_list, board.receipts, bytes(board.signed))


def _as_released(actor: Actor, release: Release) -> Released:
    text = bytes(release.data).decode()
    with suppress(NotFound):
        return Released(text, queries.certificate(actor, release.pk))
    return Released(text)


def _later_releases(survey: Survey) -> list[Release]:
    """Return the releases for which the answers were opened anew, first first."""
    rows = Release.rows.within(survey.partnership_id).filter(survey_id=survey.pk).order_by("number")
    return list(rows.filter(hash__in=opening.requests(survey)))


def _first_release(survey: Survey) -> Release:
    return Release.rows.within(survey.partnership_id).filter(survey_id=survey.pk).order_by("number")[:1].get()


# The end


def destruction_due(survey: Survey) -> date | None:
    """Return the day from which the sealed answers are to be destroyed; None while that is not settled.

    After the count, the days the paper names; without a count, the days after closing that it names for a
    survey whose seals were not all opened.
    """
    zone = ZoneInfo(paper_of(survey).content["timezone"])
    waits = certification.of(survey) if survey.state == SurveyState.CLOSED else None
    counted_at = waits.counted_at if waits else survey.counted_at
    if counted_at and survey.state != SurveyState.DESTROYED:
        return counted_at.astimezone(zone).date() + timedelta(days=survey.destroy_after_days)
    if survey.state == SurveyState.CLOSED and survey.closed_at:
        return survey.closed_at.astimezone(zone).date() + timedelta(days=survey.unopened_after_days)
    return None


def is_due(survey: Survey) -> bool:
    """Say whether the day of destruction has come."""
    due = destruction_due(survey)
    return due is not None and time.today(paper_of(survey).content["timezone"]) >= due


def destroy(actor: Actor, survey_id: UUID) -> None:
    """Destroy sealed answers, codes, keys and the list of those asked, from the day the paper names."""
    decide(actor, Action.DESTROY_ANSWERS)
    survey = Survey.rows.one(actor.tenant, survey_id)
    if survey.state != SurveyState.DESTROYED and not is_due(survey):
        raise Refused(_("The day that the paper names has not come. Nothing was destroyed."), code="early")
    sealed.destroy(survey.public_id)
    if survey.state != SurveyState.DESTROYED:
        _note_destroyed(actor, survey_id)
        certification.clear_away()
        reviewers.clear_away()
    ending.tell()


@act(Action.DESTROY_ANSWERS)
def _note_destroyed(actor: Actor, survey_id: UUID) -> None:
    survey = Survey.rows.one(actor.tenant, survey_id, lock=True)
    _require(survey, SurveyState.CLOSED, SurveyState.COUNTED)
    unopened = survey.counted_at is None
    survey.state, survey.destroyed_at = SurveyState.DESTROYED, time.now()
    survey.counting_secret = ""
    survey.news += 1
    survey.save(update_fields=["state", "destroyed_at", "counting_secret", "news"])
    SealingParty.rows.within(actor.tenant).filter(survey=survey).update(wrapped="", sealed_share="")
    survey.eligible.all().delete()
    certification.end(survey)
    opening.end_anew(survey, Outcome.DESTROYED)
    reviewers.erase(survey)
    record(actor, survey=survey_id, unopened=unopened)


def tick() -> None:
    """Close what is over, destroy what is due, finish what a count or publishing left; safe to run at any time."""
    for survey in _in_state(SurveyState.LAUNCHED).filter(closes_at__lte=time.now() - sealed.GRACE):
        close(operator(survey.partnership_id), survey.pk)
    for survey in _in_state(SurveyState.CLOSED):
        if not passes.is_erased(survey):
            passes.erase_marks(survey)
    for survey in _in_state(SurveyState.COUNTED):
        if responses.has_lists(survey.public_id) and opening.anew(survey) is None:
            sealed.erase_lists(survey.public_id)
    certification.clear_away()
    post_releases()
    for survey in _in_state(SurveyState.CLOSED, SurveyState.COUNTED):
        if is_due(survey):
            destroy(operator(survey.partnership_id), survey.pk)


def _in_state(*states: SurveyState) -> QuerySet[Survey]:
    return Survey.rows.across_all(reason="a job serves all districts").filter(state__in=states)
