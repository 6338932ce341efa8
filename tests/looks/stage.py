"""Adds to the served demonstration what it does not hold: `python -m tests.looks.stage FILE`.

Surveys at every station of their opening, a release that staff do not see yet, a staff list with faults, a charter
that is being changed, letters that wait, a district that begins, and codes. What tests need to know goes to FILE.
"""

import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import django
from django.conf import settings


def main(file: Path) -> None:
    """Set the stage in the data folder that the environment names."""
    django.setup()
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    letters, meetings, open_now = _letters(), _papers(), _open()
    _counts()
    meetings["certifying"].drafted()
    papers = {name: meeting.survey.public_id for name, meeting in meetings.items()}
    anew = {"anew_page": f"surveys/{meetings['anew'].id}/"}
    file.write_text(json.dumps({**letters, **papers, **open_now, **anew}))


def _valley() -> Any:
    from commonground.demo import cast
    from commonground.partnership.models import Membership, Partnership, Party
    from conftest import Valley

    partnership = Partnership.objects.get(slug=cast.SLUG)
    parties = {party.name: party for party in Party.rows.within(partnership.pk)}
    members = Membership.rows.within(partnership.pk).select_related("person")
    return Valley(partnership, parties, {member.person.name: member.person for member in members})


def _letters() -> dict[str, str]:
    """A founder's letter of a new district, a letter of ours, a staff list to look at, a charter in hand."""
    from commonground.access.actor import Role, operator
    from commonground.agreements import actions as agreements
    from commonground.demo import cast, roster
    from commonground.partnership import actions, founding, staff
    from commonground.partnership.models import PartyKind

    valley = _valley()
    luz, sam = valley.actor(cast.LUZ), valley.actor(cast.SAM)
    founders = [
        founding.Founder("Maple Educators", "ME", PartyKind.LABOR_ORGANIZATION, "Ida Moss", "ida@maple.example"),
        founding.Founder("Maple Unified", "MUSD", PartyKind.MANAGEMENT, "Ed Lund", "ed@maple.example"),
    ]
    _made, links = founding.found_district(
        operator(None), slug="maple", district="Maple Unified", founders=founders
    )
    offered = actions.offer(
        luz, email="new@chapter212.example", name="Nia Moore", role=Role.MEMBER, party_id=luz.own_party
    )
    people = roster.workers()
    kept = roster.as_csv(people[3:200])
    staff.read_list(sam, "staff.csv", kept.replace(b"@", b" at ", 2))
    agreements.start_charter(luz)
    return {"founder": links["ida@maple.example"], "invitation": offered}


def _papers() -> dict[str, Any]:
    """Surveys in each state that the demonstration has none in, by name; one is yet to be counted."""
    from commonground.kernel import time
    from commonground.surveys.tests import meeting, writing

    def ended(days: int) -> datetime:
        return time.now() - timedelta(days=days + 21)

    valley, made = _valley(), {}
    with time.at(ended(0) - timedelta(hours=1)):
        made["over"] = meeting.answered(valley, 4)
    with time.at(ended(1)):
        made["looking"] = meeting.closed(valley, 12)
    with time.at(ended(9)):
        made["peeling"] = meeting.peeled(valley, 12, meeting.ORDER[:1])
        made["shares"] = meeting.peeled(valley, 12)
        counted = meeting.peeled(valley, 90)
        counted.count()
        made["counted"] = counted
        made["certifying"] = meeting.peeled(valley, 90)
        made["anew"] = _opened_anew(meeting.answered(valley, 90, jobs=True).close().peel(*meeting.ORDER))
    with time.at(ended(70)):
        made["due"] = meeting.closed(valley, 0)
    writing.sealed(valley)
    return made


def _opened_anew(meeting: Any) -> Any:
    """Count, then ask for another table with every key; the first party has taken its layer off once more."""
    from commonground.demo import cast
    from commonground.surveys import reopening
    from commonground.surveys.tests import writing
    from commonground.surveys.tests.meeting import ORDER

    meeting.count()
    with meeting.on_opening_day():
        reopening.ask(meeting.steps.actor(cast.LUZ), meeting.id, [("q5",)], "Aides ask for their own.")
        writing.turn_all(meeting.steps, meeting.id)
    return meeting.peel(ORDER[0])


def _open() -> dict[str, Any]:
    """Codes of the survey that is open and a pile of them; the addresses of that one and of the published one."""
    from commonground.demo import cast
    from commonground.kernel import time
    from commonground.surveys import codes, handover
    from commonground.surveys.models import Survey

    valley = _valley()
    now = time.now()
    rows = Survey.rows.within(valley.partnership.pk)
    survey = rows.filter(state="launched", opens_at__lt=now, closes_at__gt=now).order_by("created_at").first()
    assert survey
    made = codes.draw(valley.actor(cast.SAM), survey.pk, 40)
    pile = handover.open_pile(valley.actor(cast.LUZ), survey.pk, place="Print shop, noon", brought=20)
    handover.join(valley.actor(cast.DENISE), pile.pk)
    return {
        "codes": made,
        "open": survey.public_id,
        "published": rows.get(pk=_published(valley)).public_id,
    }


def _counts() -> None:
    """Counts that were released, and some that wait: before a survey waits for its certificate."""
    from datetime import date

    from commonground.approvals import actions as approvals
    from commonground.counts import actions
    from commonground.counts.examples import walk
    from commonground.demo import cast

    valley = _valley()
    sam = valley.actor(cast.SAM)
    text = actions.propose(sam, actions.bring(sam, walk(sam.tenant, 0.4)).pk)
    for founder in (cast.DANA, cast.LUZ, cast.RAY, cast.DENISE):
        approvals.turn_key(valley.actor(founder), text.pk, text.hash)
    actions.bring(sam, walk(sam.tenant, 0.3, date(2027, 2, 10)))


def _published(valley: Any) -> Any:
    from commonground.releases.models import Release

    return (
        Release.rows.within(valley.partnership.pk).exclude(published_at=None).values_list("survey_id", flat=True)[0]
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
