"""Limits that run: from which day, to which day."""

from __future__ import annotations

from datetime import date
from typing import Final

import attrs
import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.calendars import Calendar
from rrm_lifecycle.case.claim import NOT_STATED
from rrm_lifecycle.case.counting import Unit
from rrm_lifecycle.case.deadlines import Limit, begin, last_day
from rrm_lifecycle.errors import TermError
from rrm_lifecycle.law.terms import BAD_FAITH, CONFIRMATION, COURSE, LIFTING, REPLY, SCREENING

MX: Final = Calendar.of_party("MX")
FRIDAY: Final = date(2024, 3, 1)


class TestLastDay:
    """The last day in time of a term that starts with an act."""

    def test_days(self) -> None:
        """Ten days from Friday 1 March 2024 end on 11 March."""
        assert last_day(REPLY, FRIDAY) == date(2024, 3, 11)

    def test_business_days(self) -> None:
        """Five business days from Friday 1 March 2024 end on Friday 8 March; they need a calendar."""
        assert last_day(CONFIRMATION, FRIDAY, MX) == date(2024, 3, 8)
        with pytest.raises(TermError, match="business days need a calendar"):
            last_day(CONFIRMATION, FRIDAY)

    def test_years(self) -> None:
        """Two years end on the same day."""
        assert last_day(BAD_FAITH, FRIDAY) == date(2026, 3, 1)

    def test_roll_over(self) -> None:
        """A last day on a Sunday rolls to Monday where the reading says so, and a calendar is there to ask."""
        sunday = REPLY.set(9)
        assert last_day(sunday, FRIDAY, MX) == date(2024, 3, 10)
        assert last_day(sunday, FRIDAY, MX, rolls=True) == date(2024, 3, 11)
        assert last_day(sunday, FRIDAY, rolls=True) == date(2024, 3, 10)

    def test_what_is_due_at_once_does_not_roll(self) -> None:
        """A term of no days ends on the day of the act, even on a Sunday."""
        assert last_day(LIFTING, date(2024, 3, 10), MX, rolls=True) == date(2024, 3, 10)

    def test_a_term_to_a_named_day_is_not_counted(self) -> None:
        """A term that runs to the day that the act names has nothing to count."""
        with pytest.raises(TermError, match="the term 'course' runs to the day that the act names"):
            last_day(COURSE, FRIDAY)
        with pytest.raises(TermError, match="the term 'reply' runs to the day"):
            last_day(attrs.evolve(REPLY, unit=None), FRIDAY)


class TestBegin:
    """The limit that an act starts."""

    def test_a_named_end(self) -> None:
        """A course runs to its agreed end, or without a last day where none is stated."""
        agreed = did.CourseAgreed(FRIDAY, agreed_end=date(2024, 9, 1))
        assert begin(COURSE, agreed, None, rolls=False, from_act=False) == Limit("course", FRIDAY, date(2024, 9, 1))
        silent = did.CourseAgreed(FRIDAY, agreed_end=NOT_STATED)
        assert begin(COURSE, silent, None, rolls=False, from_act=False) == Limit("course", FRIDAY, None)

    def test_counted_from_receipt(self) -> None:
        """Screening counts from receipt where that is stated, from submission under the second reading of AMB-21."""
        filed = did.PetitionFiled(FRIDAY, filer_of="US", received=date(2024, 3, 6))
        received = begin(SCREENING, filed, None, rolls=False, from_act=False)
        assert received == Limit("screening", date(2024, 3, 6), date(2024, 4, 5))
        assert begin(SCREENING, filed, None, rolls=False, from_act=True).due == date(2024, 3, 31)
        silent = did.PetitionFiled(FRIDAY, filer_of="US")
        assert begin(SCREENING, silent, None, rolls=False, from_act=False).started == FRIDAY

    def test_a_period(self) -> None:
        """Where only a period is known, the limit has a latest last day too, unless the period ends with the start."""
        vague = did.ReviewRequested(FRIDAY, known=(FRIDAY, date(2024, 3, 5)))
        assert begin(REPLY, vague, None, rolls=False, from_act=False).latest == date(2024, 3, 15)
        sure = did.ReviewRequested(FRIDAY, known=(date(2024, 2, 28), FRIDAY))
        assert begin(REPLY, sure, None, rolls=False, from_act=False).latest is None

    def test_units(self) -> None:
        """A term set to business days counts them with the calendar given."""
        requested = did.ReviewRequested(FRIDAY)
        line = REPLY.set(unit=Unit.BUSINESS_DAYS)
        assert begin(line, requested, MX, rolls=False, from_act=False).due == date(2024, 3, 15)
