"""The published list of tables and columns, `allowed.json`: what may lie on either side, and what for."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

RESPONSES: Final = "responses"
DEFAULT: Final = "default"
ANSWERS: Final = "responses_sealedanswer"
CODES: Final = "responses_code"
PAPERS: Final = "responses_paper"
BULLETINS: Final = "responses_bulletin"
ASKED: Final = "surveys_eligible"
SURVEYS: Final = "surveys_survey"

_FILE = Path(__file__).with_name("allowed.json")
_TIMES: Final = {(PAPERS, "opens_at"), (PAPERS, "closes_at"), ("django_migrations", "applied")}
"""Times of the sealed side that are the same for everybody."""


@cache
def columns(side: str) -> Mapping[str, Mapping[str, str]]:
    """Tables of a side with their columns; of each its kind and, where it matters here, what it is for."""
    found: Mapping[str, Mapping[str, str]] = json.loads(_FILE.read_text(encoding="utf-8"))[side]
    return found


def side_of(table: str) -> str:
    """Say on which side a table belongs."""
    return RESPONSES if table.startswith("responses_") else DEFAULT


def kind(table: str, column: str) -> str:
    """Say what a column holds: text, number, bytes, time, yes or no; empty for one that is not on the list."""
    return columns(side_of(table)).get(table, {}).get(column, "").partition(":")[0]


def may_keep_time(table: str, column: str) -> bool:
    """Say whether a column of the sealed side may hold a time."""
    return (table, column) in _TIMES
