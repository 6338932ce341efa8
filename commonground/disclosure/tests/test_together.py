"""Each adversary with several releases must find the leak that is planted for it."""

import copy
from dataclasses import replace
from hashlib import sha256
from itertools import permutations

import numpy as np
import pytest

from commonground.disclosure import together
from commonground.disclosure.attack import learn
from commonground.disclosure.gate import Release, protect
from commonground.disclosure.past import LEFT_OUT, Earlier
from commonground.disclosure.plan import GroupQuestion, TablePlan
from commonground.disclosure.tests.survey import AGREE, cell, group, one_way, released, shown_without_care, two_way
from commonground.disclosure.tests.test_attack import without_answers
from commonground.disclosure.tests.test_gate import follows
from commonground.disclosure.tests.test_memory import whole
from commonground.disclosure.tests.test_past import district, inside, less, sites
from commonground.disclosure.tests.test_real_data import FOLDER, rows
from commonground.disclosure.tests.waves import first_wave, moved, series
from commonground.disclosure.together import digest, learn_together

YEARS = (2015, 2016, 2017, 2018, 2019, 2020, 2022)
federal = pytest.mark.skipif(not FOLDER, reason="COMMONGROUND_REAL_DATA does not name the folder of real data")


def test_one_release_alone_tells_nothing_together():
    assert learn_together([released(*two_way([[30, 20, 0], [25, 25, 0], [0, 0, 0]]))]) == []


def test_two_viewers_with_two_groupings_take_apart_what_each_hides():
    """One sees groups of two sites, the other the same sites one by one but for the small one."""
    plan, columns = one_way([30, 30, 4, 30, 0])
    fine = released(plan, columns)
    coarse = TablePlan((AGREE,), (GroupQuestion("site", 4, (None,) * 4, ("a", "a", "b", "b")),), ("site",), ())
    levels = protect(coarse, columns).as_json()
    assert learn_together([whole(fine), whole(levels)]) != []
    assert learn_together([whole(fine), whole(fine)]) == []


def test_a_table_made_alone_gives_a_hidden_cell_of_another_back():
    plan, columns = two_way([[20, 4, 30], [15, 15, 30], [14, 16, 30], [0, 0, 0]])
    columns["half"] = columns["job"].copy()
    columns["half"][0] = 255
    first = released(plan, columns)
    other = TablePlan((AGREE,), (plan.groups[0], group("half", 2)), ("site", "half"), (("site", "half"),))
    hidden = [each for each in first["cells"] if each["status"] == "withheld"]
    assert hidden
    careless = copy.deepcopy(first)
    for each in careless["cells"]:
        if each["at"] == {"site": 0, "job": 0}:
            each.update(status="shown", n=20)
    assert any(sentence.startswith("Pooling") for sentence in learn_together([whole(first), whole(careless)]))
    beside = protect(
        TablePlan((AGREE,), (*plan.groups, group("half", 2)), ("site", "job", "half"), (*plan.pairs, *other.pairs)),
        columns,
        [Earlier(first, "opening")],
    ).as_json()
    assert learn_together([whole(first), whole(beside)]) == []


def test_one_leaver_between_two_counts_is_seen():
    plan, columns = two_way([[30, 20, 0], [25, 25, 0], [0, 0, 0]])
    first, second = released(plan, columns), released(plan, {name: each[1:] for name, each in columns.items()})
    assert "One leaver: the district counts 100 and 99 people of one opening." in learn_together(
        [whole(first), whole(second)]
    )
    assert not any("One leaver" in each for each in learn_together([whole(first), whole(second, "two")]))


def test_a_small_group_in_two_waves_is_seen_by_everyone_and_by_a_colleague():
    draw = np.random.default_rng(1)
    before = first_wave(draw, [24, 26, 60, 60], answering=0.6)
    after = before.next(draw, {0: (1, 0)}, answering=0.6)
    releases = series(before, after, careful=False, pair=False)
    for know in (None, moved(before, after)):
        found = learn_together(releases, know)
        assert any(each.startswith("Wave to wave: site 0 counts 15, then") for each in found)
    assert learn_together(series(before, after, careful=True, pair=False)) == []


