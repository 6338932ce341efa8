"""What districts lend to comparisons, and the comparisons that each of them got."""

from typing import ClassVar

from django.db import models

from commonground.access.tenancy import TenantTable
from commonground.disclosure.compared import LEAST_PEOPLE


class Loan(TenantTable):
    """Published results that a district lends: `values` are whole percents by index, of `people` who answered.

    `words` are the texts of the indices. A loan that is withdrawn stays, since earlier comparisons hold it.
    """

    release = models.CharField(max_length=64)
    people = models.PositiveIntegerField()
    values = models.JSONField()
    words = models.JSONField()
    lent_on = models.DateField()
    withdrawn_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-lent_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership"],
                condition=models.Q(withdrawn_on=None),
                name="a_district_lends_one_set_of_results_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(people__gte=LEAST_PEOPLE), name="results_of_few_people_are_not_lent"
            ),
        ]


class Comparison(TenantTable):
    """A comparison as one of its districts has it: `body` and `hash` as all have them, and its own loan."""

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="comparisons")
    body = models.TextField()
    hash = models.CharField(max_length=64)
    made_on = models.DateField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "hash"], name="a_comparison_is_made_once_a_district")
        ]
