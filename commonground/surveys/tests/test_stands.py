"""What each party says of a question: who may, what an edit clears, what a screen parks, what two do at once."""

import json

import pytest
from django.db import IntegrityError, transaction

from commonground.approvals import actions as approvals
from commonground.approvals.models import FrozenText
from commonground.approvals.rules import State
from commonground.demo import cast
from commonground.kernel.errors import NotAllowed, Refused
from commonground.ledger.models import LedgerEntry
from commonground.surveys import actions, addresses, draft_cards, drafts, marks, paper, queries, rules, stands
from commonground.surveys.models import Question, Remark, Says, Stand, SurveyState, TablePair
from commonground.surveys.tests import writing

pytestmark = pytest.mark.django_db(databases=["default", "responses"])
EVERY_PARTY = (cast.DANA, cast.LUZ, cast.RAY, cast.DENISE)


@pytest.fixture
def steps(valley):
    return writing.drafted(valley)


def asked(steps, **wanted):
    return Question.rows.within(steps.valley.partnership.pk).get(survey=steps.survey, **wanted)


def talk(steps, question):
    return draft_cards.talk(steps.actor(cast.SAM), question.pk)[1].talk


def edit(steps, member, question, text, **values):
    given = {"part_id": question.part_id, "kind": question.kind, "text_en": text, "text_es": question.text_es}
    return actions.edit_question(steps.actor(member), question.pk, **{**given, **values})


def test_the_party_that_writes_a_question_is_content_with_it_and_an_edit_clears_the_rest(steps):
    question = asked(steps, kind="agreement")
    for member in EVERY_PARTY:
        stands.say(steps.actor(member), question.pk, "fine")
    assert talk(steps, question).fine == 4
    edit(steps, cast.DENISE, question, question.text_en)
    assert talk(steps, question).fine == 4, "nothing changed, so nothing is cleared"
    edit(steps, cast.DENISE, question, "I can take my break.")
    assert drafts.read(steps.again()).parties_that_say(question, Says.FINE) == (cast.MANAGEMENT,)


def test_a_change_of_a_choice_clears_what_was_said(steps):
    question = asked(steps, kind="several")
    stands.say(steps.actor(cast.RAY), question.pk, "change")
    edit(steps, cast.SAM, question, question.text_en, options=[("A walk", "Un paseo"), ("A class", "Una clase")])
    assert (talk(steps, question).fine, talk(steps, question).change_wanted_by) == (0, ())


def test_a_wish_for_a_change_stops_the_freezing_and_silence_does_not(valley):
    steps = writing.sealed(valley)
    question = asked(steps, kind="agreement")
    stands.say(steps.actor(cast.RAY), question.pk, "change")
    with pytest.raises(Refused, match=f"Question 1: {cast.TRADES}: “we want a change”"):
        actions.freeze(steps.actor(cast.SAM), steps.survey.pk)
    stands.say(steps.actor(cast.RAY), question.pk, "")
    actions.freeze(steps.actor(cast.SAM), steps.survey.pk)
    assert steps.again().state == SurveyState.WAITING


def test_nobody_agrees_to_words_they_have_not_read(steps):
    question = asked(steps, kind="agreement")
    mark = marks.question(question).mark
    edit(steps, cast.DENISE, question, "I can take my break.")
    with pytest.raises(Refused, match="changed after you read it"):
        stands.say(steps.actor(cast.RAY), question.pk, "fine", mark=mark)
    assert talk(steps, question).fine == 1


