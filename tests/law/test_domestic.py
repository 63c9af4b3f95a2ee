"""Before the request: the committee of the United States, the Canadian office, and what starts without a petition."""

from __future__ import annotations

import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import NOT_STATED, Origin, Party
from rrm_lifecycle.case.engine import decide, play
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.law.annexes import ANNEX_31B
from rrm_lifecycle.law.stages import Closing
from rrm_lifecycle.law.stages import Stage as S
from tests.law import cases as c
from tests.law.cases import at, codes, day, due, entry, noted, refusal, running

CANADA = Case.start("T", annex=ANNEX_31B, complainant="CA")
CLAIM = c.petition(filer_of=Party.CA)


class TestPetition:
    """Any person of a Party may file a petition with the committee (US-01)."""

    @pytest.mark.parametrize("party", list(Party))
    def test_person_of_a_party(self, party: Party) -> None:
        """A person of any of the three Parties may file."""
        assert noted(Case.start("T"), c.petition(filer_of=party)) == []

    def test_anonymous(self) -> None:
        """A petition may be anonymous, and that is noted."""
        assert noted(Case.start("T"), c.petition(filer_of=NOT_STATED)) == ["filer_of_a_party"]

    def test_sets_the_origin(self) -> None:
        """A petition makes the case one that comes from a petition; another origin bars it."""
        assert at(S.PETITION_REVIEW).origin is Origin.PETITION
        assert codes(refusal(Case.start("T", origin="hotline"), c.petition()), "US-01") == ["by_petition"]
        assert entry(Case.start("T", origin="petition"), c.petition()).rule == "US-01"

    def test_petition_comes_first(self) -> None:
        """Where the case comes from a petition, the request waits for the petition and its acceptance (INV-08)."""
        assert codes(refusal(Case.start("T", origin="petition"), c.request())) == ["not_by_petition"]
        assert refusal(at(S.PETITION_REVIEW), c.request()).no_rule

    def test_no_treaty_effect(self) -> None:
        """A petition moves no treaty stage, and starts no limit of the Annex (INV-07)."""
        assert running(at(S.PETITION_REVIEW)) == {"screening"}

    def test_names_its_own_id(self) -> None:
        """A petition cannot be linked to the case that it opens."""
        assert codes(refusal(Case.start("T"), c.petition(linked_to="T")), "US-01") == ["new_id"]


class TestScreening:
    """The committee has thirty days from receipt (US-04, US-05, US-06)."""

    def test_from_receipt(self) -> None:
        """The days run from receipt by the office where that is another day, else from the filing."""
        assert due(c.case_of(c.petition(-40, received=day(-36))), "screening") == day(-6)
        assert due(c.case_of(c.petition(-40)), "screening") == day(-10)

    @pytest.mark.parametrize("event", [did.PetitionAccepted, did.PetitionRejected])
    @pytest.mark.parametrize(("n", "late"), [(-10, []), (-9, ["within"]), (100, ["within"])])
    def test_late_is_still_acted_on(self, event: type[Event], n: int, late: list[str]) -> None:
        """A determination on day thirty is in time; a later one is acted on, and noted (INV-40)."""
        assert noted(at(S.PETITION_REVIEW), event(day(n))) == late

    def test_negative(self) -> None:
        """A negative determination closes the case, and no request may rest on that petition (INV-09)."""
        case = at(S.PETITION_REVIEW, did.PetitionRejected(day(-10)))
        assert case.closing is Closing.PETITION_REJECTED
        assert refusal(case, c.request()).no_rule

    def test_affirmative(self) -> None:
        """An affirmative determination makes the request due, and starts the sixty days of the decision on a panel."""
        case = at(S.REQUEST_DUE)
        assert (running(case), due(case, "panel_decision")) == ({"panel_decision"}, day(50))

    def test_no_consent_extends_a_statute(self) -> None:
        """Consent of the Parties extends no limit of the statute (X-03)."""
        case = c.case_of(*c.ROUTES[S.REQUEST_DUE], c.request())
        event = did.LimitExtended(day(5), term="panel_decision", until=day(90))
        assert codes(refusal(case, event)) == ["limit_runs"]
        assert refusal(at(S.PETITION_REVIEW), did.LimitExtended(day(-20), term="screening", until=day(0))).no_rule

    def test_course_does_not_stop_the_decision(self) -> None:
        """A course agreed lets the sixty days of the decision run on."""
        case = c.case_of(*c.ROUTES[S.REQUEST_DUE], c.request(), did.CourseAgreed(day(5), agreed_end=day(200)))
        assert running(case) == {"panel_decision", "course"}

    def test_settled_before_the_request(self) -> None:
        """The Parties may settle before the request; no course is agreed there."""
        assert at(S.REQUEST_DUE, did.MatterSettled(day(-5))).closing is Closing.SETTLED_BEFORE_REQUEST
        assert refusal(at(S.REQUEST_DUE), did.CourseAgreed(day(-5), agreed_end=day(9))).no_rule


