"""A district with real answers that is lived through twice: `python -m tests.twins.world STEP FOLDER ...`.

Twins are two sets of answers that print the same release, though what is hidden differs. The steps, each a process
of its own over the data folder that the environment names: `begin` founds the district, launches the survey and
finds the twins; `answer` lets the first people of a world answer by their links; `end` lets the others,
closes, counts and publishes. What a step
needs of those before it lies in `world.json` beside the databases.
"""

import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import django

from commonground.demo.trial.__main__ import settle_server
from commonground.demo.trial.sheet import Column, Row, Sheet, Wanted, read

FILE = "world.json"
LOOKED_AT = timedelta(hours=3)
"""So long after the opening the survey is looked at while it is open."""

FIRST = {"file": 52, "twin": 70, "other": 0}
"""So many people answer in each world before it is looked at while open: two numbers of one step of 25."""

WANTED: Mapping[str, tuple[str, Wanted, str | None]] = {
    "words": (
        "osmi2014_us_mental_health_in_tech.csv",
        Wanted("state", ("Gender", "no_employees"), ("treatment", "leave", "work_interfere"), 300),
        "Gender",
    ),
    "scales": (
        "lq2002_likert_items_2042.csv",
        Wanted("COMPID", (), ("LEAD01", "LEAD02", "TSIG01", "HOSTIL01"), 240),
        None,
    ),
}
"""For each file what takes part: 300 answers in words with small crossed groups, 240 on scales at many places."""


# The beginning


def begin(folder: Path, data: Path, name: str) -> None:
    """Found the district, launch the survey with every key, find the twins, and sign everybody in."""
    from commonground.demo.trial import district, survey
    from commonground.kernel import time
    from commonground.partnership.models import Partnership

    file, wanted, cross = WANTED[name]
    sheet = read(data / "survey_microdata" / file, wanted)
    made = district.build(sheet, 1.6)
    people = _everybody(made)
    slug = Partnership.objects.values_list("slug", flat=True).get(pk=made.id)
    start = time.now().replace(second=0, microsecond=0)
    launched, keepers = survey.launch(sheet, made, cross, start)
    paper = json.loads(launched.paper)
    told = {
        "name": name,
        "data": str(data),
        "start": start.isoformat(),
        "slug": slug,
        "tenant": made.id.hex,
        "survey": launched.pk.hex,
        "opens": (start + survey.OPENS).isoformat(),
        "cochairs": {party.hex: actor.person_id.hex for party, actor in made.cochairs.items() if actor.person_id},
        "coordinator": made.coordinator.person_id.hex if made.coordinator.person_id else "",
        "phrases": {party.hex: phrase.hex() for party, phrase in keepers.phrases.items()},
        "cookies": {role: _signed_in(person) for role, person in people.items()},
        "worlds": worlds(sheet, paper),
    }
    (folder / FILE).write_text(json.dumps(told))


def _everybody(made: Any) -> dict[str, UUID]:
    """Bring in one person of each further role; return who looks, by role."""
    from commonground.access.actor import Role
    from commonground.partnership import actions

    labor, *_others, management = made.cochairs
    found = {
        "labor co-chair": made.cochairs[labor].person_id,
        "management co-chair": made.cochairs[management].person_id,
        "alternate": made.seconds[labor].person_id,
        "coordinator": made.coordinator.person_id,
    }
    inviter = made.cochairs[management]
    for role in (Role.SPONSOR, Role.FACILITATOR, Role.CHAMPION, Role.BOARD_MEMBER):
        party = None if role == Role.FACILITATOR else management
        mailbox = f"{role.value}@trial.example"
        secret = actions.offer(inviter, email=mailbox, name=role.value, role=role, party_id=party)
        found[role.value] = actions.accept_letter(secret, role.value).pk
    return found


def _signed_in(person_id: UUID) -> dict[str, str]:
    from django.conf import settings
    from django.test import Client

    from commonground.people.models import Person

    client = Client()
    client.force_login(Person.objects.get(pk=person_id), backend=settings.AUTHENTICATION_BACKENDS[0])
    return {name: cookie.value for name, cookie in client.cookies.items()}


# Twins


def worlds(sheet: Sheet, paper: Mapping[str, Any]) -> dict[str, list[Row]]:
    """Return the rows of the file, a twin that prints the same though what is hidden differs, and another set."""
    told = released(sheet, paper)
    rows = [dict(row) for row in sheet.rows]
    for move in _hidden_moves(sheet):
        tried = [*rows]
        for place, changed in move:
            tried[place] = {**tried[place], **changed}
        if released(replace(sheet, rows=tuple(tried)), paper) == told:
            rows = tried
    item = sheet.items[0]
    other = [{**row, item.name: item.values[-1]} if n % 9 == 0 else row for n, row in enumerate(sheet.rows)]
    return {"file": [*sheet.rows], "twin": list(rows), "other": other}


