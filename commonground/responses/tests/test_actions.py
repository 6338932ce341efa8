"""Each write is right once, and the same after a repeat."""

import secrets
from hashlib import sha256

import pytest
from django.db import connections

from commonground.kernel.errors import NotFound, Refused
from commonground.kernel.time import at
from commonground.responses import actions, queries
from commonground.responses.models import Bulletin, Chunk, Code, Paper, SealedAnswer, SealedList
from commonground.responses.tests.sample import AFTER, CLOSES, DURING, Sample, make_sample, publish
from commonground.sealing import formats
from commonground.sealing.errors import Malformed
from commonground.sealing.hpke import seal_answer
from commonground.sealing.lists import check_list, sorted_list

pytestmark = pytest.mark.django_db(transaction=True, databases=["responses"])


def answer(sample: Sample, number: int) -> None:
    key = sample.hashes[number]
    plain = bytes(sample.paper.layout.plain_size)
    item = seal_answer(plain, sample.paper.block.keys, sample.paper.hash)
    SealedAnswer.objects.create(key=key, survey=sample.survey, kind=formats.CODE, item=item)


def shut_later(sample: Sample) -> actions.Closing:
    with at(AFTER):
        return actions.shut(sample.survey)


def test_publishing_twice_keeps_one_paper():
    sample = make_sample()
    assert actions.publish_paper(sample.data) == sha256(sample.data).hexdigest()
    actions.publish_paper(sample.data)
    row = Paper.objects.get()
    assert (bytes(row.data), row.closes_at, row.item_size) == (sample.data, CLOSES, sample.paper.item_size(1))


def test_another_paper_for_the_same_survey_is_refused():
    sample = publish(make_sample())
    changed = sample.data.replace(b'"eligible":1482', b'"eligible":1483')
    with pytest.raises(Refused):
        actions.publish_paper(changed)
    assert queries.paper_bytes(sample.survey) == sample.data


def test_codes_lie_sorted_and_a_repeat_adds_none():
    sample = publish(make_sample(codes_printed=40))
    actions.add_codes(sample.survey, reversed(sample.hashes))
    with connections["responses"].cursor() as cursor:
        cursor.execute("SELECT hash FROM responses_code")
        assert [bytes(row[0]) for row in cursor.fetchall()] == sorted(sample.hashes)
    assert queries.counts(sample.survey).codes_printed == 40


def test_codes_for_an_unknown_or_closed_survey_are_refused():
    with pytest.raises(NotFound):
        actions.add_codes("00" * 16, [bytes(32)])
    sample = publish(make_sample())
    shut_later(sample)
    with pytest.raises(Refused):
        actions.add_codes(sample.survey, [bytes(32)])


def test_a_used_code_cannot_be_cancelled():
    sample = publish(make_sample())
    answer(sample, 0)
    assert actions.cancel_codes(sample.survey, sample.hashes[:2]) == 1
    assert actions.cancel_codes(sample.survey, sample.hashes[:2]) == 1
    assert [bytes(code.hash) for code in Code.objects.filter(cancelled=True)] == [sample.hashes[1]]


def test_an_erratum_stands_once():
    sample = publish(make_sample())
    for _ in range(2):
        actions.add_erratum(sample.survey, {"en": "The date is Friday.", "es": "Es el viernes."}, DURING.date())
    assert [entry["on"] for entry in queries.paper_row(sample.survey).errata] == ["2026-11-18"]


def test_an_open_survey_is_not_shut():
    sample = publish(make_sample())
    with at(DURING), pytest.raises(Refused):
        actions.shut(sample.survey)
    assert not queries.paper_row(sample.survey).closed


def test_closing_lists_every_answer_and_repeats_itself():
    sample = publish(make_sample(codes_printed=5))
    for number in (3, 0, 4):
        answer(sample, number)
    closing = shut_later(sample)
    assert (closing.answers, closing.codes_used, closing.codes_printed) == (3, 3, 5)
    assert (closing.closed_on, closing.rewritten) == ("2026-12-11", True)
    listing = formats.read_list(queries.get_list(sample.survey, 1) or b"")
    check_list(listing, sample.paper, 1)
    assert set(listing.items) == {bytes(row.item) for row in SealedAnswer.objects.all()}
    assert listing.hash.hex() == closing.list_hash
    lines = queries.bulletin(sample.survey).in_list.splitlines()
    assert lines == sorted(formats.in_list_line(sample.hashes[number]) for number in (0, 3, 4))
    assert shut_later(sample) == closing


def test_closing_again_after_the_lists_are_erased_brings_none_back():
    sample = publish(make_sample())
    answer(sample, 0)
    closing = shut_later(sample)
    actions.erase_lists(sample.survey)
    assert shut_later(sample) == closing
    assert not SealedList.objects.exists()


