"""The known answers that other programs test against are current, and the product itself keeps them."""

import json

import pytest

from commonground.sealing.codes import read_code
from commonground.sealing.formats import read_file, read_list
from commonground.sealing.hpke import Purpose, open_seal
from commonground.sealing.keeper import answer_task
from commonground.sealing.paper import read_paper
from commonground.sealing.seals import combine_shares, open_share, read_block_text, read_words, unwrap
from commonground.sealing.tally_open import CodeReceipts, open_answers
from commonground.sealing.tests.make_vectors import ANSWERS, PATH, vectors_text

VECTORS = json.loads(PATH.read_text())
PAPER = read_paper(VECTORS["paper_text"].encode())
BLOCK = read_block_text(VECTORS["block_text"].encode())


def data(text: str) -> bytes:
    return bytes.fromhex(text)


def test_the_file_is_what_the_script_makes():
    assert PATH.read_text() == vectors_text()


@pytest.mark.parametrize("own", VECTORS["keys"], ids=lambda own: str(own["layer"]))
def test_words_keys_shares_and_trials_open(own):
    phrase, layer = read_words(own["words"]), own["layer"]
    assert phrase == data(own["phrase"])
    key = unwrap(data(own["wrapped"]), phrase, PAPER.survey, data(own["public_key"]))
    assert open_share(data(own["sealed_share"]), BLOCK, layer, key) == data(own["share"])
    assert open_seal(data(own["trial_sealed"]), Purpose.TRIAL, BLOCK.hash, layer, key) == b"trial"


@pytest.mark.parametrize("own", VECTORS["peels"], ids=lambda own: str(own["layer"]))
def test_a_keeper_answers_the_task_files(own):
    phrase = data(VECTORS["keys"][own["layer"] - 1]["phrase"])
    result = read_file(answer_task(data(own["task_file"]), phrase))
    assert result.binary == data(own["output"] + own["unopened_list"])
    assert result.message["output_hash"] == own["output_hash"]
    assert result.message["unopened"] == own["unopened"]


def test_the_trial_and_share_task_files_are_answered():
    own = VECTORS["keys"][1]
    trial = read_file(answer_task(data(VECTORS["trial_task_file"]), data(own["phrase"])))
    assert trial.message["block_hash"] == VECTORS["block_hash"]
    share = read_file(answer_task(data(VECTORS["share_task_file"]), data(own["phrase"])))
    assert share.message["share"] == own["share"]


def test_the_last_list_opens_to_the_answers():
    shares = [data(own["share"]) for own in VECTORS["keys"]]
    key = combine_shares(shares, BLOCK, data(VECTORS["counting_encrypted"]))
    printed = {data(answer["receipt_hash"]) for answer in VECTORS["answers"]}
    opened = open_answers(read_list(data(VECTORS["peels"][-1]["output"])), key, PAPER, CodeReceipts(printed))
    expected = [PAPER.layout.cut_apart(PAPER.layout.encode(answers)) for answers in ANSWERS]
    assert opened.rows == tuple(sorted(row for row, _ in expected))
    assert opened.texts == {"q5": {"": tuple(sorted(texts["q5"] for _, texts in expected if texts))}}
    assert opened.rejected == {}


@pytest.mark.parametrize("own", VECTORS["answers"], ids=lambda own: own["code"])
def test_the_printed_codes_read_back(own):
    assert read_code(own["code_printed"]) == data(own["code"])
