"""Several values of one question on one scale, a lane for each group: which group sees it how."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from commonground.kernel.charts.figure import (
    Chart,
    Number,
    Percent,
    alternative,
    counted,
    instead,
    is_long,
    joined,
    percent,
    spoken,
    table,
)
from commonground.kernel.charts.pairs import PERCENT, TICKS
from commonground.kernel.figures import MANAGEMENT, party


@dataclass(frozen=True)
class Mark:
    """A group with a lane of its own; `side` is labor, management, or empty for neither."""

    label: str
    side: str = ""


@dataclass(frozen=True)
class Dot:
    """The value of one group, and how many people it describes."""

    value: Percent
    n: Number = None


@dataclass(frozen=True)
class Dots:
    """One question with a dot for each group, in the order of the marks; `says` stands beside it."""

    label: str
    dots: Sequence[Dot]
    says: str = ""


def dots(id: str, heading: str, marks: Sequence[Mark], rows: Sequence[Dots], *, note: str = "") -> Chart:
    """Draw a block for each question with one lane a group: circle for labor, square for management."""
    return Chart(
        id=id,
        heading=heading,
        alternative=alternative(heading, [_in_words(row, marks) for row in rows]),
        legend=format_html(
            '<p class="legend">{}</p>',
            format_html_join("", "<span>{}</span>", ((_name(mark),) for mark in marks)),
        ),
        drawing=joined(_block(row, marks) for row in rows),
        table=table(heading, _head(marks), [_cells(row) for row in rows]),
        note=note,
    )


def _name(mark: Mark) -> SafeString:
    if mark.side:
        return party(mark.side, mark.label)
    dot = '<svg aria-hidden="true"><circle class="f-open" cx="50%" cy="50%" r="6"/></svg>{}'
    return format_html(dot, mark.label)


def _block(row: Dots, marks: Sequence[Mark]) -> SafeString:
    lanes = joined(_lane(mark, dot) for mark, dot in zip(marks, row.dots, strict=True))
    return format_html('<p class="small grp">{}{}</p>{}', row.label, f" {row.says}" if row.says else "", lanes)


def _lane(mark: Mark, dot: Dot) -> SafeString:
    told = format_html("<b>{}</b>, n\u00a0{}", percent(dot.value), counted(dot.n))
    figure = told if dot.value is not None else ""
    return format_html(
        '<div class="c"><span class="small">{}</span>{}<span class="{}">{}</span></div>',
        mark.label,
        _drawing(mark, dot.value),
        "small" if is_long(figure) else "num small",
        figure,
    )


def _drawing(mark: Mark, value: Percent) -> SafeString:
    if not isinstance(value, int):
        return instead(value)
    return format_html(
        '<svg><line class="x" x1="{}%" x2="{}%" y1="50%" y2="50%"/>{}</svg>',
        TICKS[0],
        TICKS[-1],
        _shape(mark.side, f"{PERCENT.x(value):.1f}"),
    )


def _shape(side: str, x: str) -> SafeString:
    if side == MANAGEMENT:
        return format_html(
            '<svg x="{}%" y="50%" overflow="visible"><rect class="f-mgmt" x="-7.5" y="-7.5" width="15" height="15" '
            'rx="1.5"/></svg>',
            x,
        )
    return format_html('<circle class="{}" cx="{}%" cy="50%" r="8"/>', "f-labor" if side else "f-open", x)


def _in_words(row: Dots, marks: Sequence[Mark]) -> str:
    values = (f"{mark.label} {spoken(dot.value)}" for mark, dot in zip(marks, row.dots, strict=True))
    return f"{row.label} {', '.join(values)}"


def _head(marks: Sequence[Mark]) -> list[str]:
    return [_("Question"), *(word for mark in marks for word in (mark.label, _("Answers")))]


def _cells(row: Dots) -> list[str]:
    return [
        row.label,
        *(word for dot in row.dots for word in (percent(dot.value), counted(dot.n))),
    ]
