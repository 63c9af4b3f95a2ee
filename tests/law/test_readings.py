"""Readings: where the text leaves a choice, both readings, and the difference each makes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import attrs
import pytest
from attrs import frozen

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import NOT_STATED, Party, Sector
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import decide, play
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.case.register import Basis, PriorDenial, Register
from rrm_lifecycle.errors import ReadingError
from rrm_lifecycle.law.readings import NO_CHOICE, choices
from rrm_lifecycle.law.stages import Closing
from rrm_lifecycle.law.stages import Stage as S
from rrm_lifecycle.law.terms import (
    COURSE,
    REVIEW,
)
from rrm_lifecycle.record.entry import Entry
from tests.law import cases as c
from tests.law.cases import at, codes, day, due, under

See = Callable[[Context], object]


@frozen
class Difference:
    """What a choice changes: the other reading, what to look at, what is seen under ours and under the other."""

    other: Any
    see: See
    ours: object
    theirs: object


def ruled(case: Case, event: Event) -> See:
    """Return what sees the row that admits an act, with what is noted, or the reasons against it."""

    def see(context: Context) -> object:
        ruling = decide(case, event, context=context)
        return (ruling.rule, *codes(ruling)) if isinstance(ruling, Entry) else set(codes(ruling))

    return see


def counted(case: Case, event: Event, term: str) -> See:
    """Return what sees the last day of a limit that an act starts."""
    return lambda context: due(play(case, event, context=context), term)


def _tier_2(context: Context) -> object:
    old = PriorDenial("OLD-1", c.PLANT, date(2022, 1, 1), Basis.RESPONDENT_REPORT)
    return ruled(at(S.REMEDIES_NOTIFIED), c.imposed(130, tier=2))(attrs.evolve(context, register=Register((old,))))


_ACCEPTED = c.case_of(
    c.petition(),
    did.PetitionAccepted(day(-10)),
    c.request(),
    did.ReviewAccepted(day(10)),
    did.NoDenialReported(day(45)),
)
_SUSPENDED = at(S.REVIEW_REQUESTED, did.HoldBegun(day(1)), did.Withdrawn(day(5)))
_SERVICES = c.with_facility(at(S.REMEDIES_NOTIFIED), sector=Sector.SERVICES)
_DRAWN = at(S.PANEL_DRAWN)
_FOUND_LATE = c.found(121)
_COMPETES = attrs.evolve(c.PLANT, goods_traded=False, competes=True)
_OUT_OF_SCOPE = c.found(100, "out_of_scope")

DIFFERENCES: Final[dict[str, Difference]] = {
    "business_only_where_said": Difference(
        True, counted(at(S.NO_DENIAL_REPORTED), did.PanelRequested(day(60)), "lot"), day(65), day(63)),
    "roll_over": Difference(
        True, counted(Case.start("T"), attrs.evolve(c.request(), on=date(2023, 10, 26)), "review"), date(2023, 12,
            10), date(2023, 12, 11)),
    "review_includes_remediation": Difference(
        True, ruled(at(S.DENIAL_REPORTED), did.CourseAgreed(day(50), agreed_end=day(90))), ("A4-08a",), ("A4-08a",
            "remediated_in_review")),
    "closing_days": Difference(
        "either", counted(_DRAWN, did.PanelConstituted(date(2024, 8, 28)), "confirmation"), date(2024, 9, 4),
            date(2024, 9, 5)),
    "confirmation_settles_coverage": Difference(True, ruled(at(S.DELIBERATING), _OUT_OF_SCOPE), ("A8-06b",),
        {"scope_open"}),
    "constituted_by_lot": Difference(
        True, ruled(at(S.PANEL_REQUESTED), did.PanelistsDrawn(day(61), panelists=c.THREE)), ("A5-02a",), ("A5-02b",)),
    "late_panel_loses_authority": Difference(True, ruled(at(S.DELIBERATING), _FOUND_LATE), ("A8-02", "within"),
        {"within"}),
    "remedy_without_panel": Difference(
        False, ruled(at(S.COURSE_NOTICE_GIVEN), c.imposed(230)), ("A4-14a", "panel_found_denial"),
            {"panel_found_denial"}),
    "cure_ends_claim": Difference(
        True, ruled(at(S.CURED_DENIAL_REPORTED), did.PanelRequested(day(60))), ("A4-10b",), {"cure_contestable"}),
    "only_facts_since_entry": Difference(
        True, ruled(Case.start("T"), c.request(facts_from=date(2019, 1, 1))), ("A4-01a", "facts_since_entry"),
            {"facts_since_entry"}),
    "out_of_scope_is_no_denial": Difference(
        True, lambda context: play(at(S.DELIBERATING), _OUT_OF_SCOPE, context=context).closing,
            Closing.OUT_OF_SCOPE, Closing.NO_DENIAL_PANEL),
    "hold_lapses_with_request": Difference(
        True, ruled(_SUSPENDED, did.HoldReleased(day(6), ground="request_ended")), {"statutory_ground"}, ("A4-16",)),
    "coverage_must_last": Difference(
        True, ruled(at(S.DELIBERATING), c.found(100, still_covered=False)), ("A8-02", "still_covered"),
            {"still_covered"}),
    "closure_ends_case": Difference(
        False, ruled(at(S.UNDER_REVIEW, did.FacilityClosed(day(20))), did.CaseClosed(day(21))), ("X-04b",),
            {"closure_ends_case"}),
    "own_findings_count": Difference(True, _tier_2, {"within_tier"}, ("A10-01b",)),
    "second_case_reopens": Difference(
        True, ruled(at(S.COURSE_RUNNING, did.MatterSettled(day(200))), did.RemediesNotified(day(300))), {"no_rule"},
            ("X-05",)),
    "panel_within_us_decision": Difference(True, ruled(_ACCEPTED, did.PanelRequested(day(51))), ("A4-06b",
        "within"), {"within"}),
    "trade_link_required": Difference(True, ruled(Case.start("T"), c.request(facility=_COMPETES)), ("A4-01a",),
        {"covered"}),
    "scope_objection_declines": Difference(
        True, ruled(at(S.UNDER_REVIEW), did.NoDenialReported(day(45), ground="scope")), ("A4-05a",), ("A4-04c",)),
    "screening_from_submission": Difference(
        True, counted(Case.start("T"), c.petition(-40, received=day(-36)), "screening"), day(-6), day(-10)),
    "services_have_no_measure": Difference(True, ruled(_SERVICES, c.imposed(130)), ("A10-01b",), {"services_measure"}),
}  # fmt: skip


class TestChoices:
    """Each ambiguity that changes behaviour has two readings, and the difference shows."""

    @pytest.mark.parametrize("name", DIFFERENCES)
    def test_ours(self, name: str) -> None:
        """Our default reading shows what its page says."""
        assert DIFFERENCES[name].see(Context()) == DIFFERENCES[name].ours

    @pytest.mark.parametrize("name", DIFFERENCES)
    def test_other(self, name: str) -> None:
        """The other reading shows something else."""
        one = DIFFERENCES[name]
        assert one.see(under(**{name: one.other})) == one.theirs != one.ours

    def test_none_is_missing(self) -> None:
        """Every choice of a reading is tested, and AMB-19 alone changes nothing."""
        assert set(DIFFERENCES) == set(choices())
        assert set(NO_CHOICE) == {"AMB-19"}

    @pytest.mark.parametrize("name", DIFFERENCES)
    def test_explained(self, name: str) -> None:
        """Each choice says what is open, how both read it, and why ours is ours."""
        choice = choices()[name]
        assert choice.question.endswith("?")
        assert choice.readings[0] != choice.readings[1]
        assert choice.why.endswith(".")

    @pytest.mark.parametrize("name", DIFFERENCES)
    def test_refuses_what_is_no_choice(self, name: str) -> None:
        """A choice takes its own values alone."""
        with pytest.raises(ReadingError, match=name):
            under(**{name: "perhaps"})


class TestOtherReadings:
    """What follows where another reading has been chosen."""

    def test_reopened_case_takes_no_new_request(self) -> None:
        """Where a second complaint reopens the first case, a linked new case is refused."""
        case = Case.start("TEST-2")
        assert codes(c.refusal(case, c.request(linked_to="TEST-1"), under(second_case_reopens=True))) == [
            "not_a_reopening"
        ]
        assert c.entry(case, c.request(linked_to="TEST-1")).rule == "A4-01a"

    def test_link_of_the_petition_counts(self) -> None:
        """An earlier act that links the case is remembered."""
        case = c.case_of(c.petition(linked_to="OLD-1"), did.PetitionAccepted(day(-10)))
        assert codes(c.refusal(case, c.request(), under(second_case_reopens=True))) == ["not_a_reopening"]

    def test_reopened_case_waits_fifteen_days(self) -> None:
        """A reopened case stands under the notice of fifteen days, and may be imposed upon after it."""
        context = under(second_case_reopens=True)
        case = play(at(S.COURSE_RUNNING, did.MatterSettled(day(200))), did.RemediesNotified(day(300)), context=context)
        assert case.stage is S.COURSE_NOTICE_GIVEN
        assert case.closing is None
        assert (due(case, "course_notice"), due(case, "respondent_panel")) == (day(315), day(310))

    def test_case_settled_early_is_reopened_after_the_agreed_end(self) -> None:
        """A case that was settled before its course ended is reopened from the day after the agreed end (INV-21)."""
        context = under(second_case_reopens=True)
        case = at(S.COURSE_RUNNING, did.MatterSettled(day(150)))
        told = c.refusal(case, did.RemediesNotified(day(200)), context)
        assert (codes(told), told.opens) == (["ended"], day(201))
        assert c.noted(case, did.RemediesNotified(day(201)), context) == []

    def test_reopening_where_the_end_is_not_stated(self) -> None:
        """Where no end was stated, the reopening is noted; where courses run no limit, nothing is."""
        acts = (did.DenialReported(day(45)), did.CourseAgreed(day(50), agreed_end=NOT_STATED))
        case = at(S.UNDER_REVIEW, *acts, did.MatterSettled(day(150)))
        assert c.noted(case, did.RemediesNotified(day(151)), under(second_case_reopens=True)) == ["ended"]
        off = under(second_case_reopens=True, terms=[COURSE.off()])
        assert c.noted(case, did.RemediesNotified(day(151)), off) == []

    def test_panel_constituted_on_the_lot(self) -> None:
        """Where the lot constitutes the panel, its limits run from the lot, and its acceptance moves nothing."""
        context = under(constituted_by_lot=True)
        case = at(S.PANEL_REQUESTED, did.PanelistsDrawn(day(61), panelists=c.THREE), context=context)
        assert case.stage is S.PANEL_CONSTITUTED
        limits = case.limits
        case = play(case, did.PanelConstituted(day(65)), context=context)
        assert case.limits == limits

    def test_scope_objection_opens_the_gate_of_a_refusal(self) -> None:
        """A report that objects to the scope, read as a refusal, opens the panel at once; the review runs on."""
        context = under(scope_objection_declines=True)
        case = at(S.UNDER_REVIEW, did.NoDenialReported(day(30), ground="scope"), context=context)
        assert case.stage is S.REVIEW_DECLINED
        assert c.running(case) == {"review"}
        assert c.entry(case, did.PanelRequested(day(30)), context).rule == "A4-04b"
        assert c.entry(at(S.UNDER_REVIEW), did.NoDenialReported(day(30), ground="facts"), context).rule == "A4-05a"

    def test_extension_saves_a_late_panel(self) -> None:
        """Where a late panel loses its authority, an extension by both Parties saves it."""
        case = at(S.DELIBERATING, did.LimitExtended(day(95), term="verified_determination", until=day(300)))
        assert c.entry(case, c.found(300), under(late_panel_loses_authority=True)).rule == "A8-02"

    def test_services_bar_binds_the_united_states_alone(self) -> None:
        """Services have no measure at the border of the United States; another complainant may impose."""
        case = attrs.evolve(_SERVICES, complainant=Party.CA, respondent=Party.MX)
        assert c.entry(case, c.imposed(130), under(services_have_no_measure=True)).rule == "A10-01b"

    def test_goods_have_a_measure(self) -> None:
        """A facility of goods has a measure under either reading."""
        assert c.entry(at(S.REMEDIES_NOTIFIED), c.imposed(130), under(services_have_no_measure=True)).rule == "A10-01b"

    @pytest.mark.parametrize(("agreed", "codes"), [(45, []), (46, ["remediated_in_review"])])
    def test_remediation_by_day_45(self, agreed: int, codes: list[str]) -> None:
        """Where the review includes remediation, a course agreed by day 45 is in time, and by day 46 is not."""
        case = at(S.UNDER_REVIEW, did.DenialReported(day(40)))
        event = did.CourseAgreed(day(agreed), agreed_end=day(90))
        assert c.noted(case, event, under(review_includes_remediation=True)) == codes

    def test_remediation_where_the_review_has_no_last_day(self) -> None:
        """Where the review runs no limit, nothing is late over it."""
        context = under(review_includes_remediation=True, terms=[REVIEW.off()])
        case = at(S.DENIAL_REPORTED, context=context)
        assert c.noted(case, did.CourseAgreed(day(50), agreed_end=day(90)), context) == []
