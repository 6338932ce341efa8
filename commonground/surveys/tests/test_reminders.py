"""A party that does not come is reminded, a keeper who left is not, and the page counts the days."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage

from commonground.demo import cast
from commonground.kernel import time
from commonground.partnership.models import Membership
from commonground.surveys import opening, reminders, reopening, tally
from commonground.surveys.models import Survey
from commonground.surveys.tests import meeting as meetings
from commonground.surveys.tests import writing
from commonground.surveys.tests.meeting import ORDER
from commonground.surveys.tests.test_opening_screens import Desk
from commonground.surveys.tests.test_reopening import JOBS, asked, count, turned

pytestmark = pytest.mark.django_db(databases=["default", "responses"])


def _ends(person, valley):
    Membership.rows.within(valley.partnership.pk).filter(person=valley.people[person.name]).update(
        until=time.now().date()
    )


def _tick(meeting, days):
    with time.at(meeting.closing_time + timedelta(days=days)):
        for _ in range(2):
            reminders.tick()


def _to(letters):
    return sorted({email for letter in letters for email in letter.to})


def _keepers(party):
    return sorted(member.email for member in writing.KEEPERS[party])


def test_the_next_party_gets_one_letter_on_the_first_day_and_before_the_last(valley, mailoutbox):
    meeting = meetings.closed(valley, 3)
    mailoutbox.clear()
    sent = {}
    for days in range(61):
        _tick(meeting, days)
        sent[days] = len(mailoutbox)
        if mailoutbox:
            assert _to(mailoutbox) == _keepers(ORDER[0])
            assert len(mailoutbox) == len(_keepers(ORDER[0])), "once a day"
        mailoutbox.clear()
    with time.at(meeting.closing_time):
        first = (tally.opens_from(meeting.survey) - time.today(meeting.survey.partnership.timezone)).days
    assert [days for days, count in sent.items() if count] == [first, 30, 46, 53, 57, 59]


def test_a_day_on_which_no_worker_ran_is_made_up_for_once(valley, mailoutbox):
    meeting = meetings.closed(valley, 3)
    mailoutbox.clear()
    sent = []
    for days in (32, 33, 47, 48):
        _tick(meeting, days)
        sent.append(len(mailoutbox))
    assert sent == [len(_keepers(ORDER[0])) * times for times in (1, 1, 2, 2)]


def test_the_letter_says_in_both_languages_who_is_awaited_how_long_and_where(valley, mailoutbox):
    meeting = meetings.peeled(valley, 3, ORDER[:2])
    mailoutbox.clear()
    _tick(meeting, 53)
    body = mailoutbox[0].body
    assert _to(mailoutbox) == _keepers(ORDER[2])
    assert f"waits for {ORDER[2]}." in body
    assert "destroyed unopened in 7 days" in body and "en 7 días" in body
    assert f"/surveys/{meeting.id}/" in body


def test_when_all_layers_are_off_every_party_is_asked_for_its_share(valley, mailoutbox):
    meeting = meetings.peeled(valley, 3)
    mailoutbox.clear()
    _tick(meeting, 59)
    assert _to(mailoutbox) == sorted(email for party in ORDER for email in _keepers(party))


def test_a_letter_that_does_not_leave_keeps_no_other_keeper_without_one(valley, mailoutbox, monkeypatch):
    meeting = meetings.closed(valley, 3)
    mailoutbox.clear()
    first, *others = _keepers(ORDER[0])
    for lost in (first, others[-1]):
        monkeypatch.setattr(reminders, "send_mail", _refusing(lost, mailoutbox))
        Survey.rows.within(valley.partnership.pk).update(reminded_on=None)
        with time.at(meeting.closing_time + timedelta(days=53)):
            with pytest.raises(OSError, match="no such mailbox"):
                reminders.tick()
            assert _to(mailoutbox) == sorted({first, *others} - {lost})
            reminders.tick()
        assert len(mailoutbox) == len(others), "once a day"
        mailoutbox.clear()


def _refusing(lost, mailoutbox):
    def send(subject, body, sender, to):
        if to == [lost]:
            raise OSError("no such mailbox")
        mailoutbox.append(EmailMessage(subject, body, sender, to))

    return send


@pytest.fixture
def anew(valley, mailoutbox):
    """A counted survey that every party agreed to open anew, five days after a letter of its first opening."""
    meeting = count(valley, 3)
    with time.at(meeting.closing_time + timedelta(days=15)):
        Survey.rows.within(valley.partnership.pk).filter(pk=meeting.id).update(reminded_on=time.now().date())
    asked(meeting, JOBS)
    turned(meeting)
    mailoutbox.clear()
    return meeting


def test_keepers_are_reminded_of_an_opening_for_another_table_too_until_it_ends(anew, mailoutbox):
    sent = {}
    for days in range(18, 82):
        _tick(anew, days)
        sent[days] = len(mailoutbox)
        if mailoutbox:
            assert _to(mailoutbox) == _keepers(ORDER[0]) and len(mailoutbox) == len(_keepers(ORDER[0])), (
                "once a day"
            )
        mailoutbox.clear()
    assert [days for days, count in sent.items() if count] == [20, 50, 66, 73, 77, 79]


def test_its_letter_says_for_what_how_long_and_that_nothing_is_lost(anew, mailoutbox):
    _tick(anew, 77)
    body = mailoutbox[0].body
    assert f"once more, for another table. It waits for {ORDER[0]}." in body
    assert "this ends in 3 days" in body and "Nothing is lost." in body and "destroyed" not in body
    assert "en 3 días" in body and f"/surveys/{anew.id}/" in body


def test_when_all_layers_are_off_anew_every_party_is_asked_for_its_share_and_none_once_it_is_counted(
    anew, mailoutbox
):
    anew.peel(*ORDER)
    mailoutbox.clear()
    _tick(anew, 73)
    assert _to(mailoutbox) == sorted(email for party in ORDER for email in _keepers(party))
    mailoutbox.clear()
    with anew.on_opening_day():
        reopening.count(anew.keeper(cast.CLASSIFIED), anew.id, anew.shares())
    _tick(anew, 77)
    assert mailoutbox == []


def test_an_opening_that_stands_still_reminds_nobody(valley, mailoutbox):
    meeting = meetings.closed(valley, 3)
    opening.stop(valley.actor(cast.LUZ), meeting.id, "One answer is missing.")
    mailoutbox.clear()
    _tick(meeting, 53)
    assert mailoutbox == []


def test_a_keeper_who_left_is_named_so_and_the_other_keeper_opens(client, valley, mailoutbox):
    meeting = meetings.closed(valley, 3)
    leaver, stays = writing.KEEPERS[ORDER[0]]
    _ends(leaver, valley)
    words = Desk(client, meeting, stays).words()
    assert f"{leaver.name} (holds no role any more)" in words
    assert f"{stays.name} (holds no role any more)" not in words
    assert "Another keeper of the party, or its co-chair" in words
    assert Desk(client, meeting, leaver).read().status_code == 404
    mailoutbox.clear()
    _tick(meeting, 53)
    assert _to(mailoutbox) == [stays.email]
    assert meeting.peel(ORDER[0])


def test_the_page_counts_the_days_and_says_what_lost_sheets_mean(client, valley):
    meeting = meetings.closed(valley, 3)
    words = Desk(client, meeting, cast.LUZ, meeting.closing_time + timedelta(days=50)).words()
    assert "That is in 10 days." in words
    assert "All sheets of a party are lost" in words
    last = Desk(client, meeting, cast.LUZ, meeting.closing_time + timedelta(days=59)).words()
    assert "That is in 1 day." in last
