"""The whole opening over the real acts, with four parties: what counts, what is kept, what a crash leaves."""

from datetime import timedelta

import pytest
from django.db import connections

from commonground.demo import cast
from commonground.disclosure.gate import protect
from commonground.kernel import key_folder, time
from commonground.ledger import queries as ledger
from commonground.releases import queries as releases
from commonground.responses import actions as sealed
from commonground.responses import queries as responses
from commonground.responses.models import Bulletin, Chunk, Code, SealedAnswer, SealedList
from commonground.sealing import codes as sealing
from commonground.sealing import formats, lists
from commonground.sealing.hpke import seal_answer
from commonground.surveys import counting, passes, tally
from commonground.surveys.models import Eligible, OpeningStep, SurveyState
from commonground.surveys.opening_files import paper_of
from commonground.surveys.tests import meeting as meetings
from commonground.surveys.tests import piles
from commonground.surveys.tests.meeting import ORDER, changed, refused

pytestmark = pytest.mark.django_db(databases=["default", "responses"])


# The ceremony


def test_four_layers_four_shares_one_release(valley):
    meeting = meetings.peeled(valley)
    release = meeting.count()
    survey = meeting.survey
    assert survey.state == SurveyState.COUNTED
    seen = [releases.of_survey(valley.actor(member), survey.pk) for member in (cast.LUZ, cast.DENISE)]
    assert seen[0] == seen[1] and seen[0] is not None and seen[0].hash == release.hash
    assert seen[0].seen_from == release.seen_from
    assert SealedList.objects.count() == 0 and Chunk.objects.count() == 0
    counts = seen[0].content["counts"]
    assert (counts["sealed"], counts["counted"], counts["rejected"]) == (40, 40, {})


def test_the_release_is_what_a_plain_count_gives(valley):
    meeting = meetings.peeled(valley)
    meeting.count()
    paper = paper_of(meeting.survey)
    closed = paper.layout.closed
    rows = [closed.encode({k: v for k, v in a.items() if k in closed.fields}) for a in meeting.answers]
    plain = protect(counting.table_plan(paper.content), counting.columns(paper, rows)).as_json()
    release = releases.of_survey(valley.actor(cast.LUZ), meeting.id)
    assert release is not None
    assert release.content["tables"]["certificate"]["hidden"] == []
    assert {**release.content["tables"], "certificate": None} == plain
    (district,) = [cell for cell in plain["cells"] if cell["at"] == {}]
    assert district["n"] == 40


def test_every_step_stands_in_the_ledger_before_the_next(valley):
    meeting = meetings.closed(valley, 12)
    hashes = []
    for party in ORDER:
        meeting.peel(party)
        entry = ledger.entries(valley.actor(cast.LUZ), limit=1)[0]
        step = OpeningStep.rows.within(valley.partnership.pk).get(seal__party=meeting.party(party))
        assert entry.act == "open_seal" and entry.facts["output"] == step.output_hash
        hashes.append({"party": party, "hash": step.output_hash})
    assert responses.bulletin(meeting.survey.public_id).closing["peels"] == hashes


def test_receipts_of_counted_answers_are_published_sorted(valley):
    meeting = meetings.peeled(valley, 12)
    meeting.count()
    given = sorted(sealing.code_receipt(meeting.public_id, code).hex() for code in meeting.codes[:12])
    lines = responses.bulletin(meeting.survey.public_id).receipts.splitlines()
    assert [line.split()[-1] for line in lines] == given


def test_nobody_answered_and_still_all_goes_through(valley):
    meeting = meetings.peeled(valley, 0)
    meeting.count()
    release = releases.of_survey(valley.actor(cast.LUZ), meeting.id)
    assert release is not None and release.content["counts"]["counted"] == 0


# Closing


def test_an_open_survey_is_not_closed(valley):
    meeting = meetings.answered(valley, 1)
    refused("open", tally.close, valley.actor(cast.SAM), meeting.id)
    assert meeting.survey.state == SurveyState.LAUNCHED


def test_closing_repeats_itself_and_erases_the_door_key(valley):
    meeting = meetings.answered(valley, 3)
    assert not passes.is_erased(meeting.survey)
    meeting.close()
    facts = tally.closing_facts(meeting.survey)
    meeting.close()
    assert tally.closing_facts(meeting.survey) == facts and facts["answers"] == 3
    assert not any(key_folder.holds(meeting.survey.public_id, kind) for kind in key_folder.Kind)
    closings = [e for e in ledger.entries(valley.actor(cast.LUZ), limit=100) if e.act == "close_survey"]
    assert [entry.facts["list"] for entry in closings] == [facts["list_hash"]]


def test_the_tick_closes_on_time_and_not_before(valley):
    meeting = meetings.answered(valley, 3)
    tally.tick()
    assert meeting.survey.state == SurveyState.LAUNCHED
    with time.at(meeting.closing_time):
        tally.tick()
        tally.tick()
    assert meeting.survey.state == SurveyState.CLOSED