def test_after_closing_the_rows_lie_in_key_order():
    sample = publish(make_sample(codes_printed=60))
    for number in sorted(range(60), key=lambda _: secrets.randbits(32)):
        answer(sample, number)
    shut_later(sample)
    with connections["responses"].cursor() as cursor:
        hidden = "rowid" if connections["responses"].vendor == "sqlite" else "ctid"
        cursor.execute(f"SELECT key FROM responses_sealedanswer ORDER BY {hidden}")
        assert [bytes(row[0]) for row in cursor.fetchall()] == sorted(sample.hashes)


def test_lists_are_checked_against_the_paper():
    sample = publish(make_sample())
    other = make_sample()
    with pytest.raises(Exception, match="another paper"):
        actions.put_list(sample.survey, sorted_list(other.paper, 2, []).to_bytes())
    empty = sorted_list(sample.paper, 2, [])
    assert actions.put_list(sample.survey, empty.to_bytes()) == empty.hash.hex()
    actions.put_list(sample.survey, empty.to_bytes())
    item = seal_answer(
        bytes(sample.paper.layout.plain_size), (sample.paper.block.keys[0], *sample.paper.block.keys[2:]), bytes(32)
    )
    with pytest.raises(Refused):
        actions.put_list(sample.survey, sorted_list(sample.paper, 2, [item]).to_bytes())
    assert queries.get_list(sample.survey, 2) == empty.to_bytes()


def test_a_file_in_pieces_comes_together_in_any_order():
    sample = publish(make_sample())
    data = secrets.token_bytes(2500)
    pieces = formats.cut_in_chunks(data, 1000)
    for piece in (pieces[2], pieces[0], pieces[0]):
        here, of = actions.put_chunk(sample.survey, piece.to_bytes())
    assert (here, of) == (2, 3)
    with pytest.raises(Malformed):
        actions.join_chunks(sample.survey, sha256(data).digest())
    actions.put_chunk(sample.survey, pieces[1].to_bytes())
    assert actions.join_chunks(sample.survey, sha256(data).digest()) == data
    actions.erase_chunks(sample.survey)
    assert not Chunk.objects.exists()


def test_pieces_are_bounded_and_never_replaced(monkeypatch):
    sample = publish(make_sample())
    piece = formats.Chunk(bytes(32), 0, 3, b"first")
    actions.put_chunk(sample.survey, piece.to_bytes())
    monkeypatch.setattr(actions, "MAX_PIECES", 1)
    monkeypatch.setattr(actions, "MAX_PIECE_BYTES", 10)
    for data in (b"other", b"far too long"):
        with pytest.raises(Refused):
            actions.put_chunk(sample.survey, formats.Chunk(bytes(32), 0, 1, data).to_bytes())
    with pytest.raises(Refused):
        actions.put_chunk(sample.survey, formats.Chunk(bytes(32), 0, 1, b"more").to_bytes())
    assert [bytes(row.data) for row in Chunk.objects.all()] == [b"first"]


def test_lists_can_be_erased_but_for_the_newest():
    sample = publish(make_sample())
    for layer in (2, 3):
        actions.put_list(sample.survey, sorted_list(sample.paper, layer, []).to_bytes())
    actions.erase_lists(sample.survey, keep_layer=3)
    assert list(SealedList.objects.values_list("layer", flat=True)) == [3]


def test_facts_posted_before_and_after_closing_stand_together():
    sample = publish(make_sample())
    actions.post_bulletin(sample.survey, {"eligible": 1482})
    closing = shut_later(sample)
    actions.post_bulletin(sample.survey, {"codes_drawn": 2})
    posted = queries.bulletin(sample.survey).closing
    assert (posted["eligible"], posted["codes_drawn"], posted["list_hash"]) == (1482, 2, closing.list_hash)


def test_receipts_are_posted_sorted():
    sample = publish(make_sample())
    receipts = [secrets.token_bytes(16) for _ in range(5)]
    actions.post_receipts(sample.survey, receipts)
    lines = queries.bulletin(sample.survey).receipts.splitlines()
    assert [line.split("  ")[1] for line in lines] == sorted(receipt.hex() for receipt in receipts)


def test_destruction_leaves_paper_and_bulletin_only():
    sample = publish(make_sample())
    answer(sample, 0)
    shut_later(sample)
    for _ in range(2):
        actions.destroy(sample.survey)
    assert not any(model.objects.exists() for model in (SealedAnswer, Code, SealedList, Chunk))
    assert Paper.objects.get().closed
    assert Bulletin.objects.get().in_list


def test_the_count_while_open_moves_in_steps():
    sample = publish(make_sample(codes_printed=27))
    for number in range(27):
        answer(sample, number)
    assert queries.counted_while_open(sample.survey, 100) == 25
    assert queries.counts(sample.survey).answers == 27
