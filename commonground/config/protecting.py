"""The command that brings a table of counts made elsewhere through the gate, and says what it did to it."""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from commonground.disclosure.counted import Asked, Counted, TableRefused, Wanted, read
from commonground.disclosure.plan import Kind, PlanRefused
from commonground.kernel.errors import Refused
from commonground.partnership.stafflist.faults import Unreadable
from commonground.partnership.stafflist.sheet import read as read_sheet
from commonground.surveys.counted import About, release_content

MOST_NAMED = 20
WHY_JOINED = {
    "roster": "since few people belong to one of them",
    "answers": "since few people were counted in one of them",
    "waves": "since few people were counted in one of them, or few came or left since an earlier release",
}


def main(options: argparse.Namespace) -> int:
    """Write the release of a table of counts. Raises Refused, naming line and column, where it cannot be read."""
    into = options.into or Path(f"{options.table.stem}.release.json")
    if into.exists():
        raise Refused(
            f"{into} is there already. What left once cannot be taken back: give another name with --into."
        )
    counted = _counted(options)
    about = About(_both(options.title or options.table.stem), _both(options.people), options.on)
    try:
        content = release_content(counted, about, [path.read_text() for path in options.earlier])
    except PlanRefused as refusal:
        raise Refused(f"{options.table.name}: {refusal.words}") from None
    except (KeyError, TypeError, ValueError):
        raise Refused("An earlier release cannot be read. Nothing was written.") from None
    into.write_text(json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")))
    print(
        "\n".join(
            [*said(counted, content), f"Written to {into}. Anyone can check it: commonground verify-release {into}"]
        )
    )
    return 0


def _counted(options: argparse.Namespace) -> Counted:
    wanted = Wanted(
        people=options.people,
        of=options.of,
        nested=tuple(filter(None, options.nested.split(","))),
        by=tuple(options.by),
        counts=tuple(options.count),
        answers=tuple(map(_asked, options.answers)),
        minimum=options.minimum,
    )
    try:
        sheet = read_sheet(options.table.name, options.table.read_bytes())
        return read(sheet.headers, sheet.rows(), wanted)
    except Unreadable as unreadable:
        raise Refused(
            f"{unreadable.fault.file}: {unreadable.fault.what.text()} {unreadable.fault.do.text()}"
        ) from None
    except TableRefused as refusal:
        raise Refused(f"{options.table.name}: {refusal}") from None
    except PlanRefused as refusal:
        raise Refused(f"{options.table.name}: {refusal.words}") from None


def _asked(text: str) -> Asked:
    """Read "useful=useful,not_useful" or "calm=c1,c2,c3,c4,c5:agreement"."""
    name, equals, rest = text.partition("=")
    columns, _, kind = rest.partition(":")
    kinds = [each for each in get_args(Kind) if each != "several"]
    if not equals or (kind and kind not in kinds):
        raise Refused(
            f"“{text}” should read NAME=COLUMN,COLUMN or NAME=COLUMN,COLUMN:KIND with one of {', '.join(kinds)}."
        )
    return Asked(name, tuple(columns.split(",")), kind or "one")  # type: ignore[arg-type]


def _both(words: str) -> dict[str, str]:
    return {"en": words, "es": words}


def said(counted: Counted, content: Mapping[str, Any]) -> Iterator[str]:
    """Say in sentences what was counted, what is hidden and why, and how much is lost."""
    tables, words = content["tables"], content["words"]
    number = _number(tables["cells"][0]["n"])
    yield f"{words['people']['en']}: {number} in the district, from {len(counted.rows)} lines."
    yield from (_joined(words, group) for group in tables["merged"])
    cells = [cell for cell in tables["cells"] if not _is_nowhere(tables, counted, cell["at"])]
    yield from (_lost(table, cells) for table in tables["loss"]["tables"])
    yield from _hidden(tables, words, cells)
    yield from _why(tables, cells)


def _is_nowhere(tables: Mapping[str, Any], counted: Counted, at: Mapping[str, int]) -> bool:
    """Tell whether a cell is of those who named no group, where everybody is known to have one."""
    groups = {group["id"]: group for group in tables["groups"]}
    return any(
        not groups[name]["reporting"][place]["holds"] and (groups[name]["of"] or name) in counted.everywhere_named
        for name, place in at.items()
    )


def _number(n: int | Mapping[str, int] | None) -> str:
    if isinstance(n, Mapping):
        return f"{n['at_least']:,} or more of {n['of']:,}"
    return "not shown, to protect people" if n is None else f"{n:,}"


def _joined(words: Mapping[str, Any], group: Mapping[str, Any]) -> str:
    held = _held(words, group["group"], group)
    return f"{group['group']}: {held} are shown together, {WHY_JOINED[group['joined']]}."


def _held(words: Mapping[str, Any], name: str, part: Mapping[str, Any]) -> str:
    options = next(question["options"] for question in words["questions"] if question["id"] == name)
    held = [options[place]["text"]["en"] for place in part["holds"]]
    return ", ".join([*held, *(["nowhere named"] if part["left_out"] else [])])


def _lost(table: Mapping[str, Any], cells: Sequence[Mapping[str, Any]]) -> str:
    mine = [cell for cell in cells if list(cell["at"]) == table["groups"]]
    number = sum(cell["status"] == "withheld" for cell in mine)
    hidden = f"{number} of {len(mine)} groups not shown" if number else f"all {len(mine)} groups shown"
    people = "" if table["people"] is None else f"; those shown hold {table['people']}% of the people"
    return f"{' x '.join(table['groups'])}: {hidden}{people}."


def _hidden(
    tables: Mapping[str, Any], words: Mapping[str, Any], cells: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    hidden = [cell["at"] for cell in cells if cell["status"] == "withheld"]
    names = [_name(tables, words, at) for at in hidden[:MOST_NAMED]]
    more = [f"{len(hidden) - len(names)} more"] if len(hidden) > len(names) else []
    if hidden:
        yield f"Not shown: {'; '.join([*names, *more])}."


def _name(tables: Mapping[str, Any], words: Mapping[str, Any], at: Mapping[str, int]) -> str:
    groups = {group["id"]: group for group in tables["groups"]}
    parts = [(groups[name]["of"], name, groups[name]["reporting"][place]) for name, place in at.items()]
    return (
        " x ".join((of and part["level"]) or _held(words, of or name, part) for of, name, part in parts)
        or "the district"
    )


def _why(tables: Mapping[str, Any], cells: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Say each reason for which less than everything is shown."""
    found = {cell["reason"] for cell in cells}
    found |= {told["reason"] for cell in cells for told in cell["answers"].values()}
    yield from (words for reason, words in tables["reasons"].items() if reason in found)
