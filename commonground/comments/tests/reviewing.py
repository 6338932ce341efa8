"""A review through the real actions, with the same bytes as the reviewers' page."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

from commonground.access.actor import Actor
from commonground.comments import actions
from commonground.comments.rules import joined
from commonground.demo import cast
from commonground.demo.readers import sealed, told
from commonground.kernel import time
from commonground.releases.models import Release
from commonground.sealing import codes as sealing
from commonground.sealing.answers import Quotable
from commonground.sealing.comments import Proposed, read_proposed, read_task
from commonground.sealing.formats import TradingFile, read_file
from commonground.surveys import codes
from commonground.surveys.tests import meeting, piles, writing
from commonground.surveys.tests.meeting import Meeting

LABOR, MANAGEMENT = writing.REVIEWERS
GAP = "[…]"

Decide = Callable[[str, dict[str, Any]], dict[str, Any]]


def wrote(number: int) -> str:
    """What the person of this number wrote; consent comes from every second one."""
    text = f"The bus yard has no shade, says driver {'abcdefghijklmnopqrstuvwxyzäöüß'[number % 30]}{number}."
    return Quotable(text) if number % 2 else text


@dataclass
class Review:
    """A counted survey with its review; `day` is when its acts happen."""

    meeting: Meeting

    def actor(self, member: cast.CastMember) -> Actor:
        return self.meeting.steps.actor(member)

    def task(self, member: cast.CastMember) -> bytes:
        with self.meeting.on_opening_day():
            return actions.task(self.actor(member), self.meeting.id)

    def opened(self, member: cast.CastMember) -> tuple[dict[str, Any], dict[str, str]]:
        """The task of a reviewer, and the words of each comment."""
        data = self.task(member)
        return dict(read_file(data).message), read_task(data, self.meeting.steps.phrases[member.name])

    def hand_in(self, member: cast.CastMember, result: str, **values: Any) -> Release | None:
        own = read_file(self.task(member)).message
        message = {"result": result, "survey": own["survey"], "party": own["party"], **values}
        with self.meeting.on_opening_day():
            return actions.receive(self.actor(member), self.meeting.id, TradingFile(message).to_bytes())

    def decide(self, member: cast.CastMember, how: Decide) -> Release | None:
        task, words = self.opened(member)
        decisions = {one["id"]: how(words[one["id"]], task) for one in task["comments"]}
        return self.hand_in(member, "review", decisions=decisions)

    def write(self, member: cast.CastMember) -> Release | None:
        task, words = self.opened(member)
        texts = {one["id"]: shown(words[one["id"]], one) for one in task["comments"]}
        return self.hand_in(member, "texts", texts=sealed(task, texts))

    def proposed(self, member: cast.CastMember) -> dict[str, Proposed]:
        """The words that the other reviewer proposes, by comment."""
        return read_proposed(self.task(member), self.meeting.steps.phrases[member.name])

    def agree(self, member: cast.CastMember, *, but: int = 0) -> Release | None:
        proposed = self.proposed(member)
        return self.hand_in(member, "agreed", agreed=told({key: proposed[key] for key in sorted(proposed)[but:]}))


def shown(words: str, comment: Mapping[str, Any]) -> str:
    """The words as the page makes them: places taken out, or the reviewer's own."""
    if comment["outcome"] == "paraphrase":
        return "Somebody asks for shade."
    for start, end in reversed(joined((start, end) for start, end in comment["spans"])):
        words = words[:start] + GAP + words[end:]
    return words


def publish(words: str, task: Mapping[str, Any]) -> dict[str, Any]:
    """Publish it, and find the theme of rest in it."""
    return {"verdict": "publish", "themes": [theme(task, "Breaks and rest")]}


def redact(words: str, task: Mapping[str, Any]) -> dict[str, Any]:
    """Take out who says it."""
    at = words.index("driver")
    spans = [[at, len(words) - 1]]
    return {"verdict": "redact", "spans": spans, "reason": "tells_who", "themes": [theme(task, "Breaks and rest")]}


def paraphrase(words: str, task: Mapping[str, Any]) -> dict[str, Any]:
    """Say it in other words."""
    return {"verdict": "paraphrase", "reason": "tells_who"}


def hold(words: str, task: Mapping[str, Any]) -> dict[str, Any]:
    return {"verdict": "hold", "reason": "other"}


def theme(task: Mapping[str, Any], english: str) -> str:
    """The id of a theme by its English words."""
    return str(next(one["id"] for one in task["themes"] if one["en"] == english))


def counted(
    valley: Any, people: int = 40, writers: int = 30, readers: writing.Readers = writing.REVIEWERS
) -> Review:
    """A counted survey in which some of the people wrote a comment."""
    held = answered(valley, people, writers, readers)
    held.close().peel(*meeting.ORDER).count()
    return Review(held)


def answered(
    valley: Any,
    people: int,
    writers: int | Collection[int],
    readers: writing.Readers = writing.REVIEWERS,
    places: Sequence[int] | None = None,
) -> Meeting:
    """An open survey in which the first `writers` of the people wrote a comment, or those of these numbers.

    With `places` comments are kept by level, and people answer by turns that they work at these.
    """
    steps = writing.launched(valley, readers=readers, by_level=places is not None)
    assert steps.survey.opens_at
    with time.at(steps.survey.opens_at + timedelta(days=1)):
        written = codes.draw(steps.actor(cast.SAM), steps.survey.pk, people)
        piles.handed_over(steps, people)
    held = Meeting(steps, [sealing.read_code(code) for code in written])
    draw = Random(4)
    with held.while_open():
        for number, code in enumerate(held.codes):
            writes = number < writers if isinstance(writers, int) else number in writers
            answers = {**meeting.an_answer(draw), "q3": wrote(number) if writes else None}
            if places is not None:
                answers["q4"] = places[number % len(places)]
            meeting.give(held, code, answers)
    return held


def comment_ids(review: Review) -> list[UUID]:
    return [UUID(one["id"]) for one in review.opened(LABOR)[0]["comments"]]
