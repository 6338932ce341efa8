"""The marks of who took a pass: never in an archive, but beside it, one file a survey, which closing deletes."""

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
TABLE = "surveys.Eligible"
BLANK: Mapping[str, Any] = {"marked": False, "blinded_hash": ""}
"""The marks of a person who was asked, and what stands in an archive instead."""

Marked = dict[str, dict[str, dict[str, Any]]]
"""By survey and by the key of a row: its marks."""


def marked() -> Marked:
    """Return the marks that stand in the database now."""
    rows: models.QuerySet[models.Model] = models.QuerySet(apps.get_model(TABLE)).exclude(**BLANK)
    found: Marked = {}
    for survey, key, *values in rows.order_by("pk").values_list("survey__public_id", "pk", *BLANK):
        found.setdefault(survey, {})[str(key)] = dict(zip(BLANK, values, strict=True))
    return found


def take_off(rows: Iterable[models.Model]) -> None:
    """Take the marks off rows that are about to be written into an archive."""
    for row in rows:
        if row._meta.label == TABLE:
            for field, blank in BLANK.items():
                setattr(row, field, blank)


def put_on(rows: Iterable[models.Model], given: Mapping[str, Mapping[str, Any]]) -> None:
    """Put marks back on rows that were read from an archive."""
    for row in rows:
        if row._meta.label == TABLE:
            for field, value in given.get(str(row.pk), {}).items():
                setattr(row, field, value)


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
        found[content["survey"]] = {
            key: {name: row[name] for name in BLANK} for key, row in content["marks"].items()
        }
    return found


def _literal(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)
