"""The district of the journey: its people, its places, what it asks, and what its staff answer."""

import csv
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass

SLUG, DISTRICT = "harbor-bend", "Harbor Bend Unified"
TEACHERS, CLASSIFIED = "Harbor Bend Teachers", "Classified Chapter 90"
PARTIES = (TEACHERS, CLASSIFIED, DISTRICT)
"""The parties in the order in which their seals come off."""


@dataclass(frozen=True)
class Someone:
    """A person of the committee: the party spoken for, "" for both."""

    name: str
    party: str

    @property
    def email(self) -> str:
        return f"{self.name.split()[0].lower()}@harborbend.example"


ROSA, PAUL, JUNE = Someone("Rosa Lane", TEACHERS), Someone("Paul Ito", CLASSIFIED), Someone("June Park", DISTRICT)
BEN, MEI, OMAR = Someone("Ben Ortiz", TEACHERS), Someone("Mei Tran", CLASSIFIED), Someone("Omar Diaz", DISTRICT)
CLEO = Someone("Cleo Webb", "")
FOUNDERS = (ROSA, PAUL, JUNE)
ALTERNATES = {ROSA: BEN, PAUL: MEI, JUNE: OMAR}


@dataclass(frozen=True)
class Entry:
    """An entry of a list of the district: code, names, and what it belongs to."""

    code: str
    en: str
    es: str
    parent: str = ""


STRUCTURE = {
    "Kinds of places": (Entry("ELEM", "Elementary", "Primarias"), Entry("SUPP", "Support sites", "Apoyo")),
    "Places": (
        Entry("MIL", "Mill Creek School", "Escuela Mill Creek", "Elementary"),
        Entry("CED", "Cedar School", "Escuela Cedar", "Elementary"),
        Entry("BUS", "Bus yard", "Patio de autobuses", "Support sites"),
        Entry("KIT", "Central kitchen", "Cocina central", "Support sites"),
        Entry("PRT", "Print shop", "Imprenta", "Support sites"),
    ),
    "Shifts": (Entry("DAY", "Day", "Día"), Entry("EARLY", "Early morning", "Madrugada")),
    "Job families": (
        Entry("TEA", "Teaching", "Enseñanza"),
        Entry("OPS", "Operations", "Operaciones"),
    ),
    "Job classes": (
        Entry("T1", "Teacher", "Docente", "Teaching"),
        Entry("D1", "Driver", "Conductor", "Operations"),
        Entry("C1", "Cook", "Cocinero", "Operations"),
    ),
    "Bargaining units": (
        Entry("UT", "Teachers", "Docentes", TEACHERS),
        Entry("UC", "Classified staff", "Personal clasificado", CLASSIFIED),
    ),
    "Languages": (Entry("en", "English", "Inglés"), Entry("es", "Spanish", "Español")),
}


@dataclass(frozen=True)
class Worker:
    """A line of the staff list."""

    number: str
    given: str
    family: str
    email: str
    site: str
    shift: str
    job: str
    unit: str
    language: str


def _staff() -> Iterator[Worker]:
    """Eighty-nine people: the print shop is too small to be shown alone, and half have no mailbox."""
    number = 0
    for site, people, job in (
        ("MIL", 28, "T1"),
        ("CED", 24, "T1"),
        ("BUS", 18, "D1"),
        ("KIT", 14, "C1"),
        ("PRT", 5, "C1"),
    ):
        for place in range(people):
            number += 1
            mailbox = f"s{number}@harborbend.example" if place % 2 else ""
            shift, unit = ("DAY", "UT") if job == "T1" else (("EARLY", "UC") if place % 3 else ("DAY", "UC"))
            language = "es" if place % 4 == 3 else "en"
            yield Worker(f"{1000 + number}", f"Kim{number}", "Reyes", mailbox, site, shift, job, unit, language)


STAFF = tuple(_staff())
WITH_MAILBOX = tuple(worker for worker in STAFF if worker.email)
HEADINGS = (
    "Badge",
    "First name",
    "Last name",
    "Work email",
    "Where",
    "Shift",
    "Post",
    "Unit",
    "Language",
    "Union dues",
)
MAPPED = {"Employee number": "Badge", "Place": "Where", "Job class": "Post"}
"""Columns whose headings say nothing to a reader of staff lists, by what they are."""


