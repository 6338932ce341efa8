"""The charter from an empty page to being in force, and its next version; refusals, other districts, queries."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commonground.agreements import actions, queries
from commonground.agreements.contents import Both
from commonground.agreements.examples import KEY_HOLDERS, contents, drafted
from commonground.agreements.models import Charter
from commonground.approvals.actions import turn_key
from commonground.approvals.rules import State
from commonground.demo import cast
from commonground.kernel.errors import NotAllowed, Refused
from commonground.partnership.models import KeyHolder, Partnership, PartnershipState

LUZ, DENISE = "Luz Ortega", "Denise Park"
FOUNDERS = (cast.DANA, cast.LUZ, cast.RAY, cast.DENISE)


@pytest.fixture
def go(client, valley):
    """Return a call that opens an address of the district as a person, or posts to it when fields are given."""

    def call(person, path, fields=None):
        client.force_login(valley.people[person])
        return client.get(valley.url(path)) if fields is None else client.post(valley.url(path), fields)

    return call


def attributes(tag):
    """Return the attributes of an opening tag."""
    return {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}


def fields_of(page):
    """Return the fields of the draft form as a browser would send them back."""
    found = {}
    for tag in map(attributes, re.findall(r"<input[^>]*>", page)):
        found[tag["name"]] = tag.get("value", "")
    for tag, words in re.findall(r"(<textarea[^>]*>)\n?(.*?)</textarea>", page, re.S):
        found[attributes(tag)["name"]] = unescape(words)
    for tag, options in re.findall(r"(<select[^>]*>)(.*?)</select>", page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[attributes(tag)["name"]] = chosen[1] if chosen else ""
    return found


def the(found):
    """Return what was looked for, which must be there."""
    assert found is not None
    return found


def in_force(valley, hands=FOUNDERS, **changed):
    """Bring a charter into force with the keys of these people; return its text."""
    text = actions.lay_before_parties(valley.actor(cast.LUZ), *drafted(valley, **changed))
    for member in hands:
        turn_key(valley.actor(member), text.pk, text.hash)
    return text


def test_a_charter_frozen_in_one_language_says_in_both_what_takes_effect(valley):
    text = actions.lay_before_parties(valley.actor(cast.DENISE), *drafted(valley))
    assert text.title == {"en": "Charter of the partnership", "es": "Carta de la alianza"}
    assert all(sentence["en"] != sentence["es"] for sentence in text.changes)


def test_the_empty_page_teaches_and_starts_a_draft(valley, go):
    assert "What a charter is for" in go(LUZ, "charter/").content.decode()
    assert go(LUZ, "charter/start/", {}).url.endswith("/charter/draft/")
    page = go(DENISE, "charter/draft/").content.decode()
    for words in (
        "What the staff survey asks, and when",
        "Qué pregunta la encuesta al personal, y cuándo",
        "Health information stays private",
        "The purpose is missing in one language or both.",
        "Each party needs at least one key holder and one alternate.",
    ):
        assert words in page


def test_starting_twice_keeps_one_draft(valley, go):
    go(LUZ, "charter/start/", {})
    go(DENISE, "charter/start/", {})
    assert Charter.rows.within(valley.partnership.pk).count() == 1


def test_saving_keeps_rows_and_takes_out_emptied_ones(valley, go):
    go(LUZ, "charter/start/", {})
    fields = fields_of(go(LUZ, "charter/draft/").content.decode())
    fields |= {"purpose_en": "Together.", "matters-0-en": "", "matters-0-es": "", "matters-0-who": ""}
    fields |= {"protections-0-en": "No names.", "protections-0-es": "Sin nombres."}
    fields |= {"matters-9-en": "Parking", "matters-9-es": "Estacionamiento", "matters-9-who": "party_or_board"}
    assert go(LUZ, "charter/draft/", fields).status_code == 302
    draft = the(queries.draft(valley.actor(cast.LUZ)))
    matters = [right.matter.en for right in draft.contents.rights]
    assert draft.contents.purpose.en == "Together." and draft.revision == 2
    assert "Parking" in matters and "What the staff survey asks, and when" not in matters and len(matters) == 9
    assert draft.contents.protections == (Both("No names.", "Sin nombres."),)


def test_a_matter_without_a_decider_is_refused_and_kept(valley, go):
    go(LUZ, "charter/start/", {})
    fields = fields_of(go(LUZ, "charter/draft/").content.decode()) | {"matters-9-en": "Parking lot"}
    answer = go(LUZ, "charter/draft/", fields)
    assert answer.status_code == 422 and "Parking lot" in answer.content.decode()
    assert "Please choose who decides." in answer.content.decode()


def test_a_lost_edit_is_refused_and_kept(valley, go):
    go(LUZ, "charter/start/", {})
    fields = fields_of(go(LUZ, "charter/draft/").content.decode())
    assert go(DENISE, "charter/draft/", fields | {"purpose_en": "Denise was here."}).status_code == 302
    answer = go(LUZ, "charter/draft/", fields | {"purpose_en": "Luz wrote this."})
    page = answer.content.decode()
    assert answer.status_code == 409 and "Luz wrote this." in page and "Someone else saved this draft" in page
    assert the(queries.draft(valley.actor(cast.LUZ))).contents.purpose.en == "Denise was here."


def test_freezing_with_gaps_saves_and_says_what_is_missing(valley, go):
    go(LUZ, "charter/start/", {})
    fields = fields_of(go(LUZ, "charter/draft/").content.decode())
    assert go(LUZ, "charter/draft/", fields | {"purpose_en": "Together.", "freeze": "yes"}).status_code == 302
    page = go(LUZ, "charter/draft/").content.decode()
    assert "The draft is saved, but not frozen yet." in page and "Together." in page
    assert queries.waiting_charter(valley.actor(cast.LUZ)) is None


def test_freezing_binds_every_party(valley, go):
    drafted(valley)
    fields = fields_of(go(LUZ, "charter/draft/").content.decode())
    answer = go(LUZ, "charter/draft/", fields | {"freeze": "yes", "needed_by": "2027-01-15"})
    text = the(queries.waiting_charter(valley.actor(cast.LUZ)))
    assert answer.url == valley.url(f"texts/{text.id}/") and len(text.keys) == 4
    page = go(DENISE, f"texts/{text.id}/").content.decode()
    for words in (
        "Who decides what",
        "Qué pregunta la encuesta",
        "Luz Ortega; alternate: Elena Ruiz",
        "January 15",
    ):
        assert words in page


def test_in_force_it_seats_the_key_holders_and_activates(valley, go):
    text = in_force(valley)
    held = KeyHolder.rows.within(valley.partnership.pk)
    named = {(row.party.name, row.person.name, row.alternate) for row in held}
    assert named == {
        (party, member.name, alternate)
        for party, pair in KEY_HOLDERS.items()
        for member, alternate in zip(pair, (False, True), strict=True)
    }
    assert Partnership.objects.get(pk=valley.partnership.pk).state == PartnershipState.ACTIVE
    assert valley.actor(cast.HELEN).holds_key and not valley.actor(cast.TOM).holds_key
    assert Charter.rows.within(valley.partnership.pk).exclude(in_force_at=None).count() == 1
    for reader in ("Noor Haddad", "Sam Abara", LUZ):
        page = go(reader, "charter/").content.decode()
        assert "We make work here better, together." in page
        assert the(queries.charter_in_force(valley.actor(cast.LUZ))).fingerprint[:4] in page
    assert text.hash == the(queries.charter_in_force(valley.actor(cast.LUZ))).hash


def test_a_later_charter_replaces_the_key_holders(valley):
    in_force(valley)
    holders = dict(contents(valley).holders)
    party = valley.parties[cast.MANAGEMENT].pk
    tom, helen = (valley.people[name].pk for name in ("Tom Reyes", "Helen Castro"))
    holders[party] = holders[party].__class__((tom,), (helen,))
    second = in_force(valley, (cast.DANA, cast.LUZ, cast.RAY, cast.HELEN), holders=holders)
    assert second.version == 2
    assert valley.actor(cast.TOM).holds_key and not valley.actor(cast.DENISE).holds_key
    with pytest.raises(NotAllowed):
        turn_key(valley.actor(cast.DENISE), second.pk, second.hash)


def test_a_draft_edited_after_freezing_stays_a_draft(valley):
    luz = valley.actor(cast.LUZ)
    draft_id, revision = drafted(valley)
    text = actions.lay_before_parties(luz, draft_id, revision)
    later = contents(valley, purpose=Both("Later words.", "Palabras posteriores."))
    actions.save_charter(luz, draft_id, revision, later)
    for member in FOUNDERS:
        turn_key(valley.actor(member), text.pk, text.hash)
    assert the(queries.draft(luz)).contents == later
    kept = Charter.rows.within(luz.tenant).exclude(in_force_at=None).get()
    assert kept.purpose_en == "We make work here better, together."


def test_a_next_draft_begins_with_the_charter_in_force(valley, go):
    in_force(valley)
    assert "Draft a new version" in go(LUZ, "charter/").content.decode()
    go(LUZ, "charter/start/", {})
    assert the(queries.draft(valley.actor(cast.LUZ))).contents == contents(valley)


def test_what_was_read_is_what_is_frozen(valley):
    draft_id, revision = drafted(valley)
    with pytest.raises(Refused, match="changed after you read it"):
        actions.lay_before_parties(valley.actor(cast.LUZ), draft_id, revision - 1)


def test_sent_back_it_can_be_frozen_again(valley, go):
    draft_id, revision = drafted(valley)
    text = actions.lay_before_parties(valley.actor(cast.LUZ), draft_id, revision)
    go(DENISE, f"texts/{text.pk}/send-back/", {"about": "wording", "reason": "Say what rested means."})
    again = actions.lay_before_parties(valley.actor(cast.LUZ), draft_id, revision)
    assert again.version == 2 and again.state == State.WAITING


@pytest.mark.parametrize(
    ("person", "read", "write"),
    [("Noor Haddad", 200, 403), ("Helen Castro", 200, 403), ("Elena Ruiz", 200, 302), ("Pat Lindqvist", 404, 404)],
)
def test_who_reads_and_who_writes(valley, go, person, read, write):
    drafted(valley)
    assert go(person, "charter/").status_code == read
    assert go(person, "charter/start/", {}).status_code == write
    assert go(person, "charter/draft/", {}).status_code == (422 if write == 302 else write)


def test_a_draft_is_for_the_committee_only(valley, go):
    drafted(valley)
    assert "We make work here better" not in go("Noor Haddad", "charter/").content.decode()
    assert "We make work here better" in go("Helen Castro", "charter/").content.decode()


@pytest.mark.parametrize("path", ["charter/", "charter/draft/"])
def test_the_neighbor_gets_404(valley, neighbor, client, path):
    client.force_login(neighbor.people["Robin Achebe"])
    assert client.get(valley.url(path)).status_code == 404


def test_one_and_three_matters_cost_equal_queries(valley, go):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            go(LUZ, "charter/")
        return len(queries)

    drafted(valley)
    go(LUZ, "charter/")
    one = cost()
    drafted(valley, rights=contents(valley).rights * 3)
    assert cost() == one
