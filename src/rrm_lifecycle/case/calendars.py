"""Closing days: on which days an office is open, each list with its source and the last day it knows.

No source defines a business day (rulebook X-02, AMB-04): whose closing days apply is a choice of the caller, and what
was counted with is named in the record by :meth:`Calendar.describe`. How days are counted is said in
:mod:`rrm_lifecycle.case.counting`; its names can be had from here too.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NoReturn

from attrs import field, frozen

from rrm_lifecycle.canonical import clean_text
from rrm_lifecycle.case.counting import Unit, day_after, plain_day, whole_count
from rrm_lifecycle.errors import CalendarEnd, CalendarError, TextError
from rrm_lifecycle.show import Displayed, WebType

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["KNOWN_FROM", "KNOWN_TO", "SATURDAY_AND_SUNDAY", "Calendar", "Unit", "closing_days_of", "day_after"]

KNOWN_FROM: Final = date(2020, 1, 1)
"""First day of a Party's calendar: the start of the year in which the USMCA entered into force."""

KNOWN_TO: Final = date(2030, 12, 31)
"""Last day of a Party's calendar unless ``last=`` says otherwise.

Up to here the statutes of today fix the holidays. A holiday made by a later law is not known, nor is an office closed
by decree for some days; the further the day, the likelier either. A library of 2031 moves this day, with a change note.
"""

SATURDAY_AND_SUNDAY: Final = frozenset({5, 6})
"""The weekend, as ``date.weekday()`` numbers it: Monday is 0."""

_DAY: Final = timedelta(1)
_DIGITS: Final = 16

# Party: (what is listed, category in the holidays package). Each list holds what a statute fixes for the whole country.
_LISTS: Final = {
    "MX": ("Mexico, public holidays", "public"),  # Ley Federal del Trabajo, Art. 74; no day moves off a weekend
    "US": ("United States, federal holidays", "public"),  # 5 U.S.C. 6103(a), with the days observed in lieu
    "CA": ("Canada, federal holidays", "government"),  # Canada Labour Code; "public" lacks five of its holidays
}


def _first(value: date) -> date:
    return plain_day(value, "first, the first day that a calendar knows,")


def _last(value: date) -> date:
    return plain_day(value, "last, the last day that a calendar knows,")


def _closing_days(days: Iterable[date]) -> frozenset[date]:
    return frozenset(plain_day(day, "a closing day") for day in days)


def _text(value: str, what: str, longest: int) -> str:
    try:
        text = clean_text(value, what, longest=longest)
    except TextError as error:
        raise CalendarError(str(error)) from error
    if not text.strip():
        msg = f"{what} is empty: a record has to name what its days were counted with"
        raise CalendarError(msg)
    return text


def _name(value: str) -> str:
    return _text(value, "the name of a calendar", 200)


def _source(value: str) -> str:
    return _text(value, "the source of a calendar", 2_000)


def _weekend(days: Iterable[int]) -> frozenset[int]:
    weekend = frozenset(days)
    if not all(type(day) is int and day in range(7) for day in weekend):
        msg = f"weekend takes days of the week from 0 (Monday) to 6 (Sunday); found {sorted(map(repr, weekend))}"
        raise CalendarError(msg[:400])
    return weekend


