"""Articles 9 and 10: after a Denial is determined; remedies, their tiers, their end, and disputes about it."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import NOT_STATED, Determination, Question, Remedy, Sector
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import decide, play
from rrm_lifecycle.case.register import Basis, PriorDenial, Register
from rrm_lifecycle.law.stages import Closing
from rrm_lifecycle.law.stages import Stage as S
from tests.law import cases as c
from tests.law.cases import at, codes, day, due, entry, noted, refusal, running


class TestConsultations:
    """After a Denial is determined the Parties consult on remediation (A9-01)."""

    def test_course(self) -> None:
        """They may agree a course, which runs to its end before anything is imposed."""
        case = at(S.DENIAL_DETERMINED, did.CourseAgreed(day(105), agreed_end=day(300)))
        assert (case.stage, running(case)) == (S.COURSE_RUNNING, {"course"})
        assert refusal(case, c.imposed(200)).no_rule

    def test_settled(self) -> None:
        """They may settle, which closes the case as remediated after the determination."""
        assert at(S.DENIAL_DETERMINED, did.MatterSettled(day(105))).closing is Closing.REMEDIATED_AFTER_DETERMINATION

    def test_course_ends_the_notice(self) -> None:
        """A course agreed under the notice of remedies ends the notice."""
        case = at(S.REMEDIES_NOTIFIED, did.CourseAgreed(day(115), agreed_end=day(300)))
        assert running(case) == {"course"}


class TestNotice:
    """Remedies follow a written notice by at least five business days (A10-01)."""

    @pytest.mark.parametrize(("n", "admitted"), [(118, False), (119, True)])
    def test_five_business_days(self, n: int, admitted: bool) -> None:
        """From a notice on Monday 22 July, remedies open on Monday 29 July (INV-26)."""
        assert day(119) == date(2024, 7, 29)
        assert decide(at(S.REMEDIES_NOTIFIED), c.imposed(n)).admitted is admitted

    def test_no_remedy_without_notice(self) -> None:
        """Without a notice remedies are refused, and time alone will not open them (INV-24)."""
        told = refusal(at(S.DENIAL_DETERMINED), c.imposed(300))
        assert (codes(told), told.opens) == (["found_to_continue"], None)

    def test_waits_for_the_course_notice_too(self) -> None:
        """Where the fifteen days of an earlier notice run on, they are waited for as well (INV-22)."""
        case = c.case_of(*c.ROUTES[S.COURSE_NOTICE_GIVEN], *c.panel(212), c.found(218), did.RemediesNotified(day(218)))
        assert refusal(case, c.imposed(224)).opens == due(case, "remedy_notice")
        assert running(case) == {"course_notice", "remedy_notice"}

    def test_is_the_complainants(self) -> None:
        """Only the complainant Party gives the notice and imposes (INV-37)."""
        assert codes(refusal(at(S.DENIAL_DETERMINED), did.RemediesNotified(day(112), by="panel"))) == ["actor"]
        assert codes(refusal(at(S.REMEDIES_NOTIFIED), c.imposed(130, by="respondent"))) == ["actor"]

    def test_remediated_meanwhile(self) -> None:
        """A remedy against a Denial that has been remediated is noted."""
        assert noted(at(S.REMEDIES_NOTIFIED, did.RemediationCompleted(day(115))), c.imposed(130)) == ["not_remediated"]


_OTHER = attrs.evolve(c.PLANT, name="Planta Tres", owner="Stranger")


def register(*facilities: object, basis: Basis = Basis.PANEL, on: date = date(2022, 1, 1)) -> Context:
    """Return the context of a register with a past Denial for each facility, each of a case of its own."""
    denials = (PriorDenial(f"OLD-{i}", one, on, basis) for i, one in enumerate(facilities))  # type: ignore[arg-type]
    return Context(register=Register(tuple(denials)))


class TestTiers:
    """Tier 1 needs no prior Denial, tier 2 at least one, tier 3 at least two (A10-02 to A10-04; INV-27)."""

    @pytest.mark.parametrize("prior", [0, 1, 2, 3])
    @pytest.mark.parametrize("tier", [1, 2, 3])
    def test_needs(self, tier: int, prior: int) -> None:
        """The tier is open where there are enough prior Denials, and closed where there are not."""
        ruling = decide(at(S.REMEDIES_NOTIFIED), c.imposed(130, tier=tier), context=register(*[c.PLANT] * prior))
        assert ruling.admitted is (prior >= tier - 1)

    def test_tier_is_kept(self) -> None:
        """The case knows the tier imposed."""
        assert at(S.REMEDIES_IN_FORCE).facts.tier == 1

    def test_owner_counts(self) -> None:
        """A prior Denial at a facility of the same owner counts; one at a stranger's does not."""
        assert decide(at(S.REMEDIES_NOTIFIED), c.imposed(130, tier=2), context=register(c.SISTER)).admitted
        assert codes(refusal(at(S.REMEDIES_NOTIFIED), c.imposed(130, tier=2), register(_OTHER))) == ["within_tier"]

    def test_prior_means_before(self) -> None:
        """A Denial determined on the day of the remedy is not prior."""
        for n, admitted in ((129, True), (130, False)):
            assert (
                decide(at(S.REMEDIES_NOTIFIED), c.imposed(130, tier=2), context=register(c.PLANT, on=day(n))).admitted
                is admitted
            )

    @pytest.mark.parametrize("basis", [Basis.COURSE, Basis.RESPONDENT_REPORT])
    def test_settlements_do_not_count(self, basis: Basis) -> None:
        """A course agreed or a report of the respondent is no prior determination (INV-28)."""
        assert not decide(
            at(S.REMEDIES_NOTIFIED), c.imposed(130, tier=2), context=register(c.PLANT, basis=basis)
        ).admitted

    def test_own_case_does_not_count(self) -> None:
        """The Denial of a case is not prior to its own remedies, but is to those of the next."""
        case = at(S.REMEDIES_NOTIFIED)
        context = Context(register=Register.of([case]))
        assert not decide(case, c.imposed(130, tier=2), context=context).admitted
        assert decide(at(S.REMEDIES_NOTIFIED, case_id="TEST-2"), c.imposed(130, tier=2), context=context).admitted

    def test_lifting_is_no_prior_denial(self) -> None:
        """A panel that finds a remedy not yet due to be lifted leaves no further prior Denial."""
        case = at(S.LIFTING_DISPUTED, c.found(160))
        assert [one.on for one in Register.of([case]).denials] == [day(100)]

    def test_entry_denial_is_of_tier_3(self) -> None:
        """Denial of entry needs two prior Denials, whatever tier is stated (A10-04)."""
        event = c.imposed(130, measure=Remedy.ENTRY_DENIED)
        assert codes(refusal(at(S.REMEDIES_NOTIFIED), event, register(c.PLANT))) == ["within_tier"]
        assert decide(at(S.REMEDIES_NOTIFIED), event, context=register(c.PLANT, c.SISTER)).admitted

    def test_entry_denial_is_of_goods(self) -> None:
        """Entry is denied to goods alone (INV-29); services are told both where both are lacking."""
        case = c.with_facility(at(S.REMEDIES_NOTIFIED), sector=Sector.SERVICES)
        assert codes(refusal(case, c.imposed(130, measure="entry_denied"))) == ["within_tier", "entry_denial_of_goods"]

    def test_reach_is_of_tier_2(self) -> None:
        """Reaching other facilities needs a prior Denial, and facilities of the same owner (A10-03)."""
        event = c.imposed(130, reach=(c.SISTER,))
        assert codes(refusal(at(S.REMEDIES_NOTIFIED), event)) == ["within_tier"]
        assert noted(at(S.REMEDIES_NOTIFIED), event, register(c.PLANT)) == []
        strange = attrs.evolve(event, reach=(_OTHER,))
        assert codes(refusal(at(S.REMEDIES_NOTIFIED), strange, register(c.PLANT))) == ["reach_same_owner"]

    def test_unstated_tier_with_a_reach(self) -> None:
        """Where the tier is not stated, what is stated of the measure or the reach is held to its tier."""
        event = c.imposed(130, tier=NOT_STATED, reach=(c.SISTER,))
        assert codes(refusal(at(S.REMEDIES_NOTIFIED), event)) == ["within_tier"]
        assert noted(at(S.REMEDIES_NOTIFIED), event, register(c.PLANT)) == []

    def test_nothing_stated(self) -> None:
        """Where neither tier nor measure is stated, that is noted."""
        assert noted(at(S.REMEDIES_NOTIFIED), c.imposed(130, tier=NOT_STATED, measure=NOT_STATED)) == ["within_tier"]

    def test_facility_unknown(self) -> None:
        """A case whose facility is not known (none can be made by the table) is examined without it."""
        case = attrs.evolve(at(S.REMEDIES_NOTIFIED), facility=None)
        assert noted(case, c.imposed(130, tier=3, measure="entry_denied", reach=(c.SISTER,))) == []
        assert entry(attrs.evolve(at(S.REVIEW_REQUESTED), facility=None), did.HoldBegun(day(1))).rule == "A4-02"


