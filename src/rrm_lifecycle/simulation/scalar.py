"""One path at a time, in plain Python: what the lanes have to equal bit for bit."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from rrm_lifecycle.simulation.draws import draw, key_of
from rrm_lifecycle.simulation.program import Program

_WEEK = 7


class Move(NamedTuple):
    """One move of a path.

    Attributes:
        place: Number of the place that it leads to; of seven that read the weekday, the one of the day of arrival.
        rule: Number of the row that admits it.
        days: Whole days that it takes.
    """

    place: int
    rule: int
    days: int


def path(program: Program, seed: int, case: int, *, weekday: int = 0) -> Iterator[Move]:
    """Yield the moves of one path, until it has closed.

    Args:
        program: The program.
        seed: Seed of the run.
        case: Number of the path in the run, counted from 0.
        weekday: Day of the week on which it starts; Monday is 0.

    Raises:
        SimulationError: The seed is no whole number of at least 0.
    """
    key = key_of(seed)
    by_weekday = program.reads_weekday
    place, day, step = entered(program, weekday), 0, 0
    while program.outcome[place] < 0:
        first, last = int(program.offsets[place]), int(program.offsets[place + 1])
        # The smallest move whose units, with those before it, exceed the draw: a larger draw never picks an earlier one.
        move = first + bisect_right(np.cumsum(program.units[first:last]).tolist(), draw(key, case, step))
        day += int(program.days[move])
        place = int(program.target[move])
        if by_weekday[place]:
            place += (weekday + day) % _WEEK
        yield Move(place, int(program.rule[move]), int(program.days[move]))
        step += 1


def entered(program: Program, weekday: int) -> int:
    """Return the place where a path starts that starts on a day of the week."""
    return program.start + (weekday % _WEEK if program.reads_weekday[program.start] else 0)
