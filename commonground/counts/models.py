"""Counts that passed the gate and wait for keys. A row ends when they are released, or dropped."""

from typing import ClassVar

from django.db import models

from commonground.access.tenancy import TenantTable


class CountsDraft(TenantTable):
    """What would be released, as the text that would be frozen: numbers that passed the gate, and their page.

    `certificate` is the file whose hash stands in these numbers. Until they are frozen they are for `brought_by`
    alone, who has the file: others would see by how much they changed.
    """

    body = models.TextField()
    certificate = models.BinaryField()
    brought_by = models.UUIDField()
    brought_on = models.DateField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-brought_on", "pk"]
