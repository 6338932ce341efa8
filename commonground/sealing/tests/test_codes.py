"""Printed codes: what is typed is what was printed, or is refused."""

import string
from hashlib import sha256

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from commonground.sealing.codes import (
    code_hash,
    code_receipt,
    draw_codes,
    read_code,
    receipt_hash,
    write_code,
)
from commonground.sealing.crockford import ALPHABET, CHECK_ALPHABET
from commonground.sealing.errors import Malformed

CODES = st.binary(min_size=10, max_size=10)


@given(CODES)
def test_a_printed_code_reads_back(code):
    assert read_code(write_code(code)) == code


@given(CODES, st.sampled_from(["", " ", "-", " – ", "\u00a0"]))
def test_case_spaces_dashes_and_look_alikes_are_forgiven(code, between):
    typed = between.join(write_code(code).replace("-", "").lower())
    assert read_code(typed.replace("0", "o").replace("1", "l")) == code
    assert read_code(typed.replace("0", "O").replace("1", "i")) == code


def test_the_known_code():
    assert write_code(bytes(10)) == "0000-0000-0000-0000-0"
    assert write_code(b"\xff" * 10) == "ZZZZ-ZZZZ-ZZZZ-ZZZZ-" + "~"
    assert read_code("0000-0000-0000-0013-=") == (35).to_bytes(10, "big")


@given(CODES, st.integers(0, 15), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_caught(code, at, wrong):
    printed = write_code(code).replace("-", "")
    assume(printed[at] != wrong)
    with pytest.raises(Malformed, match="mistyped"):
        read_code(printed[:at] + wrong + printed[at + 1 :])


@given(CODES, st.integers(0, 15))
def test_every_swap_of_neighbours_is_caught(code, at):
    printed = write_code(code).replace("-", "")
    assume(printed[at] != printed[at + 1])
    with pytest.raises(Malformed):
        read_code(printed[:at] + printed[at + 1] + printed[at] + printed[at + 2 :])


@given(CODES, st.sampled_from(CHECK_ALPHABET))
def test_a_wrong_check_character_is_caught(code, wrong):
    printed = write_code(code)
    assume(printed[-1] != wrong)
    with pytest.raises(Malformed, match="mistyped"):
        read_code(printed[:-1] + wrong)


@given(st.text(max_size=30))
def test_any_text_is_a_code_or_is_refused_in_plain_words(text):
    found = reading(text)
    assert len(found) == 10 if isinstance(found, bytes) else found.endswith(".")


def reading(text):
    try:
        return read_code(text)
    except Malformed as error:
        return str(error)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "has 17 letters and digits; this has 0"),
        ("0000-0000-0000-0000", "this has 16"),
        ("U" + "0" * 16, "Character 1, “U”"),
    ],
)
def test_the_reason_names_the_fault(typed, reason):
    with pytest.raises(Malformed, match=reason):
        read_code(typed)


def test_only_ten_bytes_are_a_code():
    with pytest.raises(Malformed, match="10 bytes"):
        write_code(bytes(9))


def test_a_batch_holds_different_codes_of_letters_and_digits_only():
    batch = draw_codes(400)
    assert len(set(batch)) == 400
    assert all(set(write_code(code)) <= {*string.digits, *string.ascii_uppercase, "-"} for code in batch)
    assert not any(write_code(code).endswith("U") for code in batch)
    assert batch != sorted(batch)


def test_what_is_stored_follows_the_formats():
    survey, code = bytes(range(16)), bytes(range(10))
    assert code_hash(survey, code) == sha256(b"cg1:code\x00" + survey + code).digest()
    assert code_receipt(survey, code) == sha256(b"cg1:code-receipt\x00" + survey + code).digest()[:16]
    assert receipt_hash(b"r" * 16) == sha256(b"r" * 16).digest()
