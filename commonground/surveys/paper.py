"""The frozen paper: canonical JSON whose SHA-256 names the survey everywhere.

| Field | Meaning |
|---|---|
| `format`, `survey` | `cg1-paper`; 16 random bytes in hexadecimal |
| `series` | in a later wave: the surveys before it, first first, and the hash of the last one's release |
| `district`, `initiative`, `parties` | who asks; parties labor first, `seals` true for those that seal |
| `title`, `purpose`, `message`, `contact`, `help_lines` | texts, each in English and Spanish |
| `window`, `timezone`, `opening_on`, `results_by` | when it is open (UTC), opened, and told to staff |
| `minimum_group`, `publish`, `destroy_after_days`, `unopened_after_days`, `eligible` | what was agreed |
| `parts`, `questions` | `group` names what a group question groups by, `level` the kind of place |
| `table_plan` | which breakdowns may be shown, alone and crossed; `comments`: whose levels comments are kept by |
| `reminders` | days on which everyone asked gets the same letter once more |
| `client` | SHA-256 of each file of the page for answering |
| `addresses` | `answer`: the respondents' door; `pass`: the pass point |
| `promise` | `anonymous` or `confidential`, and why not the better word |
| `comments` | where comments are read: the two `reviewers` with their keys, labor first, and `alert`, who is told |
| `seals` | the block of public keys, parties in peel order |
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from commonground.kernel.text import canonical
from commonground.sealing.promise import Weakness, promise
from commonground.surveys.drafts import TEXTS, Written, words
from commonground.surveys.models import Question, Survey
from commonground.surveys.rules import Asked, Draft, Group, Words, levels_question, reads_comments

AGREEMENT = (
    Words("Strongly disagree", "Muy en desacuerdo"),
    Words("Disagree", "En desacuerdo"),
    Words("Neither agree nor disagree", "Ni de acuerdo ni en desacuerdo"),
    Words("Agree", "De acuerdo"),
    Words("Strongly agree", "Muy de acuerdo"),
)
FREQUENCY = (
    Words("Never", "Nunca"),
    Words("Rarely", "Rara vez"),
    Words("Sometimes", "A veces"),
    Words("Often", "A menudo"),
    Words("Always", "Siempre"),
)
SCALE10 = tuple(Words(str(number), str(number)) for number in range(11))
FIXED = {"agreement": AGREEMENT, "frequency": FREQUENCY, "scale10": SCALE10}
"""The labels of kinds whose choices nobody writes, lowest first."""


@dataclass(frozen=True)
class Door:
    """Where and with which page people answer: hashes of its files, addresses of the doors; what weakens it."""

    client: Mapping[str, str]
    addresses: Mapping[str, str]
    weaknesses: Sequence[Weakness] = ()


def build(written: Written, door: Door) -> str:
    """Return the paper of a complete draft as the exact text that is frozen."""
    content = _content(written, door)
    return canonical({**content, "promise": promise(content, door.weaknesses)}).decode()


def _content(written: Written, door: Door) -> dict[str, Any]:
    survey = written.survey
    return {
        "format": "cg1-paper",
        "survey": survey.public_id,
        "languages": ["en", "es"],
        **_series(written),
        **_askers(written),
        **{name: _text(words(survey, name)) for name in TEXTS},
        **_terms(survey),
        "timezone": written.partnership.timezone,
        "eligible": written.eligible,
        "help_lines": [_text(line) for line in help_lines(written.draft.help_lines)],
        "parts": list(_parts(written)),
        "questions": [_question(written, *each) for each in zip(written.asked, written.questions, strict=True)],
        "table_plan": {
            "margins": [asked.id for asked in written.asked if asked.margin],
            "pairs": [list(pair) for pair in written.draft.pairs],
            **_comments_by(written.draft),
        },
        "client": dict(door.client),
        "addresses": dict(door.addresses),
        "seals": json.loads(survey.seals_block),
        **_comments(written),
    }


def grouping(written: Written) -> dict[str, Any]:
    """Return what of a draft's paper is matched with earlier releases: its series and its group questions."""
    asked = zip(written.asked, written.questions, strict=True)
    questions = [_question(written, each, row) for each, row in asked if each.dimension]
    return {"survey": written.survey.public_id, **_series(written), "questions": questions}


