"""What anyone can check of an exported survey: an honest one gives no finding, every planted fault gives one."""

import dataclasses
from typing import Any

import pytest

from commonground.sealing.errors import Malformed
from commonground.sealing.lists import sorted_list
from commonground.sealing.peel import peel
from commonground.sealing.tally_open import CodeReceipts, open_answers
from commonground.sealing.tests.survey import make_survey
from commonground.sealing.verify import Bundle, Counts, PeelRecord, read_peel_record, verify

SURVEY = make_survey(answers=6)
PAPER = SURVEY.paper
COUNTS = Counts(
    eligible=20,
    passes=0,
    codes_printed=6,
    codes_drawn=6,
    codes_cancelled=0,
    codes_used=6,
    answers_by_pass=0,
    answers_by_code=6,
)


def honest_bundle() -> Bundle:
    lists, peels = [SURVEY.answered()], []
    for layer, key in enumerate(SURVEY.party_keys, start=1):
        lists.append(peel(lists[-1], key, PAPER, layer).output)
        party = PAPER.block.party_ids[layer - 1]
        peels.append(PeelRecord(party, layer, lists[-2].hash, lists[-1].hash, 0))
    opened = open_answers(lists[-1], SURVEY.counting_key(), PAPER, CodeReceipts(SURVEY.printed))
    return Bundle(
        paper=SURVEY.paper_bytes,
        paper_hash=PAPER.hash,
        counts=COUNTS,
        first_list_hash=lists[0].hash,
        peels=tuple(peels),
        lists=tuple(listing.to_bytes() for listing in lists),
        printed=tuple(sorted(SURVEY.printed)),
        receipts=opened.receipts,
    )


HONEST = honest_bundle()


def findings(**changes: Any) -> list[str]:
    return [str(finding) for finding in verify(dataclasses.replace(HONEST, **changes))]


def counts(**changes: int) -> Counts:
    return dataclasses.replace(COUNTS, **changes)


def peels(index: int, **changes: Any) -> tuple[PeelRecord, ...]:
    changed = dataclasses.replace(HONEST.peels[index], **changes)
    return (*HONEST.peels[:index], changed, *HONEST.peels[index + 1 :])


def test_an_honest_survey_gives_no_finding_at_any_stage():
    assert findings() == []
    assert findings(lists=()) == []
    assert findings(peels=(), receipts=None, lists=HONEST.lists[:1]) == []
    assert findings(peels=HONEST.peels[:1], receipts=None, lists=HONEST.lists[:2]) == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"paper": b"{}"}, "not the paper of a survey"),
        ({"paper_hash": bytes(32)}, "not the one in the ledger"),
        ({"counts": counts(passes=21)}, "More passes were taken than people were asked"),
        ({"counts": counts(answers_by_pass=1)}, "More answers came by pass"),
        ({"counts": counts(answers_by_code=5)}, "not as many as the codes used"),
        ({"counts": counts(codes_drawn=5)}, "More codes were used than drawn"),
        ({"counts": counts(codes_printed=5)}, "drawn than printed"),
        ({"counts": counts(codes_cancelled=1)}, "used or cancelled than printed"),
        ({"first_list_hash": bytes(32)}, "At layer 1 another list was peeled"),
        ({"peels": peels(1, input_hash=bytes(32))}, "At layer 2 another list was peeled"),
        ({"peels": peels(1, output_hash=bytes(32))}, "At layer 3 another list was peeled"),
        ({"peels": HONEST.peels[::-1]}, "not peeled by the parties in the order of the paper"),
        ({"peels": peels(0, party="someone")}, "not peeled by the parties in the order of the paper"),
        ({"peels": HONEST.peels[1:]}, "not peeled by the parties in the order of the paper"),
        ({"peels": peels(2, unopened=3)}, "At layer 3 too many items did not open"),
        ({"peels": peels(2, unopened=7, agreed=True)}, "At layer 3 too many items did not open"),
        ({"peels": peels(2, unopened=-1)}, "At layer 3 too many items did not open"),
        ({"peels": peels(2, unopened=1)}, "More answers were counted than came out"),
        ({"peels": peels(2, unopened=1), "receipts": None}, "more or fewer items than announced"),
        ({"lists": (HONEST.lists[0][:-1],)}, "cut short"),
        ({"lists": (sorted_list(PAPER, 1, []).to_bytes(),)}, "not among those announced"),
        ({"receipts": HONEST.receipts[::-1]}, "out of order, or one stands twice"),  # type: ignore[index]
        ({"printed": (*HONEST.printed, HONEST.printed[-1])}, "out of order, or one stands twice"),
        ({"receipts": (bytes(16),)}, "receipts were never issued"),
        ({"cancelled": HONEST.printed[:1]}, "whose code was cancelled"),
        ({"cancelled": (bytes(32),)}, "cancelled that was never printed"),
    ],
)
def test_every_planted_fault_is_found(changes, reason):
    assert any(reason in finding for finding in findings(**changes))


def test_unopened_items_that_all_parties_agreed_on_are_no_finding():
    changed = peels(2, unopened=3, agreed=True)
    assert findings(peels=changed, receipts=HONEST.receipts[:3], lists=()) == []  # type: ignore[index]


def test_the_outermost_numbers_that_can_be_true_are_no_finding():
    nobody = counts(passes=20, codes_used=0, codes_cancelled=6, answers_by_code=0)
    assert findings(counts=nobody, cancelled=HONEST.printed, receipts=(), lists=()) == []
    none_opened = peels(2, unopened=6, agreed=True)
    assert findings(peels=none_opened, receipts=(), lists=()) == []


def test_a_reordered_list_is_found():
    body = HONEST.lists[0]
    size = PAPER.item_size(1)
    swapped = body[: -2 * size] + body[-size:] + body[-2 * size : -size]
    assert "The list is out of order or holds the same item twice." in findings(lists=(swapped,))


def test_a_record_is_read_from_a_keepers_result():
    record = HONEST.peels[1]
    message: dict[str, Any] = {
        "result": "peel",
        "survey": PAPER.survey.hex(),
        "party": record.party,
        "layer": 2,
        "input_hash": record.input_hash.hex(),
        "output_hash": record.output_hash.hex(),
        "unopened": 0,
    }
    assert read_peel_record(message) == record
    for change in ({"result": "share"}, {"layer": "2"}, {"unopened": None}, {"input_hash": "00"}):
        with pytest.raises(Malformed):
            read_peel_record({**message, **change})
