"""Cost against size: a curve for each kind of work, with the exponent that fits it.

An exponent of 1 is linear, of 0 a cost that does not grow. That of the last step tells best where it leads: at the small
end, what is fixed bends the line.
"""

from __future__ import annotations

import gc
import math
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from attrs import asdict, frozen

TIMES: Final = 3
SHORT: Final = 0.02
LONG: Final = 5.0
"""Seconds above which a size is measured once."""
STEEP: Final = 1.15
"""An exponent of the last step above which a cost is said to grow faster than its size."""
_TUPLE: Final = "a case holds its acts in a tuple, and each new case has a tuple of its own"
_WHY: Final = {
    "step: a whole case, by its acts": _TUPLE,
    "step: one more act, by acts held": _TUPLE,
    "exact: places one behind another": "as the places grow, so do the days over which paths end: cost is their product",
    "exact: places beside each other": "small programs are solved densely, at the cube of their places",
    "align one, by its events": "the more events are told, the more ways to lay them out have to be looked at",
}
"""Why a cost grows faster than its size."""


@frozen
class Point:
    """What a size costs.

    Attributes:
        n: The size.
        seconds: CPU seconds, the median of some runs.
        peak: The most bytes that were held meanwhile, beside what was there before; None where it was not taken.
    """

    n: int
    seconds: float
    peak: int | None = None


def exponent(points: Sequence[Point]) -> float:
    """Return the slope of cost against size, both as logarithms, by least squares.

    Example:
        >>> exponent([Point(10, 1.0), Point(100, 10.0), Point(1_000, 100.0)])
        1.0
    """
    size = [math.log(one.n) for one in points]
    cost = [math.log(max(one.seconds, 1e-9)) for one in points]
    return round(statistics.linear_regression(size, cost).slope, 3)


def cpu(work: Callable[[], object], least: float = SHORT) -> float:
    """Return the CPU seconds of one run, from as many as take the least time."""
    times, begun = 0, time.process_time()
    while (used := time.process_time() - begun) < least or not times:
        work()
        times += 1
    return used / times


def point(n: int, work: Callable[[], object], *, memory: bool = True) -> Point:
    """Measure one size.

    Args:
        n: The size.
        work: Does the work once.
        memory: Whether to run it once more for the memory, which takes several times as long.
    """
    work()  # once for what is made at the first time
    gc.collect()
    first = cpu(work)
    several = [first, *(cpu(work) for _ in range(TIMES - 1 if first < LONG else 0))]
    peak = None
    if memory:
        gc.collect()
        tracemalloc.start()
        work()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return Point(n, statistics.median(several), peak)


def curves(several: Iterable[tuple[str, Point]]) -> dict[str, Any]:
    """Return the points of each kind of work, with the exponent of all of them and that of the last step.

    The last step has one of its own only where it is fivefold or more: over a shorter one, noise would be told.
    """
    found: dict[str, list[Point]] = {}
    for name, one in several:
        found.setdefault(name, []).append(one)
    return {
        name: {
            "points": [asdict(one) for one in points],
            "exponent": exponent(points) if points[1:] else None,
            "of the last step": exponent(points[-2:]) if points[1:] and points[-1].n >= 5 * points[-2].n else None,
        }
        for name, points in found.items()
    }


def report(title: str, found: Mapping[str, Any], clock: str = "CPU") -> str:
    """Return the curves as two Markdown tables, the points and the exponents, under a title if there is one.

    Args:
        title: What stands above; nothing where it is empty.
        found: The curves.
        clock: By what their seconds were counted.
    """
    lines = [f"### {title}", ""] if title else []
    lines += [f"| work | n | {clock} ms | µs by each | peak KB |", "| --- | ---: | ---: | ---: | ---: |"]
    for name, curve in found.items():
        for one in curve["points"]:
            peak = "" if one["peak"] is None else f"{one['peak'] / 1e3:,.0f}"
            cost = f"{one['seconds'] * 1e3:,.3g} | {one['seconds'] / one['n'] * 1e6:,.3g}"
            lines.append(f"| {name} | {one['n']:,} | {cost} | {peak} |")
    lines += ["", "| work | exponent | of the last step |", "| --- | ---: | ---: |"]
    for name, curve in found.items():
        if curve["exponent"] is not None:
            last = "" if curve["of the last step"] is None else f"{curve['of the last step']:.2f}"
            lines.append(f"| {name} | {curve['exponent']:.2f} | {last} |")
    return "\n".join(lines)


def steep(found: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each cost that grows faster than its size, with its reason where one is known."""
    several = []
    for name, one in found.items():
        last = one["of the last step"] if one["of the last step"] is not None else one["exponent"]
        if last is not None and last > STEEP:
            several.append(f"Faster than its size grows *{name}* ({last:.2f}): {_WHY.get(name, 'why is not known')}.")
    return several


def told(title: str, found: Mapping[str, Any], clock: str = "CPU") -> tuple[str, dict[str, Any]]:
    """Return the report of some curves, and the curves; below the tables stands what grows faster than its size."""
    return "\n\n".join([report(title, found, clock), *steep(found)]), dict(found)
