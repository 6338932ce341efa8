"""Two decisions on one comment, themes, and what is published of words: pure rules."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from commonground.comments import content, rules
from commonground.comments.rules import Decision, Outcome, Verdict
from commonground.screening.kappa import kappa

DECISIONS = st.builds(
    Decision,
    st.sampled_from(Verdict),
    st.lists(st.tuples(st.integers(0, 20), st.integers(21, 40)), max_size=3).map(tuple),
    st.just("other"),
    st.frozensets(st.sampled_from("abc")),
)


@given(DECISIONS, DECISIONS, st.booleans())
def test_it_is_the_same_whoever_decides_first_and_never_freer_than_either(first, second, may_quote):
    made = rules.outcome(first, second, may_quote=may_quote)
    assert made == rules.outcome(second, first, may_quote=may_quote)
    strictest = max(rules.STRICTNESS.index(one.verdict) for one in (first, second))
    assert rules.STRICTNESS.index(made.verdict) >= min(strictest, rules.STRICTNESS.index(Verdict.HOLD))
    assert may_quote or not made.is_quoted


@pytest.mark.parametrize(
    ("first", "second", "made"),
    [
        (Verdict.PUBLISH, Verdict.PUBLISH, Verdict.PUBLISH),
        (Verdict.PUBLISH, Verdict.PARAPHRASE, Verdict.PARAPHRASE),
        (Verdict.THEME, Verdict.REDACT, Verdict.THEME),
        (Verdict.HOLD, Verdict.PUBLISH, Verdict.HOLD),
        (Verdict.NOW, Verdict.PUBLISH, Verdict.HOLD),
    ],
)
def test_the_stricter_holds(first, second, made):
    assert rules.outcome(Decision(first), Decision(second), may_quote=True).verdict is made


def test_what_either_takes_out_is_out():
    one, other = Decision(Verdict.REDACT, ((0, 3), (9, 12))), Decision(Verdict.PUBLISH, ((2, 5),))
    assert rules.outcome(one, other, may_quote=True) == Outcome(Verdict.REDACT, ((0, 5), (9, 12)))


def test_a_decision_says_why_and_what():
    assert rules.faults(Decision(Verdict.PUBLISH)) == ""
    assert rules.faults(Decision(Verdict.HOLD)) == "reason"
    assert rules.faults(Decision(Verdict.REDACT, (), "names")) == "spans"


def coded(both: int, one: int, none: int) -> list[tuple[Decision, Decision]]:
    found, empty = Decision(Verdict.THEME, themes=frozenset("t")), Decision(Verdict.THEME)
    return [(found, found)] * both + [(found, empty)] * one + [(empty, empty)] * none


def test_a_theme_is_told_from_ten_mentions_in_which_both_found_it():
    assert rules.themes(coded(9, 20, 20), ["t"], 10) == []
    assert rules.themes(coded(10, 5, 15), ["t"], 10) == [rules.Told("t", 10, 0.67)]


def test_a_number_that_says_how_few_are_left_is_not_told():
    assert rules.themes(coded(25, 0, 5), ["t"], 10)[0].mentions is None
    assert rules.themes(coded(30, 0, 0), ["t"], 10)[0].mentions == 30
    assert rules.safe_count(30, 40, 10) == 30 and rules.safe_count(31, 40, 10) is None


def test_a_kappa_from_which_the_number_beside_it_follows_is_not_told():
    """With 30 comments two readers who differ on one and agree on the others have a kappa for each number."""
    both = [[True] * (29 - few) for few in range(9)]
    told_by = {
        round(kappa([*found, True, *[False] * few], [*found, False, *[False] * few]), 2)
        for few, found in enumerate(both)
    }
    assert len(told_by) == 9
    (told,) = rules.themes(coded(25, 1, 4), ["t"], 10)
    assert (told.mentions, told.kappa) == (None, None)


@given(st.integers(31, 39), st.integers(10, 30))
def test_where_it_is_not_told_how_many_wrote_no_number_of_a_theme_bounds_it(written, found):
    theme = {"id": "t", "en": "Shade", "es": "Sombra"}
    read = [content.Read("q3", *pair) for pair in coded(found, 0, written - found)]
    told = content._question(read, [], {"t": theme}, 40, 10)
    assert told["written"] is None
    assert [(one["mentions"], one["kappa"]) for one in told["themes"]] == [(None, None)]
    assert list(content._list_faults(told, 40, 10)) == []
    for change in ({"mentions": found}, {"kappa": 0.5}):
        broken = {**told, "themes": [{**theme, "mentions": None, "kappa": None, **change}]}
        assert list(content._list_faults(broken, 40, 10))


@pytest.mark.parametrize(
    ("text", "evened"),
    [
        ("  we need\n\n shade  ", "We need shade"),
        ("WE NEED MORE SHADE NOW", "We need more shade now"),
        ("HR OK", "HR OK"),
        ("", ""),
    ],
)
def test_spaces_and_capitals_are_evened_out(text, evened):
    assert rules.evened(text) == evened


@given(st.lists(st.text(max_size=30)))
def test_quotations_keep_no_order(texts):
    assert rules.quotations(texts) == rules.quotations(reversed(texts)) == rules.quotations(rules.quotations(texts))


def test_faults_of_a_release_are_found():
    theme = {"en": "Shade", "es": "Sombra", "mentions": 12, "kappa": 0.5}
    told = {"written": 30, "themes": [theme], "quotes": ["A", "B"]}
    release = {"answered": 40, "minimum": 10, "comments": {"q3": told}}
    assert content.faults(release) == []
    for broken in (
        {**release, "answered": 19},
        {**release, "minimum": 5},
        *(
            {**release, "comments": {"q3": {**told, **change}}}
            for change in (
                {"written": 9},
                {"written": 35},
                {"quotes": ["B", "A"]},
                {"quotes": ["a  b"]},
                {"quotes": [f"Q{n:02}" for n in range(31)]},
                {"themes": [{**theme, "mentions": 9}]},
                {"themes": [{**theme, "mentions": 25}]},
                {"themes": [{**theme, "kappa": 1.5}]},
            )
        ),
    ):
        assert content.faults(broken), broken


@given(
    st.lists(st.integers(0, 60).flatmap(lambda written: st.tuples(st.integers(0, written), st.just(written)))),
    st.integers(10, 12),
)
def test_no_subtraction_between_lists_leaves_a_few_of_a_theme(lists, least):
    everywhere, without = sum(found for found, _ in lists), sum(written - found for found, written in lists)
    assume(everywhere >= least and not 0 < without < least)
    told = rules.by_list(lists, least)
    for said, (found, written) in zip(told, lists, strict=True):
        assert said is None or (said == found >= least and not 0 < written - found < least)
    left = [numbers for numbers, said in zip(lists, told, strict=True) if said is None]
    for few in (sum(found for found, _ in left), sum(written - found for found, written in left)):
        assert not 0 < few < least


def test_the_list_that_shields_a_few_is_the_last_that_tells_the_theme():
    assert rules.by_list([(30, 60), (20, 40), (15, 30)], 10) == [30, 20, 15]
    assert rules.by_list([(30, 60), (20, 40), (3, 30)], 10) == [30, None, None]
    assert rules.by_list([(30, 60), (0, 40), (15, 30)], 10) == [30, None, 15]
    assert rules.by_list([(30, 60), (35, 40), (15, 30)], 10) == [30, None, None]
