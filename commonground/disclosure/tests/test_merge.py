import numpy as np
import pytest

from commonground.disclosure.merge import (
    Grouping,
    ReportingGroup,
    groups_as_before,
    join,
    join_by_answers,
    levels_of,
    reporting_groups,
)
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


# Many small districts


def joined_by_hand(rosters, minimum):
    """Join the two smallest of one level again and again, as long as the smallest has fewer than 2k and must."""
    groups = [((label,), roster) for label, roster in rosters]
    while len(groups) > 1:
        groups.sort(key=lambda each: (each[1] is None, each[1] or 0, each[0]))
        least = groups[0][1]
        if least is None or least >= 2 * minimum or (len(groups) == 2 and least >= minimum):
            break
        (one, few), (two, more) = groups[:2]
        groups[:2] = [(tuple(sorted(one + two)), None if more is None else few + more)]
    return dict(groups)


@pytest.mark.parametrize("seed", range(60))
def test_in_any_district_the_smallest_two_of_a_level_are_joined_until_none_is_small(seed):
    draw = np.random.default_rng(seed)
    labels, minimum = int(draw.integers(1, 9)), int(draw.choice([10, 12]))
    known = draw.choice([5, 9, 10, 12, 19, 20, 24, 50], labels).tolist()
    rosters = tuple(n if draw.random() < 0.9 else None for n in known)
    levels = tuple(str(level) for level in draw.integers(0, 3, labels))
    found = reporting_groups(group("site", labels, rosters, levels), minimum)
    expected: dict[tuple[int, ...], tuple[int | None, str]] = {}
    for level in set(levels):
        inside = [(label, rosters[label]) for label in range(labels) if levels[label] == level]
        expected |= {holds: (roster, level) for holds, roster in joined_by_hand(inside, minimum).items()}
    groups = found.groups[:-1]
    assert [each.holds for each in groups] == sorted(expected)
    assert found.groups[-1] == ReportingGroup((), left_out=True)
    for place, each in enumerate(groups):
        mates = [i for i, other in enumerate(groups) if other.level == each.level and i != place]
        assert (each.roster, each.level) == expected[each.holds]
        assert each.joined == ("roster" if len(each.holds) > 1 else None)
        assert (place in found.lonely) == (not mates and each.roster is not None and each.roster < 2 * minimum)
        assert sorted(found.partners[place]) == mates
    for order in found.partners:
        keys = [(groups[i].roster is None, groups[i].roster or 0, groups[i].holds) for i in order]
        assert keys == sorted(keys)
    assert len(found.partners[-1]) == len(groups) and found.id == "site"


@pytest.mark.parametrize("seed", range(60))
def test_groups_are_joined_by_answers_until_each_has_k_or_nobody_is_left_to_join(seed):
    draw = np.random.default_rng(seed)
    labels = int(draw.integers(1, 7))
    levels = tuple(str(level) for level in draw.integers(0, 2, labels))
    grouping = reporting_groups(group("site", labels, tuple(draw.integers(20, 60, labels).tolist()), levels), 10)
    answers = draw.choice([0, 3, 9, 10, 15, 30], len(grouping.groups)).tolist()
    bundles = join_by_answers(grouping, answers, 10)
    assert sorted(place for bundle in bundles for place in bundle) == list(range(len(answers)))
    assert list(bundles) == sorted(bundles)
    for bundle in bundles:
        number, last = sum(answers[place] for place in bundle), len(answers) - 1
        if len(bundle) == 1:
            alone_and_empty = bundle == (last,) and number == 0
            assert number >= 10 or alone_and_empty or not set(grouping.partners[bundle[0]])
        elif number < 10:
            assert all(set(grouping.partners[place]) <= set(bundle) for place in bundle if place != last)


def test_a_group_whose_number_tells_of_few_joins_its_partner_until_it_does_not():
    grouping = reporting_groups(group("site", 3, (70, 40, 50)), 10)
    asked = []

    def tells(members):
        asked.append(members)
        return members in (frozenset({0}), frozenset({0, 1}))

    assert join_by_answers(grouping, [30, 20, 25, 0], 10, tells) == ((0, 1, 2), (3,))
    assert join_by_answers(grouping, [30, 20, 25, 0], 10, lambda members: members == {3}) == ((0,), (1, 3), (2,))
    assert join_by_answers(grouping, [30, 20, 25, 0], 10, lambda _: True) == ((0, 1, 2, 3),)


