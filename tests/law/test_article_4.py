"""Article 4: request, reply, review, reports, consultations, course of remediation, notice, remedy without a panel."""

from __future__ import annotations

import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import NoDenialGround, Question
from rrm_lifecycle.case.engine import decide, play
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.law.stages import Closing
from rrm_lifecycle.law.stages import Stage as S
from tests.law import cases as c
from tests.law.cases import at, codes, day, due, entry, noted, refusal, running

REPORTS: dict[type[Event], S] = {
    did.NoDenialReported: S.NO_DENIAL_REPORTED,
    did.DenialReported: S.DENIAL_REPORTED,
    did.CuredDenialReported: S.CURED_DENIAL_REPORTED,
    did.PartialDenialReported: S.PARTIAL_DENIAL_REPORTED,
}


class TestRequest:
    """Art. 31-A.4.2: the complainant Party asks the respondent Party to conduct its own review (A4-01)."""

    def test_starts_both_limits(self) -> None:
        """The request starts the ten days of the reply and the forty-five of the review, the day itself not counted."""
        case = c.case_of(c.request())
        assert case.stage is S.REVIEW_REQUESTED
        assert (due(case, "reply"), due(case, "review")) == (day(10), day(45))
        assert case.facts.requested == day(0)

    def test_every_reason_is_given(self) -> None:
        """A request that lacks everything is told everything, under the provision that asks for it."""
        told = refusal(Case.start("T"), c.request(facility=None, laws=(), basis=None)).reasons
        assert [(one.code, one.provision) for one in told] == [
            ("facility_named", "Art. 31-A.15"), ("law_named", "Art. 31-A.2"), ("basis_stated", "Art. 31-A.2")
        ]  # fmt: skip

    def test_once(self) -> None:
        """A case has exactly one request."""
        assert refusal(at(S.REVIEW_REQUESTED), c.request(1)).no_rule

    def test_is_the_complainants(self) -> None:
        """The respondent Party cannot make the request, by its role or by its name."""
        assert codes(refusal(Case.start("T"), c.request(by="respondent")), "A4-01a") == ["actor"]
        assert codes(refusal(Case.start("T"), c.request(by="MX")), "A4-01a") == ["actor"]
        assert entry(Case.start("T"), c.request(by="US")).by == "complainant"

    def test_gives_the_parties(self) -> None:
        """The respondent Party is the one in whose territory the facility lies, the complainant the other."""
        case = c.case_of(c.request())
        assert (case.complainant, case.respondent) == ("US", "MX")


class TestReply:
    """The respondent Party says within ten days whether it will conduct a review (A4-03)."""

    @pytest.mark.parametrize(("n", "late"), [(0, []), (10, []), (11, ["within"]), (30, ["within"])])
    @pytest.mark.parametrize("event", [did.ReviewAccepted, did.ReviewDeclined])
    def test_boundary(self, event: type[Event], n: int, late: list[str]) -> None:
        """An answer on the tenth day is in time; one on the eleventh is recorded, and noted."""
        assert noted(at(S.REVIEW_REQUESTED), event(day(n))) == late

    def test_lateness_is_counted(self) -> None:
        """A late answer is noted with the days by which it is late."""
        (finding,) = entry(at(S.REVIEW_REQUESTED), did.ReviewAccepted(day(13))).findings
        assert (finding.params["days"], finding.params["due"]) == (3, day(10).isoformat())

    def test_review_runs_from_the_request(self) -> None:
        """Whatever the day of the answer, the review runs from the request (INV-16)."""
        assert due(at(S.UNDER_REVIEW), "review") == due(at(S.REVIEW_REQUESTED), "review") == day(45)

    def test_declining_stops_the_reply_alone(self) -> None:
        """A respondent that declines stops the reply; the review runs on, since it may think again."""
        assert running(at(S.REVIEW_DECLINED)) == {"review"}
        case = at(S.REVIEW_DECLINED, did.ReviewAccepted(day(20)))
        assert case.stage is S.UNDER_REVIEW
        assert noted(case, did.DenialReported(day(46))) == ["within"]


