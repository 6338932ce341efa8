"""The hand-over: two witnesses, a draw that tells nobody anything, counts that add up."""

import json
import re
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from commonground.demo import cast
from commonground.kernel import time
from commonground.kernel.errors import NotAllowed, NotFound, Refused
from commonground.ledger.models import LedgerEntry
from commonground.responses import queries as responses
from commonground.responses.models import Code, SealedAnswer
from commonground.sealing.codes import code_hash, read_code
from commonground.surveys import addresses, codes, handover, rules, tally
from commonground.surveys.models import CancelledCode, Eligible, Handover, Witness
from commonground.surveys.tests import piles, writing
from commonground.surveys.tests.meeting import refused

pytestmark = pytest.mark.django_db(databases=["default", "responses"])


@pytest.fixture
def steps(valley):
    return writing.launched(valley)


def entries(steps):
    return list(LedgerEntry.rows.within(steps.survey.partnership_id).values_list("body", flat=True))


def marked(steps):
    return Eligible.rows.within(steps.survey.partnership_id).filter(survey=steps.survey, marked=True)


# Two witnesses


def test_nobody_draws_before_a_witness_of_each_side_is_there(steps):
    pile, person = piles.opened(steps), piles.asked(steps)[0]
    refused("alone", lambda: handover.draw(steps.actor(cast.LUZ), pile.pk, person, turn="a"))
    assert not marked(steps).exists()
    handover.join(steps.actor(cast.DENISE), pile.pk)
    handover.draw(steps.actor(cast.LUZ), pile.pk, person, turn="a")
    assert marked(steps).get().pk == person


def test_a_second_member_of_the_same_side_takes_the_place_and_adds_none(steps):
    pile = piles.opened(steps)
    handover.join(steps.actor(cast.DANA), pile.pk)
    assert [witness.person_id for witness in pile.witnesses.all()] == [steps.actor(cast.DANA).person_id]
    with pytest.raises(NotAllowed):
        handover.draw(steps.actor(cast.LUZ), pile.pk, piles.asked(steps)[0], turn="a")


def test_the_database_holds_one_witness_a_side(steps):
    pile = piles.opened(steps)
    place = pile.witnesses.get()
    place.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        place.save(force_insert=True)


def test_who_is_silent_for_ten_minutes_is_away(steps):
    pile, person = piles.watched(steps), piles.asked(steps)[0]
    with time.at(time.now() + timedelta(minutes=16)):
        refused("alone", lambda: handover.draw(steps.actor(cast.LUZ), pile.pk, person, turn="a"))
        handover.stay(steps.actor(cast.DENISE), pile.pk)
        handover.draw(steps.actor(cast.LUZ), pile.pk, person, turn="a")


def test_who_steps_away_stops_the_drawing(steps):
    pile = piles.watched(steps)
    handover.stay(steps.actor(cast.DENISE), pile.pk, there=False)
    refused("alone", lambda: handover.draw(steps.actor(cast.LUZ), pile.pk, piles.asked(steps)[0], turn="a"))


def test_nobody_watches_two_piles(steps):
    first = piles.watched(steps, printed=20, brought=5)
    handover.open_pile(steps.actor(cast.DENISE), steps.survey.pk, place="High", brought=5)
    refused("alone", lambda: handover.draw(steps.actor(cast.LUZ), first.pk, piles.asked(steps)[0], turn="a"))


@given(st.datetimes())
def test_a_sign_of_life_lasts_ten_to_fifteen_minutes_and_shows_no_finer_time(now):
    until = rules.there_until(now)
    assert timedelta(minutes=10) <= until - now <= timedelta(minutes=15)
    assert until.minute % 5 == until.second == until.microsecond == 0


# Drawing