def test_of_a_hundred_careless_series_most_are_caught_and_none_of_the_gate():
    caught = 0
    for seed in range(100):
        draw = np.random.default_rng(seed)
        before = first_wave(draw, draw.integers(10, 60, 4))
        after = before.next(draw, {0: tuple(draw.integers(0, 12, 2)), 1: (draw.integers(0, 4), 0)})
        know = moved(before, after)
        caught += bool(learn_together(series(before, after, careful=False), know))
        assert learn_together(series(before, after, careful=True), know) == []
    assert caught > 60


def test_a_claim_of_the_same_people_counts_only_for_the_release_it_names():
    draw = np.random.default_rng(1)
    before = first_wave(draw, [24, 60, 60], answering=0.6)
    after = before.next(draw, {}, answering=0.6)
    first, later = series(before, after, careful=True, told=True, pair=False)
    assert later["earlier"][0]["same"] == {"site": [0, 1, 2], "job": [0, 1]}
    assert learn_together([first, later]) == []
    asked_only = {**later["earlier"][0]["same"], "tenure": [0, 1]}
    asked = {**later, "earlier": [{**later["earlier"][0], "same": asked_only}]}
    assert learn_together([first, asked]) == [], "a question that was asked and is told nowhere tells nothing"
    forged = {**first, "minimum": 11}
    assert any(each.startswith("Wave to wave: site 0") for each in learn_together([forged, later]))


# Each adversary up to its edge


def told_of_first_site(counts, rosters, then, then_rosters, moved=None):
    """Return what two waves of the same sites tell of the first one."""
    waves = [sites(each, rosters).release for each, rosters in ((counts, rosters), (then, then_rosters))]
    return [found for found in learn_together(waves, moved) if found.startswith("Wave to wave: site 0")]


@pytest.mark.parametrize(
    ("first", "then", "roster", "tells"),
    [
        (15, 16, 30, True), (15, 16, 39, True), (15, 16, 40, False), (15, 16, 21, True), (15, 16, 20, False),
        (15, 16, None, True), (19, 60, 62, False), (19, 25, 30, True), (20, 25, 30, False), (25, 19, 30, True),
    ],
)  # fmt: skip
def test_two_numbers_tell_of_few_unless_both_are_large_or_ten_came_or_went(first, then, roster, tells):
    found = told_of_first_site((first, 40, 60), (30, 60, 90), (then, 40, 60), (roster, 60, 90))
    assert found == (
        [f"Wave to wave: site 0 counts {first}, then {then}, while few came or went."] if tells else []
    )


def test_a_number_that_reads_nearly_all_counts_as_the_least_and_an_unknown_roster_settles_nothing():
    waves = [sites(each, (30, 60, 90)).release for each in ((15, 40, 60), (16, 40, 60))]
    waves[0]["cells"][1]["n"] = {"at_least": 18, "at_most": 20, "of": 20}
    assert "Wave to wave: site 0 counts 18, then 16, while few came or went." in learn_together(waves)
    assert told_of_first_site((15, 40, 60), None, (16, 40, 60), (60, 60, 90))


def test_a_number_that_reads_nearly_all_leaves_nothing_beside_its_parts():
    waves = [sites(each, (30, 60, 90)).release for each in ((12, 40, 60), (12, 40, 60))]
    for wave in waves:
        numbers = ({"at_least": 18, "at_most": 20, "of": 20}, 12, None, None, None)
        for each, number in zip(wave["cells"], numbers, strict=False):
            each["n"] = number
    found = learn_together([whole(wave, name) for wave, name in zip(waves, "12", strict=True)], lambda _: 1)
    assert found and not any("without" in each for each in found)


def test_of_two_waves_the_larger_smallest_group_counts():
    waves = [sites(each, (30, 60, 90)).release for each in ((22, 50, 60), (23, 50, 60))]
    assert learn_together(waves) == []
    for place in (0, 1):
        stricter = [{**wave, "minimum": 12 if at == place else 10} for at, wave in enumerate(waves)]
        assert "Wave to wave: site 0 counts 22, then 23, while few came or went." in learn_together(stricter)


