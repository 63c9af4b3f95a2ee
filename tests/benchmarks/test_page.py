"""The page of figures, written from the JSON of a run."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks.__main__ import main
from benchmarks.harness import as_json, figures_of
from benchmarks.page import PageError, blocks_of, filled, merged, read
from benchmarks.plots import curves_of
from benchmarks.suites import reports, suites

CURVES = {
    "write": {
        "points": [{"n": 10, "seconds": 0.1}, {"n": 100, "seconds": 1.0}],
        "exponent": 1.0,
        "of the last step": 1.0,
    }
}


def result(**changes: Any) -> dict[str, Any]:
    """Return a result with one suite and one report."""
    found: dict[str, Any] = {
        "machine": {
            "processor": "P", "cores": 2, "architecture": "x86_64", "system": "Linux", "python": "CPython 3.11",
            "versions": {"attrs": "1"},
        },
        "quick": False, "rounds": 41, "missing": ["simpy"], "failed": {},
        "suites": {"step": {
            "title": "A step", "unit": "µs a step", "about": "", "figures": as_json(figures_of({"floor": [1.0, 1.0]})),
        }},
        "reports": {"growth": {"title": "Growth", "text": "### Growth\n\n| a |\n| - |\n", "data": CURVES}},
    }  # fmt: skip
    return {**found, **changes}


class TestBlocks:
    """What stands between two marks is written; what stands outside is left."""

    def test_a_block_is_written_and_the_words_around_it_are_left(self) -> None:
        """The old table is gone, the new one stands, and the prose is the same."""
        page = "Before.\n\n<!-- figures: step -->\nold\n<!-- end -->\n\nAfter.\n"
        text, unfilled = filled(page, result())
        assert text.startswith("Before.\n\n<!-- figures: step -->\n\n| contender |")
        assert text.endswith("| floor | 1.00 | 1.00 to 1.00 | 1.00 |\n\n<!-- end -->\n\nAfter.\n")
        assert "old" not in text
        assert unfilled == []

    def test_writing_twice_changes_nothing(self) -> None:
        """A page that was written is left as it is by the same result."""
        once, _ = filled("<!-- figures: growth -->\n<!-- end -->\n<!-- figures: machine -->\n<!-- end -->\n", result())
        assert filled(once, result())[0] == once

    def test_a_block_without_figures_is_left_and_named(self) -> None:
        """Of a suite that did not run the old table stays, and its name comes back."""
        page = "<!-- figures: replay -->\nold\n<!-- end -->\n"
        assert filled(page, result()) == (page, ["replay"])

    def test_a_report_stands_without_its_heading_and_with_its_plot(self) -> None:
        """The page has headings of its own; a report with curves has a second block, for the picture."""
        blocks = blocks_of(result())
        assert blocks["growth"] == "| a |\n| - |"
        assert blocks["plot-growth"] == "![Growth: cost against size](pictures/growth-growth.svg)"
        assert "plot-step" not in blocks

    def test_machine_and_missing_are_blocks(self) -> None:
        """What was measured on, and what was not there, are told."""
        blocks = blocks_of(result())
        assert blocks["machine"].startswith("Measured in a whole run of 41 rounds: CPython 3.11 on P (2 cores")
        assert blocks["missing"] == "Not installed, and so not measured: simpy."
        assert blocks_of(result(missing=[]))["missing"] == "Nothing was missing."

    @pytest.mark.parametrize(
        "page",
        [
            "<!-- figures: step -->\n",
            "<!-- end -->\n",
            "<!-- figures: step -->\n<!-- figures: case -->\n<!-- end -->\n",
            "<!-- figures: Step! -->\nx\n<!-- end -->\n",
        ],
    )
    def test_a_mark_without_its_other_half_is_refused(self, page: str) -> None:
        """Nothing is written into a page whose blocks cannot be told apart."""
        with pytest.raises(PageError, match="other half"):
            filled(page, result())

    def test_a_block_that_stands_twice_is_refused(self) -> None:
        """One table would go stale, or be told twice."""
        with pytest.raises(PageError, match="'step' stands twice"):
            filled("<!-- figures: step -->\n<!-- end -->\n" * 2, result())


class TestResults:
    """Several results are one, if they were measured alike."""

    def test_the_later_one_counts(self) -> None:
        """A suite that was run again has the figures of the later run; the others stay."""
        again = result(suites={"step": {**result()["suites"]["step"], "unit": "other"}}, reports={}, missing=["mesa"])
        found = merged([result(), again])
        assert found["suites"]["step"]["unit"] == "other"
        assert "growth" in found["reports"]
        assert found["missing"] == ["mesa", "simpy"]

    @pytest.mark.parametrize("change", [{"quick": True}, {"machine": {**result()["machine"], "processor": "Q"}}])
    def test_results_that_were_measured_otherwise_are_refused(self, change: dict[str, Any]) -> None:
        """A quick run, or another machine, is not put beside a whole one."""
        with pytest.raises(PageError, match="differ"):
            merged([result(), result(**change)])

    def test_a_file_that_is_no_result_is_refused(self, tmp_path: Path) -> None:
        """The message names the file."""
        path = tmp_path / "other.json"
        path.write_text("[]", encoding="utf-8")
        with pytest.raises(PageError, match=r"other\.json holds no result"):
            read([path])


class TestCommand:
    """The command that writes a page from what was measured before."""

    def test_it_writes_the_page_and_the_plots_and_runs_nothing(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The page holds the table; the plot lies beside it; what could not be filled is named."""
        pytest.importorskip("matplotlib")
        (tmp_path / "r.json").write_text(json.dumps(result()), encoding="utf-8")
        page = tmp_path / "page.md"
        page.write_text(
            "<!-- figures: step -->\n<!-- end -->\n<!-- figures: exact -->\n<!-- end -->\n", encoding="utf-8"
        )
        assert main(["--page", str(page), str(tmp_path / "r.json")]) == 0
        assert "| floor | 1.00 |" in page.read_text(encoding="utf-8")
        assert "for want of figures: exact" in capsys.readouterr().out
        drawn = (tmp_path / "pictures" / "growth-growth.svg").read_bytes()
        assert b"write, exponent 1.00" in drawn
        main(["--page", str(page), str(tmp_path / "r.json")])
        assert (tmp_path / "pictures" / "growth-growth.svg").read_bytes() == drawn

    def test_a_page_that_is_wrong_is_refused_and_left(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """The program ends with 2, says why, and the page is as it was."""
        (tmp_path / "r.json").write_text(json.dumps(result(reports={})), encoding="utf-8")
        page = tmp_path / "page.md"
        page.write_text("<!-- end -->\n", encoding="utf-8")
        assert main(["--page", str(page), str(tmp_path / "r.json")]) == 2
        assert "other half" in capsys.readouterr().err
        assert page.read_text(encoding="utf-8") == "<!-- end -->\n"


class TestOurPage:
    """The page of figures in the documentation."""

    def test_each_of_its_blocks_is_one_that_can_be_filled(self) -> None:
        """Each name on the page is a suite, a report, the plot of a report, or a fact of the run."""
        page = Path(__file__).parents[2] / "docs" / "explanation" / "performance.md"
        _, unfilled = filled(page.read_text(encoding="utf-8"), result(suites={}, reports={}))
        names = [one.name for one in suites(quick=True)] + [one.name for one in reports(1, quick=True)]
        assert len(set(names)) == len(names)
        assert set(unfilled) <= {*names, *(f"plot-{name}" for name in names), "aims", "who"}

    def test_it_has_a_block_for_each_suite_and_each_report(self) -> None:
        """Nothing that is measured is left off the page; a report of curves has its plot."""
        page = Path(__file__).parents[2] / "docs" / "explanation" / "performance.md"
        there = set(re.findall(r"<!-- figures: (\S+) -->", page.read_text(encoding="utf-8")))
        names = {one.name for one in suites(quick=True)} | {one.name for one in reports(1, quick=True)}
        assert names <= there
        assert {"aims", "who", "machine", "missing"} <= there
        assert {f"plot-{name}" for name in names if name.startswith("growth")} <= there

    def test_only_curves_are_drawn(self) -> None:
        """Figures of another shape hold no curves."""
        assert curves_of(CURVES) == CURVES
        assert curves_of({"rows": [1], "each": {"median": 1.0}}) == {}
        assert curves_of([1]) == {}
