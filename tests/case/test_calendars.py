"""Counting days, business days and years, and the closing days that business days are counted with.

The due days in ``tests/data/due_days.csv`` were counted by hand, each with the count beside it; TV-1 to TV-9 are the
rulebook's test vectors from real cases, named with the keys of their sources.
"""

from __future__ import annotations

import copy
import csv
import json
import pickle
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rrm_lifecycle.case.calendars import (
    KNOWN_FROM,
    KNOWN_TO,
    SATURDAY_AND_SUNDAY,
    Calendar,
    Unit,
    closing_days_of,
    day_after,
)
from rrm_lifecycle.errors import CalendarEnd, CalendarError, RRMError, TermError

if TYPE_CHECKING:
    from collections.abc import Callable

PARTIES: Final = ("MX", "US", "CA")
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
TABLE: Final = Path(__file__).parent.parent / "data" / "due_days.csv"


@attrs.frozen
class HandCount:
    """A line of the table."""

    start: date
    starts_on: str
    value: int
    unit: Unit
    calendar: str
    due: date
    falls_on: str
    counted: str

    def __str__(self) -> str:
        """Name the line in a test report."""
        return f"{self.start}+{self.value}-{self.unit}-{self.calendar or 'none'}"


def hand_counts() -> list[HandCount]:
    """Read the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [
            HandCount(
                date.fromisoformat(row["start"]),
                row["starts_on"],
                int(row["value"]),
                Unit(row["unit"]),
                row["calendar"],
                date.fromisoformat(row["due"]),
                row["falls_on"],
                row["counted"],
            )
            for row in csv.DictReader(file)
        ]


def named(name: str) -> Calendar:
    """Return the calendar of a Party, or of either of two."""
    one, _, other = name.partition("+")
    return Calendar.either(closing_days_of(one), closing_days_of(other)) if other else closing_days_of(one)


def calendar_2024(days: tuple[date, ...] = (), name: str = "office", **changed: Any) -> Calendar:
    """Return a calendar of one office that knows the year 2024."""
    of = {"source": "a notice of 2 January 2024", "first": date(2024, 1, 1), "last": date(2024, 12, 31)}
    return Calendar.of_days(name, days, **{**of, **changed})


HAND_COUNTS: Final = hand_counts()
MX: Final = closing_days_of("MX")
US: Final = closing_days_of("US")

# A year before the end of what is known, so that sixty business days fit even where an office closes often.
known_days = st.dates(KNOWN_FROM, date(2029, 12, 31))
few = st.integers(0, 60)
own_lists = st.builds(
    lambda days, weekend: Calendar.of_days(
        "own", days, source="drawn", first=KNOWN_FROM, last=KNOWN_TO, weekend=weekend
    ),
    st.frozensets(st.dates(KNOWN_FROM, KNOWN_TO), max_size=40),
    st.frozensets(st.integers(0, 6), max_size=3),
)
calendars = st.one_of(st.sampled_from([closing_days_of(party) for party in PARTIES]), own_lists)


class TestHandCounted:
    """Count the day after the act as day 1; the due day is the last day in time (design section 5; X-01, AMB-02)."""

    def test_table_is_long_enough(self) -> None:
        """The table holds at least 40 lines, all nine test vectors, every unit and every Party's calendar."""
        assert len(HAND_COUNTS) >= 40
        assert {f"TV-{n}" for n in range(1, 10)} <= {one.counted.split(" ")[0] for one in HAND_COUNTS}
        assert {one.unit for one in HAND_COUNTS} == set(Unit)
        assert {"MX", "US", "CA", "MX+US", "CA+MX"} <= {one.calendar for one in HAND_COUNTS}
        assert {0, 10, 11, 45, 46} <= {one.value for one in HAND_COUNTS if one.unit is Unit.DAYS}

    @pytest.mark.parametrize("line", HAND_COUNTS, ids=str)
    def test_last_day(self, line: HandCount) -> None:
        """The last day of a limit is the one counted by hand."""
        calendar = named(line.calendar) if line.calendar else None
        assert day_after(line.start, line.value, line.unit, calendar) == line.due, line.counted

    @pytest.mark.parametrize("line", HAND_COUNTS, ids=str)
    def test_weekdays(self, line: HandCount) -> None:
        """The table names the right days of the week."""
        assert (WEEKDAYS[line.start.weekday()], WEEKDAYS[line.due.weekday()]) == (line.starts_on, line.falls_on)

    @pytest.mark.parametrize("line", [one for one in HAND_COUNTS if one.unit is Unit.BUSINESS_DAYS], ids=str)
    def test_between(self, line: HandCount) -> None:
        """The business days between the act and the day counted by hand are as many as were counted."""
        assert named(line.calendar).business_days_between(line.start, line.due) == line.value


