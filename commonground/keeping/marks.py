"""Who took a pass or drew a code, never in an archive: it lies beside it, one file a survey, until closing."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

from commonground.keeping import files
from commonground.kernel.errors import Refused

FORMAT = "cg1-marks"
APART: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "surveys.Eligible": ("survey__public_id", {"marked": False, "blinded_hash": ""}),
    "surveys.Handover": ("survey__public_id", {"repeats": 0}),
    "surveys.Witness": ("handover__survey__public_id", {"last_turn": ""}),
}
"""By table: the way to the survey, and the fields that closing empties, with what stands in an archive instead."""

Marked = dict[str, dict[str, dict[str, Any]]]
"""By survey and by the key of a row: its marks."""


def marked() -> Marked:
    """Return the marks that stand in the database now."""
    found: Marked = {}
    for label, (way, blank) in APART.items():
        rows: models.QuerySet[models.Model] = models.QuerySet(apps.get_model(label)).exclude(**blank)
        for survey, key, *values in rows.order_by("pk").values_list(way, "pk", *blank):
            found.setdefault(survey, {})[str(key)] = dict(zip(blank, values, strict=True))
    return found


def take_off(rows: Iterable[models.Model]) -> None:
    """Take the marks off rows that are about to be written into an archive."""
    for row in rows:
        _way, blank = APART.get(row._meta.label, ("", {}))
        for field, value in blank.items():
            setattr(row, field, value)


def put_on(rows: Iterable[models.Model], given: Mapping[str, Mapping[str, Any]]) -> None:
    """Put marks back on rows that were read from an archive."""
    for row in rows:
        _way, blank = APART.get(row._meta.label, ("", {}))
        for field in blank.keys() & given.get(str(row.pk), {}).keys():
            setattr(row, field, given[str(row.pk)][field])


def place(archive: Path, survey: str) -> Path:
    """Return where the marks of a survey lie beside an archive."""
    return archive.with_name(f"{archive.name}.{survey}.marks")


def write(archive: Path, archive_hash: str, found: Marked, day: date) -> list[str]:
    """Write each survey's marks beside the archive they belong to; return the surveys."""
    for survey, rows in found.items():
        path = place(archive, survey)
        content = {"format": FORMAT, "archive": archive_hash, "survey": survey, "marks": rows}
        with files.new(path) as file:
            file.write(json.dumps(content, sort_keys=True).encode())
        files.date_to_the_day(path, day)
    return sorted(found)


def read(archive: Path, archive_hash: str) -> Marked:
    """Return the marks that lie beside an archive. Raises Refused for marks of another one."""
    found: Marked = {}
    for path in sorted(archive.parent.glob(f"{_literal(archive.name)}.*.marks")):
        content = json.loads(path.read_bytes())
        if (content["format"], content["archive"]) != (FORMAT, archive_hash):
            raise Refused(_("The marks beside this backup belong to another one. Nothing was changed."))
        found[content["survey"]] = content["marks"]
    return found


def _literal(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)
