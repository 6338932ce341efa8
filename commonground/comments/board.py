"""How far a review is: comments, decisions of both reviewers, what they make together. One read each."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from commonground.comments import rules
from commonground.comments.models import Decision, Review, Theme
from commonground.comments.rules import Outcome, Verdict
from commonground.sealing.comments import PLACES
from commonground.surveys import reviewers
from commonground.surveys.models import Reviewer, SealedComment, Survey, SurveyState


class Stage(StrEnum):
    """Where a review stands."""

    NONE = "none"
    DECIDE = "decide"
    WRITE = "write"
    AGREE = "agree"
    DONE = "done"
    ENDED = "ended"


@dataclass(frozen=True)
class Board:
    """A review as it stands. `rows` are decisions by comment and place."""

    survey: Survey
    reviewers: Mapping[int, Reviewer]
    comments: list[SealedComment]
    rows: Mapping[tuple[UUID, int], Decision]
    themes: list[Theme]
    review: Review | None

    @cached_property
    def stage(self) -> Stage:
        """What comes next; `ended` where the sealed answers were destroyed before the review was done."""
        if not self.comments:
            return Stage.NONE
        if self.review and self.review.done:
            return Stage.DONE
        if self.survey.state != SurveyState.COUNTED:
            return Stage.ENDED
        if any(self.left(place) for place in PLACES):
            return Stage.DECIDE
        return Stage.AGREE if self.review and self.review.written_by else Stage.WRITE

    def left(self, place: int) -> int:
        """How many comments the reviewer at this place has still to decide on."""
        return sum(self.decision(comment.pk, place) is None for comment in self.comments)

    def percent(self, place: int) -> int:
        """How many percent of the comments the reviewer at this place has decided on, in full tens.

        The release may not tell how many there are, so pages and record do not either.
        """
        number = len(self.comments)
        return 100 * (number - self.left(place)) // max(1, number) // 10 * 10

    def decision(self, comment: UUID, place: int) -> rules.Decision | None:
        """The decision of one reviewer on one comment, if there is one."""
        row = self.rows.get((comment, place))
        if row is None or not row.verdict:
            return None
        spans = tuple((start, end) for start, end in row.spans)
        return rules.Decision(Verdict(row.verdict), spans, row.reason, frozenset(row.themes))

    def pair(self, comment: UUID) -> tuple[rules.Decision, rules.Decision]:
        """Both decisions on a comment on which both decided."""
        first, second = (self.decision(comment, place) for place in PLACES)
        assert first and second
        return first, second

    @cached_property
    def outcomes(self) -> Mapping[UUID, Outcome]:
        """What becomes of each comment, once both decided on all."""
        return {
            comment.pk: rules.outcome(*self.pair(comment.pk), may_quote=comment.may_quote)
            for comment in self.comments
        }

    @cached_property
    def quoted(self) -> list[SealedComment]:
        """The comments of which words are to be published."""
        return [comment for comment in self.comments if self.outcomes[comment.pk].is_quoted]

    def is_unmasked(self, comment: UUID) -> bool:
        """Whether both asked to see what the rules flagged."""
        rows = [self.rows.get((comment, place)) for place in PLACES]
        return all(row is not None and row.unmask for row in rows)

    @property
    def raised(self) -> int:
        """How many comments need a person now, by the word of a reviewer."""
        return len({key for (key, _place), row in self.rows.items() if row.verdict == Verdict.NOW})


def read(survey: Survey) -> Board:
    """Read the review of a survey whole."""
    tenant = survey.partnership_id
    decisions = Decision.rows.within(tenant).filter(comment__survey=survey)
    return Board(
        survey=survey,
        reviewers={one.place: one for one in reviewers.of_survey(survey).select_related("party", "person")},
        comments=list(reviewers.comments_of(survey)),
        rows={(row.comment_id, row.place): row for row in decisions},
        themes=list(Theme.rows.within(tenant).filter(survey=survey)),
        review=Review.rows.within(tenant).filter(survey=survey).first(),
    )