class TestCalendarDays:
    """Plain days are calendar days, the first day excluded (X-01); the last day counts even on a Sunday (AMB-02)."""

    @given(start=st.dates(max_value=date(9000, 1, 1)), value=st.integers(0, 36_500))
    def test_difference(self, start: date, value: int) -> None:
        """The last day lies as many days after the start as the limit is long."""
        assert (day_after(start, value, Unit.DAYS) - start).days == value

    @given(start=known_days, value=few, calendar=calendars)
    def test_calendar_does_not_matter(self, start: date, value: int, calendar: Calendar) -> None:
        """Closing days change nothing where days are counted, nor where years are."""
        assert day_after(start, value, Unit.DAYS, calendar) == day_after(start, value, Unit.DAYS)
        assert day_after(start, value, Unit.YEARS, calendar) == day_after(start, value, Unit.YEARS)

    def test_last_day_on_a_sunday(self) -> None:
        """A last day on a Sunday does not move by itself (TV-2, TV-7, TV-8)."""
        for start, due in (
            (date(2023, 10, 26), date(2023, 12, 10)),
            (date(2024, 1, 18), date(2024, 3, 3)),
            (date(2024, 8, 29), date(2024, 10, 13)),
        ):
            assert day_after(start, 45, Unit.DAYS) == due
            assert due.weekday() == 6


class TestYears:
    """A limit of years ends on the same day of a later year (our convention)."""

    @given(start=st.dates(max_value=date(9000, 1, 1)), years=st.integers(0, 900))
    def test_same_day(self, start: date, years: int) -> None:
        """Month and day stay, but for 29 February, which becomes 28 February where there is no 29th."""
        due = day_after(start, years, Unit.YEARS)
        assert due.year == start.year + years
        moved = (start.month, start.day) == (2, 29) and (due.month, due.day) == (2, 28)
        assert moved or (due.month, due.day) == (start.month, start.day)

    def test_century(self) -> None:
        """The year 2100 has no 29 February."""
        assert day_after(date(2096, 2, 29), 4, Unit.YEARS) == date(2100, 2, 28)

    def test_last_year(self) -> None:
        """The year 9999 can be reached."""
        assert day_after(date(2024, 2, 29), 7975, Unit.YEARS) == date(9999, 2, 28)


class TestBusinessDays:
    """Business day 1 is the first open day after the act (A5-02, A6-01, A7-02, A10-01; X-02)."""

    @given(start=known_days, n=st.integers(1, 60), calendar=calendars)
    def test_never_on_a_closed_day(self, start: date, n: int, calendar: Calendar) -> None:
        """A count of at least 1 ends on an open day, after the start."""
        due = calendar.add_business_days(start, n)
        assert calendar.is_open(due)
        assert due > start
        assert due.weekday() not in calendar.weekend
        assert due not in calendar.closing_days

    @given(start=known_days, n=few, calendar=calendars)
    def test_inverse(self, start: date, n: int, calendar: Calendar) -> None:
        """As many business days lie between as were added."""
        assert calendar.business_days_between(start, calendar.add_business_days(start, n)) == n

    @given(start=known_days, days=few, calendar=calendars)
    def test_between_is_a_sum(self, start: date, days: int, calendar: Calendar) -> None:
        """The business days between two days are the open days after the first, up to and with the second."""
        after = [start + timedelta(day) for day in range(1, days + 1)]
        end = after[-1] if after else start
        assert calendar.business_days_between(start, end) == sum(map(calendar.is_open, after))

    @given(start=known_days, days=few, calendar=calendars)
    def test_between_backwards(self, start: date, days: int, calendar: Calendar) -> None:
        """Counted backwards, the business days between are negative."""
        end = start + timedelta(days)
        assert calendar.business_days_between(end, start) == -calendar.business_days_between(start, end)

    @given(start=known_days, n=few, calendar=calendars)
    def test_longer_is_later(self, start: date, n: int, calendar: Calendar) -> None:
        """One business day more ends later."""
        assert calendar.add_business_days(start, n) < calendar.add_business_days(start, n + 1)

    @given(start=known_days, later=few, n=st.integers(1, 30), calendar=calendars)
    def test_later_start_is_no_earlier_end(self, start: date, later: int, n: int, calendar: Calendar) -> None:
        """An act on a later day never ends its limit earlier."""
        assert calendar.add_business_days(start, n) <= calendar.add_business_days(start + timedelta(later), n)

    @given(start=known_days, n=few, calendar=calendars)
    def test_never_earlier_than_calendar_days(self, start: date, n: int, calendar: Calendar) -> None:
        """As many calendar days end no later than as many business days."""
        assert day_after(start, n, Unit.DAYS) <= day_after(start, n, Unit.BUSINESS_DAYS, calendar)

    @given(start=known_days, a=few, b=few, calendar=calendars)
    def test_in_two_steps(self, start: date, a: int, b: int, calendar: Calendar) -> None:
        """A count in two steps ends where the whole count ends."""
        halfway = calendar.add_business_days(start, a)
        assert calendar.add_business_days(halfway, b) == calendar.add_business_days(start, a + b)

    @given(start=st.dates(), calendar=calendars)
    def test_zero(self, start: date, calendar: Calendar) -> None:
        """A count of 0 is the day itself, open or not, known or not."""
        assert calendar.add_business_days(start, 0) == start
        assert day_after(start, 0, Unit.BUSINESS_DAYS, calendar) == start
        assert calendar.business_days_between(start, start) == 0


