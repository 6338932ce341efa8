"""The paper, as far as sealing reads it."""

import json
from hashlib import sha256

import pytest

from commonground.sealing.errors import Malformed
from commonground.sealing.formats import canonical_json, fingerprint
from commonground.sealing.paper import read_paper
from commonground.sealing.tests.survey import make_survey

SURVEY = make_survey(answers=0)


def test_the_paper_is_named_by_its_bytes_as_served():
    spaced = json.dumps(json.loads(SURVEY.paper_bytes), indent=1).encode()
    assert SURVEY.paper.hash == sha256(SURVEY.paper_bytes).digest()
    assert read_paper(spaced).hash == sha256(spaced).digest() != SURVEY.paper.hash
    assert SURVEY.paper.fingerprint == fingerprint(SURVEY.paper.hash)


def test_sizes_and_layers_follow_from_the_paper():
    paper = SURVEY.paper
    assert [paper.item_size(layer) - paper.layout.plain_size for layer in (0, 3, 2, 1)] == [81, 162, 243, 324]
    assert [paper.layer_below(layer) for layer in (1, 2, 3)] == [2, 3, 0]


@pytest.mark.parametrize(
    "change",
    [{"format": "cg2-paper"}, {"seals": None}, {"questions": {}}, {"questions": []}, {"survey": "00" * 16}],
)
def test_anything_else_is_refused(change):
    with pytest.raises(Malformed):
        read_paper(canonical_json({**json.loads(SURVEY.paper_bytes), **change}))
