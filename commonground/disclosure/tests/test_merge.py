from commonground.disclosure.merge import join, join_by_answers, reporting_groups
from commonground.disclosure.tests.survey import group


def holds(grouping):
    return [part.holds for part in grouping.groups if not part.left_out]


def test_a_group_under_2k_joins_the_next_smallest_of_its_level():
    sites = group("site", 5, (104, 112, 257, 14, 61), ("school", "school", "school", "school", "yard"))
    grouping = reporting_groups(sites, 10)
    assert holds(grouping) == [(0, 3), (1,), (2,), (4,)]
    merged = grouping.groups[0]
    assert (merged.roster, merged.level, merged.joined) == (118, "school", "roster")


def test_joining_goes_on_until_each_has_2k_people():
    assert holds(reporting_groups(group("site", 5, (3, 4, 5, 30, 30)), 10)) == [(0, 1, 2, 3), (4,)]


def test_a_level_keeps_two_groups_where_both_have_k_people():
    assert holds(reporting_groups(group("site", 2, (15, 90)), 10)) == [(0,), (1,)]
    assert holds(reporting_groups(group("site", 2, (9, 90)), 10)) == [(0, 1)]


def test_a_small_group_alone_in_its_level_is_told_and_not_joined_elsewhere():
    grouping = reporting_groups(group("site", 3, (80, 80, 14), ("school", "school", "yard")), 10)
    assert holds(grouping) == [(0,), (1,), (2,)]
    assert grouping.lonely == (2,)


def test_an_unknown_roster_joins_nobody():
    grouping = reporting_groups(group("site", 3), 10)
    assert holds(grouping) == [(0,), (1,), (2,)]
    assert grouping.lonely == ()


def test_people_who_left_the_question_out_come_last_and_join_the_smallest_by_roster():
    grouping = reporting_groups(group("site", 3, (70, 40, 50)), 10)
    assert grouping.groups[-1].left_out
    assert grouping.partners[-1][0] == 1
    assert join_by_answers(grouping, [30, 20, 25, 4], 10) == ((0,), (1, 3), (2,))
    assert join_by_answers(grouping, [30, 20, 25, 10], 10) == ((0,), (1,), (2,), (3,))


def test_nobody_left_out_joins_nobody():
    grouping = reporting_groups(group("site", 3, (70, 40, 50)), 10)
    assert join_by_answers(grouping, [30, 20, 25, 0], 10) == ((0,), (1,), (2,), (3,))


def test_the_partner_follows_from_the_roster_not_from_the_answers():
    grouping = reporting_groups(group("site", 3, (70, 40, 50)), 10)
    for answers in ([3, 30, 11, 0], [3, 11, 30, 0]):
        assert join_by_answers(grouping, answers, 10)[0] == (0, 1)


def test_a_partner_that_is_small_too_brings_its_own():
    grouping = reporting_groups(group("site", 3, (70, 40, 50)), 10)
    assert join_by_answers(grouping, [3, 4, 30, 0], 10) == ((0, 1, 2), (3,))


def test_partners_stay_within_the_level():
    grouping = reporting_groups(group("site", 3, (80, 80, 40), ("school", "school", "yard")), 10)
    assert join_by_answers(grouping, [40, 40, 3, 0], 10) == ((0,), (1,), (2,), (3,))


def test_a_joined_group_is_named_for_all_it_holds():
    grouping = reporting_groups(group("site", 3, (70, 40, 50), ("a", "a", "b")), 10)
    both = join(grouping, (0, 1))
    assert (both.holds, both.roster, both.level, both.joined) == ((0, 1), 110, "a", "answers")
    with_left_out = join(grouping, (1, 3))
    assert (with_left_out.left_out, with_left_out.roster, with_left_out.level) == (True, None, "a")
    assert with_left_out.as_json()["holds"] == [1]


def test_labels_find_their_reporting_group():
    grouping = reporting_groups(group("site", 4, (104, 112, 257, 14)), 10)
    assert grouping.index_of_label(4) == [0, 1, 2, 0, 3]
