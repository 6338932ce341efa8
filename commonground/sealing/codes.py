"""Printed codes: 80 random bits on a card, for whoever answers without a device, an e-mail or a script.

A card shows 16 characters of Crockford's base 32 and one check character: the number modulo 37, which catches
every single wrong character and every swap of two neighbours.
"""

import secrets
from hashlib import sha256

from commonground.sealing.crockford import ALPHABET, CHECK_ALPHABET, in_groups, read_number, tidy, write_bits
from commonground.sealing.errors import N_, Malformed

CODE_BYTES = 10
CHARACTERS = 16


def draw_codes(count: int) -> list[bytes]:
    """`count` different codes from the system's random source, in no order.

    Codes whose check character would be one of Crockford's five signs (* ~ $ = U) are drawn again, so that a
    card holds letters and digits only; this costs a fifth of a bit of 80.
    """
    drawn: set[bytes] = set()
    while len(drawn) < count:
        code = secrets.token_bytes(CODE_BYTES)
        if _check_character(code) in ALPHABET:
            drawn.add(code)
    batch = list(drawn)
    secrets.SystemRandom().shuffle(batch)
    return batch


def write_code(code: bytes) -> str:
    """The code as printed: four groups of four characters and the check character, joined by dashes."""
    if len(code) != CODE_BYTES:
        raise Malformed(N_("A code is 10 bytes; this has %(found)s."), found=len(code))
    return in_groups(write_bits(code, CHARACTERS) + _check_character(code)).replace(" ", "-")


def read_code(text: str) -> bytes:
    """The 10 bytes of a typed code, in any case, with spaces, dashes, O for 0, I or L for 1.

    Raises Malformed when the length, a character or the check character is wrong.
    """
    characters = tidy(text)
    if len(characters) != CHARACTERS + 1:
        raise Malformed(
            N_("A code has %(expected)s letters and digits; this has %(found)s."),
            expected=CHARACTERS + 1,
            found=len(characters),
        )
    code = read_number(characters[:CHARACTERS]).to_bytes(CODE_BYTES, "big")
    if characters[CHARACTERS] != _check_character(code):
        raise Malformed(N_("One of the characters is mistyped. Compare the code with the card again."))
    return code


def code_hash(survey: bytes, code: bytes) -> bytes:
    """What the server keeps of a code: 32 bytes that do not lead back to it. `survey` is 16 bytes."""
    return sha256(b"cg1:code\0" + survey + code).digest()


def code_receipt(survey: bytes, code: bytes) -> bytes:
    """The 16-byte receipt sealed inside an answer given by this code."""
    return sha256(b"cg1:code-receipt\0" + survey + code).digest()[:16]


def receipt_hash(receipt: bytes) -> bytes:
    """What the ledger lists, sorted, when codes are printed."""
    return sha256(receipt).digest()


def _check_character(code: bytes) -> str:
    return CHECK_ALPHABET[int.from_bytes(code, "big") % 37]
