"""The verbs of the shell over simulation: one function each, which returns the exit status."""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from time import perf_counter
from typing import TYPE_CHECKING, Any

from rrm_lifecycle.cli.saying import language_of, say, say_json
from rrm_lifecycle.cli.sources import Kind, docket_of, kind_of, load, progress
from rrm_lifecycle.errors import EventError
from rrm_lifecycle.simulation.behaviour import Behaviour
from rrm_lifecycle.simulation.forecasting import forecast as forecast_of
from rrm_lifecycle.simulation.gallery import gallery
from rrm_lifecycle.simulation.montecarlo import simulate as simulate_paths
from rrm_lifecycle.simulation.scenarios import compare as compare_with
from rrm_lifecycle.simulation.sensitivity import sensitivity as sensitivity_of

if TYPE_CHECKING:
    import argparse

    from rrm_lifecycle.simulation.tables import Tabular


def _behaviour(chosen: argparse.Namespace) -> Behaviour | None:
    return Behaviour.load(chosen.behaviour) if chosen.behaviour else None


def _tell(found: Tabular, chosen: argparse.Namespace, started: float, **more: Any) -> int:  # noqa: ANN401 - JSON
    if chosen.json:
        say_json({**more, "rows": found.rows()})
    else:
        say(str(found))
    if sys.stderr.isatty() and not chosen.quiet:
        print(f"{perf_counter() - started:.2f} s", file=sys.stderr)
    return 0


def simulate(chosen: argparse.Namespace) -> int:
    """Walk many paths, and tell how and when they close."""
    language_of(chosen)
    started = perf_counter()
    if chosen.workers < 1:
        msg = f"--workers is a number of processes, at least 1; found {chosen.workers}"
        raise EventError(msg)
    pool = ProcessPoolExecutor(chosen.workers) if chosen.workers > 1 else nullcontext()
    with pool as executor:
        run = simulate_paths(
            _behaviour(chosen),
            n=chosen.n,
            seed=chosen.seed,
            start=chosen.start,
            executor=executor,
            progress=progress("simulating"),
        )
    if chosen.save:
        run.save(chosen.save)
    if not chosen.json:
        return _tell(run, chosen, started)
    days = run.durations()
    return _tell(
        run.outcomes(),
        chosen,
        started,
        n=run.n,
        seed=run.seed,
        digest=run.digest,
        days={"mean": days.mean, "quantiles": days.quantile([0.1, 0.25, 0.5, 0.75, 0.9]).rows()},
    )


def forecast(chosen: argparse.Namespace) -> int:
    """Say where a case goes from where it stood on a day, and how long that takes."""
    language_of(chosen)
    started = perf_counter()
    if kind_of(chosen.source) is Kind.HISTORIES:
        subject: Any = load(chosen.source)[chosen.case]
    else:
        with docket_of(chosen.source) as docket:
            subject = docket.case(chosen.case)
    found = forecast_of(subject, _behaviour(chosen), today=chosen.today, progress=progress("forecasting"))
    if not chosen.json:
        return _tell(found, chosen, started)
    days: Any = found.quantile([0.1, 0.5, 0.9])
    return _tell(found.outcomes(), chosen, started, next=found.next_acts().rows(), days=days.rows())


def compare(chosen: argparse.Namespace) -> int:
    """Compare what people do with the scenarios of the gallery, path by path."""
    language_of(chosen)
    started = perf_counter()
    base = _behaviour(chosen)
    scenarios = gallery(base)
    if chosen.scenario:
        for name in chosen.scenario:
            if name not in scenarios:
                msg = f"there is no scenario {name!r}: choose of {', '.join(scenarios)}"
                raise EventError(msg)
        scenarios = {name: scenarios[name] for name in chosen.scenario}
    found = compare_with(base, n=chosen.n, seed=chosen.seed, progress=progress("comparing"), **scenarios)
    return _tell(found, chosen, started)


def sensitivity(chosen: argparse.Namespace) -> int:
    """Say which doubt about the text matters, and which does not."""
    language_of(chosen)
    started = perf_counter()
    found = sensitivity_of(_behaviour(chosen), of=chosen.of, progress=progress("flipping"))
    return _tell(found, chosen, started)