class TestRollOver:
    """A last day on a weekend or holiday rolls forward, in the second reading of AMB-02."""

    @pytest.mark.parametrize(
        ("last_day", "calendar", "rolled"),
        [
            (date(2023, 12, 10), "MX", date(2023, 12, 11)),  # TV-2: Sunday to Monday
            (date(2024, 3, 3), "MX", date(2024, 3, 4)),  # TV-7: Sunday to Monday
            (date(2024, 10, 13), "MX", date(2024, 10, 14)),  # TV-8: Sunday to Monday
            (date(2024, 10, 13), "MX+US", date(2024, 10, 15)),  # TV-8: Mon 14 Oct is Columbus Day
            (date(2021, 6, 26), "MX", date(2021, 6, 28)),  # TV-9: Saturday to Monday
            (date(2023, 3, 26), "MX", date(2023, 3, 27)),  # TV-5: Sunday to Monday
            (date(2024, 9, 14), "MX", date(2024, 9, 17)),  # Sat, Sun, Mon 16 Sept closed
            (date(2024, 4, 11), "MX", date(2024, 4, 11)),  # TV-1: a Thursday stays
        ],
    )
    def test_public_cases(self, last_day: date, calendar: str, rolled: date) -> None:
        """A closed last day rolls to the next open day; an open one stays."""
        assert named(calendar).next_open(last_day) == rolled

    @given(day=known_days, calendar=calendars)
    def test_next_open(self, day: date, calendar: Calendar) -> None:
        """The next open day is open, never earlier, nothing between is open, and rolling twice rolls once."""
        rolled = calendar.next_open(day)
        assert calendar.is_open(rolled)
        assert rolled >= day
        assert not any(calendar.is_open(day + timedelta(n)) for n in range((rolled - day).days))
        assert calendar.next_open(rolled) == rolled


