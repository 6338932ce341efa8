"""The whole opening and count once more, in memory, with the words of every party: the same, or not.

No database, no network, no Django. It works with the functions that the opening itself works with, so that the only
thing to come out is whether the published release and receipts are what the sealed answers give.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from commonground.disclosure.plan import PlanRefused
from commonground.disclosure.weaker import hide, is_told_less
from commonground.kernel.text import canonical
from commonground.sealing import peel, seals
from commonground.sealing.errors import N_, Malformed
from commonground.sealing.formats import SealedList
from commonground.sealing.kit import Kit, Later
from commonground.sealing.lists import check_list, check_written
from commonground.sealing.tally_open import Opened, open_answers
from commonground.surveys.counting import release_content, with_lists
from commonground.surveys.further import further_content, read_request, repeats


@dataclass(frozen=True)
class Less:
    """What a release withholds of its count for its certificate: groups, and answers of one group to a question."""

    groups: int
    answers: int


@dataclass
class Recount:
    """One recount. Each party takes its layer off in the order of the paper; then `is_same` says what came of it.

    `less` says what the release withholds beyond what the gate did, where it is the same.

    Raises SealingError for a kit whose list is not one of its paper.
    """

    kit: Kit
    listing: SealedList = field(init=False)
    shares: list[bytes] = field(default_factory=list)
    less: "Less | None" = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.paper = self.kit.paper
        self.listing = self.kit.first_list
        check_list(self.listing, self.paper, 1)

    @property
    def whose_turn(self) -> str | None:
        """The name of the party that comes next, None after the last."""
        block, turn = self.paper.block, len(self.shares)
        if turn == len(block.party_ids):
            return None
        named = {party["id"]: party["name"] for party in self.paper.content["parties"]}
        return str(named.get(block.party_ids[turn], block.party_ids[turn]))

    def take(self, phrase: bytes, on_sheet: str) -> None:
        """Take the layer off of the party whose turn it is, and open its share; its key is forgotten.

        `on_sheet` are the 26 characters of the list for which this sheet was used: with it no other list is peeled,
        here neither. Raises Refused for another list, CannotOpen for other words; nothing was done then.
        """
        layer = len(self.shares) + 1
        check_written(self.listing.hash, on_sheet)
        block = self.paper.block
        key = seals.unwrap(self.kit.wrapped[layer - 1], phrase, block.survey, block.key_of_layer(layer))
        share = seals.open_share(self.kit.counting.sealed_shares[layer - 1], block, layer, key)
        self.listing = peel.peel(self.listing, key, self.paper, layer).output
        self.shares.append(share)

    def is_same(self) -> bool:
        """Say whether release and receipts are what the list at closing gives. Raises CannotOpen, Malformed."""
        release = _release(self.kit.release)
        opened = self._open()
        if tuple(sorted(self.kit.receipts)) != opened.receipts or not self._is_first_list():
            return False
        content = release_content(self.paper, opened, self.kit.closing, _day(release), self.kit.earlier)
        self.less = less_of(release, self._with_lists(content, opened, release))
        is_same = self.less is not None and canonical(release) == self.kit.release.encode()
        return is_same and all(self._is_same_later(opened, later) for later in self.kit.later)

    def _with_lists(self, content: dict[str, Any], opened: Opened, release: Mapping[str, Any]) -> dict[str, Any]:
        """Return the content with the lists of comments that follow from the tables as they left."""
        try:
            told = with_lists({**content, "tables": release["tables"]}, self.paper.content, opened.written)
        except (AttributeError, KeyError, TypeError, ValueError):
            return content
        return {**told, "tables": content["tables"]}

    def _is_same_later(self, opened: Opened, later: Later) -> bool:
        """Say whether a later release is what its request and the same answers give beside what left before."""
        try:
            release, request = _release(later.release), read_request(later.request)
            closing, day = self.kit.closing, _day(release)
            content = further_content(self.paper, opened, closing, day, later.earlier, request)
        except (ValueError, PlanRefused):
            return False
        is_same = less_of(release, content) is not None and canonical(release) == later.release.encode()
        return is_same and self.kit.release in later.earlier and repeats(later.earlier, release)

    def _open(self) -> Opened:
        key = seals.combine_shares(self.shares, self.paper.block, self.kit.counting.encrypted)
        return open_answers(self.listing, key, self.paper, self.kit.codes)

    def _is_first_list(self) -> bool:
        return self.kit.closing.get("list_hash") == self.kit.first_list.hash.hex()


def less_of(release: Mapping[str, Any], content: Mapping[str, Any]) -> Less | None:
    """Say by how much a release tells less than the content of its count; None where it is of another count.

    A release is the content with the groups hidden that its certificate names, and answers told less: in wider
    steps, for about so many people, or not at all. So whatever was done to find it, it cannot tell more.
    """
    try:
        tables = dict(release["tables"])
        certificate = tables["certificate"]
        hidden = certificate["hidden"] if certificate else []
        counted = hide(content["tables"], [frozenset(at.items()) for at in hidden])
        answers = _answers_told_less(tables, counted)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    rest = {**release, "tables": {**tables, "cells": counted["cells"], "certificate": None}}
    return Less(len(hidden), answers) if rest == {**content, "tables": counted} else None


def _answers_told_less(tables: Mapping[str, Any], counted: Mapping[str, Any]) -> int:
    """Return how many answers of one group are told less. Raises ValueError where anything else differs."""
    number = 0
    for cell, before in zip(tables["cells"], counted["cells"], strict=True):
        if {**cell, "answers": before["answers"]} != before or cell["answers"].keys() != before["answers"].keys():
            raise ValueError
        for question, told in cell["answers"].items():
            if not is_told_less(told, before["answers"][question]):
                raise ValueError
            number += told != before["answers"][question]
    return number


def _day(release: Mapping[str, Any]) -> str:
    return str(release.get("counted_on"))


def _release(text: str) -> dict[str, Any]:
    try:
        release = json.loads(text)
    except ValueError:
        release = None
    if not isinstance(release, dict):
        raise Malformed(N_("The release in the kit cannot be read."))
    return release