def test_a_person_marked_before_draws_like_everybody(steps, client):
    """Same status, address, page and statements; only a number that no page shows differs."""
    pile, (new, old, *_rest) = piles.watched(steps), piles.asked(steps)
    Eligible.rows.within(steps.survey.partnership_id).filter(pk=old).update(marked=True)
    client.force_login(steps.valley.people[cast.LUZ.name])
    at = reverse("survey-pile-draw", args=[steps.valley.partnership.slug, pile.pk])
    seen = []
    for person in (new, old):
        with CaptureQueriesContext(connection) as statements:
            answer = client.post(at, {"asked": str(person), "turn": person.hex})
        shapes = [re.sub(r"'[^']*'|\b[0-9a-f]{32}\b|\d+", "?", each["sql"]) for each in statements]
        page = re.sub(r'value="\w{64}"', "", client.get(answer["Location"]).content.decode())
        seen.append((answer.status_code, answer["Location"], page, shapes))
    assert seen[0] == seen[1] and "Draw an envelope" in seen[0][2] and len(seen[0][3]) > 5
    pile.refresh_from_db()
    assert (pile.drawn, pile.repeats) == (2, 1)
    assert set(marked(steps).values_list("pk", flat=True)) == {new, old}


def test_a_button_pressed_twice_draws_once(steps):
    pile, person = piles.watched(steps), piles.asked(steps)[0]
    for _press in range(2):
        handover.draw(steps.actor(cast.LUZ), pile.pk, person, turn="the same")
    pile.refresh_from_db()
    assert (pile.drawn, pile.repeats) == (1, 0)


def test_an_empty_pile_gives_nothing(steps):
    pile, people = piles.watched(steps, brought=2), piles.asked(steps)
    piles.let_draw(steps, pile, people[:2])
    refused("empty", lambda: handover.draw(steps.actor(cast.DENISE), pile.pk, people[2], turn="c"))
    assert marked(steps).count() == 2


def test_somebody_who_is_not_asked_here_cannot_draw(steps):
    pile, elsewhere = piles.watched(steps), writing.launched(steps.valley)
    with pytest.raises(NotFound):
        handover.draw(steps.actor(cast.LUZ), pile.pk, piles.asked(elsewhere)[0], turn="a")


def test_draws_leave_no_entry_in_the_record_and_no_time_or_order(steps):
    pile = piles.watched(steps)
    before, watching = entries(steps), list(pile.witnesses.values_list("there_until", flat=True))
    piles.let_draw(steps, pile, piles.asked(steps)[5:2:-1])
    assert entries(steps) == before
    assert [field.name for field in Eligible._meta.get_fields() if isinstance(field, models.DateField)] == []
    assert all(until.second == until.minute % 5 == 0 for until in watching)
    handover.close_pile(steps.actor(cast.DENISE), pile.pk, left=7)
    ids = {person.hex for person in piles.asked(steps)} | {str(person) for person in piles.asked(steps)}
    assert not any(name in body for name in ids for body in entries(steps))


def test_no_page_of_a_pile_names_who_drew_or_how_many_had_been_marked(steps, client):
    pile, people = piles.watched(steps), piles.asked(steps)
    drawn = Eligible.rows.within(steps.survey.partnership_id).select_related("staff").get(pk=people[0])
    piles.let_draw(steps, pile, [people[0], people[0]])
    client.force_login(steps.valley.people[cast.LUZ.name])
    slug = steps.valley.partnership.slug
    for name, argument in (
        ("survey-handovers", steps.survey.pk),
        ("survey-pile", pile.pk),
        ("survey-pile-draw", pile.pk),
        ("survey-pile-close", pile.pk),
    ):
        page = client.get(reverse(name, args=[slug, argument])).content.decode()
        assert drawn.staff.number not in page and drawn.staff.given_name not in page
        assert "twice" not in page and "repeat" not in page


# Spoiled and left over