@pytest.mark.parametrize(("people", "tells"), [(0, False), (1, True), (9, True), (10, False), (None, True)])
def test_whoever_knows_who_came_and_went_is_told_of_few_only(people, tells):
    found = told_of_first_site((15, 40, 60), (30, 60, 90), (16, 40, 60), (31, 60, 90), lambda _: people)
    assert bool(found) is tells


@pytest.mark.parametrize(("rosters", "tells"), [((30, 39, 70), True), ((30, 40, 90), False)])
def test_what_two_waves_leave_of_a_line_is_compared_too(rosters, tells):
    waves = [sites(each, known).release for each, known in (((15, 14, 60), (30, 30, 90)), ((12, 16, 60), rosters))]
    for wave, people in zip(waves, ((74, None, None, 60, None), (74, None, None, 57, None)), strict=True):
        wave["groups"][0]["reporting"][-1]["roster"] = 0
        for each, number in zip(wave["cells"], people, strict=False):
            each["n"] = number
    sentence = "Wave to wave: the district without site 2 counts 14, then 17, while few came or went."
    assert learn_together(waves) == ([sentence] if tells else [])


def test_a_number_that_reads_nearly_all_is_no_leaver():
    first = sites((30, 40, 60), (60, 60, 90)).release
    for number, found in ((30, False), (29, True), ({"at_least": 27, "at_most": 30}, False)):
        other = copy.deepcopy(first)
        other["cells"][1]["n"] = number
        leavers = [each for each in learn_together([whole(first), whole(other)]) if each.startswith("One leaver")]
        assert bool(leavers) is found


@pytest.mark.parametrize(("left", "found"), [(1, True), (9, True), (10, False), (12, False)])
def test_parts_of_one_release_are_taken_from_the_total_of_another(left, found):
    first, other = sites((30, 40, 60), (60, 60, 90)).release, sites((30, 40, 60), (60, 60, 90)).release
    for release, people in ((first, (90 + left, None, None, None, None)), (other, (None, 30, None, 60, None))):
        for each, number in zip(release["cells"], people, strict=False):
            each.update(n=number, answers={})
    sentence = f"Difference: {left} people of the district are left."
    assert (sentence in learn_together([whole(first), whole(other)])) is found
    stricter = [{**first, "minimum": 12}, other]
    for order in (stricter, stricter[::-1]):
        assert (sentence in learn_together([whole(each) for each in order])) is (left < 12), (
            "the larger group counts"
        )


def test_a_share_of_one_release_is_taken_from_the_total_of_another():
    releases = [released(*one_way([50, 50, 0])) for _ in range(2)]
    for release, told, top in zip(releases, ({}, {"site": 0}), (30, 60), strict=True):
        for each in release["cells"]:
            shares = {"options": None, "top": top, "mean": None, "step": 1, "status": "shown"}
            each["answers"] = {"breaks": {"n": each["n"], **shares}} if each["at"] == told else {}
    sentence = "Line: of 50 people hidden in the district nearly none or all gave top of breaks."
    assert f"Together: {sentence}" in learn_together([whole(each) for each in releases])
    assert learn_together([whole(releases[0]), whole(releases[0])]) == []


@pytest.mark.parametrize(("left", "found"), [(0, False), (1, True), (9, True), (10, False)])
def test_a_group_of_one_release_is_taken_from_a_larger_one_of_another(left, found):
    plan, columns = one_way([40, 30, 40, 30, 0])
    fine = released(plan, columns)
    coarse = protect(TablePlan((AGREE,), (SITE_LEVELS,), ("site",), ()), columns).as_json()
    for release, at, people in ((fine, {"site": 0}, 40), (coarse, {"site/level": 0}, 40 + left)):
        for each in release["cells"]:
            each.update(n=people if each["at"] == at else None, answers={})
    sentences = [each for each in learn_together([whole(fine), whole(coarse)]) if "not in" in each]
    assert sentences == ([f"Difference: {left} people of site 0, 1 are not in site 0."] if found else [])


