"""What 814 people of Alder Valley answered in fall, and some of them in winter: drawn once, from a fixed seed."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from commonground.demo.roster import Worker, workers
from commonground.demo.valley import CLASSES
from commonground.sealing.answers import Quotable

ANSWERED = {"AVTA": 475, "CEC212": 243, "BTL27": 32, "none": 64}
"""Answers by unit in fall: 814 of 1,482."""

FAMILY_OF = {job: family for job, _en, _es, family in CLASSES}
LEFT_OUT = 0.012
"""The share of people who leave out a question; everyone names the own unit."""

COMMENT_EVERY = 9
NAMING = "Principal Marsh at Juniper walks past when we ask for cover."
"""A comment that names somebody, as happens: the reviewers take the name out."""
QUOTABLE = 3
"""One in so many does not allow quoting, nor does who types a printed code."""

COMMENTS = {
    "en": (
        "The break room has no window and one chair.",
        "Tell us a week ahead when the schedule changes.",
        "A short meeting with the whole crew would help more than another form.",
        "Thank you for asking together.",
    ),
    "es": (
        "La sala de descanso no tiene ventana.",
        "Avísennos con una semana cuando cambie el horario.",
        "Gracias por preguntar juntos.",
    ),
}
LIKELY: Mapping[str, tuple[float, float]] = {
    "workload": (0.34, 0.41),
    "breaks": (0.37, 0.51),
    "follow_up": (0.41, 0.79),
    "respect": (0.62, 0.86),
    "team": (0.84, 0.79),
    "help": (0.58, 0.72),
    "attend": (0.29, 0.55),
}
"""How likely agreement is: staff in the three units, and the others."""

HARDER = {"food": -0.17, "transport": -0.1, "para": -0.07, "custodial": -0.05}
WISHED = (0.44, 0.52, 0.27, 0.31, 0.08)
WHEN = (12, 38, 22, 28)

Value = int | str | Sequence[int] | None


@dataclass(frozen=True)
class Reply:
    """One person's answers by the short names of the questions; places and jobs by their codes.

    `mailbox` is empty for somebody who gets a printed code; `language` is the one the person answers in.
    """

    mailbox: str
    language: str

    site: str | None
    family: str | None
    unit: str
    values: Mapping[str, Value]


def fall() -> list[Reply]:
    """Return the 814 replies of the fall survey."""
    chance = random.Random(814)
    return _commented([_reply(worker, chance) for worker in _who(ANSWERED, chance)])


def _commented(replies: Sequence[Reply]) -> list[Reply]:
    """Let some people write a comment in their own language, and one of them name a principal."""
    return [_with_comment(reply, place) for place, reply in enumerate(replies)]


def _with_comment(reply: Reply, place: int) -> Reply:
    if place % COMMENT_EVERY:
        return reply
    written = COMMENTS[reply.language]
    said = NAMING if place == 2 * COMMENT_EVERY else written[place % len(written)]
    allowed = place // COMMENT_EVERY % QUOTABLE
    return replace(reply, values={**reply.values, "else": Quotable(said) if allowed else said})


def winter() -> list[Reply]:
    """Return the 163 replies that have come to the pulse so far; breaks are somewhat better."""
    chance = random.Random(163)
    counts = {unit: number // 5 for unit, number in ANSWERED.items()}
    return [_reply(worker, chance, better=0.12) for worker in _who(counts, chance)]


def _who(counts: Mapping[str, int], chance: random.Random) -> list[Worker]:
    everybody = workers()
    chosen: list[Worker] = []
    for unit, number in counts.items():
        chosen += chance.sample([worker for worker in everybody if worker.unit == unit], number)
    chance.shuffle(chosen)
    return chosen


def _reply(worker: Worker, chance: random.Random, better: float = 0.0) -> Reply:
    family = FAMILY_OF[worker.job]
    values: dict[str, Value] = {
        name: _agreement(base[worker.unit == "none"] + HARDER.get(family, 0) * (name == "breaks") + better, chance)
        for name, base in LIKELY.items()
    }
    values["tired"] = min(4, max(0, round(chance.gauss(2.4, 1.0))))
    values["overall"] = min(10, max(0, round(chance.gauss(6.3, 2.1))))
    values["when"] = chance.choices(range(4), WHEN)[0]
    values["wishes"] = [index for index, share in enumerate(WISHED) if chance.random() < share]
    for name in values:
        if chance.random() < LEFT_OUT:
            values[name] = None
    return Reply(
        worker.email,
        "es" if worker.language == "es" else "en",
        None if chance.random() < LEFT_OUT else worker.site,
        None if chance.random() < LEFT_OUT else family,
        worker.unit,
        values,
    )


def _agreement(likely: float, chance: random.Random) -> int:
    """Return an answer from 0 (strongly disagree) to 4 (strongly agree)."""
    draw = chance.random()
    if draw < likely:
        return 4 if chance.random() < 0.29 else 3
    if draw < likely + 0.18:
        return 2
    return 0 if chance.random() < 0.34 else 1
