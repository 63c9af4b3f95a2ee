"""Run every suite, print its table, and write the figures as JSON.

python -m benchmarks [--quick] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from pathlib import Path

import attrs

from benchmarks import core, imports, keeping
from benchmarks.harness import table

_MANY, _FEW = 41, 9


def main() -> int:
    """Run the suites."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--json", type=Path, default=None, metavar="FILE", help="where to write the figures")
    chosen = parser.parse_args()
    rounds = _FEW if chosen.quick else _MANY
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}, {rounds} rounds\n")
    suites = {
        "A step": ("µs a step", core.step),
        "A new case": ("µs a case", core.start),
        "Replay": ("µs an entry", core.folding),
        "Verify a record": ("µs an entry", keeping.verification),
        "Start of a process": ("µs a process", imports.startup),
    }
    figures = {}
    for title, (unit, suite) in suites.items():
        found = suite(rounds)
        figures[title] = [attrs.asdict(one) for one in found]
        print(table(title, unit, found), flush=True)
        print()
    memory = core.bytes_a_case()
    print("### Memory of a live case\n\n| contender | bytes |\n| --- | ---: |")
    for name, size in memory.items():
        print(f"| {name} | {size:.0f} |")
    if chosen.json:
        chosen.json.write_text(json.dumps({"suites": figures, "memory": memory}, indent=2), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
