"""Crockford's base 32: how bytes are written for people, without the letters that look alike."""

import unicodedata

from commonground.sealing.errors import N_, Malformed

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECK_ALPHABET = ALPHABET + "*~$=U"
_LOOK_ALIKE = str.maketrans("OIL", "011")


def write_bits(data: bytes, characters: int) -> str:
    """The first 5 x `characters` bits of `data`, most significant first."""
    bits = int.from_bytes(data, "big") >> (8 * len(data) - 5 * characters)
    return "".join(ALPHABET[bits >> shift & 31] for shift in range(5 * characters - 5, -1, -5))


def read_number(text: str) -> int:
    """The number that tidy characters stand for; Malformed names the first that is not in use."""
    number = 0
    for position, character in enumerate(text, start=1):
        if character not in ALPHABET:
            raise Malformed(
                N_("Character %(position)s, “%(character)s”, is not used here."),
                position=position,
                character=character,
            )
        number = number * 32 + ALPHABET.index(character)
    return number


def tidy(text: str) -> str:
    """Capitals without spaces and dashes of any kind; O is read as 0, I and L as 1."""
    kept = (c for c in text if not c.isspace() and unicodedata.category(c) not in ("Pd", "Cf"))
    return "".join(kept).upper().translate(_LOOK_ALIKE)


def in_groups(text: str, size: int = 4) -> str:
    """Characters in groups, for reading aloud: `ABCD EFGH IJ`."""
    return " ".join(text[start : start + size] for start in range(0, len(text), size))
