"""Where our backups lie, and what closing and destruction do to each that is still in its place.

A backup that was moved or deleted by other means cannot be reached; what is left undone is said by its day.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from commonground.keeping import archive, files, marks
from commonground.keeping.archive import Change
from commonground.keeping.models import Backup
from commonground.kernel.errors import Refused


@dataclass(frozen=True)
class Reached:
    """The days of the backups that were dealt with now, and of those that were not in their place."""

    done: tuple[date, ...] = ()
    elsewhere: tuple[date, ...] = ()


def make(path: Path, day: date, destroyed: Iterable[str] = ()) -> Backup:
    """Write a backup and take it into the register; a file that could not be registered does not stay.

    `destroyed` are the surveys whose answers were destroyed before.
    """
    path = path.resolve()
    was, marked = archive.write(path, day)
    try:
        return Backup.objects.create(
            hash=was, present_hash=was, path=str(path), made_on=day, marks=marked, cleared=sorted(destroyed)
        )
    except BaseException:
        _erase(path, marked)
        raise


def _erase(path: Path, surveys: Iterable[str]) -> None:
    for survey in surveys:
        files.erase(marks.place(path, survey))
    files.erase(path)


def take_in(path: Path) -> Backup:
    """Take a backup that lies here into the register, or note its new place. Raises Refused for another file."""
    path = path.resolve()
    found, present = archive.heading(path), files.digest(path)
    beside = sorted(marks.read(path, found.was))
    row, _new = Backup.objects.update_or_create(
        hash=found.was,
        defaults={
            "present_hash": present, "path": str(path), "made_on": found.made_on,
            "marks": beside, "cleared": sorted(found.cleared),
        },
    )  # fmt: skip
    return row


def look_in(folder: Path) -> Iterator[Backup]:
    """Take in every backup that lies in a folder, wherever it lay before; other files are passed over."""
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        try:
            yield take_in(path)
        except Refused:
            continue


def is_in_place(backup: Backup) -> bool:
    """Say whether this very backup lies where it was written."""
    path = Path(backup.path)
    try:
        return archive.heading(path).was == backup.hash
    except (OSError, Refused):
        return False


def drop(backup: Backup) -> None:
    """Delete a backup and what lies beside it, and forget it. Raises OSError."""
    if is_in_place(backup):
        files.erase(Path(backup.path))
    for survey in backup.marks:
        _erase_marks(backup, survey)
    backup.delete()


def keep_newest(number: int) -> list[Backup]:
    """Delete our oldest backups that are in their place, so that this many stay; return what was deleted."""
    here = [backup for backup in Backup.objects.all() if is_in_place(backup)]
    surplus = here[: max(0, len(here) - number)]
    for backup in surplus:
        drop(backup)
    return surplus


# What closing and destruction reach


def marked() -> set[str]:
    """Return the surveys whose marks lie beside a backup, as far as the register knows."""
    return {survey for surveys in Backup.objects.values_list("marks", flat=True) for survey in surveys}


def uncleared(surveys: Iterable[str]) -> set[str]:
    """Return those of these surveys that some backup still holds, as far as the register knows."""
    held = list(Backup.objects.values_list("cleared", flat=True))
    return {survey for survey in surveys if any(survey not in cleared for cleared in held)}


def erase_marks(survey: str) -> Reached:
    """Delete the marks of a survey beside every backup, and return of which days; again, it finds nothing.

    Marks that may not be deleted stay in the register, so that they are tried again.
    """
    done: list[date] = []
    elsewhere: list[date] = []
    for backup in Backup.objects.all():
        if survey in backup.marks:
            try:
                (done if _erase_marks(backup, survey) else elsewhere).append(backup.made_on)
            except OSError:
                continue
            backup.marks = [name for name in backup.marks if name != survey]
            backup.save(update_fields=["marks"])
    return Reached(tuple(done), tuple(elsewhere))


def _erase_marks(backup: Backup, survey: str) -> bool:
    """Say whether the marks lay there; raises OSError where they may not be deleted."""
    try:
        files.erase(marks.place(Path(backup.path), survey))
    except FileNotFoundError:
        return False
    return True


def clear(survey: str, on: date, change: Change) -> Reached:
    """Take out of every backup in its place what `change` takes from its rows; the others are tried again later."""
    done: list[date] = []
    elsewhere: list[date] = []
    for backup in Backup.objects.all():
        if survey not in backup.cleared:
            (done if _clear(backup, survey, on, change) else elsewhere).append(backup.made_on)
    return Reached(tuple(done), tuple(elsewhere))


def _clear(backup: Backup, survey: str, on: date, change: Change) -> bool:
    """Say whether nothing is left of it; what another name of the same file keeps is not in our reach."""
    if not is_in_place(backup):
        return False
    path = Path(backup.path)
    try:
        found = archive.heading(path)
        alone = survey in found.cleared or archive.rewrite(path, survey, on, change)
    except (OSError, Refused):
        return False
    backup.cleared = sorted({*backup.cleared, survey})
    backup.present_hash = files.digest(path)
    backup.save(update_fields=["cleared", "present_hash"])
    return alone
