"""Released numbers as files: exactly the printed values, one row for each cell, question and option.

A value stands in `from` and `to`, in percent: the same number twice where it is exact. A hidden one has neither,
and its status says that it is not shown.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil, floor
from typing import Protocol

from commonground.kernel.sheets import Cell as Value
from commonground.kernel.sheets import Sheet, as_csv, as_xlsx
from commonground.kernel.text import sha256
from commonground.releases.differences import Compared, Differences, among_groups, since
from commonground.releases.intervals import Shown
from commonground.releases.reading import Breakdown, Group, People, Question, Reading, Share, Told
from commonground.sealing.formats import fingerprint

MOST_GROUPINGS = 2
HEAD = (
    *("grouping 1", "group 1", "grouping 2", "group 2"),
    *("people from", "people to"),
    *("question", "what", "option", "status", "percent from", "percent to", "mean"),
    *("answers from", "answers to", "step", "reason"),
)
DIFFERENCES_HEAD = (
    *("beside", "grouping", "group", "question"),
    *("percent from", "percent to", "answers from", "answers to"),
    *("other percent from", "other percent to", "other answers from", "other answers to"),
    *("difference from", "difference to", "says"),
)
DIFFERENCES_WORDS = (
    (
        "beside",
        "What the upper answers of a group are compared with: everyone else in the district, or the last time.",
        "Con qué se compara el porcentaje superior de un grupo: con el resto del distrito o con la vez anterior.",
    ),
    (
        "difference from, difference to",
        "Between how many points the difference lies, by chance, rounding and the number of comparisons.",
        "Entre cuántos puntos está la diferencia, según el azar, el redondeo y el número de comparaciones.",
    ),
    (
        "more, fewer, close, unknown",
        "More people, fewer people, too close to call, or not enough is shown to compare.",
        "Más personas, menos personas, demasiado parejo para saberlo, o se muestra muy poco para comparar.",
    ),
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
QUESTION_HEAD = (
    *("question", "kind", "option", "English", "Español", "base", "base (español)"),
    *("answers from", "answers to"),
)
FACTS = {
    "title": ("What the survey was called.", ""),
    "district": ("Who asked.", "Quién preguntó."),
    "counted on": ("The day of the count.", "El día del recuento."),
    "asked": ("People who were asked.", "Personas a quienes se preguntó."),
    "answered from": ("People who answered, at least.", "Personas que respondieron, como mínimo."),
    "answered to": ("People who answered, at most.", "Personas que respondieron, como máximo."),
    "release": (
        "SHA-256 of the released bytes (the JSON file).",
        "SHA-256 de los bytes publicados (el archivo JSON).",
    ),
    "fingerprint of the release": ("26 characters that stand for that hash.", "26 caracteres que lo representan."),
    "paper": ("SHA-256 of the frozen survey.", "SHA-256 de la encuesta fijada."),
    "fingerprint of the paper": (
        "26 characters, as on letters and cards.",
        "26 caracteres, como en las cartas y las tarjetas.",
    ),
    "certificate": (
        "SHA-256 of the certificate (the NPZ file): invented data sets, each of which prints this very release. "
        "In one of them each hidden group holds as many people as the smallest group that is shown, or all that "
        "there are, and some but not all of it gave each answer that is not shown. So neither follows from the "
        "release. commonground verify-release checks it.",
        "SHA-256 del certificado (el archivo NPZ): conjuntos de datos inventados, cada uno de los cuales da "
        "exactamente estos resultados. En alguno de ellos cada grupo oculto tiene tantas personas como el grupo "
        "más pequeño que se muestra, o todas las que hay, y algunas de ellas, pero no todas, dieron cada respuesta "
        "que no se muestra. Así que ni lo uno ni lo otro se deduce de los resultados. commonground verify-release "
        "lo comprueba.",
    ),
    "smallest group": (
        "No number describes fewer people.",
        "Ningún número describe a menos personas.",
    ),
    "gate": ("The rules that every number passed.", "Las reglas que pasó cada número."),
}
COLUMNS = (
    (
        "grouping 1, group 1",
        "Whom a number describes: a group of a group question, see the sheet Groups. Empty: the whole district.",
        "A quién describe un número: un grupo de una pregunta, vea la hoja Groups. Vacío: todo el distrito.",
    ),
    (
        "grouping 2, group 2",
        "The second group question, where two are crossed.",
        "La segunda pregunta de grupo, donde se cruzan dos.",
    ),
    (
        "people from, people to",
        "Everyone in the group who answered the survey. Two numbers where nearly everyone did, to protect people.",
        "Todas las personas del grupo que respondieron la encuesta. Dos números si respondió casi todo el grupo, "
        "para proteger a las personas.",
    ),
    (
        "answers from, answers to",
        "Those of them who answered the question: the base of each percent and mean. Two numbers where the exact "
        "one would tell how few left it out.",
        "Quienes de ellos respondieron la pregunta: la base de cada porcentaje y promedio. Dos números donde el "
        "exacto diría cuán pocos no la respondieron.",
    ),
    (
        "percent from, percent to",
        "Whole percent, the same number twice where it is exact, otherwise the ends of a range.",
        "Porcentaje entero, el mismo número dos veces si es exacto; si no, los extremos de un intervalo.",
    ),
    (
        "upper answers",
        "The share of the options marked as upper in the sheet Questions.",
        "El porcentaje de las opciones marcadas como superiores en la hoja Questions.",
    ),
    (
        "mean",
        "The mean to one decimal, on 1 to 5 or 0 to 10, only where the upper share is one number.",
        "El promedio con un decimal, de 1 a 5 o de 0 a 10, solo donde el porcentaje superior es un número.",
    ),
    ("step", "What percents are rounded to.", "A qué se redondean los porcentajes."),
)
REASONS_ES = {
    "protected": "Muy pocas respuestas aquí o al lado: no se muestra, para proteger a las personas.",
    "nearly_all": "Respondió casi todo el grupo: los números van por pasos, para proteger a las personas.",
    "under_20": "Menos de 20 respuestas: solo se muestra el porcentaje por pasos, para proteger a las personas.",
    "few_choices": "Menos de 30 respuestas: cada porcentaje va por pasos, para proteger a las personas.",
    "under_30": "Menos de 30 respuestas: no se muestran por separado, para proteger a las personas.",
    "crossed": "En cruces de grupos solo se muestra el porcentaje superior, para proteger a las personas.",
    "steps": "Aquí los porcentajes exactos dirían algo de un grupo oculto; por eso van por pasos, para proteger.",
    "ends": "Los porcentajes muy bajos y muy altos son intervalos, para proteger a las personas.",
    "not_apart": "Los intervalos no ocultarían cuántos dieron una respuesta: no van por separado.",
}
Row = tuple[Value, ...]


class Make(Protocol):
    """Makes a file from the released bytes, and from those before them in a series where it tells of change."""

    def __call__(self, data: bytes, earlier: bytes | None = None) -> bytes:
        """Return the file."""
        ...


@dataclass(frozen=True)
class Kind:
    """A kind of file: its media type, and how it is made from the released bytes."""

    content_type: str
    make: Make


def released(data: bytes, earlier: bytes | None = None) -> bytes:
    """Return the released bytes as they are; their SHA-256 is the hash of the release."""
    return data


def csv(data: bytes, earlier: bytes | None = None) -> bytes:
    """Return the numbers as CSV."""
    return as_csv(HEAD, rows(_read(data)))


def differences_csv(data: bytes, earlier: bytes | None = None) -> bytes:
    """Return as CSV how groups differ from everyone else, and what changed since the earlier release, if any."""
    return as_csv(DIFFERENCES_HEAD, compared(data, earlier))


def xlsx(data: bytes, earlier: bytes | None = None) -> bytes:
    """Return the numbers, the differences and the codebook as a workbook."""
    numbers = Sheet("Numbers", HEAD, list(rows(_read(data))))
    return as_xlsx(
        [numbers, Sheet("Differences", DIFFERENCES_HEAD, list(compared(data, earlier))), *codebook(data)]
    )


def codebook_csv(data: bytes, earlier: bytes | None = None) -> bytes:
    """Return the codebook as CSV: the workbook's sheets one below the other, each line with its sheet's name."""
    lines = [(sheet.name, *row) for sheet in codebook(data) for row in (sheet.head, *sheet.rows)]
    return as_csv(("sheet", *("",) * (max(map(len, lines)) - 1)), lines)


def codebook(data: bytes) -> list[Sheet]:
    """Return what explains the numbers: the release itself, its questions, its groups, its words."""
    reading = _read(data)
    return [
        Sheet("Release", ("fact", "value", "English", "Español"), list(_facts_of_release(data, reading))),
        Sheet("Questions", QUESTION_HEAD, list(_questions(reading))),
        Sheet("Groups", ("grouping", "group", "holds", "English", "Español", "roster"), list(_groups(reading))),
        Sheet("Words", ("word", "English", "Español"), list(_words(reading))),
    ]


KINDS: Mapping[str, Kind] = {
    "json": Kind("application/json", released),
    "csv": Kind("text/csv; charset=utf-8", csv),
    "differences.csv": Kind("text/csv; charset=utf-8", differences_csv),
    "codebook.csv": Kind("text/csv; charset=utf-8", codebook_csv),
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


# Differences


def compared(data: bytes, earlier: bytes | None) -> Iterator[Row]:
    """Yield a row for each comparison: with everyone else, then with the earlier release."""
    reading = _read(data)
    yield from _compared("everyone else", among_groups(reading))
    if earlier:
        yield from _compared("last time", since(_read(earlier), reading))


def _compared(beside: str, found: Differences) -> Iterator[Row]:
    for one in found.all:
        at = (one.breakdown.id, one.group.place) if one.breakdown and one.group else (None, None)
        judged = one.judged
        yield (beside, *at, one.question.id, *_printed(one), *_other(one), judged.low, judged.high, judged.verdict)


def _printed(one: Compared) -> Row:
    return _ends(one.told) if one.one else (None,) * 4


def _other(one: Compared) -> Row:
    """Return what is printed of an earlier time, or what printed numbers leave for everyone else."""
    if one.other is None:
        return (None,) * 4
    return _ends(one.before) if one.before else _rest(one.other)


def _ends(told: Told) -> Row:
    low, high = told.top if isinstance(told.top, tuple) else (told.top, told.top)
    return (low, high, *_bounds(told.n))


def _rest(other: Shown) -> Row:
    return (floor(100 * other.low), ceil(100 * other.high), other.answers, other.most)


# The codebook


def _facts_of_release(data: bytes, reading: Reading) -> Iterator[Row]:
    district = reading.district.n
    answered = _bounds(district)
    paper = reading.content["paper"]
    values: dict[str, Value] = {
        "title": reading.title["en"],
        "district": reading.words["district"],
        "counted on": date.fromisoformat(reading.content["counted_on"]),
        "asked": reading.eligible,
        "answered from": answered[0],
        "answered to": answered[1],
        "release": sha256(data),
        "fingerprint of the release": fingerprint(bytes.fromhex(sha256(data))),
        "paper": paper,
        "fingerprint of the paper": fingerprint(bytes.fromhex(paper)),
        **({"certificate": made["hash"]} if (made := reading.tables.get("certificate")) else {}),
        "smallest group": reading.minimum,
        "gate": f"{reading.tables['format']}, version {reading.tables.get('gate', 1)}",
    }
    for fact, value in values.items():
        english, spanish = FACTS[fact]
        yield fact, value, english, reading.title["es"] if fact == "title" else spanish


def _questions(reading: Reading) -> Iterator[Row]:
    for question in reading.questions:
        counts = _bounds(reading.told(question, {}).n)
        text = question.text["en"], question.text["es"]
        yield question.id, question.kind, None, *text, *_base(question), *counts
        for place, option in enumerate(question.options):
            upper = "option, upper" if place in question.top else "option"
            yield question.id, upper, place, option["en"], option["es"], *[None] * 4


def _base(question: Question) -> tuple[str, str]:
    if question.kind == "several":
        return (
            "Those who answered this; each option is a share of them, and the shares need not add to 100.",
            "Quienes respondieron a esto; cada opción es un porcentaje de ellos y la suma puede no dar 100.",
        )
    return "Those who answered this.", "Quienes respondieron a esto."


def _groups(reading: Reading) -> Iterator[Row]:
    for breakdown in reading.all_breakdowns:
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
    yield from COLUMNS
    yield from DIFFERENCES_WORDS
    yield from STATUS
    for reason, words in reading.tables["reasons"].items():
        yield reason, words, REASONS_ES.get(reason, words)
