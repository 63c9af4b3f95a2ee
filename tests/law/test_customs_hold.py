"""The customs hold: beside the case, never before the request, and no remedy (A4-02, A4-16, US-08 to US-10)."""

from __future__ import annotations

import attrs
import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import NOT_STATED, Party, ReleaseGround, Sector
from rrm_lifecycle.case.engine import decide, play
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.law.stages import Closing, Hold
from rrm_lifecycle.law.stages import Stage as S
from rrm_lifecycle.record.entry import Track
from tests.law import cases as c
from tests.law.cases import at, codes, day, entry, noted, refusal, under

HELD = (did.HoldBegun(day(1)),)


class TestBegins:
    """After the request is delivered, settlement of customs accounts for the facility's goods may be delayed."""

    @pytest.mark.parametrize(("n", "admitted"), [(-1, False), (0, True), (40, True)])
    def test_not_before_the_request(self, n: int, admitted: bool) -> None:
        """A hold begins no earlier than the request, and may be dated before the last act of the case (INV-10)."""
        assert decide(at(S.NO_DENIAL_REPORTED), did.HoldBegun(day(n))).admitted is admitted

    @pytest.mark.parametrize("stage", [S.ASSESSMENT, S.PETITION_REVIEW, S.REQUEST_DUE])
    def test_not_without_a_request(self, stage: S) -> None:
        """Before there is a request there is no hold (INV-10)."""
        told = refusal(at(stage), did.HoldBegun(day(0)))
        assert codes(told) == ["request_delivered"]
        assert told.reasons[0].params["requested"] is None

    @pytest.mark.parametrize(
        ("sector", "traded", "found"),
        [
            (Sector.MANUFACTURING, True, True), (Sector.MINING, True, True), (Sector.MANUFACTURING, NOT_STATED, True),
            (Sector.MANUFACTURING, False, False), (Sector.SERVICES, True, False),
        ],
    )  # fmt: skip
    def test_goods(self, sector: Sector, traded: bool, found: bool) -> None:
        """A hold needs goods of the facility that cross the border; services have none (INV-11)."""
        case = c.with_facility(at(S.REVIEW_REQUESTED), sector=sector, goods_traded=traded)
        assert decide(case, did.HoldBegun(day(1))).admitted is found

    def test_once(self) -> None:
        """A hold that has begun does not begin again, nor after it was released."""
        case = at(S.UNDER_REVIEW, *HELD)
        assert refusal(case, did.HoldBegun(day(11))).no_rule
        case = play(case, did.RemediationCompleted(day(12)), did.HoldReleased(day(12), ground="otherwise_remedied"))
        assert refusal(case, did.HoldBegun(day(13))).no_rule

    @pytest.mark.parametrize(("n", "admitted"), [(5, True), (6, False)])
    def test_not_after_the_close(self, n: int, admitted: bool) -> None:
        """A hold recorded after the close must have begun by its day."""
        assert decide(at(S.CLOSED), did.HoldBegun(day(n))).admitted is admitted

    def test_begun_in_a_case_closed_as_remediated(self) -> None:
        """A hold recorded in a case that closed as no Denial is noted, since it is left open (INV-14)."""
        case = at(S.NO_DENIAL_REPORTED, did.MatterSettled(day(50)))
        assert noted(case, did.HoldBegun(day(2))) == ["not_closed_remediated"]

    def test_is_the_complainants(self) -> None:
        """Only the complainant Party holds."""
        assert codes(refusal(at(S.REVIEW_REQUESTED), did.HoldBegun(day(1), by="respondent"))) == ["actor"]


class TestBeside:
    """The hold is a track of its own: it moves neither stage nor day of the case (INV-12)."""

    def test_moves_the_hold_alone(self) -> None:
        """Beginning a hold changes the hold, and nothing else of where the case stands."""
        before, after = at(S.UNDER_REVIEW), at(S.UNDER_REVIEW, *HELD)
        assert after.hold is Hold.SUSPENDED
        for name in ("stage", "closing", "last_day", "limits", "facts"):
            assert getattr(before, name) == getattr(after, name)
        assert after.acts[-1].track is Track.HOLD

    def test_is_no_remedy(self) -> None:
        """A hold sets no tier and starts no limit; lifting it is not lifting remedies."""
        case = at(S.UNDER_REVIEW, *HELD)
        assert case.facts.tier is None
        assert refusal(case, did.RemediesLifted(day(20))).no_rule

    def test_days_in_order_within_the_hold(self) -> None:
        """An act of the hold may be dated before the last act of the case, never before the last act of the hold."""
        case = at(S.NO_DENIAL_REPORTED, did.HoldBegun(day(20)))
        released = did.HoldReleased(day(20), ground="otherwise_remedied")
        assert decide(case, released).admitted
        assert codes(refusal(case, attrs.evolve(released, on=day(19)))) == ["in_order"]

    def test_provided_for_in_its_track(self) -> None:
        """A refusal on the track of the hold tells what the hold provides for."""
        told = refusal(at(S.UNDER_REVIEW, *HELD), did.HoldBegun(day(11)))
        assert (told.stage, told.provided_for) == (Hold.SUSPENDED, ("HoldReleased", "HoldApplied"))


def _closed(*acts: Event, stage: S = S.UNDER_REVIEW) -> Case:
    return at(stage, *HELD, *acts)


