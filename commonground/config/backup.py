"""`commonground backup`, `restore` and `backups`: what an operator runs over the archives and their register."""

from pathlib import Path

from commonground.access import walls
from commonground.keeping import archive, register
from commonground.keeping.archive import Heading
from commonground.keeping.models import Backup
from commonground.kernel import time
from commonground.surveys import ending

KEPT_APART = "The key folder is in no backup: without it nobody can take a pass in a survey that is open."


def write(path: Path, keep: int = 0) -> int:
    """Write both databases, as they are at one moment, into a new file for the own eyes; return 0.

    With `keep`, our oldest backups are deleted so that this many stay.
    """
    with walls.everything(reason="a backup holds every district"):
        made = register.make(path, time.today("UTC"), ending.destroyed())
        dropped = register.keep_newest(keep) if keep else []
    print(f"Written: {path}. Keep it as carefully as the server itself.")
    print(f"SHA-256: {made.hash}")
    for survey in made.marks:
        print(f"Beside it: who took a pass in survey {survey}. Closing deletes that file; copy it nowhere.")
    for backup in dropped:
        print(f"Deleted: {backup.path}")
    return 0


def restore(path: Path) -> int:
    """Read a backup into two empty databases, all or nothing; raises Refused where that cannot be."""
    with walls.everything(reason="a backup holds every district"):
        found = archive.read(path.resolve(), _note)
        register.take_in(path)
        ending.tell()
    for survey, day in sorted(found.cleared.items()):
        print(f"Not in it: the answers of the survey {survey}, destroyed on {day}.")
    print("Restored. Run `commonground doctor`, and compare the head of the record with one you hold.")
    return 0


def _note(found: Heading) -> None:
    for line in ending.note_restored(found.made_on, found.cleared):
        print(line)


def look(folders: list[Path]) -> int:
    """Look for our backups in these folders, do what was left undone, and list all; return 0."""
    with walls.everything(reason="a backup holds every district"):
        for folder in folders:
            list(register.look_in(folder))
        ending.tick()
        rows = list(Backup.objects.all())
    for row in rows:
        here = "in its place" if register.is_in_place(row) else "NOT IN ITS PLACE"
        print(f"{row.made_on}  {here}  {row.path}  {row.present_hash}")
    if not rows:
        print("No backup was made by this server.")
    return 0
