"""pm4py replays our event logs on the exported Petri net, and reads the object-centric log."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from rrm_lifecycle.export.event_log import xes
from rrm_lifecycle.export.nets import pnml
from rrm_lifecycle.export.objects import ocel
from rrm_lifecycle.histories.alignment import align
from rrm_lifecycle.histories.dataset import load
from rrm_lifecycle.law.stages import Hold, Stage
from rrm_lifecycle.simulation.montecarlo import simulate
from tests.independent import tools

PATHS = 500


@cache
def history_log() -> str:
    """Return the log of the shipped histories, aligned."""
    return xes(align(load())).decode()


@cache
def simulated_log() -> str:
    """Return the log of some simulated cases."""
    return xes(simulate(n=PATHS, seed=5)).decode()


def replay(net: str, log: str) -> dict[str, Any]:
    """Return what pm4py finds when it replays a log on a net."""
    found: dict[str, Any] = tools.ask_python("pm4py", {"pnml": net, "xes": log})
    return found


def swapped(log: str) -> str:
    """Return a log of which one case has its first two acts in the wrong order, apart from their days."""
    names = list(re.finditer(r'key="concept:name" value="([A-Z]\w+)"', log))
    first, second = names[0], names[1]
    return (
        log[: first.start(1)] + second[1] + log[first.end(1) : second.start(1)] + first[1] + log[second.end(1) :]
    )  # fmt: skip


class TestReplay:
    """Every act of a log is a transition that the net allows, and the net arrives where the log says that a case stands."""

    def test_histories(self) -> None:
        """The shipped histories, aligned, replay with a fitness of 1."""
        tools.python_with("pm4py")
        found = replay(pnml(), history_log())
        assert (found["problems"], found["fitness"]) == ({}, 1.0)
        assert (found["places"], found["traces"]) == (len(Stage) + len(Hold), len(load()))

    def test_simulated(self) -> None:
        """Simulated cases replay with a fitness of 1."""
        tools.python_with("pm4py")
        found = replay(pnml(customs=False), simulated_log())
        assert (found["problems"], found["fitness"], found["traces"]) == ({}, 1.0, PATHS)

    def test_violation(self) -> None:
        """Two acts in the wrong order are named, in their case, and nowhere else."""
        tools.python_with("pm4py")
        found = replay(pnml(customs=False), swapped(simulated_log()))
        assert list(found["problems"]) == ["000"]
        assert found["fitness"] < 1.0


class TestObjects:
    """pm4py reads the object-centric log as OCEL 2.0."""

    def test_all_is_read(self) -> None:
        """Every event, every object and every relation between the two is read."""
        tools.python_with("pm4py")
        text = ocel(align(load()))
        told = text if isinstance(text, str) else text.decode()
        written = json.loads(told)
        found = tools.ask_python("pm4py", {"ocel": told})
        assert found == {
            "events": len(written["events"]),
            "objects": len(written["objects"]),
            "relations": sum(len(one["relationships"]) for one in written["events"]),
        }