def test_left_over_codes_are_cancelled_before_both_and_stand_in_clear(steps):
    written = codes.draw(steps.actor(cast.SAM), steps.survey.pk, 3)
    pile = piles.watched(steps, brought=5)
    link = addresses.link(steps.survey, "en", written[1])
    done = handover.cancel(steps.actor(cast.LUZ), pile.pk, f"{written[0].lower()}\n{link}\nnonsense\n")
    assert done == (2, ["nonsense"])
    assert Code.objects.filter(cancelled=True).count() == 2
    assert len(codes.receipts(steps.survey).cancelled) == 2
    text = " ".join(entries(steps))
    assert written[0] in text and written[1] in text and written[2] not in text
    assert handover.cancel(steps.actor(cast.LUZ), pile.pk, written[0])[0] == 0, "it was cancelled before"
    pile.refresh_from_db()
    assert pile.cancelled == 2


def test_one_witness_alone_cancels_nothing(steps):
    written = codes.draw(steps.actor(cast.SAM), steps.survey.pk, 3)
    pile = piles.opened(steps)
    refused("alone", lambda: handover.cancel(steps.actor(cast.LUZ), pile.pk, written[0]))
    with pytest.raises(NotAllowed):
        handover.cancel(steps.actor(cast.SAM), pile.pk, written[0])
    assert not Code.objects.filter(cancelled=True).exists()


def test_a_code_by_which_an_answer_was_given_is_not_cancelled(steps):
    written = codes.draw(steps.actor(cast.SAM), steps.survey.pk, 1)
    pile = piles.watched(steps)
    key = code_hash(bytes.fromhex(steps.survey.public_id), read_code(written[0]))
    SealedAnswer.objects.create(key=key, survey=steps.survey.public_id, kind=2, item=b"sealed")
    assert handover.cancel(steps.actor(cast.LUZ), pile.pk, written[0]) == (0, written)
    assert not codes.receipts(steps.survey).cancelled


def test_a_spoiled_card_that_came_back_is_counted_once(steps):
    written = codes.draw(steps.actor(cast.SAM), steps.survey.pk, 1)
    pile = piles.watched(steps)
    piles.let_draw(steps, pile, piles.asked(steps)[:2])
    handover.cancel(steps.actor(cast.LUZ), pile.pk, written[0], came_back=True)
    pile.refresh_from_db()
    assert (pile.drawn, pile.cancelled, handover.pile_of(pile).inside) == (1, 1, 8)


def test_more_codes_than_envelopes_are_refused_before_any_is_cancelled(steps):
    written = codes.draw(steps.actor(cast.SAM), steps.survey.pk, 3)
    pile = piles.watched(steps, brought=2)
    refused("too_many", lambda: handover.cancel(steps.actor(cast.LUZ), pile.pk, "\n".join(written)))
    assert not CancelledCode.rows.within(steps.survey.partnership_id).exists()
    assert not Code.objects.filter(cancelled=True).exists()


# Counts that add up


def test_brought_is_drawn_cancelled_left_and_missing(steps):
    written = codes.draw(steps.actor(cast.SAM), steps.survey.pk, 2)
    pile = piles.watched(steps)
    piles.let_draw(steps, pile, piles.asked(steps)[:3])
    handover.cancel(steps.actor(cast.LUZ), pile.pk, written[0])
    refused("too_many", lambda: handover.close_pile(steps.actor(cast.LUZ), pile.pk, left=7))
    closed = handover.close_pile(steps.actor(cast.LUZ), pile.pk, left=4)
    assert (closed.came, closed.drawn, closed.cancelled, closed.left, closed.missing) == (10, 3, 1, 4, 2)
    facts = json.loads(entries(steps)[-1])["facts"]
    assert (facts["brought"], facts["drawn"], facts["left"], facts["missing"]) == (10, 3, 4, 2)


def test_no_more_can_be_brought_than_was_printed_and_is_not_elsewhere(steps):
    piles.opened(steps, printed=12, brought=10)
    refused(
        "too_many",
        lambda: handover.open_pile(steps.actor(cast.DENISE), steps.survey.pk, place="High", brought=3),
    )
    assert handover.unaccounted(steps.survey) == 2


