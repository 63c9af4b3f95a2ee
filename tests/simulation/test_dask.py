"""Many workers give the bytes that one gives: pools of processes, and Dask, as on many machines."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from datetime import date
from multiprocessing import get_context
from typing import Any

import numpy as np
import pytest

from rrm_lifecycle.errors import SimulationError
from rrm_lifecycle.simulation.lanes import run
from rrm_lifecycle.simulation.montecarlo import simulate
from rrm_lifecycle.simulation.results import Simulation
from tests.simulation.programs import at_random, chain, weekdays

distributed = pytest.importorskip("distributed", reason="distributed is not installed")

N = 30_011
"""A prime: no size of blocks but one path at a time cuts it evenly."""
SEED = 2026
START = date(2024, 3, 13)


@pytest.fixture(scope="module")
def serial() -> Simulation:
    """Return paths of the default behaviour, walked here."""
    return simulate(n=N, seed=SEED, start=START)


@contextmanager
def _two_workers() -> Iterator[Any]:
    """Give a Dask cluster of two processes that listens on this machine alone."""
    with distributed.LocalCluster(
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        silence_logs=logging.CRITICAL,  # what it says of workers that come and go
    ) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Give a cluster of two workers."""
    with _two_workers() as found:
        assert found.scheduler_address.startswith("tcp://127.0.0.1:")
        assert {one["host"] for one in found.scheduler_info["workers"].values()} == {"127.0.0.1"}
        yield found


@pytest.fixture(scope="module")
def dask(cluster: Any) -> Iterator[Executor]:
    """Give the executor of the cluster."""
    with distributed.Client(cluster) as client:
        yield client.get_executor(pure=False)


@pytest.fixture(scope="module")
def processes() -> Iterator[Executor]:
    """Give a pool of two processes that are begun from nothing, as they are on Windows and macOS."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        yield pool


@pytest.fixture(params=["dask", "processes"])
def executor(request: pytest.FixtureRequest) -> Executor:
    """Return each executor in turn."""
    found: Executor = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("block", [N, 9_973, 4_096, 777])
def test_the_same_bytes(serial: Simulation, executor: Executor, block: int) -> None:
    """A run is the same to the bit, whoever walks it, and in whatever blocks."""
    found = simulate(n=N, seed=SEED, start=START, executor=executor, block=block)
    assert found.outcome.tobytes() == serial.outcome.tobytes()
    assert found.days.tobytes() == serial.days.tobytes()
    assert found.digest == serial.digest
    assert found.recipe == serial.recipe


@pytest.mark.parametrize("program", [chain(), weekdays(), at_random(5, weekly=True)])
def test_the_same_counts(executor: Executor, program: Any) -> None:
    """Counts alone, which take no memory by the path, are the same too."""
    here = run(program, N, SEED, block=N, weekday=2, keep="counts")
    there = run(program, N, SEED, block=5_001, weekday=2, keep="counts", executor=executor)
    assert np.array_equal(there.counts, here.counts)
    assert there.counts.sum() == N
    assert there.outcome is None


def test_progress_ends_with_all(executor: Executor) -> None:
    """Progress is told in the order of the blocks, whichever is done first."""
    told: list[int] = []
    simulate(n=5_000, seed=1, block=1_234, executor=executor, progress=lambda done, _: told.append(done))
    assert told == [1_234, 2_468, 3_702, 4_936, 5_000]


def _die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGTERM if os.name == "nt" else signal.SIGKILL)


class _Dying(Executor):
    """An executor one of whose workers is killed at the third block."""

    def __init__(self, inner: Executor) -> None:
        self.inner = inner
        self.given = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Hand a block on; the third one kills its worker."""
        self.given += 1
        return self.inner.submit(_die if self.given == 3 else fn, *args, **kwargs)


def test_a_pool_that_dies() -> None:
    """Where a process is killed in the middle there is an error that names what broke, and no result."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        dying = _Dying(pool)
        with pytest.raises(SimulationError, match=r"did not finish: BrokenProcessPool.*nothing was kept") as caught:
            simulate(n=8_000, seed=SEED, block=1_000, executor=dying)
    assert isinstance(caught.value.__cause__, BrokenProcessPool)
    assert dying.given >= 3


def test_a_dask_worker_that_dies() -> None:
    """Where a worker of Dask is killed in the middle there is an error as well, and no result."""
    with _two_workers() as cluster, distributed.Client(cluster) as client:
        # Dask gives a block to another worker where one died. Of the block that kills them, it gives up at the first.
        cluster.scheduler.allowed_failures = 0
        dying = _Dying(client.get_executor(pure=False))
        with pytest.raises(SimulationError, match=r"did not finish: KilledWorker.*nothing was kept"):
            simulate(n=8_000, seed=SEED, block=1_000, executor=dying)


def test_a_client_that_is_gone(cluster: Any) -> None:
    """An executor whose client was closed gives an error, and no result."""
    client = distributed.Client(cluster)
    gone = client.get_executor(pure=False)
    client.close()
    with pytest.raises(SimulationError, match="did not finish"):
        simulate(n=1_000, seed=SEED, executor=gone)
