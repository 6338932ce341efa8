"""Tables of the district, its parties, its people and its staff list."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import get_language

from commonground.access.actor import ROLE_NAMES, Role
from commonground.access.tenancy import TenantTable


class PartnershipState(models.TextChoices):
    """Where the tie itself stands."""

    FORMING = "forming"
    ACTIVE = "active"
    PAUSED = "paused"
    CLOSED = "closed"


class Partnership(models.Model):
    """One district's standing tie of labor and management. Everything else belongs to exactly one of these."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    district = models.CharField(max_length=160)
    initiative_en = models.CharField(max_length=80, blank=True)
    initiative_es = models.CharField(max_length=80, blank=True)
    timezone = models.CharField(max_length=60, default="America/Los_Angeles")
    state = models.CharField(max_length=12, choices=PartnershipState, default=PartnershipState.FORMING)
    founded_at = models.DateTimeField(null=True)
    meets_on = models.DateField(null=True)
    """While the partnership is paused: the day on which the parties meet again."""

    objects: ClassVar[models.Manager["Partnership"]] = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=PartnershipState.PAUSED, meets_on__isnull=False)
                | (~models.Q(state=PartnershipState.PAUSED) & models.Q(meets_on=None)),
                name="a_pause_has_a_day_to_meet_again",
            ),
        ]

    def __str__(self) -> str:
        return self.district


class PartyKind(models.TextChoices):
    """What a party is. Where nobody bargains, staff representatives are the second party."""

    LABOR_ORGANIZATION = "labor_organization"
    STAFF_REPRESENTATIVES = "staff_representatives"
    MANAGEMENT = "management"


class Party(TenantTable):
    """A side in the partnership: management, or one labor organization."""

    kind = models.CharField(max_length=24, choices=PartyKind)
    name = models.CharField(max_length=160)
    short_name = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "name"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "name"], name="one_party_a_name"),
            models.UniqueConstraint(
                fields=["partnership"],
                condition=models.Q(kind="management"),
                name="one_management_a_partnership",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_labor(self) -> bool:
        """Labor organizations and staff representatives stand on labor's side."""
        return self.kind != PartyKind.MANAGEMENT


class Membership(TenantTable):
    """A role that a person holds, for a party or for both; ended, never deleted."""

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=20, choices=[(r.value, name) for r, name in ROLE_NAMES.items()])
    founder = models.BooleanField(default=False)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "person", "party", "role"],
                condition=models.Q(until=None),
                name="a_role_is_held_once",
            ),
            models.CheckConstraint(
                condition=models.Q(party__isnull=False) | models.Q(role__in=[Role.COORDINATOR, Role.FACILITATOR]),
                name="only_those_who_serve_both_have_no_party",
            ),
        ]


