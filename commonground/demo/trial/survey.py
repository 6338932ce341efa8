"""A survey made from a file's columns: written, sealed, launched, answered over HTTP, closed, opened, counted."""

import json
import random
import time as stopwatch
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from commonground.demo import piles, respond
from commonground.demo.ceremony import Keepers
from commonground.demo.trial.district import District
from commonground.demo.trial.sheet import Column, Row, Sheet, Unusable
from commonground.demo.trial.stations import Outcome, Stations
from commonground.kernel import time
from commonground.kernel.errors import Refused
from commonground.surveys import actions, campaign, codes, seals, tally
from commonground.surveys.models import Survey

OPENS, DURING, CLOSES, OPENING, RESULTS = (timedelta(days=days) for days in (1, 2, 15, 20, 30))
LANGUAGES = ("en", "es")
PURPOSE = "A trial with answers that were given before."
CODES_LEFT_OVER = 10


def carry_out(sheet: Sheet, district: District, cross: str | None, stations: Stations) -> Outcome:
    """Do the main job; raises Unusable for columns that make no survey, and respond.Refused without a receipt."""
    start = time.now()
    with stations("survey written, sealed, launched with every key"):
        survey, keepers = launch(sheet, district, cross, start)
    with stations("codes printed, drawn before both witnesses"):
        drawn = draw(district, survey, len(sheet.rows))
        hand_over(district, survey, len(drawn), start)
    with stations(f"{len(sheet.rows):,} answers over HTTP at the respondents' door"):
        thanked = _answer(sheet, survey, drawn, start + DURING)
    return _open(district, survey, keepers, start, thanked, stations)


# Until the launch


def launch(sheet: Sheet, district: District, cross: str | None, start: datetime) -> tuple[Survey, Keepers]:
    """Write a survey, seal it and launch it with every party's key. Raises Unusable with all that is missing."""
    try:
        survey = _write(sheet, district, cross, start)
        keepers = _seal(district, survey)
        district.turn_all(actions.freeze(district.labor, survey.pk))
    except Refused as refusal:
        raise Unusable(f"These columns make no survey. {refusal.message} Choose other columns.") from refusal
    campaign.tick()
    survey.refresh_from_db()
    return survey, keepers


def _write(sheet: Sheet, district: District, cross: str | None, start: datetime) -> Survey:
    labor = district.labor
    survey = actions.create_survey(
        labor, title_en=f"Trial: {sheet.name}"[:200], title_es=f"Prueba: {sheet.name}"[:200]
    )
    texts = {f"{name}_{language}": PURPOSE for name in ("purpose", "message", "contact") for language in LANGUAGES}
    actions.edit_texts(labor, survey.pk, **texts)
    about = actions.add_part(labor, survey.pk, title_en="About you", title_es="Sobre usted")
    asked = {sheet.site.name: _ask(labor, survey, about.pk, sheet.site, "site")}
    asked |= {column.name: _ask(labor, survey, about.pk, column, "other") for column in sheet.groups}
    items = actions.add_part(labor, survey.pk, title_en="Your work", title_es="Su trabajo")
    for column in sheet.items:
        _ask(labor, survey, items.pk, column, "")
    pairs = [(asked[sheet.site.name], asked[cross])] if cross else []
    actions.set_plan(labor, survey.pk, margins=asked.values(), pairs=pairs)
    actions.set_terms(
        labor,
        survey.pk,
        opens_at=start + OPENS,
        closes_at=start + CLOSES,
        opening_on=(start + OPENING).date(),
        results_by=(start + RESULTS).date(),
    )
    return survey


def _ask(labor: Any, survey: Survey, part: UUID, column: Column, dimension: str) -> UUID:
    own = column.kind == "one" and dimension != "site"
    return actions.add_question(
        labor,
        survey.pk,
        part,
        kind=column.kind,
        text_en=column.name,
        text_es=column.name,
        options=[(value, value) for value in column.values] if own else (),
        dimension=dimension,
    ).pk


def _seal(district: District, survey: Survey) -> Keepers:
    for party, actor in district.cochairs.items():
        people = [actor.person_id, district.seconds[party].person_id]
        seals.name_keepers(district.coordinator, survey.pk, party, [person for person in people if person])
    keepers = Keepers(district.cochairs)
    keepers.make_seals(survey.pk, district.coordinator)
    return keepers


# While it is open


def draw(district: District, survey: Survey, people: int) -> list[str]:
    """Draw a code for each person and some more, as many at once as may be, shuffled as a pile of envelopes is."""
    drawn: list[str] = []
    wanted = people + CODES_LEFT_OVER
    while len(drawn) < wanted:
        count = min(codes.MOST_AT_ONCE, wanted - len(drawn))
        drawn += codes.draw(district.coordinator, survey.pk, count)
    random.SystemRandom().shuffle(drawn)
    return drawn[:people]


def hand_over(district: District, survey: Survey, people: int, start: datetime) -> None:
    """Let so many people draw before the first labor organization and management."""
    first, *_others, last = district.cochairs.values()
    with time.at(start + OPENS):
        piles.hand_over((first, last), survey.pk, "Everywhere", people)


def _answer(sheet: Sheet, survey: Survey, drawn: list[str], moment: datetime) -> int:
    chosen = options(sheet, json.loads(survey.paper)["questions"])
    people = [respond.Respondent(code, said(row, chosen)) for code, row in zip(drawn, sheet.rows, strict=True)]
    offset = int((moment - time.now()).total_seconds())
    with respond.door(clock_offset=offset) as address:
        return respond.answer(address, survey.public_id, people)


Choices = Mapping[str, tuple[str, Mapping[str, int]]]
"""For each column the question of the paper, and the option that each value is."""


def options(sheet: Sheet, questions: list[dict[str, Any]]) -> Choices:
    """Return which option of the paper each value of a column is; a place is the option that holds it."""
    found: dict[str, tuple[str, Mapping[str, int]]] = {}
    for column, question in zip(sheet.columns, questions, strict=True):
        place = {value: number for number, value in enumerate(column.values)}
        if column is sheet.site:
            place = {name: number for number, each in enumerate(question["options"]) for name in each["holds"]}
        found[column.name] = (question["id"], place)
    return found


def said(row: Row, chosen: Choices) -> dict[str, int]:
    """Return a row's answers by the questions of the paper; what was left out is absent."""
    return {name: place[row[column]] for column, (name, place) in chosen.items() if row[column]}


# After it closed


def _open(
    district: District, survey: Survey, keepers: Keepers, start: datetime, thanked: int, stations: Stations
) -> Outcome:
    began = stopwatch.monotonic()
    busy = keepers.seconds
    with time.at(start + CLOSES + timedelta(hours=1)), stations("closed, list fixed"):
        tally.close(district.coordinator, survey.pk)
    with time.at(start + OPENING):
        with stations("seals taken off by every party"):
            keepers.open_seals(survey.pk)
        with stations("shares given, counted, gate, release"):
            release = keepers.count(survey.pk)
    by_keepers = keepers.seconds - busy
    server = stopwatch.monotonic() - began - by_keepers
    stations.tell("of these three, the keepers' own machines", by_keepers)
    stations.tell("of these three, the server", server)
    return Outcome(json.loads(bytes(release.data)), thanked)
