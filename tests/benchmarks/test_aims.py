"""Aims beside what was measured, and who is faster at what: made from figures, none by hand."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks import aims, suites, verdicts
from benchmarks.harness import as_json, figures_of
from benchmarks.measured import at, beyond, ratio, told


def result(step: float = 7.5, filed: float = 15.0, **changes: Any) -> dict[str, Any]:
    """Return a result with a bare step, a new case, a few paths and a few reports."""
    found: dict[str, Any] = {
        "suites": {
            "step": figures(**{
                "transitions: one bare step, registered model": [step] * 3,
                "decide + evolve": [step] * 3,
                "decide + evolve + file (canonical bytes, SHA-256)": [filed] * 3,
            }),
            "case": figures(**{"transitions: a registered model": [60.0], "Case.start": [2.0]}),
            "neighbours-step": figures(**{
                "transitions: registered model": [8.0, 80.0],
                "ours: decide + evolve, real acts": [8.0, 80.0],
                "ours: decide + evolve + file (canonical bytes, SHA-256)": [16.0, 160.0],
                "transitions: locked": [32.0, 320.0],
                "automat": [4.0, 40.0],
            }),
        },
        "reports": {
            "paths": {"data": {"chain": as_json(figures_of({
                "ours: lanes, 3 bytes a path": [0.1], "numpy as most people write it": [0.6],
                "mesa, an object a case": [5.0],
            }))}},
            "growth": {"data": {"verify, by entries": {"points": [{"n": 99_986, "seconds": 6.0, "peak": None}]}}},
            "neighbours-memory": {"data": {"ours: Case.start": 250.0, "sismic": 2_500.0}},
            "writers": {"data": {
                "ours, in a queue": {"commits a second": 400.0, "least of its share": 0.97},
                "bare sqlite3, waiting for the lock": {"commits a second": 1_000.0, "least of its share": 0.0},
            }},
        },
    }  # fmt: skip
    return {**found, **changes}


def figures(**spent: list[float]) -> dict[str, Any]:
    """Return a suite with the figures of some contenders."""
    return {"figures": as_json(figures_of(spent))}


def line(text: str | None, work: str) -> list[str]:
    """Return the cells of the row of some work."""
    (found,) = [one for one in (text or "").splitlines() if one.startswith(f"| {work} |")]
    return [cell.strip() for cell in found.strip("|").split("|")]


class TestAims:
    """Each aim is met or missed as written, and met or missed when scaled."""

    def test_a_time_is_scaled_by_the_bare_step(self) -> None:
        """Where a step takes twice as long, 2 µs miss the aim of 1.5 as written, and meet the 3 to which it is scaled."""
        cells = line(aims.table(result(step=15.0)), "Case.start")
        assert cells[1:6] == ["≤ 1.5 µs", "2 µs", "**missed**", "≤ 3 µs", "met"]

    def test_a_speed_is_scaled_the_other_way(self) -> None:
        """Where a step takes twice as long, 10 million paths a second reach half of 20 million."""
        cells = line(aims.table(result(step=15.0)), "summary paths of the chain")
        assert cells[2:6] == ["10 M a CPU second", "**missed**", "≥ 10 M a CPU second", "met"]

    def test_a_quick_machine_makes_an_aim_harder(self) -> None:
        """Where a step takes half as long, what meets the aim as written may miss it when scaled, and that is said."""
        text = aims.table(
            result(step=3.75, suites={**result(step=3.75)["suites"], "case": figures(**{"Case.start": [1.0]})})
        )
        assert line(text, "Case.start")[3:6] == ["met", "≤ 0.75 µs", "**missed**"]
        assert "of those met as written, 1 would be missed when scaled" in str(text)

    def test_a_ratio_is_not_scaled(self) -> None:
        """A filed act of twice a bare step misses on any machine."""
        for step in (3.0, 30.0):
            cells = line(
                aims.table(result(step=step, filed=2 * step)),
                "an act ruled, folded and filed, to a bare step of transitions",
            )
            assert cells[1:6] == ["≤ 1 times", "2 times", "**missed**", "", ""]

    def test_what_was_not_measured_is_said(self) -> None:
        """No aim is left out, and none is called met without a figure."""
        text = aims.table(result())
        assert line(text, "replay, an entry")[2:4] == ["not measured", ""]
        assert all(f"| {one.work} |" in str(text) for one in aims.AIMS)

    def test_the_scale_is_told_with_the_figures_of_both_machines(self) -> None:
        """The machine of the aims, this one, and the factor stand above the table."""
        text = str(aims.table(result(step=15.0)))
        assert "took 7.5 µs" in text
        assert "In this run it is 15.00 µs and 1.7 million" in text
        assert "multiplied by 2.00" in text

    def test_without_a_bare_step_there_is_no_table(self) -> None:
        """What cannot be scaled is not told."""
        assert aims.table({"suites": {}, "reports": {}}) is None

    def test_each_aim_looks_where_something_is_measured(self) -> None:
        """Every suite and report that an aim asks for is one that runs."""
        asked: set[str] = set()

        class Asked(dict[str, Any]):
            def get(self, key: str, default: Any = None) -> Any:
                asked.add(key)
                return default

        for one in aims.AIMS:
            assert one.found({"suites": Asked(), "reports": Asked()}) is None
        names = {one.name for one in suites.suites(quick=True)} | {one.name for one in suites.reports(1, quick=True)}
        assert asked
        assert asked <= names


class TestVerdicts:
    """Who is faster at what, by how much, where we lose included."""

    def test_each_neighbour_has_a_row_with_what_it_wins_and_loses(self) -> None:
        """Faster, slower and level are told apart, with the ratio of one round, not of the medians."""
        text = verdicts.table(result())
        won, lost, level = line(text, "transitions")[1:]
        assert (
            won == "an act, ruled and folded: 4.0 times (locked); an act, ruled, folded and filed: 2.0 times (locked)"
        )
        assert lost == "an act, ruled, folded and filed: 2.0 times (registered model)"
        assert level == "an act, ruled and folded (registered model)"
        assert line(text, "automat")[2] == (
            "an act, ruled and folded: 2.0 times; an act, ruled, folded and filed: 4.0 times"
        )

    def test_reports_of_another_shape_are_told_too(self) -> None:
        """Memory, writers and paths have their rows."""
        text = verdicts.table(result())
        assert line(text, "sismic")[1] == "memory of a case: 10 times"
        assert line(text, "sqlite3")[2] == "four writers, commits in all: 2.5 times"
        assert line(text, "mesa")[1] == "paths of the chain: 50 times (an object a case)"

    def test_nothing_measured_gives_no_table(self) -> None:
        """A page keeps what it had."""
        assert verdicts.table({"suites": {}, "reports": {}}) is None

    @pytest.mark.parametrize("contender", ["ours: store.append", "decide + evolve", "import rrm_lifecycle"])
    def test_ours_is_no_neighbour(self, contender: str) -> None:
        """We are not compared with ourselves."""
        assert verdicts.neighbour_of(contender) == ""

    def test_a_contender_that_nobody_knows_is_an_error(self) -> None:
        """A new neighbour needs a line, so that none is left out of the page."""
        with pytest.raises(KeyError, match="somebody"):
            verdicts.neighbour_of("somebody")


class TestLookups:
    """Figures are looked up round by round."""

    def test_a_ratio_and_a_difference_are_medians_over_rounds(self) -> None:
        """A slow round slows both sides."""
        given = {"suites": {"s": figures(a=[1.0, 100.0, 1.0], b=[3.0, 300.0, 4.0])}, "reports": {}}
        assert ratio(given, "s", "a", "b") == 3.0
        assert beyond(given, "s", "a", "b") == 3.0
        assert ratio(given, "s", "a", "c") is None

    def test_a_curve_is_read_at_a_size_that_is_near(self) -> None:
        """99,986 entries stand for 100,000; 10,000 do not."""
        assert at(result(), "growth", "verify, by entries", 100_000) == 6.0
        assert at(result(), "growth", "verify, by entries", 10_000) is None
        assert told(result(), "writers", "nobody") is None
