"""What the Parties do without a text: extension, a plant that closes, a second case, withdrawal; and settlement."""

from __future__ import annotations

import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.claim import Role
from rrm_lifecycle.case.engine import decide, play
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.law.stages import Closing
from rrm_lifecycle.law.stages import Stage as S
from rrm_lifecycle.law.table import OPEN, TREATY
from rrm_lifecycle.law.terms import EXTENDABLE, TERMS
from tests.law import cases as c
from tests.law.cases import at, codes, day, due, entry, noted, refusal, running

LATE = 900
"""A day on which every act may be dated."""


class TestSettlement:
    """Both Parties try to reach a mutually acceptable solution, at any time (A1-01)."""

    @pytest.mark.parametrize("stage", TREATY)
    def test_course(self, stage: S) -> None:
        """A course may be agreed in every treaty stage but where one only moves its end, and starts the course."""
        case = at(stage, did.CourseAgreed(day(LATE), agreed_end=day(LATE + 100)))
        assert case.stage is S.COURSE_RUNNING
        assert due(case, "course") == day(LATE + 100)
        assert running(case) == {"course"}

    @pytest.mark.parametrize("stage", OPEN[1:])
    def test_settled(self, stage: S) -> None:
        """A settlement closes the case, with no limit left running."""
        case = at(stage, did.MatterSettled(day(LATE)))
        assert case.closing is not None
        assert case.limits == ()

    @pytest.mark.parametrize("stage", OPEN[1:])
    @pytest.mark.parametrize("by", [Role.COMPLAINANT, Role.RESPONDENT])
    def test_needs_both(self, stage: S, by: Role) -> None:
        """Neither Party settles alone."""
        assert set(codes(refusal(at(stage), did.MatterSettled(day(LATE), by=by)))) == {"actor"}

    @pytest.mark.parametrize("stage", TREATY)
    def test_remediation_is_never_a_close(self, stage: S) -> None:
        """Remediation completed is a fact in every treaty stage, and moves none."""
        case = at(stage, did.RemediationCompleted(day(LATE)))
        assert (case.stage, case.facts.remediated) == (stage, day(LATE))


class TestExtension:
    """A period may be extended with the recorded consent of both Parties (X-03; INV-41)."""

    def test_moves_the_last_day(self) -> None:
        """The limit keeps its start, and its last day moves; the case stays where it is."""
        case = at(S.UNDER_REVIEW, did.LimitExtended(day(40), term="review", until=day(60)))
        assert case.stage is S.UNDER_REVIEW
        assert [(one.term, one.started, one.due) for one in case.limits] == [("review", day(0), day(60))]
        assert noted(case, did.DenialReported(day(60))) == []
        assert noted(case, did.DenialReported(day(61))) == ["within"]

    def test_moves_the_lapse(self) -> None:
        """What a lapse opens, opens after the new last day."""
        case = at(S.DENIAL_REPORTED, did.LimitExtended(day(50), term="consultations", until=day(70)))
        assert refusal(case, did.PanelRequested(day(56))).opens == day(71)

    @pytest.mark.parametrize("by", [Role.COMPLAINANT, Role.RESPONDENT, Role.PANEL])
    def test_needs_both(self, by: Role) -> None:
        """Nobody extends alone."""
        event = did.LimitExtended(day(40), term="review", until=day(60), by=by)
        assert codes(refusal(at(S.UNDER_REVIEW), event)) == ["actor"]

    def test_after_the_last_day(self) -> None:
        """An extension agreed after the last day is an extension still."""
        assert decide(at(S.UNDER_REVIEW), did.LimitExtended(day(50), term="review", until=day(60))).admitted

    def test_what_runs_is_told(self) -> None:
        """A term that does not run is refused, with what could be extended."""
        (reason,) = refusal(at(S.REVIEW_REQUESTED), did.LimitExtended(day(5), term="lot", until=day(60))).reasons
        assert reason.params == {"name": "lot", "terms": ["reply", "review"]}

    def test_what_consent_cannot_extend(self) -> None:
        """Consent extends no statute of the United States, no bar, no course, and not the lifting of remedies."""
        assert {term.name for term in TERMS} - {term.name for term in EXTENDABLE} == {
            "screening", "self_initiation", "panel_decision", "course", "lifting", "lifting_bar", "bad_faith"
        }  # fmt: skip

    def test_course_is_agreed_anew(self) -> None:
        """The end of a course is moved by a course extended, not by an extension of a limit."""
        assert codes(refusal(at(S.COURSE_RUNNING), did.LimitExtended(day(60), term="course", until=day(300)))) == [
            "limit_runs"
        ]


