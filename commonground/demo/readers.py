"""The two reviewers of the demonstration: they read, decide by simple rules, write, and agree."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from commonground.access.actor import Actor
from commonground.comments import actions
from commonground.releases.models import Release
from commonground.screening.screening import flags
from commonground.sealing import keeper
from commonground.sealing import seals as sealing
from commonground.sealing.comments import Proposed, propose, read_proposed, read_task
from commonground.sealing.formats import TradingFile, read_file
from commonground.sealing.paper import read_paper
from commonground.surveys import reviewers

ALERT = ("Priya Nair, student services, 555-0170", "Priya Nair, servicios a estudiantes, 555-0170")
THEMES = (
    (r"window|ventana|chair", "Breaks and rest"),
    (r"window|ventana|chair", "Buildings, heat and equipment"),
    (r"schedule|horario", "News and being informed"),
    (r"meeting", "Working together"),
    (r"[Tt]hank|[Gg]racias", "Something that works well"),
)
OVERLOOKED = 8
"""The second reviewer overlooks the themes of every so many comments, as happens."""


@dataclass
class Readers:
    """The labor reviewer and that of management, with the phrases of their sheets."""

    survey: UUID
    labor: Actor
    management: Actor
    phrases: dict[Actor, bytes] = field(default_factory=dict)

    def prepare(self, convener: Actor) -> None:
        """Have both named, with whom they tell, and make their keys."""
        reviewers.say_whom_to_tell(convener, self.survey, en=ALERT[0], es=ALERT[1])
        for actor in (self.labor, self.management):
            assert actor.person_id
            reviewers.name(convener, self.survey, actor.person_id)
            self.phrases[actor] = sealing.new_phrase()
            key = keeper.answer_task(reviewers.key_task(actor, self.survey), self.phrases[actor])
            reviewers.receive_key(actor, self.survey, key)

    def review(self) -> Release:
        """Both decide on every comment; labor writes, management agrees."""
        self._decide(self.labor)
        self._decide(self.management, overlooked=OVERLOOKED)
        task, words = self._opened(self.labor)
        texts = {one["id"]: _without(words[one["id"]], one["spans"]) for one in task["comments"]}
        self._hand_in(self.labor, task, "texts", texts=sealed(task, texts))
        data = actions.task(self.management, self.survey)
        agreed = told(read_proposed(data, self.phrases[self.management]))
        release = self._hand_in(self.management, dict(read_file(data).message), "agreed", agreed=agreed)
        assert release
        return release

    def _decide(self, actor: Actor, overlooked: int = 0) -> None:
        task, words = self._opened(actor)
        ids = {theme["en"]: theme["id"] for theme in task["themes"]}
        decisions = {}
        for place, (key, said) in enumerate(sorted(words.items())):
            found = [ids[theme] for pattern, theme in THEMES if re.search(pattern, said)]
            missed = overlooked and place % overlooked == 0
            decisions[key] = {**_verdict(said), "themes": [] if missed else found}
        self._hand_in(actor, task, "review", decisions=decisions)

    def _opened(self, actor: Actor) -> tuple[dict[str, Any], dict[str, str]]:
        data = actions.task(actor, self.survey)
        return dict(read_file(data).message), read_task(data, self.phrases[actor])

    def _hand_in(self, actor: Actor, task: dict[str, Any], result: str, **values: Any) -> Release | None:
        message = {"result": result, "survey": task["survey"], "party": task["party"], **values}
        return actions.receive(actor, self.survey, TradingFile(message).to_bytes())


def sealed(task: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return words as the reviewers' page hands them in: sealed to the other reviewer, each with its hash."""
    paper, other = read_paper(str(task["paper_text"]).encode()), 3 - task["place"]
    made = {key: propose(words, paper, bytes.fromhex(key), other) for key, words in texts.items()}
    return {key: {"sealed": item.hex(), "hash": digest.hex()} for key, (item, digest) in made.items()}


def told(proposed: Mapping[str, Proposed]) -> dict[str, dict[str, str]]:
    """Return proposed words as the reviewers' page hands in those that the second reviewer agrees to."""
    return {key: {"words": one.words, "salt": one.salt.hex()} for key, one in proposed.items()}


def _verdict(said: str) -> dict[str, Any]:
    spans = [[flag.start, flag.end] for flag in flags(said)]
    return {"verdict": "redact", "spans": spans, "reason": "names"} if spans else {"verdict": "publish"}


def _without(words: str, spans: list[list[int]]) -> str:
    for start, end in reversed(spans):
        words = f"{words[:start]}[…]{words[end:]}"
    return words
