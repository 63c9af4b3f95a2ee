"""Articles 2, 11 and 15: what a claim has to state, use in good faith, the Covered Facility."""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs
import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import NOT_STATED, Party, Sector
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import decide, play
from rrm_lifecycle.case.register import BadFaith, Register
from rrm_lifecycle.errors import EventError
from rrm_lifecycle.law.annexes import ANNEX_31A, ANNEX_31B
from rrm_lifecycle.law.stages import Stage as S
from tests.law import cases as c
from tests.law.cases import at, codes, entry, noted, refusal

NEW = Case.start("T")


class TestClaim:
    """A good-faith belief that workers are denied their rights, under laws that are named (A2-01 to A2-03; INV-05)."""

    @pytest.mark.parametrize(("change", "code"), [
        ({"laws": None}, "law_named"), ({"laws": ()}, "law_named"), ({"basis": None}, "basis_stated"),
        ({"under_annex_23a": False}, "under_annex_23a"),
    ])  # fmt: skip
    def test_needs(self, change: dict[str, Any], code: str) -> None:
        """A claim that names no law, states no basis, or pleads a law apart from Annex 23-A is refused."""
        assert codes(refusal(NEW, c.request(**change))) == [code]

    @pytest.mark.parametrize(("first", "found"), [(date(2020, 7, 1), []), (date(2020, 6, 30), ["facts_since_entry"])])
    def test_time_of_the_facts(self, first: date, found: list[str]) -> None:
        """Facts before 1 July 2020 are noted, not barred (AMB-10)."""
        assert noted(NEW, c.request(facts_from=first)) == found

    @pytest.mark.parametrize(("name", "other"), [
        ("laws", ("another",)), ("basis", "another"), ("under_annex_23a", False), ("enforced_order", "another"),
        ("facts_from", date(2023, 1, 1)), ("facility", c.SISTER),
    ])  # fmt: skip
    def test_stays_the_same(self, name: str, other: Any) -> None:
        """A later act that states the claim otherwise is refused, and the field is named."""
        stated: dict[str, Any] = {"under_annex_23a": True, "enforced_order": "one", "facts_from": date(2022, 1, 1)}
        case = c.case_of(c.petition(**stated), did.PetitionAccepted(c.day(-10)))
        (reason,) = [
            one for one in refusal(case, c.request(**{**stated, name: other})).reasons if one.code == "same_claim"
        ]
        assert reason.params["fields"] == [name]

    def test_may_be_left_out_later(self) -> None:
        """What an earlier act has stated, the request need not repeat."""
        case = at(S.REQUEST_DUE)
        assert noted(case, did.ReviewRequested(c.day(0))) == []

    def test_may_be_stated_later(self) -> None:
        """What an earlier act left unstated, the request may state."""
        case = c.case_of(c.petition(basis=NOT_STATED, laws=NOT_STATED), did.PetitionAccepted(c.day(-10)))
        assert noted(case, c.request()) == []
        assert noted(case, c.request(basis=None, laws=NOT_STATED)) == ["law_named", "basis_stated"]


class TestFootnote2:
    """Against a facility in the United States a claim rests on an enforced order of the NLRB (A2-02)."""

    def test_mexico_as_complainant(self) -> None:
        """Mexico may be the complainant Party, on an enforced order."""
        case = c.case_of(c.request(facility=c.IN_US, enforced_order="NLRB order, enforced"))
        assert (case.complainant, case.respondent) == (Party.MX, Party.US)

    @pytest.mark.parametrize("order", [None, ""])
    def test_needs_an_order(self, order: str | None) -> None:
        """Without an order the claim is refused; Annex 23-A is not asked about."""
        assert codes(refusal(NEW, c.request(facility=c.IN_US, enforced_order=order, under_annex_23a=False))) == [
            "order_enforced"
        ]

    def test_the_answer_is_that_of_the_united_states(self) -> None:
        """The respondent's acts are then those of the United States."""
        case = c.case_of(c.request(facility=c.IN_US, enforced_order="an order"))
        assert entry(case, did.ReviewAccepted(c.day(10), by="US")).by == "respondent"
        assert codes(refusal(case, did.ReviewAccepted(c.day(10), by="MX"))) == ["actor"]

    def test_no_doubt_for_mexico(self) -> None:
        """Mexico's remedy without a panel meets no doubt under the law of the United States."""
        case = attrs.evolve(at(S.COURSE_NOTICE_GIVEN), complainant=Party.MX, respondent=Party.US)
        assert noted(case, c.imposed(225)) == []

    def test_business_days_of_the_united_states(self) -> None:
        """Business days are then those of the United States: 19 June is a holiday."""
        case = attrs.evolve(at(S.PANEL_CONSTITUTED), complainant=Party.MX, respondent=Party.US)
        case = play(case, did.PetitionConfirmed(c.day(70), elements=c.ELEMENTS), did.VerificationRequested(c.day(70)))
        assert c.due(case, "verification_reply") == date(2024, 6, 20)  # Monday 10 June: to the 19th without a holiday


