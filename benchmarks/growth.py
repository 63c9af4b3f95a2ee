"""Growth: what each kind of work costs at more and more, the fitted exponent, and paths on several workers.

An exponent of 1 is linear, of 0 a cost that does not grow. That of the last step tells best where it leads: at the small
end, what is fixed bends the line.
"""

from __future__ import annotations

import gc
import logging
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from importlib.util import find_spec
from itertools import chain as chain_of
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.dockets import TODAY, fill, opener
from benchmarks.lifecycle import ACTS
from benchmarks.scaling import TIMES, Point, curves, point, told
from benchmarks.walkers import SEED, chain, fitted
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.simulation.draws import key_of
from rrm_lifecycle.simulation.lanes import log, run


# ---- each kind of work -----------------------------------------------------------------------------------------------
def _dockets(sizes: Sequence[int]) -> Iterator[tuple[str, Point]]:
    """Yield verification, and the opening of a case of 50 entries, in dockets of so many entries."""
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "docket.db")
            entries = fill(path, 1, remarks=49 - len(ACTS), name="wanted")
            entries += fill(path, (size - entries) // (len(ACTS) + 1))
            open_it, close = opener(path, "wanted-0")
            yield "opening a case of 50 entries, by entries held", point(entries, open_it)
            close()
            with Docket.open(path, verify="no") as docket:
                yield "verify, by entries", point(entries, docket.verify)


def _agendas(sizes: Sequence[int]) -> Iterator[tuple[str, Point]]:
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "docket.db")
            fill(path, size, acts=2)
            with Docket.open(path, verify="no") as docket:
                yield "agenda, by open cases", point(size, lambda docket=docket: docket.agenda(TODAY))  # type: ignore[misc]


def _paths(sizes: Sequence[int]) -> Iterator[tuple[str, Point]]:
    for n in sizes:
        yield "simulate, by paths of the chain", point(n, lambda n=n: run(chain(), n, SEED))  # type: ignore[misc]


def _logs(sizes: Sequence[int]) -> Iterator[tuple[str, Point]]:
    for n in sizes:
        yield "log, by paths of the chain", point(n, lambda n=n: log(chain(), np.arange(n), key_of(SEED)))  # type: ignore[misc]


def growth(*, quick: bool) -> tuple[str, dict[str, Any]]:
    """Measure each kind of work at sizes a decade apart; the sizes are a tenth with ``quick``."""
    part = 10 if quick else 1
    found = curves(
        chain_of(
            _dockets([size // part for size in (1_000, 10_000, 100_000)]),
            _agendas([size // part for size in (100, 1_000, 10_000)]),
            _paths([size // part for size in (10_000, 100_000, 1_000_000, 10_000_000)]),
            _logs([size // part for size in (1_000, 10_000, 100_000, 1_000_000)]),
        )
    )
    return told("Cost against size", found)


# ---- several workers -------------------------------------------------------------------------------------------------
def missing() -> list[str]:
    """Return which libraries are not installed, as they are called where one installs them."""
    return [] if find_spec("distributed") else ["distributed"]


@contextmanager
def _serial() -> Iterator[None]:
    yield None


@contextmanager
def _pool() -> Iterator[Executor]:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        yield pool


@contextmanager
def _dask() -> Iterator[Executor]:
    import distributed  # noqa: PLC0415 - where it is installed

    dask: Any = distributed  # which is untyped
    with (
        dask.LocalCluster(
            host="127.0.0.1",  # the default listens on every address of the machine
            dashboard_address="127.0.0.1:0",
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            silence_logs=logging.CRITICAL,
        ) as cluster,
        dask.Client(cluster) as client,
    ):
        yield client.get_executor(pure=False)


def workers(*, quick: bool, longest: float = 180.0) -> tuple[str, dict[str, Any]]:
    """Measure paths of the fitted program here, in a pool of two processes, and with two Dask workers.

    Args:
        quick: Up to a million paths, once each.
        longest: Seconds that a hundred million paths may take with all contenders; else they are left out.
    """
    sizes = (100_000, 1_000_000) if quick else (100_000, 1_000_000, 10_000_000, 100_000_000)
    rows: list[dict[str, Any]] = []
    with ExitStack() as stack:
        ways: dict[str, Executor | None] = {
            "here": stack.enter_context(_serial()),
            "pool of 2 processes": stack.enter_context(_pool()),
        }
        if find_spec("distributed"):
            ways["Dask, 2 workers"] = stack.enter_context(_dask())
        for executor in ways.values():
            run(fitted(), 100_000, SEED, executor=executor, block=2_000)  # so that each worker has begun
        spent = 0.0
        for n in sizes:
            if n > 10_000_000 and spent * 10 > longest:
                break
            rounds = 1 if quick or n > 10_000_000 else TIMES
            begun = time.perf_counter()
            rows += _several(n, ways, rounds)
            spent = (time.perf_counter() - begun) / rounds
    lines = ["### Paths of the fitted program on several workers", ""]
    lines += [
        "| paths | where | seconds | as fast as here | peak MB in the asking process |",
        "| ---: | --- | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {row['n']:,} | {row['where']} | {row['seconds']:.2f} | {row['ratio']:.2f} | {row['peak'] / 1e6:.1f} |"
        for row in rows
    ]
    return "\n".join(lines), {"rows": rows}


def _several(n: int, ways: Mapping[str, Executor | None], rounds: int) -> list[dict[str, Any]]:
    """Return a row for each way, all in turn; refuse bytes that differ."""
    spent: dict[str, list[float]] = {name: [] for name in ways}
    peaks, digests = dict.fromkeys(ways, 0), set()
    for _ in range(rounds):
        for name, executor in ways.items():
            gc.collect()
            tracemalloc.start()  # numpy's arrays are counted, at a few calls a block
            begun = time.perf_counter()
            found = run(fitted(), n, SEED, executor=executor, block=min(1_000_000, n // 4))
            spent[name].append(time.perf_counter() - begun)
            peaks[name] = max(peaks[name], tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
            digest = sha256()
            for one in (found.outcome, found.days):
                digest.update(b"" if one is None else one.data)
            digests.add(digest.hexdigest())
    if len(digests) != 1:
        msg = f"{n:,} paths of one seed differ between {', '.join(ways)}"
        raise RuntimeError(msg)
    here = spent["here"]
    return [
        {
            "n": n,
            "where": name,
            "seconds": statistics.median(several),
            "ratio": statistics.median(one / other for one, other in zip(here, several, strict=True)),
            "peak": peaks[name],
        }
        for name, several in spent.items()
    ]
