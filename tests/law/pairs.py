"""A pair for each guard: an act that it lets by, and the same act with one field changed so that it alone rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import attrs
from attrs import frozen

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import (
    Determination,
    Origin,
    Panelist,
    Party,
    Question,
    ReleaseGround,
    Remedy,
    Role,
    Sector,
)
from rrm_lifecycle.case.context import DEFAULT, Context
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.case.register import BadFaith, PriorDenial, Register
from rrm_lifecycle.law.annexes import ANNEX_31B
from rrm_lifecycle.law.guards import Ended, Fact, Guard
from rrm_lifecycle.law.stages import Closing, Hold
from rrm_lifecycle.law.stages import Stage as S
from rrm_lifecycle.law.terms import LIFTING_BAR, VERIFICATION, VERIFICATION_CALL, VERIFICATION_VISIT
from tests.law import cases as c
from tests.law.cases import at, day, under

BARS, NOTES = True, False


@frozen
class Pair:
    """An act that a guard lets by, and one field of event, case or context that changes its ruling.

    Attributes:
        guard: Key of the guard: its code, with the term for a guard over time.
        rule: The row that carries it.
        bars: Whether it bars, or notes.
        case: The case.
        event: The act that it lets by.
        changed: The one change: of the event by default.
        context: The context.
    """

    guard: str
    rule: str
    bars: bool
    case: Case
    event: Event
    changed: dict[str, Any] | Case | Context
    context: Context = DEFAULT

    def other(self) -> tuple[Case, Event, Context]:
        """Return case, act and context with the one change."""
        if isinstance(self.changed, Case):
            return self.changed, self.event, self.context
        if isinstance(self.changed, Context):
            return self.case, self.event, self.changed
        return self.case, attrs.evolve(self.event, **self.changed), self.context


def key(guard: Guard) -> str:
    """Return the key of a guard: what a pair is asked for."""
    if isinstance(guard, Fact):
        return guard.code
    if isinstance(guard, Ended):
        return f"ended:{guard.force.value}"
    return f"{guard.code}:{guard.term.name}"


def on(n: int) -> dict[str, date]:
    """Return the change of the day alone."""
    return {"on": day(n)}


def _self_initiated() -> Case:
    return c.case_of(did.SelfInitiated(day(-60), **c.CLAIM))


def _petitioned() -> Case:
    acts = (*c.ROUTES[S.REQUEST_DUE], c.request(), did.ReviewAccepted(day(10)), did.NoDenialReported(day(45)))
    return c.case_of(*acts)


def _no_panel() -> Case:
    """Return a case under a course notice, as if a panel had determined a Denial."""
    return c.with_facts(at(S.COURSE_NOTICE_GIVEN), determination=Determination.DENIAL)


def _priors(n: int) -> Context:
    return Context(register=Register(tuple(PriorDenial(f"OLD-{i}", c.PLANT, date(2022, 1, 1 + i)) for i in range(n))))


_CALL, _VISIT = under(terms=[VERIFICATION_CALL.set()]), under(terms=[VERIFICATION_VISIT.set(), VERIFICATION.off()])
_BAR, _REOPENS = under(terms=[LIFTING_BAR.set()]), under(second_case_reopens=True)
_US_FAITH = Context(register=Register(bad_faith=(BadFaith("US", date(2022, 4, 1)),)))
_CANADA: dict[str, Any] = {"annex": ANNEX_31B, "complainant": "CA"}
_CLAIM_FILED = c.petition(filer_of=Party.CA)
_NOTIFIED = at(S.REMEDIES_NOTIFIED)
_REMEDIED = at(S.UNDER_REVIEW, did.HoldBegun(day(1)), did.RemediationCompleted(day(20)))
_SERVICES = c.with_facility(_NOTIFIED, sector=Sector.SERVICES)
_AT_ASSESSMENT = Case.start("TEST-1")
_DENIED_COURSE = did.CourseAgreed(day(45), agreed_end=day(200))

OVER_TIME: Final[tuple[Pair, ...]] = (
    Pair("within:screening", "US-06", NOTES, at(S.PETITION_REVIEW), did.PetitionAccepted(day(-10)), on(-9)),
    Pair("within:claim_screening", "B-03b", NOTES, c.case_of(_CLAIM_FILED, **_CANADA),
         did.PetitionAccepted(day(-10)), on(-9)),
    Pair("within:self_initiation", "A4-01b", NOTES, _self_initiated(), c.request(), on(1)),
    Pair("within:reply", "A4-03a", NOTES, at(S.REVIEW_REQUESTED), did.ReviewAccepted(day(10)), on(11)),
    Pair("within:review", "A4-05a", NOTES, at(S.UNDER_REVIEW), did.NoDenialReported(day(45)), on(46)),
    Pair("within:panel_decision", "A4-06b", NOTES, _petitioned(), did.PanelRequested(day(50)), on(51)),
    Pair("within:consultations", "A4-08a", NOTES, at(S.DENIAL_REPORTED), did.CourseAgreed(day(55),
         agreed_end=day(99)), on(56)),
    Pair("within:course", "A4-08c", NOTES, at(S.COURSE_RUNNING), did.MatterSettled(day(200)), on(201)),
    Pair("within:respondent_panel", "A4-13", BARS, at(S.COURSE_NOTICE_GIVEN), did.PanelRequested(day(220)), on(221)),
    Pair("within:lot", "A5-02a", NOTES, at(S.PANEL_REQUESTED), did.PanelistsDrawn(day(65), panelists=c.THREE), on(66)),
    Pair("within:confirmation", "A6-01", NOTES, at(S.PANEL_CONSTITUTED), did.PetitionConfirmed(day(72),
         elements=c.ELEMENTS), on(73)),
    Pair("within:verification_call", "A7-01", NOTES, at(S.PETITION_CONFIRMED, context=_CALL),
         did.VerificationRequested(day(70)), on(71), _CALL),
    Pair("within:verification_reply", "A7-02a", NOTES, at(S.VERIFICATION_REQUESTED),
         did.VerificationAccepted(day(78)), on(79)),
    Pair("within:verification", "A7-03", NOTES, at(S.VERIFYING), did.VerificationHeld(day(97)), on(98)),
    Pair("within:verification_visit", "A7-03", NOTES, at(S.VERIFYING, context=_VISIT),
         did.VerificationHeld(day(98)), on(99), _VISIT),
    Pair("within:determination", "A8-03", NOTES, at(S.PETITION_CONFIRMED), c.found(95), on(96)),
    Pair("within:verified_determination", "A8-02", NOTES, at(S.DELIBERATING), c.found(120), on(121)),
    Pair("within:lifting", "A10-07b", NOTES, at(S.REMEDIES_IN_FORCE, did.RemediationCompleted(day(140))),
         did.RemediesLifted(day(140)), on(141)),
    Pair("waited:course_notice", "A4-14a", BARS, at(S.COURSE_NOTICE_GIVEN), c.imposed(225), on(224)),
    Pair("waited:remedy_notice", "A10-01b", BARS, _NOTIFIED, c.imposed(119), on(118)),
    Pair("waited:lifting_bar", "A10-08a", BARS, at(S.LIFTING_DISPUTED, c.found(160), context=_BAR),
         did.PanelRequested(day(340)), on(339), _BAR),
    Pair("lapsed:reply", "A4-04a", BARS, at(S.REVIEW_REQUESTED), did.PanelRequested(day(11)), on(10)),
    Pair("lapsed:review", "A4-15", BARS, at(S.UNDER_REVIEW), did.PanelRequested(day(46)), on(45)),
    Pair("lapsed:consultations", "A4-09", BARS, at(S.DENIAL_REPORTED), did.PanelRequested(day(56)), on(55)),
    Pair("lapsed:verification_reply", "A7-04b", BARS, at(S.VERIFICATION_REQUESTED),
         did.NoVerificationAsked(day(79)), on(78)),
    Pair("bar_over:bad_faith", "A4-01a", BARS, _AT_ASSESSMENT, c.request(1), on(0), _US_FAITH),
    Pair("ended:bars", "A4-12b", BARS, at(S.COURSE_RUNNING, did.CourseFailed(day(150))),
         did.RemediesNotified(day(201)), on(200)),
    Pair("ended:notes", "A4-12a", NOTES, at(S.COURSE_RUNNING), did.CourseFailed(day(201)), on(200)),
)  # fmt: skip


def _claimed(guard: str, bars: bool, case: Case, **changes: Any) -> Pair:
    return Pair(guard, "A4-01a", bars, case, c.request(), changes)


_BY_CANADA = Case.start("TEST-1", annex=ANNEX_31B)
OF_THE_CLAIM: Final[tuple[Pair, ...]] = (
    Pair("in_force", "A4-01a", BARS, _AT_ASSESSMENT, c.request(), under(treaty_until=day(-1))),
    Pair("in_order", "A4-05a", BARS, at(S.UNDER_REVIEW), did.NoDenialReported(day(10)), on(9)),
    Pair("same_claim", "A4-01b", BARS, at(S.REQUEST_DUE), c.request(), {"laws": ("another law",)}),
    Pair("not_by_petition", "A4-01a", BARS, _AT_ASSESSMENT, c.request(), attrs.evolve(_AT_ASSESSMENT,
         origin=Origin.PETITION)),
    Pair("by_petition", "US-01", BARS, _AT_ASSESSMENT, c.petition(), attrs.evolve(_AT_ASSESSMENT,
         origin=Origin.HOTLINE)),
    Pair("filer_of_a_party", "US-01", BARS, _AT_ASSESSMENT, c.petition(), {"filer_of": "Guatemala"}),
    Pair("filer_of_canada", "B-02", BARS, _BY_CANADA, _CLAIM_FILED, {"filer_of": Party.MX}),
    _claimed("facility_named", BARS, _AT_ASSESSMENT, facility=None),
    _claimed("in_territory", BARS, Case.start("TEST-1", complainant="US"), facility=c.IN_US),
    _claimed("covered", BARS, _AT_ASSESSMENT, facility=attrs.evolve(c.PLANT, goods_traded=False)),
    _claimed("priority_sector", BARS, _AT_ASSESSMENT, facility=attrs.evolve(c.PLANT, sector=Sector.OTHER)),
    _claimed("law_named", BARS, _AT_ASSESSMENT, laws=None),
    _claimed("under_annex_23a", BARS, _AT_ASSESSMENT, under_annex_23a=False),
    Pair("order_enforced", "A4-01a", BARS, _AT_ASSESSMENT, c.request(facility=c.IN_US,
         enforced_order="an order of the NLRB"), {"enforced_order": None}),
    Pair("board_order_enforced", "A4-01a", NOTES, _BY_CANADA, c.request(facility=c.IN_CANADA,
         enforced_order="an order of the board"), {"enforced_order": None}),
    _claimed("basis_stated", BARS, _AT_ASSESSMENT, basis=None),
    _claimed("facts_since_entry", NOTES, _AT_ASSESSMENT, facts_from=date(2020, 6, 30)),
    _claimed("new_id", BARS, _AT_ASSESSMENT, linked_to="test-1"),
    Pair("not_a_reopening", "A4-01a", BARS, _AT_ASSESSMENT, c.request(), {"linked_to": "OLD-1"}, _REOPENS),
)  # fmt: skip

_AMENDS: Callable[..., did.PetitionAmended] = did.PetitionAmended
_UNCONFIRMED = at(S.PETITION_NOT_CONFIRMED)
_BY_RESPONDENT = c.with_facts(_UNCONFIRMED, question=Question.DOES_IT_CONTINUE)
_REFUSED = at(S.VERIFICATION_REQUESTED, did.VerificationRefused(day(70)))
_DETERMINES = at(S.DELIBERATING)
_CONTINUES = c.case_of(*c.CONTINUES)
_INCLUDED = under(review_includes_remediation=True)
OF_REVIEW_AND_PANEL: Final[tuple[Pair, ...]] = (
    Pair("remediated_in_review", "A4-08a", NOTES, at(S.DENIAL_REPORTED), _DENIED_COURSE, on(46), _INCLUDED),
    Pair("end_stated", "A4-08a", BARS, at(S.DENIAL_REPORTED), did.CourseAgreed(day(50), agreed_end=day(50)),
         {"agreed_end": day(49)}),
    Pair("later_end", "A4-08b", BARS, at(S.COURSE_RUNNING), did.CourseExtended(day(60), agreed_end=day(201)),
         {"agreed_end": day(200)}),
    Pair("cure_contestable", "A4-10b", BARS, at(S.CURED_DENIAL_REPORTED), did.PanelRequested(day(50)),
         under(cure_ends_claim=True)),
    Pair("remedy_ends_today", "A10-07a", NOTES, at(S.DENIAL_DETERMINED), did.RemediationCompleted(day(130)),
         attrs.evolve(at(S.DENIAL_DETERMINED), stage=S.REMEDIES_IN_FORCE)),
    Pair("three_panelists", "A5-02a", BARS, at(S.PANEL_REQUESTED), did.PanelistsDrawn(day(61), panelists=c.THREE),
         {"panelists": c.THREE[:2]}),
    Pair("three_panelists", "A5-02a", BARS, at(S.PANEL_REQUESTED), did.PanelistsDrawn(day(61), panelists=c.THREE),
         {"panelists": (*c.THREE[:2], Panelist("joint_list", "US"))}),
    Pair("elements_found", "A6-01", BARS, at(S.PANEL_CONSTITUTED), did.PetitionConfirmed(day(66),
         elements=c.ELEMENTS), {"elements": c.ELEMENTS[:2]}),
    Pair("element_missing", "A6-02a", BARS, at(S.PANEL_CONSTITUTED), did.PetitionNotConfirmed(day(66),
         missing=("laws",)), {"missing": ()}),
    Pair("asked_by_complainant", "A6-02b", BARS, _UNCONFIRMED, _AMENDS(day(70), by=Role.COMPLAINANT), _BY_RESPONDENT),
    Pair("asked_by_respondent", "A6-02c", BARS, _BY_RESPONDENT, _AMENDS(day(70), by=Role.RESPONDENT), _UNCONFIRMED),
    Pair("verification_asked", "A7-01", BARS, at(S.PETITION_CONFIRMED), did.VerificationRequested(day(67)),
         c.with_facts(at(S.PETITION_CONFIRMED), verification_asked=False)),
    Pair("verification_refused", "A7-04a", BARS, _REFUSED, did.NoVerificationAsked(day(71)), c.with_facts(_REFUSED,
         verification_refused=False)),
    Pair("both_heard", "A8-02", BARS, _DETERMINES, c.found(100), {"heard": False}),
    Pair("scope_open", "A8-06b", BARS, _DETERMINES, c.found(100, "out_of_scope"),
         under(confirmation_settles_coverage=True)),
    Pair("still_covered", "A8-02", NOTES, _DETERMINES, c.found(100), {"still_covered": False}),
    Pair("found_to_continue", "A4-14b", BARS, _CONTINUES, c.imposed(250), c.with_facts(_CONTINUES,
         question=Question.IS_THERE_A_DENIAL)),
)  # fmt: skip

_CLOSED = at(S.CLOSED)
_REACH = c.imposed(130, tier=2, reach=(c.SISTER,))
OF_REMEDIES_AND_KEEPING: Final[tuple[Pair, ...]] = (
    Pair("not_remediated", "A10-01b", NOTES, _NOTIFIED, c.imposed(130), c.with_facts(_NOTIFIED, remediated=day(115))),
    Pair("panel_found_denial", "A4-14a", NOTES, _no_panel(), c.imposed(230), c.with_facts(_no_panel(),
         determination=None)),
    Pair("within_tier", "A10-01b", BARS, _NOTIFIED, c.imposed(130), {"tier": 2}),
    Pair("within_tier", "A10-01b", BARS, _NOTIFIED, c.imposed(130, tier=3), _priors(1), _priors(2)),
    Pair("entry_denial_of_goods", "A10-01b", BARS, _SERVICES, c.imposed(130, tier=3),
         {"measure": Remedy.ENTRY_DENIED}, _priors(2)),
    Pair("services_measure", "A10-01b", BARS, _SERVICES, c.imposed(130), under(services_have_no_measure=True)),
    Pair("reach_same_owner", "A10-01b", BARS, _NOTIFIED, _REACH, {"reach": (attrs.evolve(c.SISTER,
         owner="Stranger"),)}, _priors(1)),
    Pair("reach_related_goods", "A10-01b", NOTES, _NOTIFIED, _REACH, {"reach": (attrs.evolve(c.SISTER,
         goods=("tyres",)),)}, _priors(1)),
    Pair("limit_runs", "X-03", BARS, at(S.UNDER_REVIEW), did.LimitExtended(day(20), term="review", until=day(60)),
         {"term": "reply"}),
    Pair("later_day", "X-03", BARS, at(S.UNDER_REVIEW), did.LimitExtended(day(20), term="review", until=day(46)),
         {"until": day(45)}),
    Pair("plant_closed", "X-04b", BARS, at(S.UNDER_REVIEW, did.FacilityClosed(day(20))), did.CaseClosed(day(21)),
         c.with_facts(at(S.UNDER_REVIEW, did.FacilityClosed(day(20))), facility_closed=None)),
    Pair("closure_ends_case", "X-04b", BARS, at(S.UNDER_REVIEW, did.FacilityClosed(day(20))),
         did.CaseClosed(day(21)), under(closure_ends_case=False)),
    Pair("hold_ended", "A4-06a", NOTES, at(S.NO_DENIAL_REPORTED), did.MatterSettled(day(50)),
         c.held(at(S.NO_DENIAL_REPORTED))),
    Pair("closed_on_course", "X-05", BARS, attrs.evolve(_CLOSED, closing=Closing.COURSE_COMPLETED),
         did.RemediesNotified(day(50)), _CLOSED, _REOPENS),
    Pair("request_delivered", "A4-02", BARS, at(S.REVIEW_REQUESTED), did.HoldBegun(day(0)), on(-1)),
    Pair("goods_nexus", "A4-02", BARS, at(S.REVIEW_REQUESTED), did.HoldBegun(day(1)),
         c.with_facility(at(S.REVIEW_REQUESTED), sector=Sector.SERVICES)),
    Pair("open_that_day", "A4-02", BARS, _CLOSED, did.HoldBegun(day(5)), on(6)),
    Pair("not_closed_remediated", "A4-02", NOTES, _CLOSED, did.HoldBegun(day(5)), attrs.evolve(_CLOSED,
         closing=Closing.NO_DENIAL_AGREED)),
    Pair("statutory_ground", "A4-16", BARS, _REMEDIED, did.HoldReleased(day(30),
         ground=ReleaseGround.OTHERWISE_REMEDIED), {"ground": ReleaseGround.REQUEST_ENDED}),
    Pair("ground_borne_out", "A4-16", NOTES, _REMEDIED, did.HoldReleased(day(30),
         ground=ReleaseGround.OTHERWISE_REMEDIED), {"ground": ReleaseGround.ABSENCE_AGREED}),
    Pair("determined_by_panel", "US-10", BARS, c.held(at(S.DENIAL_DETERMINED), Hold.SUSPENDED),
         did.HoldApplied(day(100)), on(99)),
)  # fmt: skip

PAIRS: Final[tuple[Pair, ...]] = (*OVER_TIME, *OF_THE_CLAIM, *OF_REVIEW_AND_PANEL, *OF_REMEDIES_AND_KEEPING)
