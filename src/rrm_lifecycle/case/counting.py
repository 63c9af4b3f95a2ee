"""Counting days, business days and years.

The day of the act that starts a limit is not counted: day 1 is the day after, and the last day counts even on a Sunday
(rulebook X-01, AMB-01, AMB-02).
"""

from __future__ import annotations

from datetime import MAXYEAR, date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from rrm_lifecycle.errors import CalendarError, RRMError, TermError

if TYPE_CHECKING:
    from rrm_lifecycle.case.calendars import Calendar


class Unit(StrEnum):
    """In what a time limit is counted: calendar days, business days, or years."""

    DAYS = "days"
    BUSINESS_DAYS = "business_days"
    YEARS = "years"


def plain_day(value: object, what: str, error: type[RRMError] = CalendarError) -> date:
    """Return the day; refuse a ``datetime``, a pandas ``Timestamp``, text, or anything else, with the repair.

    Args:
        value: The day.
        what: What it is, for the message.
        error: What to raise.
    """
    if type(value) is date:
        return value
    if isinstance(value, str):
        repair = f"write date.fromisoformat({value[:32]!r})"
    elif isinstance(value, datetime) and type(value).__name__ != "NaTType":
        repair = "write .date() behind it, once you know whose time zone it is in"
    else:
        repair = "write datetime.date(year, month, day)"
    msg = f"{what} has to be a datetime.date; found {type(value).__name__}: {repair}"
    raise error(msg)


def whole_count(value: object, what: str, error: type[RRMError] = CalendarError) -> int:
    """Return the count; refuse whatever is no whole number of at least 0 (a bool and a float are none).

    Args:
        value: The count.
        what: What it is, for the message.
        error: What to raise.
    """
    if type(value) is int and value >= 0:
        return value
    msg = f"{what} is a whole number of at least 0; found {value!r}"[:400]
    raise error(msg)


def day_after(start: date, value: int, unit: Unit, calendar: Calendar | None = None) -> date:
    """Return the last day of a time limit.

    The day of the triggering act is not counted: day 1 is the day after. The last day counts even on a Sunday; where a
    reading rolls it over, :meth:`.Calendar.next_open` does. A limit of years ends on the same day of a later year; from
    29 February it ends on 28 February where that year has no 29th (our convention; no source speaks of it).

    Args:
        start: Day of the act that starts the limit.
        value: Length of the limit, in ``unit``; 0 means the day of the act itself.
        unit: Calendar days, business days or years.
        calendar: Closing days; for business days alone.

    Raises:
        TermError: Business days were asked for without a calendar; the value is no whole number of at least 0; the
            start is no plain ``date``; there is no such unit; or the last day lies beyond the year 9999.
        CalendarEnd: The calendar does not know a day that the count needs.

    Source:
        Our reading: docs/explanation/our-reading.md, "Counting days".

    Example:
        >>> day_after(date(2023, 6, 16), 45, Unit.DAYS)
        datetime.date(2023, 7, 31)
        >>> from rrm_lifecycle.case.calendars import Calendar
        >>> day_after(date(2023, 8, 30), 5, Unit.BUSINESS_DAYS, Calendar.of_party("MX"))
        datetime.date(2023, 9, 6)
        >>> day_after(date(2024, 2, 29), 2, Unit.YEARS)
        datetime.date(2026, 2, 28)
    """
    start = plain_day(start, "the day of the act that starts a limit", TermError)
    value = whole_count(value, "the length of a time limit", TermError)
    if unit == Unit.DAYS:
        try:
            return start + timedelta(value)
        except OverflowError as error:
            raise _too_far(start, value, "days") from error
    if unit == Unit.BUSINESS_DAYS:
        if calendar is None:
            msg = "business days need a calendar: which office's closing days apply?"
            raise TermError(msg)
        return calendar.add_business_days(start, value)
    if unit == Unit.YEARS:
        return _years_later(start, value)
    msg = f"a time limit is counted in {', '.join(Unit)}; found {unit!r}"
    raise TermError(msg)


def _years_later(start: date, years: int) -> date:
    if years > MAXYEAR - start.year:
        raise _too_far(start, years, "years")
    year = start.year + years
    try:
        return start.replace(year=year)
    except ValueError:  # 29 February, and a year without one
        return date(year, 2, 28)


def _too_far(start: date, value: int, unit: str) -> TermError:
    length = f"{value} {unit}" if value <= 10**9 else f"more than a billion {unit}"
    return TermError(f"{length} from {start} end beyond the year {MAXYEAR}: take a shorter limit, or none")
