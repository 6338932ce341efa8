"""The page that all staff see, "What we heard", made from released bytes and the words the parties agreed on.

Its form is that of `commonground.responses.page`; every text is made in both languages at once. The same release
and the same words always give the same page.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from commonground.kernel.languages import both
from commonground.kernel.text import canonical, sha256
from commonground.releases import counts, differences, differing, findings, limits, participation, quotes, wording
from commonground.releases.differences import Differences
from commonground.releases.reading import Breakdown, Question, Reading, Text
from commonground.sealing.formats import fingerprint

Words = dict[str, str]
Block = dict[str, Any]


@dataclass(frozen=True)
class Next:
    """What comes next, and on which day."""

    on: date
    text: Text


def page(
    content: Mapping[str, Any],
    lead: Text,
    coming: Sequence[Next] = (),
    earlier: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the page without its day (`on`), which is that of publishing.

    `content` is a release, parsed, `earlier` the one before it in its series, if there is one.
    """
    if quotes.is_comments(content):
        told = [*quotes.blocks(content), *_check(content), *_coming(coming)]
        return {"title": quotes.title(content), "lead": dict(lead), "blocks": told}
    if counts.is_counts(content):
        told = [*counts.blocks(content), *_check(content), *_coming(coming)]
        return {"title": counts.title(content), "lead": dict(lead), "blocks": told}
    reading = Reading(content)
    blocks = [
        *_who(reading),
        *_first(reading),
        *_what(reading),
        *(_since(Reading(earlier), reading) if earlier else ()),
        *_differ(reading),
        *_limits(reading),
        *_check(content),
        *_coming(coming),
    ]
    return {"title": both(lambda: _title(reading)), "lead": dict(lead), "blocks": blocks}


def neutral_lead(content: Mapping[str, Any]) -> Words:
    """Return the opening sentences of a page for which the parties wrote none: who answered, and nothing else."""
    if quotes.is_comments(content):
        return quotes.neutral_lead(content)
    if counts.is_counts(content):
        return counts.neutral_lead(content)
    reading = Reading(content)
    return both(lambda: _neutral(reading))


def _neutral(reading: Reading) -> str:
    words = {"answered": participation.in_a_sentence(reading)}
    return _("Answered: %(answered)s. Here are the numbers as all parties got them at the same moment.") % words


def _title(reading: Reading) -> str:
    return _("What we heard: %(survey)s") % {"survey": wording.here(reading.title)}


# Three large figures


def _first(reading: Reading) -> Iterator[Block]:
    chosen = telling(reading)
    if chosen:
        yield {"kind": "heading", "text": both(lambda: _("Numbers to start with"))}
        yield {"kind": "figures", "items": [_figure(reading, question) for question in chosen]}


def telling(reading: Reading) -> list[Question]:
    """Return up to three questions: the lowest upper share of the district, the highest, and the widest spread.

    A rule that nobody chooses by taste: shares that are ranges or hidden do not take part, and of equals the
    first in the order of the paper is taken.
    """
    shares = {question.id: reading.told(question, {}).top for question in reading.questions}
    known = [question for question in reading.questions if isinstance(shares[question.id], int)]
    if len(known) < 2:
        return known
    lowest = min(known, key=lambda question: shares[question.id])  # type: ignore[arg-type,return-value]
    highest = max(known, key=lambda question: shares[question.id])  # type: ignore[arg-type,return-value]
    rest = [question for question in known if question not in (lowest, highest)]
    widest = sorted(rest, key=lambda question: -_width(reading, question))[:1]
    return [question for question in known if question in (lowest, highest, *widest)]


def _width(reading: Reading, question: Question) -> int:
    ends = (_ends(reading, question, breakdown) for breakdown in reading.breakdowns)
    return max((end[1] - end[0] for end in ends if end), default=0)


def _ends(reading: Reading, question: Question, breakdown: Breakdown) -> tuple[int, int] | None:
    tops = [reading.told(question, {breakdown.id: group.place}).top for group in breakdown.groups]
    known = [top for top in tops if isinstance(top, int)]
    return (min(known), max(known)) if len(known) > 1 else None


def _figure(reading: Reading, question: Question) -> Block:
    told = reading.told(question, {})
    return {
        "figure": f"{told.top}%",
        "says": both(lambda: _says(question)),
        "detail": both(lambda: _detail(reading, question)),
    }


def _says(question: Question) -> str:
    words = {"answer": findings.upper(question), "question": wording.here(question.text)}
    return _("%(answer)s: “%(question)s”") % words


def _detail(reading: Reading, question: Question) -> str:
    said = [_("Of %(answers)s.") % {"answers": wording.answers(reading.told(question, {}).n)}]
    for breakdown in reading.breakdowns:
        ends = _ends(reading, question, breakdown)
        if ends:
            words = {"by": wording.by(breakdown), "low": ends[0], "high": ends[1]}
            said.append(_("%(by)s: from %(low)s%% to %(high)s%%.") % words)
    return " ".join(said)


# Who answered, what they said


def _who(reading: Reading) -> Iterator[Block]:
    yield {"kind": "heading", "text": both(lambda: _("Who answered: %(n)s") % _answered(reading))}
    groups = fewest_groups(reading)
    if groups:
        yield _chart(
            lambda: _("How many in each group answered"),
            lambda: str(participation.answered(groups, _reached(reading, groups))),
        )
        many = both(lambda: participation.how_many(groups, _reached(reading, groups)))
        yield {"kind": "text", "text": many}
    yield {
        "kind": "note",
        "title": both(lambda: _("Who is missing.")),
        "text": both(lambda: _missing(reading)),
    }


