"""A paper becomes screens: short, in order, with honest minutes."""

from hypothesis import given
from hypothesis import strategies as st

from commonground.responses.gaps import GappedPage, gap
from commonground.responses.screens import MOST_ON_A_SCREEN, cut_in_screens, in_language, minutes
from commonground.responses.tests.sample import make_sample

KINDS = st.sampled_from(["agreement", "frequency", "scale10", "one", "several", "text"])


def content_of(kinds):
    questions = [
        {"id": f"q{number}", "kind": kind, "text": "?", "options": [], "limit": 9}
        for number, kind in enumerate(kinds)
    ]
    return {"questions": questions, "parts": [{"title": "Part", "questions": [q["id"] for q in questions]}]}


@given(st.lists(KINDS, min_size=1, max_size=60))
def test_screens_hold_all_questions_in_order_and_never_too_many(kinds):
    screens = cut_in_screens(content_of(kinds))
    shown = [question for screen in screens for question in screen.questions]
    assert [question.kind for question in shown] == kinds
    for screen in screens:
        assert sum(2 if q.kind in ("text", "several") else 1 for q in screen.questions) <= MOST_ON_A_SCREEN
        assert screen.questions


def test_a_part_a_little_too_long_is_cut_evenly():
    assert [len(screen.questions) for screen in cut_in_screens(content_of(["one"] * 9))] == [5, 4]


def test_minutes_fall_from_screen_to_screen():
    content = in_language(make_sample().paper.content, "en")
    left = [screen.minutes_left for screen in cut_in_screens(content)]
    assert left == sorted(left, reverse=True)
    assert left[0] == minutes(content["questions"]) == 10
    assert left[-1] == 1


def test_fixed_scales_have_labels_even_where_the_paper_lists_none():
    screens = cut_in_screens(content_of(["agreement", "scale10"]))
    agreement, scale = screens[0].questions
    assert agreement.options[0] == "Strongly disagree" and len(scale.options) == 11


def test_a_missing_text_falls_back_to_english():
    assert in_language([{"en": "Yes", "es": ""}, {"en": "No"}, {"x": {"en": "A", "es": "B"}}], "es") == [
        "Yes",
        "No",
        {"x": "B"},
    ]


def test_gaps_are_filled_or_left_empty():
    page = GappedPage(f"a{gap('one')}b{gap('two')}c")
    assert page.fill({"two": "2"}) == b"ab2c"
    assert page.fill({"one": "é", "three": "3"}) == "aébc".encode()
