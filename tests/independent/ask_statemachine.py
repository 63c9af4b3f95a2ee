"""Follows runs of acts on an SCXML chart by the interpreter of python-statemachine, in a process of its own.

Reads ``{"scxml", "walks", "told"}`` and writes ``{"steps", "tried", "disagreements"}`` as JSON. In the first ``told``
runs whatever has to be told is sent as an event. In the others it is put into the data model, and the chart is set to
where it stood, which is quicker by far; what it did once from the same place with the same data it would do again.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from statemachine.io.scxml.processor import SCXMLProcessor  # type: ignore[import-not-found]  # not in our environment

_MOST = 20


def main() -> None:
    """Answer the question on the standard input."""
    question = json.load(sys.stdin)
    processor = SCXMLProcessor()
    processor.parse_scxml("chart", question["scxml"])
    chart = processor.start()
    opened = (_standing(chart), _data(chart))
    disagreements: list[str] = []
    steps = tried = 0
    known: dict[Any, Any] = {}
    for number, walk in enumerate(question["walks"]):
        by_events = number < question["told"]
        if by_events:
            _restore(chart, *opened)
            chart.send("restart")
        standing, data = opened
        for place, (tells, act, stage, hold, changed) in enumerate(walk):
            before = data
            steps += 1
            if by_events:
                tried += 1
                for name, value in tells.items():
                    chart.send(f"set.{name}", value=value)
                chart.send(act)
                standing, data = _standing(chart), _data(chart)
            else:
                data = {**data, **tells}
                key = (standing, tuple(data.values()), act)
                if key not in known:
                    tried += 1
                    _restore(chart, standing, data)
                    chart.send(act)
                    known[key] = (_standing(chart), _data(chart))
                standing, data = known[key]
            expected = {**before, **tells, **changed}
            found = {name: data[name] for name in data if data[name] != expected[name] and not name.endswith("_over")}
            if not {stage, hold} <= set(standing) or found:
                disagreements.append(f"run {number}, act {place} ({act}): {standing}, not {stage}, {hold}; {found}")
                break
        if len(disagreements) >= _MOST:
            break
    json.dump({"steps": steps, "tried": tried, "disagreements": disagreements}, sys.stdout)


def _standing(chart: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in chart.configuration_values)


def _data(chart: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(chart.model).items() if name != "state" and not name.startswith("_")}


def _restore(chart: Any, standing: tuple[str, ...], data: dict[str, Any]) -> None:
    """Set a chart to where it stood, as it is kept on its model."""
    for name, value in data.items():
        setattr(chart.model, name, value)
    chart.model.state = type(chart.configuration_values)(standing)


if __name__ == "__main__":
    main()
