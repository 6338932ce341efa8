"""Comparisons of groups and waves say no more than printed numbers carry, and as readily that they cannot tell."""

import copy
import re
from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from django.utils.translation import override

from commonground.releases import differences, differing, examples, public
from commonground.releases.differences import among_groups, printed, since
from commonground.releases.examples import asked, grouping
from commonground.releases.intervals import Judged, Shown, Verdict
from commonground.releases.reading import People, Reading, Told
from commonground.responses.page import check

HIDDEN = "not shown, to protect people"


@pytest.fixture(scope="module")
def reading():
    return Reading(examples.valley())


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


def two_sites(yes, n=(150, 150), seed=4, roster=(200, 200, 200), words="Do you have a place to rest?"):
    """Return a release of three sites; `yes` is how many of each answered the one question with yes."""
    sites = [(f"Site {i}", f"Sitio {i}", people, None) for i, people in enumerate(roster)]
    questions = (
        grouping("q1", "site", "Where do you work?", "¿Dónde trabaja?", sites[: len(yes)]),
        asked("q2", "one", words, "¿Tiene dónde descansar?", (("Yes", "Sí"), ("No", "No"))),
    )
    site = np.repeat(np.arange(len(yes)), n).astype(np.uint8)
    answers = np.concatenate([np.arange(people) >= say for say, people in zip(yes, n, strict=True)]).astype(
        np.uint8
    )
    order = np.random.default_rng(seed).permutation(len(site))
    columns = {"q1": site[order], "q2": answers[order]}
    return Reading(examples.release(questions, columns, eligible=sum(roster[: len(yes)])))


def by_name(found):
    return {differing.name(one): one for one in found.all}


# Groups and everyone else


def test_a_group_far_from_everyone_else_is_said_with_both_numbers_and_the_interval():
    found = by_name(among_groups(two_sites([90, 45, 50], [150, 150, 150])))
    assert differing.in_one_sentence(list(found.values())) == (
        "“Do you have a place to rest?” (Yes). More people than elsewhere: Site 0 (here 60% of 150 answers; "
        "everyone else 31 to 32% of 300 answers). Fewer people than elsewhere: Site 1 (here 30% of 150 answers; "
        "everyone else 46 to 47% of 300 answers); Site 2 (here 33% of 150 answers; everyone else 44 to 46% of 300 "
        "answers)."
    )
    assert differing.says(found["Site 0"]) == "more, by 22 to 35 points"


def test_what_is_close_is_called_too_close_with_its_numbers():
    found = by_name(among_groups(two_sites([62, 60], [150, 150])))
    assert differing.in_one_sentence(list(found.values())).endswith("Too close to call: Site 0; Site 1.")
    assert differing.says(found["Site 0"]) == "too close to call"


def test_everyone_else_is_held_by_what_is_said_of_them():
    for first, second in product((20, 61, 88), (33, 75, 120)):
        found = by_name(among_groups(two_sites([first, second], [150, 150])))
        other = found["Site 0"].other
        if other:
            assert 150 * other.low <= second <= 150 * other.high


def test_a_hidden_group_a_small_rest_and_a_rest_near_the_ends_are_not_compared():
    small = by_name(among_groups(two_sites([60, 8], [150, 15], roster=(200, 30, 1))))
    assert small["Site 0"].judged.verdict == Verdict.UNKNOWN
    ends = by_name(among_groups(two_sites([60, 2], [150, 150])))
    assert ends["Site 0"].judged.verdict == Verdict.UNKNOWN
    assert differing.in_one_sentence(list(ends.values())).endswith("Not enough is shown to compare: Site 0.")


def test_the_example_compares_every_group_by_name_and_no_other(reading):
    found = among_groups(reading)
    tops = [question for question in reading.questions if question.top]
    groups = [group for breakdown in reading.breakdowns for group in breakdown.groups if group.names]
    assert len(found.all) == len(tops) * len(groups)
    assert {one.judged.verdict for one in found.all} == {"more", "close", "unknown"}
    hidden = [one for one in found.all if one.told.hidden]
    assert hidden and {one.judged.verdict for one in hidden} == {Verdict.UNKNOWN}


