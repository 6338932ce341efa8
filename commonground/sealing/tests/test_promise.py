"""The word "anonymous" stands only where nothing weakens the protocol."""

from typing import Any

import pytest

from commonground.sealing.promise import Weakness, is_kept, promise

UNION: dict[str, Any] = {"kind": "labor_organization", "seals": True}
BOARD: dict[str, Any] = {"kind": "management", "seals": True}
PAPER: dict[str, Any] = {
    "parties": [UNION, BOARD],
    "seals": {"issuing": {"pass": "ab", "receipt": "cd"}},
    "addresses": {"answer": "https://answer.example", "pass": "https://site.example/pass/"},
}


def test_with_everything_in_place_a_survey_is_anonymous():
    assert promise(PAPER) == {"word": "anonymous", "why": []}


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"seals": {"issuing": {}}}, "no_passes"),
        ({"parties": [BOARD]}, "employer_alone"),
        ({"parties": [{**UNION, "seals": False}, BOARD]}, "employer_alone"),
        ({"addresses": {**PAPER["addresses"], "answer": "http://answer.example"}}, "no_https"),
        ({"addresses": {**PAPER["addresses"], "answer": "https://site.example:8001"}}, "one_host"),
    ],
    ids=str,
)
def test_whatever_is_missing_makes_it_confidential(changed, why):
    assert promise({**PAPER, **changed}) == {"word": "confidential", "why": [why]}


def test_an_elected_staff_body_or_a_county_office_seals_as_well_as_a_union():
    assert promise({**PAPER, "parties": [{**UNION, "kind": "staff_representatives"}, BOARD]})["why"] == []


def test_on_one_machine_the_way_is_short_enough_without_https():
    addresses = {"answer": "http://127.0.0.1:8001", "pass": "http://localhost:8000/pass/"}
    assert promise({**PAPER, "addresses": addresses})["word"] == "anonymous"


def test_a_paper_that_says_more_than_it_may_is_found_out():
    honest = {**PAPER, "promise": promise(PAPER)}
    assert is_kept(honest)
    assert not is_kept({**honest, "parties": [BOARD]})
    assert not is_kept(PAPER) and not is_kept({**PAPER, "promise": {"word": "anonymous"}})
    told = promise(PAPER, [Weakness.ONE_SERVER])
    assert told["word"] == "confidential" and is_kept({**PAPER, "promise": told})
