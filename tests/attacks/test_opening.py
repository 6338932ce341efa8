"""Attacks on an opening, by adversary; each worked on a draft of the protocol, and is refused or seen here.

| Adversary | Attack | How it ends |
|---|---|---|
| One party, or IT | one real row among fabricated ones, a second list | no keeper peels what was not announced |
| One party | copied item | refused, or set aside and accounted for |
| One party | replaced item | does not count; receipt, own check and recount show it |
| One party | dropped item, item only said not to open | refused; stops the opening; own check and recount show it |
| IT | a dump after each peel | sealed bytes alone; linking them takes every party's key |
| IT | a party's key swapped, before or after the trial | the sheet does not open it |
| Writer in the database | list swapped on the server, rows written | not the announced list; not signed |
| Writer in the database | dropped or rolled-back row | proven by the acknowledgement, stops the opening |
| Writer with the issuing keys | 299 of 300 rows exchanged before the first peel | each of 299 people can prove it |
| Writer with the issuing keys, peeling last | 299 of 300 items exchanged | 299 receipts missing; recount differs |
| Writer with the issuing keys | stuffing | no more than the passes that were taken |

The same attacks in the keepers' page: `surveys/tests/test_keys_html.py`. Files of keepers on the server:
`surveys/tests/test_opening_files.py`. Exported surveys: `sealing/tests/test_verify.py`.
"""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from random import Random

import pytest

from commonground.demo import cast
from commonground.responses.models import SealedAnswer
from commonground.responses.models import SealedList as StoredList
from commonground.sealing import keeper, lists
from commonground.sealing.codes import code_receipt
from commonground.sealing.errors import CannotOpen, Refused
from commonground.sealing.formats import SealedList, TradingFile, fingerprint, in_list_line, read_file, read_list
from commonground.sealing.hpke import Purpose, seal
from commonground.sealing.passes import Respondent
from commonground.sealing.peel import Peeled, check_peeled, peel, stops_tally
from commonground.sealing.proof import Standing, check_proof
from commonground.sealing.rows import StoredRow, in_order, lines_of, list_of
from commonground.sealing.tally_open import CodeReceipts, Opened, Rejection, open_answers
from commonground.sealing.tests.survey import Survey, make_survey
from commonground.sealing.verify import Bundle, Counts, PeelRecord, check_one_proof, verify
from commonground.surveys import opening, tally
from commonground.surveys.tests import meeting as meetings
from commonground.surveys.tests.meeting import ORDER, Meeting, refused

PEOPLE = 300
ANSWERS = 24


@cache
def survey() -> Survey:
    """A survey of three parties that gives passes, and codes as well."""
    return make_survey(answers=ANSWERS, passes=True)


@cache
def listing() -> SealedList:
    """An answer by each code."""
    return survey().answered()


def task(layer: int, given: SealedList, announced: bytes = b"") -> bytes:
    """The task file of a peel, as a server of whatever kind writes it."""
    here, paper = survey(), survey().paper
    message = {
        "task": "peel",
        "survey": paper.survey.hex(),
        "survey_title": "How is work?",
        "party": paper.block.party_ids[layer - 1],
        "party_name": "A party",
        "paper_text": here.paper_bytes.decode(),
        "layer": layer,
        "wrapped": here.wrapped(layer).hex(),
        "list_hash": (announced or given.hash).hex(),
    }
    return TradingFile(message, given.to_bytes()).to_bytes()


def peeled(layer: int, given: SealedList) -> SealedList:
    return peel(given, survey().party_keys[layer - 1], survey().paper, layer).output


def counted(last: SealedList) -> Opened:
    here = survey()
    return open_answers(last, here.counting_key(), here.paper, CodeReceipts(here.printed))


# One party, or IT: a list made to single somebody out


def among_fabricated(victim: bytes) -> SealedList:
    """The victim's item with others whose answers the attacker knows."""
    here = survey()
    fabricated = [here.sealed(secrets.token_bytes(16), q1=1) for _ in range(ANSWERS - 1)]
    return here.list_of([victim, *fabricated])


def test_one_real_row_among_fabricated_ones_is_not_what_was_announced():
    made, phrase = among_fabricated(listing().items[7]), survey().phrases[0]
    lists.check_list(made, survey().paper, 1)
    with pytest.raises(Refused, match="not the list that was announced"):
        keeper.answer_task(task(1, made, listing().hash), phrase)
    with pytest.raises(Refused, match="not the 26 characters of this list"):
        lists.check_written(made.hash, fingerprint(listing().hash))


