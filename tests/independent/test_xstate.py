"""XState runs the exported machine: it goes where ``decide`` goes, and its graph is that of our own enumeration."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from rrm_lifecycle.export.statecharts import XSTATE_SETUP, xstate_config
from rrm_lifecycle.law.stages import Stage
from tests.independent import tools
from tests.independent.enumerated import ACTS, LONGEST, TOLD, edges, simple_courses


def follow(config: dict[str, Any], runs: list[Any], folder: Path) -> list[str]:
    """Return where XState goes elsewhere than runs of acts go."""
    question = {"config": config, "walks": runs}
    found = tools.ask_node("xstate", "walk_xstate.mjs", question, folder, setup=XSTATE_SETUP)
    disagreements: list[str] = found["disagreements"]
    return disagreements or ([] if found["steps"] == sum(map(len, runs)) else ["some steps were not taken"])


def graph(config: dict[str, Any], folder: Path) -> dict[str, list[str]]:
    """Return stages, edges and simple courses to a close, as ``xstate/graph`` finds them."""
    question = {"config": config, "tells": TOLD, "acts": ACTS, "to": Stage.CLOSED.value, "longest": LONGEST}
    found: dict[str, list[str]] = tools.ask_node("xstate", "graph_xstate.mjs", question, folder, setup=XSTATE_SETUP)
    return found


class TestRuns:
    """Sent an act, and told before what our guards find, XState moves as the case does."""

    def test_ten_thousand(self, runs: Callable[[], list[Any]], tmp_path: Path) -> None:
        """After each act of 10,000 random runs the stage, the hold and every register are those of the case."""
        tools.node_modules("xstate")
        assert follow(xstate_config(), runs(), tmp_path) == []


class TestGraph:
    """What ``xstate/graph`` enumerates from the export is what :mod:`rrm_lifecycle.case.paths` enumerates."""

    def test_stages_edges_and_courses(self, tmp_path: Path) -> None:
        """The same stages are reached, by the same rows from the same stages, on the same simple courses to a close."""
        tools.node_modules("xstate")
        found = graph(xstate_config(), tmp_path)
        assert set(found["edges"]) == edges()
        assert set(found["stages"]) == {stage.value for stage in Stage}
        assert sorted(found["paths"]) == sorted(simple_courses())
