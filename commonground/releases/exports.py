"""Released numbers as files: exactly the printed values, one row for each cell, question and option.

A value stands in `from` and `to`, in percent: the same number twice where it is exact. A hidden one has neither,
and its status says that it is not shown.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from commonground.kernel.sheets import Cell as Value
from commonground.kernel.sheets import Sheet, as_csv, as_xlsx
from commonground.releases.reading import Breakdown, Group, People, Question, Reading, Share, Told

MOST_GROUPINGS = 2
HEAD = (
    *("grouping 1", "group 1", "grouping 2", "group 2"),
    *("people from", "people to"),
    *("question", "what", "option", "status", "percent from", "percent to", "mean"),
    *("answers from", "answers to", "step", "reason"),
)
STATUS = (
    ("shown", "Whole percent of those who answered the question.", "Porcentaje entero de quienes respondieron."),
    (
        "steps",
        "Percent rounded to the step, to protect people.",
        "Porcentaje redondeado al paso indicado, para proteger a las personas.",
    ),
    (
        "range",
        "At least one number is a range, to protect people.",
        "Al menos un número es un intervalo, para proteger a las personas.",
    ),
    ("withheld", "Not shown, to protect people.", "No se muestra, para proteger a las personas."),
)
REASONS_ES = {
    "protected": "Muy pocas respuestas aquí o al lado: no se muestra, para proteger a las personas.",
    "nearly_all": "Respondió casi todo el grupo: los números van por pasos, para proteger a las personas.",
    "under_20": "Menos de 20 respuestas: solo se muestra el porcentaje por pasos, para proteger a las personas.",
    "few_choices": "Menos de 30 respuestas: cada porcentaje va por pasos, para proteger a las personas.",
    "under_30": "Menos de 30 respuestas: no se muestran por separado, para proteger a las personas.",
    "crossed": "En cruces de grupos solo se muestra el porcentaje superior, para proteger a las personas.",
    "ends": "Los porcentajes muy bajos y muy altos son intervalos, para proteger a las personas.",
}
Row = tuple[Value, ...]


@dataclass(frozen=True)
class Kind:
    """A kind of file: its media type, and how it is made from the released bytes."""

    content_type: str
    make: Callable[[bytes], bytes]


def released(data: bytes) -> bytes:
    """Return the released bytes as they are; their SHA-256 is the hash of the release."""
    return data


def csv(data: bytes) -> bytes:
    """Return the numbers as CSV."""
    return as_csv(HEAD, rows(_read(data)))


def xlsx(data: bytes) -> bytes:
    """Return the numbers and the codebook as a workbook."""
    reading = _read(data)
    return as_xlsx(
        [
            Sheet("Numbers", HEAD, list(rows(reading))),
            Sheet("Questions", ("question", "kind", "option", "English", "Español"), list(_questions(reading))),
            Sheet("Groups", ("grouping", "group", "holds", "English", "Español", "roster"), list(_groups(reading))),
            Sheet("Words", ("word", "English", "Español"), list(_words(reading))),
        ]
    )


KINDS: Mapping[str, Kind] = {
    "json": Kind("application/json", released),
    "csv": Kind("text/csv; charset=utf-8", csv),
    "xlsx": Kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx),
}
"""Kinds of files by the ending of their names."""


def _read(data: bytes) -> Reading:
    return Reading(json.loads(data))


def rows(reading: Reading) -> Iterator[Row]:
    """Yield a row for each cell, question and printed number, in the order of the release."""
    for cell in reading.cells:
        place = [part for name, number in cell.at.items() for part in (name, number)]
        at = (*place, *[None] * (2 * MOST_GROUPINGS - len(place)), *_bounds(cell.n))
        if cell.hidden:
            yield (*at, None, "cell", None, "withheld", *[None] * 6, cell.reason)
        for question in reading.questions:
            if question.id in cell.answers:
                yield from (_row(at, question, *fact) for fact in _facts(cell.answers[question.id]))


def _facts(told: Told) -> Iterator[tuple[str, int | None, Share, Told]]:
    if told.hidden:
        yield "answers", None, None, told
        return
    for place, share in enumerate(told.options or ()):
        yield "option", place, share, told
    if told.top is not None:
        yield "upper answers", None, told.top, told
    if told.mean is not None:
        yield "mean", None, None, told


def _row(at: Row, question: Question, what: str, option: int | None, share: Share, told: Told) -> Row:
    low, high = share if isinstance(share, tuple) else (share, share)
    mean = told.mean if what == "mean" else None
    counts = (*_bounds(told.n), told.step, told.reason)
    return (*at, question.id, what, option, told.status, low, high, mean, *counts)


def _bounds(people: People | None) -> tuple[int | None, int | None]:
    return (people.at_least, people.at_most) if people else (None, None)


# The codebook


def _questions(reading: Reading) -> Iterator[Row]:
    for question in reading.questions:
        yield question.id, question.kind, None, question.text["en"], question.text["es"]
        for place, text in enumerate(question.options):
            upper = "option, upper" if place in question.top else "option"
            yield question.id, upper, place, text["en"], text["es"]


def _groups(reading: Reading) -> Iterator[Row]:
    for breakdown in reading.breakdowns:
        yield breakdown.id, None, None, breakdown.text["en"], breakdown.text["es"], None
        for group in breakdown.groups:
            yield from _held(breakdown, group)


def _held(breakdown: Breakdown, group: Group) -> Iterator[Row]:
    """Yield one row for each label that a group holds, with the roster of the whole group."""
    for number, text in enumerate(group.names, start=1):
        yield breakdown.id, group.place, number, text["en"], text["es"], group.roster
    if group.left_out:
        none = ("Those who did not answer this", "Quienes no respondieron a esto")
        yield breakdown.id, group.place, len(group.names) + 1, *none, None


def _words(reading: Reading) -> Iterator[Row]:
    yield "title", reading.title["en"], reading.title["es"]
    yield from STATUS
    for reason, words in reading.tables["reasons"].items():
        yield reason, words, REASONS_ES.get(reason, words)
