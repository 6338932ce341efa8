"""Two values on one scale with the line between them: the line is the finding."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonground.kernel.charts.figure import (
    ONLY_RANGE,
    WITHHELD,
    Chart,
    Number,
    alternative,
    counted,
    instead,
    joined,
    row,
    table,
)

TICKS = (12, 31, 50, 69, 88)


@dataclass(frozen=True)
class Pair:
    """Two values on one scale; `chance` says that their gap may be chance, `says` what stands beside it."""

    label: str
    first: float | str | None
    second: float | str | None
    first_n: Number = None
    second_n: Number = None
    chance: bool = False
    says: str = ""

    @property
    def hidden(self) -> bool:
        """Tell whether one of the two values may not be shown; then neither is."""
        return self.first is None or self.second is None

    @property
    def gap(self) -> float | None:
        """The difference of the two released values, where both are numbers."""
        if isinstance(self.first, int | float) and isinstance(self.second, int | float):
            return round(abs(self.first - self.second), 1)
        return None


@dataclass(frozen=True)
class Scale:
    """A scale from `low` to `high`; `unit` follows each number."""

    low: float = 0
    high: float = 100
    unit: str = "%"

    def x(self, value: float) -> float:
        """Return the place of a value in percent of the width, from 12 to 88: its words need the margin."""
        return TICKS[0] + (TICKS[-1] - TICKS[0]) * (value - self.low) / (self.high - self.low)

    def words(self, value: float | str) -> str:
        """Return a value with its unit; a range already is in words."""
        return value if isinstance(value, str) else f"{value:g}{self.unit}"


PERCENT = Scale()


def gaps(
    id: str, heading: str, rows: Sequence[Pair], names: tuple[str, str], *, scale: Scale = PERCENT, note: str = ""
) -> Chart:
    """Draw labor (circle) and management (square) on one scale with the gap between them, wider gaps first.

    A gap that may be chance is thin and says so. `names` say whom the two stand for, with their counts.
    """
    legend = format_html(
        '<p class="legend"><span><span class="party">{}</span></span>'
        '<span><span class="party mgmt">{}</span></span></p>',
        *names,
    )
    wider_first = sorted(rows, key=lambda pair: -1 if pair.gap is None else pair.gap, reverse=True)
    return _chart(_Kind(_party_marks, "lb", "mg"), id, heading, wider_first, names, scale, note, legend)


def pairs(
    id: str, heading: str, rows: Sequence[Pair], names: tuple[str, str], *, scale: Scale = PERCENT, note: str = ""
) -> Chart:
    """Draw two values of the same group on one scale, open dot and filled dot, in the order given."""
    legend = format_html(
        '<p class="legend small"><span><svg aria-hidden="true"><circle class="f-open" cx="50%" cy="50%" r="6"/>'
        '</svg>{}</span><span><svg aria-hidden="true"><circle class="f-common" cx="50%" cy="50%" r="7"/></svg>{}'
        "</span></p>",
        *names,
    )
    return _chart(_Kind(_dots, "mute", ""), id, heading, rows, names, scale, note, legend)


@dataclass(frozen=True)
class _Kind:
    """How the two values are drawn, and the classes of their words."""

    marks: Callable[[float, float], str]
    first: str
    second: str


def _chart(
    kind: _Kind,
    id: str,
    heading: str,
    rows: Sequence[Pair],
    names: tuple[str, str],
    scale: Scale,
    note: str,
    legend: SafeString,
) -> Chart:
    drawn = [row(pair.label, _drawing(pair, scale, kind), _figure(pair, scale), "c long") for pair in rows]
    head = [_("Question or group"), names[0], _("Answers"), names[1], _("Answers"), _("Gap")]
    return Chart(
        id=id,
        heading=heading,
        alternative=alternative(heading, [f"{pair.label} {_in_words(pair, scale)}" for pair in rows]),
        legend=legend,
        drawing=joined([_axis(scale), *drawn]),
        table=table(heading, head, [_cells(pair, scale) for pair in rows]),
        note=note,
    )


def _drawing(pair: Pair, scale: Scale, kind: _Kind) -> SafeString:
    if not isinstance(pair.first, int | float) or not isinstance(pair.second, int | float):
        return instead(None if pair.hidden else ONLY_RANGE)
    first, second = scale.x(pair.first), scale.x(pair.second)
    side = -1 if first <= second else 1
    return format_html(
        '<svg class="tall">{}<line class="gap{}" x1="{}%" x2="{}%" y1="50%" y2="50%"/>{}{}{}</svg>',
        joined(mark_safe(_tick(x)) for x in TICKS),
        " weak" if pair.chance else "",
        f"{first:.1f}",
        f"{second:.1f}",
        mark_safe(kind.marks(first, second)),
        _value(first, side, scale.words(pair.first), kind.first),
        _value(second, -side, scale.words(pair.second), kind.second),
    )


def _party_marks(first: float, second: float) -> str:
    return (
        f'<circle class="f-labor" cx="{first:.1f}%" cy="50%" r="8.5"/><svg x="{second:.1f}%" y="50%" '
        'overflow="visible"><rect class="f-mgmt" x="-7.5" y="-7.5" width="15" height="15" rx="1.5"/></svg>'
    )


def _dots(first: float, second: float) -> str:
    return (
        f'<circle class="f-open" cx="{first:.1f}%" cy="50%" r="7"/>'
        f'<circle class="f-common" cx="{second:.1f}%" cy="50%" r="8"/>'
    )


def _value(x: float, side: int, words: str, css: str) -> SafeString:
    """Print a value beside its mark, on the side away from the other one."""
    return format_html(
        '<text class="{} halo" x="{}%" y="50%" dx="{}" dy=".35em" text-anchor="{}">{}</text>',
        css,
        f"{x:.1f}",
        13 * side,
        "start" if side > 0 else "end",
        words,
    )


def _tick(x: float) -> str:
    return f'<line class="x" x1="{x}%" x2="{x}%" y1="6%" y2="94%" opacity=".45"/>'


def _axis(scale: Scale) -> SafeString:
    step = (scale.high - scale.low) / (len(TICKS) - 1)
    numbers = ((x, scale.words(scale.low + n * step)) for n, x in enumerate(TICKS))
    return format_html(
        '<div class="c long"><span></span><svg>{}</svg><span></span></div>',
        format_html_join("", '<text class="mute" x="{}%" y="70%" text-anchor="middle">{}</text>', numbers),
    )


def _figure(pair: Pair, scale: Scale) -> SafeString | str:
    if pair.hidden:
        return ""
    words = pair.says or _gap(pair) or _in_words(pair, scale)
    return words if pair.chance else format_html("<b>{}</b>", words)


def _gap(pair: Pair) -> str:
    if pair.gap is None:
        return ""
    one_or_many = ngettext("%(points)s point", "%(points)s points", 1 if pair.gap == 1 else 2)
    points = one_or_many % {"points": f"{pair.gap:g}"}
    return _("%(gap)s, may be chance") % {"gap": points} if pair.chance else points


def _in_words(pair: Pair, scale: Scale) -> str:
    if pair.first is None or pair.second is None:
        return _("not shown")
    words = {"first": scale.words(pair.first), "second": scale.words(pair.second)}
    return _("%(first)s and %(second)s") % words


def _cells(pair: Pair, scale: Scale) -> list[str]:
    if pair.first is None or pair.second is None:
        return [pair.label, str(WITHHELD)]
    first_n, second_n = (counted(n) for n in (pair.first_n, pair.second_n))
    return [pair.label, scale.words(pair.first), first_n, scale.words(pair.second), second_n, _gap(pair)]
