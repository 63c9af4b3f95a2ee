"""The hot paths whose instructions are counted: what each does once, ready to be done again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from benchmarks.lifecycle import ACTS
from rrm_lifecycle.case.case import Case, evolve, replay
from rrm_lifecycle.case.engine import decide, play
from rrm_lifecycle.errors import RefusedError
from rrm_lifecycle.record.chain import dumps, verify
from rrm_lifecycle.record.filed import file
from rrm_lifecycle.record.storage.memory import MemoryStore
from rrm_lifecycle.record.storage.stores import Draft, Head

_ID: Final = "SLP-2024-01"
_NOW: Final = datetime(2024, 4, 1, tzinfo=UTC)

Path = tuple[Callable[[], object], int]
"""What is done once, and how many units of work that is."""


def _course() -> Path:
    """Decide, fold and file a course of fifteen acts."""

    def run() -> None:
        case = Case.start(_ID)
        prev = file(case.opening, seq=0, prev=None, log="bench").hash
        for seq, act in enumerate(ACTS, 1):
            entry = decide(case, act)
            if not entry.admitted:
                raise RefusedError(entry)
            prev = file(entry, seq=seq, prev=prev, log="bench", recorded=_NOW).hash
            case = evolve(case, entry)

    return run, len(ACTS)


def _replay() -> Path:
    """Fold a record of sixteen entries."""
    path = play(Case.start(_ID), *ACTS).path
    return lambda: replay(path), len(path)


def _verify() -> Path:
    """Verify a record of sixteen entries."""
    record = dumps(play(Case.start(_ID), *ACTS))
    return lambda: verify(record), len(ACTS) + 1


def _append() -> Path:
    """File a course in a store in memory, act by act."""
    cases = [play(Case.start(_ID), *ACTS[:number]) for number in range(len(ACTS) + 1)]
    drafts = [Draft(one) for one in cases[-1].path]

    def run() -> None:
        store = MemoryStore(log="bench", clock=lambda: _NOW)
        after = None
        for draft, case in zip(drafts, cases, strict=True):
            after = Head.of(store.append([draft], after=after, case=case)[0])

    return run, len(drafts)


def _align() -> Path:
    """Play the history of a shipped case through the table."""
    from rrm_lifecycle.histories.alignment import align  # noqa: PLC0415 - loads the histories, for this path alone
    from rrm_lifecycle.histories.dataset import load  # noqa: PLC0415 - likewise

    history = next(iter(load()))
    return lambda: align(history), len(history.events)


PATHS: Final[Mapping[str, Callable[[], Path]]] = {
    "decide, evolve, file: an act": _course,
    "replay: an entry": _replay,
    "verify a chain: an entry": _verify,
    "append to a store in memory: an entry": _append,
    "align a history: an event": _align,
}
"""Each hot path by what is counted."""
