"""Diverging bars for scales of agreement, and for other scales with a low and a high side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from commonground.kernel.charts.figure import (
    NOT_APART,
    WITHHELD,
    Chart,
    Percent,
    alternative,
    instead,
    joined,
    percent,
    row,
    spoken,
    table,
)


@dataclass(frozen=True)
class Agreement:
    """Answers on a scale, lowest first; `parts` add to 100. Without `parts` only the share who agree is known."""

    label: str
    parts: tuple[int, ...] | None
    agree: Percent
    n: int | None = None
    group: str = ""


@dataclass(frozen=True)
class _Ground:
    """Where the axis, the middle answers and one point stand, in percent of the width."""

    axis: float
    middle: float
    point: float


def agreement_bars(
    id: str,
    heading: str,
    groups: Sequence[Agreement],
    labels: Sequence[str],
    *,
    heads: tuple[str, str, str] | None = None,
    note: str = "",
) -> Chart:
    """Draw diverging bars: two low answers left of the axis, two high ones right, the middle one apart.

    `labels` name the four or five answers, lowest first; `heads` are short words for low, middle and high, for
    scales other than agreement. All groups stand on one scale, under their `group` where one is named.
    """
    ground = _ground(groups)
    low, middle, high = heads or (_("Disagree"), _("Neither"), _("Agree"))
    spoken_groups = [f"{one.label} {_high(one, high, spoken(one.agree))}" for one in groups]
    top = _head(low, middle if len(labels) == 5 else "", high, ground)
    return Chart(
        id=id,
        heading=heading,
        alternative=alternative(heading, spoken_groups),
        legend=_legend(labels),
        drawing=joined([top, *_rows(groups, ground, high)]),
        table=table(heading, [_("Group"), *labels, _("Answers")], [_cells(one, high) for one in groups]),
        note=note or _("Whole percent, rounded so that each row adds to 100."),
    )


def _rows(groups: Sequence[Agreement], ground: _Ground, high: str) -> Iterator[SafeString]:
    above = ""
    for one in groups:
        if one.group != above:
            above = one.group
            yield format_html('<p class="small soft grp">{}</p>', above)
        yield row(one.label, _bar(one, ground), _figure(one, high))


def _ground(groups: Sequence[Agreement]) -> _Ground:
    """Return the usual ground (0.62 % of the width for a point), or a finer one where a row would not fit."""
    parts = [one.parts for one in groups if one.parts]
    low = max((sum(part[:2]) for part in parts), default=0)
    high = max((sum(part[-2:]) for part in parts), default=0)
    middle = max((part[2] for part in parts if len(part) == 5), default=0)
    if low <= 56 and high <= 62 and middle <= 41:
        return _Ground(35, 74.5, 0.62)
    low = max(low, 30)
    point = 98 / (low + high + middle)
    return _Ground(low * point, 100 - middle * point, point)


def _bar(one: Agreement, ground: _Ground) -> SafeString:
    if one.parts is None:
        return instead(one.agree, NOT_APART)
    low, high = one.parts[:2], one.parts[-2:]
    left = ground.axis - sum(low) * ground.point
    pieces = [
        _piece("k1", left, low[0], ground),
        _piece("k2", left + low[0] * ground.point, low[1], ground),
        _piece("k4", ground.axis, high[0], ground),
        _piece("k5", ground.axis + high[0] * ground.point, high[1], ground),
    ]
    if len(one.parts) == 5:
        pieces = [_upright("x", ground.middle), *pieces, _piece("k3", ground.middle, one.parts[2], ground)]
    return format_html("<svg>{}</svg>", mark_safe("".join([*pieces, _upright("x0", ground.axis)])))


def _piece(css: str, x: float, percent: int, ground: _Ground) -> str:
    """Return one part of a bar; it carries its number from 8 points up."""
    width = percent * ground.point
    bar = f'<rect class="{css}" x="{x:.2f}%" y="10%" width="{width:.2f}%" height="80%"/>'
    if percent < 8:
        return bar
    tone = ' class="on"' if css in ("k1", "k5") else ""
    return f'{bar}<text{tone} x="{x + width / 2:.2f}%" y="50%" dy=".35em" text-anchor="middle">{percent}</text>'


def _upright(css: str, x: float) -> str:
    return f'<line class="{css}" x1="{x:.2f}%" x2="{x:.2f}%" y1="-20%" y2="120%"/>'


def _head(low: str, middle: str, high: str, ground: _Ground) -> SafeString:
    """Name the sides above the bars; a middle far to the right is named towards the left."""
    words = (
        (f"{ground.axis - 1:.2f}", "end", low),
        (f"{ground.axis + 1:.2f}", "start", high),
        (f"{ground.middle:.2f}", "start", middle) if ground.middle < 80 else ("100", "end", middle),
    )
    return format_html(
        '<div class="c"><span></span><svg>{}</svg><span></span></div>',
        format_html_join("", '<text x="{}%" y="70%" text-anchor="{}">{}</text>', words),
    )


def _legend(labels: Sequence[str]) -> SafeString:
    names = zip(("k1", "k2", "k4", "k5"), (*labels[:2], *labels[-2:]), strict=True)
    entries = [*names, *([("k3", labels[2])] if len(labels) == 5 else [])]
    return format_html(
        '<p class="legend" aria-hidden="true">{}</p>',
        format_html_join(
            "",
            '<span><svg><rect class="{}" x=".5" y=".5" width="15" height="15"/></svg>{}</span>',
            entries,
        ),
    )


def _high(one: Agreement, high: str, share: str) -> str:
    """Say the share of the high answers: "38% agree"."""
    return f"{share} {high.lower()}" if one.agree is not None else share


def _figure(one: Agreement, high: str) -> SafeString:
    if one.agree is None:
        return SafeString("")
    count = f", n {one.n:,}" if one.n is not None else ""
    return format_html("<b>{}</b>{}", _high(one, high, percent(one.agree)), count)


def _cells(one: Agreement, high: str) -> list[str]:
    n = f"{one.n:,}" if one.n is not None else ""
    if one.parts is not None:
        return [one.label, *(f"{part}%" for part in one.parts), n]
    if one.agree is None:
        return [one.label, str(WITHHELD)]
    return [one.label, f"{_high(one, high, percent(one.agree))}. {NOT_APART}", n]
