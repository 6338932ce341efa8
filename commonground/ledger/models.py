"""Chains and their entries. Nothing here names a person: entries hold opaque ids only."""

from django.db import models

from commonground.access.tenancy import TenantTable


class Chain(TenantTable):
    """The joint chain of a partnership (`party_id` empty) or the own chain of one party."""

    party_id = models.UUIDField(null=True)
    length = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "party_id"], name="one_own_chain_a_party"),
            models.UniqueConstraint(
                fields=["partnership"],
                condition=models.Q(party_id=None),
                name="one_joint_chain_a_partnership",
            ),
        ]


class LedgerEntry(TenantTable):
    """One recorded act. Rows are only ever added."""

    chain = models.ForeignKey(Chain, models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    previous = models.CharField(max_length=64)
    body = models.TextField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain", "position"], name="one_entry_at_each_place"),
            models.CheckConstraint(condition=models.Q(position__gte=1), name="places_count_from_one"),
        ]
