"""Sentences and charts say what is printed, hide what is hidden, and never work anything out of hidden numbers."""

import copy
import re

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from commonground.disclosure.forms import show
from commonground.disclosure.plan import Question as PlannedQuestion
from commonground.disclosure.verify import verify
from commonground.kernel.charts import Chart
from commonground.releases import differences, examples, findings, limits, participation, public, units, wording
from commonground.releases.reading import People, Reading, Told

HIDDEN = "not shown, to protect people"


@pytest.fixture(scope="module")
def reading():
    return Reading(examples.valley())


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


def question(reading, id):
    return next(each for each in reading.questions if each.id == id)


def told(**changed):
    values = {"status": "shown", "n": People(800, 800), "options": (15, 29, 18, 27, 11), "top": 38, "mean": 2.9}
    return Told(**{**values, "step": 1, "reason": None, **changed})


def test_the_example_holds_every_case_and_keeps_every_rule(reading):
    assert verify(reading.tables) == []
    assert any(cell.hidden for cell in reading.cells)
    assert any(group.joined for _breakdown, group in reading.merged())
    assert {"nearly_all"} <= {cell.reason for cell in reading.cells}
    assert {"shown", "range", "withheld"} <= {one.status for cell in reading.cells for one in cell.answers.values()}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (told(), "Fewer people agree (38%) than disagree (44%), of 800 answers"),
        (told(options=(10, 20, 15, 30, 25), top=55), "More people agree (55%) than disagree (30%), of 800 answers"),
        (told(options=(10, 30, 20, 30, 10), top=40), "About as many people agree (40%) as disagree (40%)"),
        (told(options=(10, 31, 20, 29, 10), top=39), "About as many people agree (39%) as disagree (41%)"),
        (told(options=(10, 32, 20, 29, 9), top=38), "Fewer people agree (38%) than disagree (42%), of 800"),
        (told(options=((0, 5), (20, 30), 18, 27, 30), top=57, status="range"), "(57%) than disagree (25%)"),
        (told(options=((0, 5), 20, (10, 18), 27, 30), top=57, status="range"), "57% agree, of 800 answers"),
        (told(options=None, top=(0, 20), status="range", n=People(12, 12)), "20% or fewer agree, of 12 answers"),
        (told(options=None, top=(20, 80), status="range", n=People(12, 12)), "20 to 80% agree"),
        (told(n=People(64, 71, 71), step=5, options=None), "38% agree, of 64 or more answers from 71 people"),
        (told(n=None, options=None, top=None, status="withheld"), HIDDEN),
    ],
)
def test_a_sentence_says_the_finding_with_its_counts(reading, given, says):
    assert says in findings.sentence(question(reading, "q3"), given)


def test_an_answer_chosen_most_is_named_only_where_it_is_certain(reading):
    several = question(reading, "q7")
    assert "“Walks” (40%)" in findings.sentence(several, told(options=(30, 40, 10), top=None))
    tie = "Chosen most often, about equally: “Cover for breaks” (40%) and “Walks” (39%), of 800 answers"
    assert findings.sentence(several, told(options=(40, 39, 10), top=None)) == tie
    assert (
        findings.sentence(several, told(options=((0, 40), 40, 10), top=None)) == "What people chose, of 800 answers"
    )
    unsure = told(options=(30, (20, 60), 10), top=None, status="range")
    assert findings.sentence(several, unsure) == "What people chose, of 800 answers"


def test_every_number_of_a_chart_is_printed_in_the_release(reading):
    for asked in reading.questions:
        one = reading.told(asked, {})
        allowed = {share for share in (*(one.options or ()), one.top) if isinstance(share, int)}
        allowed |= {end for share in (*(one.options or ()), one.top) if isinstance(share, tuple) for end in share}
        low = findings.lower_share(one) if asked.kind in findings.SCALES else None
        table = str(findings.district(reading, asked).table)
        shown = {int(number) for number in re.findall(r"(\d+)(?: to \d+)?%", table)}
        assert shown <= allowed | {low}, asked.id


def test_a_hidden_group_says_so_in_its_own_row_and_table(reading):
    finding = findings.finding(reading, question(reading, "q3"), groups=True)
    places = finding.by_groups[0].body
    hidden = [
        row for row in findings.rows_of(reading, question(reading, "q3"), reading.breakdowns[0]) if row.told.hidden
    ]
    assert isinstance(places, Chart)
    assert hidden and str(places.drawing).count(HIDDEN) == len(hidden) == str(places.table).count(HIDDEN)


