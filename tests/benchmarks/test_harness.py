"""Rounds, ratios and tables."""

from __future__ import annotations

import pytest

from benchmarks.harness import Contender, Figure, as_json, figures_of, from_json, machine, race, table
from benchmarks.scaling import Point, curves, exponent, report


class TestRatios:
    """A ratio is taken round by round, and its median is told."""

    def test_a_slow_round_slows_both_sides_and_leaves_the_ratio_as_it_is(self) -> None:
        """The second contender takes twice the first in each round, though one round is a hundred times as slow."""
        floor, ours = figures_of({"floor": [1.0, 100.0, 1.0], "ours": [2.0, 200.0, 2.0]})
        assert (floor.ratio, ours.ratio) == (1.0, 2.0)
        assert ours.rounds == (2.0, 200.0, 2.0)

    def test_the_ratio_is_not_the_ratio_of_the_medians(self) -> None:
        """Three rounds whose ratios are 4, 1 and 3 have the ratio 3, where the medians would tell 2."""
        _, ours = figures_of({"floor": [1.0, 4.0, 2.0], "ours": [4.0, 4.0, 6.0]})
        assert ours.ratio == 3.0

    def test_quartiles_lie_within_what_was_measured(self) -> None:
        """No quartile is lower than the least round, or higher than the greatest."""
        (one,) = figures_of({"floor": [1.0, 2.0, 3.0, 10.0]})
        assert 1.0 <= one.low <= one.median <= one.high <= 10.0

    def test_one_round_is_enough_for_a_figure(self) -> None:
        """A single round is its own median and both its quartiles."""
        assert figures_of({"floor": [3.0]}) == [Figure("floor", 3.0, 3.0, 3.0, 1.0, (3.0,))]

    def test_every_contender_runs_in_each_round_and_begins_one_in_turn(self) -> None:
        """Of two contenders and two rounds, each begins one; both ran once before, unmeasured."""
        ran: list[str] = []
        found = race(
            [Contender("a", lambda: ran.append("a")), Contender("b", lambda: ran.append("b"))], rounds=2, least=0
        )
        assert ran == ["a", "b", "a", "b", "b", "a"]
        assert [len(one.rounds) for one in found] == [2, 2]


class TestTables:
    """A table tells what the figures hold, and nothing else."""

    def test_a_note_makes_a_column(self) -> None:
        """The last column stands where some contender has a note, and only there."""
        plain = Figure("a", 1.0, 1.0, 1.0, 1.0)
        assert "without" not in table("T", "µs", [plain])
        noted = table("T", "µs", [plain, Figure("b", 1.0, 1.0, 1.0, 1.0, note="guards")]).splitlines()
        assert noted[2].endswith("| without |")
        assert noted[-1].endswith("| guards |")
        assert {line.count("|") for line in noted[2:]} == {6}

    def test_milliseconds_are_told_as_such(self) -> None:
        """Under a unit that begins with ms, 1,500 microseconds are 1.50; the ratio stays."""
        (_, _, row) = table("", "ms a process", [Figure("a", 1500.0, 1000.0, 2000.0, 3.0)]).splitlines()
        assert row == "| a | 1.50 | 1.00 to 2.00 | 3.00 |"

    def test_no_figures_are_said_to_be_none(self) -> None:
        """A suite that had nothing to measure says so, under its title."""
        assert table("T", "µs", []) == "### T\n\nNothing to measure."

    def test_figures_survive_json(self) -> None:
        """What is written and read again is equal."""
        found = figures_of({"a": [1.0, 2.0], "b": [3.0, 4.0]}, {"b": "hashes"})
        assert from_json(as_json(found)) == found


class TestMachine:
    """A result tells on what it was measured."""

    def test_it_names_processor_interpreter_and_versions(self) -> None:
        """Processor and interpreter are named; a library that is there has a version, one that is not has none."""
        facts = machine()
        assert facts["processor"]
        assert facts["python"].startswith(("CPython", "PyPy"))
        assert facts["versions"]["attrs"]
        assert all(facts["versions"].values())


class TestExponents:
    """Cost against size."""

    @pytest.mark.parametrize("slope", [0.0, 1.0, 1.5, 2.0])
    def test_a_power_has_its_exponent(self, slope: float) -> None:
        """Points that lie on a power are fitted by it."""
        points = [Point(n, 1e-3 * n**slope) for n in (10, 100, 1_000, 10_000)]
        assert exponent(points) == pytest.approx(slope, abs=1e-3)

    def test_a_short_last_step_has_no_exponent_of_its_own(self) -> None:
        """From 9 to 10 noise would be told; from 10 to 100 there is one."""
        found = curves(
            [
                ("a", Point(1, 1.0)),
                ("a", Point(9, 9.0)),
                ("a", Point(10, 10.0)),
                ("b", Point(10, 1.0)),
                ("b", Point(100, 10.0)),
            ]
        )
        assert found["a"]["of the last step"] is None
        assert found["b"]["of the last step"] == 1.0

    def test_a_report_tells_every_point_and_every_exponent(self) -> None:
        """Two points and one exponent make two rows and one more; a single point has no exponent."""
        text = report("G", curves([("a", Point(10, 1.0, 2_000)), ("a", Point(100, 10.0)), ("b", Point(10, 1.0))]))
        assert [line.count("| a |") for line in text.splitlines() if line.startswith("| a |")] == [1, 1, 1]
        assert sum(line.startswith("| b |") for line in text.splitlines()) == 1
        assert "| a | 10 | 1e+03 | 1e+05 | 2 |" in text
        assert "| a | 1.00 | 1.00 |" in text
