"""A record decided anew."""

from __future__ import annotations

from datetime import date

from attrs import evolve as changed
from hypothesis import given
from hypothesis import strategies as st

from rrm_lifecycle import events as did
from rrm_lifecycle.case.case import Case, replay
from rrm_lifecycle.case.claim import CoveredFacility
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import play
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.terms import REPLY, REVIEW
from rrm_lifecycle.record.entry import Finding, Outcome
from rrm_lifecycle.record.recheck import Differs, recheck
from tests.record.lawful import CONTEXTS, lawful_case

PLANT = CoveredFacility("Planta Uno", country="MX", sector="manufacturing", goods_traded=True)
CASE = play(
    Case.start("A"),
    did.ReviewRequested(date(2024, 4, 1), facility=PLANT, laws=("LFT",), basis="x"),
    did.ReviewAccepted(date(2024, 4, 15)),
    did.CuredDenialReported(date(2024, 5, 2)),
    did.PanelRequested(date(2024, 5, 10)),
)


class TestSame:
    """A record decided under what it was decided under differs in nothing."""

    @given(st.integers(0, 2**32))
    def test_random_cases(self, seed: int) -> None:
        """Some context among those of the walk gives every ruling again."""
        case = lawful_case(seed)
        found = [recheck(case, context=context) for context in CONTEXTS]
        assert any(one.agrees and one.case == case for one in found)
        assert all(one.case is not None for one in found)


class TestDiffers:
    """What would differ is listed act by act, and the record stays as it is."""

    def test_due_day_and_finding(self) -> None:
        """A longer reply moves the due day, and an act noted as late would be in time."""
        found = recheck(CASE, context=Context(Reading(terms=(REPLY.set(20),))))
        assert [(one.seq, one.what, one.about) for one in found.differences] == [
            (1, Differs.DUE, "reply"),
            (2, Differs.FINDING, "within: reply"),
        ]
        due, late = found.differences
        assert (due.recorded, due.now) == ("2024-04-11", "2024-04-21")
        assert late.recorded["days"] == 4
        assert late.now is None
        assert "due (reply) recorded 2024-04-11, now 2024-04-21" in str(found)
        assert "now nothing" in str(late)

    def test_refusal(self) -> None:
        """An act that would be refused says why, and the walk goes on along the record."""
        found = recheck(CASE, context=Context(Reading(cure_ends_claim=True)))
        (refused,) = found.differences
        assert (refused.seq, refused.what, refused.recorded, refused.now) == (
            4,
            Differs.REFUSAL,
            CASE.acts[3].rule,
            None,
        )
        assert refused.refusal is not None
        assert [one.code for one in refused.refusal.reasons].count("cure_contestable") == 1
        assert found.rejoined == (4,)
        assert found.case == CASE
        assert "would be refused (cure_contestable" in str(found)
        assert "goes on along the record" in str(found)

    def test_walk_goes_on(self) -> None:
        """Behind a refused act, later acts are decided from where the record stands."""
        case = play(CASE, did.CaseDropped(date(2024, 5, 20)))
        found = recheck(case, context=Context(Reading(cure_ends_claim=True)))
        assert [one.seq for one in found.differences] == [4]
        assert found.case is not None
        assert (found.case.closing, found.case.seq) == (case.closing, 5)

    def test_row_stage_closing(self) -> None:
        """Another row, stage or closing is listed each by itself, and later acts are decided from there."""
        request, accepted = CASE.acts[0], CASE.acts[1]
        old = replay([CASE.opening, changed(request, rule="A4-01y", sets={"origin": "hotline"}), accepted])
        assert [(one.what, one.about, one.recorded) for one in recheck(old).differences] == [
            (Differs.ROW, None, "A4-01y"),
            (Differs.SETS, "origin", "hotline"),
        ]
        moved = replay([CASE.opening, request, changed(accepted, to=CASE.acts[2].to)])
        (stage,) = recheck(moved).differences
        assert (stage.what, stage.recorded, stage.now) == (Differs.STAGE, "cured_denial_reported", "under_review")

    def test_new_finding(self) -> None:
        """A finding that the record lacks, and one that it has besides, are both listed."""
        entry = changed(CASE.acts[1], findings=(Finding("bygone", Outcome.NOT_STATED, None),))
        found = recheck(replay([CASE.opening, CASE.acts[0], entry]))
        assert [(one.about, one.recorded is None, one.now is None) for one in found.differences] == [
            ("bygone", False, True),
            ("within: reply", True, False),
        ]

    def test_no_last_day(self) -> None:
        """A limit that is no longer started is listed as gone."""
        found = recheck(CASE, context=Context(Reading(terms=(REVIEW.off(),))))
        assert ("review", "2024-05-16", None) in [(one.about, one.recorded, one.now) for one in found.differences]

    def test_nothing(self) -> None:
        """Where nothing would differ, the text says so."""
        assert str(recheck(CASE)) == "A: nothing would differ"