class TestClosingDaysOfAParty:
    """Whose closing days apply is a choice; each list has a source and an end (AMB-04, X-02)."""

    @pytest.mark.parametrize(
        ("party", "closed"),
        [
            ("MX", ("01-01", "02-05", "03-18", "05-01", "09-16", "10-01", "11-18", "12-25")),
            (
                "US",
                (
                    *("01-01", "01-15", "02-19", "05-27", "06-19", "07-04"),
                    *("09-02", "10-14", "11-11", "11-28", "12-25"),
                ),
            ),
            (
                "CA",
                ("01-01", "03-29", "05-20", "07-01", "09-02", "09-30", "10-14", "11-11", "12-25", "12-26"),
            ),
        ],
    )
    def test_year_2024(self, party: str, closed: tuple[str, ...]) -> None:
        """In 2024, when no holiday fell on a weekend, a Party is closed on the days that its statute lists."""
        found = {day for day in closing_days_of(party).closing_days if day.year == 2024}
        assert found == {date.fromisoformat(f"2024-{day}") for day in closed}

    @pytest.mark.parametrize("party", PARTIES)
    def test_known_range(self, party: str) -> None:
        """A Party's calendar knows the days from 2020 to the end of 2030, and says what it rests on."""
        calendar = closing_days_of(party)
        assert (calendar.name, calendar.first, calendar.last) == (party, date(2020, 1, 1), date(2030, 12, 31))
        assert calendar.weekend == SATURDAY_AND_SUNDAY == {5, 6}
        assert calendar.source.startswith("holidays 0.")
        assert all(type(day) is date for day in calendar.closing_days)

    def test_sources(self) -> None:
        """Each source names package, country and kind of list."""
        assert [closing_days_of(party).source.split(", ", 1)[1] for party in PARTIES] == [
            "Mexico, public holidays",
            "United States, federal holidays",
            "Canada, federal holidays",
        ]

    def test_washington_alone(self) -> None:
        """A day that closes offices in Washington alone, or by decree, is not in the list of the United States."""
        assert US.is_open(date(2021, 1, 20))
        assert US.is_open(date(2024, 12, 24))

    def test_change_of_government(self) -> None:
        """Mexico closes on 1 October in every sixth year from 2024."""
        assert [year for year in range(2020, 2031) if date(year, 10, 1) in MX.closing_days] == [2024, 2030]

    def test_another_end(self) -> None:
        """A longer calendar may be asked for, and agrees with the shorter one where both know."""
        longer = Calendar.of_party("MX", last=date(2032, 6, 30))
        assert longer.last == date(2032, 6, 30)
        assert longer.is_open(date(2032, 6, 30))
        assert {day for day in longer.closing_days if day <= KNOWN_TO} == MX.closing_days
        assert date(2032, 5, 1) in longer.closing_days
        with pytest.raises(CalendarEnd):
            longer.is_open(date(2032, 7, 1))

    def test_shorter_end(self) -> None:
        """A shorter calendar holds no closing day that it does not know."""
        assert max(Calendar.of_party("US", last=date(2021, 12, 30)).closing_days) == date(2021, 12, 25)
        assert max(Calendar.of_party("US", last=date(2021, 12, 25)).closing_days) == date(2021, 12, 25)

    @pytest.mark.parametrize("party", PARTIES)
    def test_first_day_is_a_holiday(self, party: str) -> None:
        """The first day known is New Year's Day, on which each Party is closed."""
        assert not closing_days_of(party).is_open(KNOWN_FROM)

    @pytest.mark.parametrize("party", PARTIES)
    def test_loaded_once(self, party: str) -> None:
        """The calendar of a Party is loaded once."""
        assert closing_days_of(party) is closing_days_of(party) is Calendar.of_party(party)

    @pytest.mark.parametrize("party", ["FR", "mx", "", "MX+US"])
    def test_no_such_party(self, party: str) -> None:
        """Another Party is refused, with the choices."""
        with pytest.raises(CalendarError, match=r"is no Party with closing days: take one of MX, US, CA"):
            closing_days_of(party)

    def test_end_beyond_the_package(self) -> None:
        """An end beyond what the package knows is refused, and so is one before 2020."""
        with pytest.raises(CalendarError, match=r"up to 2100; asked for 2101-01-01"):
            Calendar.of_party("MX", last=date(2101, 1, 1))
        assert not Calendar.of_party("MX", last=date(2100, 12, 31)).is_open(date(2100, 9, 16))
        with pytest.raises(CalendarError, match=r"first comes first"):
            Calendar.of_party("MX", last=date(2019, 12, 31))

    def test_last_is_a_date(self) -> None:
        """An end that is a datetime is refused with the repair."""
        with pytest.raises(CalendarError, match=r"has to be a datetime\.date; found datetime: write \.date\(\)"):
            Calendar.of_party("MX", last=datetime(2028, 1, 1, tzinfo=UTC))

    @pytest.mark.skipif(sys.platform == "emscripten", reason="there are no processes in WebAssembly")
    def test_import_loads_no_list(self) -> None:
        """Importing the module does not load the package of holidays; counting business days does."""
        code = (
            "import sys; from rrm_lifecycle.case import calendars as c; before = 'holidays' in sys.modules; "
            "c.closing_days_of('MX'); print(before, 'holidays' in sys.modules)"
        )
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own code
        assert ran.stdout.split() == ["False", "True"]


