"""The testing kit: how fast its strategies draw lawful cases."""

from __future__ import annotations

from importlib.util import find_spec
from time import process_time

from benchmarks.harness import Figure, figures_of

_EXAMPLES = 300


def missing() -> list[str]:
    """Return what is not there to draw with."""
    return [] if find_spec("hypothesis") else ["hypothesis, for the testing kit"]


def drawing(rounds: int) -> list[Figure]:
    """Measure lawful cases that are drawn, in microseconds of CPU a case; nothing where hypothesis is not installed."""
    if missing():
        return []
    from rrm_lifecycle.testing import strategies, visited  # noqa: PLC0415 - where hypothesis is installed

    several = {"cases()": strategies.cases(), "closed_cases()": strategies.closed_cases()}
    spent: dict[str, list[float]] = {name: [] for name in several}
    for drawn in several.values():
        visited(drawn, examples=20)  # what is looked up once in a process
    for _ in range(max(1, rounds // 3)):
        for name, drawn in several.items():
            begun = process_time()
            found = visited(drawn, examples=_EXAMPLES)
            spent[name].append((process_time() - begun) / found.examples * 1e6)
    return figures_of(spent)
