"""One seal, and all seals of an answer: HPKE (RFC 9180), base mode, one shot, no additional data.

DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. A sealed item is the encapsulated key (65 bytes), the
ciphertext and the tag (16). `info` binds each seal to its purpose, its survey, its layer and its recipient.
"""

from enum import IntEnum
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from commonground.sealing.errors import N_, CannotOpen, Malformed
from commonground.sealing.formats import KEY_BYTES

LAYER_BYTES: Final = KEY_BYTES + 16
COUNTING_LAYER: Final = 0

_UNCOMPRESSED: Final = b"\x04"
_SUITE: Final = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class Purpose(IntEnum):
    """What a seal is for, so that a seal made for one thing never opens as another."""

    TRIAL = 1
    SHARE = 2
    TALLY = 3
    COMMENT = 4
    WORDS = 5


def seal_info(purpose: Purpose, context: bytes, layer: int, public_key: bytes) -> bytes:
    """HPKE's `info`. `context` is the hash of the seals block for a trial or a share, else that of the paper."""
    return b"cg1:hpke\0" + bytes([purpose]) + context + bytes([layer]) + public_key


def seal(plain: bytes, purpose: Purpose, context: bytes, layer: int, public_key: bytes) -> bytes:
    """`plain` sealed to a public key of 65 bytes: LAYER_BYTES longer than before."""
    return _SUITE.encrypt(plain, load_public_key(public_key), seal_info(purpose, context, layer, public_key))


def open_seal(
    item: bytes, purpose: Purpose, context: bytes, layer: int, private_key: ec.EllipticCurvePrivateKey
) -> bytes:
    """What `item` holds. Raises CannotOpen for another key, purpose, survey or layer."""
    return open_with(item, private_key, seal_info(purpose, context, layer, public_bytes(private_key)))


def open_with(item: bytes, private_key: ec.EllipticCurvePrivateKey, info: bytes) -> bytes:
    """What `item` holds, with `info` made once for many items. Raises CannotOpen.

    The library also takes an encapsulated key in the hybrid encoding (6 or 7 for 4), which browsers refuse.
    """
    try:
        if item[:1] != _UNCOMPRESSED:
            raise InvalidTag
        return _SUITE.decrypt(item, private_key, info)
    except InvalidTag as error:
        raise CannotOpen(N_("This seal does not open with this key.")) from error


def seal_answer(plain: bytes, keys: tuple[bytes, ...], paper_hash: bytes) -> bytes:
    """A plain answer through all layers.

    `keys` are `SealsBlock.keys`: the counting key, then the parties' in peel order. The counting key seals
    first and the first party last, outermost.
    """
    for public_key, info in _sealing_order(keys, paper_hash):
        plain = _SUITE.encrypt(plain, public_key, info)
    return plain


@lru_cache(maxsize=64)
def _sealing_order(
    keys: tuple[bytes, ...], paper_hash: bytes
) -> tuple[tuple[ec.EllipticCurvePublicKey, bytes], ...]:
    layers = [COUNTING_LAYER, *range(len(keys) - 1, COUNTING_LAYER, -1)]
    infos = [seal_info(Purpose.TALLY, paper_hash, layer, keys[layer]) for layer in layers]
    return tuple((load_public_key(keys[layer]), info) for layer, info in zip(layers, infos, strict=True))


@lru_cache(maxsize=256)
def load_public_key(public_key: bytes) -> ec.EllipticCurvePublicKey:
    """The P-256 point written in 65 bytes, uncompressed; Malformed for any other bytes."""
    if len(public_key) != KEY_BYTES or public_key[:1] != _UNCOMPRESSED:
        raise Malformed(N_("This is not a public key."))
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key)
    except ValueError as error:
        raise Malformed(N_("This is not a public key.")) from error


def public_bytes(private_key: ec.EllipticCurvePrivateKey) -> bytes:
    """The 65 bytes of the public half."""
    return private_key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
