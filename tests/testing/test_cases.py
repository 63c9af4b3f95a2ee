"""A case at a stage, and the assertions."""

from __future__ import annotations

from datetime import date

import pytest

from rrm_lifecycle import testing
from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.engine import play
from rrm_lifecycle.errors import EventError
from rrm_lifecycle.law.annexes import ANNEX_31A, ANNEX_31B, Annex
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.testing import assert_admitted, assert_refused, case_at


class TestCaseAt:
    """A shortest lawful course to a stage."""

    @pytest.mark.parametrize("annex", [ANNEX_31A, ANNEX_31B])
    @pytest.mark.parametrize("stage", Stage)
    def test_every_stage(self, stage: Stage, annex: Annex) -> None:
        """Every stage is reached under both Annexes; on a day, the last act is of that day, and all are admitted again."""
        assert case_at(stage, annex=annex).stage is stage
        case = case_at(stage, on=date(2025, 3, 14), annex=annex)
        assert (case.stage, case.annex) == (stage, annex)
        assert case.last_day == (None if stage is Stage.ASSESSMENT else date(2025, 3, 14))
        assert play(Case.start("CASE-1", annex=annex), *(entry.act for entry in case.acts)) == case

    def test_by_value(self) -> None:
        """A stage may be named by its value, and it is the same case each time."""
        assert case_at("verifying") == case_at(Stage.VERIFYING)

    def test_too_early(self) -> None:
        """Before the USMCA no course leads anywhere, and the message says so."""
        with pytest.raises(EventError, match=r"in force since 2020-07-01, and the shortest course takes 7 acts"):
            case_at("verifying", on=date(2020, 7, 2))
        assert case_at("review_requested", on=date(2020, 7, 1)).last_day == date(2020, 7, 1)

    def test_no_stage(self) -> None:
        """What is no stage, or no day, is refused."""
        with pytest.raises(EventError, match="stage has to be one of"):
            case_at("nowhere")
        with pytest.raises(EventError, match="on"):
            case_at("verifying", on="2024-01-01")  # type: ignore[arg-type]


class TestAsserts:
    """Assertions with failures that say why."""

    def test_admitted(self) -> None:
        """An act that is admitted gives the case after it."""
        after = assert_admitted(case_at("review_requested"), did.ReviewAccepted(date(2024, 1, 10)), rule="A4-03a")
        assert after.stage is Stage.UNDER_REVIEW

    def test_admitted_fails(self) -> None:
        """An act that is refused fails with every reason; one by another row fails with that row."""
        case = case_at("review_requested")
        with pytest.raises(AssertionError, match=r"needs the respondent Party to act") as caught:
            assert_admitted(case, did.ReviewAccepted(date(2024, 1, 10), by="complainant"))
        assert "provided for now" in str(caught.value)
        with pytest.raises(AssertionError, match="by row A4-03b, and row A4-03a applies"):
            assert_admitted(case, did.ReviewAccepted(date(2024, 1, 10)), rule="A4-03b")

    def test_refused(self) -> None:
        """An act that is refused gives the refusal, for any reason or for the one that is named."""
        case = case_at("review_requested")
        early = did.PanelRequested(date(2024, 1, 10))
        assert assert_refused(case, early).opens == date(2024, 1, 19)
        assert assert_refused(case, early, reason="lapsed").reasons[0].rule == "A4-04a"

    def test_refused_fails(self) -> None:
        """An act that is admitted fails with its row; one that is refused for something else, with what that is."""
        case = case_at("review_requested")
        with pytest.raises(AssertionError, match=r"and row A4-03a \(Art. 31-A.4\) admits it"):
            assert_refused(case, did.ReviewAccepted(date(2024, 1, 10)))
        with pytest.raises(AssertionError, match="refused for 'actor', and is refused for lapsed alone"):
            assert_refused(case, did.PanelRequested(date(2024, 1, 10)), reason="actor")


class TestFrontDoor:
    """The names of the kit."""

    @pytest.mark.parametrize("name", testing.__all__)
    def test_names(self, name: str) -> None:
        """Each name that is listed loads, and is told."""
        assert getattr(testing, name) is not None
        assert name in dir(testing)

    def test_no_such_name(self) -> None:
        """A name that is none is an attribute error."""
        with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
            _ = testing.nothing
