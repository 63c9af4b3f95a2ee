"""Growth of what a single case, a single store and a single answer cost: at more acts, more entries held, more places.

Each has three decades at least. What grows faster than its size is named with its reason.
"""

from __future__ import annotations

import gc
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import attrs

from benchmarks.dockets import Course
from benchmarks.lifecycle import ACTS
from benchmarks.memory import fill
from benchmarks.scaling import Point, curves, point, told
from benchmarks.serving import hurried, opened, server
from benchmarks.storing import appender
from rrm_lifecycle import events as did
from rrm_lifecycle.case.agenda import agenda
from rrm_lifecycle.case.case import Case, evolve, replay
from rrm_lifecycle.case.engine import decide, play
from rrm_lifecycle.export import export
from rrm_lifecycle.record.chain import dumps, verify
from rrm_lifecycle.record.entry import Entry
from rrm_lifecycle.record.storage.memory import MemoryStore
from rrm_lifecycle.record.storage.sqlite import SqliteStore
from rrm_lifecycle.record.storage.stores import Draft, Store

_TODAY: Final = date(2024, 5, 20)
_BEFORE: Final = 4
"""Acts of the course that lead to a course of remediation."""
_APPENDS: Final = 20
_TURNS: Final = 9


# ---- what has so many acts -------------------------------------------------------------------------------------------
def extensions(many: int) -> Iterator[Entry]:
    """Yield so many lawful acts: a course of remediation whose end is put off day by day, as it may be without end."""
    case = play(Case.start("long"), *ACTS[:_BEFORE])
    yield from case.acts[:many]
    act: Any = ACTS[_BEFORE - 1]
    for number in range(1, many - _BEFORE + 1):
        entry: Any = decide(case, did.CourseExtended(act.on, agreed_end=act.agreed_end + timedelta(number)))
        yield entry
        case = attrs.evolve(evolve(case, entry), acts=())  # the law asks for no more


def long_case(many: int) -> Case:
    """Return a case of so many acts."""
    return replay((Case.start("long").opening, *extensions(many)))


# ---- a case ----------------------------------------------------------------------------------------------------------
def _whole(entries: Sequence[Entry]) -> Callable[[], object]:
    acts: list[Any] = [one.event for one in entries]

    def run() -> Case:
        case = Case.start("long")
        for act in acts:
            entry: Any = decide(case, act)
            case = evolve(case, entry)
        return case

    return run


def _more(case: Case) -> Callable[[], object]:
    last: Any = case.acts[-1].event
    act = did.CourseExtended(last.on, agreed_end=last.agreed_end + timedelta(1))

    def run() -> Case:
        entry: Any = decide(case, act)
        return evolve(case, entry)

    return run


def _cases(sizes: Sequence[int]) -> Iterator[tuple[str, Point]]:
    """Yield what acts and entries cost in a case of so many."""
    for size in sizes:
        entries = tuple(extensions(size))
        path = (Case.start("long").opening, *entries)
        case = replay(path)
        if size <= 10_000:
            yield "step: a whole case, by its acts", point(size, _whole(entries), memory=False)
            record = dumps(case)
            yield "verify a record, by its entries", point(size + 1, partial(verify, record))
        yield "step: one more act, by acts held", point(size, _more(case), memory=False)
        yield "replay, by entries", point(size + 1, partial(replay, path))


def cases(*, quick: bool) -> tuple[str, dict[str, Any]]:
    """Measure a step, a replay and a verification in cases of up to 100,000 acts (1,000 with ``quick``)."""
    sizes = (10, 100, 1_000) if quick else (10, 100, 1_000, 10_000, 100_000)
    return told("A case of many acts", curves(_cases(sizes)))


