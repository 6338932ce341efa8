"""The page of other districts: propose, compare, end it; and what it says before there is anything."""

import pytest

from commonground.approvals.models import FrozenText
from commonground.comparisons.examples import lends, others, published
from commonground.comparisons.models import Comparison, Loan
from commonground.demo import cast
from commonground.releases import lending
from commonground.releases import queries as releases

pytestmark = pytest.mark.django_db(databases=["default", "responses"])
HERE = f"/d/{cast.SLUG}/comparisons/"
COMPARE, WITHDRAW = ({name: "1", f"{name}-sure": "on"} for name in ("compare", "withdraw"))


def seen(client, valley, member=cast.LUZ):
    client.force_login(valley.people[member.name])
    return client.get(HERE).content.decode()


def test_before_anything_is_published_the_page_says_what_it_takes(valley, client):
    page = seen(client, valley)
    assert "Nothing was compared yet" in page and "at least 200 people answered" in page
    assert "Any party can end it" in page


def test_numbers_are_chosen_and_frozen(valley, client):
    release = published(valley.actor(cast.LUZ))
    page = seen(client, valley)
    keys = [each.key for each in lending.lendable(releases.release(valley.actor(cast.LUZ), release.pk).content)]
    assert all(key in page for key in keys)
    given = {"lend": "1", "release": str(release.pk), "noise": "printed"}
    assert client.post(HERE, given).status_code == 422
    assert client.post(HERE, {**given, "numbers": keys[:6]}).status_code == 422
    text = client.post(HERE, {**given, "numbers": keys[:2]}, follow=True).content.decode()
    assert "What we lend" in text and "At least five" not in text and "at least five districts" in text
    assert FrozenText.rows.within(valley.partnership.pk).filter(kind="lending").count() == 1
    assert "A text about lending waits for keys" in client.get(HERE).content.decode()


def test_districts_are_compared_and_a_co_chair_ends_it(valley, client):
    lends(valley.partnership.pk, 55)
    others(4)
    assert "Compare now" in seen(client, valley)
    compared = client.post(HERE, COMPARE, follow=True).content.decode()
    assert "The districts are compared" in compared and "52%" in compared and "55%" in compared
    again = client.post(HERE, COMPARE, follow=True).content.decode()
    assert "Nothing changed since the last comparison" in again
    client.post(HERE, WITHDRAW)
    assert not Loan.rows.within(valley.partnership.pk).filter(withdrawn_on=None).exists()


@pytest.mark.parametrize(("name", "said"), [("compare", "to be compared"), ("withdraw", "lending is to end")])
def test_what_cannot_be_taken_back_is_asked_once_more(valley, client, name, said):
    lends(valley.partnership.pk, 55)
    others(4)
    assert "cannot be taken back" in seen(client, valley)
    asked = client.post(HERE, {name: "1"})
    assert asked.status_code == 422
    assert "Please say that" in asked.content.decode() and said in asked.content.decode()
    assert '<details class="noprint" open>' in asked.content.decode()
    assert not Comparison.rows.within(valley.partnership.pk).exists()
    assert Loan.rows.within(valley.partnership.pk).filter(withdrawn_on=None).exists()


def test_who_only_reads_finds_no_button(valley, client):
    lends(valley.partnership.pk, 55)
    page = seen(client, valley, cast.FACILITATOR)
    assert "Other districts" in page and "Compare now" not in page and "Lend nothing" not in page
    assert client.post(HERE, COMPARE).status_code == 403


def test_the_page_asks_the_database_no_more_with_more_comparisons(valley, client, django_assert_max_num_queries):
    lends(valley.partnership.pk, 55)
    others(4)
    seen(client, valley)
    client.post(HERE, COMPARE)
    others(5, first=5)
    client.post(HERE, COMPARE)
    with django_assert_max_num_queries(30):
        assert client.get(HERE).content.decode().count("Compared on") == 2
