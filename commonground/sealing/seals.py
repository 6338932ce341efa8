"""Keys of a survey: a party's key and its opening phrase, the counting key and its shares, the seals block.

Nothing of a counting key's private half outlives the call that made or joined it, unless the caller keeps it.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from commonground.sealing.errors import N_, CannotOpen, Malformed
from commonground.sealing.formats import (
    KEY_BYTES,
    SURVEY_BYTES,
    canonical_json,
    read_hex,
    read_json_object,
)
from commonground.sealing.hpke import Purpose, load_public_key, open_seal, public_bytes, seal

PrivateKey = ec.EllipticCurvePrivateKey

PHRASE_BYTES: Final = 16
WORDS: Final = 12
SHARE_BYTES: Final = 32
MODULUS_BYTES: Final = 256

_CONSONANTS: Final = "bdfghklmnprstvwy"
_VOWELS: Final = "aeio"
_ENDINGS: Final = "iu"
_NONCE_BYTES: Final = 12


def new_private_key() -> PrivateKey:
    """A fresh P-256 key."""
    return ec.generate_private_key(ec.SECP256R1())


# Opening phrase


def new_phrase() -> bytes:
    """A fresh opening phrase: 128 random bits."""
    return secrets.token_bytes(PHRASE_BYTES)


def write_words(phrase: bytes) -> str:
    """The phrase as twelve words of four letters, eleven bits each; the last four bits are a check."""
    bits = int.from_bytes(phrase, "big") << 4 | sha256(phrase).digest()[0] >> 4
    return " ".join(_word(bits >> shift & 0x7FF) for shift in range(121, -1, -11))


def read_words(text: str) -> bytes:
    """The phrase behind twelve words in any case and spacing.

    Raises Malformed with the number of the first word that cannot be one, or when the check does not fit.
    """
    letters = re.sub(r"[\s\-]+", "", text).lower()
    if len(letters) != 4 * WORDS:
        raise Malformed(N_("An opening sheet has twelve words of four letters; these are not twelve."))
    bits = 0
    for number in range(WORDS):
        bits = bits << 11 | _word_bits(letters[4 * number : 4 * number + 4], number + 1)
    phrase = (bits >> 4).to_bytes(PHRASE_BYTES, "big")
    if bits & 15 != sha256(phrase).digest()[0] >> 4:
        raise Malformed(N_("One of the words is not the one on the sheet. Compare them again."))
    return phrase


def _word(bits: int) -> str:
    return _CONSONANTS[bits >> 7] + _VOWELS[bits >> 5 & 3] + _CONSONANTS[bits >> 1 & 15] + _ENDINGS[bits & 1]


def _word_bits(word: str, number: int) -> int:
    places = (_CONSONANTS, _VOWELS, _CONSONANTS, _ENDINGS)
    found = [place.find(letter) for place, letter in zip(places, word, strict=True)]
    if -1 in found:
        raise Malformed(N_("Word %(number)s, “%(word)s”, cannot be on the sheet."), number=number, word=word)
    return found[0] << 7 | found[1] << 5 | found[2] << 1 | found[3]


# A party's private half, wrapped by the phrase


def wrap(private_key: PrivateKey, phrase: bytes, survey: bytes) -> bytes:
    """The private half locked with the phrase: nonce, then AES-256-GCM of its PKCS#8 bytes."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    cipher = AESGCM(wrap_key(phrase, survey, public_bytes(private_key)))
    return nonce + cipher.encrypt(nonce, _to_pkcs8(private_key), None)


def unwrap(wrapped: bytes, phrase: bytes, survey: bytes, public_key: bytes) -> PrivateKey:
    """The private half of `public_key`. Raises CannotOpen for another phrase, survey or key."""
    try:
        plain = _decrypt(wrap_key(phrase, survey, public_key), wrapped, None)
    except InvalidTag as error:
        raise CannotOpen(N_("These words do not open the key that is in the paper.")) from error
    return _from_pkcs8(plain, public_key)


