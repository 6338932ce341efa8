"""Byte formats: they read back, and anything but the exact bytes is refused with a reason."""

import random
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonground.sealing.errors import Malformed
from commonground.sealing.formats import (
    CODE,
    NO_SIGNATURE,
    PASS,
    Chunk,
    PlainAnswer,
    SealedList,
    TradingFile,
    canonical_json,
    cut_in_chunks,
    fingerprint,
    in_list_line,
    join_chunks,
    key_fingerprint,
    read_chunk,
    read_file,
    read_hex,
    read_json_object,
    read_list,
    read_list_and_rest,
    read_plain,
    same_characters,
)

RECEIPT, SIGNATURE = bytes(range(16)), bytes(range(256))
LISTING = SealedList(b"P" * 32, 2, 3, (b"abc", b"def"))
FILE = TradingFile({"task": "peel", "title": "¿Cómo?"}, b"rest")


@st.composite
def plain_answers(draw):
    kind = draw(st.sampled_from([PASS, CODE]))
    signature = draw(st.binary(min_size=256, max_size=256)) if kind == PASS else NO_SIGNATURE
    receipt = draw(st.binary(min_size=16, max_size=16))
    return PlainAnswer(kind, receipt, signature, draw(st.binary(max_size=60)))


@given(plain_answers(), st.integers(0, 40))
def test_a_plain_answer_reads_back_and_has_the_one_size(answer, padding):
    size = 273 + len(answer.answers) + padding
    data = answer.to_bytes(size)
    assert len(data) == size
    assert read_plain(data, len(answer.answers)) == answer


def test_the_plain_answer_stands_as_in_the_formats():
    data = PlainAnswer(PASS, RECEIPT, SIGNATURE, b"answers").to_bytes(290)
    assert data == b"\x01" + RECEIPT + SIGNATURE + b"answers" + bytes(10)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "cut short"),
        (b"\x02" + bytes(272) + b"abc", "cut short"),
        (b"\x02" + bytes(272) + b"abcd\0\x01", "behind the answer"),
        (b"\x03" + bytes(272) + b"abcd", "neither by a pass nor by a code"),
        (b"\x02" + bytes(271) + b"\x01abcd", "carries no signature"),
    ],
)
def test_a_malformed_plain_answer_is_refused(data, reason):
    with pytest.raises(Malformed, match=reason):
        read_plain(data, 4)


def test_an_answer_over_the_size_is_never_cut():
    with pytest.raises(Malformed, match="280 bytes is over 279"):
        PlainAnswer(CODE, RECEIPT, NO_SIGNATURE, b"answers").to_bytes(279)


def test_the_list_stands_as_in_the_formats():
    expected = b"cg1:list\0" + b"P" * 32 + b"\x02" + b"\0\0\0\x02" + b"\0\0\0\x03" + b"abcdef"
    assert LISTING.to_bytes() == expected
    assert LISTING.hash == sha256(expected).digest()


@given(
    st.binary(min_size=32, max_size=32),
    st.integers(0, 254),
    st.integers(1, 9).flatmap(lambda size: st.lists(st.binary(min_size=size, max_size=size), min_size=1)),
    st.binary(max_size=9),
)
def test_a_list_reads_back(paper_hash, layer, items, rest):
    listing = SealedList(paper_hash, layer, len(items[0]), tuple(items))
    assert read_list(listing.to_bytes()) == listing
    assert read_list_and_rest(listing.to_bytes() + rest) == (listing, rest)


def test_an_empty_list_reads_back():
    listing = SealedList(b"P" * 32, 0, 400, ())
    assert read_list(listing.to_bytes()) == listing


@pytest.mark.parametrize("length", range(len(LISTING.to_bytes())))
def test_a_list_cut_anywhere_is_refused(length):
    with pytest.raises(Malformed, match=r"cut short|not a list"):
        read_list(LISTING.to_bytes()[:length])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (LISTING.to_bytes() + b"x", "behind the list"),
        (b"cg2" + LISTING.to_bytes()[3:], "not a list"),
        (SealedList(b"P" * 32, 255, 3, ()).to_bytes(), "makes no sense"),
        (SealedList(b"P" * 32, 1, 0, ()).to_bytes(), "makes no sense"),
    ],
)
def test_a_malformed_list_is_refused(data, reason):
    with pytest.raises(Malformed, match=reason):
        read_list(data)