class TestSelfInitiation:
    """The committee may recommend enforcement on its own finding; the request is due in sixty days (US-02, US-03)."""

    @pytest.mark.parametrize(("origin", "admitted"), [(None, True), ("hotline", True), ("self_initiated", True),
        ("petition", False)])  # fmt: skip
    def test_origins(self, origin: str | None, admitted: bool) -> None:
        """A tip feeds self-initiation; a petition takes its own way."""
        assert decide(Case.start("T", origin=origin), did.SelfInitiated(day(-60), **c.CLAIM)).admitted is admitted

    @pytest.mark.parametrize(("n", "late"), [(0, []), (1, ["within"])])
    def test_sixty_days(self, n: int, late: list[str]) -> None:
        """The request on day sixty is in time; later, it is noted."""
        case = c.case_of(did.SelfInitiated(day(-60), **c.CLAIM))
        assert case.origin is Origin.SELF_INITIATED
        assert noted(case, c.request(n)) == late

    def test_directly(self) -> None:
        """A request may leave the assessment directly, by tip or on no stated origin."""
        assert entry(Case.start("T", origin="hotline"), c.request()).rule == "A4-01a"


class TestCanada:
    """A claim to the Canadian office, and its thirty days, which it may extend (B-02, B-03)."""

    @pytest.mark.parametrize(("filer", "admitted"), [("CA", True), ("US", False), ("MX", False), ("Guatemala", False)])
    def test_claimant(self, filer: str, admitted: bool) -> None:
        """The claimant is of Canada."""
        assert decide(CANADA, c.petition(filer_of=filer)).admitted is admitted

    @pytest.mark.parametrize(("n", "late"), [(-10, []), (-9, ["within"])])
    def test_thirty_days(self, n: int, late: list[str]) -> None:
        """The office's determination is due on day thirty."""
        case = play(CANADA, CLAIM)
        assert noted(case, did.PetitionAccepted(day(n))) == late
        assert entry(case, did.PetitionRejected(day(n))).rule == "B-03a"

    def test_extended_by_the_office(self) -> None:
        """The office alone extends its limit, to a later day."""
        case = play(CANADA, CLAIM)
        event = did.LimitExtended(day(-12), term="claim_screening", until=day(0))
        assert entry(case, event).by == "committee"
        assert due(play(case, event), "claim_screening") == day(0)
        assert codes(refusal(case, did.LimitExtended(day(-12), term="claim_screening", until=day(-10)))) == [
            "later_day"
        ]
        assert codes(refusal(case, did.LimitExtended(day(-12), term="claim_screening", until=day(0), by="both"))) == [
            "actor"
        ]

    def test_no_statute_of_the_united_states(self) -> None:
        """No limit of a statute of the United States runs in a Canadian case."""
        case = play(CANADA, CLAIM, did.PetitionAccepted(day(-10)))
        assert (case.acts[-1].rule, running(case)) == ("B-03b", set())

    def test_no_self_initiation(self) -> None:
        """The committee's own finding is a way of the United States alone."""
        assert refusal(CANADA, did.SelfInitiated(day(-60), **c.CLAIM)).no_rule
