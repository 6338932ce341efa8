"""Noise on numbers that a district lends, drawn by `opendp`, an optional extra (`commonground[noise]`).

What is lent is a printed whole percent, so one person moves it by whole points only: by how many, `reach` says. To
each number the discrete Laplace mechanism adds a whole number of points, k of them with a chance that falls as
exp(-|k| / scale). One person moves all numbers of a survey together by the sum of their reaches; that sum over the
scale is the epsilon which the survey spends. Whatever one person answered, and whether that person answered at all,
then makes no outcome of the noise more than exp(epsilon) times as likely (Dwork, McSherry, Nissim, Smith 2006; in
whole numbers Ghosh, Roughgarden, Sundararajan 2009).
"""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec

import numpy as np

from commonground.disclosure.compared import LEAST_PEOPLE

BUDGET = 1
"""The most epsilon that the numbers of one survey may spend together."""
SURE = 0.9
CIRCLE = 1 << 14


class NotInstalled(RuntimeError):
    """The extra that draws noise is not installed on this machine."""


def installed() -> bool:
    """Tell whether noise can be drawn here."""
    return find_spec("opendp") is not None


def reach(options: int, upper: int) -> int:
    """Return by how many points at most one person moves the printed share of `upper` of the `options`.

    For 200 answers or more. Percents that add to 100 by largest remainder put a sum of s of m options at most
    s (m - s) / m from the true share, a percent rounded for itself at most a half; one person, by another answer
    or by none, moves the true share by 100 / n at most. Two printed numbers are as far apart as these together.
    """
    rounding = max(upper * (options - upper) / options, 0.5)
    return int(2 * rounding + 100 / LEAST_PEOPLE)


def scale_of(reaches: Sequence[int]) -> int:
    """Return the scale, in points, at which numbers of these reaches spend the budget of a survey and no more."""
    return -(-sum(reaches) // BUDGET)


def draw(values: Mapping[str, int], scale: int) -> dict[str, int]:
    """Return each number with noise of this scale: whole points, at times below 0 or above 100.

    They are kept as drawn, since cutting them off at the ends would push a mean inwards. Raises NotInstalled.
    """
    if not installed():
        raise NotInstalled
    import opendp.prelude as dp

    dp.enable_features("contrib")
    space = dp.atom_domain(T=int), dp.absolute_distance(T=int)
    mechanism = dp.m.make_laplace(*space, scale=float(scale))
    return {index: int(mechanism(value)) for index, value in values.items()}


def within(scales: Sequence[int]) -> int:
    """Return how many whole points noise moves a mean at most in nine of ten cases.

    `scales` has one scale for each number in the mean, 0 for one without noise. The chances of the sum are those of
    the characteristic function of discrete Laplace noise, (1 - a)^2 / (1 - 2 a cos t + a^2), a = exp(-1 / scale),
    multiplied and turned back.
    """
    noisy = [scale for scale in scales if scale]
    if not noisy:
        return 0
    turns = np.cos(2 * np.pi * np.arange(CIRCLE // 2 + 1) / CIRCLE)
    falls = np.exp(-1 / np.array(noisy))[:, None]
    chances = np.fft.irfft(np.prod((1 - falls) ** 2 / (1 - 2 * falls * turns + falls**2), axis=0))
    inside = chances[0] + 2 * np.concatenate([[0.0], np.cumsum(chances[1 : CIRCLE // 2])])
    return -(-int(np.searchsorted(inside, SURE)) // len(scales))
