"""What anyone can check of an exported survey: an honest one gives no finding, every planted fault gives one."""

import dataclasses
from collections import Counter
from typing import Any

import pytest

from commonground.sealing.errors import Malformed
from commonground.sealing.formats import CODE, PASS, canonical_json, read_list
from commonground.sealing.lists import merkle_root, sorted_list
from commonground.sealing.peel import peel
from commonground.sealing.proof import Proof
from commonground.sealing.rows import StoredRow, in_order, lines_of, read_rows, write_rows
from commonground.sealing.tally_open import CodeReceipts, open_answers
from commonground.sealing.tests.survey import make_survey
from commonground.sealing.verify import Bundle, Counts, PeelRecord, check_one_proof, read_peel_record, verify

SURVEY = make_survey(answers=6, passes=True)
PAPER = SURVEY.paper
COUNTS = Counts(
    eligible=20,
    passes=3,
    codes_printed=6,
    codes_drawn=6,
    codes_cancelled=0,
    codes_used=6,
    answers_by_pass=2,
    answers_by_code=6,
)


PEOPLE = [SURVEY.somebody() for _ in range(3)]


def released(counted: int, **changes: Any) -> str:
    """As much of a release as sealing looks at."""
    counts = {"eligible": 20, "sealed": 8, "counted": counted, "rejected": {}, "list": LIST.hash.hex(), **changes}
    content = {"survey": PAPER.survey.hex(), "paper": PAPER.hash.hex(), "counts": counts}
    return canonical_json(content).decode()


def honest_bundle(rows: list[StoredRow]) -> Bundle:
    """Everything as an honest server makes it from these stored answers."""
    rows = in_order(rows)
    lists, peels = [SURVEY.list_of([row.item for row in rows])], []
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
        signed=opened.signed,
        rows=tuple(rows),
        merkle_root=merkle_root([row.leaf for row in rows]),
        in_list=tuple(lines_of(rows)),
    )


STORED = [*SURVEY.by_codes(), *(SURVEY.sent(person, q1=4) for person in PEOPLE[:2])]
PROOF = SURVEY.acknowledged(STORED[-1])
WITHOUT_RELEASE = honest_bundle(STORED)
LIST = read_list(WITHOUT_RELEASE.lists[0])
HONEST = dataclasses.replace(WITHOUT_RELEASE, release=released(8))
UNCOUNTED: dict[str, Any] = {"receipts": None, "signed": (), "release": ""}


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
    assert findings(peels=(), lists=HONEST.lists[:1], **UNCOUNTED) == []
    assert findings(peels=HONEST.peels[:1], lists=HONEST.lists[:2], **UNCOUNTED) == []
    assert findings(rows=None) == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"paper": b"{}"}, "not the paper of a survey"),
        ({"paper_hash": bytes(32)}, "not the one in the ledger"),
        ({"counts": counts(passes=21)}, "More passes were taken than people were asked"),
        ({"counts": counts(answers_by_pass=4)}, "More answers came by pass"),
        ({"counts": counts(answers_by_code=5)}, "not as many as the codes used"),
        ({"counts": counts(codes_drawn=5)}, "More codes were used than drawn"),
        ({"counts": counts(codes_printed=5)}, "drawn than printed"),
        ({"counts": counts(codes_cancelled=1)}, "drawn or cancelled than printed"),
        ({"first_list_hash": bytes(32)}, "At layer 1 another list was peeled"),
        ({"peels": peels(1, input_hash=bytes(32))}, "At layer 2 another list was peeled"),
        ({"peels": peels(1, output_hash=bytes(32))}, "At layer 3 another list was peeled"),
        ({"peels": HONEST.peels[::-1]}, "not peeled by the parties in the order of the paper"),
        ({"peels": peels(0, party="someone")}, "not peeled by the parties in the order of the paper"),
        ({"peels": HONEST.peels[1:]}, "not peeled by the parties in the order of the paper"),
        ({"peels": peels(2, unopened=3)}, "At layer 3 too many items did not open"),
        ({"peels": peels(2, unopened=9, agreed=True)}, "At layer 3 too many items did not open"),
        ({"peels": peels(2, unopened=-1)}, "At layer 3 too many items did not open"),
        ({"peels": peels(2, unopened=1)}, "More answers were counted than came out"),
        ({"peels": peels(2, unopened=1), **UNCOUNTED}, "more or fewer items than announced"),
        ({"lists": (HONEST.lists[0][:-1],)}, "cut short"),
        ({"lists": (sorted_list(PAPER, 1, []).to_bytes(),)}, "not among those announced"),
        ({"receipts": HONEST.receipts[::-1]}, "out of order, or one stands twice"),  # type: ignore[index]
        ({"printed": (*HONEST.printed, HONEST.printed[-1])}, "out of order, or one stands twice"),
        ({"receipts": (bytes(16),)}, "receipts were never issued"),
        ({"cancelled": HONEST.printed[:1]}, "whose code was cancelled"),
        ({"cancelled": (bytes(32),)}, "cancelled that was never printed"),
        ({"signed": ()}, "receipts were never issued"),
        ({"signed": HONEST.signed[:1]}, "receipts were never issued"),
        ({"signed": (*HONEST.signed, HONEST.signed[0])}, "receipts were never issued"),
        ({"signed": (HONEST.signed[0][:-1] + b"\0", HONEST.signed[1])}, "receipts were never issued"),
        ({"counts": counts(answers_by_pass=1)}, "More receipts of passes were counted"),
        ({"merkle_root": bytes(32)}, "the root that was published"),
        ({"in_list": HONEST.in_list[1:]}, "The published lines are not those"),
        ({"in_list": HONEST.in_list[::-1]}, "The published lines are not those"),
        ({"rows": HONEST.rows[::-1]}, "out of order"),  # type: ignore[index]
        ({"rows": HONEST.rows[1:]}, "not those of the list at closing"),  # type: ignore[index]
        ({"rows": HONEST.rows[1:]}, "not as many as the counts say"),  # type: ignore[index]
        ({"release": "{"}, "cannot be read"),
        ({"release": "{}"}, "another survey or paper"),
        ({"release": released(8).replace(PAPER.hash.hex(), "00" * 32)}, "another survey or paper"),
        ({"release": released(7)}, "do not go with the lists"),
        ({"release": released(7, rejected={"malformed": 1})}, "do not go with the lists"),
        ({"release": released(8, sealed=9)}, "do not go with the lists"),
        ({"release": released(8, eligible=21)}, "do not go with the lists"),
        ({"release": released(8, list="00" * 32)}, "do not go with the lists"),
        ({"release": released(8, rejected={"malformed": "0"})}, "do not go with the lists"),
    ],
)
def test_every_planted_fault_is_found(changes, reason):
    assert any(reason in finding for finding in findings(**changes))


