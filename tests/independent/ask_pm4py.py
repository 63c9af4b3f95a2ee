"""Replays an event log in XES on a net in PNML, and reads OCEL 2.0, by pm4py (AGPL), in a process of its own.

Reads ``{"pnml", "xes"}`` or ``{"ocel"}`` and writes what it found as JSON. The library and its tests never import pm4py.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from pm4py.algo.conformance.alignments.petri_net import algorithm  # type: ignore[import-not-found]  # not ours
from pm4py.objects.log.importer.xes.variants import iterparse  # type: ignore[import-not-found]
from pm4py.objects.ocel.importer.jsonocel.variants import ocel20_standard  # type: ignore[import-not-found]
from pm4py.objects.petri_net.importer.variants import pnml  # type: ignore[import-not-found]
from pm4py.objects.petri_net.obj import Marking  # type: ignore[import-not-found]

_QUIET = {"show_progress_bar": False, iterparse.Parameters.SHOW_PROGRESS_BAR: False}


def main() -> None:
    """Answer the question on the standard input."""
    question = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: Path(folder) / f"given.{name}" for name in question}
        for name, path in paths.items():
            path.write_text(question[name], encoding="utf-8")
        found = _objects(paths["ocel"]) if "ocel" in paths else _replayed(paths["pnml"], paths["xes"])
    json.dump(found, sys.stdout)


def _objects(path: Path) -> dict[str, int]:
    log = ocel20_standard.apply(str(path))
    return {"events": len(log.events), "objects": len(log.objects), "relations": len(log.relations)}


def _replayed(net_path: Path, log_path: Path) -> dict[str, Any]:
    net, start, _ = pnml.import_net(str(net_path))
    places = {place.name: place for place in net.places}
    log = iterparse.apply(str(log_path), parameters=_QUIET)
    problems: dict[str, list[str]] = {}
    found: dict[tuple[tuple[str, str], ...], list[str]] = {}
    fits: list[float] = []
    for trace in log:
        acts = tuple((event["concept:name"], event["stage"]) for event in trace)
        if acts not in found:
            found[acts] = _moves(net, start, _standing(acts, places), trace)
        fits.append(1.0 - len(found[acts]) / max(1, len(found[acts]) + len(acts)))
        if found[acts]:
            problems[trace.attributes["concept:name"]] = found[acts]
    return {
        "places": len(net.places), "transitions": len(net.transitions), "traces": len(log), "events": sum(map(len, log)),
        "fitness": min(fits), "problems": problems,
    }  # fmt: skip


def _standing(acts: tuple[tuple[str, str], ...], places: dict[str, Any]) -> Any:
    """Return where the log says that a case and its hold stand at last: there the net has to arrive."""
    ends = {"stage_": "stage_assessment", "hold_": "hold_none"}
    for _, place in acts:
        for kind in ends:
            if f"{kind}{place}" in places:
                ends[kind] = f"{kind}{place}"
    return Marking({places[name]: 1 for name in ends.values() if name in places})


def _moves(net: Any, start: Any, end: Any, trace: Any) -> list[str]:
    """Return the acts on which net and trace do not go together, in the best alignment of the two."""
    best = algorithm.apply_trace(trace, net, start, end, variant=algorithm.Variants.VERSION_DIJKSTRA_NO_HEURISTICS)
    if best is None:
        return ["there is no way to where the log ends"]
    return [
        f"{in_log} in the log alone" if in_net == ">>" else f"{in_net} in the net alone"
        for in_log, in_net in best["alignment"]
        if in_log != in_net
    ]


if __name__ == "__main__":
    main()