def test_comparisons_come_from_printed_values_alone(reading):
    """The same printed values give the same comparisons, whatever stands in the rest of the release."""
    content = copy.deepcopy(reading.content)
    for name in ("proof", "loss", "merged", "reasons"):
        content["tables"].pop(name, None)
    content.pop("counts")
    assert among_groups(Reading(content)) == among_groups(reading)


@pytest.mark.parametrize("seed", range(6))
def test_no_comparison_goes_beyond_what_the_printed_numbers_allow(seed):
    """Each share lies inside what is taken for it, also in ranges, steps, and where the number is bounds."""
    chance = np.random.default_rng(seed)
    rosters = (40, 61, 84, 130)
    sites = [(f"Site {i}", f"Sitio {i}", people, None) for i, people in enumerate(rosters)]
    questions = (
        grouping("q1", "site", "Where?", "¿Dónde?", sites),
        asked("q2", "agreement", "A", "A"),
        asked("q3", "scale10", "B", "B"),
        asked("q4", "one", "C", "C", (("Yes", "Sí"), ("No", "No"))),
    )
    n = [
        int(people * share) for people, share in zip(rosters, chance.choice([0.4, 0.7, 0.97, 1.0], 4), strict=True)
    ]
    site = np.repeat(np.arange(4), n).astype(np.uint8)
    shape = chance.uniform(0.1, 3, 3)
    columns = {
        "q1": site,
        "q2": chance.choice(5, len(site), p=chance.dirichlet(np.ones(5) * shape[0])).astype(np.uint8),
        "q3": chance.choice(11, len(site), p=chance.dirichlet(np.ones(11) * shape[1])).astype(np.uint8),
        "q4": chance.choice(2, len(site), p=chance.dirichlet(np.ones(2) * shape[2])).astype(np.uint8),
    }
    columns["q2"] = np.where(chance.random(len(site)) < 0.08, 255, columns["q2"]).astype(np.uint8)
    reading = Reading(examples.release(questions, columns, eligible=sum(rosters)))
    breakdown = reading.breakdowns[0]
    seen = 0
    for question in reading.questions:
        values, held = columns[question.id], np.isin(columns[question.id], question.top)
        places = {group.place: np.isin(site, [int(n["en"][-1]) for n in group.names]) for group in breakdown.groups}
        for place, inside in [(None, np.full(len(site), True)), *places.items()]:
            told = reading.told(question, {} if place is None else {breakdown.id: place})
            share = printed(question, told, None)
            if share:
                answered = int((values[inside] != 255).sum())
                people = int(held[inside & (values != 255)].sum())
                assert share.answers <= answered <= share.most
                assert share.low * answered <= people <= share.high * answered
                seen += 1
    assert seen > 6


def test_only_whole_people_stand_behind_a_percent():
    question = next(q for q in Reading(examples.valley()).questions if q.id == "q9")
    told = Told("shown", People(20, 20), None, 35, None, 1, "under_30")
    share = printed(question, told, 40)
    assert share == Shown(Fraction(7, 20), Fraction(7, 20), 20, 20, 40)
    assert printed(question, Told("withheld", None, None, None, None, None, "protected"), 40) is None


# Waves


def test_the_same_numbers_again_are_too_close_to_call(reading):
    found = since(reading, reading)
    assert {one.judged.verdict for one in found.all} == {Verdict.CLOSE, Verdict.UNKNOWN}
    assert all(one.judged.verdict == Verdict.CLOSE for one in found.district)


def test_a_change_is_said_with_now_and_then():
    found = since(two_sites([45, 50], [150, 150]), two_sites([100, 52], [150, 150]))
    district, first, second = found.all
    assert differing.since_last_time(district) == (
        "“Do you have a place to rest?” More people than last time say “Yes”: now 51% of 300 answers, last time "
        "32% of 300 answers. The difference is 9 to 29 points."
    )
    assert (first.judged.verdict, second.judged.verdict) == (Verdict.MORE, Verdict.CLOSE)
    assert differing.since_last_time(second).endswith(
        "Too close to call for “Yes”: now 35% of 150 answers, last time 33% of 150 answers."
    )
    back = since(two_sites([100, 52], [150, 150]), two_sites([45, 50], [150, 150]))
    assert "Fewer people than last time" in differing.since_last_time(back.all[0])


def test_waves_are_compared_without_the_correction_for_who_was_asked():
    now = two_sites([70, 60], [200, 150])
    (district, *_groups) = since(two_sites([60, 50], [200, 150]), now).all
    assert [share and share.asked for share in (district.one, district.other)] == [None, None]
    assert "Many people answered both times, and nobody may know who." in differing.in_short(since(now, now))


