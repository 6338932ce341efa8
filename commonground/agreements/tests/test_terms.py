"""Agreements as values: kept and frozen as they were written; gaps, standings and cautions are found."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonground.agreements import sayings
from commonground.agreements.contents import Both
from commonground.agreements.rules import (
    Caution,
    Standing,
    Stored,
    TermsGap,
    cautions,
    cautions_of,
    standing,
    terms_gaps,
)
from commonground.agreements.terms import (
    DATES,
    PARTS,
    WORDS,
    AgreementKind,
    Terms,
    stored_terms,
    terms_body,
    terms_from_body,
    terms_of,
)

TODAY, PARTY = date(2026, 11, 10), UUID(int=1)
WHOLE = Both("Words", "Palabras")
days = st.none() | st.dates(date(2020, 1, 1), date(2040, 1, 1))


@st.composite
def some_terms(draw):
    """Return terms of any kind that hold nothing the kind does not have."""
    kind = draw(st.sampled_from(AgreementKind))
    boths = st.builds(Both, st.text(max_size=20), st.text(max_size=20))
    parts = {part: draw(boths) for part in WORDS if part in PARTS[kind]}
    parts |= {part: draw(days) for part in DATES if part in PARTS[kind]}
    return Terms(kind, asked_by=draw(st.none() | st.uuids()) if "asked_by" in PARTS[kind] else None, **parts)


@given(some_terms())
def test_row_and_frozen_text_give_them_back(terms):
    assert terms_of(SimpleNamespace(kind=terms.kind.value, **stored_terms(terms))) == terms
    assert terms_from_body(terms_body(terms)) == terms


def whole(kind, **changed):
    """Return terms of this kind from which nothing is missing."""
    parts = {part: WHOLE for part in WORDS if part in PARTS[kind]}
    facts = {"expires_on": TODAY + timedelta(9), "meets_on": TODAY + timedelta(9), "asked_by": PARTY}
    return Terms(kind, **{**parts, **{n: v for n, v in facts.items() if n in PARTS[kind]}, **changed})


@pytest.mark.parametrize("kind", AgreementKind)
def test_nothing_is_missing_in_whole_terms(kind):
    pausing = kind is AgreementKind.RECONVENE
    assert list(terms_gaps(whole(kind), TODAY, active=not pausing, paused=pausing)) == []


@pytest.mark.parametrize(
    ("kind", "changed", "found"),
    [
        ("decision", {"title": Both("a", " ")}, TermsGap.TITLE),
        ("decision", {"text": Both("", "b")}, TermsGap.TEXT),
        ("side_letter", {"expires_on": None}, TermsGap.NO_LAST_DAY),
        ("side_letter", {"expires_on": TODAY - timedelta(1)}, TermsGap.LAST_DAY_OVER),
        ("memorandum", {"effective_on": TODAY + timedelta(10)}, TermsGap.LAST_DAY_TOO_EARLY),
        ("pause", {"goes_on": Both("a", "")}, TermsGap.GOES_ON),
        ("pause", {"waits": Both()}, TermsGap.WAITS),
        ("pause", {"message": Both("a", "")}, TermsGap.MESSAGE),
        ("pause", {"asked_by": None}, TermsGap.ASKED_BY),
        ("pause", {"meets_on": None}, TermsGap.MEETS_ON),
        ("pause", {"meets_on": TODAY}, TermsGap.MEETS_TOO_EARLY),
        ("ground_rules", {"text": Both("We rank staff by steps.", "Palabras")}, TermsGap.RANKS),
        ("ground_rules", {"text": Both("Words", "Quien falta paga una multa.")}, TermsGap.RANKS),
    ],
)
def test_each_gap_is_found(kind, changed, found):
    terms = whole(AgreementKind(kind), **changed)
    assert list(terms_gaps(terms, TODAY, active=True, paused=False)) == [found]


@pytest.mark.parametrize(
    ("kind", "active", "paused", "found"),
    [
        ("pause", False, False, [TermsGap.NOT_ACTIVE]),
        ("pause", False, True, [TermsGap.NOT_ACTIVE]),
        ("reconvene", True, False, [TermsGap.NOT_PAUSED]),
        ("decision", False, True, []),
    ],
)
def test_a_pause_and_its_end_need_the_right_state(kind, active, paused, found):
    assert list(terms_gaps(whole(AgreementKind(kind)), TODAY, active=active, paused=paused)) == found


@pytest.mark.parametrize(
    ("stored", "first", "last", "ended", "found"),
    [
        (Stored.DRAFTING, None, None, None, Standing.DRAFTING),
        (Stored.WAITING, None, -5, None, Standing.WAITING),
        (Stored.SENT_BACK, None, None, None, Standing.SENT_BACK),
        (Stored.IN_FORCE, -9, None, None, Standing.IN_FORCE),
        (Stored.IN_FORCE, 0, 61, None, Standing.IN_FORCE),
        (Stored.IN_FORCE, 1, 61, None, Standing.STARTS_LATER),
        (Stored.IN_FORCE, -9, 60, None, Standing.EXPIRES_SOON),
        (Stored.IN_FORCE, -9, 0, None, Standing.EXPIRES_SOON),
        (Stored.IN_FORCE, -9, -1, None, Standing.EXPIRED),
        (Stored.ENDED, -9, -1, -3, Standing.ENDED),
        (Stored.ENDED, -9, None, 0, Standing.ENDED),
        (Stored.ENDED, -9, None, 1, Standing.EXPIRES_SOON),
        (Stored.ENDED, -9, 90, 61, Standing.IN_FORCE),
        (Stored.ENDED, -9, -1, 30, Standing.EXPIRED),
    ],
)
def test_where_it_stands_on_a_day(stored, first, last, ended, found):
    begins, ends, over = (None if each is None else TODAY + timedelta(each) for each in (first, last, ended))
    assert standing(stored, begins, ends, over, TODAY) is found


TAXABLE, BARGAIN, HOURS, RANKS = Caution.TAXABLE, Caution.BARGAIN, Caution.HOURS, Caution.RANKS


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Each champion gets a $25 gift card.", [TAXABLE]),
        ("Thank-you cards of $25 for champions", [TAXABLE]),
        ("A prepaid card for the winners", [TAXABLE]),
        ("Tarjetas de $25 para agradecer", [TAXABLE]),
        ("tarjetas de agradecimiento de 25 dólares", [TAXABLE]),
        ("un premio en efectivo", [TAXABLE]),
        ("Una tarjeta postal, y vale la pena", []),
        ("A lower premium for those who take part", [BARGAIN]),
        ("We halve the co-pay.", [BARGAIN]),
        ("Copayments go down", [BARGAIN]),
        ("Una prima del seguro más baja", [BARGAIN]),
        ("los copagos", [BARGAIN]),
        ("Su prima Ana trabaja aquí", []),
        ("Champions who are hourly workers", [HOURS]),
        ("Paid time for champions", [HOURS]),
        ("Para quienes están contratados por hora", [HOURS]),
        ("Las horas se pagan", [HOURS]),
        ("Hourly champions get gift cards, and premiums fall", [BARGAIN, TAXABLE, HOURS]),
        ("We rank staff by steps", [RANKS]),
        ("A ranking of all staff members", [RANKS]),
        ("Staff will be ranked every month", [RANKS]),
        ("Individual scores hang in the break room", [RANKS]),
        ("A leaderboard", [RANKS]),
        ("Those who do not take part pay a penalty", [RANKS]),
        ("Staff who skip a session lose pay", [RANKS]),
        ("Quien no participa paga una multa", [RANKS]),
        ("Se clasifica a los empleados", [RANKS]),
        ("Los docentes serán clasificados por pasos", [RANKS]),
        ("The ranking of each of our drivers", [RANKS]),
        ("Nobody is left out. Staff are ranked.", [RANKS]),
    ],
)
def test_cautions_are_heard_in_both_languages(text, found):
    assert cautions(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Nobody is ranked, and nobody loses pay.",
        "Nothing here punishes, ranks or shames anyone.",
        "No individual rankings. No penalties for anyone.",
        "Staff are not ranked.",
        "We never punish.",
        "Rank and file members speak first; rank-and-file members vote.",
        "We rank our priorities.",
        "Staff ranked break rooms first, and we rank the wishes of members.",
        "El personal clasificado y los empleados certificados.",
        "La clasificación del personal según el contrato.",
        "A team leaderboard.",
        "Nadie recibe sanciones.",
        "No se sanciona a nadie.",
        "Sin clasificación individual.",
    ],
)
def test_words_that_deny_are_heard_too(text):
    assert cautions(text) == []


def test_every_worded_part_is_listened_to():
    for part in WORDS:
        for both in (Both("a penalty", ""), Both("", "una multa")):
            changed: dict[str, Any] = {part: both}
            assert cautions_of(Terms(AgreementKind.PAUSE, **changed)) == [RANKS]


def test_everything_has_a_name():
    assert set(sayings.GAPS) == set(TermsGap) and set(sayings.CAUTIONS) == set(Caution)
    assert set(sayings.KINDS) == set(sayings.WHAT_FOR) == set(AgreementKind)
    assert set(sayings.STANDINGS) == set(Standing)
