"""Run every suite, print its table, and write the figures as JSON.

python -m benchmarks [--quick] [--only WORD] [--json FILE]

Nothing is installed: what is missing is named. The plot of growth is written beside the JSON.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import attrs

from benchmarks import core, growth, imports, keeping, simulating, storing, walkers
from benchmarks.harness import Figure, table

_MANY, _FEW = 41, 9


def main() -> int:
    """Run the suites."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--json", type=Path, default=None, metavar="FILE", help="where to write the figures")
    parser.add_argument("--only", default="", metavar="WORD", help="only suites whose title holds this word")
    chosen = parser.parse_args()
    rounds = _FEW if chosen.quick else _MANY
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}, {rounds} rounds\n")
    suites: dict[str, tuple[str, Callable[[int], list[Figure]]]] = {
        "A step": ("µs a step", core.step),
        "A new case": ("µs a case", core.start),
        "Replay": ("µs an entry", core.folding),
        "Verify a record": ("µs an entry", keeping.verification),
        "Start of a process": ("µs a process", imports.startup),
        "Exact answers": ("µs", simulating.exact),
        "From nothing to a million paths": ("µs a process", simulating.first),
        "Durable appends, SQLite, one act a commit": ("µs an act", storing.sqlite),
        "Durable appends, SQLite, 100 acts a commit": ("µs an act", storing.large),
        "Durable appends, PostgreSQL": ("µs an act", storing.postgres),
        "Verify a docket": ("µs an entry", storing.verification),
        "Open a case of 50 entries": (
            "µs a case",
            partial(storing.opening, sizes=(1_000, 10_000) if chosen.quick else (1_000, 10_000, 100_000)),
        ),
        "Agenda of a docket": ("µs a case", partial(storing.due, cases=1_000 if chosen.quick else 10_000)),
    }
    reports: dict[str, Callable[[], tuple[str, Any]]] = {
        "Paths a CPU second": partial(simulating.paths, rounds, quick=chosen.quick),
        "What shared draws save": partial(simulating.shared_draws, 100_000 if chosen.quick else 1_000_000),
        "Four writing processes": partial(storing.writers, 1.0 if chosen.quick else 10.0),
        "Growth": partial(growth.growth, quick=chosen.quick),
        "Several workers": partial(growth.workers, quick=chosen.quick),
        "Memory of a live case": _memory,
    }
    figures: dict[str, Any] = {}
    for title, (unit, suite) in suites.items():
        if chosen.only.casefold() in title.casefold():
            found = suite(rounds)
            figures[title] = [attrs.asdict(one) for one in found]
            print(f"{table(title, unit, found) if found else f'### {title}: nothing to measure'}\n", flush=True)
    for title, report in reports.items():
        if chosen.only.casefold() in title.casefold():
            text, figures[title] = report()
            print(f"{text}\n", flush=True)
    for name in (*walkers.missing(), *storing.missing()):
        print(f"Not there, and so not measured: {name}.")
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")
        if "Growth" in figures and not growth.plot(figures["Growth"], chosen.json.with_suffix(".svg")):
            print("No plot: matplotlib is not installed.")
    return 0


def _memory() -> tuple[str, dict[str, float]]:
    memory = core.bytes_a_case()
    lines = ["### Memory of a live case", "", "| contender | bytes |", "| --- | ---: |"]
    return "\n".join(lines + [f"| {name} | {size:.0f} |" for name, size in memory.items()]), memory


if __name__ == "__main__":
    sys.exit(main())