@pytest.mark.parametrize("member", [cast.SAM, cast.HELEN, cast.FACILITATOR, cast.GRACE])
def test_who_speaks_for_no_party_or_writes_for_none_says_nothing(steps, member):
    question = asked(steps, kind="agreement")
    for act in (
        lambda: stands.say(steps.actor(member), question.pk, "fine"),
        lambda: stands.screen(steps.actor(member), question.pk, "consult"),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_party_speaks_once_on_a_question(steps):
    question = asked(steps, kind="agreement")
    again = Stand(
        partnership_id=question.partnership_id, question=question, party=steps.valley.parties[cast.CLASSIFIED]
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save(force_insert=True)


@pytest.mark.parametrize("says", ["maybe", "FINE"])
def test_there_are_two_things_to_say(steps, says):
    with pytest.raises(Refused, match="choose what your party says"):
        stands.say(steps.actor(cast.LUZ), asked(steps, kind="agreement").pk, says)


# Comments


def test_a_comment_carries_the_party_and_no_person(steps):
    question = asked(steps, kind="agreement")
    stands.remark(steps.actor(cast.ELENA), question.pk, "  “Lunch” leaves out short shifts.  ")
    stands.remark(steps.actor(cast.SAM), question.pk, "Noted.")
    said = [(each.party, each.side, each.text) for each in talk(steps, question).remarks]
    assert said == [(cast.CLASSIFIED, "labor", "“Lunch” leaves out short shifts."), ("", "both", "Noted.")]
    columns = {field.attname for field in Remark._meta.concrete_fields}
    assert columns == {"id", "partnership_id", "question_id", "party_id", "text", "at"}


@pytest.mark.parametrize("text", ["", "   ", "x" * 501])
def test_a_comment_without_words_or_without_end_is_not_saved(steps, text):
    with pytest.raises(Refused, match="up to 500 letters"):
        stands.remark(steps.actor(cast.LUZ), asked(steps, kind="agreement").pk, text)


def test_a_comment_leaves_a_frozen_text_as_it_is(valley):
    steps = writing.frozen(valley)
    question = asked(steps, kind="agreement")
    stands.remark(steps.actor(cast.LUZ), question.pk, "Good.")
    stands.say(steps.actor(cast.RAY), question.pk, "fine")
    assert steps.again().state == SurveyState.WAITING


def test_nothing_is_said_of_a_launched_survey(valley):
    steps = writing.launched(valley)
    question = asked(steps, kind="agreement")
    for act in (
        lambda: stands.remark(steps.actor(cast.LUZ), question.pk, "Late."),
        lambda: stands.say(steps.actor(cast.LUZ), question.pk, "fine"),
        lambda: stands.screen(steps.actor(cast.LUZ), question.pk, "consult"),
    ):
        with pytest.raises(Refused, match="is launched"):
            act()


# The bargaining screen


def park(steps, question):
    stands.screen(steps.actor(cast.RAY), question.pk, "must_bargain")
    question.refresh_from_db()


def test_a_parked_question_leaves_the_paper_and_its_numbers(steps):
    first, second = asked(steps, kind="agreement"), asked(steps, kind="several")
    park(steps, first)
    written = drafts.read(steps.again())
    assert (written.names.get(first.pk), written.names[second.pk]) == (None, "q1")
    assert queries.survey(steps.actor(cast.SAM), steps.survey.pk).questions == 3
    card = draft_cards.draft(steps.actor(cast.LUZ), steps.survey.pk)
    assert (card.parts[0].questions[0].talk.is_parked, card.ready.parked) == (True, 1)


def test_a_parked_question_is_in_no_frozen_paper(valley):
    steps = writing.sealed(valley)
    question = asked(steps, kind="agreement")
    park(steps, question)
    text = actions.freeze(steps.actor(cast.SAM), steps.survey.pk)
    assert question.text_en not in text.body and question.text_es not in text.body
    assert "Which of these would you use?" in text.body


def test_a_survey_of_parked_questions_alone_cannot_be_frozen(steps):
    for question in Question.rows.within(steps.valley.partnership.pk):
        park(steps, question)
    found = {gap.code for gap in rules.gaps(drafts.read(steps.again()).draft, steps.survey.created_at)}
    assert {rules.Gap.NO_QUESTIONS, rules.Gap.EMPTY_PART} <= found


def test_parking_takes_the_question_out_of_the_tables_for_good(steps):
    site, sam = asked(steps, dimension="site"), steps.actor(cast.SAM)
    options = [("One", "Uno"), ("Two", "Dos")]
    tenure = actions.add_question(
        sam, steps.survey.pk, site.part_id, kind="one", text_en="Years?", dimension="tenure", options=options
    )
    actions.set_plan(sam, steps.survey.pk, margins=[site.pk, tenure.pk], pairs=[(site.pk, tenure.pk)])
    park(steps, tenure)
    assert not tenure.margin and not TablePair.rows.within(steps.valley.partnership.pk).exists()
    with pytest.raises(Refused, match="group questions only"):
        actions.set_plan(sam, steps.survey.pk, margins=[site.pk, tenure.pk])
    tenure.margin = True
    with pytest.raises(IntegrityError), transaction.atomic():
        tenure.save()


def test_only_all_parties_bring_it_back(steps):
    question = asked(steps, kind="agreement")
    park(steps, question)
    for member in EVERY_PARTY[:-1]:
        stands.screen(steps.actor(member), question.pk, "clear")
        assert talk(steps, question).is_parked
    assert talk(steps, question).wishes == cast.LABOR
    stands.screen(steps.actor(cast.DENISE), question.pk, "clear")
    back = talk(steps, question)
    assert (back.is_parked, back.wishes, back.screen) == (False, (), "clear")


def test_a_screen_that_parks_voids_the_frozen_text_and_one_that_does_not_leaves_it(valley):
    steps = writing.frozen(valley)
    question = asked(steps, kind="agreement")
    text = FrozenText.rows.within(valley.partnership.pk).get(subject_id=steps.survey.pk)
    stands.screen(steps.actor(cast.LUZ), question.pk, "consult")
    assert steps.again().state == SurveyState.WAITING
    park(steps, question)
    text.refresh_from_db()
    assert (steps.again().state, text.state) == (SurveyState.DRAFTING, State.REPLACED)
    with pytest.raises(Refused, match="changed after you read it"):
        approvals.turn_key(steps.actor(cast.DANA), text.pk, text.hash)


def test_the_record_says_which_screen_and_names_no_question_in_words(steps):
    question = asked(steps, kind="agreement")
    stands.screen(steps.actor(cast.LUZ), question.pk, "consult")
    entry = LedgerEntry.rows.within(steps.valley.partnership.pk).order_by("-position")[0]
    facts = json.loads(entry.body)["facts"]
    assert (facts["screen"], facts["wish"], facts["question"]) == ("consult", "consult", question.pk.hex)
    assert question.text_en not in entry.body


def test_there_are_three_screens(steps):
    with pytest.raises(Refused, match="three screens"):
        stands.screen(steps.actor(cast.LUZ), asked(steps, kind="agreement").pk, "forbidden")


def test_the_paper_names_the_kind_of_place_in_both_languages(valley):
    steps = writing.sealed(valley)
    content = paper.build(drafts.read(steps.again()), paper.Door({}, addresses.of_doors()))
    assert '"level":{"en":"Elementary","es":"Primaria"}' in content.replace(" ", "")
