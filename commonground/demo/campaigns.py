"""The four surveys of the demonstration: released, open, waiting for the last key, and being written."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from commonground.access.actor import Actor
from commonground.demo import answers, cast, letters, piles, questions, respond, roster, valley
from commonground.demo.ceremony import Keepers
from commonground.demo.questions import Script
from commonground.demo.readers import Readers
from commonground.demo.story import ALTERNATES, TURNERS, District, day, moment, on
from commonground.insights.actions import propose
from commonground.kernel import time
from commonground.people.models import Person
from commonground.releases import public
from commonground.surveys import actions, campaign, codes, reopening, seals, stands, tally
from commonground.surveys import letters as mailing
from commonground.surveys.models import Survey
from commonground.surveys.opening_files import paper_of


def _write(
    district: District, script: Script, opens: int, closes: int, results: int
) -> tuple[Survey, dict[str, UUID]]:
    """Write a draft from its script; return it and its questions by short name."""
    luz = district.actor(cast.LUZ)
    survey = actions.create_survey(luz, title_en=script.title[0], title_es=script.title[1])
    texts = {"purpose": script.purpose, "message": script.message, "contact": questions.CONTACT}
    texts["help_lines"] = script.help_lines
    words = {f"{name}_{code}": pair[i] for name, pair in texts.items() for i, code in enumerate(("en", "es"))}
    actions.edit_texts(luz, survey.pk, **words)
    asked: dict[str, UUID] = {}
    proposers = district.turners
    for title, part in script.parts:
        row = actions.add_part(luz, survey.pk, title_en=title[0], title_es=title[1])
        for ask in part:
            question = actions.add_question(
                proposers[len(asked) % len(proposers)],
                survey.pk,
                row.pk,
                kind=ask.kind,
                text_en=ask.en,
                text_es=ask.es,
                options=ask.options,
                help_en=ask.help_en,
                help_es=ask.help_es,
                health=ask.health,
                dimension=ask.dimension,
            )
            asked[ask.name] = question.pk
    pairs = [(asked[one], asked[other]) for one, other in script.pairs]
    margins = [asked[name] for name in script.margins]
    actions.set_plan(luz, survey.pk, margins=margins, pairs=pairs, comments_by_level=script.by_level)
    actions.set_terms(
        luz,
        survey.pk,
        opens_at=moment(opens, 6),
        closes_at=moment(closes, 20),
        opening_on=day(closes + 5),
        results_by=day(results),
        reminders="\n".join(day(opens + step).isoformat() for step in (7, 14)),
    )
    return survey, asked


def _seal(district: District, survey: Survey) -> Keepers:
    sam = district.actor(cast.SAM)
    people = dict(Person.objects.values_list("email", "pk"))
    for first, other in zip(TURNERS, ALTERNATES, strict=True):
        seals.name_keepers(
            sam, survey.pk, district.parties[first.party], [people[first.email], people[other.email]]
        )
    keepers = Keepers({district.parties[first.party]: district.actor(first) for first in TURNERS})
    keepers.make_seals(survey.pk, sam)
    return keepers


def fall(district: District) -> Survey:
    """The fall survey: launched, answered by 814 people, opened together, released and published."""
    with on(-70):
        survey, _asked = _write(district, questions.FALL, opens=-63, closes=-38, results=-20)
    with on(-67):
        readers = Readers(survey.pk, district.actor(cast.GRACE), district.actor(cast.TOM))
        readers.prepare(district.actor(cast.SAM))
        keepers = _seal(district, survey)
        district.turn_all(actions.freeze(district.actor(cast.SAM), survey.pk, needed_by=day(-64)))
        campaign.tick()
        drawn = _hand_out(district, survey)
    with on(-60):
        _hand_over(district, survey, drawn, answers.fall(), "Bus yard and kitchens")
    _answer(survey, answers.fall(), drawn, moment(-50))
    with on(-39):
        piles.hand_over(_witnesses(district), survey.pk, "What is left", 0, drawn.pile[LOST:])
    with on(-38, 21):
        tally.close(district.actor(cast.SAM), survey.pk)
    with on(-33, 14):
        keepers.open_seals(survey.pk)
        release = keepers.count(survey.pk)
    with on(-24):
        district.turn_all(propose(district.actor(cast.LUZ), release.pk, lead=questions.HEARD))
        tally.tick()
    with on(-20):
        told = readers.review()
        lead = public.neutral_lead(json.loads(bytes(told.data)))
        district.turn_all(propose(district.actor(cast.LUZ), told.pk, lead=lead))
        tally.tick()
    return survey


def ask_for_another_table(district: District, survey: Survey) -> None:
    """Labor asks for one more table of the fall survey; management's key is missing."""
    asked = paper_of(survey).content["questions"]
    site, unit = (next(each["id"] for each in asked if each["group"] == group) for group in ("site", "unit"))
    with on(-2):
        text = reopening.ask(district.actor(cast.LUZ), survey.pk, [(site, unit)], questions.WHY_ANOTHER_TABLE)
        district.turn_all(text, but=[cast.DENISE])


