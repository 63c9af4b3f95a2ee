"""The ground of a release is compared with the case as it stood on the day of the release (A4-16, US-09)."""

from __future__ import annotations

import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import ReleaseGround
from rrm_lifecycle.law.stages import Stage as S
from tests.law import cases as c
from tests.law.cases import at, day, entry, noted, under

HELD = (did.HoldBegun(day(1)),)
RESTS_ON: tuple[tuple[ReleaseGround, int, Case], ...] = (
    (ReleaseGround.NO_DENIAL_DETERMINED, 100, at(S.DELIBERATING, *HELD, c.found(100, "no_denial"))),
    (ReleaseGround.ABSENCE_AGREED, 50, at(S.NO_DENIAL_REPORTED, *HELD, did.MatterSettled(day(50)))),
    (ReleaseGround.COURSE_COMPLETED, 150, at(S.COURSE_RUNNING, *HELD, did.MatterSettled(day(150)))),
    (ReleaseGround.OTHERWISE_REMEDIED, 20, at(S.UNDER_REVIEW, *HELD, did.RemediationCompleted(day(20)))),
)


class TestByItsDay:
    """The hold is dated beside the case: a release may be recorded after an act that is dated later than it."""

    @pytest.mark.parametrize(("ground", "n", "case"), RESTS_ON)
    def test_on_the_day(self, ground: ReleaseGround, n: int, case: Case) -> None:
        """A release on the day of what it rests on is borne out."""
        assert noted(case, did.HoldReleased(day(n), ground=ground)) == []

    @pytest.mark.parametrize(("ground", "n", "case"), RESTS_ON)
    def test_the_day_before(self, ground: ReleaseGround, n: int, case: Case) -> None:
        """A release dated before what it rests on is noted, as it is where that is not recorded yet."""
        assert noted(case, did.HoldReleased(day(n - 1), ground=ground)) == ["ground_borne_out"]

    def test_end_of_the_request(self) -> None:
        """Under AMB-12's other reading the end of the request is a ground from its own day on, and not before."""
        case, other = at(S.UNDER_REVIEW, *HELD, did.Withdrawn(day(20))), under(hold_lapses_with_request=True)
        before, then = (did.HoldReleased(day(n), ground=ReleaseGround.REQUEST_ENDED) for n in (19, 20))
        assert [one.code for one in entry(case, before, other).findings] == ["ground_borne_out"]
        assert entry(case, then, other).findings == ()
