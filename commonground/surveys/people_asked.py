"""How many people were asked in each combination of a paper's groups, by the list of those asked."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Count

from commonground.surveys import further
from commonground.surveys.further import Table
from commonground.surveys.groups import SOURCES
from commonground.surveys.models import Eligible, Survey


def names_known(paper: Mapping[str, Any]) -> list[str]:
    """Return the group questions of a paper whose choices the staff list knows."""
    return [
        question["id"]
        for question in paper["questions"]
        if question["group"] in SOURCES and all(option.get("codes") for option in question["options"])
    ]


def in_tables(
    survey: Survey, paper: Mapping[str, Any], tables: Collection[Table]
) -> dict[Table, dict[tuple[int, ...], int]]:
    """Return how many people were asked in each cell of those tables whose groups the staff list knows."""
    names = names_known(paper)
    wanted = [name for name in names if any(name in table for table in tables)]
    people = counted(survey, paper, wanted)
    return further.people_in(people, wanted, tables) if people else {}


def counted(survey: Survey, paper: Mapping[str, Any], names: Collection[str]) -> dict[tuple[int, ...], int]:
    """Return how many people were asked by their places among the choices of these questions.

    Empty where the staff list names no choice for somebody: it changed since the paper was frozen.
    """
    asked = {question["id"]: question for question in paper["questions"]}
    places = [
        {code: place for place, option in enumerate(asked[name]["options"]) for code in option["codes"]}
        for name in names
    ]
    if not names:
        return {}
    paths = [f"staff__{SOURCES[asked[name]['group']][1]}__code" for name in names]
    rows = Eligible.rows.within(survey.partnership_id).filter(survey=survey).order_by()
    found: Counter[tuple[int, ...]] = Counter()
    for *codes, number in rows.values_list(*paths).annotate(Count("pk")):
        if any(code not in place for code, place in zip(codes, places, strict=True)):
            return {}
        found[tuple(place[code] for place, code in zip(places, codes, strict=True))] += number
    return dict(found)
