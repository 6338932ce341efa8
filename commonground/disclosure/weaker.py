"""Telling less: of one question in one cell, first in wider steps, then not at all; of one more cell, nothing."""

from collections.abc import Collection, Mapping
from typing import Any

from commonground.disclosure.account import loss_of, pattern_of, rank_of, remainders_of
from commonground.disclosure.forms import in_steps
from commonground.disclosure.reading import At, Released, number_bounds

Told = dict[str, Any]

WITHHELD: Mapping[str, Any] = {
    "status": "withheld",
    "n": None,
    "options": None,
    "top": None,
    "mean": None,
    "step": None,
    "reason": "protected",
}
HIDDEN: Mapping[str, Any] = {"status": "withheld", "n": None, "reason": "protected"}
SMALL, WIDE_STEP, STEP = 50, 10, 5


def told_less(told: Mapping[str, Any]) -> Told:
    """Return the answers in steps of 10 percent under 50 answers, else of 5; withheld where they stand in steps."""
    if told["step"] != 1:
        return dict(WITHHELD)
    step = WIDE_STEP if number_bounds(told["n"])[1] < SMALL else STEP
    options = told["options"] and [_in_steps(share, step) for share in told["options"]]
    top = None if told["top"] is None else _in_steps(told["top"], step)
    ranged = any(isinstance(share, list) for share in (*(options or ()), top))
    status = "range" if ranged else "steps"
    return {**told, "status": status, "options": options, "top": top, "mean": None, "step": step, "reason": "steps"}


def number_less(told: Mapping[str, Any], people: int | Mapping[str, int], minimum: int) -> Told:
    """Return the answers with bounds in place of how many people answered; withheld where there are bounds already.

    The bounds leave room for k people, or nobody, to have left the question out.
    """
    if not isinstance(told["n"], int) or not isinstance(people, int):
        return dict(WITHHELD)
    steps = max(1, -(-(people - told["n"]) // minimum))
    return {**told, "n": {"at_least": max(minimum, people - minimum * steps), "at_most": people}}


def _in_steps(share: int | list[int], step: int) -> int | list[int]:
    rounded = in_steps(tuple(share) if isinstance(share, list) else share, step)  # type: ignore[arg-type]
    return list(rounded) if isinstance(rounded, tuple) else rounded


def is_told_less(less: Mapping[str, Any], told: Mapping[str, Any]) -> bool:
    """Say whether the first is the second, or what telling less makes of it."""
    if dict(less) == dict(told):
        return True
    if told["status"] == "withheld":
        return False
    counted = (
        {**told, "n": less["n"]} if isinstance(told["n"], int) and isinstance(less["n"], dict) else told_less(told)
    )
    return is_told_less(less, counted)


def hide(document: Mapping[str, Any], places: Collection[At]) -> dict[str, Any]:
    """Return the release with these cells hidden, and what it says of itself as it then is."""
    cells = [
        {**cell, **HIDDEN, "answers": {}} if frozenset(cell["at"].items()) in places else cell
        for cell in document["cells"]
    ]
    return accounted({**document, "cells": cells}) if places else dict(document)


def accounted(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the release with loss and proof as its cells now have them."""
    released, proof = Released(document), document["proof"]
    rank = rank_of(released, proof["primes"][0])
    proof = {**proof, "rank": rank, "pattern": pattern_of(released), **remainders_of(released)}
    return {**document, "loss": loss_of(released), "proof": proof}
