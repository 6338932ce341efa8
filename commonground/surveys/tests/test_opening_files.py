"""Whose turn it is, and everything that a wrong, cut or repeated file can do at the opening."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from commonground.approvals import actions as approvals
from commonground.approvals.models import FrozenText
from commonground.demo import cast
from commonground.kernel import time
from commonground.kernel.errors import NotAllowed
from commonground.ledger import queries as ledger
from commonground.responses import objections
from commonground.responses.models import Chunk, SealedAnswer, SealedList
from commonground.sealing import formats, lists
from commonground.sealing.errors import Malformed
from commonground.sealing.keeper import answer_task
from commonground.sealing.proof import Standing
from commonground.surveys import opening, opening_files, seals, tally
from commonground.surveys.models import OpeningStep
from commonground.surveys.opening_files import paper_of
from commonground.surveys.tests import meeting as meetings
from commonground.surveys.tests import writing
from commonground.surveys.tests.meeting import ORDER, changed, refused

pytestmark = pytest.mark.django_db(databases=["default", "responses"])
FIRST, SECOND = cast.TEACHERS, cast.CLASSIFIED


def steps(meeting) -> list[str]:
    return [step.seal.party.name for step in opening.steps(meeting.survey)]


# Whose turn it is


def test_no_layer_comes_off_before_everyone_could_look(valley):
    meeting = meetings.closed(valley, 3)
    with time.at(meeting.closing_time + timedelta(days=2)):
        words = refused("too_early", tally.peel_task, meeting.keeper(FIRST), meeting.id)
    assert "look for their own answer" in words


def test_a_late_closing_leaves_three_days_all_the_same(valley):
    meeting = meetings.answered(valley, 3)
    with time.at(meeting.closing_time + timedelta(days=10)):
        tally.close(valley.actor(cast.SAM), meeting.id)
        refused("too_early", tally.peel_task, meeting.keeper(FIRST), meeting.id)
    with time.at(meeting.closing_time + timedelta(days=13)):
        assert tally.peel_task(meeting.keeper(FIRST), meeting.id)


def test_out_of_turn_is_refused(valley):
    meeting = meetings.closed(valley, 3)
    with meeting.on_opening_day():
        refused("not_your_turn", tally.peel_task, meeting.keeper(SECOND), meeting.id)
        refused("early", tally.share_task, meeting.keeper(SECOND), meeting.id)
        refused("early", tally.count, meeting.keeper(SECOND), meeting.id, {})


def test_only_the_keepers_named_and_the_cochair_open_a_seal(valley):
    meeting = meetings.closed(valley, 3)
    seals.seal_of(meeting.survey, meeting.party(FIRST)).keepers.all().delete()
    with meeting.on_opening_day():
        result = answer_task(tally.peel_task(valley.actor(cast.DANA), meeting.id), meeting.steps.phrases[FIRST])
        for act, arguments in ((tally.peel_task, ()), (tally.receive_peel, (result,))):
            refused("no_keeper", act, valley.actor(cast.GRACE), meeting.id, *arguments)
            with pytest.raises(NotAllowed):
                act(valley.actor(cast.SAM), meeting.id, *arguments)
        refused("no_keeper", tally.receive_piece, valley.actor(cast.GRACE), meeting.id, b"")
        tally.receive_peel(valley.actor(cast.DANA), meeting.id, result)
    assert steps(meeting) == [FIRST]
    meeting.peel(*ORDER[1:])
    with meeting.on_opening_day():
        refused("no_keeper", tally.share_task, valley.actor(cast.GRACE), meeting.id)


# The same file again, and files that are not the right one


def test_the_same_file_again_changes_nothing(valley):
    meeting = meetings.closed(valley, 3)
    with meeting.on_opening_day():
        result = meeting.result(FIRST)
        for _ in range(2):
            assert tally.receive_peel(meeting.keeper(FIRST), meeting.id, result) == 0
    meeting.peel(SECOND)
    with meeting.on_opening_day():
        assert tally.receive_peel(meeting.keeper(FIRST), meeting.id, result) == 0
    assert steps(meeting) == [FIRST, SECOND]


def test_the_same_file_after_a_crash_goes_on(valley, monkeypatch):
    meeting = meetings.closed(valley, 3)
    with meeting.on_opening_day():
        result = meeting.result(FIRST)
        with monkeypatch.context() as crash:
            crash.setattr(opening, "add_step", _crash)
            with pytest.raises(Crash):
                tally.receive_peel(meeting.keeper(FIRST), meeting.id, result)
        assert steps(meeting) == [] and SealedList.objects.filter(layer=2).exists()
        tally.receive_peel(meeting.keeper(FIRST), meeting.id, result)
    assert steps(meeting) == [FIRST]


class Crash(Exception):
    pass


def _crash(*_arguments, **_named):
    raise Crash


def test_wrong_files_are_answered_in_words_and_change_nothing(valley):
    meeting = meetings.closed(valley, 6)
    paper = paper_of(meeting.survey)
    keeper = meeting.keeper(FIRST)
    with meeting.on_opening_day():
        good = meeting.result(FIRST)
        task = tally.peel_task(keeper, meeting.id)
        binary = formats.read_file(good).binary
        output, _rest = formats.read_list_and_rest(binary)
        altered = binary[:-5] + bytes([binary[-5] ^ 1]) + binary[-4:]
        fewer = lists.sorted_list(paper, 2, output.items[1:])
        double = formats.SealedList(paper.hash, 2, output.item_size, (output.items[0], *output.items[:5]))
        backwards = formats.SealedList(paper.hash, 2, output.item_size, output.items[::-1])
        wrong = {
            "other_file": [task, changed(good, result="share")],
            "unreadable": [good[:-1], good[:20], b"", b"words", good + b"more", changed(good, output_hash="")],
            "other_survey": [changed(good, survey="00" * 16)],
            "other_layer": [changed(good, layer=2), changed(good, party="00" * 16), changed(good, layer="1")],
            "other_list": [changed(good, input_hash="00" * 32)],
            "altered": [
                changed(good, altered),
                *(changed(good, one.to_bytes(), output_hash=one.hash.hex()) for one in (fewer, double, backwards)),
            ],
        }
        for code, files in wrong.items():
            for file in files:
                words = refused(code, tally.receive_peel, keeper, meeting.id, file)
                assert words.endswith(".")
        assert steps(meeting) == [] and not SealedList.objects.filter(layer=2).exists()
        tally.receive_peel(keeper, meeting.id, good)


def test_a_file_of_the_first_party_is_no_file_of_the_second(valley):
    meeting = meetings.closed(valley, 3)
    with meeting.on_opening_day():
        result = meeting.result(FIRST)
        tally.receive_peel(meeting.keeper(FIRST), meeting.id, result)
        refused("other_layer", tally.receive_peel, meeting.keeper(SECOND), meeting.id, result)
    assert steps(meeting) == [FIRST]


def test_a_second_list_of_the_same_party_is_refused(valley):
    meeting = meetings.closed(valley, 3)
    with meeting.on_opening_day():
        result = meeting.result(FIRST)
        tally.receive_peel(meeting.keeper(FIRST), meeting.id, result)
        other = changed(result, lists.sorted_list(paper_of(meeting.survey), 2, []).to_bytes())
        refused("not_your_turn", tally.receive_peel, meeting.keeper(FIRST), meeting.id, other)


# In pieces


def pieces(data: bytes) -> list[bytes]:
    return [piece.to_bytes() for piece in formats.cut_in_chunks(data, 1000)]


def test_pieces_may_come_twice_and_in_any_order(valley):
    meeting = meetings.closed(valley, 6)
    with meeting.on_opening_day():
        cut = pieces(meeting.result(FIRST))
        keeper = meeting.keeper(FIRST)
        assert len(cut) > 3
        taken = [tally.receive_piece(keeper, meeting.id, piece) for piece in (cut[1], cut[1], cut[0], *cut[2:])]
        assert taken == [False] * (len(taken) - 1) + [True]
        assert not Chunk.objects.exists()
        assert tally.receive_piece(keeper, meeting.id, cut[-1]) is False
    assert steps(meeting) == [FIRST]


def test_a_browser_closed_half_way_begins_again(valley, monkeypatch):
    meeting = meetings.closed(valley, 6)
    with meeting.on_opening_day():
        keeper, result = meeting.keeper(FIRST), meeting.result(FIRST)
        monkeypatch.setattr("commonground.responses.actions.MAX_PIECES", len(pieces(result)))
        for piece in pieces(changed(result, layer=7))[:-1]:
            tally.receive_piece(keeper, meeting.id, piece)
        first, second, *rest = pieces(result)
        tally.receive_piece(keeper, meeting.id, first)
        refused("too_many", tally.receive_piece, keeper, meeting.id, second)
        for piece in (first, second, *rest):
            tally.receive_piece(keeper, meeting.id, piece)
    assert steps(meeting) == [FIRST] and not Chunk.objects.exists()


def test_pieces_of_a_wrong_file_are_erased(valley):
    meeting = meetings.closed(valley, 6)
    with meeting.on_opening_day():
        keeper = meeting.keeper(FIRST)
        *most, last = pieces(changed(meeting.result(FIRST), layer=2))
        for piece in most:
            tally.receive_piece(keeper, meeting.id, piece)
        refused("other_layer", tally.receive_piece, keeper, meeting.id, last)
        with pytest.raises(Malformed):
            tally.receive_piece(keeper, meeting.id, b"no piece")
    assert not Chunk.objects.exists()


# Items that do not open, and stopping


def with_strays(valley, strays: int):
    """A closed survey whose list holds items that no party's key opens."""
    meeting = meetings.answered(valley, 6)
    paper = paper_of(meeting.survey)
    for number in range(strays):
        stray = b"\4" + number.to_bytes(64, "big") + bytes(paper.item_size(1) - 65)
        SealedAnswer.objects.create(key=bytes([number]) * 32, survey=paper.survey.hex(), kind=2, item=stray)
    return meeting.close()


