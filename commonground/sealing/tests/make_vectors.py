"""Known answers for every program that keeps the formats.

Made anew by `python -m commonground.sealing.tests.make_vectors`. Everything follows from one seed; seals are
made by `plain_hpke`, so that two implementations must agree.
"""

import json
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from commonground.sealing.codes import code_hash, code_receipt, receipt_hash, write_code
from commonground.sealing.formats import (
    CODE,
    NO_SIGNATURE,
    PlainAnswer,
    TradingFile,
    canonical_json,
    fingerprint,
    in_list_line,
    key_fingerprint,
)
from commonground.sealing.hpke import Purpose, public_bytes, seal_info
from commonground.sealing.lists import sorted_list
from commonground.sealing.paper import Paper, read_paper
from commonground.sealing.peel import peel
from commonground.sealing.seals import SealsBlock, counting_lock, wrap_key, write_words
from commonground.sealing.tests.plain_hpke import point, seal

PATH = Path(__file__).parent / "vectors.json"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

PARTIES = [("a1" * 16, "Alder Valley Educators"), ("b2" * 16, "CSEA Chapter 12"), ("c3" * 16, "District")]
ANSWERS: list[dict[str, Any]] = [
    {"q1": 4, "q2": 10, "q3": 0, "q4": (0, 9), "q5": "Más pausas, por favor"},
    {"q1": 0, "q2": None, "q3": 1, "q4": (), "q5": None},
    {"q1": None, "q2": 0, "q3": None, "q4": None, "q5": "1234567890" * 4},
    {"q1": 2, "q2": 5, "q3": 2, "q4": (1, 2, 3), "q5": "ok"},
    {"q1": 3, "q2": 7, "q3": 0, "q4": (8,), "q5": None},
]


def drawn(label: str, size: int) -> bytes:
    """`size` bytes (at most 32) that follow from the seed and the label."""
    return sha256(b"common ground vectors 1\0" + label.encode()).digest()[:size]


def private_key(label: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(drawn(label, 32), "big") % (ORDER - 1) + 1, ec.SECP256R1())


def pkcs8(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


SURVEY = drawn("survey", 16)
COUNTING = private_key("counting")
PARTY_KEYS = [private_key(f"party {layer}") for layer in (1, 2, 3)]
PHRASES = [drawn(f"phrase {layer}", 16) for layer in (1, 2, 3)]
SHARES = [drawn(f"share {layer}", 32) for layer in (1, 2, 3)]
CODES = [drawn(f"code {number}", 10) for number in range(len(ANSWERS))]
BLOCK = SealsBlock(
    survey=SURVEY,
    counting_key=public_bytes(COUNTING),
    door_key=public_bytes(private_key("door")),
    party_ids=tuple(party for party, _ in PARTIES),
    parties=tuple(public_bytes(key) for key in PARTY_KEYS),
)
QUESTIONS: list[dict[str, Any]] = [
    {"id": "q1", "kind": "agreement", "options": []},
    {"id": "q2", "kind": "scale10", "options": []},
    {"id": "q3", "kind": "one", "options": [{"text": {"en": t}} for t in ("Mill Creek", "Cedar", "Other")]},
    {"id": "q4", "kind": "several", "options": [{"text": {"en": f"Option {n}"}} for n in range(10)]},
    {"id": "q5", "kind": "text", "options": [], "limit": 40},
]
PAPER_BYTES = canonical_json(
    {
        "format": "cg1-paper",
        "survey": SURVEY.hex(),
        "title": {"en": "How is work?", "es": "¿Cómo va el trabajo?"},
        "questions": [{"text": {"en": q["id"]}, **q} for q in QUESTIONS],
        "seals": BLOCK.to_json(),
    }
)


def sealed_with(label: str, plain: bytes, purpose: Purpose, context: bytes, layer: int) -> bytes:
    """`plain` sealed for `layer`, with the ephemeral key that follows from the label."""
    info = seal_info(purpose, context, layer, BLOCK.keys[layer])
    recipient = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), BLOCK.keys[layer])
    return seal(plain, recipient, info, private_key(f"ephemeral {label} {layer}"))


