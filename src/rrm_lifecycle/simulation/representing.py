"""Cases that stand for a place while a program is built: on a base day, with their limits moved along."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any, Final

import attrs

from rrm_lifecycle.case.calendars import Calendar
from rrm_lifecycle.case.case import Case, Facts
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.deadlines import Limit
from rrm_lifecycle.simulation.ahead import Asked

BASE: Final = date(2024, 1, 1)
"""The day of the last act of a case that stands for a place: a Monday."""
OVER: Final = -1
"""Stands for the days left of a limit that is over."""
COURSE_END: Final = "course_end"
"""The one fact of a case that is a day and is asked about as a day; of the others it is asked whether they are told."""
_FACTS: Final = tuple(attrs.fields_dict(Facts))


@cache
def weekends() -> Calendar:
    """Return the calendar of a program: weekends, and no public holiday."""
    return Calendar.of_days(
        "weekends alone",
        (),
        source="a program counts no public holidays",
        first=date(2020, 7, 1),
        last=date(2199, 12, 31),
    )


def undated(context: Context) -> Context:
    """Return the context without what hangs on the date itself: holidays, the end of the treaty, a bar after bad faith."""
    reading = context.reading
    if reading.treaty_until is not None:
        reading = attrs.evolve(reading, treaty_until=None)
    return Context(reading, weekends(), attrs.evolve(context.register, bad_faith=()))


# ---- representative cases ----------------------------------------------------------------------------------------
def moved_by(case: Case, days: int) -> Case:
    """Return the case with every day on which something ahead could hang moved; its acts are left behind."""
    if case.last_day is None:
        return case
    step = timedelta(days)
    told = ((name, getattr(case.facts, name)) for name in _FACTS)
    facts: dict[str, Any] = {name: value + step for name, value in told if isinstance(value, date)}
    limits = tuple(Limit(one.term, one.started + step, one.due and one.due + step) for one in case.limits)
    return attrs.evolve(
        case, limits=limits, facts=attrs.evolve(case.facts, **facts) if facts else case.facts,
        last_day=case.last_day + step, hold_day=None, opened=case.opened and case.opened + step, acts=(),
    )  # fmt: skip


def on_base(case: Case) -> Case:
    """Return the case moved so that its last act is on the base day; a limit runs from the day that its act names."""
    return case if case.last_day is None else moved_by(case, (BASE - case.last_day).days)


def left_of(day: date, today: date) -> int:
    """Return the days left until a day, or that it is over."""
    return max((day - today).days, OVER)


def known_of(case: Case, asked: Asked, today: date) -> tuple[dict[str, Any], dict[str, int]]:
    """Return what a case answers to what is asked: facts, and days left."""
    facts: dict[str, Any] = {}
    for name in sorted(asked.facts):
        value = case.origin if name == "origin" else getattr(case.facts, name)
        if value is None or name == COURSE_END:
            continue
        facts[name] = True if isinstance(value, date) else getattr(value, "value", value)
    left = {one.term: (one.due - today).days for one in case.limits if one.due is not None and one.term in asked.terms}
    if COURSE_END in asked.facts and case.facts.course_end is not None:
        left[COURSE_END] = (case.facts.course_end - today).days
    return facts, left