def wrap_key(phrase: bytes, survey: bytes, public_key: bytes) -> bytes:
    """The 32 bytes that lock a party's private half; a phrase has 128 bits, so no slow hash is needed."""
    return _hkdf(phrase, salt=survey, info=b"cg1:wrap\0" + public_key)


# The seals block


@dataclass(frozen=True)
class SealsBlock:
    """All public keys of a survey; parties stand in peel order, the first one's seal is the outermost.

    `issuing` holds the moduli of the two keys that sign passes and receipts, None in a survey without passes.
    """

    survey: bytes
    counting_key: bytes
    door_key: bytes
    party_ids: tuple[str, ...]
    parties: tuple[bytes, ...]
    issuing: tuple[bytes, bytes] | None = None

    def to_json(self) -> dict[str, Any]:
        """The block as it stands in the paper."""
        names = ("pass", "receipt")
        return {
            "survey": self.survey.hex(),
            "counting_key": self.counting_key.hex(),
            "door_key": self.door_key.hex(),
            "party_ids": list(self.party_ids),
            "parties": [key.hex() for key in self.parties],
            "issuing": {name: n.hex() for name, n in zip(names, self.issuing or (), strict=False)},
        }

    def to_bytes(self) -> bytes:
        """The canonical bytes, which are hashed and traded."""
        return canonical_json(self.to_json())

    @property
    def hash(self) -> bytes:
        """S of the formats: what trial and share seals are bound to."""
        return sha256(self.to_bytes()).digest()

    def layer_of(self, party_id: str) -> int:
        """The layer that this party's seal is, from 1; Malformed if it has none."""
        if party_id not in self.party_ids:
            raise Malformed(N_("This party has no seal in this survey."))
        return self.party_ids.index(party_id) + 1

    @property
    def keys(self) -> tuple[bytes, ...]:
        """The public key of each layer: the counting key at 0, then the parties' in peel order."""
        return (self.counting_key, *self.parties)

    def key_of_layer(self, layer: int) -> bytes:
        """The public key of a layer; Malformed if the survey has none such."""
        if not 0 <= layer <= len(self.parties):
            raise Malformed(N_("This survey has no layer %(layer)s."), layer=layer)
        return self.keys[layer]


def read_block(value: Mapping[str, Any]) -> SealsBlock:
    """The block in a paper's JSON. Raises Malformed for a missing, unknown, repeated or invalid part."""
    parties, ids, issuing = value.get("parties"), value.get("party_ids"), value.get("issuing")
    if not isinstance(parties, list) or not isinstance(ids, list) or not isinstance(issuing, dict):
        raise Malformed(N_("The block of public keys is incomplete."))
    block = SealsBlock(
        survey=read_hex(value, "survey", SURVEY_BYTES),
        counting_key=read_hex(value, "counting_key", KEY_BYTES),
        door_key=read_hex(value, "door_key", KEY_BYTES),
        party_ids=tuple(str(party_id) for party_id in ids),
        parties=tuple(read_hex({"parties": key}, "parties", KEY_BYTES) for key in parties),
        issuing=_read_moduli(issuing) if issuing else None,
    )
    if block.to_json() != value:
        raise Malformed(N_("The block of public keys holds something unknown."))
    _check_keys(block)
    return block


def read_block_text(data: bytes) -> SealsBlock:
    """The block in its own canonical bytes; Malformed if written in any other way."""
    block = read_block(read_json_object(data))
    if block.to_bytes() != data:
        raise Malformed(N_("The block of public keys is not written as it should be."))
    return block


def _read_moduli(issuing: Mapping[str, Any]) -> tuple[bytes, bytes]:
    moduli = read_hex(issuing, "pass", MODULUS_BYTES), read_hex(issuing, "receipt", MODULUS_BYTES)
    if moduli[0] == moduli[1] or not all(n[0] & 0x80 and n[-1] & 1 for n in moduli):
        raise Malformed(N_("An issuing key in the block of public keys is none of 2048 bits."))
    return moduli


