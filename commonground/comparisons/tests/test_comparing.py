"""Lending by every key, ending it by any party, and comparisons that tell of no few districts."""

import json
from datetime import date
from itertools import combinations

import pytest
from django.db import IntegrityError, transaction

from commonground.access import walls
from commonground.approvals import actions as approvals
from commonground.comparisons import actions, lent, pages
from commonground.comparisons.examples import lends, others, published
from commonground.comparisons.models import Comparison, Loan
from commonground.counts.examples import walk
from commonground.counts.tests import places
from commonground.counts.tests.test_counts import released
from commonground.demo import cast
from commonground.disclosure.compared import LEAST_DISTRICTS, few_follow
from commonground.kernel.errors import Refused
from commonground.releases import examples, lending
from commonground.releases import queries as releases

pytestmark = pytest.mark.django_db(databases=["default", "responses"])
FOUNDERS = (cast.DANA, cast.LUZ, cast.RAY, cast.DENISE)


def luz(valley):
    return valley.actor(cast.LUZ)


def numbers(valley, release, many=3):
    return lending.lendable(releases.release(luz(valley), release.pk).content)[:many]


def proposed(valley, many=3):
    release = published(luz(valley))
    return actions.propose(luz(valley), release.pk, [each.key for each in numbers(valley, release, many)])


def turn_all(valley, text, founders=FOUNDERS):
    for founder in founders:
        approvals.turn_key(valley.actor(founder), text.pk, text.hash)


def refused(act, *arguments):
    with pytest.raises(Refused) as refusal:
        act(*arguments)
    return refusal.value.code


def bodies():
    with walls.everything(reason="a test looks at all districts"):
        return set(Comparison.rows.across_all(reason="a test").values_list("body", flat=True))


def test_nothing_is_lent_before_the_last_key(valley):
    text = proposed(valley)
    turn_all(valley, text, FOUNDERS[:3])
    assert pages.loan(luz(valley)) is None
    turn_all(valley, text, FOUNDERS[3:])
    loan = Loan.rows.within(valley.partnership.pk).get()
    assert loan.values == {each["index"]: each["value"] for each in json.loads(text.body)["indices"]}


def test_only_whole_percents_of_the_district_that_are_printed_can_be_lent(valley):
    content = examples.valley()
    district = content["tables"]["cells"][0]
    shares = {told["top"] for told in district["answers"].values() if isinstance(told["top"], int)}
    for index in lending.lendable(content):
        assert index.value in shares or index.key == lending.ANSWERED


def test_what_staff_do_not_see_is_not_lent(valley):
    release = examples.stored(luz(valley), valley.partnership.pk)
    assert refused(actions.propose, luz(valley), release.pk, ["answered"]) == "unpublished"


def test_counts_are_not_lent(valley):
    places.staff(valley)
    release = released(valley, walk(valley.partnership.pk))
    assert refused(actions.propose, luz(valley), release.pk, ["answered"]) == "unpublished"


def test_no_number_and_more_than_five_are_not_lent(valley):
    release = published(luz(valley))
    assert refused(actions.propose, luz(valley), release.pk, []) == "number"
    keys = [each.key for each in numbers(valley, release, 9)]
    assert len(keys) > 5 and refused(actions.propose, luz(valley), release.pk, keys) == "number"


def test_a_new_loan_takes_the_place_of_the_old_one(valley):
    turn_all(valley, proposed(valley))
    turn_all(valley, proposed(valley, 1))
    rows = Loan.rows.within(valley.partnership.pk)
    assert rows.count() == 2 and len(rows.get(withdrawn_on=None).values) == 1


