"""Reading grade and length, and the names of groups that were joined."""

import pytest

from commonground.surveys.draft_cards import CHECKS
from commonground.surveys.groups import joined
from commonground.surveys.rules import Gap
from commonground.surveys.wording import _spanish_syllables, ease, grade, minutes


def test_the_grade_follows_the_formula():
    assert grade(["The cat sat on the mat."]) == pytest.approx(max(0, 0.39 * 6 + 11.8 * 1 - 15.59))
    text = ["My workload lets me do my job well. When I raise a problem, someone follows up."]
    assert grade(text) == pytest.approx(0.39 * 16 / 2 + 11.8 * 20 / 16 - 15.59)


def test_long_words_and_sentences_read_harder():
    easy, hard = grade(["We ask. You tell us."]), grade(["Accountability mechanisms facilitate participation."])
    assert easy is not None and hard is not None and easy < 6 < hard


def test_without_words_there_is_no_grade():
    assert grade(["", "   ", "12"]) is None


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("descanso", 3),
        ("día", 2),
        ("aula", 2),
        ("poeta", 3),
        ("ciudad", 2),
        ("guitarra", 3),
        ("queso", 2),
        ("pingüino", 3),
        ("leer", 2),
        ("país", 2),
        ("Uruguay", 3),
        ("y", 1),
        ("reyes", 2),
        ("jubilación", 4),
        ("estudiáis", 3),
        ("construir", 2),
    ],
)
def test_spanish_syllables_follow_from_the_vowels(word, syllables):
    assert _spanish_syllables(word) == syllables


def test_the_ease_of_spanish_follows_the_formula():
    assert ease(["El gato duerme en la casa."]) == pytest.approx(min(100, 206.835 - 62.3 * 9 / 6 - 6))
    hard = ease(["Consideraciones institucionales sobre responsabilidades."])
    assert hard is not None and hard < 40 and ease(["", "12"]) is None


def test_length_grows_with_reading_and_with_what_is_asked():
    assert minutes([]) == 0
    assert minutes([("agreement", "word " * 200)]) == pytest.approx(1 + 4 / 60)
    assert minutes([("text", "a")]) > minutes([("several", "a")]) > minutes([("agreement", "a")])


@pytest.mark.parametrize(
    ("names", "last", "words"),
    [
        ([], "and", ""),
        (["Oak"], "and", "Oak"),
        (["Oak", "Elm"], "and", "Oak and Elm"),
        (["Oak", "Elm", "Ash"], "and", "Oak, Elm and Ash"),
        (["Roble", "Iglesia"], "y", "Roble e Iglesia"),
        (["Roble", "Hierro"], "y", "Roble y Hierro"),
        (["Roble", "Higuera"], "y", "Roble e Higuera"),
    ],
)
def test_joined_groups_are_named_for_what_they_hold(names, last, words):
    assert joined(names, last) == words


def test_every_gap_belongs_to_one_point_of_the_aside():
    assert sorted(code for _name, codes in CHECKS for code in codes) == sorted(Gap)
