"""Passes: the right to answer once, signed blind, and what travels with it.

A *pass* is a signing key made in the browser, whose hash the survey's pass key signed without seeing it. A
*receipt* is 16 random bytes, signed in the same way, that lie inside the sealed answer. The pass's own key signs
each version of the answer; the *door key* signs the acknowledgement. Signatures of P-256 are r and s, 64 bytes.
"""

import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from commonground.sealing.blind import blind, finish, is_signed
from commonground.sealing.errors import N_, Malformed, Refused
from commonground.sealing.formats import (
    KEY_BYTES,
    PASS,
    RECEIPT_BYTES,
    SIGNATURE_BYTES,
    SURVEY_BYTES,
    PlainAnswer,
)
from commonground.sealing.hpke import load_public_key, public_bytes, seal_answer
from commonground.sealing.paper import Paper

SECRET_BYTES: Final = 16
REQUEST_BYTES: Final = SURVEY_BYTES + SECRET_BYTES + 2 * SIGNATURE_BYTES
ECDSA_BYTES: Final = 64
_VERSION_BYTES: Final = 4
ROW_OVERHEAD: Final = KEY_BYTES + SIGNATURE_BYTES + _VERSION_BYTES + ECDSA_BYTES
LATEST_VERSION: Final = (1 << 31) - 1
"""The largest version: what both databases hold in a whole number."""


# What is signed


def pass_message(paper_hash: bytes, key: bytes) -> bytes:
    """What the pass key signs: 32 bytes that stand for a signing key (65 bytes) and a paper."""
    return sha256(b"cg1:pass\0" + paper_hash + key).digest()


def receipt_message(paper_hash: bytes, receipt: bytes) -> bytes:
    """What the receipt key signs: 32 bytes that stand for a receipt and a paper."""
    return sha256(b"cg1:receipt\0" + paper_hash + receipt).digest()


def answer_message(paper_hash: bytes, version: int, item: bytes) -> bytes:
    """What a pass's own key signs with every version of its answer."""
    return b"cg1:answer\0" + paper_hash + _u32(version) + item


def acknowledgement_message(paper_hash: bytes, key: bytes, version: int, item: bytes) -> bytes:
    """What the door key signs once a version is stored."""
    return stored_message(paper_hash, key, version, sha256(item).digest())


def stored_message(paper_hash: bytes, key: bytes, version: int, item_hash: bytes) -> bytes:
    """The same, from the hash of the item, as it stands in a proof."""
    return b"cg1:ack\0" + paper_hash + sha256(key).digest() + _u32(version) + item_hash