class TestRefusalOrSilence:
    """Where the review is declined, or the ten days lapse, the complainant Party may ask for a panel (A4-04)."""

    @pytest.mark.parametrize(("n", "admitted"), [(10, False), (11, True)])
    def test_silence(self, n: int, admitted: bool) -> None:
        """Silence opens the panel on the eleventh day, not on the tenth."""
        assert decide(at(S.REVIEW_REQUESTED), did.PanelRequested(day(n))).admitted is admitted

    def test_opens(self) -> None:
        """A panel asked for too early is told the day on which it opens."""
        told = refusal(at(S.REVIEW_REQUESTED), did.PanelRequested(day(8)))
        assert told.opens == day(11)
        assert "ReviewAccepted" in told.provided_for
        assert "PanelRequested" not in told.provided_for

    def test_declined(self) -> None:
        """A declined review opens the panel at once, and every limit of the review ends with the request."""
        case = at(S.REVIEW_DECLINED, did.PanelRequested(day(8)))
        assert running(case) == {"lot"}
        assert case.facts.question is Question.IS_THERE_A_DENIAL

    def test_late_answer_before_the_panel(self) -> None:
        """A lapse by itself moves nothing: until a panel is asked for, a late answer is taken."""
        assert at(S.REVIEW_REQUESTED, did.ReviewAccepted(day(20))).stage is S.UNDER_REVIEW


class TestReview:
    """The respondent Party reviews, tries to remediate, and reports within forty-five days of the request (A4-05)."""

    @pytest.mark.parametrize(("n", "late"), [(45, []), (46, ["within"])])
    @pytest.mark.parametrize("event", REPORTS)
    def test_boundary(self, event: type[Event], n: int, late: list[str]) -> None:
        """A report on day 45 is in time; one on day 46 is recorded, and noted."""
        ruling = entry(at(S.UNDER_REVIEW), event(day(n)))
        assert codes(ruling) == late
        assert ruling.to is REPORTS[event]

    @pytest.mark.parametrize("event", REPORTS)
    def test_is_the_respondents(self, event: type[Event]) -> None:
        """The complainant Party cannot report on the review."""
        assert "actor" in codes(refusal(at(S.UNDER_REVIEW), event(day(20), by="complainant")))

    @pytest.mark.parametrize("event", REPORTS)
    def test_consultations_start(self, event: type[Event]) -> None:
        """Consultations start on a Denial or a partial one, not on a cured one nor on none; the review has ended."""
        starts = event in {did.DenialReported, did.PartialDenialReported}
        assert running(at(S.UNDER_REVIEW, event(day(45)))) == ({"consultations"} if starts else set())

    def test_no_report_without_a_review(self) -> None:
        """A respondent that has not accepted the review reports nothing."""
        assert refusal(at(S.REVIEW_REQUESTED), did.DenialReported(day(5))).no_rule

    @pytest.mark.parametrize("ground", list(NoDenialGround))
    def test_scope_is_a_ground_of_no_denial(self, ground: NoDenialGround) -> None:
        """A report that objects to the scope is one of no Denial (AMB-20)."""
        assert at(S.UNDER_REVIEW, did.NoDenialReported(day(45), ground=ground)).stage is S.NO_DENIAL_REPORTED

    @pytest.mark.parametrize(("stage", "n", "late"), [
        (S.REVIEW_REQUESTED, 10, []), (S.REVIEW_REQUESTED, 11, ["within"]), (S.REVIEW_REQUESTED, 46, ["within",
         "within"]),
        (S.UNDER_REVIEW, 45, []), (S.UNDER_REVIEW, 46, ["within"]),
    ])  # fmt: skip
    def test_resolved_in_review(self, stage: S, n: int, late: list[str]) -> None:
        """Both Parties may settle the matter in the review; what was then overdue is noted."""
        ruling = entry(at(stage), did.MatterSettled(day(n)))
        assert (ruling.closing, codes(ruling)) == (Closing.RESOLVED_IN_REVIEW, late)

    @pytest.mark.parametrize(("n", "admitted"), [(45, False), (46, True)])
    def test_silent_end(self, n: int, admitted: bool) -> None:
        """Where day 45 passes without a report, a panel may be asked for from day 46 (A4-15)."""
        assert decide(at(S.UNDER_REVIEW), did.PanelRequested(day(n))).admitted is admitted


