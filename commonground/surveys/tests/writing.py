"""Steps towards a launched survey, through the real actions, for tests and examples."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from commonground.access.actor import Actor
from commonground.approvals import actions as approvals
from commonground.demo import cast
from commonground.kernel import time
from commonground.partnership import queries as partnership
from commonground.partnership.models import JobClass, JobFamily, Site, SiteLevel, StaffRecord
from commonground.sealing.keeper import answer_task
from commonground.sealing.seals import new_phrase
from commonground.surveys import actions, campaign, reviewers, seals
from commonground.surveys.models import Reviewer, SealingParty, Survey

TODAY = datetime(2026, 11, 3, 9, 0, tzinfo=ZoneInfo("America/Los_Angeles"))
KEEPERS = {
    cast.TEACHERS: (cast.DANA, cast.GRACE),
    cast.CLASSIFIED: (cast.LUZ, cast.ELENA),
    cast.TRADES: (cast.RAY, cast.ANA),
    cast.MANAGEMENT: (cast.DENISE, cast.TOM),
}
Readers = tuple[cast.CastMember, ...]
REVIEWERS: Readers = (cast.GRACE, cast.TOM)
LEVELS = {"elementary": "Primaria", "high": "Preparatoria"}
SITES = (
    ("Mill Creek", "elementary", 12),
    ("Cedar", "elementary", 14),
    ("Oak", "elementary", 30),
    ("High", "high", 40),
)


@dataclass
class Steps:
    """A survey on its way, with the phrases of its opening sheets by party."""

    valley: Any
    survey: Survey
    phrases: dict[str, bytes]
    actors: dict[cast.CastMember, Actor] = field(default_factory=dict)

    def actor(self, member: cast.CastMember) -> Actor:
        if member not in self.actors:
            self.actors[member] = self.valley.actor(member)
        return self.actors[member]

    def again(self) -> Survey:
        self.survey.refresh_from_db()
        return self.survey


SECOND_HIGH = (*SITES, ("North High", "high", 40))
"""The same with a second high school, so that either level holds two places or more."""


def people(valley: Any, sites: Sequence[tuple[str, str, int]] = SITES) -> None:
    """Give the district a staff list, unless it has one: two places are too small and are joined."""
    tenant = valley.partnership.pk
    if StaffRecord.rows.within(tenant).exists():
        return
    family = JobFamily(partnership_id=tenant, code="w-teach", name_en="Teachers", name_es="Maestros")
    family.save()
    job = JobClass(partnership_id=tenant, code="w-teacher", name_en="Teacher", family=family)
    job.save()
    levels: dict[str, SiteLevel] = {}
    for position, (name, level, count) in enumerate(sites):
        if level not in levels:
            levels[level] = SiteLevel(
                partnership_id=tenant, code=f"w-{level}", name_en=level.title(), name_es=LEVELS[level]
            )
            levels[level].save()
        site = Site(partnership_id=tenant, code=f"w-{name}", name_en=name, level=levels[level], position=position)
        site.save()
        for number in range(count):
            mailbox = f"{name.split()[0].lower()}{number}@staff.example" if number % 2 else ""
            StaffRecord(
                partnership_id=tenant,
                number=f"w-{name}-{number}",
                given_name=f"{name} {number}",
                email=mailbox,
                site=site,
                job_class=job,
            ).save()


def two_kinds_of_jobs(valley: Any) -> None:
    """Make every third person of the staff list an aide, unless it tells kinds of jobs apart already."""
    tenant = valley.partnership.pk
    if JobFamily.rows.within(tenant).count() > 1:
        return
    family = JobFamily(partnership_id=tenant, code="w-aides", name_en="Aides", name_es="Asistentes")
    family.save()
    job = JobClass(partnership_id=tenant, code="w-aide", name_en="Aide", family=family)
    job.save()
    aides = StaffRecord.rows.within(tenant).filter(number__regex=r"-\d*[0369]$")
    aides.update(job_class=job)


def drafted(valley: Any, *, jobs: bool = False, by_level: bool = False) -> Steps:
    """A complete draft, its seals not made. With `jobs` it asks for the kind of job, and tells nothing by it.

    With `by_level` there is a second high school, and comments are kept by level.
    """
    people(valley, SECOND_HIGH if by_level else SITES)
    if jobs:
        two_kinds_of_jobs(valley)
    sam = valley.actor(cast.SAM)
    survey = actions.create_survey(sam, title_en="Staff survey, fall 2026", title_es="Encuesta, otoño de 2026")
    actions.edit_texts(
        sam,
        survey.pk,
        purpose_en="To learn what helps you.",
        purpose_es="Para saber qué le ayuda.",
        message_en="We ask together.",
        message_es="Preguntamos juntos.",
        contact_en="Call 555-0142.",
        contact_es="Llame al 555-0142.",
    )
    part = actions.add_part(sam, survey.pk, title_en="Your work", title_es="Su trabajo")
    luz = valley.actor(cast.LUZ)
    actions.add_question(
        luz,
        survey.pk,
        part.pk,
        kind="agreement",
        text_en="I can take my full break on most days.",
        text_es="La mayoría de los días puedo tomar mi descanso completo.",
    )
    actions.add_question(
        luz,
        survey.pk,
        part.pk,
        kind="several",
        text_en="Which of these would you use?",
        text_es="¿Cuáles usaría usted?",
        options=[("A walk", "Una caminata"), ("A class", "Una clase")],
    )
    actions.add_question(
        luz, survey.pk, part.pk, kind="text", text_en="Anything else?", text_es="¿Algo más?", limit=200
    )
    site = actions.add_question(
        luz,
        survey.pk,
        part.pk,
        kind="one",
        dimension="site",
        text_en="Where do you work?",
        text_es="¿Dónde trabaja usted?",
    )
    if jobs:
        actions.add_question(
            luz,
            survey.pk,
            part.pk,
            kind="one",
            dimension="job_family",
            text_en="What kind of job do you do?",
            text_es="¿Qué tipo de trabajo hace usted?",
        )
    actions.set_plan(sam, survey.pk, margins=[site.pk], comments_by_level=by_level)
    opens = time.now() + timedelta(days=7)
    actions.set_terms(
        sam,
        survey.pk,
        opens_at=opens,
        closes_at=opens + timedelta(days=14),
        opening_on=(opens + timedelta(days=18)).date(),
        results_by=(opens + timedelta(days=40)).date(),
    )
    return Steps(valley, survey, {})


def sealed(valley: Any, *, readers: Readers = (), jobs: bool = False, by_level: bool = False) -> Steps:
    """A draft that is ready to freeze: every seal made and tried; `readers` read comments, where there are any."""
    steps = drafted(valley, jobs=jobs, by_level=by_level)
    if readers:
        name_reviewers(steps, readers)
    for party, keepers in KEEPERS.items():
        name_keepers(steps, party, *keepers)
        make_key(steps, party)
    seals.make_counting_key(steps.actor(cast.SAM), steps.survey.pk)
    for party in KEEPERS:
        try_seal(steps, party)
    return steps


def name_reviewers(steps: Steps, readers: Readers) -> None:
    """Name the reviewers, say whom they tell, and have both make their reading keys."""
    sam = steps.actor(cast.SAM)
    reviewers.say_whom_to_tell(sam, steps.survey.pk, en="Priya Nair, 555-0170", es="Priya Nair, 555-0170")
    for member in readers:
        reviewers.name(sam, steps.survey.pk, steps.valley.people[member.name].pk)
        make_reading_key(steps, member)


def make_reading_key(steps: Steps, member: cast.CastMember) -> Reviewer:
    """Do what the keepers' page does for a reviewer, and hand the file in."""
    actor = steps.actor(member)
    steps.phrases[member.name] = new_phrase()
    return reviewers.receive_key(
        actor, steps.survey.pk, answer_task(reviewers.key_task(actor, steps.survey.pk), steps.phrases[member.name])
    )


