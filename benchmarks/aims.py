"""The aims, each beside what was measured in the run: met or missed as written, and met or missed when scaled.

The aims were set on one machine, and are measured on others. The bare step of ``transitions`` was measured on both: an aim
in seconds is scaled by how much longer it takes here, an aim in paths a second by as much the other way. Ratios, sizes and
counts are not scaled. An aim that is missed as written is said to be, whatever the scale.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from attrs import frozen

from benchmarks.harness import short
from benchmarks.measured import Result, at, beyond, median, ratio, told

THEN_STEP: Final = 7.5
"""Microseconds of a bare step where the aims were set."""
THEN_PATHS: Final = 3.3
"""Millions of paths a CPU second that numpy as most people write it walked there."""
_BARE: Final = "transitions: one bare step"
_MILLION: Final = 1_000_000
_LANES, _LOG, _PLAIN = "ours: lanes", "ours: the full log", "numpy as most people write it"

Found = Callable[[Result], float | None]


@frozen
class Aim:
    """An aim.

    Attributes:
        work: What is done.
        limit: What it may take at most, or has to reach at least.
        unit: In what.
        found: Takes a result, and returns what was measured, in that unit; None where it was not.
        scale: By what power of the ratio of the two steps the aim is scaled: 1 for a time, -1 for a speed, 0 for the rest.
        least: Whether it is to be reached; else it is a bound.
        rests_on: Where the aim was set.
    """

    work: str
    limit: float
    unit: str
    found: Found
    scale: int = 0
    least: bool = False
    rests_on: str = ""

    def met(self, value: float, factor: float = 1.0) -> bool:
        """Return whether a value meets the aim, scaled by the ratio of the two steps."""
        limit = self.scaled(factor)
        return value >= limit if self.least else value <= limit

    def scaled(self, factor: float) -> float:
        """Return the aim on a machine where a bare step takes so many times as long."""
        return self.limit * factor**self.scale


# ---- where each figure stands ----------------------------------------------------------------------------------------
def _time(suite: str, name: str, part: float = 1.0) -> Found:
    """Return the median of a contender; ``part`` is 1,000 for milliseconds, a million for seconds."""

    def found(result: Result) -> float | None:
        value = median(result, suite, name)
        return None if value is None else value / part

    return found


def _ratio(suite: str, one: str, other: str, part: str = "") -> Found:
    return lambda result: ratio(result, suite, one, other, part)


def _beyond(suite: str, one: str, other: str) -> Found:
    def found(result: Result) -> float | None:
        value = beyond(result, suite, one, other)
        return None if value is None else value / 1e3

    return found


def _speed(name: str) -> Found:
    """Return millions of paths of the chain a CPU second."""

    def found(result: Result) -> float | None:
        value = median(result, "paths", name, "chain")
        return None if value is None else 1 / value

    return found


def _told(report: str, *keys: str) -> Found:
    return lambda result: told(result, report, *keys)


def _at(report: str, work: str, n: int, part: float = 1.0) -> Found:
    def found(result: Result) -> float | None:
        value = at(result, report, work, n)
        return None if value is None else value / part

    return found


def _exports(result: Result) -> float | None:
    """Return the milliseconds of the slowest export of the table, the first time in its process."""
    several = [one["first"] for one in (told(result, "exports") or {}).values() if one["takes"] == "table"]
    return max(several, default=None)


def _grown(result: Result) -> float | None:
    """Return how many times the memory of the log of 10,000 cases that of 100,000 takes."""
    small, large = (at(result, "event-log", "xes", n, "peak") for n in (10_000, 100_000))
    return None if small is None or large is None else large / max(small, 1.0)


def _agenda(result: Result) -> float | None:
    """Return the seconds of the agenda over 10,000 open cases."""
    value = median(result, "agenda", "Docket.agenda, 10,000")
    return None if value is None else value * 10_000 / 1e6


def _drawn(result: Result) -> float | None:
    value = median(result, "drawing", "cases()")
    return None if value is None else 1e6 / value


def _several(result: Result) -> float | None:
    """Return how many times as fast two workers of Dask walk ten million paths."""
    rows = told(result, "workers", "rows") or []
    return next((one["ratio"] for one in rows if one["n"] == 10 * _MILLION and one["where"].startswith("Dask")), None)


_FILED: Final = "decide + evolve + file"
_DESIGN, _RECORDS, _SIMULATION = "design 11", "records", "simulation 7"
_EXPORTS: Final = "exports"

AIMS: Final = (
    Aim("an act ruled, folded and filed, to a bare step of transitions", 1.0, "times", _ratio("step", _BARE, _FILED),
        rests_on=_DESIGN),
    Aim("Case.start", 1.5, "µs", _time("case", "Case.start"), 1, rests_on=_DESIGN),
    Aim("memory of a new case", 300, "bytes", _told("memory-case", "Case.start"), rests_on=_DESIGN),
    Aim("import rrm_lifecycle, over a bare interpreter", 15, "ms",
        _beyond("startup", "a bare interpreter", "import rrm_lifecycle"), 1, rests_on=_DESIGN),
    Aim("import and first ruling, the interpreter included", 100, "ms",
        _time("startup", "import rrm_lifecycle and first decide", 1e3), 1, rests_on=_DESIGN),
    Aim("verify a record, an entry", 8, "µs", _time("verify-record", "verify:"), 1, rests_on=_DESIGN),
    Aim("verify a docket of 100,000 entries", 1, "s of CPU", _at("growth", "verify, by entries", 100_000), 1,
        rests_on=_DESIGN),
    Aim("replay, an entry", 3, "µs", _time("replay", "replay"), 1, rests_on=_DESIGN),
    Aim("append to SQLite, an act a commit, to a bare insert", 0.9, "times its speed",
        _ratio("append", "ours: store.append", "sqlite3: a bare insert"), least=True, rests_on=_RECORDS),
    Aim("append to SQLite, 100 acts a commit, to a bare insert", 0.5, "times its speed",
        _ratio("append-100", "ours: store.append", "sqlite3: a bare insert"), least=True, rests_on=_RECORDS),
    Aim("append to PostgreSQL, to eventsourcing's recorder", 3, "times its speed",
        _ratio("append-postgres", "ours: store.append", "eventsourcing"), least=True, rests_on=_RECORDS),
    Aim("least share of four writers", 0.5, "of an even share", _told("writers", "ours, in a queue", "least of its share"),
        least=True, rests_on=_RECORDS),
    Aim("open a case of 50 entries among 1,000,000", 2, "ms",
        _at("docket-million", "open, and read a case", _MILLION, 1e-3), 1, rests_on=_RECORDS),
    Aim("agenda over 10,000 open cases", 0.5, "s", _agenda, 1, rests_on=_RECORDS),
    Aim("slowest export of the table, the first time", 50, "ms", _exports, 1, rests_on=_EXPORTS),
    Aim("PRISM of the fitted program, after the first time", 50, "ms", _told("exports", "prism", "again"), 1,
        rests_on=_EXPORTS),
    Aim("event log of 100,000 simulated cases, as XES", 3, "s of CPU", _at("event-log", "xes", 100_000), 1,
        rests_on=_EXPORTS),
    Aim("memory of that log, to that of 10,000 cases (constant)", 1.1, "times", _grown, rests_on=_EXPORTS),
    Aim("lawful cases drawn by the testing kit", 500, "a CPU second", _drawn, -1, least=True, rests_on="testing kit"),
    Aim("summary paths of the chain", 20, "M a CPU second", _speed(_LANES), -1, least=True, rests_on=_SIMULATION),
    Aim("the same, stretch", 30, "M a CPU second", _speed(_LANES), -1, least=True, rests_on=_SIMULATION),
    Aim("full log of the chain", 10, "M a CPU second", _speed(_LOG), -1, least=True, rests_on=_SIMULATION),
    Aim("fitted program, to numpy as most people write it", 5, "times its speed",
        _ratio("paths", _LANES, _PLAIN, "fitted"), least=True, rests_on=_SIMULATION),
    Aim("fitted program, to transitions", 1_000, "times its speed", _ratio("paths", _LANES, "transitions", "fitted"),
        least=True, rests_on=_SIMULATION),
    Aim("two workers of Dask, 10 million paths", 1.6, "times as fast", _several, least=True, rests_on=_SIMULATION),
    Aim("memory of a path, summary", 3, "bytes", _told("paths", "bytes a path", "summary"), rests_on=_SIMULATION),
    Aim("memory of a path, log", 20, "bytes", _told("paths", "bytes a path", "log"), rests_on=_SIMULATION),
    Aim("whole exact distribution, chain", 10, "ms", _time("exact", "ours: everything, chain", 1e3), 1,
        rests_on=_SIMULATION),
    Aim("whole exact distribution, fitted program", 1, "s", _time("exact", "ours: everything, fitted", 1e6), 1,
        rests_on=_SIMULATION),
    Aim("paths that shared draws save in a what-if, chain", 20, "times",
        _told("shared-draws", "chain: a plan fails in 25 of 100 verifications, not in 20"), least=True,
        rests_on=_SIMULATION),
    Aim("import of the simulation room, the interpreter included", 150, "ms",
        _time("first-million", "import the room", 1e3), 1, rests_on=_SIMULATION),
    Aim("first million paths, beyond a first path", 50, "ms",
        _beyond("first-million", "a path of the chain", "a million paths of the chain"), 1, rests_on=_SIMULATION),
    Aim("forecast of a shipped history, the first", 1, "s", _time("forecast", "forecast", 1e6), 1, rests_on="forecast"),
    Aim("sensitivity, the first", 20, "s", _time("sensitivity", "sensitivity", 1e6), 1, rests_on="forecast"),
)  # fmt: skip
"""Every aim that was set: ``design 11``, ``records``, ``exports``, ``simulation 7`` name the pages on which they stand."""


# ---- the table -------------------------------------------------------------------------------------------------------
def table(result: Result) -> str | None:
    """Return the aims as a table in Markdown, with what the scale is; None where the bare step was not measured.

    Args:
        result: A result.
    """
    step = median(result, "step", _BARE)
    if step is None:
        return None
    factor = step / THEN_STEP
    rows, counts = [], dict.fromkeys(("met as written", "missed as written, met when scaled", "missed both ways",
                                      "not measured"), 0)  # fmt: skip
    for aim in AIMS:
        value = aim.found(result)
        if value is None:
            counts["not measured"] += 1
            rows.append(f"| {aim.work} | {_bound(aim)} | not measured | | | | {aim.rests_on} |")
            continue
        written, scaled = aim.met(value), aim.met(value, factor)
        other = f"{_bound(aim, factor)} | {_word(scaled)}" if aim.scale else " |"
        rows.append(
            f"| {aim.work} | {_bound(aim)} | {_number(value)} {aim.unit} | {_word(written)} | {other} | {aim.rests_on} |"
        )
        kind = "met as written" if written else "missed both ways"
        if not written and aim.scale and scaled:
            kind = "missed as written, met when scaled"
        counts[kind] += 1
    lost = sum(
        one.met(found) and not one.met(found, factor) for one in AIMS if (found := one.found(result)) is not None
    )
    said = ", ".join(f"{many} {kind}" for kind, many in counts.items() if many)
    head = "| work | aim | measured here | as written | aim when scaled | when scaled | set in |"
    return "\n".join([
        f"{_scale(result, step, factor)} Of {len(AIMS)} aims: {said}"
        + (f"; of those met as written, {lost} would be missed when scaled." if lost else "."),
        "", head, "| --- | --- | --- | --- | --- | --- | --- |", *rows,
    ])  # fmt: skip


def _scale(result: Result, step: float, factor: float) -> str:
    paths = _speed(_PLAIN)(result)
    here = "" if paths is None else f" and {paths:.2g} million"
    return (
        f"The aims were set on a machine where a bare step of `transitions` took {THEN_STEP} µs and numpy, as most people "
        f"write it, walked {THEN_PATHS} million paths of the chain a CPU second. In this run it is {short(step)} µs{here}. "
        f"An aim in seconds is therefore given a second time, multiplied by {factor:.2f}, and a speed divided by it; ratios "
        "and sizes are not scaled."
    )


def _bound(aim: Aim, factor: float = 1.0) -> str:
    return f"{'≥' if aim.least else '≤'} {_number(aim.scaled(factor))} {aim.unit}"


def _number(value: float) -> str:
    """Return a number with three figures that count.

    Example:
        >>> [_number(one) for one in (0.9, 13.812, 1547.2, 300)]
        ['0.9', '13.8', '1,550', '300']
    """
    return f"{float(f'{value:.3g}'):,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _word(met: bool) -> str:  # noqa: FBT001 - a word for each
    return "met" if met else "**missed**"