class TestPlantCloses:
    """The closing of a plant is a fact; closing the file because of it is an act of the complainant (X-04)."""

    @pytest.mark.parametrize("stage", OPEN)
    def test_fact(self, stage: S) -> None:
        """The closing of the plant moves no stage and no limit."""
        before, after = at(stage), at(stage, did.FacilityClosed(day(LATE)))
        assert (after.stage, after.limits, after.facts.facility_closed) == (before.stage, before.limits, day(LATE))

    @pytest.mark.parametrize("stage", OPEN)
    def test_closes_the_file(self, stage: S) -> None:
        """The file is closed because of it, and only because of it."""
        assert codes(refusal(at(stage), did.CaseClosed(day(LATE)))) == ["plant_closed"]
        case = at(stage, did.FacilityClosed(day(LATE)), did.CaseClosed(day(LATE), follow_up=True))
        assert (case.closing, case.limits) == (Closing.FACILITY_CLOSED, ())

    @pytest.mark.parametrize("stage", OPEN)
    @pytest.mark.parametrize(
        ("event", "closing"), [(did.CaseDropped, Closing.NOT_PURSUED), (did.Withdrawn, Closing.WITHDRAWN)]
    )
    def test_dropped_or_withdrawn(self, stage: S, event: type[Event], closing: Closing) -> None:
        """The complainant Party may drop the case or withdraw in every stage (X-06), and nobody else may."""
        case = at(stage, event(day(LATE)))
        assert (case.closing, case.limits) == (closing, ())
        assert codes(refusal(at(stage), event(day(LATE), by=Role.RESPONDENT))) == ["actor"]

    @pytest.mark.parametrize(("n", "late"), [(10, []), (11, ["within"]), (46, ["within", "within"])])
    def test_overdue_is_noted(self, n: int, late: list[str]) -> None:
        """A case dropped over an unanswered request notes what the respondent was late with."""
        assert noted(at(S.REVIEW_REQUESTED), did.CaseDropped(day(n))) == late

    @pytest.mark.parametrize("event", [did.FacilityClosed, did.CaseClosed, did.CaseDropped, did.Withdrawn,
        did.RemediationCompleted])  # fmt: skip
    def test_closed_is_closed(self, event: type[Event]) -> None:
        """A closed case takes none of them (INV-43)."""
        assert refusal(at(S.CLOSED), event(day(LATE))).no_rule


class TestSecondCase:
    """A second complaint at a plant is a new case, linked, with its own request and clocks (X-05; INV-42)."""

    def test_new_case(self) -> None:
        """The new case is linked to the earlier one and runs its own limits."""
        case = c.case_of(c.request(400, linked_to="VU-1"), case_id="VU-2")
        assert case.links == ("VU-1",)
        assert due(case, "review") == day(445)

    @pytest.mark.parametrize("linked", ["VU-2", "vu-2"])
    def test_not_its_own(self, linked: str) -> None:
        """A case is not linked to itself, whatever the letters' case: a second case has a new id."""
        assert codes(refusal(c.case_of(case_id="VU-2"), c.request(linked_to=linked))) == ["new_id"]

    def test_linked_once(self) -> None:
        """Acts that name the same earlier case leave one link."""
        case = c.case_of(c.petition(linked_to="VU-1"), did.PetitionAccepted(day(-10)), c.request(linked_to="VU-1"))
        assert case.links == ("VU-1",)

    def test_closed_case_takes_no_request(self) -> None:
        """The earlier case, closed on its course, takes no further request and no notice."""
        case = at(S.COURSE_RUNNING, did.MatterSettled(day(200)))
        assert refusal(case, c.request(400)).no_rule
        assert refusal(case, did.RemediesNotified(day(400))).no_rule

    def test_reopens_on_a_course_alone(self) -> None:
        """Under the other reading a case that did not close on a course stays closed."""
        told = refusal(at(S.CLOSED), did.RemediesNotified(day(400)), c.under(second_case_reopens=True))
        assert codes(told) == ["closed_on_course"]
        assert told.reasons[0].params == {"closing": "withdrawn"}


class TestEveryAct:
    """Every act keeps to the order of days, and is that of its proper actor."""

    @pytest.mark.parametrize("stage", OPEN[1:])
    def test_in_order(self, stage: S) -> None:
        """No act is dated before the last act of the case."""
        case = at(stage)
        assert case.last_day is not None
        told = refusal(case, did.Withdrawn(day(-300)))
        assert "in_order" in codes(told)
        assert entry(case, did.Withdrawn(case.last_day)).closing is Closing.WITHDRAWN

    def test_before_the_treaty(self) -> None:
        """An act before 1 July 2020 is told both that it is before the treaty and that it is out of order."""
        assert codes(refusal(at(S.UNDER_REVIEW), did.Withdrawn(day(-2000)))) == ["in_force", "in_order"]

    def test_stranger(self) -> None:
        """A Party that is none of the case acts for nobody in it."""
        told = refusal(at(S.REVIEW_REQUESTED), did.ReviewAccepted(day(3), by="CA"))
        assert told.reasons[0].params == {"role": "respondent", "by": "CA"}

    def test_same_ruling_twice(self) -> None:
        """The same act in the same case is ruled upon alike."""
        case, event = at(S.DELIBERATING), c.found(121)
        assert decide(case, event) == decide(case, event)
        assert play(case, event) == play(case, event)