class TestEither:
    """Business days may be those on which both Parties are open (the second reading of AMB-04)."""

    @given(start=known_days, n=st.integers(0, 20), one=calendars, other=calendars)
    def test_never_earlier_than_each(self, start: date, n: int, one: Calendar, other: Calendar) -> None:
        """With the closing days of either, a count ends no earlier than with those of one."""
        both = Calendar.either(one, other)
        due = both.add_business_days(start, n)
        assert due >= max(one.add_business_days(start, n), other.add_business_days(start, n))

    @given(day=st.dates(KNOWN_FROM, KNOWN_TO), one=calendars, other=calendars)
    def test_open_in_both(self, day: date, one: Calendar, other: Calendar) -> None:
        """A day is open if it is open in both calendars, in whatever order they are named."""
        both = Calendar.either(one, other)
        assert both.is_open(day) is (one.is_open(day) and other.is_open(day))
        assert both == Calendar.either(other, one)

    def test_names(self) -> None:
        """The calendar of either names both, and both sources."""
        both = Calendar.either(US, MX)
        assert both.name == "MX+US"
        assert both.source == f"{MX.source}; {US.source}"
        assert both is Calendar.either(US, MX)

    def test_same_twice(self) -> None:
        """A calendar and itself are itself."""
        assert Calendar.either(MX, MX) is MX

    def test_known_by_both(self) -> None:
        """It knows the days that both know, and holds no closing day beyond."""
        year = calendar_2024((date(2024, 5, 10),))
        both = Calendar.either(MX, year)
        assert (both.first, both.last) == (year.first, year.last)
        assert {day.year for day in both.closing_days} == {2024}
        assert date(2024, 5, 10) in both.closing_days
        edges = calendar_2024((date(2024, 1, 1), date(2024, 12, 31)))
        assert {date(2024, 1, 1), date(2024, 12, 31)} <= Calendar.either(US, edges).closing_days

    def test_nothing_in_common(self) -> None:
        """Calendars that know no day in common are refused."""
        past = calendar_2024(first=date(2010, 1, 1), last=date(2010, 12, 31))
        with pytest.raises(CalendarError, match=r"'MX' \(2020-01-01 to 2030-12-31\) and 'office' .* no day in common"):
            Calendar.either(past, MX)

    def test_one_day_in_common(self) -> None:
        """One day in common is enough."""
        last = calendar_2024(first=date(2010, 1, 1), last=KNOWN_FROM)
        assert (Calendar.either(last, MX).first, Calendar.either(last, MX).last) == (KNOWN_FROM, KNOWN_FROM)


class TestOwnList:
    """A user may count with a list of their own, which says what it rests on and what it knows."""

    def test_own_closing_day(self) -> None:
        """A closing day of one's own is no business day."""
        office = calendar_2024((date(2024, 5, 10),))
        assert office.add_business_days(date(2024, 5, 9), 1) == date(2024, 5, 13)
        assert office.closing_days == {date(2024, 5, 10)}

    def test_other_weekend(self) -> None:
        """An office may close on other days of the week than Saturday and Sunday."""
        office = calendar_2024(weekend={4, 5})
        assert [office.is_open(date(2024, 5, day)) for day in range(6, 13)] == [True] * 4 + [False] * 2 + [True]

    def test_any_iterable(self) -> None:
        """Closing days may come from any iterable, with repeats."""
        twice = [date(2024, 5, 10), date(2024, 5, 10)]
        assert calendar_2024(tuple(twice)) == calendar_2024((date(2024, 5, 10),))

    @pytest.mark.parametrize(
        ("day", "repair"),
        [
            (datetime(2024, 5, 10, 12, tzinfo=UTC), r"found datetime: write \.date\(\) behind it"),
            ("2024-05-10", r"found str: write date\.fromisoformat\('2024-05-10'\)"),
            (20240510, r"found int: write datetime\.date\(year, month, day\)"),
            (None, r"found NoneType: write datetime\.date\(year, month, day\)"),
        ],
    )
    @pytest.mark.parametrize("where", ["days", "first", "last", "is_open", "add", "from", "to", "next_open"])
    def test_plain_dates_alone(self, day: Any, repair: str, where: str) -> None:
        """Whatever is no plain date is refused everywhere, with the repair."""
        office = calendar_2024()
        ask: dict[str, Callable[[], object]] = {
            "days": lambda: calendar_2024((day,)),
            "first": lambda: calendar_2024(first=day),
            "last": lambda: calendar_2024(last=day),
            "is_open": lambda: office.is_open(day),
            "add": lambda: office.add_business_days(day, 1),
            "from": lambda: office.business_days_between(day, date(2024, 5, 13)),
            "to": lambda: office.business_days_between(date(2024, 5, 13), day),
            "next_open": lambda: office.next_open(day),
        }
        with pytest.raises(CalendarError, match=repair):
            ask[where]()

    def test_pandas_days(self) -> None:
        """A pandas Timestamp is refused like a datetime, and NaT is not told to take its date."""
        pandas = pytest.importorskip("pandas")
        stamp: Any = pandas.to_datetime("2024-05-10")
        with pytest.raises(CalendarError, match=r"found Timestamp: write \.date\(\)"):
            calendar_2024((stamp,))
        with pytest.raises(CalendarError, match=r"found NaTType: write datetime\.date"):
            calendar_2024((pandas.NaT,))

    @pytest.mark.parametrize("day", [date(2023, 12, 31), date(2025, 1, 1)])
    def test_closing_day_outside(self, day: date) -> None:
        """A closing day outside of what the calendar knows is refused, with both ways out."""
        with pytest.raises(CalendarError, match=rf"its list holds {day}: leave that day out, or set first or last"):
            calendar_2024((day,))

    def test_first_closing_day_outside(self) -> None:
        """Of several closing days outside, the earliest is named."""
        with pytest.raises(CalendarError, match="its list holds 2025-01-01"):
            calendar_2024((date(2026, 1, 1), date(2025, 1, 1), date(2025, 12, 25)))

    def test_closing_days_on_the_edges(self) -> None:
        """The first and the last day known may be closing days."""
        office = calendar_2024((date(2024, 1, 1), date(2024, 12, 31)))
        assert not office.is_open(date(2024, 1, 1))
        assert not office.is_open(date(2024, 12, 31))

    def test_first_after_last(self) -> None:
        """A calendar that would end before it starts is refused; one of a single day is not."""
        with pytest.raises(CalendarError, match=r"from 2024-01-02 to 2024-01-01: first comes first"):
            calendar_2024(first=date(2024, 1, 2), last=date(2024, 1, 1))
        assert calendar_2024(last=date(2024, 1, 1)).is_open(date(2024, 1, 1))

    @pytest.mark.parametrize("weekend", [{7}, {-1}, {"Saturday"}, {True}, {5.0}])
    def test_no_day_of_the_week(self, weekend: set[Any]) -> None:
        """A weekend takes days of the week by number."""
        with pytest.raises(CalendarError, match=r"from 0 \(Monday\) to 6 \(Sunday\); found"):
            calendar_2024(weekend=weekend)

    @pytest.mark.parametrize("field", ["name", "source"])
    @pytest.mark.parametrize(
        ("text", "reason"), [("", "is empty"), ("  ", "is empty"), ("a\u202eb", r"U\+202E"), (7, "has to be a text")]
    )
    def test_text_that_can_be_filed(self, field: str, text: Any, reason: str) -> None:
        """Name and source stand in records, so they hold text that a reader can trust."""
        with pytest.raises(CalendarError, match=reason):
            attrs.evolve(calendar_2024(), **{field: text})

    @pytest.mark.parametrize(("field", "longest"), [("name", 200), ("source", 2_000)])
    def test_text_of_a_length(self, field: str, longest: int) -> None:
        """Name and source are short."""
        as_long: dict[str, Any] = {field: "x" * longest}
        longer: dict[str, Any] = {field: "x" * (longest + 1)}
        assert getattr(attrs.evolve(calendar_2024(), **as_long), field) == as_long[field]
        with pytest.raises(CalendarError, match=f"may hold {longest} characters"):
            attrs.evolve(calendar_2024(), **longer)


