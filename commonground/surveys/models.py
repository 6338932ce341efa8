"""A survey while it is written, its seals, and the steps of its opening. Answers are never here."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Coalesce

from commonground.access.tenancy import TenantTable
from commonground.surveys.bargaining import Level

LEVELS = [(level.value, level.value) for level in Level]


class SurveyState(models.TextChoices):
    """Where a survey stands; whether a launched one is open follows from its window and the clock."""

    DRAFTING = "drafting"
    WAITING = "waiting"
    LAUNCHED = "launched"
    CLOSED = "closed"
    COUNTED = "counted"
    DESTROYED = "destroyed"


class Publish(models.TextChoices):
    """How the release reaches staff; fixed in the paper."""

    JOINT_KEY = "joint_key"
    AT_ONCE = "at_once"


class QuestionKind(models.TextChoices):
    """What a question asks for."""

    AGREEMENT = "agreement"
    FREQUENCY = "frequency"
    SCALE10 = "scale10"
    ONE = "one"
    SEVERAL = "several"
    TEXT = "text"


class Dimension(models.TextChoices):
    """What a group question groups people by."""

    SITE = "site"
    JOB_FAMILY = "job_family"
    TENURE = "tenure"
    SHIFT = "shift"
    LANGUAGE = "language"
    UNIT = "unit"
    OTHER = "other"


class Says(models.TextChoices):
    """What a party says of the words of a question."""

    FINE = "fine"
    CHANGE = "change"


class Survey(TenantTable):
    """One survey. `public_id` (16 random bytes, hex) names it on the respondents' door.

    Help lines stand one a line, the same lines in both languages. `reminders` are
    ISO days, one a line, ascending. `revision` counts the edits of the draft.
    `seals_block` is the exact text whose hash trials and shares are bound to; `counting_secret` the counting key's
    private half, locked with a share of every party. `published` says that the respondents' door has the paper.
    `reminded_on` is the day on which the keepers of an awaited party last got a letter.
    `answers_shown` is the number of answers on `answers_on`, rounded down to a step, while the survey is open.
    `restores` are the restores while it was open, `backups` the days of backups that destruction reached or not;
    `news` counts what the respondents' door is to be told of these and of opening sheets, `told` what it was told.
    `follows` is the survey before it in a series.
    """

    public_id = models.CharField(max_length=32, unique=True)
    title_en = models.CharField(max_length=160)
    title_es = models.CharField(max_length=160, blank=True)
    purpose_en = models.TextField(blank=True)
    purpose_es = models.TextField(blank=True)
    message_en = models.TextField(blank=True)
    message_es = models.TextField(blank=True)
    contact_en = models.CharField(max_length=200, blank=True)
    contact_es = models.CharField(max_length=200, blank=True)
    help_lines_en = models.TextField(blank=True)
    help_lines_es = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=SurveyState, default=SurveyState.DRAFTING)
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    opening_on = models.DateField(null=True)
    results_by = models.DateField(null=True)
    reminders = models.TextField(blank=True)
    alert_en = models.CharField(max_length=200, blank=True)
    alert_es = models.CharField(max_length=200, blank=True)
    minimum_group = models.PositiveSmallIntegerField(default=10)
    comments_by_level = models.BooleanField(default=False)
    publish = models.CharField(max_length=12, choices=Publish, default=Publish.JOINT_KEY)
    destroy_after_days = models.PositiveSmallIntegerField(default=180)
    unopened_after_days = models.PositiveSmallIntegerField(default=60)
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    paper = models.TextField(blank=True)
    paper_hash = models.CharField(max_length=64, blank=True)
    published = models.BooleanField(default=False)
    counting_secret = models.TextField(blank=True)
    seals_block = models.TextField(blank=True)
    answers_shown = models.PositiveIntegerField(null=True)
    answers_on = models.DateField(null=True)
    created_by = models.UUIDField(null=True)
    created_for = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    counted_at = models.DateTimeField(null=True)
    reminded_on = models.DateField(null=True)
    destroyed_at = models.DateTimeField(null=True)
    restores = models.JSONField(default=list)
    backups = models.JSONField(default=dict)
    news = models.PositiveSmallIntegerField(default=0)
    told = models.PositiveSmallIntegerField(default=0)
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minimum_group__gte=10), name="no_group_under_ten_is_ever_shown"
            ),
            models.CheckConstraint(
                condition=models.Q(destroy_after_days__gte=90, destroy_after_days__lte=365),
                name="answers_are_destroyed_after_90_to_365_days",
            ),
            models.CheckConstraint(
                condition=models.Q(state="drafting") | ~models.Q(paper=""),
                name="a_frozen_survey_has_its_paper",
            ),
        ]


class Part(TenantTable):
    """Questions that belong together and share screens."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField()
    title_en = models.CharField(max_length=120)
    title_es = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]


