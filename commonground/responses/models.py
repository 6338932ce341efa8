"""Tables of the `responses` database. No foreign key, no time of an answer, no sequence that follows arrival."""

from typing import ClassVar

from django.db import models


class Paper(models.Model):
    """A frozen survey as bytes, with what the door needs to know: when it is open and how long an item is."""

    survey = models.CharField(primary_key=True, max_length=32)
    data = models.BinaryField()
    hash = models.CharField(max_length=64)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    closed = models.BooleanField(default=False)
    item_size = models.PositiveIntegerField()
    errata = models.JSONField(default=list)

    objects: ClassVar[models.Manager["Paper"]] = models.Manager()


class ClientFile(models.Model):
    """A file of the page on which people answer, kept by its SHA-256 from the freezing of a paper that names it."""

    hash = models.CharField(primary_key=True, max_length=64)
    data = models.BinaryField()

    objects: ClassVar[models.Manager["ClientFile"]] = models.Manager()


class Code(models.Model):
    """The hash of a code that may be used once. It is used when an answer with this key exists."""

    hash = models.BinaryField(primary_key=True)
    survey = models.CharField(max_length=32, db_index=True)
    cancelled = models.BooleanField(default=False)

    objects: ClassVar[models.Manager["Code"]] = models.Manager()


class SealedAnswer(models.Model):
    """One sealed answer under its key: the hash of a code (kind 2), or the signing key of a pass (kind 1)."""

    key = models.BinaryField(primary_key=True)
    survey = models.CharField(max_length=32, db_index=True)
    kind = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(default=1)
    pass_signature = models.BinaryField(default=b"")
    item = models.BinaryField()
    signature = models.BinaryField(default=b"")

    objects: ClassVar[models.Manager["SealedAnswer"]] = models.Manager()


class SealedList(models.Model):
    """The list of items with this layer outermost, while the seals are being opened; erased after the count."""

    survey = models.CharField(max_length=32)
    layer = models.PositiveSmallIntegerField()
    hash = models.CharField(max_length=64)
    data = models.BinaryField()

    objects: ClassVar[models.Manager["SealedList"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "layer"], name="one_list_a_layer")]


class Chunk(models.Model):
    """A numbered piece of a file that a party's browser hands on; the same piece again is the same row."""

    survey = models.CharField(max_length=32)
    file_hash = models.CharField(max_length=64)
    index = models.PositiveIntegerField()
    of = models.PositiveIntegerField()
    data = models.BinaryField()

    objects: ClassVar[models.Manager["Chunk"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "file_hash", "index"], name="one_piece_at_each_place")
        ]


class PostedCertificate(models.Model):
    """The certificate of a release that staff see, by its SHA-256, which the released bytes name."""

    hash = models.CharField(primary_key=True, max_length=64)
    data = models.BinaryField()

    objects: ClassVar[models.Manager["PostedCertificate"]] = models.Manager()


class Bulletin(models.Model):
    """What anyone may read about a survey: counts and hashes at closing, in-list lines, receipts, the releases.

    A release of counts made elsewhere has one too, with nothing but release and page, and no paper.

    `signed` are the receipts of passes that counted, 16 bytes each with the 256 of its signature, ascending.
    `later` are later releases of the same answers, first first: `number`, the text of the `release`, its `page`.
    """

    survey = models.CharField(primary_key=True, max_length=32)
    closing = models.JSONField(default=dict)
    in_list = models.TextField(default="")
    receipts = models.TextField(default="")
    signed = models.BinaryField(default=b"")
    release = models.BinaryField(default=b"")
    page = models.JSONField(default=dict)
    later = models.JSONField(default=list)
    comments = models.BinaryField(default=b"")
    comments_page = models.JSONField(default=dict)

    objects: ClassVar[models.Manager["Bulletin"]] = models.Manager()
