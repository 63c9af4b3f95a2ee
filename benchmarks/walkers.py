"""Programs, and how people walk them: ours, numpy, plain Python, and libraries that simulate.

Every contender walks the same program and draws a move by one number, so that none is slowed by how it is given the law.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import find_spec
from math import erf, log, sqrt
from time import process_time
from typing import Final

import numpy as np
from attrs import frozen

from benchmarks import elsewhere
from benchmarks import walkers_made as made
from benchmarks import walkers_more as more
from rrm_lifecycle.law.stages import Closing, Phase, Stage
from rrm_lifecycle.simulation.behaviour import Behaviour
from rrm_lifecycle.simulation.draws import key_of
from rrm_lifecycle.simulation.lanes import log as lanes_log
from rrm_lifecycle.simulation.montecarlo import program_of, walked
from rrm_lifecycle.simulation.program import WHOLE, Place, Program

SEED: Final = 2026

Stays = dict[int, float]


# ---- the programs ----------------------------------------------------------------------------------------------------
def _capped(median: float, spread: float, cap: int) -> Stays:
    below = [0.0, *(0.5 * (1 + erf((log(day) - log(median)) / (spread * sqrt(2)))) for day in range(1, cap)), 1.0]
    return {day: below[day] - below[day - 1] for day in range(1, cap + 1)}


def _even(first: int, last: int) -> Stays:
    return dict.fromkeys(range(first, last + 1), 1.0 / (last - first + 1))


_CHAIN: Final[tuple[tuple[dict[int, float], Stays], ...]] = (
    ({1: 0.9, 11: 0.1}, _even(20, 30)),
    ({2: 0.7, 6: 0.18, 10: 0.12}, _capped(30, 0.4, 45)),
    ({3: 0.75, 6: 0.2, 9: 0.05}, _capped(10, 0.5, 20)),
    ({4: 0.85, 6: 0.1, 9: 0.05}, _capped(90, 0.6, 365)),
    ({9: 0.65, 3: 0.2, 6: 0.15}, {10: 0.2, 15: 0.5, 30: 0.3}),
    ({9: 0.7, 8: 0.3}, _even(15, 45)),
    ({7: 0.85, 2: 0.1, 10: 0.05}, {3: 0.5, 5: 0.3, 10: 0.2}),
    ({8: 0.5, 10: 0.3, 9: 0.2}, _capped(60, 0.5, 240)),
    ({5: 0.7, 9: 0.3}, _capped(120, 0.7, 720)),
    ({}, {}),
    ({}, {}),
    ({}, {}),
)
"""Petition, review, consultation, plan, verification, compliance review, panel asked for, panel, sanctions, three ends."""


def chain_of(rows: Sequence[tuple[dict[int, float], Stays]]) -> Program:
    """Return the program of a chain: for each place the shares of where a path goes on, and of its days there."""
    moves: list[tuple[int, int, int]] = []
    sizes: list[int] = []
    ends: list[tuple[Closing, Phase]] = []
    for number, (onward, stay) in enumerate(rows):
        steps = {(to, day): share * part for to, share in sorted(onward.items()) for day, part in stay.items()}
        keys = sorted(steps)
        edges = np.rint(np.cumsum([steps[key] for key in keys]) / (sum(steps.values()) or 1) * WHOLE).astype(np.int64)
        units = np.diff(edges, prepend=0).tolist()
        here = [(to, day, unit) for (to, day), unit in zip(keys, units, strict=True) if unit]
        moves += here
        sizes.append(len(here))
        if not here:
            ends.append((list(Closing)[len(ends)], list(Phase)[number % len(Phase)]))
    closed = [size == 0 for size in sizes]
    number_of_end = np.cumsum(closed) - 1
    stages, phases = list(Stage), list(Phase)
    columns = np.array(moves, dtype=np.int64).T
    return Program(
        places=tuple(
            Place(
                stages[one % len(stages)],
                phases[one % len(phases)],
                ends[number_of_end[one]][0] if closed[one] else None,
            )
            for one in range(len(rows))
        ),
        start=0,
        offsets=np.cumsum([0, *sizes]).astype(np.int64),
        target=columns[0].astype(np.int32),
        days=columns[1].astype(np.uint16),
        units=columns[2],
        rule=np.zeros(len(moves), dtype=np.int16),
        rules=("A4-01a",),
        outcome=np.where(closed, number_of_end, -1).astype(np.int16),
        outcomes=tuple(ends),
    )


@cache
def chain(*, plan_again: float = 0.2) -> Program:
    """Return the chain of twelve places.

    Args:
        plan_again: Share of verifications that lead back to the plan.
    """
    rows = list(_CHAIN)
    onward, stay = rows[4]
    rows[4] = {**onward, 3: plan_again, 9: onward[9] + onward[3] - plan_again}, stay
    return chain_of(rows)


def beside(places: int) -> Program:
    """Return a program of so many places beside each other: a path comes to one of them, and ends.

    Args:
        places: How many, the first and the end counted; at least three.
    """
    middle = range(1, places - 1)
    stay = dict.fromkeys(range(1, 31), 1 / 30)
    rows = [(dict.fromkeys(middle, 1 / len(middle)), {1: 1.0}), *(({places - 1: 1.0}, stay) for _ in middle), ({}, {})]
    return chain_of(rows)


def behind(places: int) -> Program:
    """Return a program of so many places one behind another, with a day or two in each."""
    rows = [({place + 1: 1.0}, {1: 0.5, 2: 0.5}) for place in range(places - 1)]
    return chain_of([*rows, ({}, {})])


@cache
def fitted() -> Program:
    """Return the program of the behaviour fitted to the shipped histories."""
    return program_of(Behaviour.default())


# ---- how others walk it ----------------------------------------------------------------------------------------------
def _ours(program: Program) -> made.Walk:
    def walk(n: int) -> float:
        return float(walked(program, n, SEED, 0)[1].mean())

    return walk


def _log(program: Program) -> made.Walk:
    def walk(n: int) -> float:
        found = lanes_log(program, np.arange(n), key_of(SEED))
        return float(found.day[found.offsets[1:] - 1].mean())

    return walk


def _numpy_by_place(program: Program) -> made.Walk:
    """Return numpy as most people write it: step by step, place by place, ``Generator.choice`` with shares."""
    cuts = program.offsets[1:-1]
    shares = [part / WHOLE for part in np.split(program.units, cuts)]
    targets, stays = np.split(program.target, cuts), np.split(program.days.astype(np.int64), cuts)
    closed, weekly = program.outcome >= 0, program.reads_weekday
    rng = np.random.default_rng(SEED)

    def walk(n: int) -> float:
        place, day = np.full(n, program.start), np.zeros(n, dtype=np.int64)
        live = np.arange(n)
        while len(live):
            here = place[live]
            for one in np.unique(here):
                who = live[here == one]
                move = rng.choice(len(shares[one]), size=len(who), p=shares[one])
                day[who] += stays[one][move]
                place[who] = targets[one][move]
            place[live] += np.where(weekly[place[live]], day[live] % 7, 0)
            live = live[~closed[place[live]]]
        return float(day.mean())

    return walk


def _numpy_at_once(program: Program) -> made.Walk:
    """Return numpy as an expert writes it: step by step, one search for all places."""
    source = np.repeat(np.arange(len(program.places)), np.diff(program.offsets))
    total = np.cumsum(program.units)
    before = np.concatenate(([0], total))[program.offsets[:-1]]
    sums = source + (total - before[source]) / WHOLE
    closed, weekly, stay = program.outcome >= 0, program.reads_weekday, program.days.astype(np.int64)
    rng = np.random.default_rng(SEED)

    def walk(n: int) -> float:
        place, day = np.full(n, program.start, dtype=np.int64), np.zeros(n, dtype=np.int64)
        live = np.arange(n)
        while len(live):
            move = np.searchsorted(sums, place[live] + rng.random(len(live)), side="right")
            day[live] += stay[move]
            to = program.target[move].astype(np.int64)
            place[live] = to + np.where(weekly[to], day[live] % 7, 0)
            live = live[~closed[place[live]]]
        return float(day.mean())

    return walk


def _plain(program: Program) -> made.Walk:
    rows = made.Rows.of(program)

    def walk(n: int) -> float:
        total = 0
        for _ in range(n):
            place, day = rows.start, 0
            while not rows.closed[place]:
                place, spent = rows.move(place, day)
                day += spent
            total += day
        return total / n

    return walk


# ---- the contenders --------------------------------------------------------------------------------------------------
@frozen
class Walker:
    """A way to walk paths: its name, how it is made, how many paths it walks at a time, what it needs, and what it leaves.

    Attributes:
        name: What it is called in the table.
        make: Takes a program, and returns the walk.
        paths: How many paths it walks at a time.
        needs: The module that it needs; None where it needs none but ours.
        note: What a reader has to know to compare it.
        apart: Whether it runs in a Python of its own.
    """

    name: str
    make: Callable[[Program], made.Walk]
    paths: int
    needs: str | None = None
    note: str = ""
    apart: bool = False

    @property
    def is_there(self) -> bool:
        """Whether what it needs is installed."""
        if self.needs is None:
            return True
        return elsewhere.has(self.needs) if self.apart else find_spec(self.needs) is not None


def _apart(name: str, title: str, paths: int, note: str) -> Walker:
    return Walker(title, elsewhere.walker(name), paths, name, note, apart=True)


WALKERS: Final = (
    Walker("ours: lanes, 3 bytes a path", _ours, 1_000_000),
    Walker("ours: the full log", _log, 200_000),
    Walker("numpy as most people write it", _numpy_by_place, 200_000),
    Walker("numpy, one search for all places", _numpy_at_once, 200_000),
    Walker("plain Python", _plain, 2_000),
    Walker("simpy, a process a case", made.simpy, 500, "simpy"),
    Walker("transitions, a trigger a move", made.transitions, 100, "transitions"),
    Walker("numba, a compiled loop", made.numba, 200_000, "numba"),
)
FOR_CHAINS: Final = (
    Walker("quantecon, and numpy for the days", made.quantecon, 50_000, "quantecon"),
    Walker("python-statemachine, an event a move", made.statemachine, 30, "statemachine"),
    _apart("cimba", "cimba, a process that walks path after path", 200_000, "keeps the sum of days alone"),
    Walker("heormodel, its microsimulation", more.heormodel, 50_000, "heormodel", "keeps the mean alone"),
    Walker("mesa, an object a case", more.mesa, 1_000, "mesa", "a step a move, not a step a day"),
    Walker("salabim, a component a case", more.salabim, 300, "salabim"),
    Walker("ciw, a node a place", more.ciw, 300, "ciw"),
    _apart("pydtmc", "pydtmc, a walk a case, and a number for the days", 500, "knows no days"),
    _apart("pm4py", "pm4py, its stochastic play-out, and a number for the days", 200, "knows no days"),
    _apart("prosimos", "prosimos, an event a place", 200, "its days come from our table: it has families alone"),
)
"""What walks the small chain alone: the fitted program has too many places for it, or asks for the day of the week."""
_PACKAGES: Final = {"statemachine": "python-statemachine"}


def there(several: Sequence[Walker]) -> list[Walker]:
    """Return those whose library is installed."""
    return [one for one in several if one.is_there]


def missing() -> list[str]:
    """Return which neighbours are not installed, as they are called where one installs them."""
    return [
        f"{one.needs} ({elsewhere.VARIABLES[one.needs]} names no Python that has it)" if one.apart
        else _PACKAGES.get(one.needs, one.needs)
        for one in (*WALKERS, *FOR_CHAINS)
        if one.needs is not None and not one.is_there
    ]  # fmt: skip


def timed(walk: made.Walk, n: int) -> tuple[float, float]:
    """Walk so many paths, and return the mean of their days and the CPU seconds, wherever it walked."""
    begun = process_time()
    mean = walk(n)
    return mean, walk.seconds if isinstance(walk, elsewhere.Elsewhere) else process_time() - begun


def ended(walk: made.Walk) -> None:
    """End the Python in which a walk ran, if it had one of its own."""
    if isinstance(walk, elsewhere.Elsewhere):
        walk.close()
