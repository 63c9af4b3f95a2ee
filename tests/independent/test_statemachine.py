"""python-statemachine interprets the exported SCXML: it goes where ``decide`` goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rrm_lifecycle.export.statecharts import scxml
from tests.independent import tools

TOLD = 60
"""In how many runs whatever has to be told is sent as an event, one by one; it is slow."""


def follow(chart: str, runs: list[Any]) -> list[str]:
    """Return where the interpreter goes elsewhere than runs of acts go."""
    found = tools.ask_python("statemachine", {"scxml": chart, "walks": runs, "told": TOLD})
    disagreements: list[str] = found["disagreements"]
    return disagreements or ([] if found["steps"] == sum(map(len, runs)) else ["some steps were not taken"])


class TestRuns:
    """Sent an act, and told before what our guards find, the state chart moves as the case does."""

    def test_ten_thousand(self, runs: Callable[[], list[Any]]) -> None:
        """After each act of 10,000 random runs the stage, the hold and every register are those of the case."""
        tools.python_with("statemachine")
        assert follow(scxml(), runs()) == []
