"""How differences are said and drawn: "more people than last time", "too close to call", numbers beside."""

from collections.abc import Mapping, Sequence
from math import ceil, floor

from django.utils.translation import gettext as _

from commonground.kernel.charts import Chart, Span, spans
from commonground.releases import wording
from commonground.releases.differences import SURE, Compared, Differences
from commonground.releases.findings import upper
from commonground.releases.intervals import Judged, Shown, Verdict
from commonground.releases.reading import Question, Told


def name(one: Compared) -> str:
    """Return whom a comparison is about."""
    return wording.name(one.breakdown, one.group) if one.breakdown and one.group else _("Whole district")


def says(one: Compared) -> str:
    """Say what a comparison says, in few words."""
    verdict, judged = one.judged.verdict, one.judged
    if verdict == Verdict.UNKNOWN:
        return _("not enough is shown to compare")
    if verdict == Verdict.CLOSE:
        return _("too close to call")
    words = {"points": _points(judged)}
    return (_("more, by %(points)s") if verdict == Verdict.MORE else _("fewer, by %(points)s")) % words


def _points(judged: Judged) -> str:
    """Return how far two shares lie apart: "5 to 17 points"."""
    low, high = sorted((abs(judged.low or 0), abs(judged.high or 0)))
    words = {"low": low, "high": high}
    return _("%(low)s to %(high)s points") % words if low else _("up to %(high)s points") % words


def sentence(one: Compared) -> str:
    """Say a comparison with its numbers."""
    words = {"name": name(one), "answer": upper(one.question), **_numbers(one)}
    words["points"] = _points(one.judged)
    said = _said_of_waves if one.before else _said_of_groups
    return said()[one.judged.verdict] % words


def _said_of_groups() -> Mapping[Verdict, str]:
    return {
        Verdict.MORE: _(
            "%(name)s: more people than elsewhere say “%(answer)s”. Here %(here)s; everyone else %(there)s. The "
            "difference is %(points)s."
        ),
        Verdict.FEWER: _(
            "%(name)s: fewer people than elsewhere say “%(answer)s”. Here %(here)s; everyone else %(there)s. The "
            "difference is %(points)s."
        ),
        Verdict.CLOSE: _("%(name)s: too close to call. Here %(here)s; everyone else %(there)s."),
        Verdict.UNKNOWN: _("%(name)s: not enough is shown to compare."),
    }


def _said_of_waves() -> Mapping[Verdict, str]:
    return {
        Verdict.MORE: _(
            "%(name)s: more people than last time say “%(answer)s”. Now %(here)s; last time %(there)s. The "
            "difference is %(points)s."
        ),
        Verdict.FEWER: _(
            "%(name)s: fewer people than last time say “%(answer)s”. Now %(here)s; last time %(there)s. The "
            "difference is %(points)s."
        ),
        Verdict.CLOSE: _("%(name)s: too close to call. Now %(here)s; last time %(there)s."),
        Verdict.UNKNOWN: _("%(name)s: not enough is shown to compare."),
    }


def _numbers(one: Compared) -> dict[str, str]:
    return {"here": _of(one.told), "there": _of(one.before) if one.before else _of_rest(one.other)}


def _of(told: Told) -> str:
    """Return a share with its count: "38% of 414 answers"."""
    if told.hidden or told.top is None:
        return _("not shown, to protect people")
    words = {"share": wording.printed(told.top), "answers": wording.answers(told.n)}
    return _("%(share)s of %(answers)s") % words


def _of_rest(other: Shown | None) -> str:
    if other is None:
        return _("not shown, to protect people")
    return _("%(share)s of %(answers)s") % {"share": _share(other), "answers": _answers(other)}


def _share(other: Shown) -> str:
    """Return the share of a rest as far as printed numbers tell: "41 to 43%"."""
    low, high = floor(100 * other.low), ceil(100 * other.high)
    return f"{low}%" if low == high else _("%(low)s to %(high)s%%") % {"low": low, "high": high}


def _answers(other: Shown) -> str:
    if other.answers == other.most:
        return _("%(n)s answers") % {"n": f"{other.most:,}"}
    count = _("%(low)s to %(high)s") % {"low": f"{other.answers:,}", "high": f"{other.most:,}"}
    return _("%(n)s answers") % {"n": count}


