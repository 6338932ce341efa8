import pytest

from commonground.disclosure.plan import (
    GroupMalformed,
    GroupQuestion,
    MinimumTooLow,
    NeverShown,
    PlanRefused,
    Question,
    QuestionMalformed,
    TablePlan,
    TableUnknown,
    can_never_be_shown,
)
from commonground.disclosure.tests.survey import AGREE, group


def plan(**changes):
    values = {
        "questions": (AGREE,),
        "groups": (group("site", 3, (71, 66, 8)), group("job", 2, (120, 15))),
        "margins": ("site", "job"),
        "pairs": (("site", "job"),),
    }
    return TablePlan(**(values | changes))


def test_a_minimum_below_ten_is_refused():
    with pytest.raises(MinimumTooLow, match="10 people or more"):
        plan(minimum=9)


@pytest.mark.parametrize(
    ("kind", "options"), [("agreement", 4), ("scale10", 10), ("text", 5), ("one", 1), ("several", 251)]
)
def test_a_question_no_table_can_hold_is_refused(kind, options):
    with pytest.raises(QuestionMalformed, match="breaks"):
        Question("breaks", kind, options)


@pytest.mark.parametrize(("roster", "levels"), [((1,), (None, None)), ((1, 2), (None,)), ((1, -1), (None, None))])
def test_a_group_needs_a_roster_count_and_a_level_for_each_label(roster, levels):
    with pytest.raises(GroupMalformed, match="site"):
        GroupQuestion("site", 2, roster, levels)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"margins": ("unit",), "pairs": ()}, "no group question is called that"),
        ({"margins": ("site",)}, "must also show job alone"),
        ({"pairs": (("site", "site"),)}, "crosses site with itself"),
        ({"pairs": (("site", "job"), ("job", "site"))}, "twice"),
        ({"margins": ("site", "job", "site")}, "twice"),
    ],
)
def test_a_table_of_unknown_groups_is_refused(changes, words):
    with pytest.raises(TableUnknown, match=words):
        plan(**changes)


def test_one_id_names_one_thing():
    with pytest.raises(PlanRefused, match="twice"):
        plan(questions=(AGREE, AGREE))
    with pytest.raises(PlanRefused, match="twice"):
        plan(groups=(group("site", 3), group("site", 3)), margins=("site",), pairs=())


def test_a_breakdown_whose_every_group_is_under_the_minimum_is_refused():
    with pytest.raises(NeverShown, match="No group of site has 10 people") as refused:
        plan(groups=(group("site", 3, (9, 8, 3)), group("job", 2)), pairs=())
    assert refused.value.words == str(refused.value)


def test_the_draft_page_learns_what_the_roster_rules_out():
    alone, crossed, across = can_never_be_shown(plan())
    assert (alone.code, alone.groups, alone.labels) == ("group_too_small", ("site",), (2,))
    assert (crossed.code, crossed.groups, crossed.labels) == ("pair_cells_too_small", ("site", "job"), (2,))
    assert (across.groups, across.labels) == (("job", "site"), (1,))
    assert "too small to be split" in across.words


def test_a_roster_that_is_not_known_rules_nothing_out():
    assert can_never_be_shown(plan(groups=(group("site", 3), group("job", 2)))) == ()


@pytest.mark.parametrize(
    ("kind", "options", "top", "lowest"),
    [
        ("agreement", 5, (3, 4), 1),
        ("frequency", 5, (3, 4), 1),
        ("scale10", 11, (8, 9, 10), 0),
        ("one", 2, (0,), None),
        ("one", 3, (), None),
        ("several", 2, (), None),
        ("several", 4, (), None),
    ],
)
def test_each_kind_has_its_upper_answers_and_its_scale(kind, options, top, lowest):
    question = Question("q", kind, options)
    assert (question.top, question.lowest) == (top, lowest)


def test_the_people_asked_are_those_of_a_roster_that_is_wholly_known():
    assert plan().asked == 135
    assert plan(eligible=160).asked == 160
    assert plan(groups=(group("site", 3), group("job", 2))).asked is None


def test_how_many_answered_counts_as_known_only_where_the_plan_says_so():
    assert not plan().total_is_public and plan(total_is_public=True).total_is_public


def test_a_plan_may_be_as_small_and_as_large_as_the_limits():
    assert Question("q", "one", 2).options == 2 and Question("q", "several", 250).options == 250
    assert group("site", 1).labels == 1 and group("site", 250).labels == 250
    with pytest.raises(GroupMalformed, match="1 to 250"):
        group("site", 251)
    with pytest.raises(GroupMalformed):
        GroupQuestion("site", 0, (), ())
    assert GroupQuestion("site", 1, (0,), (None,)).roster == (0,), "a group may be empty"
    assert plan(minimum=10).minimum == 10 and plan().group("job").labels == 2


def test_what_the_roster_rules_out_begins_just_under_k_and_2k():
    def said(site, job, pairs=(("site", "job"),)):
        groups = (group("site", len(site), site), group("job", len(job), job))
        return [
            (each.code, each.groups, each.labels) for each in can_never_be_shown(plan(groups=groups, pairs=pairs))
        ]

    assert said((20, 20, None), (20, 40)) == []
    assert said((10, 9, None), (20, 40), pairs=()) == [("group_too_small", ("site",), (1,))]
    assert said((20, 19, None), (20, 40)) == [("pair_cells_too_small", ("site", "job"), (1,))]
    assert said((20, 20), (20, 19)) == [("pair_cells_too_small", ("job", "site"), (1,))]


def test_a_breakdown_is_refused_only_where_none_of_it_could_be_shown():
    few, some, unknown = group("site", 2, (9, 9)), group("site", 2, (9, 10)), group("site", 2, (9, None))
    for site in (some, unknown):
        assert plan(groups=(site, group("job", 1, (10,)))).pairs
    for groups in ((few, group("job", 1, (40,))), (group("job", 1, (9,)), some)):
        with pytest.raises(NeverShown):
            plan(groups=groups)


def test_the_people_asked_are_the_fewest_that_a_roster_counts():
    assert plan(groups=(group("site", 3, (70, 60, 10)), group("job", 2, (100, 30)))).asked == 130
    assert plan(groups=(group("site", 3, (70, None, 10)), group("job", 2, (100, 30)))).asked == 130
    assert plan(groups=(group("site", 3, (70, 60, 0)), group("job", 2))).asked == 130
    assert plan(groups=(group("site", 3, (70, 60, 10)), group("job", 2, (100, 30))), eligible=0).asked == 0
