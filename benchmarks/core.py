"""The core: a step, a new case, a replay; against a bare step of ``transitions``."""

from __future__ import annotations

import gc
import tracemalloc
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from benchmarks.harness import Contender, Figure, race
from benchmarks.lifecycle import ACTS, LOOP, Model, machine
from rrm_lifecycle.case.case import Case, evolve, replay
from rrm_lifecycle.case.engine import decide, play
from rrm_lifecycle.errors import RefusedError
from rrm_lifecycle.record.entry import Entry
from rrm_lifecycle.record.filed import file

if TYPE_CHECKING:
    from collections.abc import Callable

    from rrm_lifecycle.case.events import Event

_MOMENT = datetime(2024, 4, 1, tzinfo=UTC)


def _bare() -> Callable[[], None]:
    model: Any = Model()
    machine(model)
    model.accept()

    def run() -> None:
        for name in LOOP:
            getattr(model, name)()
        model.audit.clear()

    return run


def _admitted(case: Case, act: Event) -> Entry:
    entry = decide(case, act)
    if entry.admitted:
        return entry
    raise RefusedError(entry)


def decide_evolve() -> None:
    """Decide and fold every act of the course, from the start of the case."""
    case = Case.start("SLP-2024-01")
    for act in ACTS:
        case = evolve(case, _admitted(case, act))


def decide_evolve_file() -> None:
    """Decide, fold and file every act of the course."""
    case = Case.start("SLP-2024-01")
    prev = file(case.opening, seq=0, prev="", log="bench").hash
    for seq, act in enumerate(ACTS, 1):
        entry = _admitted(case, act)
        prev = file(entry, seq=seq, prev=prev, log="bench", recorded=_MOMENT).hash
        case = evolve(case, entry)


def step(rounds: int) -> list[Figure]:
    """Measure one step, in microseconds; the reference is one bare step of ``transitions``."""
    return race(
        [
            Contender("transitions: one bare step, registered model", _bare(), len(LOOP)),
            Contender("decide + evolve", decide_evolve, len(ACTS)),
            Contender("decide + evolve + file (canonical bytes, SHA-256)", decide_evolve_file, len(ACTS)),
        ],
        rounds=rounds,
    )


def start(rounds: int) -> list[Figure]:
    """Measure a new case, in microseconds."""
    flat = machine()

    def registered() -> None:
        model = Model()
        flat.add_model(model)
        flat.remove_model(model)

    return race(
        [
            Contender("transitions: a registered model", registered),
            Contender("Case.start", lambda: Case.start("SLP-2024-01")),
        ],
        rounds=rounds,
    )


def folding(rounds: int) -> list[Figure]:
    """Measure a replay, in microseconds an entry."""
    path = play(Case.start("SLP-2024-01"), *ACTS).path
    return race(
        [
            Contender("transitions: one bare step, registered model", _bare(), len(LOOP)),
            Contender("replay", lambda: replay(path), len(path)),
        ],
        rounds=rounds,
    )


def bytes_a_case(count: int = 20_000) -> dict[str, float]:
    """Measure the memory of a live case, in bytes: ours, and a registered model of ``transitions``."""
    found = {}
    flat = machine()

    def registered() -> Model:
        model = Model()
        flat.add_model(model)
        return model

    makers: dict[str, Callable[[int], object]] = {
        "Case.start": lambda number: Case.start(f"case-{number}"),
        "transitions: a registered model": lambda _: registered(),
    }
    for name, make in makers.items():
        many = count if name == "Case.start" else count // 20
        kept = [make(-1)]
        gc.collect()
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        kept += [make(number) for number in range(many)]
        after = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        found[name] = (after - before) / many
    return found