class TestReports:
    """What the complainant Party may do about each report (A4-06, A4-10, A4-11)."""

    @pytest.mark.parametrize(
        ("stage", "rule"),
        [(S.NO_DENIAL_REPORTED, "A4-06b"), (S.CURED_DENIAL_REPORTED, "A4-10b"), (S.PARTIAL_DENIAL_REPORTED, "A4-11")],
    )
    def test_disagrees(self, stage: S, rule: str) -> None:
        """Over no Denial, a cure, or a scope that it contests it may ask for a panel at once."""
        assert entry(at(stage), did.PanelRequested(day(45))).rule == rule

    def test_agrees_that_there_is_none(self) -> None:
        """Where both Parties agree that there is no Denial, the case closes."""
        assert at(S.NO_DENIAL_REPORTED, did.MatterSettled(day(50))).closing is Closing.NO_DENIAL_AGREED

    def test_cure_may_lead_to_a_course(self) -> None:
        """A cured Denial may be followed by a course of remediation, late over nothing."""
        ruling = entry(at(S.CURED_DENIAL_REPORTED), did.CourseAgreed(day(80), agreed_end=day(120)))
        assert (ruling.rule, codes(ruling)) == ("A4-10c", [])


class TestConsultations:
    """The Parties consult for ten days and try to agree a course of remediation (A4-07, A4-09)."""

    @pytest.mark.parametrize("stage", [S.DENIAL_REPORTED, S.PARTIAL_DENIAL_REPORTED])
    @pytest.mark.parametrize(("n", "late"), [(55, []), (56, ["within"]), (60, ["within"])])
    def test_boundary(self, stage: S, n: int, late: list[str]) -> None:
        """A course on the tenth day is in time; one on the eleventh is agreed all the same, and noted."""
        assert noted(at(stage), did.CourseAgreed(day(n), agreed_end=day(200))) == late

    @pytest.mark.parametrize(("n", "admitted"), [(55, False), (56, True)])
    def test_no_agreement(self, n: int, admitted: bool) -> None:
        """Without agreement a panel may be asked for from the eleventh day."""
        assert decide(at(S.DENIAL_REPORTED), did.PanelRequested(day(n))).admitted is admitted

    def test_needs_both(self) -> None:
        """A course is the act of both Parties: neither agrees one alone (INV-19)."""
        alone = did.CourseAgreed(day(50), agreed_end=day(200), by="respondent")
        assert codes(refusal(at(S.DENIAL_REPORTED), alone)) == ["actor"]


class TestCourse:
    """A course of remediation runs to its agreed end, and nothing is imposed before it (A4-08, A4-12)."""

    def test_runs_to_its_end(self) -> None:
        """The course runs to the day that the Parties agreed."""
        assert due(at(S.COURSE_RUNNING), "course") == at(S.COURSE_RUNNING).facts.course_end == day(200)

    def test_extended(self) -> None:
        """The Parties may move the end to a later day; the case stays where it is."""
        case = at(S.COURSE_RUNNING, did.CourseExtended(day(190), agreed_end=day(260)))
        assert (case.stage, due(case, "course"), case.facts.course_end) == (S.COURSE_RUNNING, day(260), day(260))

    @pytest.mark.parametrize("stage", [S.COURSE_RUNNING, S.COURSE_DISPUTED, S.COURSE_NOTICE_GIVEN])
    def test_replaced(self, stage: S) -> None:
        """A new course replaces the old one, and ends a notice that rests on it."""
        case = at(stage, did.CourseAgreed(day(212), agreed_end=day(400)))
        assert case.stage is S.COURSE_RUNNING
        assert [(limit.term, limit.due) for limit in case.limits] == [("course", day(400))]

    def test_completed(self) -> None:
        """Remediation completed is a fact; the case closes when both Parties settle."""
        case = at(S.COURSE_RUNNING, did.RemediationCompleted(day(150)))
        assert (case.stage, case.facts.remediated) == (S.COURSE_RUNNING, day(150))
        assert play(case, did.MatterSettled(day(160))).closing is Closing.COURSE_COMPLETED

    def test_nothing_is_imposed_before_the_end(self) -> None:
        """While the course runs, neither remedies nor a notice of them are provided for (INV-20)."""
        for event in (did.RemediesNotified(day(100)), c.imposed(100)):
            assert refusal(at(S.COURSE_RUNNING), event).no_rule

    @pytest.mark.parametrize(("n", "found"), [(200, ["ended"]), (201, [])])
    def test_failed(self, n: int, found: list[str]) -> None:
        """The complainant Party may hold that the course failed on any day; before its end, that is noted."""
        assert noted(at(S.COURSE_RUNNING), did.CourseFailed(day(n))) == found

    def test_notice_opens_after_the_end(self) -> None:
        """The notice of fifteen days opens on the day after the end of the course (INV-21)."""
        case = at(S.COURSE_RUNNING, did.CourseFailed(day(150)))
        assert refusal(case, did.RemediesNotified(day(200))).opens == day(201)
        assert running(play(case, did.RemediesNotified(day(201)))) == {"course_notice", "respondent_panel"}


