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


def since_last_time(one: Compared) -> str:
    """Say of one question how many more or fewer people say so than before, with both numbers."""
    words = {"question": wording.here(one.question.text), "answer": upper(one.question), **_numbers(one)}
    return _changes()[one.judged.verdict] % (words | {"points": _points(one.judged)})


def _changes() -> Mapping[Verdict, str]:
    return {
        Verdict.MORE: _(
            "“%(question)s” More people than last time say “%(answer)s”: now %(here)s, last time %(there)s. The "
            "difference is %(points)s."
        ),
        Verdict.FEWER: _(
            "“%(question)s” Fewer people than last time say “%(answer)s”: now %(here)s, last time %(there)s. The "
            "difference is %(points)s."
        ),
        Verdict.CLOSE: _("“%(question)s” Too close to call for “%(answer)s”: now %(here)s, last time %(there)s."),
        Verdict.UNKNOWN: _("“%(question)s” Not enough is shown to compare."),
    }


def in_one_sentence(rows: Sequence[Compared]) -> str:
    """Say of one question which groups differ from everyone else, with numbers, and which are too close to call."""
    question = rows[0].question
    said = [f"“{wording.here(question.text)}” ({upper(question)})."]
    for verdict, words in _places().items():
        mine = [one for one in rows if one.judged.verdict == verdict]
        if mine:
            said.append(words % {"groups": "; ".join(_with_numbers(one) for one in mine)})
    return " ".join(said)


def _places() -> Mapping[Verdict, str]:
    return {
        Verdict.MORE: _("More people than elsewhere: %(groups)s."),
        Verdict.FEWER: _("Fewer people than elsewhere: %(groups)s."),
        Verdict.CLOSE: _("Too close to call: %(groups)s."),
        Verdict.UNKNOWN: _("Not enough is shown to compare: %(groups)s."),
    }


def _with_numbers(one: Compared) -> str:
    return f"{name(one)} ({_beside(one)})" if one.sure else name(one)


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
            "More than chance: %(sure)s of %(all)s comparisons. Too close to call: %(close)s. Not enough is shown "
            "to compare: %(unknown)s."
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
    return spans("since-all", _heading(district, found.waves), rows, _head(_("Question"), found), note=_note())


def named(found: Differences) -> Chart | None:
    """Return the chart of every group that is sure to differ; None where none is."""
    sure = [one for one in found.sure if one.group]
    if not sure:
        return None
    rows = [_span(one, name(one), wording.here(one.question.text)) for one in sure]
    id = "since-groups" if found.waves else "differ-groups"
    return spans(
        id,
        _("Groups that show more than chance: %(n)s") % {"n": len(sure)},
        rows,
        _head(_("Group"), found),
        note=_note(),
    )


def of_question(found: Differences, question: Question) -> Chart | None:
    """Return the chart of one question with all its comparisons; None without any."""
    mine = found.of(question)
    if not mine:
        return None
    rows = [_span(one, name(one), wording.by(one.breakdown) if one.breakdown else "") for one in mine]
    id = f"{question.id}-since" if found.waves else f"{question.id}-differ"
    return spans(id, _heading(mine, found.waves), rows, _head(_("Group"), found), note=_note())


def _span(one: Compared, label: str, group: str = "") -> Span:
    numbers = _numbers(one)
    cells = (numbers["here"], numbers["there"], _between(one.judged))
    return Span(label, one.judged.low, one.judged.high, says(one), one.sure, _beside(one), cells, group)


def _beside(one: Compared) -> str:
    if one.judged.verdict == Verdict.UNKNOWN:
        return ""
    words = _numbers(one)
    if one.before:
        return _("now %(here)s; last time %(there)s") % words
    return _("here %(here)s; everyone else %(there)s") % words


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


def _heading(rows: Sequence[Compared], waves: bool) -> str:
    more, fewer = (sum(one.judged.verdict == side for one in rows) for side in SURE)
    words = {"more": more, "fewer": fewer, "all": len(rows)}
    if not more and not fewer:
        return _("Nothing here shows more than chance")
    if waves:
        return _("Of %(all)s comparisons: in %(more)s more people than last time, in %(fewer)s fewer") % words
    return _("Of %(all)s groups: in %(more)s more people than elsewhere, in %(fewer)s fewer") % words


def _note() -> str:
    return _("Each line covers all differences that fit the numbers. A point is one percent of those who answered.")
