"""How far a share, a quantile or a distribution that was counted can lie from the true one.

All of them hold for any sample of independent cases. They tell of chance alone: not of how well the behaviour that the
cases follow is known.
"""

from __future__ import annotations

from math import ceil, floor, isfinite, lgamma, log, log1p, sqrt
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rrm_lifecycle.errors import SimulationError

LEVEL: Final = 0.95
"""How often an interval holds the true value, unless asked otherwise."""
_WIDE: Final = 12.0
_PLACES: Final = 20


def level_of(value: object) -> float:
    """Return a level of confidence, or refuse it.

    Raises:
        SimulationError: No number above 0 and below 1.
    """
    if isinstance(value, int | float | np.floating) and not isinstance(value, bool) and 0.0 < float(value) < 1.0:
        return float(value)
    msg = f"level is how often an interval holds the true value, a number above 0 and below 1; found {value!r}"
    raise SimulationError(msg[:400])


def share_of(value: object) -> float:
    """Return the share that a quantile is asked for by, or refuse it.

    Raises:
        SimulationError: No number from 0 to 1.
    """
    if isinstance(value, int | float | np.floating) and not isinstance(value, bool) and isfinite(value):
        number = float(value)
        if 0.0 <= number <= 1.0:
            return number
    msg = f"a quantile is asked for by a share from 0 to 1, such as 0.5 for the median; found {value!r}"
    raise SimulationError(msg[:400])


def normal(level: float = LEVEL) -> float:
    """Return how many standard deviations to each side hold this share of a normal distribution.

    Example:
        >>> round(normal(0.95), 2)
        1.96
    """
    return NormalDist().inv_cdf((1.0 + level_of(level)) / 2.0)


