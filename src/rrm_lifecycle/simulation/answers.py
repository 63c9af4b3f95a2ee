"""Exact answers for a behaviour: shares, and the whole distribution of days; from a date on, with its closing days."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final

import numpy as np
from attrs import field, frozen

from rrm_lifecycle.case.calendars import Calendar
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.context import DEFAULT, Context
from rrm_lifecycle.case.engine import ROW_BY_ID
from rrm_lifecycle.errors import CalendarEnd
from rrm_lifecycle.law.guards import Lapsed, Waited
from rrm_lifecycle.law.stages import Closing, Phase
from rrm_lifecycle.simulation.acts import facility_of, opening
from rrm_lifecycle.simulation.behaviour import Behaviour
from rrm_lifecycle.simulation.exact import Exact, Kernel, Moves, solve
from rrm_lifecycle.simulation.montecarlo import default_start, program_of, start_of
from rrm_lifecycle.simulation.program import Place, Program
from rrm_lifecycle.simulation.tables import DAY, NUMBER, TEXT, Table, Tabular

_DAY: Final = timedelta(1)
_WEEKEND: Final = 5


@frozen(eq=False)
class Answers(Tabular):
    """What is known exactly: no sampling, and so no interval of chance.

    Attributes:
        program: The program.
        exact: What was solved.
        start: First day.
        dated: Whether closing days of a calendar were counted, or weekends alone.
    """

    program: Program = field(repr=False)
    exact: Exact = field(repr=False)
    start: date
    dated: bool

    def outcomes(self, by: str = "closing") -> Table:
        """Return the share, and the mean of days, of each way to close.

        Args:
            by: ``"closing"``, or ``"reached"`` for the furthest phase that the case had been in.
        """
        groups: dict[str, list[int]] = {}
        for number, (closing, reached) in enumerate(self.exact.outcomes):
            groups.setdefault((closing if by == "closing" else reached).value, []).append(number)
        records: list[dict[str, Any]] = []
        for name, numbers in groups.items():
            share, days, _ = self.exact.raw[:, numbers].sum(axis=1)
            mean = float(days / share) if share > 0.0 else None
            records.append({by: name, "share": float(share), "mean_days": mean})
        records.sort(key=lambda one: -one["share"])
        return Table("exact", {by: TEXT, "share": NUMBER, "mean_days": NUMBER}, tuple(records))

    def share(self, closing: Closing | Phase | str) -> float:
        """Return the share of cases that close so, or that reach a phase."""
        name = str(closing)
        return float(
            sum(
                share
                for (closed, reached), share in zip(self.exact.outcomes, self.exact.probabilities, strict=True)
                if name in (closed.value, reached.value)
            )
        )

    @property
    def mean(self) -> float:
        """Mean of the days to the close."""
        return self.exact.mean()

    @property
    def deviation(self) -> float:
        """Standard deviation of the days to the close."""
        return float(np.sqrt(self.exact.variance()))

    def quantile(self, share: float) -> int:
        """Return the day by which a share of cases has closed."""
        return self.exact.quantile(share)

    def within(self, days: int) -> float:
        """Return the share of cases that have closed within so many days."""
        return float(self.exact.by_day[:, : days + 1].sum())

    @cached_property
    def _rows(self) -> Table:
        by_day = self.exact.by_day.sum(axis=0)
        closed = np.cumsum(by_day)
        records = [
            {"day": day, "share": float(by_day[day]), "closed": float(closed[day])}
            for day in np.flatnonzero(by_day).tolist()
        ]
        return Table("days to the close", {"day": DAY, "share": NUMBER, "closed": NUMBER}, tuple(records))

    def distribution(self) -> Table:
        """Return, for each day, the share of cases that close on it, and by it."""
        return self._rows

    def occupancy(self, every: int = 1) -> Table:
        """Return the share of cases that stand in each phase at the end of a day.

        Args:
            every: Every how many days.
        """
        names = [phase.value for phase in self.exact.phases]
        days = range(0, self.exact.occupied.shape[1], every)
        records = [{"day": day, **dict(zip(names, self.exact.occupied[:, day].tolist(), strict=True))} for day in days]
        return Table("occupancy", {"day": DAY, **dict.fromkeys(names, NUMBER)}, tuple(records))

    def columns(self) -> Any:  # noqa: ANN401 - as a table says
        """Return the columns of its frame."""
        return self.outcomes().columns()

    def arrays(self) -> Any:  # noqa: ANN401 - as a table says
        """Return the columns of its frame, as arrays."""
        return self.outcomes().arrays()

    def __str__(self) -> str:
        """Return the shares, and the days, as text."""
        eight = f"{self.quantile(0.1)} and {self.quantile(0.9)}"
        days = f"days to the close: median {self.quantile(0.5)}, eight of ten between {eight}, mean {self.mean:.1f}"
        return f"exact, from {self.start}\n\n{self.outcomes()}\n\n{days}"


def exact(
    behaviour: Behaviour | None = None, *, start: date | Case | None = None, context: Context | None = None
) -> Answers:
    """Return exact answers to what :func:`.montecarlo.simulate` samples.

    With a day to start on, business days are counted with the calendar, as far as it knows; beyond that, and without a
    day, weekends alone are closed.

    Args:
        behaviour: What people do; fitted to the shipped histories if None.
        start: First day, not before 1 July 2020; or a case that is open, which goes on from its last act.
        context: Reading, calendar and register; our defaults if None.

    Raises:
        BehaviourError: The behaviour is none.
        SimulationError: The day is none that can be used, or no program follows from the behaviour.

    Example:
        >>> answers = exact()
        >>> round(answers.share("panel") + answers.share("sanctions"), 1)
        0.2
    """
    context = context or DEFAULT
    case = start if isinstance(start, Case) else None
    day = start if case is None else case.last_day
    first = default_start() if day is None else start_of(day)
    program = program_of(Behaviour.default() if behaviour is None else behaviour, context, case)
    kernel = None
    if start is not None and program.reads_weekday.any():
        kernel = _kernel(program, first, _calendar(case, context))
    return Answers(program, solve(program, weekday=first.weekday(), kernel=kernel), first, kernel is not None)


def _calendar(case: Case | None, context: Context) -> Calendar:
    known = case if case is not None and case.respondent is not None else None
    if known is None:
        new = opening()
        country = facility_of(new).country
        return context.calendar_for(new.annex.other(country), country)
    return context.calendar_for(known.complainant, known.respondent)


def _kernel(program: Program, first: date, calendar: Calendar) -> Kernel:
    """Return the moves of places in which a limit of business days runs, for the date on which they are entered."""
    gated = [frozenset(_waits_for(rule)) for rule in program.rules]
    closed = [(day - first).days for day in _closed_weekdays(first, calendar)]

    def moves(place: int, day: int) -> Moves | None:
        here = program.places[place]
        next_closed = bisect_right(closed, day)
        if here.weekday is None or next_closed == len(closed) or closed[next_closed] > day + _longest(here):
            return None
        later = dict(_later(here, first + _DAY * day, calendar))
        if not any(later.values()):
            return None
        span = slice(program.offsets[place], program.offsets[place + 1])
        days = program.days[span].astype(np.int64)
        for name, by in later.items():
            opens = [name in gated[rule] for rule in program.rule[span]]
            if by and any(opens):
                soonest = days[opens].min() + by
                days[opens] = np.maximum(days[opens], soonest)
        return program.target[span], days, program.units[span]

    return moves


def _closed_weekdays(first: date, calendar: Calendar) -> Iterator[date]:
    """Yield the days from Monday to Friday on which a calendar is closed, as far as it knows."""
    day = first
    with suppress(CalendarEnd):
        while True:
            day += _DAY
            if day.weekday() < _WEEKEND and not calendar.is_open(day):
                yield day


def _longest(place: Place) -> int:
    return max((left for _, left in place.facts if type(left) is int), default=0)


def _waits_for(rule: str) -> Iterator[str]:
    for guard in ROW_BY_ID[rule].requires:
        if isinstance(guard, Lapsed | Waited):
            yield guard.term.name


def _later(place: Place, entered: date, calendar: Calendar) -> Iterator[tuple[str, int]]:
    """Yield, for each limit that runs, by how many days closing days move its last day."""
    for name, left in place.facts:
        if type(left) is not int or left <= 0:
            continue
        due = entered + _DAY * left
        weekdays = sum((entered + _DAY * n).weekday() < _WEEKEND for n in range(1, left + 1))
        try:
            moved = calendar.add_business_days(entered, weekdays)
        except CalendarEnd:
            continue  # beyond what the calendar knows, weekends alone are closed
        if moved > due:
            yield name, (moved - due).days
