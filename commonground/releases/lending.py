"""What of a published release may be lent to comparisons: printed whole percents of the district."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from commonground.disclosure import noise
from commonground.disclosure.compared import LEAST_PEOPLE
from commonground.kernel.languages import both
from commonground.kernel.text import sha256
from commonground.releases import findings, wording
from commonground.releases.reading import Question, Reading, Text, Told

ANSWERED = "answered"


@dataclass(frozen=True)
class Index:
    """One number that may be lent. `key` is the same wherever the same was asked, with the same choices.

    `reach` is by how many points one person can move it, None where that is not known: it is printed in steps, or
    fewer answered it than noise takes.
    """

    key: str
    text: Text
    value: int
    reach: int | None


def people(content: Mapping[str, Any]) -> int:
    """Return how many people at least are behind a release."""
    n = Reading(content).district.n
    return n.at_least if n else 0


def lendable(content: Mapping[str, Any]) -> list[Index]:
    """Return the share that answered, and of each question the district's upper share, where they are exact."""
    reading = Reading(content)
    found = [_index(reading, question) for question in reading.questions]
    return [*_answered(reading), *(index for index in found if index)]


def _answered(reading: Reading) -> list[Index]:
    n, asked = reading.district.n, reading.eligible
    if n is None or n.exact is None or not asked:
        return []
    text = both(lambda: _("Share of the staff who answered"))
    return [Index(ANSWERED, text, round(100 * n.exact / asked), noise.reach(2, 1))]


def _index(reading: Reading, question: Question) -> Index | None:
    told = reading.told(question, {})
    if not isinstance(told.top, int):
        return None
    return Index(_key(question), both(lambda: _says(question)), told.top, _reach(question, told))


def _reach(question: Question, told: Told) -> int | None:
    if told.step != 1 or told.n is None or told.n.at_least < LEAST_PEOPLE:
        return None
    return noise.reach(len(question.options), len(question.top))


def _key(question: Question) -> str:
    words = [question.kind, question.text["en"], *(option["en"] for option in question.options)]
    return sha256("\n".join(" ".join(each.split()).casefold() for each in words).encode())[:16]


def _says(question: Question) -> str:
    words = {"answer": findings.upper(question), "question": wording.here(question.text)}
    return _("%(answer)s: “%(question)s”") % words
