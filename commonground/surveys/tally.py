"""Closing, opening with the seals of all parties, counting in memory, publishing, destroying.

The only file besides `campaign` that reaches the respondents' side. Every step across the two databases writes
there first and may be repeated: the same step again changes nothing.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from commonground.access.actor import Actor
from commonground.access.decide import decide
from commonground.access.table import Action
from commonground.kernel import time
from commonground.kernel.errors import Refused
from commonground.ledger.acts import act, record
from commonground.releases import actions as releases
from commonground.releases.models import Release
from commonground.responses import actions as sealed
from commonground.responses import queries as responses
from commonground.sealing import peel, seals, tally_open
from commonground.sealing.errors import SealingError
from commonground.sealing.formats import SealedList, TradingFile, read_file, read_list, read_list_and_rest
from commonground.sealing.paper import Paper, read_paper
from commonground.surveys import codes, counting
from commonground.surveys.models import OpeningStep, SealingParty, Survey, SurveyState


def close(actor: Actor, survey_id: UUID) -> None:
    """Close a survey whose time is over: the list is fixed, and its hash stands in the ledger."""
    decide(actor, Action.CLOSE_SURVEY)
    survey = Survey.rows.one(actor.tenant, survey_id)
    _require(survey, SurveyState.LAUNCHED, SurveyState.CLOSED)
    closing = sealed.shut(survey.public_id)
    sealed.post_bulletin(survey.public_id, {"eligible": paper_of(survey).content["eligible"]})
    if survey.state == SurveyState.LAUNCHED:
        _note_closed(actor, survey_id, closing.list_hash, closing.answers, closing.merkle_root)


@act(Action.CLOSE_SURVEY)
def _note_closed(actor: Actor, survey_id: UUID, list_hash: str, answers: int, root: str) -> None:
    survey = Survey.rows.one(actor.tenant, survey_id, lock=True)
    survey.state, survey.closed_at = SurveyState.CLOSED, time.now()
    survey.save(update_fields=["state", "closed_at"])
    record(actor, survey=survey_id, list=list_hash, root=root, answers=answers)


def paper_of(survey: Survey) -> Paper:
    """Return the frozen paper as sealing reads it."""
    return read_paper(survey.paper.encode())


def whose_turn(survey: Survey) -> SealingParty | None:
    """Return the seal that comes off next; None when all are off."""
    off = OpeningStep.rows.within(survey.partnership_id).filter(survey=survey).values("seal")
    return SealingParty.rows.within(survey.partnership_id).filter(survey=survey).exclude(pk__in=off).first()


def peel_task(actor: Actor, survey_id: UUID) -> bytes:
    """Return the task file with which a keeper takes the own party's layer off; refused out of turn."""
    decide(actor, Action.OPEN_SEAL)
    survey, seal = _own_turn(actor, survey_id)
    data = responses.get_list(survey.public_id, seal.layer)
    if data is None:
        raise Refused(_("The list for this layer is not here. Nothing was changed. Ask the coordinator to close."))
    task = {
        **_heading(survey, seal),
        "task": "peel",
        "paper_text": survey.paper,
        "layer": seal.layer,
        "list_hash": read_list(data).hash.hex(),
    }
    return TradingFile(task, data).to_bytes()


def share_task(actor: Actor, survey_id: UUID) -> bytes:
    """Return the task file with which a keeper opens the own party's share; refused while a layer is on."""
    decide(actor, Action.OPEN_SEAL)
    survey = Survey.rows.one(actor.tenant, survey_id)
    _require(survey, SurveyState.CLOSED)
    if whose_turn(survey) is not None:
        raise Refused(_("Shares are given when every layer is off. Nothing was changed."), code="early")
    seal = SealingParty.rows.within(actor.tenant).filter(survey=survey, party_id=actor.own_party).first()
    if seal is None:
        raise Refused(_("Your party did not seal this survey."), code="no_seal")
    last = OpeningStep.rows.within(actor.tenant).filter(survey=survey).order_by("-seal__layer").first()
    task = {
        **_heading(survey, seal),
        "task": "share",
        "paper_text": survey.paper,
        "layer": seal.layer,
        "sealed_share": seal.sealed_share,
        "final_hash": last.output_hash if last else "",
    }
    return TradingFile(task).to_bytes()


def _heading(survey: Survey, seal: SealingParty) -> dict[str, object]:
    return {
        "survey": survey.public_id,
        "survey_title": survey.title_en,
        "party": seal.party_id.hex,
        "party_name": seal.party.name,
        "wrapped": seal.wrapped,
    }


