"""Where a row leads from a place, on which days, and with what weight."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import attrs
import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from rrm_lifecycle.law.rows import Row
from rrm_lifecycle.law.stages import Closing, Phase, Stage
from rrm_lifecycle.law.terms import COURSE
from rrm_lifecycle.simulation.days import Days
from rrm_lifecycle.simulation.representing import COURSE_END, OVER

OF_THE_WEEK: Final = "by weekday"
"""Stands for the days left of a limit that the day of the week decides."""

Key = tuple[Stage, Phase, Closing | None, tuple[tuple[str, Any], ...]]
"""A place before it has a number: stage, furthest phase, closing, and what rules ahead ask about."""


@frozen
class Run:
    """A row as it can be done from a place.

    Attributes:
        row: The row.
        days: Days since the act before.
        weight: Its share.
    """

    row: Row
    days: Days
    weight: float


@frozen
class Step:
    """Moves of one row to one key.

    Attributes:
        key: Where they lead.
        row: The row.
        days: Days since the act before.
        weights: The weight of each.
        course: How long the course runs that the act agrees, if it agrees one.
        weekly: Whether the key stands for seven places that read the weekday.
    """

    key: Key
    row: Row
    days: NDArray[np.int64]
    weights: NDArray[np.float64]
    course: int
    weekly: bool


@frozen
class Way:
    """Where a row leads from a place.

    Attributes:
        row: The row.
        day: The day on which it was tried.
        stands: Stage, furthest phase and closing after it.
        known: What is asked ahead, as it stands on that day.
        moving: What of it are the days left of a limit that goes on: fewer on a later day.
        weekly: Whether a limit that it starts reads the weekday.
    """

    row: Row
    day: int
    stands: tuple[Stage, Phase, Closing | None]
    known: dict[str, Any]
    moving: frozenset[str] | set[str]
    weekly: bool

    def running(self, course: int) -> Way:
        """Return the same way with a course of another length."""
        ends = dict.fromkeys(({COURSE.name, COURSE_END} - self.moving) & self.known.keys(), course)
        return attrs.evolve(self, known=self.known | ends)

    def key(self, day: int) -> Key:
        """Return where it leads on a day."""
        gone = {name: max(self.known[name] - (day - self.day), OVER) for name in self.moving}
        return (*self.stands, tuple((self.known | gone).items()))

    def split(self, days: NDArray[np.int64], weights: NDArray[np.float64], course: int) -> Iterator[Step]:
        """Yield its moves, a day at a time as long as the days left of a limit that goes on tell the days apart."""
        early = 0
        if self.moving:
            early = int(np.searchsorted(days, self.day + max(self.known[name] for name in self.moving) + 1))
        for n in range(early):
            yield Step(self.key(int(days[n])), self.row, days[n : n + 1], weights[n : n + 1], course, self.weekly)
        if early < len(days):
            yield Step(self.key(int(days[early])), self.row, days[early:], weights[early:], course, self.weekly)
