"""A program under other shares of the same acts, and what it comes to in the mean: exact, and without a new build.

Shares say how the acts of a stage split; they change neither which acts the law admits on a day, nor the days, nor where
an act leads. So a program for other shares has the same places and moves, with other units. Whoever asks for forty draws
of a behaviour need not build forty programs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Final

import attrs
import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import ROW_BY_ID
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.simulation.acts import opening
from rrm_lifecycle.simulation.ahead import standing
from rrm_lifecycle.simulation.behaviour import Behaviour
from rrm_lifecycle.simulation.habits import Habit
from rrm_lifecycle.simulation.program import WHOLE, Program
from rrm_lifecycle.simulation.representing import undated
from rrm_lifecycle.simulation.scalar import entered

Floats = NDArray[np.float64]
Whole = NDArray[np.integer]

_WEEK: Final = 7
_LEFT: Final = 1e-14
_MOST_STEPS: Final = 100_000


@frozen(eq=False)
class Expected:
    """What a program comes to.

    Attributes:
        outcomes: The share of each outcome of the program.
        days: The mean of the days from the start to the close.
    """

    outcomes: Floats
    days: float


class Weighing:
    """A program with its moves grouped, to be weighed again and again under other shares.

    Args:
        program: The program.
        weekday: Day of the week of the day from which days are counted; Monday is 0.
        spent: Days that were spent at the start with nothing done before that day. What would have come earlier did not
            come: the moves of the start are those that are left, as they share out what is left.

    Attributes:
        program: The program from that day on. Where days were spent, it has one place more, which is the start: a path
            that comes back to where it began has spent nothing there.
        left: The share of the paths that spend so many days at the start.
    """

    def __init__(self, program: Program, weekday: int, spent: int = 0) -> None:
        first, last = int(program.offsets[program.start]), int(program.offsets[program.start + 1])
        self._kept = first + np.flatnonzero(program.days[first:last] >= spent)
        self.left = float(program.units[self._kept].sum() / WHOLE)
        self._group_by_rule(program)
        self._base = program
        self.program = self._shortened(program, spent) if spent and self.left else program
        self._group_by_edge(self.program, weekday)

    def _group_by_rule(self, program: Program) -> None:
        self._source = np.repeat(np.arange(len(program.places)), np.diff(program.offsets))
        groups, self._group = np.unique(self._source * len(program.rules) + program.rule, return_inverse=True)
        self._rule = groups % len(program.rules)
        begins = np.searchsorted(groups // len(program.rules), np.arange(len(program.places) + 1)).tolist()
        self._before = np.bincount(self._group, weights=program.units)
        # Shares follow from the stage and the rows that a place admits, which many places have in common.
        known: dict[tuple[Stage, tuple[str, ...]], int] = {}
        self._admitted = []
        for place in np.flatnonzero(program.outcome < 0).tolist():
            rules = self._rule[begins[place] : begins[place + 1]].tolist()
            here = program.places[place].stage, tuple(program.rules[rule] for rule in rules)
            self._admitted.append(known.setdefault(here, len(known)))
        self._admitting = tuple(known)

    def _shortened(self, program: Program, spent: int) -> Program:
        kept = self._kept
        weights = program.units[kept]
        exact = weights * (WHOLE / weights.sum())
        units = np.floor(exact).astype(np.int64)
        units[np.argsort(units - exact, kind="stable")[: WHOLE - int(units.sum())]] += 1
        return attrs.evolve(
            program,
            places=(*program.places, program.places[program.start]),
            start=len(program.places),
            offsets=np.append(program.offsets, program.offsets[-1] + len(kept)),
            target=np.append(program.target, program.target[kept]),
            days=np.append(program.days, program.days[kept] - np.uint16(spent)),
            units=np.append(program.units, units),
            rule=np.append(program.rule, program.rule[kept]),
            outcome=np.append(program.outcome, np.int16(-1)),
        )

    def _group_by_edge(self, program: Program, weekday: int) -> None:
        places = len(program.places)
        self._leaves = np.repeat(np.arange(places), np.diff(program.offsets))
        self._begin = entered(program, weekday) * _WEEK + weekday % _WEEK
        shift = program.days.astype(np.int64) % _WEEK
        edges, self._edge = np.unique((self._leaves * places + program.target) * _WEEK + shift, return_inverse=True)
        source, target, shift = edges // (places * _WEEK), edges // _WEEK % places, edges % _WEEK
        # A row for each place and day of the week; of seven places that read it, the one of the day of arrival.
        day = ((np.arange(_WEEK) + shift[:, None]) % _WEEK).ravel()
        reads = np.repeat(program.reads_weekday[target], _WEEK)
        before = (source[:, None] * _WEEK + np.arange(_WEEK)).ravel()
        after = (np.repeat(target, _WEEK) + np.where(reads, day, 0)) * _WEEK + day
        self._pairs, self._size = (after, before), places * _WEEK
        self._laid_out: tuple[Whole, Whole, Whole] | None = None

    def units(self, behaviour: Behaviour, context: Context, case: Case | None = None) -> Floats:
        """Return what the moves weigh under the shares of another behaviour; those of an open place add up to 1.

        Args:
            behaviour: A behaviour that differs in its shares alone from the one that the program was built from.
            context: Reading, calendar and register, as the program was built with.
            case: The case from which its paths start; a new one if None.
        """
        program = self._base
        stages = standing(behaviour.stages, opening() if case is None else case, undated(context))
        shares = [_shares(here, stages[stage]) for stage, here in self._admitting]
        now = np.concatenate([*(shares[one] for one in self._admitted), np.zeros(0)])
        units = (now / self._before)[self._group] * program.units
        units /= np.bincount(self._source, weights=units, minlength=len(program.places))[self._source]
        if self.program is program:
            return units
        return np.append(units, units[self._kept] / units[self._kept].sum())

    def _step(self, weights: Floats) -> Any:  # noqa: ANN401 - a sparse matrix
        """Return the matrix that makes a move, from the weights of the edges."""
        # Loaded when it is needed: it takes longer to load than the room.
        sparse = import_module("scipy.sparse")
        shape = (self._size, self._size)
        if self._laid_out is None:  # where each weight stands, which hangs on the edges alone: found once
            numbered = sparse.csr_array((np.arange(1, len(self._pairs[0]) + 1), self._pairs), shape=shape)
            self._laid_out = (numbered.data - 1) // _WEEK, numbered.indices, numbered.indptr
        edge, indices, indptr = self._laid_out
        return sparse.csr_array((weights[edge], indices, indptr), shape=shape)

    def expected(self, units: Floats | None = None) -> Expected:
        """Return how paths end, and after how many days in the mean.

        Args:
            units: What the moves weigh; as the program has it if None.
        """
        program = self.program
        if units is None:
            units = program.units / WHOLE
        step = self._step(np.bincount(self._edge, weights=units).astype(np.float64, copy=False))
        here = np.zeros(self._size)
        here[self._begin] = 1.0
        visits = here.copy()
        for _ in range(_MOST_STEPS):
            here = step @ here
            if here.sum() < _LEFT:
                break
            visits += here
        by_place = visits.reshape(-1, _WEEK).sum(axis=1)
        stay = np.bincount(self._leaves, weights=units * program.days, minlength=len(program.places))
        ends = program.outcome >= 0
        shares = np.bincount(program.outcome[ends], weights=by_place[ends], minlength=len(program.outcomes))
        return Expected(shares.astype(np.float64), float(by_place @ stay))


def _shares(here: Sequence[str], habits: Mapping[str, Habit]) -> list[float]:
    """Return the shares of the rows that a place admits: a row that it does not admit leaves its own to the same act."""
    admitted = {name: habits[name].share if name in habits else 0.0 for name in here}
    by_act: dict[type, float] = {}
    for name, share in admitted.items():
        by_act[ROW_BY_ID[name].event] = by_act.get(ROW_BY_ID[name].event, 0.0) + share
    lost = dict.fromkeys(by_act, 0.0)
    for name, habit in habits.items():
        event = ROW_BY_ID[name].event
        if name not in admitted and event in lost:
            lost[event] += habit.share
    return [
        share * (1.0 + lost[event] / by_act[event]) if by_act[event] else 0.0
        for share, event in ((share, ROW_BY_ID[name].event) for name, share in admitted.items())
    ]