class TestEnd:
    """A calendar says up to which day it speaks; asked beyond, it raises."""

    def test_last_day_known(self) -> None:
        """The last day known can be counted to, and no day after it."""
        assert MX.add_business_days(date(2030, 12, 30), 1) == date(2030, 12, 31)
        with pytest.raises(CalendarEnd) as raised:
            MX.add_business_days(date(2030, 12, 30), 2)
        message = str(raised.value)
        assert "'MX'" in message
        assert MX.source in message
        assert "2030-12-31; it was asked about the day after" in message
        assert "take a longer one, by Calendar.of_party(…, last=…)" in message

    def test_first_day_known(self) -> None:
        """The first day known can be counted, from the day before it, and no day before."""
        office = calendar_2024()
        assert office.add_business_days(date(2023, 12, 31), 1) == date(2024, 1, 1)
        assert office.business_days_between(date(2023, 12, 31), date(2024, 1, 1)) == 1
        with pytest.raises(CalendarEnd, match=r"asked about 2023-12-31: take your own list that starts earlier"):
            office.add_business_days(date(2023, 12, 30), 1)

    @pytest.mark.parametrize("day", [date(2023, 12, 31), date(2025, 1, 1), date.min, date.max])
    def test_unknown_day(self, day: date) -> None:
        """A day before the first or after the last is not known to be open, and nothing is guessed."""
        office = calendar_2024()
        for ask in (office.is_open, office.next_open):
            with pytest.raises(CalendarEnd, match=f"asked about {day}: take"):
                ask(day)

    @pytest.mark.parametrize("day", [date(2024, 1, 1), date(2024, 12, 31)])
    def test_edges_are_known(self, day: date) -> None:
        """The first and the last day are known."""
        assert calendar_2024().is_open(day)
        assert calendar_2024().next_open(day) == day

    def test_rolling_beyond(self) -> None:
        """A closed last day does not roll beyond what is known."""
        with pytest.raises(CalendarEnd, match="asked about the day after"):
            calendar_2024((date(2024, 12, 31),)).next_open(date(2024, 12, 31))

    @pytest.mark.parametrize(
        ("start", "end"), [(date(2023, 12, 30), date(2024, 1, 2)), (date(2024, 12, 30), date(2025, 1, 1))]
    )
    def test_between_beyond(self, start: date, end: date) -> None:
        """Business days between are not counted over days that are not known, in either direction."""
        office = calendar_2024()
        with pytest.raises(CalendarEnd):
            office.business_days_between(start, end)
        with pytest.raises(CalendarEnd):
            office.business_days_between(end, start)

    def test_always_closed(self) -> None:
        """An office that never opens ends the count where its calendar ends."""
        with pytest.raises(CalendarEnd):
            calendar_2024(weekend=range(7)).add_business_days(date(2024, 1, 1), 1)

    def test_whole_range_of_dates(self) -> None:
        """A calendar may know every date there is; the end of dates is its end."""
        always = Calendar.of_days("always", (), source="drawn", first=date.min, last=date.max, weekend=())
        assert always.add_business_days(date.min, 1) == date(1, 1, 2)
        assert always.add_business_days(date(9999, 12, 30), 1) == date.max
        with pytest.raises(CalendarEnd):
            always.add_business_days(date.max, 1)

    def test_errors_are_of_the_library(self) -> None:
        """The end of a calendar is a calendar error, a ValueError and an error of the library."""
        assert issubclass(CalendarEnd, CalendarError)
        assert issubclass(CalendarEnd, ValueError)
        assert issubclass(CalendarEnd, RRMError)


