"""The frozen paper, as far as sealing reads it: its hash, its keys and the shape of an answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from commonground.sealing.answers import Layout, layout_of
from commonground.sealing.errors import N_, Malformed
from commonground.sealing.formats import fingerprint, read_json_object
from commonground.sealing.seals import SealsBlock, read_block


@dataclass(frozen=True)
class Paper:
    """`hash` is P of the formats: SHA-256 of the paper's bytes as served, which are never written anew."""

    hash: bytes
    content: Mapping[str, Any]
    block: SealsBlock
    layout: Layout

    @property
    def survey(self) -> bytes:
        """The survey's 16 bytes."""
        return self.block.survey

    @property
    def fingerprint(self) -> str:
        """26 characters, as on letters and cards."""
        return fingerprint(self.hash)

    def item_size(self, layer: int) -> int:
        """Bytes of an item whose outermost seal is `layer`."""
        party_seals = len(self.block.parties) - layer + 1 if layer else 0
        return self.layout.item_size(party_seals + 1)

    def layer_below(self, layer: int) -> int:
        """The layer that appears when `layer` (1 or more) is peeled off; 0 after the last party."""
        return (layer + 1) % (len(self.block.parties) + 1)


def read_paper(data: bytes) -> Paper:
    """The paper in its bytes as served. Raises Malformed for another format or an impossible content."""
    content = read_json_object(data)
    seals, questions = content.get("seals"), content.get("questions")
    if content.get("format") != "cg1-paper" or not isinstance(seals, dict) or not isinstance(questions, list):
        raise Malformed(N_("This is not the paper of a survey."))
    block = read_block(seals)
    if content.get("survey") != block.survey.hex():
        raise Malformed(N_("The keys in the paper belong to another survey."))
    return Paper(sha256(data).digest(), content, block, layout_of(questions))
