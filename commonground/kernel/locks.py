"""The two keys: keyholes side by side, filled when turned, overlapping when all are.

Angles run clockwise from the top, in degrees; colours and strokes come from `static/cg/components.css`.
"""

from collections.abc import Iterable, Sequence
from math import cos, radians, sin
from typing import Protocol

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonground.kernel.figures import MANAGEMENT, SIDES


class Keyhole(Protocol):
    """One key that a joint act needs: the side it belongs to (a key of `SIDES`) and whether it is turned."""

    @property
    def side(self) -> str: ...
    @property
    def turned(self) -> bool: ...


def locks(keys: Iterable[Keyhole], mini: bool = False) -> SafeString:
    """Draw the keys of a joint act: labor left with one arc for each organization, management right.

    When every key is turned the two circles overlap. The label says the state in words. Raises `ValueError`
    when there is no key at all.
    """
    keys = list(keys)
    if not keys:
        raise ValueError("a joint act has at least one key")
    left = [key.turned for key in keys if key.side != MANAGEMENT]
    right = [key.turned for key in keys if key.side == MANAGEMENT]
    if all(left + right) and left and right:
        view, inside = _MINI_TURNED if mini else ("0 0 240 112", _both_turned(len(left)))
    elif mini:
        view, inside = "0 0 120 56", _small(28, left, "") + _small(92, right, " mgmt")
    else:
        view, inside = "0 0 240 112", _large(58, left, "") + _large(182, right, " mgmt")
    return format_html(
        '<svg class="locks{}" viewBox="{}" role="img" aria-label="{}">{}</svg>',
        " mini" if mini else "",
        view,
        keys_in_words(keys),
        mark_safe(inside),
    )


def keys_in_words(keys: Sequence[Keyhole]) -> str:
    """Say the state: "Labor: 2 of 3 organizations have turned. Management: not yet turned."."""
    if all(key.turned for key in keys):
        return _("Both keys are turned.") if len(keys) == 2 else _("Every key is turned.")
    sides = sorted({key.side for key in keys}, key=lambda side: side == MANAGEMENT)
    return " ".join(_side_in_words(side, [key.turned for key in keys if key.side == side]) for side in sides)


def _side_in_words(side: str, turned: list[bool]) -> str:
    name = SIDES[side]
    if len(turned) == 1:
        return (_("%(side)s: turned.") if turned[0] else _("%(side)s: not yet turned.")) % {"side": name}
    words = ngettext(
        "%(side)s: %(turned)d of %(all)d organization has turned.",
        "%(side)s: %(turned)d of %(all)d organizations have turned.",
        len(turned),
    )
    return words % {"side": name, "turned": sum(turned), "all": len(turned)}


def _large(x: int, turned: list[bool], side: str) -> str:
    if not turned:
        return ""
    ring = _ring(x, 56, 48, turned, 9, f"lk-arc{side}")
    if all(turned):
        return f'{ring}<circle class="lk-on{side}" cx="{x}" cy="56" r="37"/>' + _key(x, 56, 1, side)
    return f'{ring}<circle class="lk" cx="{x}" cy="56" r="37"/>' + _hole(x, 56)


def _small(x: int, turned: list[bool], side: str) -> str:
    if not turned:
        return ""
    if all(turned):
        return f'<circle class="lk-on{side}" cx="{x}" cy="28" r="24"/>' + _key(x, 28, 0.625, side, " thin")
    if not any(turned):
        return f'<circle class="lk" cx="{x}" cy="28" r="24"/>' + _hole(x, 28)
    return _ring(x, 28, 24, turned, 12, f"lk-arc{side} thin") + _hole(x, 28)


def _both_turned(organizations: int) -> str:
    """Overlapping circles; the arcs of the organizations share the free side of labor's circle."""
    step = 230 / organizations
    arcs = "".join(
        f'<path class="lk-arc" d="{_arc(94, 56, 48, 155 + n * step + 4, 155 + (n + 1) * step - 4)}"/>'
        for n in range(organizations)
    )
    return (
        f'{arcs}<path class="lk-arc mgmt" d="{_arc(146, 56, 48, -21, 201)}"/>'
        '<circle class="lk-on" cx="94" cy="56" r="40"/><circle class="lk-on mgmt" cx="146" cy="56" r="40"/>'
        '<path class="lk-common" d="M120 25.6a40 40 0 0 1 0 60.8a40 40 0 0 1 0-60.8z"/>'
        + _key(84, 56, 0.9, "")
        + _key(156, 56, 0.9, " mgmt")
    )


def _ring(x: int, y: int, radius: int, turned: list[bool], gap: int, css: str) -> str:
    if len(turned) == 1:
        return f'<circle class="{css}{"" if turned[0] else " open"}" cx="{x}" cy="{y}" r="{radius}"/>'
    step = 360 / len(turned)
    return "".join(
        f'<path class="{css if done else css.replace(" thin", "") + " open"}"'
        f' d="{_arc(x, y, radius, n * step + gap, (n + 1) * step - gap)}"/>'
        for n, done in enumerate(turned)
    )


def _arc(x: float, y: float, radius: float, start: float, end: float) -> str:
    """Return the path of an arc from one angle to another, clockwise."""
    (x1, y1), (x2, y2) = (
        (x + radius * sin(radians(angle)), y - radius * cos(radians(angle))) for angle in (start, end)
    )
    return f"M{x1:.1f} {y1:.1f}A{radius} {radius} 0 {int(end - start > 180)} 1 {x2:.1f} {y2:.1f}"


def _hole(x: int, y: int) -> str:
    return f'<path class="lk-hole" d="M{x - 4.5} {y - 1.4:.1f}l-3.5 16.4h16l-3.5-16.4a8 8 0 1 0-9 0z"/>'


def _key(x: float, y: float, scale: float, side: str, thin: str = "") -> str:
    """Draw a key whose bow points away from the other side."""
    way, sweep = (scale, 1) if side else (-scale, 0)
    bow, tooth = 8 * scale, 8 * scale
    return (
        f'<path class="lk-key{thin}" d="M{x + 3 * way:.1f} {y}'
        f"a{bow:.1f} {bow:.1f} 0 1 {sweep} {16 * way:.1f} 0a{bow:.1f} {bow:.1f} 0 1 {sweep} {-16 * way:.1f} 0"
        f'h{-23 * way:.1f}M{x - 12 * way:.1f} {y}v{tooth:.1f}M{x - 20 * way:.1f} {y}v{tooth:.1f}"/>'
    )


_MINI_TURNED = (
    "0 0 120 56",
    '<circle class="lk-on" cx="46" cy="28" r="24"/><circle class="lk-on mgmt" cx="74" cy="28" r="24"/>'
    '<path class="lk-common" d="M60 8.5a24 24 0 0 1 0 39a24 24 0 0 1 0-39z"/>'
    '<path class="lk-key thin" d="M36 28a5 5 0 1 0 -10 0a5 5 0 1 0 10 0h14M45 28v5M50 28v5"/>'
    '<path class="lk-key thin" d="M84 28a5 5 0 1 1 10 0a5 5 0 1 1 -10 0h-14M75 28v5M70 28v5"/>',
)