class TestLifting:
    """A remedy ends on the day on which remediation is established (A10-07; INV-30)."""

    def test_remediation_is_a_fact(self) -> None:
        """Remediation moves no stage; it notes that the remedy is to end that day, and starts a limit of no days."""
        case = at(S.REMEDIES_IN_FORCE)
        assert noted(case, did.RemediationCompleted(day(150))) == ["remedy_ends_today"]
        case = play(case, did.RemediationCompleted(day(150)))
        assert (case.stage, due(case, "lifting")) == (S.REMEDIES_IN_FORCE, day(150))

    def test_remediation_again(self) -> None:
        """The limit counts from the first report of remediation: a second one does not start it anew."""
        case = at(S.REMEDIES_IN_FORCE, did.RemediationCompleted(day(150)), did.RemediationCompleted(day(160)))
        assert [(limit.term, limit.started) for limit in case.limits] == [("lifting", day(150))]

    @pytest.mark.parametrize(("n", "late"), [(150, []), (151, ["within"])])
    @pytest.mark.parametrize("event", [did.RemediesLifted, did.MatterSettled, did.Withdrawn, did.CaseDropped])
    def test_any_later_end_is_late(self, event: type, n: int, late: list[str]) -> None:
        """Whatever ends the remedy on that day is in time; on the day after it is noted."""
        assert noted(at(S.REMEDIES_IN_FORCE, did.RemediationCompleted(day(150))), event(day(n))) == late

    def test_lifted(self) -> None:
        """Lifting closes the case as remediated after the remedy; a hold left open is noted."""
        case = at(S.REMEDIES_IN_FORCE)
        assert play(case, did.RemediesLifted(day(150))).closing is Closing.REMEDIATED_AFTER_REMEDY
        assert noted(c.held(case), did.RemediesLifted(day(150))) == ["hold_ended"]

    def test_course_ends_the_remedy(self) -> None:
        """A course agreed ends the remedy; late after remediation, it is noted."""
        event = did.CourseAgreed(day(151), agreed_end=day(300))
        assert at(S.REMEDIES_IN_FORCE, event).stage is S.COURSE_RUNNING
        assert noted(at(S.REMEDIES_IN_FORCE, did.RemediationCompleted(day(150))), event) == ["within"]

    def test_is_the_complainants(self) -> None:
        """Only the complainant Party lifts (INV-37)."""
        assert codes(refusal(at(S.REMEDIES_IN_FORCE), did.RemediesLifted(day(150), by="panel"))) == ["actor"]


