"""The bargaining screen: one party raises it, all lower it. And words that are worth a second look."""

import itertools

import pytest

from commonground.surveys.bargaining import Level, goes_in, screened
from commonground.surveys.caution import Caution, cautions

CLEAR, CONSULT, MUST = Level
PARTIES = ("teachers", "drivers", "district")


def play(*moves):
    level, wishes = CLEAR, dict[str, Level]()
    for party, wish in moves:
        level, wishes = screened(level, wishes, party, wish, PARTIES)
    return level, wishes


def test_levels_stand_in_order():
    assert [level.height for level in (CLEAR, CONSULT, MUST)] == [0, 1, 2]


@pytest.mark.parametrize(("level", "goes"), [("clear", True), ("consult", True), ("must_bargain", False)])
def test_a_question_that_must_be_bargained_goes_into_no_paper(level, goes):
    assert goes_in(level) is goes


@pytest.mark.parametrize("party", PARTIES)
def test_any_party_raises_the_screen_alone(party):
    assert play((party, MUST)) == (MUST, {})


def test_the_party_that_raised_it_cannot_lower_it_alone():
    assert play(("district", MUST), ("district", CLEAR)) == (MUST, {"district": CLEAR})


@pytest.mark.parametrize("order", list(itertools.permutations(PARTIES)))
def test_all_parties_lower_it_in_any_order(order):
    assert play(("drivers", MUST), *((party, CLEAR) for party in order)) == (CLEAR, {})


def test_it_goes_down_to_the_highest_of_the_wishes_and_keeps_the_lower_ones():
    moves = [("teachers", MUST), ("teachers", CLEAR), ("drivers", CONSULT), ("district", CLEAR)]
    assert play(*moves) == (CONSULT, {"teachers": CLEAR, "district": CLEAR})
    assert play(*moves, ("drivers", CLEAR)) == (CLEAR, {})


def test_a_raise_voids_every_wish_and_the_present_level_takes_the_own_wish_back():
    assert play(("teachers", CONSULT), ("drivers", CLEAR), ("district", MUST)) == (MUST, {})
    assert play(("teachers", MUST), ("drivers", CLEAR), ("drivers", MUST)) == (MUST, {})


@pytest.mark.parametrize(
    ("text", "why", "word"),
    [
        ("Have you been diagnosed with anything?", Caution.TOO_PERSONAL, "diagnosed"),
        ("What is your age?", Caution.TOO_PERSONAL, "your age"),
        ("¿Toma algún medicamento?", Caution.TOO_PERSONAL, "medicamento"),
        ("¿Es usted casado?", Caution.TOO_PERSONAL, "casado"),
        ("Would a higher salary help you?", Caution.BARGAINED, "salary"),
        ("Would you trade a paid holiday for a shorter day?", Caution.BARGAINED, "paid holiday"),
        ("¿Le alcanza su sueldo?", Caution.BARGAINED, "sueldo"),
        ("Does your principal listen?", Caution.OFF_SCOPE, "your principal"),
        ("¿Le escucha su directora?", Caution.OFF_SCOPE, "su directora"),
        ("Whom did you vote for?", Caution.OFF_SCOPE, "vote"),
    ],
)
def test_words_that_are_nearly_always_in_the_way_are_flagged_in_both_languages(text, why, word):
    assert list(cautions([text])) == [(why, word)]


@pytest.mark.parametrize(
    "text",
    [
        "I know where to get help when work weighs on me.",
        "I can take my full break on most days.",
        "Only in paid time",
        "A talk about money and retirement",
        "When I raise a problem, someone follows up.",
        "Which language do you prefer?",
        "Confío en que mi equipo me apoya.",
        "La política del distrito es clara.",
        "Estoy devoto a mi trabajo y mi primer turno.",
        "",
    ],
)
def test_ordinary_questions_are_left_alone(text):
    assert list(cautions([text])) == []


def test_each_reason_is_given_once():
    text = ["Your salary, your wages, your age and your name?"]
    assert dict(cautions(text)) == {Caution.TOO_PERSONAL: "your age", Caution.BARGAINED: "salary"}
