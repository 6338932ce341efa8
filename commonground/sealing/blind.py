"""Blind signatures: who signs never sees what, so that a pass cannot be tied to the person who took it.

RSABSSA-SHA384-PSS-Deterministic of RFC 9474 (sections 4.2 to 4.4 and 5) with keys of 2048 bits and e = 65537. The
padding is EMSA-PSS of RFC 8017, section 9.1.1, with MGF1, SHA-384 and 48 bytes of salt.
"""

import secrets
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha384
from typing import Final

import gmpy2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from commonground.sealing.errors import N_, CannotOpen, Malformed
from commonground.sealing.formats import SIGNATURE_BYTES

EXPONENT: Final = 65537
BITS: Final = 8 * SIGNATURE_BYTES
SALT_BYTES: Final = 48
_HASH_BYTES: Final = 48
_PSS: Final = padding.PSS(padding.MGF1(SHA384()), SALT_BYTES)


@dataclass(frozen=True)
class IssuingKey:
    """The key that signs blinded passes, or receipts, of one survey; it lies in the key folder and nowhere else."""

    private: rsa.RSAPrivateKey

    @classmethod
    def new(cls) -> "IssuingKey":
        """A fresh key of 2048 bits."""
        return cls(rsa.generate_private_key(EXPONENT, BITS))

    @property
    def modulus(self) -> bytes:
        """n, as it stands in the block of public keys: 256 bytes."""
        return self.private.public_key().public_numbers().n.to_bytes(SIGNATURE_BYTES, "big")

    def to_bytes(self) -> bytes:
        """PKCS#8, DER."""
        return self.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())

    def sign(self, blinded: bytes) -> bytes:
        """The blind signature of 256 bytes. Raises Malformed for a value that is no number below n."""
        return sign_blinded(blinded, self.private.private_numbers())


def read_issuing_key(data: bytes) -> IssuingKey:
    """The key in PKCS#8 bytes that this program wrote. Raises Malformed."""
    try:
        key = load_der_private_key(data, None, unsafe_skip_rsa_key_validation=True)
    except ValueError as error:
        raise Malformed(N_("A locked key holds no key.")) from error
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size != BITS:
        raise Malformed(N_("A locked key holds no key."))
    return IssuingKey(key)


def sign_blinded(blinded: bytes, key: rsa.RSAPrivateNumbers) -> bytes:
    """BlindSign of RFC 9474, section 4.3.

    The value is blinded once more before the private power, so that its time tells nothing of the key, and the
    result is checked, so that a fault in one half of the Chinese remainder gives no factor of n away.
    """
    n, value = gmpy2.mpz(key.public_numbers.n), int.from_bytes(blinded, "big")
    size = _size(key.public_numbers.n)
    if len(blinded) != size or not 0 < value < n:
        raise Malformed(N_("This is not a blinded pass."))
    mask = gmpy2.mpz(secrets.randbelow(int(n) - 2) + 1)
    masked = value * gmpy2.powmod(mask, key.public_numbers.e, n) % n
    signature = _private_power(masked, key) * gmpy2.invert(mask, n) % n
    if gmpy2.powmod(signature, key.public_numbers.e, n) != value:
        raise CannotOpen(N_("The issuing key does not sign."))
    return int(signature).to_bytes(size, "big")


def _private_power(value: gmpy2.mpz, key: rsa.RSAPrivateNumbers) -> gmpy2.mpz:
    """value^d mod n by the Chinese remainder theorem (RFC 8017, section 5.2.1), in constant time."""
    of_p = gmpy2.powmod_sec(value % key.p, key.dmp1, key.p)
    of_q = gmpy2.powmod_sec(value % key.q, key.dmq1, key.q)
    return of_q + key.q * ((of_p - of_q) * key.iqmp % key.p)


def is_signed(message: bytes, signature: bytes, modulus: bytes) -> bool:
    """Whether the key with this modulus signed the message."""
    try:
        _public_key(modulus).verify(signature, message, _PSS, SHA384())
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=64)
def _public_key(modulus: bytes) -> rsa.RSAPublicKey:
    return rsa.RSAPublicNumbers(EXPONENT, int.from_bytes(modulus, "big")).public_key()


# The half of whoever asks: a browser does the same


def blind(message: bytes, modulus: bytes) -> tuple[bytes, int]:
    """The blinded message of 256 bytes, and the factor with which `finish` takes the blinding off."""
    n = int.from_bytes(modulus, "big")
    while True:
        factor = secrets.randbelow(n - 2) + 1
        if gmpy2.gcd(factor, n) == 1:
            return blind_with(message, n, secrets.token_bytes(SALT_BYTES), factor), factor


def blind_with(message: bytes, n: int, salt: bytes, factor: int) -> bytes:
    """Blind of RFC 9474, section 4.2, with the random values given."""
    encoded = int.from_bytes(encode_pss(message, n.bit_length() - 1, salt), "big")
    return int(encoded * gmpy2.powmod(factor, EXPONENT, n) % n).to_bytes(_size(n), "big")


def finish(message: bytes, modulus: bytes, blind_signature: bytes, factor: int) -> bytes:
    """Finalize of RFC 9474, section 4.4. Raises Malformed where the signature is not of this key and message."""
    n = int.from_bytes(modulus, "big")
    signature = int(int.from_bytes(blind_signature, "big") * gmpy2.invert(factor, n) % n).to_bytes(_size(n), "big")
    if not is_signed(message, signature, modulus):
        raise Malformed(N_("This is no signature of the survey's key."))
    return signature


def encode_pss(message: bytes, bits: int, salt: bytes) -> bytes:
    """EMSA-PSS-ENCODE of RFC 8017, section 9.1.1."""
    size = -(-bits // 8)
    digest = sha384(bytes(8) + sha384(message).digest() + salt).digest()
    block = (b"\x01" + salt).rjust(size - _HASH_BYTES - 1, b"\0")
    masked = bytearray(a ^ b for a, b in zip(block, _mgf1(digest, len(block)), strict=True))
    masked[0] &= 0xFF >> (8 * size - bits)
    return bytes(masked) + digest + b"\xbc"


def _mgf1(seed: bytes, size: int) -> bytes:
    blocks = range(-(-size // _HASH_BYTES))
    return b"".join(sha384(seed + number.to_bytes(4, "big")).digest() for number in blocks)[:size]


def _size(n: int) -> int:
    return -(-n.bit_length() // 8)