def sign(message: bytes, private_key: ec.EllipticCurvePrivateKey) -> bytes:
    """ECDSA with SHA-256 as r and s, 64 bytes."""
    r, s = decode_dss_signature(private_key.sign(message, ec.ECDSA(SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def is_signed_by(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the P-256 key (65 bytes) made this signature of 64 bytes. Raises Malformed for no key."""
    key = load_public_key(public_key)
    if len(signature) != ECDSA_BYTES:
        return False
    r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
    try:
        key.verify(encode_dss_signature(r, s), message, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def is_receipt(paper: Paper, receipt: bytes, signature: bytes) -> bool:
    """Whether the survey's receipt key signed this receipt; False in a survey without passes."""
    issuing = paper.block.issuing
    return issuing is not None and is_signed(receipt_message(paper.hash, receipt), signature, issuing[1])


# What is sent


@dataclass(frozen=True)
class PassRequest:
    """What a browser posts to the pass point: who asks, by the secret of the link, and two blinded values."""

    survey: bytes
    secret: bytes
    blinded_pass: bytes
    blinded_receipt: bytes

    def to_bytes(self) -> bytes:
        """544 bytes, as posted."""
        return self.survey + self.secret + self.blinded_pass + self.blinded_receipt

    @property
    def blinded_hash(self) -> bytes:
        """By this the same request is known again: SHA-256 of both blinded values."""
        return sha256(self.blinded_pass + self.blinded_receipt).digest()

    @property
    def link_hash(self) -> bytes:
        """What is stored of a link."""
        return sha256(self.secret).digest()


def read_pass_request(data: bytes) -> PassRequest:
    """The request in 544 bytes. Raises Malformed."""
    if len(data) != REQUEST_BYTES:
        raise Malformed(N_("This is not a request for a pass."))
    return PassRequest(*_cut(data, SURVEY_BYTES, SECRET_BYTES, SIGNATURE_BYTES, SIGNATURE_BYTES))


@dataclass(frozen=True)
class PassRow:
    """An answer by pass as it is sent and stored."""

    key: bytes
    pass_signature: bytes
    version: int
    item: bytes
    signature: bytes

    def to_bytes(self) -> bytes:
        """Key 65, pass signature 256, version 4, item, signature 64."""
        return self.key + self.pass_signature + _u32(self.version) + self.item + self.signature


def read_row(data: bytes, item_size: int) -> PassRow:
    """The row in `data`, whose item has `item_size` bytes. Raises Malformed."""
    if len(data) != ROW_OVERHEAD + item_size:
        raise Malformed(N_("A sealed answer does not have the size that the paper leads to."))
    sizes = (KEY_BYTES, SIGNATURE_BYTES, _VERSION_BYTES, item_size, ECDSA_BYTES)
    key, pass_signature, version, item, signature = _cut(data, *sizes)
    row = PassRow(key, pass_signature, int.from_bytes(version, "big"), item, signature)
    if not 1 <= row.version <= LATEST_VERSION:
        raise Malformed(N_("This version of an answer makes no sense."))
    return row


def check_row(row: PassRow, paper: Paper) -> None:
    """Refuse a row whose pass the survey did not issue, or whose answer the pass's key did not sign.

    Raises Malformed for a key that is none.
    """
    load_public_key(row.key)
    issuing = paper.block.issuing
    if issuing is None or not is_signed(pass_message(paper.hash, row.key), row.pass_signature, issuing[0]):
        raise Refused(N_("This pass was not issued for this survey."))
    if not is_signed_by(row.key, answer_message(paper.hash, row.version, row.item), row.signature):
        raise Refused(N_("This answer is not signed with its pass."))


# Whoever answers: a browser does the same


def above(version: int, bits: int = 16) -> int:
    """A higher version. They begin and grow by chance, so that one alone does not tell of another before."""
    return version + 1 + secrets.randbits(bits)


@dataclass
class Respondent:
    """One person with a personal link, from asking for the pass to a signed, sealed answer.

    Nothing that leaves before `take` says who will answer what, and nothing that leaves after it says who.
    """

    paper: Paper
    secret: bytes
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    receipt: bytes = field(default_factory=lambda: secrets.token_bytes(RECEIPT_BYTES))
    version: int = 0
    pass_signature: bytes = b""
    receipt_signature: bytes = b""

    def __post_init__(self) -> None:
        pass_key, receipt_key = self._issuing
        self._pass = blind(self._messages[0], pass_key)
        self._receipt = blind(self._messages[1], receipt_key)

    @property
    def public_key(self) -> bytes:
        """The pass: 65 bytes."""
        return public_bytes(self.key)

    @property
    def _issuing(self) -> tuple[bytes, bytes]:
        if self.paper.block.issuing is None:
            raise Refused(N_("This survey has no passes."))
        return self.paper.block.issuing

    @property
    def _messages(self) -> tuple[bytes, bytes]:
        paper = self.paper.hash
        return pass_message(paper, self.public_key), receipt_message(paper, self.receipt)

    def request(self) -> PassRequest:
        """What is posted to the pass point, the same each time."""
        return PassRequest(self.paper.survey, self.secret, self._pass[0], self._receipt[0])

    def take(self, signed: bytes) -> None:
        """Take both blind signatures, 512 bytes. Raises Malformed where they are not of the paper's keys."""
        blinded_pass, blinded_receipt = _cut(signed, SIGNATURE_BYTES, SIGNATURE_BYTES)
        (for_pass, for_receipt), (pass_key, receipt_key) = self._messages, self._issuing
        self.pass_signature = finish(for_pass, pass_key, blinded_pass, self._pass[1])
        self.receipt_signature = finish(for_receipt, receipt_key, blinded_receipt, self._receipt[1])

    def answer(self, answers: bytes) -> PassRow:
        """The next version of the answer, sealed and signed; `answers` are as `Layout.encode` gives them."""
        self.version = above(self.version) if self.version else above(0, 28)
        plain = PlainAnswer(PASS, self.receipt, self.receipt_signature, answers)
        size = self.paper.layout.plain_size
        item = seal_answer(plain.to_bytes(size), self.paper.block.keys, self.paper.hash)
        message = answer_message(self.paper.hash, self.version, item)
        return PassRow(self.public_key, self.pass_signature, self.version, item, sign(message, self.key))

    def is_acknowledged(self, row: PassRow, acknowledgement: bytes) -> bool:
        """Whether the door key signed that this version is stored."""
        message = acknowledgement_message(self.paper.hash, row.key, row.version, row.item)
        return is_signed_by(self.paper.block.door_key, message, acknowledgement)


def _cut(data: bytes, *sizes: int) -> list[bytes]:
    parts, at = [], 0
    for size in sizes:
        parts.append(data[at : at + size])
        at += size
    if at != len(data):
        raise Malformed(N_("What came does not have the right length."))
    return parts


def _u32(number: int) -> bytes:
    return number.to_bytes(4, "big")