class TestDispute:
    """While a remedy is in force the respondent Party may ask a panel whether the Denial is remediated (A10-08)."""

    def test_asked(self) -> None:
        """The panel is asked whether the Denial has been remediated; its steps are not modelled."""
        case = at(S.LIFTING_DISPUTED)
        assert case.facts.question is Question.HAS_IT_BEEN_REMEDIED
        assert running(case) == set()

    def test_is_the_respondents(self) -> None:
        """The complainant Party cannot ask: it can lift."""
        assert codes(refusal(at(S.REMEDIES_IN_FORCE), did.PanelRequested(day(140), by="complainant"))) == ["actor"]

    @pytest.mark.parametrize(
        ("finding", "stage", "closing"),
        [
            (Determination.DENIAL, S.REMEDIES_IN_FORCE, None),
            (Determination.NO_DENIAL, S.CLOSED, Closing.REMEDIATED_AFTER_REMEDY),
            (Determination.OUT_OF_SCOPE, S.CLOSED, Closing.OUT_OF_SCOPE),
        ],
    )
    def test_determined(self, finding: Determination, stage: S, closing: Closing | None) -> None:
        """A Denial leads back to the remedy in force; anything else closes the case and ends the remedy."""
        case = at(S.LIFTING_DISPUTED, c.found(160, finding))
        assert (case.stage, case.closing) == (stage, closing)

    def test_out_of_scope_read_as_no_denial(self) -> None:
        """Under AMB-11's other reading a ruling out of scope ends the remedy as no Denial."""
        context = c.under(out_of_scope_is_no_denial=True)
        assert (
            play(at(S.LIFTING_DISPUTED), c.found(160, "out_of_scope"), context=context).closing
            is Closing.NO_DENIAL_PANEL
        )

    def test_late_after_remediation(self) -> None:
        """A determination that ends the remedy after the day of remediation is noted; one that keeps it is not."""
        case = at(S.LIFTING_DISPUTED, did.RemediationCompleted(day(150)))
        assert noted(case, c.found(160, "no_denial")) == ["within"]
        assert noted(case, c.found(160)) == []
        assert running(play(case, c.found(160))) == set()

    def test_lifted_meanwhile(self) -> None:
        """The complainant Party may lift while the panel sits."""
        assert isinstance(play(at(S.LIFTING_DISPUTED), did.RemediesLifted(day(150))), Case)


