"""Article 8: determination."""

from __future__ import annotations

import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import Determination
from rrm_lifecycle.law.stages import Closing
from rrm_lifecycle.law.stages import Stage as S
from tests.law import cases as c
from tests.law.cases import at, codes, day, entry, noted, refusal, running


class TestDays:
    """The panel determines within thirty days of the verification, or of its constitution (A8-02, A8-03)."""

    @pytest.mark.parametrize(("stage", "last"), [(S.DELIBERATING, 120), (S.PETITION_CONFIRMED, 95)])
    @pytest.mark.parametrize("finding", list(Determination))
    def test_thirty_days(self, stage: S, last: int, finding: Determination) -> None:
        """On the thirtieth day it is in time; after it the determination stands, and is noted."""
        assert noted(at(stage), c.found(last, finding)) == []
        assert noted(at(stage), c.found(last + 1, finding)) == ["within"]

    def test_after_a_refused_verification(self) -> None:
        """Where nothing was verified the thirty days from the constitution run on."""
        case = at(S.VERIFICATION_REQUESTED, did.VerificationRefused(day(69)), did.NoVerificationAsked(day(70)))
        assert running(case) == {"determination"}
        assert noted(case, c.found(96)) == ["within"]


class TestHearing:
    """The panel hears both Parties before it determines (A8-01)."""

    @pytest.mark.parametrize("stage", [S.DELIBERATING, S.PETITION_CONFIRMED, S.LIFTING_DISPUTED])
    @pytest.mark.parametrize("finding", list(Determination))
    def test_heard(self, stage: S, finding: Determination) -> None:
        """A determination without a hearing of both is refused, whatever it finds (INV-36)."""
        assert codes(refusal(at(stage), c.found(150, finding, heard=False))) == ["both_heard"]


class TestOutcomes:
    """DENIAL, NO DENIAL or OUT OF SCOPE (A8-06)."""

    def test_denial(self) -> None:
        """A Denial leads on to consultations and remedies, with no limit of the panel left."""
        case = at(S.DENIAL_DETERMINED)
        assert (case.facts.determination, running(case)) == (Determination.DENIAL, set())

    @pytest.mark.parametrize(
        ("finding", "closing"), [("no_denial", Closing.NO_DENIAL_PANEL), ("out_of_scope", Closing.OUT_OF_SCOPE)]
    )
    @pytest.mark.parametrize("stage", [S.DELIBERATING, S.PETITION_CONFIRMED])
    def test_otherwise_closes(self, stage: S, finding: str, closing: Closing) -> None:
        """Anything else closes the case, and no remedy follows (INV-31, A10-09)."""
        case = at(stage, c.found(95, finding))
        assert (case.closing, running(case)) == (closing, set())
        assert refusal(case, did.RemediesNotified(day(96))).no_rule

    def test_once(self) -> None:
        """A panel determines once on a petition (INV-36)."""
        assert refusal(at(S.DENIAL_DETERMINED), c.found(110)).no_rule

    @pytest.mark.parametrize("by", ["complainant", "respondent", "secretariat"])
    def test_is_the_panels(self, by: str) -> None:
        """Only the panel determines (INV-37)."""
        assert set(codes(refusal(at(S.DELIBERATING), c.found(100, by=by)))) == {"actor"}

    def test_no_denial_with_a_hold_left_open(self) -> None:
        """Closing as no Denial while the customs hold is open is noted (INV-14); out of scope is not of that kind."""
        case = c.held(at(S.DELIBERATING))
        assert noted(case, c.found(100, "no_denial")) == ["hold_ended"]
        assert noted(case, c.found(100, "out_of_scope")) == []

    def test_loss_of_coverage_is_noted(self) -> None:
        """A facility that is covered no longer is noted, for coverage is tested on the day of the request (AMB-13)."""
        assert noted(at(S.DELIBERATING), c.found(100, still_covered=False)) == ["still_covered"]

    def test_no_determination_without_a_panel(self) -> None:
        """Nothing is determined in a case that no panel sits in."""
        assert refusal(Case.start("T"), c.found(0)).no_rule
        assert entry(at(S.DELIBERATING), c.found(100)).by == "panel"
