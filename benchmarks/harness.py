"""Rounds: every contender runs once a round, in turn, so that a slow moment of the machine slows them all."""

from __future__ import annotations

import gc
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from attrs import asdict, frozen

VERSIONS: Final = (
    "rrm-lifecycle", "attrs", "transitions", "msgspec", "numpy", "scipy", "matplotlib", "automat", "ciw", "django-fsm-2",
    "distributed", "eventsourcing", "heormodel", "mesa", "numba", "psycopg", "python-statemachine", "quantecon", "salabim",
    "simpy", "sismic", "SQLAlchemy", "xstate-statemachine",
)  # fmt: skip
"""The libraries whose versions a result tells."""


@frozen
class Contender:
    """What is measured.

    Attributes:
        name: What it is called in the table.
        run: Does the work once.
        units: How many units of work one run does.
        note: What a reader has to know to compare it: what it does not do.
    """

    name: str
    run: Callable[[], object]
    units: int = 1
    note: str = ""


@frozen
class Figure:
    """Microseconds a unit, over all rounds.

    Attributes:
        name: The contender.
        median: Median.
        low: Lower quartile.
        high: Upper quartile.
        ratio: Median over rounds of the ratio to the first contender in the same round.
        rounds: What was measured in each round.
        note: What a reader has to know to compare it.
    """

    name: str
    median: float
    low: float
    high: float
    ratio: float
    rounds: tuple[float, ...] = ()
    note: str = ""


def _once(contender: Contender, least: float) -> float:
    runs = 0
    started = time.perf_counter()
    while True:
        contender.run()
        runs += 1
        spent = time.perf_counter() - started
        if spent >= least:
            return spent / runs / contender.units * 1e6


def race(contenders: Sequence[Contender], *, rounds: int, least: float = 0.02) -> list[Figure]:
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
    return figures_of(spent, {one.name: one.note for one in contenders})


def figures_of(spent: Mapping[str, Sequence[float]], notes: Mapping[str, str] | None = None) -> list[Figure]:
    """Return the figure of each contender from what it took in each round; the first is what others are compared with.

    The ratio is taken round by round, and its median is told: a slow moment slows both sides of one round.

    Args:
        spent: For each contender what it took, one number a round.
        notes: What a reader has to know, by contender.

    Example:
        >>> [one.ratio for one in figures_of({"floor": [1.0, 2.0, 4.0], "ours": [3.0, 6.0, 4.0]})]
        [1.0, 3.0]
    """
    first = next(iter(spent.values()))
    figures = []
    for name, times in spent.items():
        low, median, high = statistics.quantiles(times, n=4, method="inclusive") if times[1:] else (times[0],) * 3
        ratio = statistics.median(one / base for one, base in zip(times, first, strict=True))
        figures.append(Figure(name, median, low, high, ratio, tuple(times), (notes or {}).get(name, "")))
    return figures


def table(title: str, unit: str, figures: Sequence[Figure], about: str = "") -> str:
    """Return the figures as a Markdown table; the last column stands only where some contender has a note.

    Args:
        title: What stands above; nothing where it is empty.
        unit: What is measured; where it begins with ``ms``, microseconds are told as milliseconds.
        figures: The figures.
        about: What a reader has to know, above the table.
    """
    noted = any(one.note for one in figures)
    lines = [f"### {title}", ""] if title else []
    lines += [about, ""] if about else []
    if not figures:
        return "\n".join([*lines, "Nothing to measure."])
    lines.append(f"| contender | {unit}, median | quartiles | ratio |" + (" without |" if noted else ""))
    lines.append("| --- | ---: | ---: | ---: |" + (" --- |" if noted else ""))
    part = 1e3 if unit.startswith("ms") else 1.0
    for one in figures:
        median, low, high = (short(value / part) for value in (one.median, one.low, one.high))
        row = f"| {one.name} | {median} | {low} to {high} | {short(one.ratio)} |"
        lines.append(f"{row} {one.note} |" if noted else row)
    return "\n".join(lines)


def short(value: float) -> str:
    """Return a number as a table has it: two places below a hundred, whole from there.

    Example:
        >>> short(0.1234), short(12.3), short(123456.7)
        ('0.12', '12.30', '123,457')
    """
    return f"{value:.2f}" if abs(value) < 100 else f"{value:,.0f}"


def as_json(figures: Sequence[Figure]) -> list[dict[str, Any]]:
    """Return the figures as plain values."""
    return [asdict(one) for one in figures]


def from_json(rows: Sequence[Mapping[str, Any]]) -> list[Figure]:
    """Return the figures that plain values tell."""
    return [Figure(**{**row, "rounds": tuple(row.get("rounds", ()))}) for row in rows]


# ---- on what it was measured -----------------------------------------------------------------------------------------
def machine() -> dict[str, Any]:
    """Return on what is measured: the processor, the interpreter, the versions of what is installed."""
    found = {}
    for name in VERSIONS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "architecture": platform.machine(),
        "system": platform.system(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "versions": found,
    }


def processor() -> str:
    """Return the model of the processor, as the system tells it."""
    told = Path("/proc/cpuinfo")
    if told.is_file():
        for line in told.read_text(encoding="utf-8", errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()