# ---- a store ---------------------------------------------------------------------------------------------------------
def _held(store: Store, entries: int) -> int:
    """Fill a store with whole courses up to about so many entries; return how many it holds."""
    each = len(ACTS) + 1
    for number in range(entries // each):
        course = Course.of(f"case-{number}")
        drafts = [Draft(Case.start(f"case-{number}").opening), *course.drafts]
        store.append(drafts, after=None, case=course.cases[-1])
    return entries // each * each


def _stores(sizes: Sequence[int], stack: ExitStack) -> Iterator[tuple[str, int, Store]]:
    """Yield stores of each kind that hold so many entries, by name and number of entries."""
    folder = stack.enter_context(tempfile.TemporaryDirectory())
    where = stack.enter_context(server())
    for size in sizes:
        kept = MemoryStore()
        yield "memory", _held(kept, size), kept
        path = Path(folder, f"{size}.db")
        held = fill(path, size)
        yield "SQLite", held, stack.enter_context(closing(SqliteStore(path)))
        if where is not None:
            schema = f"held_{size}"
            with hurried(where), closing(opened(where, schema)) as hasty:
                held = _held(hasty, size)
            yield "PostgreSQL", held, stack.enter_context(closing(opened(where, schema)))


def _clock(work: Callable[[], object]) -> float:
    """Return the median of seconds by the clock over some runs: an append waits for its disk."""
    spent = []
    for _ in range(_APPENDS):
        begun = time.perf_counter()
        work()
        spent.append(time.perf_counter() - begun)
    return statistics.median(spent)


def _appends(sizes: Sequence[int]) -> Iterator[tuple[str, Point]]:
    """Yield the cost of an append to each store; they take turns, so that a slow moment of the disk slows them all."""
    with ExitStack() as stack:
        several = [(name, held, appender(store, "more", 1)) for name, held, store in _stores(sizes, stack)]
        spent: dict[tuple[str, int], list[float]] = {(name, held): [] for name, held, _ in several}
        gc.collect()
        for _ in range(_TURNS):
            for name, held, append in several:
                append()
                spent[name, held].append(_clock(append))
        for (name, held), found in spent.items():
            yield f"append: {name}, by entries held", Point(held, statistics.median(found))


def appends(*, quick: bool) -> tuple[str, dict[str, Any]]:
    """Measure an append, an act a commit, to stores that hold up to 100,000 entries (1,000 with ``quick``)."""
    sizes = (100, 1_000) if quick else (100, 1_000, 10_000, 100_000)
    return told("An append, by entries held", curves(_appends(sizes)), clock="clock")


# ---- exact answers ---------------------------------------------------------------------------------------------------
def _exact(sizes: Sequence[int]) -> Iterator[tuple[str, Point]]:
    from benchmarks.walkers import beside, behind  # noqa: I001, PLC0415 - with the extra of simulations
    from rrm_lifecycle.simulation.exact import solve  # noqa: PLC0415 - likewise

    for size in sizes:
        yield "exact: places beside each other", point(size, partial(solve, beside(size)))
        yield "exact: places one behind another", point(size, partial(solve, behind(size)))


def exact(*, quick: bool) -> tuple[str, dict[str, Any]]:
    """Measure exact answers of programs of up to 10,000 places (1,000 with ``quick``)."""
    sizes = (10, 100, 1_000) if quick else (10, 100, 1_000, 10_000)
    return told("Exact answers, by places", curves(_exact(sizes)))


# ---- exports ---------------------------------------------------------------------------------------------------------
def _exports(sizes: Sequence[int]) -> Iterator[tuple[str, Point]]:
    from benchmarks.walkers import beside  # noqa: PLC0415 - with the extra of simulations

    due = agenda(play(Case.start("due"), *ACTS[:2]), _TODAY).items
    for size in sizes:
        case = long_case(size)
        for name in ("csv", "xes", "ocel"):
            yield f"{name}, by acts of a case", point(size, partial(export, name, case))
        yield "prism, by places", point(size, partial(export, "prism", beside(size)))
        items = due * (size // len(due))
        yield "icalendar, by limits", point(len(items), partial(export, "icalendar", items))


def exports(*, quick: bool) -> tuple[str, dict[str, Any]]:
    """Measure exports of up to 10,000 acts, places or limits (1,000 with ``quick``)."""
    return told("Exports, by what they hold", curves(_exports((10, 100, 1_000) if quick else (10, 100, 1_000, 10_000))))
