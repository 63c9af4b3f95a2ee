"""Article 7: verification, with the respondent's consent."""

from __future__ import annotations

import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.engine import decide
from rrm_lifecycle.law.stages import Stage as S
from tests.law import cases as c
from tests.law.cases import at, codes, day, due, entry, noted, refusal, running


class TestCall:
    """The panel asks the respondent Party to allow a verification, where the petition asks for one (A7-01)."""

    def test_starts_two_limits(self) -> None:
        """The call starts the seven business days of the answer and the thirty days of the verification."""
        case = at(S.VERIFICATION_REQUESTED)
        assert (due(case, "verification_reply"), due(case, "verification")) == (day(78), day(97))

    def test_not_asked_for(self) -> None:
        """Where the petition asks for none, the panel calls for none, and determines."""
        case = c.case_of(
            *c.ROUTES[S.NO_DENIAL_REPORTED], did.PanelRequested(day(60), verification=False), *c.panel(60)[1:]
        )
        assert codes(refusal(case, did.VerificationRequested(day(67)))) == ["verification_asked"]
        assert entry(case, c.found(90)).rule == "A8-03"


class TestConsent:
    """The respondent Party answers within seven business days (A7-02, A7-04)."""

    @pytest.mark.parametrize("event", [did.VerificationAccepted, did.VerificationRefused])
    @pytest.mark.parametrize(("n", "late"), [(78, []), (79, ["within"])])
    def test_seven_business_days(self, event: type, n: int, late: list[str]) -> None:
        """An answer on the seventh business day is in time; later, it is noted."""
        assert noted(at(S.VERIFICATION_REQUESTED), event(day(n))) == late

    def test_no_verification_without_consent(self) -> None:
        """Without consent nothing is verified, before or after a refusal (INV-35)."""
        assert refusal(at(S.VERIFICATION_REQUESTED), did.VerificationHeld(day(70))).no_rule
        case = at(S.VERIFICATION_REQUESTED, did.VerificationRefused(day(69)))
        assert refusal(case, did.VerificationHeld(day(70))).no_rule

    def test_refused(self) -> None:
        """After a refusal the complainant Party may ask at once for a determination without verification."""
        case = at(S.VERIFICATION_REQUESTED, did.VerificationRefused(day(69)))
        assert entry(case, did.NoVerificationAsked(day(69))).rule == "A7-04a"

    @pytest.mark.parametrize(("n", "admitted"), [(78, False), (79, True)])
    def test_silence(self, n: int, admitted: bool) -> None:
        """Silence opens the same on the day after the seventh business day."""
        assert decide(at(S.VERIFICATION_REQUESTED), did.NoVerificationAsked(day(n))).admitted is admitted

    def test_second_thoughts(self) -> None:
        """A respondent that refused may still consent."""
        case = at(S.VERIFICATION_REQUESTED, did.VerificationRefused(day(69)), did.VerificationAccepted(day(71)))
        assert case.stage is S.VERIFYING

    def test_no_inference(self) -> None:
        """After a refusal the panel may find either way: refusing supports no inference here (AMB-19)."""
        case = at(S.VERIFICATION_REQUESTED, did.VerificationRefused(day(69)), did.NoVerificationAsked(day(70)))
        assert noted(case, c.found(95)) == noted(case, c.found(95, "no_denial")) == []


class TestVerification:
    """The panel verifies within thirty days (A7-03)."""

    @pytest.mark.parametrize(("n", "late"), [(97, []), (98, ["within"])])
    def test_thirty_days(self, n: int, late: list[str]) -> None:
        """A verification on day thirty after the call is in time; later, it is noted."""
        assert noted(at(S.VERIFYING), did.VerificationHeld(day(n))) == late

    def test_starts_the_determination_anew(self) -> None:
        """The verification ends the thirty days from the constitution, and starts thirty of its own."""
        case = at(S.DELIBERATING)
        assert running(case) == {"verified_determination"}
        assert due(case, "verified_determination") == day(120)

    def test_is_the_panels(self) -> None:
        """The complainant Party verifies nothing by itself."""
        assert codes(refusal(at(S.VERIFYING), did.VerificationHeld(day(80), by="complainant"))) == ["actor"]