def wilson(count: ArrayLike, n: int, level: float = LEVEL) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the Wilson interval of shares: their lower and their upper bounds.

    It stays within 0 and 1, and tells something even where nothing or everything was counted.

    Args:
        count: How many of the cases were counted: a number, or an array of them.
        n: How many cases there are.
        level: How often the interval holds the true share.

    Raises:
        SimulationError: There are no cases, or a count lies outside of 0 to n.

    Example:
        >>> low, high = wilson(0, 100)
        >>> low.round(3).tolist(), high.round(3).tolist()
        (0.0, 0.037)
    """
    counted = np.asarray(count, dtype=np.float64)
    if n < 1 or np.any(counted < 0) or np.any(counted > n):
        msg = f"a share is counted among at least one case, and lies within 0 to all of them; found {count!r} of {n}"
        raise SimulationError(msg[:400])
    z = normal(level)
    share, square = counted / n, z * z / n
    middle = share + square / 2.0
    half = z * np.sqrt(share * (1.0 - share) / n + square / (4.0 * n))
    low, high = (middle - half) / (1.0 + square), (middle + half) / (1.0 + square)
    return np.where(counted == 0, 0.0, low), np.where(counted == n, 1.0, high)


def ranks(n: int, share: float, level: float = LEVEL) -> tuple[int | None, int | None]:
    """Return the numbers of the two ordered observations between which a quantile lies at a level.

    The binomial distribution of the number of cases at or below the quantile gives them, exactly. With days that
    many cases share the interval holds the quantile more often than the level says, never less.

    Args:
        n: How many observations there are.
        share: Which quantile: 0.5 is the median.
        level: How often the interval holds it.

    Returns:
        The numbers of the lower and the upper one, from 1; None where there are too few observations for a bound.

    Example:
        >>> ranks(100, 0.5), ranks(4, 0.5)
        ((40, 61), (None, None))
    """
    share, tail = share_of(share), (1.0 - level_of(level)) / 2.0
    if n < 1:
        msg = f"a quantile needs at least one observation; found {n}"
        raise SimulationError(msg)
    if share in {0.0, 1.0}:  # the least and the greatest value that is possible: no observation lies beyond them
        return (None, 1) if share == 0.0 else (n, None)
    first, below = _binomial(n, share)
    # The lower one is the largest r with P(B < r) <= tail, the upper one the smallest with P(B >= r) <= tail.
    low = first + int(np.searchsorted(below, tail, side="right"))
    high = first + int(np.searchsorted(below, 1.0 - tail, side="left")) + 1
    return (low if low >= 1 else None), (high if high <= n else None)


def _binomial(n: int, share: float) -> tuple[int, NDArray[np.float64]]:
    """Return P(B <= k) of a binomial variable from a first k on, as far as it matters."""
    spread = _WIDE * sqrt(n * share * (1.0 - share)) + _PLACES
    first, last = max(0, floor(n * share - spread)), min(n, ceil(n * share + spread))
    k = np.arange(first, last)
    start = lgamma(n + 1) - lgamma(first + 1) - lgamma(n - first + 1) + first * log(share) + (n - first) * log1p(-share)
    steps = np.log((n - k) / (k + 1.0)) + log(share) - log1p(-share)
    mass = np.exp(np.concatenate(([0.0], np.cumsum(steps))) + start)
    total = float(mass.sum())  # what lies outside is below 1e-30; lgamma itself errs by some 1e-7 where n is large
    return first, np.cumsum(mass / total)


def day_at(counts: NDArray[np.integer], rank: int) -> int:
    """Return the day of an ordered observation, of counts by day.

    Args:
        counts: How many observations there are of 0, 1, 2, … days.
        rank: The number of the observation, from 1.

    Example:
        >>> day_at(np.array([2, 0, 3]), 3)
        2
    """
    return int(np.searchsorted(np.cumsum(counts), rank))


def quantile(counts: NDArray[np.integer], share: float, level: float = LEVEL) -> tuple[int, int | None, int | None]:
    """Return a quantile of counts by day, and the interval in which it lies by :func:`ranks`.

    Args:
        counts: How many observations there are of 0, 1, 2, … days.
        share: Which quantile: the first day by which at least this share of the observations has come.
        level: How often the interval holds the true quantile.

    Returns:
        The day, the first and the last day of the interval; None where there are too few observations for a bound.

    Example:
        >>> quantile(np.full(100, 10), 0.5)
        (49, 46, 53)
    """
    upto = np.cumsum(counts)
    n = int(upto[-1])
    low, high = ranks(n, share, level)
    ordered = max(1, ceil(share * n - 1e-9))
    day, *ends = [None if rank is None else int(np.searchsorted(upto, rank)) for rank in (ordered, low, high)]
    assert day is not None  # noqa: S101 - told to the type checker; the first of the three is a number
    return day, ends[0], ends[1]


def dkw(n: int, level: float = LEVEL) -> float:
    """Return how far the whole counted distribution can lie from the true one, by Dvoretzky, Kiefer and Wolfowitz.

    A band of this half width about the counted shares holds the true distribution on all days at once.

    Example:
        >>> round(dkw(1_000_000), 5)
        0.00136
    """
    if n < 1:
        msg = f"a band needs at least one observation; found {n}"
        raise SimulationError(msg)
    return sqrt(log(2.0 / (1.0 - level_of(level))) / (2.0 * n))


def mean(counts: NDArray[np.integer], level: float = LEVEL) -> tuple[float, float | None, float | None]:
    """Return the mean of counts by day, and its interval by the normal distribution.

    Returns:
        The mean and the two bounds; None for both where a single observation tells nothing of the spread.
    """
    n = int(counts.sum())
    if n < 1:
        msg = "a mean needs at least one observation; found none"
        raise SimulationError(msg)
    day = np.arange(len(counts))
    middle = float(counts @ day) / n
    if n == 1:
        return middle, None, None
    half = normal(level) * sqrt(float(counts @ (day - middle) ** 2) / (n - 1) / n)
    return middle, middle - half, middle + half