class Question(TenantTable):
    """One question, in both languages, with the party that proposed it.

    A question with a `dimension` asks which group a person belongs to; with `margin` results are shown by it.
    `limit` is the number of bytes a text answer may have. `bargaining_on` is the day of the present screen.
    `together` are lists of codes of the staff list, as JSON, whose groups are offered and told as one.
    """

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions")
    part = models.ForeignKey(Part, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=QuestionKind)
    text_en = models.CharField(max_length=400)
    text_es = models.CharField(max_length=400, blank=True)
    help_en = models.CharField(max_length=400, blank=True)
    help_es = models.CharField(max_length=400, blank=True)
    limit = models.PositiveSmallIntegerField(default=500)
    health = models.BooleanField(default=False)
    dimension = models.CharField(max_length=12, choices=Dimension, blank=True)
    margin = models.BooleanField(default=False)
    together = models.TextField(blank=True)
    proposed_by = models.UUIDField(null=True)
    bargaining = models.CharField(max_length=12, choices=LEVELS, default=Level.CLEAR)
    bargaining_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["part__position", "position"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(dimension="") | models.Q(kind="one"),
                name="a_group_question_has_one_choice",
            ),
            models.CheckConstraint(
                condition=models.Q(margin=False) | ~models.Q(dimension=""),
                name="only_group_questions_break_results_down",
            ),
            models.CheckConstraint(
                condition=models.Q(margin=False) | ~models.Q(bargaining="must_bargain"),
                name="a_parked_question_breaks_no_results_down",
            ),
            models.UniqueConstraint(
                fields=["survey", "dimension"],
                condition=~models.Q(dimension__in=["", "other"]),
                name="people_are_grouped_once_by_each_dimension",
            ),
            models.CheckConstraint(
                condition=models.Q(limit__gte=100, limit__lte=1000), name="a_text_answer_has_100_to_1000_bytes"
            ),
        ]


class Option(TenantTable):
    """One choice of a question. Groups that follow from the district's structure have none until freezing."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField()
    text_en = models.CharField(max_length=200)
    text_es = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]


class Stand(TenantTable):
    """What a party says of a question: `says` of its words until they change, `lower_to` of its bargaining screen.

    `lower_to` is a level below the present one with which the party would be content.
    """

    question = models.ForeignKey(Question, models.CASCADE, related_name="stands")
    party = models.ForeignKey("partnership.Party", models.PROTECT, related_name="+")
    says = models.CharField(max_length=6, choices=Says, blank=True)
    lower_to = models.CharField(max_length=12, choices=LEVELS, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "party"], name="a_party_takes_one_stand_on_a_question")
        ]


class Remark(TenantTable):
    """A short comment on a question, which every party reads. It carries a party or none, never a person."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="remarks")
    party = models.ForeignKey("partnership.Party", models.PROTECT, null=True, related_name="+")
    text = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["at"]


class TablePair(TenantTable):
    """Two group questions whose cross table the paper allows."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="pairs")
    first = models.ForeignKey(Question, models.CASCADE, related_name="+")
    second = models.ForeignKey(Question, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "first", "second"], name="a_pair_is_named_once")]


class SealingParty(TenantTable):
    """A party that seals this survey: its place in the peel order (1 first), its public key, its sealed share.

    After destruction: the day on which its opening sheets were shredded, who said so, and which member of the other
    side saw it.
    """

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="seals")
    party = models.ForeignKey("partnership.Party", models.PROTECT, related_name="+")
    layer = models.PositiveSmallIntegerField()
    public_key = models.CharField(max_length=130, blank=True)
    wrapped = models.TextField(blank=True)
    sealed_share = models.TextField(blank=True)
    made_by = models.UUIDField(null=True)
    tried_by = models.UUIDField(null=True)
    tried_at = models.DateTimeField(null=True)
    shredded_on = models.DateField(null=True)
    shredded_by = models.UUIDField(null=True)
    seen_by = models.UUIDField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["layer"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(shredded_on=None, shredded_by=None, seen_by=None)
                | models.Q(shredded_on__isnull=False, shredded_by__isnull=False, seen_by__isnull=False),
                name="sheets_are_shredded_before_a_witness",
            ),
            models.UniqueConstraint(fields=["survey", "party"], name="a_party_seals_once"),
            models.UniqueConstraint(fields=["survey", "layer"], name="one_party_a_layer"),
        ]


class Keeper(TenantTable):
    """A person who keeps an opening sheet of a party's seal."""

    seal = models.ForeignKey(SealingParty, models.CASCADE, related_name="keepers")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seal", "person"], name="a_keeper_is_named_once")]


