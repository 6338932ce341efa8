"""What a trial tells: the numbers in and out, what is hidden, and whether all of it held."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from commonground.demo.trial.compare import Compared, compare, joined, places
from commonground.demo.trial.sheet import Sheet
from commonground.demo.trial.stations import Outcome
from commonground.disclosure.attack import attempts
from commonground.disclosure.verify import verify

KINDS = {"agreement": "five points", "scale10": "0 to 10", "one": "one choice"}
MOST_FAULTS = 20
"""So many failed checks are told one by one; of the others the number."""


def before(sheet: Sheet, staff: int) -> Iterator[str]:
    """Yield what goes in."""
    yield f"{sheet.name}: {len(sheet.rows):,} answers, {len(sheet.site.values)} places ({sheet.site.name})"
    for column in sheet.groups:
        yield f"  group {column.name}: {len(column.values)} groups"
    for kind, words in KINDS.items():
        names = [column.name for column in sheet.items if column.kind == kind]
        if names:
            yield f"  {len(names)} items ({words}): {', '.join(names)}"
    yield f"  left out by those who answered: {_left_out(sheet):,} answers to a question"
    yield f"  on the staff list: {staff:,} people"


def _left_out(sheet: Sheet) -> int:
    return sum(not row[column.name] for row in sheet.rows for column in sheet.columns)


def after(sheet: Sheet, outcome: Outcome, record: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return what came out, in lines, and a sentence for each check that failed.

    `record` are the faults that a check of the joint record found.
    """
    tables = outcome.release["tables"]
    compared = compare(sheet, outcome.release)
    tried = attempts(tables, compared.empty)
    learnt = list(dict.fromkeys(sentence for found in tried.values() for sentence in found))
    broken = [fault for fault in verify(tables) if fault not in learnt]
    lines = [*_counted(outcome), *_compared(compared), *_hidden(compared, sheet, outcome.release)]
    lines.append(f"Rules of the release that verify found broken: {len(broken)}")
    lines += _attacked(tried, learnt, len(compared.empty))
    lines.append(f"The joint record is {'unharmed' if not record else 'harmed'}")
    failed = [*_missing(sheet, outcome), *compared.faults]
    failed += [f"verify: {fault}" for fault in broken] + [f"attack: {sentence}" for sentence in learnt]
    return lines, failed + [f"record: {fault}" for fault in record]


def _attacked(tried: Mapping[str, Sequence[str]], learnt: Sequence[str], empty: int) -> Iterator[str]:
    """Yield how many adversaries had a try, told which cells are empty, and what each learnt."""
    yield f"Hidden numbers that the attack learnt: {len(learnt)}"
    yield f"  {len(tried)} adversaries tried, who know the {empty:,} cells that hold nobody:"
    yield "  " + ", ".join(f"{name} {len(found)}" for name, found in tried.items())


def _counted(outcome: Outcome) -> Iterator[str]:
    counts = outcome.release["counts"]
    rejected = sum(counts["rejected"].values())
    yield f"Receipts {outcome.thanked:,}, sealed answers {counts['sealed']:,}"
    yield f"Counted {counts['counted']:,}, rejected {rejected:,}"


def _missing(sheet: Sheet, outcome: Outcome) -> Iterator[str]:
    """Yield a sentence for each station where an answer of the file was lost, added or refused."""
    counts, people = outcome.release["counts"], len(sheet.rows)
    stations = {"got a receipt": outcome.thanked, "lie sealed": counts["sealed"], "were counted": counts["counted"]}
    for station, number in stations.items():
        if number != people:
            yield f"The file has {people:,} answers and {number:,} {station}."
    for reason, number in counts["rejected"].items():
        yield f"{number:,} answers were rejected: {reason}."


def _compared(compared: Compared) -> Iterator[str]:
    printed, wrong = sum(compared.numbers.values()), len(compared.faults)
    yield f"Against a plain count of the file: {printed:,} printed numbers, {wrong:,} disagree"
    yield "  " + ", ".join(f"{number:,} {what}" for what, number in compared.numbers.items())


def _hidden(compared: Compared, sheet: Sheet, release: Mapping[str, Any]) -> Iterator[str]:
    yield (
        f"Hidden cells: {compared.hidden_cells:,} of {compared.cells:,} that hold people; "
        f"of everyone who answered, their numbers still describe"
    )
    grouped = places(sheet, release)
    for table in release["tables"]["loss"]["tables"]:
        yield f"  by {' x '.join(grouped[group][0].name for group in table['groups'])}: {table['people']} %"
    yield f"Hidden question-cells: {compared.hidden_answers:,} of {compared.answers:,}"
    together = list(joined(sheet, release))
    yield f"Groups joined because they were small: {len(together)}"
    yield from (f"  {sentence}" for sentence in together)


def verdict(failed: Sequence[str]) -> Iterator[str]:
    """Yield the last lines."""
    yield from (f"FAILED: {sentence}" for sentence in failed[:MOST_FAULTS])
    if len(failed) > MOST_FAULTS:
        yield f"FAILED: {len(failed) - MOST_FAULTS:,} more"
    yield "All of it held." if not failed else "It did not hold."
