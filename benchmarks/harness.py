"""Rounds: every contender runs once a round, in turn, so that a slow moment of the machine slows them all."""

from __future__ import annotations

import gc
import statistics
import time
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Callable


@frozen
class Contender:
    """What is measured.

    Attributes:
        name: What it is called in the table.
        run: Does the work once.
        units: How many units of work one run does.
    """

    name: str
    run: Callable[[], object]
    units: int = 1


@frozen
class Figure:
    """Microseconds a unit, over all rounds.

    Attributes:
        name: The contender.
        median: Median.
        low: Lower quartile.
        high: Upper quartile.
        ratio: Median over rounds of the ratio to the first contender in the same round.
    """

    name: str
    median: float
    low: float
    high: float
    ratio: float


def _once(contender: Contender, least: float) -> float:
    runs = 0
    started = time.perf_counter()
    while True:
        contender.run()
        runs += 1
        spent = time.perf_counter() - started
        if spent >= least:
            return spent / runs / contender.units * 1e6


def race(contenders: list[Contender], *, rounds: int, least: float = 0.02) -> list[Figure]:
    """Return a figure for each contender; the first one is what the others are compared with.

    Args:
        contenders: What is measured.
        rounds: How many rounds.
        least: The least time a contender runs in a round, in seconds.
    """
    for contender in contenders:
        contender.run()
    spent: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    gc.collect()
    gc.disable()
    try:
        for turn in range(rounds):
            shift = turn % len(contenders)
            for contender in (*contenders[shift:], *contenders[:shift]):
                spent[contender.name].append(_once(contender, least))
    finally:
        gc.enable()
    first = spent[contenders[0].name]
    figures = []
    for name, times in spent.items():
        low, median, high = statistics.quantiles(times, n=4)
        ratio = statistics.median(one / base for one, base in zip(times, first, strict=True))
        figures.append(Figure(name, median, low, high, ratio))
    return figures


def table(title: str, unit: str, figures: list[Figure]) -> str:
    """Return the figures as a Markdown table."""
    lines = [f"### {title}", "", f"| contender | {unit}, median | quartiles | ratio |", "| --- | ---: | ---: | ---: |"]
    lines += [
        f"| {one.name} | {one.median:.2f} | {one.low:.2f} to {one.high:.2f} | {one.ratio:.2f} |" for one in figures
    ]
    return "\n".join(lines)
