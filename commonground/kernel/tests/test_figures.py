import re
from itertools import pairwise

import pytest

from commonground.kernel import figures
from commonground.kernel.locks import keys_in_words, locks
from commonground.kernel.tests.gallery import PARTIES, Key, Layer, keys


@pytest.mark.parametrize(
    ("labor", "management", "words"),
    [
        ("101", "1", "Labor: 2 of 3 organizations have turned. Management: turned."),
        ("0", "0", "Labor: not yet turned. Management: not yet turned."),
        ("000", "0", "Labor: 0 of 3 organizations have turned. Management: not yet turned."),
        ("1", "1", "Both keys are turned."),
        ("111", "1", "Every key is turned."),
    ],
)
def test_the_state_of_the_keys_is_said_in_words(labor, management, words):
    assert keys_in_words(keys(labor, management)) == words
    assert f'aria-label="{words}"' in locks(keys(labor, management))
    assert f'aria-label="{words}"' in locks(keys(labor, management), mini=True)


def test_staff_representatives_stand_where_labor_stands():
    drawn = locks([Key("management", False), Key("staff", True)])
    assert 'aria-label="Staff representatives: turned. Management: not yet turned."' in drawn
    assert '<circle class="lk-on" cx="58"' in drawn


@pytest.mark.parametrize("organizations", range(2, 9))
def test_each_labor_organization_has_its_own_arc(organizations):
    turned = "1" + "0" * (organizations - 1)
    for drawn in (locks(keys(turned, "1")), locks(keys(turned, "1"), mini=True)):
        assert drawn.count('<path class="lk-arc') == organizations
        assert drawn.count("lk-arc open") == organizations - 1
    both = locks(keys("1" * organizations, "1"))
    assert both.count('<path class="lk-arc" ') == organizations


def test_turned_sides_are_filled_and_overlap_only_when_all_are_turned():
    waiting = locks(keys("111", "0"))
    assert 'class="lk-on"' in waiting
    assert 'class="lk-on mgmt"' not in waiting
    assert "lk-common" not in waiting
    for drawn in (locks(keys("111", "1")), locks(keys("1", "1"), mini=True)):
        assert "lk-common" in drawn


def test_keys_within_one_side_are_drawn_without_the_other():
    assert "mgmt" not in locks(keys("10", ""))
    assert "mgmt" not in locks(keys("11", ""), mini=True)


def test_no_key_at_all_is_a_mistake():
    with pytest.raises(ValueError, match="at least one key"):
        locks([])


def test_a_seal_draws_and_names_its_layers_from_outside_in():
    drawn = figures.seal([Layer("A & B", "labor", 0), Layer("C", "labor", 37), Layer("D", "management", 100)])
    assert "A &amp; B: off, C: coming off, D: closed." in drawn
    assert 'stroke-dasharray="37 63"' in drawn
    assert drawn.count('class="ring off"') == 2
    radii = [float(r) for r in re.findall(r'class="ring[^"]*" cx="120" cy="120" r="([\d.]+)"', drawn)]
    assert radii == sorted(radii, reverse=True)


def test_nine_layers_do_not_touch_each_other():
    drawn = figures.seal([Layer(str(n), "labor", 100) for n in range(9)])
    rings = [(float(r), float(w)) for r, w in re.findall(r'r="([\d.]+)" stroke-width="([\d.]+)"', drawn)]
    assert all(outer - inner > width for (outer, width), (inner, _) in pairwise(rings))
    assert rings[-1][0] - rings[-1][1] / 2 > 26


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("Alder Valley Teachers Association", "AVTA"),
        ("Alder Valley Unified School District", "AVUSD"),
        ("Classified Employees Chapter 212", "212"),
        ("Bus and Trades Local 27", "27"),
        ("Unified District", "UD"),
    ],
)
def test_initials(name, mark):
    assert figures.initials(name) == mark


def test_long_initials_are_fitted_to_the_plate():
    assert "textLength" in figures.plate("Alder Valley Unified School District", "management")
    assert "textLength" not in figures.plate("Unified District", "management")


def test_plates_differ_by_party_and_have_one_size():
    plates = [figures.plate(party.name, party.side, number) for number, party in enumerate(PARTIES)]
    assert len({re.sub("<text.*", "", plate) for plate in plates}) == 4
    assert all('viewBox="0 0 44 44"' in plate for plate in plates)


def test_a_party_is_never_a_shape_without_words():
    assert figures.party("management") == '<span class="party mgmt">Management</span>'
    assert figures.party("labor", "<Local>") == '<span class="party">&lt;Local&gt;</span>'


def test_a_code_is_read_in_groups_of_four():
    assert figures.code("K7QM-2XDP 9R") == '<p class="code"><span>K7QM</span> <span>2XDP</span> <span>9R</span></p>'


def test_there_are_ten_places():
    assert len({figures.place(step) for step in range(1, 11)}) == 10
