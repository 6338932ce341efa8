"""Each screen as the cast sees it: it works, refuses the powerless, is unknown next door."""

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.urls import reverse

from commonground.demo import cast
from commonground.releases import examples
from commonground.sealing.formats import cut_in_chunks
from commonground.sealing.keeper import answer_task
from commonground.sealing.seals import new_phrase
from commonground.surveys import actions, reading, seals
from commonground.surveys.models import CodeBatch, Part, Question, SealingParty, Survey, SurveyState
from commonground.surveys.tests import writing

pytestmark = pytest.mark.django_db(databases=["default", "responses"])


def url(steps, name, /, **kwargs):
    if not kwargs and name not in ("surveys", "survey-new"):
        kwargs = {"survey_id": steps.survey.pk}
    return reverse(name, kwargs={"district": steps.valley.partnership.slug, **kwargs})


def sign_in(client, valley, member):
    client.force_login(valley.people[member.name])


PAGES = ("survey", "survey-seals", "survey-print", "survey-rehearsal", "surveys")
FORMS = ("survey-texts", "survey-terms", "survey-tables", "survey-part-new", "survey-question-new", "survey-new")


@pytest.mark.parametrize("name", PAGES)
def test_the_committee_reads_and_others_do_not(client, valley, neighbor, name):
    steps = writing.drafted(valley)
    sign_in(client, valley, cast.HELEN)
    assert client.get(url(steps, name)).status_code == 200
    sign_in(client, valley, cast.FACILITATOR)
    assert client.get(url(steps, name)).status_code == 403
    for valley_of, member in ((neighbor, cast.NEIGHBOR), (valley, cast.LEFT)):
        sign_in(client, valley_of, member)
        assert client.get(url(steps, name)).status_code == 404


@pytest.mark.parametrize("name", FORMS)
def test_writers_get_the_forms_and_readers_do_not(client, valley, name):
    steps = writing.drafted(valley)
    sign_in(client, valley, cast.ELENA)
    assert client.get(url(steps, name)).status_code == 200
    sign_in(client, valley, cast.HELEN)
    assert client.get(url(steps, name)).status_code == 403


def test_a_survey_of_the_next_district_is_not_found(client, valley, neighbor):
    steps = writing.drafted(valley)
    sign_in(client, neighbor, cast.NEIGHBOR)
    for name in ("survey", "survey-texts", "survey-seals", "survey-print"):
        assert client.get(f"/d/cedar-ridge/surveys/{steps.survey.pk}/").status_code == 404
        own = reverse(name, kwargs={"district": "cedar-ridge", "survey_id": steps.survey.pk})
        assert client.get(own).status_code == 404


def test_a_survey_begins_with_a_title(client, valley):
    sign_in(client, valley, cast.DENISE)
    answer = client.post(valley.url("surveys/new/"), {"title_en": "Spring pulse", "title_es": ""})
    survey = Survey.rows.within(valley.partnership.pk).get()
    assert answer.url == reverse("survey", args=[cast.SLUG, survey.pk])
    assert survey.created_for == valley.parties[cast.MANAGEMENT].pk
    assert SealingParty.rows.within(valley.partnership.pk).filter(survey=survey).count() == 4


def test_a_question_is_written_through_its_form(client, valley):
    steps = writing.drafted(valley)
    sign_in(client, valley, cast.DENISE)
    part = Part.rows.within(valley.partnership.pk).get()
    values = {
        "part": part.pk,
        "kind": "one",
        "text_en": "How long have you worked here?",
        "text_es": "¿Cuánto tiempo lleva aquí?",
        "choices_en": "Up to 5 years\nLonger",
        "choices_es": "Hasta 5 años\nMás",
        "dimension": "tenure",
        "limit": "500",
    }
    assert client.post(url(steps, "survey-question-new"), values).status_code == 302
    question = Question.rows.within(valley.partnership.pk).get(dimension="tenure")
    assert [(o.text_en, o.text_es) for o in question.options.all()] == [
        ("Up to 5 years", "Hasta 5 años"),
        ("Longer", "Más"),
    ]
    page = client.get(url(steps, "survey")).content.decode()
    assert "Proposed by Alder Valley Unified" in page and "Hasta 5 años" in page


