"""What the tests of reliability share: sizes, processes that are started fast, and acts to record."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, Final

from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.filed import Filed
from rrm_lifecycle.testing.contract_cases import to_denial

LARGE: Final = os.environ.get("RRM_LARGE") == "1"
"""Whether each test is run ten times larger."""
ACTS: Final[tuple[Event, ...]] = to_denial()
"""The acts of a case from a request to remedies, which the table admits one behind the other."""
PER_CASE: Final = len(ACTS) + 1
"""Entries of a case with all of them."""


def sized(usual: int, large: int | None = None) -> int:
    """Return a size: the usual one, or ten times as much under ``RRM_LARGE=1``, unless another large size is given."""
    return (usual * 10 if large is None else large) if LARGE else usual


def processes() -> Any:
    """Return what starts processes: on POSIX by the fork of a helper that has this package imported and no thread."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def key_of(filed: Filed) -> tuple[str, int, str]:
    """Return what a receipt of an entry says: its case, its number, its hash."""
    return filed.case_id, filed.seq, filed.hash


def fill(docket: Docket, cases: int, acts: int = len(ACTS), prefix: str = "case") -> list[Case]:
    """Record some cases with their first acts, one commit for each case's opening and one for its acts."""
    made = []
    for number in range(cases):
        case_id = docket.start(f"{prefix}-{number}").id
        made.append(docket.record_all(case_id, ACTS[:acts]))
    return made


def portions(chance: Random) -> Iterator[tuple[Event, ...]]:
    """Yield all acts of a case in order, in portions of one to four."""
    rest = ACTS
    while rest:
        many = chance.randint(1, 4)
        yield rest[:many]
        rest = rest[many:]


def held_in(path: Path) -> set[tuple[str, int, str]]:
    """Return what receipts of all entries in a file say, read in log order."""
    docket = Docket.open(path, verify="no")
    try:
        return {key_of(one) for one in docket._store.in_order()}
    finally:
        docket.close()


# What is looked up once and kept is looked up here, before the helper of ``processes`` is forked.
fill(Docket.in_memory(), 1)
