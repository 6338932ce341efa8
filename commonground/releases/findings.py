"""What a release says of each question: a sentence with its counts, a chart of the district, one by groups.

Sentences and charts are made of printed values alone. Groups stand in the order of the district, never of results.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonground.kernel.charts import WITHHELD, Agreement, Chart, Share, agreement_bars, share_bars
from commonground.kernel.charts.figure import table
from commonground.releases import wording
from commonground.releases.reading import Breakdown, Question, Reading, Told

SCALES = ("agreement", "frequency")
OFTEN = (gettext_lazy("Never or rarely"), gettext_lazy("Sometimes"), gettext_lazy("Often or always"))
WHOLE = gettext_lazy("Whole percent, rounded so that the parts add to 100.")
SEVERAL = gettext_lazy(
    "Whole percent. People could choose more than one answer, so the shares need not add to 100."
)
RANGES = gettext_lazy(
    "Very small and very large shares are shown as ranges, to protect people; an answer beside them may be a range "
    "too, and the side of the scale they belong to is drawn as one block."
)
STEPS = gettext_lazy("Where nearly everyone answered, shares are rounded to steps of five, to protect people.")
MAY_BE_EQUAL = 2
"""Two shares of one scale may come from the same number of people up to this many points apart, by rounding."""
ORDER = gettext_lazy("Groups stand in the order of the district, not of the result.")


@dataclass(frozen=True)
class ByGroups:
    """The answers to one question by the groups of one grouping."""

    title: str
    groups: int
    body: Chart | SafeString


@dataclass(frozen=True)
class Finding:
    """One question: its text, the district, and the groups as far as they were asked for."""

    id: str
    question: str
    help: str
    district: Chart
    by_groups: list[ByGroups]


@dataclass(frozen=True)
class Row:
    """One line of a chart: who, and what is told of them."""

    label: str
    told: Told
    level: str = ""
    is_total: bool = False


def finding(reading: Reading, question: Question, *, groups: bool) -> Finding:
    """Return what is said of a question; the charts by groups only where asked for."""
    return Finding(
        question.id,
        wording.here(question.text),
        wording.here(question.help) if question.help else "",
        district(reading, question),
        list(_by_groups(reading, question)) if groups else [],
    )


def district(reading: Reading, question: Question) -> Chart:
    """Return the chart of the whole district; its heading is the finding."""
    told = reading.told(question, {})
    says = sentence(question, told)
    if question.kind in SCALES:
        return _scale(f"{question.id}-all", says, question, [Row(_("Whole district"), told)])
    return share_bars(
        f"{question.id}-all",
        says,
        list(_options(question, told)),
        of=_("Answer"),
        note=_notes([told], SEVERAL if question.kind == "several" else WHOLE),
        slim=False,
    )


def _options(question: Question, told: Told) -> Iterator[Share]:
    n = wording.number(told.n)
    if told.options is not None:
        for text, share in zip(question.options, told.options, strict=True):
            yield Share(wording.here(text), wording.percent(share), n)
    elif told.top is not None:
        yield Share(upper(question), wording.percent(told.top), n)
    else:
        yield Share(_("Whole district"), None)


def upper(question: Question) -> str:
    """Return what the upper answers of a question are called."""
    if question.kind == "agreement":
        return _("Agree")
    if question.kind == "frequency":
        return str(OFTEN[2])
    return _("8 to 10") if question.kind == "scale10" else wording.here(question.options[0])


# Sentences


def sentence(question: Question, told: Told) -> str:
    """Say the finding of one cell with its counts, from printed values only."""
    if told.hidden:
        return str(WITHHELD).rstrip(".")
    if question.kind == "agreement":
        return _agreement(told)
    if question.top:
        return _upper(question, told)
    return _most(question, told)


def _agreement(told: Told) -> str:
    low, words = lower_share(told), _facts(told)
    if low is None or not isinstance(told.top, int):
        return _("%(high)s agree, of %(answers)s") % words
    words["low"] = f"{low}%"
    if abs(told.top - low) <= MAY_BE_EQUAL:
        return _("About as many people agree (%(high)s) as disagree (%(low)s), of %(answers)s") % words
    if told.top > low:
        return _("More people agree (%(high)s) than disagree (%(low)s), of %(answers)s") % words
    return _("Fewer people agree (%(high)s) than disagree (%(low)s), of %(answers)s") % words


def _upper(question: Question, told: Told) -> str:
    words = {**_facts(told), "option": upper(question)}
    if question.kind == "frequency":
        return _("%(high)s say often or always, of %(answers)s") % words
    if question.kind == "one":
        return _("%(high)s say “%(option)s”, of %(answers)s") % words
    if told.mean is None:
        return _("%(high)s gave 8 to 10, of %(answers)s") % words
    words["mean"] = f"{told.mean:g}"
    return _("%(high)s gave 8 to 10, of %(answers)s; the mean is %(mean)s") % words


def _most(question: Question, told: Told) -> str:
    """Name the answer chosen most often, where whole percents say which it is."""
    known = {place: share for place, share in enumerate(told.options or ()) if isinstance(share, int)}
    unsure = [share[1] for share in told.options or () if isinstance(share, tuple)]
    most = max(known.values(), default=0)
    words = {**_facts(told), "high": f"{most}%"}
    if not known or max(unsure, default=0) >= most - 1:
        return _("What people chose, of %(answers)s") % words
    first = {wording.here(question.options[place]): share for place, share in known.items() if share >= most - 1}
    if len(first) > 1:
        words["options"] = wording.listed(f"“{option}” ({share}%)" for option, share in first.items())
        return _("Chosen most often, about equally: %(options)s, of %(answers)s") % words
    words["options"] = f"“{next(iter(first))}”"
    return _("Chosen most often: %(options)s (%(high)s), of %(answers)s") % words


def _facts(told: Told) -> dict[str, str]:
    return {"high": wording.printed(told.top), "answers": wording.answers(told.n)}


def lower_share(told: Told) -> int | None:
    """Return the share of the two low answers of a five-point scale, where printed values give it."""
    if told.options is None or told.step != 1:
        return None
    first, second, middle = told.options[:3]
    if isinstance(first, int) and isinstance(second, int):
        return first + second
    if isinstance(told.top, int) and isinstance(middle, int):
        return 100 - told.top - middle
    return None


# Charts


def _scale(id: str, says: str, question: Question, rows: Sequence[Row]) -> Chart:
    """Draw an agreement or frequency question for the rows."""
    labels = [wording.here(text) for text in question.options]
    heads = (str(OFTEN[0]), str(OFTEN[1]), str(OFTEN[2])) if question.kind == "frequency" else None
    note = _notes([row.told for row in rows], WHOLE) + (f" {ORDER}" if len(rows) > 1 else "")
    return agreement_bars(id, says, [_bar(row) for row in rows], labels, heads=heads, note=note)


def _bar(row: Row) -> Agreement:
    told = row.told
    parts = None if told.options is None else tuple(wording.percent(share) for share in told.options)
    return Agreement(
        row.label, parts, wording.percent(told.top), wording.number(told.n), row.level, lower_share(told)
    )


def _notes(shown: Sequence[Told], whole: object) -> str:
    statuses = {told.status for told in shown}
    notes = [whole] if "shown" in statuses else []
    notes += [RANGES] if "range" in statuses else []
    notes += [STEPS] if any(told.step == 5 for told in shown) else []
    return " ".join(str(note) for note in notes)


def _by_groups(reading: Reading, question: Question) -> Iterator[ByGroups]:
    for breakdown in reading.breakdowns:
        title, rows = wording.by(breakdown), list(rows_of(reading, question, breakdown))
        id = f"{question.id}-{breakdown.id}"
        says = _spread(title, rows) if question.top else title
        every = [Row(_("Whole district"), reading.told(question, {})), *rows]
        yield ByGroups(title, len(rows), _grouped(id, says, question, every))
    for first, second in reading.pairs if question.top else ():
        title = _("%(first)s, %(second)s") % {
            "first": wording.by(first),
            "second": wording.by(second)[:1].lower() + wording.by(second)[1:],
        }
        yield ByGroups(title, len(first.groups), crossed(reading, question, first, second))


def rows_of(reading: Reading, question: Question, breakdown: Breakdown) -> Iterator[Row]:
    """Yield the groups of a grouping in the district's order, the total of a level before its first group."""
    totals = dict(_totals(reading, question, breakdown))
    for group in breakdown.groups:
        level = wording.level(group)
        if level in totals:
            yield totals.pop(level)
        yield Row(wording.name(breakdown, group), reading.told(question, {breakdown.id: group.place}), level)


