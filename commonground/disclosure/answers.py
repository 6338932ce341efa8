"""Answers as arrays, checked against the plan before anything is counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commonground.disclosure.plan import Question, TablePlan

Column = NDArray[Any]

NO_ANSWER = 255


class ColumnsMalformed(ValueError):
    """The arrays do not fit the plan: one is missing, has another length, or holds an option that is not there."""


@dataclass(frozen=True)
class Answers:
    """The answers of all people, in whatever order they came.

    `labels[group]` has the label of each person, the number of labels for those who left it out;
    `values[question]` the option of each person, or people x options of bool for several choice;
    `answered[question]` who answered.
    """

    people: int
    labels: Mapping[str, NDArray[np.intp]]
    values: Mapping[str, Column]
    answered: Mapping[str, NDArray[np.bool_]]

    @classmethod
    def read(cls, plan: TablePlan, columns: Mapping[str, Column]) -> "Answers":
        """Return the columns of the plan in the forms above. Raises ColumnsMalformed."""
        names = [*plan.margins, *(question.id for question in plan.questions)]
        missing = [name for name in names if name not in columns]
        if missing:
            raise ColumnsMalformed(f"There is no column for {', '.join(missing)}.")
        lengths = {len(columns[name]) for name in names}
        if len(lengths) > 1:
            raise ColumnsMalformed("The columns have different lengths.")
        several = {q.id: _several(q, columns) for q in plan.questions if q.kind == "several"}
        single = {q.id: _single(q.id, columns[q.id], q.options) for q in plan.questions if q.kind != "several"}
        labels = {name: _single(name, columns[name], plan.group(name).labels) for name in plan.margins}
        return cls(
            people=lengths.pop() if lengths else 0,
            labels={
                name: np.where(column == NO_ANSWER, plan.group(name).labels, column).astype(np.intp)
                for name, column in labels.items()
            },
            values={**single, **{name: chosen for name, (chosen, _) in several.items()}},
            answered={
                **{name: column != NO_ANSWER for name, column in single.items()},
                **{name: answered for name, (_, answered) in several.items()},
            },
        )


def _single(name: str, column: Column, options: int) -> Column:
    if column.ndim != 1 or column.dtype != np.uint8:
        raise ColumnsMalformed(f"The column {name} must be one row of unsigned bytes.")
    if ((column >= options) & (column != NO_ANSWER)).any():
        raise ColumnsMalformed(f"The column {name} holds an option that the question does not have.")
    return column


def _several(question: Question, columns: Mapping[str, Column]) -> tuple[Column, NDArray[np.bool_]]:
    chosen = columns[question.id]
    if chosen.ndim == 1 and chosen.dtype.kind == "u" and question.options <= 64:
        if (chosen.astype(np.uint64) >> np.uint64(question.options - 1) > 1).any():
            raise ColumnsMalformed(f"The column {question.id} holds an option that the question does not have.")
        chosen = (chosen.astype(np.uint64)[:, None] >> np.arange(question.options, dtype=np.uint64) & 1).astype(
            bool
        )
    if chosen.dtype != np.bool_ or chosen.shape[1:] != (question.options,):
        raise ColumnsMalformed(f"The column {question.id} must be people x {question.options} yes-or-no values.")
    answered = columns.get(f"{question.id}:answered", chosen.any(axis=1)).astype(bool)
    if len(answered) != len(chosen) or (chosen.any(axis=1) & ~answered).any():
        raise ColumnsMalformed(f"The column {question.id} has choices by people who did not answer it.")
    return chosen, answered