class TestValue:
    """A calendar is a value: frozen, equal by its attributes, named in a record by a digest."""

    def test_equality(self) -> None:
        """Calendars are equal, and hash alike, if all attributes are equal."""
        one, other = calendar_2024((date(2024, 5, 10),)), calendar_2024((date(2024, 5, 10),))
        assert one == other
        assert hash(one) == hash(other)
        for changed in (
            {"name": "another"},
            {"source": "another notice"},
            {"closing_days": ()},
            {"first": date(2024, 1, 2)},
            {"last": date(2024, 12, 30)},
            {"weekend": {6}},
        ):
            assert attrs.evolve(one, **changed) != one

    def test_frozen(self) -> None:
        """No attribute of a calendar can be set."""
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            MX.last = date(2040, 1, 1)  # type: ignore[misc]  # what is tested
        assert not hasattr(MX, "__dict__")

    def test_copies(self) -> None:
        """A calendar survives pickling and copying, with its digest."""
        for again in (pickle.loads(pickle.dumps(MX)), copy.deepcopy(MX), copy.copy(MX)):  # noqa: S301 - our own bytes
            assert again == MX
            assert hash(again) == hash(MX)
            assert again.digest == MX.digest

    def test_describe(self) -> None:
        """A record names the calendar by name, source, last day and digest, as text alone."""
        said = MX.describe()
        assert list(said) == ["name", "source", "last", "sha256"]
        assert said == {"name": "MX", "source": MX.source, "last": "2030-12-31", "sha256": MX.digest}
        assert json.loads(json.dumps(said)) == said
        said["name"] = "changed by the caller"
        assert MX.describe()["name"] == "MX"

    def test_digest(self) -> None:
        """A stranger can make the digest from the days, the weekend and the range."""
        days = [date(2024, month, 10) for month in range(1, 13)]
        office = calendar_2024(tuple(reversed(days)), weekend=(6, 0, 5, 4))
        text = "2024-01-01/2024-12-31\n0456\n" + "\n".join(day.isoformat() for day in days)
        assert office.digest == sha256(text.encode()).hexdigest()[:16]

    @pytest.mark.parametrize(
        "changed", [{"closing_days": ()}, {"first": date(2024, 1, 2)}, {"last": date(2024, 12, 30)}, {"weekend": {6}}]
    )
    def test_digest_tells_apart(self, changed: dict[str, Any]) -> None:
        """Other days, another range or another weekend make another digest; name and source do not."""
        office = calendar_2024((date(2024, 5, 10),))
        assert attrs.evolve(office, **changed).digest != office.digest
        assert attrs.evolve(office, name="other", source="other").digest == office.digest

    def test_repr(self) -> None:
        """A calendar shows itself in one line of at most 120 characters."""
        assert (
            repr(calendar_2024((date(2024, 5, 10),))) == "Calendar('office', 1 closing days, 2024-01-01 to 2024-12-31)"
        )
        assert len(repr(calendar_2024(name="x" * 200))) <= 120
        assert repr(calendar_2024(name="x" * 200)).startswith(f"Calendar('{'x' * 50}',")