def test_the_database_holds_one_loan_a_district_and_none_of_few_people(valley):
    lends(valley.partnership.pk, 50)
    for people in (300, 199):
        with pytest.raises(IntegrityError), transaction.atomic():
            lends(valley.partnership.pk, 50, people)
    Loan.rows.within(valley.partnership.pk).update(withdrawn_on=date(2027, 2, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        lends(valley.partnership.pk, 50, 199)


def test_any_party_ends_it_alone_and_what_was_compared_stays(valley):
    lends(valley.partnership.pk, 55)
    others(5)
    actions.compare_now(luz(valley))
    actions.withdraw(valley.actor(cast.DENISE))
    assert pages.loan(luz(valley)) is None and len(pages.comparisons(luz(valley))) == 1
    assert refused(actions.withdraw, luz(valley)) == "nothing"
    assert refused(actions.compare_now, luz(valley)) == "lend"


def test_five_districts_see_their_mean_and_each_only_its_own_number(valley):
    lends(valley.partnership.pk, 55)
    loans = others(4)
    actions.compare_now(luz(valley))
    (card,) = pages.comparisons(luz(valley))
    (row,) = card.rows
    assert (row.own, row.mean, row.districts, row.middle) == (55, 52, 5, None)
    (body,) = bodies()
    (index,) = json.loads(body)["indices"]
    assert set(index) == {"index", "text", "mean", "middle", "loans", "noisy", "within"}
    assert "District" not in body and (index["noisy"], index["within"]) == (0, 0)
    with walls.everything(reason="a test looks at all districts"):
        held = Comparison.rows.across_all(reason="a test").values_list("partnership_id", flat=True)
        assert set(held) == {valley.partnership.pk, *(loan.partnership_id for loan in loans)}


def test_fewer_than_five_districts_and_a_large_one_are_refused(valley):
    lends(valley.partnership.pk, 55)
    others(3)
    assert refused(actions.compare_now, luz(valley)) == "few"
    others(1, people=5000, first=9)
    assert refused(actions.compare_now, luz(valley)) == "half"
    assert bodies() == set()


def test_one_more_district_is_not_compared_and_five_more_are(valley):
    lends(valley.partnership.pk, 55)
    others(4)
    actions.compare_now(luz(valley))
    assert refused(actions.compare_now, luz(valley)) == "same"
    others(1, first=5)
    assert refused(actions.compare_now, luz(valley)) == "together"
    others(4, first=6)
    actions.compare_now(luz(valley))
    assert len(bodies()) == 2


def test_a_district_that_changes_its_number_is_not_found_out(valley):
    mine = lends(valley.partnership.pk, 55)
    others(4)
    actions.compare_now(luz(valley))
    mine.withdrawn_on = date(2027, 2, 1)
    mine.save()
    lends(valley.partnership.pk, 61)
    assert refused(actions.compare_now, luz(valley)) == "together"


def test_lending_the_same_results_once_more_lets_no_district_join_unseen(valley):
    """Five districts choose their numbers anew, and a sixth one joins: its number would be the difference."""
    loans = [lends(valley.partnership.pk, 55), *others(4)]
    actions.compare_now(luz(valley))
    with walls.everything(reason="a test looks at all districts"):
        Loan.rows.across_all(reason="a test").update(withdrawn_on=date(2027, 2, 1))
        for loan in loans:
            lends(loan.partnership_id, loan.values[lending.ANSWERED], survey_id=loan.survey_id, pride=40)
    actions.compare_now(luz(valley))
    sums = [frozenset(each["loans"]) for body in bodies() for each in json.loads(body)["indices"]]
    assert len(sums) == 3 and len(set(sums)) == 1
    with walls.everything(reason="a test looks at all districts"):
        Loan.rows.across_all(reason="a test").update(values={lending.ANSWERED: 50})
        others(1, first=5)
    assert refused(actions.compare_now, luz(valley)) == "together"


def test_all_that_was_ever_compared_tells_a_pair_that_pools_of_no_district(valley):
    lends(valley.partnership.pk, 55)
    for first in (1, 5, 6, 8, 11, 14, 20):
        others(3 if first == 14 else 4, first=first)
        try:
            actions.compare_now(luz(valley))
        except Refused:
            continue
    sums = {frozenset(each["loans"]) for body in bodies() for each in json.loads(body)["indices"]}
    assert len(sums) > 1 and not list(few_follow(sums))
    for members in sums:
        assert all(len(members - set(pair)) >= LEAST_DISTRICTS - 2 for pair in combinations(sorted(members), 2))


def test_the_wall_stands_again_when_the_door_is_shut(valley):
    others(5)
    lends(valley.partnership.pk, 55)
    walls.shut()
    walls.open_rows(valley.partnership.pk)
    opened = walls.opened()
    with lent.door():
        assert len(lent.in_force()) == 6
    assert walls.opened() == opened
    actions.compare_now(luz(valley))
    assert walls.ALL not in walls.opened()
