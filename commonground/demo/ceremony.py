"""Keepers at work: making, trying and opening seals, with the same files as the keepers' own page."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from uuid import UUID

from commonground.access.actor import Actor
from commonground.releases.models import Release
from commonground.sealing import keeper
from commonground.sealing import seals as sealing
from commonground.sealing.formats import read_file
from commonground.surveys import seals, tally


@dataclass
class Keepers:
    """The parties' keepers in peel order, and the phrases that stand on their opening sheets alone.

    `seconds` is what their own machines worked, apart from the server.
    """

    actors: Mapping[UUID, Actor]
    phrases: dict[UUID, bytes] = field(default_factory=dict)
    seconds: float = 0.0

    def make_seals(self, survey_id: UUID, convener: Actor) -> None:
        """Make each party's key, have the counting key made, and try every sheet."""
        for party, actor in self.actors.items():
            self.phrases[party] = sealing.new_phrase()
            task = seals.key_task(actor, survey_id)
            seals.receive_key(actor, survey_id, self.answer(task, party))
        seals.make_counting_key(convener, survey_id)
        for party, actor in self.actors.items():
            task = seals.trial_task(actor, survey_id)
            seals.receive_trial(actor, survey_id, self.answer(task, party))

    def open_seals(self, survey_id: UUID) -> int:
        """Take every party's layer off, in peel order; return how many items were set aside in all."""
        return sum(
            tally.receive_peel(actor, survey_id, self.answer(tally.peel_task(actor, survey_id), party))
            for party, actor in self.actors.items()
        )

    def count(self, survey_id: UUID) -> Release:
        """Give every party's share at the meeting, count, and wait for the certificate."""
        actor = next(iter(self.actors.values()))
        release = tally.count(actor, survey_id, self.shares(survey_id), seconds=inf)
        assert release is not None
        return release

    def shares(self, survey_id: UUID) -> dict[UUID, bytes]:
        """Open every party's share of the counting key."""
        tasks = {party: tally.share_task(actor, survey_id) for party, actor in self.actors.items()}
        answers = {party: read_file(self.answer(task, party)) for party, task in tasks.items()}
        return {party: bytes.fromhex(file.message["share"]) for party, file in answers.items()}

    def answer(self, task: bytes, party: UUID) -> bytes:
        """Return what a party's keeper hands back for a task file."""
        began = time.monotonic()
        answer = keeper.answer_task(task, self.phrases[party])
        self.seconds += time.monotonic() - began
        return answer
