"""The staff list of Alder Valley: 1,482 invented people, as the spreadsheet that a district would export."""

import csv
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass

from commonground.demo.valley import SITES, Place

SEED = 1482
TEACHERS, CLASSIFIED = 742, 565
MAILBOXES = 1200
SHARE_OF_LANGUAGES = (("en", 71), ("es", 22), ("vi", 4), ("tl", 2), ("other", 1))
# fmt: off
GIVEN = (
    "Amparo", "Beatriz", "Carmen", "Dolores", "Elena", "Fatima", "Gloria", "Hanh", "Imani", "Jasmine", "Keiko",
    "Lucia", "Marisol", "Nadia", "Olivia", "Priya", "Quyen", "Rosa", "Sofia", "Teresa", "Uma", "Valeria", "Wendy",
    "Ximena", "Yesenia", "Zoe", "Andre", "Brian", "Curtis", "Daniel", "Ernesto", "Felipe", "Gabriel", "Hector",
    "Ivan", "Jamal", "Kevin", "Luis", "Marcus", "Nathan", "Omar", "Pablo", "Quincy", "Rafael", "Samuel", "Tomas",
    "Ulises", "Victor", "Walter", "Yusuf",
)
# fmt: on
# fmt: off
FAMILY = (
    "Abbott", "Bautista", "Castellano", "Diaz", "Espinoza", "Flores", "Gutierrez", "Hoang", "Ibarra", "Johnson",
    "Kim", "Lopez", "Miller", "Nair", "Okafor", "Perez", "Quintero", "Ramirez", "Santos", "Torres", "Underwood",
    "Vo", "Webb", "Xiong", "Young", "Zamora", "Bell", "Carter", "Delgado", "Ellis", "Fischer", "Garza", "Herrera",
    "Ito", "Jensen", "Kaur", "Lim", "Mendoza", "Nguyen", "Ortiz", "Patel", "Reyes", "Sandoval", "Tran", "Vargas",
    "Williams",
)
# fmt: on


@dataclass(frozen=True)
class Worker:
    """One line of the staff list."""

    number: str
    name: str
    email: str
    site: str
    shift: str
    job: str
    unit: str
    language: str


def workers() -> list[Worker]:
    """Return all 1,482 people; the same ones each time."""
    chance = random.Random(SEED)
    posts = list(_posts())
    with_mailbox = _mailboxes([job for _, _, job, _ in posts], chance)
    languages = _languages(len(posts), chance)
    people = []
    for index, (site, shift, job, unit) in enumerate(posts):
        name = f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}"
        number = f"E{10000 + index}"
        email = f"{name.lower().replace(' ', '.')}.{number[1:]}@avusd.example" if index in with_mailbox else ""
        people.append(Worker(number, name, email, site, shift, job, unit, languages[index]))
    return people


def as_csv(people: list[Worker]) -> bytes:
    """Return the list as a district's file, with its own headings."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        ["Employee Number", "Name", "E-mail", "Site", "Shift", "Job Class", "Bargaining Unit", "Language"]
    )
    for p in people:
        writer.writerow([p.number, p.name, p.email, p.site, p.shift, p.job, p.unit, p.language])
    return text.getvalue().encode()


Post = tuple[str, str, str, str]


def _posts() -> Iterator[Post]:
    schools = [site for site in SITES if site.level != "departments"]
    teachers = _apportion(TEACHERS, [site.staff - site.unrepresented for site in schools])
    for site, number in zip(schools, teachers, strict=True):
        yield from _school(site, number)
    yard, kitchen, office = (site for site in SITES if site.level == "departments")
    yield from _yard(yard)
    yield from _kitchen(kitchen)
    yield from _office(office)


def _school(site: Place, teachers: int) -> Iterator[Post]:
    classified = site.staff - site.unrepresented - teachers
    counselors = max(1, teachers // 12)
    aides, secretaries, custodians = _apportion(classified, [56, 16, 28])
    yield from _many(site, "day", "administrator", "none", site.unrepresented)
    yield from _many(site, "day", "teacher", "AVTA", teachers - counselors)
    yield from _many(site, "day", "counselor", "AVTA", counselors)
    yield from _many(site, "day", "aide", "CEC212", aides)
    yield from _many(site, "day", "secretary", "CEC212", secretaries)
    yield from _many(site, "day", "custodian", "CEC212", custodians // 2)
    yield from _many(site, "evening", "custodian", "CEC212", custodians - custodians // 2)


def _yard(site: Place) -> Iterator[Post]:
    yield from _many(site, "day", "administrator", "none", site.unrepresented)
    yield from _many(site, "day", "secretary", "CEC212", site.staff - site.unrepresented - site.trades)
    yield from _many(site, "0500", "driver", "BTL27", 31)
    yield from _many(site, "1300", "driver", "BTL27", 21)
    yield from _many(site, "0500", "mechanic", "BTL27", site.trades - 52)


def _kitchen(site: Place) -> Iterator[Post]:
    yield from _many(site, "day", "administrator", "none", site.unrepresented)
    yield from _many(site, "day", "cook", "CEC212", 32)
    yield from _many(site, "short", "cook", "CEC212", site.staff - site.unrepresented - 32)


def _office(site: Place) -> Iterator[Post]:
    yield from _many(site, "day", "administrator", "none", 38)
    yield from _many(site, "day", "confidential", "none", site.unrepresented - 38)
    yield from _many(site, "day", "mechanic", "BTL27", site.trades)
    yield from _many(site, "day", "technician", "CEC212", 12)
    yield from _many(site, "day", "secretary", "CEC212", 16)
    yield from _many(site, "day", "groundskeeper", "CEC212", 8)


def _many(site: Place, shift: str, job: str, unit: str, number: int) -> Iterator[Post]:
    for _ in range(number):
        yield (site.code, shift, job, unit)


def _apportion(total: int, weights: list[int]) -> list[int]:
    """Divide a total by weights in whole numbers, by largest remainder."""
    exact = [total * weight / sum(weights) for weight in weights]
    shares = [int(part) for part in exact]
    by_rest = sorted(range(len(weights)), key=lambda i: (shares[i] - exact[i], i))
    for index in by_rest[: total - sum(shares)]:
        shares[index] += 1
    return shares


OFTEN_WITHOUT = {"driver": 40, "cook": 70, "custodian": 75, "groundskeeper": 5, "mechanic": 12, "aide": 60}


def _mailboxes(jobs: list[str], chance: random.Random) -> set[int]:
    """Return who reads district e-mail: 1,200 people, and those without are the ones without a desk."""
    without: set[int] = set()
    for job, number in OFTEN_WITHOUT.items():
        holders = [index for index, held in enumerate(jobs) if held == job]
        without |= set(chance.sample(holders, min(number, len(holders))))
    others = [index for index, job in enumerate(jobs) if index not in without and job == "aide"]
    without |= set(chance.sample(others, len(jobs) - MAILBOXES - len(without)))
    return set(range(len(jobs))) - without


def _languages(people: int, chance: random.Random) -> list[str]:
    counts = _apportion(people, [share for _, share in SHARE_OF_LANGUAGES])
    pairs = zip(SHARE_OF_LANGUAGES, counts, strict=True)
    spoken = [code for (code, _), number in pairs for _ in range(number)]
    chance.shuffle(spoken)
    return spoken
