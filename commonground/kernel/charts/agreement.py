"""Diverging bars for scales of agreement, and for other scales with a low and a high side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from commonground.kernel.charts.figure import (
    NOT_APART,
    ONLY_RANGE,
    WITHHELD,
    Chart,
    Number,
    Percent,
    alternative,
    counted,
    instead,
    joined,
    percent,
    row,
    spoken,
    table,
)

LONGEST_MIDDLE = 12
"""A name of the middle answer with more characters than this would leave the page of a phone."""


@dataclass(frozen=True)
class Agreement:
    """Answers on a scale, lowest first; without `parts` only the share who agree is known.

    A part may be a range in words. The side it belongs to is then drawn as one block, as long as the whole side is
    known: `agree` for the high answers, `disagree` for the low ones.
    """

    label: str
    parts: tuple[Percent, ...] | None
    agree: Percent
    n: Number = None
    group: str = ""
    disagree: Percent = None

    @property
    def low(self) -> tuple[int, ...] | None:
        """The blocks left of the axis, outermost first; None where neither they nor their sum is known."""
        return _blocks((self.parts or ())[:2], self.disagree)

    @property
    def high(self) -> tuple[int, ...] | None:
        """The blocks right of the axis, innermost first."""
        return _blocks((self.parts or ())[-2:], self.agree)

    @property
    def middle(self) -> Percent:
        """The middle answer; 0 on a scale of four."""
        return self.parts[2] if self.parts and len(self.parts) == 5 else 0


def _blocks(parts: Sequence[Percent], whole: Percent) -> tuple[int, ...] | None:
    known = tuple(part for part in parts if isinstance(part, int))
    if len(known) == 2:
        return known
    return (whole,) if isinstance(whole, int) else None


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
    drawn = [one for one in groups if one.parts]
    low = max((sum(one.low or ()) for one in drawn), default=0)
    high = max((sum(one.high or ()) for one in drawn), default=0)
    middle = max((one.middle for one in drawn if isinstance(one.middle, int)), default=0)
    if low <= 56 and high <= 62 and middle <= 41:
        return _Ground(35, 74.5, 0.62)
    low = max(low, 30)
    point = 98 / (low + high + middle)
    return _Ground(low * point, 100 - middle * point, point)


def _bar(one: Agreement, ground: _Ground) -> SafeString:
    if one.parts is None:
        return instead(one.agree, NOT_APART)
    low, high = one.low, one.high
    if low is None or high is None:
        return instead(one.agree, ONLY_RANGE)
    left = ground.axis - sum(low) * ground.point
    pieces = [
        *_row_of_pieces(("k1", "k2")[-len(low) :], left, low, ground),
        *_row_of_pieces(("k4", "k5")[: len(high)], ground.axis, high, ground),
    ]
    if len(one.parts) == 5:
        pieces = [_upright("x", ground.middle), *pieces, _middle(one.middle, ground)]
    return format_html("<svg>{}</svg>", mark_safe("".join([*pieces, _upright("x0", ground.axis)])))


def _row_of_pieces(names: Sequence[str], x: float, percents: Sequence[int], ground: _Ground) -> Iterator[str]:
    for css, share in zip(names, percents, strict=True):
        yield _piece(css, x, share, ground)
        x += share * ground.point


def _middle(value: Percent, ground: _Ground) -> str:
    if isinstance(value, int):
        return _piece("k3", ground.middle, value, ground)
    return format_html('<text class="mute" x="{}%" y="50%" dx="4" dy=".35em">{}</text>', ground.middle, value or "")


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
    """Name the sides above the bars; a long name of the middle, or one far to the right, goes towards the left."""
    fits = ground.middle < 80 and len(middle) <= LONGEST_MIDDLE
    words = (
        (f"{ground.axis - 1:.2f}", "end", low),
        (f"{ground.axis + 1:.2f}", "start", high),
        (f"{ground.middle:.2f}", "start", middle) if fits else ("100", "end", middle),
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
    count = f", n\u00a0{counted(one.n)}" if one.n is not None else ""
    return format_html("<b>{}</b>{}", _high(one, high, percent(one.agree)), count)


def _cells(one: Agreement, high: str) -> list[str]:
    n = counted(one.n)
    if one.parts is not None:
        return [one.label, *(percent(part) for part in one.parts), n]
    if one.agree is None:
        return [one.label, str(WITHHELD)]
    return [one.label, f"{_high(one, high, percent(one.agree))}. {NOT_APART}", n]
