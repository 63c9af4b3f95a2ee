"""A limit that counts from a day of its own, where of the act that starts it only a period is known."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.deadlines import begin
from rrm_lifecycle.law.terms import SCREENING
from tests.law import cases as c

RECEIVED: Final = date(2024, 3, 6)
PERIOD: Final = (date(2024, 3, 1), date(2024, 3, 12))


class TestStatedReceipt:
    """The committee's 30 days run from receipt (US-04, AMB-21); the period of the submission does not move that day."""

    def test_the_last_day_is_one(self) -> None:
        """Where the day of receipt is stated, the limit has one last day, whatever period is known of the submission."""
        filed = did.PetitionFiled(date(2024, 3, 4), filer_of="US", received=RECEIVED, known=PERIOD)
        limit = begin(SCREENING, filed, None, rolls=False, from_act=False)
        assert limit.due == RECEIVED + timedelta(30)
        assert limit.latest in (None, limit.due)

    def test_from_the_act(self) -> None:
        """Counted from submission instead, the period of the submission counts."""
        filed = did.PetitionFiled(date(2024, 3, 4), filer_of="US", received=RECEIVED, known=PERIOD)
        assert begin(SCREENING, filed, None, rolls=False, from_act=True).latest == PERIOD[1] + timedelta(30)

    def test_lateness_is_noted(self) -> None:
        """An acceptance on day 31 after a stated receipt is late, since every day on which it can have come is."""
        filed = c.petition(-40, received=c.day(-36), known=(c.day(-42), c.day(-30)))
        assert c.noted(c.case_of(filed), did.PetitionAccepted(c.day(-5))) == ["within"]
        assert c.noted(c.case_of(filed), did.PetitionAccepted(c.day(-6))) == []