class TestRemediationBefore:
    """No remedy survives remediation (INV-30); one imposed after it is noted, unless a panel found the Denial after all."""

    def test_reported_before_the_remedy(self) -> None:
        """A remedy imposed after remediation was reported is noted."""
        case = at(S.REMEDIES_NOTIFIED, did.RemediationCompleted(day(115)))
        assert noted(case, c.imposed(130)) == ["not_remediated"]

    def test_found_to_persist(self) -> None:
        """Where a panel determines a Denial after remediation was reported, the report no longer stands."""
        case = at(S.DELIBERATING, did.RemediationCompleted(day(92)), c.found(100), did.RemediesNotified(day(110)))
        assert case.facts.remediated is None
        assert noted(case, c.imposed(130)) == []


class TestReachWithoutATier:
    """A remedy that reaches other facilities is of the second tier at least, whatever else is left open (A10-03)."""

    @pytest.mark.parametrize("measure", [NOT_STATED, Remedy.PENALTY])
    def test_needs_a_prior_denial(self, measure: Remedy) -> None:
        """With no tier stated, a reach to another plant of the owner still needs a prior Denial."""
        case = at(S.REMEDIES_NOTIFIED)
        assert case.facility is not None
        other = attrs.evolve(case.facility, name="Planta Dos")
        act = c.imposed(130, tier=NOT_STATED, measure=measure, reach=(other,))
        assert "within_tier" in codes(refusal(case, act))
        prior = Register((PriorDenial("OLD-1", case.facility, day(1)),))
        assert "within_tier" not in noted(case, act, Context(register=prior))
