"""The kit for counting again comes back as it was, and nothing but the exact format is read."""

from typing import Any

import pytest

from commonground.sealing.errors import Malformed
from commonground.sealing.formats import TradingFile, read_file
from commonground.sealing.kit import Kit, read_kit
from commonground.sealing.tally_open import CodeReceipts
from commonground.sealing.tests.survey import make_survey

SURVEY = make_survey(answers=4)
KIT = Kit(
    paper_text=SURVEY.paper_bytes.decode(),
    first_list=SURVEY.answered(),
    codes=CodeReceipts(SURVEY.printed),
    counting=SURVEY.counting,
    wrapped=tuple(SURVEY.wrapped(layer) for layer in (1, 2, 3)),
    closing={"answers": 4, "list_hash": SURVEY.answered().hash.hex()},
    receipts=tuple(sorted(SURVEY.receipts)),
    release='{"format":"cg1-release"}',
)
FILE = read_file(KIT.to_bytes())


def test_there_and_back():
    assert read_kit(KIT.to_bytes()) == KIT


def test_it_holds_no_plain_key_and_no_share():
    text = KIT.to_bytes()
    for share in SURVEY.shares():
        assert share not in text and share.hex().encode() not in text
    for phrase in SURVEY.phrases:
        assert phrase.hex().encode() not in text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kit", "cg1-export"),
        ("paper_text", "{}"),
        ("paper_text", None),
        ("printed", ["00"]),
        ("cancelled", "none"),
        ("counting", "zz"),
        ("sealed_shares", []),
        ("wrapped", FILE.message["wrapped"][:2]),
        ("closing", []),
        ("receipts", ["00" * 15]),
        ("release", {}),
    ],
)
def test_anything_else_is_refused(name, value):
    message: dict[str, Any] = {**FILE.message, name: value}
    with pytest.raises(Malformed):
        read_kit(TradingFile(message, FILE.binary).to_bytes())


@pytest.mark.parametrize("data", [b"", b"{}", KIT.to_bytes()[:-1], KIT.to_bytes() + b"\0", KIT.to_bytes()[:40]])
def test_a_file_that_was_cut_or_is_no_kit_is_refused(data):
    with pytest.raises(Malformed):
        read_kit(data)
