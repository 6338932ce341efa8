"""From counts made elsewhere to a release, as `counting` does from answers: the gate, what left before, the words.

Neither database nor clock is touched, and Django is not needed. Only what passed the gate is in what comes out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from commonground.disclosure.counted import FORMAT, Counted
from commonground.disclosure.gate import protect
from commonground.disclosure.plan import Question
from commonground.kernel.text import sha256
from commonground.surveys.waves import earlier_of

DIMENSIONS = ("site", "job_family", "shift", "language", "unit")
YES_OR_NO = ({"en": "Yes", "es": "Sí"}, {"en": "No", "es": "No"})

Text = Mapping[str, str]


@dataclass(frozen=True)
class About:
    """What was counted: its title and the name of what people did, in both languages, and the day (ISO 8601).

    `within` names the district; `choices[group]` are the choices of a group question as in a paper, and
    `asked[question]` its words, where the district has them; `words` are further words of the release.
    """

    title: Text
    people: Text
    on: str
    within: str = ""
    choices: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    asked: Mapping[str, tuple[Text, Sequence[Text]]] = field(default_factory=dict)
    words: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Return what names this count: another count of the same people under the same title is the same one."""
        return sha256("\n".join((self.within, self.title["en"], self.people["en"], self.on)).encode())[:32]


def release_content(counted: Counted, about: About, earlier: Sequence[str] = ()) -> dict[str, Any]:
    """Return the release of a table of counts as plain values, judged beside the texts of all earlier releases.

    `named` in its words are the groupings in which everybody counted has a group.
    Raises PlanRefused, and so TogetherTooMuch.
    """
    questions = [*_groups(counted, about), *_questions(counted, about)]
    before, names = earlier_of({"survey": about.id, "questions": questions}, earlier)
    tables = protect(counted.plan, counted.columns, before, names)
    return {
        "format": FORMAT,
        "survey": about.id,
        "counted_on": about.on,
        "tables": tables.as_json(),
        "words": {
            **about.words,
            "title": dict(about.title),
            "people": dict(about.people),
            "questions": questions,
            "named": sorted(counted.everywhere_named),
        },
    }


def shows_others(now: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    """Say whether two releases of one count would show other people, or the same with other answers.

    Beside the same earlier releases a count is told in the same cells; else what is told in both is compared.
    """
    cells = [{frozenset(cell["at"].items()): cell for cell in each["tables"]["cells"]} for each in (now, before)]
    if now["tables"]["earlier"] == before["tables"]["earlier"]:
        return cells[0] != cells[1]
    return any(_differ(cell, cells[1].get(at)) for at, cell in cells[0].items())


def _differ(cell: Mapping[str, Any], other: Mapping[str, Any] | None) -> bool:
    """Say whether numbers of people or answers that are told in both are not the same."""
    if other is None or None in (cell["n"], other["n"]):
        return False
    told = [(each, other["answers"].get(name)) for name, each in cell["answers"].items()]
    both = [(one, two) for one, two in told if two and "withheld" not in (one["status"], two["status"])]
    return cell["n"] != other["n"] or any(one != two for one, two in both)


def _groups(counted: Counted, about: About) -> list[dict[str, Any]]:
    """Return the groupings in the form of a paper's group questions."""
    return [
        {
            "id": group.id,
            "kind": "one",
            "group": group.id if group.id in DIMENSIONS else "other",
            "text": _both(name),
            "options": list(about.choices.get(group.id) or _choices(counted, name, group.roster)),
        }
        for group, name in zip(counted.plan.groups, counted.wanted.groupings, strict=True)
    ]


def _choices(counted: Counted, name: str, roster: Sequence[int | None]) -> list[dict[str, Any]]:
    levels = counted.levels if name in counted.wanted.nested else {}
    return [
        {"text": _both(label), "level": _both(level) if (level := levels.get(label)) else None, "roster": people}
        for label, people in zip(counted.labels[name], roster, strict=True)
    ]


def _questions(counted: Counted, about: About) -> list[dict[str, Any]]:
    asked: list[tuple[str, Sequence[Text]]] = [(column, YES_OR_NO) for column in counted.wanted.counts]
    asked += [(each.name, tuple(map(_both, each.columns))) for each in counted.wanted.answers]
    return [
        _question(question, *about.asked.get(question.id, (_both(name), options)))
        for question, (name, options) in zip(counted.wanted.questions, asked, strict=True)
    ]


def _question(question: Question, text: Text, options: Sequence[Text]) -> dict[str, Any]:
    return {
        "id": question.id,
        "kind": question.kind,
        "group": None,
        "text": dict(text),
        "options": [{"text": dict(option)} for option in options],
    }


def _both(words: str) -> dict[str, str]:
    return {"en": words, "es": words}
