"""Keys: phrases, wrapped halves, the seals block, and a counting key that needs every party."""

import dataclasses
import json
import secrets
from hashlib import sha256

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from commonground.sealing.errors import CannotOpen, Malformed
from commonground.sealing.formats import canonical_json
from commonground.sealing.hpke import public_bytes
from commonground.sealing.seals import (
    combine_shares,
    make_counting_key,
    new_phrase,
    new_private_key,
    open_share,
    read_block,
    read_block_text,
    read_words,
    unwrap,
    wrap,
    write_words,
)
from commonground.sealing.tests.survey import make_survey

PHRASES = st.binary(min_size=16, max_size=16)
SURVEY = make_survey(answers=0)
BLOCK = SURVEY.paper.block


@given(PHRASES)
def test_words_read_back(phrase):
    words = write_words(phrase)
    assert [len(word) for word in words.split(" ")] == [4] * 12
    assert read_words(words) == phrase
    assert read_words(words.upper().replace(" ", "")) == phrase
    assert read_words(" \n" + words.replace(" ", "  -\t")) == phrase


def test_the_words_follow_the_rule():
    assert write_words(bytes(16)).split()[:11] == ["babi"] * 11
    check = sha256(bytes(16)).digest()[0] >> 4
    last = write_words(bytes(16)).split()[11]
    assert last == "ba" + "bdfghklmnprstvwy"[check >> 1] + "iu"[check & 1]
    assert write_words(b"\xff" * 16).split()[:11] == ["yoyu"] * 11


@given(PHRASES, st.integers(0, 47), st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
def test_one_wrong_letter_is_refused_or_gives_another_phrase(phrase, at, letter):
    letters = write_words(phrase).replace(" ", "")
    assume(letters[at] != letter)
    assert reading(letters[:at] + letter + letters[at + 1 :]) != phrase


def reading(words):
    try:
        return read_words(words)
    except Malformed:
        return None


def test_fifteen_of_sixteen_wrong_phrases_are_noticed_on_reading():
    words = write_words(bytes(16)).split()
    readings = [reading(" ".join([c + v + "bi", *words[1:]])) for c in "bdfghklmnprstvwy" for v in "aeio"]
    assert 50 <= readings.count(None) < 64


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("", "not twelve"),
        ("babi " * 11, "not twelve"),
        ("babi " * 4 + "case " + "babi " * 7, "Word 5, “case”"),
        ("dabi " + "babi " * 11, "not the one on the sheet"),
    ],
)
def test_words_that_cannot_be_on_a_sheet_are_refused(words, reason):
    with pytest.raises(Malformed, match=reason):
        read_words(words)


def test_a_wrapped_key_opens_with_its_phrase_survey_and_public_key_only():
    key, phrase, survey = new_private_key(), new_phrase(), secrets.token_bytes(16)
    wrapped, public_key = wrap(key, phrase, survey), public_bytes(key)
    assert public_bytes(unwrap(wrapped, phrase, survey, public_key)) == public_key
    for wrong in [
        (wrapped, new_phrase(), survey, public_key),
        (wrapped, phrase, secrets.token_bytes(16), public_key),
        (wrapped, phrase, survey, public_bytes(new_private_key())),
        (wrapped[:-1] + bytes([wrapped[-1] ^ 1]), phrase, survey, public_key),
    ]:
        with pytest.raises(CannotOpen, match="do not open the key"):
            unwrap(*wrong)
    with pytest.raises(Malformed, match="cut short"):
        unwrap(wrapped[:20], phrase, survey, public_key)


def test_wrapping_twice_never_gives_the_same_bytes():
    key, phrase = new_private_key(), new_phrase()
    assert wrap(key, phrase, bytes(16)) != wrap(key, phrase, bytes(16))


@pytest.mark.parametrize("issuing", [None, (b"\xab" * 256, b"\xbb" * 256)])
def test_the_block_reads_back_from_its_canonical_bytes(issuing):
    block = dataclasses.replace(BLOCK, issuing=issuing)
    assert read_block_text(block.to_bytes()) == block
    assert block.hash == sha256(block.to_bytes()).digest()
    assert list(json.loads(block.to_bytes())) == sorted(block.to_json())


