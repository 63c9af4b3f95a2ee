"""What the strategies of the kit visit, and how fast they draw: rows and stages per 1,000 examples, cases a second.

python -m tests.testing.report [--examples 1000]

The examples are the same each time. A second is one of the processor, so that what else runs does not count.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from time import process_time
from typing import Any, Final

from hypothesis.strategies import SearchStrategy

from rrm_lifecycle.case.engine import ROWS
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.testing import strategies, visited

DRAWN: Final[dict[str, SearchStrategy[Any]]] = {
    "courses()": strategies.courses(),
    "cases()": strategies.cases(),
    "closed_cases()": strategies.closed_cases(),
}
"""The strategies for lawful cases, by how they are asked for."""
_WARM: Final = 20
"""Examples that are drawn first: the goals of the courses are looked up once in a process, and kept."""


def report(examples: int) -> Iterator[str]:
    """Yield a table of stages and rows, a column a strategy, and the speed of each below it."""
    columns, speeds = [], []
    for drawn in DRAWN.values():
        visited(drawn, examples=_WARM)
        begun = process_time()
        columns.append(visited(drawn, examples=examples))
        speeds.append(columns[-1].examples / (process_time() - begun))

    def line(name: str, *values: object) -> str:
        return "".join([f"{name:<26}", *(f"{value:>16}" for value in values)]).rstrip()

    yield line(f"per 1,000 of {examples}", *DRAWN)
    for stage in Stage:
        yield line(stage.value, *(f"{1000 * one.stages.get(stage, 0) / one.examples:.1f}" for one in columns))
    for row in ROWS:
        yield line(row.id, *(f"{1000 * one.rows.get(row.id, 0) / one.examples:.1f}" for one in columns))
    yield line("rows never used", *(len(one.unused) for one in columns))
    yield line("acts a case", *(f"{one.acts / one.examples:.1f}" for one in columns))
    yield line("cases a second", *(f"{speed:.0f}" for speed in speeds))


def main(words: list[str] | None = None) -> int:
    """Print the report."""
    parser = argparse.ArgumentParser(prog="python -m tests.testing.report", description=__doc__.splitlines()[0])
    parser.add_argument("--examples", type=int, default=1000)
    for line in report(parser.parse_args(words).examples):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
