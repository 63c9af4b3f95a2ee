"""How many are still open after so many days, and how many have ended in which way: with cases cut off or without.

The estimate of Kaplan and Meier and that of Aalen and Johansen, with bands on the log-log scale: Greenwood's variance
for the first, that of the delta method for the second. A case that is cut off on a day was still open on that day.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from rrm_lifecycle.errors import SimulationError
from rrm_lifecycle.simulation.intervals import LEVEL, normal, share_of
from rrm_lifecycle.simulation.tables import NUMBER, WHOLE, Tabular

Days = NDArray[np.int64] | NDArray[np.float64]
Floats = NDArray[np.float64]
Count = NDArray[np.int64]
_MOST_COUNTED: Final = 1 << 20
CUT_OFF: Final = -1
"""What stands for the outcome of a case that was cut off while it was open."""


@frozen(eq=False, repr=False)
class Curve(Tabular):
    """A share by day, as steps: what stands at a day holds until the next one.

    Attributes:
        days: The days on which something happened, in order.
        estimate: The share after that day.
        low: Lower end of its band, day by day at the level.
        high: Upper end of it.
        at_risk: How many cases were open when the day began.
        falls: Whether it falls from 1 (how many are still open) or rises from 0 (how many have ended so).
        level: How often the band of one day holds the true share.
        name: What the share is of.

    Example:
        >>> curve = kaplan_meier([10, 20, 20, 45], [True, True, False, True])
        >>> curve.at(20), curve.median
        (0.5, 20)
    """

    days: Days
    estimate: Floats
    low: Floats
    high: Floats
    at_risk: Count
    falls: bool = True
    level: float = LEVEL
    name: str = field(default="open", kw_only=True)

    def at(self, day: float) -> float:
        """Return the share at the end of a day."""
        place = int(np.searchsorted(self.days, day, side="right")) - 1
        return float(self.estimate[place]) if place >= 0 else (1.0 if self.falls else 0.0)

    def band(self, day: float) -> tuple[float, float]:
        """Return the band of the share at the end of a day."""
        place = int(np.searchsorted(self.days, day, side="right")) - 1
        if place < 0:
            return (1.0, 1.0) if self.falls else (0.0, 0.0)
        return float(self.low[place]), float(self.high[place])

    def quantile(self, share: float) -> float | int | None:
        """Return the first day by which this share has ended; None where the curve does not come so far.

        Raises:
            SimulationError: The share does not lie between 0 and 1.
        """
        ended = 1.0 - self.estimate if self.falls else self.estimate
        place = int(np.searchsorted(ended, share_of(share) - 1e-12))
        return self.days[place].item() if place < len(self.days) else None

    @property
    def median(self) -> float | int | None:
        """The first day by which half have ended; None where the curve does not come so far."""
        return self.quantile(0.5)

    def columns(self) -> Mapping[str, str]:
        """Return the columns: ``day``, ``share``, ``low``, ``high``, ``at_risk``; a row a day."""
        kind = WHOLE if self.days.dtype.kind in "iu" else NUMBER
        return {"day": kind, "share": NUMBER, "low": NUMBER, "high": NUMBER, "at_risk": WHOLE}

    def arrays(self) -> Mapping[str, Any]:
        """Return the values of each column."""
        columns = (self.days, self.estimate, self.low, self.high, self.at_risk)
        return dict(zip(self.columns(), columns, strict=True))

    def __repr__(self) -> str:
        """Return what it is of, how many cases, and the median."""
        cases = int(self.at_risk[0]) if len(self.at_risk) else 0
        return f"<Curve: {self.name}, {cases} cases, median {self.median}>"


# ---- Kaplan and Meier ------------------------------------------------------------------------------------------------
def kaplan_meier(days: ArrayLike, observed: ArrayLike | None = None, *, level: float = LEVEL) -> Curve:
    """Return how many are still open after so many days.

    Args:
        days: Days of each case, until it ended or was cut off.
        observed: For each case whether it ended; all did if None.
        level: How often the band of one day holds the true share.

    Raises:
        SimulationError: No case, a day that is negative or no number, or as many flags as there are days are not given.

    Example:
        >>> kaplan_meier([45, 60, 60, 90]).rows()[0]["share"]
        0.75
    """
    time = _times(days)
    ended = np.ones(len(time), dtype=bool) if observed is None else np.asarray(observed, dtype=bool)
    if ended.shape != time.shape:
        msg = f"each case has its days and whether it ended; found {len(time)} and {ended.shape}"
        raise SimulationError(msg)
    at, inverse = _distinct(time)
    events = np.bincount(inverse[ended], minlength=len(at))
    return _kaplan_meier(at, events, np.bincount(inverse, minlength=len(at)), level)


def kaplan_meier_of_counts(ended: ArrayLike, cut_off: ArrayLike | None = None, *, level: float = LEVEL) -> Curve:
    """Return how many are still open, of counts by day.

    Args:
        ended: How many cases ended after 0, 1, 2, … days.
        cut_off: How many were cut off after 0, 1, 2, … days; none if None.
        level: How often the band of one day holds the true share.

    Raises:
        SimulationError: No case, or a count that is negative.
    """
    events, left = _counts(ended, cut_off)
    at = np.flatnonzero(left)
    return _kaplan_meier(at, events[at], left[at], level)


def _kaplan_meier(at: Days, events: Count, left: Count, level: float) -> Curve:
    at_risk = left.sum() - np.cumsum(left) + left
    share = np.cumprod(1.0 - events / at_risk)
    low, high = _log_log(share, _greenwood(events, at_risk), level)
    return Curve(at, share, low, high, at_risk, level=level)


def _greenwood(events: Count, at_risk: Count) -> Floats:
    """Return the variance of the logarithm of the share that is open; where none is left, what it was before."""
    stay = at_risk - events
    return np.cumsum(np.where(stay > 0, events / (at_risk * np.maximum(stay, 1.0)), 0.0))


def _log_log(share: Floats, variance_of_log: Floats, level: float) -> tuple[Floats, Floats]:
    """Return a band that stays within 0 and 1: normal on the scale log(-log share); a share of 0 or 1 has none."""
    z = normal(level)
    inside = (share > 0.0) & (share < 1.0)
    log_share = np.log(np.where(inside, share, 0.5))
    half = z * np.sqrt(variance_of_log) / -log_share
    low, high = np.exp(log_share * np.exp(half)), np.exp(log_share * np.exp(-half))
    return np.where(inside, low, share), np.where(inside, high, share)


# ---- Aalen and Johansen ----------------------------------------------------------------------------------------------
def cumulative_incidence(
    days: ArrayLike, outcome: ArrayLike, names: Mapping[int, str] | None = None, *, level: float = LEVEL
) -> dict[str, Curve]:
    """Return how many have ended in which way after so many days: a curve an outcome.

    Args:
        days: Days of each case, until it ended or was cut off.
        outcome: For each case the number of how it ended; :data:`CUT_OFF` where it was cut off.
        names: Names of the outcomes; their numbers if None.
        level: How often the band of one day holds the true share.

    Raises:
        SimulationError: No case, a day that is negative or no number, or as many outcomes as there are days are not
            given.

    Example:
        >>> curves = cumulative_incidence([10, 20, 30, 40], [0, 1, 1, CUT_OFF], {0: "withdrawn", 1: "settled"})
        >>> curves["settled"].at(30)
        0.5
    """
    time = _times(days)
    ends = np.asarray(outcome)
    if ends.shape != time.shape:
        msg = f"each case has its days and its outcome; found {len(time)} and {ends.shape}"
        raise SimulationError(msg)
    numbers = sorted({*np.unique(ends[ends != CUT_OFF]).tolist(), *(names or {})})
    at, inverse = _distinct(time)
    counts = {(names or {}).get(one, str(one)): np.bincount(inverse[ends == one], minlength=len(at)) for one in numbers}
    return _incidence(at, counts, np.bincount(inverse, minlength=len(at)), level)


def incidence_of_counts(
    ended: Mapping[str, ArrayLike], cut_off: ArrayLike | None = None, *, level: float = LEVEL
) -> dict[str, Curve]:
    """Return how many have ended in which way, of counts by day.

    Args:
        ended: For each outcome how many cases ended so after 0, 1, 2, … days, all to the same last day.
        cut_off: How many were cut off after 0, 1, 2, … days; none if None.
        level: How often the band of one day holds the true share.
    """
    each = {name: np.asarray(one, dtype=np.int64) for name, one in ended.items()}
    _, left = _counts(np.sum(list(each.values()), axis=0), cut_off)
    at = np.flatnonzero(left)
    padded = {name: np.pad(one, (0, len(left) - len(one)))[at] for name, one in each.items()}
    return _incidence(at, padded, left[at], level)


def _incidence(at: Days, counts: Mapping[str, Count], left: Count, level: float) -> dict[str, Curve]:
    at_risk = left.sum() - np.cumsum(left) + left
    events = np.sum(list(counts.values()), axis=0) if counts else np.zeros_like(left)
    open_before = np.concatenate(([1.0], np.cumprod(1.0 - events / at_risk)[:-1]))
    stay = at_risk - events
    # Where none stays the term is infinite, and stands against a share that no longer changes: it adds nothing.
    loss = np.where(stay > 0, events / (at_risk * np.maximum(stay, 1.0)), 0.0)
    found = {}
    for name, count in counts.items():
        share = np.cumsum(open_before * count / at_risk)
        variance = _variance(share, open_before, count, at_risk, loss)
        inside = (share > 0.0) & (share < 1.0)
        safe = np.where(inside, share, 0.5)
        low, high = _log_log(np.where(inside, share, 0.0), variance / safe**2, level)
        found[name] = Curve(
            at,
            share,
            np.where(inside, low, share),
            np.where(inside, high, share),
            at_risk,
            falls=False,
            level=level,
            name=name,
        )
    return found


def _variance(share: Floats, open_before: Floats, count: Count, at_risk: Count, loss: Floats) -> Floats:
    """Return the variance of an incidence by the delta method.

    A sum over the days up to each day, of terms with the incidence that came between: its square is taken apart, so
    that running sums do.
    """
    chance = count / at_risk
    cross = open_before * chance / at_risk
    own = open_before**2 * chance * (1.0 - chance) / at_risk
    first, second, third = np.cumsum(loss), np.cumsum(share * loss), np.cumsum(share**2 * loss)
    between = share**2 * first - 2.0 * share * second + third
    found = between + np.cumsum(own) - 2.0 * (share * np.cumsum(cross) - np.cumsum(share * cross))
    return np.maximum(found, 0.0)


# ---- the cases -------------------------------------------------------------------------------------------------------
def _times(days: ArrayLike) -> Days:
    found = np.asarray(days)
    if found.ndim != 1 or found.size == 0 or found.dtype.kind not in "iuf":
        msg = f"days are a row of numbers, one a case and at least one; found {found.dtype} of shape {found.shape}"
        raise SimulationError(msg)
    if not np.all(np.isfinite(found)) or found.min() < 0:
        msg = "the days of a case are at least 0, and a number; found one that is not: leave out cases without a day"
        raise SimulationError(msg)
    return found


def _distinct(time: Days) -> tuple[Days, Count]:
    """Return the distinct days in order, and the place of each case among them; whole days are counted, not sorted."""
    if time.dtype.kind in "iu" and int(time.max()) < _MOST_COUNTED:
        at = np.flatnonzero(np.bincount(time))
        place = np.zeros(int(at[-1]) + 1, dtype=np.int64)
        place[at] = np.arange(len(at))
        return at, place[time]
    at, inverse = np.unique(time, return_inverse=True)
    return at, inverse


def _counts(ended: ArrayLike, cut_off: ArrayLike | None) -> tuple[Count, Count]:
    events = np.asarray(ended, dtype=np.int64)
    cut = np.zeros(0, dtype=np.int64) if cut_off is None else np.asarray(cut_off, dtype=np.int64)
    last = max(len(events), len(cut))
    events, cut = np.pad(events, (0, last - len(events))), np.pad(cut, (0, last - len(cut)))
    left = events + cut
    if last == 0 or events.min() < 0 or cut.min() < 0 or not left.any():
        msg = "counts by day are whole numbers of at least 0, and count at least one case; found none, or one below 0"
        raise SimulationError(msg)
    return events, left
