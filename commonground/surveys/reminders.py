"""Letters to the keepers of a party that is awaited at an opening: on the first day, and before the last one."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from commonground.kernel import dates, time
from commonground.partnership.models import Membership, Partnership
from commonground.surveys import certification, reopening, tally
from commonground.surveys.models import Keeper, Reopening, SealingParty, Survey, SurveyState
from commonground.surveys.opening_files import paper_of

DAYS_BEFORE = (30, 14, 7, 3, 1)
"""Days before an opening ends without the awaited party on which that party is reminded."""


@dataclass(frozen=True)
class UnderWay:
    """An opening under way, `again` if it is for another table: from its first day on, up to the day it ends."""

    survey: Survey
    again: Reopening | None
    first: date
    last: date


def tick() -> None:
    """Remind whoever is awaited: once on each day for it, or on the next day that a worker runs."""
    for each in _under_way():
        survey = each.survey
        today = time.today(paper_of(survey).content["timezone"])
        stands_still = tally.is_stopped(survey) or certification.waits(survey)
        if _is_due(each, today) and not stands_still and _is_first(survey, today):
            _remind(each, today)


def _under_way() -> Iterator[UnderWay]:
    reason = "a job serves all districts"
    for survey in Survey.rows.across_all(reason=reason).filter(state=SurveyState.CLOSED):
        last = tally.destruction_due(survey)
        assert last is not None
        yield UnderWay(survey, None, tally.opens_from(survey), last)
    for again in Reopening.rows.across_all(reason=reason).filter(ended_at=None).select_related("survey"):
        survey = again.survey
        yield UnderWay(survey, again, reopening.begins_on(survey, again), reopening.ends_on(survey, again))


def _is_first(survey: Survey, today: date) -> bool:
    """Take today's letters of a survey; False where they were taken, by another worker in the same moment too."""
    rows = Survey.rows.within(survey.partnership_id).filter(pk=survey.pk).exclude(reminded_on=today)
    return bool(rows.update(reminded_on=today))


def _is_due(each: UnderWay, today: date) -> bool:
    """Say whether a day for letters has come since the last ones went out."""
    days = [each.first, *(each.last - timedelta(days=before) for before in DAYS_BEFORE)]
    come = [day for day in days if each.first <= day <= today]
    sent = each.survey.reminded_on
    return bool(come) and (sent is None or sent < max(come))


def _remind(each: UnderWay, today: date) -> None:
    survey = each.survey
    partnership = Partnership.objects.get(pk=survey.partnership_id)
    address = settings.ENVIRONMENT.site_url + reverse("survey-opening", args=[partnership.slug, survey.pk])
    subject = f"{survey.title_en} / {survey.title_es or survey.title_en}"
    with ExitStack() as letters:  # runs to its end, then raises what failed
        for seal in awaited(survey):
            letter = "\n\n".join(_letter(each, seal.party.name, today, address))
            for email in keepers_with_a_role(survey.partnership_id, seal):
                letters.callback(send_mail, subject, letter, None, [email])


def awaited(survey: Survey) -> Sequence[SealingParty]:
    """Return whose layer comes off next; when all are off, every sealing party, since each brings its share."""
    following = tally.whose_turn(survey)
    if following is not None:
        return [following]
    return list(SealingParty.rows.within(survey.partnership_id).filter(survey=survey).select_related("party"))


def keepers_with_a_role(tenant: UUID, seal: SealingParty) -> list[str]:
    """Return the mailboxes of a seal's keepers who still hold a role for its party."""
    here = Membership.rows.within(tenant).filter(party=seal.party_id, until=None).values("person_id")
    keepers = Keeper.rows.within(tenant).filter(seal=seal, person__in=here, person__is_active=True)
    return sorted(keepers.values_list("person__email", flat=True))


def _letter(each: UnderWay, party: str, today: date, address: str) -> Iterator[str]:
    words = _anew if each.again else _at_first
    for language, _name in settings.LANGUAGES:
        with override(language):
            title = getattr(each.survey, f"title_{language}") or each.survey.title_en
            values = {"survey": title, "party": party, "n": (each.last - today).days, "day": dates.day(each.last)}
            how = _("Have the opening sheet at hand, and open this page:")
            yield f"{words(values)}\n{how}\n{address}"


def _at_first(values: Mapping[str, Any]) -> str:
    waits = _("The opening of “%(survey)s” waits for %(party)s.") % values
    ends = ngettext(
        "If it does not come, all answers are destroyed unopened in %(n)s day, on %(day)s.",
        "If it does not come, all answers are destroyed unopened in %(n)s days, on %(day)s.",
        values["n"],
    )
    return f"{waits}\n{ends % values}"


def _anew(values: Mapping[str, Any]) -> str:
    waits = _(
        "Every party agreed to open the answers of “%(survey)s” once more, for another table. It waits for "
        "%(party)s."
    )
    ends = ngettext(
        "If it does not come, this ends in %(n)s day, on %(day)s, and nothing new is told. Nothing is lost.",
        "If it does not come, this ends in %(n)s days, on %(day)s, and nothing new is told. Nothing is lost.",
        values["n"],
    )
    return f"{waits % values}\n{ends % values}"