def receive_peel(actor: Actor, survey_id: UUID, data: bytes) -> int:
    """Take in what a keeper's browser hands on, check it, and let the next party begin; return items set aside.

    The same file again changes nothing. Raises Refused out of turn, and for a list that was altered, is not the
    one that follows from the current one, or holds more or fewer items.
    """
    decide(actor, Action.OPEN_SEAL)
    survey = Survey.rows.one(actor.tenant, survey_id)
    peeled, message = _read_peel(survey, data)
    if _repeated(actor, survey, peeled):
        return len(peeled.unopened.items)
    survey, seal = _own_turn(actor, survey_id)
    if message.get("layer") != seal.layer or message.get("party") != seal.party_id.hex:
        raise Refused(_("This file is for another party or layer. Nothing was changed."), code="other_layer")
    before = responses.get_list(survey.public_id, seal.layer)
    assert before is not None
    try:
        peel.check_peeled(read_list(before), peeled, paper_of(survey))
    except SealingError as refusal:
        raise Refused(refusal.args[0], code="altered") from refusal
    sealed.put_list(survey.public_id, peeled.output.to_bytes())
    _note_peeled(actor, survey_id, seal.pk, read_list(before).hash.hex(), peeled)
    _post_steps(actor, survey)
    return len(peeled.unopened.items)


def _read_peel(survey: Survey, data: bytes) -> tuple[peel.Peeled, Mapping[str, object]]:
    try:
        file = read_file(data)
        if file.message.get("result") != "peel" or file.message.get("survey") != survey.public_id:
            raise Refused(
                _("This file is not an opened layer of this survey. Nothing was changed."), code="other_file"
            )
        output, rest = read_list_and_rest(file.binary)
        layer = file.message.get("layer")
        paper = paper_of(survey)
        empty = _nothing_aside(paper, layer if isinstance(layer, int) else 1)
        return peel.Peeled(output, read_list(rest) if rest else empty), file.message
    except SealingError as refusal:
        raise Refused(refusal.args[0], code="unreadable") from refusal


def _nothing_aside(paper: Paper, layer: int) -> SealedList:
    """Return the empty list of a layer: nothing was set aside."""
    return SealedList(paper.hash, layer, paper.item_size(layer), ())


def _repeated(actor: Actor, survey: Survey, peeled: peel.Peeled) -> bool:
    return (
        OpeningStep.rows.within(actor.tenant)
        .filter(survey=survey, seal__party_id=actor.own_party, output_hash=peeled.output.hash.hex())
        .exists()
    )


def _own_turn(actor: Actor, survey_id: UUID) -> tuple[Survey, SealingParty]:
    survey = Survey.rows.one(actor.tenant, survey_id)
    _require(survey, SurveyState.CLOSED)
    if _stopped(survey):
        raise Refused(_("The opening is stopped until every party agrees that it goes on."), code="stopped")
    seal = whose_turn(survey)
    if seal is None or seal.party_id != actor.own_party:
        raise Refused(_("It is not your party's turn. Nothing was changed."), code="not_your_turn")
    return survey, seal


@act(Action.OPEN_SEAL)
def _note_peeled(actor: Actor, survey_id: UUID, seal_id: UUID, input_hash: str, peeled: peel.Peeled) -> None:
    assert actor.person_id is not None
    unopened = len(peeled.unopened.items)
    OpeningStep(
        partnership_id=actor.tenant,
        survey_id=survey_id,
        seal_id=seal_id,
        input_hash=input_hash,
        output_hash=peeled.output.hash.hex(),
        unopened=unopened,
        by=actor.person_id,
        at=time.now(),
    ).save(force_insert=True)
    record(actor, survey=survey_id, input=input_hash, output=peeled.output.hash.hex(), unopened=unopened)


def _post_steps(actor: Actor, survey: Survey) -> None:
    steps = OpeningStep.rows.within(actor.tenant).filter(survey=survey).select_related("seal__party")
    peels = [{"party": step.seal.party.name, "hash": step.output_hash} for step in steps.order_by("seal__layer")]
    sealed.post_bulletin(survey.public_id, {"peels": peels})


def _stopped(survey: Survey) -> bool:
    """Say whether too many items did not open at the last step, and the parties have not agreed to go on."""
    last = OpeningStep.rows.within(survey.partnership_id).filter(survey=survey).order_by("-seal__layer").first()
    if last is None or last.go_on:
        return False
    answers = responses.bulletin(survey.public_id).closing.get("answers", 0)
    return peel.stops_tally(answers, last.unopened)


def go_on(survey: Survey) -> None:
    """Let a stopped opening continue; called when every party has turned its key on that."""
    OpeningStep.rows.within(survey.partnership_id).filter(survey=survey).update(go_on=True)