class TestErrors:
    """An error says what was asked, what stands in the way, and what opens the way."""

    def test_no_calendar(self) -> None:
        """Business days without a calendar raise the question whose closing days apply, even for 0."""
        for value in (0, 5):
            with pytest.raises(
                TermError, match=r"^business days need a calendar: which office's closing days apply\?$"
            ):
                day_after(date(2023, 8, 30), value, Unit.BUSINESS_DAYS)

    @pytest.mark.parametrize("unit", list(Unit))
    @pytest.mark.parametrize("value", [-1, 2.0, True, None, "5", 1.5])
    def test_no_length(self, unit: Unit, value: Any) -> None:
        """A length that is no whole number of at least 0 is refused in every unit."""
        with pytest.raises(TermError, match=r"whole number of at least 0; found"):
            day_after(date(2024, 1, 1), value, unit, MX)

    @pytest.mark.parametrize("n", [-1, 2.0, True, None])
    def test_no_count(self, n: Any) -> None:
        """A count of business days that is no whole number of at least 0 is refused."""
        with pytest.raises(CalendarError, match=r"whole number of at least 0; found"):
            MX.add_business_days(date(2024, 1, 1), n)

    @pytest.mark.parametrize("unit", list(Unit))
    @pytest.mark.parametrize("start", [datetime(2024, 1, 1, tzinfo=UTC), "2024-01-01", None])
    def test_no_day(self, unit: Unit, start: Any) -> None:
        """A start that is no plain date is refused in every unit, with the repair."""
        with pytest.raises(
            TermError, match=r"the day of the act that starts a limit has to be a datetime\.date; found"
        ):
            day_after(start, 1, unit, MX)

    @pytest.mark.parametrize(
        ("start", "value", "unit"),
        [
            (date(9999, 12, 31), 1, Unit.DAYS),
            (date(2024, 1, 1), 10**9, Unit.DAYS),
            (date(2024, 1, 1), 10**30, Unit.DAYS),
            (date(2024, 1, 1), 7976, Unit.YEARS),
            (date(2024, 1, 1), 10**30, Unit.YEARS),
        ],
    )
    def test_beyond_all_dates(self, start: date, value: int, unit: Unit) -> None:
        """A limit that ends beyond the year 9999 is a term error."""
        with pytest.raises(TermError, match=f"{unit} from {start} end beyond the year 9999: take a shorter limit"):
            day_after(start, value, unit)

    def test_length_in_words(self) -> None:
        """The message repeats a length up to a billion, and no longer one."""
        for value, said in ((10**9, "^1000000000 days from"), (10**9 + 1, "^more than a billion days from")):
            with pytest.raises(TermError, match=said):
                day_after(date(2024, 1, 1), value, Unit.DAYS)

    def test_message_is_short(self) -> None:
        """A message repeats little of what was given."""
        given_text: Any = "9" * 1_000
        with pytest.raises(TermError) as no_length:
            day_after(date(2024, 1, 1), given_text, Unit.DAYS)
        assert len(str(no_length.value)) == 400
        with pytest.raises(TermError, match=r"write date\.fromisoformat\('9{32}'\)$"):
            day_after(given_text, 1, Unit.DAYS)
        with pytest.raises(CalendarError, match=r"^'9{32}' is no Party"):
            closing_days_of(given_text)
        with pytest.raises(CalendarError) as no_weekend:
            calendar_2024(weekend={given_text})
        assert len(str(no_weekend.value)) == 400

    def test_huge_length_of_business_days(self) -> None:
        """A huge count of business days ends at the end of the calendar."""
        with pytest.raises(CalendarEnd):
            day_after(date(2024, 1, 1), 10**30, Unit.BUSINESS_DAYS, MX)

    def test_no_unit(self) -> None:
        """A unit that there is not is refused, with those that there are."""
        unit: Any = "weeks"
        with pytest.raises(TermError, match=r"counted in days, business_days, years; found 'weeks'"):
            day_after(date(2024, 1, 1), 1, unit)

    @pytest.mark.parametrize("unit", list(Unit))
    def test_unit_as_text(self, unit: Unit) -> None:
        """The value of a unit, as a file holds it, counts as the unit does."""
        text: Any = unit.value
        assert day_after(date(2024, 1, 1), 2, text, MX) == day_after(date(2024, 1, 1), 2, unit, MX)
