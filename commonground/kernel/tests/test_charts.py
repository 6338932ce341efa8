import re

import pytest

from commonground.kernel.charts import (
    NOT_APART,
    ONLY_RANGE,
    WITHHELD,
    Agreement,
    Chart,
    Pair,
    Scale,
    Share,
    agreement_bars,
    choice_bars,
    figure,
    gaps,
    pairs,
    share_bars,
)
from commonground.kernel.tests.gallery import CHARTS, SCALE


def table(chart: Chart) -> list[list[str]]:
    rows = re.findall("<tr.*?>(.*?)</tr>", chart.table)
    return [[re.sub("<[^>]+>", "", cell) for cell in re.findall("<t[hd].*?</t[hd]>", row)] for row in rows]


def agreement(*groups: Agreement) -> Chart:
    return agreement_bars("a", "A finding", groups, SCALE)


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.id)
def test_every_chart_has_a_heading_a_text_alternative_and_a_table(chart):
    html = str(chart)
    assert f'<h3 id="{chart.id}-says">' in html
    assert re.search('role="img" aria-label="[^"]{20,}"', html)
    assert "<details><summary>Show as a table</summary>" in html
    assert "viewBox" not in html
    assert "style" not in html


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.id)
def test_every_number_drawn_stands_in_the_table(chart):
    drawn = set(re.findall(r">(\d+)<|>(\d+)%<", re.sub('<text class="mute".*?</text>', "", str(chart.drawing))))
    for number in {found for pair in drawn for found in pair if found}:
        assert f"{number}%" in str(chart.table)


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.id)
def test_folded_to_blocks_each_value_has_the_name_of_its_column(chart):
    """On a phone the head is gone and display is changed, so names and roles stand at the cells."""
    head, *rows = table(chart)
    assert re.search(r'<table class="fold" role="table">', chart.table)
    for row, cells in zip(re.findall("<tr.*?>(.*?)</tr>", chart.table)[1:], rows, strict=True):
        names = re.findall(r'<td role="cell"[^>]*data-k="([^"]*)"', row)
        across = re.findall(r'colspan="(\d+)"', row)
        assert names == head[len(head) - len(names) :]
        assert len(names) + len(across) == len(cells) - 1
        assert sum(map(int, across)) + len(names) == len(head) - 1


def test_a_column_of_words_begins_at_its_start_and_may_break():
    html = figure.table(
        "H", ["Group", "Share", "In words"], [["A", "3%", "less, by 9 to 30 points of 100"], ["B", "none"]]
    )
    assert '<th role="columnheader" scope="col" class="n">Share</th>' in html
    assert '<th role="columnheader" scope="col">In words</th>' in html
    assert '<td role="cell" class="all" data-k="In words">' in html
    assert '<td role="cell" class="all" colspan="2">none</td>' in html


def test_a_share_carries_its_count():
    chart = share_bars("s", "Reach", [Share("Yard", 30, 61, 18), Share("Kitchen", 33, 1104)])
    assert "<b>30%</b> (18 of 61)" in chart.drawing
    assert "<b>33%</b>, n\u00a01,104" in chart.drawing
    assert 'width="30%"' in chart.drawing
    assert table(chart) == [["Group", "Share", "Number"], ["Yard", "30%", "18 of 61"], ["Kitchen", "33%", "1,104"]]


def test_a_hidden_value_is_the_same_sentence_everywhere_and_leaves_no_number():
    hidden = (
        share_bars("s", "H", [Share("X", None, 7, 3)]),
        agreement(Agreement("X", None, None, 7)),
        gaps("g", "H", [Pair("X", None, 73, 7, 7)], ("Labor", "Management")),
        gaps("g", "H", [Pair("X", 73, None, 7, 7)], ("Labor", "Management")),
    )
    for chart in hidden:
        assert f'<p class="withheld">{WITHHELD}</p>' in chart.drawing
        assert table(chart)[1] == ["X", str(WITHHELD)]
        assert "73" not in str(chart)
        assert not re.search(r"\b7\b", str(chart).replace("70%", ""))


def test_ranges_and_shares_without_their_parts_stand_in_words():
    chart = agreement(Agreement("Kitchen", None, 19, 27), Agreement("Yard", None, "20 to 80%", 12))
    assert chart.drawing.count(str(NOT_APART)) == 2
    assert "<b>20 to 80% agree</b>, n\u00a012" in chart.drawing
    assert table(chart)[1] == ["Kitchen", f"19% agree. {NOT_APART}", "27"]
    bars = share_bars("s", "H", [Share("Yard", "20% or less", 15)])
    assert str(ONLY_RANGE) in bars.drawing
    assert "<rect" not in bars.drawing


