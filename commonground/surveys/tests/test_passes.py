"""The pass point: one pass a link, the same answer to the same request, and nothing left of it after closing."""

import secrets
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.test import Client

from commonground.demo import cast
from commonground.kernel import key_folder, time
from commonground.kernel.errors import NotFound, Refused
from commonground.responses.actions import GRACE
from commonground.sealing.passes import Respondent
from commonground.surveys import passes, tally
from commonground.surveys.models import Eligible
from commonground.surveys.opening_files import paper_of
from commonground.surveys.tests import writing

pytestmark = pytest.mark.django_db(databases=["default", "responses"])


@pytest.fixture
def steps(valley):
    return writing.launched(valley)


@contextmanager
def while_open(steps):
    with time.at(steps.survey.opens_at + timedelta(days=1)):
        yield


def asked(steps) -> list[Eligible]:
    return list(Eligible.rows.within(steps.valley.partnership.pk).filter(survey=steps.survey).order_by("pk"))


def somebody(steps, place: int = 0) -> Respondent:
    """The person with the link of this place in the list of those asked."""
    people = asked(steps)
    secret = passes.link_secrets(steps.survey, [row.pk for row in people])[people[place].pk]
    return Respondent(paper_of(steps.survey), secret)


def test_a_link_gives_one_pass_that_the_paper_can_check(steps):
    person = somebody(steps)
    with while_open(steps):
        person.take(passes.take(person.request()))
    marked = [row for row in asked(steps) if row.marked]
    assert [row.blinded_hash for row in marked] == [person.request().blinded_hash.hex()]
    assert passes.taken(steps.survey) == 1


def test_the_same_request_is_answered_again_and_another_is_refused(steps):
    person, again = somebody(steps), somebody(steps)
    with while_open(steps):
        assert passes.take(person.request()) == passes.take(person.request())
        with pytest.raises(Refused) as refusal:
            passes.take(again.request())
    assert refusal.value.code == passes.TAKEN and passes.taken(steps.survey) == 1


def test_who_drew_a_code_gets_no_pass(steps):
    Eligible.rows.within(steps.valley.partnership.pk).filter(pk=asked(steps)[0].pk).update(marked=True)
    with while_open(steps), pytest.raises(Refused):
        passes.take(somebody(steps).request())
    assert passes.taken(steps.survey) == 0


def test_an_unknown_link_or_survey_is_not_found(steps):
    paper = paper_of(steps.survey)
    with while_open(steps), pytest.raises(NotFound):
        passes.take(Respondent(paper, secrets.token_bytes(16)).request())


@pytest.mark.parametrize(("days", "code"), [(-0.01, passes.EARLY), (14.0, passes.CLOSED)])
def test_passes_are_given_from_opening_to_closing(steps, days, code):
    with time.at(steps.survey.opens_at + timedelta(days=days)), pytest.raises(Refused) as refusal:
        passes.take(somebody(steps).request())
    assert refusal.value.code == code


def test_only_hashes_of_links_are_kept_and_every_link_is_another(steps):
    people = asked(steps)
    found = passes.link_secrets(steps.survey, [row.pk for row in people])
    assert len(set(found.values())) == len(people)
    assert {row.link_hash for row in people} == {passes.link_hash(secret) for secret in found.values()}


def test_closing_counts_passes_and_erases_marks_links_and_keys(steps):
    person = somebody(steps)
    with while_open(steps):
        passes.take(person.request())
    with time.at(steps.survey.closes_at + GRACE):
        tally.close(steps.actor(cast.SAM), steps.survey.pk)
        tally.close(steps.actor(cast.SAM), steps.survey.pk)
        with pytest.raises(Refused) as refusal:
            passes.take(person.request())
    assert refusal.value.code == passes.CLOSED
    assert tally.closing_facts(steps.again())["passes"] == 1
    assert not any(key_folder.holds(steps.survey.public_id, kind) for kind in key_folder.Kind)
    left = {(row.marked, row.link_hash, row.blinded_hash) for row in asked(steps)}
    assert left == {(False, "", "")} and len(asked(steps)) > 40


def test_the_tick_erases_what_a_crash_left(steps, monkeypatch):
    with time.at(steps.survey.closes_at + GRACE):
        monkeypatch.setattr(passes, "erase_marks", lambda survey: None)
        tally.tick()
        monkeypatch.undo()
        assert not passes.is_erased(steps.survey)
        tally.tick()
    assert passes.is_erased(steps.survey)
    assert tally.closing_facts(steps.again())["passes"] == 0


def post(data: bytes, **headers: str):
    return Client().post("/pass/", data, content_type="application/octet-stream", headers=headers)


def test_the_address_needs_no_cookie_and_sets_none(steps):
    person = somebody(steps)
    with while_open(steps):
        answer = post(person.request().to_bytes(), origin="https://union.example")
    assert answer.status_code == 200 and not answer.cookies
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "sessionid" not in answer.headers.get("Vary", "") and answer["Cache-Control"] == "no-store"
    person.take(answer.content)


def test_every_refusal_is_a_status_alone(steps, caplog):
    person = somebody(steps)
    data, unknown = person.request().to_bytes(), Respondent(person.paper, bytes(16)).request().to_bytes()
    with while_open(steps):
        statuses = [post(b"short").status_code, post(unknown).status_code, post(data).status_code]
        taken = post(somebody(steps).request().to_bytes())
    statuses += [taken.status_code, post(data).status_code]
    with time.at(steps.survey.closes_at):
        statuses.append(post(data).status_code)
    assert statuses == [400, 404, 200, 409, 425, 410] and taken.content == b""
    assert not caplog.records, "the pass point logs nothing"


def test_a_browser_may_ask_before_it_sends(client):
    asked = client.options("/pass/", headers={"origin": "https://union.example"})
    assert asked.status_code == 204 and asked["Access-Control-Allow-Headers"] == "content-type"
    assert client.get("/pass/").status_code == 405


def test_a_pass_touches_one_row_and_no_other_table(steps, django_assert_num_queries):
    person = somebody(steps)
    with while_open(steps), django_assert_num_queries(4) as queries:
        passes.take(person.request())
    written = [q["sql"] for q in queries.captured_queries if q["sql"].split()[0] in ("UPDATE", "INSERT", "DELETE")]
    assert len(written) == 1 and "surveys_eligible" in written[0]