class KeyHolder(TenantTable):
    """Someone the charter names to turn a party's key, first or as alternate."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="key_holders")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    alternate = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "person"], name="a_person_holds_a_key_once")]


class Invitation(TenantTable):
    """A letter to a mailbox, offering a role. Only the hash of its link is kept."""

    email = models.EmailField()
    name = models.CharField(max_length=120)
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=20, choices=[(r.value, name) for r, name in ROLE_NAMES.items()])
    founder = models.BooleanField(default=False)
    link_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.UUIDField(null=True)
    sent_on = models.DateField()
    expires_on = models.DateField()
    accepted_on = models.DateField(null=True)
    withdrawn_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["partnership", "accepted_on"], name="open_invitations")]


class Named(TenantTable):
    """Something the district names in both languages and its lists know by a code."""

    code = models.CharField(max_length=40)
    name_en = models.CharField(max_length=120)
    name_es = models.CharField(max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering: ClassVar[list[str]] = ["position", "name_en"]

    def __str__(self) -> str:
        return self.name_es if get_language() == "es" and self.name_es else self.name_en


class SiteLevel(Named):
    """A kind of place that sites are grouped by: elementary schools, departments."""

    class Meta(Named.Meta):
        constraints = [models.UniqueConstraint(fields=["partnership", "code"], name="one_level_a_code")]


class Site(Named):
    """A school, kitchen, yard or office."""

    level = models.ForeignKey(SiteLevel, models.PROTECT, related_name="sites")
    closed_on = models.DateField(null=True)

    class Meta(Named.Meta):
        constraints = [models.UniqueConstraint(fields=["partnership", "code"], name="one_site_a_code")]


class Shift(Named):
    """A part of the day that people work, as the district names it."""

    class Meta(Named.Meta):
        constraints = [models.UniqueConstraint(fields=["partnership", "code"], name="one_shift_a_code")]


class JobFamily(Named):
    """Job classes that belong together: food service, paraeducators."""

    class Meta(Named.Meta):
        constraints = [models.UniqueConstraint(fields=["partnership", "code"], name="one_family_a_code")]


class JobClass(Named):
    """A job as the district classifies it."""

    family = models.ForeignKey(JobFamily, models.PROTECT, related_name="classes")

    class Meta(Named.Meta):
        constraints = [models.UniqueConstraint(fields=["partnership", "code"], name="one_class_a_code")]


class BargainingUnit(Named):
    """The group a labor organization represents; `party` is empty for staff whom nobody represents."""

    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="units")

    class Meta(Named.Meta):
        constraints = [models.UniqueConstraint(fields=["partnership", "code"], name="one_unit_a_code")]


class SpokenLanguage(Named):
    """A language that staff prefer."""

    class Meta(Named.Meta):
        constraints = [models.UniqueConstraint(fields=["partnership", "code"], name="one_language_a_code")]


class StaffRecord(TenantTable):
    """One line of the staff list: who can be reached, where and how. It knows nothing of surveys."""

    number = models.CharField(max_length=40)
    given_name = models.CharField(max_length=160)
    family_name = models.CharField(max_length=160, blank=True)
    email = models.EmailField(blank=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    shift = models.ForeignKey(Shift, models.PROTECT, null=True, related_name="+")
    job_class = models.ForeignKey(JobClass, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(BargainingUnit, models.PROTECT, null=True, related_name="+")
    language = models.ForeignKey(SpokenLanguage, models.PROTECT, null=True, related_name="+")
    gone_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "number"], name="one_record_a_number"),
            models.UniqueConstraint(
                Lower("email"),
                "partnership",
                condition=~models.Q(email="") & models.Q(gone_on=None),
                name="a_mailbox_reaches_one_person",
            ),
        ]
        indexes = [models.Index(fields=["partnership", "family_name", "given_name", "id"], name="staff_by_name")]


class ImportStage(models.TextChoices):
    """How far a staff list is: sent, looked at, decided on."""

    QUEUED = "queued"
    READ = "read"
    REFUSED = "refused"
    CARRYING = "carrying"
    DONE = "done"
    LEFT = "left"


DECIDED = (ImportStage.DONE, ImportStage.LEFT)


class StaffImport(TenantTable):
    """A staff list that was sent, and what it would change: only the columns we have a use for.

    `facts` are counts, headings and what was not read; the people lie in parts, which go with the decision.
    `refusal` says in the words of the page why it could not be read or brought in, `language` is its reader's,
    `moved_at` says when it was sent on, or last told how far it is.
    """

    file_name = models.CharField(max_length=200)
    stage = models.CharField(max_length=10, choices=ImportStage, default=ImportStage.QUEUED)
    started_by = models.UUIDField(null=True)
    started_at = models.DateTimeField()
    language = models.CharField(max_length=10, default="en")
    asked = models.JSONField(default=dict)
    lines_read = models.PositiveIntegerField(default=0)
    moved_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    facts = models.JSONField(default=dict)
    refusal = models.TextField(blank=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decided_at=None) ^ models.Q(stage__in=DECIDED),
                name="a_list_is_decided_when_it_is_in_or_left",
            )
        ]


class PartKind(models.TextChoices):
    """What a part of a waiting list holds."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"
    FAULTS = "faults"
    NOTES = "notes"


class StaffImportPart(TenantTable):
    """Some hundred entries of a staff list that waits for a decision, compressed."""

    of = models.ForeignKey(StaffImport, models.CASCADE, related_name="parts")
    kind = models.CharField(max_length=10, choices=PartKind)
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "kind", "number"], name="one_part_a_number")]