class Reviewer(TenantTable):
    """Somebody who reads the comments of a survey before anything of them is published: one of each side.

    `place` is 1 for labor and 2 for management. The private half of the own key is locked with the words of the
    own sheet.
    """

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="reviewers")
    place = models.PositiveSmallIntegerField()
    party = models.ForeignKey("partnership.Party", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    public_key = models.CharField(max_length=130, blank=True)
    wrapped = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["place"]
        constraints = [
            models.CheckConstraint(condition=models.Q(place__in=[1, 2]), name="a_reviewer_is_of_one_of_two_sides"),
            models.UniqueConstraint(fields=["survey", "place"], name="one_reviewer_of_each_side"),
        ]


class SealedComment(TenantTable):
    """A comment cut from its answer at the count, sealed once to each reviewer; nothing else of it is kept.

    Rows are written in the order of their random ids. `level` names the level of the writer's place where its
    comments stand in a list of their own, and is empty for all others. `proposed` are the words that one reviewer
    proposes to publish, sealed to the other, with their hash. All of it is erased when the review is done, and at
    destruction.
    """

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="comments")
    question = models.CharField(max_length=8)
    may_quote = models.BooleanField()
    level = models.CharField(max_length=120, blank=True)
    first = models.BinaryField(default=b"")
    second = models.BinaryField(default=b"")
    proposed = models.BinaryField(default=b"")
    proposed_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]


class CodeBatch(TenantTable):
    """Codes printed at one time: how many; never the codes, never whose.

    `receipts` are the hashes of the codes' receipts, sorted, one hexadecimal line each: only an answer whose
    receipt is among them counts. `receipts_hash` is the SHA-256 of these lines; it stands in the ledger.
    """

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="batches")
    count = models.PositiveIntegerField()
    receipts = models.TextField()
    receipts_hash = models.CharField(max_length=64)
    made_on = models.DateField()


class CancelledCode(TenantTable):
    """A code that came back unused; it is published in clear, so that everyone can see that it counts no more."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="cancelled_codes")
    code = models.CharField(max_length=24)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "code"], name="a_code_is_cancelled_once")]


class Eligible(TenantTable):
    """Who is asked, settled when the paper is frozen. `letters` is the number of the last one.

    `link_hash` is all that is kept of a personal link. `marked` says that a pass was taken or a code drawn;
    `blinded_hash` lets the same request for a pass be answered again. Closing erases these three, destruction the
    whole list.
    """

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="eligible")
    staff = models.ForeignKey("partnership.StaffRecord", models.PROTECT, related_name="+")
    letters = models.PositiveSmallIntegerField(default=0)
    link_hash = models.CharField(max_length=64, blank=True)
    marked = models.BooleanField(default=False)
    blinded_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "staff"], name="a_person_is_asked_once"),
            models.UniqueConstraint(
                fields=["link_hash"], condition=~models.Q(link_hash=""), name="a_link_is_one_persons"
            ),
            models.CheckConstraint(
                condition=models.Q(blinded_hash="") | models.Q(marked=True), name="who_took_a_pass_is_marked"
            ),
        ]


class Handover(TenantTable):
    """A pile of envelopes before a labor and a management witness: how many came, were drawn, were cancelled.

    `left` envelopes stay sealed for another hand-over; with it the hand-over is closed. `repeats` counts draws by
    people who had taken a pass or drawn before: no page shows it, and closing erases it.
    """

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="handovers")
    place = models.CharField(max_length=120)
    brought = models.PositiveIntegerField()
    drawn = models.PositiveIntegerField(default=0)
    repeats = models.PositiveIntegerField(default=0)
    cancelled = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(null=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["opened_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(brought__gte=models.F("drawn") + models.F("cancelled") + Coalesce("left", 0)),
                name="no_more_leaves_a_pile_than_came",
            ),
            models.CheckConstraint(
                condition=models.Q(repeats__lte=models.F("drawn")), name="a_repeat_is_one_of_the_draws"
            ),
            models.CheckConstraint(
                condition=models.Q(left=None, closed_on=None)
                | models.Q(left__isnull=False, closed_on__isnull=False),
                name="a_closed_pile_says_what_was_left",
            ),
        ]


class Witness(TenantTable):
    """Who watches a pile for labor or for management, and until when without a sign of life, to five minutes.

    `last_turn` is a random word of the page last used, so that a button pressed twice draws once.
    """

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="witnesses")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    party = models.ForeignKey("partnership.Party", models.PROTECT, related_name="+")
    is_labor = models.BooleanField()
    there_until = models.DateTimeField()
    last_turn = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-is_labor"]
        constraints = [
            models.UniqueConstraint(fields=["handover", "is_labor"], name="a_pile_has_one_witness_a_side"),
        ]


class Erratum(TenantTable):
    """A correction beside the frozen paper, signed by all."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="errata")
    text_en = models.TextField()
    text_es = models.TextField()
    in_force_at = models.DateTimeField(null=True)
    published = models.BooleanField(default=False)


