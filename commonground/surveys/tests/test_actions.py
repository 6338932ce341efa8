"""Writing the draft: what is refused, what a stale edit holds, what follows from the staff list."""

import pytest

from commonground.access.actor import Actor, Role
from commonground.demo import cast
from commonground.kernel.errors import NotAllowed, NotFound, Refused
from commonground.partnership.models import StaffRecord
from commonground.surveys import actions, drafts, groups, marks
from commonground.surveys.actions import Stale
from commonground.surveys.models import Eligible, Option, Part, Question, Survey, TablePair
from commonground.surveys.tests import writing

pytestmark = pytest.mark.django_db(databases=["default", "responses"])


@pytest.fixture
def steps(valley):
    return writing.drafted(valley)


def questions(steps):
    return Question.rows.within(steps.valley.partnership.pk).filter(survey=steps.survey)


def part(steps):
    return Part.rows.within(steps.valley.partnership.pk).get(survey=steps.survey)


def add(steps, **values):
    given = {"kind": "one", "text_en": "Which?", "options": [("One", "Uno"), ("Two", "Dos")], **values}
    return actions.add_question(steps.actor(cast.DENISE), steps.survey.pk, part(steps).pk, **given)


def test_each_edit_counts_as_a_version(steps):
    before = steps.again().revision
    actions.edit_texts(steps.actor(cast.LUZ), steps.survey.pk, contact_en="Call Luz.")
    add(steps)
    assert steps.again().revision == before + 2


def test_a_question_carries_the_party_that_proposed_it(steps):
    assert add(steps).proposed_by == steps.valley.parties[cast.MANAGEMENT].pk


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "riddle"},
        {"kind": "agreement", "dimension": "site"},
        {"dimension": "star_sign"},
        {"dimension": "site"},
        {"kind": "text", "limit": 50},
        {"kind": "text", "limit": 2000},
        {"text_en": "  "},
        {"options": [("Same", "Igual"), ("Same", "Igual")]},
    ],
)
def test_a_question_that_cannot_be_asked_is_not_saved(steps, values):
    before = questions(steps).count()
    with pytest.raises(Refused):
        add(steps, **values)
    assert questions(steps).count() == before


def test_choices_that_follow_from_the_staff_list_are_not_typed(steps):
    question = add(steps, dimension="unit")
    assert not Option.rows.within(question.partnership_id).filter(question=question).exists()


def test_a_stale_edit_holds_what_is_saved_now(steps):
    mark = marks.texts(steps.again()).mark
    actions.edit_texts(steps.actor(cast.DENISE), steps.survey.pk, purpose_en="To listen.")
    with pytest.raises(Stale) as stale:
        actions.edit_texts(steps.actor(cast.LUZ), steps.survey.pk, purpose_en="To learn.", mark=mark)
    assert stale.value.saved["purpose_en"] == "To listen."
    assert steps.again().purpose_en == "To listen."
    actions.edit_texts(steps.actor(cast.LUZ), steps.survey.pk, purpose_en="To learn.", mark=stale.value.mark)
    assert steps.again().purpose_en == "To learn."


def test_an_edit_elsewhere_makes_no_edit_stale(steps):
    mark = marks.texts(steps.again()).mark
    add(steps)
    actions.edit_texts(steps.actor(cast.LUZ), steps.survey.pk, purpose_en="To learn.", mark=mark)
    assert steps.again().purpose_en == "To learn."


def test_only_group_questions_break_results_down_and_pairs_need_both(steps):
    site = questions(steps).get(dimension="site")
    plain = questions(steps).get(kind="agreement")
    tenure = add(steps, dimension="tenure")
    sam = steps.actor(cast.SAM)
    with pytest.raises(Refused):
        actions.set_plan(sam, steps.survey.pk, margins=[plain.pk])
    with pytest.raises(Refused):
        actions.set_plan(sam, steps.survey.pk, margins=[site.pk], pairs=[(site.pk, tenure.pk)])
    actions.set_plan(sam, steps.survey.pk, margins=[site.pk, tenure.pk], pairs=[(tenure.pk, site.pk)])
    pair = TablePair.rows.within(steps.valley.partnership.pk).get()
    assert (pair.first_id, pair.second_id) == (site.pk, tenure.pk)


