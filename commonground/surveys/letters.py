"""Letters with personal links: the invitation, and reminders on the days that the paper names.

Everyone asked who has a mailbox gets the same text; nobody knows who has answered, so nobody is left out. A link
is made anew from the link key for each letter and is kept nowhere. Letters go out shuffled; a mailing that stopped
goes on with those who got none, by the number of the last letter to each person.
"""

import secrets
from collections.abc import Sequence
from itertools import islice
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.mail import get_connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from commonground.access.actor import Actor, operator
from commonground.access.table import Action
from commonground.kernel import time
from commonground.kernel.errors import Refused
from commonground.ledger.acts import act, record
from commonground.partnership.models import Partnership
from commonground.surveys import emails, jobs, passes
from commonground.surveys.campaign import launched
from commonground.surveys.models import Eligible, Survey, SurveyState

INVITATION = 1
"""The number of the invitation; the first reminder is 2."""
AT_ONCE = 50
FROM_HOUR = 8
"""Reminders go out from this hour of the district's morning on."""


@act(Action.ISSUE_CODES)
def order(actor: Actor, survey_id: UUID) -> int:
    """Have the invitation mailed to everyone asked who has a mailbox and got none yet; return how many that are."""
    survey = launched(actor.tenant, survey_id)
    waiting = without(survey, INVITATION).count()
    if not waiting:
        raise Refused(_("Everyone who has a mailbox got a letter. Nothing was sent."))
    record(actor, survey=survey.pk, mailing=waiting)
    jobs.send_letters.enqueue(survey.pk.hex)
    return waiting


def without(survey: Survey, number: int) -> QuerySet[Eligible]:
    """Return those asked who have a mailbox and did not get the letter of this number yet."""
    asked = Eligible.rows.within(survey.partnership_id).filter(survey=survey, letters__lt=number)
    return asked.exclude(staff__email="").filter(staff__gone_on=None)


def send(survey_id: UUID, number: int = INVITATION) -> int:
    """Mail a letter to all who wait for it, shuffled, and return how many went out; may be repeated."""
    survey = Survey.rows.across_all(reason="a job is given the survey alone").get(pk=survey_id)
    if survey.state != SurveyState.LAUNCHED:
        return 0
    people = list(without(survey, number).select_related("staff", "staff__language"))
    secrets.SystemRandom().shuffle(people)
    links = passes.link_secrets(survey, [person.pk for person in people])
    writer = emails.Writer(survey, Partnership.objects.get(pk=survey.partnership_id), number > INVITATION)
    letters = ((person, links[person.pk]) for person in people)
    while batch := list(islice(letters, AT_ONCE)):
        _send(writer, batch, number)
    return len(people)


def _send(writer: emails.Writer, batch: Sequence[tuple[Eligible, bytes]], number: int) -> None:
    with get_connection() as connection:
        connection.send_messages([writer.letter(person.staff, secret) for person, secret in batch])
    sent = Eligible.rows.within(batch[0][0].partnership_id).filter(pk__in=[person.pk for person, _secret in batch])
    sent.update(letters=number)


# Reminders


def tick() -> None:
    """Send the reminder whose day has come, to everyone asked; one that a worker missed gives way to the next."""
    rows = Survey.rows.across_all(reason="a job serves all districts").filter(
        state=SurveyState.LAUNCHED, published=True, opens_at__lte=time.now(), closes_at__gt=time.now()
    )
    for survey in rows.exclude(reminders=""):
        number = due(survey)
        if number > INVITATION and (waiting := without(survey, number).count()):
            note_reminder(operator(survey.partnership_id), survey, number - INVITATION, waiting)
            send(survey.pk, number)


def due(survey: Survey) -> int:
    """Return the number of the newest letter whose day has come, in the morning of the district."""
    zone = ZoneInfo(Partnership.objects.values_list("timezone", flat=True).get(pk=survey.partnership_id))
    here = time.now().astimezone(zone)
    days = [day for day in survey.reminders.split() if day <= here.date().isoformat()]
    if days and days[-1] == here.date().isoformat() and here.hour < FROM_HOUR:
        days.pop()
    return INVITATION + len(days)


@act(Action.ISSUE_CODES)
def note_reminder(actor: Actor, survey: Survey, reminder: int, waiting: int) -> None:
    """Note that a reminder goes out, and to how many people."""
    record(actor, survey=survey.pk, reminder=reminder, mailing=waiting)
