"""Simulating: many paths of one program, in blocks, here or by an executor, with the same result to the bit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from rrm_lifecycle.canonical import MOST
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.context import DEFAULT, Context
from rrm_lifecycle.case.counting import plain_day
from rrm_lifecycle.errors import SimulationError
from rrm_lifecycle.law.annexes import ENTRY_INTO_FORCE
from rrm_lifecycle.progress import Progress, shown
from rrm_lifecycle.simulation.behaviour import Behaviour
from rrm_lifecycle.simulation.compiling import compile_program
from rrm_lifecycle.simulation.draws import seed_of
from rrm_lifecycle.simulation.lanes import BLOCK, run
from rrm_lifecycle.simulation.program import Program
from rrm_lifecycle.simulation.results import Simulation

if TYPE_CHECKING:
    from concurrent.futures import Executor

LAST_START: Final = date(2199, 12, 31)
"""The last day on which paths can start."""


def simulate(  # noqa: PLR0913 - what varies between runs, by name
    behaviour: Behaviour | None = None,
    *,
    n: int = 10_000,
    seed: int | None = None,
    start: date | Case | None = None,
    context: Context | None = None,
    executor: Executor | None = None,
    progress: Progress | bool | None = None,
    block: int = BLOCK,
) -> Simulation:
    """Return many paths that cases can take, from the first act to the close.

    The same seed gives the same paths to the bit, whatever the executor and the block.

    Args:
        behaviour: What people do; fitted to the shipped histories if None.
        n: How many paths.
        seed: A whole number of at least 0. One is drawn if None; ``.seed`` of the result names it.
        start: First day of each path, not before 1 July 2020; the last look of the shipped histories if None. Or a case
            that is open: paths go on from its last act.
        context: Reading, calendar and register; our defaults if None. The calendar counts once a path is dated, as
            :meth:`.Simulation.case` does.
        executor: Any ``concurrent.futures.Executor``, such as a process pool, that walks the blocks; here if None.
        progress: True for a bar of tqdm, or a function that is called with the paths done so far and ``n``, after each
            block.
        block: How many paths are walked at a time.

    Raises:
        EventError: ``progress`` is neither.
        MissingExtra: A bar is asked for, and tqdm is not installed.
        BehaviourError: The behaviour is none.
        SimulationError: A number, the seed or the day is none that can be used; no program follows from the behaviour;
            or the executor failed. No partial result is given.

    Example:
        >>> run = simulate(n=2_000, seed=2026)
        >>> run.n, run.seed, run.outcomes(by="closing")[0]["closing"]
        (2000, 2026, 'resolved_in_review')
    """
    n, block = count_of(n, "n, the number of paths,"), count_of(block, "block, the number of paths at a time,")
    number = drawn_seed() if seed is None else seed_of(seed)
    case = start if isinstance(start, Case) else None
    day = start if case is None else case.last_day
    first = default_start() if day is None else start_of(day)
    context = context or DEFAULT
    behaviour = Behaviour.default() if behaviour is None else behaviour
    shows = shown(progress, "simulating", " paths")
    program = program_of(behaviour, context, case)
    ends = walked(program, n, number, first.weekday(), executor=executor, progress=shows, block=block)
    return Simulation(program, behaviour, number, n, first, context, *ends, from_case=case)


def again(recipe: Mapping[str, Any], context: Context, executor: Executor | None = None) -> Simulation:
    """Return the simulation that a recipe describes. See :func:`.recipe.rerun`, which also compares the two."""
    from rrm_lifecycle.record.chain import loads  # noqa: PLC0415 - the record takes longer to load than the room

    behaviour, first = Behaviour.from_json(recipe["behaviour"]), date.fromisoformat(recipe["start"])
    case = None if recipe["case"] is None else loads(recipe["case"].encode())
    program = program_of(behaviour, context, case, recipe["spent"])
    n, seed = count_of(recipe["n"], "n"), seed_of(recipe["seed"])
    ends = walked(program, n, seed, first.weekday(), executor=executor)
    return Simulation(program, behaviour, seed, n, first, context, *ends, from_case=case, spent=recipe["spent"])


def walked(  # noqa: PLR0913 - what varies between runs, by name
    program: Program,
    n: int,
    seed: int,
    weekday: int,
    *,
    executor: Executor | None = None,
    progress: Progress | None = None,
    block: int = BLOCK,
) -> tuple[NDArray[np.uint8], NDArray[np.uint16]]:
    """Return how and when each path closes, in arrays that are not to be written to.

    Raises:
        SimulationError: As :func:`.lanes.run`; or the executor gave other paths than it was asked for.
    """
    found = run(program, n, seed, executor=executor, block=block, weekday=weekday, progress=progress)
    if found.outcome is None or found.days is None or not len(found.outcome) == len(found.days) == n:
        msg = f"the executor gave other paths than the {n} that it was asked for; no result is given"
        raise SimulationError(msg)
    found.outcome.setflags(write=False)
    found.days.setflags(write=False)
    return found.outcome, found.days


# ---- what is given ---------------------------------------------------------------------------------------------------
def count_of(value: object, what: str) -> int:
    """Return a number of paths, or refuse it.

    Raises:
        SimulationError: No whole number of at least 1.
    """
    if isinstance(value, int | np.integer) and not isinstance(value, bool) and value >= 1:
        return int(value)
    msg = f"{what} is a whole number of at least 1; found {value!r}"
    raise SimulationError(msg[:400])


def start_of(value: object) -> date:
    """Return the first day of paths, or refuse it.

    Raises:
        SimulationError: No plain ``date``, a day before the treaty entered into force, or one after 2199.
    """
    day = plain_day(value, "start, the first day of each path,", SimulationError)
    if day < ENTRY_INTO_FORCE:
        msg = f"paths start on {ENTRY_INTO_FORCE} or later, since the USMCA entered into force on that day; found {day}"
        raise SimulationError(msg)
    if day > LAST_START:
        msg = f"paths start on {LAST_START} or earlier; found {day}"
        raise SimulationError(msg)
    return day


def drawn_seed() -> int:
    """Return a seed from the operating system's chance: a whole number that every reader of JSON holds exactly."""
    drawn = np.random.SeedSequence().generate_state(1, np.uint64)
    return int(drawn[0]) & MOST


def default_start() -> date:
    """Return the day of the last look of the shipped histories."""
    from rrm_lifecycle.histories.dataset import load  # noqa: PLC0415 - histories are read where no day is given

    return max(one.as_of for one in load())


def program_of(behaviour: Behaviour, context: Context = DEFAULT, case: Case | None = None, spent: int = 0) -> Program:
    """Return the program of a behaviour; built once for the same behaviour, context and case."""
    return _program(behaviour, context, case, spent)


@lru_cache(maxsize=8)
def _program(behaviour: Behaviour, context: Context, case: Case | None, spent: int) -> Program:
    return compile_program(behaviour, context=context, start=case, spent=spent)