def _check_keys(block: SealsBlock) -> None:
    keys = [block.counting_key, block.door_key, *block.parties]
    for key in keys:
        load_public_key(key)
    if not block.parties or len(block.parties) != len(block.party_ids) or len(block.parties) > 254:
        raise Malformed(N_("The block of public keys names other parties than it holds keys for."))
    if len(set(keys)) != len(keys) or len(set(block.party_ids)) != len(block.party_ids):
        raise Malformed(N_("A key or a party stands twice in the block of public keys."))


# The counting key and its shares


@dataclass(frozen=True)
class CountingKey:
    """The counting key's private half, locked, and one sealed share for each party in peel order."""

    encrypted: bytes
    sealed_shares: tuple[bytes, ...]


def make_counting_key(
    survey: bytes,
    parties: Sequence[tuple[str, bytes]],
    door_key: bytes,
    issuing: tuple[bytes, bytes] | None = None,
) -> tuple[SealsBlock, CountingKey]:
    """Make the innermost key of a survey, lock it with one share a party and forget it.

    `parties` are (id, public key) in peel order. Returns the block that stands in the paper and what the
    server keeps. Whoever lacks one of the shares learns nothing of the private half.
    """
    private_key = new_private_key()
    ids, keys = tuple(party for party, _ in parties), tuple(key for _, key in parties)
    block = SealsBlock(survey, public_bytes(private_key), door_key, ids, keys, issuing)
    _check_keys(block)
    shares = [secrets.token_bytes(SHARE_BYTES) for _ in parties]
    nonce = secrets.token_bytes(_NONCE_BYTES)
    locked = AESGCM(counting_lock(shares, block)).encrypt(nonce, _to_pkcs8(private_key), block.counting_key)
    sealed = tuple(seal_share(share, block, layer) for layer, share in enumerate(shares, start=1))
    return block, CountingKey(nonce + locked, sealed)


def counting_lock(shares: Sequence[bytes], block: SealsBlock) -> bytes:
    """The 32 bytes that lock the counting key: HKDF over all shares in peel order."""
    return _hkdf(b"".join(shares), salt=block.hash, info=b"cg1:count\0")


def seal_share(share: bytes, block: SealsBlock, layer: int) -> bytes:
    """A share sealed to the party of `layer` alone."""
    return seal(share, Purpose.SHARE, block.hash, layer, block.key_of_layer(layer))


def open_share(sealed: bytes, block: SealsBlock, layer: int, private_key: PrivateKey) -> bytes:
    """The share of the party of `layer`. Raises CannotOpen."""
    share = open_seal(sealed, Purpose.SHARE, block.hash, layer, private_key)
    if len(share) != SHARE_BYTES:
        raise Malformed(N_("A share of the counting key has the wrong length."))
    return share


def combine_shares(shares: Sequence[bytes], block: SealsBlock, encrypted: bytes) -> PrivateKey:
    """The counting key, in memory only, from the shares of all parties in peel order. Raises CannotOpen."""
    try:
        plain = _decrypt(counting_lock(shares, block), encrypted, block.counting_key)
    except InvalidTag as error:
        raise CannotOpen(N_("These shares do not open the counting key.")) from error
    return _from_pkcs8(plain, block.counting_key)


def _decrypt(key: bytes, sealed: bytes, aad: bytes | None) -> bytes:
    if len(sealed) < _NONCE_BYTES + 16:
        raise Malformed(N_("A locked key is cut short."))
    return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], aad)


def _hkdf(secret: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, info).derive(secret)


def _to_pkcs8(private_key: PrivateKey) -> bytes:
    return private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def _from_pkcs8(data: bytes, public_key: bytes) -> PrivateKey:
    try:
        key = load_der_private_key(data, None)
    except ValueError as error:
        raise Malformed(N_("A locked key holds no key.")) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or public_bytes(key) != public_key:
        raise CannotOpen(N_("A locked key holds another key than the paper."))
    return key