def test_two_items_that_do_not_open_stop_nobody(valley):
    meeting = with_strays(valley, 2)
    meeting.peel(*ORDER).count()
    assert [step.unopened for step in opening.steps(meeting.survey)] == [2, 0, 0, 0]


def test_too_many_that_do_not_open_stop_the_opening_until_every_key_is_turned(valley):
    meeting = with_strays(valley, 3).peel(FIRST)
    with meeting.on_opening_day():
        refused("stopped", tally.peel_task, meeting.keeper(SECOND), meeting.id)
        opening.stop(valley.actor(cast.LUZ), meeting.id, "Three items are no answers; the sheets agree.")
        text = FrozenText.rows.within(valley.partnership.pk).get(kind=opening.GO_ON)
        for member in (cast.DANA, cast.LUZ, cast.RAY):
            approvals.turn_key(valley.actor(member), text.pk, text.hash)
            refused("stopped", tally.peel_task, meeting.keeper(SECOND), meeting.id)
        approvals.turn_key(valley.actor(cast.DENISE), text.pk, text.hash)
    meeting.peel(*ORDER[1:]).count()
    assert [step.go_on for step in opening.steps(meeting.survey)] == [True, False, False, False]


def test_too_many_at_the_last_layer_stop_shares_and_count(valley):
    meeting = meetings.peeled(valley, 3)
    with meeting.on_opening_day():
        shares = meeting.shares()
        OpeningStep.rows.within(valley.partnership.pk).filter(seal__layer=4).update(unopened=3)
        refused("stopped", tally.share_task, meeting.keeper(FIRST), meeting.id)
        refused("stopped", tally.count, meeting.keeper(FIRST), meeting.id, shares)


