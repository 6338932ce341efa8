"""The first year of the demonstration: its calendar on any day, and everything that happened in it."""

from datetime import date, datetime, timedelta

import pytest
from django.db.models import QuerySet

from commonground.agreements import cards
from commonground.agreements.models import Agreement
from commonground.agreements.rules import Caution, Standing, cautions_of
from commonground.agreements.terms import AgreementKind, terms_of
from commonground.approvals.models import FrozenText
from commonground.demo import cast, seed
from commonground.demo.story import ZONE, first_year, spring_of
from commonground.ledger import queries as ledger
from commonground.ledger.models import LedgerEntry
from commonground.ledger.sentences import tell
from commonground.partnership import queries as partnership
from commonground.partnership.models import Invitation, Membership, PartnershipState

ANY_DAY = [date(2026, 1, 1) + timedelta(days=number) for number in range(1461)]


def test_march_and_may_are_real_months_and_long_over_whatever_today_is():
    for today in ANY_DAY:
        founded, march, may, june = (first_year(today, *day).date() for day in ((9, 8), (3, 26), (5, 12), (6, 12)))
        assert (march.month, may.month, founded.month) == (3, 5, 9)
        assert founded < march < may < june < today - timedelta(days=90)
        assert today - founded < timedelta(days=770)


@pytest.mark.parametrize(
    ("today", "spring"), [(date(2026, 11, 26), 2026), (date(2026, 6, 15), 2025), (date(2027, 2, 1), 2026)]
)
def test_the_spring_is_the_last_one_that_is_well_over(today, spring):
    assert spring_of(today) == spring


@pytest.fixture(scope="module")
def year(django_db_setup, django_db_blocker):
    """The district after its first year, without a survey; made once, and rolled back."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield seed.partnership_year()
        transaction.set_rollback(True)


@pytest.fixture
def district(year, db):
    """The district as it is stored."""
    year.partnership.refresh_from_db()
    return year


def at(month, of_month):
    return first_year(datetime.now(ZONE).date(), month, of_month).date()


def one(district, kind) -> Agreement:
    return Agreement.rows.within(district.partnership.pk).get(kind=kind)


def standings(district, member=cast.LUZ):
    return {line.title: line.standing for line in cards.lasting(district.actor(member))}


def test_it_was_founded_in_september_and_is_active_now(district):
    assert district.partnership.founded_at.astimezone(ZONE).date() == at(9, 8)
    assert district.partnership.state == PartnershipState.ACTIVE and district.partnership.meets_on is None


def test_it_paused_in_march_and_came_together_again(district):
    pause, end = one(district, AgreementKind.PAUSE), one(district, AgreementKind.RECONVENE)
    began, over = (row.in_force_at.astimezone(ZONE).date() for row in (pause, end) if row.in_force_at)
    assert (began, over, pause.ended_on) == (at(3, 5), at(3, 26), at(3, 26))
    assert pause.asked_by_id == district.parties[cast.TRADES]
    told = " ".join(
        entry.sentence
        for entry in tell(district.partnership.pk, ledger.entries(district.actor(cast.LUZ), limit=200))
    )
    assert "The partnership is paused." in told and "The partnership works on after the pause." in told
    lines = cards.pauses(district.actor(cast.FACILITATOR))
    assert [line.standing_name for line in lines] == ["Done", "Over"]


def test_chapter_212_has_a_new_president_since_may(district):
    roles = Membership.rows.within(district.partnership.pk).filter(role="sponsor", party__name=cast.CLASSIFIED)
    ended, held = roles.get(person__email=cast.VICTOR.email), roles.get(person__email=cast.IMANI.email)
    assert ended.until == held.since == at(5, 12)
    assert Invitation.rows.within(district.partnership.pk).get(email=cast.IMANI.email).accepted_on == at(5, 12)
    assert partnership.actor_of(ended.person_id, district.partnership.pk).partnership_id is None
    assert district.actor(cast.IMANI).party_id == district.parties[cast.CLASSIFIED]


def test_the_side_letter_on_paid_hours_has_expired(district):
    letter = one(district, AgreementKind.SIDE_LETTER)
    assert standings(district)[letter.title_en] is Standing.EXPIRED
    assert letter.expires_on == at(6, 12) and "log" in letter.text_en and "registro" in letter.text_es
    assert cautions_of(terms_of(letter)) == [Caution.HOURS]


def test_two_decisions_were_sent_back_with_a_reason(district):
    rows = Agreement.rows.within(district.partnership.pk).filter(kind=AgreementKind.DECISION)
    texts: QuerySet[FrozenText] = FrozenText.rows.within(district.partnership.pk)
    found = {row.title_en: (row, texts.get(subject_id=row.pk).sent_back) for row in rows}
    cards_of_25, thanks = found["Thank-you cards of $25 for champions"]
    premium, bargained = found["A lower premium for those who take part"]
    assert cards_of_25.state == premium.state == "sent_back"
    assert cautions_of(terms_of(cards_of_25)) == [Caution.TAXABLE] and "taxable" in thanks.reason
    assert cautions_of(terms_of(premium)) == [Caution.BARGAIN] and bargained.about == "bargaining"


def test_the_other_agreements_hold_and_one_runs_out_soon(district):
    found = standings(district)
    assert found["How we work at this table"] is Standing.IN_FORCE
    assert found["Two hours a month in work time"] is Standing.EXPIRES_SOON
    assert len(standings(district, cast.FACILITATOR)) == len(found) - 2, "what was sent back is for the committee"


def test_the_record_runs_forward_in_time(district):
    rows = LedgerEntry.rows.within(district.partnership.pk).order_by("position")
    times = [ledger._card(row).at for row in rows]
    assert times == sorted(times) and len(times) > 60
