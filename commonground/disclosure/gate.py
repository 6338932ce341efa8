"""The gate itself: answers and a table plan in; protected tables, reasons and a proof out.

`protect(plan, columns)` returns a `Protected`; its `as_json()` is the release, plain values with a stable form::

    {
      "format": "cg1-tables",
      "minimum": 10,                                   # k: no shown number describes fewer people
      "eligible": 255,                                 # people asked, or null
      "questions": [{"id": "breaks", "kind": "agreement", "options": 5}, ...],
      "groups": [                                      # one per margin, in the order of the plan
        {"id": "site", "labels": 4,
         "reporting": [                                # groups as reported; a merged one holds several labels
           {"holds": [0], "left_out": false, "roster": 71, "level": "elementary", "joined": null},
           {"holds": [2, 3], "left_out": false, "roster": 118, "level": "high", "joined": "roster"},
           {"holds": [], "left_out": true, "roster": null, "level": null, "joined": null}]}],
      "pairs": [["site", "job_family"]],
      "cells": [                                       # the district, then each margin, then each pair
        {"at": {}, "status": "shown", "n": 140, "reason": null, "answers": {"breaks": ANSWERS, ...}},
        {"at": {"site": 0}, "status": "shown", "n": {"at_least": 64, "at_most": 71, "of": 71}, ...},
        {"at": {"site": 1, "job_family": 2}, "status": "withheld", "n": null, "reason": "protected",
         "answers": {}}],
      "merged": [{"group": "site", "holds": [2, 3], "left_out": false, "joined": "roster"}],
      "reasons": {"protected": "Too few answers here or beside it, so not shown, to protect people.", ...},
      "loss": {"cells": 20, "hidden": 6, "tables": [
        {"groups": ["site"], "cells": 4, "hidden": 0, "people": 100}]},   # whole percent still described
      "proof": {...}                                   # see `commonground.disclosure.verify`
    }

`at` gives for each group its place in `reporting` ({} is the district). ANSWERS of one question in one cell::

    {"status": "shown", "n": 138, "options": [15, 29, 18, 27, 11], "top": 38, "mean": 2.9, "step": 1, "reason": null}

| field | meaning |
|---|---|
| status | shown: whole percents; steps: percents rounded to `step`; range: some numbers are ranges; withheld |
| n | people who answered the question: a number, or bounds {"at_least": a, "at_most": b} when exact is not safe; `of` is the roster where nearly everyone answered ("90 % or more of 71") |
| options | one entry per option: whole percent, or a range [low, high] of percents, both ends included; null when the options are not shown apart (under 30 answers, or a crossed cell) |
| top | share of the upper answers (`Question.top`): whole percent or range; null if the question has none |
| mean | one decimal, on 1 to 5 or 0 to 10; null where it is not shown |
| step | 1, or 5 where percents are given in steps of five, or 10; null when withheld |
| reason | why less than everything is shown, a key of `reasons`; null when all is shown |

Percents of one whole add to 100 (largest remainder) where every one is a whole percent with step 1; the several
options of a `several` question are each a share of the people who answered it and need not add to anything.
A withheld value always carries the reason "protected", whether it is small or shields a small one.
"""

from dataclasses import dataclass
from typing import Any

Release = dict[str, Any]


@dataclass(frozen=True)
class Protected:
    """A release that passed the gate. `document` has the form described above and holds only plain values."""

    document: Release

    def as_json(self) -> Release:
        """Return the release as plain dictionaries, lists, numbers and texts."""
        return self.document

    @property
    def loss(self) -> Release:
        """Return how many cells are hidden and what share of people each table still describes."""
        loss: Release = self.document["loss"]
        return loss

    @property
    def proof(self) -> Release:
        """Return the evidence that `verify` checks without answers."""
        proof: Release = self.document["proof"]
        return proof
