"""What remediation brought: a case that states nothing counts as unknown, never as zero."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Final

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import Impact, Measure
from rrm_lifecycle.case.impact import ImpactSum, impact, impact_of
from rrm_lifecycle.law.stages import Stage as S
from tests.law.cases import at, day

PLAN: Final = Impact(("training", "back_pay"), 10, None, 100_000, "plan")
DONE: Final = Impact(("back_pay", "union_access"), 12, 3, None, "report")


def course(*outcomes: Impact | None) -> Case:
    """Return a case with a course whose agreement and completion state outcomes."""
    agreed, done = outcomes
    return at(
        S.DENIAL_REPORTED,
        did.CourseAgreed(day(50), agreed_end=day(200), outcome=agreed),
        did.RemediationCompleted(day(150), outcome=done),
    )


class TestOneCase:
    """Of several statements in a case, the last one stands, number by number."""

    def test_nothing_stated(self) -> None:
        """A case whose acts state nothing, or that has no acts, states nothing."""
        assert impact_of(course(None, None)) is None
        assert impact_of(Case.start("TEST-1")) is None
        assert impact_of(object()) is None

    def test_a_source_alone_states_nothing(self) -> None:
        """A source without a number or measure states nothing."""
        assert impact_of(course(Impact(source="plan"), None)) is None

    def test_one_statement(self) -> None:
        """One statement is the case's."""
        assert impact_of(course(None, PLAN)) == PLAN

    def test_later_numbers_stand(self) -> None:
        """A later number replaces an earlier one, silence does not; measures are united; the last source stands."""
        both = ("training", "back_pay", "union_access")
        assert impact_of(course(PLAN, DONE)) == Impact(both, 12, 3, 100_000, "report")
        assert impact_of(course(PLAN, Impact(workers_benefited=0))) == Impact(
            ("training", "back_pay"), 0, None, 100_000, "plan"
        )

    def test_alignments_and_histories(self) -> None:
        """A value with a case is looked into; a value with an impact of its own says it itself."""
        assert impact_of(SimpleNamespace(case=course(PLAN, None))) == PLAN
        assert impact_of(SimpleNamespace(impact=DONE)) == DONE
        assert impact_of(SimpleNamespace(impact="much")) is None


class TestSum:
    """The sum says on how many cases each part of it rests."""

    def test_nothing(self) -> None:
        """Over no cases nothing is stated."""
        zero = {"workers_benefited": 0, "workers_reinstated": 0, "back_pay_cents": 0}
        assert impact([]) == ImpactSum(0, 0, 0, 0, 0, zero, {}, ())

    def test_sum(self) -> None:
        """Numbers are added where stated, measures and sources are counted once a case, silent cases are told."""
        total = impact([course(PLAN, None), course(None, DONE), course(None, DONE), Case.start("TEST-2")])
        assert (total.cases, total.silent) == (4, 1)
        assert (total.workers_benefited, total.workers_reinstated, total.back_pay_cents) == (34, 6, 100_000)
        assert total.stated == {"workers_benefited": 3, "workers_reinstated": 2, "back_pay_cents": 1}
        assert total.measures == {Measure.TRAINING: 1, Measure.BACK_PAY: 3, Measure.UNION_ACCESS: 2}
        assert total.sources == ("plan", "report")

    def test_zero_is_stated(self) -> None:
        """A zero that is stated counts as stated."""
        total = impact([course(None, Impact(workers_reinstated=0))])
        assert (total.silent, total.stated["workers_reinstated"], total.sources) == (0, 1, ())

    def test_text(self) -> None:
        """The sum prints each part with what it rests on; cents have two digits."""
        total = impact([course(None, Impact(["union_access"], 1234, 5, 123_456_705, "report"))])
        assert str(total).splitlines() == [
            "1 cases, 0 of which state nothing",
            "workers who benefited: 1,234 (stated in 1 cases)",
            "workers reinstated: 5 (stated in 1 cases)",
            "back pay: 1,234,567.05 USD (stated in 1 cases)",
            "union access: 1 cases",
        ]

    def test_hash(self) -> None:
        """A sum can be hashed although it holds dictionaries, and equal sums hash alike."""
        assert hash(impact([course(PLAN, None)])) == hash(impact([course(PLAN, None)]))


class TestSilence:
    """Silent cases are counted, and hide nothing that comes after them."""

    def test_two_silent_cases_before_one_that_speaks(self) -> None:
        """Each silent case counts, and the sum goes on behind them."""
        spoken = course(None, Impact(workers_benefited=5, source="a source"))
        total = impact([course(None, None), course(None, None), spoken])
        assert (total.cases, total.silent, total.workers_benefited, total.sources) == (3, 2, 5, ("a source",))
