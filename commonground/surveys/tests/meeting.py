"""A launched survey through closing, peeling and counting, with the same bytes as the keepers' page."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest

from commonground.access.actor import Actor
from commonground.demo import cast
from commonground.kernel import time
from commonground.kernel.errors import Refused
from commonground.releases.models import Release
from commonground.responses import passing, sending
from commonground.responses.actions import GRACE
from commonground.responses.models import SealedAnswer
from commonground.sealing import codes as sealing
from commonground.sealing.answers import Answer
from commonground.sealing.formats import TradingFile, read_file
from commonground.sealing.keeper import answer_task
from commonground.sealing.passes import Respondent
from commonground.sealing.proof import Proof, proof_of
from commonground.surveys import codes, passes, tally
from commonground.surveys.models import Eligible, Survey
from commonground.surveys.opening_files import paper_of
from commonground.surveys.tests import piles, writing

ORDER = (cast.TEACHERS, cast.CLASSIFIED, cast.TRADES, cast.MANAGEMENT)
COCHAIRS = {
    cast.TEACHERS: cast.DANA,
    cast.CLASSIFIED: cast.LUZ,
    cast.TRADES: cast.RAY,
    cast.MANAGEMENT: cast.DENISE,
}
WORDS = "The bus yard has no shade at noon."


@dataclass
class Meeting:
    """A survey with its codes; `answers` are what people gave, in the order of the paper's questions.

    It is opened so many `days` after closing.
    """

    steps: writing.Steps
    codes: list[bytes]
    answers: list[dict[str, Answer]] = field(default_factory=list)
    days: int = 5

    @property
    def survey(self) -> Survey:
        return self.steps.again()

    @property
    def id(self) -> UUID:
        return self.steps.survey.pk

    @property
    def public_id(self) -> bytes:
        return bytes.fromhex(self.steps.survey.public_id)

    def keeper(self, party: str) -> Actor:
        """The keeper of a party who is no co-chair."""
        return self.steps.actor(writing.KEEPERS[party][1])

    def party(self, name: str) -> UUID:
        found: UUID = self.steps.valley.parties[name].pk
        return found

    @property
    def closing_time(self) -> datetime:
        closes = self.steps.survey.closes_at
        assert closes is not None
        return closes + GRACE + timedelta(minutes=1)

    @contextmanager
    def on_opening_day(self) -> Iterator[None]:
        with time.at(self.closing_time + timedelta(days=self.days)):
            yield

    def somebody(self) -> Respondent:
        """A person who was asked, took no pass before, and takes it now."""
        asked = Eligible.rows.within(self.steps.valley.partnership.pk).filter(survey=self.id, marked=False)
        row = asked.order_by("pk")[:1].get()
        person = Respondent(paper_of(self.steps.survey), passes.link_secrets(self.steps.survey, [row.pk])[row.pk])
        with self.while_open():
            person.take(passes.take(person.request()))
        return person

    def send(self, person: Respondent, answers: dict[str, Answer]) -> Proof:
        """Send an answer by pass, or another one in its place, as the page does; return the proof of it."""
        row = person.answer(person.paper.layout.encode(answers))
        with self.while_open():
            return proof_of(person.paper, row, passing.take(person.paper, row).acknowledgement)

    def by_pass(self) -> Proof:
        """Somebody answers by pass; her proof."""
        return self.send(self.somebody(), {"q1": 2, "q3": WORDS})

    def drop(self, proof: Proof) -> Proof:
        """Take an answer out, as who writes in the database can; return its proof."""
        SealedAnswer.objects.get(pk=proof.key).delete()
        return proof

    @contextmanager
    def while_open(self) -> Iterator[None]:
        assert self.steps.survey.opens_at
        with time.at(self.steps.survey.opens_at + timedelta(days=1)):
            yield

    def close(self) -> "Meeting":
        with time.at(self.closing_time):
            tally.close(self.steps.actor(cast.SAM), self.id)
        return self

    def result(self, party: str) -> bytes:
        """What the party's keeper gets from the keepers' page for the task of this moment."""
        return answer_task(tally.peel_task(self.keeper(party), self.id), self.steps.phrases[party])

    def peel(self, *parties: str) -> "Meeting":
        with self.on_opening_day():
            for party in parties:
                tally.receive_peel(self.keeper(party), self.id, self.result(party))
        return self

    def share(self, party: str) -> bytes:
        return bytes.fromhex(str(read_file(self.share_file(party)).message["share"]))

    def share_file(self, party: str) -> bytes:
        return answer_task(tally.share_task(self.keeper(party), self.id), self.steps.phrases[party])

    def shares(self) -> dict[UUID, bytes]:
        return {self.party(name): self.share(name) for name in ORDER}

    def count(self) -> Release:
        with self.on_opening_day():
            release = tally.count(self.keeper(cast.CLASSIFIED), self.id, self.shares())
        assert release is not None
        return release

    def drafted(self) -> "Meeting":
        """Count so that the certificate is left to the worker."""
        with self.on_opening_day():
            assert tally.count(self.keeper(cast.CLASSIFIED), self.id, self.shares(), seconds=0) is None
        return self


def answered(valley: Any, people: int = 40, seed: int = 4, *, jobs: bool = False) -> Meeting:
    """An open survey in which so many people answered by printed codes; five codes are left over.

    With `jobs` it asks for the kind of job too, and everybody says it.
    """
    steps = writing.launched(valley, jobs=jobs)
    assert steps.survey.opens_at
    with time.at(steps.survey.opens_at + timedelta(days=1)):
        written = codes.draw(steps.actor(cast.SAM), steps.survey.pk, people + 5)
        if people:
            piles.handed_over(steps, people)
        meeting = Meeting(steps, [sealing.read_code(code) for code in written])
        draw = Random(seed)
        for code in meeting.codes[:people]:
            job: dict[str, Answer] = {"q5": draw.randrange(2)} if jobs else {}
            give(meeting, code, an_answer(draw) | job)
    return meeting


def an_answer(draw: Random) -> dict[str, Answer]:
    """One person's answers to the four questions of `writing`."""
    return {"q1": draw.randrange(5), "q2": (draw.randrange(2),), "q3": WORDS, "q4": draw.randrange(3)}


def give(meeting: Meeting, code: bytes, answers: dict[str, Answer]) -> None:
    """Answer by a code, as the respondents' door does."""
    paper = paper_of(meeting.steps.survey)
    assert sending.store(paper, code, sending.seal(paper, code, paper.layout.encode(answers)))
    meeting.answers.append(answers)


def changed(data: bytes, binary: bytes | None = None, **message: object) -> bytes:
    """A keeper's file with some of it replaced."""
    file = read_file(data)
    return TradingFile({**file.message, **message}, file.binary if binary is None else binary).to_bytes()


def closed(valley: Any, people: int = 40) -> Meeting:
    """A closed survey."""
    return answered(valley, people).close()


def peeled(valley: Any, people: int = 40, parties: Sequence[str] = ORDER) -> Meeting:
    """A closed survey from which these parties have taken their layer."""
    return closed(valley, people).peel(*parties)


def refused(code: str, act: Callable[..., object], *arguments: object) -> str:
    """See that the act is refused for this reason, and return its words."""
    with pytest.raises(Refused) as refusal:
        act(*arguments)
    assert refusal.value.code == code, refusal.value.message
    return str(refusal.value.message)
