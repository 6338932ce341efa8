"""Counts from elsewhere pass the same gate as answers; a table that cannot be read is refused by its line."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonground.disclosure.certificate import faults as uncertified
from commonground.disclosure.certifying import Certifying
from commonground.disclosure.counted import MOST_PEOPLE, Asked, TableRefused, Wanted, read
from commonground.disclosure.gate import protect
from commonground.disclosure.plan import GroupQuestion, MinimumTooLow, Question, TablePlan
from commonground.disclosure.tests.survey import cell, place_of
from commonground.disclosure.verify import verify

HEAD = ["Level", "Site", "Role", "Asked", "Took part", "Useful", "Not useful"]
TABLE = [
    ["elementary", "Alder", "teacher", "41", "24", "15", "6"],
    ["elementary", "Alder", "aide", "30", "11", "8", "3"],
    ["elementary", "Birch", "teacher", "45", "30", "20", "8"],
    ["elementary", "Birch", "aide", "21", "4", "3", "1"],
    ["high", "Cedar", "teacher", "70", "41", "30", "9"],
    ["high", "Cedar", "aide", "34", "15", "9", "4"],
    ["high", "Dale", "teacher", "30", "22", "13", "3"],
    ["high", "Dale", "aide", "4", "2", "1", "1"],
]
WANTED = Wanted(
    people="Took part",
    of="asked",
    nested=("level", "site"),
    by=("role",),
    answers=(Asked("useful", ("useful", "not useful")),),
)


def lines(table):
    return [(number, line) for number, line in enumerate(table, start=2)]


def read_table(table=TABLE, wanted=WANTED, head=HEAD):
    return read(head, lines(table), wanted)


def released(counted):
    return protect(counted.plan, counted.columns).as_json()


def test_a_table_of_counts_gives_the_release_of_the_people_whom_it_counts():
    site, role, useful = [], [], []
    for _, place, job, _, took_part, yes, no in TABLE:
        site += [["Alder", "Birch", "Cedar", "Dale"].index(place)] * int(took_part)
        role += [["teacher", "aide"].index(job)] * int(took_part)
        useful += [0] * int(yes) + [1] * int(no) + [255] * (int(took_part) - int(yes) - int(no))
    plan = TablePlan(
        questions=(Question("useful", "one", 2),),
        groups=(
            GroupQuestion("site", 4, (71, 66, 104, 34), ("elementary", "elementary", "high", "high")),
            GroupQuestion("role", 2, (186, 89), (None, None)),
        ),
        margins=("site", "role"),
        pairs=(("site", "role"),),
        eligible=275,
    )
    columns = {"site": site, "role": role, "useful": useful}
    people = protect(plan, {name: np.array(column, dtype=np.uint8) for name, column in columns.items()})
    assert released(read_table()) == people.as_json()


def test_few_who_took_part_are_hidden_with_whatever_would_give_them_back():
    release = released(read_table())
    assert verify(release) == []
    birch, aide = place_of(release, "site", 1), place_of(release, "role", 1)
    assert cell(release, site=birch, role=aide)["status"] == "withheld"
    hidden = [each for each in release["cells"] if each["status"] == "withheld" and len(each["at"]) == 2]
    assert len(hidden) > 2, "the four aides would follow from the rest"
    assert cell(release)["n"] == 149


def test_a_count_is_shown_as_a_share_of_its_people_and_at_the_ends_as_a_range():
    table = [
        [*line[:3], "200", number, "0", "0"]
        for line, number in zip(TABLE[:4], ("3", "90", "197", "80"), strict=True)
    ]
    release = released(
        read_table(table, Wanted(people="asked", nested=("level", "site"), by=("role",), counts=("took part",)))
    )
    assert verify(release) == []
    shares = {
        (at["site"], at["role"]): each["answers"]["took_part"]["top"]
        for each in release["cells"]
        if set(at := each["at"]) == {"site", "role"} and each["answers"]
    }
    assert shares == {(0, 0): [0, 2], (0, 1): 45, (1, 0): [98, 100], (1, 1): 40}


def test_a_release_of_counts_is_certified_from_its_bytes_alone():
    certifying = Certifying(released(read_table()))
    assert certifying.go_on()
    assert uncertified(certifying.document, certifying.certificate()) == []


def test_the_order_of_lines_says_nothing():
    orders = [TABLE, [*TABLE[4:], *TABLE[:4]]]
    releases = [released(read_table(table)) for table in orders]
    numbers = [sorted(str(each["n"]) for each in release["cells"]) for release in releases]
    assert numbers[0] == numbers[1]


def test_a_roster_is_not_known_where_somebody_asked_is_in_no_group():
    counted = read_table([*TABLE, ["", "", "aide", "12", "3", "0", "0"]])
    site, role = counted.plan.groups
    assert site.roster == (None,) * 4 and role.roster == (186, 101) and counted.plan.eligible == 287
    assert "site" not in counted.everywhere_named and "role" in counted.everywhere_named
    assert verify(released(counted)) == []


@pytest.mark.parametrize(("asked", "known"), [("0", True), ("1", False)])
def test_a_line_without_a_group_matters_to_a_roster_only_if_somebody_is_in_it(asked, known):
    counted = read_table([*TABLE, ["", "", "aide", asked, "0", "0", "0"]])
    site, _ = counted.plan.groups
    assert "site" in counted.everywhere_named, "nobody of it took part"
    assert site.roster == ((71, 66, 104, 34) if known else (None,) * 4)


def test_lines_without_a_site_may_stand_in_several_levels():
    unnamed = [[level, "", "aide", "12", "3", "0", "0"] for level in ("elementary", "high")]
    assert read_table([*TABLE, *unnamed]).levels == read_table().levels


def test_a_role_that_is_called_as_a_site_has_no_level():
    _, role = read_table(changed(3, "Role", "Alder")).plan.groups
    assert role.levels == (None,) * 3


def test_counts_stand_among_known_groups_by_their_names():
    site = GroupQuestion("site", 5, (None,) * 5, ("elementary",) * 2 + ("high",) * 3)
    role = GroupQuestion("role", 2, (200, 100), (None, None))
    names = ["Elm", "Birch", "Alder", "Dale", "Cedar"]
    counted = read_table(wanted=replace(WANTED, of=None))
    among = counted.among({"site": (site, names), "role": (role, ["aide", "teacher"])}, 310)
    assert among.plan.groups == (site, role) and among.plan.eligible == 310
    assert np.bincount(among.columns["site"]).tolist() == [0, 34, 35, 24, 56]
    assert np.bincount(among.columns["role"]).tolist() == [32, 117]


def test_groupings_are_crossed_with_a_place_and_with_nothing_else():
    beside = read_table(wanted=replace(WANTED, nested=(), by=("site", "role")))
    assert (beside.plan.margins, beside.plan.pairs) == (("site", "role"), ())
    assert read_table().plan.pairs == (("site", "role"),)


def test_spelling_with_other_capitals_and_spaces_is_one_group():
    table = [*TABLE[:7], ["High", " dale ", "AIDE", "4", "2", "1", "1"]]
    assert read_table(table).labels == read_table().labels


def test_lines_of_a_finer_table_are_added_up():
    counted = read_table(wanted=Wanted(people="took part", of="asked", nested=("level", "site")))
    assert counted.plan.groups[0].roster == (71, 66, 104, 34)
    assert np.bincount(counted.columns["site"]).tolist() == [35, 34, 56, 24]


def test_a_smaller_minimum_than_ten_is_refused():
    wanted = Wanted(people="asked", nested=("site",), minimum=9)
    with pytest.raises(MinimumTooLow):
        _ = read_table(wanted=wanted).plan


def changed(line, column, cell):
    table = [list(each) for each in TABLE]
    table[line - 2][HEAD.index(column)] = cell
    return table


@pytest.mark.parametrize(
    ("table", "line", "column", "says"),
    [
        (changed(3, "Took part", ""), 3, "Took part", "Write 0"),
        (changed(3, "Took part", "<5"), 3, "Took part", "hidden by somebody"),
        (changed(3, "Took part", "n < 10"), 3, "Took part", "hidden by somebody"),
        (changed(3, "Took part", "*"), 3, "Took part", "hidden by somebody"),
        (changed(5, "Asked", "12.5"), 5, "asked", "whole number"),
        (changed(5, "Asked", "-3"), 5, "asked", "whole number"),
        (changed(5, "Asked", "all"), 5, "asked", "whole number"),
        (changed(4, "Took part", "46"), 4, "Took part", "46 people here, of only 45"),
        (changed(4, "Useful", "29"), 4, "not useful", "37 people here, of only 30"),
        (changed(6, "Site", "Total"), 6, "site", "sums are made here"),
        (changed(6, "Level", "elementary"), 7, "level", "Cedar stood in another level"),
        (changed(3, "Role", "teacher"), 3, "", "The same groups as in line 2"),
        ([*TABLE, [*TABLE[0][:3], "1", "1", "0", "0"]], 10, "", "The same groups as in line 2"),
    ],
)
def test_a_table_is_refused_by_line_and_column(table, line, column, says):
    with pytest.raises(TableRefused) as refusal:
        read_table(table)
    assert (refusal.value.line, refusal.value.column) == (line, column)
    assert says in str(refusal.value) and f"line {line}" in str(refusal.value)
    assert ("column" in str(refusal.value)) is bool(column)


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (Wanted(people="came", nested=("site",)), "column came: The table does not have this heading"),
        (Wanted(people="asked"), "at least one column to group by"),
        (Wanted(people="asked", of="asked", nested=("site",)), "named for two things"),
        (Wanted(people="asked", nested=("level", "site", "role")), "nested twice"),
        (Wanted(people="asked", by=("role",), answers=(Asked("role", ("useful", "not useful")),)), "named for two"),
    ],
)
def test_columns_that_do_not_fit_are_refused(wanted, says):
    with pytest.raises(TableRefused, match=says):
        read_table(wanted=wanted)


def test_a_heading_that_stands_twice_is_not_called_missing():
    with pytest.raises(TableRefused, match="heading twice") as refusal:
        read_table(head=[*HEAD[:5], "Site", " "], wanted=Wanted("asked", by=("site",)))
    assert refusal.value.words["there"] == "Level, Site, Role, Asked, Took part, Site"


def test_a_table_that_counts_nobody_is_refused():
    with pytest.raises(TableRefused, match="counts 0 people") as refusal:
        read_table([[*line[:3], "0", "0", "0", "0"] for line in TABLE])
    assert refusal.value.line == 0
    assert str(refusal.value) == refusal.value.why % refusal.value.words, "of no line and no column"
    alone = [*TABLE[0][:3], "1", "1", "0", "0"]
    assert read_table([alone]).rows[0].numbers["Took part"] == 1


def test_a_table_may_count_as_many_people_as_the_limit_and_no_more():
    wanted = Wanted("asked", by=("role",))
    (row,) = read_table([["", "", "aide", str(MOST_PEOPLE), "0", "0", "0"]], wanted).rows
    assert row.numbers["asked"] == MOST_PEOPLE
    with pytest.raises(TableRefused):
        read_table([["", "", "aide", str(MOST_PEOPLE + 1), "0", "0", "0"]], wanted)


def test_a_column_to_group_by_that_names_nobody_is_refused():
    with pytest.raises(TableRefused, match="column role: No line names a group here"):
        read_table([[*line[:2], "", *line[3:]] for line in TABLE[::2]])


def test_a_line_that_ends_early_is_read_as_empty_there():
    head = [HEAD[4], HEAD[1], HEAD[2]]
    assert read_table(
        [["12", "Alder", "aide"], ["11", "Alder"]], Wanted("took part", by=("site", "role")), head
    ).rows[1].names == {"site": "Alder", "role": None}


def test_answers_that_are_more_than_their_people_are_named_by_the_last():
    wanted = Wanted("asked", by=("site", "role"), answers=(Asked("useful", ("took part", "useful", "not useful")),))
    with pytest.raises(TableRefused) as refusal:
        read_table(wanted=wanted)
    assert (refusal.value.line, refusal.value.column) == (2, "not useful")


@st.composite
def tables(draw):
    sites, roles = draw(st.integers(2, 5)), draw(st.integers(1, 3))
    table: list[list[str]] = []
    for site in range(sites):
        for role in range(roles):
            asked = draw(st.integers(10, 60))
            came = draw(st.integers(0 if table else 1, asked))
            yes = draw(st.integers(0, came))
            table.append([f"level {site % 2}", f"site {site}", f"role {role}", *map(str, (asked, came, yes, 0))])
    return table


@settings(max_examples=60, deadline=None)
@given(tables())
def test_no_adversary_learns_a_hidden_count(table):
    counted = read_table(table)
    release = protect(counted.plan, counted.columns).as_json()
    assert verify(release) == []
