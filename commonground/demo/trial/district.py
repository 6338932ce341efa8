"""The district of a trial: founded by management and two labor organizations, with places and a staff list."""

import csv
import io
import math
import secrets
from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from commonground.access.actor import Actor, Role, operator
from commonground.approvals import actions as approvals
from commonground.approvals.models import FrozenText
from commonground.demo.trial.sheet import Sheet
from commonground.ledger import chain
from commonground.ledger import queries as ledger
from commonground.partnership import actions as partnership
from commonground.partnership import founding, queries, staff, structure
from commonground.partnership.founding import Founder
from commonground.partnership.models import Party, PartyKind

SLUG = "trial-"
SIDES = (
    ("First labor organization", "Labor 1", PartyKind.LABOR_ORGANIZATION),
    ("Second labor organization", "Labor 2", PartyKind.LABOR_ORGANIZATION),
    ("Management", "Management", PartyKind.MANAGEMENT),
)
HEADINGS = ("Employee Number", "Name", "Site", "Job Class", "Bargaining Unit")
JOB = "all-jobs"


@dataclass(frozen=True)
class District:
    """Who acts in a trial: each party's co-chair, who keeps a sheet too, its second keeper, and the coordinator.

    `cochairs` and `seconds` go by party, labor first; `staff` is the number of people brought in.
    """

    id: UUID
    cochairs: dict[UUID, Actor]
    seconds: dict[UUID, Actor]
    coordinator: Actor
    staff: int

    @property
    def labor(self) -> Actor:
        """Return the co-chair of the first labor organization, who writes the survey."""
        return next(iter(self.cochairs.values()))

    def turn_all(self, text: FrozenText) -> None:
        """Turn every party's key on a text."""
        for actor in self.cochairs.values():
            approvals.turn_key(actor, text.pk, text.hash)


def build(sheet: Sheet, staff_per_answer: float) -> District:
    """Found a district, give it the places of the file, and bring in a staff list."""
    tenant, parties, cochairs = _found()
    seconds = {party: _bring(actor, Role.ALTERNATE, party) for party, actor in cochairs.items()}
    coordinator = _bring(next(iter(cochairs.values())), Role.COORDINATOR, None)
    codes = _structure(coordinator, sheet, parties[0])
    people = _bring_in_staff(coordinator, _roster(sheet, codes, staff_per_answer))
    return District(tenant, cochairs, seconds, coordinator, people)


def _found() -> tuple[UUID, list[UUID], dict[UUID, Actor]]:
    slug = SLUG + secrets.token_hex(6)
    founders = [Founder(name, short, kind, f"Co-chair of {name}", _mailbox(slug)) for name, short, kind in SIDES]
    made, links = founding.found_district(
        operator(None), slug=slug, district="Trial district", founders=founders, timezone="UTC"
    )
    people = [partnership.accept_letter(links[founder.email], founder.name) for founder in founders]
    ids = dict(Party.rows.within(made.pk).values_list("name", "pk"))
    parties = [ids[name] for name, _short, _kind in SIDES]
    cochairs = {party: queries.actor_of(person.pk, made.pk) for party, person in zip(parties, people, strict=True)}
    text = FrozenText.rows.within(made.pk).get(kind=founding.KIND)
    for actor in cochairs.values():
        approvals.turn_key(actor, text.pk, text.hash)
    return made.pk, parties, cochairs


def _mailbox(name: str) -> str:
    return f"{secrets.token_hex(6)}@{name}.example"


def _bring(inviter: Actor, role: Role, party: UUID | None) -> Actor:
    name = f"{role.value} invited"
    secret = partnership.offer(inviter, email=_mailbox("trial"), name=name, role=role, party_id=party)
    person = partnership.accept_letter(secret, name)
    return queries.actor_of(person.pk, inviter.tenant)


def _structure(actor: Actor, sheet: Sheet, labor: UUID) -> dict[str, str]:
    """Write the least that a staff list needs, and every place of the file; return codes of places by value."""
    level = structure.add(actor, "level", code="places", name_en="Places", name_es="Lugares")
    family = structure.add(actor, "family", code="jobs", name_en="Jobs", name_es="Trabajos")
    structure.add(actor, "class", code=JOB, name_en="All jobs", name_es="Todos", parent_id=family.pk)
    structure.add(actor, "unit", code="unit-1", name_en="First unit", name_es="Primera unidad", parent_id=labor)
    codes = {value: f"place-{number}" for number, value in enumerate(sheet.site.values, start=1)}
    for value, code in codes.items():
        structure.add(actor, "site", code=code, name_en=value, name_es=value, parent_id=level.pk)
    return codes


def _roster(sheet: Sheet, codes: dict[str, str], staff_per_answer: float) -> list[str]:
    """Return the place of every person on the staff list; who named no place works at the largest."""
    answers = Counter(row[sheet.site.name] for row in sheet.rows)
    nowhere = answers.pop("", 0)
    answers[max(answers, key=lambda value: (answers[value], value))] += nowhere
    return [
        codes[value] for value, count in answers.items() for _ in range(math.ceil(count * staff_per_answer - 1e-9))
    ]


def _bring_in_staff(actor: Actor, places: list[str]) -> int:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADINGS)
    for number, place in enumerate(places, start=10001):
        writer.writerow([f"E{number}", f"Staff Member{number}", place, JOB, "unit-1"])
    waiting = staff.read_list(actor, "staff.csv", text.getvalue().encode())
    return int(staff.carry_out(actor, waiting.pk).facts["new"])


def record_faults(district: District) -> list[str]:
    """Check the joint record of the trial as `verify-ledger` does; return what is wrong with it."""
    name, entries = chain.read(ledger.exported(district.labor, "Trial"))
    return list(chain.faults(name, entries))
