"""A release of counts made elsewhere as people read it: who took part, by group, and what they said afterwards."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonground.disclosure.counted import FORMAT
from commonground.kernel.charts import share_bars
from commonground.kernel.languages import both
from commonground.releases import findings, limits, participation, wording
from commonground.releases.reading import Breakdown, Group, Question, Reading

Block = dict[str, Any]

DID: Mapping[str, tuple[Promise, Promise]] = {
    "took_part": (gettext_lazy("Took part"), gettext_lazy("Who took part: %(what)s")),
    "reached": (gettext_lazy("Were reached"), gettext_lazy("Who was reached: %(what)s")),
    "served": (gettext_lazy("Were served"), gettext_lazy("Who was served: %(what)s")),
}
"""What people did, and the title of a page that tells who did it."""


def is_counts(content: Mapping[str, Any]) -> bool:
    """Say whether a release tells of counts made elsewhere."""
    return bool(content.get("format") == FORMAT)


def title(content: Mapping[str, Any]) -> dict[str, str]:
    """Return the title of the page in both languages."""
    words = content["words"]
    return both(lambda: str(DID[words["did"]][1]) % {"what": wording.here(words["title"])})


def in_a_sentence(content: Mapping[str, Any]) -> str:
    """Say how many people did it: "Took part: 158 of 415 people (38%)"."""
    words = {"did": DID[content["words"]["did"]][0], "n": participation.in_a_sentence(Reading(content))}
    return _("%(did)s: %(n)s") % words


def neutral_lead(content: Mapping[str, Any]) -> dict[str, str]:
    """Return the opening sentences of the page."""
    return both(lambda: _lead(content))


def _lead(content: Mapping[str, Any]) -> str:
    said = _("%(counted)s. Someone on the spot counted them; nobody is named here or anywhere else.")
    return said % {"counted": in_a_sentence(content)}


def blocks(content: Mapping[str, Any]) -> Iterator[Block]:
    """Yield the blocks of the page: who, what they said, what is not shown, who released it."""
    reading = Reading(content)
    yield {"kind": "heading", "text": both(lambda: _("In which groups"))}
    for breakdown in reading.all_breakdowns:
        yield _by(reading, breakdown)
    yield from (_crossed(reading, *pair) for pair in reading.pairs)
    if reading.questions:
        yield {"kind": "heading", "text": both(lambda: _("What people said"))}
    for question in reading.questions:
        yield from _question(reading, question)
    yield {"kind": "heading", "text": both(lambda: _("What is not shown, to protect people"))}
    yield {"kind": "text", "text": both(lambda: "\n".join(_not_shown(reading)))}
    yield {"kind": "note", "title": both(lambda: _("How this was made.")), "text": both(lambda: _made(content))}


def _by(reading: Reading, breakdown: Breakdown) -> Block:
    """Return the chart of a grouping whose groups have known sizes, else a table of its numbers."""
    if list(participation.groups(reading, breakdown)):
        return {
            "kind": "chart",
            "title": both(lambda: wording.by(breakdown)),
            "html": both(lambda: _chart(reading, breakdown)),
        }
    return {
        "kind": "table",
        "title": both(lambda: wording.by(breakdown)),
        "head": [both(lambda: wording.by(breakdown)), both(lambda: _did(reading))],
        "rows": [
            [_name(breakdown, group.place), both(lambda group=group: _count(reading, {breakdown.id: group.place}))]  # type: ignore[misc]
            for group in _groups(reading, breakdown)
        ],
    }


def _groups(reading: Reading, breakdown: Breakdown) -> list[Group]:
    """Return the groups, without those who named none where everybody counted has one."""
    named = (breakdown.of or breakdown.id) in reading.words["named"]
    return [group for group in breakdown.groups if group.names or not named]


def _chart(reading: Reading, breakdown: Breakdown) -> str:
    bars = [participation.bar(one) for one in participation.groups(reading, breakdown)]
    heading = _("%(by)s: %(did)s") % {"by": wording.by(breakdown), "did": _did(reading).lower()}
    return str(share_bars(f"counted-{breakdown.id}", heading, bars, of=wording.by(breakdown)))


def _crossed(reading: Reading, one: Breakdown, other: Breakdown) -> Block:
    """Return the table of two groupings crossed."""
    return {
        "kind": "table",
        "title": both(lambda: wording.crossed_by((one, other))),
        "head": [both(lambda: wording.by(one)), *(_name(other, group.place) for group in _groups(reading, other))],
        "rows": [
            [
                _name(one, row.place),
                *(_cell(reading, {one.id: row.place, other.id: group.place}) for group in _groups(reading, other)),
            ]
            for row in _groups(reading, one)
        ],
        "note": both(lambda: _("Numbers of people.")),
    }


def _cell(reading: Reading, at: Mapping[str, int]) -> dict[str, str]:
    return both(lambda: _count(reading, at))


def _count(reading: Reading, at: Mapping[str, int]) -> str:
    n = reading.cell(at).n
    return _("not shown, to protect people") if n is None else wording.count(n)


def _name(breakdown: Breakdown, place: int) -> dict[str, str]:
    return both(lambda: wording.name(breakdown, breakdown.groups[place]))


def _did(reading: Reading) -> str:
    return str(DID[reading.words["did"]][0])


def _question(reading: Reading, question: Question) -> Iterator[Block]:
    """Yield the chart of the district, and a table of the first answer's share by each grouping."""
    yield {
        "kind": "chart",
        "title": both(lambda: wording.here(question.text)),
        "html": both(lambda: str(findings.district(reading, question))),
    }
    for breakdown in reading.breakdowns:
        yield {
            "kind": "table",
            "title": both(lambda breakdown=breakdown: wording.by(breakdown)),  # type: ignore[misc]
            "head": [
                both(lambda breakdown=breakdown: wording.by(breakdown)),  # type: ignore[misc]
                both(lambda: wording.here(question.options[0])),
            ],
            "rows": [
                [_name(breakdown, group.place), both(_share_of(reading, question, {breakdown.id: group.place}))]
                for group in _groups(reading, breakdown)
            ],
        }


def _share_of(reading: Reading, question: Question, at: Mapping[str, int]) -> Callable[[], str]:
    told = reading.told(question, at)
    return lambda: wording.printed(told.top) or _("not shown, to protect people")


def _not_shown(reading: Reading) -> list[str]:
    found = limits.limits(reading, {each.id: _groups(reading, each) for each in reading.all_breakdowns})
    least = _("Nothing here describes fewer than %(minimum)s people.") % {"minimum": reading.minimum}
    return [least, *found.tables, *found.together]


def _made(content: Mapping[str, Any]) -> str:
    parties = wording.listed([party["name"] for party in content["words"]["parties"]])
    return "\n".join(
        (
            _("Released together by %(parties)s.") % {"parties": parties},
            _("The counts came in a file. Only what stands here was kept; the file was read once and forgotten."),
        )
    )