def test_a_stale_edit_shows_both_texts_and_loses_nothing(client, valley):
    steps = writing.drafted(valley)
    question = Question.rows.within(valley.partnership.pk).filter(kind="agreement").get()
    address = url(steps, "survey-question", question_id=question.pk)
    sign_in(client, valley, cast.LUZ)
    read = client.get(address).context["form"]
    mine = {**read.initial, "text_en": "I can take my whole lunch."}
    writing_for = steps.actor(cast.DENISE)
    actions.edit_question(
        writing_for, question.pk, part_id=question.part_id, kind="agreement", text_en="I can take my break."
    )
    answer = client.post(address, mine)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "I can take my whole lunch." in page and "I can take my break." in page
    question.refresh_from_db()
    assert question.text_en == "I can take my break."
    again = {**mine, "mark": answer.context["form"]["mark"].value()}
    assert client.post(address, again).status_code == 302
    question.refresh_from_db()
    assert question.text_en == "I can take my whole lunch."


def test_an_edited_question_keeps_its_place(client, valley):
    writing.drafted(valley)
    sign_in(client, valley, cast.LUZ)
    rows = Question.rows.within(valley.partnership.pk).order_by("position")
    first, second, *_ = list(rows)
    address = reverse("survey-question", args=[valley.partnership.slug, first.pk])
    values = {**client.get(address).context["form"].initial, "text_en": "I can take my whole lunch."}
    assert client.post(address, values).status_code == 302
    assert [row.pk for row in rows.all()][:2] == [first.pk, second.pk]


def test_dates_are_read_in_the_zone_of_the_district(client, valley):
    steps = writing.drafted(valley)
    sign_in(client, valley, cast.SAM)
    form = client.get(url(steps, "survey-terms")).context["form"]
    values = {name: form[name].value() for name in form.fields}
    values |= {"opens_at": "2027-01-11T06:00", "closes_at": "2027-01-29T20:00", "opening_on": "2027-02-01"}
    values |= {"results_by": "2027-02-20"}
    assert client.post(url(steps, "survey-terms"), values).status_code == 302
    assert steps.again().opens_at == datetime(2027, 1, 11, 14, tzinfo=UTC)


def test_questions_move_and_leave(client, valley):
    steps = writing.drafted(valley)
    sign_in(client, valley, cast.LUZ)
    rows = Question.rows.within(valley.partnership.pk).order_by("position")
    first, second, *_ = list(rows)
    change = url(steps, "survey-question-change", question_id=second.pk)
    client.post(change, {"do": "up"})
    assert [row.pk for row in rows.all()][:2] == [second.pk, first.pk]
    client.post(change, {"do": "delete"})
    assert not rows.filter(pk=second.pk).exists()


def test_tables_are_chosen_among_group_questions(client, valley):
    steps = writing.drafted(valley)
    sign_in(client, valley, cast.SAM)
    form = client.get(url(steps, "survey-tables")).context["form"]
    assert len(form.fields["margins"].choices) == 1
    answer = client.post(url(steps, "survey-tables"), {"margins": [], "mark": form.initial["mark"]})
    assert answer.status_code == 302
    assert not Question.rows.within(valley.partnership.pk).filter(margin=True).exists()


def test_the_tables_are_tried_on_the_staff_list_for_the_share_that_is_chosen(client, valley):
    steps = writing.drafted(valley)
    sign_in(client, valley, cast.SAM)
    for page in ("survey", "survey-tables"):
        assert url(steps, "survey-rehearsal") in client.get(url(steps, page)).content.decode()
    usual = client.get(url(steps, "survey-rehearsal"))
    assert usual.context["card"].percent == 55
    assert "made-up answers, drawn from the 96 people on the staff list" in usual.content.decode()
    assert "3 of 3 groups would be shown, 0 hidden." in usual.content.decode()
    assert client.get(f"{url(steps, 'survey-rehearsal')}?response=70").context["card"].percent == 70
    assert client.get(f"{url(steps, 'survey-rehearsal')}?response=71").context["card"].percent == 55


def test_without_a_choice_as_many_answer_as_the_newest_release_tells(client, valley):
    steps = writing.drafted(valley)
    sign_in(client, valley, cast.SAM)
    release = examples.stored(steps.actor(cast.LUZ), uuid4())
    n = json.loads(bytes(release.data))["tables"]["cells"][0]["n"]
    page = client.get(url(steps, "survey-rehearsal"))
    assert page.context["card"].percent == page.context["card"].last_time == 100 * n // 415
    assert client.get(f"{url(steps, 'survey-rehearsal')}?response=70").context["card"].percent == 70