def test_a_crash_after_the_door_was_shut_is_repaired(valley, monkeypatch):
    meeting = meetings.answered(valley, 3)
    with monkeypatch.context() as crash:
        crash.setattr(tally, "_note_closed", _crash)
        with pytest.raises(Crash):
            meeting.close()
    assert meeting.survey.state == SurveyState.LAUNCHED
    with time.at(meeting.closing_time):
        tally.tick()
    assert meeting.survey.state == SurveyState.CLOSED


class Crash(Exception):
    pass


def _crash(*_arguments: object, **_named: object) -> None:
    raise Crash


# Nothing that was opened is written


def everything_stored() -> str:
    """Every value of every column of every table of both databases, as text; bytes in two ways."""
    stored = []
    for name in ("default", "responses"):
        with connections[name].cursor() as cursor:
            for table in connections[name].introspection.table_names(cursor):
                cursor.execute(f'SELECT * FROM "{table}"')
                for row in cursor.fetchall():
                    for value in row:
                        data = bytes(value) if isinstance(value, (bytes, memoryview)) else None
                        stored.append(str(value) if data is None else data.hex() + data.decode("latin1"))
    return "\n".join(stored)


def test_before_the_count_no_table_holds_an_answer_a_receipt_a_code_or_a_share(valley, monkeypatch):
    meeting = meetings.peeled(valley, 12)
    with monkeypatch.context() as crash:
        crash.setattr(tally, "_note_counted", _crash)
        crash.setattr(sealed, "post_receipts", lambda *_: None)
        with meeting.on_opening_day(), pytest.raises(Crash):
            tally.count(meeting.keeper(cast.TRADES), meeting.id, shares := meeting.shares())
    stored = everything_stored()
    rows = [paper_of(meeting.survey).layout.encode(answers).hex() for answers in meeting.answers]
    receipts = [sealing.code_receipt(meeting.public_id, code).hex() for code in meeting.codes]
    written = [sealing.write_code(code) for code in meeting.codes]
    secrets = [meetings.WORDS, *rows, *receipts, *written, *(share.hex() for share in shares.values())]
    assert tally.closing_facts(meeting.survey)["list_hash"] in stored
    assert not [secret for secret in secrets if secret in stored]


def test_after_the_count_no_table_holds_words_or_a_row_of_answers(valley):
    meeting = meetings.peeled(valley, 12)
    with meeting.on_opening_day():
        shares = meeting.shares()
        tally.count(meeting.keeper(cast.TRADES), meeting.id, shares)
    stored = everything_stored()
    rows = [paper_of(meeting.survey).layout.encode(answers).hex() for answers in meeting.answers]
    assert not [
        secret for secret in (meetings.WORDS, *rows, *(s.hex() for s in shares.values())) if secret in stored
    ]


def test_the_server_alone_cannot_open_the_core(valley):
    meeting = meetings.peeled(valley, 3)
    with meeting.on_opening_day():
        shares = meeting.shares()
        for name in ORDER:
            others = {party: share for party, share in shares.items() if party != meeting.party(name)}
            assert name in refused("missing_share", tally.count, meeting.keeper(name), meeting.id, others)
            guess = {**others, meeting.party(name): bytes(32)}
            refused("shares", tally.count, meeting.keeper(name), meeting.id, guess)
    assert releases.of_survey(valley.actor(cast.LUZ), meeting.id) is None


# What counts


def test_what_was_never_issued_was_cancelled_or_is_no_answer_does_not_count(valley):
    meeting = meetings.answered(valley, 12)
    paper = paper_of(meeting.survey)
    with time.at(meeting.closing_time - timedelta(days=1)):
        piles.cancelled(meeting.steps, sealing.write_code(meeting.codes[12]))
    forged = [bytes(10), meeting.codes[12], meeting.codes[0]]
    for number, code in enumerate(forged):
        item = sending_seal(paper, code)
        SealedAnswer.objects.create(key=bytes([number]) * 32, survey=paper.survey.hex(), kind=2, item=item)
    stray = seal_answer(b"x" * paper.layout.plain_size, paper.block.keys, paper.hash)
    SealedAnswer.objects.create(key=b"s" * 32, survey=paper.survey.hex(), kind=2, item=stray)
    meeting.close().peel(*ORDER).count()
    release = releases.of_survey(valley.actor(cast.LUZ), meeting.id)
    assert release is not None
    counts = release.content["counts"]
    assert (counts["sealed"], counts["counted"]) == (16, 12)
    assert counts["rejected"] == {"not_issued": 1, "cancelled": 1, "seen_before": 1, "malformed": 1}


def sending_seal(paper, code):
    from commonground.responses import sending

    return sending.seal(paper, code, paper.layout.encode({"q1": 4, "q2": None, "q3": None, "q4": 0}))