def test_unopened_items_that_all_parties_agreed_on_are_no_finding():
    assert findings(peels=peels(2, unopened=8, agreed=True), receipts=(), signed=(), lists=(), release="") == []


def test_the_outermost_numbers_that_can_be_true_are_no_finding():
    by_pass = honest_bundle(STORED[6:])
    nobody = counts(passes=20, codes_drawn=0, codes_used=0, codes_cancelled=6, answers_by_code=0)
    assert verify(dataclasses.replace(by_pass, counts=nobody, cancelled=HONEST.printed)) == []


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


# Stored answers


def stored(*rows: StoredRow) -> list[str]:
    """Findings where the database held these rows at closing, and everything else was made from them."""
    bundle = honest_bundle(list(rows))
    kinds = Counter(row.kind for row in rows)
    changed = counts(answers_by_pass=kinds[PASS], answers_by_code=kinds[CODE], codes_used=kinds[CODE])
    return [str(finding) for finding in verify(dataclasses.replace(bundle, counts=changed))]


def changed_at(row: StoredRow, at: int) -> StoredRow:
    """The row with one bit changed."""
    return StoredRow(row.kind, row.data[:at] + bytes([row.data[at] ^ 1]) + row.data[at + 1 :])


def test_rows_that_an_honest_server_stored_are_no_finding():
    assert stored(*STORED) == [] and stored(*STORED[:7]) == []


@pytest.mark.parametrize(
    ("at", "why"),
    [
        (70, "1 of the answers by pass: This pass was not issued"),
        (323, "1 of the answers by pass: This answer is not signed"),
        (-1, "1 of the answers by pass: This answer is not signed"),
        (0, "1 of the answers by pass: This is not a public key."),
    ],
    ids=["pass signature", "version", "answer signature", "key"],
)
def test_a_row_that_was_written_by_somebody_without_the_pass_is_found(at, why):
    row = STORED[-1]
    assert any(why in finding for finding in stored(*STORED[:-1], changed_at(row, at % len(row.data))))


def test_an_item_put_into_somebody_elses_row_is_found():
    victim, other = STORED[-2].data, SURVEY.sent(PEOPLE[2], q1=0)
    taken_over = StoredRow(PASS, victim[:325] + other.item + victim[-64:])
    assert "1 of the answers by pass: This answer is not signed with its pass." in stored(*STORED[:-2], taken_over)


def test_two_rows_under_one_pass_are_found():
    twice = SURVEY.sent(PEOPLE[1], q1=0)
    assert "Two answers lie under one pass or one code." in stored(*STORED, twice)


def test_rows_are_read_as_they_were_written_and_nothing_else_is():
    size = PAPER.item_size(1)
    data = write_rows(STORED)
    assert list(read_rows(data, size)) == STORED
    for broken in (data[:-1], data + b"\1", b"\3" + data[1:], data[1:]):
        with pytest.raises(Malformed):
            read_rows(broken, size)


# Proofs of missing answers


def against(proof: Proof, rows: list[StoredRow]) -> str:
    return str(check_one_proof(proof, honest_bundle(rows), PAPER))


def test_a_proof_is_judged_against_the_exported_rows():
    person = SURVEY.somebody()
    first, second = (SURVEY.sent(person, q1=option) for option in (1, 2))
    old, new = SURVEY.acknowledged(first), SURVEY.acknowledged(second)
    assert against(PROOF, STORED) == "None"
    assert against(old, [*STORED, second]) == "None"
    assert "does not hold it" in against(new, STORED)
    assert "lies an earlier one" in against(new, [*STORED, first])
    exchanged = StoredRow(PASS, first.data[:325] + second.item + first.data[-64:])
    assert "lies another one" in against(old, [*STORED, exchanged])
    assert "proves nothing" in against(dataclasses.replace(old, version=99), STORED)
    assert "another survey" in against(dataclasses.replace(old, paper_hash=bytes(32)), STORED)
    destroyed = dataclasses.replace(HONEST, rows=None)
    assert "destroyed" in str(check_one_proof(PROOF, destroyed, PAPER))


def test_missing_answers_in_the_bulletin_are_found_and_invented_ones_too():
    dropped = SURVEY.acknowledged(SURVEY.sent(PEOPLE[2], q1=1))
    assert findings(missing=(dropped,)) == ["Answers that are proven to be missing from the list: 1."]
    invented = "The bulletin names a missing answer that is not missing, or without a proof."
    assert findings(missing=(PROOF,)) == [invented]
    assert findings(missing=(dataclasses.replace(dropped, version=99),)) == [invented]
