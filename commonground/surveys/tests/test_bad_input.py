"""What a writer may get wrong: each is answered in words on the page, and nothing that was typed is lost."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.urls import reverse

from commonground.approvals import actions as approvals
from commonground.approvals.models import FrozenText
from commonground.demo import cast
from commonground.kernel import time
from commonground.kernel.errors import NotAllowed, Refused
from commonground.surveys import actions, marks, stands
from commonground.surveys.models import Option, Part, Question, Remark, Survey, SurveyState
from commonground.surveys.tests import writing

DATABASES = ["default", "responses"]
pytestmark = pytest.mark.django_db(databases=DATABASES)


@pytest.fixture
def steps(valley):
    return writing.drafted(valley)


def sign_in(client, valley, member=cast.LUZ):
    client.force_login(valley.people[member.name])


def address(name, **kwargs):
    return reverse(name, kwargs={"district": cast.SLUG, **kwargs})


def question_of(steps, **wanted):
    return Question.rows.within(steps.valley.partnership.pk).get(survey=steps.survey, **wanted)


def refused(client, steps):
    """Try to freeze and return the page that says why not."""
    page = client.post(address("survey-freeze", survey_id=steps.survey.pk), follow=True)
    assert steps.again().state == SurveyState.DRAFTING
    return page.content.decode()


# What cannot be frozen


def test_a_survey_without_questions(client, valley, steps):
    for question in Question.rows.within(valley.partnership.pk):
        actions.delete_question(steps.actor(cast.LUZ), question.pk)
    sign_in(client, valley)
    page = refused(client, steps)
    assert "There are no questions yet." in page and "Part 1 has no questions." in page


def test_a_new_survey_says_everything_that_is_missing(client, valley):
    survey = actions.create_survey(valley.actor(cast.LUZ), title_en="Bare")
    sign_in(client, valley)
    page = client.get(address("survey", survey_id=survey.pk)).content.decode()
    for words in (
        "There are no questions yet.",
        "Purpose: not written yet.",
        "Title: something has no Spanish text.",
        "It is not said when the survey opens and closes.",
        "The staff list is empty, so nobody would be asked.",
    ):
        assert words in page
    assert "Freeze and ask for keys" not in page


def dated(steps, **moved):
    """Set the dates of the survey: days from now by name, the rest as they are."""
    survey, now = steps.again(), time.now()
    dates = {name: getattr(survey, name) for name in ("opens_at", "closes_at", "opening_on", "results_by")}
    for name, days in moved.items():
        moment = now + timedelta(days=days)
        dates[name] = moment if name.endswith("_at") else moment.date()
    actions.set_terms(steps.actor(cast.SAM), survey.pk, **dates)


@pytest.mark.parametrize(
    ("moved", "words"),
    [
        ({"opens_at": -1}, "The survey would open in the past."),
        ({"opens_at": -30, "closes_at": -3}, "The survey would open in the past."),
        ({"closes_at": 5}, "The survey would close before it opens."),
        ({"results_by": 9}, "Staff would get the results before the survey closes."),
        ({"results_by": 22}, "Staff would get the results before the seals are opened."),
        ({"opening_on": 21}, "Opening comes 3 days after closing or later"),
    ],
)
def test_dates_that_cannot_be(client, valley, steps, moved, words):
    dated(steps, **moved)
    sign_in(client, valley)
    assert words in client.get(address("survey", survey_id=steps.survey.pk)).content.decode()
    assert words in refused(client, steps)


def test_the_moment_of_opening_may_pass_while_the_draft_waits(valley):
    steps = writing.sealed(valley)
    opens_at = steps.again().opens_at
    assert opens_at
    with time.at(opens_at + timedelta(minutes=1)), pytest.raises(Refused, match="open in the past"):
        actions.freeze(steps.actor(cast.SAM), steps.survey.pk)


def test_a_missing_language_is_named_with_its_question(client, valley, steps):
    row = question_of(steps, kind="several")
    words = {"part_id": row.part_id, "kind": "several", "text_en": "Which?", "text_es": "¿Cuáles?"}
    actions.edit_question(
        steps.actor(cast.LUZ), row.pk, **words, options=[("A walk", ""), ("A class", "Una clase")]
    )
    sign_in(client, valley)
    assert "Question 2: something has no Spanish text." in refused(client, steps)


def test_a_breakdown_that_can_never_be_shown(client, valley, steps):
    dates = {name: getattr(steps.again(), name) for name in ("opens_at", "closes_at", "opening_on", "results_by")}
    actions.set_terms(steps.actor(cast.SAM), steps.survey.pk, **dates, minimum_group=60)
    sign_in(client, valley)
    page = refused(client, steps)
    assert "Question 4: no group has 60 people on the staff list, so it could never be shown." in page


# What cannot be saved

TEXTS = ("title_en", "title_es", "purpose_en", "message_es", "contact_en", "contact_es", "help_lines_es")


@pytest.mark.parametrize("name", TEXTS)
def test_an_absurdly_long_text_stays_in_its_field(client, valley, steps, name):
    sign_in(client, valley)
    page = address("survey-texts", survey_id=steps.survey.pk)
    values = {**client.get(page).context["form"].initial, name: "long " * 2000}
    answer = client.post(page, values)
    assert answer.status_code == 422 and "long long long" in answer.content.decode()
    with pytest.raises(Refused, match="9,999 letters"):
        actions.edit_texts(steps.actor(cast.LUZ), steps.survey.pk, **{name: "long " * 2000})
    assert "long" not in getattr(steps.again(), name)


def typed(question, **values):
    given = {
        "part": question.part_id,
        "kind": "one",
        "text_en": "Which one?",
        "text_es": "¿Cuál?",
        "choices_en": "One\nTwo",
        "choices_es": "Uno\nDos",
        "limit": "500",
    }
    return {**given, **values}


LONG, MANY = "x" * 201, "\n".join(f"Choice {n}" for n in range(41))


@pytest.mark.parametrize(
    ("values", "words", "kept"),
    [
        ({"text_en": "y" * 401}, "at most 400 characters", "y" * 401),
        ({"help_es": "y" * 401}, "at most 400 characters", "y" * 401),
        ({"choices_en": f"One\n{LONG}"}, "has 201 letters; 200 fit. Nothing was saved.", LONG),
        ({"choices_es": f"Uno\n{LONG}"}, "has 201 letters; 200 fit. Nothing was saved.", LONG),
        ({"choices_en": MANY}, "A question has up to 40 choices. Nothing was saved.", "Choice 40"),
        ({"choices_en": "Same\nSame"}, "Two choices read the same. Nothing was saved.", "Same"),
        ({"text_en": "A nul \x00 byte"}, "Null characters are not allowed", "byte"),
        ({"text_en": "   "}, "This field is required", "Uno"),
        ({"kind": "riddle"}, "Select a valid choice", "Which one?"),
        ({"limit": "99999"}, "less than or equal to 1000", "Which one?"),
        ({"part": "11111111-1111-1111-1111-111111111111"}, "Select a valid choice", "Which one?"),
    ],
)
def test_a_question_that_cannot_be_saved_is_kept_on_the_page(client, valley, steps, values, words, kept):
    sign_in(client, valley)
    row = question_of(steps, kind="several")
    before = marks.question(row).mark
    for page in (
        address("survey-question", question_id=row.pk),
        address("survey-question-new", survey_id=steps.survey.pk),
    ):
        answer = client.post(page, typed(row, **values))
        text = answer.content.decode()
        assert answer.status_code == 422 and words in text and kept in text
    row.refresh_from_db()
    assert marks.question(row).mark == before
    assert Question.rows.within(valley.partnership.pk).count() == 4


def test_a_part_or_survey_with_an_endless_title_is_not_begun(valley, steps):
    luz = steps.actor(cast.LUZ)
    for act in (
        lambda: actions.create_survey(luz, title_en="T" * 161),
        lambda: actions.add_part(luz, steps.survey.pk, title_en="T" * 121),
        lambda: actions.add_part(luz, steps.survey.pk, title_en="Part", title_es="T" * 121),
    ):
        with pytest.raises(Refused, match=r"fit\. Nothing was saved"):
            act()
    assert Survey.rows.within(valley.partnership.pk).count() == Part.rows.within(valley.partnership.pk).count() == 1


@pytest.mark.parametrize("path", ["surveys/questions/{}/", "surveys/questions/{}/talk/"])
def test_a_question_that_is_gone_is_not_found(client, valley, steps, path):
    row = question_of(steps, kind="several")
    actions.delete_question(steps.actor(cast.DENISE), row.pk)
    sign_in(client, valley)
    assert client.get(valley.url(path.format(row.pk))).status_code == 404


# Two at once


def at_once(*calls):
    """Run the calls in threads that start together; return what each gave or was refused with."""
    gate, outcomes = Barrier(len(calls)), {}

    def run(number, call):
        gate.wait()
        try:
            outcomes[number] = call()
        except Refused as refusal:
            outcomes[number] = refusal
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [outcomes[number] for number in range(len(calls))]


@pytest.mark.django_db(transaction=True, databases=DATABASES)
def test_of_two_edits_of_one_question_at_once_one_is_saved_and_the_other_reads_it(valley):
    steps = writing.drafted(valley)
    row = question_of(steps, kind="several")
    mark, part = marks.question(row).mark, row.part_id
    texts = {cast.LUZ: "What would you use?", cast.DENISE: "What would help you?"}
    actors = {member: steps.actor(member) for member in texts}

    def edit(member):
        options = [(f"{texts[member]} {n}", f"{n}") for n in range(5)]
        text = texts[member]
        return lambda: actions.edit_question(
            actors[member], row.pk, part_id=part, kind="several", text_en=text, options=options, mark=mark
        )

    outcomes = at_once(edit(cast.LUZ), edit(cast.DENISE))
    (stale,) = [outcome for outcome in outcomes if isinstance(outcome, actions.Stale)]
    row.refresh_from_db()
    assert row.text_en in texts.values() and stale.saved["text_en"] == row.text_en
    choices = Option.rows.within(valley.partnership.pk).filter(question=row)
    assert [choice.text_en for choice in choices] == [f"{row.text_en} {n}" for n in range(5)]


@pytest.mark.django_db(transaction=True, databases=DATABASES)
def test_comments_and_stands_at_once_lose_nothing(valley):
    steps = writing.drafted(valley)
    row = question_of(steps, kind="agreement")
    actors = [steps.actor(member) for member in (cast.LUZ, cast.RAY, cast.DANA, cast.DENISE)]
    at_once(*[lambda actor=actor: stands.say(actor, row.pk, "fine") for actor in actors])
    at_once(*[lambda actor=actor: stands.remark(actor, row.pk, "Good.") for actor in actors])
    assert row.stands.filter(says="fine").count() == 4
    assert Remark.rows.within(valley.partnership.pk).count() == 4


# Keys on a survey


@pytest.fixture
def frozen(valley):
    return writing.frozen(valley)


def text_of(steps):
    rows = FrozenText.rows.within(steps.valley.partnership.pk).filter(subject_id=steps.survey.pk)
    return rows.order_by("-version")[0]


def turn(client, steps, text):
    sign = {"hash": text.hash, "read": "on"}
    return client.post(address("text-turn", text_id=text.pk), sign, follow=True)


def test_a_key_turned_after_an_edit_turns_nothing(client, frozen):
    text = text_of(frozen)
    approvals.turn_key(frozen.actor(cast.DANA), text.pk, text.hash)
    actions.edit_texts(frozen.actor(cast.DENISE), frozen.survey.pk, contact_en="Call 555-0143.")
    sign_in(client, frozen.valley)
    page = turn(client, frozen, text).content.decode()
    assert "The text was changed after you read it" in page
    assert frozen.again().state == SurveyState.DRAFTING
    again = actions.freeze(frozen.actor(cast.SAM), frozen.survey.pk)
    assert not again.bound.exclude(turned_at=None).exists(), "no key crosses over to the new text"


def test_a_key_with_the_hash_of_another_text_turns_nothing(frozen):
    text = text_of(frozen)
    with pytest.raises(Refused, match=r"changed after you read it\. No key was turned"):
        approvals.turn_key(frozen.actor(cast.LUZ), text.pk, "0" * 64)


def test_a_key_turned_twice_counts_once_and_says_so(client, frozen):
    text = text_of(frozen)
    sign_in(client, frozen.valley)
    turn(client, frozen, text)
    page = turn(client, frozen, text).content.decode()
    assert "Your party has turned its key on this text already. It counts once." in page
    assert text.bound.exclude(turned_at=None).count() == 1 and frozen.again().state == SurveyState.WAITING


@pytest.mark.parametrize("member", [cast.SAM, cast.ELENA, cast.FACILITATOR])
def test_a_key_of_nobody_turns_nothing(frozen, member):
    text = text_of(frozen)
    with pytest.raises(NotAllowed):
        approvals.turn_key(frozen.actor(member), text.pk, text.hash)
    assert not text.bound.exclude(turned_at=None).exists()


def test_a_launched_paper_takes_no_second_round_of_keys(valley):
    steps = writing.launched(valley)
    text = text_of(steps)
    with pytest.raises(Refused, match="in force"):
        approvals.turn_key(steps.actor(cast.LUZ), text.pk, text.hash)
    with pytest.raises(Refused, match="is launched"):
        actions.freeze(steps.actor(cast.SAM), steps.survey.pk)