def test_answers_that_a_peeler_made_up_are_told_apart_by_their_receipts(valley):
    meeting = meetings.closed(valley, 12)
    paper = paper_of(meeting.survey)
    with meeting.on_opening_day():
        result = meeting.result(cast.TEACHERS)
        output, _rest = formats.read_list_and_rest(formats.read_file(result).binary)
        plain = formats.PlainAnswer(2, bytes(16), formats.NO_SIGNATURE, paper.layout.encode(meeting.answers[0]))
        made_up = _seal_below_first(plain.to_bytes(paper.layout.plain_size), paper)
        swapped = lists.sorted_list(paper, 2, [made_up, *output.items[1:]])
        file = changed(result, swapped.to_bytes(), output_hash=swapped.hash.hex())
        tally.receive_peel(meeting.keeper(cast.TEACHERS), meeting.id, file)
    meeting.peel(*ORDER[1:]).count()
    release = releases.of_survey(valley.actor(cast.LUZ), meeting.id)
    assert release is not None
    assert (release.content["counts"]["counted"], release.content["counts"]["rejected"]) == (11, {"not_issued": 1})


def _seal_below_first(plain, paper):
    """An item as the first party's peel would give it: sealed to the counting key and parties n to 2."""
    from commonground.sealing.hpke import Purpose, seal

    for layer in (0, *range(len(paper.block.parties), 1, -1)):
        plain = seal(plain, Purpose.TALLY, paper.hash, layer, paper.block.key_of_layer(layer))
    return plain


# Crashes at the count


def test_a_crash_between_the_two_databases_asks_for_the_shares_again(valley, monkeypatch):
    meeting = meetings.peeled(valley, 12)
    with monkeypatch.context() as crash:
        crash.setattr(tally, "_note_counted", _crash)
        with pytest.raises(Crash):
            meeting.count()
    assert meeting.survey.state == SurveyState.CLOSED
    assert releases.of_survey(valley.actor(cast.LUZ), meeting.id) is None
    meeting.count()
    assert meeting.survey.state == SurveyState.COUNTED


def test_a_crash_before_the_lists_are_erased_is_repaired(valley, monkeypatch):
    meeting = meetings.peeled(valley, 3)
    with monkeypatch.context() as crash:
        crash.setattr(sealed, "erase_lists", _crash)
        with pytest.raises(Crash):
            meeting.count()
    assert meeting.survey.state == SurveyState.COUNTED and SealedList.objects.exists()
    with meeting.on_opening_day():
        refused("state", tally.count, meeting.keeper(cast.TEACHERS), meeting.id, {})
        tally.tick()
    assert not SealedList.objects.exists()


# Destruction


@pytest.mark.parametrize("is_counted", [True, False])
def test_destruction_waits_for_its_day_and_leaves_only_what_was_published(valley, is_counted):
    meeting = meetings.closed(valley, 3)
    if is_counted:
        meeting.peel(*ORDER).count()
    days = 180 + 5 if is_counted else 60
    due, shift = meeting.closing_time + timedelta(days=days), timedelta(hours=1)
    # where clocks are put forward or back in between, the local hour is another
    with time.at(due - timedelta(days=1) - shift):
        refused("early", tally.destroy, valley.actor(cast.LUZ), meeting.id)
        tally.tick()
        assert SealedAnswer.objects.exists()
    with time.at(due + shift):
        tally.destroy(valley.actor(cast.LUZ), meeting.id)
        tally.destroy(valley.actor(cast.LUZ), meeting.id)
    survey = meeting.survey
    assert survey.state == SurveyState.DESTROYED and not survey.counting_secret
    assert not any(model.objects.exists() for model in (SealedAnswer, Code, SealedList, Chunk))
    assert not Eligible.rows.within(valley.partnership.pk).exists()
    assert all(not seal.wrapped and not seal.sealed_share for seal in survey.seals.all())
    assert (releases.of_survey(valley.actor(cast.LUZ), survey.pk) is not None) == is_counted
    ends = [e for e in ledger.entries(valley.actor(cast.LUZ), limit=100) if e.act == "destroy_answers"]
    assert [entry.facts["unopened"] for entry in ends] == [not is_counted]


def test_the_tick_destroys_on_the_day(valley):
    meeting = meetings.closed(valley, 3)
    with time.at(meeting.closing_time + timedelta(days=60)):
        tally.tick()
    assert meeting.survey.state == SurveyState.DESTROYED
    assert Bulletin.objects.get().closing["answers"] == 3


def test_a_crash_in_the_middle_of_destruction_is_repaired(valley, monkeypatch):
    meeting = meetings.closed(valley, 3)
    with time.at(meeting.closing_time + timedelta(days=60)):
        with monkeypatch.context() as crash:
            crash.setattr(tally, "_note_destroyed", _crash)
            with pytest.raises(Crash):
                tally.tick()
        assert meeting.survey.state == SurveyState.CLOSED and not SealedAnswer.objects.exists()
        tally.tick()
    assert meeting.survey.state == SurveyState.DESTROYED