def _answered(reading: Reading) -> dict[str, str]:
    return {"n": participation.in_a_sentence(reading)}


def _reached(reading: Reading, breakdown: Breakdown) -> list[participation.Reached]:
    return list(participation.groups(reading, breakdown))


def fewest_groups(reading: Reading) -> Breakdown | None:
    """Return the grouping with the fewest groups of known size: the page for a phone shows this one."""
    usable = [each for each in reading.breakdowns if len(_reached(reading, each)) > 1]
    return min(usable, key=lambda breakdown: len(breakdown.groups), default=None)


def _missing(reading: Reading) -> str:
    less = [f"{one.label} ({one.counts})" for one in participation.less_heard(reading)]
    if not less:
        return _(
            "No group shown is heard less than its share of the staff. Those who did not answer are not heard."
        )
    return _("Heard less than their share of the staff: %(groups)s. The numbers speak less for them.") % {
        "groups": wording.groups(less)
    }


def _what(reading: Reading) -> Iterator[Block]:
    yield {"kind": "heading", "text": both(lambda: _("What people said"))}
    yield {"kind": "text", "text": both(lambda: _("The letter n stands for how many people answered."))}
    for question in reading.questions:
        yield _question(reading, question)
    groups = fewest_groups(reading)
    if groups:
        yield _by_groups(reading, groups)


def _question(reading: Reading, question: Question) -> Block:
    return _chart(lambda: wording.here(question.text), lambda: str(findings.district(reading, question)))


def _chart(title: Callable[[], str], html: Callable[[], str]) -> Block:
    return {"kind": "chart", "title": both(title), "html": both(html)}


def _by_groups(reading: Reading, breakdown: Breakdown) -> Block:
    asked = [question for question in reading.questions if question.top]
    return {
        "kind": "table",
        "title": both(lambda: wording.by(breakdown)),
        "head": [
            both(lambda: _("Question")),
            *(both(lambda group=group: wording.name(breakdown, group)) for group in breakdown.groups),  # type: ignore[misc]
        ],
        "rows": [_row(reading, breakdown, question) for question in asked],
        "note": both(lambda: _("Share of the upper answers of each question, with the number of answers.")),
    }


def _row(reading: Reading, breakdown: Breakdown, question: Question) -> list[Words]:
    told = [reading.told(question, {breakdown.id: group.place}) for group in breakdown.groups]
    cells = [both(lambda one=one: findings.crossed_cell(one)) for one in told]  # type: ignore[misc]
    return [both(lambda: _says(question)), *cells]


# What differs, what changed


def _since(earlier: Reading, reading: Reading) -> Iterator[Block]:
    found = differences.since(earlier, reading)
    if found.district:
        yield {"kind": "heading", "text": both(lambda: _("Since last time"))}
        yield _chart(lambda: _("The whole district"), lambda: str(differing.by_question(found)))
        yield {"kind": "text", "text": both(lambda: "\n".join(_changes(found, telling(reading))))}


def _changes(found: Differences, asked: Sequence[Question]) -> list[str]:
    """Say of the questions to start with what changed, of all comparisons how many are more than chance."""
    ids = [question.id for question in asked]
    said = [differing.since_last_time(one) for one in found.district if one.question.id in ids]
    return [*said, differing.in_short(found)]


def _differ(reading: Reading) -> Iterator[Block]:
    """Yield for each question to start with where more people say so, where fewer, and where it cannot be told."""
    groups, found = fewest_groups(reading), differences.among_groups(reading)
    rows = [[one for one in found.of(question) if one.breakdown == groups] for question in telling(reading)]
    rows = [mine for mine in rows if mine]
    if rows:
        yield {"kind": "heading", "text": both(lambda: _("Where groups differ"))}
        yield {"kind": "text", "text": both(lambda: "\n".join(map(differing.in_one_sentence, rows)))}
        yield {
            "kind": "note",
            "title": both(lambda: _("How this is judged.")),
            "text": both(lambda: " ".join(differing.how())),
        }


# What is not shown, what comes next


def _limits(reading: Reading) -> Iterator[Block]:
    yield {"kind": "heading", "text": both(lambda: _("What is not shown, to protect people"))}
    yield {"kind": "text", "text": both(lambda: "\n".join(_not_shown(reading)))}


def _not_shown(reading: Reading) -> list[str]:
    found = limits.limits(reading)
    least = _("Nothing here describes fewer than %(minimum)s people.") % {"minimum": reading.minimum}
    return [least, *found.tables, *found.together, *limits.counting(reading)]


def _check(content: Mapping[str, Any]) -> Iterator[Block]:
    """Yield the hash of the released bytes, in groups that fit a phone."""
    digest = sha256(canonical(content))
    groups = " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))
    words = {"fingerprint": fingerprint(bytes.fromhex(digest)), "hash": groups}
    yield {"kind": "note", "title": both(lambda: _("Check it.")), "text": both(lambda: _hash(words))}


def _hash(words: Mapping[str, str]) -> str:
    return _("The file with all numbers has the fingerprint %(fingerprint)s. Its SHA-256 is %(hash)s.") % words


def _coming(coming: Sequence[Next]) -> Iterator[Block]:
    if coming:
        yield {"kind": "heading", "text": both(lambda: _("What comes next"))}
        items = [{"on": one.on.isoformat(), "text": dict(one.text)} for one in coming]
        yield {"kind": "next", "items": items}
