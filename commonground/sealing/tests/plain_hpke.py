"""HPKE written a second time, from RFC 9180 sections 4, 5.1 and 7.1, out of HMAC, ECDH and AES-GCM alone.

It takes the ephemeral key from outside, so that known answers can be made and compared; `first` replaces the
first byte of the encapsulated key, to try another encoding of the point.
"""

import hmac
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

KEM_SUITE = b"KEM" + (0x0010).to_bytes(2, "big")


def hpke_suite(aead: int) -> bytes:
    return b"HPKE" + b"".join(number.to_bytes(2, "big") for number in (0x0010, 0x0001, aead))


AES_128, AES_256 = (0x0001, 16), (0x0002, 32)


def labeled_extract(suite: bytes, salt: bytes, label: bytes, key: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + key, sha256)


def labeled_expand(suite: bytes, secret: bytes, label: bytes, info: bytes, length: int) -> bytes:
    assert length <= 32
    labeled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(secret, labeled + b"\x01", sha256)[:length]


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def shared_secret(own: ec.EllipticCurvePrivateKey, other: ec.EllipticCurvePublicKey, context: bytes) -> bytes:
    extracted = labeled_extract(KEM_SUITE, b"", b"eae_prk", own.exchange(ec.ECDH(), other))
    return labeled_expand(KEM_SUITE, extracted, b"shared_secret", context, 32)


def key_and_nonce(secret: bytes, info: bytes, aead: tuple[int, int]) -> tuple[bytes, bytes]:
    suite = hpke_suite(aead[0])
    psk_id_hash = labeled_extract(suite, b"", b"psk_id_hash", b"")
    info_hash = labeled_extract(suite, b"", b"info_hash", info)
    context = b"\x00" + psk_id_hash + info_hash
    scheduled = labeled_extract(suite, secret, b"secret", b"")
    key = labeled_expand(suite, scheduled, b"key", context, aead[1])
    return key, labeled_expand(suite, scheduled, b"base_nonce", context, 12)


def seal(
    plain: bytes,
    recipient: ec.EllipticCurvePublicKey,
    info: bytes,
    ephemeral: ec.EllipticCurvePrivateKey,
    aead: tuple[int, int] = AES_256,
    aad: bytes = b"",
    first: bytes = b"\x04",
) -> bytes:
    encapsulated = first + point(ephemeral.public_key())[1:]
    secret = shared_secret(ephemeral, recipient, encapsulated + point(recipient))
    key, nonce = key_and_nonce(secret, info, aead)
    return encapsulated + AESGCM(key).encrypt(nonce, plain, aad)


def open_seal(item: bytes, private_key: ec.EllipticCurvePrivateKey, info: bytes) -> bytes:
    encapsulated = item[:65]
    other = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), encapsulated)
    context = encapsulated + point(private_key.public_key())
    key, nonce = key_and_nonce(shared_secret(private_key, other, context), info, AES_256)
    return AESGCM(key).decrypt(nonce, item[65:], b"")