def test_what_follows_from_one_of_two_releases_alone_does_not_follow_together():
    careless = without_answers(released(*one_way([40, 30, 40, 0])))
    cell(careless, site=1).update(status="withheld", n=None)
    cell(careless, site=3).update(status="shown", n=0)
    alone = "By one subtraction: site 1 holds 30 people."
    assert alone in learn(careless)
    assert not any(each.startswith("Together") for each in learn_together([whole(careless), whole(careless)]))


SITE_LEVELS = GroupQuestion("site", 4, (None,) * 4, ("a", "a", "b", "b"))


def pool(*releases):
    return together.Pool([together.Printed(each) for each in releases])


def test_cells_of_one_release_that_fill_one_of_another_are_a_line():
    plan, columns = two_way([[20, 14, 0], [15, 15, 0], [14, 16, 0], [12, 18, 0], [0, 0, 0]])
    coarse = protect(TablePlan((AGREE,), (SITE_LEVELS,), ("site",), ()), columns).as_json()
    columns["shift"] = columns["job"]
    pairs = (("site", "job"), ("site", "shift"))
    plan = replace(plan, groups=(*plan.groups, group("shift", 2)), margins=("site", "job", "shift"), pairs=pairs)
    both = pool(released(plan, columns), coarse)
    total = frozenset({("site", frozenset({0, 1}))})
    parts = [frozenset({("site", frozenset({label}))}) for label in (0, 1)]
    by_job, by_shift = (
        {
            frozenset({("site", frozenset({label})), (name, frozenset({kind}))})
            for label in (0, 1)
            for kind in (0, 1, together.NONE_NAMED)
        }
        for name in ("job", "shift")
    )
    found = [set(lines) for where, lines in both.lines if where == total]
    assert all(each in found for each in (set(parts), by_job, by_shift))
    labels = both.labels["site"]
    for where, lines in both.lines:
        held = [dict(each).get("site", labels) for each in lines]
        assert frozenset().union(*held) == dict(where).get("site", labels)


def test_the_district_is_the_same_people_only_if_all_labels_of_a_question_are():
    draw = np.random.default_rng(1)
    before = first_wave(draw, [24, 60, 60], answering=0.6)
    first, later = series(before, before.next(draw, {}, answering=0.6), careful=True, told=True, pair=False)
    site = frozenset({("site", frozenset({0}))})
    for sites_named, jobs, whole_district in (([0, 1, 2], [0], True), ([0, 1], [0, 1], True), ([0, 1], [0], False)):
        same = [{**later["earlier"][0], "same": {"site": sites_named, "job": jobs}}]
        claiming = pool({**later, "earlier": same})
        assert claiming.names_as_same(frozenset(), pool(first)) is whole_district
        assert claiming.names_as_same(site, pool(first)) is True
    for job, same_people in ((0, True), (1, False)):
        assert claiming.names_as_same(site | {("job", frozenset({job}))}, pool(first)) is same_people
        assert claiming.names_as_same(frozenset({("site", frozenset({0, job}))}), pool(first)) is True
    only_first = pool({**later, "earlier": [{**later["earlier"][0], "same": {"site": [0]}}]})
    assert only_first.names_as_same(site, pool(first)) is True
    assert only_first.names_as_same(frozenset({("site", frozenset({0, 1}))}), pool(first)) is False


def test_what_is_left_of_a_line_is_settled_only_if_all_of_it_is_the_same_people():
    first, later = (sites(each, None).release for each in ((15, 14, 60), (12, 16, 60)))
    left = [frozenset({("site", frozenset({place}))}) for place in (0, 1)]
    for same, settled in (([0, 1], True), ([0], False), ([1], False), ([], False)):
        claim = [{"hash": digest(first), "how": "wave", "same": {"site": same}}]
        waves = pool(first), pool({**later, "earlier": claim})
        assert together._settled(left, *waves, 10, None) is settled
        assert together._settled(left, *waves[::-1], 10, None) is settled


