"""Records to measure with: the acts of a real course, and dockets of any size."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from attrs import frozen

from benchmarks.lifecycle import ACTS
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import play
from rrm_lifecycle.record.filed import Filed
from rrm_lifecycle.record.keeper import Keeper
from rrm_lifecycle.record.kept import Remark
from rrm_lifecycle.record.storage.sqlite import SqliteStore
from rrm_lifecycle.record.storage.stores import Draft, link

TODAY: Final = date(2024, 5, 20)
_NOW: Final = datetime(2025, 6, 2, 9, tzinfo=UTC)


@frozen
class Course:
    """The acts of a real course, as they are filed one by one, the case behind each, and the body of median length."""

    drafts: tuple[Draft, ...]
    cases: tuple[Case, ...]
    median: bytes

    @classmethod
    def of(cls, case_id: str) -> Course:
        """Return the course under an id."""
        cases = [play(Case.start(case_id), *ACTS[:number]) for number in range(1, len(ACTS) + 1)]
        drafts = tuple(Draft(one) for one in cases[-1].path[1:])
        bodies = sorted((one.body for one in link(drafts, after=None, log="bench", now=_NOW)), key=len)
        return cls(drafts, tuple(cases), bodies[len(bodies) // 2])


def chain_of(case_id: str, acts: int, remarks: int = 0) -> tuple[tuple[Filed, ...], Case]:
    """Return the record of a case as it is filed, and the case: its opening, its first acts, and remarks."""
    case = play(Case.start(case_id), *ACTS[:acts])
    kept = [Draft(one) for one in case.path]
    kept += [Draft(Remark(case_id, f"remark {one}", ACTS[acts - 1].on)) for one in range(remarks)]
    return link(kept, after=None, log="bench", now=_NOW), case


def fill(path: Path, cases: int, acts: int = len(ACTS), *, remarks: int = 0, name: str = "case") -> int:
    """Fill a docket with cases in one transaction, and return how many entries were filed.

    Args:
        path: The file; it is made where it is not there.
        cases: How many cases.
        acts: How many acts of the course each has.
        remarks: How many remarks each has behind them.
        name: What their ids begin with.
    """
    SqliteStore(path, log="bench", clock=lambda: _NOW).close()
    entries = 0
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        store = SqliteStore.on(connection)
        connection.execute("BEGIN IMMEDIATE")
        for number in range(cases):
            filed, case = chain_of(f"{name}-{number}", acts, remarks)
            store.put(filed, (), case)
            entries += len(filed)
        connection.execute("COMMIT")
    return entries


def opener(path: Path, case_id: str) -> tuple[Callable[[], object], Callable[[], None]]:
    """Return what reads a case from its record and folds it, as if never asked for before, and what closes the docket."""
    store = SqliteStore(path, create=False)
    return lambda: Keeper(store, Context()).current(case_id), store.close
