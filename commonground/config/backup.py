"""Backups that keep no order: both databases as rows sorted by key, in one file, for either kind of database.

The key folder is never part of it, sessions and background work neither. A restore reads one backup into two empty
databases, so that the marks and the answers always come from the same moment.
"""

import json
import tarfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from django.apps import apps
from django.core import serializers
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from commonground.kernel.errors import Refused

FORMAT = "cg1-backup"
LEFT_OUT = {"sessions.Session", "contenttypes.ContentType", "auth.Permission", "auth.Group"}
BATCH = 500


def kept_models() -> list[type[models.Model]]:
    """Return the models a backup holds, those others point to first."""
    ours = [m for m in apps.get_models() if m._meta.app_config.name.startswith("commonground.")]
    pairs = [(config, [m for m in ours if m._meta.app_config is config]) for config in apps.get_app_configs()]
    return serializers.sort_dependencies(pairs, allow_cycles=True)


def write(path: Path) -> int:
    """Write both databases into one file; return 0."""
    with tarfile.open(path, "w:gz") as archive:
        _put(archive, "backup.json", json.dumps({"format": FORMAT}).encode())
        for model in kept_models():
            _put(archive, f"{model._meta.label}.jsonl", "".join(_lines(model)).encode())
    print(f"Written: {path}. Keep it as carefully as the server itself.")
    return 0


def _put(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    archive.addfile(entry, BytesIO(data))


def _lines(model: type[models.Model]) -> Iterator[str]:
    rows: Iterator[models.Model] = models.QuerySet(model).order_by("pk").iterator(chunk_size=BATCH)
    yield serializers.serialize("jsonl", rows)


def restore(path: Path) -> int:
    """Read a backup into two empty databases, all or nothing in each; raises Refused where one is not empty."""
    kept = kept_models()
    if any(models.QuerySet(model).exists() for model in kept):
        raise Refused(_("These databases are not empty. Restore into new ones; nothing was changed."))
    with tarfile.open(path, "r:gz") as archive, transaction.atomic(), transaction.atomic(using="responses"):
        _check(archive)
        for model in kept:
            member = archive.extractfile(f"{model._meta.label}.jsonl")
            assert member is not None
            for found in serializers.deserialize("jsonl", member.read().decode()):
                found.save(using=None)
    print("Restored. Run `commonground doctor`, and compare the head of the record with one you hold.")
    return 0


def _check(archive: tarfile.TarFile) -> None:
    try:
        member = archive.extractfile("backup.json")
        assert member is not None
        if json.loads(member.read())["format"] != FORMAT:
            raise KeyError
    except (KeyError, ValueError):
        raise Refused(_("This file is not a backup of Common Ground. Nothing was changed.")) from None