def released(sheet: Sheet, paper: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tables that the count makes of these rows."""
    import numpy as np

    from commonground.demo.trial import survey
    from commonground.disclosure.gate import protect
    from commonground.surveys.counting import UNANSWERED, table_plan

    chosen = survey.options(sheet, paper["questions"])
    said = [survey.said(row, chosen) for row in sheet.rows]
    columns = {
        name: np.array([answers.get(name, UNANSWERED) for answers in said], np.uint8) for name, _ in chosen.values()
    }
    return protect(table_plan(paper), columns).as_json()


Move = list[tuple[int, Row]]
"""Some people by their places among the rows, with the values that change."""


def _hidden_moves(sheet: Sheet) -> Iterator[Move]:
    chance = random.Random(6)
    if sheet.groups:
        yield from _places_exchanged(sheet, chance)
    yield from _answers_bent(sheet, chance)


def _places_exchanged(sheet: Sheet, chance: random.Random) -> Iterator[Move]:
    """Yield pairs who differ in place and crossed group alone, with their places exchanged."""
    site, crossed = sheet.site.name, sheet.groups[0].name
    alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, row in enumerate(sheet.rows):
        alike[tuple(row[c.name] for c in sheet.columns if c.name not in (site, crossed))].append(place)
    used: set[int] = set()
    for places in alike.values():
        chance.shuffle(places)
        for one in places:
            for two in places:
                mine, theirs = sheet.rows[one], sheet.rows[two]
                if mine[site] != theirs[site] and mine[crossed] < theirs[crossed] and not {one, two} & used:
                    used |= {one, two}
                    yield [(one, {site: theirs[site]}), (two, {site: mine[site]})]


def _answers_bent(sheet: Sheet, chance: random.Random) -> Iterator[Move]:
    """Yield moves of lower answers towards their middle at one place and away from it at another."""
    by_place: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(sheet.rows):
        by_place[row[sheet.site.name]].append(place)
    for item in sheet.items:
        low, middle, high = item.values[:3] if len(item.values) == 5 else ("", "", "")
        inward = _everywhere(sheet, by_place, item, (low, high))
        outward = _everywhere(sheet, by_place, item, (middle, middle))
        chance.shuffle(outward)
        for (one, two), (three, four) in zip(inward, outward, strict=False):
            if len({one, two, three, four}) == 4:
                changed = ((one, middle), (two, middle), (three, low), (four, high))
                yield [(at, {item.name: value}) for at, value in changed]


def _everywhere(
    sheet: Sheet, by_place: Mapping[str, list[int]], item: Column, values: tuple[str, str]
) -> list[tuple[int, int]]:
    """Return two people of each place who gave these two answers, where there are such."""
    found = []
    for places in by_place.values():
        first, second = ([at for at in places if value and sheet.rows[at][item.name] == value] for value in values)
        if first and second and first[0] != second[-1]:
            found.append((first[0], second[-1]))
    return found


# While it is open, and afterwards


def answer(folder: Path, world: str, first: int, last: int | None) -> None:
    """Let people answer by their links, in an order of their own in each world; take the day's count."""
    from commonground.config.serving import tick
    from commonground.demo.trial import survey as trial
    from commonground.kernel import time
    from commonground.responses import passing
    from commonground.sealing.passes import Respondent
    from commonground.surveys import passes
    from commonground.surveys.models import Eligible, Survey
    from commonground.surveys.opening_files import paper_of

    told = _told(folder)
    survey = Survey.rows.one(UUID(told["tenant"]), UUID(told["survey"]))
    paper, rows = paper_of(survey), told["worlds"][world]
    chosen = trial.options(_sheet(told), paper.content["questions"])
    chance = random.Random(world)
    asked = list(Eligible.rows.within(survey.partnership_id).filter(survey=survey).order_by("pk"))
    for shuffled in (asked, rows):
        chance.shuffle(shuffled)
    links = passes.link_secrets(survey, [one.pk for one in asked])
    with time.at(datetime.fromisoformat(told["opens"]) + LOOKED_AT):
        for one, row in list(zip(asked, rows, strict=False))[first:last]:
            person = Respondent(paper, links[one.pk])
            person.take(passes.take(person.request()))
            passing.take(paper, person.answer(paper.layout.encode(trial.said(row, chosen))))
        tick()


def end(folder: Path) -> None:
    """Close the survey, open it with every party's key, count, and publish the page for staff."""
    from commonground.approvals import actions as approvals
    from commonground.config.serving import tick
    from commonground.demo.ceremony import Keepers
    from commonground.demo.trial import survey as trial
    from commonground.insights import actions as insights
    from commonground.kernel import time
    from commonground.partnership import queries
    from commonground.releases import public
    from commonground.surveys import following, tally

    told = _told(folder)
    tenant, survey, start = UUID(told["tenant"]), UUID(told["survey"]), datetime.fromisoformat(told["start"])
    cochairs = {UUID(party): queries.actor_of(UUID(one), tenant) for party, one in told["cochairs"].items()}
    keepers = Keepers(cochairs, {UUID(party): bytes.fromhex(phrase) for party, phrase in told["phrases"].items()})
    labor = next(iter(cochairs.values()))
    with time.at(start + trial.CLOSES + timedelta(hours=1)):
        tally.close(queries.actor_of(UUID(told["coordinator"]), tenant), survey)
    with time.at(start + trial.OPENING):
        keepers.open_seals(survey)
        release = keepers.count(survey)
        text = insights.propose(labor, release.pk, lead=public.neutral_lead(json.loads(bytes(release.data))))
        for cochair in cochairs.values():
            approvals.turn_key(cochair, text.pk, text.hash)
        following.next_wave(labor, survey, title_en="Once more", title_es="Otra vez")
        tick()


def _told(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / FILE).read_text())
    return told


def _sheet(told: Mapping[str, Any]) -> Sheet:
    file, wanted, _cross = WANTED[told["name"]]
    return read(Path(told["data"]) / "survey_microdata" / file, wanted)


if __name__ == "__main__":
    step, place, *more = sys.argv[1:]
    if step == "begin":
        settle_server(place)
        begin(Path(place), Path(more[0]), more[1])
    else:
        django.setup()
        answer(Path(place), more[0], *((0, FIRST[more[0]]) if step == "answer" else (FIRST[more[0]], None)))
        if step == "end":
            end(Path(place))