@frozen(cache_hash=True, repr=False)
class Calendar(WebType, Displayed):
    """The days on which an office is closed, from a first to a last day that are known.

    Two calendars are equal if all of their attributes are. A calendar never guesses: asked about a day that it does not
    know, it raises ``CalendarEnd``. Its methods take plain dates alone and refuse anything else with ``CalendarError``.

    Attributes:
        name: Short, for a record and a message: ``"MX"``, ``"MX+US"``, or a name of yours.
        closing_days: Days closed besides weekends; such a day may itself fall on a weekend.
        source: What the list rests on.
        first: First day known.
        last: Last day known.
        weekend: Days of the week that are closed; 0 is Monday. Saturday and Sunday unless you say otherwise.

    Raises:
        CalendarError: A day is no plain ``date``, a closing day lies outside of what is known, or the name or the
            source is empty.

    Example:
        >>> mexico = Calendar.of_party("MX")
        >>> mexico.is_open(date(2024, 9, 16))
        False
        >>> mexico.add_business_days(date(2024, 9, 13), 1)
        datetime.date(2024, 9, 17)
    """

    name: str = field(converter=_name)
    closing_days: frozenset[date] = field(converter=_closing_days)
    source: str = field(converter=_source)
    first: date = field(converter=_first)
    last: date = field(converter=_last)
    weekend: frozenset[int] = field(default=SATURDAY_AND_SUNDAY, converter=_weekend)

    def __attrs_post_init__(self) -> None:
        """Refuse a calendar that contradicts itself."""
        if self.first > self.last:
            msg = f"the calendar {self.name!r} is to know the days from {self.first} to {self.last}: first comes first"
            raise CalendarError(msg)
        outside = min((day for day in self.closing_days if not self.first <= day <= self.last), default=None)
        if outside is not None:
            msg = (
                f"the calendar {self.name!r} is to know the days from {self.first} to {self.last}, and its list holds "
                f"{outside}: leave that day out, or set first or last so that it is known"
            )
            raise CalendarError(msg)

    @staticmethod
    def of_party(party: str, *, last: date = KNOWN_TO) -> Calendar:
        """Return the closing days of a Party, as its statutes fix them for the whole country.

        Mexico: the days of rest of the Ley Federal del Trabajo, on the day itself, weekend or not. United States: the
        federal holidays, with the Friday or Monday observed in lieu. Canada: the general holidays of federally
        regulated workplaces, likewise. Left out is what binds a place or a time alone: Inauguration Day in Washington,
        provincial holidays, and days on which an office is closed by decree or by notice. To add such days, see
        :meth:`of_days`.

        The list comes from the ``holidays`` package, loaded on the first call; its version stands in ``source``. The
        calendar starts on 1 January 2020. The same calendar is returned for the same question.

        Args:
            party: ``"MX"``, ``"US"`` or ``"CA"``, or a member of ``Party``.
            last: Last day to be known. A day beyond the default rests on the statutes of today.

        Raises:
            CalendarError: No such Party, ``last`` is no plain ``date``, or lies before 2020 or beyond what the
                package knows.

        Example:
            >>> Calendar.of_party("US").is_open(date(2021, 7, 5))  # 4 July 2021 was a Sunday
            False
        """
        return _of_party(str(party), _last(last))

    @staticmethod
    def of_days(  # noqa: PLR0913 - one argument for each attribute
        name: str,
        days: Iterable[date],
        *,
        source: str,
        first: date,
        last: date,
        weekend: Iterable[int] = SATURDAY_AND_SUNDAY,
    ) -> Calendar:
        """Return a calendar from your own list of closing days.

        Args:
            name: Short; it stands in the record of each act that was counted with it.
            days: The closing days; weekends need not be listed.
            source: What the list rests on, such as the notice of an office.
            first: First day that the list covers.
            last: Last day that the list covers.
            weekend: Days of the week that are closed; 0 is Monday.

        Raises:
            CalendarError: As :class:`Calendar` says.

        Example:
            >>> us = Calendar.of_party("US")
            >>> mourning = Calendar.of_days(
            ...     "US, with 9 Jan 2025",
            ...     us.closing_days | {date(2025, 1, 9)},
            ...     source=f"{us.source}; day of mourning by Executive Order",
            ...     first=us.first,
            ...     last=us.last,
            ... )
            >>> us.is_open(date(2025, 1, 9)), mourning.is_open(date(2025, 1, 9))
            (True, False)
        """
        return Calendar(name, days, source, first, last, weekend)

    @staticmethod
    def either(one: Calendar, other: Calendar) -> Calendar:
        """Return the calendar on which a day is open if it is open in both.

        It knows the days that both know. The order of the two does not matter.

        Raises:
            CalendarError: The two know no day in common.

        Example:
            >>> both = Calendar.either(Calendar.of_party("US"), Calendar.of_party("MX"))
            >>> both.name, both.is_open(date(2023, 9, 4)), both.is_open(date(2023, 11, 20))
            ('MX+US', False, False)
        """
        return _either(one, other)

    def is_open(self, day: date) -> bool:
        """Return whether a day is a business day.

        Raises:
            CalendarEnd: The calendar does not know that day.
        """
        return self._opens(self._known(day))

    def add_business_days(self, start: date, n: int) -> date:
        """Return the n-th business day after a day.

        The day itself is not counted: business day 1 is the first open day after it. With 0 the day itself comes back,
        open or not, and the calendar is not asked.

        Raises:
            CalendarEnd: The count needs a day that the calendar does not know.
            CalendarError: ``n`` is no whole number of at least 0.

        Example:
            >>> Calendar.of_party("MX").add_business_days(date(2023, 8, 22), 3)
            datetime.date(2023, 8, 25)
        """
        day = plain_day(start, "the day to count from")
        left = whole_count(n, "a count of business days")
        if left:
            self._after(day)
        last, closing_days, weekend = self.last, self.closing_days, self.weekend
        while left:
            if day >= last:
                self._refuse(day)
            day += _DAY
            if day not in closing_days and day.weekday() not in weekend:
                left -= 1
        return day

    def business_days_between(self, start: date, end: date) -> int:
        """Return how many business days lie after one day, up to and including another.

        The inverse of :meth:`add_business_days`; negative where ``end`` lies before ``start``.

        Raises:
            CalendarEnd: The count needs a day that the calendar does not know.

        Example:
            >>> Calendar.of_party("MX").business_days_between(date(2023, 8, 22), date(2023, 8, 30))
            6
        """
        day, end = plain_day(start, "the day to count from"), plain_day(end, "the day to count to")
        if end < day:
            return -self.business_days_between(end, day)
        count = 0
        while day < end:
            day = self._after(day)
            count += self._opens(day)
        return count

    def next_open(self, day: date) -> date:
        """Return the day itself if it is open, else the next day that is.

        Where a last day rolls over (the second reading of AMB-02), this is the day to which it rolls.

        Raises:
            CalendarEnd: The search needs a day that the calendar does not know.

        Example:
            >>> Calendar.of_party("MX").next_open(date(2023, 12, 10))  # a Sunday
            datetime.date(2023, 12, 11)
        """
        day = self._known(day)
        while not self._opens(day):
            day = self._after(day)
        return day

    @cached_property
    def digest(self) -> str:
        """The first 16 hexadecimal digits of a SHA-256 over what the calendar knows.

        Hashed are lines of ASCII text with a line feed between them: ``first/last`` in ISO 8601, the days of the
        weekend as digits, then the closing days in order. Name and source are left out: lists of the same days agree.
        """
        weekend = "".join(map(str, sorted(self.weekend)))
        lines = (f"{self.first}/{self.last}", weekend, *map(str, sorted(self.closing_days)))
        return sha256("\n".join(lines).encode("ascii")).hexdigest()[:_DIGITS]

    def describe(self) -> dict[str, str]:
        """Return what a record says about the calendar that its days were counted with, ready for JSON.

        Example:
            >>> office = Calendar("office", [date(2024, 5, 10)], "a notice", date(2024, 1, 1), date(2024, 12, 31))
            >>> office.describe()
            {'name': 'office', 'source': 'a notice', 'last': '2024-12-31', 'sha256': 'e680dd2cce35bef1'}
        """
        return {"name": self.name, "source": self.source, "last": self.last.isoformat(), "sha256": self.digest}

    def __repr__(self) -> str:
        """Return name, number of closing days, and the days known, in one line."""
        return f"Calendar({self.name[:50]!r}, {len(self.closing_days)} closing days, {self.first} to {self.last})"

    def _opens(self, day: date) -> bool:
        return day not in self.closing_days and day.weekday() not in self.weekend

    def _known(self, day: date) -> date:
        if not self.first <= plain_day(day, "the day asked about") <= self.last:
            self._refuse(day)
        return day

    def _after(self, day: date) -> date:
        if day >= self.last:
            self._refuse(day)
        day += _DAY
        if day < self.first:
            self._refuse(day)
        return day

    def _refuse(self, day: date) -> NoReturn:
        asked = "the day after" if day == self.last else str(day)
        way = "your own list that starts earlier, by Calendar.of_days(…, first=…)"
        if day >= self.last:
            way = "a longer one, by Calendar.of_party(…, last=…), or your own list, by Calendar.of_days(…, last=…)"
        msg = (
            f"the calendar {self.name!r} ({self.source}) knows the days from {self.first} to {self.last}; "
            f"it was asked about {asked}: take {way}"
        )
        raise CalendarEnd(msg)


