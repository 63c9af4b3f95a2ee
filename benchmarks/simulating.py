"""Simulation: paths a CPU second, exact answers, the first million paths, and what shared draws save."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.harness import Contender, Figure, as_json, figures_of, race
from benchmarks.walkers import FOR_CHAINS, SEED, WALKERS, Walker, chain, ended, fitted, missing, there, timed
from rrm_lifecycle.simulation.behaviour import Behaviour
from rrm_lifecycle.simulation.draws import key_of
from rrm_lifecycle.simulation.exact import solve
from rrm_lifecycle.simulation.lanes import log
from rrm_lifecycle.simulation.montecarlo import walked
from rrm_lifecycle.simulation.program import WHOLE, Program
from rrm_lifecycle.simulation.scenarios import MEAN, compare, gallery

_SIGMAS: Final = 6.0
"""How far a contender's mean may lie from the exact one, in standard errors."""


# ---- paths a CPU second ----------------------------------------------------------------------------------------------
def _race(program: Program, walkers: Sequence[Walker], rounds: int, least: float) -> list[Figure]:
    """Return microseconds of CPU a path, in interleaved rounds; a contender off the exact mean is refused."""
    exact, made = solve(program), {}
    spent: dict[str, list[float]] = {one.name: [] for one in walkers}
    try:
        for one in walkers:
            made[one.name] = walk = one.make(program)
            off = abs(walk(one.paths) - exact.mean()) / (exact.variance() / one.paths) ** 0.5
            if off > _SIGMAS:
                msg = f"{one.name} walks another program: its mean is {off:.1f} standard errors off the exact one"
                raise RuntimeError(msg)
        gc.collect()
        gc.freeze()  # what other suites left behind is not looked through again while a neighbour makes objects
        for turn in range(rounds):
            shift = turn % len(walkers)
            for one in (*walkers[shift:], *walkers[:shift]):
                times, used = 0, 0.0
                while used < least or not times:
                    used += timed(made[one.name], one.paths)[1]
                    times += 1
                spent[one.name].append(used / times / one.paths * 1e6)
    finally:
        gc.unfreeze()
        for each in made.values():
            ended(each)
    return figures_of(spent, {one.name: one.note for one in walkers})


def speeds(title: str, figures: list[Figure]) -> str:
    """Return figures as paths a CPU second; the last column is how many times as fast ours is."""
    noted = any(one.note for one in figures)
    lines = [f"### {title}", "", "| contender | paths a CPU second, median | quartiles | ours is … times as fast |"]
    lines.append("| --- | ---: | ---: | ---: |")
    if noted:
        lines[2:] = [f"{lines[2]} what to know |", f"{lines[3]} --- |"]
    for one in figures:
        median, low, high = (_short(1e6 / value) for value in (one.median, one.high, one.low))
        row = f"| {one.name} | {median} | {low} to {high} | {_times(one.ratio)} |"
        lines.append(f"{row} {one.note} |" if noted else row)
    return "\n".join(lines)


def _times(ratio: float) -> str:
    """Return a ratio with three figures that count, in whole numbers from a hundred on."""
    return f"{float(f'{ratio:.3g}'):,.0f}" if ratio >= 100 else f"{ratio:.3g}"


def _short(value: float) -> str:
    for size, unit in ((1e6, " M"), (1e3, " k")):
        if value >= size:
            return f"{value / size:.3g}{unit}"
    return f"{value:.3g}"


