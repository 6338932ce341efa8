"""The way of a release to its certificate: in slices, taken up again anywhere, and what is left out on it."""

import copy
import io
from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest

from commonground.disclosure.certificate import faults
from commonground.disclosure.certifying import Certifying
from commonground.disclosure.search import NoDecoy, Search
from commonground.disclosure.tests.survey import cell, one_way, released, two_way
from commonground.disclosure.weaker import accounted, hide, told_less


def at(**places):
    return frozenset(places.items())


HIDDEN = [at(site=1), at(site=2), at(job=1), at(job=2)]


@pytest.fixture(scope="module")
def apart():
    """Return sites and jobs that no pair ties together, two hidden of each."""
    plan, columns = two_way([[30, 14, 10, 0], [12, 8, 0, 0], [6, 12, 0, 0], [0, 0, 0, 0]])
    return hide(released(replace(plan, pairs=()), columns), HIDDEN)


@pytest.fixture(scope="module")
def alike():
    """Return a release of one group in which all but nobody of the hidden gave an upper answer."""
    made = hide(released(*one_way([40, 10, 10, 0])), [at(site=1), at(site=2)])
    cell(made)["answers"]["breaks"].update(options=None, top=67, mean=None)
    cell(made, site=0)["answers"]["breaks"].update(options=None, top=100, mean=None)
    return made


def certify(release):
    made = Certifying(release)
    assert made.go_on() and made.go_on()
    assert faults(made.document, made.certificate()) == []
    return made


def test_it_is_certified_by_decoys_of_every_family_and_says_so(apart):
    before = copy.deepcopy(apart)
    made = Certifying(apart)
    assert [made.is_done, made.decoys, made.progress] == [False, 0, (0, 6)]
    assert made.go_on() and made.is_done and apart == before
    assert faults(made.document, made.certificate()) == []
    assert made.document == {
        **before,
        "certificate": {"hash": sha256(made.certificate()).hexdigest(), "hidden": []},
    }
    assert made.progress == (6, 6) and made.hidden == []
    assert made.decoys == sum(len(search.decoys) for search in made.searches) > 0


def test_where_it_tells_less_it_accounts_for_what_is_left(alike):
    made = certify(alike)
    answers = cell(made.document, site=0)["answers"]["breaks"]
    assert answers == told_less(cell(alike, site=0)["answers"]["breaks"])
    assert accounted(made.document) == made.document


@pytest.mark.parametrize("of", ["apart", "alike"])
def test_it_stops_between_two_decoys_and_goes_on_from_bytes_to_the_same_end(of, request):
    release = request.getfixturevalue(of)
    whole, steps, found = certify(release), Certifying(release), [0]
    while not steps.go_on(iter([False, True]).__next__):
        assert not steps.is_done
        again = Certifying.from_bytes(steps.to_bytes())
        assert (again.document, again.decoys, again.progress) == (steps.document, steps.decoys, steps.progress)
        assert again.to_bytes() == steps.to_bytes()
        steps = again
        found.append(steps.decoys)
    assert found == sorted(set(found)) and len(found) >= whole.decoys
    assert steps.document == whole.document and steps.certificate() == whole.certificate()
    assert Certifying.from_bytes(steps.to_bytes()).go_on(lambda: True)


@pytest.mark.parametrize("turned", [False, True])
def test_every_family_is_gone_on_with_until_nothing_is_left_to_do_in_any(turned):
    """All of the sites are told, and of the jobs one only."""
    counts = np.array([[20, 5, 5, 0], [20, 5, 5, 0], [0, 0, 0, 0]])
    plan, columns = two_way(counts.T if turned else counts)
    hidden = [at(**{"site" if turned else "job": place}) for place in (1, 2)]
    made = certify(hide(released(replace(plan, pairs=()), columns), hidden))
    found = [len(search.decoys) for search in made.searches]
    assert found[turned] == 1 < found[not turned]


def test_it_does_nothing_where_it_is_enough_at_once(apart):
    made = Certifying(apart)
    assert not made.go_on(lambda: True) and made.decoys == 0


def test_only_several_families_have_to_share_a_district(apart, alike):
    several, one = certify(apart), certify(alike)
    district = several.searches[0].first.sums[0]
    assert all(search.printed.fixed is district for search in several.searches)
    assert [search.printed.fixed for search in one.searches] == [None]


@pytest.fixture
def contradictory(apart):
    """Return more people at one site than there are in the district."""
    made = copy.deepcopy(apart)
    cell(made, site=0)["n"] = 99
    return made


def test_tables_are_left_out_from_the_most_detailed_until_there_is_a_decoy(contradictory):
    made = Certifying(contradictory)
    assert made.go_on() and faults(made.document, made.certificate()) == []
    assert made.hidden == [at(site=0), at(job=0)]
    assert made.document["certificate"]["hidden"] == [{"site": 0}, {"job": 0}]
    for each in made.document["cells"]:
        if each["at"]:
            assert (each["status"], each["n"], each["reason"], each["answers"]) == (
                "withheld",
                None,
                "protected",
                {},
            )
    assert cell(made.document)["n"] == cell(contradictory)["n"]
    assert accounted(made.document) == made.document


def test_what_was_left_out_is_known_after_it_was_taken_up_again(contradictory):
    steps = Certifying(contradictory)
    while not steps.go_on(iter([False, True]).__next__):
        again = Certifying.from_bytes(steps.to_bytes())
        assert again.hidden == steps.hidden
        steps = again
    whole = Certifying(contradictory)
    assert whole.go_on()
    assert steps.document == whole.document and steps.certificate() == whole.certificate()


def test_only_tables_of_the_family_are_left_out_in_its_name(contradictory):
    """Jobs are left out before sites: they come later, and nothing of the site says which of them is at fault."""
    made = Certifying(contradictory)
    of_sites, of_jobs = made.searches
    made._leave_out_a_table()
    assert [search.hidden for search in made.searches] == [[], [at(job=0)]]
    made._leave_out_a_table()
    assert [search.hidden for search in made.searches] == [[at(site=0)], [at(job=0)]]
    assert of_sites.hidden == of_jobs.hidden == [] and cell(contradictory, site=0)["n"] == 99
    with pytest.raises(NoDecoy):
        made._leave_out_a_table()


def test_where_the_district_alone_has_no_decoy_it_is_no_release(alike, monkeypatch):
    def stuck(self, fixed):
        raise ArithmeticError

    monkeypatch.setattr(Search, "step", stuck)
    with pytest.raises(NoDecoy):
        Certifying(alike).go_on()
    with pytest.raises(NoDecoy):
        Certifying({**alike, "cells": alike["cells"][:1]}).go_on()


def test_bytes_that_would_run_code_are_not_taken_up():
    stream = io.BytesIO()
    np.savez(stream, known=np.array([{}], dtype=object), decoys=np.zeros(0))
    with pytest.raises(ValueError, match="pickle"):
        Certifying.from_bytes(stream.getvalue())