def plain_answer(paper: Paper, number: int) -> bytes:
    receipt = code_receipt(SURVEY, CODES[number])
    answers = paper.layout.encode(ANSWERS[number])
    return PlainAnswer(CODE, receipt, NO_SIGNATURE, answers).to_bytes(paper.layout.plain_size)


def sealed_through(paper: Paper, label: str, plain: bytes, layers: tuple[int, ...] = (0, 3, 2, 1)) -> bytes:
    for layer in layers:
        plain = sealed_with(label, plain, Purpose.TALLY, paper.hash, layer)
    return plain


def odd_items(paper: Paper) -> list[bytes]:
    """Items to set aside: noise, a copy of answer 0 under a new seal, and a key in the hybrid encoding."""
    noise = private_key("noise")
    rest = b"".join(drawn(f"noise {n}", 32) for n in range(40))
    stranger = (point(noise.public_key()) + rest)[: paper.item_size(1)]
    inside = sealed_through(paper, "answer 0", plain_answer(paper, 0), (0, 3, 2))
    hybrid_key = private_key("ephemeral hybrid")
    first = bytes([6 + public_bytes(hybrid_key)[-1] % 2])
    info = seal_info(Purpose.TALLY, paper.hash, 1, BLOCK.keys[1])
    hybrid = seal(bytes(paper.item_size(2)), PARTY_KEYS[0].public_key(), info, hybrid_key, first=first)
    return [stranger, sealed_with("copy", inside, Purpose.TALLY, paper.hash, 1), hybrid]


def task(layer: int, name: str, /, **values: object) -> dict[str, Any]:
    party, party_name = PARTIES[layer - 1]
    shown = {"survey_title": "How is work?", "party_name": party_name}
    return {"task": name, "survey": SURVEY.hex(), "party": party, **shown, **values}


def wrapped(layer: int) -> bytes:
    nonce, key = drawn(f"wrap nonce {layer}", 12), PARTY_KEYS[layer - 1]
    lock = AESGCM(wrap_key(PHRASES[layer - 1], SURVEY, public_bytes(key)))
    return nonce + lock.encrypt(nonce, pkcs8(key), None)


def sealed_share(layer: int) -> bytes:
    return sealed_with("share", SHARES[layer - 1], Purpose.SHARE, BLOCK.hash, layer)


def keys_vector(layer: int) -> dict[str, Any]:
    key = PARTY_KEYS[layer - 1]
    return {
        "layer": layer,
        "party": PARTIES[layer - 1][0],
        "phrase": PHRASES[layer - 1].hex(),
        "words": write_words(PHRASES[layer - 1]),
        "private_key_pkcs8": pkcs8(key).hex(),
        "public_key": public_bytes(key).hex(),
        "public_key_26": key_fingerprint(public_bytes(key)),
        "wrap_info": (b"cg1:wrap\0" + public_bytes(key)).hex(),
        "wrap_key": wrap_key(PHRASES[layer - 1], SURVEY, public_bytes(key)).hex(),
        "wrapped": wrapped(layer).hex(),
        "share_info": seal_info(Purpose.SHARE, BLOCK.hash, layer, BLOCK.keys[layer]).hex(),
        "sealed_share": sealed_share(layer).hex(),
        "share": SHARES[layer - 1].hex(),
        "trial_info": seal_info(Purpose.TRIAL, BLOCK.hash, layer, BLOCK.keys[layer]).hex(),
        "trial_sealed": sealed_with("trial", b"trial", Purpose.TRIAL, BLOCK.hash, layer).hex(),
        "trial_plain": b"trial".hex(),
    }


def peel_vectors(paper: Paper) -> list[dict[str, Any]]:
    items = [sealed_through(paper, f"answer {n}", plain_answer(paper, n)) for n in range(len(ANSWERS))]
    listing = sorted_list(paper, 1, items + odd_items(paper))
    vectors = []
    for layer, key in enumerate(PARTY_KEYS, start=1):
        peeled = peel(listing, key, paper, layer)
        asked = task(
            layer,
            "peel",
            paper_text=PAPER_BYTES.decode(),
            layer=layer,
            wrapped=wrapped(layer).hex(),
            list_hash=listing.hash.hex(),
        )
        vectors.append(
            {
                "layer": layer,
                "info": seal_info(Purpose.TALLY, paper.hash, layer, BLOCK.keys[layer]).hex(),
                "task_file": TradingFile(asked, listing.to_bytes()).to_bytes().hex(),
                "input": listing.to_bytes().hex(),
                "output": peeled.output.to_bytes().hex(),
                "output_hash": peeled.output.hash.hex(),
                "unopened": len(peeled.unopened.items),
                "unopened_list": peeled.unopened.to_bytes().hex() if peeled.unopened.items else "",
            }
        )
        listing = peeled.output
    return vectors