@lru_cache(maxsize=32)
def _of_party(party: str, last: date) -> Calendar:
    if party not in _LISTS:
        msg = f"{party[:32]!r} is no Party with closing days: take one of {', '.join(_LISTS)}, or Calendar.of_days(…)"
        raise CalendarError(msg)
    # Loaded when business days are first counted: importing the library stays quick.
    from holidays import country_holidays  # noqa: PLC0415 - see above
    from holidays.version import __version__  # noqa: PLC0415 - see above

    listed, category = _LISTS[party]
    end = country_holidays(party).end_year
    if last.year > end:
        msg = f"the package holidays knows {listed} up to {end}; asked for {last}: take an earlier last="
        raise CalendarError(msg)
    years = range(KNOWN_FROM.year, last.year + 1)
    listing = country_holidays(party, years=years, categories=category, observed=True, expand=False)
    days = (day for day in listing if KNOWN_FROM <= day <= last)
    return Calendar(party, days, f"holidays {__version__}, {listed}", KNOWN_FROM, last)


@lru_cache(maxsize=64)
def _either(one: Calendar, other: Calendar) -> Calendar:
    if one == other:
        return one
    a, b = sorted((one, other), key=lambda each: (each.name, each.source, each.digest))
    first, last = max(a.first, b.first), min(a.last, b.last)
    if first > last:
        msg = (
            f"the calendars {a.name!r} ({a.first} to {a.last}) and {b.name!r} ({b.first} to {b.last}) "
            "know no day in common: take calendars of the same years"
        )
        raise CalendarError(msg)
    days = (day for day in a.closing_days | b.closing_days if first <= day <= last)
    return Calendar(f"{a.name}+{b.name}", days, f"{a.source}; {b.source}", first, last, a.weekend | b.weekend)


def closing_days_of(party: str) -> Calendar:
    """Return the calendar of a Party up to the end of 2030; each is loaded once.

    Args:
        party: ``"MX"``, ``"US"`` or ``"CA"``, or a member of ``Party``.

    Raises:
        CalendarError: No such Party.

    Example:
        >>> closing_days_of("MX") is closing_days_of("MX")
        True
    """
    return Calendar.of_party(party)
