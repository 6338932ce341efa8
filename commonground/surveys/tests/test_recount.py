"""Counting again, off line, with the words of every party: the same release, and every change seen."""

import dataclasses
import json
import subprocess
import sys
from datetime import timedelta

import pytest

from commonground.demo import cast
from commonground.disclosure import weaker
from commonground.kernel import time
from commonground.kernel.text import canonical
from commonground.sealing import hpke, lists
from commonground.sealing.errors import CannotOpen, Malformed, Refused
from commonground.sealing.formats import fingerprint
from commonground.sealing.kit import Kit, read_kit
from commonground.sealing.seals import CountingKey
from commonground.surveys import tally
from commonground.surveys.recount import Less, Recount
from commonground.surveys.tests import meeting as meetings
from commonground.surveys.tests.meeting import ORDER, Meeting, refused

pytestmark = pytest.mark.django_db(databases=["default", "responses"])


@pytest.fixture
def counted(valley):
    """A counted survey and the kit that a party took of it."""
    meeting = meetings.peeled(valley, 12)
    meeting.count()
    return meeting, read_kit(tally.recount_kit(meeting.keeper(cast.TEACHERS), meeting.id))


def again(meeting: Meeting, kit: Kit) -> Recount:
    """Every party takes its turn with the words of its sheet, on which stands whatever list comes about."""
    recount = Recount(kit)
    for party in ORDER:
        assert recount.whose_turn == party
        recount.take(meeting.steps.phrases[party], fingerprint(recount.listing.hash))
    assert recount.whose_turn is None
    return recount


def test_the_published_release_is_the_same(counted):
    recount = again(*counted)
    assert recount.is_same() and recount.less == Less(groups=0, answers=0)


def changed_release(kit: Kit) -> Kit:
    release = json.loads(kit.release)
    release["counts"]["counted"] += 1
    return dataclasses.replace(kit, release=canonical(release).decode())


def tells_more(kit: Kit) -> Kit:
    """A release that tells of a question where the count withholds it."""
    release = json.loads(kit.release)
    told = release["tables"]["cells"][0]["answers"]["q1"]
    told.update(status="shown", n=12, options=None, top=50, mean=None, step=1, reason=None)
    return dataclasses.replace(kit, release=canonical(release).decode())


def without_one_receipt(kit: Kit) -> Kit:
    return dataclasses.replace(kit, receipts=kit.receipts[1:])


def without_one_answer(kit: Kit) -> Kit:
    listing = kit.first_list
    return dataclasses.replace(kit, first_list=dataclasses.replace(listing, items=listing.items[1:]))


def one_answer_exchanged(kit: Kit) -> Kit:
    """As somebody does who writes in the database and has a code of her own: another item, well sealed."""
    paper, listing = kit.paper, kit.first_list
    plain = bytes([2]) + bytes(16 + 256) + paper.layout.encode({"q1": 0})
    stranger = hpke.seal_answer(plain, paper.block.keys, paper.hash)
    items = (*listing.items[1:], stranger)
    return dataclasses.replace(kit, first_list=lists.sorted_list(paper, 1, items))


@pytest.mark.parametrize(
    "harm",
    [changed_release, tells_more, without_one_receipt, without_one_answer, one_answer_exchanged],
    ids=lambda h: h.__name__,
)
def test_every_change_differs(counted, harm):
    meeting, kit = counted
    assert not again(meeting, harm(kit)).is_same()


def told_less(kit: Kit) -> Kit:
    """The release with one more group hidden, as its certificate says, and a question withheld in the district."""
    release = json.loads(kit.release)
    hidden = next(cell["at"] for cell in release["tables"]["cells"][1:] if cell["status"] == "shown")
    tables = weaker.hide(release["tables"], [frozenset(hidden.items())])
    tables["certificate"] = {**release["tables"]["certificate"], "hidden": [hidden]}
    answers = tables["cells"][0]["answers"]
    answers["q1"] = dict(weaker.WITHHELD)
    return dataclasses.replace(kit, release=canonical({**release, "tables": tables}).decode())


def test_a_release_that_tells_less_for_its_certificate_is_the_same_and_says_by_how_much(valley):
    meeting = meetings.peeled(valley, 40)
    meeting.count()
    kit = told_less(read_kit(tally.recount_kit(meeting.keeper(cast.TEACHERS), meeting.id)))
    recount = again(meeting, kit)
    assert recount.is_same() and recount.less == Less(groups=1, answers=1)
    unnamed = json.loads(kit.release)
    unnamed["tables"]["certificate"]["hidden"] = []
    kit = dataclasses.replace(kit, release=canonical(unnamed).decode())
    assert not again(meeting, kit).is_same()


def test_a_list_that_was_put_in_place_of_the_one_on_the_sheet_is_not_opened(counted):
    meeting, kit = counted
    recount, on_sheet = Recount(one_answer_exchanged(kit)), fingerprint(kit.first_list.hash)
    with pytest.raises(Refused, match="not the 26 characters"):
        recount.take(meeting.steps.phrases[ORDER[0]], on_sheet)
    assert recount.shares == []


def test_words_of_another_party_open_nothing(counted):
    meeting, kit = counted
    recount = Recount(kit)
    with pytest.raises(CannotOpen):
        recount.take(meeting.steps.phrases[ORDER[1]], fingerprint(kit.first_list.hash))
    assert recount.shares == [] and recount.whose_turn == ORDER[0]


def test_without_every_party_there_is_no_outcome(counted):
    meeting, kit = counted
    recount = Recount(kit)
    recount.take(meeting.steps.phrases[ORDER[0]], fingerprint(kit.first_list.hash))
    with pytest.raises(CannotOpen):
        recount.is_same()


def test_a_kit_with_another_counting_key_or_no_release_says_so(counted):
    meeting, kit = counted
    with pytest.raises(CannotOpen):
        again(
            meeting, dataclasses.replace(kit, counting=CountingKey(bytes(99), kit.counting.sealed_shares))
        ).is_same()
    with pytest.raises(Malformed):
        again(meeting, dataclasses.replace(kit, release="[]")).is_same()


def test_the_kit_is_there_from_the_count_until_destruction(valley):
    meeting = meetings.peeled(valley, 3)
    keeper = meeting.keeper(cast.TEACHERS)
    refused("state", tally.recount_kit, keeper, meeting.id)
    meeting.count()
    assert tally.recount_kit(keeper, meeting.id)
    with time.at(meeting.closing_time + timedelta(days=365)):
        tally.tick()
    refused("state", tally.recount_kit, keeper, meeting.id)


def test_counting_again_needs_no_django():
    program = "import commonground.surveys.recount, sys; print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
