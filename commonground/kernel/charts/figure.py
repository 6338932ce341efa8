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
FLUSH = mark_safe(' class="n"')


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
    """Return the same data as a table, which becomes blocks on a phone.

    In a row with fewer cells the first one spans what is missing. A column of numbers is flush at its end; one with
    words too long for a line begins at its start and may break.
    """
    full = [_spread(row, len(head)) for row in rows]
    columns = [(name, any(is_long(row[place] or "") for row in full)) for place, name in enumerate(head)][1:]
    return format_html(
        '<div class="scroll" tabindex="0" role="group" aria-label="{}"><table class="fold" role="table">'
        '<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">{}</th>{}</tr></thead>'
        '<tbody role="rowgroup">{}</tbody></table></div>',
        _("Table: %(heading)s") % {"heading": heading},
        head[0],
        joined(
            format_html('<th role="columnheader" scope="col"{}>{}</th>', "" if long else FLUSH, name)
            for name, long in columns
        ),
        joined(_table_row(row, columns) for row in rows),
    )


def _spread(row: Sequence[str], columns: int) -> list[str | None]:
    """Return a row as long as the others, with nothing where a cell spans columns."""
    missing = columns - len(row)
    return [row[0], *([None] * (missing + 1) if missing else row[1:2]), *row[2:]]


def _table_row(row: Sequence[str], columns: Sequence[tuple[str, bool]]) -> SafeString:
    label, *cells = row
    spanned = len(columns) - len(cells) + 1
    across = (
        [format_html('<td role="cell" class="all" colspan="{}">{}</td>', spanned, cells.pop(0))]
        if spanned > 1
        else []
    )
    rest = [
        format_html('<td role="cell" class="all{}" data-k="{}">{}</td>', "" if long else " n", name, cell)
        for (name, long), cell in zip(columns[len(columns) - len(cells) :], cells, strict=True)
    ]
    return format_html(
        '<tr role="row"><th role="rowheader" scope="row" class="all">{}</th>{}</tr>',
        label,
        joined([*across, *rest]),
    )
