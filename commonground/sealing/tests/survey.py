"""A small survey with three sealing parties, made with the real functions, for the tests of this folder."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from commonground.sealing.blind import IssuingKey
from commonground.sealing.codes import code_hash, code_receipt, draw_codes, receipt_hash
from commonground.sealing.formats import CODE, NO_SIGNATURE, PASS, PlainAnswer, SealedList, canonical_json
from commonground.sealing.hpke import public_bytes, seal_answer
from commonground.sealing.lists import sorted_list
from commonground.sealing.paper import Paper, read_paper
from commonground.sealing.passes import Respondent, acknowledgement_message, sign
from commonground.sealing.peel import peel
from commonground.sealing.proof import Proof, proof_of
from commonground.sealing.rows import StoredRow
from commonground.sealing.seals import (
    CountingKey,
    PrivateKey,
    combine_shares,
    make_counting_key,
    new_private_key,
    open_share,
    wrap,
)

QUESTIONS: list[dict[str, Any]] = [
    {"id": "q1", "kind": "agreement", "options": []},
    {"id": "q2", "kind": "several", "options": [{}] * 9},
    {"id": "q3", "kind": "one", "options": [{}] * 3},
    {"id": "q4", "kind": "text", "limit": 30},
]


@dataclass(frozen=True)
class Survey:
    paper: Paper
    paper_bytes: bytes
    party_keys: tuple[PrivateKey, ...]
    phrases: tuple[bytes, ...]
    counting: CountingKey
    codes: tuple[bytes, ...]
    door_key: PrivateKey
    issuing: tuple[IssuingKey, ...] = ()

    @property
    def receipts(self) -> list[bytes]:
        return [code_receipt(self.paper.survey, code) for code in self.codes]

    @property
    def printed(self) -> frozenset[bytes]:
        return frozenset(map(receipt_hash, self.receipts))

    def plain(self, receipt: bytes, **answers: Any) -> bytes:
        layout = self.paper.layout
        return PlainAnswer(CODE, receipt, NO_SIGNATURE, layout.encode(answers)).to_bytes(layout.plain_size)

    def sealed(self, receipt: bytes, **answers: Any) -> bytes:
        return seal_answer(self.plain(receipt, **answers), self.paper.block.keys, self.paper.hash)

    def list_of(self, items: Sequence[bytes], layer: int = 1) -> SealedList:
        return sorted_list(self.paper, layer, items)

    def answered(self) -> SealedList:
        """One answer by each code: option number modulo 5, and a text from every second."""
        return self.list_of(
            [
                self.sealed(receipt, q1=n % 5, q2=(n % 9,), q4=f"Text {n}" if n % 2 else None)
                for n, receipt in enumerate(self.receipts)
            ]
        )

    def somebody(self) -> Respondent:
        """A person who took a pass, as the pass point signs it."""
        person = Respondent(self.paper, secrets.token_bytes(16))
        asked = person.request()
        person.take(self.issuing[0].sign(asked.blinded_pass) + self.issuing[1].sign(asked.blinded_receipt))
        return person

    def sent(self, person: Respondent, **answers: Any) -> StoredRow:
        """An answer by pass as it is stored."""
        return StoredRow(PASS, person.answer(self.paper.layout.encode(answers)).to_bytes())

    def by_codes(self) -> list[StoredRow]:
        """An answer by each code as it is stored."""
        hashes = [code_hash(self.paper.survey, code) for code in self.codes]
        items = [self.sealed(receipt, q1=n % 5) for n, receipt in enumerate(self.receipts)]
        return [StoredRow(CODE, key + item) for key, item in zip(hashes, items, strict=True)]

    def acknowledged(self, row: StoredRow) -> Proof:
        """The proof that the door gives of a row by pass, whether it is stored or not."""
        sent = row.as_pass(self.paper.item_size(1))
        message = acknowledgement_message(self.paper.hash, sent.key, sent.version, sent.item)
        return proof_of(self.paper, sent, sign(message, self.door_key))

    def peeled_to(self, layer: int, listing: SealedList) -> SealedList:
        """The list after the seals above `layer` are off."""
        while listing.layer != layer:
            listing = peel(listing, self.party_keys[listing.layer - 1], self.paper, listing.layer).output
        return listing

    def shares(self) -> list[bytes]:
        sealed = enumerate(zip(self.counting.sealed_shares, self.party_keys, strict=True), start=1)
        return [open_share(share, self.paper.block, layer, key) for layer, (share, key) in sealed]

    def counting_key(self) -> PrivateKey:
        return combine_shares(self.shares(), self.paper.block, self.counting.encrypted)

    def wrapped(self, layer: int) -> bytes:
        return wrap(self.party_keys[layer - 1], self.phrases[layer - 1], self.paper.survey)


@cache
def issuing_keys() -> tuple[IssuingKey, IssuingKey]:
    """The pass key and the receipt key of every survey that has passes; making one takes a while."""
    return IssuingKey.new(), IssuingKey.new()


def make_survey(answers: int = 6, parties: int = 3, *, passes: bool = False) -> Survey:
    keys = tuple(new_private_key() for _ in range(parties))
    named = [(f"{number:032x}", public_bytes(key)) for number, key in enumerate(keys)]
    survey, door_key = secrets.token_bytes(16), new_private_key()
    issuing = issuing_keys() if passes else ()
    moduli = (issuing[0].modulus, issuing[1].modulus) if issuing else None
    block, counting = make_counting_key(survey, named, public_bytes(door_key), moduli)
    content = {
        "format": "cg1-paper",
        "survey": survey.hex(),
        "questions": QUESTIONS,
        "seals": block.to_json(),
    }
    paper_bytes = canonical_json(content)
    phrases = tuple(secrets.token_bytes(16) for _ in keys)
    paper = read_paper(paper_bytes)
    return Survey(paper, paper_bytes, keys, phrases, counting, tuple(draw_codes(answers)), door_key, issuing)
