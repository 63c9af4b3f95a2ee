"""The shares of a simulation on the map: which part of the paths goes each way, and how each of them closes."""

from __future__ import annotations

from typing import Final

import attrs
import numpy as np

from rrm_lifecycle.case.engine import ROW_BY_ID
from rrm_lifecycle.law.annexes import ANNEX_31A
from rrm_lifecycle.law.stages import Closing, Stage
from rrm_lifecycle.law.wording import label
from rrm_lifecycle.simulation.eventlog import log_of
from rrm_lifecycle.simulation.results import MOST_LOGGED, Simulation
from rrm_lifecycle.views.map.content import Map, Pair, of_table, percent, weighted
from rrm_lifecycle.views.map.words import say

_TOLD: Final = 6


def shares_of(simulation: Simulation) -> dict[Pair, float]:
    """Return the share of paths that go each way at least once, counted on the first 100,000 of them.

    An act that moves no stage goes no way.

    Example:
        >>> from rrm_lifecycle.simulation.montecarlo import simulate
        >>> shares = shares_of(simulate(n=500, seed=1))
        >>> round(sum(share for (_, other), share in shares.items() if other is Stage.CLOSED), 6)
        1.0
    """
    program, stages = simulation.program, tuple(Stage)
    counted = min(simulation.n, MOST_LOGGED)
    log = log_of(program, simulation.seed, 0, counted, simulation.start.weekday())
    stage = np.array([stages.index(place.stage) for place in program.places])
    leads = np.array([ROW_BY_ID[name].to is not None for name in program.rules])
    before, _ = log.before()
    moved = leads[log.rule]
    pairs = stage[before[moved]] * len(stages) + stage[log.place[moved]]
    once = np.unique(log.path[moved] * len(stages) ** 2 + pairs) % len(stages) ** 2
    numbers, counts = np.unique(once, return_counts=True)
    return {
        (stages[number // len(stages)], stages[number % len(stages)]): count / counted
        for number, count in zip(numbers.tolist(), counts.tolist(), strict=True)
    }


def of_simulation(simulation: Simulation, language: str) -> Map:
    """Return the map of a simulation."""
    case = simulation.from_case
    annex = ANNEX_31A if case is None else case.annex
    shares = shares_of(simulation)
    endings = {Closing(row["closing"]): row["share"] for row in simulation.outcomes(by="closing")}
    shown = weighted(of_table(annex, simulation.context.reading, language), shares, endings)
    most = sorted(shares.items(), key=lambda item: -item[1])[:_TOLD]
    told = "; ".join(
        say("edge_alt", language, one=label(one, language), other=label(other, language), share=percent(share))
        for (one, other), share in most
    )
    key = "simulation_sub" if simulation.n <= MOST_LOGGED else "simulation_sub_part"
    words = {
        "n": f"{simulation.n:,}",
        "start": simulation.start,
        "seed": simulation.seed,
        "counted": f"{MOST_LOGGED:,}",
    }
    return attrs.evolve(
        shown,
        title=say("simulation", language, annex=annex.name),
        subtitle=say(key, language, **words),
        alt=say("simulation_alt", language, n=f"{simulation.n:,}", annex=annex.name, edges=told),
        start=Stage.ASSESSMENT if case is None else case.stage,
    )
