"""Invented districts whose people come, go and move between two waves, for the tests of memory."""

from dataclasses import dataclass
from itertools import product

import numpy as np

from commonground.disclosure.gate import protect
from commonground.disclosure.past import Earlier
from commonground.disclosure.plan import GroupQuestion, TablePlan
from commonground.disclosure.tests.survey import AGREE
from commonground.disclosure.together import NONE_NAMED, digest


@dataclass(frozen=True)
class Wave:
    """Everyone on the roster with site and job, -1 where they are not on it, and who of them answers."""

    site: np.ndarray
    job: np.ndarray
    answers: np.ndarray
    sites: int
    jobs: int

    def plan(self, pair=True):
        groups = tuple(
            GroupQuestion(
                name, labels, tuple(np.bincount(of[self.site >= 0], minlength=labels).tolist()), (None,) * labels
            )
            for name, of, labels in (("site", self.site, self.sites), ("job", self.job, self.jobs))
        )
        pairs = (("site", "job"),) if pair else ()
        return TablePlan((AGREE,), groups, ("site", "job"), pairs, eligible=int((self.site >= 0).sum()))

    def columns(self, seed=0):
        who = self.answers & (self.site >= 0)
        breaks = np.random.default_rng(seed).integers(0, 5, who.sum()).astype(np.uint8)
        return {"site": self.site[who].astype(np.uint8), "job": self.job[who].astype(np.uint8), "breaks": breaks}

    def next(self, draw, changes, answering=0.7):
        """Return a later wave: for each site that changes, this many people leave, join, or move to another."""
        site, job = self.site.copy(), self.job.copy()
        for place, (leave, join) in changes.items():
            site[np.flatnonzero(site == place)[:leave]] = -1
            site = np.concatenate([site, np.full(join, place)])
            job = np.concatenate([job, draw.integers(0, self.jobs, join)])
        return Wave(site, job, draw.random(len(site)) < answering, self.sites, self.jobs)


def first_wave(draw, sizes, jobs=2, answering=0.7):
    site = np.repeat(np.arange(len(sizes)), sizes)
    return Wave(site, draw.integers(0, jobs, len(site)), draw.random(len(site)) < answering, len(sizes), jobs)


def moved(before, after):
    """Return what a colleague knows: how many people joined or left a set of cells."""
    width = max(len(before.site), len(after.site))

    def inside(wave, wheres):
        found = np.zeros(width, dtype=bool)
        for where in wheres:
            here = wave.site >= 0
            for name, labels in where:
                here = here & np.isin(
                    {"site": wave.site, "job": wave.job}[name], [x for x in labels if x != NONE_NAMED]
                )
            found[: len(here)] |= here
        return found

    return lambda wheres: int((inside(before, wheres) ^ inside(after, wheres)).sum())


def unchanged(before, after):
    """Return for each group question the labels to which exactly the same people belong."""
    know = moved(before, after)
    sizes = {"site": before.sites, "job": before.jobs}
    return {
        name: frozenset(i for i in range(size) if know([frozenset({(name, frozenset({i}))})]) == 0)
        for name, size in sizes.items()
    }


def series(before, after, *, careful, told=False, pair=True):
    """Return the releases of two waves; careful: the second is made by the gate with the first in memory."""
    first = protect(before.plan(pair), before.columns()).as_json()
    same = unchanged(before, after) if told else {}
    earlier = [Earlier(first, "wave", digest(first), same)] if careful else []
    return [first, protect(after.plan(pair), after.columns(1), earlier).as_json()]


def all_sets(count):
    return np.array(list(product((0, 1), repeat=count)))
