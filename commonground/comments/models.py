"""What the review of a survey's comments leaves on the server: decisions without words, and themes."""

from typing import ClassVar

from django.db import models

from commonground.access.tenancy import TenantTable
from commonground.comments.rules import Verdict

VERDICTS = [(verdict.value, verdict.value) for verdict in Verdict]


class Review(TenantTable):
    """The review of a survey's comments, from the first decision on.

    When both have decided on all, the reviewer at `written_by` (place 1 or 2) proposes the words to be published,
    sealed to the other; what the other agrees to is published, and the review is `done`.
    """

    survey = models.OneToOneField("surveys.Survey", models.CASCADE, related_name="review")
    written_by = models.PositiveSmallIntegerField(null=True)
    done = models.BooleanField(default=False)


class Theme(TenantTable):
    """A theme by which comments are sorted, in both languages."""

    survey = models.ForeignKey("surveys.Survey", models.CASCADE, related_name="themes")
    text_en = models.CharField(max_length=80)
    text_es = models.CharField(max_length=80)

    class Meta:
        ordering: ClassVar[list[str]] = ["text_en"]
        constraints = [models.UniqueConstraint(fields=["survey", "text_en"], name="a_theme_is_named_once")]


class Decision(TenantTable):
    """What the reviewer at `place` decided on a comment: never its words.

    `spans` are places to be taken out, `themes` are ids; both are erased when the review is done. `unmask` asks to
    see what the rules flagged; it is shown once both asked.
    """

    comment = models.ForeignKey("surveys.SealedComment", models.CASCADE, related_name="decisions")
    place = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=12, choices=VERDICTS, blank=True)
    reason = models.CharField(max_length=12, blank=True)
    spans = models.JSONField(default=list)
    themes = models.JSONField(default=list)
    unmask = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["comment_id", "place"]
        constraints = [
            models.CheckConstraint(condition=models.Q(place__in=[1, 2]), name="a_decision_is_of_one_of_two_sides"),
            models.UniqueConstraint(fields=["comment", "place"], name="a_reviewer_decides_once_on_a_comment"),
        ]
