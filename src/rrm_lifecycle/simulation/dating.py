"""A simulated path as a real case: decided act by act, with the public holidays that a program leaves out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import numpy as np
from attrs import frozen

from rrm_lifecycle.case.case import Case, evolve
from rrm_lifecycle.case.context import DEFAULT, Context
from rrm_lifecycle.case.engine import ROW_BY_ID, decide
from rrm_lifecycle.errors import CalendarEnd, SimulationError
from rrm_lifecycle.record.entry import Entry, Refusal
from rrm_lifecycle.simulation.acts import act_of
from rrm_lifecycle.simulation.eventlog import Log
from rrm_lifecycle.simulation.program import Place

MOST_MOVED: Final = 60
"""The most days by which an act is moved so that the calendar admits it."""
_DAY: Final = timedelta(1)
_COURSE: Final = ("course", "course_end")


@frozen
class Step:
    """A step of a path.

    Attributes:
        rule: Id of the row.
        days: Days since the act before it, by the program.
        to: Where it leads.
    """

    rule: str
    days: int
    to: Place


def steps_of(log: Log) -> tuple[Step, ...]:
    """Return the steps of the one path of a log."""
    days = np.diff(log.day, prepend=0)
    columns = (log.rule.tolist(), days.tolist(), log.place.tolist())
    program = log.program
    return tuple(
        Step(program.rules[rule], waited, program.places[place]) for rule, waited, place in zip(*columns, strict=True)
    )


def dated(case: Case, steps: Sequence[Step], start: date, context: Context | None = None) -> Case:
    """Return the case that a path is, each of its acts admitted by ``decide`` under the row that the path names.

    An act keeps its days from the act before it. Where a public holiday moves the last day of a limit, and the act with
    it, all later acts move by the same days.

    Args:
        case: The case from which the path starts.
        steps: The path.
        start: The day on which it starts.
        context: Reading, calendar and register; our defaults if None.

    Raises:
        SimulationError: The law admits an act on none of the days near its own, which the path cannot know of: past the
            end of the treaty, after a finding of bad faith, or beyond what the calendar knows.
    """
    context = context or DEFAULT
    day = start
    for step in steps:
        entry = _admitted(case, step, day, day + timedelta(step.days), context)
        case, day = evolve(case, entry), entry.act.on
    return case


def _admitted(case: Case, step: Step, before: date, day: date, context: Context) -> Entry:
    """Return the entry of an act on its day, or on the nearest one that is admitted: a later day first."""
    found = _ruled(case, step, day, context)
    if isinstance(found, Entry):
        return found
    later = (day + _DAY * moved for moved in range(1, MOST_MOVED + 1))
    earlier = (day - _DAY * moved for moved in range(1, min((day - before).days, MOST_MOVED) + 1))
    for other in (*later, *earlier):
        entry = _ruled(case, step, other, context)
        if isinstance(entry, Entry):
            return entry
    why = f"\n{found}" if isinstance(found, Refusal) else ""
    msg = f"a path does {step.rule} on {day}, and the law admits that on no day near it; start the paths earlier{why}"
    raise SimulationError(msg)


def _ruled(case: Case, step: Step, day: date, context: Context) -> Entry | Refusal | None:
    """Return what the law says of an act on a day; None where it admits it under another row."""
    facts = dict(step.to.facts)
    left = next((facts[name] for name in _COURSE if isinstance(facts.get(name), int)), None)
    course = left if left is not None and left >= 0 else None
    try:
        ruling = decide(case, act_of(ROW_BY_ID[step.rule], day, case, context, course), context=context)
    except CalendarEnd as error:
        msg = f"a path reaches {day}, and its days cannot be counted there: {error}"
        raise SimulationError(msg) from error
    if isinstance(ruling, Entry) and ruling.rule != step.rule:
        return None
    return ruling
