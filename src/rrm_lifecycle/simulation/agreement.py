"""Do the paths that were walked agree with the exact answers? Three tests, which errors in code do not pass.

The level is one in a million: with a given seed the tests either pass for good, or tell of an error.
"""

from __future__ import annotations

from importlib import import_module
from math import erfc, sqrt
from types import ModuleType
from typing import Final

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from rrm_lifecycle.errors import MissingExtra, SimulationError
from rrm_lifecycle.simulation.exact import Exact

Floats = NDArray[np.float64]

LEVEL: Final = 1e-6
"""How rarely a test fails where nothing is wrong."""
SLICES: Final = 20
"""Into how many slices of time the paths of each outcome are cut, as far as whole days let them be cut evenly."""
_LEAST: Final = 10.0
_NEVER: Final = 1e-12


@frozen
class Agreement:
    """What three tests found.

    Attributes:
        n: How many paths were compared.
        cells: How many cells the chi-square test compared: slices of time, outcome by outcome.
        chi_square: The sum of squares of that test.
        chi_square_p: How often chance alone gives as large a sum.
        distance: The largest distance between the shares closed by a day, of Kolmogorov and Smirnov.
        distance_p: How often chance alone gives as large a distance, at most.
        z: How many standard errors the mean of the days lies from the exact one.
        z_p: How often chance alone takes it as far.
        level: How small such a number has to be to tell of an error.
    """

    n: int
    cells: int
    chi_square: float
    chi_square_p: float
    distance: float
    distance_p: float
    z: float
    z_p: float
    level: float = field(default=LEVEL, kw_only=True)

    @property
    def agrees(self) -> bool:
        """Whether none of the three tells of an error."""
        return min(self.chi_square_p, self.distance_p, self.z_p) >= self.level

    def __str__(self) -> str:
        """Return the three tests, a line each."""
        said = "agree" if self.agrees else "do not agree"
        return (
            f"{self.n:,} paths {said} with the exact answers at a level of {self.level:g}\n"
            f"  chi-square over {self.cells} cells: {self.chi_square:.1f}, p = {self.chi_square_p:.3g}\n"
            f"  Kolmogorov-Smirnov: distance {self.distance:.2e}, p = {self.distance_p:.3g}\n"
            f"  mean of the days: {self.z:+.2f} standard errors, p = {self.z_p:.3g}"
        )


def agreement(exact: Exact, outcome: NDArray[np.integer], days: NDArray[np.integer], level: float = LEVEL) -> Agreement:
    """Compare paths with exact answers.

    Args:
        exact: The exact answers.
        outcome: For each path the number of its outcome.
        days: For each path its days.
        level: How rarely a test may fail where nothing is wrong.

    Raises:
        SimulationError: There is no path.
        MissingExtra: scipy is not installed.
    """
    if not len(days):
        raise SimulationError(_NO_PATH)
    width = int(days.max()) + 1
    flat = np.bincount(outcome.astype(np.int64) * width + days, minlength=len(exact.outcomes) * width)
    return agreement_of_counts(exact, flat.reshape(-1, width), level)


def agreement_of_counts(exact: Exact, counts: NDArray[np.integer], level: float = LEVEL) -> Agreement:
    """Compare counts of paths, by outcome and days, with exact answers.

    Args:
        exact: The exact answers.
        counts: How many paths closed so (first index) after so many days (second index).
        level: How rarely a test may fail where nothing is wrong.

    Raises:
        SimulationError: There is no path.
        MissingExtra: scipy is not installed.
    """
    stats = _stats()
    n = int(counts.sum())
    if not n:
        raise SimulationError(_NO_PATH)
    width = max(counts.shape[1], exact.by_day.shape[1])
    seen, due = (np.pad(one, ((0, 0), (0, width - one.shape[1]))) for one in (counts, exact.by_day * n))
    cells_seen, cells_due = _cells(seen, due)
    square = float(np.sum((cells_seen - cells_due) ** 2 / cells_due))
    square_p = float(stats.chi2.sf(square, len(cells_due) - 1)) if len(cells_due) > 1 else 1.0
    if np.any(seen[due < _NEVER * n] > 0):
        # What cannot happen has happened: no cell is large enough to say so.
        square_p = 0.0
    apart = np.abs(np.cumsum(seen.sum(axis=0)) - np.cumsum(due.sum(axis=0))) / n
    distance = float(apart.max())
    mean, error = float(seen.sum(axis=0) @ np.arange(width)) / n, sqrt(exact.variance() / n)
    gap = mean - exact.mean()
    z = gap / error if error > _NEVER else (0.0 if abs(gap) < _NEVER * n else float("inf"))
    return Agreement(
        n=n,
        cells=len(cells_due),
        chi_square=square,
        chi_square_p=square_p,
        distance=distance,
        # For whole days the true chance is smaller still: the test fails no more often than it says.
        distance_p=float(stats.kstwo.sf(distance, n)),
        z=z,
        z_p=erfc(abs(z) / sqrt(2.0)),
        level=level,
    )


def _cells(seen: NDArray[np.integer], due: Floats) -> tuple[Floats, Floats]:
    """Return what was seen and what was due in slices of time, outcome by outcome; small ones are joined into one."""
    found_seen, found_due = [], []
    for counted, expected in zip(seen, due, strict=True):
        total = expected.sum()
        if total <= 0.0:
            continue
        before = np.cumsum(expected) - expected
        number = np.minimum((before / total * SLICES).astype(np.int64), SLICES - 1)
        found_seen.append(np.bincount(number, weights=counted, minlength=SLICES).astype(np.float64))
        found_due.append(np.bincount(number, weights=expected, minlength=SLICES).astype(np.float64))
    all_seen, all_due = np.concatenate(found_seen), np.concatenate(found_due)
    small = all_due < _LEAST
    rest_seen, rest_due = all_seen[small].sum(), all_due[small].sum()
    all_seen, all_due = all_seen[~small], all_due[~small]
    if rest_due >= _LEAST or not len(all_due):
        return np.append(all_seen, rest_seen), np.append(all_due, rest_due)
    # Too few for a cell of their own: with the smallest of the others.
    least = int(np.argmin(all_due))
    all_seen[least] += rest_seen
    all_due[least] += rest_due
    return all_seen, all_due


_NO_PATH: Final = "paths are compared with the exact answers once there is one; found none"


def _stats() -> ModuleType:
    try:
        return import_module("scipy.stats")
    except ImportError as error:
        extra, feature = "simulation", "checks of fit"
        raise MissingExtra(extra, feature) from error