def test_diverging_bars_meet_at_the_axis_and_leave_the_middle_apart():
    chart = agreement(Agreement("All", (15, 29, 18, 27, 11), 38, 805))
    boxes = {
        css: (float(x), float(width))
        for css, x, width in re.findall(
            r'<rect class="(k\d)" x="([\d.]+)%" y="10%" width="([\d.]+)%"', chart.drawing
        )
    }
    assert sum(boxes["k2"]) == pytest.approx(35, abs=0.02)
    assert boxes["k4"][0] == 35
    assert sum(boxes["k1"]) == pytest.approx(boxes["k2"][0], abs=0.02)
    assert boxes["k3"][0] == 74.5
    assert boxes["k3"][1] == pytest.approx(18 * 0.62, abs=0.01)
    assert table(chart)[1] == ["All", "15%", "29%", "18%", "27%", "11%", "805"]


@pytest.mark.parametrize("parts", [(100, 0, 0, 0, 0), (0, 0, 0, 0, 100), (0, 0, 100, 0, 0), (45, 45, 5, 3, 2)])
def test_extreme_rows_stay_inside_the_drawing(parts):
    chart = agreement(Agreement("A", parts, 50, 100), Agreement("B", (0, 2, 5, 30, 63), 93, 100))
    for x, width in re.findall(r'x="(-?[\d.]+)%" y="10%" width="([\d.]+)%"', chart.drawing):
        assert float(x) >= -0.01
        assert float(x) + float(width) <= 100.01


def test_a_scale_of_four_has_no_middle():
    chart = agreement_bars(
        "a",
        "F",
        [Agreement("All", (10, 20, 30, 40), 70, 100)],
        ["Never", "Rarely", "Often", "Always"],
        heads=("Rarely", "", "Often"),
    )
    assert "k3" not in str(chart)
    assert "<b>70% often</b>" in chart.drawing


def test_small_parts_carry_no_number():
    drawing = agreement(Agreement("All", (7, 8, 30, 30, 25), 55, 100)).drawing
    assert ">8</text>" in drawing
    assert ">7</text>" not in drawing


def test_wider_gaps_come_first_and_chance_is_thin_and_said():
    rows = [
        Pair("Narrow", 34, 41, 746, 64, chance=True),
        Pair("Hidden", None, 10),
        Pair("Wide", 41, 79, 738, 63),
        Pair("One", 50, 49, 700, 60),
    ]
    chart = gaps("g", "H", rows, ("Labor", "Management"))
    assert [row[0] for row in table(chart)[1:]] == ["Wide", "Narrow", "One", "Hidden"]
    assert [row[-1] for row in table(chart)[1:4]] == ["38 points", "7 points, may be chance", "1 point"]
    assert chart.drawing.count("gap weak") == 1


def test_labor_is_a_circle_and_management_a_square_on_one_scale():
    drawing = gaps("g", "H", [Pair("X", 2.5, 7.5)], ("Labor", "Management"), scale=Scale(0, 10, "")).drawing
    assert '<circle class="f-labor" cx="31.0%"' in drawing
    assert '<svg x="69.0%" y="50%" overflow="visible"><rect class="f-mgmt"' in drawing


def test_two_values_of_a_group_keep_their_order():
    chart = pairs("p", "H", [Pair("A", 50, 58, says="heard more"), Pair("B", 38, 10)], ("staff", "answers"))
    assert [row[0] for row in table(chart)[1:]] == ["A", "B"]
    assert "<b>heard more</b>" in chart.drawing


def test_several_choices_say_that_they_do_not_add_to_100():
    shares = [Share("A", 60, 10), Share("B", 70, 10)]
    assert "more than one answer" in choice_bars("c", "H", shares, several=True).note
    assert "add to 100" in choice_bars("c", "H", shares).note
    assert choice_bars("c", "H", [Share("A", None), Share("B", 70, 10)]).note == ""


def test_long_charts_point_the_listener_to_the_table():
    rows = [Share(f"Place {n}", n, 100) for n in range(9)]
    assert share_bars("s", "Reach.", rows).alternative.endswith("Place 7 7%. The table below holds every value.")


def test_everything_is_escaped():
    bad = '<script>"&'
    charts = (
        share_bars(bad, bad, [Share(bad, bad, 1)], of=bad, note=bad),
        agreement_bars(
            bad, bad, [Agreement(bad, (20, 20, 20, 20, 20), bad, 1, bad)], [bad] * 5, heads=(bad, bad, bad)
        ),
        gaps(
            bad, bad, [Pair(bad, 1, bad, says=bad), Pair(bad, 1, 2)], (bad, bad), scale=Scale(0, 10, bad), note=bad
        ),
        pairs(bad, bad, [Pair(bad, 1, 2, says=bad)], (bad, bad)),
    )
    for chart in charts:
        assert "<script>" not in str(chart)
        assert '"&"' not in str(chart)
