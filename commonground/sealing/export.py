"""An exported survey as a file: the bundle that `verify` checks, in JSON, every byte string in hexadecimal."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any, Final

from commonground.sealing.errors import N_, Malformed
from commonground.sealing.formats import HASH_BYTES, RECEIPT_BYTES, canonical_json, read_hex, read_json_object
from commonground.sealing.verify import Bundle, Counts, PeelRecord

_FORMAT: Final = "cg1-export"


def write_bundle(bundle: Bundle) -> bytes:
    """The bundle as canonical JSON. Lists at hand are left out: their hashes stand in the peels."""
    return canonical_json(
        {
            "format": _FORMAT,
            "paper": bundle.paper.decode(),
            "paper_hash": bundle.paper_hash.hex(),
            "counts": asdict(bundle.counts),
            "first_list_hash": bundle.first_list_hash.hex(),
            "peels": [_plain_peel(peel) for peel in bundle.peels],
            "printed": _written(bundle.printed),
            "cancelled": _written(bundle.cancelled),
            "receipts": None if bundle.receipts is None else _written(bundle.receipts),
        }
    )


def _written(values: Sequence[bytes]) -> list[str]:
    return [value.hex() for value in values]


def _plain_peel(peel: PeelRecord) -> dict[str, Any]:
    return {**asdict(peel), "input_hash": peel.input_hash.hex(), "output_hash": peel.output_hash.hex()}


def read_bundle(data: bytes) -> Bundle:
    """The bundle in a file. Raises Malformed for anything but the exact format."""
    content = read_json_object(data)
    paper, receipts = content.get("paper"), content.get("receipts")
    if content.get("format") != _FORMAT or not isinstance(paper, str):
        raise Malformed(N_("This is not an exported survey."))
    return Bundle(
        paper=paper.encode(),
        paper_hash=read_hex(content, "paper_hash", HASH_BYTES),
        counts=_read_counts(content.get("counts")),
        first_list_hash=read_hex(content, "first_list_hash", HASH_BYTES),
        peels=tuple(_read_peel(peel) for peel in _listed(content, "peels")),
        printed=_read_many(content, "printed", HASH_BYTES),
        cancelled=_read_many(content, "cancelled", HASH_BYTES),
        receipts=None if receipts is None else _read_many(content, "receipts", RECEIPT_BYTES),
    )


def _listed(content: Mapping[str, Any], name: str) -> list[Any]:
    value = content.get(name)
    if not isinstance(value, list):
        raise Malformed(N_("“%(name)s” is missing or is not written as it should be."), name=name)
    return value


def _read_many(content: Mapping[str, Any], name: str, size: int) -> tuple[bytes, ...]:
    return tuple(read_hex({name: value}, name, size) for value in _listed(content, name))


def _read_counts(value: object) -> Counts:
    names = {field.name for field in fields(Counts)}
    if not isinstance(value, dict) or set(value) != names or any(type(n) is not int for n in value.values()):
        raise Malformed(N_("“%(name)s” is missing or is not written as it should be."), name="counts")
    return Counts(**value)


def _read_peel(value: object) -> PeelRecord:
    kinds = {"party": str, "layer": int, "unopened": int, "agreed": bool}
    if not isinstance(value, dict) or any(type(value.get(name)) is not kind for name, kind in kinds.items()):
        raise Malformed(N_("“%(name)s” is missing or is not written as it should be."), name="peels")
    before, after = (read_hex(value, name, HASH_BYTES) for name in ("input_hash", "output_hash"))
    return PeelRecord(value["party"], value["layer"], before, after, value["unopened"], value["agreed"])
