"""Letters to the keepers of a party that is awaited at the opening: on the first day, and before the last one."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from commonground.kernel import dates, time
from commonground.partnership.models import Membership, Partnership
from commonground.surveys import certification, tally
from commonground.surveys.models import Keeper, SealingParty, Survey, SurveyState
from commonground.surveys.opening_files import paper_of

DAYS_BEFORE = (30, 14, 7, 3, 1)
"""Days before unopened answers are destroyed on which the awaited party is reminded."""


def tick() -> None:
    """Remind whoever is awaited: once on each day for it, or on the next day that a worker runs."""
    rows = Survey.rows.across_all(reason="a job serves all districts")
    for survey in rows.filter(state=SurveyState.CLOSED):
        today = time.today(paper_of(survey).content["timezone"])
        stands_still = tally.is_stopped(survey) or certification.waits(survey)
        if _is_due(survey, today) and not stands_still and _is_first(survey, today):
            _remind(survey, today)


def _is_first(survey: Survey, today: date) -> bool:
    """Take today's letters of a survey; False where they were taken, by another worker in the same moment too."""
    rows = Survey.rows.within(survey.partnership_id).filter(pk=survey.pk).exclude(reminded_on=today)
    return bool(rows.update(reminded_on=today))


def _is_due(survey: Survey, today: date) -> bool:
    """Say whether a day for letters has come since the last ones went out."""
    first, last = tally.opens_from(survey), tally.destruction_due(survey)
    assert last is not None
    days = [first, *(last - timedelta(days=before) for before in DAYS_BEFORE)]
    come = [day for day in days if first <= day <= today]
    return bool(come) and (survey.reminded_on is None or survey.reminded_on < max(come))


def _remind(survey: Survey, today: date) -> None:
    last = tally.destruction_due(survey)
    assert last is not None
    partnership = Partnership.objects.get(pk=survey.partnership_id)
    address = settings.ENVIRONMENT.site_url + reverse("survey-opening", args=[partnership.slug, survey.pk])
    subject = f"{survey.title_en} / {survey.title_es or survey.title_en}"
    with ExitStack() as letters:  # runs to its end, then raises what failed
        for seal in awaited(survey):
            letter = "\n\n".join(_letter(survey, seal.party.name, last, today, address))
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


def _letter(survey: Survey, party: str, last: date, today: date, address: str) -> Iterator[str]:
    left = (last - today).days
    for language, _name in settings.LANGUAGES:
        with override(language):
            title = getattr(survey, f"title_{language}") or survey.title_en
            waits = _("The opening of “%(survey)s” waits for %(party)s.") % {"survey": title, "party": party}
            ends = ngettext(
                "If it does not come, all answers are destroyed unopened in %(n)s day, on %(day)s.",
                "If it does not come, all answers are destroyed unopened in %(n)s days, on %(day)s.",
                left,
            ) % {"n": left, "day": dates.day(last)}
            how = _("Have the opening sheet at hand, and open this page:")
            yield f"{waits}\n{ends}\n{how}\n{address}"
