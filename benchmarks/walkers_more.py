"""How more libraries walk a program: objects that step, queues, coroutines, and a microsimulation of all paths at once.

As those of ``walkers_made``: imported when theirs is made, and a move is drawn by one number.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from importlib import import_module
from itertools import count
from types import new_class
from typing import Any, Final

import numpy as np

from benchmarks.walkers_made import Rows, Walk
from rrm_lifecycle.simulation.program import WHOLE, Program

_SEED: Final = 2026
_LONG: Final = 1e9
"""A time beyond which no path walks."""


# ---- mesa ------------------------------------------------------------------------------------------------------------
def mesa(program: Program) -> Walk:
    """Return mesa, with an object for each path: all that walk still make a move a step, as its models have it."""
    library: Any = import_module("mesa")
    rows = Rows.of(program)

    def begin(path: Any, model: Any) -> None:  # noqa: ANN401 - of mesa
        library.Agent.__init__(path, model)
        path.place, path.day = rows.start, 0

    def move(path: Any) -> None:  # noqa: ANN401 - likewise
        path.place, spent = rows.move(path.place, path.day)
        path.day += spent
        if rows.closed[path.place]:
            path.model.total += path.day
            path.remove()

    kind: Any = new_class("Path", (library.Agent,), exec_body=lambda space: space.update(__init__=begin, move=move))

    def walk(n: int) -> float:
        model = library.Model(seed=random.getrandbits(32))  # mesa draws by a generator of its own; the moves by ours
        model.total = 0
        kind.create_agents(model, n)
        while len(model.agents):
            model.agents.do("move")
        return float(model.total) / n

    return walk


# ---- ciw -------------------------------------------------------------------------------------------------------------
def ciw(program: Program) -> Walk:
    """Return ciw, with a node for each place and servers without end: the move is drawn with the days, and routed by."""
    library: Any = import_module("ciw")
    rows = Rows.of(program)
    open_places = [place for place, closed in enumerate(rows.closed) if not closed]
    number = {place: at for at, place in enumerate(open_places, 1)}

    def sample(self: Any, t: Any = None, ind: Any = None) -> float:  # noqa: ANN401, ARG001 - as ciw calls it
        ind.to, spent = rows.move(self.place, 0)
        return float(spent)

    def at(place: int) -> Any:  # noqa: ANN401 - a distribution of ciw
        kind: Any = new_class(
            "Stay", (library.dists.Distribution,), exec_body=lambda space: space.update(sample=sample)
        )
        stay = kind()
        stay.place = place
        return stay

    def next_node(self: Any, ind: Any) -> Any:  # noqa: ANN401 - of ciw
        return self.simulation.nodes[number.get(ind.to, -1)]

    router: Any = new_class(
        "Onward", (library.routing.NodeRouting,), exec_body=lambda space: space.update(next_node=next_node)
    )

    def walk(n: int) -> float:
        first = number[rows.start]
        network = library.create_network(
            arrival_distributions=[
                library.dists.Sequential([0.0, _LONG]) if node == first else None for node in number.values()
            ],
            batching_distributions=[library.dists.Deterministic(n) for _ in number],
            service_distributions=[at(place) for place in open_places],
            number_of_servers=[float("inf")] * len(number),
            routing=library.routing.NetworkRouting(routers=[router() for _ in number]),
        )
        simulation = library.Simulation(network)
        simulation.simulate_until_max_customers(n, method="Finish")
        left: dict[int, float] = {}
        for record in simulation.get_all_records():
            left[record.id_number] = max(record.exit_date, left.get(record.id_number, 0.0))
        return float(sum(left.values())) / n

    return walk


# ---- salabim ---------------------------------------------------------------------------------------------------------
def salabim(program: Program) -> Walk:
    """Return salabim, with a component for each path; without its trace, and with generators as its pages write them."""
    library: Any = import_module("salabim")
    rows = Rows.of(program)
    ended: list[float] = []

    def process(self: Any) -> Iterator[Any]:  # noqa: ANN401 - of salabim
        place = rows.start
        while not rows.closed[place]:
            place, spent = rows.move(place, int(self.env.now()))
            yield self.hold(spent)
        ended.append(self.env.now())

    kind: Any = new_class("Path", (library.Component,), exec_body=lambda space: space.update(process=process))

    def walk(n: int) -> float:
        ended.clear()
        env = library.Environment(trace=False, random_seed="*", yieldless=False)
        for _ in range(n):
            kind(env=env)
        env.run()
        return float(sum(ended)) / n

    return walk


# ---- heormodel -------------------------------------------------------------------------------------------------------
def heormodel(program: Program) -> Walk:
    """Return heormodel's microsimulation on its continuous clock: all paths at once, a move a turn, its clock the days."""
    library: Any = import_module("heormodel.models")
    pandas: Any = import_module("pandas")
    places = len(program.places)
    source = np.repeat(np.arange(places), np.diff(program.offsets))
    total = np.cumsum(program.units)
    before = np.concatenate(([0], total))[program.offsets[:-1]]
    sums = source + (total - before[source]) / WHOLE
    closed, stay = program.outcome >= 0, program.days.astype(np.float64)

    def times(_: object, __: str, state: Any, ___: object, rng: Any) -> Any:  # noqa: ANN401 - as it is called
        found = np.full((len(state), places), np.inf)
        live = np.flatnonzero(~closed[state])
        move = np.searchsorted(sums, state[live] + rng.random(len(live)), side="right")
        found[live, program.target[move]] = stay[move]
        return found

    def days(_: object, __: str, state: Any, ___: object) -> Any:  # noqa: ANN401 - as it is called
        walking = (~closed[state]).astype(np.float64)
        return np.zeros(len(state)), walking  # what it adds up is the days before the end

    engine_of: Any = library.MicrosimModel.continuous
    seeds: Any = import_module("heormodel.run").SeedManager
    draws = pandas.DataFrame({"none": [0.0]}, index=pandas.RangeIndex(1, name="iteration"))
    turn = count(_SEED)

    def walk(n: int) -> float:
        engine = engine_of(
            states=tuple(f"p{place}" for place in range(places)),
            event_times=times,
            state_reward_rates=days,
            interventions=["as it is"],
            horizon=_LONG,
            population=n,
            discount_rate=0.0,
            initial_state=program.start,
        )
        found = engine.evaluate_streamed(draws, streams=seeds(next(turn))).outcomes
        return float(found.data[found.effect].to_numpy().mean())

    return walk
