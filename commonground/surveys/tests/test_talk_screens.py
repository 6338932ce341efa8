"""The screens on which parties talk about a question, and what the draft then shows."""

import pytest
from django.urls import reverse

from commonground.demo import cast
from commonground.surveys import actions, stands
from commonground.surveys.models import Question, Remark
from commonground.surveys.tests import writing

pytestmark = pytest.mark.django_db(databases=["default", "responses"])


@pytest.fixture
def steps(valley):
    return writing.drafted(valley)


@pytest.fixture
def question(steps):
    return Question.rows.within(steps.valley.partnership.pk).get(kind="agreement")


def at(name, question):
    return reverse(name, args=[cast.SLUG, question.pk])


def draft(client, steps):
    return client.get(reverse("survey", args=[cast.SLUG, steps.survey.pk])).content.decode()


def sign_in(client, valley, member):
    client.force_login(valley.people[member.name])


def test_a_party_says_that_a_question_is_fine_on_the_draft(client, valley, steps, question):
    sign_in(client, valley, cast.RAY)
    page = draft(client, steps)
    assert "Fine by 1 of 4" in page and "Fine by Local 27" in page
    mark = page.split('name="mark" value="')[1].split('"')[0]
    answer = client.post(at("survey-talk-say", question), {"says": "fine", "mark": mark})
    assert answer.url.endswith(f"#question-{question.pk}")
    assert "Fine by 2 of 4" in draft(client, steps)


def test_a_stale_button_is_refused_in_words(client, valley, steps, question):
    sign_in(client, valley, cast.RAY)
    answer = client.post(at("survey-talk-say", question), {"says": "fine", "mark": "0" * 16}, follow=True)
    assert "changed after you read it" in answer.content.decode()


def test_readers_and_the_coordinator_see_no_button_of_a_party(client, valley, steps, question):
    for member in (cast.HELEN, cast.SAM):
        sign_in(client, valley, member)
        assert "We want a change" not in draft(client, steps)
        assert client.post(at("survey-talk-say", question), {"says": "fine"}).status_code == 403
        assert client.post(at("survey-talk-screen", question), {"screen": "consult"}).status_code == 403


def test_a_comment_is_shown_to_both_parties_without_a_name(client, valley, steps, question):
    sign_in(client, valley, cast.ELENA)
    assert client.post(at("survey-talk-remark", question), {"text": "Say “break”, not “lunch”."}).status_code == 302
    sign_in(client, valley, cast.DENISE)
    for page in (draft(client, steps), client.get(at("survey-talk", question)).content.decode()):
        assert "Say “break”, not “lunch”." in page and cast.CLASSIFIED in page and cast.ELENA.name not in page
    assert "1 comment" in draft(client, steps)


def test_a_comment_that_is_too_long_stays_in_its_field(client, valley, steps, question):
    sign_in(client, valley, cast.LUZ)
    answer = client.post(at("survey-talk-remark", question), {"text": "y" * 501})
    assert answer.status_code == 422 and "y" * 501 in answer.content.decode()
    assert not Remark.rows.within(valley.partnership.pk).exists()


def test_a_parked_question_stands_in_the_draft_with_one_neutral_line(client, valley, steps, question):
    sign_in(client, valley, cast.DENISE)
    client.post(at("survey-talk-screen", question), {"screen": "must_bargain"})
    page = draft(client, steps)
    assert "Bargaining: must bargain" in page and "Waiting for the bargaining table since" in page
    assert page.count("Question 1<") == 1, "the next question takes its number"
    printed = client.get(reverse("survey-print", args=[cast.SLUG, steps.survey.pk])).content.decode()
    assert question.text_en not in printed
    sign_in(client, valley, cast.LUZ)
    answer = client.post(at("survey-talk-screen", question), {"screen": "clear"}, follow=True)
    assert f"A lower screen is fine by {cast.CLASSIFIED}." in answer.content.decode()


def test_the_draft_says_what_can_be_shown_of_each_table(client, valley, steps):
    sign_in(client, valley, cast.LUZ)
    page = draft(client, steps)
    assert "3 of 3 groups have 10 people or more on the staff list." in page
    assert "Joined, since one alone is too small: Mill Creek and Cedar." in page
    tables = client.get(reverse("survey-tables", args=[cast.SLUG, steps.survey.pk])).content.decode()
    assert "3 of 3 groups have 10 people or more on the staff list." in tables


def test_the_draft_says_that_a_crossing_can_never_be_shown(client, valley, steps):
    sam, tenant = steps.actor(cast.SAM), valley.partnership.pk
    site = Question.rows.within(tenant).get(dimension="site")
    job = actions.add_question(
        sam, steps.survey.pk, site.part_id, kind="one", text_en="Your work?", dimension="job_family"
    )
    actions.set_plan(sam, steps.survey.pk, margins=[site.pk, job.pk], pairs=[(site.pk, job.pk)])
    dates = {name: getattr(steps.again(), name) for name in ("opens_at", "closes_at", "opening_on", "results_by")}
    actions.set_terms(sam, steps.survey.pk, **dates, minimum_group=60)
    sign_in(client, valley, cast.LUZ)
    page = draft(client, steps)
    assert "Questions 4 and 5 crossed: no cell has 60 people on the staff list, so it could never be shown." in page
    assert "It can never be shown: no group has 60 people on the staff list." in page


def test_the_draft_flags_words_and_free_text(client, valley, steps, question):
    values = {"part_id": question.part_id, "kind": "agreement", "text_en": "My salary is fair."}
    actions.edit_question(steps.actor(cast.LUZ), question.pk, **values)
    sign_in(client, valley, cast.LUZ)
    page = draft(client, steps)
    assert "Question 1 says “salary”. That may belong to the bargaining table" in page
    assert "A free text can name people." in page


def test_talk_costs_no_more_queries_with_more_of_it(client, valley, steps, question):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    sign_in(client, valley, cast.LUZ)

    def cost():
        draft(client, steps)
        with CaptureQueriesContext(connection) as found:
            draft(client, steps)
        return len(found)

    stands.remark(steps.actor(cast.LUZ), question.pk, "One.")
    few = cost()
    for row in Question.rows.within(valley.partnership.pk):
        stands.remark(steps.actor(cast.DENISE), row.pk, "Another.")
        stands.say(steps.actor(cast.RAY), row.pk, "fine")
    assert cost() == few


def test_a_launched_survey_leads_from_the_talk_to_its_page(client, valley):
    steps = writing.launched(valley)
    sign_in(client, valley, cast.LUZ)
    row = Question.rows.within(valley.partnership.pk).get(kind="agreement")
    assert client.get(at("survey-talk", row)).url == reverse("survey", args=[cast.SLUG, steps.survey.pk])