def test_a_cochair_stops_the_opening_and_a_text_sent_back_keeps_it_stopped(valley):
    meeting = meetings.closed(valley, 3)
    refused("reason", opening.stop, valley.actor(cast.LUZ), meeting.id, "  ")
    with pytest.raises(NotAllowed):
        opening.stop(valley.actor(cast.SAM), meeting.id, "No.")
    text = opening.stop(valley.actor(cast.LUZ), meeting.id, "A colleague's answer is not in the list.")
    approvals.send_back(valley.actor(cast.DENISE), text.pk, about="question", reason="Let us look first.")
    with meeting.on_opening_day():
        refused("stopped", tally.peel_task, meeting.keeper(FIRST), meeting.id)
        opening.stop(valley.actor(cast.DENISE), meeting.id, "The answer was found.")
        writing.turn_all(meeting.steps, meeting.id)
        assert tally.peel_task(meeting.keeper(FIRST), meeting.id)


# An answer that is proven to be missing


def turn_every_key(valley) -> None:
    text = FrozenText.rows.within(valley.partnership.pk).get(kind=opening.GO_ON, state="waiting")
    for member in (cast.DANA, cast.LUZ, cast.RAY, cast.DENISE):
        approvals.turn_key(valley.actor(member), text.pk, text.hash)