def test_one_witness_alone_closes_only_a_pile_that_nobody_touched(steps):
    pile = piles.opened(steps)
    refused("alone", lambda: handover.close_pile(steps.actor(cast.LUZ), pile.pk, left=9))
    assert handover.close_pile(steps.actor(cast.LUZ), pile.pk, left=10).missing == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"drawn": 9, "cancelled": 2},
        {"drawn": 6, "cancelled": 2, "left": 3, "closed_on": "2026-11-03"},
        {"drawn": 1, "repeats": 2},
        {"left": 3},
        {"closed_on": "2026-11-03"},
    ],
)
def test_the_database_refuses_counts_that_cannot_be(steps, wrong):
    pile = piles.opened(steps, brought=10)
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.rows.within(steps.survey.partnership_id).filter(pk=pile.pk).update(**wrong)


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_the_number_told_of_repeats_is_never_too_small_and_never_exact_by_itself(repeats, drawn):
    repeats = min(repeats, drawn)
    told = rules.may_have_answered_twice(repeats, drawn)
    assert repeats <= told <= drawn
    assert told == drawn or told % rules.STEP_OF_REPEATS == 0


def test_small_differences_in_repeats_are_told_alike():
    assert {rules.may_have_answered_twice(repeats, 100) for repeats in range(10)} == {10}
    assert all(
        rules.may_have_answered_twice(a, 4) == rules.may_have_answered_twice(b, 4) for a, b in pairwise(range(5))
    )


def test_the_bulletin_says_drawn_missing_and_who_may_have_answered_twice_and_the_rest_is_forgotten(steps):
    pile, people = piles.watched(steps, printed=40, brought=30), piles.asked(steps)
    piles.let_draw(steps, pile, [*people[:12], people[0]])
    survey = steps.survey
    with time.at(survey.closes_at + timedelta(minutes=20)):
        tally.close(steps.actor(cast.SAM), survey.pk)
        tally.close(steps.actor(cast.SAM), survey.pk)
    posted = responses.bulletin(survey.public_id).closing
    assert (posted["codes_printed"], posted["codes_drawn"], posted["codes_cancelled"]) == (40, 13, 0)
    assert (posted["codes_missing"], posted["may_have_answered_twice"]) == (27, 10)
    assert Handover.rows.within(survey.partnership_id).get().repeats == 0
    assert not Witness.rows.within(survey.partnership_id).exclude(last_turn="").exists()


def test_after_closing_nothing_is_drawn_or_opened(steps):
    pile = piles.watched(steps)
    with time.at(steps.survey.closes_at + timedelta(minutes=1)), pytest.raises(Refused):
        handover.draw(steps.actor(cast.LUZ), pile.pk, piles.asked(steps)[0], turn="a")
    assert not marked(steps).exists()


def test_the_next_district_sees_no_pile(steps, neighbor):
    pile = piles.watched(steps)
    with pytest.raises(NotFound):
        handover.join(neighbor.actor(cast.NEIGHBOR), pile.pk)


def test_the_record_tells_a_hand_over_in_sentences_with_its_counts(steps, client):
    written = codes.draw(steps.actor(cast.SAM), steps.survey.pk, 1)
    pile = piles.watched(steps)
    handover.cancel(steps.actor(cast.LUZ), pile.pk, written[0])
    handover.close_pile(steps.actor(cast.DENISE), pile.pk, left=7)
    client.force_login(steps.valley.people[cast.LUZ.name])
    page = client.get(steps.valley.url("record/")).content.decode()
    for words in (
        f"opened a hand-over of printed codes for {cast.CLASSIFIED}. Envelopes: 10.",
        f"joined a hand-over of printed codes as the witness of {cast.MANAGEMENT}.",
        f"cancelled codes before both witnesses, for {cast.CLASSIFIED}: 1.",
        "Brought: 10, drawn: 0, cancelled: 1, still sealed: 7, missing: 2.",
    ):
        assert words in page
