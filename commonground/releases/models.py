"""Releases: bytes that left the gate. Rows are only ever added; publishing sets the time once."""

from typing import ClassVar

from django.db import models

from commonground.access.tenancy import TenantTable


class Release(TenantTable):
    """One release: canonical JSON, one hash. Every page, file and role draws from these bytes.

    `page` is what staff get, set when the release is published; `posted` says that the respondents' door has it.
    """

    survey_id = models.UUIDField()
    number = models.PositiveSmallIntegerField(default=1)
    data = models.BinaryField()
    hash = models.CharField(max_length=64)
    seen_from = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    page = models.JSONField(default=dict)
    posted = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["-seen_from"]
        constraints = [
            models.UniqueConstraint(fields=["survey_id", "number"], name="releases_of_a_survey_are_numbered")
        ]


class Certificate(TenantTable):
    """The certificate of a release (.npz of decoys), whose SHA-256 stands in the released bytes."""

    release = models.OneToOneField(Release, models.CASCADE, related_name="certificate")
    data = models.BinaryField()
