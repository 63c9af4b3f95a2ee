"""Exports: what each format costs, and the event log of many simulated cases, written as a stream."""

from __future__ import annotations

import csv
import os
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from io import TextIOWrapper
from time import perf_counter
from typing import Any, BinaryIO, Final, cast

from benchmarks.apart import apart
from benchmarks.lifecycle import ACTS
from benchmarks.scaling import Point, curves, steep
from rrm_lifecycle.case.agenda import agenda
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.engine import play
from rrm_lifecycle.export import FORMATS, Takes, export

AIM: Final = 50.0
"""Milliseconds that a format may take."""
_LOGS: Final = ("csv", "xes", "ocel")
_SEED: Final = 2026
_TODAY: Final = date(2024, 5, 20)
_BARE: Final = "csv.writer, rows that are there"


# ---- each format -----------------------------------------------------------------------------------------------------
def _source(takes: Takes) -> tuple[Any, ...]:
    """Return what a format is made of."""
    if takes is Takes.PROGRAM:
        from benchmarks.walkers import fitted  # noqa: PLC0415 - with the extra of simulations

        return (fitted(),)
    if takes is Takes.LOG:
        return (play(Case.start("SLP-2024-01"), *ACTS),)
    if takes is Takes.AGENDA:
        return (agenda(play(Case.start("SLP-2024-01"), *ACTS[:2]), _TODAY),)
    return ()


def ready(name: str, times: int) -> Callable[[], Mapping[str, float]]:
    """Return what makes an export the first time in its process, and then so many times more."""
    source = _source(FORMATS[name].takes)

    def work() -> Mapping[str, float]:
        begun = perf_counter()
        made = export(name, *source)
        first = perf_counter() - begun
        again = []
        for _ in range(times):
            begun = perf_counter()
            export(name, *source)
            again.append(perf_counter() - begun)
        return {"first": first * 1e3, "again": statistics.median(again) * 1e3, "bytes": float(len(made))}

    return work


def formats(rounds: int) -> tuple[str, dict[str, Any]]:
    """Return what each format costs, in milliseconds: the first time in a process, and every other time.

    Args:
        rounds: How many processes; in each round every format has one.
    """
    several = max(1, rounds // 8)
    found: dict[str, list[Mapping[str, float]]] = {name: [] for name in FORMATS}
    for _ in range(several):
        for name in FORMATS:
            found[name].append(apart(ready, name, max(3, rounds // 4)).told)
    lines = ["### Exports, each format", ""]
    lines += ["| format | made of | first time, ms | after that, ms | bytes | within 50 ms |"]
    lines += ["| --- | --- | ---: | ---: | ---: | --- |"]
    data = {}
    for name, rows in found.items():
        one = {fact: statistics.median(row[fact] for row in rows) for fact in ("first", "again", "bytes")}
        met = "both" if one["first"] <= AIM else "after the first time" if one["again"] <= AIM else "**no**"
        takes = FORMATS[name].takes
        lines.append(
            f"| {name} | {takes.value} | {one['first']:.1f} | {one['again']:.2f} | {one['bytes']:,.0f} | {met} |"
        )
        data[name] = {**one, "rounds": [dict(row) for row in rows], "takes": takes.value}
    lines += ["", "A case of fifteen acts is the log, and its agenda the calendar; the program is the fitted one."]
    return "\n".join(lines), data


# ---- the event log of simulated cases --------------------------------------------------------------------------------
def _simulated(n: int) -> Any:  # noqa: ANN401 - a simulation
    import rrm_lifecycle as rrm  # noqa: PLC0415 - with its extra

    return rrm.simulate(n=n, seed=_SEED)


def _bare(rows: Sequence[tuple[str, ...]], n: int, file: BinaryIO) -> None:
    """Write rows over and over, as often as there are cases: what the standard library takes, with no case to make."""
    text = TextIOWrapper(file, encoding="utf-8", newline="")
    csv.writer(text).writerows(row for _ in range(n) for row in rows)
    text.detach()


def _typical() -> list[tuple[str, ...]]:
    """Return the rows of a case with as many events as a simulated case has on average."""
    cases = 1_000
    rows = list(csv.reader(str(export("csv", _simulated(cases))).splitlines()))[1:]
    return [tuple(one) for one in rows[: round(len(rows) / cases)]]


def _writing(name: str, n: int) -> Callable[[], Mapping[str, int]]:
    """Return what writes the log of so many simulated cases to nowhere; a small one was written before."""
    if name == _BARE:
        write: Callable[[Any, BinaryIO], None] = partial(_written_bare, _typical(), n)
    else:
        found = FORMATS[name].write
        if found is None:
            msg = f"the format {name!r} is not written bit by bit"
            raise RuntimeError(msg)
        write = found
    simulation = _simulated(n)
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - no path
        write(_simulated(10_000), nowhere)  # a whole block, so that no later one is the first

    def work() -> Mapping[str, int]:
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - as above
            counted = _Counted(nowhere)
            write(simulation, cast("BinaryIO", counted))
        return {"bytes": counted.bytes}

    return work


def _written_bare(rows: Sequence[tuple[str, ...]], n: int, _: object, file: BinaryIO) -> None:
    _bare(rows, n, file)


class _Counted:
    """A binary file that counts what is written to it."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.bytes = file, 0
        self.closed = False

    def write(self, data: bytes) -> int:
        """Write, and count."""
        self.bytes += len(data)
        return self.file.write(data)

    def writelines(self, several: Iterator[bytes]) -> None:
        """Write each, and count."""
        for one in several:
            self.write(one)

    def flush(self) -> None:
        """Hold nothing back."""
        self.file.flush()

    def readable(self) -> bool:
        """Return that nothing is read."""
        return False

    def writable(self) -> bool:
        """Return that it is written."""
        return True

    def seekable(self) -> bool:
        """Return that it runs forward alone."""
        return False


def logs(*, quick: bool) -> tuple[str, dict[str, Any]]:
    """Return what the event log of up to 100,000 simulated cases costs (10,000 with ``quick``), each in its process."""
    sizes = (100, 1_000, 10_000) if quick else (100, 1_000, 10_000, 100_000)
    points: list[tuple[str, Point]] = []
    rows = []
    for n in sizes:
        for name in (_BARE, *_LOGS):
            spent = apart(_writing, name, n)
            points.append((name, Point(n, spent.seconds, spent.peak)))
            rows.append((name, n, spent))
    found = curves(points)
    lines = ["### Event log of simulated cases, written as a stream", ""]
    lines += ["| format | cases | CPU s | µs a case | bytes | memory beyond that before, MB |"]
    lines += ["| --- | ---: | ---: | ---: | ---: | ---: |"]
    for name, n, one in rows:
        peak = "not told" if one.peak is None else f"{one.peak / 1e6:.1f}"
        each = f"{one.seconds:.3f} | {one.seconds / n * 1e6:,.1f} | {one.told['bytes']:,}"
        lines.append(f"| {name} | {n:,} | {each} | {peak} |")
    slopes = ", ".join(f"{name} {one['exponent']:.2f}" for name, one in found.items())
    lines += ["", " ".join([f"Exponents of cost against cases: {slopes}.", *steep(found)])]
    return "\n".join(lines), found
