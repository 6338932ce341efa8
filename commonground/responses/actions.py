"""Every write that the signed-in server makes on the respondents' side.

`surveys.campaign` and `surveys.tally` call these, always before they write on their own side. Each function is
one transaction on the `responses` database and may be repeated after a crash: the same call again changes nothing.
All raise NotFound for a survey without a paper, and Refused, in plain words, for what must not happen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any

from django.db import connections, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from commonground.kernel import compaction
from commonground.kernel.errors import NotFound, Refused
from commonground.kernel.time import now, today
from commonground.responses import client_files, page
from commonground.responses.models import (
    Bulletin,
    Chunk,
    ClientFile,
    Code,
    Paper,
    PostedCertificate,
    SealedAnswer,
    SealedList,
)
from commonground.responses.queries import counts, stored_rows
from commonground.sealing import formats, lists, paper
from commonground.sealing.crockford import in_groups, write_bits
from commonground.sealing.rows import lines_of, list_of

MAX_PIECES = 512
MAX_PIECE_BYTES = 2 << 20
"""Pieces that may lie here for one survey at a time, and bytes of one: together at most 1 GiB."""

GRACE = timedelta(minutes=15)
"""How long the door stays open behind the pass point: who has a pass by then can still send."""

atomic = partial(transaction.atomic, using="responses")


# Before and while a survey is open


def publish_paper(data: bytes) -> str:
    """Put a frozen paper on the respondents' door and return its SHA-256 in hexadecimal.

    Raises Malformed for bytes that are no paper, Refused when the survey has another paper already.
    """
    read = paper.read_paper(data)
    survey, window = read.survey.hex(), read.content["window"]
    with atomic():
        row, is_new = Paper.objects.get_or_create(
            survey=survey,
            defaults={
                "data": data,
                "hash": read.hash.hex(),
                "opens_at": datetime.fromisoformat(window["opens"]),
                "closes_at": datetime.fromisoformat(window["closes"]),
                "item_size": read.item_size(1),
            },
        )
    if not is_new and row.hash != read.hash.hex():
        raise Refused(_("This survey has a frozen paper already. Nothing was changed."), "another_paper")
    return row.hash


def keep_client() -> Mapping[str, str]:
    """Keep the page for answering as it is in this version, and return its hashes by file name, for a paper.

    A later version of the program serves a survey with the page that its paper names.
    """
    files = {sha256(data).hexdigest(): data for data in client_files.files().values()}
    with atomic():
        rows = [ClientFile(hash=name, data=data) for name, data in sorted(files.items())]
        ClientFile.objects.bulk_create(rows, ignore_conflicts=True)
    return client_files.hashes()


def add_codes(survey: str, hashes: Iterable[bytes]) -> None:
    """Let codes be used, given by their hashes of 32 bytes; stored sorted, so that no order of drawing remains."""
    ordered = sorted(set(hashes))
    if any(len(code_hash) != sha256().digest_size for code_hash in ordered):
        raise ValueError("a code is given by its hash of 32 bytes")
    with atomic():
        if hold(survey).closed:
            raise Refused(_("The survey is closed. No codes were added."), "closed")
        rows = [Code(hash=code_hash, survey=survey) for code_hash in ordered]
        Code.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def cancel_codes(survey: str, hashes: Iterable[bytes]) -> int:
    """Cancel codes that nobody used, and return how many of those given are cancelled now.

    A code under which an answer lies stays as it is: that answer was given and counts.
    """
    given = sorted(set(hashes))
    with atomic():
        hold(survey)
        _hold_answers()
        named = [Code.objects.filter(survey=survey, hash__in=part) for part in _parts(given)]
        used = SealedAnswer.objects.filter(key=OuterRef("hash"))
        for part in named:
            part.exclude(Exists(used)).update(cancelled=True)
        return sum(part.filter(cancelled=True).count() for part in named)


def add_erratum(survey: str, text: Mapping[str, str], on: date) -> None:
    """Show a correction, in English and Spanish, beside the frozen paper from this day on."""
    entry = {"en": text["en"], "es": text["es"], "on": on.isoformat()}
    with atomic():
        row = hold(survey)
        if entry not in row.errata:
            row.errata = [*row.errata, entry]
            row.save(update_fields=["errata"])


# Closing


@dataclass(frozen=True)
class Closing:
    """What closing found. Hashes are hexadecimal; `rewritten` says whether the tables lie in key order now."""

    closed_on: str
    answers: int
    answers_by_pass: int
    answers_by_code: int
    codes_printed: int
    codes_cancelled: int
    codes_used: int
    item_size: int
    list_hash: str
    merkle_root: str
    rewritten: bool = False


def shut(survey: str) -> Closing:
    """Close the door for good, make the list of layer 1, and rewrite the tables in key order.

    The bulletin keeps the counts and hashes of the first time; a repeated call returns these, and tries the
    rewriting again. Raises Refused until `GRACE` after the closing time in the paper.
    """
    with atomic():
        row = hold(survey)
        if now() < row.closes_at + GRACE:
            raise Refused(_("The survey is still open. Nothing was changed."), "open")
        Paper.objects.filter(pk=survey).update(closed=True)
    with atomic():
        _hold_answers()
        facts = _post_closing(row)
    return Closing(**facts, rewritten=compaction.rewrite("responses", SealedAnswer, Code))


def _post_closing(row: Paper) -> dict[str, Any]:
    """Put list, lines and facts into the tables once, and return the facts."""
    board, _new = Bulletin.objects.get_or_create(pk=row.survey)
    names = [name for name in Closing.__dataclass_fields__ if name != "rewritten"]
    if "list_hash" in board.closing:
        return {name: board.closing[name] for name in names}
    read = paper.read_paper(bytes(row.data))
    stored = stored_rows(row.survey)
    root = lists.merkle_root([each.leaf for each in stored])
    board.in_list = "".join(f"{line}\n" for line in lines_of(stored))
    listing = list_of(stored, read)
    del stored
    closing = _closing(row, today(read.content["timezone"]), listing, root)
    facts = {name: value for name, value in asdict(closing).items() if name in names}
    board.closing = {**board.closing, **facts}
    board.save()
    _put(row.survey, listing, listing.to_bytes())
    return facts


def _closing(row: Paper, day: date, listing: formats.SealedList, root: bytes) -> Closing:
    number = counts(row.survey)
    return Closing(
        closed_on=day.isoformat(),
        answers=number.answers,
        answers_by_pass=number.answers_by_pass,
        answers_by_code=number.answers_by_code,
        codes_printed=number.codes_printed,
        codes_cancelled=number.codes_cancelled,
        codes_used=number.answers_by_code,
        item_size=row.item_size,
        list_hash=listing.hash.hex(),
        merkle_root=root.hex(),
    )


# Opening the seals


def put_list(survey: str, data: bytes) -> str:
    """Store a checked list under the layer in its heading and return its hash in hexadecimal.

    Raises Malformed or sealing's Refused for a list that does not fit the paper, and Refused when another list
    stands at this layer.
    """
    listing = formats.read_list(data)
    with atomic():
        lists.check_list(listing, paper.read_paper(bytes(hold(survey).data)), listing.layer)
        return _put(survey, listing, data)


def _put(survey: str, listing: formats.SealedList, data: bytes) -> str:
    digest = listing.hash.hex()
    found, _new = SealedList.objects.defer("data").get_or_create(
        survey=survey, layer=listing.layer, defaults={"hash": digest, "data": data}
    )
    if found.hash != digest:
        raise Refused(_("Another list stands at this layer. Nothing was changed."), "another_list")
    return found.hash


def put_chunk(survey: str, data: bytes) -> tuple[int, int]:
    """Store one piece of a file (`formats.Chunk` as bytes); return how many are here, and of how many.

    Raises Malformed for bytes that are no piece, Refused for a piece that is too large, one too many, or
    another than the one that is here.
    """
    chunk = formats.read_chunk(data)
    if len(chunk.data) > MAX_PIECE_BYTES or chunk.of > MAX_PIECES:
        raise Refused(_("This file is too large. Nothing was stored."), "too_large")
    with atomic():
        hold(survey)
        file = Chunk.objects.filter(**_of_file(survey, chunk.list_hash))
        here = file.filter(index=chunk.index).first()
        if here is None:
            _store(survey, chunk)
        elif (bytes(here.data), here.of) != (chunk.data, chunk.of):
            raise Refused(_("Another piece has this number already. Please send the file again."), "another_piece")
        return file.count(), chunk.of


def _store(survey: str, chunk: formats.Chunk) -> None:
    if Chunk.objects.filter(survey=survey).count() >= MAX_PIECES:
        raise Refused(_("Too many pieces of files lie here. Please start again."), "too_many")
    Chunk.objects.create(**_of_file(survey, chunk.list_hash), index=chunk.index, of=chunk.of, data=chunk.data)


def _of_file(survey: str, file_hash: bytes) -> dict[str, str]:
    return {"survey": survey, "file_hash": file_hash.hex()}


def join_chunks(survey: str, file_hash: bytes) -> bytes:
    """The whole file, its hash checked; its pieces stay until `erase_chunks`. Raises Malformed while one lacks."""
    found = Chunk.objects.filter(**_of_file(survey, file_hash))
    return formats.join_chunks([formats.Chunk(file_hash, c.index, c.of, bytes(c.data)) for c in found])


def erase_chunks(survey: str) -> None:
    """Erase all pieces of files, once what they held is stored or given up."""
    with atomic():
        Chunk.objects.filter(survey=survey).delete()


def erase_lists(survey: str, keep_layer: int | None = None) -> None:
    """Erase lists and pieces, all or all but the list of one layer. The sealed answers stay until `destroy`."""
    with atomic():
        SealedList.objects.filter(survey=survey).exclude(layer=-1 if keep_layer is None else keep_layer).delete()
        Chunk.objects.filter(survey=survey).delete()
    if keep_layer is None:
        compaction.compact("responses", SealedList, Chunk)


# What anyone may read


def post_bulletin(survey: str, facts: Mapping[str, Any], *, once: bool = False) -> None:
    """Add to the facts of closing: numbers such as `eligible` or `codes_drawn`, `peels` ([{"party", "hash"}]).

    With `once`, what stands there already stays as it is.
    """
    with atomic():
        hold(survey)
        board, _new = Bulletin.objects.get_or_create(pk=survey)
        board.closing = {**facts, **board.closing} if once else {**board.closing, **facts}
        board.save(update_fields=["closing"])


def post_receipts(survey: str, receipts: Iterable[bytes], signed: Iterable[bytes] = ()) -> None:
    """Publish the receipts (16 bytes each) of the answers that counted: sorted, 16 characters and in full.

    `signed` are those of passes, each with its signature, by which anyone can check that it was issued.
    """
    lines = (f"{receipt_line(receipt)}  {receipt.hex()}" for receipt in receipts)
    _post(survey, receipts=_lines(lines), signed=b"".join(sorted(signed)))


def post_certificate(data: bytes) -> None:
    """Publish the certificate of a release, before the release that names its hash."""
    PostedCertificate.objects.update_or_create(pk=sha256(data).hexdigest(), defaults={"data": data})


def post_release(survey: str, release: bytes, content: Mapping[str, Any]) -> None:
    """Publish the release's bytes and the page for all staff, whose parts `page.check` describes.

    Raises ValueError for a page that cannot be shown.
    """
    page.check(content)
    _post(survey, release=release, page=dict(content))


def post_later(survey: str, number: int, release: bytes, content: Mapping[str, Any]) -> None:
    """Publish a later release of the same answers and its page, beside the first. Raises ValueError as above."""
    page.check(content)
    with atomic():
        hold(survey)
        board, _new = Bulletin.objects.get_or_create(pk=survey)
        others = [entry for entry in board.later if entry["number"] != number]
        entry = {"number": number, "release": release.decode(), "page": dict(content)}
        board.later = sorted([*others, entry], key=lambda one: one["number"])
        board.save(update_fields=["later"])


def post_comments(survey: str, release: bytes, content: Mapping[str, Any]) -> None:
    """Publish a release of comments and its page, beside that of the numbers. Raises ValueError as above."""
    page.check(content)
    _post(survey, comments=release, comments_page=dict(content))


def post_counts(count: str, release: bytes, content: Mapping[str, Any]) -> None:
    """Publish a release of counts made elsewhere and its page. It has no paper. Raises ValueError as above."""
    page.check(content)
    Bulletin.objects.update_or_create(pk=count, defaults={"release": release, "page": dict(content)})


def _post(survey: str, **values: Any) -> None:
    with atomic():
        hold(survey)
        Bulletin.objects.update_or_create(pk=survey, defaults=values)


def receipt_line(receipt: bytes) -> str:
    """The 16 characters of a receipt, in groups, as on the receipt page."""
    return in_groups(write_bits(receipt, 16))


# The end


def destroy(survey: str) -> None:
    """Erase codes, sealed answers, lists and pieces, and close the door. Paper, bulletin and release stay."""
    with atomic():
        post_bulletin(survey, {"destroyed": True})
        Paper.objects.filter(pk=survey).update(closed=True)
        for model in (SealedAnswer, Code, SealedList, Chunk):
            model.objects.filter(survey=survey).delete()
    compaction.rewrite("responses", SealedAnswer, Code)
    compaction.compact("responses", SealedList, Chunk)


def _hold_answers() -> None:
    """Let running inserts end and keep new ones waiting until the transaction ends.

    On SQLite a transaction does this by itself, since each begins by taking the one lock for writing.
    """
    connection = connections["responses"]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE responses_sealedanswer IN SHARE MODE")


def hold(survey: str) -> Paper:
    """The paper's row, locked until the transaction ends. Raises NotFound."""
    try:
        return Paper.objects.select_for_update().get(pk=survey)
    except Paper.DoesNotExist:
        raise NotFound from None


def _parts(values: list[bytes], size: int = 500) -> list[list[bytes]]:
    return [values[start : start + size] for start in range(0, len(values), size)]


def _lines(values: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in sorted(values))
