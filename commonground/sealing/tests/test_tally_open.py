"""The innermost seal: only printed, uncancelled, unseen receipts count, and no order is left."""

import pytest

from commonground.sealing.blind import blind, finish
from commonground.sealing.codes import receipt_hash
from commonground.sealing.errors import Refused
from commonground.sealing.formats import CODE, PASS, PlainAnswer
from commonground.sealing.hpke import Purpose, seal, seal_answer
from commonground.sealing.passes import receipt_message
from commonground.sealing.seals import new_private_key
from commonground.sealing.tally_open import CodeReceipts, Opened, Rejection, open_answers
from commonground.sealing.tests.survey import make_survey

SURVEY = make_survey(answers=8, passes=True)
PAPER = SURVEY.paper
KEY = SURVEY.counting_key()
CODES = CodeReceipts(SURVEY.printed)
UNUSED = SURVEY.receipts[7]


def opened(*extra: bytes, codes: CodeReceipts = CODES) -> Opened:
    """Seven answers by code and `extra` sealed ones, peeled and opened."""
    honest = [SURVEY.sealed(r, q1=n % 5, q4=f"Text {n}") for n, r in enumerate(SURVEY.receipts[:7])]
    last = SURVEY.peeled_to(0, SURVEY.list_of([*honest, *extra]))
    return open_answers(last, KEY, PAPER, codes)


def sealed(plain: bytes) -> bytes:
    return seal_answer(plain, PAPER.block.keys, PAPER.hash)


def by_pass(receipt: bytes, signature: bytes) -> bytes:
    answers = PAPER.layout.encode({"q1": 2})
    return sealed(PlainAnswer(PASS, receipt, signature, answers).to_bytes(PAPER.layout.plain_size))


def signed(receipt: bytes) -> bytes:
    """The receipt key's signature, got blind."""
    message, key = receipt_message(PAPER.hash, receipt), SURVEY.issuing[1]
    blinded, factor = blind(message, key.modulus)
    return finish(message, key.modulus, key.sign(blinded), factor)


def test_what_was_answered_comes_out_cut_apart_and_sorted():
    found = opened()
    assert found.receipts == tuple(sorted(SURVEY.receipts[:7]))
    assert PAPER.layout.closed.columns(found.rows)["q1"] == [0, 0, 1, 1, 2, 3, 4]
    assert found.texts == {"q4": {"": tuple(f"Text {n}" for n in range(7))}}
    assert (found.came_by, found.rejected) == ({CODE: 7}, {})


def test_the_result_is_the_same_for_every_order_of_answering():
    assert opened() == opened()


def test_an_answer_with_an_invented_receipt_does_not_count():
    found = opened(SURVEY.sealed(b"invented receipt", q1=1))
    assert (len(found.rows), found.rejected) == (7, {Rejection.NOT_ISSUED: 1})


def test_a_receipt_counts_once():
    found = opened(SURVEY.sealed(SURVEY.receipts[0], q1=4), SURVEY.sealed(SURVEY.receipts[0], q1=3))
    assert (len(found.rows), found.rejected) == (7, {Rejection.SEEN_BEFORE: 2})


def test_a_cancelled_code_does_not_count():
    codes = CodeReceipts(SURVEY.printed, frozenset({receipt_hash(UNUSED)}))
    found = opened(SURVEY.sealed(UNUSED, q1=1), codes=codes)
    assert (len(found.rows), found.rejected) == (7, {Rejection.CANCELLED: 1})
    assert len(opened(SURVEY.sealed(UNUSED, q1=1)).rows) == 8


def test_an_answer_that_is_none_does_not_count():
    broken = bytearray(SURVEY.plain(UNUSED))
    broken[273] = 77
    other_kind = b"\x07" + SURVEY.plain(UNUSED)[1:]
    found = opened(sealed(bytes(broken)), sealed(other_kind))
    assert (len(found.rows), found.rejected) == (7, {Rejection.MALFORMED: 2})


def test_a_spoilt_answer_does_not_use_up_its_receipt():
    broken = SURVEY.plain(UNUSED)[:273] + bytes([77]) + SURVEY.plain(UNUSED)[274:]
    assert UNUSED in opened(sealed(broken), SURVEY.sealed(UNUSED)).receipts


def test_an_innermost_seal_to_another_key_does_not_count():
    keys = PAPER.block.keys
    item = seal(SURVEY.plain(UNUSED), Purpose.TALLY, PAPER.hash, 0, keys[1])
    for layer in (3, 2, 1):
        item = seal(item, Purpose.TALLY, PAPER.hash, layer, keys[layer])
    found = opened(item)
    assert (len(found.rows), found.rejected) == (7, {Rejection.DOES_NOT_OPEN: 1})


def test_an_answer_by_pass_counts_only_with_a_signature_that_holds():
    signature = signed(b"receipt number 1")
    found = opened(by_pass(b"receipt number 1", signature), by_pass(b"receipt number 2", signature))
    assert (found.came_by, found.rejected) == ({PASS: 1, CODE: 7}, {Rejection.NOT_ISSUED: 1})
    assert b"receipt number 1" in found.receipts


def test_a_pass_cannot_use_the_receipt_of_a_code():
    found = opened(by_pass(UNUSED, b"s" * 256))
    assert found.rejected == {Rejection.NOT_ISSUED: 1}


def test_only_the_last_list_is_opened():
    with pytest.raises(Refused, match="at layer 1, not 0"):
        open_answers(SURVEY.answered(), KEY, PAPER, CODES)


def test_another_counting_key_opens_nothing():
    last = SURVEY.peeled_to(0, SURVEY.answered())
    found = open_answers(last, new_private_key(), PAPER, CODES)
    assert (found.rows, found.rejected) == ((), {Rejection.DOES_NOT_OPEN: 8})