def staff_file(wrong_site: str = "") -> bytes:
    """Return the staff list as the district's system exports it; in its last line with a place there is not."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    for worker in STAFF:
        site = wrong_site if wrong_site and worker is STAFF[-1] else worker.site
        name = (worker.number, worker.given, worker.family, worker.email)
        writer.writerow([*name, site, worker.shift, worker.job, worker.unit, worker.language, "yes"])
    return out.getvalue().encode()


# What is asked

TITLE, TITULO = "Staff survey, winter", "Encuesta al personal, invierno"


@dataclass(frozen=True)
class Asked:
    """A question of the survey in both languages; `group` says what it groups people by."""

    en: str
    es: str
    kind: str
    options: tuple[tuple[str, str], ...] = ()
    group: str = ""


FIVE, UP_TO_TEN = "Five answers, from strongly disagree to strongly agree", "A number from 0 to 10"
ONE, SEVERAL, TEXT = "One choice", "Several choices", "A short text"
BREAKS = Asked("I can take my full break on most days.", "Casi siempre puedo tomar todo mi descanso.", FIVE)
MISSPELT = "I can take my full brake on most days."
"""The first question as it is frozen first; one party sends it back."""
WHEN = Asked(
    "When would you walk with others?",
    "¿Cuándo caminaría usted con otras personas?",
    ONE,
    (("Before work", "Antes del trabajo"), ("At lunch", "Al mediodía"), ("After work", "Después del trabajo")),
)
USE = Asked(
    "Which of these would you use?",
    "¿Cuáles de estas cosas usaría usted?",
    SEVERAL,
    (
        ("A quiet room", "Una sala tranquila"),
        ("A cooking class", "Una clase de cocina"),
        ("A bike rack", "Un lugar para bicicletas"),
    ),
)
RATE = Asked("How good is work here, from 0 to 10?", "¿Qué tan bueno es trabajar aquí, de 0 a 10?", UP_TO_TEN)
SAY = Asked("What would help you most?", "¿Qué le ayudaría más?", TEXT)
SITE = Asked("Where do you work?", "¿Dónde trabaja usted?", ONE, group="Yes, by the place where people work")
JOB = Asked(
    "What kind of work do you do?", "¿Qué tipo de trabajo hace usted?", ONE, group="Yes, by the kind of job"
)
SHIFT = Asked("When do you work?", "¿A qué hora trabaja usted?", ONE, group="Yes, by the shift")
PARTS = {
    ("Your work", "Su trabajo"): (BREAKS, WHEN, USE, RATE, SAY),
    ("About you", "Sobre usted"): (SITE, JOB, SHIFT),
}
QUESTIONS = tuple(question for part in PARTS.values() for question in part)
AGREEMENT = ("Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree")

SITES = ("Mill Creek School", "Cedar School", "Bus yard", "Central kitchen and Print shop")
"""The places as the survey offers them: the print shop is joined with the next smallest of its kind."""
SITE_OF = {"MIL": 0, "CED": 1, "BUS": 2, "KIT": 3, "PRT": 3}
JOBS, JOB_OF = ("Teaching", "Operations"), {"T1": 0, "D1": 1, "C1": 1}
SHIFTS, SHIFT_OF = ("Day", "Early morning"), {"DAY": 0, "EARLY": 1}

Answers = dict[str, int | tuple[int, ...] | str | None]
"""One person's answers by the English words of the question: place of the option, places, or words."""


def answers(worker: Worker, draw: random.Random) -> Answers:
    """Return what somebody answers; a few leave a question out."""
    return {
        BREAKS.en: draw.choice([0, 1, 2, 3, 3, 4]) if worker.job == "T1" else draw.choice([0, 0, 1, 1, 2, 3]),
        WHEN.en: draw.choice([0, 1, 1, 2, None]),
        USE.en: tuple(place for place in range(3) if draw.random() < 0.5),
        RATE.en: min(10, max(0, round(draw.gauss(6, 2)))),
        SAY.en: "The yard has no shade." if draw.random() < 0.3 else None,
        SITE.en: SITE_OF[worker.site],
        JOB.en: JOB_OF[worker.job],
        SHIFT.en: SHIFT_OF[worker.shift],
    }
