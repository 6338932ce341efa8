"""A charter comes back from its row and from its frozen text as it went in; gaps are found."""

from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonground.agreements.contents import (
    Both,
    Contents,
    DecisionRight,
    Holders,
    Right,
    body,
    from_body,
    from_stored,
    stored,
)
from commonground.agreements.rules import Gap, gaps
from commonground.agreements.wording import DECIDES, MATTERS, PROTECTIONS, RECONVENE

boths = st.builds(Both, st.text(max_size=20), st.text(max_size=20))
people = st.lists(st.uuids(), max_size=3).map(tuple)
charters = st.builds(
    Contents,
    boths,
    boths,
    st.lists(boths, max_size=3).map(tuple),
    st.lists(st.builds(Right, boths, st.sampled_from(DecisionRight)), max_size=4).map(tuple),
    st.tuples(st.integers(1, 9), st.integers(1, 9)),
    boths,
    st.dictionaries(st.uuids(), st.builds(Holders, people, people), max_size=3),
)


@given(charters)
def test_row_and_frozen_text_give_it_back(charter):
    assert from_stored(SimpleNamespace(**stored(charter))) == charter
    draft_id = uuid4()
    frozen = from_body(body(charter, PROTECTIONS, draft_id, 4))
    assert frozen.contents == charter and frozen.protections == PROTECTIONS
    assert (frozen.draft_id, frozen.revision) == (draft_id, 4)


def test_the_four_protections_are_in_every_frozen_charter():
    frozen = from_body(body(Contents(), PROTECTIONS, uuid4(), 1))
    assert len(frozen.protections) == 4 and all(words.whole for words in frozen.protections)


def test_our_own_words_are_whole_in_both_languages():
    assert all(right.matter.whole for right in MATTERS) and RECONVENE.whole
    assert set(DECIDES) == set(DecisionRight) == {right.who for right in MATTERS}


PARTY, ANN, BEN = (UUID(int=number) for number in (1, 2, 3))
WHOLE = Contents(
    purpose=Both("a", "b"),
    students=Both("a", "b"),
    rights=(Right(Both("a", "b"), DecisionRight.PARTY_OR_BOARD),),
    reconvene=Both("a", "b"),
    holders={PARTY: Holders((ANN,), (BEN,))},
)


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        ({"purpose": Both("a", " ")}, [Gap.PURPOSE]),
        ({"students": Both("", "b")}, [Gap.STUDENTS]),
        ({"reconvene": Both()}, [Gap.RECONVENE]),
        ({"protections": (Both("a", ""),)}, [Gap.PROTECTION]),
        ({"rights": ()}, [Gap.NO_RIGHTS]),
        ({"rights": (Right(Both("a", ""), DecisionRight.PARTY_OR_BOARD),)}, [Gap.RIGHT]),
        ({"holders": {}}, [Gap.KEY_HOLDERS]),
        ({"holders": {PARTY: Holders((ANN,), ())}}, [Gap.KEY_HOLDERS]),
        ({"holders": {PARTY: Holders((ANN,), (UUID(int=9),))}}, [Gap.NOT_A_MEMBER]),
        ({"holders": {**WHOLE.holders, UUID(int=8): Holders((ANN,), (BEN,))}}, [Gap.NOT_A_MEMBER]),
    ],
)
def test_each_gap_is_found(changed, found):
    assert list(gaps(Contents(**{**WHOLE.__dict__, **changed}), {PARTY: {ANN, BEN}})) == found
