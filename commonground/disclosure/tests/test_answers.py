"""Columns of answers are read as the plan says, or refused: nothing that the plan does not know is counted."""

import numpy as np
import pytest

from commonground.disclosure.answers import Answers, ColumnsMalformed
from commonground.disclosure.plan import Question, TablePlan
from commonground.disclosure.tests.survey import AGREE, group

WISHES = Question("wishes", "several", 3)
MANY = Question("wishes", "several", 64)


def plan(several=WISHES):
    return TablePlan((AGREE, several), (group("site", 2),), ("site",), ())


def columns(**changes):
    return {
        "site": np.array([0, 1, 255], dtype=np.uint8),
        "breaks": np.array([4, 255, 0], dtype=np.uint8),
        "wishes": np.array([5, 0, 2], dtype=np.uint8),
        **changes,
    }


def test_labels_options_and_choices_are_read_and_who_left_a_question_out():
    read = Answers.read(plan(), columns())
    assert read.people == 3 and read.labels["site"].tolist() == [0, 1, 2]
    assert read.values["breaks"].tolist() == [4, 255, 0] and read.answered["breaks"].tolist() == [True, False, True]
    assert read.values["wishes"].tolist() == [[True, False, True], [False] * 3, [False, True, False]]
    assert read.answered["wishes"].tolist() == [True, False, True]
    none = columns(**{"wishes:answered": np.array([1, 1, 1], dtype=np.uint8)})
    assert Answers.read(plan(), none).answered["wishes"].all(), "who answered may have chosen nothing"


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.uint64])
def test_choices_are_bits_of_any_width_or_columns(kind):
    bits = Answers.read(plan(), columns(wishes=np.array([5, 0, 7], dtype=kind)))
    flags = np.array([[1, 0, 1], [0, 0, 0], [1, 1, 1]], dtype=bool)
    assert bits.values["wishes"].tolist() == Answers.read(plan(), columns(wishes=flags)).values["wishes"].tolist()


def test_sixty_four_choices_are_as_many_as_bits_hold():
    last = np.array([2**63, 1, 0], dtype=np.uint64)
    chosen = Answers.read(plan(MANY), columns(wishes=last)).values["wishes"]
    assert np.argwhere(chosen).tolist() == [[0, 63], [1, 0]]
    with pytest.raises(ColumnsMalformed, match="people x 65"):
        Answers.read(plan(Question("wishes", "several", 65)), columns(wishes=last))


FLAGS = np.array([[True, False, True], [False] * 3, [False, True, False]])


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"site": np.array([0, 2, 255], dtype=np.uint8)}, "column site holds an option"),
        ({"breaks": np.array([4, 5, 0], dtype=np.uint8)}, "column breaks holds an option"),
        ({"breaks": np.array([[4], [3], [0]], dtype=np.uint8)}, "one row of unsigned bytes"),
        ({"breaks": np.array([4, 3, 0])}, "one row of unsigned bytes"),
        ({"breaks": np.array([4, 3], dtype=np.uint8)}, "different lengths"),
        ({"wishes": np.array([8, 0, 2], dtype=np.uint8)}, "column wishes holds an option"),
        ({"wishes": np.array([5, 0, 2])}, "people x 3"),
        ({"wishes": FLAGS.astype(np.uint8)}, "people x 3"),
        ({"wishes": FLAGS[:, :2]}, "people x 3"),
        ({"wishes:answered": np.array([True, True])}, "did not answer"),
        ({"wishes:answered": np.array([False, True, True])}, "did not answer"),
        ({"wishes:answered": np.array([False, False, False])}, "did not answer"),
    ],
)
def test_what_does_not_fit_the_plan_is_refused(changed, words):
    with pytest.raises(ColumnsMalformed, match=words):
        Answers.read(plan(), columns(**changed))


def test_a_column_that_is_missing_is_named():
    with pytest.raises(ColumnsMalformed, match="no column for site, wishes"):
        Answers.read(plan(), {"breaks": columns()["breaks"]})