def paths(rounds: int, *, quick: bool) -> tuple[str, dict[str, Any]]:
    """Measure paths a CPU second, on the chain of twelve places and on the fitted program."""
    few, least = max(3, rounds // 3), 0.05 if quick else 0.2
    on_chain = _race(chain(), there((*WALKERS, *FOR_CHAINS)), few, least)
    on_fitted = _race(fitted(), there(WALKERS), few, least)
    n = 100_000
    whole = log(chain(), np.arange(n), key_of(SEED))
    room = {
        "summary": 3.0,
        "log": sum(one.nbytes for one in whole) / n,
    }
    text = [
        speeds("Paths of the chain of twelve places", on_chain),
        speeds(
            f"Paths of the fitted program ({len(fitted().places)} places, {len(fitted().target):,} moves)", on_fitted
        ),
        f"Memory of a path of the chain: {room['summary']:.0f} bytes of summary, {room['log']:.1f} bytes of log.",
    ]
    found = {"chain": as_json(on_chain), "fitted": as_json(on_fitted), "bytes a path": room, "missing": missing()}
    return "\n\n".join(text), found


# ---- exact answers ---------------------------------------------------------------------------------------------------
def _mean_alone(program: Program) -> Callable[[], float]:
    """Return the mean of the days by numpy, as a textbook has it: (I - Q) x = stay."""
    places = len(program.places)
    source = np.repeat(np.arange(places), np.diff(program.offsets))
    share = program.units / WHOLE
    weekly = program.reads_weekday
    target, days = program.target.astype(np.int64), program.days.astype(np.int64)
    # the day of the week is left out, as a textbook would: seven places are one
    first = np.arange(places)
    for start in np.flatnonzero(weekly):
        first[start : start + 7] = start
    keep = first[source] == source

    def mean() -> float:
        matrix = np.eye(places)
        np.subtract.at(matrix, (source[keep], target[keep]), share[keep])
        stay = np.bincount(source[keep], weights=(share * days)[keep], minlength=places)
        return float(np.linalg.solve(matrix, stay)[program.start])

    return mean


def exact(rounds: int) -> list[Figure]:
    """Measure exact answers, in microseconds: the whole distribution of days, by outcome, and where paths stand."""
    return race(
        [
            Contender("numpy, the mean alone by (I - Q)^-1, chain", _mean_alone(chain())),
            Contender("ours: everything, chain", lambda: solve(chain())),
            Contender("numpy, the mean alone by (I - Q)^-1, fitted program", _mean_alone(fitted())),
            Contender("ours: everything, fitted program", lambda: solve(fitted())),
        ],
        rounds=max(3, rounds // 5),
    )


# ---- the first million -----------------------------------------------------------------------------------------------
_CHAIN_OF: Final = "from benchmarks.walkers import chain; from rrm_lifecycle.simulation.lanes import run; "
_PROGRAMS: Final = {
    "a bare interpreter": "pass",
    "import numpy": "import numpy",
    "import the room": "import rrm_lifecycle.simulation.montecarlo",
    "a path of the chain": _CHAIN_OF + "run(chain(), 1, 1)",
    "a million paths of the chain": _CHAIN_OF + "run(chain(), 1_000_000, 1)",
    "a path of the default behaviour": "import rrm_lifecycle as rrm; rrm.simulate(n=1, seed=1)",
    "a million paths of the default behaviour": "import rrm_lifecycle as rrm; rrm.simulate(n=1_000_000, seed=1)",
}


def first(rounds: int) -> list[Figure]:
    """Measure fresh processes, in microseconds: from nothing to a million paths."""
    root = Path(__file__).parents[1]

    def runner(program: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, "-c", program], check=True, cwd=root)  # noqa: S603 - our words

    contenders = [Contender(name, runner(program)) for name, program in _PROGRAMS.items()]
    return race(contenders, rounds=max(2, rounds // 5), least=0)


# ---- what if ---------------------------------------------------------------------------------------------------------
def shared_draws(n: int) -> tuple[str, dict[str, Any]]:
    """Return how many times as many paths a what-if takes without shared draws: the ratio of the two variances."""
    one, other = (walked(program, n, SEED, 0)[1].astype(float) for program in (chain(), chain(plan_again=0.25)))
    rows = [
        ("chain: a plan fails in 25 of 100 verifications, not in 20", (one.var() + other.var()) / (other - one).var())
    ]
    base = Behaviour.default()
    scenarios: dict[str, Any] = dict(gallery(base))
    found = compare(base, n=n, seed=SEED, **scenarios)
    rows += [
        (f"fitted program: {name}", row["saved"])
        for name in found.names
        for row in found.of(name, MEAN)
        if row["saved"] is not None
    ]
    lines = ["### What shared draws save, for the mean of the days", "", "| what if | times as many paths without |"]
    lines.append("| --- | ---: |")
    lines += [f"| {name} | {saved:,.1f} |" for name, saved in rows]
    return "\n".join(lines), {name: float(saved) for name, saved in rows}