def test_other_words_other_answers_and_other_groups_are_not_the_same():
    now = two_sites([70, 60], [150, 150])
    assert since(two_sites([70, 60], [150, 150], words="Do you rest?"), now).all == ()
    merged = two_sites([70, 20, 40], [130, 12, 130], roster=(200, 15, 200))
    names = {differing.name(one) for one in since(merged, now).all}
    assert "Whole district" in names and "Site 1" not in names


def test_half_of_the_risk_is_for_the_district_alone(reading):
    """With many groups beside it, the whole district is judged as if they were not there."""
    before, now = two_sites([40, 50], [150, 150]), two_sites([58, 60], [150, 150])
    found = since(before, now)
    (alone,) = differences._judged([found.district[0]], 0.025)
    assert alone == found.district[0]


# Words


@pytest.mark.parametrize(
    ("judged", "says"),
    [
        (Judged(Verdict.MORE, 5, 17), "more, by 5 to 17 points"),
        (Judged(Verdict.FEWER, -17, -5), "fewer, by 5 to 17 points"),
        (Judged(Verdict.MORE, 0, 9), "more, by up to 9 points"),
        (Judged(Verdict.FEWER, -9, 0), "fewer, by up to 9 points"),
        (Judged(Verdict.CLOSE, -3, 9), "too close to call"),
        (Judged(Verdict.UNKNOWN), "not enough is shown to compare"),
    ],
)
def test_what_a_comparison_says(reading, judged, says):
    one = among_groups(reading).all[0]
    assert differing.says(replace(one, judged=judged)) == says


def test_a_chart_tells_in_words_and_shapes_what_is_sure(reading):
    found = among_groups(reading)
    question = found.sure[0].question
    html = str(differing.of_question(found, question))
    assert html.count('class="gap"') == 1 + sum(one.sure for one in found.of(question))
    assert html.count('class="gap weak"') == 1 + sum(one.judged.verdict == "close" for one in found.of(question))
    assert "too close to call" in html and "more, by" in html and HIDDEN in html
    assert "here 89% of 19 to 29 answers; everyone else 37 to 46% of 203 to 213 answers" in html


def test_every_row_of_a_table_carries_its_counts(reading):
    chart = differing.of_question(among_groups(reading), reading.questions[0])
    assert chart
    rows = re.findall("<tr[^>]*>(<th[^>]*scope=.row.*?)</tr>", str(chart.table))
    assert rows
    for row in rows:
        assert row.count("answers") == 2 or HIDDEN in row


LEAD = {"en": "A", "es": "B"}


def texts(page, language="en"):
    return [block["text"][language] for block in page["blocks"] if "text" in block]


def test_staff_read_who_differs_as_readily_as_what_is_too_close_to_call(reading):
    said = texts(public.page(reading.content, LEAD))
    assert "Where groups differ" in said and "Since last time" not in said
    (lines,) = (text for text in said if "someone follows up" in text)
    assert (
        "“When I raise a problem, someone follows up.” (Agree). More people than elsewhere: Not represented (here "
        "89% of 19 to 29 answers; everyone else 37 to 46% of 203 to 213 answers). Too close to call: "
    ) in lines
    assert any("On 19 of 20 such pages" in text for text in said)


def test_staff_read_what_changed_since_the_last_time_in_words_and_as_a_chart(reading):
    page = public.page(reading.content, LEAD, (), examples.valley(99))
    said = texts(page)
    assert any("Too close to call for “Agree”" in text for text in said)
    assert said.index("What people said") < said.index("Since last time") < said.index("Where groups differ")
    (chart,) = (block for block in page["blocks"] if block.get("html") and "since-all" in block["html"]["en"])
    assert "too close to call" in chart["html"]["en"] and "too close to call" not in chart["html"]["es"].lower()
    check({**page, "on": "2027-01-08"})


def test_where_nothing_differs_no_chart_names_a_group():
    found = among_groups(two_sites([62, 60], [150, 150]))
    assert differing.named(found) is None
    assert differing.in_short(found) == (
        "More than chance: 0 of 2 comparisons. Too close to call: 2. Not enough is shown to compare: 0."
    )
