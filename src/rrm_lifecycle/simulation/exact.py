"""Exact answers from the integers that the paths are walked on: shares, means, and the whole distribution of days.

By frequencies where that is quick, and day by day otherwise: with rules that depend on the date, or with very many
places that read the weekday. Both tell how much is left beyond the last day.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Literal

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from rrm_lifecycle.errors import SimulationError
from rrm_lifecycle.law.stages import Closing, Phase
from rrm_lifecycle.simulation.guide import WEEK, Whole, checked
from rrm_lifecycle.simulation.program import WHOLE, Program
from rrm_lifecycle.simulation.scalar import entered
from rrm_lifecycle.simulation.spectral import LEFT, MOST_GROUPS, Floats, last_day, net_of, spectrum, window_of

Moves = tuple[NDArray[np.integer], NDArray[np.integer], NDArray[np.integer]]
"""The moves of a place: targets, days, and units that add up to 2^32."""
Kernel = Callable[[int, int], Moves | None]
"""For a place and the day on which it is entered, counted from the start, its moves; None for those of the program."""

LAST: Final = 65_535
"""The last day looked at, unless another is given: the longest path that is walked."""

_MOST_DENSE: Final = 2_000
_MOST_ROOM: Final = 1 << 25
_EVERY: Final = 32
_SLACK: Final = 1e-12
_NOTHING: Final = 1e-30


@frozen(eq=False)
class Exact:
    """What is known without sampling.

    Attributes:
        outcomes: How a path can end; in this order in all that follows.
        by_day: The share of the paths that close so (first index) after so many days (second index).
        raw: For each outcome its share, and the sums of days and of their squares, weighted by share.
        phases: The phases.
        occupied: The share of the paths that stand in a phase (first index) at the end of a day (second index).
        visits: How often a path comes to each place, on average.
        moves: How many moves a path makes, on average.
        beyond: The share of the paths that may be open after the last day looked at.
        found_by: How it was found.
    """

    outcomes: tuple[tuple[Closing, Phase], ...] = field(repr=False)
    by_day: Floats = field(repr=False)
    raw: Floats = field(repr=False)
    phases: tuple[Phase, ...] = field(repr=False)
    occupied: Floats = field(repr=False)
    visits: Floats = field(repr=False)
    moves: float
    beyond: float
    found_by: Literal["frequencies", "day by day"]

    @property
    def probabilities(self) -> Floats:
        """For each outcome the share of the paths that end so."""
        found: Floats = self.raw[0]
        return found

    def mean(self, outcome: int | None = None) -> float:
        """Return the mean of the days: of all paths, or of those that end so; no number if none do."""
        share, first, _ = self._raw(outcome)
        return first / share if share else float("nan")

    def variance(self, outcome: int | None = None) -> float:
        """Return the variance of the days: of all paths, or of those that end so; no number if none do."""
        share, first, second = self._raw(outcome)
        return max(0.0, second / share - (first / share) ** 2) if share else float("nan")

    def days(self, outcome: int | None = None) -> Floats:
        """Return the share by day: of all paths, or of those that end so, as shares of these; zeros if none do."""
        row: Floats = self.by_day.sum(axis=0) if outcome is None else self.by_day[outcome]
        total = row.sum()
        return row / total if total else row

    def survival(self) -> Floats:
        """Return the share of the paths that are open at the end of each day."""
        return np.maximum(0.0, 1.0 - np.cumsum(self.by_day.sum(axis=0)))

    def quantile(self, share: float, outcome: int | None = None) -> int:
        """Return the first day by whose end this share has closed: of all paths, or of those that end so.

        Raises:
            SimulationError: The share does not lie above 0 and up to 1, or no path ends so.
        """
        row = self.days(outcome)
        if not 0.0 < share <= 1.0 or not row.any():
            msg = f"a quantile needs a share above 0 and up to 1, and paths that end so; found {share!r}"
            raise SimulationError(msg)
        return int(np.argmax(np.cumsum(row) >= min(share, 1.0 - _SLACK) - _SLACK))

    def _raw(self, outcome: int | None) -> tuple[float, float, float]:
        first, second, third = self.raw.sum(axis=1) if outcome is None else self.raw[:, outcome]
        return float(first), float(second), float(third)


def solve(program: Program, *, weekday: int = 0, kernel: Kernel | None = None, last: int = LAST) -> Exact:
    """Return exact answers.

    Args:
        program: The program.
        weekday: Day of the week on which the paths start; Monday is 0.
        kernel: Moves that depend on the date, where there are any; then the days are gone through one by one.
        last: The last day to look at, where the days are gone through one by one.

    Raises:
        SimulationError: The program cannot be walked.
    """
    checked(program)
    phases = tuple(Phase)
    phase = np.array([phases.index(place.stage.phase) for place in program.places], dtype=np.int64)
    found = None if kernel is not None else _by_frequency(program, weekday, phase, len(phases))
    if found is None:
        ended, stood, visits, beyond = _by_day(program, weekday, kernel, last, phase, len(phases))
    else:
        ended, stood, visits, beyond = found
    closed = np.flatnonzero(program.outcome >= 0)
    by_day = np.zeros((len(program.outcomes), ended.shape[1]))
    np.add.at(by_day, program.outcome[closed], ended)
    np.add.at(stood, phase[closed], np.cumsum(ended, axis=1))
    day = np.arange(ended.shape[1], dtype=np.float64)
    raw = np.array([by_day.sum(axis=1), by_day @ day, by_day @ day**2])
    if kernel is None and not program.reads_weekday.any() and len(program.places) <= _MOST_DENSE:
        raw = moments(program)
    return Exact(
        outcomes=program.outcomes,
        by_day=by_day,
        raw=raw,
        phases=phases,
        occupied=stood,
        visits=visits,
        moves=float(visits[program.outcome < 0].sum()),
        beyond=beyond,
        found_by="day by day" if found is None else "frequencies",
    )


def moments(program: Program) -> Floats:
    """Return for each outcome its share, and the sums of days and of their squares: by one system of equations.

    Quick, and enough for means and variances.

    Args:
        program: A program in which no place reads the weekday.

    Raises:
        SimulationError: A place reads the weekday.
    """
    if program.reads_weekday.any():
        msg = "a place reads the weekday, and one system of equations does not tell the days apart: use solve()"
        raise SimulationError(msg)
    places = len(program.places)
    source = np.repeat(np.arange(places), np.diff(program.offsets))
    pair = program.target.astype(np.int64) * places + source
    days, share = program.days.astype(np.float64), program.units / WHOLE
    by_power = [
        np.bincount(pair, weights=share * days**power, minlength=places**2).reshape(places, places)
        for power in range(3)
    ]
    begin = np.zeros(places)
    begin[program.start] = 1.0
    stay = np.eye(places) - by_power[0]
    # The derivatives of visits: each move adds its days to those of the path before it.
    none = np.linalg.solve(stay, begin)
    once = np.linalg.solve(stay, by_power[1] @ none)
    twice = np.linalg.solve(stay, by_power[2] @ none + 2.0 * (by_power[1] @ once))
    closed = np.flatnonzero(program.outcome >= 0)
    found = np.zeros((3, len(program.outcomes)))
    for power, one in enumerate((none, once, twice)):
        np.add.at(found[power], program.outcome[closed], one[closed])
    return found


_Found = tuple[Floats, Floats, Floats, float]


def _by_frequency(program: Program, weekday: int, phase: Whole, phases: int) -> _Found | None:
    """Return what the frequencies tell; None where the days have to be gone through one by one."""
    if int(program.reads_weekday.sum()) > MOST_GROUPS:
        return None
    net = net_of(program)
    start = program.start + (net.places if program.start in net.weekly else 0)
    last = last_day(net, start)
    if last is None:
        return None
    window = window_of(max(last, net.kernels.shape[1]) + 1, weekly=bool(net.weekly))
    if window * len(net.kernels) > _MOST_ROOM:
        return None
    return (*spectrum(net, start, window, weekday, phase, phases), LEFT)


class _Ahead:
    """What is to come on the next days: a row a day, on a line that is taken up from the front."""

    def __init__(self, days: int, columns: int) -> None:
        self._days, self._columns = days, columns
        self._line = np.zeros(2 * days * columns)
        self._at = 0

    @property
    def today(self) -> Floats:
        """The row of today."""
        return self._line[self._at * self._columns : (self._at + 1) * self._columns]

    @property
    def all(self) -> float:
        """All that is to come."""
        return float(self._line[self._at * self._columns :].sum())

    def add(self, amounts: NDArray[Any]) -> None:
        """Add amounts by day, today first, as one row after the other."""
        days = -(-len(amounts) // self._columns)
        if days > self._days:
            kept = self._line[self._at * self._columns :]
            self._line = np.zeros(2 * days * self._columns)
            self._line[: len(kept)] = kept
            self._days, self._at = days, 0
        begin = self._at * self._columns
        self._line[begin : begin + len(amounts)] += amounts

    def next_day(self) -> None:
        """Go on to tomorrow; what is on the row of today is past."""
        self.today[:] = 0.0
        self._at += 1
        if self._at == self._days:
            half = self._days * self._columns
            self._line[:half] = self._line[half:]
            self._line[half:] = 0.0
            self._at = 0


def _by_day(  # noqa: PLR0913, PLR0917 - one call, in one place
    program: Program, weekday: int, kernel: Kernel | None, last: int, phase: Whole, phases: int
) -> _Found:
    """Go through the days one by one: what comes to a place on a day moves on from there."""
    places = len(program.places)
    source = np.repeat(np.arange(places), np.diff(program.offsets))
    days, share = program.days.astype(np.int64), program.units / WHOLE
    to, gone = days * places + program.target, days * phases + phase[source]
    is_open = program.outcome < 0
    sevens = np.flatnonzero(program.reads_weekday)
    wide = int(days.max(initial=0)) + 1
    ahead, leaving = _Ahead(wide, places), _Ahead(wide, phases)
    ahead.today[entered(program, weekday)] = 1.0
    visits, stands = np.zeros(places), np.zeros(phases)
    ended: list[Floats] = []
    stood: list[Floats] = []
    for day in range(last + 1):
        arrived, closing = (weekday + day) % WEEK, np.zeros(places)
        while ahead.today.any():
            came = ahead.today.copy()
            ahead.today[:] = 0.0
            if arrived:
                # What comes to the first of seven comes to that of today.
                came[sevens + arrived] += came[sevens]
                came[sevens] = 0.0
            visits += came
            closing += np.where(is_open, 0.0, came)
            came[~is_open] = 0.0
            stands += np.bincount(phase, weights=came, minlength=phases)
            for place in np.flatnonzero(came) if kernel is not None else ():
                moves = kernel(int(place), day) if kernel is not None else None
                if moves is not None:
                    target, after, units = (np.asarray(one, dtype=np.int64) for one in moves)
                    weight = came[place] * units / WHOLE
                    ahead.add(np.bincount(after * places + target, weights=weight))
                    leaving.add(np.bincount(after * phases + phase[place], weights=weight))
                    came[place] = 0.0
            weight = came[source] * share
            ahead.add(np.bincount(to, weights=weight))
            leaving.add(np.bincount(gone, weights=weight))
            # A loop of moves without a day leaves less and less: at some point, nothing that counts.
            ahead.today[ahead.today < _NOTHING] = 0.0
        stands -= leaving.today
        ended.append(closing[~is_open])
        stood.append(stands.copy())
        ahead.next_day()
        leaving.next_day()
        if day % _EVERY == 0 and ahead.all < LEFT:
            break
    return np.array(ended).T, np.maximum(np.array(stood).T, 0.0), visits, ahead.all