def _totals(reading: Reading, question: Question, breakdown: Breakdown) -> Iterator[tuple[str, Row]]:
    """Yield the total of each level that holds more than one group."""
    levels = reading.levels(breakdown)
    for total in levels.groups if levels else ():
        if levels and total.level and sum(group.level == total.level for group in breakdown.groups) > 1:
            told = reading.told(question, {levels.id: total.place})
            level = wording.level(total)
            yield level, Row(wording.level_total(total), told, level, is_total=True)


def _spread(title: str, rows: Sequence[Row]) -> str:
    """Say between which shares the groups lie; no group is named, since none is to be ranked."""
    known = [row.told.top for row in rows if isinstance(row.told.top, int) and not row.is_total]
    if len(known) < 2:
        return title
    words = {"by": title, "low": min(known), "high": max(known), "n": len(known)}
    return _("%(by)s: from %(low)s%% to %(high)s%%, in the %(n)s groups whose share is one number") % words


def _grouped(id: str, says: str, question: Question, rows: Sequence[Row]) -> Chart | SafeString:
    if question.kind in SCALES:
        return _scale(id, says, question, rows)
    if not question.top:
        return _options_table(says, question, rows)
    shares = [Share(row.label, wording.percent(row.told.top), _number_and_mean(row.told)) for row in rows]
    told = [row.told for row in rows]
    note = _("The share of: %(answer)s.") % {"answer": upper(question)}
    return share_bars(id, says, shares, note=" ".join((note, _notes(told, _("Whole percent.")), str(ORDER))))