class Outcome(models.TextChoices):
    """How opening the answers anew ended."""

    UNDER_WAY = ""
    RELEASED = "released"
    REFUSED = "refused"
    GIVEN_UP = "given_up"
    LATE = "late"
    DESTROYED = "destroyed"


class Reopening(TenantTable):
    """Counted answers that are opened anew for further tables, from the last key on the request to its end.

    `text` is the request that every party turned its key on. `release` is the hash of the later release; where the
    gate refused, `reasons` has why for each table, else who gave up says it. It is late where not every party came.
    """

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="reopenings")
    text = models.OneToOneField("approvals.FrozenText", models.PROTECT, related_name="+")
    since = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.UNDER_WAY, blank=True)
    ended_at = models.DateTimeField(null=True)
    release = models.CharField(max_length=64, blank=True)
    reasons = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar[list[str]] = ["since"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey"],
                condition=models.Q(ended_at=None),
                name="answers_are_opened_for_one_request_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, outcome="")
                | models.Q(ended_at__isnull=False) & ~models.Q(outcome=""),
                name="what_ended_says_how",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="released") & ~models.Q(release="")
                | ~models.Q(outcome="released") & models.Q(release=""),
                name="only_what_was_released_names_a_release",
            ),
        ]


class OpeningStep(TenantTable):
    """A party took its layer off: which list went in, which came out, how many items did not open.

    `go_on` says that every party agreed to go on although too many did not. `again` is the request for which the
    answers are opened anew, None at the first opening.
    """

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="steps")
    again = models.ForeignKey(Reopening, models.CASCADE, null=True, related_name="steps")
    seal = models.ForeignKey(SealingParty, models.CASCADE, related_name="+")
    input_hash = models.CharField(max_length=64)
    output_hash = models.CharField(max_length=64)
    unopened = models.PositiveIntegerField(default=0)
    go_on = models.BooleanField(default=False)
    by = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "seal"], condition=models.Q(again=None), name="a_layer_comes_off_once"
            ),
            models.UniqueConstraint(fields=["again", "seal"], name="a_layer_comes_off_once_for_a_request"),
        ]


class ReleaseDraft(TenantTable):
    """A count that waits for its certificate; what was counted lies in two files, in no database and no backup.

    `person`, `party` and `roles` are of whoever counted: the act belongs to them. `reached` of `goals` hidden
    groups are done. Nothing else of a district is counted meanwhile, so that each release is judged beside all.
    """

    survey = models.OneToOneField(Survey, models.CASCADE, related_name="release_draft")
    person = models.UUIDField(null=True)
    party = models.ForeignKey("partnership.Party", models.PROTECT, null=True, related_name="+")
    roles = models.JSONField(default=list)
    reached = models.PositiveIntegerField(default=0)
    goals = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership"], name="one_count_of_a_district_waits_at_a_time")
        ]
