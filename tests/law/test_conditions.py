"""Conditions that several rows share bind in each of them."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import attrs
import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import Origin, Party, Sector
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import decide, play
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.case.register import BadFaith, PriorDenial, Register
from rrm_lifecycle.law.annexes import ANNEX_31B
from rrm_lifecycle.law.stages import Stage as S
from rrm_lifecycle.record.entry import Entry
from tests.law import cases as c
from tests.law.cases import at, codes, day, under

Told = tuple[str, str, Case, Event, Context]
DEFAULT = Context()
NEW, CANADA = Case.start("T"), Case.start("T", annex=ANNEX_31B, complainant="CA")
_OF_US = Case.start("T", complainant="US")
_FAITH = Context(register=Register(bad_faith=(BadFaith("US", date(2024, 1, 1)),)))
_PRIOR = Context(register=Register((PriorDenial("OLD", c.PLANT, date(2022, 1, 1)),)))
_TWO = Context(register=Register(tuple(PriorDenial(f"OLD-{i}", c.PLANT, date(2022, 1, 1)) for i in range(2))))


def _self(**changes: Any) -> did.SelfInitiated:
    return did.SelfInitiated(day(-60), **{**c.CLAIM, **changes})


def _due(**facility: Any) -> Case:
    """Return a case whose request is due, on a petition that states the facility alone."""
    case = c.case_of(did.PetitionFiled(day(-40), facility=c.PLANT, filer_of="US"), did.PetitionAccepted(day(-10)))
    return c.with_facility(case, **facility)


def _unnamed() -> Case:
    return attrs.evolve(_due(), facility=None)


def _again(**changes: Any) -> did.ReviewRequested:
    return c.request(**{"facility": None, **changes})


_CLAIM: Final[tuple[Told, ...]] = (
    ("US-01", "facility_named", NEW, c.petition(facility=None), DEFAULT),
    ("US-01", "in_territory", _OF_US, c.petition(facility=c.IN_US), DEFAULT),
    ("B-02", "by_petition", attrs.evolve(CANADA, origin=Origin.HOTLINE), c.petition(filer_of="CA"), DEFAULT),
    ("B-02", "facility_named", CANADA, c.petition(filer_of="CA", facility=None), DEFAULT),
    ("B-02", "in_territory", CANADA, c.petition(filer_of="CA", facility=c.IN_CANADA), DEFAULT),
    ("B-02", "new_id", CANADA, c.petition(filer_of="CA", linked_to="T"), DEFAULT),
    ("US-03", "facility_named", NEW, _self(facility=None), DEFAULT),
    ("US-03", "in_territory", _OF_US, _self(facility=c.IN_US), DEFAULT),
    ("US-03", "new_id", NEW, _self(linked_to="T"), DEFAULT),
    ("A4-01b", "facility_named", _unnamed(), _again(), DEFAULT),
    ("A4-01b", "in_territory", _due(country=Party.US), _again(), DEFAULT),
    ("A4-01b", "covered", _due(goods_traded=False), _again(), DEFAULT),
    ("A4-01b", "priority_sector", _due(sector=Sector.OTHER), _again(), DEFAULT),
    ("A4-01b", "law_named", _due(), _again(laws=None), DEFAULT),
    ("A4-01b", "under_annex_23a", _due(), _again(under_annex_23a=False), DEFAULT),
    ("A4-01b", "order_enforced", attrs.evolve(_due(), respondent=Party.US), _again(), DEFAULT),
    ("A4-01b", "board_order_enforced", attrs.evolve(_due(country=Party.CA), respondent=Party.CA), _again(), DEFAULT),
    ("A4-01b", "basis_stated", _due(), _again(basis=None), DEFAULT),
    ("A4-01b", "facts_since_entry", _due(), _again(facts_from=date(2019, 1, 1)), DEFAULT),
    ("A4-01b", "new_id", _due(), _again(linked_to="TEST-1"), DEFAULT),
    ("A4-01b", "not_a_reopening", _due(), _again(linked_to="OLD"), under(second_case_reopens=True)),
    ("A4-01b", "bar_over", _due(), _again(), _FAITH),
)


def _claimed_by_canada() -> Case:
    return play(CANADA, c.petition(filer_of="CA"))


_SCOPE = under(scope_objection_declines=True)
_INCLUDED = under(review_includes_remediation=True)
_ENDED_EARLY = did.CourseAgreed(day(900), agreed_end=day(899))
_AGREED = did.CourseAgreed(day(900), agreed_end=day(999))
_REVIEW: Final[tuple[Told, ...]] = (
    ("B-03a", "within", _claimed_by_canada(), did.PetitionRejected(day(-9)), DEFAULT),
    (
        "B-03c", "limit_runs", _claimed_by_canada(),
        did.LimitExtended(day(-20), term="review", until=day(9)), DEFAULT,
    ),
    ("A4-04c", "within", at(S.UNDER_REVIEW), did.NoDenialReported(day(46), ground="scope"), _SCOPE),
    *((rule, "end_stated", at(stage), _ENDED_EARLY, DEFAULT) for rule, stage in (
        ("A4-08a", S.PARTIAL_DENIAL_REPORTED), ("A4-10c", S.CURED_DENIAL_REPORTED), ("A9-01a", S.DENIAL_DETERMINED),
        ("A1-01a", S.NO_DENIAL_REPORTED), ("A1-01a", S.COURSE_RUNNING),
    )),
    *((rule, "remediated_in_review", at(stage), _AGREED, _INCLUDED) for rule, stage in (
        ("A4-10c", S.CURED_DENIAL_REPORTED), ("A1-01a", S.NO_DENIAL_REPORTED), ("A1-01a", S.UNDER_REVIEW),
    )),
    ("A1-01a", "within", at(S.UNDER_REVIEW), _AGREED, DEFAULT),
    ("A1-01a", "within", at(S.REVIEW_REQUESTED), did.CourseAgreed(day(11), agreed_end=day(99)), DEFAULT),
    ("A1-01b", "within", at(S.REVIEW_DECLINED), did.MatterSettled(day(46)), DEFAULT),
    ("A5-02b", "within", at(S.PANEL_REQUESTED), did.PanelistsDrawn(day(66), panelists=c.THREE),
     under(constituted_by_lot=True)),
    ("A5-02b", "three_panelists", at(S.PANEL_REQUESTED), did.PanelistsDrawn(day(61), panelists=()),
     under(constituted_by_lot=True)),
)  # fmt: skip

_SETTLES: Final = (
    ("A4-05e", S.UNDER_REVIEW, did.MatterSettled), ("A4-05e", S.REVIEW_REQUESTED, did.MatterSettled),
    ("A4-06a", S.NO_DENIAL_REPORTED, did.MatterSettled), ("A4-10a", S.CURED_DENIAL_REPORTED, did.MatterSettled),
    ("A4-08c", S.COURSE_RUNNING, did.MatterSettled), ("A9-01b", S.DENIAL_DETERMINED, did.MatterSettled),
    ("A10-07b", S.REMEDIES_IN_FORCE, did.RemediesLifted), ("A10-07c", S.LIFTING_DISPUTED, did.MatterSettled),
)  # fmt: skip
_LEFT_OPEN: Final[tuple[Told, ...]] = tuple(
    (rule, "hold_ended", c.held(at(stage)), event(day(200)), DEFAULT) for rule, stage, event in _SETTLES
)

_REACHING = {"tier": 2, "reach": (attrs.evolve(c.SISTER, owner="Stranger"),)}
_IMPOSING: Final = (
    ("A4-14a", at(S.COURSE_NOTICE_GIVEN)), ("A4-14b", c.case_of(*c.CONTINUES)), ("A10-01b", at(S.REMEDIES_NOTIFIED)),
)  # fmt: skip
_IMPOSED: Final[tuple[Told, ...]] = tuple(
    told
    for rule, case in _IMPOSING
    for told in (
        (rule, "panel_found_denial", c.with_facts(case, determination=None), c.imposed(300), DEFAULT),
        (rule, "not_remediated", c.with_facts(case, remediated=day(250)), c.imposed(300), DEFAULT),
        (rule, "within_tier", case, c.imposed(300, tier=2), DEFAULT),
        (rule, "entry_denial_of_goods", c.with_facility(case, sector=Sector.SERVICES),
         c.imposed(300, tier=3, measure="entry_denied"), _TWO),
        (rule, "services_measure", c.with_facility(case, sector=Sector.SERVICES), c.imposed(300),
         under(services_have_no_measure=True)),
        (rule, "reach_same_owner", case, c.imposed(300, **_REACHING), _PRIOR),
        (rule, "reach_related_goods", case,
         c.imposed(300, tier=2, reach=(attrs.evolve(c.SISTER, goods=("tyres",)),)), _PRIOR),
        (rule, "still_covered", case, c.imposed(300, still_covered=False), DEFAULT),
    )
)  # fmt: skip

_LOST, _SETTLED_SCOPE = under(out_of_scope_is_no_denial=True), under(confirmation_settles_coverage=True)
_BOTH = under(out_of_scope_is_no_denial=True, confirmation_settles_coverage=True)
_PANELS: Final = (
    ("A8-02", S.DELIBERATING, "denial", DEFAULT), ("A8-03", S.PETITION_CONFIRMED, "denial", DEFAULT),
    ("A8-06a", S.DELIBERATING, "no_denial", DEFAULT), ("A8-06b", S.PETITION_CONFIRMED, "out_of_scope", DEFAULT),
    ("A8-06b", S.DELIBERATING, "out_of_scope", DEFAULT), ("A8-06a", S.PETITION_CONFIRMED, "no_denial", DEFAULT),
    ("A8-06c", S.DELIBERATING, "out_of_scope", _LOST), ("A8-06c", S.PETITION_CONFIRMED, "out_of_scope", _LOST),
    ("A10-08b", S.LIFTING_DISPUTED, "denial", DEFAULT), ("A10-08c", S.LIFTING_DISPUTED, "no_denial", DEFAULT),
    ("A10-08d", S.LIFTING_DISPUTED, "out_of_scope", DEFAULT), ("A10-08e", S.LIFTING_DISPUTED, "out_of_scope", _LOST),
)  # fmt: skip
_DETERMINED: Final[tuple[Told, ...]] = (
    *((rule, "still_covered", at(stage), c.found(200, finding, still_covered=False), context)
      for rule, stage, finding, context in _PANELS),
    *((rule, "both_heard", at(stage), c.found(200, finding, heard=False), context)
      for rule, stage, finding, context in _PANELS),
    *((rule, "within", at(stage), c.found(200, finding), context)
      for rule, stage, finding, context in _PANELS if stage is not S.LIFTING_DISPUTED),
    *((rule, "within", at(stage, did.RemediationCompleted(day(150))), c.found(200, finding), context)
      for rule, stage, finding, context in _PANELS if rule in {"A10-08c", "A10-08d", "A10-08e"}),
    *((rule, "scope_open", at(stage), c.found(200, finding), _BOTH if context is _LOST else _SETTLED_SCOPE)
      for rule, stage, finding, context in _PANELS if finding == "out_of_scope"),
    *((rule, "hold_ended", c.held(at(stage)), c.found(200, finding), context)
      for rule, stage, finding, context in _PANELS if rule in {"A8-06a", "A8-06c", "A10-08c", "A10-08e"}),
)  # fmt: skip


def _petitioned(stage: S) -> Case:
    acts = c.ROUTES[stage]
    return c.case_of(*c.ROUTES[S.REQUEST_DUE], *acts)


_ASKED: Final[tuple[Told, ...]] = tuple(
    (rule, "within", _petitioned(stage), did.PanelRequested(day(60)), DEFAULT)
    for rule, stage in (
        ("A4-04a", S.REVIEW_REQUESTED), ("A4-04b", S.REVIEW_DECLINED), ("A4-15", S.UNDER_REVIEW),
        ("A4-06b", S.NO_DENIAL_REPORTED), ("A4-09", S.DENIAL_REPORTED), ("A4-10b", S.CURED_DENIAL_REPORTED),
        ("A4-11", S.PARTIAL_DENIAL_REPORTED),
    )
)  # fmt: skip
TOLD: Final[tuple[Told, ...]] = (*_CLAIM, *_REVIEW, *_LEFT_OPEN, *_IMPOSED, *_DETERMINED, *_ASKED)


class TestEachRow:
    """A condition that several rows share is told by each of them."""

    @pytest.mark.parametrize("told", TOLD, ids=lambda told: f"{told[0]} {told[1]}")
    def test_told(self, told: Told) -> None:
        """The row bars the act for want of the condition, or notes that it is lacking."""
        rule, code, case, event, context = told
        ruling = decide(case, event, context=context)
        if isinstance(ruling, Entry):
            assert ruling.rule == rule
        assert code in codes(ruling, rule)

    @pytest.mark.parametrize(
        ("event", "rule"), [(did.CaseClosed, "X-04b"), (did.CaseDropped, "X-04c"), (did.Withdrawn, "X-06")]
    )
    @pytest.mark.parametrize(("stage", "n", "late"), [
        (S.REVIEW_REQUESTED, 11, ["reply"]), (S.UNDER_REVIEW, 46, ["review"]), (S.REMEDIES_IN_FORCE, 151, ["lifting"]),
    ])  # fmt: skip
    def test_ends(self, event: type[Event], rule: str, stage: S, n: int, late: list[str]) -> None:
        """Whatever ends a case tells what was then overdue, and no more."""
        done = (did.RemediationCompleted(day(150)),) if stage is S.REMEDIES_IN_FORCE else ()
        case = c.with_facts(at(stage, *done), facility_closed=day(1))
        ruling = c.entry(case, event(day(n)))
        assert ruling.rule == rule
        assert [finding.params["term"] for finding in ruling.findings] == late
