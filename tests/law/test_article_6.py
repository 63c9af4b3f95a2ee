"""Article 6: the panel confirms the petition."""

from __future__ import annotations

import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.claim import Element
from rrm_lifecycle.law.stages import Closing
from rrm_lifecycle.law.stages import Stage as S
from tests.law import cases as c
from tests.law.cases import at, codes, day, due, entry, noted, refusal, running


class TestConfirmation:
    """Within five business days the panel confirms that facility, laws and basis are stated (A6-01)."""

    @pytest.mark.parametrize(("n", "late"), [(72, []), (73, ["within"])])
    def test_five_business_days(self, n: int, late: list[str]) -> None:
        """On the fifth business day after its constitution the panel is in time; later, it is noted."""
        assert noted(at(S.PANEL_CONSTITUTED), did.PetitionConfirmed(day(n), elements=c.ELEMENTS)) == late
        assert noted(at(S.PANEL_CONSTITUTED), did.PetitionNotConfirmed(day(n), missing=("basis",))) == late

    @pytest.mark.parametrize("element", list(Element))
    def test_all_three(self, element: Element) -> None:
        """A confirmation that lacks an element is refused, and names it (INV-34)."""
        told = refusal(at(S.PANEL_CONSTITUTED), did.PetitionConfirmed(day(66), elements=set(c.ELEMENTS) - {element}))
        assert [(one.code, one.params) for one in told.reasons] == [("elements_found", {"elements": [element.value]})]

    def test_promptly_by_default(self) -> None:
        """The confirmation ends its limit and starts none: for the call to verify no source states a number."""
        assert running(at(S.PETITION_CONFIRMED)) == {"determination"}


class TestDeficientPetition:
    """A petition that is not confirmed is amended by whoever asked, or dismissed (A6-02)."""

    def test_amended_by_the_complainant(self) -> None:
        """The complainant Party amends its own petition, and the check starts again."""
        case = at(S.PETITION_NOT_CONFIRMED, did.PetitionAmended(day(70)))
        assert (case.stage, case.acts[-1].rule) == (S.PANEL_CONSTITUTED, "A6-02b")
        assert due(case, "confirmation") == day(77)
        assert due(case, "determination") == day(95)

    def test_amended_by_the_respondent(self) -> None:
        """The respondent Party amends the petition for its own panel."""
        case = c.case_of(
            *c.ROUTES[S.COURSE_NOTICE_GIVEN], *c.panel(215)[:3], did.PetitionNotConfirmed(day(221), missing=("laws",))
        )
        assert entry(case, did.PetitionAmended(day(225))).rule == "A6-02c"
        assert "asked_by_complainant" in codes(refusal(case, did.PetitionAmended(day(225), by="complainant")))

    def test_dismissed(self) -> None:
        """A petition that is dismissed closes the case."""
        assert at(S.PETITION_NOT_CONFIRMED, did.PetitionDismissed(day(70))).closing is Closing.PETITION_NOT_CONFIRMED

    def test_goes_no_further(self) -> None:
        """The panel determines nothing on a petition that it has not confirmed."""
        assert refusal(at(S.PETITION_NOT_CONFIRMED), c.found(90)).no_rule
