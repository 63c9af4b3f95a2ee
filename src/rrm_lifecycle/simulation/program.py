"""The table compiled to integers: places, and moves between them with whole days, in units of 2^-32.

Exact answers and sampled paths read these same integers, so that they agree by construction.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from rrm_lifecycle.law.stages import Closing, Phase, Stage

WHOLE: Final = 1 << 32
"""The units that the moves of an open place share out: a draw of 32 bits picks one of them."""


@frozen
class Place:
    """Where a path can stand: a stage, and what a rule further on will ask about.

    Attributes:
        stage: The stage.
        reached: The furthest phase that the path has been in.
        closing: How it closed; None while it is open.
        facts: What a guard downstream reads, by name: days left of a limit, the panel's question, and the like.
        weekday: Day of the week on which it was entered (Monday is 0), where a limit in business days is read.
    """

    stage: Stage
    reached: Phase
    closing: Closing | None = None
    facts: tuple[tuple[str, Any], ...] = ()
    weekday: int | None = None


@frozen(eq=False)
class Program:
    """Places and moves.

    The moves of place ``p`` are ``offsets[p]:offsets[p + 1]``, in the order that the draws rely on: by target, then by
    days, then by rule. A place that reads the weekday stands seven times in a row, Monday first, and a move to it names
    the first of the seven: whoever walks adds the weekday of the day of arrival.

    Attributes:
        places: The places.
        start: Number of the place where a path starts.
        offsets: Where the moves of each place begin, and where those of the last end.
        target: The place that a move leads to.
        days: Whole days that it takes.
        units: Its weight in units of 2^-32; those of an open place add up to 2^32.
        rule: The row that admits it, as a number in ``rules``.
        rules: Ids of the rows.
        outcome: For a closed place its number in ``outcomes``; -1 for an open one.
        outcomes: How a path can end: the closing, and the furthest phase it had been in.
    """

    places: tuple[Place, ...] = field(repr=False)
    start: int
    offsets: NDArray[np.int64] = field(repr=False)
    target: NDArray[np.int32] = field(repr=False)
    days: NDArray[np.uint16] = field(repr=False)
    units: NDArray[np.int64] = field(repr=False)
    rule: NDArray[np.int16] = field(repr=False)
    rules: tuple[str, ...] = field(repr=False)
    outcome: NDArray[np.int16] = field(repr=False)
    outcomes: tuple[tuple[Closing, Phase], ...] = field(repr=False)

    @property
    def reads_weekday(self) -> NDArray[np.bool_]:
        """For each place, whether it is the first of seven that read the weekday."""
        return np.array([one.weekday == 0 for one in self.places], dtype=bool)