def test_what_is_left_of_a_line_is_settled_by_rosters_only_if_all_are_known():
    left = [frozenset({("site", frozenset({place}))}) for place in (0, 1)]
    first = pool(sites((15, 14, 60), (30, 30, 90)).release)
    for rosters, settled in (
        ((40, 30, 90), True),
        ((39, 30, 90), False),
        ((25, 25, 90), True),
        ((40, None, 90), False),
    ):
        later = pool(sites((12, 16, 60), rosters).release)
        assert together._settled(left, first, later, 10, None) is settled
        assert together._settled(left, later, first, 10, None) is settled


def test_a_cell_lies_in_another_if_all_that_it_holds_does():
    site, sites_, job = ((("site", frozenset({0})),), (("site", frozenset({0, 1})),), (("job", frozenset({0})),))
    for inner, outer, lies in (
        (site + job, site, True), (site + job, sites_, True), (site, (), True), (site, sites_, True),
        (site, site + job, False), (sites_, site, False), ((), site, False), (sites_ + job, site + job, False),
    ):  # fmt: skip
        assert together._inside(frozenset(inner), frozenset(outer)) is lies


def test_a_roster_is_known_that_any_release_of_one_opening_names():
    known = sites((30, 40, 60), (60, 60, 90)).release
    both = pool(sites((30, 40, 60), None).release, known)
    assert both.roster(frozenset({("site", frozenset({0}))})) == 60
    assert both.roster(frozenset({("site", frozenset({9}))})) is None


def with_those_left_out(where):
    """Return a cell as the tests of memory name it."""
    return frozenset(
        (name, frozenset(LEFT_OUT if label == together.NONE_NAMED else label for label in held))
        for name, held in where
    )


@pytest.mark.parametrize("seed", range(8))
def test_of_pooled_sums_exactly_those_follow_that_are_sums_of_printed_numbers(seed):
    release, counts = district(seed)
    both = pool(release)
    rows = np.array([inside(with_those_left_out(where)) for where in both.people], dtype=np.int64)
    wanted = [(where, ()) for where in both.cells] + both.lines
    wanted += [(total, [where for where in parts if where in both.people]) for total, parts in both.lines]
    for (total, parts), number in zip(wanted, both.solve(wanted), strict=True):
        sums = less(with_those_left_out(total), [with_those_left_out(part) for part in parts])
        assert number == (sums @ counts if follows(rows, sums[None])[0] else None)


def test_what_one_release_tells_alone_is_not_told_again():
    plan, columns = two_way([[20, 4, 30], [15, 15, 30], [14, 16, 30], [0, 0, 0]])
    careless = shown_without_care(released(plan, columns), plan, columns, least=5)
    assert learn_together([whole(careless)]) == []
    assert learn_together([whole(careless), whole(careless)]) != []


def test_where_nothing_is_printed_nothing_follows():
    release = sites((30, 40, 60), (60, 60, 90)).release
    for each in release["cells"]:
        each.update(n=None, answers={})
    hidden = pool(release)
    assert hidden.solve([(where, ()) for where in hidden.cells]) == [None] * len(hidden.cells)


def test_a_number_without_any_of_its_parts_is_judged_as_itself():
    waves = [sites(each, (30, 60, 90)).release for each in ((15, 40, 60), (16, 40, 60))]
    for wave, people in zip(waves, (15, 16), strict=True):
        for each in wave["cells"]:
            each.update(n=None if each["at"] else people, answers={})
    asked = []

    def know(left):
        asked.append(left)
        return 10

    assert learn_together(waves, know) == []
    assert asked == [(frozenset(),)]


def test_tables_of_one_opening_are_read_as_one_with_what_any_of_them_tells():
    plan, columns = two_way([[30, 25, 0], [28, 32, 0], [0, 0, 0]])
    first = released(plan, columns)
    turned = released(replace(plan, pairs=(("job", "site"),)), columns)
    alone = released(replace(plan, pairs=()), columns)
    silent = copy.deepcopy(first)
    for each in silent["cells"]:
        each["answers"] = {question: {"status": "withheld"} for question in each["answers"]}
    for documents in ((first, turned), (alone, first), (first, silent), (silent, first), (first, alone)):
        merged = together._merged(documents)
        assert merged["pairs"] == [["site", "job"]]
        told = {frozenset(each["at"].items()): (each["n"], each["answers"]) for each in merged["cells"]}
        assert told == {frozenset(each["at"].items()): (each["n"], each["answers"]) for each in first["cells"]}


