"""Marks of what a writer has read: a short hash of the saved words, so that nobody overwrites another unseen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from commonground.kernel.text import canonical, sha256
from commonground.surveys.models import Option, Part, Question, Survey, TablePair

TEXTS = [
    f"{name}_{language}"
    for name in ("title", "purpose", "message", "contact", "help_lines")
    for language in ("en", "es")
]
TERMS = [
    "opens_at",
    "closes_at",
    "opening_on",
    "results_by",
    "reminders",
    "minimum_group",
    "publish",
    "destroy_after_days",
    "unopened_after_days",
]
QUESTION = ["kind", "text_en", "text_es", "help_en", "help_es", "limit", "health", "dimension", "together"]


@dataclass(frozen=True)
class Marked:
    """What is saved now, by field, and its mark."""

    values: dict[str, Any]

    @property
    def mark(self) -> str:
        """16 characters that change with the words."""
        return sha256(canonical({name: str(value) for name, value in self.values.items()}))[:16]


def _of(row: object, names: Iterable[str]) -> Marked:
    return Marked({name: getattr(row, name) for name in names})


def texts(survey: Survey) -> Marked:
    """Mark title, purpose, message, contact and help lines."""
    return _of(survey, TEXTS)


def terms(survey: Survey) -> Marked:
    """Mark dates and promises."""
    return _of(survey, TERMS)


def part(row: Part) -> Marked:
    """Mark the title of a part."""
    return _of(row, ["title_en", "title_es"])


def question(row: Question, options: Sequence[Option] | None = None) -> Marked:
    """Mark a question with its choices, which are read unless given."""
    if options is None:
        options = list(Option.rows.within(row.partnership_id).filter(question=row))
    choices = {
        "choices_en": "\n".join(option.text_en for option in options),
        "choices_es": "\n".join(option.text_es for option in options),
    }
    return Marked({**_of(row, QUESTION).values, "part": row.part_id, **choices})


def plan(survey: Survey, questions: Sequence[Question], pairs: Sequence[TablePair]) -> Marked:
    """Mark by which questions results may be shown, and by what comments are kept."""
    return Marked(
        {
            "margins": sorted(row.pk.hex for row in questions if row.margin),
            "pairs": sorted(f"{pair.first_id.hex}:{pair.second_id.hex}" for pair in pairs),
            "comments": "level" if survey.comments_by_level else "district",
        }
    )
