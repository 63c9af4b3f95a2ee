"""The most probable paths of a program, by the rows that they go through, with their exact mass."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from itertools import count
from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from rrm_lifecycle.errors import SimulationError
from rrm_lifecycle.law.stages import Closing
from rrm_lifecycle.simulation.program import WHOLE, Program
from rrm_lifecycle.simulation.scalar import entered

_WEEK: Final = 7
_MOST_LOOKED_AT: Final = 200_000


@frozen
class Path:
    """Paths that go through the same rows, whatever their days.

    Attributes:
        rules: The rows, in order.
        closing: How they end.
        mass: How probable they are together.
    """

    rules: tuple[str, ...]
    closing: Closing
    mass: float


class _Rows:
    """The moves of a program without their days: by row, from place and weekday to place and weekday."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.size = len(program.places) * _WEEK
        places = np.repeat(np.arange(len(program.places)), np.diff(program.offsets))
        code = ((places * len(program.rules) + program.rule) * len(program.places) + program.target) * _WEEK
        code += program.days % _WEEK
        merged, inverse = np.unique(code, return_inverse=True)
        self.weight = np.bincount(inverse, weights=program.units.astype(np.float64)) / WHOLE
        rest, self.passed = np.divmod(merged, _WEEK)
        rest, self.target = np.divmod(rest, len(program.places))
        self.place, self.rule = np.divmod(rest, len(program.rules))
        self.begins = np.searchsorted(self.place, np.arange(len(program.places) + 1))
        self.reads = program.reads_weekday[self.target]

    def after(
        self, states: NDArray[np.int64], mass: NDArray[np.float64]
    ) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.float64]]]:
        """Yield for each row that can be done where paths stand: the row, where they then stand, and their mass."""
        place, weekday = np.divmod(states, _WEEK)
        counts = self.begins[place + 1] - self.begins[place]
        source = np.repeat(np.arange(len(states)), counts)
        move = np.arange(len(source)) - np.repeat(np.cumsum(counts) - counts, counts) + self.begins[place][source]
        then = (weekday[source] + self.passed[move]) % _WEEK
        there = (self.target[move] + self.reads[move] * then) * _WEEK + then
        code, inverse = np.unique(self.rule[move] * self.size + there, return_inverse=True)
        total = np.bincount(inverse, weights=mass[source] * self.weight[move])
        rule, there = np.divmod(code, self.size)
        for one in np.unique(rule).tolist():
            mine = rule == one
            yield one, there[mine], total[mine]


def likeliest(program: Program, top: int, weekday: int) -> tuple[Path, ...]:
    """Return the most probable sequences of rows with their exact mass, the most probable first.

    Looks at the likeliest beginning first: whatever goes on from a beginning is less probable than the beginning
    itself, so that a whole path which comes up is more probable than any that is still to come.

    Args:
        program: The program.
        top: How many.
        weekday: Day of the week on which paths start; Monday is 0.

    Raises:
        SimulationError: So many paths cannot be told apart within 200,000 beginnings.
    """
    rows = _Rows(program)
    start = np.array([entered(program, weekday) * _WEEK + weekday])
    heap: list[tuple[float, int, tuple[int, ...], NDArray[np.int64], NDArray[np.float64]]] = [
        (-1.0, 0, (), start, np.ones(1))
    ]
    found: list[Path] = []
    order = count(1)  # paths of one mass come up in the order in which they were found
    looked_at = 0
    while heap and len(found) < top:
        mass, _, rules, states, masses = heapq.heappop(heap)
        outcome = program.outcome[states // _WEEK]
        if outcome[0] >= 0:
            found.append(Path(tuple(program.rules[one] for one in rules), program.outcomes[outcome[0]][0], -mass))
            continue
        looked_at += 1
        if looked_at > _MOST_LOOKED_AT:
            msg = f"the {top} most probable paths cannot be told apart: {len(found)} can; ask for fewer"
            raise SimulationError(msg)
        for rule, there, total in rows.after(states, masses):
            for part in _by_end(program.outcome[there // _WEEK]):
                heapq.heappush(heap, (-float(total[part].sum()), next(order), (*rules, rule), there[part], total[part]))
    return tuple(found)


def _by_end(outcome: NDArray[np.int16]) -> list[NDArray[np.bool_]]:
    """Return the places that are open, and those of each end: a row may lead to several."""
    return [outcome == one for one in np.unique(outcome)]
