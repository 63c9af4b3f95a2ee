"""Distributions over whole days: how long until an act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from math import erf, fsum, isfinite, log, sqrt
from typing import Any, Final, Self

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from rrm_lifecycle.errors import BehaviourError

MOST_DAYS: Final = 36_500
"""The longest time until an act that is taken: a hundred years."""
_TAIL: Final = 1e-3
_SLACK: Final = 1e-9


def whole_day(value: object, what: str) -> int:
    """Return a number of days, or refuse it.

    Raises:
        BehaviourError: No whole number, negative, or beyond a hundred years.
    """
    if isinstance(value, np.integer):
        value = int(value)
    if type(value) is int and 0 <= value <= MOST_DAYS:
        return value
    msg = f"{what} is a whole number of days from 0 to {MOST_DAYS}; found {value!r}"
    raise BehaviourError(msg[:400])


def positive(value: object, what: str, *, least: float = 0.0) -> float:
    """Return a finite number above a bound, or refuse it.

    Raises:
        BehaviourError: No number, not finite, or not above the bound.
    """
    if isinstance(value, int | float | np.floating) and not isinstance(value, bool):
        number = float(value)
        if isfinite(number) and number > least:
            return number
    msg = f"{what} is a number above {least:g}; found {value!r}"
    raise BehaviourError(msg[:400])


def _probabilities(value: Iterable[float]) -> tuple[float, ...]:
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        msg = (
            f"the probabilities of days 0, 1, 2, … are a sequence of numbers; found {value!r}: for weights, see Days.of"
        )
        raise BehaviourError(msg[:400])
    try:
        found = tuple(map(float, value))
    except (TypeError, ValueError) as error:
        msg = f"the probabilities of days 0, 1, 2, … are numbers: {error}"
        raise BehaviourError(msg[:400]) from error
    if not all(map(isfinite, found)) or min(found, default=0.0) < 0.0:
        day, one = next((day, one) for day, one in enumerate(found) if not isfinite(one) or one < 0.0)
        msg = f"the probability of day {day} is a number of at least 0; found {one!r}"
        raise BehaviourError(msg)
    total = fsum(found)
    if abs(total - 1.0) > _SLACK:
        msg = f"the probabilities of the days add up to 1; found {total!r}: for weights of any sum, see Days.of"
        raise BehaviourError(msg)
    last = len(found)
    while last > 1 and found[last - 1] == 0.0:
        last -= 1
    whole_day(last - 1, "the longest time until an act")
    return found[:last]


@frozen(slots=False, repr=False)
class Days:
    """Whole days until an act, each with its probability. Day 0 is the day of the act before.

    Attributes:
        probabilities: The probability of 0, 1, 2, … days; they add up to 1, and the last is above 0.

    Raises:
        BehaviourError: A probability is negative or no number, or they do not add up to 1.

    Example:
        >>> reply = Days.uniform(8, 12)
        >>> reply.mean, reply.quantile(0.5)
        (10.0, 10)
        >>> reply.at_most(10)
        <Days: 8 to 10, mean 9.4, median 10>
    """

    probabilities: tuple[float, ...] = field(converter=_probabilities)

    # ---- making ------------------------------------------------------------------------------------------------------
    @classmethod
    def exactly(cls, day: int) -> Self:
        """Return the distribution that stands on one day."""
        return cls.of({whole_day(day, "the day"): 1.0})

    @classmethod
    def uniform(cls, first: int, last: int) -> Self:
        """Return the distribution in which each day from a first to a last one is as likely as the others.

        Raises:
            BehaviourError: A day is none, or the last lies before the first.
        """
        first, last = whole_day(first, "the first day"), whole_day(last, "the last day")
        if last < first:
            msg = f"the days run from a first to a last one; found {first} to {last}"
            raise BehaviourError(msg)
        return cls.of(dict.fromkeys(range(first, last + 1), 1.0))

    @classmethod
    def of(cls, weights: Mapping[int, float]) -> Self:
        """Return the distribution that gives each day a weight; the weights may have any sum above 0.

        Raises:
            BehaviourError: A day or a weight is none, or there is no weight above 0.

        Example:
            >>> Days.of({10: 3, 45: 1}).mean
            18.75
        """
        if not isinstance(weights, Mapping) or not weights:
            msg = f"weights of days are a mapping such as {{10: 3, 45: 1}}; found {weights!r}"
            raise BehaviourError(msg[:400])
        found = np.zeros(max(whole_day(day, "a day") for day in weights) + 1)
        for day, weight in weights.items():
            if not isinstance(weight, int | float | np.floating) or not isfinite(weight) or weight < 0:
                msg = f"the weight of day {day} is a number of at least 0; found {weight!r}"
                raise BehaviourError(msg[:400])
            found[day] = weight
        return cls.weighted(found)

    @classmethod
    def weighted(cls, weights: NDArray[np.float64]) -> Self:
        """Return the distribution that gives days 0, 1, 2, … these weights.

        Raises:
            BehaviourError: There is no weight above 0.
        """
        total = fsum(weights)
        if not total > 0.0:
            msg = "at least one day needs a weight above 0; found none"
            raise BehaviourError(msg)
        return cls((weights / total).tolist())

    @classmethod
    def empirical(cls, days: Iterable[int], *, smoothing: float = 0.0) -> Self:
        """Return the distribution of days that were observed.

        Args:
            days: The days, each once for each time it was observed.
            smoothing: How far an observation spreads, as a part of its length: at 0.25 one of 40 days spreads over 30
                to 50 days as a triangle, and one of 0 days stays where it is.

        Raises:
            BehaviourError: No day is given, or one is none.

        Example:
            >>> Days.empirical([8, 9, 9, 12]).mean
            9.5
        """
        counts: dict[int, float] = {}
        for day in days:
            day = whole_day(day, "a day that was observed")  # noqa: PLW2901 - the same day, checked
            counts[day] = counts.get(day, 0.0) + 1.0
        if not counts:
            msg = "at least one day has to be observed; found none: for a guess, see Days.lognormal"
            raise BehaviourError(msg)
        return cls.smoothed(counts, smoothing)

    @classmethod
    def smoothed(cls, weights: Mapping[int, float], smoothing: float) -> Self:
        """Return the distribution of weighted days, each spread over its neighbours as :meth:`empirical` says."""
        if smoothing:
            positive(smoothing, "the smoothing")
        longest = max((day + round(smoothing * day) for day in weights), default=0)
        spread = np.zeros(min(longest, MOST_DAYS) + 1)
        for day, weight in weights.items():
            width = round(smoothing * day)
            steps = np.arange(-width, width + 1)
            shares = weight * (width + 1 - np.abs(steps)) / (width + 1) ** 2
            if width <= day <= MOST_DAYS - width:
                spread[day - width : day + width + 1] += shares
            else:  # what would fall beyond the days that there are falls on the last of them
                np.add.at(spread, np.clip(day + steps, 0, MOST_DAYS), shares)
        return cls.weighted(spread)

    @classmethod
    def geometric(cls, mean: float) -> Self:
        """Return the distribution without memory: every day the act is as likely as on the day before.

        Its thousandth longest times are cut off.

        Args:
            mean: The mean, before that cut.
        """
        stay = positive(mean, "the mean") / (1.0 + mean)
        last = min(MOST_DAYS, int(log(_TAIL) / log(stay)) + 1)
        return cls.weighted(np.power(stay, np.arange(last + 1), dtype=np.float64))

    @classmethod
    def lognormal(cls, median: float, spread: float) -> Self:
        """Return the lognormal distribution, rounded to whole days. Its thousandth longest times are cut off.

        Args:
            median: The median in days.
            spread: Standard deviation of the logarithm; at 0.7 two of three lie between half and twice the median.

        Example:
            >>> Days.lognormal(30, 0.7).quantile(0.5)
            30
        """
        median, spread = positive(median, "the median"), positive(spread, "the spread")

        def below(day: float) -> float:
            return 0.5 * (1.0 + erf(log(day / median) / (spread * sqrt(2.0))))

        ups = [below(0.5)]
        while ups[-1] < 1.0 - _TAIL and len(ups) <= MOST_DAYS:
            ups.append(below(len(ups) + 0.5))
        return cls.weighted(np.diff(np.array([0.0, *ups])))

    # ---- changing ----------------------------------------------------------------------------------------------------
    def at_most(self, day: int) -> Self:
        """Return the distribution in which whatever would take longer takes this many days."""
        day = whole_day(day, "at_most")
        mass = self.mass[: day + 1].copy()
        mass[-1] += fsum(self.mass[day + 1 :])
        return type(self).weighted(mass)

    def at_least(self, day: int) -> Self:
        """Return the distribution in which whatever would be quicker takes this many days."""
        day = whole_day(day, "at_least")
        mass = np.zeros(max(day + 1, len(self.mass)))
        mass[day:] = self.mass[day:] if day < len(self.mass) else 0.0
        mass[day] += fsum(self.mass[:day])
        return type(self).weighted(mass)

    def scale(self, factor: float) -> Self:
        """Return the distribution of that many times the days; what falls between two days is shared between them.

        Example:
            >>> Days.exactly(10).scale(1.25).mean
            12.5
        """
        factor = positive(factor, "scale")
        found: dict[int, float] = {}
        for day in np.flatnonzero(self.mass).tolist():
            long = day * factor
            down = int(long)
            for near, share in ((down, 1.0 - (long - down)), (down + 1, long - down)):
                if share > 0.0:
                    found[near] = found.get(near, 0.0) + share * self.probabilities[day]
        return type(self).of(found)

    def within(self, first: int, last: int | None = None) -> Self:
        """Return the distribution given that the days lie in an interval; where it has none there, the nearest day.

        Args:
            first: First day of the interval.
            last: Its last day; None where it has no end.

        Example:
            >>> Days.uniform(1, 4).within(3), Days.exactly(20).within(46)
            (<Days: 3 to 4, mean 3.5, median 3>, <Days: 46>)
        """
        end = MOST_DAYS if last is None else last
        if first <= 0 and end >= len(self.probabilities) - 1:
            return self
        mass = self.mass[: end + 1].copy()
        mass[: max(first, 0)] = 0.0
        total = fsum(mass)
        if total > 0.0:
            return type(self)((mass / total).tolist())
        return type(self).exactly(min(max(self.quantile(0.5), first), end))

    def sooner(self, days: int) -> Self:
        """Return the days that are left once some have gone by.

        Raises:
            BehaviourError: There may be fewer days than have gone by: see :meth:`within`.
        """
        if fsum(self.probabilities[:days]) > 0.0:
            msg = f"{days} days have gone by, and {self!r} may take fewer: ask for within({days}) first"
            raise BehaviourError(msg)
        return type(self)(self.probabilities[days:])

    def mixed(self, other: Days, share: float) -> Self:
        """Return the mixture that takes the other distribution with this share."""
        mass = np.zeros(max(len(self.mass), len(other.mass)))
        mass[: len(self.mass)] += (1.0 - share) * self.mass
        mass[: len(other.mass)] += share * other.mass
        return type(self).weighted(mass)

    def thinned(self, most: int) -> Self:
        """Return a distribution on at most so many days, equally likely, that stands in for this one.

        Example:
            >>> Days.uniform(0, 99).thinned(4)
            <Days: 12 to 87, mean 49.5, median 37>
        """
        if np.count_nonzero(self.mass) <= most:
            return self
        found: dict[int, float] = {}
        for n in range(most):
            day = self.quantile((n + 0.5) / most)
            found[day] = found.get(day, 0.0) + 1.0
        return type(self).of(found)

    def in_steps(self, step: int) -> Self:
        """Return the distribution rounded to multiples of a number of days.

        Example:
            >>> Days.uniform(10, 20).in_steps(15)
            <Days: 15>
        """
        found: dict[int, float] = {}
        for day in np.flatnonzero(self.mass).tolist():
            near = (2 * day + step) // (2 * step) * step
            found[near] = found.get(near, 0.0) + self.probabilities[day]
        return type(self).of(found)

    # ---- asking ------------------------------------------------------------------------------------------------------
    @cached_property
    def mass(self) -> NDArray[np.float64]:
        """The probabilities as an array, not to be written to."""
        found = np.array(self.probabilities)
        found.setflags(write=False)
        return found

    @property
    def mean(self) -> float:
        """The mean in days."""
        return fsum(day * one for day, one in enumerate(self.probabilities))

    @property
    def shortest(self) -> int:
        """The shortest time that is possible."""
        return next(day for day, one in enumerate(self.probabilities) if one > 0.0)

    @property
    def longest(self) -> int:
        """The longest time that is possible."""
        return len(self.probabilities) - 1

    def quantile(self, share: float) -> int:
        """Return the first day by which at least this share has come.

        Raises:
            BehaviourError: The share does not lie between 0 and 1.
        """
        if not 0.0 <= share <= 1.0:
            msg = f"a quantile is asked for by a share from 0 to 1; found {share!r}"
            raise BehaviourError(msg)
        reached = np.cumsum(self.mass)
        day = int(np.searchsorted(reached, share - 1e-12))
        return min(max(day, self.shortest), self.longest)

    def to_json(self) -> dict[str, list[Any]]:
        """Return the distribution as JSON: the days that are possible, and their probabilities."""
        days = np.flatnonzero(self.mass).tolist()
        return {"days": days, "probabilities": [self.probabilities[day] for day in days]}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Return the distribution that :meth:`to_json` wrote.

        Raises:
            BehaviourError: Anything else.
        """
        try:
            days, shares = list(value["days"]), list(value["probabilities"])
            found = [0.0] * (max(whole_day(day, "a day") for day in days) + 1)
            for day, share in zip(days, shares, strict=True):
                found[day] = share
        except (KeyError, TypeError, ValueError) as error:
            msg = f"days are written as {{'days': […], 'probabilities': […]}}; found {value!r}: {error}"
            raise BehaviourError(msg[:400]) from error
        return cls(found)

    def __repr__(self) -> str:
        """Return shortest, longest, mean and median."""
        if self.shortest == self.longest:
            return f"<Days: {self.longest}>"
        return f"<Days: {self.shortest} to {self.longest}, mean {self.mean:.3g}, median {self.quantile(0.5)}>"
