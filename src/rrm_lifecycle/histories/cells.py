"""The cells of a spreadsheet: what may stand in one, and what it means."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from typing import Final

from rrm_lifecycle.errors import EventError
from rrm_lifecycle.histories.checks import day_of, shown
from rrm_lifecycle.histories.event import Period

UNKNOWN: Final = "?"
"""It happened, and the day is not known."""

SPELLINGS: Final = (
    "2023-05-03, 2023-05 (month), 2023 (year), 2023-05-03/2023-05-20 (between), ? (not known), or nothing"
)
"""What may stand in the cell of an event."""

_MONTH: Final = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_YEAR: Final = re.compile(r"\d{4}", re.ASCII)
_LOCAL: Final = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}", re.ASCII)
_BITS: Final = 64
"""Bits of the largest number that a cell is asked for, and more than any field takes."""
_YES: Final = {"yes": True, "true": True, "1": True, "sí": True, "si": True, "no": False, "false": False, "0": False}


def is_empty(value: object) -> bool:
    """Return whether a cell is empty: None, blank text, or what pandas puts there (NaN, NaT, NA)."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return True
    # NaN differs from itself; NaT and NA are known by name, so that pandas need not be loaded.
    return type(value).__name__ in {"NaTType", "NAType"} or (isinstance(value, float) and value != value)  # noqa: PLR0124


def text_of(value: object, what: str) -> str:
    """Return the text of a cell; a whole number, as spreadsheets keep an id, is written out.

    Raises:
        EventError: Neither text nor a whole number.
    """
    if isinstance(value, str):
        return value.strip()
    number = _whole(value)
    if number is not None:
        return str(number)
    msg = f"{what} has to be a text; found {shown(value)}"
    raise EventError(msg)


def number_of(value: object, what: str) -> int:
    """Return the whole number of a cell; pandas keeps whole numbers beside empty cells as floats.

    Raises:
        EventError: No whole number.
    """
    found = value.strip() if isinstance(value, str) else value
    if isinstance(found, str) and re.fullmatch(r"\d{1,15}", found, re.ASCII):
        return int(found)
    number = _whole(found)
    if number is not None:
        return number
    msg = f"{what} has to be a whole number, written with digits alone; found {shown(value)}"
    raise EventError(msg)


def yes_of(value: object, what: str) -> bool:
    """Return the yes or no of a cell.

    Raises:
        EventError: Neither.
    """
    found = _YES.get(shown(value).strip("' ").casefold())
    if found is not None:
        return found
    msg = f"{what} has to be yes or no; found {shown(value)}"
    raise EventError(msg)


def day_cell(value: object, what: str) -> dt.date:
    """Return the day of a cell.

    Raises:
        EventError: No single day; with the repair.
    """
    found = period_of(value, what)
    if found is not None and found[0] == found[1]:
        return found[0]
    msg = f"{what} has to be a single day such as 2023-05-03; found {shown(value)}"
    raise EventError(msg)


def period_of(value: object, what: str) -> Period | None:
    """Return the first and the last day that a cell states; None for ``?``.

    Raises:
        EventError: None of the spellings; with the repair.

    Example:
        >>> period_of("2024-02", "request_for_review")
        (datetime.date(2024, 2, 1), datetime.date(2024, 2, 29))
    """
    if type(value) is dt.date:
        return value, value
    if isinstance(value, dt.datetime):
        way = "once you know whose time zone it is in, write .date() behind it, or df[column].dt.date for a column"
        msg = f"{what} has to be a plain day; found a {type(value).__name__}: {way}"
        raise EventError(msg)
    told = text_of(value, what)
    if told == UNKNOWN:
        return None
    first, slash, last = told.partition("/")
    begin, end = _span(first.strip()), _span(last.strip()) if slash else _span(first.strip())
    if begin is None or end is None:
        raise EventError(_misspelt(value, told, what))
    if begin[0] > end[1]:
        msg = f"{what}: the period runs backwards, from {begin[0]} to {end[1]}: put the earlier day first"
        raise EventError(msg)
    return begin[0], end[1]


def spelt(period: Period | None) -> str:
    """Return the spelling of a day, a month, a year or a period; ``?`` for None.

    Example:
        >>> spelt((dt.date(2024, 2, 1), dt.date(2024, 2, 29))), spelt(None)
        ('2024-02', '?')
    """
    if period is None:
        return UNKNOWN
    first, last = period
    short = (str(first), str(first)[:7], str(first)[:4], f"{first}/{last}")
    return next(told for told in short if period_of(told, "") == period)


def _span(told: str) -> Period | None:
    day = day_of(told)
    if day is not None:
        return day, day
    month = _MONTH.fullmatch(told)
    if month and 1 <= int(month[2]) <= 12 and int(month[1]) >= dt.MINYEAR:
        year, number = int(month[1]), int(month[2])
        return dt.date(year, number, 1), dt.date(year, number, monthrange(year, number)[1])
    if _YEAR.fullmatch(told) and int(told) >= dt.MINYEAR:
        return dt.date(int(told), 1, 1), dt.date(int(told), 12, 31)
    return None


def _misspelt(value: object, told: str, what: str) -> str:
    if _LOCAL.fullmatch(told):
        way = "write the year first, then month and day; day and month could be mistaken for each other"
    elif told.isdigit():
        way = "this looks like the number by which a spreadsheet keeps a day: show the column as text, year-month-day"
    else:
        way = f"write {SPELLINGS}"
    return f"{what}: no day is written so; found {shown(value)}: {way}"


def _whole(value: object) -> int | None:
    """Return a whole number of any numeric type; None for whatever is none, a bool included, or is larger than any."""
    if isinstance(value, bool | str) or type(value).__name__ == "bool":
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**_BITS else None
    index = getattr(value, "__index__", None)
    number = None if index is None else int(index())
    return None if number is None or number.bit_length() > _BITS else number