def test_nor_is_it_peeled_under_the_name_of_a_check():
    made = among_fabricated(listing().items[7])
    with pytest.raises(Refused, match="not the 26 characters of this list"):
        keeper.peels_again(
            task(1, made), peeled(1, made).to_bytes(), survey().phrases[0], fingerprint(listing().hash)
        )


def test_a_used_sheet_peels_no_second_list():
    made = among_fabricated(listing().items[7])
    with pytest.raises(Refused, match="no second one"):
        keeper.answer_task(task(1, made), survey().phrases[0], listing().hash)
    assert keeper.answer_task(task(1, listing()), survey().phrases[0], listing().hash)


# One party: dishonest peels


def resealed(inside: bytes, layer: int) -> bytes:
    """Something sealed anew to the party of a layer, as who knows the inside can."""
    paper = survey().paper
    return seal(inside, Purpose.TALLY, paper.hash, layer, paper.block.key_of_layer(layer))


def test_a_copied_item_is_refused_or_set_aside():
    here, second = survey(), peeled(1, listing())
    followed = second.items[3]
    for copy in (followed, followed[:-1] + bytes([followed[-1] ^ 1])):
        with pytest.raises(Refused, match=r"twice|copies"):
            lists.check_list(here.list_of([*second.items[:-1], copy], 2), here.paper, 2)
    again = here.list_of([*second.items[1:], resealed(peeled(2, here.list_of([followed], 2)).items[0], 2)], 2)
    if followed not in again.items:
        again = here.list_of([*again.items[1:], followed], 2)
    result = peel(again, here.party_keys[1], here.paper, 2)
    assert len(result.unopened.items) == 1 and len(result.output.items) == len(again.items) - 1


def test_a_replaced_item_does_not_count_and_is_seen_by_receipt_and_own_check():
    here, before = survey(), here_at(3)
    honest = peel(before, here.party_keys[2], here.paper, 3)
    own = here.peeled_to(0, here.list_of([here.sealed(secrets.token_bytes(16), q1=4)])).items[0]
    forged = here.list_of([*honest.output.items[1:], own], 0)
    check_peeled(before, Peeled(forged, honest.unopened), here.paper)
    opened = counted(forged)
    assert opened.rejected == {Rejection.NOT_ISSUED: 1} and len(opened.receipts) == ANSWERS - 1
    assert len(set(here.receipts) - set(opened.receipts)) == 1
    assert not keeper.peels_again(task(3, before), forged.to_bytes(), here.phrases[2], fingerprint(before.hash))


def here_at(layer: int) -> SealedList:
    return survey().peeled_to(layer, listing())


def test_a_dropped_or_added_item_is_refused():
    here, honest = survey(), peel(listing(), survey().party_keys[0], survey().paper, 1)
    for items in (honest.output.items[1:], (*honest.output.items, here_at(2).items[0][:-1] + b"\0")):
        with pytest.raises(Refused):
            check_peeled(listing(), Peeled(here.list_of(items, 2), honest.unopened), here.paper)


@pytest.mark.parametrize(("claimed", "stops"), [(2, False), (3, True)])
def test_items_only_said_not_to_open_stop_the_opening_or_are_seen_by_own_check(claimed, stops):
    here, honest = survey(), peel(listing(), survey().party_keys[0], survey().paper, 1)
    aside = here.list_of(listing().items[:claimed])
    inside = peel(aside, here.party_keys[0], here.paper, 1).output.items
    kept = here.list_of([item for item in honest.output.items if item not in inside], 2)
    check_peeled(listing(), Peeled(kept, aside), here.paper)
    assert stops_tally(ANSWERS, claimed) is stops
    done = read_file(keeper.answer_task(task(1, listing()), here.phrases[0]))
    message = {**done.message, "output_hash": kept.hash.hex(), "unopened": claimed}
    claim = TradingFile(message, kept.to_bytes() + aside.to_bytes()).to_bytes()
    on_sheet = fingerprint(listing().hash)
    assert not keeper.peels_again(task(1, listing()), claim, here.phrases[0], on_sheet)
    assert keeper.peels_again(task(1, listing()), done.to_bytes(), here.phrases[0], on_sheet)


# IT: a dump after each peel, a key of its own


