"""Alignment: patchy histories played through the table, against a play of the very acts that were found.

The histories are generated: random lawful cases, told with acts hidden and days blurred, as the tests have them.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from random import Random
from time import process_time
from typing import Any, Final

from benchmarks.harness import Contender, Figure, race
from benchmarks.scaling import Point, cpu, curves, point
from benchmarks.scaling import told as of_curves
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.engine import play
from rrm_lifecycle.histories.alignment import Alignment, align
from rrm_lifecycle.histories.dataset import load
from rrm_lifecycle.histories.history import History

SEED: Final = 2026
_FEW: Final = 100


def missing() -> list[str]:
    """Return what is not there to generate histories with."""
    return [] if find_spec("hypothesis") else ["hypothesis, for generated histories"]


@cache
def generated(many: int) -> tuple[History, ...]:
    """Return so many patchy histories, the same ones each time; none where what generates them is not installed."""
    if missing():
        return ()
    from tests.histories import patchy as source  # noqa: PLC0415 - where it is installed

    random = Random(SEED)  # noqa: S311 - a draw
    return tuple(source.patchy(random)[0] for _ in range(many))


def _replayed(found: Sequence[Alignment]) -> Callable[[], None]:
    """Return what plays the acts that were found, from each opening."""
    several = [
        (Case.start(one.case.id, annex=one.case.annex, origin=one.case.origin, complainant=one.case.complainant),
         tuple(entry.act for entry in one.case.acts))
        for one in found
    ]  # fmt: skip

    def run() -> None:
        for opened, acts in several:
            play(opened, *acts)

    return run


def _race(several: Sequence[History], rounds: int) -> list[Figure]:
    found = [align(one) for one in several]
    contenders = [
        Contender("play of the acts that are found", _replayed(found), len(several)),
        Contender("align", _aligning(several), len(several)),
    ]
    return race(contenders, rounds=max(3, rounds // 3))


def shipped(rounds: int) -> list[Figure]:
    """Measure the alignment of a shipped history, in microseconds; the reference is a play of the acts that it finds."""
    return _race(tuple(load()), rounds)


def patchy(rounds: int) -> list[Figure]:
    """Measure the same over a hundred generated histories; nothing where they cannot be generated."""
    several = generated(_FEW)
    return _race(several, rounds) if several else []


def _aligning(several: Sequence[History]) -> Callable[[], None]:
    def run() -> None:
        for one in several:
            align(one)

    return run


# ---- growth ----------------------------------------------------------------------------------------------------------
def _by_count(sizes: Sequence[int]) -> Iterator[tuple[str, Point]]:
    several = generated(max(sizes))
    for n in sizes:
        yield "align, by histories", point(n, _aligning(several[:n]), memory=False)


def _by_events(many: int) -> Iterator[tuple[str, Point]]:
    """Yield the cost of one history, by the number of events that it tells."""
    by_length: dict[int, list[History]] = defaultdict(list)
    for one in generated(many):
        by_length[len(one.events)].append(one)
    for length, several in sorted(by_length.items()):
        if length and len(several) >= 10:
            chosen = several[:50]
            yield "align one, by its events", Point(length, cpu(_aligning(chosen)) / len(chosen))


def growth(*, quick: bool) -> tuple[str, dict[str, Any]]:
    """Return what each of 10,000 generated histories costs (a tenth of them with ``quick``), and how that grows."""
    many = 1_000 if quick else 10_000
    several = generated(many)
    if not several:
        return "### Alignment of generated histories\n\nNothing to measure.", {}
    each = []
    align(several[0])
    for one in several:
        begun = process_time()
        align(one)
        each.append((process_time() - begun) * 1e3)
    cuts = statistics.quantiles(each, n=100)
    told = {
        "histories": many, "median ms": cuts[49], "ms of 95 in 100": cuts[94], "ms of 99 in 100": cuts[98],
        "dearest ms": max(each), "seconds in all": sum(each) / 1e3,
    }  # fmt: skip
    found = curves([*_by_count([size for size in (10, 100, 1_000, 10_000) if size <= many]), *_by_events(many)])
    lines = [
        "### Alignment of generated histories", "", "| what | found |", "| --- | ---: |",
        *(f"| {name} | {value:,.2f} |" if isinstance(value, float) else f"| {name} | {value:,} |"
          for name, value in told.items()), "",
    ]  # fmt: skip
    return "\n".join([*lines, of_curves("", found)[0]]), {"each": told, **found}
