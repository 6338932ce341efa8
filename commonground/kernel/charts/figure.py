"""What all charts share: the figure around them, rows, table, and the words for what is hidden."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.html import format_html, html_safe, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Percent = int | str | None
Number = int | str | None
"""How many people a value describes: a number, words where only bounds may be shown, or nothing."""

WITHHELD = gettext_lazy("Too few answers here or beside it, so not shown, to protect people.")
NOT_APART = gettext_lazy("The answers are not shown apart here, to protect people.")
ONLY_RANGE = gettext_lazy("Only a range is shown here, to protect people.")
ROWS_IN_ALTERNATIVE = 8
LONGEST_ON_ONE_LINE = 22
"""A figure with more characters than this may break into lines."""


@html_safe
@dataclass(frozen=True)
class Chart:
    """A figure ready to print: `{{ chart }}` in a template gives all of it."""

    id: str
    heading: str
    alternative: str
    drawing: SafeString
    table: SafeString
    legend: SafeString | str = ""
    note: str = ""
    slim: bool = False

    def __str__(self) -> str:
        return format_html(
            '<figure class="stack" id="{}"><figcaption><h3 id="{}-says">{}</h3></figcaption>{}'
            '<div class="chart{}" role="img" aria-label="{}">{}</div>{}'
            "<details><summary>{}</summary>{}</details></figure>",
            self.id,
            self.id,
            self.heading,
            self.legend,
            " slim" if self.slim else "",
            self.alternative,
            self.drawing,
            format_html('<p class="fine soft">{}</p>', self.note) if self.note else "",
            _("Show as a table"),
            self.table,
        )


def percent(value: Percent) -> str:
    """Return a share as it is printed; a hidden one is the same sentence everywhere."""
    if value is None:
        return str(WITHHELD)
    return value if isinstance(value, str) else f"{value}%"


def counted(n: Number) -> str:
    """Return a number of people as it is printed."""
    return f"{n:,}" if isinstance(n, int) else n or ""


def spoken(value: Percent) -> str:
    """Return a share as the text alternative says it."""
    return _("not shown") if value is None else percent(value)


def instead(value: float | str | Promise | None, coarser: str | Promise = ONLY_RANGE) -> SafeString:
    """Return the sentence that stands in the place of a drawing."""
    return format_html('<p class="withheld">{}</p>', WITHHELD if value is None else coarser)


def alternative(heading: str, parts: Sequence[str]) -> str:
    """Return what the picture says: the finding, then the rows as far as a listener can hold them."""
    said = ", ".join(parts[:ROWS_IN_ALTERNATIVE])
    more = " " + _("The table below holds every value.") if len(parts) > ROWS_IN_ALTERNATIVE else ""
    return f"{heading.rstrip('.')}: {said}.{more}"


def row(label: str, drawing: SafeString, figure: SafeString | str, css: str = "c") -> SafeString:
    """Return a row: its label, its drawing, its figure with the count."""
    wraps = "long" in css or is_long(figure)
    return format_html(
        '<div class="{}"><span>{}</span>{}<span class="{}">{}</span></div>',
        css,
        label,
        drawing,
        "small" if wraps else "num small",
        figure,
    )


def is_long(figure: SafeString | str) -> bool:
    """Say whether a figure with its count may break into lines."""
    return len(strip_tags(figure)) > LONGEST_ON_ONE_LINE


def joined(parts: Iterable[SafeString]) -> SafeString:
    """Return safe parts as one."""
    return mark_safe("".join(parts))


def table(heading: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> SafeString:
    """Return the same data as a table; in a row with fewer cells the first one spans what is missing."""
    return format_html(
        '<div class="scroll" tabindex="0" role="group" aria-label="{}"><table{}><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>",
        _("Table: %(heading)s") % {"heading": heading},
        mark_safe(' class="wide"' if len(head) > 4 else ""),
        joined(
            format_html('<th scope="col"{}>{}</th>', mark_safe(' class="n"' if n else ""), name)
            for n, name in enumerate(head)
        ),
        joined(_table_row(cells, len(head)) for cells in rows),
    )


def _table_row(row: Sequence[str], columns: int) -> SafeString:
    label, *cells = row
    missing = columns - len(row)
    first = [format_html('<td colspan="{}">{}</td>', missing + 1, cells.pop(0))] if missing else []
    rest = [format_html('<td class="n">{}</td>', cell) for cell in cells]
    return format_html('<tr><th scope="row">{}</th>{}</tr>', label, joined([*first, *rest]))
