"""Lending with noise: drawn once with the last key, kept for ever, and no more than a survey may spend."""

import json
from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from commonground.approvals.models import FrozenText
from commonground.comparisons import actions, drawing, lent, pages
from commonground.comparisons.examples import lends, noise_of, others, published
from commonground.comparisons.models import Loan, Noise
from commonground.comparisons.tests.test_comparing import bodies, luz, refused, turn_all
from commonground.demo import cast
from commonground.disclosure import noise
from commonground.releases import lending
from commonground.releases import queries as releases

pytestmark = pytest.mark.django_db(databases=["default", "responses"])
needs_noise = pytest.mark.skipif(not noise.installed(), reason="the extra `noise` is not installed")
HERE = f"/d/{cast.SLUG}/comparisons/"


@pytest.fixture
def release(valley):
    return published(luz(valley))


@pytest.fixture
def drawn(monkeypatch):
    """Noise that adds 100 points to each number, and how often it was drawn."""
    calls = []

    def draw(values, scale):
        calls.append(scale)
        return {index: value + 100 for index, value in values.items()}

    monkeypatch.setattr(noise, "draw", draw)
    monkeypatch.setattr(noise, "installed", lambda: True)
    return calls


def found(valley, release):
    content = releases.release(luz(valley), release.pk).content
    return [index for index in lending.lendable(content) if index.reach]


def proposed(valley, release, first=0, many=2, noisy=True):
    keys = [each.key for each in found(valley, release)[first : first + many]]
    return actions.propose(luz(valley), release.pk, keys, noisy)


def now_lent(valley):
    return Loan.rows.within(valley.partnership.pk).get(withdrawn_on=None)


@needs_noise
def test_with_the_last_key_noise_is_drawn_by_the_library_and_lent_in_place_of_the_printed_numbers(valley, release):
    text = proposed(valley, release)
    assert not Noise.rows.within(valley.partnership.pk).exists()
    turn_all(valley, text)
    row, loan = Noise.rows.within(valley.partnership.pk).get(), now_lent(valley)
    assert loan.noise == row and loan.values == row.values and row.spent <= noise.BUDGET
    printed = {each["index"]: each["value"] for each in json.loads(text.body)["indices"]}
    assert printed.keys() == row.values.keys()
    assert all(abs(row.values[key] - value) < 40 * row.scale for key, value in printed.items())


def test_the_scale_is_what_one_person_can_move_all_of_them_by(valley, release, drawn):
    text = proposed(valley, release, many=3)
    turn_all(valley, text)
    row = Noise.rows.within(valley.partnership.pk).get()
    reaches = [each.reach for each in found(valley, release)[:3]]
    assert drawn == [row.scale] == [sum(reaches)] and row.numbers == 3 and row.reach == row.scale
    assert json.loads(text.body)["noise"] == row.scale


def test_noise_is_drawn_once_and_stays_the_same_whatever_is_ended_and_lent_anew(valley, release, drawn):
    turn_all(valley, proposed(valley, release))
    before = now_lent(valley).values
    actions.withdraw(luz(valley))
    turn_all(valley, proposed(valley, release))
    assert now_lent(valley).values == before and len(drawn) == 1
    turn_all(valley, proposed(valley, release, many=1))
    assert now_lent(valley).values.items() <= before.items() and len(drawn) == 1


def test_another_number_finds_the_budget_spent_and_none_is_lent_without_noise_any_more(valley, release, drawn):
    waiting = proposed(valley, release, first=2, many=1)
    FrozenText.rows.within(valley.partnership.pk).filter(pk=waiting.pk).update(state="sent_back")
    turn_all(valley, proposed(valley, release))
    assert refused(proposed, valley, release, 1, 2) == "spent"
    assert refused(proposed, valley, release, 0, 2, False) == "only"


def test_a_text_frozen_before_noise_was_drawn_is_refused_with_its_last_key(valley, release, drawn):
    text = proposed(valley, release, noisy=False)
    noise_of(valley.partnership.pk, release.survey_id, {found(valley, release)[0].key: 41})
    assert refused(turn_all, valley, text) == "only"
    assert not Loan.rows.within(valley.partnership.pk).exists()


def test_numbers_that_were_lent_as_printed_and_never_compared_may_get_noise(valley, release, drawn):
    turn_all(valley, proposed(valley, release, noisy=False))
    turn_all(valley, proposed(valley, release))
    assert now_lent(valley).noise and len(drawn) == 1


def test_after_a_comparison_as_printed_noise_is_refused(valley, release, drawn):
    turn_all(valley, proposed(valley, release, many=1, noisy=False))
    others(4)
    actions.compare_now(luz(valley))
    assert refused(proposed, valley, release) == "compared"
    offer = pages.offer(luz(valley))
    assert offer and "noise would protect nothing" in offer.why_plain


