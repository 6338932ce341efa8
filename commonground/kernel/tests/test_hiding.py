"""The page that says why something is not shown: every reason has words and a picture, and gives nothing away."""

import re
from xml.etree import ElementTree

import pytest
from django.utils.translation import override

from commonground.kernel.hiding import cases


@pytest.fixture(params=["en", "es"])
def told(request):
    with override(request.param):
        yield cases(10)


def test_every_case_has_words_a_picture_and_the_same_said_without_it(told):
    assert len({case.id for case in told}) == len(told) >= 10
    for case in told:
        drawing = ElementTree.fromstring(str(case.picture))
        assert drawing.get("role") == "img"
        assert drawing.get("aria-label") == case.caption
        assert len(case.words) > 80 and len(case.caption) > 20


def test_pictures_hold_no_style_and_no_words_of_one_language(told):
    for case in told:
        assert "style" not in str(case.picture)
        for word in re.findall(r"<text[^>]*>([^<]*)<", str(case.picture)):
            assert not re.search(r"[a-zA-Z]", word), case.id


def test_what_is_covered_shows_as_hatching_of_its_own_picture(told):
    for case in told:
        assert set(re.findall(r"url\(#([\w-]+)\)", str(case.picture))) <= {f"{case.id}-cover"}


def test_the_smallest_group_is_the_one_of_the_survey():
    with override("en"):
        assert "fewer than 15 people" in cases(15)[0].words


def test_the_words_are_short():
    with override("en"):
        for case in cases(10):
            sentences = re.split(r"(?<=[.:]) ", case.words)
            assert max(len(sentence.split()) for sentence in sentences) <= 26, case.id
