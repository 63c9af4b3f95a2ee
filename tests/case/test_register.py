"""Past determinations and the tiers of remedies that they open."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any, Final

import attrs
import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import Determination, Party
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.register import BadFaith, Basis, PriorDenial, Register
from rrm_lifecycle.errors import EventError
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.stages import Stage as S
from tests.law.cases import (
    CONTINUES,
    IN_US,
    PLANT,
    SISTER,
    at,
    case_of,
    codes,
    day,
    entry,
    found,
    imposed,
    petition,
    refusal,
    request,
)

DEFAULT: Final = Reading()
OWN_COUNT: Final = Reading(own_findings_count=True)
BEFORE: Final = date(2024, 8, 1)


def denial(
    case_id: str = "OLD-1", facility: Any = PLANT, on: date = date(2023, 1, 1), basis: str = "panel"
) -> PriorDenial:
    """Return a past finding."""
    return PriorDenial(case_id, facility, on, basis)


def prior(*denials: PriorDenial, reading: Reading = DEFAULT) -> tuple[PriorDenial, ...]:
    """Return which of some findings count for a case at the plant."""
    return Register(denials).prior("TEST-1", PLANT, BEFORE, reading)


class TestPrior:
    """What counts for the tiers: a panel's Denial at the facility or of its owner, in another case, before the day."""

    def test_same_facility(self) -> None:
        """A Denial at the same facility counts, however its name is written."""
        assert prior(denial()) == (denial(),)
        assert len(prior(denial(facility=attrs.evolve(PLANT, name="PLANTA UNO", owner=None)))) == 1

    def test_same_owner(self) -> None:
        """A Denial at another facility of the owner counts; at a stranger's, or at an unknown owner's, it does not."""
        assert len(prior(denial(facility=SISTER))) == 1
        assert prior(denial(facility=attrs.evolve(SISTER, owner="Stranger"))) == ()
        assert prior(denial(facility=attrs.evolve(SISTER, owner=None))) == ()

    def test_name_in_another_country(self) -> None:
        """A facility of that name in another country is another one."""
        assert prior(denial(facility=attrs.evolve(PLANT, country="US", owner=None))) == ()

    def test_other_case(self) -> None:
        """The case's own Denial does not count."""
        assert prior(denial("TEST-1")) == ()

    def test_before_the_day(self) -> None:
        """A Denial of the day before counts, one of the day itself does not."""
        assert len(prior(denial(on=date(2024, 7, 31)))) == 1
        assert prior(denial(on=BEFORE)) == ()

    def test_own_findings(self) -> None:
        """Reports and courses count under the second reading of AMB-15, a case once, whatever it holds."""
        several = (denial(basis="respondent_report"), denial(basis="course"), denial("OLD-2", basis="course"))
        assert prior(*several) == ()
        assert [one.case_id for one in prior(*several, reading=OWN_COUNT)] == ["OLD-1", "OLD-2"]

    @pytest.mark.parametrize(("tier", "least"), [(1, 0), (2, 1), (3, 2)])
    def test_tiers(self, tier: int, least: int) -> None:
        """A remedy of the tier needs as many prior Denials: none, one, two."""
        case = at(S.REMEDIES_NOTIFIED)
        for number in range(3):
            context = Context(register=Register([denial(f"OLD-{n}") for n in range(number)]))
            if number < least:
                assert codes(refusal(case, imposed(130, tier=tier), context)) == ["within_tier"]
            else:
                assert entry(case, imposed(130, tier=tier), context).rule == "A10-01b"


