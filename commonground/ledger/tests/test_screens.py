"""The record on screen: plain sentences with names of today, both parties, other districts, pages and files."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commonground.access.actor import Actor
from commonground.access.table import TABLE, Action, Record
from commonground.approvals.examples import frozen, turned
from commonground.demo import cast
from commonground.ledger import chain, queries
from commonground.ledger.acts import act, record
from commonground.ledger.sentences import SENTENCES, tell
from commonground.ledger.verify import report

LUZ, DENISE = "Luz Ortega", "Denise Park"


@pytest.fixture
def go(client, valley):
    """Return a call that opens an address of the district as a person."""

    def call(person, path):
        client.force_login(valley.people[person])
        return client.get(valley.url(path))

    return call


@act(Action.EDIT_STRUCTURE)
def _note(actor: Actor, what: str) -> None:
    record(actor, what=what)


@pytest.fixture
def caucus(monkeypatch):
    """Let the act of these tests be recorded in the own chain."""
    rule = replace(TABLE[Action.EDIT_STRUCTURE], records=Record.OWN)
    monkeypatch.setitem(TABLE, Action.EDIT_STRUCTURE, rule)


def test_both_parties_read_the_same_sentences(valley, go):
    turned(valley, frozen(valley, title="Staff survey, fall 2026"), (LUZ,))
    sentence = (
        "Luz Ortega turned the key of Classified Employees Chapter 212 on “Staff survey, fall 2026”, version 1."
    )
    for person in (LUZ, DENISE, "Sam Abara"):
        assert sentence in go(person, "record/").content.decode()


def test_the_last_key_says_so(valley, go):
    turned(valley, frozen(valley), ("Dana Whitfield", "Ray Tran", DENISE, LUZ))
    assert go(LUZ, "record/").content.decode().count("It was the last key: the text is in force.") == 1


def test_an_erased_person_leaves_the_record_readable(valley, go):
    text = turned(valley, frozen(valley), ("Dana Whitfield",))
    entries = queries.entries(valley.actor(cast.LUZ))
    gone = [entry for entry in entries if entry.act == "turn_key"]
    told = tell(valley.partnership.pk, [replace(gone[0], by=text.pk.hex)])
    assert told[0].sentence.startswith("Someone whose account was erased turned the key of Alder Valley Teachers")


def test_every_recorded_act_has_a_sentence():
    recorded = {action for action, rule in TABLE.items() if rule.records is not Record.NONE}
    assert recorded == set(SENTENCES)


@pytest.mark.parametrize("action", SENTENCES)
def test_every_sentence_of_an_act_says_who(action):
    assert all("%(who)s" in str(template) for template in SENTENCES[action])


def test_an_act_of_an_older_version_is_still_told(valley):
    actor = valley.actor(cast.LUZ)
    frozen(valley)
    old = queries.entries(actor)[0]
    entry = replace(old, act="plant_tree")
    assert tell(actor.tenant, [entry])[0].sentence == "Luz Ortega did this: plant tree."


@pytest.mark.parametrize(
    ("act", "facts", "told"),
    [
        (Action.ISSUE_CODES, {"count": 60}, "Luz Ortega had codes printed: 60."),
        (
            Action.ISSUE_CODES,
            {"reminder": 2, "mailing": 48},
            "Luz Ortega sent reminder 2 to everyone asked. People written to: 48.",
        ),
        (
            Action.ISSUE_CODES,
            {"mailing": 44},
            "Luz Ortega asked for letters with a personal link. People to be written to: 44.",
        ),
        (
            Action.TURN_KEY,
            {"launched": "ab", "eligible": 89},
            f"With the last key, that of {cast.TEACHERS}, Luz Ortega launched the survey. People asked: 89.",
        ),
    ],
)
def test_the_facts_of_an_act_choose_its_sentence(valley, act, facts, told):
    actor = valley.actor(cast.LUZ)
    frozen(valley)
    party = valley.parties[cast.TEACHERS].pk.hex
    entry = replace(queries.entries(actor)[0], act=act, party=party, facts=facts)
    assert tell(actor.tenant, [entry])[0].sentence == told


def test_pages_by_place(valley, go, monkeypatch):
    monkeypatch.setattr("commonground.ledger.views.PAGE", 2)
    for _ in range(5):
        frozen(valley)
    first = go(LUZ, "record/").content.decode()
    assert "Entry 5," in first and "Entry 4," in first and "Entry 3," not in first and 'href="?before=4' in first
    second = go(LUZ, "record/?before=4").content.decode()
    assert "Entry 3," in second and "Entry 4," not in second
    last = go(LUZ, "record/?before=2").content.decode()
    assert "Entry 1," in last and 'href="?before=' not in last
    assert go(LUZ, "record/?before=two").status_code == 404


def test_the_own_record_stays_with_its_party(valley, go, caucus):
    _note(valley.actor(cast.LUZ), "ours alone")
    assert "changed the list of places" in go(LUZ, "record/own/").content.decode()
    assert "changed the list of places" not in go(LUZ, "record/").content.decode()
    for person in (DENISE, "Ray Tran"):
        assert "changed the list of places" not in go(person, "record/own/").content.decode()
        assert "ours alone" not in go(person, "record/own/file/").content.decode()
    assert "ours alone" in go("Elena Ruiz", "record/own/file/").content.decode()
    assert go("Sam Abara", "record/own/").status_code == 403
    assert go("Sam Abara", "record/own/file/").status_code == 403


def test_the_file_verifies_against_the_head_on_screen(valley, go):
    turned(valley, frozen(valley), (LUZ, DENISE))
    head = queries.head(valley.partnership.pk)
    assert head in go(LUZ, "record/").content.decode()
    answer = go(DENISE, "record/file/")
    assert "alder-valley-joint-record.jsonl" in answer["Content-Disposition"]
    sentences, unharmed = report(answer.content.decode(), head)
    assert unharmed and "holds 3 entries" in sentences[0]
    assert LUZ not in answer.content.decode()


def test_the_empty_record_teaches(go):
    page = go(LUZ, "record/").content.decode()
    assert "becomes the first entry" in page and chain.GENESIS in page


@pytest.mark.parametrize("path", ["record/", "record/file/", "record/own/", "record/own/file/"])
def test_only_the_committee_reads(valley, neighbor, go, client, path):
    assert go("Noor Haddad", path).status_code == 403
    assert go("Pat Lindqvist", path).status_code == 404
    client.force_login(neighbor.people["Robin Achebe"])
    assert client.get(valley.url(path)).status_code == 404


def test_one_and_three_entries_cost_equal_queries(valley, go):
    turned(valley, frozen(valley), (LUZ,))
    go(LUZ, "record/")

    def cost():
        with CaptureQueriesContext(connection) as queries:
            go(LUZ, "record/")
        return len(queries)

    one = cost()
    turned(valley, frozen(valley), (DENISE, "Ray Tran"))
    assert cost() == one
