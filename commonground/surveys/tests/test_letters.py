"""Letters: the same text to everyone asked, links that are kept nowhere, reminders on the days of the paper."""

import re
from base64 import urlsafe_b64decode
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from commonground.demo import cast
from commonground.kernel import time
from commonground.kernel.errors import Refused
from commonground.ledger import queries as ledger
from commonground.surveys import letters, passes, tally
from commonground.surveys.models import Eligible, Survey
from commonground.surveys.tests import writing
from commonground.surveys.tests.test_codes import everything

pytestmark = pytest.mark.django_db(databases=["default", "responses"])
WITH_MAILBOX = 48


@pytest.fixture
def steps(valley):
    return writing.launched(valley)


def secret_in(letter) -> bytes:
    return urlsafe_b64decode(re.findall(r"#k=([\w-]{22})&p=[\w-]{43}&l=(?:en|es)", str(letter.body))[0] + "==")


def secrets_sent() -> list[bytes]:
    return [secret_in(letter) for letter in mail.outbox]


def test_everyone_with_a_mailbox_gets_one_letter_in_both_languages(steps):
    assert letters.send(steps.survey.pk) == WITH_MAILBOX
    assert letters.send(steps.survey.pk) == 0
    letter = mail.outbox[0]
    assert "We ask together." in letter.body and "Preguntamos juntos." in letter.body
    assert isinstance(letter, mail.EmailMultiAlternatives)
    html = str(letter.alternatives[0][0])
    assert "<img" not in html and "http" in html and "reminder" not in letter.body
    assert len({sent.to[0] for sent in mail.outbox}) == WITH_MAILBOX


def test_a_letter_carries_the_link_of_its_own_reader(steps):
    letters.send(steps.survey.pk)
    asked = Eligible.rows.within(steps.survey.partnership_id).filter(survey=steps.survey).select_related("staff")
    links = {row.staff.email: row.link_hash for row in asked}
    assert {sent.to[0]: passes.link_hash(secret_in(sent)) for sent in mail.outbox}.items() <= links.items()


def test_no_secret_of_a_link_lies_in_any_table_after_mailing(steps):
    letters.order(steps.actor(cast.SAM), steps.survey.pk)
    letters.send(steps.survey.pk)
    stored = everything("default") + everything("responses")
    assert len(mail.outbox) == WITH_MAILBOX
    for letter in mail.outbox:
        written = re.findall(r"#k=([\w-]{22})", str(letter.body))[0]
        assert written not in stored and secret_in(letter).hex() not in stored


def test_letters_go_out_shuffled(steps):
    letters.send(steps.survey.pk)
    sent = [letter.to[0] for letter in mail.outbox]
    rows = Eligible.rows.within(steps.survey.partnership_id).filter(survey=steps.survey).exclude(staff__email="")
    for order in ("pk", "staff__number", "staff__email", "link_hash"):
        assert sent != list(rows.order_by(order).values_list("staff__email", flat=True))


def test_a_mailing_that_stopped_goes_on_with_the_same_links(steps, monkeypatch):
    monkeypatch.setattr(letters, "AT_ONCE", 20)
    calls: list[int] = []
    whole = letters._send

    def stops_after_one(writer, batch, number):
        if calls:
            raise OSError("the mail server is gone")
        calls.append(1)
        whole(writer, batch, number)

    monkeypatch.setattr(letters, "_send", stops_after_one)
    with pytest.raises(OSError, match="gone"):
        letters.send(steps.survey.pk)
    monkeypatch.setattr(letters, "_send", whole)
    assert letters.send(steps.survey.pk) == WITH_MAILBOX - 20
    assert len({sent.to[0] for sent in mail.outbox}) == len(set(secrets_sent())) == WITH_MAILBOX


def test_an_order_without_anyone_left_is_refused(steps):
    sam = steps.actor(cast.SAM)
    assert letters.order(sam, steps.survey.pk) == WITH_MAILBOX
    letters.send(steps.survey.pk)
    with pytest.raises(Refused):
        letters.order(sam, steps.survey.pk)


# Reminders


def at_eight(steps, days: int, hour: int = 9):
    """A moment of the district's morning, so many days after opening."""
    zone = ZoneInfo(steps.valley.partnership.timezone)
    day = (steps.survey.opens_at.astimezone(zone) + timedelta(days=days)).date()
    return datetime(day.year, day.month, day.day, hour, tzinfo=zone)


def with_reminders(steps, *days: int) -> None:
    lines = "\n".join(at_eight(steps, day).date().isoformat() for day in days)
    Survey.rows.within(steps.survey.partnership_id).filter(pk=steps.survey.pk).update(reminders=lines)


def test_a_reminder_goes_to_everyone_asked_whether_they_took_a_pass_or_not(steps):
    with_reminders(steps, 3)
    letters.send(steps.survey.pk)
    rows = Eligible.rows.within(steps.survey.partnership_id).filter(survey=steps.survey)
    rows.filter(pk__in=list(rows.values_list("pk", flat=True)[:30])).update(marked=True)
    invited = secrets_sent()
    mail.outbox.clear()
    with time.at(at_eight(steps, 3)):
        letters.tick()
        letters.tick()
    assert sorted(secrets_sent()) == sorted(invited)
    assert all("This reminder goes to everyone who was asked." in letter.body for letter in mail.outbox)
    entries = ledger.entries(steps.actor(cast.SAM), limit=20)
    assert [e.facts["mailing"] for e in entries if "reminder" in e.facts] == [WITH_MAILBOX]


@pytest.mark.parametrize(
    ("day", "hour", "sent"), [(2, 9, 0), (3, 7, 0), (3, 8, 1), (4, 6, 1), (6, 9, 1), (20, 9, 0)]
)
def test_a_reminder_waits_for_the_morning_of_its_day_and_ends_with_the_survey(steps, day, hour, sent):
    with_reminders(steps, 3, 6)
    with time.at(at_eight(steps, day, hour)):
        letters.tick()
    assert len(mail.outbox) == sent * WITH_MAILBOX


def test_two_reminders_that_a_worker_missed_are_one_letter(steps):
    with_reminders(steps, 3, 6)
    with time.at(at_eight(steps, 8)):
        letters.tick()
        letters.tick()
    assert len(mail.outbox) == WITH_MAILBOX


def test_after_closing_no_letter_goes_out(steps):
    with time.at(steps.survey.closes_at + timedelta(minutes=16)):
        tally.close(steps.actor(cast.SAM), steps.survey.pk)
        assert letters.send(steps.survey.pk) == 0
    assert not mail.outbox