def test_one_proven_absence_stops_the_opening_until_every_key_is_turned(valley):
    meeting = meetings.answered(valley, 6)
    there, proof = meeting.by_pass(), meeting.drop(meeting.by_pass())
    meeting.close()
    with meeting.on_opening_day():
        assert tally.hand_in_proof(valley.actor(cast.ELENA), meeting.id, there.to_bytes()) is Standing.LISTED
        assert tally.peel_task(meeting.keeper(FIRST), meeting.id)
        assert tally.hand_in_proof(valley.actor(cast.ELENA), meeting.id, proof.to_bytes()) is Standing.NOWHERE
        refused("stopped", tally.peel_task, meeting.keeper(FIRST), meeting.id)
        tally.stop(valley.actor(cast.LUZ), meeting.id, "A backup was put back on Tuesday; we found the reason.")
        refused("stopped", tally.peel_task, meeting.keeper(FIRST), meeting.id)
        turn_every_key(valley)
    meeting.peel(*ORDER).count()
    entries = ledger.entries(valley.actor(cast.LUZ), limit=100)
    (noted,) = [entry.facts for entry in entries if entry.act == "hand_in_proof"]
    assert noted["found"] == "nowhere"
    said = json.dumps(noted)
    for part in (proof.key.hex(), formats.in_list_line(proof.key), proof.item_hash.hex()):
        assert part not in said, "the record names who handed a proof in, so it must not name which"


def test_an_absence_that_is_proven_later_stops_the_opening_again(valley):
    meeting = meetings.answered(valley, 3)
    proofs = [meeting.drop(meeting.by_pass()) for _ in range(2)]
    meeting.close()
    with meeting.on_opening_day():
        tally.hand_in_proof(valley.actor(cast.ELENA), meeting.id, proofs[0].to_bytes())
        tally.stop(valley.actor(cast.LUZ), meeting.id, "We know why.")
        turn_every_key(valley)
    meeting.peel(FIRST)
    objections.hand_in(meeting.survey.public_id, proofs[1].to_bytes())
    with meeting.on_opening_day():
        refused("stopped", tally.peel_task, meeting.keeper(SECOND), meeting.id)
        tally.stop(valley.actor(cast.LUZ), meeting.id, "It is the same reason.")
        turn_every_key(valley)
        assert tally.peel_task(meeting.keeper(SECOND), meeting.id)


def test_a_proof_that_comes_before_the_shares_stops_the_count(valley):
    meeting = meetings.answered(valley, 3)
    proof = meeting.drop(meeting.by_pass())
    meeting.close().peel(*ORDER)
    with meeting.on_opening_day():
        shares = meeting.shares()
        tally.hand_in_proof(valley.actor(cast.ELENA), meeting.id, proof.to_bytes())
        refused("stopped", tally.count, meeting.keeper(FIRST), meeting.id, shares)


def test_what_proves_nothing_stops_nobody_and_is_recorded_nowhere(valley):
    meeting = meetings.answered(valley, 3)
    proof = meeting.by_pass()
    elena = valley.actor(cast.ELENA)
    refused("state", tally.hand_in_proof, elena, meeting.id, proof.to_bytes())
    meeting.close()
    with meeting.on_opening_day():
        for data in (
            b"words",
            replace(proof, version=proof.version + 1).to_bytes(),
            replace(proof, paper_hash=bytes(32)).to_bytes(),
        ):
            refused("no_proof", tally.hand_in_proof, elena, meeting.id, data)
        assert tally.peel_task(meeting.keeper(FIRST), meeting.id)
    with pytest.raises(NotAllowed):
        tally.hand_in_proof(valley.actor(cast.SAM), meeting.id, proof.to_bytes())
    assert "hand_in_proof" not in {entry.act for entry in ledger.entries(elena, limit=100)}


def test_only_an_opening_under_way_can_be_stopped(valley):
    meeting = meetings.answered(valley, 1)
    refused("state", opening.stop, valley.actor(cast.LUZ), meeting.id, "Too late.")


# Shares


def test_a_share_is_read_from_letters_and_from_its_file(valley):
    meeting = meetings.peeled(valley, 3)
    with meeting.on_opening_day():
        file = meeting.share_file(FIRST)
    share = formats.read_file(file).message["share"]
    survey, party = meeting.survey.public_id, meeting.party(FIRST).hex
    read = opening_files.read_share
    assert read(survey, party, f" {share[:32].upper()} \n{share[32:]}", b"").hex() == share
    assert read(survey, party, "", file).hex() == share
    for typed, data, code in (
        (" ", b"", "missing"),
        (share[:-2], b"", "no_share"),
        ("z" * 64, b"", "no_share"),
        ("", file[:40], "no_share"),
        ("", changed(file, survey="00" * 16), "other_survey"),
        ("", changed(file, party="00" * 16), "other_party"),
        ("", changed(file, result="peel"), "other_file"),
        ("", changed(file, share=share[:10]), "no_share"),
    ):
        refused(code, read, survey, party, typed, data)