def test_a_dump_after_each_peel_links_nothing_without_the_key():
    here = make_survey(answers=60)
    given = here.answered()
    for layer, key in enumerate(here.party_keys, start=1):
        output = peel(given, key, here.paper, layer).output
        truth = [peel(here.list_of([item], layer), key, here.paper, layer).output.items[0] for item in given.items]
        assert sorted(truth) == sorted(output.items), "with the key every item is followed"
        by_place = sum(item == output.items[place] for place, item in enumerate(truth))
        assert by_place <= 6, "the order tells nothing: one in sixty by chance"
        pieces = {item[at : at + 8] for item in given.items for at in range(1, len(item) - 8)}
        assert not any(item[at : at + 8] in pieces for item in output.items for at in range(1, len(item) - 8))
        given = output


def test_a_partys_key_swapped_before_or_after_the_trial_opens_with_no_sheet():
    here, other = survey(), make_survey(answers=0, passes=True)
    block = here.paper.block
    swapped = replace(block, parties=(other.paper.block.parties[0], *block.parties[1:]))
    trial = {
        "task": "trial",
        "survey": here.paper.survey.hex(),
        "party": block.party_ids[0],
        "block": swapped.to_bytes().decode(),
        "wrapped": here.wrapped(1).hex(),
    }
    with pytest.raises(CannotOpen, match="do not open the key that is in the paper"):
        keeper.answer_task(TradingFile(trial).to_bytes(), here.phrases[0])
    with pytest.raises(Refused, match="does not hold your party's key"):
        peel(listing(), other.party_keys[0], here.paper, 1)


# A writer in the database of a live server


@pytest.mark.django_db(databases=["default", "responses"])
def test_a_list_that_was_swapped_on_the_server_is_not_handed_out(valley):
    meeting = meetings.closed(valley, 6)
    swap(meeting, 1)
    with meeting.on_opening_day():
        refused("another_list", tally.peel_task, meeting.keeper(ORDER[0]), meeting.id)


@pytest.mark.django_db(databases=["default", "responses"])
@pytest.mark.parametrize("off", [1, 4])
def test_a_list_that_was_swapped_between_two_parties_goes_no_further(valley, off):
    meeting = meetings.peeled(valley, 6, ORDER[:off])
    layer = (off + 1) % (len(ORDER) + 1)
    shares = dict.fromkeys((meeting.party(name) for name in ORDER), bytes(32))
    if not layer:
        with meeting.on_opening_day():
            shares = meeting.shares()
    swap(meeting, layer)
    with meeting.on_opening_day():
        if layer:
            refused("another_list", tally.peel_task, meeting.keeper(ORDER[off]), meeting.id)
        else:
            refused("another_list", tally.count, meeting.keeper(ORDER[0]), meeting.id, shares)


def swap(meeting: Meeting, layer: int) -> None:
    """Leave one item out of the list at a layer, and make its own hash fit."""
    row = StoredList.objects.get(layer=layer)
    given = read_list(bytes(row.data))
    made = replace(given, items=given.items[1:])
    row.data, row.hash = made.to_bytes(), made.hash.hex()
    row.save()


@pytest.mark.django_db(databases=["default", "responses"])
def test_a_rolled_back_version_is_proven_and_stops_the_opening(valley):
    meeting = meetings.answered(valley, 3)
    person = meeting.somebody()
    meeting.send(person, {"q1": 1})
    before = SealedAnswer.objects.get(pk=person.public_key)
    proof = meeting.send(person, {"q1": 4})
    before.save()
    meeting.close()
    with meeting.on_opening_day():
        tally.peel_task(meeting.keeper(ORDER[0]), meeting.id)
        elena = valley.actor(cast.ELENA)
        assert tally.hand_in_proof(elena, meeting.id, proof.to_bytes()) is Standing.OLDER
        refused("stopped", tally.peel_task, meeting.keeper(ORDER[0]), meeting.id)
    assert not opening.steps(meeting.survey).exists() and StoredList.objects.count() == 1


# A writer who has the issuing keys too


