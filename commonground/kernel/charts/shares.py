"""Bars for one share each: reach, response, one choice, several choices, a scale from 0 to 10."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from commonground.kernel.charts.figure import (
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


@dataclass(frozen=True)
class Share:
    """A share of one group: `part` of `n` people, as far as these counts were released."""

    label: str
    percent: Percent
    n: Number = None
    part: int | None = None


def share_bars(
    id: str, heading: str, shares: Sequence[Share], *, of: str = "", note: str = "", slim: bool = True
) -> Chart:
    """Draw one bar with its track for each share: reach, response, or the answers to a question.

    `of` names the first column of the table.
    """
    return Chart(
        id=id,
        heading=heading,
        alternative=alternative(heading, [f"{share.label} {spoken(share.percent)}" for share in shares]),
        drawing=joined(row(share.label, _bar(share.percent), _figure(share)) for share in shares),
        table=table(heading, [of or _("Group"), _("Share"), _("Number")], [_cells(share) for share in shares]),
        note=note,
        slim=slim,
    )


def choice_bars(id: str, heading: str, shares: Sequence[Share], *, several: bool = False) -> Chart:
    """Draw the answers to a question with one choice, with several, or on a scale from 0 to 10."""
    one = _("Whole percent, rounded so that the parts add to 100.")
    many = _("Whole percent. People could choose more than one answer, so the shares need not add to 100.")
    whole = all(isinstance(share.percent, int) for share in shares)
    note = many if several else one if whole else ""
    return share_bars(id, heading, shares, of=_("Answer"), note=note, slim=False)


def _bar(value: Percent) -> SafeString:
    if not isinstance(value, int):
        return instead(value)
    return format_html(
        '<svg><rect class="f-track" y="8" width="100%" height="14" rx="2"/>'
        '<rect class="f-common" y="8" width="{}%" height="14" rx="2"/></svg>',
        value,
    )


def _figure(share: Share) -> SafeString:
    if share.percent is None:
        return SafeString("")
    count = _count(share)
    words = f" ({count})" if share.part is not None else f", n\u00a0{count}" if count else ""
    return format_html("<b>{}</b>{}", percent(share.percent), words)


def _cells(share: Share) -> list[str]:
    if share.percent is None:
        return [share.label, str(WITHHELD)]
    return [share.label, percent(share.percent), _count(share)]


def _count(share: Share) -> str:
    if share.n is None:
        return ""
    if share.part is None:
        return counted(share.n)
    return _("%(part)s of %(whole)s") % {"part": counted(share.part), "whole": counted(share.n)}
