"""The time axis of a timeline: from days to places, and where its ticks stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from attrs import frozen

from rrm_lifecycle.views import svg

_LEAST: Final = 10
"""Days that an axis shows at least."""
_DAYS: Final = (1, 2, 7, 14)
_MONTHS: Final = (1, 2, 3, 6)
_YEARS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
_AIR: Final = 16.0


@frozen
class Scale:
    """Days on a line.

    Attributes:
        first: The first day shown.
        last: The last one.
        left: Where the first day stands.
        right: Where the last one stands.
    """

    first: date
    last: date
    left: float
    right: float

    @classmethod
    def over(cls, first: date, last: date, left: float, right: float) -> Scale:
        """Return the scale that shows some days, with a little room at both ends.

        Args:
            first: The first day to be shown.
            last: The last one.
            left: Where it begins.
            right: Where it ends.
        """
        days = (last - first).days
        if days < _LEAST:
            return cls(_moved(first, -2), _moved(last, _LEAST - days), left, right)
        return cls(_moved(first, -max(1, days // 60)), _moved(last, max(1, days // 30)), left, right)

    def at(self, day: date) -> float:
        """Return where a day stands, at an end if it lies beyond."""
        share = (min(max(day, self.first), self.last) - self.first).days / max((self.last - self.first).days, 1)
        return self.left + share * (self.right - self.left)

    def ticks(self) -> tuple[tuple[date, str], ...]:
        """Return the days that are marked, each with its label: as many as there is room for."""
        for days in _DAYS:
            if self._fits(days, "0000-00-00"):
                return tuple((day, day.isoformat()) for day in self._by_days(days))
        for months in _MONTHS:
            if self._fits(months * 30.4, "0000-00"):
                return tuple((day, f"{day:%Y-%m}") for day in self._by_months(months))
        for years in _YEARS:
            if self._fits(years * 365.2, "0000"):
                return tuple((day, str(day.year)) for day in self._by_months(12 * years))
        return ()

    def _fits(self, days: float, label: str) -> bool:
        wide = days * (self.right - self.left) / max((self.last - self.first).days, 1)
        return wide >= svg.width(label, svg.SMALL) + _AIR

    def _by_days(self, days: int) -> Iterator[date]:
        # Weeks begin on Monday: 1 January of the year 1 was one.
        ordinal = self.first.toordinal()
        ordinal += (1 - ordinal) % days if days in {7, 14} else 0
        while ordinal <= self.last.toordinal():
            yield date.fromordinal(ordinal)
            ordinal += days

    def _by_months(self, months: int) -> Iterator[date]:
        number = self.first.year * 12 + self.first.month - 1
        number += -number % months
        while number < (date.max.year + 1) * 12:
            day = date(number // 12, number % 12 + 1, 1)
            if day > self.last:
                return
            if day >= self.first:
                yield day
            number += months


def _moved(day: date, days: int) -> date:
    """Return a day moved, no further than the calendar of Python goes."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal())) if days else day