class TestGoodFaith:
    """A Party found to have used the Mechanism in bad faith may be barred for two years (A11-01; INV-44)."""

    @pytest.mark.parametrize(("on", "admitted"), [(date(2026, 1, 15), False), (date(2026, 1, 16), True)])
    def test_two_years(self, on: date, admitted: bool) -> None:
        """The bar runs to the same day two years on, and the request opens on the day after."""
        context = Context(register=Register(bad_faith=(BadFaith(Party.US, date(2024, 1, 15)),)))
        assert decide(NEW, attrs.evolve(c.request(), on=on), context=context).admitted is admitted

    def test_tells_when_it_opens(self) -> None:
        """A barred request is told when it opens, and the running case is not barred."""
        context = Context(register=Register(bad_faith=(BadFaith(Party.US, date(2024, 1, 15)),)))
        assert refusal(NEW, c.request(), context).opens == date(2026, 1, 16)
        assert decide(at(S.NO_DENIAL_REPORTED), did.PanelRequested(c.day(60)), context=context).admitted


class TestCoveredFacility:
    """In the respondent's territory, traded or competing, and in a Priority Sector (A15-01, A15-02; INV-03, INV-04)."""

    @pytest.mark.parametrize(("traded", "competes", "admitted"), [(True, False, True), (False, True, True), (True,
        True, True), (False, False, False)])  # fmt: skip
    def test_either_limb(self, traded: bool, competes: bool, admitted: bool) -> None:
        """Either limb suffices, and one is needed (AMB-18)."""
        facility = attrs.evolve(c.PLANT, goods_traded=traded, competes=competes)
        assert decide(NEW, c.request(facility=facility)).admitted is admitted

    @pytest.mark.parametrize("sector", list(Sector))
    def test_priority_sector(self, sector: Sector) -> None:
        """Manufacturing, services and mining are Priority Sectors; nothing else is."""
        assert decide(NEW, c.request(facility=attrs.evolve(c.PLANT, sector=sector))).admitted is (
            sector is not Sector.OTHER
        )

    @pytest.mark.parametrize(("annex", "facility"), [(ANNEX_31A, c.IN_CANADA), (ANNEX_31B, c.IN_US)])
    def test_outside_the_annex(self, annex: object, facility: object) -> None:
        """A facility of a country that the Annex does not bind is refused, and no Party follows from it (INV-01)."""
        told = refusal(Case.start("T", annex=annex), c.request(facility=facility))  # type: ignore[arg-type]
        assert codes(told) == ["in_territory"]
        assert told.reasons[0].params["party"] in {"MX or US", "CA or MX"}

    def test_in_the_complainants_own_territory(self) -> None:
        """A Party brings no case about a facility of its own."""
        told = refusal(Case.start("T", complainant="MX"), c.request())
        assert told.reasons[0].params == {"country": "MX", "party": "US"}

    def test_pairs(self) -> None:
        """Each Annex binds its two Parties, and no third (INV-01, INV-02)."""
        assert ANNEX_31A.other(Party.US) is Party.MX
        assert ANNEX_31B.other(Party.MX) is Party.CA
        assert (str(ANNEX_31A), str(ANNEX_31B)) == ("Annex 31-A", "Annex 31-B")
        with pytest.raises(EventError, match="Annex 31-A binds MX and US; found CA"):
            ANNEX_31A.other(Party.CA)
        with pytest.raises(EventError):
            Case.start("T", complainant="US", respondent="US")
