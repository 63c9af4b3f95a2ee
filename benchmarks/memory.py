"""Memory: many live cases, and dockets of up to a million entries, opened, asked, and verified.

Each is measured in a process of its own, by what the system says is resident.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import attrs

from benchmarks.apart import Spent, apart
from benchmarks.dockets import fill as add
from benchmarks.lifecycle import ACTS
from benchmarks.scaling import Point, curves, steep
from rrm_lifecycle.case.case import Case, replay
from rrm_lifecycle.case.engine import play
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.filed import Filed
from rrm_lifecycle.record.storage.sqlite import SqliteStore
from rrm_lifecycle.record.storage.stores import Draft, link

_NOW: Final = datetime(2025, 6, 2, 9, tzinfo=UTC)
_AT_ONCE: Final = 100_000
"""Entries in a transaction of the filling."""
_RARE: Final = 100
"""Of so many cases one stands in a course of remediation."""
_LONG: Final = 50
_WANTED: Final = "wanted-0"
"""A case of fifty entries, which is opened."""
_LATER: Final = date(2025, 6, 2)


# ---- live cases ------------------------------------------------------------------------------------------------------
def _opened(n: int) -> Callable[[], object]:
    Case.start("case")
    return lambda: [Case.start(f"case-{number}") for number in range(n)]


def _walked(n: int) -> Callable[[], object]:
    play(Case.start("case"), *ACTS)
    return lambda: [play(Case.start(f"case-{number}"), *ACTS) for number in range(n)]


_LIVES: Final[Mapping[str, Callable[[int], Callable[[], object]]]] = {
    "opened": _opened,
    "after fifteen acts, with its record": _walked,
}


def live(*, quick: bool) -> tuple[str, dict[str, Any]]:
    """Return the memory of up to 100,000 live cases (1,000 with ``quick``)."""
    sizes = (100, 1_000) if quick else (100, 1_000, 10_000, 100_000)
    points = []
    lines = ["### Memory of many live cases", "", "| cases | how many | resident, MB | bytes a case | CPU µs a case |"]
    lines.append("| --- | ---: | ---: | ---: | ---: |")
    for n in sizes:
        for name, prepare in _LIVES.items():
            spent = apart(prepare, n)
            points.append((name, Point(n, spent.seconds, spent.held)))
            held = "not told | not told" if spent.held is None else f"{spent.held / 1e6:.1f} | {spent.held / n:,.0f}"
            lines.append(f"| {name} | {n:,} | {held} | {spent.seconds / n * 1e6:.1f} |")
    lines += ["", "Small numbers are rounded by the pages in which the system gives memory."]
    return "\n".join(lines), curves(points)


# ---- a docket of many entries ----------------------------------------------------------------------------------------
def courses(cases: int) -> Iterator[tuple[tuple[Filed, ...], Case]]:
    """Yield the records of so many cases: most went through the whole course, a fourth stand in review, a few in a course.

    The acts are ruled a single time; the entries of each case differ in its id alone, are filed and folded anew, and so
    are as lawful as if each had been ruled.
    """
    whole, review, course = (play(Case.start("case-0"), *ACTS[:acts]).path for acts in (len(ACTS), 2, 4))
    for number in range(cases):
        ruled = course if number % _RARE == 0 else review if number % 4 == 0 else whole
        path = [attrs.evolve(one, case_id=f"case-{number}") for one in ruled]
        yield link([Draft(one) for one in path], after=None, log="bench", now=_NOW), replay(path)


def fill(path: Path, entries: int) -> int:
    """Fill a new docket with about so many entries, and return how many they are.

    Args:
        path: The file.
        entries: How many; whole records are filed, so that they may be some less.
    """
    SqliteStore(path, log="bench", clock=lambda: _NOW).close()
    filed = 0
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        store = SqliteStore.on(connection)
        connection.execute("PRAGMA synchronous = OFF")  # nobody needs the file tomorrow
        connection.execute("BEGIN IMMEDIATE")
        for record, case in courses(entries):
            if filed + len(record) > entries and filed:
                break
            store.put(record, (), case)
            if (filed + len(record)) // _AT_ONCE > filed // _AT_ONCE:
                connection.execute("COMMIT")
                connection.execute("BEGIN IMMEDIATE")
            filed += len(record)
        connection.execute("COMMIT")
    return filed


def _small(path: str) -> str:
    """Return the docket beside one, of a few cases, with which all that is loaded at the first time is loaded."""
    return f"{path}.small"


def _opening(path: str) -> Callable[[], object]:
    with Docket.open(_small(path), verify="no") as docket:
        docket.case(_WANTED)
    held: list[Docket] = []

    def work() -> None:
        held.append(Docket.open(path, verify="no"))
        held[0].case(_WANTED)

    return work


def _cases(path: str) -> Callable[[], object]:
    return _asking(path, lambda docket: docket.cases(stage=Stage.COURSE_RUNNING))


def _agenda(path: str) -> Callable[[], object]:
    return _asking(path, lambda docket: docket.agenda(_LATER))


def _verifying(path: str) -> Callable[[], object]:
    return _asking(path, lambda docket: docket.verify())


def _asking(path: str, ask: Callable[[Docket], object]) -> Callable[[], object]:
    with Docket.open(_small(path), verify="no") as docket:
        ask(docket)
    docket = Docket.open(path, verify="no")
    return lambda: ask(docket)


_WORKS: Final[Mapping[str, Callable[[str], Callable[[], object]]]] = {
    "open, and read a case": _opening,
    "cases in a stage, one of a hundred": _cases,
    "agenda of all": _agenda,
    "verify": _verifying,
}


def million(*, quick: bool) -> tuple[str, dict[str, Any]]:
    """Return time and memory of dockets of up to a million entries (10,000 with ``quick``)."""
    sizes = (1_000, 10_000) if quick else (1_000, 10_000, 100_000, 1_000_000)
    rows: list[tuple[str, int, Spent]] = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = str(Path(folder, "docket.db"))
            for where, many in ((_small(path), 100), (path, size - _LONG)):
                entries = fill(Path(where), many) + add(Path(where), 1, remarks=_LONG - 1 - len(ACTS), name="wanted")
            rows += [(name, entries, apart(prepare, path)) for name, prepare in _WORKS.items()]
    lines = ["### Dockets of up to a million entries", ""]
    lines += ["| work | entries | CPU s | µs an entry | memory beyond a small docket, MB |"]
    lines += ["| --- | ---: | ---: | ---: | ---: |"]
    for name, entries, one in rows:
        peak = "not told" if one.peak is None else f"{one.peak / 1e6:.1f}"
        lines.append(f"| {name} | {entries:,} | {one.seconds:.3f} | {one.seconds / entries * 1e6:,.2f} | {peak} |")
    found = curves((name, Point(entries, one.seconds, one.peak)) for name, entries, one in rows)
    slopes = ", ".join(f"{name} {one['exponent']:.2f}" for name, one in found.items())
    lines += ["", " ".join([f"Exponents of cost against entries: {slopes}.", *steep(found)])]
    return "\n".join(lines), found
