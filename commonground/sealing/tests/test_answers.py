"""Answers as bytes: every answer has one size, reads back, and nothing else does."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonground.sealing.answers import layout_of
from commonground.sealing.errors import Malformed

QUESTIONS: list[dict[str, Any]] = [
    {"id": "q1", "kind": "agreement", "options": [{}] * 5},
    {"id": "q2", "kind": "frequency", "options": []},
    {"id": "q3", "kind": "scale10"},
    {"id": "q4", "kind": "one", "options": [{}] * 255},
    {"id": "q5", "kind": "several", "options": [{}] * 8},
    {"id": "q6", "kind": "several", "options": [{}] * 9},
    {"id": "q7", "kind": "text", "limit": 12},
]
LAYOUT = layout_of(QUESTIONS)


def several(options: int):
    return st.none() | st.sets(st.integers(0, options - 1)).map(lambda found: tuple(sorted(found)))


def choice(options: int):
    return st.none() | st.integers(0, options - 1)


ANSWERS = st.fixed_dictionaries(
    {
        "q1": choice(5),
        "q2": choice(5),
        "q3": choice(11),
        "q4": choice(255),
        "q5": several(8),
        "q6": several(9),
        "q7": st.none() | st.text(min_size=1, max_size=3),
    }
)


@given(ANSWERS)
def test_answers_read_back_in_one_size(answers):
    data = LAYOUT.encode(answers)
    assert len(data) == LAYOUT.size == 4 + 2 + 3 + 14
    assert LAYOUT.decode(data) == answers


@given(st.binary(min_size=LAYOUT.size, max_size=LAYOUT.size))
def test_bytes_that_are_read_are_the_ones_that_are_written(data):
    assert rewritten(data) in (data, None)


def rewritten(data):
    try:
        return LAYOUT.encode(LAYOUT.decode(data))
    except Malformed:
        return None


def test_the_bytes_stand_as_in_the_formats():
    answers: dict[str, Any] = {"q1": 4, "q3": 10, "q4": 254, "q5": (0, 7), "q6": (0, 8), "q7": "Más"}
    expected = bytes([4, 255, 10, 254, 1, 0x81, 1, 0x01, 0x01, 0, 4]) + "Más".encode() + bytes(8)
    assert LAYOUT.encode(answers) == expected


def test_nobody_answering_and_answering_none_differ():
    data = LAYOUT.encode({"q5": ()})
    assert LAYOUT.decode(data)["q5"] == ()
    assert LAYOUT.decode(data)["q6"] is None


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"q1": 5}, "option that does not exist"),
        ({"q1": -1}, "option that does not exist"),
        ({"q4": 255}, "option that does not exist"),
        ({"q5": [8]}, "option that does not exist"),
        ({"q7": "ñ" * 7}, "14 bytes is over 12"),
        ({"q8": 1}, "no question q8"),
    ],
)
def test_answers_that_do_not_fit_are_refused(answers, reason):
    with pytest.raises(Malformed, match=reason):
        LAYOUT.encode(answers)


@pytest.mark.parametrize(
    ("at", "wrong"),
    [
        (0, b"\x05"),
        (2, b"\x0b"),
        (4, b"\x02"),
        (4, b"\x00\x01"),
        (6, b"\x01\x00\x02"),
        (9, b"\x00\x0d"),
        (9, b"\x00\x00x"),
        (9, b"\x00\x01\xff"),
    ],
)
def test_bytes_that_no_answer_makes_are_refused(at, wrong):
    data = bytearray(LAYOUT.encode({}))
    data[at : at + len(wrong)] = wrong
    with pytest.raises(Malformed):
        LAYOUT.decode(bytes(data))


@pytest.mark.parametrize("length", [0, LAYOUT.size - 1, LAYOUT.size + 1])
def test_another_size_is_refused(length):
    with pytest.raises(Malformed, match=f"are {length} bytes, not {LAYOUT.size}"):
        LAYOUT.decode(bytes(length))


@pytest.mark.parametrize(
    "questions",
    [
        [],
        [QUESTIONS[0], QUESTIONS[0]],
        [{"id": "q", "kind": "essay"}],
        [{"id": "q", "kind": "text", "limit": 0}],
        [{"id": "q", "kind": "text", "limit": 1 << 16}],
        [{"id": "q", "kind": "text"}],
        [{"id": "q", "kind": "text", "limit": True}],
        [{"id": "q", "kind": ["one"], "options": [{}]}],
        [{"id": "q", "kind": "one", "options": 3}],
        ["q1"],
        [{"id": "q", "kind": "one", "options": []}],
        [{"id": "q", "kind": "one", "options": [{}] * 256}],
        [{"id": "q", "kind": "several"}],
        [{"id": "q", "kind": "agreement", "options": [{}] * 4}],
    ],
)
def test_questions_that_cannot_be_asked_are_refused(questions):
    with pytest.raises(Malformed):
        layout_of(questions)


def test_the_item_size_grows_by_81_bytes_a_seal():
    assert LAYOUT.plain_size == 273 + LAYOUT.size
    assert [LAYOUT.item_size(layers) - LAYOUT.plain_size for layers in (0, 1, 4)] == [0, 81, 324]


@given(ANSWERS)
def test_texts_are_cut_from_the_rest(answers):
    row, texts = LAYOUT.cut_apart(LAYOUT.encode(answers))
    assert texts == ({"q7": answers["q7"]} if answers["q7"] else {})
    assert LAYOUT.closed.decode(row) == {name: answers[name] for name in LAYOUT.fields if name != "q7"}


@given(st.lists(ANSWERS, max_size=5))
def test_columns_hold_the_answers_of_all_rows(people):
    columns = LAYOUT.columns([LAYOUT.encode(answers) for answers in people])
    assert columns == {name: [answers[name] for answers in people] for name in LAYOUT.fields}


def test_half_a_character_does_not_stop_an_answer():
    assert LAYOUT.decode(LAYOUT.encode({"q7": "a\ud800b"}))["q7"] == "a?b"


def test_a_text_may_fill_its_field():
    assert LAYOUT.decode(LAYOUT.encode({"q7": "ñ" * 6}))["q7"] == "ñ" * 6