def in_short(found: Differences) -> str:
    """Say how many of all comparisons are more than chance."""
    sure, close, unknown = len(found.sure), found.count(Verdict.CLOSE), found.count(Verdict.UNKNOWN)
    words = {"all": f"{len(found.all):,}", "sure": f"{sure:,}", "close": f"{close:,}", "unknown": f"{unknown:,}"}
    said = [
        _(
            "Of %(all)s comparisons, %(sure)s show more than chance, %(close)s are too close to call, and for "
            "%(unknown)s not enough is shown."
        )
        % words
    ]
    if found.waves:
        said.append(
            _(
                "Many people answered both times, and nobody may know who. So each difference is judged with "
                "more care than may be needed."
            )
        )
    return " ".join(said)


def how() -> list[str]:
    """Say how comparisons are judged, and what they do not tell."""
    return [
        _("Compared is the share of the upper answers, from the released numbers alone."),
        _(
            "A difference counts only if chance, rounding and the number of comparisons on this page do not "
            "explain it. On 19 of 20 such pages, no “more” and no “fewer” is wrong."
        ),
        _(
            "This takes those who answered as a draw by chance from all who were asked. If those who stay silent "
            "think otherwise, no calculation can tell."
        ),
        _("“Too close to call” does not say that two groups are alike."),
    ]


# Charts


def by_question(found: Differences) -> Chart | None:
    """Return the chart of the whole district since the last time, a row for each question; None without."""
    district = found.district
    if not district:
        return None
    rows = [_span(one, wording.here(one.question.text)) for one in district]
    return spans("since-all", _heading(district, found), rows, _head(_("Question"), found), note=_note())


def named(found: Differences) -> Chart | None:
    """Return the chart of every group that is sure to differ; None where none is."""
    sure = [one for one in found.sure if one.group]
    if not sure:
        return None
    rows = [_span(one, name(one), wording.here(one.question.text)) for one in sure]
    id = "since-groups" if found.waves else "differ-groups"
    return spans(id, _heading(sure, found), rows, _head(_("Group"), found), note=_note())


def of_question(found: Differences, question: Question) -> Chart | None:
    """Return the chart of one question with all its comparisons; None without any."""
    mine = found.of(question)
    if not mine:
        return None
    rows = [_span(one, name(one), wording.by(one.breakdown) if one.breakdown else "") for one in mine]
    id = f"{question.id}-since" if found.waves else f"{question.id}-differ"
    return spans(id, _heading(mine, found), rows, _head(_("Group"), found), note=_note())


def _span(one: Compared, label: str, group: str = "") -> Span:
    numbers = _numbers(one)
    cells = (numbers["here"], numbers["there"], _between(one.judged))
    return Span(label, one.judged.low, one.judged.high, says(one), one.sure, cells, group)


def _between(judged: Judged) -> str:
    """Return a difference with its sign, as the table prints it."""
    if judged.low is None or judged.high is None:
        return _("not compared")
    return _("%(low)s to %(high)s points") % {"low": _signed(judged.low), "high": _signed(judged.high)}


def _signed(points: int) -> str:
    return f"+{points}" if points > 0 else f"−{-points}" if points else "0"


def _head(first: str, found: Differences) -> list[str]:
    if found.waves:
        return [first, _("Now"), _("Last time"), _("Difference")]
    return [first, _("Here"), _("Everyone else"), _("Difference")]


def _heading(rows: Sequence[Compared], found: Differences) -> str:
    more, fewer = (sum(one.judged.verdict == side for one in rows) for side in SURE)
    words = {"more": more, "fewer": fewer, "others": len(rows) - more - fewer, "all": len(rows)}
    if not more and not fewer:
        return _("Nothing here shows more than chance")
    if found.waves:
        return _("More people than last time in %(more)s of %(all)s comparisons, fewer in %(fewer)s") % words
    return _("More people than elsewhere in %(more)s of %(all)s comparisons, fewer in %(fewer)s") % words


def _note() -> str:
    return _(
        "Each line reaches over all differences that the numbers allow. Points are percent of those who answered."
    )