def _number_and_mean(told: Told) -> str:
    n = wording.count(told.n)
    return n if told.mean is None else _("%(n)s, mean %(mean)s") % {"n": n, "mean": f"{told.mean:g}"}


def _options_table(says: str, question: Question, rows: Sequence[Row]) -> SafeString:
    head = [_("Group"), *(wording.here(text) for text in question.options), _("Answers")]
    return table(says, head, [_option_cells(row) for row in rows])


def _option_cells(row: Row) -> list[str]:
    if row.told.options is None:
        return [row.label, str(WITHHELD)]
    shares = [wording.printed(share) for share in row.told.options]
    return [row.label, *shares, wording.count(row.told.n)]


def crossed(reading: Reading, question: Question, first: Breakdown, second: Breakdown) -> SafeString:
    """Return the table of the upper share of a question where two groupings are crossed."""
    head = [_("Group"), *(wording.name(second, group) for group in second.groups)]
    rows = [
        [
            wording.name(first, group),
            *(
                crossed_cell(reading.told(question, {first.id: group.place, second.id: other.place}))
                for other in second.groups
            ),
        ]
        for group in first.groups
    ]
    heading = _("%(question)s Share of: %(answer)s, with the number of answers")
    return table(heading % {"question": wording.here(question.text), "answer": upper(question)}, head, rows)


def crossed_cell(told: Told) -> str:
    """Return the share of one crossed cell with its count, or that it is not shown."""
    if told.hidden:
        return _("not shown, to protect people")
    return f"{wording.printed(told.top)} ({wording.count(told.n)})"


def rows_drawn(reading: Reading) -> int:
    """Return how many rows all charts by groups of a release would have."""
    groups = sum(len(breakdown.groups) + 1 for breakdown in reading.breakdowns)
    crossings = sum(len(first.groups) for first, _second in reading.pairs)
    return len(reading.questions) * (groups + crossings)
