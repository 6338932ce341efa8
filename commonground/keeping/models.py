"""The register of backups, so that closing and destruction reach every one that is still in its place."""

from typing import ClassVar

from django.db import models


class Backup(models.Model):
    """A dated backup. `hash` is the SHA-256 of the file as first written, `present_hash` of that of now.

    `marks` are the surveys whose marks lie beside it, `cleared` those whose sealed answers were taken out of it.
    """

    hash = models.CharField(primary_key=True, max_length=64)
    present_hash = models.CharField(max_length=64)
    path = models.TextField()
    made_on = models.DateField()
    marks = models.JSONField(default=list)
    cleared = models.JSONField(default=list)

    objects: ClassVar[models.Manager["Backup"]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["made_on", "path"]