def _series(written: Written) -> dict[str, Any]:
    """Return which surveys came before in the series, first first, and the release of the last; else nothing."""
    if written.before is None:
        return {}
    return {"series": {"surveys": list(written.before.surveys), "release": written.before.release}}


def _comments_by(draft: Draft) -> dict[str, str]:
    """Return the question by whose levels comments are kept; nothing where those of the district stay together."""
    question = levels_question(draft) if draft.by_level and reads_comments(draft) else None
    return {"comments": question.id} if question else {}


def _comments(written: Written) -> dict[str, Any]:
    """Return who reads comments; nothing for a survey without them."""
    if not reads_comments(written.draft):
        return {}
    reviewers = [
        {"party": one.party_id.hex, "name": one.person.name, "key": one.public_key} for one in written.reviewers
    ]
    return {"comments": {"reviewers": reviewers, "alert": _text(words(written.survey, "alert"))}}


def help_lines(both: Words) -> list[Words]:
    """Return the help lines one by one, in both languages."""
    pairs = zip(both.en.splitlines(), both.es.splitlines(), strict=False)
    return [Words(en.strip(), es.strip()) for en, es in pairs if en.strip()]


def _askers(written: Written) -> dict[str, Any]:
    sealing = {seal.party_id for seal in written.seals}
    partnership = written.partnership
    return {
        "district": partnership.district,
        "initiative": {
            "en": partnership.initiative_en,
            "es": partnership.initiative_es or partnership.initiative_en,
        },
        "parties": [
            {
                "id": party.id.hex,
                "name": party.name,
                "short": party.short,
                "kind": str(party.kind),
                "seals": party.id in sealing,
            }
            for party in written.parties
        ],
    }


def _terms(survey: Survey) -> dict[str, Any]:
    assert survey.opens_at and survey.closes_at and survey.opening_on and survey.results_by
    return {
        "window": {"opens": _moment(survey.opens_at), "closes": _moment(survey.closes_at)},
        "opening_on": survey.opening_on.isoformat(),
        "reminders": survey.reminders.split(),
        "results_by": survey.results_by.isoformat(),
        "minimum_group": survey.minimum_group,
        "publish": str(survey.publish),
        "destroy_after_days": survey.destroy_after_days,
        "unopened_after_days": survey.unopened_after_days,
    }


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _parts(written: Written) -> Iterator[dict[str, Any]]:
    for part in written.parts:
        inside = [written.names[question.pk] for question in written.questions if question.part_id == part.pk]
        yield {"title": _text(words(part, "title")), "questions": inside}


def _question(written: Written, asked: Asked, row: Question) -> dict[str, Any]:
    quote = {"quote": True} if asked.kind == "text" and reads_comments(written.draft) else {}
    if quote and _comments_by(written.draft):
        quote["by_level"] = True
    return {
        **quote,
        "id": asked.id,
        "kind": asked.kind,
        "text": _text(asked.text),
        "help": _text(asked.help) if asked.help.en else None,
        "options": _options(asked),
        "limit": row.limit if asked.kind == "text" else None,
        "health": asked.health,
        "group": asked.dimension or None,
    }


def _options(asked: Asked) -> list[dict[str, Any]]:
    if asked.dimension:
        return [_group(group) for group in asked.groups]
    return [{"text": _text(option)} for option in FIXED.get(asked.kind, asked.options)]


def _group(group: Group) -> dict[str, Any]:
    return {
        "text": _text(group.words),
        "roster": group.roster,
        "holds": list(group.holds),
        "codes": list(group.codes),
        "people": group.people or None,
        "level": _text(group.level) if group.level else None,
    }


def _text(both: Words) -> dict[str, str]:
    return {"en": both.en, "es": both.es}
