"""Where a case goes from here: given the stage, the limits that run, and the days already spent with nothing done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import attrs
import numpy as np

from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import exact_day
from rrm_lifecycle.case.context import DEFAULT, Context
from rrm_lifecycle.errors import SimulationError
from rrm_lifecycle.histories.aligned import Alignment
from rrm_lifecycle.histories.alignment import align
from rrm_lifecycle.histories.dataset import load
from rrm_lifecycle.histories.history import History
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.progress import Progress, shown
from rrm_lifecycle.record.chain import loads
from rrm_lifecycle.simulation.behaviour import Behaviour
from rrm_lifecycle.simulation.days import MOST_DAYS, Days
from rrm_lifecycle.simulation.exact import solve
from rrm_lifecycle.simulation.foreseen import Forecast
from rrm_lifecycle.simulation.intervals import LEVEL, level_of
from rrm_lifecycle.simulation.montecarlo import count_of, program_of
from rrm_lifecycle.simulation.reweighing import Weighing

if TYPE_CHECKING:
    from concurrent.futures import Executor

Subject = Case | Alignment | History

FEW: Final = 0.05
"""The smallest share of stays so long that still tells what comes next."""
DRAWS: Final = 40
"""How many behaviours are drawn that the observations leave possible."""
_PARTS: Final = 16


# ---- forecasting -----------------------------------------------------------------------------------------------------
def forecast(  # noqa: PLR0913 - what varies between forecasts, by name
    subject: Subject,
    behaviour: Behaviour | None = None,
    *,
    today: date,
    context: Context | None = None,
    draws: int = DRAWS,
    level: float = LEVEL,
    progress: Progress | bool | None = None,
) -> Forecast:
    """Return how a case may go on from a day.

    Of a history, and of an alignment, only what was known by the end of that day is used. Where no behaviour is given and
    the case is one of the shipped histories, the default behaviour is fitted anew without it; ``.left_out`` says so.

    Args:
        subject: A case, an alignment or a history.
        behaviour: What people do; fitted to the shipped histories, without this case, if None.
        today: The day of looking.
        context: Reading, calendar and register; our defaults if None. Public holidays are left aside.
        draws: How many behaviours to draw for the intervals.
        level: How often an interval holds.
        progress: True for a bar of tqdm, or a function that is called with the behaviours drawn so far and ``draws``.

    Raises:
        EventError: ``today`` is no plain ``date``, or ``progress`` neither.
        MissingExtra: A bar is asked for, and tqdm is not installed.
        SimulationError: The case is closed, its last act lies after the day, nothing was known on it, or the behaviour
            says nothing of the stage in which it stands.

    Example:
        >>> from rrm_lifecycle.histories import load
        >>> found = forecast(load()["tamsa"], today=date(2025, 6, 14), draws=4)
        >>> found.stage.value, found.spent, found.left_out
        ('review_requested', 1, 'tamsa')
    """
    exact_day(today, "today")
    draws, level = count_of(draws, "draws, the number of behaviours drawn,"), level_of(level)
    context = context or DEFAULT
    case, last_look = _known(subject, today, context)
    if case.is_closed:
        closing = "" if case.closing is None else f" ({case.closing.value})"
        msg = (
            f"case {case.id} was closed on {case.last_day}{closing}: there is nothing left to forecast; for the day before, "
            f"pass the case as it stood then, case.until(day)"
        )
        raise SimulationError(msg)
    left_out = None
    if behaviour is None:
        left_out = case.id if case.id in _shipped() else None
        behaviour = behaviour_without(left_out)
    if case.stage not in behaviour.stages:
        msg = (
            f"case {case.id} stands in the stage '{case.stage.value}', of which the behaviour says nothing: give an act "
            f"there a share (Behaviour.with_share), or leave the behaviour out for the default one"
        )
        raise SimulationError(msg)
    spent = 0 if case.last_day is None else (today - case.last_day).days
    shows = shown(progress, "forecasting", " draws")
    return _made(case, behaviour, today, spent, context, draws, level, last_look, left_out, shows)


def _made(  # noqa: PLR0913, PLR0917 - one call, split from the one above and the one below
    case: Case,
    behaviour: Behaviour,
    today: date,
    spent: int,
    context: Context,
    draws: int,
    level: float,
    last_look: date | None,
    left_out: str | None,
    shows: Progress | None = None,
) -> Forecast:
    weighing = Weighing(program_of(behaviour, context, case), today.weekday(), spent)
    used, overdue = behaviour, weighing.left < FEW
    if overdue:
        used = _slowed(behaviour, case.stage, spent)
        weighing = Weighing(program_of(used, context, case), today.weekday(), spent)
    program = weighing.program
    outcomes, days, acts = [], [], []
    here = slice(int(program.offsets[program.start]), int(program.offsets[program.start + 1]))
    for seed in range(draws):
        units = weighing.units(used.draw(seed), context, case)
        found = weighing.expected(units)
        outcomes.append(found.outcomes)
        days.append(found.days)
        acts.append(np.bincount(program.rule[here], weights=units[here], minlength=len(program.rules)))
        if shows is not None:
            shows(seed + 1, draws)
    return Forecast(
        case.id, today, case.stage, case.last_day, spent, last_look, left_out, program, behaviour, context, case, overdue,
        solve(program, weekday=today.weekday()), (np.array(outcomes), np.array(days), np.array(acts)), level,
    )  # fmt: skip


def _slowed(behaviour: Behaviour, stage: Stage, spent: int) -> Behaviour:
    """Return the behaviour in which each act of a stage comes after the days spent and our guess of as many again."""
    part = (np.arange(_PARTS) + 0.5) / _PARTS
    more = np.round(spent * ((1.0 - part) ** -0.5 - 1.0)).astype(np.int64) + spent
    days = Days.of({min(day, MOST_DAYS): float(n) for day, n in zip(*np.unique(more, return_counts=True), strict=True)})
    slow = {name: attrs.evolve(habit, days=days) for name, habit in behaviour.stages[stage].items()}
    return attrs.evolve(behaviour, stages={**behaviour.stages, stage: slow})


def again(recipe: Mapping[str, Any], context: Context, executor: Executor | None = None) -> Forecast:
    """Return the forecast that a recipe describes. See :func:`.recipe.rerun`, which also compares the two."""
    del executor  # nothing is walked
    look = recipe["last_look"] and date.fromisoformat(recipe["last_look"])
    return _made(
        loads(recipe["case"].encode()), Behaviour.from_json(recipe["behaviour"]), date.fromisoformat(recipe["start"]),
        recipe["spent"], context, count_of(recipe["n"], "n"), level_of(recipe["level"]), look, recipe["left_out"],
    )  # fmt: skip


# ---- what is known, and what is left out -----------------------------------------------------------------------------
def _known(subject: object, today: date, context: Context) -> tuple[Case, date | None]:
    """Return the case as it was known on a day, and the last look of a history."""
    if isinstance(subject, Case):
        if subject.last_day is not None and subject.last_day > today:
            msg = (
                f"case {subject.id} has an act on {subject.last_day}, after today, {today}: look from a later day, or pass "
                "the case as it stood then, case.until(today)"
            )
            raise SimulationError(msg)
        return subject, None
    history = subject.history if isinstance(subject, Alignment) else subject
    if not isinstance(history, History):
        msg = f"a forecast is made of a case, an alignment or a history; found {type(subject).__name__}"
        raise SimulationError(msg)
    known = history.known_by(today)
    if known is None:
        msg = f"nothing of {history.id} was known by {today}: look from {history.periods[0][1]} or later"
        raise SimulationError(msg)
    return align(known, context=context).case, history.as_of


def _shipped() -> frozenset[str]:
    return frozenset(history.id for history in load())


@lru_cache(maxsize=64)
def behaviour_without(case_id: str | None) -> Behaviour:
    """Return the default behaviour, fitted to the shipped histories without one of them."""
    return Behaviour.default() if case_id is None else Behaviour.fit(load(), without={case_id})