class TestNotice:
    """A notice of fifteen days; within ten of them the respondent Party may ask for a panel (A4-12 to A4-14)."""

    @pytest.mark.parametrize(("n", "admitted"), [(224, False), (225, True)])
    def test_fifteen_days(self, n: int, admitted: bool) -> None:
        """Remedies open on the fifteenth day after the notice, not on the fourteenth (INV-22)."""
        ruling = decide(at(S.COURSE_NOTICE_GIVEN), c.imposed(n))
        assert ruling.admitted is admitted

    def test_doubt_under_us_law(self) -> None:
        """A remedy without a panel is noted as doubtful where the United States imposes it (INV-25)."""
        assert noted(at(S.COURSE_NOTICE_GIVEN), c.imposed(225)) == ["panel_found_denial"]

    def test_respondents_panel(self) -> None:
        """The respondent's request asks whether the Denial continues, and does not stop the notice."""
        case = at(S.COURSE_NOTICE_GIVEN, did.PanelRequested(day(220)))
        assert case.facts.question is Question.DOES_IT_CONTINUE
        assert running(case) == {"course_notice", "lot"}

    def test_right_is_lost_by_lapse(self) -> None:
        """On the eleventh day the right to that panel is lost, for good."""
        told = refusal(at(S.COURSE_NOTICE_GIVEN), did.PanelRequested(day(221)))
        assert (codes(told), told.opens) == (["within"], None)

    def test_complainant_has_no_such_right(self) -> None:
        """The complainant Party cannot ask for that panel."""
        assert codes(refusal(at(S.COURSE_NOTICE_GIVEN), did.PanelRequested(day(215), by="complainant"))) == ["actor"]

    def test_no_remedy_while_it_is_pending(self) -> None:
        """While the respondent's panel is pending no remedy is provided for (INV-23)."""
        case = at(S.COURSE_NOTICE_GIVEN, did.PanelRequested(day(215)))
        assert refusal(case, c.imposed(300)).no_rule

    def test_panel_that_finds_it_continues(self) -> None:
        """Where that panel finds that the Denial continues, remedies open without a further notice, noting nothing."""
        ruling = entry(c.case_of(*c.CONTINUES), c.imposed(240))
        assert (ruling.rule, codes(ruling)) == ("A4-14b", [])

    def test_quick_panel_waits_for_the_notice(self) -> None:
        """However quick that panel, the fifteen days of the notice are waited for."""
        case = c.case_of(*c.ROUTES[S.COURSE_NOTICE_GIVEN], *c.panel(212), c.found(219))
        assert refusal(case, c.imposed(224)).opens == day(225)
        assert entry(case, c.imposed(225)).rule == "A4-14b"

    def test_panel_that_finds_it_does_not(self) -> None:
        """Where that panel finds no Denial the case closes, and no remedy follows (INV-31)."""
        case = c.case_of(*c.ROUTES[S.COURSE_NOTICE_GIVEN], *c.panel(215), c.found(240, "no_denial"))
        assert case.closing is Closing.NO_DENIAL_PANEL
        assert refusal(case, c.imposed(250)).no_rule
