"""Where a row leads from a place, and on which days."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any, Final, NamedTuple

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from rrm_lifecycle.law.rows import Row
from rrm_lifecycle.law.stages import Closing, Phase, Stage
from rrm_lifecycle.law.terms import COURSE
from rrm_lifecycle.simulation.representing import COURSE_END, OVER

OF_THE_WEEK: Final = "by weekday"
"""Stands for the days left of a limit that the day of the week decides."""

Key = tuple[Stage, Phase, Closing | None, tuple[tuple[str, Any], ...]]
"""A place before it has a number: stage, furthest phase, closing, and what rules ahead ask about."""

Part = tuple[NDArray[np.int64], NDArray[np.float64]]
"""Days, and the weight of each."""

_ENDS: Final = frozenset({COURSE.name, COURSE_END})


class Run(NamedTuple):
    """A row as it can be done from a place.

    Attributes:
        row: The row.
        days: Days since the act before, those that have a chance.
        mass: The chance of each.
        weight: Its share.
    """

    row: Row
    days: NDArray[np.int64]
    mass: NDArray[np.float64]
    weight: float


class Step(NamedTuple):
    """Moves of one row to one key, on days that follow one another among those of the place.

    Attributes:
        key: Where they lead.
        row: The row.
        moves: How many there are.
        course: How long the course runs that the act agrees, if it agrees one.
        weekly: Whether the key stands for seven places that read the weekday.
    """

    key: Key
    row: Row
    moves: int
    course: int
    weekly: bool


@frozen
class Way:
    """Where a row leads from a place.

    Attributes:
        row: The row.
        day: The day on which it was tried.
        stage: The stage after it.
        closing: How the case closes by it, if it does.
        known: What is asked ahead, as it stands on that day. Not to be changed.
        moving: What of it are the days left of a limit that goes on: fewer on a later day.
        weekly: Whether a limit that it starts reads the weekday.
    """

    row: Row
    day: int
    stage: Stage
    closing: Closing | None
    known: dict[str, Any]
    moving: frozenset[str]
    weekly: bool

    def running(self, course: int) -> dict[str, Any]:
        """Return what is asked ahead with a course of another length."""
        return {**self.known, **dict.fromkeys((_ENDS - self.moving) & self.known.keys(), course)}

    def split(self, reached: Phase, days: list[int], course: int, known: dict[str, Any] | None = None) -> list[Step]:
        """Return its moves, a day at a time as long as the days left of a limit that goes on tell the days apart.

        Args:
            reached: The furthest phase once it is done.
            days: The days, in order.
            course: How long the course runs that the act agrees, if it agrees one.
            known: What is asked ahead, where it is not as it was tried.
        """
        known = self.known if known is None else known
        if not self.moving:
            key = (self.stage, reached, self.closing, tuple(known.items()))
            return [Step(key, self.row, len(days), course, self.weekly)]
        early = bisect_left(days, self.day + max(known[name] for name in self.moving) + 1)
        steps = []
        for day in days[: early + 1]:
            gone = {name: max(known[name] - (day - self.day), OVER) for name in self.moving}
            key = (self.stage, reached, self.closing, tuple({**known, **gone}.items()))
            steps.append(Step(key, self.row, 1, course, self.weekly))
        if early < len(days):
            steps[-1] = steps[-1]._replace(moves=len(days) - early)
        return steps


class Cut:
    """The moves of a row from a place, cut into steps; places that differ in what the row does not ask share it.

    Attributes:
        way: The way.
        steps: The steps, in order.
        days: Days since the act before, of all moves in the order of the steps.
        weights: The weight of each.
        counts: How many moves each step has.
        begins: Where they begin.
        targets: The node that each step leads to, once that is known.
        unknown: The steps of which it is not.
    """

    def __init__(self, way: Way, steps: list[Step], days: NDArray[np.int64], weights: NDArray[np.float64]) -> None:
        self.way = way
        self.steps = steps
        self.days = days
        self.weights = weights
        self.counts = np.array([step.moves for step in steps])
        self.begins = (np.cumsum(self.counts) - self.counts).tolist()
        self.targets = np.zeros(len(steps), dtype=np.int64)
        self.unknown = list(range(len(steps)))