class TestOfCases:
    """A register is read off cases."""

    DETERMINED: Final = at(S.DENIAL_DETERMINED, case_id="OLD-1")

    def test_panel(self) -> None:
        """A panel's Denial is entered with its day."""
        assert Register.of([self.DETERMINED]).denials == (PriorDenial("OLD-1", PLANT, day(100)),)

    @pytest.mark.parametrize("finding", [Determination.NO_DENIAL, Determination.OUT_OF_SCOPE])
    def test_no_denial(self, finding: Determination) -> None:
        """Another finding leaves nothing."""
        assert Register.of([at(S.DELIBERATING, found(100, finding))]).denials == ()

    def test_whether_it_continues(self) -> None:
        """That a Denial continues, or was not remedied, is no Denial anew."""
        continues = Register.of([case_of(*CONTINUES)]).denials
        assert [one.basis for one in continues] == [Basis.RESPONDENT_REPORT, Basis.COURSE]
        disputed = at(S.LIFTING_DISPUTED, found(160))
        assert [one.on for one in Register.of([disputed]).denials] == [day(100)]

    @pytest.mark.parametrize("report", [did.DenialReported, did.PartialDenialReported, did.CuredDenialReported])
    def test_reports(self, report: Any) -> None:
        """A respondent's report of a Denial is entered as what it is; a course beside it."""
        case = at(S.UNDER_REVIEW, report(day(45)), did.CourseAgreed(day(50), agreed_end=day(200)))
        assert [(one.basis, one.on) for one in Register.of([case]).denials] == [
            (Basis.RESPONDENT_REPORT, day(45)),
            (Basis.COURSE, day(50)),
        ]

    def test_no_facility(self) -> None:
        """A case without a facility leaves nothing."""
        assert Register.of([Case.start("OLD-1")]).denials == ()

    def test_alignments(self) -> None:
        """A value with a case is looked into."""
        assert Register.of([SimpleNamespace(case=self.DETERMINED)]) == Register.of([self.DETERMINED])

    def test_one_more(self) -> None:
        """One more case is added, and findings of bad faith are kept."""
        faith = BadFaith("US", day(-800))
        register = Register([denial("OLD-0")], [faith]).with_case(self.DETERMINED)
        assert [one.case_id for one in register.denials] == ["OLD-0", "OLD-1"]
        assert register.bad_faith == (faith,)

    def test_it_opens_a_tier(self) -> None:
        """What one case leaves opens the second tier in the next case at the facility."""
        context = Context(register=Register().with_case(self.DETERMINED))
        assert entry(at(S.REMEDIES_NOTIFIED), imposed(130, tier=2), context).rule == "A10-01b"


class TestBadFaith:
    """After a finding of bad faith the Party may not ask for a review for two years (Art. 31-A.11)."""

    CONTEXT: Final = Context(register=Register(bad_faith=[BadFaith("US", date(2022, 4, 1))]))

    def test_bar(self) -> None:
        """A request is barred up to the last day of the bar, and opens on the day after."""
        ruling = refusal(Case.start("TEST-1"), request(0), self.CONTEXT)
        assert codes(ruling) == ["bar_over"]
        assert ruling.opens == day(1)
        assert entry(Case.start("TEST-1"), request(1), self.CONTEXT).rule == "A4-01a"

    def test_other_party(self) -> None:
        """The other Party is not barred."""
        act = request(0, facility=IN_US, enforced_order="an order")
        assert entry(Case.start("TEST-1"), act, self.CONTEXT).rule == "A4-01a"

    def test_petition_is_not_barred(self) -> None:
        """A petition to the committee is domestic, and is not barred."""
        assert entry(Case.start("TEST-1"), petition(), self.CONTEXT).rule == "US-01"

    def test_before_the_finding(self) -> None:
        """A request before the finding is not barred by it."""
        later = Context(register=Register(bad_faith=[BadFaith("US", day(1))]))
        assert entry(Case.start("TEST-1"), request(0), later).rule == "A4-01a"


class TestFields:
    """Findings hold what they say, or are refused."""

    @pytest.mark.parametrize(
        "changes", [{"case_id": 3}, {"case_id": "x" * 65}, {"on": "2023-01-01"}, {"on": None}, {"basis": "rumour"}]
    )
    def test_bad_denials_are_refused(self, changes: dict[str, Any]) -> None:
        """Another type, a day that is none and an unknown basis are refused."""
        with pytest.raises(EventError):
            PriorDenial(**{"case_id": "OLD-1", "facility": PLANT, "on": date(2023, 1, 1), **changes})

    @pytest.mark.parametrize("changes", [{"party": "GT"}, {"on": "2023-01-01"}])
    def test_bad_findings_are_refused(self, changes: dict[str, Any]) -> None:
        """An unknown Party and a day that is none are refused."""
        with pytest.raises(EventError):
            BadFaith(**{"party": "US", "on": date(2023, 1, 1), **changes})

    def test_members(self) -> None:
        """Values become members; sequences become tuples."""
        register = Register([denial(basis="course")], [BadFaith("US", date(2023, 1, 1))])
        assert register.denials[0].basis is Basis.COURSE
        assert register.bad_faith[0].party is Party.US
        assert isinstance(hash(register), int)


class TestWhatDoesNotCount:
    """What does not count hides nothing that stands behind it in the register."""

    def test_later_lines_count(self) -> None:
        """Behind a line of the case itself, and one of a course, a panel's determination still counts."""
        own = PriorDenial("A-1", PLANT, day(0))
        course = PriorDenial("B-1", PLANT, day(0), Basis.COURSE)
        panel = PriorDenial("C-1", PLANT, day(0))
        register = Register((own, course, panel))
        assert register.prior("A-1", PLANT, day(9), Reading()) == (panel,)

    def test_a_case_without_a_facility_is_passed_over(self) -> None:
        """A case that names no facility leaves nothing, and the cases behind it what they leave."""
        found = at(S.DENIAL_DETERMINED)
        assert Register.of([Case.start("E-1"), found]).denials == Register.of([found]).denials
        assert Register.of([found]).denials != ()