def test_a_group_whose_level_has_no_other_to_join_stays_as_it_is_though_those_who_left_it_out_are_in_it():
    grouping = reporting_groups(group("site", 3, (70, 40, 50), ("a", "a", "b")), 10)
    of_all = frozenset({0, 1, 3})
    assert join_by_answers(grouping, [5, 20, 25, 4], 10, lambda members: members == of_all) == ((0, 1, 3), (2,))


def test_who_was_told_together_with_those_who_left_out_stays_so():
    fixed = reporting_groups(group("site", 3, (70, 40, 50)), 10)
    before = Grouping(fixed.id, fixed.groups, fixed.partners, (), with_left_out=2)
    assert join_by_answers(before, [30, 20, 25, 30], 10) == ((0,), (1,), (2, 3))
    assert join_by_answers(before, [30, 3, 25, 0], 10) == ((0,), (1, 2, 3))


# A later survey of the series


def test_the_groups_of_an_earlier_release_are_kept_with_the_roster_of_today():
    def part(holds, joined=None, left_out=False):
        return {"holds": holds, "joined": joined, "left_out": left_out}

    today = group("site", 5, (11, 12, 40, None, 8), ("a", "a", "b", "b", "a"))
    parts = [part([0, 1], "roster"), part([2], "answers", True), part([3, 4], "waves"), part([], None, True)]
    kept = groups_as_before(group("site", 6, (11, 12, 40, None, 8, 5), (*today.levels, "b")), parts)
    assert [each.holds for each in kept.groups] == [(0, 1), (2,), (3, 4), (5,), ()]
    assert [each.roster for each in kept.groups] == [23, 40, None, 5, None]
    assert [each.level for each in kept.groups] == ["a", "b", None, "b", None]
    assert [each.joined for each in kept.groups] == ["roster", None, "waves", None, None]
    assert [each.left_out for each in kept.groups] == [False] * 4 + [True]
    assert (kept.with_left_out, kept.lonely) == (1, ())
    assert kept.partners == ((), (3,), (), (1,), (3, 0, 1, 2))
    assert groups_as_before(today, [part([0, 1]), part([], None, True)]).with_left_out is None


def test_one_group_alone_is_not_joined_and_several_are_told_by_what_they_hold():
    grouping = reporting_groups(group("site", 3, (70, None, 50), ("a", "a", "b")), 10)
    assert join(grouping, (2,)) is grouping.groups[2]
    assert join(grouping, (0, 1), "waves").joined == "waves"
    assert join(grouping, (1, 0)).holds == (0, 1) and join(grouping, (0, 1)).roster is None
    assert join(grouping, (0, 2)).level is None and not join(grouping, (0, 2)).left_out
    assert Grouping("site", grouping.groups, (), ()).index_of_label(3) == [0, 1, 2, 3]


def test_levels_are_told_where_two_have_names_and_one_holds_two_groups():
    def made(*levels, left_out=True):
        groups = [ReportingGroup((i,), roster=10 * i, level=level) for i, level in enumerate(levels)]
        return [*groups, ReportingGroup((), left_out=True)] if left_out else groups

    assert levels_of(made("a", "b")) == levels_of(made("a", "a")) == levels_of(made(None, None)) == ((), ())
    assert levels_of(made("a", None, None)) == ((), ())
    levels, places = levels_of(made("a", "b", "a", left_out=False))
    assert [(each.holds, each.roster, each.level, each.left_out) for each in levels] == [
        ((0, 2), 20, "a", False), ((1,), 10, "b", False),
    ]  # fmt: skip
    assert places == (0, 1, 0)
    levels, places = levels_of(made("b", "a", "a"))
    assert [(each.holds, each.level, each.left_out) for each in levels] == [
        ((0,), "b", False), ((1, 2), "a", False), ((), None, True),
    ]  # fmt: skip
    assert places == (0, 1, 1, 2)


def test_a_level_holds_those_who_left_the_question_out_if_they_were_joined_to_one_of_its_groups():
    groups = [ReportingGroup((i,), level="ab"[i // 2]) for i in range(4)]
    groups[1] = ReportingGroup((1,), left_out=True, level="a")
    assert [level.left_out for level in levels_of(groups)[0]] == [True, False]
