"""Passes: signed blind, good for one paper, and bound to what was answered with them."""

import secrets
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonground.sealing import blind
from commonground.sealing.blind import IssuingKey, read_issuing_key
from commonground.sealing.errors import Malformed, Refused
from commonground.sealing.passes import (
    REQUEST_BYTES,
    PassRow,
    Respondent,
    acknowledgement_message,
    check_row,
    is_receipt,
    read_pass_request,
    read_row,
    sign,
)
from commonground.sealing.tests.survey import make_survey

SURVEY = make_survey(answers=0, passes=True)
PAPER = SURVEY.paper
ANSWERS = PAPER.layout.encode({"q1": 3})


def taken() -> Respondent:
    """Somebody who took a pass and a signed receipt."""
    person = Respondent(PAPER, secrets.token_bytes(16))
    request = read_pass_request(person.request().to_bytes())
    person.take(SURVEY.issuing[0].sign(request.blinded_pass) + SURVEY.issuing[1].sign(request.blinded_receipt))
    return person


PERSON = taken()
ROW = PERSON.answer(ANSWERS)


def test_a_signed_answer_is_accepted_as_it_was_sent():
    check_row(read_row(ROW.to_bytes(), PAPER.item_size(1)), PAPER)


def test_the_request_has_one_size_and_is_the_same_each_time():
    assert len(PERSON.request().to_bytes()) == REQUEST_BYTES == 544
    assert PERSON.request() == PERSON.request()


def test_what_is_signed_blind_holds_nothing_of_the_pass():
    sent = PERSON.request().to_bytes()
    assert PERSON.public_key not in sent and PERSON.receipt not in sent
    for part in (PERSON.pass_signature, PERSON.receipt_signature):
        assert part not in sent


def test_one_pass_can_belong_to_any_request():
    """Blindness: for every request and pass there is a factor that makes them fit, so neither tells the other."""
    others = [taken() for _ in range(3)]
    n = int.from_bytes(SURVEY.issuing[0].modulus, "big")
    for asked in others:
        for shown in others:
            factor = blind_factor(asked.request().blinded_pass, shown.pass_signature, n)
            assert 0 < factor < n


def blind_factor(blinded: bytes, signature: bytes, n: int) -> int:
    """The factor r with blinded = encoded r^e and blind signature = signature r."""
    private = SURVEY.issuing[0].private.private_numbers()
    encoded = pow(int.from_bytes(signature, "big"), blind.EXPONENT, n)
    factor = pow(int.from_bytes(blinded, "big") * pow(encoded, -1, n) % n, private.d, n)
    assert encoded * pow(factor, blind.EXPONENT, n) % n == int.from_bytes(blinded, "big")
    return factor


def test_a_pass_of_another_key_is_refused():
    foreign = IssuingKey.new()
    person = Respondent(PAPER, bytes(16))
    request = person.request()
    with pytest.raises(Malformed):
        person.take(foreign.sign(request.blinded_pass) + foreign.sign(request.blinded_receipt))


@pytest.mark.parametrize(
    "changed",
    [
        replace(ROW, pass_signature=bytes(256)),
        replace(ROW, pass_signature=PERSON.receipt_signature),
        replace(ROW, version=ROW.version + 1),
        replace(ROW, item=ROW.item[:-1] + bytes([ROW.item[-1] ^ 1])),
        replace(ROW, signature=bytes(64)),
        replace(ROW, key=taken().public_key),
    ],
    ids=["no pass", "a receipt for a pass", "another version", "another item", "no signature", "another key"],
)
def test_whatever_is_changed_in_a_row_is_refused(changed: PassRow):
    with pytest.raises(Refused):
        check_row(changed, PAPER)


def test_a_pass_is_good_for_its_paper_only():
    other = replace(PAPER, hash=bytes(32))
    with pytest.raises(Refused):
        check_row(ROW, other)


@pytest.mark.parametrize("size", [0, 543, 545])
def test_a_request_of_another_size_is_malformed(size):
    with pytest.raises(Malformed):
        read_pass_request(bytes(size))


@given(st.binary(max_size=2000))
def test_bytes_that_are_no_row_are_malformed(data):
    with pytest.raises(Malformed):
        read_row(data, PAPER.item_size(1))


def test_a_version_alone_does_not_tell_whether_there_was_one_before():
    """First and second versions are spread alike: a step is to the first one's range as one to four thousand."""
    people = [Respondent(PAPER, bytes(16)) for _ in range(40)]
    firsts = [person.answer(ANSWERS).version for person in map(with_pass, people)]
    seconds = [person.answer(ANSWERS).version for person in people]
    assert len(set(firsts)) == 40 and max(firsts) > 1 << 26 and max(seconds) <= (1 << 28) + (1 << 16)
    assert all(0 < second - first <= 1 << 16 for first, second in zip(firsts, seconds, strict=True))


def with_pass(person: Respondent) -> Respondent:
    asked, keys = person.request(), SURVEY.issuing
    person.take(keys[0].sign(asked.blinded_pass) + keys[1].sign(asked.blinded_receipt))
    return person


def test_versions_begin_at_one_and_fit_a_whole_number():
    for version in (0, 1 << 31):
        with pytest.raises(Malformed):
            read_row(replace(ROW, version=version).to_bytes(), PAPER.item_size(1))


def test_a_receipt_is_known_by_its_signature():
    assert is_receipt(PAPER, PERSON.receipt, PERSON.receipt_signature)
    assert not is_receipt(PAPER, bytes(16), PERSON.receipt_signature)
    assert not is_receipt(PAPER, PERSON.receipt, PERSON.pass_signature)
    assert not is_receipt(make_survey(answers=0).paper, PERSON.receipt, PERSON.receipt_signature)


def test_the_acknowledgement_names_the_stored_version():
    said = sign(acknowledgement_message(PAPER.hash, ROW.key, ROW.version, ROW.item), SURVEY.door_key)
    assert PERSON.is_acknowledged(ROW, said)
    assert not PERSON.is_acknowledged(replace(ROW, version=ROW.version + 1), said)
    assert not PERSON.is_acknowledged(ROW, bytes(64))


@pytest.mark.parametrize("value", [0, -1, 1])
def test_no_number_below_the_modulus_is_malformed(value):
    n = int.from_bytes(SURVEY.issuing[0].modulus, "big")
    number = {0: 0, -1: n, 1: n + 1}[value]
    with pytest.raises(Malformed):
        SURVEY.issuing[0].sign(number.to_bytes(257, "big")[-256:])


def test_an_issuing_key_reads_back_and_other_bytes_do_not():
    key = SURVEY.issuing[0]
    assert read_issuing_key(key.to_bytes()).modulus == key.modulus
    for data in (b"", b"no key", secrets.token_bytes(1200)):
        with pytest.raises(Malformed):
            read_issuing_key(data)


@settings(max_examples=20)
@given(st.binary(max_size=100))
def test_every_message_can_be_signed_blind(message):
    key = SURVEY.issuing[1]
    blinded, factor = blind.blind(message, key.modulus)
    assert blind.is_signed(message, blind.finish(message, key.modulus, key.sign(blinded), factor), key.modulus)
