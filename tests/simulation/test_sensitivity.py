"""Each doubt about the text is flipped alone, and what it changes is told exactly."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import attrs
import pytest

from rrm_lifecycle.case.context import Context
from rrm_lifecycle.errors import SimulationError
from rrm_lifecycle.law.readings import Reading, choices
from rrm_lifecycle.law.stages import Closing, Stage
from rrm_lifecycle.law.terms import LOT, RESPONDENT_PANEL, TERMS, VERIFICATION_CALL, Standing
from rrm_lifecycle.simulation import recipe
from rrm_lifecycle.simulation import sensitivity as module
from rrm_lifecycle.simulation.behaviour import Behaviour, Habit
from rrm_lifecycle.simulation.days import Days
from rrm_lifecycle.simulation.exact import solve
from rrm_lifecycle.simulation.montecarlo import program_of
from rrm_lifecycle.simulation.sensitivity import COLUMNS, Sensitivity, flips, sensitivity
from tests.simulation.coarse import coarse

START = date(2025, 3, 3)


def plant_that_closes() -> Behaviour:
    """Return the behaviour in which each case ends with the closing of the plant, in a small program."""
    return Behaviour(
        {
            Stage.ASSESSMENT: {"A4-01a": Habit(1.0, Days.exactly(0))},
            Stage.REVIEW_REQUESTED: {"A1-01a": Habit(1.0, Days.exactly(5))},
            Stage.COURSE_RUNNING: {"X-04a": Habit(0.5, Days.exactly(9)), "X-04b": Habit(0.5, Days.exactly(9))},
        }
    )


@pytest.fixture(scope="module")
def found() -> Sensitivity:
    """Return what each doubt changes."""
    return sensitivity(coarse(), start=START)


class TestFlips:
    """What is flipped."""

    def test_every_choice_and_every_unconfirmed_term(self, found: Sensitivity) -> None:
        """Each choice of a reading stands there once, and each term of which something is unconfirmed at least once."""
        readings = [row["doubt"] for row in found.records if row["kind"] == "reading"]
        assert sorted(readings) == sorted(choices())
        doubtful = {one.name for one in TERMS if Standing.UNCONFIRMED in {one.number, one.unit_rests_on}}
        told = {row["doubt"] for row in found.records if row["kind"] == "term"}
        assert doubtful <= told
        assert told - doubtful == {one.name for one in TERMS if not one.in_force} - doubtful

    def test_each_flip_changes_one_thing(self) -> None:
        """A flipped reading differs from the base in one field, and a flipped term in one term."""
        for flip in flips():
            assert set(flip.reading.differs) == ({flip.name} if flip.kind == "reading" else {"terms"})
            if flip.kind == "term":
                assert [one.name for one in flip.reading.terms] == [flip.name]

    def test_flips_start_from_the_base(self) -> None:
        """From a base that reads otherwise, a flip leads back to our default, and the rest of the base stays."""
        base = Reading(roll_over=True, terms=[RESPONDENT_PANEL.set(20)])
        by_name = {flip.name: flip for flip in flips(base) if flip.kind == "reading"}
        assert by_name["roll_over"].reading == attrs.evolve(base, roll_over=False)
        assert by_name["roll_over"].to == choices()["roll_over"].readings[0]
        assert by_name["closure_ends_case"].to == choices()["closure_ends_case"].readings[1]
        told = [flip.to for flip in flips(base) if flip.name == "respondent_panel"]
        assert told[1:] == ["10 instead of 20 days (half)", "30 instead of 20 days (half as much again)", "off"]


class TestDifferences:
    """What a flip changes."""

    @pytest.mark.parametrize(
        ("name", "reading"),
        [
            ("constituted_by_lot", Reading(constituted_by_lot=True)),
            ("out_of_scope_is_no_denial", Reading(out_of_scope_is_no_denial=True)),
        ],
    )
    def test_exact(self, found: Sensitivity, name: str, reading: Reading) -> None:
        """Differences are those of two exact answers."""
        one = solve(program_of(coarse()), weekday=START.weekday())
        other = solve(program_of(coarse(), Context(reading)), weekday=START.weekday())
        row = next(one for one in found.records if one["doubt"] == name)
        assert row["days"] == pytest.approx(other.mean() - one.mean(), abs=1e-6)
        shares: list[dict[Closing, float]] = [{}, {}]
        for told, exact in zip(shares, (one, other), strict=True):
            for (closing, _), share in zip(exact.outcomes, exact.probabilities.tolist(), strict=True):
                told[closing] = told.get(closing, 0.0) + share
        moved = [shares[1].get(one, 0.0) - shares[0].get(one, 0.0) for one in Closing]
        assert row["outcomes"] == pytest.approx(sum(map(abs, moved)) / 2, abs=1e-9)
        assert abs(row["most_by"] or 0.0) == pytest.approx(max(map(abs, moved)), abs=1e-9)

    def test_out_of_scope_as_no_denial(self, found: Sensitivity) -> None:
        """Read as a finding of no Denial, a ruling that is out of scope renames an end and changes no day."""
        row = next(one for one in found.records if one["doubt"] == "out_of_scope_is_no_denial")
        assert row["days"] == 0.0
        assert row["outcomes"] > 0.0
        assert row["most"] in {"out_of_scope", "no_denial_panel"}

    @pytest.mark.parametrize("term", [LOT.set(3, "days"), VERIFICATION_CALL.set()])
    def test_what_is_not_asked_about_changes_nothing(self, found: Sensitivity, term: object) -> None:
        """A term that is told to change nothing without a program of its own changes nothing in one."""
        reading = Reading(terms=[term])  # type: ignore[list-item]
        name = reading.terms[0].name
        assert next(one for one in found.changes_nothing if one["doubt"] == name)["note"]
        one, other = solve(program_of(coarse())), solve(program_of(coarse(), Context(reading)))
        assert one.mean() == other.mean()

    @pytest.mark.parametrize("name", sorted(module._LEFT_ASIDE))
    def test_what_no_program_asks_about_changes_nothing(self, found: Sensitivity, name: str) -> None:
        """What is left aside without a program of its own changes nothing in one."""
        assert name in {one["doubt"] for one in found.changes_nothing}
        base = solve(program_of(coarse()))
        for flip in flips():
            if flip.name == name:
                assert solve(program_of(coarse(), Context(flip.reading))).mean() == base.mean()

    def test_sorted_by_size(self, found: Sensitivity) -> None:
        """Rows are sorted by the size of what is asked for; those that change nothing come last."""
        days = [abs(row["days"]) for row in found.records]
        assert days == sorted(days, reverse=True)
        assert days[-1] == 0.0
        assert len(found.matters) + len(found.changes_nothing) + len(found.not_compiled) == len(found.records)

    def test_no_program(self) -> None:
        """A reading under which no program can be built stands in the table with the reason."""
        found = sensitivity(plant_that_closes(), of="outcomes", start=START)
        lost = {row["doubt"]: row for row in found.not_compiled}
        assert "closure_ends_case" in lost
        assert lost["closure_ends_case"]["note"]
        assert found.records[-1]["doubt"] == "closure_ends_case"
        assert "no program: closure_ends_case" in str(found)


class TestTold:
    """How it is told."""

    def test_text_and_frame(self, found: Sensitivity) -> None:
        """The text lists what matters and what changes nothing, and the frame has the documented columns."""
        told = str(found)
        for part in ("panel_within_us_decision", "AMB-17", "change nothing: ", "closing_days"):
            assert part in told
        assert tuple(found.rows()[0]) == tuple(COLUMNS)
        assert list(found.to_frame().columns) == list(COLUMNS)
        assert repr(found).startswith("<Sensitivity of days: ")

    def test_recipe_makes_it_anew(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A saved recipe gives the same differences."""
        monkeypatch.setitem(recipe.KINDS, "sensitivity", "rrm_lifecycle.simulation.sensitivity:again")
        one = sensitivity(plant_that_closes(), of="outcomes", start=START)
        one.save(tmp_path / "doubts.json")
        assert recipe.rerun(tmp_path / "doubts.json").rows() == one.rows()

    def test_bad_input(self) -> None:
        """It is told of days or of outcomes, and of nothing else."""
        with pytest.raises(SimulationError, match="'days' or of 'outcomes'; found 'money'"):
            sensitivity(coarse(), of="money")  # type: ignore[arg-type]
