"""Made-up releases that passed the gate, to look at and to test with."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from commonground.disclosure.gate import protect
from commonground.disclosure.plan import GroupQuestion, Question, TablePlan
from commonground.kernel.text import canonical

NONE = 255
AGREEMENT = (
    ("Strongly disagree", "Muy en desacuerdo"),
    ("Disagree", "En desacuerdo"),
    ("Neither agree nor disagree", "Ni de acuerdo ni en desacuerdo"),
    ("Agree", "De acuerdo"),
    ("Strongly agree", "Muy de acuerdo"),
)
FREQUENCY = (
    ("Never", "Nunca"),
    ("Rarely", "Rara vez"),
    ("Sometimes", "A veces"),
    ("Often", "A menudo"),
    ("Always", "Siempre"),
)
FIXED = {"agreement": AGREEMENT, "frequency": FREQUENCY, "scale10": tuple((str(n), str(n)) for n in range(11))}
PARTIES = (
    ("Alder Valley Teachers Association", "AVTA", "labor_organization"),
    ("Classified Employees Chapter 212", "CEC 212", "labor_organization"),
    ("Bus and Trades Local 27", "Local 27", "labor_organization"),
    ("Alder Valley Unified School District", "AVUSD", "management"),
)
SITES = (
    ("Birch Lane", "Birch Lane", 78, "Elementary schools"),
    ("Cottonwood", "Cottonwood", 75, "Elementary schools"),
    ("Alder Valley High", "Preparatoria Alder Valley", 120, "Middle and high schools"),
    ("Cedar Continuation", "Escuela Cedar", 14, "Middle and high schools"),
    ("Transport yard", "Patio de transporte", 40, "Yards"),
    ("Central kitchen", "Cocina central", 24, "Departments"),
    ("District office", "Oficina del distrito", 64, "Departments"),
)
UNITS = (
    ("Alder Valley Teachers Association unit", "Unidad de Alder Valley Teachers Association", 236, None),
    ("Classified Employees Chapter 212 unit", "Unidad de Classified Employees Chapter 212", 100, None),
    ("Bus and Trades Local 27 unit", "Unidad de Bus and Trades Local 27", 44, None),
    ("Not represented", "Sin representación", 35, None),
)
Label = tuple[str, str, int | None, str | None]
LEVELS = {
    "Elementary schools": "Escuelas primarias",
    "Middle and high schools": "Escuelas intermedias y preparatorias",
    "Departments": "Departamentos",
    "Yards": "Patios",
}


def asked(id: str, kind: str, en: str, es: str, options: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    """Return a question as a paper has it."""
    texts = [{"text": {"en": one, "es": other}} for one, other in FIXED.get(kind, options)]
    return {"id": id, "kind": kind, "text": {"en": en, "es": es}, "help": None, "options": texts, "group": None}


def grouping(id: str, dimension: str, en: str, es: str, labels: Sequence[Label]) -> dict[str, Any]:
    """Return a group question as a paper has it; labels are (English, Spanish, roster, level)."""
    options = [
        {"text": {"en": one, "es": other}, "roster": roster, "level": _level(level), "holds": [one]}
        for one, other, roster, level in labels
    ]
    return {**asked(id, "one", en, es), "options": options, "group": dimension}


def _level(name: str | None) -> dict[str, str] | None:
    return {"en": name, "es": LEVELS[name]} if name else None


def release(
    questions: Sequence[Mapping[str, Any]],
    columns: Mapping[str, Any],
    *,
    eligible: int | None,
    pairs: Sequence[tuple[str, str]] = (),
    minimum: int = 10,
) -> dict[str, Any]:
    """Return the content of a release of these questions and answers, in the form of a real one."""
    groups = [question for question in questions if question["group"]]
    plan = TablePlan(
        tuple(Question(q["id"], q["kind"], len(q["options"])) for q in questions if not q["group"]),
        tuple(_group(question) for question in groups),
        tuple(question["id"] for question in groups),
        tuple(pairs),
        minimum,
        eligible,
    )
    people = len(next(iter(columns.values())))
    return {
        "format": "cg1-release",
        "survey": "0f" * 16,
        "paper": "ab" * 32,
        "counted_on": "2026-12-14",
        "counts": {
            "eligible": eligible,
            "sealed": people + 2,
            "counted": people,
            "rejected": {"cancelled": 2},
            "codes_printed": 300,
            "list": "cd" * 32,
        },
        "tables": protect(plan, columns).as_json(),
        "words": {**_words(), "questions": [dict(question) for question in questions]},
    }


def _group(question: Mapping[str, Any]) -> GroupQuestion:
    options = question["options"]
    rosters = tuple(option["roster"] for option in options)
    levels = tuple(option["level"] and option["level"]["en"] for option in options)
    return GroupQuestion(question["id"], len(options), rosters, levels)


def _words() -> dict[str, Any]:
    return {
        "title": {"en": "How is work going for you?", "es": "¿Cómo le va en el trabajo?"},
        "purpose": {
            "en": "We want to know what makes work heavy.",
            "es": "Queremos saber qué hace pesado el trabajo.",
        },
        "district": "Alder Valley Unified School District",
        "initiative": {"en": "Well Rooted", "es": "Con Buenas Raíces"},
        "parties": [
            {"id": str(number) * 32, "name": name, "short": short, "kind": kind, "seals": True}
            for number, (name, short, kind) in enumerate(PARTIES, start=1)
        ],
        "parts": [],
        "timezone": "America/Los_Angeles",
    }


QUESTIONS = (
    grouping(
        "q1", "site", "Where do you work most of the time?", "¿Dónde trabaja la mayor parte del tiempo?", SITES
    ),
    grouping("q2", "unit", "Which unit is your job in?", "¿A qué unidad pertenece su puesto?", UNITS),
    asked("q3", "agreement", "I can take my full break on most days.", "Puedo tomar mi descanso completo."),
    asked(
        "q4",
        "agreement",
        "When I raise a problem, someone follows up.",
        "Cuando planteo un problema, hay respuesta.",
    ),
    asked("q5", "frequency", "How often are you too tired after work?", "¿Con qué frecuencia termina sin energía?"),
    asked("q6", "scale10", "All in all, how is work going?", "En general, ¿cómo le va en el trabajo?"),
    asked(
        "q7",
        "several",
        "Which of these would you use?",
        "¿Cuáles de estas opciones usaría usted?",
        (("Cover for breaks", "Relevo en los descansos"), ("Walks", "Caminatas"), ("None of these", "Ninguna")),
    ),
    asked(
        "q8",
        "one",
        "When could you take part?",
        "¿Cuándo podría participar?",
        (("Before my shift", "Antes de mi turno"), ("In a break", "En un descanso"), ("After it", "Después")),
    ),
    asked("q9", "one", "Do you have a place to rest?", "¿Tiene dónde descansar?", (("Yes", "Sí"), ("No", "No"))),
)
SHARES = (0.55, 0.5, 0.6, 0.6, 1.0, 0.25, 0.6)
"""How many of each site answer: in the fifth everyone, in the sixth so few that they are hidden."""


def valley(seed: int = 415) -> dict[str, Any]:
    """Return a release of 415 people asked at seven sites: one joined, one hidden, one where everyone answered."""
    chance = np.random.default_rng(seed)
    sites = np.concatenate(
        [
            np.full(round(label[2] * share), place)
            for place, (label, share) in enumerate(zip(SITES, SHARES, strict=True))
        ]
    ).astype(np.uint8)
    people = len(sites)
    units = chance.choice(4, people, p=[0.6, 0.18, 0.1, 0.12]).astype(np.uint8)
    columns = {
        "q1": _some_left_out(sites, chance, 0.0),
        "q2": _some_left_out(units, chance, 0.0),
        "q3": _scale(np.where(units == 3, 0.51, 0.37), chance),
        "q4": _scale(np.where(units == 3, 0.79, 0.41), chance),
        "q5": np.clip(np.rint(chance.normal(2.4, 1.0, people)), 0, 4).astype(np.uint8),
        "q6": np.clip(np.rint(chance.normal(6.3, 2.1, people)), 0, 10).astype(np.uint8),
        "q7": chance.random((people, 3)) < (0.52, 0.27, 0.2),
        "q8": chance.choice(3, people, p=[0.2, 0.5, 0.3]).astype(np.uint8),
        "q9": chance.choice(2, people, p=[0.6, 0.4]).astype(np.uint8),
    }
    return release(QUESTIONS, columns, eligible=415, pairs=[("q1", "q2")])


def _scale(likely: Any, chance: np.random.Generator) -> Any:
    draw = chance.random(len(likely))
    high = 3 + (chance.random(len(likely)) < 0.29)
    low = (chance.random(len(likely)) >= 0.34).astype(int)
    values = np.where(draw < likely, high, np.where(draw < likely + 0.18, 2, low))
    return _some_left_out(values.astype(np.uint8), chance, 0.04)


def _some_left_out(values: Any, chance: np.random.Generator, share: float) -> Any:
    return np.where(chance.random(len(values)) < share, NONE, values).astype(np.uint8)


def stored(actor: Any, survey_id: Any, content: Mapping[str, Any] | None = None) -> Any:
    """Put a made-up release into the register as counting does, at the moment that counts now."""
    from commonground.kernel import time
    from commonground.kernel.text import sha256
    from commonground.releases.models import Release

    data = canonical(content or valley())
    row = Release(
        partnership_id=actor.tenant, survey_id=survey_id, data=data, hash=sha256(data), seen_from=time.now()
    )
    row.save(force_insert=True)
    return row
