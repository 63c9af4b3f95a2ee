"""Limits that run: from which day, to which day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from rrm_lifecycle.case.counting import day_after
from rrm_lifecycle.case.making import Told, swift
from rrm_lifecycle.errors import TermError
from rrm_lifecycle.show import WebType

if TYPE_CHECKING:
    from rrm_lifecycle.case.calendars import Calendar
    from rrm_lifecycle.law.terms import Term


@frozen(repr=False)
class Limit(Told, WebType):
    """A time limit that runs in a case.

    Attributes:
        term: Name of the term.
        started: Day of the act that started it.
        due: Last day in time; None where the act names no last day.
        latest: The due day counted from the latest known day of the start, where only a period is known.
    """

    term: str
    started: date
    due: date | None
    latest: date | None = None


new_limit: Final = swift(Limit)
"""Makes a limit, on the path of every act that starts one."""


def last_day(term: Term, start: date, calendar: Calendar | None = None, *, rolls: bool = False) -> date:
    """Return the last day in time of a term that starts with an act.

    Args:
        term: The term; not one that runs to a day that the act names.
        start: Day of the act, which is not counted.
        calendar: Closing days; for business days, and where a last day rolls forward.
        rolls: Whether a last day on a weekend or holiday rolls forward.

    Raises:
        TermError: The term runs to a day that the act names, or a calendar is needed and not given.
    """
    if term.value is None or term.unit is None:
        msg = f"the term '{term.name}' runs to the day that the act names"
        raise TermError(msg)
    due = day_after(start, term.value, term.unit, calendar)
    return calendar.next_open(due) if rolls and term.value and calendar is not None else due


def begin(term: Term, event: Any, calendar: Calendar | None, *, rolls: bool, from_act: bool) -> Limit:  # noqa: ANN401 - any event
    """Return the limit that an act starts.

    Args:
        term: The term, as it stands under the reading on the day of the act.
        event: The act.
        calendar: Closing days; for business days, and where a last day rolls forward.
        rolls: Whether a last day on a weekend or holiday rolls forward.
        from_act: Whether to count from the act, although it names another day to count from.
    """
    started: date = event.on
    if term.runs_to is not None:
        end = getattr(event, term.runs_to)
        return new_limit(term.name, started, end if isinstance(end, date) else None)
    stated: date | None = None if term.counts_from is None or from_act else getattr(event, term.counts_from, None)
    started = stated or started
    latest = None
    if stated is None and event.known is not None and event.known[1] > started:
        latest = last_day(term, event.known[1], calendar, rolls=rolls)
    return new_limit(term.name, started, last_day(term, started, calendar, rolls=rolls), latest)
