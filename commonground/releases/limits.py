"""What a release does not show and why, how much it still describes, and how its answers were counted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commonground.releases import wording
from commonground.releases.reading import Breakdown, Group, Reading

REASONS = {
    "protected": gettext_lazy("Too few answers here or beside it, so not shown, to protect people."),
    "nearly_all": gettext_lazy("Nearly everyone answered, so numbers are given in steps, to protect people."),
    "under_20": gettext_lazy("Fewer than 20 answers, so only the share in steps is shown, to protect people."),
    "few_choices": gettext_lazy("Fewer than 30 answers, so each share is given in steps, to protect people."),
    "under_30": gettext_lazy("Fewer than 30 answers, so the answers are not shown apart, to protect people."),
    "crossed": gettext_lazy(
        "Where two groups are crossed, only the share of the upper answers is shown, to protect people."
    ),
    "steps": gettext_lazy(
        "Exact shares here would tell of a hidden group, so they are given in steps, to protect people."
    ),
    "ends": gettext_lazy("Very small and very large shares are shown as ranges, to protect people."),
    "not_apart": gettext_lazy(
        "Ranges would not hide how few gave some answers, so they are not shown apart, to protect people."
    ),
}
"""The reasons of the gate in the reader's language; `protected` stands for a small group and for its shield."""


EXPLAINED = {
    "protected": "small",
    "nearly_all": "nearly_all",
    "under_20": "few",
    "few_choices": "few",
    "under_30": "few",
    "crossed": "crossed",
    "steps": "steps",
    "ends": "ends",
    "not_apart": "few",
}
"""Which case of `kernel.hiding` explains a reason; never one that tells a small group from its shield."""


@dataclass(frozen=True)
class Reason:
    """A reason in words, and the case that explains it with a picture."""

    words: str
    case: str


@dataclass(frozen=True)
class Limits:
    """What is missing, in words: groups shown together, tables with hidden groups, the reasons that occur."""

    together: list[str]
    tables: list[str]
    reasons: list[Reason]


def limits(reading: Reading, among: Mapping[str, Sequence[Group]] | None = None) -> Limits:
    """Return what the release leaves out, in the reader's language.

    `among` are the groups of each breakdown that could hold somebody, where not all could.
    """
    together = [_together(*each, of_counts=reading.of_counts) for each in reading.merged()]
    return Limits(together, list(_tables(reading, among or {})), list(_reasons(reading)))


def _together(breakdown: Breakdown, group: Group, *, of_counts: bool) -> str:
    words = {"by": wording.by(breakdown), "groups": wording.name(breakdown, group)}
    if of_counts:
        return _("%(by)s: %(groups)s are shown together, since one of them alone would be too small.") % words
    if group.joined == "answers":
        return _("%(by)s: %(groups)s are shown together, since few people answered in one of them.") % words
    if group.joined == "roster":
        return _("%(by)s: %(groups)s are shown together, since few people belong to one of them.") % words
    if group.joined == "waves":
        return (
            _(
                "%(by)s: %(groups)s are shown together, since few people answered in one of them, or few came "
                "or left since an earlier survey."
            )
            % words
        )
    return _("%(by)s: %(groups)s are shown together.") % words


def _tables(reading: Reading, among: Mapping[str, Sequence[Group]]) -> Iterator[str]:
    for table in reading.tables["loss"]["tables"]:
        breakdowns = [reading.breakdown(name) for name in table["groups"]]
        places = product(*([group.place for group in among.get(each.id, each.groups)] for each in breakdowns))
        cells = [reading.cell(dict(zip(table["groups"], at, strict=True))) for at in places]
        words = {
            "by": wording.crossed_by(breakdowns),
            "hidden": sum(cell.hidden for cell in cells),
            "cells": len(cells),
            "people": table["people"],
        }
        sentence = ngettext(
            "%(by)s: %(hidden)s of %(cells)s groups is not shown, to protect people.",
            "%(by)s: %(hidden)s of %(cells)s groups are not shown, to protect people.",
            words["hidden"],
        )
        if not words["hidden"]:
            sentence = _("%(by)s: all %(cells)s groups are shown.")
        describes = (
            _("The groups shown hold %(people)s%% of the people counted.")
            if reading.of_counts
            else _("The groups shown hold %(people)s%% of those who answered.")
        )
        yield (sentence if table["people"] is None else f"{sentence} {describes}") % words
    if others := [each for each in reading.tables.get("earlier", ()) if each["how"] != "opening"]:
        yield ngettext(
            "Judged beside %(n)s earlier release: a small group is shown again only if the same people belong to "
            "it, or if at least %(k)s came or left. Otherwise two numbers side by side could give those few away.",
            "Judged beside %(n)s earlier releases: a small group is shown again only if the same people belong to "
            "it, or if at least %(k)s came or left. Otherwise two numbers side by side could give those few away.",
            len(others),
        ) % {"n": len(others), "k": reading.tables["minimum"]}


def _reasons(reading: Reading) -> Iterator[Reason]:
    found = {cell.reason for cell in reading.cells}
    found |= {told.reason for cell in reading.cells for told in cell.answers.values()}
    yield from (Reason(str(words), EXPLAINED[key]) for key, words in REASONS.items() if key in found)


def counting(reading: Reading) -> list[str]:
    """Return in sentences how sealed answers became counted ones."""
    counts = reading.content["counts"]
    rejected = counts["sealed"] - counts["counted"]
    numbers = {"sealed": f"{counts['sealed']:,}", "counted": f"{counts['counted']:,}", "rejected": f"{rejected:,}"}
    if rejected:
        said = [
            _("%(sealed)s sealed answers were opened together, and %(counted)s of them counted.") % numbers,
            _("%(rejected)s did not count: given twice, with a code that was cancelled, or unreadable.") % numbers,
        ]
    else:
        said = [_("%(sealed)s sealed answers were opened together, and all of them counted.") % numbers]
    return [*said, *_comments(reading.content.get("comments", {}))]


def _comments(fates: Mapping[str, str]) -> Iterator[str]:
    """Say what became of what people wrote."""
    if "sealed" in fates.values():
        yield _("What people wrote is sealed to two reviewers, one of each side. It gets a release of its own.")
    if "few" in fates.values():
        yield _("Too few people wrote in their own words. To protect them, their comments were destroyed unread.")
