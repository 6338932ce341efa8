"""Counts made elsewhere: brought, looked at, released by every key, remembered; and never more kept than shown."""

import json
from dataclasses import replace
from datetime import date

import pytest

from commonground.approvals import actions as approvals
from commonground.counts import actions, pages
from commonground.counts.actions import Brought
from commonground.counts.examples import TITLE, drafted, walk
from commonground.counts.models import CountsDraft
from commonground.counts.tests import places
from commonground.demo import cast
from commonground.disclosure.certificate import faults
from commonground.disclosure.together import learn_together, not_remembered
from commonground.disclosure.verify import verify
from commonground.kernel.errors import NotFound, Refused
from commonground.kernel.sheets import as_csv
from commonground.kernel.text import sha256
from commonground.ledger import queries as ledger
from commonground.releases.models import Certificate, Release
from commonground.responses.models import Bulletin, PostedCertificate
from commonground.surveys import tally
from commonground.surveys.counted import shows_others
from commonground.surveys.groups import from_structure
from commonground.surveys.tests import meeting as meetings

pytestmark = pytest.mark.django_db(databases=["default", "responses"])
FOUNDERS = (cast.DANA, cast.LUZ, cast.RAY, cast.DENISE)


def sites(valley):
    return from_structure(valley.partnership.pk, "site", 10).groups


