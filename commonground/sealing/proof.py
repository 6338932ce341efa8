"""The proof that a person keeps of an answer by pass: it can show that the list lacks it, never what it says.

A proof is the acknowledgement that the survey's door key signed once the answer was stored, with what it was signed
over. It is a JSON file, every byte string in hexadecimal: `format` "cg1-proof", `paper` (hash), `key` (the pass),
`version`, `item` (hash of the sealed answer), `acknowledgement`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from commonground.sealing.errors import N_, Malformed, Refused
from commonground.sealing.formats import HASH_BYTES, KEY_BYTES, canonical_json, read_hex, read_json_object
from commonground.sealing.paper import Paper
from commonground.sealing.passes import ECDSA_BYTES, LATEST_VERSION, PassRow, is_signed_by, stored_message

_FORMAT: Final = "cg1-proof"


@dataclass(frozen=True)
class Proof:
    """What the door key signed, and the signature of 64 bytes."""

    paper_hash: bytes
    key: bytes
    version: int
    item_hash: bytes
    acknowledgement: bytes

    def to_json(self) -> dict[str, Any]:
        """The proof as it stands in its file."""
        return {
            "format": _FORMAT,
            "paper": self.paper_hash.hex(),
            "key": self.key.hex(),
            "version": self.version,
            "item": self.item_hash.hex(),
            "acknowledgement": self.acknowledgement.hex(),
        }

    def to_bytes(self) -> bytes:
        """The file as saved."""
        return canonical_json(self.to_json())

    @property
    def key_hash(self) -> bytes:
        """By this an answer is named in the list: SHA-256 of the pass."""
        return sha256(self.key).digest()


def proof_of(paper: Paper, row: PassRow, acknowledgement: bytes) -> Proof:
    """The proof that somebody keeps of the row that she sent."""
    return Proof(paper.hash, row.key, row.version, sha256(row.item).digest(), acknowledgement)


def read_proof(data: bytes) -> Proof:
    """The proof in a file, or as it was pasted. Raises Malformed."""
    return read_proof_object(read_json_object(data.strip()))


def read_proof_object(value: Mapping[str, Any]) -> Proof:
    """The proof in JSON. Raises Malformed for anything but the exact format."""
    version = value.get("version")
    if value.get("format") != _FORMAT or type(version) is not int or not 1 <= version <= LATEST_VERSION:
        raise Malformed(N_("This is not the proof of an answer."))
    sizes = {"paper": HASH_BYTES, "key": KEY_BYTES, "item": HASH_BYTES, "acknowledgement": ECDSA_BYTES}
    parts = {name: read_hex(value, name, size) for name, size in sizes.items()}
    return Proof(parts["paper"], parts["key"], version, parts["item"], parts["acknowledgement"])


def check_proof(proof: Proof, paper: Paper) -> None:
    """Refuse a proof of another survey, and one that the survey's door key did not sign."""
    if proof.paper_hash != paper.hash:
        raise Refused(N_("This proof belongs to another survey."))
    message = stored_message(proof.paper_hash, proof.key, proof.version, proof.item_hash)
    if not is_signed_by(paper.block.door_key, message, proof.acknowledgement):
        raise Refused(N_("This proof was not signed by the server of this survey, so it proves nothing."))


class Standing(StrEnum):
    """Where an answer that was acknowledged stands in the list."""

    LISTED = "listed"
    NOWHERE = "nowhere"
    OLDER = "older"
    EXCHANGED = "exchanged"

    @property
    def is_absence(self) -> bool:
        """Whether this proves that the list is not what was taken in."""
        return self is not Standing.LISTED


def standing(proof: Proof, version: int, item_hash: bytes) -> Standing:
    """Where a checked proof's answer stands; `version` (0 for no row) and `item_hash` are those of its pass's row.

    A later version counts as listed, so that nobody who holds another's proof learns that she answered anew.
    """
    if not version:
        return Standing.NOWHERE
    if version < proof.version:
        return Standing.OLDER
    return Standing.EXCHANGED if version == proof.version and item_hash != proof.item_hash else Standing.LISTED
