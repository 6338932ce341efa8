"""A proof of an answer: what proves an absence, what does not, and that it says nothing of what was answered."""

import dataclasses
import json
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonground.sealing.errors import Malformed, Refused, SealingError
from commonground.sealing.formats import canonical_json
from commonground.sealing.lists import item_hash
from commonground.sealing.passes import PassRow, Respondent, acknowledgement_message, sign
from commonground.sealing.proof import Proof, Standing, check_proof, proof_of, read_proof, standing
from commonground.sealing.tests.survey import Survey, make_survey

SURVEY = make_survey(answers=0, passes=True)
PAPER = SURVEY.paper


def acknowledged(survey: Survey, row: PassRow) -> Proof:
    """The proof that the door gives of a row, whether it is stored or not."""
    message = acknowledgement_message(survey.paper.hash, row.key, row.version, row.item)
    return proof_of(survey.paper, row, sign(message, survey.door_key))


SOMEBODY = Respondent(PAPER, secrets.token_bytes(16))
FIRST, SECOND = (SOMEBODY.answer(PAPER.layout.encode({"q1": option})) for option in (3, 4))
PROOF, LATER = acknowledged(SURVEY, FIRST), acknowledged(SURVEY, SECOND)


def test_there_and_back_as_a_file_and_as_pasted():
    assert read_proof(PROOF.to_bytes()) == PROOF
    assert read_proof(b"\n " + json.dumps(PROOF.to_json(), indent=2).encode() + b"\n") == PROOF


def test_what_the_door_signed_is_a_proof_and_all_else_is_none():
    check_proof(PROOF, PAPER)
    other = make_survey(answers=0, passes=True)
    changes = (
        {"key": SURVEY.paper.block.door_key},
        {"version": 2},
        {"item_hash": bytes(32)},
        {"acknowledgement": LATER.acknowledgement},
        {"acknowledgement": bytes(64)},
    )
    for change in changes:
        with pytest.raises(Refused, match="proves nothing"):
            check_proof(dataclasses.replace(PROOF, **change), PAPER)
    with pytest.raises(Refused, match="another survey"):
        check_proof(PROOF, other.paper)
    with pytest.raises(Refused, match="proves nothing"):
        check_proof(dataclasses.replace(acknowledged(other, FIRST), paper_hash=PAPER.hash), PAPER)


@pytest.mark.parametrize(
    ("proof", "version", "item", "expected"),
    [
        (PROOF, FIRST.version, FIRST.item, Standing.LISTED),
        (PROOF, SECOND.version, SECOND.item, Standing.LISTED),
        (LATER, SECOND.version, SECOND.item, Standing.LISTED),
        (PROOF, 0, b"", Standing.NOWHERE),
        (LATER, FIRST.version, FIRST.item, Standing.OLDER),
        (PROOF, FIRST.version, SECOND.item, Standing.EXCHANGED),
    ],
    ids=["the same", "a later one", "the later one itself", "none", "an earlier one", "another under its number"],
)
def test_where_an_answer_stands(proof, version, item, expected):
    found = standing(proof, version, item_hash(item))
    assert found is expected and found.is_absence == (expected is not Standing.LISTED)


def test_it_says_that_somebody_answered_and_never_what():
    text = PROOF.to_bytes()
    assert FIRST.item.hex().encode() not in text and SOMEBODY.receipt.hex().encode() not in text
    assert set(PROOF.to_json()) == {"format", "paper", "key", "version", "item", "acknowledgement"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("format", "cg1-paper"),
        ("paper", "00"),
        ("key", PROOF.key.hex().upper()),
        ("version", 0),
        ("version", True),
        ("version", 1 << 31),
        ("version", "1"),
        ("item", None),
        ("acknowledgement", "00" * 63),
    ],
)
def test_anything_else_is_refused(name, value):
    with pytest.raises(Malformed):
        read_proof(canonical_json({**PROOF.to_json(), name: value}))


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_is_handed_in_is_refused_in_words(data):
    with pytest.raises(SealingError):
        read_proof(data)
