"""Article 5: a panel is asked for through an open gate alone; panelists are drawn by lot."""

from __future__ import annotations

import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.claim import Panelist, Party, Role
from rrm_lifecycle.case.engine import decide
from rrm_lifecycle.law.stages import Stage as S
from rrm_lifecycle.law.table import TABLE
from tests.law import cases as c
from tests.law.cases import at, codes, day, due, entry, noted, refusal, running

GATES = {
    "A4-04a": S.REVIEW_REQUESTED, "A4-04b": S.REVIEW_DECLINED, "A4-15": S.UNDER_REVIEW, "A4-06b": S.NO_DENIAL_REPORTED,
    "A4-09": S.DENIAL_REPORTED, "A4-10b": S.CURED_DENIAL_REPORTED, "A4-11": S.PARTIAL_DENIAL_REPORTED,
    "A4-13": S.COURSE_NOTICE_GIVEN, "A10-08a": S.REMEDIES_IN_FORCE,
}  # fmt: skip
LATER = {S.COURSE_NOTICE_GIVEN: 215, S.REMEDIES_IN_FORCE: 140}


class TestPetition:
    """A Party petitions the Secretariat for a panel while a gate is open (A5-01, A5-05)."""

    @pytest.mark.parametrize(("rule", "stage"), GATES.items())
    def test_open_gate(self, rule: str, stage: S) -> None:
        """Each gate is one row, and names by its id which gate it is (INV-38)."""
        assert entry(at(stage), did.PanelRequested(day(LATER.get(stage, 60)))).rule == rule

    @pytest.mark.parametrize("stage", sorted(set(S) - set(GATES.values())))
    def test_closed_gate(self, stage: S) -> None:
        """In every other stage no panel is provided for."""
        assert refusal(at(stage), did.PanelRequested(day(900))).no_rule

    def test_gates_are_all_rows(self) -> None:
        """There is no other way to a panel, and none before the request (INV-06)."""
        assert {row.id for row in TABLE if row.event is did.PanelRequested} == set(GATES)

    @pytest.mark.parametrize("n", [67, 89, 105, 700])
    def test_no_deadline(self, n: int) -> None:
        """While disagreement lasts the complainant Party may ask at any later time."""
        assert noted(at(S.NO_DENIAL_REPORTED), did.PanelRequested(day(n))) == []

    def test_decision_of_the_united_states(self) -> None:
        """Past sixty days from the committee's finding, asking is noted, not barred (US-07)."""
        case = c.case_of(c.petition(), did.PetitionAccepted(day(-10)), c.request(), did.ReviewDeclined(day(5)))
        assert due(case, "panel_decision") == day(50)
        assert noted(case, did.PanelRequested(day(50))) == []
        assert noted(case, did.PanelRequested(day(51))) == ["within"]

    def test_asks_for_verification_or_not(self) -> None:
        """The petition says whether it asks for a verification, or leaves it unstated."""
        case = at(S.NO_DENIAL_REPORTED, did.PanelRequested(day(60), verification=False))
        assert case.facts.verification_asked is False

    def test_starts_the_lot(self) -> None:
        """The petition starts the three business days of the lot, and stops whatever ran in the review."""
        case = at(S.PANEL_REQUESTED)
        assert running(case) == {"lot"}
        assert due(case, "lot") == day(65)  # Friday 31 May 2024, then Wednesday 5 June


class TestLot:
    """The Secretariat draws three panelists: one of each national list, one of the joint list (A5-02, A5-03)."""

    @pytest.mark.parametrize(("n", "late"), [(65, []), (66, ["within"])])
    def test_three_business_days(self, n: int, late: list[str]) -> None:
        """The lot on the third business day is in time; later, it is noted."""
        assert noted(at(S.PANEL_REQUESTED), did.PanelistsDrawn(day(n), panelists=c.THREE)) == late

    @pytest.mark.parametrize(
        "panelists",
        [
            (), c.THREE[:2], (*c.THREE, Panelist("joint_list")), (c.THREE[0], c.THREE[0], c.THREE[2]),
            (*c.THREE[:2], Panelist("joint_list", Party.MX)),
        ],
    )  # fmt: skip
    @pytest.mark.parametrize(
        ("stage", "event"), [(S.PANEL_REQUESTED, did.PanelistsDrawn), (S.PANEL_DRAWN, did.PanelistReplaced)]
    )
    def test_three_of_the_right_lists(self, stage: S, event: type, panelists: tuple[Panelist, ...]) -> None:
        """Too few, too many, two of one list, or a joint member of a Party's nationality are refused (INV-32)."""
        assert codes(refusal(at(stage), event(day(62), panelists=panelists))) == ["three_panelists"]

    def test_national_of_a_third_country(self) -> None:
        """Under Annex 31-A a Canadian may sit for the joint list."""
        drawn = (*c.THREE[:2], Panelist("joint_list", Party.CA))
        assert noted(at(S.PANEL_REQUESTED), did.PanelistsDrawn(day(61), panelists=drawn)) == []

    @pytest.mark.parametrize("by", [Role.COMPLAINANT, Role.RESPONDENT, Role.PANEL])
    def test_is_the_secretariats(self, by: Role) -> None:
        """Nobody but the Secretariat draws lots (INV-37)."""
        assert codes(refusal(at(S.PANEL_REQUESTED), did.PanelistsDrawn(day(61), panelists=c.THREE, by=by))) == ["actor"]

    def test_replacement_moves_nothing(self) -> None:
        """Drawing again leaves the case where it stands."""
        case = at(S.PANEL_DRAWN, did.PanelistReplaced(day(62), panelists=c.THREE))
        assert (case.stage, running(case)) == (S.PANEL_DRAWN, set())

    def test_drawn_is_not_constituted(self) -> None:
        """A panel that is drawn confirms nothing before it is constituted, which starts its limits (AMB-06, INV-33)."""
        assert refusal(at(S.PANEL_DRAWN), did.PetitionConfirmed(day(63), elements=c.ELEMENTS)).no_rule
        case = at(S.PANEL_CONSTITUTED)
        assert (due(case, "confirmation"), due(case, "determination")) == (day(72), day(95))

    def test_days_in_order(self) -> None:
        """An act dated before the one it follows is refused."""
        assert decide(at(S.PANEL_DRAWN), did.PanelConstituted(day(61))).admitted
        assert codes(refusal(at(S.PANEL_DRAWN), did.PanelConstituted(day(60)))) == ["in_order"]
