"""What the signed-in server may read of the respondents' side: papers, counts, lists and the bulletin."""

from dataclasses import dataclass

from django.db.models import Count, Q

from commonground.kernel.errors import NotFound
from commonground.responses.models import Bulletin, Chunk, Code, Paper, SealedAnswer, SealedList
from commonground.sealing import formats
from commonground.sealing.lists import sorted_list
from commonground.sealing.paper import read_paper
from commonground.sealing.rows import StoredRow, in_order

AT_ONCE = 2000
"""Rows that the database hands out at a time, where all of a survey are read."""

STEP_WHILE_OPEN = 25
"""A count shown while a survey is open moves in steps of this many answers."""


@dataclass(frozen=True)
class Counts:
    """Exact numbers of one survey; a code is used when an answer lies under its hash."""

    answers_by_pass: int
    answers_by_code: int
    codes_printed: int
    codes_cancelled: int

    @property
    def answers(self) -> int:
        """Sealed answers."""
        return self.answers_by_pass + self.answers_by_code


def paper_bytes(survey: str) -> bytes:
    """The frozen paper as served. Raises NotFound."""
    return bytes(paper_row(survey).data)


def paper_row(survey: str) -> Paper:
    """The row of a published paper. Raises NotFound."""
    try:
        return Paper.objects.get(pk=survey)
    except Paper.DoesNotExist:
        raise NotFound from None


def counts(survey: str) -> Counts:
    """Exact counts, for closing and for afterwards; while a survey is open pages show `counted_while_open`."""
    kinds = dict(SealedAnswer.objects.filter(survey=survey).values_list("kind").annotate(n=Count("pk")).order_by())
    codes = Code.objects.filter(survey=survey).aggregate(
        printed=Count("pk"), cancelled=Count("pk", filter=Q(cancelled=True))
    )
    return Counts(
        answers_by_pass=kinds.get(formats.PASS, 0),
        answers_by_code=kinds.get(formats.CODE, 0),
        codes_printed=codes["printed"],
        codes_cancelled=codes["cancelled"],
    )


def counted_while_open(survey: str, most: int) -> int:
    """Answers so far, rounded down to a step of 25, so that watching the number shows nobody's arrival.

    Never more than `most`, so that it does not show either that everyone has come.
    """
    answers = min(SealedAnswer.objects.filter(survey=survey).count(), most)
    return answers - answers % STEP_WHILE_OPEN


def first_list(survey: str) -> bytes:
    """The list at closing, made anew from the sealed answers, which stay until they are destroyed."""
    items = SealedAnswer.objects.filter(survey=survey).values_list("item", flat=True)
    read = read_paper(paper_bytes(survey))
    return sorted_list(read, 1, map(bytes, items.iterator(AT_ONCE))).to_bytes()


def get_list(survey: str, layer: int) -> bytes | None:
    """The list whose outermost seal is `layer` (0: the counting key's), or None when it is not there."""
    row = SealedList.objects.filter(survey=survey, layer=layer).first()
    return bytes(row.data) if row else None


def has_lists(survey: str) -> bool:
    """Say whether any list of the opening, or a piece of one, lies here."""
    return any(model.objects.filter(survey=survey).exists() for model in (SealedList, Chunk))


def bulletin(survey: str) -> Bulletin:
    """What anyone may read about the survey; empty fields before there is anything."""
    return Bulletin.objects.defer("signed").filter(pk=survey).first() or Bulletin(survey=survey)


def stored_rows(survey: str) -> list[StoredRow]:
    """The sealed answers as they are exported, in the order of the list."""
    rows = SealedAnswer.objects.filter(survey=survey).iterator(AT_ONCE)
    return in_order(StoredRow(row.kind, log_row(row)) for row in rows)


def log_row(answer: SealedAnswer) -> bytes:
    """A stored row as bytes: by code its hash and the item; by pass key, signature, version, item, signature."""
    key, item = bytes(answer.key), bytes(answer.item)
    if answer.kind == formats.CODE:
        return key + item
    version = answer.version.to_bytes(4, "big")
    return key + bytes(answer.pass_signature) + version + item + bytes(answer.signature)