def test_a_number_printed_in_steps_or_answered_by_few_gets_no_noise(valley, release, drawn):
    content = releases.release(luz(valley), release.pk).content
    assert all(index.reach in (1, 2, 4) for index in lending.lendable(content))
    told = next(each for each in content["tables"]["cells"][0]["answers"].values() if isinstance(each["top"], int))
    told["step"] = 5
    assert [index.reach for index in lending.lendable(content)].count(None) == 1
    told["step"], told["n"] = 1, 199
    assert [index.reach for index in lending.lendable(content)].count(None) == 1
    keys = [index.key for index in lending.lendable(content) if index.reach is None]
    assert drawing._fault(None, dict.fromkeys(keys), noisy=True) == "steps"


def test_without_the_extra_it_is_not_offered_and_refused_with_the_reason(valley, release, monkeypatch, client):
    monkeypatch.setattr(noise, "installed", lambda: False)
    assert refused(proposed, valley, release) == "missing"
    client.force_login(valley.people[cast.LUZ.name])
    page = client.get(HERE).content.decode()
    assert "the extra for it is not installed" in page and "How to lend them" not in page
    given = {"lend": "1", "release": str(release.pk), "numbers": [found(valley, release)[0].key]}
    client.post(HERE, {**given, "noise": "noise"})
    assert json.loads(FrozenText.rows.within(valley.partnership.pk).get(kind="lending").body)["noise"] == 0


def test_where_the_extra_went_away_before_the_last_key_nothing_is_lent(valley, release, drawn, monkeypatch):
    text = proposed(valley, release)
    monkeypatch.setattr(noise, "installed", lambda: False)
    assert refused(turn_all, valley, text) == "missing"
    assert not Loan.rows.within(valley.partnership.pk).exists()


def test_the_database_holds_one_draw_a_survey_and_no_more_than_its_budget(valley):
    survey = uuid4()
    noise_of(valley.partnership.pk, survey, {"a": 50})
    numbers = {str(place): 50 for place in range(6)}
    for values, scale, of in (
        ({"b": 50}, 3, survey),
        ({"a": 50, "b": 50}, 1, uuid4()),
        (numbers, 6, uuid4()),
        ({}, 3, uuid4()),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            noise_of(valley.partnership.pk, of, values, scale)


def test_a_comparison_says_how_many_lend_with_noise_and_how_far_that_moves_the_mean(valley, release):
    loan = lends(valley.partnership.pk, 58)
    loan.noise, loan.release = (
        noise_of(valley.partnership.pk, release.survey_id, {lending.ANSWERED: 58}),
        release.hash,
    )
    loan.save()
    others(4)
    actions.compare_now(luz(valley))
    (index,) = json.loads(*bodies())["indices"]
    assert (index["noisy"], index["within"]) == (1, noise.within([3, 0, 0, 0, 0]))
    (card,) = pages.comparisons(luz(valley))
    printed = next(each.value for each in found(valley, release) if each.key == lending.ANSWERED)
    assert card.noisy and (card.rows[0].own, card.rows[0].printed) == (58, printed)


def test_what_another_districts_door_reads_is_the_number_with_noise(valley, release, drawn):
    turn_all(valley, proposed(valley, release, many=1))
    with lent.door():
        (told,) = lent.as_lent(lent.in_force())
    (printed,) = [each.value for each in found(valley, release)[:1]]
    assert list(told.values.values()) == [printed + 100] and told.scale == drawn[0]


def test_pages_say_what_was_drawn_and_spent_and_show_percents_as_they_can_be(valley, release, drawn, client):
    client.force_login(valley.people[cast.LUZ.name])
    assert "How to lend them" in client.get(HERE).content.decode()
    keys = [each.key for each in found(valley, release)[:2]]
    given = {"lend": "1", "release": str(release.pk), "numbers": keys, "noise": "noise"}
    text = client.post(HERE, given, follow=True).content.decode()
    assert "With noise" in text and "drawn once, with the last key" in text and "epsilon 1" in text
    turn_all(valley, FrozenText.rows.within(valley.partnership.pk).get(kind="lending"))
    page = client.get(HERE).content.decode()
    assert "<b>100%</b>" in page and "with noise; staff see" in page and "1 of 1 is spent (epsilon)" in page
    assert "They are lent with noise." in page and "How to lend them" not in page
    client.post(HERE, {"lend": "1", "release": str(release.pk), "numbers": keys[:1]})
    again = FrozenText.rows.within(valley.partnership.pk).filter(kind="lending").latest("frozen_at")
    assert json.loads(again.body)["noise"] == drawn[0]


def test_a_day_of_drawing_is_kept_and_no_time(valley, release, drawn):
    turn_all(valley, proposed(valley, release))
    assert type(Noise.rows.within(valley.partnership.pk).get().drawn_on) is date
