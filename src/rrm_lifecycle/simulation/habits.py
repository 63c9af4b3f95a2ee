"""A habit: how often an act comes next in a stage, and after how long; and which acts a stage provides for."""

from __future__ import annotations

from functools import cache
from math import isfinite

import numpy as np
from attrs import field, frozen

from rrm_lifecycle.case.events import Event
from rrm_lifecycle.errors import BehaviourError
from rrm_lifecycle.law.rows import Row
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.law.table import TABLE
from rrm_lifecycle.simulation.days import Days


def share_of(value: float) -> float:
    """Return a share, or refuse it.

    Raises:
        BehaviourError: No number from 0 to 1.
    """
    if isinstance(value, int | float | np.floating) and not isinstance(value, bool):
        number = float(value)
        if isfinite(number) and 0.0 <= number <= 1.0:
            return number
    msg = f"a share is a number from 0 to 1; found {value!r}"
    raise BehaviourError(msg[:400])


def days_of(value: Days) -> Days:
    """Return Days, or refuse what is none.

    Raises:
        BehaviourError: Anything else; the message shows how Days are made.
    """
    if isinstance(value, Days):
        return value
    msg = f"how long until an act is said by Days, such as Days.exactly(10) or Days.uniform(8, 12); found {value!r}"
    raise BehaviourError(msg[:400])


def count_of(value: int) -> int:
    """Return a number of observations, or refuse it.

    Raises:
        BehaviourError: No whole number of at least 0.
    """
    if type(value) is int and value >= 0:
        return value
    msg = f"on how many observations a number rests is a whole number of at least 0; found {value!r}"
    raise BehaviourError(msg[:400])


@frozen
class Habit:
    """How often an act comes next in a stage, and after how long.

    Attributes:
        share: How often: its part of all the acts that come next in the stage.
        days: Days until the act, counted from the act before it in the case.
        seen: On how many observations it rests.
        given: Whether the share was set by hand; then a posterior draw leaves it alone.
    """

    share: float = field(converter=share_of)
    days: Days = field(converter=days_of)
    seen: int = field(default=0, converter=count_of)
    given: bool = False


# ---- what a stage provides for -----------------------------------------------------------------------------------
def stage_of(value: Stage | str) -> Stage:
    """Return the stage for a stage or its value.

    Raises:
        BehaviourError: There is none of that name, or it is the closed one: a path ends there.
    """
    stage = next((one for one in Stage if one == value), None)
    if stage is None:
        names = ", ".join(one.value for one in Stage if one is not Stage.CLOSED)
        msg = f"there is no stage {value!r}"[:200] + f"; there are {names}"
        raise BehaviourError(msg)
    if stage is Stage.CLOSED:
        msg = "a path ends where a case closes: nothing is done in the stage 'closed'"
        raise BehaviourError(msg)
    return stage


def rows_in(stage: Stage) -> tuple[Row, ...]:
    """Return the rows of the table that stand in a stage, in its order."""
    return tuple(row for row in TABLE if stage in row.stages)


def rows_for(stage: Stage, act: type[Event] | str) -> tuple[Row, ...]:
    """Return the rows of a stage for an act: all rows of an event class, or the one of an id.

    Raises:
        BehaviourError: The stage provides for no such act; the message lists what it provides for.
    """
    here = rows_in(stage)
    found = tuple(row for row in here if act in (row.id, row.event, row.event.__name__))
    if found:
        return found
    name = act.__name__ if isinstance(act, type) else repr(act)[:80]
    provided = ", ".join(f"{row.event.__name__} ({row.id})" for row in here)
    msg = f"the law does not provide for {name} in the stage '{stage.value}'; it provides for {provided}"
    raise BehaviourError(msg)


@cache
def usual_days(row: Row, *, coarse: bool = True) -> Days:
    """Return how long an act takes of which nothing is known: our guess, no law.

    A lognormal distribution, two of three times within half and twice its median, on 16 days that are equally likely.
    The median is the length of the limit that the row waits for, or else the one within which it has to be done; 30
    days where there is none, or several. Seven days stand for five business days. The first act of a case is done on
    the day on which the path starts.

    Args:
        row: The row.
        coarse: On 16 days, which keeps a program small; or on every day.
    """
    if Stage.ASSESSMENT in row.stages and len(row.stages) == 1:
        return Days.exactly(0)
    usual = Days.lognormal(_usual_length(row), 0.7)
    return usual.thinned(16) if coarse else usual


def _usual_length(row: Row) -> float:
    lengths: dict[str, list[float]] = {"lapsed": [], "waited": [], "within": []}
    for guard in row.requires:
        term = getattr(guard, "term", None)
        if guard.code in lengths and term is not None and term.value and term.unit != "years":
            lengths[guard.code].append(term.value * (1.4 if term.unit == "business_days" else 1.0))
    for code in ("lapsed", "waited"):
        if lengths[code]:
            return max(lengths[code])
    return lengths["within"][0] if len(lengths["within"]) == 1 else 30.0
