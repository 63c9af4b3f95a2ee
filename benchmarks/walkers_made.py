"""How libraries that simulate walk a program, and the program as lists, as they take it.

They are imported when theirs is made; every one draws a move by one number.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Callable
from importlib import import_module
from itertools import accumulate
from types import new_class
from typing import Any, Final

import numpy as np
from attrs import frozen

from rrm_lifecycle.simulation.program import WHOLE, Program

_SEED: Final = 2026
_MOST: Final = 64
"""Moves that quantecon is asked for; a path of the chain that has more is one in millions."""


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


def simpy(program: Program) -> Walk:
    """Return simpy, with a process for each path."""
    library: Any = import_module("simpy")
    rows = Rows.of(program)

    def walk(n: int) -> float:
        env, ended = library.Environment(), []

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


def _pairs(rows: Rows) -> set[tuple[int, int]]:
    """Return from which place a path may go on to which, the days of the week told apart."""
    return {
        (place, to + day)
        for place, targets in enumerate(rows.target)
        for to in set(targets)
        for day in range(7 if rows.weekly[to] else 1)
    }


def transitions(program: Program) -> Walk:
    """Return ``transitions``, with a trigger for each move; one model for all paths, set back for each."""
    library: Any = import_module("transitions")
    rows = Rows.of(program)

    class Path:
        place: str

        def __init__(self) -> None:
            self.day = 0

    machine = library.Machine(
        None,
        states=[f"p{place}" for place in range(len(rows.closed))],
        initial=f"p{rows.start}",
        auto_transitions=False,
        model_attribute="place",
        transitions=[
            {"trigger": f"to_{to}", "source": f"p{place}", "dest": f"p{to}"} for place, to in sorted(_pairs(rows))
        ],
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


def quantecon(program: Program) -> Walk:
    """Return quantecon for the places, and numpy for the days of each pair of places."""
    library: Any = import_module("quantecon")
    places = len(program.places)
    source = np.repeat(np.arange(places), np.diff(program.offsets))
    closed = program.outcome >= 0
    matrix = np.zeros((places, places))
    np.add.at(matrix, (source, program.target), program.units / WHOLE)
    matrix[closed, closed] = 1.0
    chain = library.MarkovChain(matrix)
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
    rng = np.random.default_rng(_SEED)

    def walk(n: int) -> float:
        walked = chain.simulate_indices(ts_length=_MOST, init=program.start, num_reps=n, random_state=rng)
        here, there = walked[:, :-1].ravel(), walked[:, 1:].ravel()
        open_still = ~closed[here]
        which = number[here[open_still] * places + there[open_still]]
        move = np.searchsorted(sums, which + rng.random(len(which)), side="right")
        return float(stay[np.minimum(move, len(stay) - 1)].sum() / n)

    return walk


def numba(program: Program) -> Walk:
    """Return a loop over paths that numba compiles, one path after the other."""
    library: Any = import_module("numba")
    total = np.concatenate(([0], np.cumsum(program.units)))
    offsets, target, days = program.offsets, program.target.astype(np.int64), program.days.astype(np.int64)
    closed, weekly, start = program.outcome >= 0, program.reads_weekday, program.start

    def several(n: int) -> int:
        spent = 0
        for _ in range(n):
            place, day = start, 0
            while not closed[place]:
                first, last = offsets[place], offsets[place + 1]
                drawn = total[first] + np.random.random() * WHOLE  # noqa: NPY002 - what numba compiles
                move = min(np.searchsorted(total[first + 1 : last + 1], drawn, side="right") + first, last - 1)
                day += days[move]
                place = target[move]
                if weekly[place]:
                    place += day % 7
            spent += day
        return spent

    compiled = library.njit(several)
    return lambda n: float(compiled(n)) / n


def statemachine(program: Program) -> Walk:
    """Return a chart of python-statemachine, with an event a move; one chart for all paths, set back for each."""
    library: Any = import_module("statemachine")
    rows = Rows.of(program)
    places = [library.State(initial=place == rows.start) for place in range(len(rows.closed))]
    body: dict[str, Any] = {
        "__module__": __name__,
        "validate_disconnected_states": False,
        "validate_trap_states": False,
    }
    body |= {f"p{place}": state for place, state in enumerate(places)}
    into: dict[int, Any] = {}
    for source, to in sorted(_pairs(rows)):
        move = places[source].to(places[to])
        into[to] = move if to not in into else into[to] | move
    body |= {f"to_{to}": moves for to, moves in into.items()}
    kind = new_class("Chart", (library.StateMachine,), exec_body=lambda space: space.update(body))
    chart: Any = kind()
    first = chart.current_state_value

    def walk(n: int) -> float:
        total = 0
        for _ in range(n):
            chart.current_state_value = first
            place, day = rows.start, 0
            while not rows.closed[place]:
                place, spent = rows.move(place, day)
                day += spent
                chart.send(f"to_{place}")
            total += day
        return total / n

    return walk