def answer_vector(paper: Paper, number: int) -> dict[str, Any]:
    return {
        "answers": ANSWERS[number],
        "encoded": paper.layout.encode(ANSWERS[number]).hex(),
        "plain": plain_answer(paper, number).hex(),
        "code": CODES[number].hex(),
        "code_printed": write_code(CODES[number]),
        "code_hash": code_hash(SURVEY, CODES[number]).hex(),
        "receipt": code_receipt(SURVEY, CODES[number]).hex(),
        "receipt_hash": receipt_hash(code_receipt(SURVEY, CODES[number])).hex(),
    }


def sealing_vector(paper: Paper) -> dict[str, Any]:
    """Answer 0 through every layer, with the ephemeral keys, for whoever writes the sealing side."""
    steps, plain = [], plain_answer(paper, 0)
    for layer in (0, 3, 2, 1):
        ephemeral = private_key(f"ephemeral answer 0 {layer}")
        info = seal_info(Purpose.TALLY, paper.hash, layer, BLOCK.keys[layer])
        sealed = sealed_with("answer 0", plain, Purpose.TALLY, paper.hash, layer)
        steps.append(
            {
                "layer": layer,
                "info": info.hex(),
                "ephemeral_pkcs8": pkcs8(ephemeral).hex(),
                "sealed": sealed.hex(),
            }
        )
        plain = sealed
    return {"plain": plain_answer(paper, 0).hex(), "steps": steps}


def encrypted_counting_key() -> bytes:
    nonce = drawn("counting nonce", 12)
    lock = AESGCM(counting_lock(SHARES, BLOCK))
    return nonce + lock.encrypt(nonce, pkcs8(COUNTING), BLOCK.counting_key)


def share_task(paper: Paper, layer: int, final_hash: str) -> dict[str, Any]:
    return task(
        layer,
        "share",
        paper_text=PAPER_BYTES.decode(),
        layer=layer,
        wrapped=wrapped(layer).hex(),
        sealed_share=sealed_share(layer).hex(),
        final_hash=final_hash,
    )


def vectors() -> dict[str, Any]:
    paper = read_paper(PAPER_BYTES)
    peels = peel_vectors(paper)
    as_file = partial(TradingFile, binary=b"")
    return {
        "about": (
            "Bytes in hexadecimal. Peeling sets aside what does not open and, of items whose insides share "
            "the encapsulated key, all but the first in input order; peel 1 has one of each, "
            "and one whose encapsulated key is in the hybrid encoding (first byte 6 or 7), which does not open."
        ),
        "survey": SURVEY.hex(),
        "paper_text": PAPER_BYTES.decode(),
        "paper_hash": paper.hash.hex(),
        "paper_26": fingerprint(paper.hash),
        "in_list_line_of_door_key": in_list_line(BLOCK.door_key),
        "block_text": BLOCK.to_bytes().decode(),
        "block_hash": BLOCK.hash.hex(),
        "item_size": {str(layer): paper.item_size(layer) for layer in range(4)},
        "keys": [keys_vector(layer) for layer in (1, 2, 3)],
        "counting_private_pkcs8": pkcs8(COUNTING).hex(),
        "counting_encrypted": encrypted_counting_key().hex(),
        "answers": [answer_vector(paper, number) for number in range(len(ANSWERS))],
        "sealing": sealing_vector(paper),
        "peels": peels,
        "trial_task_file": as_file(task(2, "trial", block=BLOCK.to_bytes().decode(), wrapped=wrapped(2).hex()))
        .to_bytes()
        .hex(),
        "share_task_file": as_file(share_task(paper, 2, peels[-1]["output_hash"])).to_bytes().hex(),
    }


def vectors_text() -> str:
    return json.dumps(vectors(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PATH.write_text(vectors_text())