def name_keepers(steps: Steps, party: str, *members: cast.CastMember) -> None:
    """Have a party name its keepers."""
    people = [steps.valley.people[member.name].pk for member in members]
    cochair = KEEPERS[party][0]
    seals.name_keepers(steps.actor(cochair), steps.survey.pk, steps.valley.parties[party].pk, people)


def make_key(steps: Steps, party: str) -> SealingParty:
    """Do what the keepers' page does with the first task, and hand the file in."""
    keeper = steps.actor(KEEPERS[party][1])
    steps.phrases[party] = new_phrase()
    result = answer_task(seals.key_task(keeper, steps.survey.pk), steps.phrases[party])
    return seals.receive_key(keeper, steps.survey.pk, result)


def try_seal(steps: Steps, party: str) -> SealingParty:
    """Do what the keepers' page does with the trial, and hand the file in."""
    keeper = steps.actor(KEEPERS[party][0])
    result = answer_task(seals.trial_task(keeper, steps.survey.pk), steps.phrases[party])
    return seals.receive_trial(keeper, steps.survey.pk, result)


def frozen(valley: Any, *, readers: Readers = (), jobs: bool = False, by_level: bool = False) -> Steps:
    """A survey whose paper waits for keys."""
    steps = sealed(valley, readers=readers, jobs=jobs, by_level=by_level)
    actions.freeze(steps.actor(cast.LUZ), steps.survey.pk, needed_by=date(2026, 11, 13))
    return steps


def launched(valley: Any, *, readers: Readers = (), jobs: bool = False, by_level: bool = False) -> Steps:
    """A launched survey whose paper lies at the respondents' door."""
    steps = frozen(valley, readers=readers, jobs=jobs, by_level=by_level)
    turn_all(steps, steps.again().pk)
    campaign.publish_papers()
    steps.again()
    return steps


def turn_all(steps: Steps, subject: Any) -> None:
    """Turn every party's key on the newest text about the subject."""
    from commonground.approvals.models import FrozenText

    text = FrozenText.rows.within(steps.valley.partnership.pk).get(subject_id=subject, state="waiting")
    for founder in (cast.DANA, cast.LUZ, cast.RAY, cast.DENISE):
        approvals.turn_key(steps.actor(founder), text.pk, text.hash)


def party_ids(valley: Any) -> list[Any]:
    """The parties in peel order."""
    return [party.id for party in partnership.parties(valley.partnership.pk)]