def test_trying_the_tables_costs_few_queries_and_writes_nothing(client, valley, django_assert_max_num_queries):
    steps = writing.drafted(valley)
    sign_in(client, valley, cast.SAM)
    client.get(url(steps, "survey"))
    with django_assert_max_num_queries(45) as found:
        client.get(url(steps, "survey-rehearsal"))
    assert not [one["sql"] for one in found if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_an_incomplete_draft_names_what_is_missing_and_offers_no_freezing(client, valley):
    steps = writing.drafted(valley)
    sign_in(client, valley, cast.LUZ)
    page = client.get(url(steps, "survey")).content.decode()
    assert "fewer than 2 keepers" in page and "Freeze and ask for keys" not in page
    answer = client.post(url(steps, "survey-freeze"), follow=True)
    assert "is missing" in answer.content.decode() or "are missing" in answer.content.decode()
    assert steps.again().state == SurveyState.DRAFTING


def test_a_complete_draft_is_frozen_and_leads_to_its_keys(client, valley):
    steps = writing.sealed(valley)
    sign_in(client, valley, cast.LUZ)
    assert "Freeze and ask for keys" in client.get(url(steps, "survey")).content.decode()
    answer = client.post(url(steps, "survey-freeze"), follow=True)
    assert answer.status_code == 200 and steps.again().state == SurveyState.WAITING
    page = answer.content.decode()
    assert "La mayoría de los días puedo tomar mi descanso completo." in page
    assert "Mill Creek and Cedar" in page


@pytest.mark.parametrize("name", ["survey", "surveys"])
def test_more_rows_cost_no_more_queries(client, valley, django_assert_num_queries, name):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    steps = writing.drafted(valley)
    sign_in(client, valley, cast.LUZ)

    def cost():
        client.get(url(steps, name))
        with CaptureQueriesContext(connection) as found:
            client.get(url(steps, name))
        return len(found)

    few = cost()
    part = Part.rows.within(valley.partnership.pk).get()
    for number in range(3):
        actions.add_question(
            steps.actor(cast.LUZ),
            steps.survey.pk,
            part.pk,
            kind="one",
            text_en=f"Number {number}?",
            options=[("One", "Uno"), ("Two", "Dos")],
        )
        actions.create_survey(steps.actor(cast.LUZ), title_en=f"Survey {number}")
    assert cost() == few


# Seals


def test_a_keeper_takes_the_task_and_hands_the_result_in(client, valley):
    steps = writing.drafted(valley)
    writing.name_keepers(steps, cast.TRADES, cast.RAY, cast.ANA)
    sign_in(client, valley, cast.ANA)
    task = client.get(url(steps, "survey-seals-task", survey_id=steps.survey.pk, name="make-key"))
    result = answer_task(task.content, new_phrase())
    (piece,) = cut_in_chunks(result)
    answer = client.post(
        url(steps, "survey-seals-result"), piece.to_bytes(), content_type="application/octet-stream"
    )
    assert answer.status_code == 204
    seal = SealingParty.rows.within(valley.partnership.pk).get(party=valley.parties[cast.TRADES])
    assert seal.made_by == valley.people["Ana Silva"].pk
    assert "Made, not tried" in client.get(url(steps, "survey-seals")).content.decode()


def test_only_a_named_keeper_gets_a_task(client, valley):
    steps = writing.drafted(valley)
    writing.name_keepers(steps, cast.TRADES, cast.RAY)
    sign_in(client, valley, cast.ANA)
    address = url(steps, "survey-seals-task", survey_id=steps.survey.pk, name="make-key")
    assert client.get(address).status_code == 409
    sign_in(client, valley, cast.SAM)
    assert client.get(address).status_code == 403


def test_keepers_are_named_on_the_page_by_their_own_party(client, valley):
    steps = writing.drafted(valley)
    party = valley.parties[cast.CLASSIFIED]
    address = url(steps, "survey-seals-keepers", survey_id=steps.survey.pk, party_id=party.pk)
    people = [valley.people[name].pk for name in ("Luz Ortega", "Elena Ruiz")]
    sign_in(client, valley, cast.DENISE)
    client.post(address, {"person": people})
    assert seals.seal_of(steps.survey, party.pk).keepers.count() == 0
    sign_in(client, valley, cast.LUZ)
    client.post(address, {"person": people})
    assert seals.seal_of(steps.survey, party.pk).keepers.count() == 2


def test_the_page_shows_the_26_characters_of_each_key_and_the_counting_key(client, valley):
    steps = writing.sealed(valley)
    sign_in(client, valley, cast.HELEN)
    page = client.get(url(steps, "survey-seals")).content.decode()
    assert page.count("Made and tried") == 4 and "All seals are made and tried." in page


def test_a_wrong_file_is_refused_in_words(client, valley):
    from django.core.files.uploadedfile import SimpleUploadedFile

    steps = writing.drafted(valley)
    writing.name_keepers(steps, cast.TRADES, cast.RAY, cast.ANA)
    sign_in(client, valley, cast.RAY)
    answer = client.post(
        url(steps, "survey-seals-result"), {"file": SimpleUploadedFile("x.cg", b"hello")}, follow=True
    )
    assert "was not made by Common Ground" in answer.content.decode()


def test_the_keepers_page_is_served_to_anyone_under_its_own_policy(client, db):
    answer = client.get("/keys.html")
    policy = answer.headers["Content-Security-Policy"]
    assert answer.status_code == 200
    assert "script-src 'sha256-" in policy and "'self'" not in policy and "default-src 'none'" in policy


# After launch


def test_a_launched_survey_shows_its_terms_and_takes_no_edit(client, valley):
    steps = writing.launched(valley)
    sign_in(client, valley, cast.LUZ)
    page = client.get(url(steps, "survey")).content.decode()
    assert "What was agreed" in page and "not counted yet" in page
    values = client.get(url(steps, "survey-texts")).context["form"].initial
    answer = client.post(url(steps, "survey-texts"), {**values, "contact_en": "Changed."})
    assert answer.status_code == 422 and "is launched and cannot be changed" in answer.content.decode()


def test_codes_are_printed_once_and_kept_nowhere(client, valley):
    steps = writing.launched(valley)
    sign_in(client, valley, cast.SAM)
    answer = client.post(url(steps, "survey-codes-print"), {"count": "5", "language": "en"})
    assert answer.headers["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    assert answer.headers["Cache-Control"] == "no-store"
    assert CodeBatch.rows.within(valley.partnership.pk).get().count == 5
    assert "printed" in client.get(url(steps, "survey-codes")).content.decode()


def test_readers_see_codes_but_make_none(client, valley):
    steps = writing.launched(valley)
    sign_in(client, valley, cast.ELENA)
    assert "Make the file" not in client.get(url(steps, "survey-codes")).content.decode()
    for name in ("survey-codes-print", "survey-codes-mail"):
        assert client.post(url(steps, name), {"count": 1, "language": "en"}).status_code == 403


def test_a_correction_goes_to_all_parties(client, valley):
    steps = writing.launched(valley)
    sign_in(client, valley, cast.DANA)
    answer = client.post(
        url(steps, "survey-erratum"), {"text_en": "Call 555-0199.", "text_es": "Llame al 555-0199."}, follow=True
    )
    assert answer.status_code == 200
    assert "Waits for keys, so not shown yet" in client.get(url(steps, "survey")).content.decode()


def test_the_paper_prints_as_a_page_and_as_a_pdf(client, valley):
    steps = writing.frozen(valley)
    sign_in(client, valley, cast.HELEN)
    assert "Tables that may be shown" in client.get(url(steps, "survey-print")).content.decode()
    assert client.get(url(steps, "survey-pdf")).content.startswith(b"%PDF")


def test_the_draft_prints_groups_in_both_languages(client, valley):
    steps = writing.drafted(valley)
    sign_in(client, valley, cast.HELEN)
    page = client.get(url(steps, "survey-print")).content.decode()
    assert "Mill Creek and Cedar" in page and '<span lang="es">Mill Creek y Cedar</span>' in page


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_pdf_begins_in_the_language_of_the_reader(valley, language):
    from django.utils.translation import override

    steps = writing.frozen(valley)
    with override(language):
        made = reading.pdf(json.loads(steps.again().paper), steps.survey.paper_hash)
    assert f"/Lang({language})".encode() in made.replace(b" ", b"")
