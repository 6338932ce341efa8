"""Charts as rows of words with an SVG in percent: a finding as heading, its text alternative, its table.

Charts draw what was released and never compute from answers: a value is a whole percent, a text for a range
("20 to 80%"), or `None` where nothing may be shown. Positions are percentages of the width and there is no
`viewBox`, so that a chart stretches and its words do not.
"""

from commonground.kernel.charts.agreement import Agreement, agreement_bars
from commonground.kernel.charts.dots import Dot, Dots, Mark, dots
from commonground.kernel.charts.figure import NOT_APART, ONLY_RANGE, WITHHELD, Chart, Percent
from commonground.kernel.charts.pairs import PERCENT, Pair, Scale, gaps, pairs
from commonground.kernel.charts.shares import Share, choice_bars, share_bars
from commonground.kernel.charts.spans import Span, spans

__all__ = [
    "NOT_APART",
    "ONLY_RANGE",
    "PERCENT",
    "WITHHELD",
    "Agreement",
    "Chart",
    "Dot",
    "Dots",
    "Mark",
    "Pair",
    "Percent",
    "Scale",
    "Share",
    "Span",
    "agreement_bars",
    "choice_bars",
    "dots",
    "gaps",
    "pairs",
    "share_bars",
    "spans",
]
