"""Who answered: every number of that page comes from a released one, tells no more, and gives nobody away."""

import copy
import re

import numpy as np
import pytest
from django.utils.html import strip_tags
from django.utils.translation import override

from commonground.disclosure.attack import attempts
from commonground.releases import examples, participation, wording
from commonground.releases.examples import asked, grouping
from commonground.releases.participation import MANY, Reached
from commonground.releases.reading import People, Reading


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


def drawn(seed):
    """Return a release of nine places in three levels, of which few, most, nearly all or all answered."""
    chance = np.random.default_rng(seed)
    rosters = chance.integers(18, 140, 9).tolist()
    sites = [(f"Site {i}", f"Sitio {i}", people, tuple(examples.LEVELS)[i % 3]) for i, people in enumerate(rosters)]
    questions = (grouping("q1", "site", "Where?", "¿Dónde?", sites), asked("q2", "agreement", "A", "A"))
    shares = chance.choice([0.2, 0.45, 0.7, 0.95, 1.0], 9)
    site = np.repeat(np.arange(9), [int(n * share) for n, share in zip(rosters, shares, strict=True)])
    left_out = chance.random(len(site)) < chance.choice([0.0, 0.02, 0.1])
    columns = {
        "q1": np.where(left_out, 255, site).astype(np.uint8),
        "q2": chance.integers(0, 5, len(site)).astype(np.uint8),
    }
    return Reading(examples.release(questions, columns, eligible=sum(rosters)))


READINGS = [examples.valley, *(lambda seed=seed: drawn(seed).content for seed in range(12))]


def printed_rows(chart):
    rows = re.findall(r"<tr[^>]*>(<th[^>]*scope=.row.*?)</tr>", str(chart.table))
    return [[strip_tags(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in rows]


def numbers(text):
    return [int(found.replace(",", "")) for found in re.findall(r"\d[\d,]*", text)]


def said_of(cells, roster):
    """Return the bounds that a row of the chart of who answered gives for the number of a group, or None."""
    if len(cells) == 2:
        return None
    percents, counts = numbers(cells[1]), numbers(cells[2])
    if " of " in cells[2] and "or more" not in cells[2] and " to " not in cells[2]:
        return counts[0], counts[0]
    if "or more" in cells[2]:
        assert percents == [100 * counts[0] // roster]
        return counts[0], counts[1]
    return counts[0], counts[1]


@pytest.mark.parametrize("content", READINGS)
def test_the_page_tells_of_no_group_more_than_the_release(content):
    reading = Reading(content())
    for breakdown in reading.all_breakdowns:
        reached = list(participation.groups(reading, breakdown))
        chart = participation.answered(breakdown, reached)
        for one, cells in zip(reached, printed_rows(chart), strict=True):
            found = said_of(cells, one.roster)
            assert found == (None if one.n is None else (one.n.at_least, one.n.at_most))


@pytest.mark.parametrize("content", READINGS)
def test_all_numbers_of_the_page_handed_to_the_adversaries_tell_them_nothing(content):
    """A release that holds just what the page prints of who answered: nothing follows from it."""
    reading = Reading(content())
    tables = copy.deepcopy(reading.tables)
    places = {}
    for breakdown in reading.all_breakdowns:
        known = [group for group in breakdown.groups if group.roster or (group.named and group.left_out)]
        reached = list(participation.groups(reading, breakdown))
        rows = printed_rows(participation.answered(breakdown, reached))
        for group, one, cells in zip(known, reached, rows, strict=True):
            if group.roster:
                places[frozenset({(breakdown.id, group.place)})] = said_of(cells, one.roster), one.roster
    for cell in tables["cells"]:
        cell["answers"] = {}
        at = frozenset(cell["at"].items())
        if at in places:
            found, roster = places[at]
            exact = found and found[0] == found[1]
            bounds = found and {"at_least": found[0], "at_most": found[1], "of": roster}
            assert cell["n"] == (found[0] if exact else bounds)
    assert {name: learnt for name, learnt in attempts(tables).items() if learnt} == {}


@pytest.mark.parametrize("content", READINGS)
def test_no_share_of_the_answers_narrows_a_number_that_is_bounds(content):
    reading = Reading(content())
    assert reading.district.n
    whole = reading.district.n.exact
    if whole is None:
        charts = participation.participation(reading).charts
        assert not [chart.id for chart in charts if chart.id.startswith("heard")]
        return
    for breakdown in reading.all_breakdowns:
        for one in participation.groups(reading, breakdown):
            if one.n and one.n.exact is None:
                ends = numbers(str(participation._share(one.n, whole)))
                low, high = (
                    (0, ends[0]) if "fewer" in str(participation._share(one.n, whole)) else (ends[0], ends[-1])
                )
                assert low * whole <= 100 * one.n.at_least
                assert high * whole >= 100 * one.n.at_most or len(ends) == 1


@pytest.mark.parametrize(
    ("n", "roster", "many"),
    [
        (People(30, 30), 40, "most"),
        (People(20, 20), 40, "half"),
        (People(12, 12), 40, "few"),
        (People(36, 40, 40), 40, "nearly_all"),
        (None, 40, "hidden"),
        (People(5, 14), 14, "unsure"),
        (People(41, 46), 60, "most"),
        (People(18, 18), 40, "half"),
        (People(17, 17), 40, "few"),
    ],
)
def test_how_many_answered_is_said_in_words_that_hold_for_every_number_behind(n, roster, many):
    assert Reached("A", roster, n).many == many


def test_the_page_says_in_words_how_many_answered():
    reading = Reading(examples.valley())
    words = participation.participation(reading).words
    (places,) = (said for said in words if said.startswith("By place:"))
    assert "nearly everyone answered (Transport yard)" in places
    assert "not shown, to protect people (Central kitchen and District office)" in places
    assert all(str(said) for said in MANY.values())


def test_where_all_answer_alike_a_page_names_a_group_as_seldom_as_promised():
    """Twelve places of one district, each person as likely to answer: at most one page in twenty names any."""
    chance = np.random.default_rng(8)
    rosters, pages, wrong = [60, 75, 90, 45, 120, 80, 66, 58, 140, 72, 95, 50], 60, 0
    sites = [(f"Site {i}", f"Sitio {i}", people, None) for i, people in enumerate(rosters)]
    questions = (grouping("q1", "site", "Where?", "¿Dónde?", sites), asked("q2", "agreement", "A", "A"))
    for _ in range(pages):
        answered = chance.multivariate_hypergeometric(rosters, 520)
        columns = {
            "q1": np.repeat(np.arange(12), answered).astype(np.uint8),
            "q2": chance.integers(0, 5, 520).astype(np.uint8),
        }
        reading = Reading(examples.release(questions, columns, eligible=sum(rosters)))
        wrong += bool(participation.less_heard(reading))
    assert wrong <= 5


def test_names_of_groups_that_hold_several_are_parted_so_that_each_can_be_told():
    assert wording.groups(["Oak", "Elm", "Ash"]) == "Oak, Elm and Ash"
    assert wording.groups(["Oak, Elm and Ash", "Fir"]) == "Oak, Elm and Ash; Fir"
    assert wording.groups(["Skilled trades and Technical"]) == "Skilled trades and Technical"
    with override("es"):
        assert wording.groups(["Oficios y Técnicos", "Oficina"]) == "Oficios y Técnicos; Oficina"
