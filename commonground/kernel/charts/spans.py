"""Differences as spans on a scale with nought in the middle: what does not cross it is more than chance."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from commonground.kernel.charts.figure import Chart, alternative, joined, row, table

TICKS = (12, 31, 50, 69, 88)
ENDS = (10, 20, 30, 40, 50, 60, 80, 100)
"""How many points a scale may reach to both sides."""


@dataclass(frozen=True)
class Span:
    """A difference between `low` and `high` points; `sure` says that it is more than chance.

    `says` puts it in words, `beside` the numbers it comes from, which stand under the span; `cells` are its columns
    in the table after the name, `group` stands above rows alike. Without ends nothing is compared, and `says` is
    all that stands there.
    """

    label: str
    low: int | None
    high: int | None
    says: str
    sure: bool = False
    beside: str = ""
    cells: tuple[str, ...] = ()
    group: str = ""


def spans(id: str, heading: str, rows: Sequence[Span], head: Sequence[str], *, note: str = "") -> Chart:
    """Draw a span for each row on one scale: a filled dot where it is sure, an open one and dashes where not.

    `head` names the columns of the table: the row, then the `cells` of a row.
    """
    end = _end(rows)
    said = [f"{one.label} {one.says}" for one in rows]
    return Chart(
        id=id,
        heading=heading,
        alternative=alternative(heading, said),
        legend=_legend(),
        drawing=joined([_axis(end), *_rows(rows, end)]),
        table=table(heading, [*head, _("In words")], [[one.label, *one.cells, one.says] for one in rows]),
        note=note,
    )


def _end(rows: Sequence[Span]) -> int:
    most = max((abs(edge) for one in rows for edge in (one.low, one.high) if edge is not None), default=0)
    return next(end for end in ENDS if most <= end)


def _rows(rows: Sequence[Span], end: int) -> Iterator[SafeString]:
    above = ""
    for one in rows:
        if one.group != above:
            above = one.group
            yield format_html('<p class="small soft grp">{}</p>', above)
        yield row(one.label, _drawing(one, end), _figure(one), "c long")


def _figure(one: Span) -> SafeString | str:
    if one.low is None:
        return ""
    return format_html("<b>{}</b>", one.says) if one.sure else one.says


def _drawing(one: Span, end: int) -> SafeString:
    if one.low is None or one.high is None:
        return format_html('<p class="withheld">{}</p>', one.says)
    low, high = (_x(edge, end) for edge in (one.low, one.high))
    return format_html(
        '<div><svg><line class="x0" x1="50%" x2="50%" y1="4%" y2="96%"/>'
        '<line class="gap{}" x1="{}%" x2="{}%" y1="50%" y2="50%"/>'
        '<circle class="{}" cx="{}%" cy="50%" r="7"/></svg>{}</div>',
        "" if one.sure else " weak",
        f"{low:.1f}",
        f"{high:.1f}",
        "f-common" if one.sure else "f-open",
        f"{(low + high) / 2:.1f}",
        format_html('<p class="fine soft">{}</p>', one.beside) if one.beside else "",
    )


def _x(points: float, end: int) -> float:
    return TICKS[2] + (TICKS[-1] - TICKS[2]) * points / end


def _axis(end: int) -> SafeString:
    words = (
        ("0", "start", _("%(n)s points fewer") % {"n": end}),
        (str(TICKS[2]), "middle", _("equal")),
        ("100", "end", _("%(n)s points more") % {"n": end}),
    )
    return format_html(
        '<div class="c long"><span></span><svg>{}</svg><span></span></div>',
        format_html_join("", '<text class="mute" x="{}%" y="70%" text-anchor="{}">{}</text>', words),
    )


def _legend() -> SafeString:
    names = (("gap", "f-common", _("more than chance")), ("gap weak", "f-open", _("too close to call")))
    return format_html(
        '<p class="legend small">{}</p>',
        format_html_join(
            "",
            '<span><svg aria-hidden="true">{}<circle class="{}" cx="50%" cy="50%" r="6"/></svg>{}</span>',
            (
                (mark_safe(f'<line class="{line}" x1="0%" x2="100%" y1="50%" y2="50%"/>'), dot, words)
                for line, dot, words in names
            ),
        ),
    )
