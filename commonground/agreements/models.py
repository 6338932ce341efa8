"""The charter of a partnership: the draft that both write in, and the charters that came into force."""

from typing import ClassVar

from django.db import models

from commonground.access.tenancy import TenantTable


class Charter(TenantTable):
    """One charter, drafted together. Its exact wording in force is the frozen text; this row holds the fields.

    `protections` is a list of {"en", "es"}; `decision_rights` of {"en", "es", "who"}, where who is a DecisionRight;
    `key_holders` maps a party id to {"first": [person ids], "alternates": [person ids]}. `revision` counts the
    savings of a draft.
    """

    purpose_en = models.TextField(blank=True)
    purpose_es = models.TextField(blank=True)
    students_en = models.TextField(blank=True)
    students_es = models.TextField(blank=True)
    protections = models.JSONField(default=list)
    decision_rights = models.JSONField(default=list)
    parity_management = models.PositiveSmallIntegerField(default=1)
    parity_labor = models.PositiveSmallIntegerField(default=1)
    key_holders = models.JSONField(default=dict)
    reconvene_en = models.TextField(blank=True)
    reconvene_es = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)
    in_force_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-in_force_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership"],
                condition=models.Q(in_force_at=None),
                name="one_charter_is_drafted_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(parity_management__gte=1, parity_labor__gte=1),
                name="every_side_has_a_seat",
            ),
        ]
