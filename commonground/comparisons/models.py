"""What districts lend to comparisons, and the comparisons that each of them got."""

from typing import ClassVar

from django.db import models

from commonground.access.tenancy import TenantTable
from commonground.disclosure.compared import LEAST_PEOPLE, MOST_INDICES
from commonground.disclosure.noise import BUDGET
from commonground.kernel.text import sha256


class Noise(TenantTable):
    """Numbers of one survey with noise, as drawn: `values` by index, which may lie below 0 or above 100.

    `reach` is by how many points one person moves all of them together, `scale` that of the noise, in points.
    A row is never changed: what is lent of a survey with noise stays the same.
    """

    survey_id = models.UUIDField()
    values = models.JSONField()
    numbers = models.PositiveSmallIntegerField()
    reach = models.PositiveSmallIntegerField()
    scale = models.PositiveSmallIntegerField()
    drawn_on = models.DateField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["survey_id"], name="noise_of_a_survey_is_drawn_once"),
            models.CheckConstraint(
                condition=models.Q(numbers__range=(1, MOST_INDICES), reach__gte=models.F("numbers")),
                name="noise_is_drawn_for_one_to_five_numbers",
            ),
            models.CheckConstraint(
                condition=models.Q(reach__lte=models.F("scale") * BUDGET),
                name="a_survey_spends_no_more_than_its_budget_on_noise",
            ),
        ]

    @property
    def spent(self) -> float:
        """The epsilon that this survey spent."""
        return self.reach / self.scale


class Loan(TenantTable):
    """Published results of a survey that a district lends: `values` are whole percents by index, of `people`.

    `words` are the texts of the indices; with `noise` the values are some of those drawn there. A loan that is
    withdrawn stays, since earlier comparisons hold it.
    """

    survey_id = models.UUIDField()
    release = models.CharField(max_length=64)
    people = models.PositiveIntegerField()
    values = models.JSONField()
    words = models.JSONField()
    noise = models.ForeignKey(Noise, models.PROTECT, null=True, related_name="loans")
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

    @property
    def results(self) -> str:
        """Name the results that are lent: whichever of their numbers are lent, and how often, each stays the same.

        A survey prints each number of the district once and for all, and noise is drawn once.
        """
        return sha256(f"{self.survey_id.hex} {self.noise_id.hex if self.noise_id else ''}".encode())[:32]


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
