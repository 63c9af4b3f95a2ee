"""Programs, and how people walk them: ours, numpy, plain Python, and libraries that simulate.

Every contender walks the same program and draws a move by one number, so that none is slowed by how it is given the law.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import find_spec
from itertools import accumulate
from math import erf, log, sqrt
from typing import Any, Final

import numpy as np
from attrs import frozen

from rrm_lifecycle.law.stages import Closing, Phase, Stage
from rrm_lifecycle.simulation.behaviour import Behaviour
from rrm_lifecycle.simulation.draws import key_of
from rrm_lifecycle.simulation.lanes import log as lanes_log
from rrm_lifecycle.simulation.montecarlo import program_of, walked
from rrm_lifecycle.simulation.program import WHOLE, Place, Program

SEED: Final = 2026
_MOST: Final = 64
"""Moves that quantecon is asked for; a path of the chain that has more is one in millions."""

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
            Place(stages[one], phases[one % len(phases)], ends[number_of_end[one]][0] if closed[one] else None)
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


@cache
def fitted() -> Program:
    """Return the program of the behaviour fitted to the shipped histories."""
    return program_of(Behaviour.default())


# ---- how others walk it ----------------------------------------------------------------------------------------------
@frozen
class Rows:
    """A program as lists: for each place the sums of its shares, and the target and the days of each of its moves."""

    sums: list[list[float]]
    target: list[list[int]]
    days: list[list[int]]
    weekly: list[bool]
    closed: list[bool]
    start: int

    @classmethod
    def of(cls, program: Program) -> Rows:
        """Return the lists of a program."""
        cuts = program.offsets[1:-1]
        return cls(
            [list(accumulate(part / WHOLE)) for part in np.split(program.units, cuts)],
            [part.tolist() for part in np.split(program.target, cuts)],
            [part.tolist() for part in np.split(program.days, cuts)],
            program.reads_weekday.tolist(),
            (program.outcome >= 0).tolist(),
            program.start,
        )

    def move(self, place: int, day: int) -> tuple[int, int]:
        """Return where a path goes on, and its days there."""
        move = min(bisect_right(self.sums[place], random.random()), len(self.sums[place]) - 1)  # noqa: S311 - a draw
        spent, to = self.days[place][move], self.target[place][move]
        return (to + (day + spent) % 7 if self.weekly[to] else to), spent


Walk = Callable[[int], float]
"""Walks so many paths, and returns the mean of their days."""


def _ours(program: Program) -> Walk:
    def walk(n: int) -> float:
        return float(walked(program, n, SEED, 0)[1].mean())

    return walk


def _log(program: Program) -> Walk:
    def walk(n: int) -> float:
        found = lanes_log(program, np.arange(n), key_of(SEED))
        return float(found.day[found.offsets[1:] - 1].mean())

    return walk


def _numpy_by_place(program: Program) -> Walk:
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


def _numpy_at_once(program: Program) -> Walk:
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


def _plain(program: Program) -> Walk:
    rows = Rows.of(program)

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


def _simpy(program: Program) -> Walk:
    import simpy  # noqa: PLC0415 - where it is installed

    rows = Rows.of(program)

    def walk(n: int) -> float:
        env, ended = simpy.Environment(), []

        def case() -> Any:  # noqa: ANN401 - a process of simpy
            place = rows.start
            while not rows.closed[place]:
                place, spent = rows.move(place, int(env.now))
                yield env.timeout(spent)
            ended.append(env.now)

        for _ in range(n):
            env.process(case())
        env.run()
        return float(sum(ended)) / n

    return walk


def _transitions(program: Program) -> Walk:
    from transitions import Machine  # noqa: PLC0415 - as the others

    rows = Rows.of(program)
    pairs = {
        (place, to + day)
        for place, targets in enumerate(rows.target)
        for to in set(targets)
        for day in range(7 if rows.weekly[to] else 1)
    }

    class Path:
        place: str

        def __init__(self) -> None:
            self.day = 0

    machine = Machine(
        None,
        states=[f"p{place}" for place in range(len(rows.closed))],
        initial=f"p{rows.start}",
        auto_transitions=False,
        model_attribute="place",
        transitions=[{"trigger": f"to_{to}", "source": f"p{place}", "dest": f"p{to}"} for place, to in sorted(pairs)],
    )

    path: Any = Path()
    machine.add_model(path)  # one for all paths: to register one for each costs the time of a path

    def walk(n: int) -> float:
        total = 0
        for _ in range(n):
            machine.set_state(f"p{rows.start}", path)
            path.day = 0
            while not rows.closed[place := int(path.place[1:])]:
                to, spent = rows.move(place, path.day)
                path.day += spent
                path.trigger(f"to_{to}")
            total += path.day
        return total / n

    return walk


def _quantecon(program: Program) -> Walk:
    """Return quantecon for the places, and numpy for the days of each pair of places."""
    import quantecon  # noqa: PLC0415 - as the others

    places = len(program.places)
    source = np.repeat(np.arange(places), np.diff(program.offsets))
    closed = program.outcome >= 0
    matrix = np.zeros((places, places))
    np.add.at(matrix, (source, program.target), program.units / WHOLE)
    matrix[closed, closed] = 1.0
    chain = quantecon.MarkovChain(matrix)
    pair = source * places + program.target
    order = np.argsort(pair, kind="stable")
    total = np.cumsum(program.units[order])
    of_pair = dict.fromkeys(pair[order].tolist())
    number = np.full(places * places, -1)
    number[list(of_pair)] = np.arange(len(of_pair))
    weights = np.bincount(number[pair], weights=program.units)
    begins = np.concatenate(([0], np.cumsum(weights)[:-1]))
    which = number[pair[order]]
    sums = which + (total - begins[which]) / weights[which]
    stay = program.days[order].astype(np.int64)
    rng = np.random.default_rng(SEED)

    def walk(n: int) -> float:
        walked = chain.simulate_indices(ts_length=_MOST, init=program.start, num_reps=n, random_state=rng)
        here, there = walked[:, :-1].ravel(), walked[:, 1:].ravel()
        open_still = ~closed[here]
        which = number[here[open_still] * places + there[open_still]]
        move = np.searchsorted(sums, which + rng.random(len(which)), side="right")
        return float(stay[np.minimum(move, len(stay) - 1)].sum() / n)

    return walk


# ---- the contenders --------------------------------------------------------------------------------------------------
@frozen
class Walker:
    """A way to walk paths: its name, how it is made, how many paths it walks at a time, and what it needs."""

    name: str
    make: Callable[[Program], Walk]
    paths: int
    needs: str | None = None


WALKERS: Final = (
    Walker("ours: lanes, 3 bytes a path", _ours, 1_000_000),
    Walker("ours: the full log", _log, 200_000),
    Walker("numpy as most people write it", _numpy_by_place, 200_000),
    Walker("numpy, one search for all places", _numpy_at_once, 200_000),
    Walker("plain Python", _plain, 2_000),
    Walker("simpy, a process a case", _simpy, 500, "simpy"),
    Walker("transitions, a trigger a move", _transitions, 100, "transitions"),
)
FOR_CHAINS: Final = Walker("quantecon, and numpy for the days", _quantecon, 50_000, "quantecon")


def missing() -> list[str]:
    """Return which neighbours are not installed."""
    return [one.needs for one in (*WALKERS, FOR_CHAINS) if one.needs is not None and find_spec(one.needs) is None]
