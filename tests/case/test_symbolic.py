"""Counting days, asked by a solver: CrossHair looks for a day and a length on which a sentence is false.

Chance seldom hits the one day of a century on which a count may be wrong; a solver reads the code and goes there. Needs
``hypothesis-crosshair``, which the extra ``dev`` brings; ``RRM_INDEPENDENT=required`` makes its absence a failure.
Business days are not asked about here: each day of their count would be a question of its own, and a fault that was
planted on one day was not found in a minute and a half. Their tests look at every day instead.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, timedelta
from importlib.util import find_spec
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rrm_lifecycle import events as did
from rrm_lifecycle.case.calendars import KNOWN_TO
from rrm_lifecycle.case.counting import Unit, day_after
from rrm_lifecycle.case.engine import decide
from rrm_lifecycle.record.entry import Entry, Refusal
from rrm_lifecycle.testing import case_at

if find_spec("hypothesis_crosshair_provider") is None and os.environ.get("RRM_INDEPENDENT") != "required":
    pytest.skip("CrossHair is not installed: pip install hypothesis-crosshair crosshair-tool", allow_module_level=True)

SOLVED: Final = settings(
    backend="crosshair",
    max_examples=15,
    derandomize=False,  # the solver draws nothing by chance
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
DAYS: Final = st.dates(date(2000, 1, 1), date(2100, 12, 31))
LENGTHS: Final = st.integers(0, 20_000)
YEARS: Final = st.integers(0, 200)
REPLY: Final = 10
"""Days to answer a request for review, as Article 31-A.4 has them."""
Counted = Callable[[date, int], date]


def in_days(start: date, length: int) -> date:
    """Return the last day of a limit in days."""
    return day_after(start, length, Unit.DAYS)


def days_agree(count: Counted) -> Callable[[], None]:
    """Return the question whether a count of days agrees with the difference of dates."""

    @SOLVED
    @given(DAYS, LENGTHS)
    def ask(start: date, length: int) -> None:
        assert (count(start, length) - start).days == length

    return ask


class TestDays:
    """Day 1 is the day after the act; the last day is as many days later as the limit is long."""

    def test_agree(self) -> None:
        """No day and no length are found on which the count differs from that of the calendar."""
        days_agree(in_days)()

    @given(DAYS, DAYS, LENGTHS)
    @SOLVED
    def test_later_acts_end_later(self, one: date, other: date, length: int) -> None:
        """Of two acts, the later one's limit ends later, by as many days."""
        assert in_days(other, length) - in_days(one, length) == other - one

    @given(DAYS, YEARS)
    @SOLVED
    def test_years(self, start: date, years: int) -> None:
        """A limit of years ends on the same day of a later year, or on 28 February where that year has no 29th."""
        end = day_after(start, years, Unit.YEARS)
        assert (end.year, end.month) == (start.year + years, start.month)
        assert end.day == start.day or (start.month, start.day, end.day) == (2, 29, 28)

    @given(DAYS, DAYS, YEARS)
    @SOLVED
    def test_years_keep_order(self, one: date, other: date, years: int) -> None:
        """Of two acts, the earlier one's limit of years does not end later."""
        first, last = min(one, other), max(one, other)
        assert day_after(first, years, Unit.YEARS) <= day_after(last, years, Unit.YEARS)


class TestReply:
    """Art. 31-A.4: the respondent Party has ten days to answer; then the complainant Party may go on."""

    case = case_at("review_requested")
    asked = case.acts[-1].act.on

    @given(st.dates(asked, date(2100, 12, 31)))
    @SOLVED
    def test_noted_when_late(self, on: date) -> None:
        """No day of a century is found on which an answer is wrongly noted as late, or is not."""
        ruling = decide(self.case, did.ReviewAccepted(on))
        assert isinstance(ruling, Entry)
        late = (on - self.asked).days - REPLY
        assert [one.params.get("days") for one in ruling.findings] == ([late] if late > 0 else [])

    @given(st.dates(asked, KNOWN_TO - timedelta(60)))  # a panel is drawn in business days, which end with the calendar
    @SOLVED
    def test_opens_the_day_after(self, on: date) -> None:
        """No day is found on which a panel is wrongly opened by silence, or wrongly barred."""
        ruling = decide(self.case, did.PanelRequested(on))
        assert isinstance(ruling, Refusal) == ((on - self.asked).days <= REPLY)


class TestPlanted:
    """What is planted is found: else the silence of the solver would say nothing."""

    @pytest.mark.parametrize(
        "wrong",
        [
            pytest.param(lambda *said: said[2] == 7_919, id="one length"),
            pytest.param(lambda *said: said[0] == date(2023, 6, 16), id="one first day"),
            pytest.param(lambda *said: said[1] == date(2023, 6, 16), id="one last day"),
        ],
    )
    def test_off_by_one(self, wrong: Callable[[date, date, int], bool]) -> None:
        """A count that is a day too long on one length of twenty thousand, or one day of a century, is found."""

        def count(start: date, length: int) -> date:
            end = in_days(start, length)
            return end + timedelta(1) if wrong(start, end, length) else end

        with pytest.raises(AssertionError):
            days_agree(count)()
