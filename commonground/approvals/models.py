"""Frozen texts, the parties they bind, and the keys turned on them."""

from django.db import models

from commonground.access.tenancy import TenantTable
from commonground.approvals.rules import State


class FrozenText(TenantTable):
    """Exact text laid before the parties it binds. `body` never changes; an edit is a new row of the same subject.

    `kind` names the module's own kind of text, `subject_id` what it is about, `changes` the sentences that say what
    takes effect with the last key, in the order they are shown. They and the title are `kernel.languages.Words`.
    """

    kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    version = models.PositiveIntegerField()
    title = models.JSONField()
    body = models.TextField()
    hash = models.CharField(max_length=64)
    changes = models.JSONField(default=list)
    state = models.CharField(max_length=20, choices=[(s, s) for s in State], default=State.WAITING)
    frozen_by = models.UUIDField(null=True)
    frozen_for = models.UUIDField(null=True)
    frozen_at = models.DateTimeField()
    needed_by = models.DateField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_id", "version"], name="one_text_per_version"),
            models.UniqueConstraint(
                fields=["kind", "subject_id"],
                condition=models.Q(state=State.WAITING),
                name="one_text_of_a_subject_waits_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["partnership", "state"], name="texts_by_state")]


class BoundParty(TenantTable):
    """A party that a text binds, and its key once turned."""

    text = models.ForeignKey(FrozenText, models.PROTECT, related_name="bound")
    party = models.ForeignKey("partnership.Party", models.PROTECT, related_name="+")
    turned_by = models.UUIDField(null=True)
    turned_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["text", "party"], name="one_key_a_party_and_text"),
            models.CheckConstraint(
                condition=models.Q(turned_by=None, turned_at=None)
                | models.Q(turned_by__isnull=False, turned_at__isnull=False),
                name="a_turned_key_has_a_hand_and_a_time",
            ),
        ]


class SentBack(TenantTable):
    """A party returned a text to drafting, about something, for a reason in its own words."""

    text = models.OneToOneField(FrozenText, models.PROTECT, related_name="sent_back")
    party_id = models.UUIDField()
    person_id = models.UUIDField()
    about = models.CharField(max_length=40)
    reason = models.TextField()
    at = models.DateTimeField()