def test_the_block_in_other_bytes_is_refused():
    with pytest.raises(Malformed, match="not written as it should be"):
        read_block_text(BLOCK.to_bytes() + b"\n")


@pytest.mark.parametrize(
    "change",
    [
        {"parties": None},
        {"party_ids": []},
        {"parties": [], "party_ids": []},
        {"parties": [BLOCK.parties[0].hex()] * 3},
        {"party_ids": ["a", "b", "a"]},
        {"parties": [BLOCK.parties[0].hex(), BLOCK.parties[1].hex(), "04" + "11" * 64]},
        {"parties": [BLOCK.counting_key.hex(), *(key.hex() for key in BLOCK.parties[1:])]},
        {"counting_key": BLOCK.counting_key.hex().upper()},
        {"counting_key": "04"},
        {"survey": "00"},
        {"issuing": {"pass": "aa" * 256}},
        {"issuing": {"pass": "ab" * 256, "receipt": "ab" * 255}},
        {"issuing": {"pass": "ab" * 256, "receipt": "ab" * 256}},
        {"issuing": {"pass": "ab" * 256, "receipt": "aa" * 256}},
        {"issuing": {"pass": "ab" * 256, "receipt": "7b" * 256}},
        {"extra": 1},
    ],
)
def test_a_block_with_a_fault_is_refused(change):
    with pytest.raises(Malformed):
        read_block({**BLOCK.to_json(), **change})


def test_layers_and_keys_are_numbered_in_peel_order():
    assert [BLOCK.layer_of(party) for party in BLOCK.party_ids] == [1, 2, 3]
    assert [BLOCK.key_of_layer(layer) for layer in (0, 1, 3)] == [BLOCK.keys[n] for n in (0, 1, 3)]
    for wrong in (-1, 4):
        with pytest.raises(Malformed, match=f"no layer {wrong}"):
            BLOCK.key_of_layer(wrong)
    with pytest.raises(Malformed, match="has no seal"):
        BLOCK.layer_of("somebody")


def test_all_shares_in_peel_order_open_the_counting_key():
    key = combine_shares(SURVEY.shares(), BLOCK, SURVEY.counting.encrypted)
    assert public_bytes(key) == BLOCK.counting_key


def test_fewer_other_or_swapped_shares_open_nothing():
    shares = SURVEY.shares()
    for wrong in [shares[:2], [], shares[::-1], [*shares[:2], secrets.token_bytes(32)], [*shares, shares[0]]]:
        with pytest.raises(CannotOpen, match="shares do not open"):
            combine_shares(wrong, BLOCK, SURVEY.counting.encrypted)


def test_shares_of_another_survey_open_nothing():
    other = make_survey(answers=0)
    with pytest.raises(CannotOpen):
        combine_shares(SURVEY.shares(), other.paper.block, other.counting.encrypted)
    with pytest.raises(CannotOpen):
        combine_shares(SURVEY.shares(), BLOCK, other.counting.encrypted)


def test_a_share_opens_for_its_own_party_alone():
    sealed = SURVEY.counting.sealed_shares
    for layer, item in enumerate(sealed, start=1):
        for other, key in enumerate(SURVEY.party_keys, start=1):
            if other == layer:
                assert len(open_share(item, BLOCK, layer, key)) == 32
            else:
                with pytest.raises(CannotOpen):
                    open_share(item, BLOCK, layer, key)


def test_the_counting_key_is_not_made_for_two_parties_with_one_key():
    key = public_bytes(new_private_key())
    with pytest.raises(Malformed, match="stands twice"):
        make_counting_key(bytes(16), [("a", key), ("b", key)], public_bytes(new_private_key()))


def test_the_block_stands_in_the_paper_as_it_is_hashed():
    assert canonical_json(SURVEY.paper.content["seals"]) == BLOCK.to_bytes()
