"""The charter of a partnership, while it is drafted and once it is in force."""

from typing import ClassVar

from django.db import models

from commonground.access.tenancy import TenantTable


class Charter(TenantTable):
    """One charter, drafted together. Its exact wording in force is the frozen text; this row holds the fields.

    `decision_rights` is a list of {"matter", "who"}, where who is one of rules.DecisionRight;
    `key_holders` maps a party id to {"first": [person ids], "alternates": [person ids]}.
    """

    purpose_en = models.TextField(blank=True)
    purpose_es = models.TextField(blank=True)
    students_en = models.TextField(blank=True)
    students_es = models.TextField(blank=True)
    protections = models.JSONField(default=list)
    decision_rights = models.JSONField(default=list)
    key_holders = models.JSONField(default=dict)
    reconvene_en = models.TextField(blank=True)
    reconvene_es = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)
    in_force_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-in_force_at"]