@pytest.mark.parametrize("order", [*permutations((None, {"at_least": 27, "at_most": 30}, 28))])
def test_of_releases_of_one_opening_the_most_exact_number_stands(order):
    release = sites((30, 40, 60), (60, 60, 90)).release
    where = frozenset({("site", frozenset({0}))})
    for numbers in (order, order[:2]):
        documents = [copy.deepcopy(release) for _ in numbers]
        for document, number in zip(documents, numbers, strict=True):
            document["cells"][1].update(n=number)
        exact = max(numbers, key=lambda n: (isinstance(n, int), n is not None))
        assert pool(*documents).cells[where]["n"] == exact
        assert together._merged(documents)["cells"][1]["n"] == exact


@pytest.mark.parametrize("hidden", ["site", "site/level"])
def test_a_number_stands_that_a_level_or_its_only_group_tells(hidden):
    plan, columns = one_way([30, 30, 40, 0])
    release = protect(replace(plan, groups=(group("site", 3, None, ("a", "a", "b")),)), columns).as_json()
    place = {"site": 2, "site/level": 1}[hidden]
    next(each for each in release["cells"] if each["at"] == {hidden: place})["n"] = None
    assert together.Printed(release).cells[frozenset({("site", frozenset({2}))})]["n"] == 40


def test_releases_are_read_as_one_with_the_questions_of_each_and_the_larger_smallest_group():
    release = released(*one_way([30, 40, 0], questions=(AGREE, replace(AGREE, id="pride"))))
    first, other = ({**release, "questions": [question]} for question in release["questions"])
    for documents in ((first, {**other, "minimum": 12}), ({**first, "minimum": 12}, other)):
        merged = together._merged(documents)
        assert merged["questions"] == release["questions"] and merged["minimum"] == 12


def test_releases_that_report_other_groups_are_not_read_as_one():
    plan, columns = two_way([[30, 25, 0], [28, 32, 0], [20, 22, 0], [0, 0, 0]])
    first = released(plan, columns)
    levels = replace(plan, groups=(group("site", 3, (5, 5, 90), ("a", "a", "a")), plan.groups[1]))
    joined = released(levels, columns)
    assert [len(each["reporting"]) for each in joined["groups"]] != [
        len(each["reporting"]) for each in first["groups"]
    ]
    assert together._merged([first, joined]) == together._merged([first])
    assert together._merged([joined, first]) == together._merged([joined])


# What a release says of earlier ones


def worded(*options, group="site", text="Where?", earlier=()):
    """Return as much of a release as tells what its labels are called and who they hold."""
    question = {"id": "g", "group": group, "text": {"en": text}, "options": list(options)}
    other = {"id": "h", "group": "job", "text": {"en": "Job?"}, "options": [named("Cook", "other people")]}
    asked = {"id": "q", "group": None, "text": {"en": "Breaks?"}, "options": [named("Oak", "nobody")]}
    return {"words": {"questions": [other, question, asked]}, "tables": {"earlier": list(earlier)}}


def named(text, people=None, **more):
    return {"text": {"en": text}, "people": people, **more}


def unfounded(then, now, labels=(0,), **changes):
    before = worded(*then, **changes.pop("before", {}))
    claim = {"hash": changes.pop("hash", digest(before)), "how": "wave", "same": {"g": list(labels)}}
    return list(together._unfounded(worded(*now, earlier=[claim], **changes), before))


