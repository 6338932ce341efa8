"""A keeper's four tasks, from file to file, and every task that must not be done."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonground.sealing.errors import CannotOpen, Malformed, Refused, SealingError
from commonground.sealing.formats import (
    SealedList,
    TradingFile,
    canonical_json,
    fingerprint,
    read_file,
    read_list,
    read_list_and_rest,
)
from commonground.sealing.hpke import public_bytes
from commonground.sealing.keeper import answer_task, peels_again
from commonground.sealing.lists import check_list
from commonground.sealing.seals import combine_shares, new_phrase, unwrap
from commonground.sealing.tests.survey import make_survey

SURVEY = make_survey(answers=5)
PAPER, BLOCK = SURVEY.paper, SURVEY.paper.block
LISTING = SURVEY.answered()


def task_file(layer: int, name: str, binary: bytes = b"", /, **changes: object) -> bytes:
    wrapped = SURVEY.wrapped(layer).hex()
    shown = {"survey_title": "How is work?", "party_name": "A party"}
    own = {"task": name, "survey": PAPER.survey.hex(), "party": BLOCK.party_ids[layer - 1], **shown}
    needs: dict[str, dict[str, object]] = {
        "make-key": {},
        "trial": {"block": BLOCK.to_bytes().decode(), "wrapped": wrapped},
        "peel": {"paper_text": SURVEY.paper_bytes.decode(), "layer": layer, "wrapped": wrapped},
        "share": {
            "paper_text": SURVEY.paper_bytes.decode(),
            "layer": layer,
            "wrapped": wrapped,
            "sealed_share": SURVEY.counting.sealed_shares[layer - 1].hex(),
            "final_hash": "ab" * 32,
        },
    }
    return TradingFile({**own, **needs[name], **changes}, binary).to_bytes()


def peel_file(layer: int, listing: SealedList, /, **changes: object) -> bytes:
    return task_file(layer, "peel", listing.to_bytes(), **{"list_hash": listing.hash.hex(), **changes})


def answered(layer: int, file: bytes, written_on_sheet: bytes | None = None) -> TradingFile:
    return read_file(answer_task(file, SURVEY.phrases[layer - 1], written_on_sheet))


def test_a_key_is_made_and_opens_with_the_phrase():
    phrase = new_phrase()
    result = read_file(answer_task(task_file(1, "make-key"), phrase))
    assert set(result.message) == {"result", "survey", "party", "public_key", "wrapped"}
    assert (result.message["result"], result.binary) == ("party-key", b"")
    public_key = bytes.fromhex(result.message["public_key"])
    key = unwrap(bytes.fromhex(result.message["wrapped"]), phrase, PAPER.survey, public_key)
    assert public_bytes(key) == public_key


def test_a_trial_names_the_block_it_was_made_with():
    assert answered(2, task_file(2, "trial")).message == {
        "result": "trial",
        "survey": PAPER.survey.hex(),
        "party": BLOCK.party_ids[1],
        "block_hash": BLOCK.hash.hex(),
    }


def test_a_peel_gives_the_next_list_and_its_hash():
    result = answered(1, peel_file(1, LISTING))
    output = read_list(result.binary)
    check_list(output, PAPER, 2)
    assert result.message == {
        "result": "peel",
        "survey": PAPER.survey.hex(),
        "party": BLOCK.party_ids[0],
        "layer": 1,
        "input_hash": LISTING.hash.hex(),
        "output_hash": output.hash.hex(),
        "unopened": 0,
    }


def test_items_that_do_not_open_follow_as_a_second_list():
    listing = SURVEY.list_of([*LISTING.items, b"\x04" * LISTING.item_size])
    result = answered(1, peel_file(1, listing))
    output, rest = read_list_and_rest(result.binary)
    assert (len(output.items), result.message["unopened"]) == (5, 1)
    assert read_list(rest) == SURVEY.list_of([b"\x04" * LISTING.item_size])


def test_the_result_of_a_peel_is_the_same_file_every_time():
    file = peel_file(1, LISTING)
    assert answer_task(file, SURVEY.phrases[0]) == answer_task(file, SURVEY.phrases[0], LISTING.hash)


def test_all_parties_together_bring_the_counting_key_to_the_last_list():
    listing, shares = LISTING, []
    for layer in (1, 2, 3):
        listing = read_list(answered(layer, peel_file(layer, listing)).binary)
    for layer in (1, 2, 3):
        shares.append(bytes.fromhex(answered(layer, task_file(layer, "share")).message["share"]))
    assert listing.layer == 0
    assert public_bytes(combine_shares(shares, BLOCK, SURVEY.counting.encrypted)) == BLOCK.counting_key


def test_a_used_sheet_peels_no_second_list():
    other = SURVEY.list_of(LISTING.items[1:])
    with pytest.raises(Refused, match="no second one"):
        answered(1, peel_file(1, other), written_on_sheet=LISTING.hash)


# Peeling again with one's own sheet

PEELED = answer_task(peel_file(1, LISTING), SURVEY.phrases[0])
NEXT_TASK = peel_file(2, read_list(read_file(PEELED).binary))
ON_SHEET = fingerprint(LISTING.hash)


def peeled_again(
    outcome: bytes, task: bytes = peel_file(1, LISTING), layer: int = 1, on_sheet: str = ON_SHEET
) -> bool:
    return peels_again(task, outcome, SURVEY.phrases[layer - 1], on_sheet)


@pytest.mark.parametrize("outcome", [PEELED, read_file(PEELED).binary, NEXT_TASK], ids=["result", "list", "next"])
def test_an_honest_peel_is_the_same_from_whatever_file_it_came_out_in(outcome):
    assert peeled_again(outcome)


def replaced(listing: SealedList) -> SealedList:
    """The list with one answer exchanged for another that is sealed as it should be."""
    stranger = SURVEY.peeled_to(2, SURVEY.list_of([SURVEY.sealed(SURVEY.receipts[0], q1=4)]))
    return SURVEY.list_of([*listing.items[1:], *stranger.items], 2)


@pytest.mark.parametrize("form", ["result", "list", "next"])
def test_a_replaced_item_differs(form):
    honest = read_file(PEELED)
    other = replaced(read_list(honest.binary))
    message = {**honest.message, "output_hash": other.hash.hex()}
    forged = {
        "result": TradingFile(message, other.to_bytes()).to_bytes(),
        "list": other.to_bytes(),
        "next": peel_file(2, other),
    }
    assert not peeled_again(forged[form])


def test_an_item_that_is_only_said_not_to_open_differs():
    honest = read_file(PEELED)
    output = read_list(honest.binary)
    fewer, aside = SURVEY.list_of(output.items[1:], 2), SURVEY.list_of(LISTING.items[:1])
    message = {**honest.message, "output_hash": fewer.hash.hex(), "unopened": 1}
    assert not peeled_again(TradingFile(message, fewer.to_bytes() + aside.to_bytes()).to_bytes())
    assert not peeled_again(fewer.to_bytes())


def test_peeling_again_works_for_the_one_list_of_the_sheet_only():
    alone = SURVEY.list_of(LISTING.items[:1])
    inside = SURVEY.peeled_to(2, alone).to_bytes()
    with pytest.raises(Refused, match="not the 26 characters of this list"):
        peeled_again(inside, peel_file(1, alone))


def test_peeling_again_needs_a_peel_and_the_right_words():
    for task, outcome in ((task_file(1, "trial"), PEELED), (peel_file(1, LISTING), task_file(1, "trial"))):
        with pytest.raises(Malformed):
            peeled_again(outcome, task)
    with pytest.raises(CannotOpen):
        peeled_again(PEELED, layer=2)


# What must not be done


def test_a_list_other_than_announced_is_refused():
    with pytest.raises(Refused, match="not the list that was announced"):
        answered(1, peel_file(1, LISTING, list_hash="ab" * 32))


@pytest.mark.parametrize("name", ["trial", "peel", "share"])
def test_other_words_open_nothing(name):
    file = peel_file(1, LISTING) if name == "peel" else task_file(1, name)
    with pytest.raises(CannotOpen, match="do not open the key that is in the paper"):
        answer_task(file, new_phrase())


def paper_text(**changes: object) -> str:
    content: dict[str, Any] = {**json.loads(SURVEY.paper_bytes), **changes}
    return canonical_json(content).decode()


def test_a_paper_with_another_key_for_the_party_is_refused():
    other = make_survey(answers=0)
    keys = [other.paper.block.parties[0].hex(), *(key.hex() for key in BLOCK.parties[1:])]
    swapped = paper_text(seals={**BLOCK.to_json(), "parties": keys})
    with pytest.raises(CannotOpen, match="the key that is in the paper"):
        answered(1, peel_file(1, LISTING, paper_text=swapped))


def test_a_list_under_another_paper_is_refused():
    with pytest.raises(Refused, match="another paper"):
        answered(1, peel_file(1, LISTING, paper_text=paper_text(title={"en": "Changed"})))


def test_a_share_of_another_party_opens_nothing():
    with pytest.raises(CannotOpen):
        answered(1, task_file(1, "share", sealed_share=SURVEY.counting.sealed_shares[1].hex()))


@pytest.mark.parametrize(
    "change",
    [
        {"task": "shred"},
        {"task": None},
        {"task": ["peel"]},
        {"party": "f" * 32},
        {"party": 7},
        {"survey": "00" * 16},
        {"layer": 2},
        {"layer": "1"},
        {"wrapped": "zz"},
        {"wrapped": "00"},
        {"list_hash": "00"},
        {"paper_text": ""},
        {"paper_text": "{}"},
        {"paper_text": None},
    ],
)
def test_a_task_with_a_fault_is_refused(change):
    with pytest.raises(SealingError):
        answered(1, peel_file(1, LISTING, **change))


def test_a_truncated_list_is_refused():
    cut = task_file(1, "peel", LISTING.to_bytes()[:-1], list_hash=LISTING.hash.hex())
    with pytest.raises(Malformed, match="cut short"):
        answered(1, cut)


def test_a_list_behind_another_task_is_refused():
    with pytest.raises(Malformed, match="nothing that a keeper does"):
        answered(1, task_file(1, "trial", LISTING.to_bytes()))


@settings(deadline=None)
@given(st.sampled_from(["trial", "peel", "share"]), st.data())
def test_a_damaged_file_is_answered_alike_or_refused_in_plain_words(name, data):
    file = bytearray(peel_file(1, LISTING) if name == "peel" else task_file(1, name))
    end = len(file) - len(read_file(bytes(file)).binary)
    at = data.draw(st.integers(0, end - 1))
    file[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    assert answered_or_refused(bytes(file)) in (name, "refused")


def answered_or_refused(file: bytes) -> str:
    try:
        return str(answered(1, file).message["result"])
    except SealingError:
        return "refused"