@given(st.binary(min_size=1, max_size=300), st.integers(1, 50), st.randoms())
def test_chunks_join_in_any_order_with_repeats(data, size, order: random.Random):
    chunks = [read_chunk(chunk.to_bytes()) for chunk in cut_in_chunks(data, size)]
    assert chunks[0].to_bytes()[:32] == sha256(data).digest()
    again = [*chunks, chunks[0]]
    order.shuffle(again)
    assert join_chunks(again) == data


def test_chunks_that_do_not_make_up_the_list_are_refused():
    chunks, others = cut_in_chunks(b"abcdefgh", 3), cut_in_chunks(b"ABCDEFGH", 3)
    forged = Chunk(chunks[0].list_hash, 0, 3, others[0].data)
    for wrong, reason in [
        ([], "No piece"),
        (chunks[:2], "1 of 3 pieces are missing"),
        ([chunks[0], others[1], chunks[2]], "different lists"),
        ([forged, *chunks[1:]], "do not make up"),
    ]:
        with pytest.raises(Malformed, match=reason):
            join_chunks(wrong)


@pytest.mark.parametrize(
    ("data", "reason"),
    [(bytes(40), "cut short"), (Chunk(b"h" * 32, 2, 2, b"x").to_bytes(), "Piece 3 of 2 does not exist")],
)
def test_a_malformed_chunk_is_refused(data, reason):
    with pytest.raises(Malformed, match=reason):
        read_chunk(data)


def test_a_trading_file_reads_back():
    text = '{"task":"peel","title":"¿Cómo?"}'.encode()
    assert FILE.to_bytes() == b"cg1:file\n" + len(text).to_bytes(4, "big") + text + b"rest"
    assert read_file(FILE.to_bytes()) == FILE


@pytest.mark.parametrize("length", range(len(FILE.to_bytes()) - len(FILE.binary)))
def test_a_trading_file_cut_in_its_text_is_refused(length):
    with pytest.raises(Malformed, match=r"cut short|not made by"):
        read_file(FILE.to_bytes()[:length])


@pytest.mark.parametrize(
    "text",
    [
        b"[]",
        b"{",
        b"\xff",
        b'{"a":1,"a":2}',
        b'"text"',
        b"[" * 100_000,
        b'{"a":{"b":1,"b":1}}',
        b'{"a":"\\ud800"}',
        b'{"a":NaN}',
    ],
)
def test_only_one_json_object_without_repeated_names_is_read(text):
    with pytest.raises(Malformed, match="cannot be read"):
        read_json_object(text)


@given(st.dictionaries(st.text(), st.integers() | st.text() | st.none()))
def test_canonical_json_reads_back_whatever_the_order(value):
    backwards = dict(reversed(list(value.items())))
    assert canonical_json(value) == canonical_json(backwards)
    assert read_json_object(canonical_json(value)) == value


@pytest.mark.parametrize("text", [None, "", "0", "0G", "AB", " ab", "ab cd", 12, "abcdef"])
def test_hexadecimal_is_read_in_one_spelling_only(text):
    with pytest.raises(Malformed, match="“key” is missing"):
        read_hex({"key": text}, "key", 2)


def test_hexadecimal_of_the_right_size_is_read():
    assert read_hex({"key": "abcd"}, "key", 2) == read_hex({"key": "abcd"}, "key") == b"\xab\xcd"


def test_characters_read_aloud():
    assert fingerprint(bytes(32)) == "0000 0000 0000 0000 0000 0000 00"
    assert fingerprint(b"\xff" * 32) == "ZZZZ ZZZZ ZZZZ ZZZZ ZZZZ ZZZZ ZZ"
    assert fingerprint(bytes([0b00001_000, 0b10_00011_0]) + bytes(30)).startswith("1230")
    assert key_fingerprint(b"key") == fingerprint(sha256(b"key").digest())
    assert in_list_line(b"key").replace(" ", "") == fingerprint(sha256(b"key").digest()).replace(" ", "")[:16]
    assert same_characters("ABCD 01", "abc-doi")
    assert not same_characters("ABCD 01", "ABCD 02")