def test_labels_are_called_the_same_people_only_where_both_papers_hash_the_same():
    oak, elm = named("Oak", "those of Oak"), named("Elm", "those of Elm")
    assert unfounded([oak, elm], [oak, elm], (0, 1)) == [] and unfounded([elm, oak], [oak]) == []
    fault = "The release calls Oak the same people as then without ground."
    assert unfounded([oak], [named("Oak", "others")]) == [fault]
    assert unfounded([named("Oak")], [named("Oak")]) == [fault], "nobody hashed them"
    assert unfounded([elm], [oak]) == [fault] and unfounded([oak], [oak, elm], (1,)) == [
        fault.replace("Oak", "Elm")
    ]
    assert unfounded([elm], [oak], hash="another") == [], "said of another release"
    renamed = named("Oak School", "those of Oak", codes=["07"]), named("Oak", "those of Oak", codes=["07"])
    assert unfounded([renamed[0]], [renamed[1]]) == []
    assert unfounded([renamed[0]], [oak]) == [fault], "of another code"
    held = named("Oaks", "those of Oak", holds=["1", "2"]), named("Oak", "those of Oak", holds=["2", "1"])
    assert unfounded([held[0]], [held[1]]) == []
    other = {"group": "other", "text": "Shift?"}
    assert unfounded([oak], [oak], before=other, **other) == []
    assert unfounded([oak], [oak], before={**other, "text": "Wing?"}, **other) == [fault]
    assert unfounded([oak], [oak], group="job") == [fault]
    assert (
        list(together._unfounded({"tables": {}}, worded(oak))) == list(together._unfounded(worded(oak), {})) == []
    )


def test_only_the_choices_of_group_questions_are_called_the_same_people():
    found = [option["people"] for _, option in together._choices(worded(named("Oak", "those of Oak")))]
    assert found == ["other people", "those of Oak"]


@pytest.mark.parametrize(("people", "faults"), [("those then", []), ("others", ["without ground"] * 3)])
def test_nothing_is_wrong_with_a_wave_that_names_the_earlier_one_and_the_same_people(people, faults):
    draw = np.random.default_rng(1)
    before = first_wave(draw, [24, 60, 60], answering=0.6)
    first, later = series(before, before.next(draw, {}, answering=0.6), careful=True, told=True, pair=False)

    def in_words(tables, of_sites):
        sites = [named(f"Site {i}", of_sites) for i in range(3)]
        jobs = [named(f"Job {i}", "the same") for i in range(2)]
        asked = [{"id": name, "group": name, "options": each} for name, each in (("site", sites), ("job", jobs))]
        return {"words": {"questions": asked}, "tables": tables}

    then = in_words(first, "those then")
    claim = [{**later["earlier"][0], "hash": digest(then)}]
    found = together.not_remembered(in_words({**later, "earlier": claim}, people), [then])
    assert len(found) == len(faults) and all(end in each for end, each in zip(faults, found, strict=True))


def test_a_release_is_named_by_the_hash_of_its_canonical_text():
    assert digest({"b": "ñ", "a": 1}) == sha256('{"a":1,"b":"ñ"}'.encode()).hexdigest()


@pytest.mark.parametrize(("group", "called"), [("site", "site"), ("other", "Where?"), (None, "Where?")])
def test_a_group_question_is_called_by_what_it_groups_and_else_by_its_words(group, called):
    tables = {"groups": [{"id": "g", "of": None, "labels": 1}, {"id": "k", "of": None, "labels": 2}]}
    names = together._names(worded(named("Oak", codes=["07", "08"]), group=group), tables)
    assert names == {"g": (called, [{"07", "08"}]), "k": ("k", [{0}, {1}])}


def test_a_release_names_every_earlier_one_as_what_it_is():
    tables = sites((30, 40, 60), (60, 60, 90)).release
    first = whole(tables)
    wrong = f"The release takes {digest(first)[:16]} for another opening than it is."
    for name, how, faults in (
        ("one", "opening", []), ("one", "wave", [wrong]), ("two", "opening", [wrong]), ("two", "wave", []),
    ):  # fmt: skip
        claim = [{"hash": digest(first), "how": how, "same": {}}]
        later = whole({**tables, "earlier": claim}, name)
        assert [each for each in together.not_remembered(later, [first]) if "takes" in each] == faults
    alone = [{"hash": digest(tables), "how": "opening", "same": {}}]
    found = together.not_remembered(whole({**tables, "earlier": alone}), [tables])
    assert not any("takes" in each for each in found), "tables alone do not say of which opening they are"
    silent = whole(tables, "two")
    assert f"The release does not say that it was judged beside {digest(first)[:16]}." in together.not_remembered(
        silent, [first]
    )