class Crowd:
    """Three hundred people who answered by pass, and the proofs that they keep."""

    def __init__(self) -> None:
        self.survey = make_survey(answers=0, passes=True)
        self.people = [self.survey.somebody() for _ in range(PEOPLE)]
        self.rows = [self.survey.sent(person, q1=n % 5) for n, person in enumerate(self.people)]

    def fabricated(self, number: int) -> list[StoredRow]:
        """Answers by passes that the issuing keys signed for the attacker."""
        return [self.survey.sent(self.survey.somebody(), q1=0) for _ in range(number)]

    def receipts(self) -> set[bytes]:
        return {person.receipt for person in self.people}

    def exported(self, rows: Sequence[StoredRow], passes: int = PEOPLE) -> Bundle:
        """What a server exports whose database held these rows at closing."""
        ordered, paper = in_order(rows), self.survey.paper
        counts = Counts(PEOPLE, passes, 0, 0, 0, 0, len(ordered), 0)
        return Bundle(
            paper=self.survey.paper_bytes,
            paper_hash=paper.hash,
            counts=counts,
            first_list_hash=list_of(ordered, paper).hash,
            peels=(),
            rows=tuple(ordered),
            merkle_root=lists.merkle_root([row.leaf for row in ordered]),
            in_list=tuple(lines_of(ordered)),
        )


@pytest.fixture(scope="module")
def crowd() -> Crowd:
    return Crowd()


def test_299_rows_exchanged_before_the_first_peel_are_proven_by_299_people(crowd):
    bundle = crowd.exported([crowd.rows[41], *crowd.fabricated(PEOPLE - 1)])
    assert verify(bundle) == [], "every pass, signature and count is right: only the people can see it"
    gone = [row for row in crowd.rows if in_list_line(row.key) not in bundle.in_list]
    assert len(gone) == PEOPLE - 1 and crowd.rows[41] not in gone
    for row in Random(1).sample(gone, 20):
        proof = crowd.survey.acknowledged(row)
        check_proof(proof, crowd.survey.paper)
        assert "does not hold it" in str(check_one_proof(proof, bundle, crowd.survey.paper))
    assert check_one_proof(crowd.survey.acknowledged(crowd.rows[41]), bundle, crowd.survey.paper) is None


def test_299_items_exchanged_by_the_last_peeler_are_seen_by_receipts_and_by_peeling_again(crowd):
    here, given = crowd.survey, crowd.survey.list_of([row.item for row in crowd.rows])
    last = here.peeled_to(3, given)
    honest = peel(last, here.party_keys[2], here.paper, 3)
    own = here.peeled_to(0, here.list_of([row.item for row in crowd.fabricated(PEOPLE - 1)]))
    forged = here.list_of([honest.output.items[0], *own.items], 0)
    check_peeled(last, Peeled(forged, honest.unopened), here.paper)
    opened = open_answers(forged, here.counting_key(), here.paper, CodeReceipts(frozenset()))
    assert (len(opened.rows), opened.rejected) == (PEOPLE, {})
    assert len(crowd.receipts() - set(opened.receipts)) == PEOPLE - 1
    assert peel(last, here.party_keys[2], here.paper, 3).output != forged


def test_stuffing_ends_at_the_passes_that_were_taken(crowd):
    stuffed = [*crowd.rows, *crowd.fabricated(1)]
    said = [str(finding) for finding in verify(crowd.exported(stuffed))]
    assert said == ["More answers came by pass than passes were taken."]
    said = [str(finding) for finding in verify(crowd.exported(stuffed, PEOPLE + 1))]
    assert said == ["More passes were taken than people were asked."]


def test_without_the_issuing_keys_no_row_can_be_written(crowd):
    forger = Respondent(crowd.survey.paper, secrets.token_bytes(16))
    forger.pass_signature, forger.receipt_signature = secrets.token_bytes(256), secrets.token_bytes(256)
    said = [str(finding) for finding in verify(crowd.exported([*crowd.rows[1:], crowd.survey.sent(forger)]))]
    assert said == ["1 of the answers by pass: This pass was not issued for this survey."]


def test_a_peel_record_of_another_list_than_the_one_at_closing_is_found(crowd):
    bundle, paper = crowd.exported(crowd.rows), crowd.survey.paper
    record = PeelRecord(paper.block.party_ids[0], 1, bytes(32), bytes(32), 0)
    said = [str(finding) for finding in verify(replace(bundle, peels=(record,)))]
    assert said == ["At layer 1 another list was peeled than announced."]


def test_a_code_used_twice_or_never_printed_counts_once_or_not(crowd):
    here = survey()
    twice = here.sealed(here.receipts[0], q1=4)
    never = here.sealed(code_receipt(here.paper.survey, bytes(10)), q1=4)
    opened = counted(here.peeled_to(0, here.list_of([*listing().items, twice, never])))
    assert opened.rejected == {Rejection.SEEN_BEFORE: 1, Rejection.NOT_ISSUED: 1}
    assert len(opened.rows) == ANSWERS