def file(valley, numbers=None, head=("site", "people")):
    """A file of these numbers at the first places, and of half of the staff at all others."""
    given = numbers or {}
    rows = [
        [group.codes[0], given.get(place, (group.roster or 40) // 2)] for place, group in enumerate(sites(valley))
    ]
    return as_csv(head, rows)


def brought(data, **changes):
    return replace(Brought(TITLE, "took_part", date(2027, 2, 3), "walk.csv", data), **changes)


def content_of(draft):
    return json.loads(draft.body)["content"]


def turn_all(valley, text, founders=FOUNDERS):
    for founder in founders:
        approvals.turn_key(valley.actor(founder), text.pk, text.hash)


def released(valley, given):
    luz = valley.actor(cast.LUZ)
    turn_all(valley, actions.propose(luz, actions.bring(luz, given).pk))
    return Release.rows.within(valley.partnership.pk).order_by("-seen_from").first()


def test_what_is_kept_before_the_keys_is_what_passed_the_gate(valley):
    draft = actions.bring(valley.actor(cast.LUZ), brought(file(valley, {0: 3, 1: 7})))
    content = content_of(draft)
    assert verify(content["tables"]) == []
    numbers = [cell["n"] for cell in content["tables"]["cells"]]
    assert 3 not in numbers and 7 not in numbers
    assert "walk.csv" not in draft.body


def test_every_key_releases_counts_and_the_draft_ends(valley):
    luz = valley.actor(cast.LUZ)
    text = actions.propose(luz, drafted(luz).pk)
    turn_all(valley, text, FOUNDERS[:3])
    assert not Release.rows.within(luz.tenant).exists()
    turn_all(valley, text, FOUNDERS[3:])
    release = Release.rows.within(luz.tenant).get()
    body = json.loads(text.body)
    assert sha256(bytes(release.data)) == release.hash == body["release"]
    assert json.loads(bytes(release.data)) == body["content"]
    assert release.published_at and {**body["page"], "on": release.page["on"]} == release.page
    assert not CountsDraft.rows.within(luz.tenant).exists()
    assert pages.released(luz, text.subject_id) == release.pk
    assert release.hash in str(ledger.entries(luz))


def test_staff_get_the_frozen_page_and_its_bytes(valley):
    release = released(valley, walk(valley.partnership.pk))
    assert tally.post_releases() == 1 and tally.post_releases() == 0
    posted = Bulletin.objects.get()
    assert bytes(posted.release) == bytes(release.data) and posted.page == release.page
    assert not posted.closing and not posted.in_list


def test_the_page_tells_numbers_of_the_release_alone(valley):
    draft = actions.bring(valley.actor(cast.LUZ), brought(file(valley, {0: 4})))
    page = json.loads(draft.body)["page"]
    charts = [block for block in page["blocks"] if block["kind"] == "chart"]
    assert charts and all("not shown, to protect people" not in block["title"]["en"] for block in charts)
    told = str(page["blocks"])
    assert "What is not shown, to protect people" in told
    assert set(page["title"]) == {"en", "es"} and "Caminata del almuerzo" in page["title"]["es"]


def test_the_same_count_with_one_person_more_is_refused(valley):
    released(valley, brought(file(valley)))
    half = (sites(valley)[0].roster or 40) // 2
    with pytest.raises(Refused) as refusal:
        actions.bring(valley.actor(cast.LUZ), brought(file(valley, {0: half + 1})))
    assert refusal.value.code == "other_people"
    assert not CountsDraft.rows.within(valley.partnership.pk).exists()


def test_another_count_is_judged_beside_the_first_and_both_tell_nothing(valley):
    first = released(valley, brought(file(valley)))
    half = (sites(valley)[0].roster or 40) // 2
    second = released(valley, brought(file(valley, {0: half + 1}), on=date(2027, 2, 10)))
    before, after = (json.loads(bytes(each.data)) for each in (first, second))
    assert [each["hash"] for each in after["tables"]["earlier"]] == [first.hash]
    assert not_remembered(after, [before]) == [] and learn_together([before, after]) == []


def test_counts_that_were_not_judged_beside_what_left_meanwhile_wait_no_longer(valley):
    luz = valley.actor(cast.LUZ)
    draft = drafted(luz)
    text = actions.propose(luz, draft.pk)
    released(valley, walk(luz.tenant, on=date(2027, 3, 3)))
    with pytest.raises(Refused) as refusal:
        turn_all(valley, text)
    assert refusal.value.code == "stale"
    assert Release.rows.within(luz.tenant).count() == 1


def test_counts_leave_with_a_certificate_that_anyone_can_check(valley):
    release = released(valley, brought(file(valley, {0: 3, 1: 7})))
    tables = json.loads(bytes(release.data))["tables"]
    made = Certificate.rows.within(valley.partnership.pk).get(release=release)
    assert tables["certificate"]["hash"] == sha256(bytes(made.data))
    assert faults(tables, bytes(made.data)) == [] and verify(tables) == []
    tally.post_releases()
    assert bytes(PostedCertificate.objects.get(pk=tables["certificate"]["hash"]).data) == bytes(made.data)


def test_counts_without_a_certificate_are_not_kept(valley, monkeypatch):
    monkeypatch.setattr(actions, "SECONDS", 0)
    with pytest.raises(Refused) as refusal:
        actions.bring(valley.actor(cast.LUZ), brought(file(valley, {0: 3, 1: 7})))
    assert refusal.value.code == "slow"
    assert not CountsDraft.rows.within(valley.partnership.pk).exists()


def test_counts_that_were_kept_before_there_was_a_certificate_are_brought_again(valley):
    luz = valley.actor(cast.LUZ)
    draft = drafted(luz)
    body = json.loads(draft.body)
    body["content"]["tables"]["certificate"] = None
    draft.body = json.dumps(body)
    draft.save()
    with pytest.raises(Refused) as refusal:
        actions.propose(luz, draft.pk)
    assert refusal.value.code == "stale"


def test_counts_do_not_leave_while_a_count_of_answers_waits_for_its_certificate(valley):
    luz = valley.actor(cast.LUZ)
    text = actions.propose(luz, drafted(luz).pk)
    meetings.peeled(valley).drafted()
    with pytest.raises(Refused) as refusal:
        turn_all(valley, text)
    assert refusal.value.code == "certifying"
    assert not Release.rows.within(luz.tenant).exists()


def test_a_survey_is_judged_beside_counts_that_left_before(valley):
    counts = released(valley, walk(valley.partnership.pk))
    answers = meetings.peeled(valley).count()
    before, after = (json.loads(bytes(each.data)) for each in (counts, answers))
    tables = after["tables"]
    assert not_remembered(after, [before]) == [] and learn_together([before, after]) == []
    assert [(each["hash"], each["how"]) for each in tables["earlier"]] == [(counts.hash, "people")]
    assert tables["earlier"][0]["same"], "the staff list says that the same people belong to each place"


def test_a_question_that_was_asked_afterwards_is_shown_as_shares(valley):
    rows = [[group.codes[0], 30, 20, 6] for group in sites(valley) if (group.roster or 0) > 40]
    data = as_csv(["site", "people", "yes", "no"], rows)
    question = {"en": "Would you come again?", "es": "¿Volvería a venir?"}
    content = content_of(actions.bring(valley.actor(cast.LUZ), brought(data, question=question)))
    assert content["tables"]["cells"][0]["answers"]["liked"]["top"] == 77
    assert verify(content["tables"]) == []


def test_two_places_that_are_shown_together_are_two_lines_and_one_place_twice_is_refused(valley):
    rows: list[list[str | int]] = [[place[0], 20] for place in places.PLACES]
    content = content_of(actions.bring(valley.actor(cast.LUZ), brought(as_csv(["site", "people"], rows))))
    together = next(
        place
        for place, part in enumerate(content["tables"]["groups"][-1]["reporting"])
        if part["holds"]
        and content["words"]["questions"][0]["options"][part["holds"][0]]["codes"] == ["BIR", "FIR"]
    )
    assert [cell["n"] for cell in content["tables"]["cells"] if cell["at"] == {"site": together}] == [40]
    with pytest.raises(Refused, match="Line 8: The same groups as in line 3"):
        actions.bring(valley.actor(cast.LUZ), brought(as_csv(["site", "people"], [*rows, ["Birch", 5]])))


def test_names_and_headings_in_spanish_are_understood(valley):
    names = [group.holds[0] for group in sites(valley)]
    data = as_csv(["Lugar", "Número"], [[name.upper(), 20] for name in names])
    content = content_of(actions.bring(valley.actor(cast.LUZ), brought(data)))
    assert content["tables"]["cells"][0]["n"] == 20 * len(names)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (as_csv(["site", "people"], [["Atlantis", 12]]), "Line 2, column site: “Atlantis” is no code or name"),
        (as_csv(["site"], [["x"]]), "Column people: The table does not have this heading"),
        (b"", "There is nothing in this file."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_line_and_column(valley, data, says):
    with pytest.raises(Refused) as refusal:
        actions.bring(valley.actor(cast.LUZ), brought(data))
    assert says in str(refusal.value.message)


def test_counts_that_wait_for_keys_are_not_erased(valley):
    luz = valley.actor(cast.LUZ)
    draft = drafted(luz)
    text = actions.propose(luz, draft.pk)
    with pytest.raises(Refused):
        actions.drop(luz, draft.pk)
    approvals.send_back(valley.actor(cast.DENISE), text.pk, about="", reason="Not this one.")
    actions.drop(luz, draft.pk)
    assert not CountsDraft.rows.within(luz.tenant).exists()


def test_another_district_finds_nothing(valley, neighbor):
    draft = drafted(valley.actor(cast.LUZ))
    with pytest.raises(NotFound):
        pages.draft(neighbor.actor(cast.NEIGHBOR), draft.pk)


def asked(valley, more=0):
    """Counts with one answer each; at the first place `more` people said yes."""
    rows = [
        [group.codes[0], half + extra, half // 2 + extra, half - half // 2]
        for place, group in enumerate(sites(valley))
        for half, extra in [((group.roster or 40) // 2, 0 if place else more)]
    ]
    question = {"en": "Was it good?", "es": "¿Estuvo bien?"}
    return brought(as_csv(("site", "people", "yes", "no"), rows), question=question)


def test_a_count_that_was_sent_back_does_not_come_again_with_one_person_more(valley):
    """The text that was sent back stays readable, so a corrected one beside it would tell that person's answer."""
    luz = valley.actor(cast.LUZ)
    text = actions.propose(luz, actions.bring(luz, asked(valley)).pk)
    approvals.send_back(valley.actor(cast.DANA), text.pk, about="", reason="Somebody is missing.")
    with pytest.raises(Refused) as refusal:
        actions.bring(luz, asked(valley, 1))
    assert refusal.value.code == "shown"
    again = actions.propose(luz, actions.bring(luz, asked(valley)).pk)
    assert json.loads(again.body)["content"] == json.loads(text.body)["content"]


def test_two_drafts_of_one_count_are_not_both_frozen(valley):
    luz = valley.actor(cast.LUZ)
    drafts = [actions.bring(luz, asked(valley, more)) for more in (0, 1)]
    actions.propose(luz, drafts[0].pk)
    with pytest.raises(Refused) as refusal:
        actions.propose(luz, drafts[1].pk)
    assert refusal.value.code == "shown"


def test_a_draft_is_seen_by_who_brought_it_until_it_is_frozen(valley):
    luz, sam = valley.actor(cast.LUZ), valley.actor(cast.SAM)
    draft = actions.bring(luz, asked(valley))
    for act in (pages.draft, actions.drop, actions.propose):
        with pytest.raises(NotFound):
            act(sam, draft.pk)
    assert pages.drafts(sam) == [] and len(pages.drafts(luz)) == 1
    actions.propose(luz, draft.pk)
    assert pages.draft(sam, draft.pk).waiting and len(pages.drafts(sam)) == 1


def test_a_count_judged_beside_more_may_tell_less_but_nothing_else(valley):
    """Where another release left meanwhile, what is told in both must be the same."""
    content = content_of(actions.bring(valley.actor(cast.LUZ), asked(valley)))
    later = json.loads(json.dumps(content))
    later["tables"]["earlier"] = [{"hash": "0" * 64}]
    told = next(cell for cell in later["tables"]["cells"] if cell["n"])
    assert not shows_others(later, content)
    told["answers"]["liked"]["top"] += 1
    assert shows_others(later, content)
    told["answers"]["liked"]["status"] = "withheld"
    assert not shows_others(later, content)
    told["n"] += 1
    assert shows_others(later, content)
    told["n"] = None
    assert not shows_others(later, content) and shows_others(
        {**later, "tables": {**later["tables"], "earlier": []}}, content
    )