def units():
    """Return for each unit below the administration its published count by year, None where it was not listed."""
    table = rows("survey_aggregates/fevs_commerce_2015_2022.csv")
    counts = {
        row["Sorting Code"]: [row.get(f"Response Count_{year}", "").replace(",", "") for year in YEARS]
        for row in table
    }
    known = {code: [int(float(each)) if each else None for each in each_year] for code, each_year in counts.items()}
    return {code: each for code, each in known.items() if code.startswith("CM09") and len(code) > 4}


def federal_tables():
    """Return levels, labels of each level (the unlisted last), and their counts by year."""
    below = units()
    levels = sorted(code for code in below if len(code) == 6)
    labels = [(level, code) for level in levels for code in [*sorted(c for c in below if c[:6] == level != c), ""]]
    numbers = []
    for year in range(len(YEARS)):
        listed = [below[code][year] or 0 if code else 0 for _, code in labels]
        for place, (level, code) in enumerate(labels):
            if not code:
                inside = sum(n for n, (of, _) in zip(listed, labels, strict=True) if of == level)
                listed[place] = max(0, (below[level][year] or 0) - inside)
        numbers.append(listed)
    return levels, labels, numbers


def as_published(levels, labels, counts):
    """Return the year's tables as they were printed: every level and listed unit, never the unlisted ones."""
    inside = {level: [i for i, (of, _) in enumerate(labels) if of == level] for level in levels}

    def part(holds, level, left_out=False):
        return {"holds": holds, "left_out": left_out, "roster": None, "level": level, "joined": None}

    reporting = [part([i], level) for i, (level, _) in enumerate(labels)]
    nobody = part([], None, left_out=True)
    totals = [part(inside[level], level) for level in levels]
    shared = {"labels": len(labels)}
    groups = [
        {"id": "unit/level", "of": "unit", "reporting": [*totals, nobody], **shared},
        {"id": "unit", "of": None, "reporting": [*reporting, nobody], **shared},
    ]
    sums = [sum(counts[i] for i in inside[level]) for level in levels]
    cells = [({}, sum(counts)), *(({"unit/level": i}, n) for i, n in enumerate([*sums, 0]))]
    cells += [({"unit": i}, n if i < len(labels) and labels[i][1] else None) for i, n in enumerate([*counts, 0])]
    return {
        "minimum": 10,
        "eligible": None,
        "questions": [],
        "groups": groups,
        "pairs": [],
        "cells": [{"at": at, "status": "shown", "n": n or None, "answers": {}} for at, n in cells],
    }


@federal
def test_seven_years_of_federal_counts_tell_of_few_people_and_those_of_the_gate_do_not():
    levels, labels, numbers = federal_tables()
    printed = learn_together([as_published(levels, labels, counts) for counts in numbers])
    assert len([each for each in printed if each.startswith("Wave to wave")]) > 20
    group_of = GroupQuestion("unit", len(labels), (None,) * len(labels), tuple(level for level, _ in labels))
    plan = TablePlan((AGREE,), (group_of,), ("unit",), ())
    series_of_gate: list[Release] = []
    for counts in numbers:
        people = np.repeat(np.arange(len(labels)), counts).astype(np.uint8)
        earlier = [Earlier(each, "wave", digest(each)) for each in series_of_gate]
        columns = {"unit": people, "breaks": (np.arange(len(people)) % 5).astype(np.uint8)}
        series_of_gate.append(protect(plan, columns, earlier).as_json())
    assert learn_together(series_of_gate) == []
    assert series_of_gate[-1]["loss"]["tables"][-1]["people"] > 95


def test_who_named_no_group_is_unknown_to_a_release_that_did_not_ask():
    """The whole of a later survey is not the few who left out, in an earlier one, a question it does not ask."""
    earlier = released(*two_way([[30, 25, 5], [28, 22, 6], [0, 0, 0]]))
    later = released(*one_way([40, 50, 0]))
    assert any(each["at"] == {"job": 2} and each["n"] == 11 for each in earlier["cells"])
    assert learn_together([earlier, later]) == []
