"""The drawn figures: parties, seals, places of the path and logo plates, as SVG without style attributes.

Colours and strokes come from `static/cg/components.css`.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MANAGEMENT = "management"
SIDES = {
    "labor": gettext_lazy("Labor"),
    MANAGEMENT: gettext_lazy("Management"),
    "staff": gettext_lazy("Staff representatives"),
    "both": gettext_lazy("Both"),
}


class Layer(Protocol):
    """One layer of sealed answers; `left` says how much of it is still on, from 100 (closed) to 0 (off)."""

    @property
    def name(self) -> str: ...
    @property
    def side(self) -> str: ...
    @property
    def left(self) -> int: ...


def party(side: str, words: str = "") -> SafeString:
    """Return the shape of a side with its name, or with the words given: never the shape alone."""
    extra = {MANAGEMENT: " mgmt", "both": " both"}.get(side, "")
    return format_html('<span class="party{}">{}</span>', extra, words or SIDES[side])


# Seals


def seal(layers: Iterable[Layer]) -> SafeString:
    """Draw sealed answers, the outermost layer first; a layer that is coming off is an open ring."""
    layers = list(layers)
    step = min(22.0, 66 / max(len(layers) - 1, 1))
    rings = "".join(_layer(layer, 110 - n * step, step * 13 / 22) for n, layer in enumerate(layers))
    return format_html(
        '<svg class="seal" viewBox="0 0 240 240" role="img" aria-label="{}">{}'
        '<circle class="core" cx="120" cy="120" r="26"/></svg>',
        _seal_in_words(layers),
        mark_safe(rings),
    )


def _layer(layer: Layer, radius: float, width: float) -> str:
    circle = f'cx="120" cy="120" r="{radius:.1f}"'
    empty = f'<circle class="ring off" {circle}/>' if layer.left < 100 else ""
    if not layer.left:
        return empty
    dashes = f'pathLength="100" stroke-dasharray="{layer.left} {100 - layer.left}"'
    part = f' {dashes} transform="rotate(-90 120 120)"' if layer.left < 100 else ""
    side = " mgmt" if layer.side == MANAGEMENT else ""
    return f'{empty}<circle class="ring{side}" {circle} stroke-width="{width:.1f}"{part}/>'


def _seal_in_words(layers: Sequence[Layer]) -> str:
    parts = ", ".join(_layer_in_words(layer) for layer in layers)
    return _("A seal around a core. From the outside in: %(layers)s.") % {"layers": parts}


def _layer_in_words(layer: Layer) -> str:
    words = {0: _("%(name)s: off"), 100: _("%(name)s: closed")}.get(layer.left, _("%(name)s: coming off"))
    return words % {"name": layer.name}


# Plates: a generated mark for a party that has given no logo

_PLATES = {
    "circle": '<circle cx="22" cy="22" r="20.5"/>',
    "hexagon": '<path d="M22 1.5 40 12v20L22 42.5 4 32V12z"/>',
    "shield": '<path d="M5 5h34v18c0 9-8 15-17 19C13 38 5 32 5 23z"/>',
    "square": '<rect x="2" y="2" width="40" height="40" rx="4"/>',
}
_LABOR_PLATES = ("circle", "hexagon", "shield")


def plate(name: str, side: str, number: int = 0) -> SafeString:
    """Draw a party's mark: management a square, labor organizations in turn circle, hexagon, shield."""
    shape = "square" if side == MANAGEMENT else _LABOR_PLATES[number % len(_LABOR_PLATES)]
    letters = initials(name)
    return format_html(
        '<svg viewBox="0 0 44 44" aria-hidden="true">{}<text x="22" y="{}" text-anchor="middle"{}>{}</text></svg>',
        mark_safe(_PLATES[shape]),
        26 if shape == "shield" else 27,
        _SQUEEZED if len(letters) > FIT_AS_THEY_ARE else "",
        letters,
    )


FIT_AS_THEY_ARE = 3
MOST_LETTERS = 5
_SQUEEZED = mark_safe(' textLength="30" lengthAdjust="spacingAndGlyphs"')


def initials(name: str) -> str:
    """Return what a plate can hold: the number of a local or chapter, else up to five initials."""
    words = name.split()
    numbers = [word for word in words if word.isdigit() and len(word) <= 4]
    return numbers[-1] if numbers else "".join(word[0] for word in words if word[0].isupper())[:MOST_LETTERS]


# Places of the path

_PLACES = (
    '<circle cx="16.5" cy="22" r="12"/><circle cx="27.5" cy="22" r="12"/>'
    '<path class="win" d="M22 11.3a12 12 0 0 1 0 21.4a12 12 0 0 1 0-21.4z"/>',
    '<path d="M5 18 22 7l17 11zM8 18v19M15 18v19M29 18v19M36 18v19M4 37h36"/>'
    '<path class="win" d="M18.5 25h7v12h-7z"/>',
    '<path class="win" d="M13 5h18v16H13z"/><path d="m13 6 9 7 9-7M6 21h32v17H6zM6 27h32"/>',
    '<path d="M9 39V8h26v31M5 8h34M9 30h26"/><path class="win" d="M14 13h16v12H14z"/><path d="M18 17h8M18 21h5"/>',
    '<path d="M17 12a5 5 0 0 1 10 0M13 12h18v4H13zM12 35h20v4H12z"/>'
    '<path class="win" d="M15 16h14l2 19H13z"/>'
    '<path d="M22 31c-3 0-4-3-2-5 1-1 2-2 2-4 3 3 4 9 0 9z"/>',
    '<path d="M5 18 22 6l17 12M8 20v19M36 20v19"/>'
    '<path d="M5 18c0 5 8.5 5 8.5 0 0 5 8.5 5 8.5 0 0 5 8.5 5 8.5 0 0 5 8.5 5 8.5 0"/>'
    '<path class="win" d="M13 29h18v10H13z"/>',
    '<path d="M22 12c-4-3-10-4-17-4v25c7 0 13 1 17 4"/>'
    '<path class="win" d="M22 12c4-3 10-4 17-4v25c-7 0-13 1-17 4z"/><path d="M28 28v-6M33 27V16"/>',
    '<path d="M5 38V19h11v-8l6-5 6 5v8h11v19zM19.5 38v-8h5v8"/>'
    '<path class="win" d="M9 24h4v7H9zM31 24h4v7h-4zM20 14h4v5h-4z"/>',
    '<path d="M3 15h38v6H3zM7 21v16M37 21v16"/><path class="win" d="M10 37v-1a12 12 0 0 1 24 0v1z"/>'
    '<path d="M10 15V9M18 15V9M26 15V9M34 15V9M8 9h28"/>',
    '<path class="win" d="M22 5c8 0 13 6 12 13-1 6-6 9-12 9s-11-3-12-9C9 11 14 5 22 5z"/>'
    '<path d="M22 39V16M22 25l6-5M22 22l-5-4M12 39h20"/>',
)


def place(step: int) -> SafeString:
    """Draw one of the ten places of the path, 1 to 10. The list item around it says whether it is lit."""
    return format_html(
        '<span class="spot"><svg viewBox="0 0 44 44" aria-hidden="true">{}</svg></span>',
        mark_safe(_PLACES[step - 1]),
    )


# Codes


def code(value: str) -> SafeString:
    """Print a fingerprint, receipt or survey code in groups of four."""
    signs = "".join(sign for sign in value if sign.isalnum())
    groups = ((signs[start : start + 4],) for start in range(0, len(signs), 4))
    return format_html('<p class="code">{}</p>', format_html_join(" ", "<span>{}</span>", groups))