def test_groups_stand_in_the_order_of_the_district(reading):
    rows = list(findings.rows_of(reading, question(reading, "q4"), reading.breakdowns[0]))
    names = [wording.name(reading.breakdowns[0], group) for group in reading.breakdowns[0].groups]
    assert [row.label for row in rows if not row.is_total] == names
    assert [row.label for row in rows][:3] == ["Elementary schools, all together", "Birch Lane", "Cottonwood"]


def as_told(question, counts, **changes):
    """Return what the gate would print of these counts in a cell."""
    shown = show(PlannedQuestion(question.id, question.kind, len(counts)), counts, sum(counts), False, False)
    people = People(sum(counts), sum(counts))
    return Told("shown", people, shown.options, shown.top, shown.mean, shown.step, shown.reason, **changes)


numbers = st.one_of(st.integers(0, 12), st.integers(60, 66), st.integers(0, 400))


@given(st.lists(numbers, min_size=5, max_size=5).filter(lambda counts: sum(counts) >= 10))
def test_a_sentence_on_agreement_is_true_of_the_counts_behind_it(reading, counts):
    says = findings.sentence(question(reading, "q3"), as_told(question(reading, "q3"), counts))
    agree, disagree = sum(counts[3:]), sum(counts[:2])
    assert not says.startswith("More") or agree > disagree
    assert not says.startswith("Fewer") or agree < disagree
    assert not says.startswith("About") or 100 * abs(agree - disagree) <= 5 * sum(counts)
    assert says.endswith(f"of {sum(counts):,} answers")


@given(st.lists(numbers, min_size=3, max_size=3).filter(lambda counts: sum(counts) >= 30))
def test_the_answer_chosen_most_is_the_one_most_people_chose(reading, counts):
    asked = question(reading, "q8")
    says = findings.sentence(asked, as_told(asked, counts))
    named = {place for place, text in enumerate(asked.options) if f"“{text['en']}”" in says}
    most = {place for place, count in enumerate(counts) if count == max(counts)}
    assert not named or most <= named
    assert len(named) != 1 or named == most
    assert all(100 * (max(counts) - counts[place]) <= 2 * sum(counts) for place in named)


def test_totals_of_levels_are_rows_and_have_names_in_both_languages(reading):
    levels = reading.levels(reading.breakdown("q1"))
    assert levels is not None and levels.dimension == "site_level"
    assert levels.groups[0].names[0] == {"en": "Elementary schools", "es": "Escuelas primarias"}
    assert wording.by(levels) == "By kind of place"
    total = next(row for row in findings.rows_of(reading, question(reading, "q4"), reading.breakdown("q1")))
    assert total.told == reading.told(question(reading, "q4"), {"q1/level": 0})


def test_levels_are_crossed_before_their_groups(reading):
    titles = [each.title for each in findings.finding(reading, question(reading, "q3"), groups=True).by_groups]
    assert titles.index("By kind of place, by bargaining unit") < titles.index("By place, by bargaining unit")


def test_crossed_groups_show_the_upper_share_or_that_it_is_hidden(reading):
    (first, second), *_rest = reading.pairs
    table = str(findings.crossed(reading, question(reading, "q3"), first, second))
    assert HIDDEN in table and re.search(r"\d+% \(\d+", table)


# Who answered


def test_who_answered_is_said_with_counts(reading):
    n = reading.district.n
    assert n is not None and n.exact
    share = round(100 * n.exact / 415)
    assert participation.in_a_sentence(reading) == f"{n.exact} of 415 people ({share}%)"


def test_a_group_heard_as_much_as_chance_allows_is_not_called_less(reading):
    units_ = reading.breakdown("q2")
    for one in participation.groups(reading, units_):
        if one.n and one.n.exact and reading.district.n and reading.district.n.exact:
            away = one.n.exact / reading.district.n.exact - one.roster / 415
            standing = participation.standing(reading, one)
            assert standing == 0 or (standing > 0) == (away > 0)
            assert standing != 0 or abs(away) < 0.1


def test_where_nearly_everyone_answered_only_bounds_are_said(reading):
    yard = next(
        one for one in participation.groups(reading, reading.breakdown("q1")) if one.label == "Transport yard"
    )
    assert yard.percent == "90% or more" and yard.counts == "36 or more of 40"


