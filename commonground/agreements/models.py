"""The charter and the agreements beside it: drafts that every party writes in, and what came into force."""

from typing import ClassVar

from django.db import models

from commonground.access.tenancy import TenantTable
from commonground.agreements.rules import WRITABLE, Stored
from commonground.agreements.terms import AgreementKind


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


class Agreement(TenantTable):
    """One joint text beside the charter. Its exact wording in force is the frozen text; this row holds the fields.

    `drafted_for` is the party whose member began it, empty where somebody serves both. `renews` is the agreement
    whose words it began from. `expires_on` is the last day on which it holds; `ended_on` the day on which a renewal
    takes its place, which may lie ahead, or, of a pause, on which the parties came together again.
    """

    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in AgreementKind])
    title_en = models.CharField(max_length=160, blank=True)
    title_es = models.CharField(max_length=160, blank=True)
    text_en = models.TextField(blank=True)
    text_es = models.TextField(blank=True)
    goes_on_en = models.TextField(blank=True)
    goes_on_es = models.TextField(blank=True)
    waits_en = models.TextField(blank=True)
    waits_es = models.TextField(blank=True)
    message_en = models.TextField(blank=True)
    message_es = models.TextField(blank=True)
    asked_by = models.ForeignKey("partnership.Party", models.PROTECT, null=True, related_name="+")
    effective_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    meets_on = models.DateField(null=True)
    drafted_by = models.UUIDField(null=True)
    drafted_for = models.ForeignKey("partnership.Party", models.PROTECT, null=True, related_name="+")
    renews = models.ForeignKey("self", models.PROTECT, null=True, related_name="renewals")
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=[(s, s) for s in Stored], default=Stored.DRAFTING)
    in_force_at = models.DateTimeField(null=True)
    ended_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-saved_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(effective_on=None)
                | models.Q(expires_on=None)
                | models.Q(in_force_at=None)
                | models.Q(expires_on__gte=models.F("effective_on")),
                name="an_agreement_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[Stored.IN_FORCE, Stored.ENDED], in_force_at__isnull=False)
                | (~models.Q(state__in=[Stored.IN_FORCE, Stored.ENDED]) & models.Q(in_force_at=None)),
                name="what_holds_knows_since_when",
            ),
            models.CheckConstraint(
                condition=models.Q(state=Stored.ENDED, ended_on__isnull=False)
                | (~models.Q(state=Stored.ENDED) & models.Q(ended_on=None)),
                name="what_ended_knows_the_day",
            ),
            models.UniqueConstraint(
                fields=["renews"],
                condition=models.Q(state__in=[*WRITABLE, Stored.WAITING]),
                name="one_renewal_is_written_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["partnership"],
                condition=models.Q(kind=AgreementKind.PAUSE, state=Stored.IN_FORCE),
                name="one_pause_holds_at_a_time",
            ),
        ]