def open_now(district: District) -> None:
    """The pulse that is open now."""
    with on(-12):
        survey, _asked = _write(district, questions.PULSE, opens=-5, closes=18, results=38)
        _seal(district, survey)
        district.turn_all(actions.freeze(district.actor(cast.SAM), survey.pk, needed_by=day(-7)))
        campaign.tick()
        drawn = _hand_out(district, survey)
    with on(-4):
        _hand_over(district, survey, drawn, answers.winter(), "Bus yard, morning")
    _answer(survey, answers.winter(), drawn, time.now())
    campaign.tick()


def waiting(district: District) -> None:
    """A short survey for which one key is missing."""
    with on(-4):
        script = Script(
            title=("Kitchen and yard: is the room right?", "Cocina y patio: ¿está bien la sala?"),
            purpose=questions.PULSE.purpose,
            message=questions.PULSE.message,
            parts=questions.PULSE.parts,
            margins=("site",),
        )
        survey, _asked = _write(district, script, opens=10, closes=31, results=52)
        _seal(district, survey)
        text = actions.freeze(district.actor(cast.SAM), survey.pk, needed_by=day(7))
    with on(-2):
        district.turn_all(text, but=[cast.LUZ])


def draft(district: District) -> None:
    """The survey that is being written: some words are missing, and the parties talk about the questions."""
    _survey, asked = _write(district, questions.SPRING, opens=60, closes=85, results=105)
    for member, name, words in questions.TALK:
        stands.remark(district.actor(member), asked[name], words)
    for member in TURNERS:
        stands.say(district.actor(member), asked["breaks"], "fine")
    stands.say(district.actor(cast.RAY), asked["wishes"], "change")
    stands.screen(district.actor(cast.LUZ), asked["else"], "consult")
    stands.screen(district.actor(cast.DANA), asked["holiday"], "must_bargain")


UNUSED, LOST = 6, 1
"""Cards that are drawn and not used, and envelopes of which nobody knows where they are."""


@dataclass(frozen=True)
class HandedOut:
    """What lets answers in: a shuffled pile of printed codes, and the secrets of mailed links by mailbox."""

    pile: list[str]
    mailed: Mapping[str, bytes]


def _hand_out(district: District, survey: Survey) -> HandedOut:
    """Print a code for everyone without a mailbox, and mail a personal link to everyone else."""
    sam = district.actor(cast.SAM)
    pile = codes.draw(sam, survey.pk, sum(not worker.email for worker in roster.workers()))
    random.Random(len(pile)).shuffle(pile)
    with letters.collected() as sent:
        mailing.order(sam, survey.pk)
        mailing.send(survey.pk)
        return HandedOut(pile, {letter.to[0]: letters.secret_in(letter) for letter in sent})


def _witnesses(district: District) -> tuple[Actor, Actor]:
    return district.actor(cast.ELENA), district.actor(cast.TOM)


def _hand_over(
    district: District, survey: Survey, out: HandedOut, replies: Sequence[answers.Reply], place: str
) -> None:
    """Let everyone draw who answers by a code, and some who do not."""
    people = sum(not reply.mailbox for reply in replies) + UNUSED
    piles.hand_over(_witnesses(district), survey.pk, place, min(people, len(out.pile) - LOST))
    del out.pile[:UNUSED]


def _answer(survey: Survey, replies: Sequence[answers.Reply], out: HandedOut, at: datetime) -> None:
    """Have people answer: who has a mailbox by the own link, everyone else by a code, each in the own language."""
    survey.refresh_from_db()
    ids = _paper_ids(survey)
    offset = int((at - datetime.now(at.tzinfo)).total_seconds())
    linked = [respond.Linked(out.mailed[reply.mailbox], _values(ids, reply)) for reply in replies if reply.mailbox]
    with respond.doors(clock_offset=offset) as (site, address):
        done = respond.answer_by_link(site, address, paper_of(survey), linked)
        for language in ("en", "es"):
            speaking = [reply for reply in replies if reply.language == language and not reply.mailbox]
            people = [respond.Respondent(out.pile.pop(), _values(ids, reply)) for reply in speaking]
            done += respond.answer(address, survey.public_id, people, language)
    assert done == len(replies)


@dataclass(frozen=True)
class _Asked:
    id: str
    group: str | None
    options: Mapping[str, int]


def _paper_ids(survey: Survey) -> dict[str, _Asked]:
    """Return how the paper calls each question of a script; group options by what they hold."""
    content = json.loads(survey.paper)
    named = {
        ask.en: ask for script in (questions.FALL, questions.PULSE) for _t, part in script.parts for ask in part
    }
    found = {}
    for question in content["questions"]:
        options = {held: i for i, option in enumerate(question["options"]) for held in option.get("holds", [])}
        found[named[question["text"]["en"]].name] = _Asked(question["id"], question["group"], options)
    return found


def _values(ids: Mapping[str, _Asked], reply: answers.Reply) -> dict[str, answers.Value]:
    values: dict[str, answers.Value] = {}
    names = {site.code: site.name_en for site in valley.SITES}
    families = {code: en for code, en, _es in valley.FAMILIES}
    units = {code: en for code, en, _es, _party in valley.UNITS}
    said = {"site": names.get(reply.site or ""), "family": families.get(reply.family or "")}
    said["unit"] = units[reply.unit]
    for name, asked in ids.items():
        place = said.get(name) or ""
        values[asked.id] = asked.options.get(place) if asked.group else reply.values.get(name)
    return values
