"""How long paths take: quantiles, mean and the whole distribution, each with its interval."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, overload

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from rrm_lifecycle.errors import SimulationError
from rrm_lifecycle.simulation import intervals
from rrm_lifecycle.simulation.intervals import LEVEL
from rrm_lifecycle.simulation.survival import Curve, kaplan_meier_of_counts
from rrm_lifecycle.simulation.tables import NUMBER, WHOLE, Table, Tabular


@frozen(eq=False, repr=False)
class Durations(Tabular):
    """The days of some paths, counted.

    Attributes:
        name: Which paths.
        counts: How many of them took 0, 1, 2, … days.
        level: How often an interval holds the true value.

    Raises:
        SimulationError: There is no path to count.

    Example:
        >>> days = Durations("settled", np.bincount([30, 40, 40, 90]))
        >>> days.median, days.quantile(0.9), days.mean
        (40, 90, 50.0)
    """

    name: str
    counts: NDArray[np.int64] = field(repr=False)
    level: float = LEVEL

    def __attrs_post_init__(self) -> None:
        """Refuse a distribution of nothing."""
        if not self.counts.any():
            msg = f"no path of this run is one of those asked for ({self.name}): take more paths, or see exact()"
            raise SimulationError(msg)

    @property
    def n(self) -> int:
        """How many paths there are."""
        return int(self.counts.sum())

    @overload
    def quantile(self, share: float) -> int: ...
    @overload
    def quantile(self, share: Iterable[float]) -> Table: ...
    def quantile(self, share: float | Iterable[float]) -> int | Table:
        """Return the first day by which this share of the paths has come.

        Args:
            share: From 0 to 1: 0.5 for the median. Of several, a table comes back: ``quantile``, ``days``, and ``low``
                and ``high``, between which the true quantile lies. They are empty where too few paths bound it.

        Raises:
            SimulationError: A share does not lie between 0 and 1.
        """
        if isinstance(share, Iterable) and not isinstance(share, str):
            rows = []
            for one in share:
                days, low, high = intervals.quantile(self.counts, one, self.level)
                rows.append({"quantile": float(one), "days": days, "low": low, "high": high})
            kinds = {"quantile": NUMBER, "days": WHOLE, "low": WHOLE, "high": WHOLE}
            return Table(f"days of {self.name}", kinds, rows)
        return intervals.quantile(self.counts, share, self.level)[0]

    def interval(self, share: float = 0.5) -> tuple[int | None, int | None]:
        """Return the days between which a true quantile lies; None where too few paths bound it."""
        return intervals.quantile(self.counts, share, self.level)[1:]

    @property
    def median(self) -> int:
        """The first day by which half of the paths have come."""
        return self.quantile(0.5)

    @property
    def mean(self) -> float:
        """The mean in days."""
        return intervals.mean(self.counts)[0]

    @property
    def mean_interval(self) -> tuple[float | None, float | None]:
        """The interval of the mean; None where there is one path alone."""
        return intervals.mean(self.counts, self.level)[1:]

    def survival(self) -> Curve:
        """Return how many of these paths are still open, by day."""
        return kaplan_meier_of_counts(self.counts, level=self.level)

    def columns(self) -> Mapping[str, str]:
        """Return the columns, a row for each day that a path took.

        ``count`` paths took ``day`` days; ``upto`` is the share that took no longer, and ``low`` and ``high`` the band
        that holds the whole true distribution at once.
        """
        return {"day": WHOLE, "count": WHOLE, "upto": NUMBER, "low": NUMBER, "high": NUMBER}

    def arrays(self) -> Mapping[str, Any]:
        """Return the values of each column."""
        day = np.flatnonzero(self.counts)
        upto = np.cumsum(self.counts[day]) / self.n
        half = intervals.dkw(self.n, self.level)
        return {
            "day": day,
            "count": self.counts[day],
            "upto": upto,
            "low": np.maximum(upto - half, 0.0),
            "high": np.minimum(upto + half, 1.0),
        }

    def __repr__(self) -> str:
        """Return which paths, how many, mean and median."""
        return f"<Durations: {self.name}, {self.n} paths, mean {self.mean:.1f}, median {self.median} days>"[:120]

    def __str__(self) -> str:
        """Return five quantiles and the mean as text."""
        low, high = self.mean_interval
        told = "" if low is None or high is None else f" ({low:.1f} to {high:.1f})"
        return f"{self.name}: {self.n} paths, mean {self.mean:.1f} days{told}\n{self.quantile([0.1, 0.25, 0.5, 0.75, 0.9])}"