def test_comments_are_kept_by_kind_of_place_only_where_results_are_shown_by_place(steps):
    site, tenure = questions(steps).get(dimension="site"), add(steps, dimension="tenure")
    sam = steps.actor(cast.SAM)
    with pytest.raises(Refused, match="shown by place"):
        actions.set_plan(sam, steps.survey.pk, margins=[tenure.pk], comments_by_level=True)
    assert not steps.again().comments_by_level
    actions.set_plan(sam, steps.survey.pk, margins=[site.pk], comments_by_level=True)
    assert steps.again().comments_by_level
    actions.set_plan(sam, steps.survey.pk, margins=[site.pk])
    assert not steps.again().comments_by_level


def test_a_question_that_groups_no_more_leaves_the_plan(steps):
    site = questions(steps).get(dimension="site")
    actions.edit_question(
        steps.actor(cast.LUZ), site.pk, part_id=site.part_id, kind="agreement", text_en="I like my place of work."
    )
    site.refresh_from_db()
    assert not site.margin and site.dimension == ""


def test_a_part_with_questions_stays(steps):
    with pytest.raises(Refused):
        actions.delete_part(steps.actor(cast.LUZ), part(steps).pk)
    other = actions.add_part(steps.actor(cast.LUZ), steps.survey.pk, title_en="Later")
    actions.delete_part(steps.actor(cast.LUZ), other.pk)
    assert part(steps).title_en == "Your work"


def test_moving_past_the_end_changes_nothing(steps):
    first, *_rest, last = questions(steps)
    actions.move_question(steps.actor(cast.LUZ), first.pk, -1)
    actions.move_question(steps.actor(cast.LUZ), last.pk, 1)
    after = [row.pk for row in questions(steps)]
    assert (after[0], after[-1]) == (first.pk, last.pk)


@pytest.mark.parametrize(("name", "value"), [("minimum_group", 9), ("destroy_after_days", 30)])
def test_promises_cannot_go_below_the_floor(steps, name, value):
    survey = steps.again()
    dates = {each: getattr(survey, each) for each in ("opens_at", "closes_at", "opening_on", "results_by")}
    with pytest.raises(Refused):
        actions.set_terms(steps.actor(cast.SAM), survey.pk, **dates, **{name: value})


def test_who_may_not_write_writes_nothing(steps):
    for actor in (steps.actor(cast.HELEN), steps.actor(cast.FACILITATOR), Actor(None, steps.survey.partnership_id)):
        with pytest.raises(NotAllowed):
            actions.create_survey(actor, title_en="No")
    assert Survey.rows.within(steps.survey.partnership_id).count() == 1


def test_the_next_district_finds_nothing(steps, neighbor):
    robin = neighbor.actor(cast.NEIGHBOR)
    for act in (
        lambda: actions.edit_texts(robin, steps.survey.pk, contact_en="Robin"),
        lambda: actions.delete_part(robin, part(steps).pk),
        lambda: actions.delete_question(robin, questions(steps).first().pk),
        lambda: actions.freeze(robin, steps.survey.pk),
    ):
        with pytest.raises(NotFound):
            act()


def test_people_without_an_entry_make_the_sizes_of_groups_unknown(steps):
    tenant = steps.valley.partnership.pk
    someone = StaffRecord.rows.within(tenant)[0]
    StaffRecord.rows.within(tenant).filter(pk=someone.pk).update(job_class=None)
    found = groups.from_structure(tenant, "job_family", 10)
    assert found.uncounted == 1 and all(group.roster is None for group in found.groups)


def test_who_left_the_district_is_not_asked(valley):
    steps = writing.sealed(valley)
    tenant = valley.partnership.pk
    gone = StaffRecord.rows.within(tenant)[0]
    StaffRecord.rows.within(tenant).filter(pk=gone.pk).update(gone_on="2026-10-01")
    actions.freeze(steps.actor(cast.SAM), steps.survey.pk)
    assert drafts.read(steps.again()).eligible == 95
    assert not Eligible.rows.within(tenant).filter(staff=gone).exists()


def test_freezing_again_settles_anew_who_is_asked(valley):
    steps = writing.frozen(valley)
    actions.edit_texts(steps.actor(cast.SAM), steps.survey.pk, contact_en="Call again.")
    actions.freeze(steps.actor(cast.SAM), steps.survey.pk)
    assert Eligible.rows.within(valley.partnership.pk).filter(survey=steps.survey).count() == 96


def test_an_operator_writes_no_survey(steps):
    operator = Actor(None, steps.survey.partnership_id, roles=frozenset({Role.OPERATOR}))
    with pytest.raises(NotAllowed):
        actions.edit_texts(operator, steps.survey.pk, contact_en="No")
