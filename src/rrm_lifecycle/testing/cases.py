"""A case at a stage, by a shortest lawful course. Needs no extra."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from typing import Final

from rrm_lifecycle.case.case import Case, evolve
from rrm_lifecycle.case.claim import exact_day, member
from rrm_lifecycle.case.context import DEFAULT, Context
from rrm_lifecycle.case.engine import ROW_BY_ID
from rrm_lifecycle.case.paths import FIRST_DAY, shortest, use
from rrm_lifecycle.errors import EventError
from rrm_lifecycle.law.annexes import ANNEX_31A, Annex
from rrm_lifecycle.law.rows import Row
from rrm_lifecycle.law.stages import Stage

CASE_ID: Final = "CASE-1"
_TRIES: Final = 12


@cache
def _course(stage: Stage, annex: Annex) -> Case:
    return shortest(stage, start=Case.start(CASE_ID, annex=annex))


def case_at(stage: Stage | str, *, on: date | None = None, annex: Annex = ANNEX_31A) -> Case:
    """Return a case that a shortest lawful course has led to a stage: without a Party named, with a plant in Mexico.

    Args:
        stage: The stage.
        on: Day of the act that leads there; the courses begin on 8 January 2024 if None. A new case has no day.
        annex: The Annex that it is brought under.

    Raises:
        EventError: There is no such stage; or no lawful course leads there by that day, as before the USMCA was in force.

    Example:
        >>> case_at("under_review", on=date(2024, 6, 3))
        <Case CASE-1: under_review, 2 acts, Annex 31-A>
        >>> case_at("under_review", on=date(2024, 6, 3)).last_day
        datetime.date(2024, 6, 3)
    """
    case = _course(member(Stage, stage, "stage"), annex)
    if on is None or not case.acts:
        return case
    exact_day(on, "on")
    rows = [ROW_BY_ID[entry.rule or ""] for entry in case.acts]
    first = on - ((case.last_day or FIRST_DAY) - FIRST_DAY)
    for _ in range(_TRIES):
        found = follow(rows[:-1], Case.start(CASE_ID, annex=annex), on=first)
        entry = None if found is None else use(rows[-1], found, on=on)
        if found is not None and entry is not None and entry.act.on == on:
            return evolve(found, entry)
        first -= timedelta(1)  # weekends and holidays lengthen the limits that are counted in business days
    msg = (
        f"case_at was asked for a case in stage {case.stage.value} on {on}, and no lawful course leads there by that day: "
        f"take a later day; the USMCA is in force since 2020-07-01, and the shortest course takes {len(rows)} acts"
    )
    raise EventError(msg)


def follow(rows: Iterable[Row], case: Case, context: Context = DEFAULT, *, on: date | None = None) -> Case | None:
    """Return the case after an act by each of several rows, each as early as may be; None where one is not admitted.

    Args:
        rows: The rows.
        case: The case that they go on from.
        context: Reading, calendar and register.
        on: Day of the first act; the day after the last act of the case if None.
    """
    for row in rows:
        entry = use(row, case, context, on)
        if entry is None:
            return None
        case, on = evolve(case, entry), None
    return case
