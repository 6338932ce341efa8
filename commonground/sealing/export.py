"""An exported survey as a file: the bundle that `verify` checks.

A trading file: the message in JSON, every byte string in hexadecimal; behind it the stored rows, then the signed
receipts of passes, 272 bytes each, and last the certificate of the release.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from itertools import accumulate, pairwise
from typing import Any, Final

from commonground.sealing.errors import N_, Malformed
from commonground.sealing.formats import (
    HASH_BYTES,
    RECEIPT_BYTES,
    SIGNATURE_BYTES,
    TradingFile,
    read_file,
    read_hex,
)
from commonground.sealing.paper import read_paper
from commonground.sealing.proof import Proof, read_proof_object
from commonground.sealing.rows import StoredRow, read_rows, write_rows
from commonground.sealing.verify import Bundle, Counts, OpenedAnew, PeelRecord

_FORMAT: Final = "cg1-export"


def write_bundle(bundle: Bundle) -> bytes:
    """The bundle as saved. Lists at hand are left out: their hashes stand in the peels."""
    message = {
        "format": _FORMAT,
        "paper": bundle.paper.decode(),
        "paper_hash": bundle.paper_hash.hex(),
        "counts": asdict(bundle.counts),
        "first_list_hash": bundle.first_list_hash.hex(),
        "merkle_root": bundle.merkle_root.hex(),
        "peels": [_plain_peel(peel) for peel in bundle.peels],
        "printed": _written(bundle.printed),
        "cancelled": _written(bundle.cancelled),
        "receipts": None if bundle.receipts is None else _written(bundle.receipts),
        "in_list": list(bundle.in_list),
        "missing": [proof.to_json() for proof in bundle.missing],
        "release": bundle.release,
        "anew": [_plain_anew(each) for each in bundle.anew],
        "rows_are_here": bundle.rows is not None,
        "signed": len(bundle.signed),
        "certificate": len(bundle.certificate),
    }
    binary = write_rows(bundle.rows or ()) + b"".join(bundle.signed)
    binary += b"".join((bundle.certificate, *(each.certificate for each in bundle.anew)))
    return TradingFile(message, binary).to_bytes()


def _written(values: Sequence[bytes]) -> list[str]:
    return [value.hex() for value in values]


def _plain_anew(anew: OpenedAnew) -> dict[str, Any]:
    peels = [_plain_peel(peel) for peel in anew.peels]
    return {
        "request": anew.request,
        "peels": peels,
        "release": anew.release,
        "certificate": len(anew.certificate),
    }


def _plain_peel(peel: PeelRecord) -> dict[str, Any]:
    return {**asdict(peel), "input_hash": peel.input_hash.hex(), "output_hash": peel.output_hash.hex()}


def read_bundle(data: bytes) -> Bundle:
    """The bundle in a file. Raises Malformed for anything but the exact format."""
    file = read_file(data)
    content = file.message
    if content.get("format") != _FORMAT:
        raise Malformed(N_("This is not an exported survey."))
    paper, receipts = _text(content, "paper"), content.get("receipts")
    rows, signed, (certificate, *certificates) = _cut(file, read_paper(paper.encode()).item_size(1))
    return Bundle(
        paper=paper.encode(),
        paper_hash=read_hex(content, "paper_hash", HASH_BYTES),
        counts=_read_counts(content.get("counts")),
        first_list_hash=read_hex(content, "first_list_hash", HASH_BYTES),
        merkle_root=read_hex(content, "merkle_root", HASH_BYTES),
        peels=tuple(_read_peel(peel) for peel in _listed(content, "peels")),
        printed=_read_many(content, "printed", HASH_BYTES),
        cancelled=_read_many(content, "cancelled", HASH_BYTES),
        receipts=None if receipts is None else _read_many(content, "receipts", RECEIPT_BYTES),
        in_list=tuple(map(str, _listed(content, "in_list"))),
        missing=tuple(_read_missing(proof) for proof in _listed(content, "missing")),
        release=_text(content, "release"),
        anew=tuple(map(_read_anew, _listed(content, "anew"), certificates)),
        rows=rows,
        signed=signed,
        certificate=certificate,
    )


def _cut(file: TradingFile, item_size: int) -> tuple[tuple[StoredRow, ...] | None, tuple[bytes, ...], list[bytes]]:
    """The stored rows, None where they are not in the file, signed receipts behind them, and the certificates."""
    lengths = _lengths(file)
    end = len(file.binary) - sum(lengths)
    count, size = file.message.get("signed"), RECEIPT_BYTES + SIGNATURE_BYTES
    if type(count) is not int or not 0 <= count * size <= end:
        raise _missing("signed")
    start = end - count * size
    rows, are_here = read_rows(file.binary[:start], item_size), file.message.get("rows_are_here")
    if type(are_here) is not bool or (rows and not are_here):
        raise _missing("rows_are_here")
    signed = tuple(file.binary[at : at + size] for at in range(start, end, size))
    ends = list(accumulate(lengths, initial=end))
    certificates = [file.binary[at:to] for at, to in pairwise(ends)]
    return rows if are_here else None, signed, certificates


def _lengths(file: TradingFile) -> list[int]:
    """The lengths of the certificates at the end of the file: of the first release, then of each opening anew."""
    anew = _listed(file.message, "anew")
    found = [each.get("certificate") for each in (file.message, *anew) if isinstance(each, dict)]
    lengths = [length for length in found if type(length) is int and length >= 0]
    if len(lengths) != 1 + len(anew) or sum(lengths) > len(file.binary):
        raise _missing("certificate")
    return lengths


def _text(content: Mapping[str, Any], name: str) -> str:
    value = content.get(name)
    if not isinstance(value, str):
        raise _missing(name)
    return value


def _read_anew(value: object, certificate: bytes) -> OpenedAnew:
    if not isinstance(value, dict):
        raise _missing("anew")
    peels = tuple(map(_read_peel, _listed(value, "peels")))
    return OpenedAnew(_text(value, "request"), peels, _text(value, "release"), certificate)


def _read_missing(value: object) -> Proof:
    if not isinstance(value, dict):
        raise _missing("missing")
    return read_proof_object(value)


def _missing(name: str) -> Malformed:
    return Malformed(N_("“%(name)s” is missing or is not written as it should be."), name=name)


def _listed(content: Mapping[str, Any], name: str) -> list[Any]:
    value = content.get(name)
    if not isinstance(value, list):
        raise _missing(name)
    return value


def _read_many(content: Mapping[str, Any], name: str, size: int) -> tuple[bytes, ...]:
    return tuple(read_hex({name: value}, name, size) for value in _listed(content, name))


def _read_counts(value: object) -> Counts:
    names = {field.name for field in fields(Counts)}
    if not isinstance(value, dict) or set(value) != names or any(type(n) is not int for n in value.values()):
        raise _missing("counts")
    return Counts(**value)


def _read_peel(value: object) -> PeelRecord:
    kinds = {"party": str, "layer": int, "unopened": int, "agreed": bool}
    if not isinstance(value, dict) or any(type(value.get(name)) is not kind for name, kind in kinds.items()):
        raise _missing("peels")
    before, after = (read_hex(value, name, HASH_BYTES) for name in ("input_hash", "output_hash"))
    return PeelRecord(value["party"], value["layer"], before, after, value["unopened"], value["agreed"])