def count(actor: Actor, survey_id: UUID, shares: Mapping[UUID, bytes]) -> Release:
    """Count with a share of every party: open the innermost layer in memory, pass the gate, store the release.

    Opened answers are never written. A crash leaves everything as it was, and the shares are asked for again.
    """
    decide(actor, Action.COUNT_ANSWERS)
    survey = Survey.rows.one(actor.tenant, survey_id)
    _require(survey, SurveyState.CLOSED)
    if whose_turn(survey) is not None or _stopped(survey):
        raise Refused(_("Counting begins when every layer is off. Nothing was changed."), code="early")
    paper = paper_of(survey)
    opened = _open(survey, paper, _in_peel_order(survey, shares))
    closing = responses.bulletin(survey.public_id).closing
    day = time.today(paper.content["timezone"])
    content = counting.release_content(paper, opened, closing, day.isoformat())
    sealed.post_receipts(survey.public_id, opened.receipts)
    release = _note_counted(actor, survey_id, content)
    sealed.erase_lists(survey.public_id)
    return release


def _in_peel_order(survey: Survey, shares: Mapping[UUID, bytes]) -> list[bytes]:
    parties = SealingParty.rows.within(survey.partnership_id).filter(survey=survey).order_by("layer")
    missing = [seal.party.name for seal in parties.select_related("party") if seal.party_id not in shares]
    if missing:
        raise Refused(
            _("A share is missing: %(parties)s. Nothing was opened.") % {"parties": ", ".join(missing)},
            code="missing_share",
        )
    return [shares[seal.party_id] for seal in parties]


def _open(survey: Survey, paper: Paper, shares: list[bytes]) -> tally_open.Opened:
    data = responses.get_list(survey.public_id, 0)
    assert data is not None
    try:
        key = seals.combine_shares(shares, paper.block, bytes.fromhex(survey.counting_secret))
        return tally_open.open_answers(read_list(data), key, paper, codes.receipts(survey))
    except SealingError as refusal:
        raise Refused(refusal.args[0], code="shares") from refusal


@act(Action.COUNT_ANSWERS)
def _note_counted(actor: Actor, survey_id: UUID, content: dict[str, object]) -> Release:
    survey = Survey.rows.one(actor.tenant, survey_id, lock=True)
    _require(survey, SurveyState.CLOSED)
    release = releases.register(actor, survey_id, content)
    survey.state, survey.counted_at = SurveyState.COUNTED, time.now()
    survey.save(update_fields=["state", "counted_at"])
    record(actor, survey=survey_id, release=release.hash)
    return release


def _require(survey: Survey, *states: SurveyState) -> None:
    if survey.state not in states:
        raise Refused(_("The survey has moved on since this page was opened. Nothing was changed."), code="state")


def destruction_due(survey: Survey) -> date | None:
    """Return the day from which the sealed answers are to be destroyed; None while that is not settled.

    After the count, the days the paper names; without a count, the days after closing that it names for a
    survey whose seals were not all opened.
    """
    if survey.state == SurveyState.COUNTED and survey.counted_at:
        return _after(survey.counted_at, survey.destroy_after_days)
    if survey.state == SurveyState.CLOSED and survey.closed_at:
        return _after(survey.closed_at, survey.unopened_after_days)
    return None


def _after(moment: datetime, days: int) -> date:
    return (moment + timedelta(days=days)).date()


def destroy(actor: Actor, survey_id: UUID) -> None:
    """Destroy sealed answers, codes, keys and the list of those asked, from the day the paper names."""
    decide(actor, Action.DESTROY_ANSWERS)
    survey = Survey.rows.one(actor.tenant, survey_id)
    due = destruction_due(survey)
    if survey.state != SurveyState.DESTROYED and (due is None or time.now().date() < due):
        raise Refused(_("The day that the paper names has not come. Nothing was destroyed."), code="early")
    sealed.destroy(survey.public_id)
    if survey.state != SurveyState.DESTROYED:
        _note_destroyed(actor, survey_id)


@act(Action.DESTROY_ANSWERS)
def _note_destroyed(actor: Actor, survey_id: UUID) -> None:
    survey = Survey.rows.one(actor.tenant, survey_id, lock=True)
    unopened = survey.counted_at is None
    survey.state, survey.destroyed_at = SurveyState.DESTROYED, time.now()
    survey.counting_secret = ""
    survey.save(update_fields=["state", "destroyed_at", "counting_secret"])
    SealingParty.rows.within(actor.tenant).filter(survey=survey).update(wrapped="", sealed_share="")
    survey.eligible.all().delete()
    record(actor, survey=survey_id, unopened=unopened)