def test_a_group_of_which_nearly_everyone_answered_is_the_upper_end(reading):
    places = reading.breakdown("q1")
    chart = participation.answered(places, list(participation.groups(reading, places)))
    assert "to 90% or more (Transport yard, 36 or more of 40) answered" in chart.heading


def test_levels_say_who_answered_before_their_places(reading):
    headings = [chart.heading for chart in participation.participation(reading).charts]
    assert headings[0].startswith("By kind of place: ") and any(each.startswith("By place: ") for each in headings)


# Units


def test_units_stand_for_themselves_and_are_never_added_up(reading):
    chart = units.by_unit(reading)
    assert chart is not None and "none is shown" in chart.note
    drawing = str(chart.drawing)
    assert "f-labor" in drawing and "f-mgmt" in drawing
    shown = {int(n) for n in re.findall(r"<b>(\d+)%", drawing)}
    tops = {
        one.top
        for group in reading.breakdown("q2").groups
        for one in reading.cell({"q2": group.place}).answers.values()
    }
    assert shown <= tops


# What is missing


def test_what_is_joined_is_named_for_what_it_holds(reading):
    together = " ".join(limits.limits(reading).together)
    assert "Alder Valley High and Cedar Continuation are shown together" in together


def test_reasons_are_told_in_spanish_too(reading):
    with override("es"):
        reasons = limits.limits(reading).reasons
        assert reasons and all("proteger a las personas" in reason.words for reason in reasons)


def test_large_figures_follow_a_rule(reading):
    chosen = public.telling(reading)
    tops = {q.id: reading.told(q, {}).top for q in reading.questions if isinstance(reading.told(q, {}).top, int)}
    assert len(chosen) == 3
    assert {min(tops, key=lambda q: tops[q]), max(tops, key=lambda q: tops[q])} <= {q.id for q in chosen}


def test_staff_read_who_answered_before_any_number():
    blocks = public.page(examples.valley(), {"en": "Read.", "es": "Lea."})["blocks"]
    headings = [block["text"]["en"] for block in blocks if block["kind"] == "heading"]
    assert headings[0].startswith("Who answered") and "Numbers to start with" in headings[1:]


def test_who_named_no_place_does_not_hide_how_many_of_a_place_answered(reading):
    content = copy.deepcopy(dict(reading.content))
    table = next(each for each in content["tables"]["groups"] if each["id"] == "q2")
    table["reporting"][2].update(left_out=True, roster=None, joined="answers")
    joined = Reading(content)
    one = list(participation.groups(joined, joined.breakdown("q2")))[2]
    n = joined.cell({"q2": 2}).n
    assert n is not None and n.exact and one.roster == 44
    assert one.n == People(n.exact - 9, min(n.exact, 44)) and one.counts.endswith(" of 44")


def test_gaps_between_units_are_judged_all_together(reading):
    """What is more than chance on its own need not be among sixty gaps."""

    def seen(first, second):
        both = [told(n=People(100, 100), options=None, top=share) for share in (first, second)]
        shares = [differences.printed(asked, one, None) for one in both]
        return units._Seen(asked, tuple(both), tuple(shares))

    asked = question(reading, "q9")
    (alone,) = units._judged([seen(39, 56)])
    among, *others = units._judged([seen(39, 56), *[seen(50, 52)] * 60])
    assert (alone.chance, among.chance) == (False, True)
    assert all(other.chance for other in others)


def test_a_release_beside_earlier_ones_says_so_in_both_languages():
    content = copy.deepcopy(examples.valley())
    assert not any("Judged beside" in each for each in limits.limits(Reading(content)).tables)
    content["tables"]["earlier"] = [{"hash": "0" * 64, "how": "wave", "same": {}}]
    parts = next(group for group in content["tables"]["groups"] if group["of"] is None)["reporting"]
    next(part for part in parts if part["holds"])["joined"] = "waves"
    said = limits.limits(Reading(content))
    assert said.tables[-1].startswith("Judged beside 1 earlier release:")
    assert any("few came or left since an earlier survey" in each for each in said.together)
    with override("es"):
        assert limits.limits(Reading(content)).tables[-1].startswith("Juzgado junto a 1 publicación anterior:")
