"""A comparison tells what a scenario changes: exactly, and with the interval that paired paths give."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rrm_lifecycle.case.case import evolve
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import ROW_BY_ID, decide
from rrm_lifecycle.case.events import PanelRequested
from rrm_lifecycle.errors import SimulationError
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.record.entry import Entry
from rrm_lifecycle.simulation import recipe
from rrm_lifecycle.simulation.acts import act_of, opening
from rrm_lifecycle.simulation.behaviour import Behaviour
from rrm_lifecycle.simulation.exact import solve
from rrm_lifecycle.simulation.gallery import two_past_determinations
from rrm_lifecycle.simulation.montecarlo import program_of
from rrm_lifecycle.simulation.scenarios import (
    COLUMNS,
    MEAN,
    MEDIAN,
    PANEL,
    SANCTIONS,
    TIER,
    Comparison,
    compare,
    gallery,
)
from tests.simulation.coarse import coarse

START = date(2025, 3, 3)
N = 20_000


@pytest.fixture(scope="module")
def found() -> Comparison:
    """Return the gallery beside the base, and the base beside itself."""
    # Longer courses, so that a bound of 180 days changes something.
    base = coarse().with_course(exactly=240)
    return compare(base, n=N, seed=7, start=START, same=base, **gallery(base))


def moved(found: Comparison, scenario: str, measure: str) -> float:
    """Return the exact difference of a measure."""
    return float(found.of(scenario, measure)[0]["difference"])


class TestSame:
    """A base beside itself."""

    def test_nothing_differs(self, found: Comparison) -> None:
        """Each difference is zero, and so are its bounds, since the same draws give the same paths."""
        for row in found.of("same"):
            assert row["difference"] == 0.0
            assert (row["low"], row["high"]) == (0.0, 0.0)
            assert row["saved"] is None
        assert "same: nothing changes" in str(found)


class TestGallery:
    """The five scenarios move as the law says."""

    def test_panel_in_time(self, found: Comparison) -> None:
        """A panel that keeps its 30 days makes cases shorter, and ends none otherwise."""
        assert moved(found, "panel_in_time", MEAN) < 0.0
        assert moved(found, "panel_in_time", PANEL) == pytest.approx(0.0, abs=1e-6)

    def test_always_declines(self, found: Comparison) -> None:
        """Where each review is declined, more panels are asked for, and no review ends in a report of no Denial."""
        assert moved(found, "always_declines", PANEL) > 0.1
        assert found.of("always_declines", "no_denial_agreed")[0]["value"] == pytest.approx(0.0, abs=1e-9)
        assert moved(found, "always_declines", SANCTIONS) > 0.0

    def test_panel_at_once(self, found: Comparison) -> None:
        """Where the complainant Party asks as soon as it may, most cases come to a panel."""
        assert moved(found, "panel_at_once", PANEL) > 0.3
        assert moved(found, "panel_at_once", "no_denial_panel") > 0.0

    def test_panel_at_once_asks_on_the_first_day(self) -> None:
        """In that scenario a review that nobody answers leads to a panel request on day 11, and never later."""
        behaviour = gallery(coarse())["panel_at_once"]
        assert isinstance(behaviour, Behaviour)
        case = opening()
        ruling = decide(case, act_of(ROW_BY_ID["A4-01a"], START, case))
        assert isinstance(ruling, Entry)
        program = program_of(behaviour, Context(), evolve(case, ruling))
        here = slice(int(program.offsets[0]), int(program.offsets[1]))
        asks = program.rule[here] == program.rules.index("A4-04a")
        assert set(program.days[here][asks].tolist()) == {11}
        assert max(program.days[here].tolist()) == 11

    def test_courses_within_180_days(self, found: Comparison) -> None:
        """Shorter courses make cases shorter."""
        assert moved(found, "courses_within_180_days", MEAN) < 0.0

    def test_two_past_determinations(self, found: Comparison) -> None:
        """Two past determinations open the third tier of remedies, and change neither ends nor days."""
        row = found.of("two_past_determinations", TIER)[0]
        assert (row["base"], row["value"]) == (1.0, 3.0)
        assert moved(found, "two_past_determinations", MEAN) == 0.0
        assert moved(found, "two_past_determinations", SANCTIONS) == 0.0


class TestPairs:
    """What shared draws do."""

    def test_intervals_hold_the_exact_difference(self, found: Comparison) -> None:
        """About nineteen of twenty intervals hold the exact difference; at six standard errors each of them does."""
        rows = [row for row in found.records if row["measure"] not in {MEDIAN, TIER} and row["high"] > row["low"]]
        inside = sum(row["low"] <= row["difference"] <= row["high"] for row in rows)
        assert inside >= 0.85 * len(rows)
        for row in rows:
            middle, half = (row["low"] + row["high"]) / 2, (row["high"] - row["low"]) / 2
            assert abs(row["difference"] - middle) < 6 / 1.96 * half + 3e-4, row

    def test_shared_draws_save_paths(self, found: Comparison) -> None:
        """Where a scenario changes little, pairs save many paths."""
        assert found.of("panel_in_time", MEAN)[0]["saved"] > 20.0
        assert found.of("courses_within_180_days", MEAN)[0]["saved"] > 2.0

    def test_interval_of_pairs_by_hand(self) -> None:
        """The interval is that of the mean of the differences path by path."""
        from rrm_lifecycle.simulation.scenarios import _paired  # noqa: PLC0415 - looked at alone

        one, other = np.array([1.0, 2.0, 3.0, 4.0]), np.array([2.0, 2.0, 4.0, 4.0])
        low, high, saved = _paired(one, other, 0.95)
        assert low is not None
        assert high is not None
        assert (low + high) / 2 == pytest.approx(0.5)
        assert (high - low) / 2 == pytest.approx(1.959964 * (1 / 3 / 4) ** 0.5, rel=1e-6)
        assert saved == pytest.approx((5 / 3 + 4 / 3) / (1 / 3))

    def test_values_are_exact(self, found: Comparison) -> None:
        """Values are those of the exact answer, whatever the number of paths."""
        base = coarse().with_course(exactly=240)
        exact = solve(program_of(base), weekday=START.weekday())
        row = found.of("same", MEAN)[0]
        assert row["base"] == exact.mean()
        assert found.of("same", MEDIAN)[0]["base"] == exact.quantile(0.5)

    def test_same_seed_same_rows(self) -> None:
        """The same seed gives the same comparison."""
        one, other = (compare(coarse(), n=500, seed=3, short=coarse().with_course(at_most=90)) for _ in range(2))
        assert one.rows() == other.rows()
        assert one.seed == 3


class TestScenarios:
    """What a scenario may be."""

    def test_context_reading_and_pairs(self) -> None:
        """A reading, a context and a behaviour with either are scenarios; a reading keeps the register of the context."""
        lot = Reading(constituted_by_lot=True)
        quick = coarse().with_days(Stage.DELIBERATING, "A8-02", exactly=1)
        found = compare(
            coarse(),
            n=500,
            seed=1,
            reading=lot,
            context=None,
            whole=Context(lot),
            both=(quick, lot),
            two=(quick, Context(lot)),
        )
        assert moved(found, "reading", MEAN) == moved(found, "whole", MEAN) != 0.0
        assert moved(found, "both", MEAN) == moved(found, "two", MEAN) != moved(found, "reading", MEAN)

    def test_from_a_case(self) -> None:
        """From an open case each scenario goes on from its last act."""
        case = opening()
        for row, days in (("A4-01a", 0), ("A4-03a", 10)):
            ruling = decide(case, act_of(ROW_BY_ID[row], START + timedelta(days), case))
            assert isinstance(ruling, Entry)
            case = evolve(case, ruling)
        found = compare(
            coarse(), n=500, seed=1, start=case, more=coarse().with_share(Stage.UNDER_REVIEW, PanelRequested, 0.9)
        )
        assert found.start == START + timedelta(10)
        assert moved(found, "more", PANEL) > 0.3

    def test_recipe_makes_it_anew(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A saved recipe gives the same rows; a scenario with a register of its own says that it cannot."""
        monkeypatch.setitem(recipe.KINDS, "compare", "rrm_lifecycle.simulation.scenarios:again")
        found = compare(
            coarse(), n=500, seed=1, lot=Reading(constituted_by_lot=True), short=coarse().with_course(at_most=90)
        )
        found.save(tmp_path / "compare.json")
        again = recipe.rerun(tmp_path / "compare.json")
        assert again.rows() == found.rows()
        past = compare(coarse(), n=500, seed=1, past=Context(register=two_past_determinations()))
        past.save(tmp_path / "past.json")
        with pytest.raises(SimulationError, match="register"):
            recipe.rerun(tmp_path / "past.json")

    def test_table(self, found: Comparison) -> None:
        """Rows and frame have the documented columns, and the text has lines of at most 120 characters."""
        assert tuple(found.rows()[0]) == tuple(COLUMNS)
        assert list(found.to_frame().columns) == list(COLUMNS)
        assert max(len(line) for line in str(found).splitlines()) <= 120
        assert repr(found).startswith("<Comparison: same, panel_in_time")

    def test_text(self, found: Comparison) -> None:
        """The text names below each scenario what moves, each on a line with both values, and counts what does not."""
        told = {one.splitlines()[0]: one.splitlines()[1:] for one in str(found).split("\n\n")[1:]}
        assert [name.partition(":")[0] for name in told] == list(found.names)
        for name in found.names:
            rows = [one for one in found.of(name) if abs(one["difference"]) > 5e-4]
            lines = told.get(name, [])
            assert [line.strip().partition("  ")[0] for line in lines[: len(rows)]] == [one["measure"] for one in rows]
            assert all(" -> " in line for line in lines[: len(rows)])

    @pytest.mark.parametrize(
        ("given", "told"),
        [
            ({}, "needs a scenario beside the base"),
            ({"wrong": 3}, "the scenario 'wrong' is a Behaviour, a Context, a Reading"),
            ({"wrong": (Reading(), Reading())}, "found tuple"),
            ({"n": 0, "one": Reading()}, "n, the number of paths"),
            ({"seed": "x", "one": Reading()}, "seed"),
            ({"start": date(2019, 1, 1), "one": Reading()}, "2020-07-01"),
        ],
    )
    def test_bad_input(self, given: dict[str, Any], told: str) -> None:
        """No scenario, what is none, no paths, no seed and a day before the treaty are refused."""
        with pytest.raises(SimulationError, match=re.escape(told)):
            compare(coarse(), **given)

    def test_row_that_is_not_there(self, found: Comparison) -> None:
        """A scenario or a measure that was not compared is refused, with those that were."""
        with pytest.raises(SimulationError, match="same, panel_in_time"):
            found.of("nobody")
        with pytest.raises(SimulationError, match="mean days"):
            found.of("same", "colour")
