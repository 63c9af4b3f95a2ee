"""A run is what its seed says, whoever walks it; what cannot be run is refused, and nothing is given in part."""

from __future__ import annotations

from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import date, datetime
from typing import Any

import numpy as np
import pytest

from rrm_lifecycle.case.case import Case, evolve
from rrm_lifecycle.case.engine import ROW_BY_ID, decide
from rrm_lifecycle.errors import SimulationError
from rrm_lifecycle.histories.dataset import load
from rrm_lifecycle.record.entry import Entry
from rrm_lifecycle.simulation import scalar
from rrm_lifecycle.simulation.acts import act_of, opening
from rrm_lifecycle.simulation.montecarlo import default_start, program_of, simulate
from rrm_lifecycle.simulation.results import Simulation

SEED = 2026
N = 20_000


@pytest.fixture(scope="module")
def run() -> Simulation:
    """Return paths of the default behaviour."""
    return simulate(n=N, seed=SEED, start=date(2024, 3, 13))


class TestRunning:
    """What is given, and what comes back."""

    def test_same_seed_same_bytes(self, run: Simulation) -> None:
        """The same seed gives the same paths, whatever the block and the executor; another seed gives others."""
        with ThreadPoolExecutor(2) as pool:
            again = simulate(n=N, seed=SEED, start=date(2024, 3, 13), executor=pool, block=3_333)
        assert again.digest == run.digest
        assert simulate(n=N, seed=SEED + 1, start=date(2024, 3, 13)).digest != run.digest

    def test_first_paths_of_a_longer_run(self, run: Simulation) -> None:
        """A run of fewer paths holds the first ones of a longer run."""
        some = simulate(n=1_000, seed=SEED, start=date(2024, 3, 13))
        assert np.array_equal(some.outcome, run.outcome[:1_000])
        assert np.array_equal(some.days, run.days[:1_000])

    def test_equals_one_path_at_a_time(self, run: Simulation) -> None:
        """Outcome and days of a path are those of the scalar reference."""
        for number in (0, 1, 77, N - 1):
            moves = list(scalar.path(run.program, SEED, number, weekday=run.start.weekday()))
            assert run.program.outcome[moves[-1].place] == run.outcome[number]
            assert sum(move.days for move in moves) == run.days[number]

    def test_three_bytes_a_path(self, run: Simulation) -> None:
        """A path takes three bytes, which nobody can write to."""
        assert run.outcome.nbytes + run.days.nbytes == 3 * N
        assert not run.outcome.flags.writeable
        assert not run.days.flags.writeable

    def test_a_seed_is_drawn_and_named(self) -> None:
        """Without a seed one is drawn, the result names it, and it gives the same result again."""
        one, other = simulate(n=200), simulate(n=200)
        assert one.seed != other.seed
        assert simulate(n=200, seed=one.seed).digest == one.digest
        assert 0 <= one.seed < 2**53

    def test_defaults(self) -> None:
        """By default ten thousand paths start on the day of the last look of the shipped histories."""
        found = simulate(seed=1)
        assert found.n == len(found) == 10_000
        assert found.start == default_start() == max(one.as_of for one in load())

    def test_progress_is_told_after_each_block(self) -> None:
        """Progress is told with the paths done and all of them, and ends with all of them."""
        told: list[tuple[int, int]] = []
        simulate(n=1_000, seed=1, block=400, progress=lambda done, n: told.append((done, n)))
        assert told == [(400, 1_000), (800, 1_000), (1_000, 1_000)]

    def test_from_a_case(self) -> None:
        """Paths go on from an open case: its acts stand at the beginning of each of them."""
        case = opening("EXAMPLE-1")
        for rule, day in (("A4-01a", 1), ("A4-03a", 8)):
            act = act_of(ROW_BY_ID[rule], date(2024, 4, day), case)
            ruling = decide(case, act)
            assert isinstance(ruling, Entry)
            case = evolve(case, ruling)
        found = simulate(n=500, seed=3, start=case)
        assert found.start == date(2024, 4, 8)
        assert "500 paths of case EXAMPLE-1 from 2024-04-08" in str(found)
        for number in range(20):
            one = found.case(number)
            assert one.acts[:2] == case.acts
            assert one.closing is found.program.outcomes[found.outcome[number]][0]


class TestBadInput:
    """What cannot be simulated is refused before anything is walked."""

    @pytest.mark.parametrize("n", [0, -1, 1.5, "10", True, None])
    def test_numbers_of_paths_that_are_none(self, n: Any) -> None:
        """A number of paths is a whole number of at least 1."""
        with pytest.raises(SimulationError, match="n, the number of paths, is a whole number of at least 1; found"):
            simulate(n=n, seed=1)

    @pytest.mark.parametrize("seed", [-1, 1.5, "10", True])
    def test_seeds_that_are_none(self, seed: Any) -> None:
        """A seed is a whole number of at least 0."""
        with pytest.raises(SimulationError, match="a seed is a whole number of at least 0"):
            simulate(n=10, seed=seed)

    @pytest.mark.parametrize("start", [date(2020, 6, 30), date(2300, 1, 1), datetime(2024, 1, 1), "2024-01-01"])  # noqa: DTZ001 - a bad day
    def test_starts_that_are_none(self, start: Any) -> None:
        """Paths start on a plain day from the entry into force of the treaty on."""
        with pytest.raises(SimulationError, match="start"):
            simulate(n=10, seed=1, start=start)

    def test_first_day_of_the_treaty(self) -> None:
        """The day on which the treaty entered into force is a day to start on."""
        assert simulate(n=10, seed=1, start=date(2020, 7, 1)).start == date(2020, 7, 1)

    def test_a_closed_case(self, run: Simulation) -> None:
        """No path starts from a case that is closed."""
        with pytest.raises(SimulationError, match="is closed"):
            simulate(n=10, seed=1, start=run.case(0))

    def test_an_executor_that_dies(self) -> None:
        """Where an executor dies in the middle there is an error that says so, and no result."""

        class Dying(Executor):
            """An executor whose third block never comes."""

            def __init__(self) -> None:
                self.blocks: list[Future[Any]] = []

            def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
                future: Future[Any] = Future()
                self.blocks.append(future)
                if len(self.blocks) == 3:
                    future.set_exception(BrokenProcessPool("a worker was terminated"))
                elif len(self.blocks) < 3:
                    future.set_result(fn(*args, **kwargs))
                return future

        dying = Dying()
        with pytest.raises(SimulationError, match="the executor did not finish: BrokenProcessPool"):
            simulate(n=400, seed=1, executor=dying, block=100)
        assert dying.blocks[3].cancelled()

    def test_an_executor_that_gives_too_little(self) -> None:
        """A block that lacks paths is no block."""

        class Short(Executor):
            """An executor that gives half of each block."""

            def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
                future: Future[Any] = Future()
                counts, how, when = fn(*args, **kwargs)
                future.set_result((counts, how[: len(how) // 2], when[: len(when) // 2]))
                return future

        with pytest.raises(SimulationError, match="other paths than the 400"):
            simulate(n=400, seed=1, executor=Short(), block=100)


def test_program_is_built_once() -> None:
    """The program of the same behaviour and context is built once."""
    one = simulate(n=10, seed=1)
    assert simulate(n=10, seed=2).program is one.program
    assert program_of(one.behaviour) is one.program
    assert isinstance(one.case(0), Case)