BORNE_OUT: tuple[tuple[ReleaseGround, Case], ...] = (
    (ReleaseGround.NO_DENIAL_DETERMINED, _closed(c.found(100, "no_denial"), stage=S.DELIBERATING)),
    (ReleaseGround.ABSENCE_AGREED, _closed(did.MatterSettled(day(50)), stage=S.NO_DENIAL_REPORTED)),
    (ReleaseGround.COURSE_COMPLETED, _closed(did.MatterSettled(day(150)), stage=S.COURSE_RUNNING)),
    (ReleaseGround.COURSE_COMPLETED, _closed(did.RemediationCompleted(day(100)), stage=S.COURSE_RUNNING)),
    (ReleaseGround.OTHERWISE_REMEDIED, _closed(did.RemediationCompleted(day(20)))),
    (ReleaseGround.OTHERWISE_REMEDIED, _closed(did.MatterSettled(day(20)))),
    (ReleaseGround.OTHERWISE_REMEDIED, _closed(did.MatterSettled(day(60)), stage=S.DENIAL_REPORTED)),
)


class TestEnds:
    """The hold ends on a ground: no Denial, its agreed absence, a completed course, or other remediation (INV-13)."""

    @pytest.mark.parametrize(("ground", "case"), BORNE_OUT)
    def test_borne_out(self, ground: ReleaseGround, case: Case) -> None:
        """A ground that the case bears out is recorded without a note."""
        ruling = entry(case, did.HoldReleased(day(200), ground=ground))
        assert (ruling.rule, ruling.to, codes(ruling)) == ("A4-16", Hold.RESUMED, [])

    @pytest.mark.parametrize("ground", [one for one in ReleaseGround if one is not ReleaseGround.REQUEST_ENDED])
    def test_not_borne_out(self, ground: ReleaseGround) -> None:
        """A ground of the statute that the case does not bear out is noted: a release may come before the close."""
        assert noted(at(S.UNDER_REVIEW, *HELD), did.HoldReleased(day(11), ground=ground)) == ["ground_borne_out"]

    def test_stated_not(self) -> None:
        """A release without a stated ground is noted once."""
        assert noted(at(S.UNDER_REVIEW, *HELD), did.HoldReleased(day(11), ground=NOT_STATED)) == ["statutory_ground"]

    @pytest.mark.parametrize("event", [did.Withdrawn, did.CaseDropped])
    def test_end_of_the_request_is_no_ground(self, event: type[Event]) -> None:
        """The end of the request is no ground of the statute; under AMB-12's other reading it is one."""
        case = _closed(event(day(20)))
        released = did.HoldReleased(day(21), ground="request_ended")
        assert codes(refusal(case, released)) == ["statutory_ground"]
        assert noted(case, released, under(hold_lapses_with_request=True)) == []

    def test_request_has_to_have_ended(self) -> None:
        """Even then, the request must have ended so."""
        released = did.HoldReleased(day(21), ground="request_ended")
        assert codes(refusal(_closed(), released, under(hold_lapses_with_request=True))) == ["statutory_ground"]

    @pytest.mark.parametrize(("stage", "n"), [(S.NO_DENIAL_REPORTED, 50), (S.CURED_DENIAL_REPORTED, 50),
        (S.COURSE_RUNNING, 150), (S.DENIAL_DETERMINED, 110), (S.REMEDIES_IN_FORCE, 150)])  # fmt: skip
    def test_left_open(self, stage: S, n: int) -> None:
        """A close as remediated or as no Denial with the hold left open is noted (INV-14); the hold outlives it."""
        case = at(stage, *HELD)
        assert noted(case, did.MatterSettled(day(n))) == ["hold_ended"]
        assert play(case, did.MatterSettled(day(n))).hold is Hold.SUSPENDED

    def test_ended_in_time(self) -> None:
        """A close after the release notes nothing."""
        case = at(S.NO_DENIAL_REPORTED, *HELD, did.HoldReleased(day(50), ground="absence_agreed"))
        assert noted(case, did.MatterSettled(day(50))) == []

    def test_withdrawal_does_not_ask(self) -> None:
        """A withdrawal is no close as remediated, and notes no open hold."""
        assert noted(at(S.UNDER_REVIEW, *HELD), did.Withdrawn(day(20))) == []


class TestApplied:
    """After a panel determined a Denial, duties or penalties may be applied to suspended entries (US-10)."""

    @pytest.mark.parametrize(("n", "admitted"), [(99, False), (100, True)])
    def test_after_the_determination(self, n: int, admitted: bool) -> None:
        """From the day of the determination on, not before."""
        assert decide(at(S.DENIAL_DETERMINED, *HELD), did.HoldApplied(day(n))).admitted is admitted

    def test_needs_a_denial(self) -> None:
        """After a determination of no Denial nothing is applied."""
        case = _closed(c.found(100, "no_denial"), stage=S.DELIBERATING)
        told = refusal(case, did.HoldApplied(day(101)))
        assert [(one.code, one.params) for one in told.reasons] == [("determined_by_panel", {"finding": "no_denial"})]

    def test_is_of_the_united_states(self) -> None:
        """The statute is one of the United States: for another complainant the act is not provided for."""
        case = attrs.evolve(at(S.DENIAL_DETERMINED, *HELD), complainant=Party.CA)
        assert refusal(case, did.HoldApplied(day(101))).no_rule

    def test_ends_the_track(self) -> None:
        """What is applied is neither released nor applied again; the case may close without a note."""
        case = at(S.DENIAL_DETERMINED, *HELD, did.HoldApplied(day(101)))
        assert case.hold is Hold.APPLIED
        assert refusal(case, did.HoldReleased(day(102), ground="otherwise_remedied")).no_rule
        assert entry(case, did.MatterSettled(day(110))).closing is Closing.REMEDIATED_AFTER_DETERMINATION
        assert noted(case, did.MatterSettled(day(110))) == []
